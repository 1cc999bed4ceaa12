"""Why does a network say so? LIME for images and for texts, put to the test.

============ =================================================================
``images``   ``explain_image``: which parts of an image speak for a class;
             ``plot_explanations`` draws several
``text``     ``explain_text``: which words of a text do
``truth``    ``deletion_test`` and ``stability``: is an explanation true
``answers``  what networks answer, brought to probabilities
============ =================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "HIDES": "images",
    "ImageExplanation": "image_explanation",
    "TextExplanation": "text_explanation",
    "deletion_test": "truth",
    "explain_image": "images",
    "explain_text": "text",
    "plot_explanations": "image_explanation",
    "segment": "images",
    "stability": "truth",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
