"""Choose the columns, colours and scale of plots of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from gan_utils.metrics.alignment import numeric_columns
from gan_utils.plots.style import (
    GREY,
    MARKERS,
    PALETTE,
    plain_text,
    wrap_text,
)

if TYPE_CHECKING:
    Tables = Mapping[str, pd.DataFrame]
    Units = str | Mapping[str, str] | None


def first_table(tables: Tables) -> pd.DataFrame:
    """Check the number of tables, and return the first table.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        One to seven tables, each drawn in a different colour.

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If there are no tables or more than seven.
    """
    if not 1 <= len(tables) <= len(PALETTE):
        raise ValueError(f"{len(tables)} tables: give 1 to {len(PALETTE)}, as many as colours.")
    return next(iter(tables.values()))


def time_columns(table: pd.DataFrame) -> list:
    """List the columns of dates and durations, which no plot shows.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        Any table.

    Returns
    -------
    list
        Names of columns, in the order of the table.
    """
    dtypes = table.infer_objects().dtypes
    return [name for name, dtype in dtypes.items() if getattr(dtype, "kind", "O") in "mM"]


def columns_to_draw(
    tables: Tables,
    columns: Sequence[str] | None,
    most: int | None = None,
    also: Sequence[str] = (),
    numeric: Sequence[str] | None = None,
) -> list[str]:
    """Choose the columns to plot, which every table must contain without missing values.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    columns : sequence of str, optional
        The columns to plot; by default the numeric columns of the first table, except dates and
        durations.
    most : int, optional
        Maximum number of columns.
    also : sequence of str
        Other columns that every table must have, of any kind.
    numeric : sequence of str, optional
        The columns that must hold numbers in every table, if they are plotted; by default, all.

    Returns
    -------
    list of str

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If a table is empty, or a chosen column has missing values, dates or durations, or values
        that are not finite numbers although it is ``numeric``.
    """
    first = first_table(tables)
    left_out = [*time_columns(first), *also]
    chosen = [name for name in numeric_columns(first) if name not in left_out]
    chosen = chosen[:most] if columns is None else list(columns)
    for title, table in tables.items():
        lacking = [name for name in [*chosen, *also] if name not in table]
        if lacking:
            raise KeyError(f"table {title!r} has no column {lacking[0]!r}, only {list(table)}.")
        if table.empty or table[[*chosen, *also]].isna().any(axis=None):
            raise ValueError(f"table {title!r} is empty or has missing values. Mend it first.")
        _check_values(title, table[chosen], chosen if numeric is None else numeric)
    return chosen


def _check_values(title: object, table: pd.DataFrame, numeric: Sequence[str]) -> None:
    if times := time_columns(table):
        raise ValueError(
            f"column {times[0]!r} of table {title!r} holds dates or durations. Leave it out, or "
            "turn it into a number first, such as days."
        )
    for name in [name for name in table if name in numeric]:
        try:
            values = as_numbers(table[name])
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"column {name!r} of table {title!r} holds values that are not numbers. Leave it "
                "out, or turn them into numbers first."
            ) from error
        if not np.isfinite(values).all():
            raise ValueError(
                f"column {name!r} of table {title!r} is infinite somewhere. Drop those rows."
            )


def as_numbers(column: pd.Series) -> np.ndarray:
    """Return the numbers of a column of any dtype, such as a category of numbers.

    Parameters
    ----------
    column : Series of shape (n,)

    Returns
    -------
    ndarray of shape (n,), float64

    Raises
    ------
    TypeError
        If the column holds text, even if the text could be read as a number.
    ValueError
        If a value is not a number.
    """
    if not is_numeric_dtype(column) and any(isinstance(value, str | bytes) for value in column):
        raise TypeError(f"{column.name!r} holds text")
    return column.to_numpy(float)


def looks_of_kinds(tables: Tables, hue: str | None) -> dict[object, tuple[str, str]]:
    """Assign a colour and a marker to each value of a column, consistently across tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    hue : str, optional
        The column whose values get different colours and markers; by default, all rows look alike.

    Returns
    -------
    dict
        Maps each value to a colour and a marker.

    Raises
    ------
    ValueError
        If the column has more than 8 values.
    """
    if hue is None:
        return {}
    values = sorted({value for table in tables.values() for value in table[hue]}, key=str)
    if len(values) > 8:
        raise ValueError(f"hue={hue!r} has {len(values)} values; more than 8 cannot be told apart.")
    looks = zip([*PALETTE, GREY], [*MARKERS, "*"], strict=True)
    return dict(zip(values, looks, strict=False))


def shared_limits(
    tables: Tables, columns: Sequence[str], margin: float = 0.04
) -> dict[str, tuple[float, float]]:
    """Find axis limits wide enough for all tables, so that the tables share one scale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    columns : sequence of str
        Numeric columns of all tables.
    margin : float
        The space left free at each end, as a fraction of the range.

    Returns
    -------
    dict of str to tuple of float
        Maps each column to its lower and upper limits.
    """
    limits = {}
    for name in columns:
        values = [as_numbers(table[name]) for table in tables.values()]
        low = min(float(column.min()) for column in values)
        high = max(float(column.max()) for column in values)
        edge = (high - low) * margin if high > low else 0.5
        limits[name] = (low - edge, high + edge)
    return limits


def axis_label(name: str, units: Units, width: int) -> str:
    """Return an axis label with the name and the unit of a column.

    Parameters
    ----------
    name : str
        The name of the column.
    units : str or mapping of str to str, optional
        One unit for all columns, or one unit per column.
    width : int
        Maximum number of letters per line.

    Returns
    -------
    str
    """
    unit = units.get(name) if isinstance(units, Mapping) else units
    words = plain_text(name)
    return wrap_text(f"{words} ({unit})" if unit else words, width, mathematics=True)
