"""Convert a table's column names and dtypes to JSON, and back, for saved models.

Names and dtypes that JSON cannot restore exactly are refused before a model is trained.
"""

from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types


def cell_to_config(value: Any) -> Any:
    """Convert a name or the value of a cell to JSON.

    Parameters
    ----------
    value : object
        Text, a number, a boolean, None, or a tuple of these.

    Returns
    -------
    str, int, float, bool, None or dict
        The value. A NumPy scalar becomes a Python scalar, and a tuple becomes a dict that contains
        its parts.

    Raises
    ------
    ValueError
        If ``value`` is anything else, such as a date.
    """
    plain = value.item() if isinstance(value, np.number | np.bool_) else value
    if plain is None or isinstance(plain, str | bool | int | float):
        return plain
    if isinstance(plain, tuple):
        return {"tuple": [cell_to_config(part) for part in plain]}
    raise ValueError(
        f"{value!r} is of type {type(value).__name__}, which a saved model cannot hold. Turn the "
        "column, or its name, into text or numbers, and fit again."
    )


def cell_from_config(config: Any) -> Any:
    """Rebuild a value from the output of `cell_to_config`.

    Parameters
    ----------
    config : str, int, float, bool, None or dict
        The output of `cell_to_config`.

    Returns
    -------
    str, int, float, bool, None or tuple
        A value equal to the original.
    """
    if isinstance(config, dict):
        return tuple(map(cell_from_config, config["tuple"]))
    return config


def dtype_to_config(dtype: Any) -> str | dict[str, Any]:
    """Convert a dtype to JSON.

    Parameters
    ----------
    dtype : dtype
        A dtype of NumPy or pandas.

    Returns
    -------
    str or dict
        The name of the dtype, or its parts if the name is not enough to rebuild it.

    Raises
    ------
    ValueError
        If the dtype cannot be rebuilt, for example because its categories are dates.
    """
    config = _dtype_parts(dtype)
    try:
        same = _same_dtype(dtype_from_config(config), dtype)
    except (TypeError, ValueError, NotImplementedError):
        same = False
    if not same:
        raise ValueError(
            f"a column is {dtype}, which a saved model cannot hold. Turn it into text or numbers, "
            "and fit again."
        )
    return config


def _dtype_parts(dtype: Any) -> str | dict[str, Any]:
    if isinstance(dtype, pd.CategoricalDtype):
        return {
            "categories": [cell_to_config(value) for value in dtype.categories.tolist()],
            "of": dtype_to_config(dtype.categories.dtype),
            "ordered": bool(dtype.ordered),
        }
    if isinstance(dtype, pd.SparseDtype):
        return {"sparse": dtype_to_config(dtype.subtype), "fill": cell_to_config(dtype.fill_value)}
    if isinstance(dtype, pd.StringDtype):
        return {"string": dtype.storage, "missing": "NA" if dtype.na_value is pd.NA else "nan"}
    if isinstance(dtype, pd.ArrowDtype):
        return {"arrow": str(dtype.pyarrow_dtype)}
    return str(dtype)


def dtype_from_config(config: str | dict[str, Any]) -> Any:
    """Rebuild a dtype from the output of `dtype_to_config`.

    Parameters
    ----------
    config : str or dict
        The output of `dtype_to_config`.

    Returns
    -------
    dtype
        A dtype equal to the original.
    """
    if isinstance(config, str):
        return types.pandas_dtype(config)
    if "categories" in config:
        values = [cell_from_config(value) for value in config["categories"]]
        return pd.CategoricalDtype(_index(values, config["of"]), ordered=config["ordered"])
    if "sparse" in config:
        return pd.SparseDtype(dtype_from_config(config["sparse"]), config["fill"])
    if "arrow" in config:
        import pyarrow  # always installed if pandas uses Arrow dtypes

        return pd.ArrowDtype(pyarrow.type_for_alias(config["arrow"]))
    if config["missing"] == "NA":
        return pd.StringDtype(config["string"])
    return pd.StringDtype(config["string"], na_value=np.nan)


def _index(values: list, dtype: str | dict[str, Any], name: Any = None) -> pd.Index:
    """Build an index from values, without splitting tuples into levels as pandas would do."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return pd.Index(cells, dtype=dtype_from_config(dtype), name=name, tupleize_cols=False)


def _same_dtype(one: Any, other: Any) -> bool:
    if isinstance(one, pd.CategoricalDtype) and isinstance(other, pd.CategoricalDtype):
        same = _same_dtype(one.categories.dtype, other.categories.dtype)
        return same and one.categories.equals(other.categories) and one.ordered == other.ordered
    storage = getattr(one, "storage", None) == getattr(other, "storage", None)
    return type(one) is type(other) and one == other and storage


def names_to_config(columns: pd.Index) -> dict[str, Any]:
    """Convert column names to JSON.

    Parameters
    ----------
    columns : Index of length d
        The names of the columns.

    Returns
    -------
    dict of str to list or dtype
        The keys are ``names`` (the column names), ``levels`` (the names of the levels) and ``of``
        (the dtype of the names).

    Raises
    ------
    ValueError
        If a name cannot be rebuilt, for example because it is a date.
    """
    config = {
        "names": [cell_to_config(name) for name in columns],
        "levels": [cell_to_config(level) for level in columns.names],
        "of": "levels" if isinstance(columns, pd.MultiIndex) else dtype_to_config(columns.dtype),
    }
    if not names_from_config(config).equals(columns):
        raise ValueError("the names of the columns cannot be saved. Use text, and fit again.")
    return config


def names_from_config(config: dict[str, Any]) -> pd.Index:
    """Rebuild column names from the output of `names_to_config`.

    Parameters
    ----------
    config : dict of str to list or dtype
        The output of `names_to_config`.

    Returns
    -------
    Index of length d
        Column names equal to the original ones.
    """
    names, levels = ([cell_from_config(v) for v in config[key]] for key in ("names", "levels"))
    if config["of"] == "levels":
        return pd.MultiIndex.from_tuples(names, names=levels)
    return _index(names, config["of"], levels[0])
