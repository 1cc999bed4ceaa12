"""A scorecard that shows whether a method's samples are realistic, varied, useful and new.

============ ===============================================================
``tables``   ``score_table``, and ``compare_tables`` for several methods
``images``   ``score_images``
``pictures`` ``compare_pictures``, for large or colour images, without a classifier
``text``     ``score_text``
``card``     the printed form of a scorecard, and the headline measures of a lesson
============ ===============================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "Card": "card",
    "compare_pictures": "pictures",
    "compare_tables": "tables",
    "headlines": "card",
    "score_images": "images",
    "score_table": "tables",
    "score_text": "text",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
