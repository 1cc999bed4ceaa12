"""Compare ways to handle a rare class on many datasets, fairly and in parallel.

======================== ===============================================================
``compare``              datasets x samplers x classifiers x folds x seeds -> one table
``out_of_fold``          each row's probability from a model that never saw it
``default_samplers``     the ten methods that are compared by default
``default_classifiers``  the two classifiers used by default
``ClassWeights``         a method that adds no rows: rare rows weigh more
``TunedThreshold``       a method that adds no rows: the threshold is moved
``score``                the measures on one test part; ``MEASURES`` lists them
``paired_test``          two samplers, fold by fold, with the corrected resampled t-test
``paired_tests``         all samplers against one, with Holm's correction
``across_datasets``      all against one over all datasets, each counted once
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
