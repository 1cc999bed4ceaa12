"""Convert tables of numbers and categories to arrays for a network, and back."""

from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils.synthesizers.columns import check_values, column_kind, plain_table, restore
from gan_utils.synthesizers.scaling import MinMax, NormalScores
from gan_utils.synthesizers.schema import (
    cell_from_config,
    cell_to_config,
    dtype_from_config,
    dtype_to_config,
    names_from_config,
    names_to_config,
)

NUMERIC_ENCODINGS = ("quantile", "minmax")
#: The widest range of whole numbers that is recovered exactly from [-1, 1].
WIDEST_WHOLE = 2**51

_SCALERS = {"quantile": NormalScores, "minmax": MinMax}


class TableEncoder:
    """Convert a table to an array of floats, and back.

    The numeric columns come first in the array, followed by the one-hot categories.

    Parameters
    ----------
    numeric : {"quantile", "minmax"}
        How numbers are scaled: to normal scores by rank, or linearly to [-1, 1].

    Attributes
    ----------
    numeric_ : list of str
        Numeric columns, in the order of the array's first columns.
    categories_ : dict of str to list
        The values of each column of categories, text or booleans; the array has one column per
        value.
    """

    def __init__(self, numeric: str = "quantile") -> None:
        if numeric not in NUMERIC_ENCODINGS:
            raise ValueError(f"numeric={numeric!r} is unknown. Use one of {NUMERIC_ENCODINGS}.")
        self.numeric = numeric

    @property
    def sizes(self) -> list[int]:
        """Number of different values in each column of categories."""
        return [len(values) for values in self.categories_.values()]

    @property
    def width(self) -> int:
        """Number of columns in the array."""
        return len(self.numeric_) + sum(self.sizes)

    def fit(self, table: pd.DataFrame) -> Self:
        """Learn the ranges and categories of the columns.

        Parameters
        ----------
        table : DataFrame of shape (n, d)
            A table without missing values.

        Returns
        -------
        TableEncoder
            The fitted encoder.

        Raises
        ------
        ValueError
            If a column, such as a column of dates, is neither numeric nor categorical, or if a
            value cannot be learned without loss (see
            `gan_utils.synthesizers.columns.check_values`). With ``numeric="minmax"``, the error is
            also raised if the largest and the smallest whole number in a column differ by more than
            2**51, because such numbers would be rounded.
        """
        for place, name in enumerate(table.columns):
            check_values(name, table.iloc[:, place], "fit")
        self.dtypes_, table = table.dtypes, plain_table(table)
        kinds = {name: column_kind(name, column) for name, column in table.items()}
        self.numeric_ = [name for name, kind in kinds.items() if kind == "number"]
        self.categories_ = {
            name: _values(table[name]) for name, kind in kinds.items() if kind == "category"
        }
        if self.numeric == "minmax":
            _check_ranges(table[self.numeric_])
        self.scalers_ = {
            name: _SCALERS[self.numeric]().fit(table[name].to_numpy(float))
            for name in self.numeric_
        }
        return self

    def transform(self, table: pd.DataFrame, rng: np.random.Generator | None = None) -> np.ndarray:
        """Encode a table.

        Parameters
        ----------
        table : DataFrame of shape (n, d)
            A table with the fitted columns, in any order.
        rng : Generator, optional
            Generator that spreads equal numbers over their ranks; by default, equal numbers share
            their middle rank.

        Returns
        -------
        ndarray of shape (n, width), float64

        Raises
        ------
        ValueError
            If a column is missing or new, a value is missing or infinite, or a category did not
            occur in the fitted table.
        """
        rows = np.zeros((len(table), self.width))
        self._fill(rows, *self._parts(table), rng)
        return rows

    def transform_often(
        self, table: pd.DataFrame, times: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Encode a table several times, with ties broken differently in each version.

        Parameters
        ----------
        table : DataFrame of shape (n, d)
            The fitted columns, in any order; they are processed only once.
        times : int, at least 1
            Number of versions.
        rng : Generator
            Generator that spreads equal numbers over their ranks.

        Returns
        -------
        ndarray of shape (times * n, width), float32
            The encoded versions, one after another.
        """
        parts = self._parts(table)
        rows = np.zeros((times * len(table), self.width), "float32")
        for version in np.split(rows, times):
            self._fill(version, *parts, rng)
        return rows

    def _parts(self, table: pd.DataFrame) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Return each numeric column, and the places of the ones for each other column."""
        self._check_columns(table)
        table = plain_table(table)
        numbers = [_finite(name, table[name]) for name in self.numeric_]
        starts = np.cumsum([len(self.numeric_), *self.sizes])
        ones = [
            start + _codes(name, table[name], values)
            for start, (name, values) in zip(starts, self.categories_.items(), strict=False)
        ]
        return numbers, ones

    def _fill(
        self,
        rows: np.ndarray,
        numbers: list[np.ndarray],
        ones: list[np.ndarray],
        rng: np.random.Generator | None,
    ) -> None:
        """Write an encoded table to an array of zeros, without a copy of the whole table."""
        for place, (name, column) in enumerate(zip(self.numeric_, numbers, strict=True)):
            rows[:, place] = self.scalers_[name].transform(column, rng)
        for places in ones:
            rows[np.arange(len(rows)), places] = 1

    def inverse_transform(self, array: np.ndarray) -> pd.DataFrame:
        """Decode an array.

        All numbers are clipped to the fitted ranges, and those in whole-number columns are rounded.
        For each column of categories, the category with the highest score is chosen.

        Parameters
        ----------
        array : ndarray of shape (n, width)

        Returns
        -------
        DataFrame of shape (n, d)
            A table with the columns, order and dtypes of the fitted table.

        Raises
        ------
        ValueError
            If the array has the wrong number of columns.
        """
        array = np.asarray(array)
        if array.ndim != 2 or array.shape[1] != self.width:
            raise ValueError(f"array has shape {array.shape}, but (n, {self.width}) was expected.")
        columns = {
            name: self.scalers_[name].inverse(array[:, i]) for i, name in enumerate(self.numeric_)
        }
        start = len(self.numeric_)
        for name, values in self.categories_.items():
            chosen = array[:, start : start + len(values)].argmax(axis=1)
            columns[name] = pd.Series(values, dtype=object).take(chosen).to_numpy()
            start += len(values)
        return restore(columns, self.dtypes_)

    def to_config(self) -> dict[str, Any]:
        """Return everything that was learned, as JSON values."""
        return {
            "numeric": self.numeric,
            "names": names_to_config(self.dtypes_.index),
            "dtypes": [dtype_to_config(dtype) for dtype in self.dtypes_],
            "scalers": [[name, scaler.to_config()] for name, scaler in self.scalers_.items()],
            "categories": [
                [name, [cell_to_config(value) for value in values]]
                for name, values in self.categories_.items()
            ],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild a fitted encoder from the output of `to_config`."""
        encoder = cls(config["numeric"])
        dtypes = [dtype_from_config(dtype) for dtype in config["dtypes"]]
        encoder.dtypes_ = pd.Series(dtypes, names_from_config(config["names"]), dtype=object)
        encoder.scalers_ = {
            name: _SCALERS[scaler["encoding"]].from_config(scaler)
            for name, scaler in config["scalers"]
        }
        encoder.numeric_ = list(encoder.scalers_)
        encoder.categories_ = {
            name: [cell_from_config(value) for value in values]
            for name, values in config["categories"]
        }
        return encoder

    def _check_columns(self, table: pd.DataFrame) -> None:
        missing = [name for name in self.dtypes_.index if name not in table.columns]
        extra = [name for name in table.columns if name not in self.dtypes_.index]
        if missing:
            raise ValueError(f"column {missing[0]!r} is missing. It was there when fit was called.")
        if extra:
            raise ValueError(f"column {extra[0]!r} was not there when fit was called. Drop it.")
        for place, name in enumerate(table.columns):
            missing = table.iloc[:, place].isna().to_numpy(bool)
            if missing.any():
                row = int(missing.argmax())
                raise ValueError(
                    f"column {name!r} has a missing value in row {row}. Drop that row."
                )


def _check_ranges(numbers: pd.DataFrame) -> None:
    for name, column in numbers.items():
        spread = int(column.max()) - int(column.min()) if column.dtype.kind in "iu" else 0
        if spread > WIDEST_WHOLE:
            raise ValueError(
                f"column {name!r} holds whole numbers that lie up to {spread} apart, and beyond "
                f"{WIDEST_WHOLE} the encoding 'minmax' rounds them. Use 'quantile'."
            )


def _values(column: pd.Series) -> list:
    """List the distinct values of a column in a fixed order, as plain Python objects."""
    seen = column.unique()
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = set(seen)
        return [value for value in column.cat.categories.tolist() if value in used]
    values = pd.Series(seen, dtype=object).tolist()
    try:
        return sorted(values, key=lambda value: (type(value).__name__, value))
    except TypeError:  # dates with and without a time zone have no common order
        return sorted(values, key=lambda value: (type(value).__name__, repr(value)))


def _finite(name: object, column: pd.Series) -> np.ndarray:
    values = column.to_numpy(float)
    if not np.isfinite(values).all():
        row = int((~np.isfinite(values)).argmax())
        raise ValueError(f"column {name!r} is infinite in row {row}. Mend or drop that row.")
    return values


def _codes(name: object, column: pd.Series, values: list) -> np.ndarray:
    places = {value: place for place, value in enumerate(values)}
    codes = np.array([places.get(value, -1) for value in column.astype(object)], dtype=int)
    if (codes < 0).any():
        unseen = column.iloc[int((codes < 0).argmax())]
        raise ValueError(
            f"column {name!r} holds {unseen!r}, which was not there when fit was called. "
            f"Known values: {', '.join(map(str, values[:8]))}{' and more' * (len(values) > 8)}."
        )
    return codes
