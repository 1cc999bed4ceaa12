"""A table of numbers and categories, turned into an array for a network, and back."""

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.stats import norm

from gan_utils.synthesizers.columns import (
    check_values,
    column_kind,
    dtype_from_config,
    dtype_to_config,
    names_from_config,
    names_to_config,
    plain_table,
    restore,
)

NUMERIC_ENCODINGS = ("quantile", "minmax")


class NormalScores:
    """Map a column of numbers to a standard normal distribution by rank, and back.

    Equal values share a stretch of ranks. With a random generator each is sent to a random place of
    its stretch, so that a column of many zeros becomes as smooth as any other.

    References
    ----------
    Van der Waerden scores; scikit-learn's ``QuantileTransformer`` does the same without the ties.
    """

    def fit(self, values: np.ndarray) -> Self:
        """Remember the sorted values.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Finite numbers, at least one.

        Returns
        -------
        NormalScores
            Itself, fitted.
        """
        self.sorted_ = np.sort(np.asarray(values, dtype=float))
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Map values to normal scores.

        Parameters
        ----------
        values : ndarray of shape (m,)
            Those that were seen, or others, which take a place between them.
        rng : Generator, optional
            Spreads equal values over their ranks; without it they share the middle one.

        Returns
        -------
        ndarray of shape (m,)
            Finite: the outermost half rank on each side is cut off.
        """
        n = len(self.sorted_)
        low = np.searchsorted(self.sorted_, values, side="left")
        high = np.searchsorted(self.sorted_, values, side="right")
        place = 0.5 if rng is None else rng.uniform(size=len(values))
        uniform = (low + (high - low) * place) / n
        return norm.ppf(np.clip(uniform, 0.5 / n, 1 - 0.5 / n))

    def inverse(self, scores: np.ndarray) -> np.ndarray:
        """Map normal scores back to values.

        Parameters
        ----------
        scores : ndarray of shape (m,)
            Of any size.

        Returns
        -------
        ndarray of shape (m,)
            Between the smallest and the largest value that was seen, by straight lines between
            neighbouring ranks.
        """
        position = norm.cdf(scores) * len(self.sorted_) - 0.5
        nearest = np.rint(position)
        # A score that came from a seen value returns to it, not to a rounding error beside it.
        position = np.where(np.abs(position - nearest) < 1e-6, nearest, position)
        return np.interp(position, np.arange(len(self.sorted_)), self.sorted_)

    def to_config(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"encoding": "quantile", "sorted": self.sorted_.tolist()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild from `to_config`."""
        return cls().fit(np.array(config["sorted"]))


class MinMax:
    """Map a column of numbers linearly to [-1, 1], and back: the classic scaling."""

    def fit(self, values: np.ndarray) -> Self:
        """Remember the smallest and the largest value.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Finite numbers, at least one.

        Returns
        -------
        MinMax
            Itself, fitted.
        """
        self.low_, self.high_ = float(np.min(values)), float(np.max(values))
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Scale values.

        Parameters
        ----------
        values : ndarray of shape (m,)
            In the unit of those that were seen.
        rng : Generator, optional
            Not used: it is there so that both encodings are called alike.

        Returns
        -------
        ndarray of shape (m,)
            In [-1, 1] for values in the range that was seen.
        """
        span = (self.high_ - self.low_) or 1.0
        return 2 * (np.asarray(values, dtype=float) - self.low_) / span - 1

    def inverse(self, scores: np.ndarray) -> np.ndarray:
        """Scale back.

        Parameters
        ----------
        scores : ndarray of shape (m,)
            Usually in [-1, 1].

        Returns
        -------
        ndarray of shape (m,)
            Kept in the range that was seen.
        """
        share = (np.asarray(scores, dtype=float) + 1) / 2
        return np.clip(self.low_ + share * (self.high_ - self.low_), self.low_, self.high_)

    def to_config(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"encoding": "minmax", "low": self.low_, "high": self.high_}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild from `to_config`."""
        return cls().fit(np.array([config["low"], config["high"]]))


_SCALERS = {"quantile": NormalScores, "minmax": MinMax}


class TableEncoder:
    """Turn a table into an array of floats and back: numbers first, then one-hot categories.

    Parameters
    ----------
    numeric : {"quantile", "minmax"}
        How numbers are scaled: to normal scores by rank, or linearly to [-1, 1].

    Attributes
    ----------
    numeric_ : list of str
        Numeric columns, in the order of the array's first columns.
    categories_ : dict of str to list
        For each column of categories, text or booleans, its values; one array column each.
    """

    def __init__(self, numeric: str = "quantile") -> None:
        if numeric not in NUMERIC_ENCODINGS:
            raise ValueError(f"numeric={numeric!r} is unknown. Use one of {NUMERIC_ENCODINGS}.")
        self.numeric = numeric

    @property
    def sizes(self) -> list[int]:
        """How many values each column of categories has."""
        return [len(values) for values in self.categories_.values()]

    @property
    def width(self) -> int:
        """How many columns the array has."""
        return len(self.numeric_) + sum(self.sizes)

    def fit(self, table: pd.DataFrame) -> Self:
        """Learn ranges and categories.

        Parameters
        ----------
        table : DataFrame of shape (n, d)
            Without missing values.

        Returns
        -------
        TableEncoder
            Itself, fitted.

        Raises
        ------
        ValueError
            If a column is neither numeric nor one of categories: a date, say.
        """
        for place, name in enumerate(table.columns):
            check_values(name, table.iloc[:, place], "fit")
        self.dtypes_, table = table.dtypes, plain_table(table)
        kinds = {name: column_kind(name, column) for name, column in table.items()}
        self.numeric_ = [name for name, kind in kinds.items() if kind == "number"]
        self.categories_ = {
            name: _values(table[name]) for name, kind in kinds.items() if kind == "category"
        }
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
            The columns that were fitted, in any order.
        rng : Generator, optional
            Spreads equal numbers over their ranks; without it they share the middle one.

        Returns
        -------
        ndarray of shape (n, width), float64

        Raises
        ------
        ValueError
            If a column is missing or new, or a category was never seen.
        """
        self._check_columns(table)
        table = plain_table(table)
        numbers = [
            self.scalers_[name].transform(table[name].to_numpy(float), rng)
            for name in self.numeric_
        ]
        blocks = [_one_hot(name, table[name], values) for name, values in self.categories_.items()]
        return np.column_stack([*numbers, *blocks])

    def inverse_transform(self, array: np.ndarray) -> pd.DataFrame:
        """Decode an array: whole numbers are rounded, ranges hold, the largest category wins.

        Parameters
        ----------
        array : ndarray of shape (n, width)

        Returns
        -------
        DataFrame of shape (n, d)
            The columns, order and dtypes that were fitted.

        Raises
        ------
        ValueError
            If the array has another number of columns.
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
        """Return everything that was learned, as JSON can hold it."""
        return {
            "numeric": self.numeric,
            "names": names_to_config(self.dtypes_.index),
            "dtypes": [dtype_to_config(dtype) for dtype in self.dtypes_],
            "scalers": [[name, scaler.to_config()] for name, scaler in self.scalers_.items()],
            "categories": [[name, values] for name, values in self.categories_.items()],
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild a fitted encoder from `to_config`."""
        encoder = cls(config["numeric"])
        dtypes = [dtype_from_config(dtype) for dtype in config["dtypes"]]
        encoder.dtypes_ = pd.Series(dtypes, names_from_config(config["names"]), dtype=object)
        encoder.scalers_ = {
            name: _SCALERS[scaler["encoding"]].from_config(scaler)
            for name, scaler in config["scalers"]
        }
        encoder.numeric_ = list(encoder.scalers_)
        encoder.categories_ = {name: list(values) for name, values in config["categories"]}
        return encoder

    def _check_columns(self, table: pd.DataFrame) -> None:
        missing = [name for name in self.dtypes_.index if name not in table.columns]
        extra = [name for name in table.columns if name not in self.dtypes_.index]
        if missing:
            raise ValueError(f"column {missing[0]!r} is missing. It was there when fit was called.")
        if extra:
            raise ValueError(f"column {extra[0]!r} was not there when fit was called. Drop it.")


def _values(column: pd.Series) -> list:
    """List the values that occur, in a fixed order, as plain Python objects."""
    seen = column.unique()
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [value for value in column.cat.categories.tolist() if value in set(seen)]
    return sorted(pd.Series(seen).tolist(), key=lambda value: (type(value).__name__, value))


def _one_hot(name: object, column: pd.Series, values: list) -> np.ndarray:
    codes = pd.Index(values, dtype=object).get_indexer(column.astype(object).to_numpy())
    if (codes < 0).any():
        unseen = column.iloc[int((codes < 0).argmax())]
        raise ValueError(
            f"column {name!r} holds {unseen!r}, which was not there when fit was called. "
            f"Known values: {', '.join(map(str, values[:8]))}{' and more' * (len(values) > 8)}."
        )
    return np.eye(len(values))[codes]
