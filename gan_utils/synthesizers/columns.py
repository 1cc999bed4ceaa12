"""Determine the kinds of a table's columns, and convert columns to a plain form and back.

pandas has a dozen ways to store whole numbers and about as many to store text. Synthesizers use
only five kinds of columns: NumPy numbers, booleans, categories, objects and dates (dates only in
`SDVSynthesizer`). In the plain form, column names are text. `restore` gives generated rows the
names and dtypes of the fitted table.
"""

from datetime import date, datetime, time
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from gan_utils._support.checks import LONE_SURROGATE, MOST_EXACT

#: The largest absolute value allowed: the square of a larger number may overflow, and the square
#: of 1 / LARGEST is nearly 0.
LARGEST = 1e150
#: The types of values that a cell of text or categories may contain.
SCALARS = (str, bytes, bool, Real, np.generic, Decimal, date, datetime, time)


def text_names(columns: pd.Index) -> list[str]:
    """Turn column names into text, which SDV, keyword arguments and JSON require.

    Parameters
    ----------
    columns : Index of length d
        Names of any kind, without repetition.

    Returns
    -------
    list of d str
        The names, converted to text if they are not text. If two of them would then be equal, such
        as 0 and "0", each name is preceded by its position.
    """
    names = [name if isinstance(name, str) else str(name) for name in columns]
    if len(set(names)) == len(names):
        return names
    return [f"{place}: {name}" for place, name in enumerate(names)]


def plain_table(table: pd.DataFrame) -> pd.DataFrame:
    """Convert a table to the form that synthesizers use internally.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        A table that has already been checked, with any dtypes and column names.

    Returns
    -------
    DataFrame of shape (n, d)
        The table with column names as text and rows numbered from 0. Numbers have NumPy dtypes,
        booleans have dtype ``bool``, and text has dtype ``object``. Categories and dates are
        unchanged.
    """
    columns = [plain_column(table.iloc[:, place]) for place in range(table.shape[1])]
    return _framed(columns, pd.Index(text_names(table.columns), dtype=object))


def plain_column(column: pd.Series) -> pd.Series:
    """Convert one column to the form that synthesizers use internally.

    Parameters
    ----------
    column : Series of length n
        A column without missing values.

    Returns
    -------
    Series of length n
    """
    if isinstance(column.dtype, pd.SparseDtype):
        column = column.sparse.to_dense()
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return column
    if types.is_bool_dtype(dtype):
        return column.astype(bool)
    if types.is_integer_dtype(dtype) or types.is_float_dtype(dtype):
        return column.astype(getattr(dtype, "numpy_dtype", dtype).newbyteorder("="))
    return column.astype(object) if types.is_string_dtype(dtype) else column


def is_number(column: pd.Series) -> bool:
    """Tell whether a column holds real numbers or booleans, which count as 0 and 1.

    Parameters
    ----------
    column : Series of length n
        A column of any dtype; its values are not checked.

    Returns
    -------
    bool
    """
    # pandas counts Arrow's decimals as numeric, but a float represents them only approximately.
    exact = types.is_object_dtype(getattr(column.dtype, "numpy_dtype", column.dtype))
    return types.is_numeric_dtype(column) and not types.is_complex_dtype(column) and not exact


def column_kind(name: object, column: pd.Series, doing: str = "be encoded") -> str:
    """Tell whether a column holds numbers or categories (including text and booleans).

    Parameters
    ----------
    name : object
        The column's name, for the error message.
    column : Series
        Any column.
    doing : str
        What the column must be able to do, such as "be encoded"; used in the error message.

    Returns
    -------
    {"number", "category"}

    Raises
    ------
    ValueError
        If the column holds anything else, such as dates.
    """
    if types.is_bool_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return "category"
    if types.is_object_dtype(column) or types.is_string_dtype(column):
        return "category"
    if is_number(column):
        return "number"
    raise ValueError(
        f"column {name!r} is {column.dtype}, which cannot {doing}. Turn it into a number "
        "(days since a date) or a category (the weekday) first."
    )


def check_values(name: object, column: pd.Series, who: str) -> None:
    """Reject a column with a value that cannot be learned without loss.

    Parameters
    ----------
    name : object
        The column's name, for the error message.
    column : Series
        A column of any dtype.
    who : str
        The name of the synthesizer, for the error message.

    Raises
    ------
    ValueError
        If a cell is missing, infinite, too large to be squared or to be represented exactly by a
        float, or not a single value (for example, a list); if a text contains a NUL or half a
        character (a lone surrogate); or if the column varies so little that the square of its range
        is nearly 0.
    """
    _refuse_missing(name, column, who)
    plain = plain_column(column)
    if types.is_float_dtype(plain):
        values = plain.to_numpy(float)
        _refuse_where(name, column, ~np.isfinite(values), "is infinite", "Mend or drop that row.")
        what = f"is beyond {LARGEST:g}, and its square is no number,"
        _refuse_where(name, column, np.abs(values) > LARGEST, what, "Rescale the column.")
        _refuse_flat(name, values)
    elif types.is_integer_dtype(plain):
        beyond = ((plain > MOST_EXACT) | (plain < -MOST_EXACT)).to_numpy()
        what = "is beyond 2**53, where whole numbers side by side look the same to a computation,"
        way_out = "Drop the column if it names rows, or turn it into text if it names kinds."
        _refuse_where(name, column, beyond, what, way_out)
    elif column_is_of_values(plain):
        _refuse_odd_cells(name, column, plain)


def column_is_of_values(column: pd.Series) -> bool:
    """Tell whether a plain column holds text, categories or objects.

    Parameters
    ----------
    column : Series of length n
        The output of `plain_column`.

    Returns
    -------
    bool
    """
    return isinstance(column.dtype, pd.CategoricalDtype) or types.is_object_dtype(column)


def _refuse_missing(name: object, column: pd.Series, who: str) -> None:
    missing = column.isna().to_numpy(bool)
    if missing.any():
        raise ValueError(
            f"column {name!r} has {missing.sum()} missing values, the first in row "
            f"{_first_row(column, missing)!r}. Fill or drop them before {who}."
        )


def _refuse_where(name: object, column: pd.Series, mask: np.ndarray, what: str, do: str) -> None:
    if mask.any():
        raise ValueError(f"column {name!r} {what} in row {_first_row(column, mask)!r}. {do}")


def _refuse_flat(name: object, values: np.ndarray) -> None:
    spread = np.ptp(values) if len(values) else 0.0
    if 0 < spread < 1 / LARGEST:
        raise ValueError(
            f"column {name!r} varies by {spread:g}, less than {1 / LARGEST:g}, and the square of "
            "that is nearly 0. Rescale the column."
        )


def _refuse_odd_cells(name: object, column: pd.Series, plain: pd.Series) -> None:
    """Reject cells that are not single values, and text with a NUL or a lone surrogate."""
    is_category = isinstance(plain.dtype, pd.CategoricalDtype)
    values = plain.cat.categories if is_category else plain
    for place, value in enumerate(values):
        if not isinstance(value, SCALARS) and not is_category:
            raise ValueError(
                f"column {name!r} holds a {type(value).__name__} in row "
                f"{column.index[place]!r}, where one value belongs. Give each part its own column."
            )
        if isinstance(value, str) and "\0" in value:
            raise ValueError(
                f"column {name!r} holds {value!r}, a text with a NUL, at which pandas ends a text. "
                "Take the NUL out."
            )
        if isinstance(value, str) and LONE_SURROGATE.search(value):
            raise ValueError(
                f"column {name!r} holds {value!r}, a text with half a character in it, which "
                "cannot be written as UTF-8. Read the data again in its own encoding."
            )


def _first_row(column: pd.Series, where: np.ndarray) -> object:
    """Return the label of the first row marked in ``where`` as a plain Python object."""
    return column.index[where].tolist()[0]


def restore(rows: pd.DataFrame | dict[str, Any], dtypes: pd.Series) -> pd.DataFrame:
    """Give generated rows the column names, order and dtypes of the fitted table.

    Parameters
    ----------
    rows : DataFrame of n rows, or dict of arrays of length n
        One column per entry of ``dtypes``, with names from `text_names`. Numbers are floats, and
        categories are given by their values.
    dtypes : Series of length d
        ``table.dtypes`` of the fitted table.

    Returns
    -------
    DataFrame of shape (n, d)
        A new table whose rows are numbered from 0. Whole-number columns are rounded, and a boolean
        is true if the generated number is at least 0.5.
    """
    names = text_names(dtypes.index)
    columns = [
        _restored(pd.Series(rows[name]).reset_index(drop=True), dtype)
        for name, dtype in zip(names, dtypes, strict=True)
    ]
    return _framed(columns, dtypes.index)


def _restored(column: pd.Series, dtype: Any) -> pd.Series:
    inner = dtype.subtype if isinstance(dtype, pd.SparseDtype) else dtype
    if isinstance(inner, pd.CategoricalDtype):
        return pd.Series(pd.Categorical(column, dtype=inner))
    if types.is_bool_dtype(inner) and types.is_numeric_dtype(column):
        column = column.astype(float) >= 0.5
    elif types.is_integer_dtype(inner):
        column = column.astype(float).round()
        column = column.astype(getattr(inner, "numpy_dtype", inner))
    elif types.is_float_dtype(inner):
        limit = float(np.finfo(getattr(inner, "numpy_dtype", inner)).max)
        column = column.astype(float).clip(-limit, limit)
    elif types.is_bool_dtype(inner):
        column = column.astype(bool)
    return column.astype(dtype)


def _framed(columns: list[pd.Series], names: pd.Index) -> pd.DataFrame:
    """Join columns side by side and give them the names in ``names``."""
    frame = pd.concat([c.reset_index(drop=True) for c in columns], axis=1, ignore_index=True)
    frame.columns = names
    return frame
