"""Scale samples from a range such as 0 to 1 (greys) to the range -1 to 1, and back."""

from typing import Any

import numpy as np


def check_value_range(value_range: tuple[float, float] | None) -> None:
    """Reject a range that does not consist of two finite numbers in ascending order.

    Parameters
    ----------
    value_range : tuple of two floats, or None
        Lowest and highest value.

    Raises
    ------
    ValueError
        If the range is not valid.
    """
    if value_range is None:
        return
    ends = np.asarray(value_range)
    is_range = ends.shape == (2,) and ends.dtype.kind in "fiu" and bool(np.isfinite(ends).all())
    if not is_range or not ends[0] < ends[1]:
        raise ValueError(
            f"value_range={value_range!r} must be two numbers, the lowest value of a sample and "
            "the highest, such as (0, 1)."
        )


def check_within(samples: np.ndarray, value_range: tuple[float, float] | None) -> None:
    """Reject samples outside a range.

    Parameters
    ----------
    samples : ndarray of shape (n, ...)
        Real samples.
    value_range : tuple of two floats, or None
        If None, all values are allowed.

    Raises
    ------
    ValueError
        If a sample is outside the range; the message gives the actual and the allowed range.
    """
    # Samples are float32. A limit taken from the same samples as float64 is rounded as they were;
    # else, the largest sample could lie above it.
    low, high = np.float32(value_range or (-np.inf, np.inf))
    if samples.min() < low or samples.max() > high:
        raise ValueError(
            f"samples reach from {samples.min():.3g} to {samples.max():.3g}, but value_range is "
            f"{low:g} to {high:g}. Scale them, or build the model with their range."
        )


def to_signed(samples: Any, value_range: tuple[float, float] | None) -> Any:
    """Scale samples to values from -1 to 1; without a range, return them unchanged.

    Parameters
    ----------
    samples : tensor or ndarray of shape (n, ...)
        Real samples.
    value_range : tuple of two floats, or None
        Lowest and highest value.

    Returns
    -------
    tensor or ndarray of the same shape
    """
    if value_range is None:
        return samples
    low, high = value_range
    return 2 * (samples - low) / (high - low) - 1


def from_signed(samples: np.ndarray, value_range: tuple[float, float] | None) -> np.ndarray:
    """Undo `to_signed`, and clip values to the range.

    Parameters
    ----------
    samples : ndarray of shape (n, ...)
        Generated samples, on the network's scale.
    value_range : tuple of two floats, or None
        Lowest and highest value.

    Returns
    -------
    ndarray of the same shape
    """
    if value_range is None:
        return samples
    low, high = value_range
    return ((samples + 1) / 2 * (high - low) + low).clip(low, high)
