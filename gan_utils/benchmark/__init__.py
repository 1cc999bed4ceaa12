"""Ways to handle a rare class, compared on many datasets, fairly and in parallel.

======================== ===============================================================
``compare``              datasets x samplers x classifiers x folds x seeds -> one table
``out_of_fold``          each row's probability by a model that never saw the row
``default_samplers``     the ten ways that are compared where none is named
``default_classifiers``  the classifiers that they are compared with
``ClassWeights``         a way that adds no rows: rare rows weigh more
``TunedThreshold``       a way that adds no rows: the threshold is moved
``score``                the measures of one test part; ``MEASURES`` lists them
``paired_test``          two samplers, fold by fold, by the corrected resampled t-test
``paired_tests``         all samplers against one, with Holm's correction
``across_datasets``      the same over all datasets, each of which counts once
``ranks``                the rank of each sampler on each dataset
======================== ===============================================================

Each name's module is imported when the name is first asked for.
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
