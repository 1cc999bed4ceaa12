"""Compute the measures on the scorecard for tables, for synthetic rows and for real rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from gan_utils.metrics import tables as metrics
from gan_utils.metrics.alignment import (
    TablePair,
    UndefinedMeasureError,
    checked_table,
    numeric_columns,
)
from gan_utils.metrics.encoding import encode
from gan_utils.metrics.neighbours import has_twin, neighbour_distances
from gan_utils.metrics.novelty import SAME_ROW
from gan_utils.metrics.usefulness import tstr

#: Number of neighbours for coverage, as in Naeem et al. 2020.
K = 5
#: Number of random splits into halves that are averaged for a baseline; C2ST, which is slow, uses
#: two.
N_HALVES, N_SLOW_HALVES = 5, 2
#: Maximum number of rows per table for slow measures: C2ST, and those based on distances.
MOST_JUDGED, MOST_COMPARED = 2_500, 5_000
#: Maximum number of rows to train the model of TSTR on.
MOST_LEARNED = 10_000


def likeness(
    pair: TablePair, opposed: TablePair | None, random_state: int | None, notes: list[str]
) -> dict[str, float]:
    """Measure fidelity and diversity; leave out measures that the columns do not allow.

    Parameters
    ----------
    pair : TablePair
        Real and synthetic rows.
    opposed : TablePair, optional
        Held-out and synthetic rows, for C2ST: training rows that the synthetic rows are close to
        would mislead the classifier. Without it, C2ST is left out.
    random_state : int, optional
        Seed for the folds, the forests and the random samples of rows.
    notes : list of str
        A list to which a note is added for each undefined measure.

    Returns
    -------
    dict of str to float
        The value of each measure, or NaN if the measure is undefined.
    """
    n_numeric = len(pair.numeric)
    scores: dict[str, float] = {}
    if n_numeric:
        scores["KS complement"] = metrics.ks_complement(pair)
    if n_numeric < pair.reference.shape[1]:
        scores["TV complement"] = metrics.tv_complement(pair)
    if n_numeric > 1:
        scores["correlation similarity"] = _try(
            lambda: metrics.correlation_similarity(pair), "correlation similarity", notes
        )
    if opposed is not None:
        judged = opposed.sample(MOST_JUDGED, random_state)
        scores["C2ST"] = metrics.c2st(judged, random_state=random_state)
    return scores | {"coverage": _coverage(pair, random_state)}


def _coverage(pair: TablePair, random_state: int | None) -> float:
    """Compute coverage with no more synthetic than real rows, because extra rows would raise it."""
    most = min(MOST_COMPARED, len(pair.reference))
    return metrics.coverage(pair.sample(most, random_state), k=K)


def _try(measure: Callable[[], float], name: str, notes: list[str]) -> float:
    """Compute a measure; if it is undefined, add a note instead of stopping the lesson."""
    try:
        return measure()
    except UndefinedMeasureError as why:
        notes.append(f"{name} is undefined: {str(why).split('. ')[0]}.")
        return np.nan


def usefulness(
    table: pd.DataFrame,
    held_out: pd.DataFrame | None,
    target: str | None,
    random_state: int | None,
    notes: list[str],
) -> dict[str, float]:
    """Measure how well a model trained on the rows predicts held-out real rows.

    Parameters
    ----------
    table : DataFrame
        The rows to train on.
    held_out : DataFrame, optional
        Real rows to test on.
    target : str, optional
        The column to predict; if None, the value is NaN and a note is added.
    random_state : int, optional
        Seed for the forest and the random sample of rows.
    notes : list of str
        A list to which a note is added if nothing is measured.

    Returns
    -------
    dict of str to float
    """
    if target is None:
        notes.append("TSTR was not measured: it needs target=, a column to predict, and held_out=.")
        return {"TSTR": np.nan}
    name = "TSTR R²" if target in numeric_columns(held_out) else "TSTR balanced accuracy"
    if len(table) > MOST_LEARNED:
        table = table.sample(MOST_LEARNED, random_state=random_state)
    return {name: tstr(table, held_out, target, random_state=random_state)}


def novelty(
    pair: TablePair, random_state: int | None, baseline: dict[str, float], notes: list[str]
) -> dict[str, float]:
    """Measure the share of copies, and the distance to the closest training row.

    Parameters
    ----------
    pair : TablePair
        Training and synthetic rows.
    random_state : int, optional
        Seed for the random sample of rows.
    baseline : dict of str to float
        The same measures for real rows.
    notes : list of str
        A list to which a note is added for each undefined measure.

    Returns
    -------
    dict of str to float
    """
    closeness = _closeness(pair, random_state)
    median = baseline["distance to closest row (median)"]
    if median > 0:
        ratio = closeness["distance to closest row (median)"] / median
    else:
        ratio = np.nan
        notes.append("the distance ratio is undefined: most real rows repeat a training row.")
    return closeness | {"distance ratio to real rows": ratio}


def _closeness(pair: TablePair, random_state: int | None) -> dict[str, float]:
    """Compute the share of copies and the median distance to the closest row."""
    train, rows = pair.points
    copies = has_twin(rows, train, SAME_ROW).mean()
    return _closeness_of(float(copies), neighbour_distances(_some(rows, random_state), train, 1))


def _own_closeness(real: pd.DataFrame, random_state: int | None) -> dict[str, float]:
    """Compute the measures of `_closeness` for each real row among the other real rows."""
    (points,) = encode(checked_table(real, "real"))
    # Each row is its own nearest neighbour, at distance 0, so the second neighbour is used.
    distances = neighbour_distances(_some(points, random_state), points, 2)
    return _closeness_of(float(np.mean(distances < SAME_ROW)), distances)


def _closeness_of(copies: float, distances: np.ndarray) -> dict[str, float]:
    return {
        "exact copies (share)": copies,
        "distance to closest row (median)": float(np.median(distances)),
    }


def _some(rows: np.ndarray, random_state: int | None) -> np.ndarray:
    if len(rows) <= MOST_COMPARED:
        return rows
    return np.random.default_rng(random_state).permutation(rows)[:MOST_COMPARED]


def baseline_of(
    real: pd.DataFrame,
    held_out: pd.DataFrame | None,
    pair: TablePair | None,
    target: str | None,
    random_state: int | None,
) -> dict[str, float]:
    """Compute every measure with other real rows in place of the synthetic ones.

    Parameters
    ----------
    real : DataFrame of shape (n, d)
    held_out : DataFrame of shape (h, d), optional
        If it is omitted, two halves of the real rows are compared.
    pair : TablePair, optional
        Real and held-out rows; None without held-out rows.
    target : str, optional
        The column to predict.
    random_state : int, optional
        Seed for the folds, the forests and the random samples of rows.

    Returns
    -------
    dict of str to float
    """
    if pair is None:
        alike, closeness = _halves(real, random_state), _own_closeness(real, random_state)
    else:
        opposed = TablePair(held_out, real, names=("held_out", "real"))
        alike = likeness(pair, opposed, random_state, [])
        closeness = _closeness(pair, random_state)
    useful = usefulness(real, held_out, target, random_state, [])
    return alike | useful | closeness | {"distance ratio to real rows": 1.0}


def _halves(real: pd.DataFrame, random_state: int | None) -> dict[str, float]:
    """Compare one half of the real rows with the other half, averaged over a few random splits."""
    rng = np.random.default_rng(random_state)
    scores = []
    for turn in range(N_HALVES):
        order = rng.permutation(len(real))
        halves = TablePair(*(real.iloc[part] for part in np.array_split(order, 2)))
        opposed = halves if turn < N_SLOW_HALVES else None
        scores.append(likeness(halves, opposed, random_state, []))
    return pd.DataFrame(scores).mean().to_dict()
