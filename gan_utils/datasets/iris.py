"""Make one species of Fisher's Iris data rare, after setting test rows aside."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

SPECIES = ("setosa", "versicolor", "virginica")
FEATURES = ("sepal length", "sepal width", "petal length", "petal width")
ROWS_OF_A_SPECIES = 50


@dataclass(frozen=True)
class UnbalancedIris:
    """One split of Iris, with some training rows of one species removed.

    Attributes
    ----------
    train : DataFrame
        The training rows, in which one species is rare.
    full_train : DataFrame
        ``train`` plus the hidden rows of the rare species: all the real data except the test rows.
    test : DataFrame
        The test rows, which were set aside first; none of them is in ``full_train``.
    rare : str
        The species that was made rare.

    Notes
    -----
    The columns of the three tables are sepal length, sepal width, petal length and petal width (all
    in cm), and species (text). The index contains the row numbers in the whole table (0 to 149).
    """

    train: pd.DataFrame
    full_train: pd.DataFrame
    test: pd.DataFrame
    rare: str

    @property
    def rare_rows(self) -> pd.DataFrame:
        """The measurements of the rare species' rows that remain in ``train``."""
        return self._measurements(self.train)

    @property
    def unseen(self) -> pd.DataFrame:
        """The measurements of the rare species' rows not in ``train``: hidden and test rows."""
        hidden = self.full_train.drop(self.train.index)
        return self._measurements(pd.concat([hidden, self.test]))

    def _measurements(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.loc[table["species"] == self.rare, list(FEATURES)]


def load_iris_unbalanced(
    n_removed: int = 30,
    rare: str = "virginica",
    test_size: int = 10,
    random_state: int | None = 0,
) -> UnbalancedIris:
    """Set test rows aside, then make one species of Iris rare.

    Parameters
    ----------
    n_removed : int
        How many of the 50 rows of the rare species are left out of ``train``. This number includes
        the test rows of that species, so ``50 - n_removed`` rows are left for training.
    rare : {"virginica", "versicolor", "setosa"}
        The species to make rare.
    test_size : int
        Number of test rows *for each species*; with 0, none are set aside.
    random_state : int, optional
        Seed for the random choice of test rows and hidden rows.

    Returns
    -------
    UnbalancedIris
        The three tables. By default, ``train`` has 40 + 40 + 20 rows, ``full_train`` has
        40 + 40 + 40 rows, and ``test`` has 10 + 10 + 10 rows.

    Raises
    ------
    ValueError
        If the species is unknown, or the requested numbers of rows are impossible with 50 rows per
        species.

    References
    ----------
    R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """
    _check_split(n_removed, rare, test_size)
    table, rng = _whole_table(), np.random.default_rng(random_state)
    shuffled = table.iloc[rng.permutation(len(table))]
    test = shuffled.groupby("species").head(test_size).sort_index()
    return _make_rare(table, test, rare, n_removed, rng)


def iter_iris_unbalanced(
    n_removed: int = 30,
    rare: str = "virginica",
    n_folds: int = 5,
    random_state: int | None = 0,
) -> Iterator[UnbalancedIris]:
    """Make one species rare in each fold, and use every row of Iris for testing exactly once.

    Parameters
    ----------
    n_removed, rare : int, str
        As in `load_iris_unbalanced`.
    n_folds : {2, 5, 10, 25, 50}
        Number of folds; each fold has ``50 / n_folds`` test rows of each species.
    random_state : int, optional
        Seed for the folds and the choice of hidden rows.

    Yields
    ------
    UnbalancedIris
        One split per fold.

    Raises
    ------
    ValueError
        As in `load_iris_unbalanced`, or if ``n_folds`` is not one of the numbers above.
    """
    if n_folds not in (2, 5, 10, 25, 50):
        raise ValueError(f"n_folds={n_folds!r} does not share out 50 rows. Use 2, 5, 10, 25 or 50.")
    test_size = ROWS_OF_A_SPECIES // n_folds
    _check_split(n_removed, rare, test_size)
    table, rng = _whole_table(), np.random.default_rng(random_state)
    shuffled = table.iloc[rng.permutation(len(table))]
    fold_of_row = shuffled.groupby("species").cumcount() // test_size
    for fold in range(n_folds):
        test = shuffled[fold_of_row == fold].sort_index()
        yield _make_rare(table, test, rare, n_removed, rng)


def _whole_table() -> pd.DataFrame:
    from sklearn.datasets import load_iris  # scikit-learn takes a second to import

    bunch = load_iris()
    table = pd.DataFrame(bunch.data, columns=list(FEATURES))
    return table.assign(species=[SPECIES[code] for code in bunch.target])


def _make_rare(
    table: pd.DataFrame, test: pd.DataFrame, rare: str, n_removed: int, rng: np.random.Generator
) -> UnbalancedIris:
    full_train = table.drop(test.index)
    rows = full_train.index[full_train["species"] == rare].to_numpy()
    already_out = ROWS_OF_A_SPECIES - len(rows)
    hidden = rng.choice(rows, n_removed - already_out, replace=False)
    return UnbalancedIris(full_train.drop(hidden), full_train, test, rare)


def _check_split(n_removed: int, rare: str, test_size: int) -> None:
    if rare not in SPECIES:
        raise ValueError(
            f"rare={rare!r} is not a species of Iris. Use one of {', '.join(SPECIES)}."
        )
    if not 0 <= test_size < ROWS_OF_A_SPECIES:
        raise ValueError(
            f"test_size={test_size} test rows of each species do not fit its "
            f"{ROWS_OF_A_SPECIES} rows. Use 0 to {ROWS_OF_A_SPECIES - 1}."
        )
    if not test_size <= n_removed < ROWS_OF_A_SPECIES:
        raise ValueError(
            f"n_removed={n_removed} must lie between the {test_size} test rows of {rare}, which "
            f"count as removed, and {ROWS_OF_A_SPECIES - 1}, which leaves one row."
        )
