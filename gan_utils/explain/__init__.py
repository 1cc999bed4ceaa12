"""Explain a network's outputs with LIME, for images and texts, and test the explanations.

============ =================================================================
``images``   ``explain_image`` shows which parts of an image support a class;
             ``plot_explanations`` draws several explanations
``text``     ``explain_text`` shows which words of a text support a class
``truth``    ``deletion_test`` and ``stability`` test whether explanations are reliable
``answers``  converts outputs of networks to probabilities
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
