"""Greys from [0, 1], as images have them, to [-1, 1], as a tanh gives them, and back."""

import numpy as np


def to_tanh(images: np.ndarray) -> np.ndarray:
    """Bring greys from [0, 1] to [-1, 1].

    Parameters
    ----------
    images : ndarray
        Greys in [0, 1].

    Returns
    -------
    ndarray of the same shape, float32
        Black is -1, white is 1.

    Raises
    ------
    ValueError
        If a value lies outside [0, 1], as those of 0 to 255 do.
    """
    images = np.asarray(images, "float32")
    low, high = images.min(initial=0.0), images.max(initial=1.0)
    if low < 0 or high > 1:
        raise ValueError(
            f"greys run from {low:g} to {high:g}; they should be in [0, 1]. Divide greys of 0 to "
            "255 by 255; images in [-1, 1] need no change."
        )
    return images * 2 - 1


def from_tanh(images: np.ndarray) -> np.ndarray:
    """Bring greys from [-1, 1] to [0, 1].

    Parameters
    ----------
    images : ndarray
        Greys in [-1, 1], such as a generator's that ends in a tanh.

    Returns
    -------
    ndarray of the same shape, float32
        Black is 0, white is 1.

    Raises
    ------
    ValueError
        If a value lies outside [-1, 1].
    """
    images = np.asarray(images, "float32")
    if np.abs(images).max(initial=0.0) > 1:
        raise ValueError(f"a grey is {np.abs(images).max():g}; they should be in [-1, 1].")
    return (images + 1) / 2
