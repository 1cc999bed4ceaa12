"""Review classifiers, from a constant prediction to a small network.

================= ============================================================================
``word_counts``   `WordNgrams`: counts of words, pairs and triples
``shared``        counts that classifiers fitted on the same texts can share
``linear``        `ConstantClassifier`, `NaiveBayes`, `TfidfLogistic`, `NBSVM`
``convolutional`` `ReviewCNN`: convolutions on word vectors
``checks``        checks of the texts and labels passed to the classifiers
``choice``        `candidate_classifiers`, `build`, `choose_classifier` and `Average`
================= ============================================================================

All classifiers have scikit-learn's ``fit(texts, labels)``, ``predict(texts)`` and
``predict_proba(texts)``.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "Average": "choice",
    "ChosenClassifier": "choice",
    "ConstantClassifier": "linear",
    "NBSVM": "linear",
    "NaiveBayes": "linear",
    "ReviewCNN": "convolutional",
    "TfidfLogistic": "linear",
    "WordNgrams": "word_counts",
    "build": "choice",
    "candidate_classifiers": "choice",
    "choose_classifier": "choice",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
