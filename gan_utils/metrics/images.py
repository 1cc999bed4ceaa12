"""Pure functions that compare generated images with real ones.

Some of these functions take features: an array with one row of numbers per image. In the course,
the features come from `gan_utils.classifiers.images.ImageClassifier.features`. Values that are
computed from the features of different networks are not comparable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.metrics.image_cores import (
    frechet,
    n_classes_covered,
    nearest_rows,
    neighbourhood_shares,
    sure_share,
    won_shares,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

#: Default k: an image's neighbourhood extends to its k-th nearest neighbour, as in Naeem et al.
K = 5
#: Minimum fraction of an equal share for a class to count as covered.
LEAST_COVERED = 0.2
#: Above this probability, a classifier counts as sure of an image's class.
SURE = 0.9
#: Two images whose pixels differ by less than this (root mean square) count as the same image. The
#: value is half a grey level.
SAME_IMAGE = 0.5 / 255


def as_images(images: ArrayLike, who: str = "images") -> np.ndarray:
    """Reshape one or more images to (n, side, side, 1), and check that all values are in [0, 1].

    Parameters
    ----------
    images : array of shape (n, side, side, 1), (n, side, side) or (side, side)
        Values in [0, 1].
    who : str
        Name of the images in error messages.

    Returns
    -------
    ndarray of shape (n, side, side, 1), float32

    Raises
    ------
    ValueError
        If the shape is wrong, there are no images, or a value is missing or outside [0, 1].
    """
    images = np.asarray(images, dtype="float32")
    shape = images.shape
    images = images[None] if images.ndim == 2 else images
    images = images[..., None] if images.ndim == 3 else images
    if images.ndim != 4 or images.shape[3] != 1 or images.shape[1] != images.shape[2]:
        raise ValueError(
            f"{who} have the shape {shape}. Give square grey images, as (n, side, side, 1)."
        )
    if not len(images):
        raise ValueError(f"{who} holds no image.")
    _check_scale(images, who)
    return images


def _check_scale(images: ArrayLike, who: str) -> None:
    low, high = float(images.min()), float(images.max())
    if not np.isfinite([low, high]).all():
        raise ValueError(f"{who} hold a missing or infinite value. Drop that image.")
    if low < -1e-3 or high > 1 + 1e-3:
        way_out = "(images + 1) / 2" if high <= 1.5 else "images / 255"
        raise ValueError(
            f"{who} reach from {low:.3g} to {high:.3g}, but greys go from 0 to 1. "
            f"Scale them first, for example by {way_out}."
        )


def as_class_labels(labels: ArrayLike, n: int, n_classes: int, who: str = "labels") -> np.ndarray:
    """Check that each image has one class, given as a number from 0 up.

    Parameters
    ----------
    labels : array of shape (n,)
        Whole numbers from 0 to ``n_classes - 1``.
    n : int
        Number of images.
    n_classes : int
        Number of classes.
    who : str
        Name of the labels in error messages.

    Returns
    -------
    ndarray of shape (n,), int64

    Raises
    ------
    ValueError
        If the shape is wrong, or a label is not such a number.
    """
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"{who} have the shape {labels.shape}, but there are {n} images.")
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{who} are {labels.dtype}, but must be whole numbers from 0 up. Turn digits such as "
            "'7' or 7.0 into them with .astype(int), and other names with np.unique(..., "
            "return_inverse=True)."
        )
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(
            f"{who} reach from {labels.min()} to {labels.max()}, but n_classes={n_classes} allows "
            f"0 to {n_classes - 1}. Number the classes as the classifier does, from 0."
        )
    return labels.astype("int64")


def frechet_distance(real: ArrayLike, synthetic: ArrayLike) -> float:
    """Compute the Fréchet distance between normal distributions fitted to two sets of features.

    It is the squared distance between the means, plus the trace of ``A + B - 2 (A B)^(1/2)``, where
    A and B are the covariance matrices. With the features of the course's own digit classifier, it
    is called the Fréchet classifier distance. It is not the "FID", which applies the same formula
    to 2,048 features from the Inception network: the two are not comparable.

    Parameters
    ----------
    real, synthetic : array of shape (n, d) and (m, d)
        Features, with at least 2 rows in each array. With fewer than about 500 rows, chance alone
        makes the distance large. Compare only distances for equal numbers of rows, and also report
        the distance between two sets of real images.

    Returns
    -------
    float, at least 0
        0 if the means and the covariances are equal.

    Raises
    ------
    ValueError
        If the shapes do not match, there are too few rows, or a value is missing or infinite.

    References
    ----------
    Dowson and Landau 1982, *The Fréchet distance between multivariate normal distributions*;
    Heusel et al. 2017, *GANs trained by a two time-scale update rule* (for images).
    """
    real, synthetic = _pair(real, synthetic, 2)
    return frechet(real, synthetic)


def precision_density_recall_coverage(
    real: ArrayLike, synthetic: ArrayLike, k: int = K
) -> dict[str, float]:
    """Measure how many generated images lie where real ones do, and vice versa.

    The neighbourhood of an image extends to the k-th nearest other image in its own set.

    Parameters
    ----------
    real, synthetic : array of shape (n, d) and (m, d)
        Features, with more than k rows in each array.
    k : int
        A neighbourhood extends to the k-th nearest neighbour, so a larger ``k`` makes the
        measures less strict.

    Returns
    -------
    dict
        ``precision``: the share of synthetic images inside the neighbourhood of a real image.
        ``density``: the mean number of neighbourhoods of real images that contain a synthetic
        image, divided by k. It is 1 if the two sets have the same distribution, and above 1 if
        synthetic images cluster where real ones are dense.
        ``recall``: the share of real images inside the neighbourhood of a synthetic image.
        ``coverage``: the share of neighbourhoods of real images that contain a synthetic image. For
        two similar sets of equal size, it is about ``1 - 1 / 2**k``.

    Raises
    ------
    ValueError
        If the shapes do not match, there are too few rows, or a value is missing or infinite.

    References
    ----------
    Kynkäänniemi et al. 2019, *Improved precision and recall metric for assessing generative
    models* (precision, recall); Naeem et al. 2020, *Reliable fidelity and diversity metrics for
    generative models* (density, coverage).
    """
    check_count("k", k)
    real, synthetic = _pair(real, synthetic, k + 1)
    return neighbourhood_shares(real, synthetic, k)


def class_shares(probabilities: ArrayLike) -> np.ndarray:
    """Return the share of images assigned to each class.

    Parameters
    ----------
    probabilities : array of shape (n, n_classes)
        Class probabilities from a classifier, one row per image.

    Returns
    -------
    ndarray of shape (n_classes,)
        Shares, which add up to 1.

    Raises
    ------
    ValueError
        If the array is empty or not 2-D, or its rows are not probabilities.
    """
    return won_shares(_check_probabilities(probabilities))


def classes_covered(probabilities: ArrayLike, least: float = LEAST_COVERED) -> int:
    """Count the classes that occur often enough among the images.

    Parameters
    ----------
    probabilities : array of shape (n, n_classes)
        Class probabilities from a classifier, one row per image.
    least : float in (0, 1]
        A class counts if its share is at least this fraction of an equal share: for ten classes and
        0.2, that is 2 % of the images.

    Returns
    -------
    int
        At most n_classes.

    Raises
    ------
    ValueError
        If the array is empty or not 2-D, its rows are not probabilities, or ``least`` is out of
        range.
    """
    if not 0 < least <= 1:
        raise ValueError(f"least={least!r} must be above 0, and at most 1.")
    return n_classes_covered(class_shares(probabilities), least)


def confident_share(probabilities: ArrayLike, above: float = SURE) -> float:
    """Return the share of confident predictions, whether they are right or wrong.

    Parameters
    ----------
    probabilities : array of shape (n, n_classes)
        Class probabilities from a classifier, one row per image.
    above : float in (0, 1)
        The probability above which a prediction counts as confident.

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    ValueError
        If the array is empty or not 2-D, its rows are not probabilities, or ``above`` is out of
        range.
    """
    if not 0 < above < 1:
        raise ValueError(f"above={above!r} must lie between 0 and 1.")
    return sure_share(_check_probabilities(probabilities), above)


def nearest_images(
    images: ArrayLike, train: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest training image for each image.

    Parameters
    ----------
    images : array of shape (n, ...)
        Values in [0, 1].
    train : array of shape (m, ...), optional
        Images of the same size. By default, each image is compared with the others in ``images``.

    Returns
    -------
    places : ndarray of shape (n,), int
        Index in ``train`` of the nearest image.
    distances : ndarray of shape (n,), float
        Root mean square difference of the pixels, from 0 to 1. An image whose distance is below
        `SAME_IMAGE` counts as a copy. Images are compared pixel by pixel, so an image counts as
        different even if a stroke is only shifted by one pixel.

    Raises
    ------
    ValueError
        If the images differ in size, there are too few images, or a value is missing or infinite.
    """
    alone = train is None
    images, train = _pair(images, images if alone else train, 1 + alone, "float32")
    return nearest_rows(images, train, np.arange(len(images)) if alone else None)


def _pair(
    first: ArrayLike, second: ArrayLike, least: int, dtype: str = "float64"
) -> tuple[np.ndarray, np.ndarray]:
    """Turn two sets into arrays of the same type with one row per image, and check them."""
    parts = [np.asarray(part, dtype=dtype) for part in (first, second)]
    one, other = (part.shape for part in parts)
    if len(one) < 2 or one[1:] != other[1:]:
        raise ValueError(
            f"the shapes {one} and {other} do not match. Both need one row an image, and rows of "
            "the same size."
        )
    if min(len(part) for part in parts) < least:
        raise ValueError(
            f"there are {len(parts[0])} and {len(parts[1])} images, but this takes at least "
            f"{least} of each."
        )
    if not all(np.isfinite(part).all() for part in parts):
        raise ValueError("there is a missing or infinite value. Did the training fail (NaN)?")
    return tuple(part.reshape(len(part), -1) for part in parts)


def _check_probabilities(probabilities: ArrayLike) -> np.ndarray:
    table = np.asarray(probabilities, dtype="float64")
    if table.ndim != 2 or not len(table):
        raise ValueError(f"probabilities have the shape {table.shape}, not (n, n_classes).")
    if not (table.min() >= -1e-3 and np.allclose(table.sum(axis=1), 1, atol=1e-3)):
        raise ValueError("rows do not add up to 1: give probabilities, and not logits.")
    return table
