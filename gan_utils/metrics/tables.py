"""Measures of a synthetic table against a real one, each a pure function of the rows.

A table is a DataFrame (or an array) with numeric and categorical columns. Dates count as numbers
(days); text, booleans and categories count as categories. Columns may come in any order and the
order of the rows never matters. The definitions of the column measures are those of SDMetrics;
they are computed with SciPy here, because importing SDMetrics also loads PyTorch (the tests
compare the two on the same rows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.api import types

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from sklearn.base import BaseEstimator

    Table = pd.DataFrame | pd.Series | ArrayLike

#: The four questions, in the order in which every card asks them.
QUESTIONS = {
    "fidelity": "Does it look real?",
    "diversity": "Is it varied?",
    "utility": "Is it useful?",
    "novelty": "Is it new?",
}
#: Two rows closer than this, in standard deviations, are one row written with another rounding.
SAME_ROW = 1e-6

#: Trees of the default forests: more of them move C2ST by less than another seed does.
N_TREES = 100


class UndefinedMeasureError(ValueError):
    """A measure has no value for these rows, such as the correlation of a constant column."""


def ks_complement(real: Table, synthetic: Table) -> float:
    """Agreement of the distribution of each numeric column, averaged over the columns.

    One minus the Kolmogorov-Smirnov statistic, which is the largest gap between the two
    cumulative distributions.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        The same columns in any order; categorical columns are passed over.

    Returns
    -------
    float in [0, 1]
        1 where every column has the same distribution, 0 where no column overlaps.

    Raises
    ------
    UndefinedMeasureError
        If no column is numeric.
    ValueError
        If a table is empty, has a missing value, or its columns differ from the other's.

    References
    ----------
    SDMetrics, KSComplement.
    """
    from scipy.stats import ks_2samp

    real, synthetic = _align(real, synthetic)
    names = _numeric(real)
    if not names:
        raise UndefinedMeasureError("no column is numeric. Use tv_complement for categories.")
    gaps = [ks_2samp(real[name], synthetic[name], method="asymp").statistic for name in names]
    return float(1 - np.mean(gaps))


def tv_complement(real: Table, synthetic: Table) -> float:
    """Agreement of the shares of each category, averaged over the categorical columns.

    One minus the total variation distance: half the sum of the differences of the shares.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        The same columns in any order; numeric columns are passed over.

    Returns
    -------
    float in [0, 1]
        1 where every category is equally common in both, 0 where they share no category.

    Raises
    ------
    UndefinedMeasureError
        If no column is categorical.
    ValueError
        If a table is empty, has a missing value, or its columns differ from the other's.

    References
    ----------
    SDMetrics, TVComplement.
    """
    real, synthetic = _align(real, synthetic)
    names = [name for name in real if name not in _numeric(real)]
    if not names:
        raise UndefinedMeasureError("no column is categorical. Use ks_complement for numbers.")
    shares = [[t[name].value_counts(normalize=True) for t in (real, synthetic)] for name in names]
    return float(1 - np.mean([r.sub(s, fill_value=0).abs().sum() / 2 for r, s in shares]))


def correlation_similarity(real: Table, synthetic: Table) -> float:
    """Agreement of the Pearson correlations, averaged over all pairs of numeric columns.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), or array
        The same columns in any order, two of them numeric; categorical columns are passed over.

    Returns
    -------
    float in [0, 1]
        1 where every correlation is the same, 0 where every one has flipped from -1 to 1.
        Moving or stretching a column (by a positive factor) changes nothing.

    Raises
    ------
    UndefinedMeasureError
        If fewer than two columns are numeric, or one is constant: it has no correlation.
    ValueError
        If a table is empty, has a missing value, or its columns differ from the other's.

    References
    ----------
    SDMetrics, CorrelationSimilarity, averaged over the pairs of columns.
    """
    real, synthetic = _align(real, synthetic)
    names = _numeric(real)
    if len(names) < 2:
        raise UndefinedMeasureError(
            f"a correlation needs two numeric columns, but there is {len(names)}. "
            f"Use ks_complement for a single column."
        )
    gaps = np.abs(_correlations(real, names, "real") - _correlations(synthetic, names, "synthetic"))
    return float(1 - gaps.mean() / 2)


def _correlations(table: pd.DataFrame, names: list, who: str) -> np.ndarray:
    """Return the correlations above the diagonal."""
    constant = [name for name in names if np.ptp(table[name]) == 0]
    if constant:
        raise UndefinedMeasureError(
            f"column {constant[0]!r} of the {who} table is constant, so it has no correlation. "
            f"Leave it out of both tables, or mend the generator that wrote it."
        )
    matrix = np.corrcoef(table[names].to_numpy(), rowvar=False)
    return matrix[np.triu_indices(len(names), k=1)]


def c2st(
    real: Table,
    synthetic: Table,
    *,
    classifier: BaseEstimator | None = None,
    n_folds: int = 5,
    random_state: int | None = 0,
) -> float:
    """Classifier two-sample test: how well a classifier tells synthetic rows from real ones.

    Each row is judged by a classifier that was trained on the other folds. The area under the ROC
    curve of these judgements, or one minus it where that is larger.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        The same columns in any order. Categories are one-hot encoded, numbers are scaled by the
        standard deviation of the real column.
    classifier : scikit-learn classifier, optional
        One with ``predict_proba``; a random forest by default.
    n_folds : int, at least 2
        Stratified folds; each table needs at least as many rows.
    random_state : int, optional
        Seed of the folds and of the default forest.

    Returns
    -------
    float in [0.5, 1]
        0.5 is perfect: no better than a coin. 1 where every row is recognised. Rows copied from
        the real table raise it too, since a copy is judged by its twin, which has the other label.

    Raises
    ------
    ValueError
        If a table has fewer rows than folds, a missing value, or columns unlike the other's.

    References
    ----------
    Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    tables = dict(zip(("real", "synthetic"), _align(real, synthetic), strict=True))
    _check_folds(tables, n_folds)
    points = [_sorted(rows) for rows in _encode(*tables.values())]
    label = np.repeat([0, 1], [len(rows) for rows in points])
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=random_state)
    model = _forest("classifier", random_state) if classifier is None else classifier
    judged = cross_val_predict(
        model, np.vstack(points), label, cv=folds, method="predict_proba", n_jobs=1
    )
    area = roc_auc_score(label, judged[:, 1])
    return float(max(area, 1 - area))


def coverage(real: Table, synthetic: Table, k: int = 5) -> float:
    """Share of the real rows that have a synthetic row in their neighbourhood.

    The neighbourhood of a real row reaches as far as its k-th closest other real row.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        The same columns in any order, n > k. Distances are those of ``distance_to_closest``.
    k : int, at least 1
        Size of a neighbourhood.

    Returns
    -------
    float in [0, 1]
        1 where every real row is covered. Fewer synthetic rows cover less, so compare tables of
        one size. A generator that writes one kind of row (mode collapse) covers little.

    Raises
    ------
    ValueError
        If there are not more than k real rows, or the tables are not comparable.

    References
    ----------
    Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models. There the
    border of a neighbourhood does not belong to it; here it does, so that repeated real rows
    (a neighbourhood of radius zero) can be covered by another such row.
    """
    real, synthetic = _align(real, synthetic)
    if not 1 <= k < len(real):
        raise ValueError(
            f"the real table has {len(real)} rows, but k={k} needs at least {k + 1}. "
            f"Use k from 1 to {len(real) - 1}."
            if len(real) > 1 and k >= 1
            else f"k={k} with {len(real)} real rows: k must be at least 1 and below the rows."
        )
    real, synthetic = _encode(real, synthetic)
    radius = _neighbour_distances(real, None, k)
    closest = _neighbour_distances(real, synthetic, 1)
    return float(np.mean(closest <= radius * (1 + 1e-9)))


def tstr(
    synthetic: pd.DataFrame,
    real_test: pd.DataFrame,
    target: str,
    *,
    classifier: BaseEstimator | None = None,
    score: str = "auto",
    random_state: int | None = 0,
) -> float:
    """Train on synthetic, test on real: how good is a model that never saw a real row.

    With real training rows in place of ``synthetic`` it is TRTR, the number to compare it with.

    Parameters
    ----------
    synthetic : DataFrame of shape (m, d)
        Training rows.
    real_test : DataFrame of shape (n, d)
        Real rows that the synthesizer never saw; the same columns in any order.
    target : str
        The column to predict from the others. Text, booleans and categories are classes, numbers
        are regressed; write ``astype("category")`` where numbers stand for classes.
    classifier : scikit-learn classifier (or regressor), optional
        A random forest by default.
    score : {"auto", "balanced_accuracy", "macro_f1", "r2"}
        ``"auto"`` is balanced accuracy for classes and R² for numbers.
    random_state : int, optional
        Seed of the default forest.

    Returns
    -------
    float
        Balanced accuracy or macro F1 in [0, 1], over the classes in ``real_test``; R² is at most
        1, and 0 is what the mean of ``real_test`` would reach.

    Raises
    ------
    KeyError
        If ``target`` is not a column.
    ValueError
        If no other column is left, ``real_test`` has a single class or value, ``score`` does not
        fit the target, or the tables are not comparable.

    References
    ----------
    Esteban, Hyland and Rätsch (2017), Real-valued (medical) time series generation with recurrent
    conditional GANs.
    """
    test, train = _align(real_test, synthetic, names=("real_test", "synthetic"))
    score = _check_target(test, target, score)
    answer, truth = train.pop(target), test.pop(target)
    known, asked = _encode(train, test)
    order = np.lexsort([*known.T, answer.to_numpy()])
    model = classifier
    if model is None:
        model = _forest("regressor" if score == "r2" else "classifier", random_state)
    return _judge(score, truth, _fit_clone(model, known[order], answer.iloc[order]).predict(asked))


def _fit_clone(model: BaseEstimator, points: np.ndarray, answer: pd.Series) -> BaseEstimator:
    """Fit a copy, so that the caller's model stays as it was."""
    from sklearn.base import clone

    return clone(model).fit(points, answer.to_numpy())


def _judge(score: str, truth: pd.Series, guess: np.ndarray) -> float:
    from sklearn.metrics import f1_score, r2_score, recall_score

    if score == "r2":
        return float(r2_score(truth, guess))
    measure = f1_score if score == "macro_f1" else recall_score
    # The mean recall is the balanced accuracy; said this way it accepts a guess that is no
    # class of the test rows without a warning.
    classes = sorted(truth.unique())
    return float(measure(truth, guess, labels=classes, average="macro", zero_division=0))


def _check_target(test: pd.DataFrame, target: str, score: str) -> str:
    """Return the score to use, or say why the target cannot be predicted."""
    if target not in test:
        raise KeyError(f"target {target!r} is not a column. The columns are {list(test)}.")
    if test.shape[1] == 1:
        raise ValueError(f"{target!r} is the only column, so nothing is left to predict it from.")
    if test[target].nunique() < 2:
        raise ValueError(
            f"target {target!r} is {test[target].iloc[0]!r} in every row of real_test, so there is "
            f"nothing to predict. Keep test rows of at least two kinds."
        )
    fitting = ["r2"] if target in _numeric(test) else ["balanced_accuracy", "macro_f1"]
    if score not in ["auto", *fitting]:
        raise ValueError(
            f"score={score!r} does not fit target {target!r}. Use one of {['auto', *fitting]}."
        )
    return fitting[0] if score == "auto" else score


def exact_copies(synthetic: Table, train: Table) -> int:
    """Count the synthetic rows that are a row of the training table.

    Parameters
    ----------
    synthetic, train : DataFrame of shape (m, d) and (n, d), Series, or array
        The same columns in any order.

    Returns
    -------
    int in [0, m]
        Rows equal in every column (numbers up to a millionth of a standard deviation). In a table
        of few whole numbers some real rows repeat too: compare with held-out real rows.

    Raises
    ------
    ValueError
        If the tables are not comparable.
    """
    return int((distance_to_closest(synthetic, train) < SAME_ROW).sum())


def distance_to_closest(rows: Table, train: Table | None = None) -> np.ndarray:
    """Distance from each row to the closest row of the training table.

    Rows closer to the training table than held-out real rows are a sign of copying. The reverse
    proves nothing: a row that is far from all others can still give a person away.

    Parameters
    ----------
    rows : DataFrame of shape (m, d), Series, or array
        Synthetic rows, or held-out real rows.
    train : DataFrame of shape (n, d), Series, or array, optional
        The same columns in any order. Where it is left out, each row is compared with the
        *other* rows of its own table.

    Returns
    -------
    ndarray of shape (m,)
        Euclidean distances, at least 0, in the order of ``rows``. Each numeric column is divided
        by its standard deviation in ``train``; another category adds the square root of 2.

    Raises
    ------
    ValueError
        If the tables are not comparable, or a table on its own has one row.
    """
    if train is None:
        (rows,) = _encode(_check(_as_table(rows, "rows"), "rows"))
        if len(rows) < 2:
            raise ValueError("one row has no other row to be close to. Give train=, or more rows.")
        return _neighbour_distances(rows, None, 1)
    train, rows = _encode(*_align(train, rows, names=("train", "rows")))
    return _neighbour_distances(rows, train, 1)


def _neighbour_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    """Return the distance to the k-th closest of the others, or of the other points."""
    from sklearn.neighbors import NearestNeighbors

    # A tree subtracts coordinates, so that equal rows are exactly 0 apart; the brute-force way
    # multiplies them, which leaves a trace of rounding.
    search = NearestNeighbors(n_neighbors=k, algorithm="kd_tree", n_jobs=1)
    search.fit(points if others is None else others)
    return search.kneighbors(None if others is None else points)[0][:, -1]


def probability_bins(probability: np.ndarray, n_bins: int) -> np.ndarray:
    """Find the bins of equal width that probabilities fall into.

    Parameters
    ----------
    probability : array of shape (n,), in [0, 1]
        Any probabilities.
    n_bins : int
        How many bins; 1 itself belongs to the last.

    Returns
    -------
    array of int of shape (n,)
        0 to ``n_bins`` - 1.
    """
    return np.minimum((probability * n_bins).astype(int), n_bins - 1)


def numeric_columns(table: pd.DataFrame) -> list:
    """Name the columns that are measured as numbers: numbers and dates, but not booleans.

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
        for name, column in table.infer_objects().items()
        if any(is_kind(column) for is_kind in kinds) and not types.is_bool_dtype(column)
    ]


def _forest(kind: str, random_state: int | None) -> BaseEstimator:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestClassifier if kind == "classifier" else RandomForestRegressor
    return forest(N_TREES, random_state=random_state, n_jobs=1)


def _check_folds(tables: dict[str, pd.DataFrame], n_folds: int) -> None:
    who, rows = min(((name, len(table)) for name, table in tables.items()), key=lambda t: t[1])
    if n_folds < 2 or rows < 2:
        raise ValueError(f"n_folds={n_folds} and {rows} {who} rows: each must be at least 2.")
    if rows < n_folds:
        raise ValueError(
            f"the {who} table has {rows} rows, but n_folds={n_folds} needs at least {n_folds}. "
            f"Use n_folds <= {rows}, or more rows."
        )


def _align(
    real: Table, synthetic: Table, names: tuple[str, str] = ("real", "synthetic")
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two checked tables with the same columns in the same order and of the same kinds."""
    first, second = (_as_table(t, name) for t, name in zip((real, synthetic), names, strict=True))
    _check_columns(first, second, names)
    # An order of its own, so that the order in which columns arrive changes no seeded result.
    order = sorted(first.columns, key=str)
    first, second = _check(first[order], names[0]), _check(second[order], names[1])
    for name in order:
        if (name in _numeric(first)) != (name in _numeric(second)):
            raise ValueError(
                f"column {name!r} is numeric in only one of the tables {names[0]} and {names[1]}. "
                f"Give it the same dtype in both, with astype."
            )
    return first, second


def _check_columns(first: pd.DataFrame, second: pd.DataFrame, names: tuple[str, str]) -> None:
    missing = [name for name in first if name not in second]
    extra = [name for name in second if name not in first]
    if missing or extra:
        raise ValueError(
            f"the tables differ in their columns: only {names[0]} has {missing}, only "
            f"{names[1]} has {extra}. Give both the same columns, in any order."
        )


def _as_table(table: Table, who: str) -> pd.DataFrame:
    """Make a DataFrame of an array or a column."""
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, pd.Series):
        return table.to_frame(0)
    values = np.asarray(table)
    if values.ndim not in (1, 2):
        raise TypeError(f"{who} must be a table, but it is {type(table).__name__}.")
    return pd.DataFrame(values.reshape(len(values), -1))


def _check(table: pd.DataFrame, who: str) -> pd.DataFrame:
    """Refuse what cannot be measured; return numbers as floats, dates as days, the rest as text."""
    if table.shape[0] == 0 or table.shape[1] == 0:
        raise ValueError(f"the {who} table is empty: its shape is {table.shape}. Give it rows.")
    if table.columns.has_duplicates:
        name = table.columns[table.columns.duplicated()][0]
        raise ValueError(f"column {name!r} appears twice in {who}. Give each its own name.")
    plain = {name: _plain(column, who) for name, column in table.infer_objects().items()}
    return pd.DataFrame(plain).reset_index(drop=True)


def _plain(column: pd.Series, who: str) -> pd.Series:
    missing = column.isna().to_numpy()
    if missing.any():
        raise ValueError(
            f"column {column.name!r} of {who} has {missing.sum()} missing values, the first in row "
            f"{column.index[missing.argmax()]!r}. Fill or drop them first."
        )
    if types.is_datetime64_any_dtype(column):
        column = column - pd.Timestamp(0, tz=column.dt.tz)
    if types.is_timedelta64_dtype(column):
        column = column / pd.Timedelta(days=1)
    if not numeric_columns(column.to_frame()):
        return column.astype(str).astype(object)
    if not np.isfinite(column.to_numpy(float)).all():
        raise ValueError(f"column {column.name!r} of {who} is infinite somewhere. Mend those rows.")
    return column.astype(float)


def _numeric(table: pd.DataFrame) -> list:
    """Name the numeric columns of a checked table."""
    return [name for name, dtype in table.dtypes.items() if types.is_float_dtype(dtype)]


def _encode(reference: pd.DataFrame, *others: pd.DataFrame) -> list[np.ndarray]:
    """Scale the numbers by the reference's standard deviation and one-hot encode the categories."""
    together = pd.concat([reference, *others], ignore_index=True)
    numeric = _numeric(reference)
    spread = reference[numeric].std(ddof=0)
    # Values that differ only by rounding have no spread worth dividing by.
    tiny = spread <= 1e-12 * reference[numeric].abs().max()
    blocks = [together[numeric] / spread.mask(tiny, 1.0)]
    blocks += [pd.get_dummies(together[c], dtype=float) for c in together if c not in numeric]
    points = np.hstack([block.to_numpy(float) for block in blocks])
    return np.split(points, np.cumsum([len(t) for t in (reference, *others)])[:-1])


def _sorted(points: np.ndarray) -> np.ndarray:
    """Order the rows by their values, so that the order in which they came changes nothing."""
    return points[np.lexsort(points.T)]
