"""Load a reader's own CSV file that has a column of classes, one of which is rare."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pandas as pd

from gan_utils._support.checks import MOST_EXACT
from gan_utils._support.files import in_home
from gan_utils.datasets.csv_files import (
    UNNAMED,
    WHOLE_COLUMN,
    Fault,
    another_notation,
    number_fault,
    read_text_table,
    refuse,
)
from gan_utils.datasets.imbalanced import ImbalancedData, make_rare

#: If more than this share of a column's cells are numbers, a text cell in it is a fault, not a
#: category.
MOSTLY = 0.5
#: A text column with more distinct values than this share of its rows is an identifier.
TOO_MANY = 0.5


def load_csv(
    path: str | os.PathLike,
    target: str,
    *,
    rare: object = None,
    drop: str | list[str] | tuple[str, ...] = (),
    name: str | None = None,
) -> ImbalancedData:
    """Load your own table, given the name of the column that contains the classes.

    Parameters
    ----------
    path : str or path
        A CSV file in UTF-8 with a header and no empty cells.
    target : str
        The column with the classes.
    rare : object, optional
        The rare class, as written in the file; all other classes are combined into one. By default,
        the class with the fewest rows is the rare class.
    drop : str or list of str
        Columns to leave out, such as a row number or a name.
    name : str, optional
        Name in benchmarks and figures; by default, the file's name.

    Returns
    -------
    ImbalancedData
        The data, with numeric columns as numbers and others as categories. ``make_rare(data.X,
        data.y, rare=1, ratio=50)`` makes the rare class even rarer.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    KeyError
        If ``target`` or a column to drop is not in the file.
    ValueError
        If the file is empty or not a table, a cell is empty, a numeric column contains text or an
        infinite value, a text column identifies rows instead of describing them, or there is only
        one class. Every fault is reported with its row (the line of the file) and its column.
    """
    path, drop = in_home(path), [drop] if isinstance(drop, str) else list(drop)
    table = read_text_table(path)
    for column in [target, *drop]:
        if column not in table:
            raise KeyError(f"{path.name} has no column {column!r}. It has {list(table)}.")
    if target in drop:
        raise ValueError(f"drop= holds {target!r}, the target. Leave it out of drop=.")
    table = table.drop(columns=drop)
    if table.empty or table.shape[1] < 2:
        raise ValueError(
            f"{path.name} needs rows, and a column beside {target!r}. Export it again."
        )
    way_out = "Mend or remove these rows, or leave the column out with drop=."
    refuse(_table_faults(table, target), path.name, way_out)
    labels = table.pop(target).reset_index(drop=True)
    X = table.reset_index(drop=True).apply(_typed)
    if labels.nunique() < 2:
        raise ValueError(
            f"{path.name}: column {target!r} holds one class only, {labels[0]!r}. "
            "There is nothing to tell apart. Check target=."
        )
    rare = labels.value_counts(sort=True).index[-1] if rare is None else str(rare)
    return make_rare(X, labels, rare, name=name or path.stem)


def _typed(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    return column.astype("category") if numbers.isna().any() else numbers


def _table_faults(table: pd.DataFrame, target: str) -> list[Fault]:
    faults = [fault for column in table if column != target for fault in _faults(table[column])]
    unlabelled = table[target] == ""
    return faults + _where(table[target], unlabelled, lambda _: "is empty, where a class belongs")


def _faults(column: pd.Series) -> list[Fault]:
    if column.name.startswith(UNNAMED.partition(":")[0]):
        what = "has no name in the header. Name it, or leave it out: pandas writes a row number so"
        return [(WHOLE_COLUMN, str(column.name), what)]
    empty = column == ""
    faults = _where(column, empty, lambda _: "is empty")
    filled = column[~empty]
    numbers = pd.to_numeric(filled, errors="coerce").astype("float64")
    if len(filled) and _are_numbers(filled).mean() > MOSTLY:
        faults += _where(filled, ~np.isfinite(numbers), number_fault)
        rounded = pd.to_numeric(filled, errors="coerce").dtype.kind not in "iu"
        too_long = rounded & filled.str.fullmatch(r"[+-]?\d+") & (numbers.abs() > MOST_EXACT)
        words = "is {!r}: a whole number of so many digits is rounded. Leave the column out"
        return faults + _where(filled, too_long, words.format)
    if len(filled) >= 20 and filled.nunique() > TOO_MANY * len(filled):
        what = f"has {filled.nunique()} different texts in {len(filled)} rows, which name the rows"
        faults.append((WHOLE_COLUMN, str(column.name), what))
    return faults


def _are_numbers(cells: pd.Series) -> pd.Series:
    """Find the cells that are numbers, with a decimal point or in another notation."""
    other_way = cells.map(another_notation) != ""
    return pd.to_numeric(cells, errors="coerce").notna() | other_way


def _where(column: pd.Series, mask: pd.Series, words: Callable[[str], str]) -> list[Fault]:
    return [(row, str(column.name), words(column[row])) for row in column.index[mask]]
