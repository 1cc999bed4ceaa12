"""Pure functions that compare a synthetic table with a real one.

A table is a DataFrame (or an array) with numeric and categorical columns. Dates count as numbers
(days); text, booleans and pandas categoricals count as categories. The order of columns and rows
does not matter. The column measures are defined as in SDMetrics but computed here, because
importing SDMetrics also loads PyTorch (the tests compare both implementations on the same rows).

Each measure takes two tables, or one `TablePair`, whose tables are checked and encoded only once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils.metrics.alignment import TablePair, UndefinedMeasureError
from gan_utils.metrics.neighbours import covered
from gan_utils.metrics.two_sample import equal_groups, grouped_folds, held_out_auc
from gan_utils.metrics.usefulness import default_forest

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

    from gan_utils.metrics.alignment import Table

#: Number of trees in the C2ST's forest. With 100 trees, the test takes twice as long, and the mean
#: over seeds changes by at most 0.006; the standard deviation over seeds is 0.014 to 0.032
#: (`benchmarks/scorecard.py`).
C2ST_TREES = 50

#: The four questions of a scorecard, in the order in which they are printed.
QUESTIONS = {
    "fidelity": "Does it look real?",
    "diversity": "Is it varied?",
    "utility": "Is it useful?",
    "novelty": "Is it new?",
}


def ks_complement(real: Table | TablePair, synthetic: Table | None = None) -> float:
    """Measure how well the distributions of the numeric columns agree, averaged over the columns.

    For each column, this is one minus the Kolmogorov-Smirnov statistic, which is the largest gap
    between the two cumulative distributions.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        Tables with the same columns, in any order; categorical columns are ignored.

    Returns
    -------
    float in [0, 1]
        1 if each distribution is the same in both tables, 0 if the two ranges do not overlap in any
        column.

    Raises
    ------
    UndefinedMeasureError
        If no column is numeric.
    ValueError
        If a table is empty or has a missing value, or the tables differ in their columns.

    References
    ----------
    SDMetrics, KSComplement.
    """
    from scipy.stats import ks_2samp

    pair = _pair_of(real, synthetic)
    if not pair.numeric:
        raise UndefinedMeasureError("no column is numeric. Use tv_complement for categories.")
    gaps = [
        ks_2samp(pair.reference[name], pair.other[name], method="asymp").statistic
        for name in pair.numeric
    ]
    return float(1 - np.mean(gaps))


def tv_complement(real: Table | TablePair, synthetic: Table | None = None) -> float:
    """Measure how well the shares of the categories agree, averaged over the categorical columns.

    For each column, this is one minus the total variation distance, which is half the sum of the
    absolute differences between the shares.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        Tables with the same columns, in any order; numeric columns are ignored.

    Returns
    -------
    float in [0, 1]
        1 if every category is equally common in both tables, 0 if they have no category in common.

    Raises
    ------
    UndefinedMeasureError
        If no column is categorical.
    ValueError
        If a table is empty or has a missing value, or the tables differ in their columns.

    References
    ----------
    SDMetrics, TVComplement.
    """
    pair = _pair_of(real, synthetic)
    tables = pair.reference, pair.other
    names = [name for name in pair.reference if name not in pair.numeric]
    if not names:
        raise UndefinedMeasureError("no column is categorical. Use ks_complement for numbers.")
    shares = [[t[name].value_counts(normalize=True) for t in tables] for name in names]
    return float(1 - np.mean([r.sub(s, fill_value=0).abs().sum() / 2 for r, s in shares]))


def correlation_similarity(real: Table | TablePair, synthetic: Table | None = None) -> float:
    """Measure how well the Pearson correlations agree, averaged over all pairs of numeric columns.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), or array
        Tables with the same columns, in any order. At least two columns must be numeric;
        categorical ones are ignored.

    Returns
    -------
    float in [0, 1]
        1 if all correlations are the same in both tables, 0 if each is -1 in one table and 1 in the
        other. Shifting or stretching a column (by a positive factor) does not change
        the result.

    Raises
    ------
    UndefinedMeasureError
        If fewer than two columns are numeric, or one is constant and so has no correlation.
    ValueError
        If a table is empty or has a missing value, or the tables differ in their columns.

    References
    ----------
    SDMetrics, CorrelationSimilarity; here it is averaged over the pairs of columns.
    """
    pair = _pair_of(real, synthetic)
    names = pair.numeric
    if len(names) < 2:
        raise UndefinedMeasureError(
            f"a correlation needs two numeric columns, but there is {len(names)}. "
            f"Use ks_complement for a single column."
        )
    real_ones = _correlations(pair.reference, names, "real")
    gaps = np.abs(real_ones - _correlations(pair.other, names, "synthetic"))
    return float(1 - gaps.mean() / 2)


def _correlations(table: pd.DataFrame, names: list, who: str) -> np.ndarray:
    """Return the correlations above the diagonal of the correlation matrix."""
    constant = [name for name in names if np.ptp(table[name]) == 0]
    if constant:
        raise UndefinedMeasureError(
            f"column {constant[0]!r} of the {who} table is constant, so it has no correlation. "
            f"Leave it out of both tables, or mend the generator that wrote it."
        )
    matrix = np.corrcoef(table[names].to_numpy(), rowvar=False)
    return matrix[np.triu_indices(len(names), k=1)]


def c2st(
    real: Table | TablePair,
    synthetic: Table | None = None,
    *,
    classifier: BaseEstimator | None = None,
    n_folds: int = 5,
    random_state: int | None = 0,
) -> float:
    """Measure how well a classifier tells synthetic rows from real ones (two-sample test).

    Each row is classified by a model that was trained on the other folds. The result is the
    area under the ROC curve of these predictions (AUC), but at least 0.5.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        Tables with the same columns, in any order. Categories are one-hot encoded; numbers are
        divided by the standard deviation of the real column. The real rows should be rows that the
        generator was not trained on: if synthetic rows lie close to their training rows, the
        classifier is misled, and a comparison with the training rows is too favourable.
    classifier : scikit-learn classifier, optional
        A classifier with ``predict_proba``; by default a random forest of `C2ST_TREES` trees.
    n_folds : int, at least 2
        Number of stratified folds; each table needs at least this many rows.
    random_state : int, optional
        Seed for the folds and the default forest.

    Returns
    -------
    float in [0.5, 1]
        At 0.5, which is ideal, the classifier is no better than chance; at 1, it separates the two
        tables perfectly. Equal rows are placed in the same fold, so that no row is classified by a
        model that was trained on its copies, unless there are more than ``n_folds`` of them. A
        table of copies therefore scores 0.5: use `exact_copies` to check whether rows are new.

    Raises
    ------
    ValueError
        If a table has a missing value or fewer than ``n_folds`` rows, or the columns differ.

    References
    ----------
    Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests.
    """
    check_small_seed(random_state)
    pair = _pair_of(real, synthetic)
    _check_n_folds(pair, n_folds)
    points = [_sorted(rows) for rows in pair.points]
    label = np.repeat([0, 1], [len(rows) for rows in points])
    # Adding 0.0 turns -0.0, whose bytes differ, into 0.0.
    together = np.vstack(points) + 0.0
    groups = equal_groups([row.tobytes() for row in together], n_folds)
    model = classifier
    if model is None:
        model = default_forest("classifier", random_state, n_trees=C2ST_TREES)
    folds = grouped_folds(label, groups, n_folds, random_state)
    return held_out_auc(model, together, label, folds)


def coverage(real: Table | TablePair, synthetic: Table | None = None, k: int = 5) -> float:
    """Compute the share of the real rows that have a synthetic row in their neighbourhood.

    The neighbourhood of a real row extends to the k-th closest of the other real rows.

    Parameters
    ----------
    real, synthetic : DataFrame of shape (n, d) and (m, d), Series, or array
        Tables with the same columns, in any order; n must be greater than k. Distances are computed
        as in ``distance_to_closest``.
    k : int, at least 1
        A neighbourhood extends to the k-th nearest neighbour.

    Returns
    -------
    float in [0, 1]
        1 if every real row is covered. With fewer synthetic rows, coverage is lower, so compare
        only tables of the same size. If a generator makes only one kind of row (mode collapse),
        coverage is low.

    Raises
    ------
    ValueError
        If ``k`` is not between 1 and n - 1, or the tables are not comparable.

    References
    ----------
    Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models. In the
    paper, the border of a neighbourhood is excluded; here it is included, so repeated real rows
    (whose neighbourhood has radius zero) can be covered by an identical synthetic row.
    """
    check_count("k", k)
    points, others = _pair_of(real, synthetic).points
    if k >= len(points):
        raise ValueError(
            f"the real table has {len(points)} rows, but k={k} needs at least {k + 1}. "
            f"Use k from 1 to {len(points) - 1}."
            if len(points) > 1
            else f"k={k} with {len(points)} real rows: k must be at least 1 and below the rows."
        )
    return float(covered(points, others, k).mean())


def probability_bins(probability: np.ndarray, n_bins: int) -> np.ndarray:
    """Find the equal-width bin that contains each probability.

    Parameters
    ----------
    probability : array of shape (n,), in [0, 1]
        The probabilities.
    n_bins : int
        Number of bins; a probability of 1 belongs to the last bin.

    Returns
    -------
    array of int of shape (n,)
        The bin of each probability, from 0 to ``n_bins`` - 1.
    """
    return np.minimum((probability * n_bins).astype(int), n_bins - 1)


def _pair_of(real: Table | TablePair, synthetic: Table | None) -> TablePair:
    return real if isinstance(real, TablePair) else TablePair(real, synthetic)


def _check_n_folds(pair: TablePair, n_folds: int) -> None:
    check_count("n_folds", n_folds, 2)
    tables = dict(zip(pair.names, (pair.reference, pair.other), strict=True))
    who, rows = min(((name, len(table)) for name, table in tables.items()), key=lambda t: t[1])
    if rows < 2:
        raise ValueError(f"n_folds={n_folds} and {rows} {who} rows: each must be at least 2.")
    if rows < n_folds:
        raise ValueError(
            f"the {who} table has {rows} rows, but n_folds={n_folds} needs at least {n_folds}. "
            f"Use n_folds <= {rows}, or more rows."
        )


def _sorted(points: np.ndarray) -> np.ndarray:
    """Sort the rows by value, which removes any effect of their original order."""
    return points[np.lexsort(points.T)]
