"""Compare ways to handle a rare class on many datasets, fairly and in parallel.

======================== ===============================================================
``compare``              one table of scores for all datasets, samplers, classifiers and folds
``out_of_fold``          each row's probability, estimated by a model that was not trained on it
``default_samplers``     the ten methods that are compared by default
``default_classifiers``  the two classifiers used by default
``ClassWeights``         a method that adds no rows and gives rare rows more weight
``TunedThreshold``       a method that adds no rows and tunes the decision threshold
``score``                the values of all measures (listed in ``MEASURES``) on one test part
``paired_test``          a comparison of two samplers by the corrected resampled t-test
``paired_tests``         a comparison of all samplers with a baseline, with Holm's correction
``across_datasets``      a comparison with a baseline over all datasets, which count equally
``ranks``                the rank of each sampler on each dataset
======================== ===============================================================

Each module is imported when one of its names is first used.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "BenchmarkError": "fold",
    "MEASURES": "measures",
    "ClassWeights": "methods",
    "TunedThreshold": "methods",
    "across_datasets": "statistics",
    "compare": "run",
    "default_classifiers": "methods",
    "default_samplers": "methods",
    "expected_calibration_error": "measures",
    "geometric_mean": "measures",
    "out_of_fold": "run",
    "paired_test": "statistics",
    "paired_tests": "statistics",
    "ranks": "statistics",
    "score": "measures",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
