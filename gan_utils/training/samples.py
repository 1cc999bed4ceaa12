"""Check real samples before training."""

from typing import Any

import numpy as np

from gan_utils._support.backend import tf
from gan_utils._support.checks import check_count


def as_float32(samples: Any) -> np.ndarray:
    """Return samples as float32 for training, but a vector of whole numbers (labels) as int32.

    Parameters
    ----------
    samples : array of shape (n, ...)

    Returns
    -------
    ndarray of float32 or int32
    """
    array = np.asarray(samples)
    whole = np.issubdtype(array.dtype, np.integer) and array.ndim == 1
    return array.astype("int32" if whole else "float32", copy=False)


def first_batch(dataset: tf.data.Dataset) -> Any:
    """Return the first batch of a dataset as arrays.

    Parameters
    ----------
    dataset : tf.data.Dataset
        Yields batches.

    Returns
    -------
    ndarray, or tuple of ndarrays

    Raises
    ------
    ValueError
        If the dataset is empty.
    """
    for batch in dataset.take(1):
        return tf.nest.map_structure(lambda tensor: tensor.numpy(), batch)
    raise ValueError("the dataset is empty. Give it at least one batch.")


def n_batches(dataset: tf.data.Dataset) -> int:
    """Count the batches of a dataset.

    Parameters
    ----------
    dataset : tf.data.Dataset

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the dataset is infinite, or TensorFlow cannot determine its length.
    """
    batches = int(dataset.cardinality())
    if batches < 0:
        raise ValueError(
            "nobody can tell how many batches the dataset has. Say how long an epoch is: "
            "steps_per_epoch=100."
        )
    return batches


def check_unlabelled(samples: Any, instead: str) -> None:
    """Reject a batch that contains labels as well as samples.

    Parameters
    ----------
    samples : ndarray, or tuple, list or dict
        One batch.
    instead : str
        A sentence for the error message, naming the model that accepts labels.

    Raises
    ------
    ValueError
        If the batch is not a single array.
    """
    if isinstance(samples, tuple | list | dict):
        raise ValueError(
            "give samples alone, as one array or as a dataset of batches, not samples with labels. "
            "Drop the labels; those of a dataset are dropped by "
            f"dataset.map(lambda samples, labels: samples). {instead}"
        )


def check_finite_samples(samples: np.ndarray, shape: tuple[int, ...]) -> None:
    """Reject samples of the wrong shape or dtype, or with missing or infinite values.

    Parameters
    ----------
    samples : ndarray of shape (n, ...)
    shape : tuple of int
        Shape of one sample, as the model generates it.

    Raises
    ------
    ValueError
        If the shape or dtype is wrong, or a value is missing or infinite; the message gives the
        shape, the dtype, or the position of the first missing or infinite value.
    """
    if samples.shape[1:] != shape:
        raise ValueError(
            f"samples have shape {samples.shape[1:]} each, but the model makes {shape}."
        )
    if samples.dtype != np.float32:
        raise ValueError(f"samples are {samples.dtype}, but the model learns float32. Cast them.")
    if not np.isfinite(samples).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(samples))[0])
        raise ValueError(f"samples hold a missing or infinite value at {where}. Mend or drop it.")


def check_batch_size(batch_size: int, n_devices: int, n_samples: int | None = None) -> None:
    """Reject a batch that is larger than the data or cannot be shared evenly by the devices.

    Parameters
    ----------
    batch_size : int
        Samples per step, for all devices together.
    n_devices : int
        Number of devices that share a batch.
    n_samples : int, optional
        Number of samples, which is unknown for a dataset.

    Raises
    ------
    ValueError
        If the batch size is not a whole number of at least 1, exceeds ``n_samples``, or is not a
        multiple of ``n_devices``; the message says which sizes are possible.
    """
    check_count("batch_size", batch_size)
    if n_samples is not None and batch_size > n_samples:
        raise ValueError(
            f"batch_size={batch_size} is larger than the data ({n_samples} samples). "
            f"Use batch_size <= {n_samples}."
        )
    if batch_size % n_devices:
        raise ValueError(
            f"batch_size={batch_size} cannot be shared evenly by {n_devices} devices. Use a "
            f"multiple of {n_devices}, such as {-(-batch_size // n_devices) * n_devices}."
        )


def largest_divisor(n: int, most: int) -> int:
    """Return a number's largest divisor that does not exceed a bound.

    Parameters
    ----------
    n : int, at least 1
        The number to divide.
    most : int, at least 1
        The bound.

    Returns
    -------
    int
        The divisor, which is at least 1.
    """
    return max(d for d in range(1, min(n, most) + 1) if n % d == 0)


def check_steps(**counts: Any) -> None:
    """Reject a number of epochs or steps that is not a whole number of at least 1.

    Parameters
    ----------
    **counts : int or None
        The numbers by name; None is accepted.

    Raises
    ------
    ValueError
        If a number is not a whole number of at least 1; the message gives the parameter and its
        value.
    """
    for name, value in counts.items():
        if value is not None:
            check_count(name, value)
