"""Generate numbers, images and text, and measure whether the results are any good.

Each package has one task; many have separate modules for tables, images and text.
The packages form layers, listed from top to bottom; a module imports only from lower layers:

================= =======================================================================
``course``        code that runs, stores, checks and hands out the lessons (``python -m gan_utils``)
``benchmark``     a comparison of ways to handle a rare class, without data leakage
``oversampling``  imbalanced-learn samplers that wrap the synthesizers
``scorecard``     a scorecard that measures fidelity, diversity, utility and novelty
``explain``       LIME for images and texts, and tests of the explanations
``plots``         figures of data, samples and scores
``synthesizers``  generators of table rows, with methods ``fit(table)`` and ``sample(n)``
``classifiers``   image and review classifiers, which judge generated samples
``metrics``       one function per measure
``text``          language models that write letter by letter or word by word
``generative``    GANs and VAEs as ``keras.Model``
``training``      shared training code for batches, backups, progress and alarms
``networks``      one builder per network
``datasets``      one loader per data set
``budget``        the amount of computing that a run may use
``_support``      helpers for checks, files, lazy imports and quiet loading of TensorFlow
================= =======================================================================

Importing ``gan_utils`` loads only ``_support``; every other package is loaded on first use.
"""

from gan_utils._support.lazy import lazy_names

__version__ = "0.1.0"

_MODULES = (
    "benchmark",
    "budget",
    "classifiers",
    "course",
    "datasets",
    "explain",
    "generative",
    "metrics",
    "networks",
    "oversampling",
    "plots",
    "scorecard",
    "synthesizers",
    "text",
    "training",
)

__all__ = ["__version__", *_MODULES]
__getattr__, __dir__ = lazy_names(__name__, {name: name for name in _MODULES})
