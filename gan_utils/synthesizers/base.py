"""The base class of all synthesizers, which checks the input and seeds the random numbers."""

import copy
import inspect
from abc import ABC, abstractmethod
from numbers import Integral
from typing import Self

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count
from gan_utils.synthesizers.columns import check_values, is_number, plain_table, restore


class Synthesizer(ABC):
    """Learn a table, then generate new rows of the same kind.

    A subclass implements ``_fit(table)`` and ``_sample(n, rng)``; this class checks the input,
    seeds the random numbers and restores the order and dtypes of the columns.
    """

    #: Minimum number of rows that ``fit`` accepts; a subclass that needs more rows overrides it.
    min_rows: int = 2

    def fit(self, table: pd.DataFrame) -> Self:
        """Learn the rows of a table.

        Parameters
        ----------
        table : DataFrame of shape (n, d)
            Numeric, boolean, category or text columns, without missing values.

        Returns
        -------
        Synthesizer
            The fitted synthesizer.

        Raises
        ------
        TypeError
            If ``table`` is not a DataFrame.
        ValueError
            If ``table`` is too small, has two columns with the same name, or contains a value that
            cannot be learned without loss (see `gan_utils.synthesizers.columns.check_values`). A
            synthesizer with networks also refuses category columns with too many different values
            for the memory.
        """
        check_table(table, min_rows=self.min_rows)
        fitted = copy.copy(self)  # so that a failed fit leaves this object unchanged
        fitted.dtypes_ = table.dtypes
        fitted._fit(plain_table(table))
        vars(self).update(vars(fitted))
        return self

    def sample(self, n: int, random_state: int | None = None) -> pd.DataFrame:
        """Generate new rows.

        Parameters
        ----------
        n : int, at least 1
            Number of rows.
        random_state : int, at least 0, optional
            The same seed gives the same rows.

        Returns
        -------
        DataFrame of shape (n, d)
            New rows with the columns and dtypes of the table passed to ``fit``.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        ValueError
            If ``n`` is below 1, ``random_state`` is below 0, or either is not a whole number.
        """
        if not hasattr(self, "dtypes_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit(table) first.")
        check_n(n)
        if random_state is not None:
            check_count("random_state", random_state, 0)
        rows = self._sample(int(n), np.random.default_rng(random_state))
        return restore(rows, self.dtypes_)

    def __sklearn_clone__(self) -> Self:
        """Return an unfitted copy, because what was learned may be large or impossible to copy."""
        names = inspect.signature(type(self)).parameters
        if all(hasattr(self, name) for name in names):
            return type(self)(**{name: getattr(self, name) for name in names})
        return copy.deepcopy(self)  # somebody else's synthesizer, which may work differently

    @abstractmethod
    def _fit(self, table: pd.DataFrame) -> None: ...

    @abstractmethod
    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame: ...


def check_table(
    table: pd.DataFrame, *, min_rows: int = 2, numeric_only: bool = False, who: str = "fit"
) -> None:
    """Reject a table that cannot be learned, naming the fault and its position.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        The table to be learned.
    min_rows : int, at least 1
        Minimum number of rows.
    numeric_only : bool
        Whether to refuse columns of categories, text or dates.
    who : str
        The name of the synthesizer, for the error message.

    Raises
    ------
    TypeError
        If ``table`` is not a DataFrame.
    ValueError
        If ``table`` has too few rows, no columns, a repeated column name, a missing or infinite
        value, or (with ``numeric_only``) a column that is not numeric.
    """
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{who} needs a pandas DataFrame, but got {type(table).__name__}.")
    _check_shape(table, min_rows, who)
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        check_values(name, column, who)
        if numeric_only:
            check_numeric(name, column, who)


def check_numeric(name: object, column: pd.Series, who: str) -> None:
    """Reject a column that is not numeric.

    Parameters
    ----------
    name : object
        The column's name, for the error message.
    column : Series
        A column of any dtype; booleans count as numbers.
    who : str
        The name of the synthesizer, for the error message.

    Raises
    ------
    ValueError
        If the column holds text, categories, dates or complex numbers.
    """
    if not is_number(column):
        raise ValueError(
            f"column {name!r} is {column.dtype}, but {who} takes numeric columns only. "
            f"Drop it, or encode it as numbers first."
        )


def _check_shape(table: pd.DataFrame, min_rows: int, who: str) -> None:
    repeated = table.columns[table.columns.duplicated()].tolist()
    if repeated:
        raise ValueError(f"column {repeated[0]!r} appears twice. Give every column its own name.")
    if table.shape[1] == 0:
        raise ValueError(f"the table has no columns. {who} needs at least one.")
    if len(table) < min_rows:
        raise ValueError(
            f"the table has {len(table)} rows, but {who} needs at least {min_rows}. Collect more."
        )


def check_n(n: int) -> None:
    """Raise an error unless the number of rows is a whole number of at least 1.

    Parameters
    ----------
    n : int, at least 1
        The requested number of rows.

    Raises
    ------
    ValueError
        If ``n`` is below 1 or is not a whole number.
    """
    if not isinstance(n, Integral) or isinstance(n, bool) or n < 1:
        raise ValueError(f"n={n!r} is not a number of rows. Give a whole number of at least 1.")
