"""Tables with one rare class: bundled ones made rarer, a simulation with known truth, your CSV."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from gan_utils.datasets.csv_files import WHOLE_COLUMN, Fault, read_text_table, refuse

#: The bundled tables: their loader in scikit-learn and the class that is the rare one.
BUNDLED = {
    "iris": ("load_iris", 2, "virginica"),
    "wine": ("load_wine", 2, "class_2"),
    "breast_cancer": ("load_breast_cancer", 0, "malignant"),
    "digits": ("load_digits", 8, "8"),
}
#: The simulation: rows, share of rare ones, columns that matter, that repeat those, that are noise.
SIMULATED = {"n_samples": 50_000, "rare": 0.01, "informative": 3, "redundant": 3, "noise": 14}
#: Half the side of the cube on whose corners the clusters sit.
SEPARATION = 0.5
#: From this share of numbers on, a text cell in a column counts as a fault and not as a category.
MOSTLY = 0.5
#: A text column with more values than this share of its rows names rows; it does not describe them.
NAMES = 0.5


@dataclass(frozen=True)
class ImbalancedData:
    """A table with one rare class against the rest.

    Attributes
    ----------
    name : str
        By which benchmarks and pictures call it.
    X : DataFrame of shape (n, d)
        What may be known of a row.
    y : Series of shape (n,)
        1 for the rare class, 0 for the rest; the index of ``X``.
    rare : str
        What the rare class is called.
    truth : Series of shape (n,), optional
        The true probability of being rare, where the data was simulated: no classifier can know
        more.
    """

    name: str
    X: pd.DataFrame
    y: pd.Series
    rare: str = "1"
    truth: pd.Series | None = None

    def __post_init__(self) -> None:
        if len(self.X) != len(self.y) or not self.X.index.equals(self.y.index):
            raise ValueError(f"{self.name!r}: X and y must have the same rows, by one index.")
        if set(self.y.unique()) != {0, 1}:
            raise ValueError(
                f"{self.name!r}: y must hold 1 (rare) and 0 (rest), and both. It holds "
                f"{sorted(map(str, self.y.unique()))[:5]}. make_rare turns labels into these."
            )

    @property
    def n_rare(self) -> int:
        """How many rows are rare."""
        return int(self.y.sum())

    @property
    def ratio(self) -> float:
        """How many other rows there are for each rare one."""
        return (len(self.y) - self.n_rare) / self.n_rare

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.y):,} rows x {self.X.shape[1]} columns, {self.n_rare} rare "
            f"({self.rare}), 1:{self.ratio:.3g}"
        )


def load_imbalanced(
    name: str, ratio: float | None = None, random_state: int | None = 0
) -> ImbalancedData:
    """Load a table with a rare class, and make that class rarer.

    Parameters
    ----------
    name : str
        ``"iris"`` (virginica is rare), ``"wine"`` (class_2), ``"breast_cancer"`` (malignant) and
        ``"digits"`` (the 8; 64 grey values a row), which come with scikit-learn; ``"simulated"``;
        or a set of imbalanced-learn's collection, such as ``"ecoli"`` or ``"abalone"``, which is
        fetched over the network once.
    ratio : float, optional
        Other rows for each rare one: 20 means 1:20. Rare rows are taken away at random until it
        holds. By default none are.
    random_state : int, optional
        Seed of the rows that are taken away, and of the simulation.

    Returns
    -------
    ImbalancedData

    Raises
    ------
    ValueError
        If the name is unknown, or the ratio cannot be reached by taking rare rows away.
    ConnectionError
        If a set of imbalanced-learn's cannot be fetched.

    Notes
    -----
    ``"simulated"`` is scikit-learn's ``make_classification`` with 50,000 rows, 1 % of them rare:
    one cluster a class and ``flip_y=0``, so that no label is wrong and classes overlap only where
    their clusters do. Three columns matter, three repeat those in other words, fourteen are noise.
    Both clusters are normal and known, so the true probability of being rare is known for each row
    (``truth``), and with it the best that any classifier can reach. With a ``ratio``, the truth is
    that of the rarer class. How much the clusters overlap depends on the seed.

    Examples
    --------
    >>> load_imbalanced("wine", ratio=10)
    wine 1:10: 143 rows x 13 columns, 13 rare (class_2), 1:10
    """
    if name == "simulated":
        data = _simulated(0 if random_state is None else random_state)
    elif name in BUNDLED:
        data = _bundled(name)
    else:
        data = _fetched(name)
    return data if ratio is None else _rarer(data, ratio, random_state)


def make_rare(
    X: pd.DataFrame,
    y: pd.Series,
    rare: object,
    ratio: float | None = None,
    random_state: int | None = 0,
    name: str = "data",
) -> ImbalancedData:
    """Set one class against the rest, and take rows of it away until it is rare.

    Parameters
    ----------
    X : DataFrame or array of shape (n, d)
        What may be known of a row.
    y : Series or array of shape (n,)
        The classes, two or more.
    rare : object
        The class, one value of ``y``, that is to be rare.
    ratio : float, optional
        Other rows for each rare one. By default no row is taken away.
    random_state : int, optional
        Seed of the rows that are taken away.
    name : str
        By which benchmarks and pictures call it.

    Returns
    -------
    ImbalancedData
        Its rows keep their order; with a ratio, it is part of the name.

    Raises
    ------
    ValueError
        If ``rare`` is no class of ``y`` or the only one, or the ratio cannot be reached.
    """
    X = (
        X
        if isinstance(X, pd.DataFrame)
        else pd.DataFrame(np.asarray(X)).rename(columns="x{}".format)
    )
    labels = pd.Series(np.asarray(y), X.index)
    if not (labels == rare).any():
        found = ", ".join(map(repr, labels.unique()[:10].tolist()))
        raise ValueError(f"rare={rare!r} is no class of y. It has {found}.")
    if (labels == rare).all():
        raise ValueError(f"every row is of the class {rare!r}: there is no rest to tell it from.")
    data = ImbalancedData(name, X, (labels == rare).astype("int64").rename("y"), str(rare))
    return data if ratio is None else _rarer(data, ratio, random_state)


def _rarer(data: ImbalancedData, ratio: float, random_state: int | None) -> ImbalancedData:
    others = len(data.y) - data.n_rare
    n_kept = round(others / ratio) if ratio > 0 else 0
    if not 1 <= n_kept <= data.n_rare:
        raise ValueError(
            f"ratio={ratio!r} would leave {n_kept} rare rows beside {others} others, but "
            f"{data.name!r} has {data.n_rare}. Rows are only taken away: use a ratio of "
            f"{data.ratio:.4g} to {others}, or None."
        )
    rows = np.flatnonzero(data.y == 1)
    rng = np.random.default_rng(random_state)
    dropped = rng.choice(rows, data.n_rare - n_kept, replace=False)
    kept = np.delete(np.arange(len(data.y)), dropped)
    truth = data.truth
    if truth is not None:
        # Bayes' rule with fewer rare rows: the odds shrink by the share that was kept.
        odds = truth.iloc[kept] * (n_kept / data.n_rare)
        truth = odds / (odds + 1 - truth.iloc[kept])
    X, y = (part.iloc[kept].reset_index(drop=True) for part in (data.X, data.y))
    truth = truth if truth is None else truth.reset_index(drop=True)
    return ImbalancedData(f"{data.name} 1:{ratio:g}", X, y, data.rare, truth)


def _bundled(name: str) -> ImbalancedData:
    import sklearn.datasets  # scikit-learn takes a second to import

    loader, code, rare = BUNDLED[name]
    bunch = getattr(sklearn.datasets, loader)()
    X = pd.DataFrame(bunch.data, columns=[str(column) for column in bunch.feature_names])
    y = pd.Series((bunch.target == code).astype("int64"), name="y")
    return ImbalancedData(name, X, y, rare)


def _fetched(name: str) -> ImbalancedData:
    from imblearn.datasets import fetch_datasets

    try:
        bunch = fetch_datasets(filter_data=(name,))[name]
    except ValueError as error:
        raise ValueError(
            f"name={name!r} is unknown. Use one of {', '.join(BUNDLED)}, simulated, or a set that "
            "imblearn.datasets.fetch_datasets lists; load_csv reads a file of your own."
        ) from error
    except OSError as error:
        raise ConnectionError(
            f"{name!r} is fetched over the network, which failed: {error}. Without a network, use "
            f"one of {', '.join(BUNDLED)} or simulated."
        ) from error
    return make_rare(bunch.data, bunch.target, rare=1, name=name)


def _simulated(random_state: int) -> ImbalancedData:
    from sklearn.datasets import make_classification

    recorder, facts = _Recorder(random_state), SIMULATED
    n_features = facts["informative"] + facts["redundant"] + facts["noise"]
    X, y = make_classification(
        facts["n_samples"],
        n_features,
        n_informative=facts["informative"],
        n_redundant=facts["redundant"],
        n_clusters_per_class=1,
        weights=[1 - facts["rare"]],
        flip_y=0,
        class_sep=SEPARATION,
        shuffle=False,
        random_state=recorder,
    )
    truth = _true_probability(X[:, : facts["informative"]], y, recorder.drawn[:2])
    order = np.random.default_rng(random_state).permutation(len(y))
    names = [
        f"{kind}_{i + 1}"
        for kind in ("informative", "redundant", "noise")
        for i in range(facts[kind])
    ]
    return ImbalancedData(
        "simulated",
        pd.DataFrame(X[order], columns=names),
        pd.Series(y[order].astype("int64"), name="y"),
        "the smaller cluster",
        pd.Series(truth[order], name="truth"),
    )


class _Recorder(np.random.RandomState):  # make_classification takes no newer generator
    """A generator that remembers the square matrices that ``make_classification`` draws from it."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.drawn: list[np.ndarray] = []

    def uniform(self, *args: object, **settings: object) -> np.ndarray:
        values = super().uniform(*args, **settings)
        if np.ndim(values) == 2 and values.shape[0] == values.shape[1]:
            self.drawn.append(2 * values - 1)
        return values


def _true_probability(X: np.ndarray, y: np.ndarray, matrices: list[np.ndarray]) -> np.ndarray:
    """Apply Bayes' rule to the two normal clusters that the rows were drawn from.

    A cluster's rows are standard normal, times a matrix, plus a corner of a cube. The mean of the
    rows is so close to the corner that its signs name it.
    """
    from scipy.stats import multivariate_normal

    logs = []
    for label, matrix in enumerate(matrices):
        corner = SEPARATION * np.sign(X[y == label].mean(axis=0))
        cluster = multivariate_normal(corner, matrix.T @ matrix)
        logs.append(cluster.logpdf(X) + np.log((y == label).mean()))
    return 1 / (1 + np.exp(np.clip(logs[0] - logs[1], -700, 700)))


def load_csv(
    path: str | os.PathLike,
    target: str,
    *,
    rare: object = None,
    drop: str | list[str] | tuple[str, ...] = (),
    name: str | None = None,
) -> ImbalancedData:
    """Load a table of your own, with the column that holds the classes.

    Parameters
    ----------
    path : str or path
        A CSV file in UTF-8 with a header and no empty cells.
    target : str
        The column with the classes.
    rare : object, optional
        The class that is rare, as it stands in the file; the others become the rest. By default
        the one with the fewest rows.
    drop : str or list of str
        Columns to leave out, such as a row number or a name.
    name : str, optional
        By which benchmarks and pictures call it; by default the file's name.

    Returns
    -------
    ImbalancedData
        Columns of numbers as numbers, others as categories. ``make_rare(data.X, data.y, rare=1,
        ratio=50)`` makes it rarer.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    KeyError
        If ``target`` or a column to drop is not in the file.
    ValueError
        If the file is empty or no table, a cell is empty, a column of numbers holds text or an
        infinite value, a column of text names rows instead of describing them, or there is only
        one class; every fault is named with its row (the line of the file) and its column.
    """
    path, drop = Path(path), [drop] if isinstance(drop, str) else list(drop)
    table = read_text_table(path)
    for column in [target, *drop]:
        if column not in table:
            raise KeyError(f"{path.name} has no column {column!r}. It has {list(table)}.")
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
    empty = column == ""
    faults = _where(column, empty, lambda _: "is empty")
    filled = column[~empty]
    numbers = pd.to_numeric(filled, errors="coerce")
    if len(filled) and numbers.notna().mean() > MOSTLY:
        wrong = ~np.isfinite(numbers)
        return faults + _where(filled, wrong, lambda cell: f"is {cell!r}, where a number belongs")
    if len(filled) >= 20 and filled.nunique() > NAMES * len(filled):
        what = f"has {filled.nunique()} different texts in {len(filled)} rows, which name the rows"
        faults.append((WHOLE_COLUMN, str(column.name), what))
    return faults


def _where(column: pd.Series, mask: pd.Series, words: Callable[[str], str]) -> list[Fault]:
    return [(row, str(column.name), words(column[row])) for row in column.index[mask]]
