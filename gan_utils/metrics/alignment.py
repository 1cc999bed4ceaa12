"""Make two tables comparable: check them, match their columns, and encode them only once."""

from __future__ import annotations

from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api import types

from gan_utils.metrics.encoding import encode, float_columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    Table = pd.DataFrame | pd.Series | ArrayLike


#: The kinds of pandas' dtypes of times, in words.
_TIMES = {"M": "dates", "m": "durations"}


class UndefinedMeasureError(ValueError):
    """An error raised if a measure is undefined, such as the correlation with a constant column."""


class TablePair:
    """A reference table and another table, checked and encoded once for all measures.

    Parameters
    ----------
    reference, other : DataFrame of shape (n, d) and (m, d), Series, or array
        Tables with the same columns, in any order, and without missing or infinite values.
    names : tuple of two str
        Names of the tables in error messages.

    Attributes
    ----------
    reference, other : DataFrame
        The checked tables, with columns in a fixed order. Numbers are stored as floats, dates as
        numbers of days, and everything else as text.
    numeric : list
        Names of the numeric columns.

    Raises
    ------
    TypeError
        If either argument is not a table.
    ValueError
        If a table is empty or has a missing or infinite value, or the columns differ in name or
        kind.
    """

    def __init__(
        self, reference: Table, other: Table, names: tuple[str, str] = ("real", "synthetic")
    ) -> None:
        self.names = names
        self.reference, self.other = _aligned(reference, other, names)
        self.numeric = float_columns(self.reference)

    @cached_property
    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Both tables as arrays of points, of shapes (n, w) and (m, w); see `encode`."""
        return tuple(encode(self.reference, self.other))

    def sample(self, most: int, random_state: int | None) -> TablePair:
        """Draw rows from both tables if there are too many for a slow measure.

        Parameters
        ----------
        most : int
            Maximum number of rows per table.
        random_state : int, optional
            Seed for the draw.

        Returns
        -------
        TablePair
            A pair with at most ``most`` rows per table. If neither table has more, this pair is
            returned unchanged. The points are still scaled by the standard deviations of the whole
            reference table.
        """
        lengths = len(self.reference), len(self.other)
        if max(lengths) <= most:
            return self
        rng = np.random.default_rng(random_state)
        rows = [np.sort(rng.permutation(n)[:most]) for n in lengths]
        drawn = object.__new__(TablePair)
        drawn.names, drawn.numeric = self.names, self.numeric
        drawn.reference, drawn.other = (
            table.iloc[part] for table, part in zip((self.reference, self.other), rows, strict=True)
        )
        drawn.points = tuple(p[part] for p, part in zip(self.points, rows, strict=True))
        return drawn


def numeric_columns(table: pd.DataFrame) -> list:
    """List the columns that are treated as numeric: numbers and dates, but not booleans.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        Any table.

    Returns
    -------
    list
        Names of columns, in the order of the table.
    """
    kinds = (types.is_numeric_dtype, types.is_datetime64_any_dtype, types.is_timedelta64_dtype)
    return [
        name
        for name, column in _inferred(table).items()
        if any(is_kind(column) for is_kind in kinds) and not types.is_bool_dtype(column)
    ]


def _aligned(
    real: Table, synthetic: Table, names: tuple[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two checked tables with the same columns in the same order and of the same kinds."""
    first, second = (as_frame(t, name) for t, name in zip((real, synthetic), names, strict=True))
    _check_names(first, names[0]), _check_names(second, names[1])
    _check_same_columns(first, second, names)
    # Sort the columns: seeded results must not depend on the order in which they are given.
    order = sorted(first.columns, key=str)
    given = first[order], second[order]
    first, second = (checked_table(t, name) for t, name in zip(given, names, strict=True))
    numeric, of_second = (set(float_columns(table)) for table in (first, second))
    for name in order:
        columns = [table[name] for table in given]
        if (name in numeric) != (name in of_second):
            raise ValueError(
                f"column {name!r} is numeric in only one of the tables {names[0]} and {names[1]}. "
                f"Give it the same dtype in both, with astype."
            )
        if name in numeric:
            _check_dates(*columns, names)
        else:
            second[name] = _written_alike(*columns, first[name], second[name])
    return first, second


def _check_dates(first: pd.Series, second: pd.Series, names: tuple[str, str]) -> None:
    """Reject dates beside numbers or durations, and local time beside dates with a time zone."""
    columns = [_inferred(column.to_frame()).iloc[:, 0] for column in (first, second)]
    kinds = [_TIMES.get(column.dtype.kind, "numbers") for column in columns]
    if kinds[0] != kinds[1]:
        raise ValueError(
            f"column {first.name!r} holds {kinds[0]} in {names[0]}, but {kinds[1]} in {names[1]}. "
            "Give it the same dtype in both, for example with pd.to_datetime."
        )
    zoned = [isinstance(column.dtype, pd.DatetimeTZDtype) for column in columns]
    if zoned[0] != zoned[1]:
        raise ValueError(
            f"column {first.name!r} has a time zone in only one of the tables {names[0]} and "
            f"{names[1]}: in {names[zoned.index(True)]}. Drop it with dt.tz_localize(None), or add "
            "it to the other table with dt.tz_localize."
        )


def _written_alike(
    first: pd.Series, second: pd.Series, texts: pd.Series, others: pd.Series
) -> pd.Series:
    """Write numbers of the second column as the first writes equal ones: 1 or True, not 1.0."""
    known = set(texts)
    if known.issuperset(others):
        return others
    kinds = Real | np.bool_
    equal = {
        value: text for value, text in zip(first, texts, strict=True) if isinstance(value, kinds)
    }
    alike = [
        equal.get(value, text) if text not in known and isinstance(value, kinds) else text
        for value, text in zip(second, others, strict=True)
    ]
    return pd.Series(alike, others.index, dtype=object)


def _check_names(table: pd.DataFrame, who: str) -> None:
    """Reject column names that pandas misinterprets in a list of columns."""
    for name in table.columns:
        if isinstance(name, bool | np.bool_ | bytes):
            raise ValueError(
                f"{who} has a column called {name!r}: pandas takes a truth value for a choice of "
                f"rows, and bytes for text. Rename it: table.rename(columns={{{name!r}: 'name'}})."
            )
        levels = name if isinstance(name, tuple) else ()
        if any(not types.is_scalar(level) or pd.isna(level) for level in levels):
            raise ValueError(
                f"{who} has a column called {name!r}, which pandas cannot find in a list of "
                "columns. Name every level, for example with table.set_axis([...], axis=1)."
            )


def _check_same_columns(first: pd.DataFrame, second: pd.DataFrame, names: tuple[str, str]) -> None:
    missing = [name for name in first if name not in second]
    extra = [name for name in second if name not in first]
    if missing or extra:
        raise ValueError(
            f"the tables differ in their columns: only {names[0]} has {missing}, only "
            f"{names[1]} has {extra}. Give both the same columns, in any order."
        )


def as_frame(table: Table, who: str) -> pd.DataFrame:
    """Make a DataFrame from an array or a column.

    Parameters
    ----------
    table : DataFrame, Series, or array of shape (n,) or (n, d)
    who : str
        Name of the table in error messages.

    Returns
    -------
    DataFrame of shape (n, d)

    Raises
    ------
    TypeError
        If an array has neither one nor two dimensions.
    """
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, pd.Series):
        return table.to_frame(0)
    # An array of NumPy's own choice would turn a list of rows with numbers and words into words.
    values = np.array(table, dtype=object) if isinstance(table, list | tuple) else np.asarray(table)
    in_cells = {type(value) for value in values.flat[:1]}
    if values.ndim not in (1, 2) or in_cells & {list, tuple}:
        raise TypeError(f"{who} must be a table, but it is {type(table).__name__}.")
    return pd.DataFrame(values[:, None] if values.ndim == 1 else values)


def checked_table(table: pd.DataFrame, who: str) -> pd.DataFrame:
    """Check that metrics can be computed for a table.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
    who : str
        Name of the table in error messages.

    Returns
    -------
    DataFrame of shape (n, d)
        The table, with numbers as floats, dates as numbers of days, and all else as text.

    Raises
    ------
    ValueError
        If the table is empty, has duplicate column names, or has a missing or infinite value.
    """
    if table.shape[0] == 0 or table.shape[1] == 0:
        raise ValueError(f"the {who} table is empty: its shape is {table.shape}. Give it rows.")
    if table.columns.has_duplicates:
        name = table.columns[table.columns.duplicated()][0]
        raise ValueError(f"column {name!r} appears twice in {who}. Give each its own name.")
    plain = {name: _plain_values(column, who) for name, column in _inferred(table).items()}
    return pd.DataFrame(plain).reset_index(drop=True)


def _inferred(table: pd.DataFrame) -> pd.DataFrame:
    """Find the dtypes of object columns; give Arrow's dates and durations NumPy's dtypes."""
    table = table.infer_objects()
    for place, dtype in enumerate(table.dtypes):
        # pandas does not count these as dates, although the kind of their dtype is the same.
        if isinstance(dtype, pd.ArrowDtype) and dtype.kind in "mM":
            of_arrow = dtype.pyarrow_dtype
            zone = getattr(of_arrow, "tz", None)
            plain = pd.DatetimeTZDtype(of_arrow.unit, zone) if zone else dtype.numpy_dtype
            table.isetitem(place, table.iloc[:, place].astype(plain))
    return table


def _plain_values(column: pd.Series, who: str) -> pd.Series:
    missing = column.isna().to_numpy()
    if missing.any():
        raise ValueError(
            f"column {column.name!r} of {who} has {missing.sum()} missing values, the first in row "
            f"{column.index[missing.argmax()]!r}. Fill or drop them first."
        )
    if types.is_datetime64_any_dtype(column):
        # In the column's own unit: in nanoseconds, dates beyond the year 2262 do not fit.
        column = column - pd.Timestamp(0, tz=column.dt.tz).as_unit(column.dt.unit)
    if types.is_timedelta64_dtype(column):
        column = column / pd.Timedelta(days=1).as_unit(column.dt.unit)
    if not numeric_columns(column.to_frame()):
        # Do not use astype(str), which decodes bytes as UTF-8 and fails on tuples in a category.
        return pd.Series([str(value) for value in column], column.index, dtype=object)
    if not np.isfinite(column.to_numpy(float)).all():
        raise ValueError(f"column {column.name!r} of {who} is infinite somewhere. Mend those rows.")
    return column.astype(float)
