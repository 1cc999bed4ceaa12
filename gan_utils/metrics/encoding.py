"""Encode checked tables as arrays of points, between which distances can be computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api import types

#: Coordinates are clipped to this many standard deviations: they must fit into float32, which
#: classifiers use, and the squares of distances must be finite in float64.
FARTHEST = 1e30
#: Maximum number of values in an array of points; this many take 2 GiB.
MOST_VALUES = 2**28


def float_columns(table: pd.DataFrame) -> list:
    """List the numeric columns of a checked table.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        As returned by `checked_table`.

    Returns
    -------
    list
        Column names, in the order of the table.
    """
    return [name for name, dtype in table.dtypes.items() if types.is_float_dtype(dtype)]


def encode(reference: pd.DataFrame, *others: pd.DataFrame) -> list[np.ndarray]:
    """Standardize numbers and one-hot encode categories.

    The reference's median is subtracted from a number, which is then divided by the reference's
    standard deviation. Without the subtraction, large numbers that differ little, such as dates in
    milliseconds, would become equal in a classifier that works with float32.

    Parameters
    ----------
    reference, *others : DataFrame of shape (n, d)
        As returned by `gan_utils.metrics.alignment.checked_table`, with the same columns.

    Returns
    -------
    list of ndarray of shape (n, w)
        One array of points per table.

    Raises
    ------
    ValueError
        If the columns of text have so many different values that the points would not fit into
        memory.
    """
    together = pd.concat([reference, *others], ignore_index=True)
    numbers = _standardized(reference, together)
    texts = [name for name in together if name not in numbers]
    categories = [pd.factorize(together[name], sort=True) for name in texts]
    widths = [len(values) for _, values in categories]
    _check_size(len(together), numbers.shape[1], dict(zip(texts, widths, strict=True)))
    points = np.zeros((len(together), numbers.shape[1] + sum(widths)))
    points[:, : numbers.shape[1]] = numbers
    ends = numbers.shape[1] + np.cumsum([0, *widths])
    for start, (codes, _) in zip(ends, categories, strict=False):
        points[np.arange(len(points)), start + codes] = 1.0
    return np.split(points, np.cumsum([len(t) for t in (reference, *others)])[:-1])


def _standardized(reference: pd.DataFrame, together: pd.DataFrame) -> pd.DataFrame:
    numeric = float_columns(reference)
    spread, largest = reference[numeric].std(ddof=0), reference[numeric].abs().max()
    if not np.isfinite(spread).all():  # the squares overflowed
        spread = (reference[numeric] / largest.mask(largest == 0, 1.0)).std(ddof=0) * largest
    # If values differ only by rounding errors, there is no meaningful spread to divide by.
    spread = spread.mask(spread <= 1e-12 * largest, 1.0)
    # Divide before subtracting, which cannot overflow then.
    centred = together[numeric] / spread - reference[numeric].median() / spread
    return centred.clip(-FARTHEST, FARTHEST)


def _check_size(n_rows: int, n_numbers: int, widths: dict[object, int]) -> None:
    """Reject columns such as names or addresses, in which most values are different."""
    width = n_numbers + sum(widths.values())
    if n_rows * width <= MOST_VALUES:
        return
    told = f"{n_rows:,} rows of {width:,} coordinates each do not fit into the memory"
    if not widths:
        raise ValueError(f"{told}. Give fewer rows, such as table.sample({n_rows // 10}).")
    widest = max(widths, key=widths.get)
    raise ValueError(
        f"{told}: column {widest!r} has {widths[widest]:,} different values. Drop it, or group its "
        "rare values."
    )
