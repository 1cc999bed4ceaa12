"""Classifiers that are trained on real data and used to judge generated data.

============ ==========================================================
``images``   `ImageClassifier`: a small convolutional network for digits
``reviews``  five review classifiers, and a function that chooses one
============ ==========================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "ImageClassifier": "images",
    "reviews": "reviews",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
