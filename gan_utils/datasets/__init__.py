"""Loaders for the course's data sets.

=========================== ============================================================
``load_iris_unbalanced``    Fisher's Iris with one rare class; the test rows are set aside first
``iter_iris_unbalanced``    unbalanced Iris, split into five folds for cross-validation
``load_mnist``              70,000 handwritten digits, or 5,000 if offline
``load_fashion_mnist``      images of clothes in MNIST's format
``load_pictures``           colour portraits of 64 x 64 pixels, or simulated flowers
``load_reviews``            50,000 film reviews with their sentiment, or 25,000 if offline
``load_book``               a book from Project Gutenberg, or several books joined into one text
``load_word_vectors``       GloVe word vectors, if they are available
``load_weather``            ten days of weather, and whether someone played sport
``load_screentime``         the simulated screen-time table, or a reader's own export
``load_imbalanced``         tables with a rare class: bundled, simulated, or fetched
``load_csv``                a reader's own CSV with a named target and rare class
``make_rare``               any table, with one of its classes made rare
=========================== ============================================================

Each loader's module is imported on first use.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "Book": "books",
    "ImageSet": "mnist",
    "ImbalancedData": "imbalanced",
    "ReviewSet": "reviews",
    "UnbalancedIris": "iris",
    "WordVectors": "word_vectors",
    "iter_iris_unbalanced": "iris",
    "load_book": "books",
    "load_csv": "own_table",
    "load_fashion_mnist": "mnist",
    "load_imbalanced": "imbalanced",
    "load_iris_unbalanced": "iris",
    "load_mnist": "mnist",
    "load_pictures": "pictures",
    "load_reviews": "reviews",
    "load_screentime": "screentime",
    "load_weather": "weather",
    "load_word_vectors": "word_vectors",
    "make_rare": "imbalanced",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
