"""Load tables with one rare class, including a simulated table with known probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gan_utils.datasets.simulated import simulate_rare

#: The bundled tables, each with its scikit-learn loader and the class that is made rare.
BUNDLED = {
    "iris": ("load_iris", 2, "virginica"),
    "wine": ("load_wine", 2, "class_2"),
    "breast_cancer": ("load_breast_cancer", 0, "malignant"),
    "digits": ("load_digits", 8, "8"),
}


@dataclass(frozen=True)
class ImbalancedData:
    """A table with a rare class; all other classes are combined into one.

    Attributes
    ----------
    name : str
        Name in benchmarks and figures.
    X : DataFrame of shape (n, d)
        The features.
    y : Series of shape (n,)
        1 for the rare class and 0 for all others, with the same index as ``X``.
    rare : str
        The name of the rare class.
    truth : Series of shape (n,), optional
        Each row's true probability of being rare, if the data was simulated. No classifier can
        make better predictions than these probabilities.
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
        """Number of rare rows."""
        return int(self.y.sum())

    @property
    def ratio(self) -> float:
        """Number of other rows per rare row."""
        return (len(self.y) - self.n_rare) / self.n_rare

    def __repr__(self) -> str:
        return (
            f"{self.name}: {len(self.y):,} rows x {self.X.shape[1]} columns, {self.n_rare} rare "
            f"({self.rare}), 1:{self.ratio:.3g}"
        )


def load_imbalanced(
    name: str, ratio: float | None = None, random_state: int | None = 0
) -> ImbalancedData:
    """Load a table with a rare class, and make this class rarer if ``ratio`` is given.

    Parameters
    ----------
    name : str
        ``"iris"``, ``"wine"``, ``"breast_cancer"`` and ``"digits"`` come from scikit-learn; their
        rare classes are virginica, class_2, malignant and the 8s, respectively. A row of
        ``"digits"`` consists of 64 grey values. The name can also be ``"simulated"``, or the name
        of a data set in imbalanced-learn's collection, such as ``"ecoli"`` or ``"abalone"``; such
        a data set is downloaded once.
    ratio : float, optional
        Number of other rows per rare row; 20 means 1:20. Rare rows are removed at random until the
        ratio is reached. By default, none are removed.
    random_state : int, optional
        Seed for the simulation and for the choice of rows to remove.

    Returns
    -------
    ImbalancedData

    Raises
    ------
    ValueError
        If the name is unknown, or the ratio cannot be reached by removing rare rows.
    ConnectionError
        If a data set from imbalanced-learn cannot be downloaded.

    Notes
    -----
    ``"simulated"`` is a table of 50,000 rows, 1 % of which are rare, drawn by scikit-learn's
    ``make_classification``. There is one cluster per class and ``flip_y=0``, so no label is wrong,
    and the classes overlap only where their clusters overlap. Three columns are informative, three
    are combinations of the informative columns, and fourteen are noise. Both clusters have known
    normal distributions. Therefore, each row's true probability of being rare (``truth``) and the
    best score that any classifier can reach are also known. If a ``ratio`` is given, the
    probabilities are adjusted to this ratio. How much the clusters overlap depends on the seed.

    Examples
    --------
    >>> load_imbalanced("wine", ratio=10)
    wine 1:10: 143 rows x 13 columns, 13 rare (class_2), 1:10
    """
    if name == "simulated":
        X, y, truth = simulate_rare(0 if random_state is None else random_state)
        data = ImbalancedData("simulated", X, y, "the smaller cluster", truth)
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
    """Combine all classes except ``rare`` into one, and remove rows of ``rare`` to reach the ratio.

    Parameters
    ----------
    X : DataFrame or array of shape (n, d)
        The features.
    y : Series or array of shape (n,)
        The class of each row; there must be at least two classes.
    rare : object
        The class to make rare: one of the values in ``y``.
    ratio : float, optional
        Number of other rows per rare row. By default, no rows are removed.
    random_state : int, optional
        Seed for the choice of rows to remove.
    name : str
        Name in benchmarks and figures.

    Returns
    -------
    ImbalancedData
        The rows keep their order; if a ratio is given, the name includes it.

    Raises
    ------
    ValueError
        If ``rare`` is not a class of ``y`` or is its only class, ``y`` has missing values, the
        wrong number of rows or another index than ``X``, or the ratio cannot be reached.
    """
    _check_index(X, y)
    X = _features(X)
    labels = pd.Series(_labels(y, len(X)), X.index)
    if not (labels == rare).any():
        found = ", ".join(map(repr, labels.unique()[:10].tolist()))
        raise ValueError(f"rare={rare!r} is no class of y. It has {found}.")
    if (labels == rare).all():
        raise ValueError(f"every row is of the class {rare!r}: there is no rest to tell it from.")
    data = ImbalancedData(name, X, (labels == rare).astype("int64").rename("y"), str(rare))
    return data if ratio is None else _rarer(data, ratio, random_state)


def _features(X: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the features, so that later changes of ``X`` do not change the data."""
    if isinstance(X, pd.DataFrame):
        return X.copy()
    if hasattr(X, "toarray"):
        raise ValueError(f"X is a {type(X).__name__}, which is sparse. Give X.toarray().")
    values = np.array(X)
    if values.ndim not in (1, 2):
        raise ValueError(f"X must be a table; its shape is {values.shape}. Give rows and columns.")
    # An array of numbers and text holds objects, whose numbers would be taken for categories.
    return pd.DataFrame(values).infer_objects().rename(columns="x{}".format)


def _check_index(X: pd.DataFrame, y: pd.Series) -> None:
    """Reject classes whose index says that they belong to other rows."""
    kinds = pd.DataFrame | pd.Series
    if not (isinstance(X, kinds) and isinstance(y, kinds) and len(X) == len(y)):
        return
    if not X.index.equals(y.index):
        raise ValueError(
            "X and y have different indexes, so the rows of y may be in another order. Give "
            "y.reindex(X.index), or y.to_numpy() if row i of y belongs to row i of X."
        )


def _labels(y: pd.Series, n_rows: int) -> np.ndarray:
    """Return the classes as a one-dimensional array, with one class per row."""
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise ValueError(f"y must be one column of classes; its shape is {labels.shape}.")
    if len(labels) != n_rows:
        raise ValueError(f"X has {n_rows} rows, and y has {len(labels)}. Give one class per row.")
    if pd.isna(labels).any():
        first = int(np.flatnonzero(pd.isna(labels))[0])
        raise ValueError(f"y has a missing value in row {first}. Leave such rows out of X and y.")
    return labels


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
        # Bayes' rule with fewer rare rows: the odds are multiplied by the share of rare rows kept.
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
