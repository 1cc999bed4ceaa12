"""The scorecard for large or colour images, which needs no trained classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_small_seed
from gan_utils.metrics.image_cores import nearest_rows, neighbourhood_shares
from gan_utils.metrics.images import SAME_IMAGE, K
from gan_utils.metrics.pictures import as_pictures, features_c2st, square_features
from gan_utils.scorecard.card import PARTS, Card, check_method_names, finish, span, summary

C2ST, NEAREST = "C2ST", "distance to nearest image (median)"
#: Minimum number of images in each set.
FEWEST = 12

# measure: its question and its best value, in words that fit a narrow column
_MEASURES = {
    C2ST: ("fidelity", "0.5"),
    "precision": ("fidelity", "as real"),
    "density": ("fidelity", "1"),
    "recall": ("diversity", "as real"),
    "coverage": ("diversity", "as real"),
    "exact copies (share)": ("novelty", "at most as real"),
    NEAREST: ("novelty", "not below real"),
}
_NOTES = (
    "C2ST, precision, density, recall and coverage see the mean and the standard deviation of "
    "16 x 16 squares: colours, coarse shapes and edges.",
    "usefulness is not measured: there is no task for these images.",
)


def compare_pictures(
    real: np.ndarray,
    synthetic: Mapping[str, np.ndarray | Sequence[np.ndarray]],
    *,
    held_out: np.ndarray,
    random_state: int | None = 0,
) -> Card:
    """Score large or colour images from several methods on three of the course's four questions.

    Parameters
    ----------
    real : ndarray of shape (n, side, side, channels)
        At least 12 images that the generators were trained on, with values in [0, 1] and a side
        that is a multiple of 16.
    synthetic : mapping of str to ndarray of shape (m, side, side, channels), or to list of them
        At least 12 generated images per method, or a list of such arrays, one per seed.
    held_out : ndarray of shape (h, side, side, channels)
        At least 12 real images that no generator saw. C2ST compares the generated images with these
        held-out images; all other measures compare the generated images with ``real``. For the
        baseline, the held-out images take the place of the generated images, with one exception.
        The baseline of C2ST compares the held-out images with an equal number of images from
        ``real`` (or with all of ``real``, if there are fewer).
    random_state : int, optional
        Seed for C2ST and for the random selection of real images for its baseline.

    Returns
    -------
    Card (a DataFrame)
        A scorecard with the same columns as that of `compare_tables`.

    Raises
    ------
    ValueError
        If there are too few images, values lie outside [0, 1], or shapes differ; also if there are
        no methods, or if a method is named "card".

    Notes
    -----
    Coverage grows with the number of images, so compare only sets of equal size. For the features,
    see `gan_utils.metrics.pictures`.

    Examples
    --------
    >>> compare_pictures(train, {"diffusion": diffusion.sample(192)}, held_out=test)
    """
    check_method_names(synthetic)
    check_small_seed(random_state)
    real, held_out = _seen(real, "real"), _seen(held_out, "held_out")
    methods = {name: _batches_of(found, name) for name, found in synthetic.items()}
    _check_one_shape(real, held_out, *chain.from_iterable(methods.values()))
    n_real, n_held_out = len(real.pixels), len(held_out.pixels)
    chosen = np.random.default_rng(random_state).permutation(n_real)[:n_held_out]
    baseline = _scores(real, held_out, held_out, real.features[chosen], random_state)
    parts = {
        name: summary(
            [_scores(real, b, held_out, b.features, random_state) for b in batches], _MEASURES
        )
        for name, batches in methods.items()
    }
    questions = pd.DataFrame(_MEASURES, index=["question", "best"]).T
    parts = {name: part.loc[list(_MEASURES), list(PARTS)] for name, part in parts.items()}
    parts["card"] = questions.assign(baseline=pd.Series(baseline))
    sizes = [len(part.pixels) for batches in methods.values() for part in batches]
    title = f"Scorecard: {n_real} real images; {span(sizes)} synthetic images in each run"
    title += f"; real against real: {n_held_out} held-out images"
    return finish(pd.concat(parts, axis=1), title, list(_NOTES))


class _Seen(NamedTuple):
    """Checked images, and their features, which several measures use."""

    pixels: np.ndarray
    features: np.ndarray


def _seen(images: np.ndarray, who: str) -> _Seen:
    images = _checked(images, who)
    return _Seen(images, square_features(images))


def _batches_of(found: np.ndarray | Sequence[np.ndarray], who: str) -> list[_Seen]:
    """Check one array of images per seed."""
    batches = [_seen(b, who) for b in ([found] if isinstance(found, np.ndarray) else found)]
    if not batches:
        raise ValueError(f"{who} holds no array. Give one array of images, or a list of them.")
    return batches


def _checked(images: np.ndarray, who: str) -> np.ndarray:
    images = as_pictures(images, who)
    if len(images) < FEWEST:
        raise ValueError(f"{who} has {len(images)} images, but a card needs at least {FEWEST}.")
    return images


def _check_one_shape(*parts: _Seen) -> None:
    shapes = sorted({part.pixels.shape[1:] for part in parts})
    if len(shapes) > 1:
        raise ValueError(f"the images have the shapes {shapes}. Give images of one shape.")


def _scores(
    real: _Seen,
    images: _Seen,
    held_out: _Seen,
    opposed: np.ndarray,
    random_state: int | None,
) -> dict[str, float]:
    """Compare the images with the real ones; run C2ST on ``opposed`` and the held-out ones."""
    shares = neighbourhood_shares(real.features, images.features, K)
    pixels = images.pixels, real.pixels
    _, distances = nearest_rows(*(part.reshape(len(part), -1) for part in pixels))
    return shares | {
        C2ST: features_c2st(held_out.features, opposed, random_state),
        "exact copies (share)": float(np.mean(distances < SAME_IMAGE)),
        NEAREST: float(np.median(distances)),
    }
