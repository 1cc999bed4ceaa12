"""Pure functions that compare generated data with real data.

=================== =======================================================================
``alignment``       `TablePair`: two comparable tables, checked and encoded only once
``tables``          measures of rows: marginals, pairs of columns, C2ST, coverage
``usefulness``      the score, on real rows, of a model trained on synthetic rows
``novelty``         copied rows, and the distance to the closest row
``neighbours``      distances to neighbours, used for coverage and copying
``image_cores``     the computations behind ``images``, for arrays that are already checked
``images``          measures of grey images, such as the Fréchet distance, precision and recall
``pictures``        measures of images that are large or in colour, based on simple features
``text``            measures of texts, such as variety, repetition and sentence length
``text_copies``     passages that generated texts copy from training texts
``text_jaccard``    novelty and diversity, based on each text's similarity to its closest match
``two_sample``      code shared by all classifier two-sample tests
``text_two_sample`` a test of whether generated texts can be told apart from real ones
=================== =======================================================================

Each module is imported when one of its names is first used.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "TablePair": "alignment",
    "numeric_columns": "alignment",
    "CopiedRun": "text_copies",
    "UndefinedMeasureError": "alignment",
    "c2st": "tables",
    "class_shares": "images",
    "classes_covered": "images",
    "confident_share": "images",
    "copies": "text_copies",
    "copy_rate": "text_copies",
    "correlation_similarity": "tables",
    "coverage": "tables",
    "distance_to_closest": "novelty",
    "distinct_n": "text",
    "ended_share": "text",
    "exact_copies": "novelty",
    "frechet_distance": "images",
    "jaccard_diversity": "text_jaccard",
    "jaccard_novelty": "text_jaccard",
    "ks_complement": "tables",
    "longest_copied_run": "text_copies",
    "nearest_images": "images",
    "pictures_c2st": "pictures",
    "precision_density_recall_coverage": "images",
    "repeat_rate": "text",
    "self_bleu": "text",
    "sentence_lengths": "text",
    "square_features": "pictures",
    "text_c2st": "text_two_sample",
    "tstr": "usefulness",
    "tv_complement": "tables",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
