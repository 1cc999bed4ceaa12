"""Checks of lesson 01, Iris baselines. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np
import pandas as pd

from gan_utils.course.exercises import Hint, ask, number

CLOSE = 1e-6


def _check_always_yes(accuracy: object, recall_no: object) -> str | None:
    """01.1: a model that says yes on each of 9 yes days and 1 no day."""
    accuracy, recall_no = number(accuracy, "accuracy"), number(recall_no, "recall_no")
    if _close(accuracy, 90) or _close(accuracy, 9):
        return "accuracy is a share between 0 and 1, so divide the right answers by all answers"
    if _close(accuracy, 0.1):
        return "0.1 is the share of wrong answers; accuracy is the share of right ones"
    if not _close(accuracy, 0.9):
        return "for accuracy, count the days on which 'yes' is the right answer, out of all ten"
    if _close(recall_no, 1) or _close(recall_no, 0.9):
        return "recall of 'no' looks at the 'no' days only: how many of them did the model find?"
    if not _close(recall_no, 0):
        return "there is one 'no' day, so its recall can only be 0 or 1: which, if all is 'yes'?"
    return None


def _check_precision_recall(function: object) -> str | None:
    """01.2: precision and recall of class k from a confusion matrix (rows are the truth)."""
    matrix, k = np.array([[8, 2, 0], [1, 5, 3], [0, 4, 7]]), 1
    precision, recall = _pair(ask(function, matrix.copy(), k), "precision and recall")
    right = matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k].sum()
    if _close(precision, right[1]) and _close(recall, right[0]):
        return (
            "precision and recall have changed places: rows are the truth, so a column holds "
            "all that was called class k"
        )
    accuracy = np.trace(matrix) / matrix.sum()
    if _close(precision, accuracy) or _close(recall, accuracy):
        return "the whole diagonal over everything is accuracy; only class k matters here"
    if _close(precision, matrix[k, k]) or _close(recall, matrix[k, k]):
        return "that is the count of hits; divide it by the sum of its column or of its row"
    if not _close(precision, right[0]):
        return "for precision, divide the hits by all that was called class k: its column's sum"
    if not _close(recall, right[1]):
        return "for recall, divide the hits by all that truly is class k: the sum of its row"
    other = _pair(ask(function, matrix.copy(), 2), "precision and recall")
    if not (_close(other[0], 0.7) and _close(other[1], 7 / 11)):
        return "right for class 1, wrong for class 2: does your function use k everywhere?"
    return None


def _check_sample_gaussian(function: object) -> str | None:
    """01.3: draw n rows of a table, column by column, from normal distributions."""
    table = pd.DataFrame({"a": np.linspace(8.0, 12.0, 41), "b": np.linspace(-400.0, 0.0, 41)})
    rows = _table(ask(function, table.copy(), 2000, 0), list(table.columns), 2000)
    if not rows.equals(_table(ask(function, table.copy(), 2000, 0), list(table.columns), 2000)):
        return "two calls with the same random_state differ: make the generator from it"
    if rows.equals(_table(ask(function, table.copy(), 2000, 1), list(table.columns), 2000)):
        return "random_state=0 and random_state=1 give the same rows: is the seed used?"
    mean, sd, spread = table.mean(), table.std(), rows.std()
    if np.allclose(spread, table.var(), rtol=0.15):
        return "your spreads are the variances; rng.normal wants the standard deviation"
    if not ((rows.mean() - mean).abs() < 0.15 * sd).all():
        return _hint_on_means(rows, mean)
    if np.allclose(spread, 1, atol=0.1):
        return (
            "your rows have the right means, but a spread of 1 in every column. Where does "
            "the column's own standard deviation come in?"
        )
    if not np.allclose(spread, sd, rtol=0.15):
        return "the means are right and the spreads are not: use each column's own std()"
    if rows["b"].min() >= table["b"].min() and rows["b"].max() <= table["b"].max():
        return "no value leaves the range of the table: draw from a normal, do not pick from rows"
    if rows.corr().iloc[0, 1] > 0.9:
        return "both columns move together: draw fresh random numbers for each column"
    return None


def _check_smote_point(function: object) -> str | None:
    """01.4: the point at share u of the way from a row to its neighbour."""
    row, neighbour = np.array([2.0, 10.0]), np.array([6.0, 2.0])
    point = _vector(ask(function, row.copy(), neighbour.copy(), 0.25), 2)
    if np.allclose(point, (row + neighbour) / 2):
        return "that is always the middle; u says how far to go, and u=0 should give the row back"
    if np.allclose(point, neighbour + 0.25 * (row - neighbour)):
        return "you start from the neighbour: u=0 should give the row, u=1 the neighbour"
    if np.allclose(point, row + 0.25 * neighbour):
        return "you leave the line between the two: add u times the difference, not the neighbour"
    if np.allclose(point, row - 0.25 * (neighbour - row)):
        return "you walk away from the neighbour: mind the order of the difference"
    if np.allclose(point, 0.25 * (neighbour - row)):
        return "that is the step alone: add it to the row"
    if not np.allclose(point, row + 0.25 * (neighbour - row)):
        return "start at the row and go u of the way: row + u * (what leads to the neighbour)"
    end = _vector(ask(function, row.copy(), neighbour.copy(), 1.0), 2)
    return None if np.allclose(end, neighbour) else "u=1 should arrive at the neighbour"


def _check_paired_band(function: object) -> str | None:
    """01.5: 5th and 95th percentile of the differences, seed by seed."""
    rng = np.random.default_rng(5)
    baseline = rng.normal(0.9, 0.03, 40)
    method = baseline + rng.normal(0.005, 0.005, 40)
    low, high = _pair(ask(function, method.copy(), baseline.copy()), "the low and the high end")
    difference = method - baseline
    right = np.percentile(difference, [5, 95])
    wrong = {
        "the sign is turned round: a gain is method minus baseline": -right[::-1],
        "high and low have changed places": right[::-1],
        "you took the percentiles of each first: subtract seed by seed, then take them": (
            np.percentile(method, [5, 95]) - np.percentile(baseline, [5, 95])
        ),
        "that is the band of the method alone: where does the baseline come in?": (
            np.percentile(method, [5, 95])
        ),
        "those are the smallest and the largest difference, not the 5th and 95th percentile": (
            np.array([difference.min(), difference.max()])
        ),
        "those are the 2.5th and 97.5th percentile; asked are the 5th and the 95th": (
            np.percentile(difference, [2.5, 97.5])
        ),
        "np.percentile counts from 0 to 100, np.quantile from 0 to 1: you mixed them": (
            np.percentile(difference, [0.05, 0.95])
        ),
    }
    if np.allclose([low, high], right, atol=1e-9):
        return None
    for hint, values in wrong.items():
        if np.allclose([low, high], values, atol=1e-9):
            return hint
    return "take method minus baseline, seed by seed, then np.percentile(..., [5, 95])"


CHECKS = {
    "01.1": _check_always_yes,
    "01.2": _check_precision_recall,
    "01.3": _check_sample_gaussian,
    "01.4": _check_smote_point,
    "01.5": _check_paired_band,
}


def _close(a: float, b: float) -> bool:
    return abs(a - b) < CLOSE


def _pair(answer: object, name: str) -> tuple[float, float]:
    try:
        first, second = answer
    except (TypeError, ValueError) as error:
        raise Hint(f"return two numbers, {name}, with a comma between them") from error
    return number(first), number(second)


def _vector(answer: object, length: int) -> np.ndarray:
    try:
        vector = np.asarray(answer, dtype=float)
    except (TypeError, ValueError) as error:
        raise Hint("return an array of numbers, one a column") from error
    if vector.shape != (length,):
        raise Hint(f"return one point with {length} numbers, not an array of {vector.shape}")
    return vector


def _table(answer: object, columns: list[str], n: int) -> pd.DataFrame:
    if not isinstance(answer, pd.DataFrame):
        raise Hint(f"return a DataFrame, not {type(answer).__name__}")
    if list(answer.columns) != columns:
        raise Hint("the columns should be those of the table, in its order")
    if len(answer) != n:
        raise Hint(f"asked for {n} rows, your function returned {len(answer)}")
    if answer.isna().any(axis=None):
        raise Hint("some of your values are missing (NaN)")
    return answer


def _hint_on_means(rows: pd.DataFrame, mean: pd.Series) -> str:
    if np.allclose(rows.mean(), rows.mean().mean(), atol=0.3):
        return "all columns have one mean: take the mean of each column, not of the whole table"
    return f"the means are off: column 'a' should be near {mean['a']:.0f}. Use column.mean()"
