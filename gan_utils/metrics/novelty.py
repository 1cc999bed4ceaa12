"""Measure whether synthetic rows are new: count copies, and compute distances to training rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_utils.metrics.alignment import TablePair, as_frame, checked_table
from gan_utils.metrics.encoding import encode
from gan_utils.metrics.neighbours import has_twin, neighbour_distances

if TYPE_CHECKING:
    from gan_utils.metrics.alignment import Table

#: Two rows that are closer than this, in standard deviations, count as copies of the same row that
#: were rounded differently.
SAME_ROW = 1e-6


def exact_copies(synthetic: Table, train: Table) -> int:
    """Count the synthetic rows that equal a row of the training table.

    Parameters
    ----------
    synthetic, train : DataFrame of shape (m, d) and (n, d), Series, or array
        Tables with the same columns, in any order.

    Returns
    -------
    int in [0, m]
        Number of rows that match in every column; numbers match if they differ by at most a
        millionth of a standard deviation. If the columns have few distinct values, real
        rows also match training rows by chance, so compare the count with the count for held-out
        real rows.

    Raises
    ------
    ValueError
        If the tables are not comparable.
    """
    pair = TablePair(train, synthetic, names=("train", "synthetic"))
    return int(has_twin(*reversed(pair.points), SAME_ROW).sum())


def distance_to_closest(rows: Table, train: Table | None = None) -> np.ndarray:
    """Compute the distance from each row to the closest row of the training table.

    If rows are closer to the training table than held-out real rows are, suspect copying. A large
    distance proves nothing: a row far from all others can still identify a person.

    Parameters
    ----------
    rows : DataFrame of shape (m, d), Series, or array
        Synthetic rows, or held-out real rows.
    train : DataFrame of shape (n, d), Series, or array, optional
        A table with the same columns, in any order. If it is omitted, each row is compared with the
        *other* rows of its own table.

    Returns
    -------
    ndarray of shape (m,)
        Euclidean distances, at least 0, in the order of ``rows``. Each numeric column is divided by
        its standard deviation in ``train``, or in ``rows`` if ``train`` is omitted; two different
        categories are the square root of 2 apart.

    Raises
    ------
    ValueError
        If the tables are not comparable, or a single table has only one row.
    """
    if train is None:
        (rows,) = encode(checked_table(as_frame(rows, "rows"), "rows"))
        if len(rows) < 2:
            raise ValueError("one row has no other row to be close to. Give train=, or more rows.")
        return neighbour_distances(rows, None, 1)
    train, rows = TablePair(train, rows, names=("train", "rows")).points
    return neighbour_distances(rows, train, 1)
