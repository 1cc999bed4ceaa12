"""Measures of images that are large or in colour, for which the course has no classifier.

The functions divide an image into a grid of 16 x 16 squares and use the mean and the standard
deviation of the pixels in each square, per channel. These features are simple and not learned. They
capture colours, coarse shapes and the positions of edges or noise, but not meaning, and they change
if an image is shifted by a few pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_utils._support.checks import check_small_seed
from gan_utils.metrics.two_sample import equal_groups, grouped_folds, held_out_auc
from gan_utils.metrics.usefulness import default_forest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

#: Number of squares along each side of an image.
SQUARES = 16
#: Number of images whose pixels are held in float64 at once.
AT_ONCE = 512
#: Number of folds in the two-sample test.
N_FOLDS = 5


def as_pictures(images: ArrayLike, who: str = "images") -> np.ndarray:
    """Check images with one or three channels.

    Parameters
    ----------
    images : array of shape (n, side, side, 1) or (n, side, side, 3)
        Values in [0, 1]; ``side`` is a multiple of 16.
    who : str
        Name of the images in error messages.

    Returns
    -------
    ndarray of the same shape, float32

    Raises
    ------
    ValueError
        If the shape is wrong, there are no images, or a value is missing or outside [0, 1].
    """
    images = np.asarray(images, dtype="float32")
    square = images.ndim == 4 and images.shape[1] == images.shape[2] and images.shape[3] in (1, 3)
    if not (square and len(images)) or images.shape[1] % SQUARES:
        raise ValueError(
            f"{who} have the shape {images.shape}. Give square images, as (n, side, side, 3), with "
            f"a side that is a multiple of {SQUARES}, such as 64."
        )
    low, high = float(images.min()), float(images.max())
    if not (low >= -1e-3 and high <= 1 + 1e-3):
        raise ValueError(
            f"{who} reach from {low:.3g} to {high:.3g}, or hold missing values. They should go "
            "from 0 to 1: divide colours of 0 to 255 by 255, and drop what is missing."
        )
    return images


def square_features(images: ArrayLike) -> np.ndarray:
    """Compute the mean and standard deviation of the pixels in each square of a 16 x 16 grid.

    Parameters
    ----------
    images : array of shape (n, side, side, channels)
        Images as accepted by `as_pictures`.

    Returns
    -------
    ndarray of shape (n, 512 * channels), float64 in [0, 1]
        All means, followed by all standard deviations.

    Raises
    ------
    ValueError
        If `as_pictures` rejects the images.
    """
    images = as_pictures(images)
    parts = [images[i : i + AT_ONCE] for i in range(0, len(images), AT_ONCE)]
    return np.concatenate([_features(part) for part in parts])


def _features(images: np.ndarray) -> np.ndarray:
    n, side, _, channels = images.shape
    part = side // SQUARES
    squares = images.reshape(n, SQUARES, part, SQUARES, part, channels).astype("float64")
    both = [squares.mean(axis=(2, 4)), squares.std(axis=(2, 4))]
    return np.concatenate([values.reshape(n, -1) for values in both], axis=1)


def pictures_c2st(real: ArrayLike, synthetic: ArrayLike, random_state: int | None = 0) -> float:
    """Measure how well a random forest, given `square_features`, tells real from generated images.

    Parameters
    ----------
    real, synthetic : array of shape (n, side, side, channels) and (m, side, side, channels)
        Images as accepted by `as_pictures`, with at least 5 in each set. The generator must not
        have been trained on the real images.
    random_state : int, optional
        Seed for the forest and the folds.

    Returns
    -------
    float in [0.5, 1]
        The AUC on held-out folds, but at least 0.5: 0.5 if the two sets cannot be told apart, 1 if
        the classifier separates them perfectly.

    Raises
    ------
    ValueError
        If `as_pictures` rejects the images, or either set has fewer than 5 images.

    References
    ----------
    Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*.
    """
    check_small_seed(random_state)
    return features_c2st(square_features(real), square_features(synthetic), random_state)


def features_c2st(real: np.ndarray, synthetic: np.ndarray, random_state: int | None = 0) -> float:
    """Run the test of `pictures_c2st` on features that are already computed.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, d) and (m, d)
        Features as returned by `square_features`, with at least 5 rows in each array.
    random_state : int, optional
        Seed for the forest and the folds.

    Returns
    -------
    float in [0.5, 1]

    Raises
    ------
    ValueError
        If either set has fewer than 5 rows.
    """
    check_small_seed(random_state)
    rows = [real, synthetic]
    if min(map(len, rows)) < N_FOLDS:
        raise ValueError(f"{len(rows[0])} and {len(rows[1])} images: give {N_FOLDS} of each.")
    labels = np.repeat([0, 1], [len(part) for part in rows])
    # Adding 0.0 turns -0.0, whose bytes differ, into 0.0.
    together = np.concatenate(rows) + 0.0
    groups = equal_groups([row.tobytes() for row in together], N_FOLDS)
    folds = grouped_folds(labels, groups, N_FOLDS, random_state)
    forest = default_forest("classifier", random_state)
    return held_out_auc(forest, together, labels, folds)
