"""Check the images that a scorecard compares, and their classes, before the work starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan_utils.metrics.images import as_class_labels, as_images
from gan_utils.scorecard.card import can_learn

if TYPE_CHECKING:
    Images = np.ndarray | Sequence[np.ndarray]

#: Minimum number of images in each set.
LEAST_IMAGES = 12


def image_runs(
    synthetic: Images, labels: Images | None, n_classes: int
) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
    """Check generated images and the classes that were requested for them.

    Parameters
    ----------
    synthetic : ndarray of shape (m, side, side, 1), or list of them
        The images of one run, or of several runs.
    labels : ndarray of shape (m,), or list of them, or None
        The requested classes.
    n_classes : int
        Number of classes of the classifier.

    Returns
    -------
    batches : list of ndarray
        One array of images per run.
    asked : list of ndarray or None
        The requested classes of each run; None if none were given.

    Raises
    ------
    ValueError
        If there is no array, a run has too few images, a value lies outside [0, 1], or the classes
        do not match the images or are not numbers of the classifier's classes.
    """
    single = isinstance(synthetic, np.ndarray)
    batches = [check_enough_images(s, "synthetic") for s in ([synthetic] if single else synthetic)]
    if not batches:
        raise ValueError("synthetic holds no array. Give one array of images, or a list of them.")
    if labels is None:
        return batches, [None] * len(batches)
    asked = [np.asarray(part) for part in ([labels] if single else labels)]
    if [part.shape for part in asked] != [(len(part),) for part in batches]:
        raise ValueError("synthetic_labels do not match synthetic: give one label an image.")
    who = "synthetic_labels"
    return batches, [as_class_labels(part, len(part), n_classes, who) for part in asked]


def check_enough_images(images: np.ndarray, who: str) -> np.ndarray:
    """Check that there are at least 12 images, with values in [0, 1].

    Parameters
    ----------
    images : ndarray of shape (n, side, side, 1)
    who : str
        The name of the parameter, used in error messages.

    Returns
    -------
    ndarray of shape (n, side, side, 1), float32

    Raises
    ------
    ValueError
        If there are fewer than 12 images, or they are not grey images with values in [0, 1].
    """
    images = as_images(images, who)
    if len(images) < LEAST_IMAGES:
        raise ValueError(
            f"{who} has {len(images)} images, but a card needs at least {LEAST_IMAGES}."
        )
    return images


def check_one_size(
    real: np.ndarray, batches: list[np.ndarray], held_out: np.ndarray | None
) -> None:
    """Check that all images have the same size.

    Parameters
    ----------
    real : ndarray of shape (n, side, side, 1)
    batches : list of ndarray
        The generated images of each run.
    held_out : ndarray of shape (h, side, side, 1), or None

    Raises
    ------
    ValueError
        If the sizes differ.
    """
    sides = {part.shape[1] for part in (real, *batches, real if held_out is None else held_out)}
    if len(sides) > 1:
        raise ValueError(f"the images are {sorted(sides)} pixels wide. Give images of one size.")


def real_classes(
    real: np.ndarray,
    held_out: np.ndarray | None,
    labels: np.ndarray | None,
    held_out_labels: np.ndarray | None,
    n_classes: int,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the classes of the real images, or None if TSTR was not requested.

    Parameters
    ----------
    real, held_out : ndarray of shape (n, side, side, 1) and (h, side, side, 1)
        Real images; ``held_out`` may be None.
    labels, held_out_labels : array of shape (n,) and (h,), or None
        Their classes.
    n_classes : int
        Number of classes of the classifier.

    Returns
    -------
    tuple of two ndarray, or None
        The classes of ``real`` and of ``held_out``.

    Raises
    ------
    ValueError
        If labels are given without the other arguments, do not match the images, or are not
        numbers of the classifier's classes.
    """
    if not can_learn(real, held_out, labels, held_out_labels, "image"):
        return None
    # The classifier answers with numbers: a class named in another way would always seem wrong.
    return (
        as_class_labels(labels, len(real), n_classes),
        as_class_labels(held_out_labels, len(held_out), n_classes, "held_out_labels"),
    )
