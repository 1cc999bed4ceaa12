"""Check and draw the classes of samples, which are whole numbers starting at 0."""

from typing import Any

import numpy as np

from gan_utils._support.backend import tf


def with_classes(samples: Any, labels: Any, n_classes: int) -> Any:
    """Pair samples with their classes.

    Parameters
    ----------
    samples : ndarray of shape (n, ...), or tf.data.Dataset
        A dataset is returned unchanged, because it already contains pairs.
    labels : array of shape (n,), or None
        The class of each sample, as a whole number.
    n_classes : int
        Number of classes.

    Returns
    -------
    tuple of two ndarrays, or tf.data.Dataset

    Raises
    ------
    ValueError
        If the labels are missing or are not valid classes.
    """
    if isinstance(samples, tf.data.Dataset):
        return samples
    if labels is None:
        raise ValueError(
            "labels are missing: a conditional model must be told the class of each sample. Write "
            "fit(images, labels=...)."
        )
    return np.asarray(samples), as_classes(labels, n_classes)


def checked_pairs(samples: Any, n_classes: int) -> Any:
    """Check the classes in pairs of samples and labels, and return the samples.

    Parameters
    ----------
    samples : tuple of samples and labels
        All pairs, or the first batch of a dataset.
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of shape (n, ...)

    Raises
    ------
    ValueError
        If the samples are not pairs, a label is not a valid class, or the numbers of samples and
        labels differ.
    """
    if not isinstance(samples, tuple) or len(samples) != 2:
        raise ValueError(
            "a conditional model learns pairs: a dataset must give (samples, labels) in batches."
        )
    labels = as_classes(samples[1], n_classes)
    if len(labels) != len(samples[0]):
        raise ValueError(
            f"there are {len(samples[0])} samples, but {len(labels)} labels. Give one each."
        )
    return samples[0]


def asked_classes(n: int, labels: Any, n_classes: int, rng: np.random.Generator) -> np.ndarray:
    """Return the class of each sample to be generated.

    Parameters
    ----------
    n : int
        Number of samples.
    labels : int, array of n ints, or None
        One class for all samples, or one class per sample. If None, all classes are used about
        equally often, in random order.
    n_classes : int
        Number of classes.
    rng : numpy.random.Generator
        Generator used for the random order.

    Returns
    -------
    ndarray of shape (n,), int32

    Raises
    ------
    ValueError
        If a label is not a whole number from 0 to ``n_classes - 1``, or the number of labels is not
        n.
    """
    if labels is None:
        return rng.permutation(np.arange(n) % n_classes).astype("int32")
    if np.ndim(labels) == 0:
        labels = np.full(n, labels)
    labels = as_classes(labels, n_classes)
    if len(labels) != n:
        raise ValueError(f"n={n}, but there are {len(labels)} labels. Give one for each.")
    return labels


def as_classes(labels: Any, n_classes: int) -> np.ndarray:
    """Return labels as whole numbers.

    Parameters
    ----------
    labels : array of shape (n,)
    n_classes : int
        Number of classes.

    Returns
    -------
    ndarray of shape (n,), int32

    Raises
    ------
    ValueError
        If a label is not a whole number from 0 to ``n_classes - 1``.
    """
    labels = np.asarray(labels)
    known = labels.ndim == 1 and np.issubdtype(labels.dtype, np.number)
    known = known and bool(np.isin(labels, np.arange(n_classes)).all())
    if not known:
        raise ValueError(
            f"labels must be one row of whole numbers from 0 to {n_classes - 1}; these are "
            f"{labels.dtype} of shape {labels.shape}, {labels.ravel()[:5].tolist()} ... Number the "
            "classes from 0, or give the right n_classes."
        )
    return labels.astype("int32")
