"""LIME for small grey images, for a classifier or a discriminator.

``lime`` was made for photographs, and four of its defaults fail for a digit of 28 x 28 pixels:

- lime's segmentation finds about 2 segments. This module uses ``slic``, which cuts the image into
  about 60.
- lime needs three channels. In this module, the image stays grey and is passed to the network
  unchanged.
- lime replaces a segment with its mean grey, but replacing black with black hides nothing. This
  module erases the ink (or inverts it, see `explain_image`).
- scikit-image 0.26 silently ignores lime's seed for segmentation, and lime's sampling uses NumPy's
  global random state by default. In this module, the segmentation is deterministic, and the
  sampling has a separate random state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils._support.quiet import no_warning
from gan_utils.explain.answers import N_PROBED, as_probabilities, check_target, output_kind
from gan_utils.explain.image_explanation import ImageExplanation, changed_segments
from gan_utils.metrics.images import as_images

if TYPE_CHECKING:
    Predict = Callable[[np.ndarray], Any]

#: The ``compactness`` of ``slic``: the weight of closeness relative to similarity of grey values.
#: Grey values here are in [0, 1]. Photographs need a larger weight, because ``slic`` converts them
#: to a colour space in which the lightness goes up to 100.
COMPACTNESS = 0.05
#: The largest probability with which a segment is hidden. For the linear fit, each changed image
#: has its own probability, drawn between 0 and this limit. If about half of the segments are always
#: hidden, as in lime, a digit is no longer recognizable, and the linear fit is worse.
MOST_HIDDEN = 0.5
HIDES = ("erase", "invert")


def explain_image(
    image: np.ndarray,
    predict: Predict,
    *,
    target: int | None = None,
    n_segments: int = 70,
    n_samples: int = 2000,
    hide: str = "erase",
    output: str = "auto",
    random_state: int | None = 0,
) -> ImageExplanation:
    """Find which parts of an image a network's output depends on.

    This is LIME: parts of the image are hidden in many random ways, the network is run on each
    changed image, and a linear model is fitted to the outputs. Images that are similar to the
    original have larger weights in the fit. The slopes of the linear model are the explanation.

    Parameters
    ----------
    image : ndarray of shape (side, side) or (side, side, 1)
        Grey values in [0, 1]; 0 is the background. The image must be at least 8 pixels wide.
    predict : callable
        A function that maps images with values in [0, 1], of shape (n, side, side, 1), to
        probabilities of shape (n, n_classes), or to one number per image, of shape (n,) or (n, 1).
        This number is the probability of class 1 or a logit, and is converted to the probabilities
        of classes 0 and 1. For a discriminator, class 0 is "fake" and class 1 is "real".
    target : int, optional
        Which class to explain; by default the most probable one.
    n_segments : int
        Approximate number of segments to cut the image into; ``slic`` makes somewhat fewer.
    n_samples : int
        How many changed images to run the network on. A larger number gives a more stable
        explanation.
    hide : {"erase", "invert"}
        How segments are hidden. ``"erase"`` removes the ink, so only strokes get a weight: an empty
        segment has weight 0. ``"invert"`` turns ink into paper and paper into ink, so important
        gaps also get a weight, such as the gap that distinguishes a 4 from a 9. However, the
        network was not trained on partly inverted images, and the linear fit is worse.
    output : {"auto", "probabilities", "logits"}
        How to interpret the outputs if there is one number per image. With "auto", the network is
        run on the image and 30 variants of it. If all numbers are in [0, 1], they are treated as
        probabilities; otherwise, as logits.
    random_state : int, optional
        Seed for the changed images; the same seed gives the same explanation.

    Returns
    -------
    ImageExplanation

    Raises
    ------
    ValueError
        If the image does not have grey values in [0, 1], ``predict`` returns anything but
        probabilities or logits, or a setting is out of range.

    Notes
    -----
    The explanation describes the network, not the digit, and relies on a linear fit near this
    image. Check ``fit``, `stability` and `deletion_test` before trusting it.

    References
    ----------
    Ribeiro, Singh and Guestrin 2016, *"Why should I trust you?": explaining the predictions of any
    classifier* (LIME); Achanta et al. 2012, *SLIC superpixels*.

    Examples
    --------
    >>> explanation = explain_image(digit, classifier.predict, random_state=0)
    >>> explanation.plot()
    """
    image = _check_image(image)
    check_small_seed(random_state)
    _check_settings(n_segments, n_samples, hide)
    segments = segment(image, n_segments)
    hidden = np.zeros_like(image) if hide == "erase" else 1 - image
    probed = predict(_probe(image, segments, hidden))
    kind = output_kind(probed, N_PROBED + 1, output)
    probabilities = as_probabilities(probed, N_PROBED + 1, kind)[0]
    target = check_target(target, probabilities)
    explainer = _explainer()(
        feature_selection="none", random_state=np.random.RandomState(random_state)
    )
    found = explainer.explain_instance(
        image,
        lambda images: as_probabilities(predict(images), len(images), kind),
        labels=(target,),
        top_labels=None,
        hide_color=hidden,  # a whole image: each pixel has its own hidden value
        num_samples=n_samples,
        segmentation_fn=lambda _: segments,
        random_seed=0,  # for the default segmentation, which is not used
    )
    weights = np.zeros(segments.max() + 1)
    for number, weight in found.local_exp[target]:
        weights[number] = weight
    return ImageExplanation(
        image,
        segments,
        weights,
        float(found.intercept[target]),
        float(found.score),
        target,
        float(probabilities[target]),
        hidden,
        kind,
    )


def _probe(image: np.ndarray, segments: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return the image and variants of it, from which to infer how to interpret the outputs."""
    rng = np.random.default_rng(0)
    shown = rng.random((N_PROBED + 1, segments.max() + 1)) >= MOST_HIDDEN
    shown[0] = True
    return np.where(shown[:, segments][..., None], image, hidden)


def segment(image: np.ndarray, n_segments: int = 70) -> np.ndarray:
    """Cut a grey image into connected segments of similar grey values.

    Parameters
    ----------
    image : ndarray of shape (side, side, 1)
        Grey values in [0, 1].
    n_segments : int
        Approximate number of segments.

    Returns
    -------
    ndarray of shape (side, side), int
        The index of each pixel's segment, starting at 0. The result is deterministic.
    """
    from skimage.segmentation import slic

    found = slic(
        image[..., 0],
        n_segments=n_segments,
        compactness=COMPACTNESS,
        start_label=0,
        channel_axis=None,
    )
    return np.unique(found, return_inverse=True)[1].reshape(found.shape)


@lru_cache(maxsize=1)
def _explainer() -> type:
    """Return lime's explainer, modified to change all images at once."""
    with no_warning(".*"):  # from tqdm, if ipywidgets is missing
        from lime.lime_image import LimeImageExplainer

    class Explainer(LimeImageExplainer):
        """lime's explainer without its progress bar or its batches of ten images."""

        def data_labels(
            self,
            image: np.ndarray,
            fudged_image: np.ndarray,
            segments: np.ndarray,
            classifier_fn: Predict,
            num_samples: int,
            batch_size: int = 10,
        ) -> tuple[np.ndarray, np.ndarray]:
            shape = (num_samples, segments.max() + 1)
            share = self.random_state.uniform(0, MOST_HIDDEN, (num_samples, 1))
            shown = self.random_state.uniform(size=shape) >= share
            shown[0] = True
            # Do not hide segments if hiding them has no effect: their weights would only be random.
            shown[:, ~changed_segments(np.abs(image - fudged_image), segments)] = True
            mask = shown[:, segments][..., None]
            return shown.astype(int), classifier_fn(np.where(mask, image, fudged_image))

    return Explainer


def _check_image(image: np.ndarray) -> np.ndarray:
    image = np.asarray(image)
    if image.ndim > 3 or (image.ndim == 3 and image.shape[2] != 1):
        raise ValueError(
            f"image has the shape {image.shape}. Give one grey image, (side, side) or "
            "(side, side, 1), such as images[0]."
        )
    # The explanation keeps a copy, which the caller's later changes do not reach.
    image = as_images(image.reshape(image.shape[:2]), "image")[0].copy(order="K")
    if len(image) < 8:
        raise ValueError(f"image is {len(image)} pixels wide, but must be at least 8.")
    return image


def _check_settings(n_segments: int, n_samples: int, hide: str) -> None:
    check_count("n_segments", n_segments, 2)
    check_count("n_samples", n_samples, 50)
    if hide not in HIDES:
        raise ValueError(f"hide={hide!r} is not known. Use one of {', '.join(map(repr, HIDES))}.")
