"""Check the exercises of lesson 01 (Iris baselines).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np
import pandas as pd
from scipy import stats

from gan_utils.course.exercises import Hint, ask, number
from gan_utils.course.exercises.verdicts import seed_differences
from gan_utils.datasets import load_iris_unbalanced

CLOSE = 1e-6


def _check_precision_recall(function: object) -> str | None:
    """01.1: precision and recall of class k from a confusion matrix (rows are the truth)."""
    matrix, k = np.array([[8, 2, 0], [1, 5, 3], [0, 4, 7]]), 1
    precision, recall = _pair(ask(function, matrix.copy(), k), "precision and recall")
    right = matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k].sum()
    if _close(precision, right[1]) and _close(recall, right[0]):
        return (
            "precision and recall have changed places: the rows are the truth, so column k "
            "contains everything that was called class k"
        )
    accuracy = np.trace(matrix) / matrix.sum()
    if _close(precision, accuracy) or _close(recall, accuracy):
        return "the whole diagonal divided by the total is accuracy; only class k matters here"
    if _close(precision, matrix[k, k] / matrix.sum()):
        return "you divide the hits by all rows, even by those that have nothing to do with class k"
    false_alarms, missed = matrix[:, k].sum() - matrix[k, k], matrix[k].sum() - matrix[k, k]
    if _close(precision, matrix[k, k] / false_alarms) or _close(recall, matrix[k, k] / missed):
        return "you divide the hits by the mistakes alone: hits and mistakes together count"
    if _close(precision, matrix[k, k]) or _close(recall, matrix[k, k]):
        return "that is the count of hits; divide it by the sum of column k or of row k"
    if not _close(precision, right[0]):
        return "for precision, divide the hits by all rows called class k: the sum of column k"
    if not _close(recall, right[1]):
        return "for recall, divide the hits by all rows that are class k: the sum of row k"
    other = _pair(ask(function, matrix.copy(), 2), "precision and recall")
    if not (_close(other[0], 0.7) and _close(other[1], 7 / 11)):
        return "right for class 1, wrong for class 2: does your function use k everywhere?"
    return None


def _check_widths(mean_ratio: object, run_ratio: object) -> str | None:
    """01.2: the effect of four times as many seeds on the two intervals."""
    mean_ratio, run_ratio = (ask(a) if callable(a) else a for a in (mean_ratio, run_ratio))
    mean_ratio = number(mean_ratio, "mean_ratio")
    run_ratio = number(run_ratio, "run_ratio")
    if mean_ratio > 1 or run_ratio > 1.2:
        return "more seeds make neither interval much wider: the ratio is new width over old width"
    if _close(mean_ratio, 0.25):
        return "the standard error contains a square root: put 4 n in place of n in s / sqrt(n)"
    if _close(mean_ratio, 1):
        return "with more runs the mean is known better: what happens to s / sqrt(n)?"
    if not 0.45 <= mean_ratio <= 0.55:
        return "for the mean, compare s / sqrt(n) with s / sqrt(4 n)"
    if run_ratio < 0.8:
        return (
            "a single run does not know how many others there are: with more seeds the 5 % and "
            "95 % points are estimated more precisely, but they do not move closer together"
        )
    return None


def _check_paired_interval(function: object) -> str | None:
    """01.3: the 95 % interval for the mean difference, paired by seed."""
    rng = np.random.default_rng(5)
    baseline = rng.normal(0.9, 0.03, 12)
    method = baseline + rng.normal(0.005, 0.005, 12)
    low, high = _pair(ask(function, method.copy(), baseline.copy()), "the low and the high end")
    difference = method - baseline
    n, mean, s = len(difference), difference.mean(), difference.std(ddof=1)
    t = stats.t.ppf(0.975, n - 1)
    apart = np.sqrt(method.var(ddof=1) / n + baseline.var(ddof=1) / n)
    reaches = {
        "that is the middle 90 % of single runs; find the interval for the mean": (
            np.percentile(difference, [5, 95])
        ),
        "you left out the square root of n: the mean varies less than a single run": (
            _around(mean, t * s)
        ),
        "that is one standard error on each side; for 95 %, multiply by the quantile of t": (
            _around(mean, s / np.sqrt(n))
        ),
        "NumPy's std() divides by n; use ddof=1, as scipy.stats.sem does": (
            _around(mean, t * difference.std() / np.sqrt(n))
        ),
        "you took t with n degrees of freedom; it should have n - 1": (
            _around(mean, stats.t.ppf(0.975, n) * s / np.sqrt(n))
        ),
        "1.96 is the normal quantile, for many runs; with few, take the quantile of Student's t": (
            _around(mean, 1.96 * s / np.sqrt(n))
        ),
        "the 95 % quantile of t leaves 5 % at each end; a 95 % interval should leave 2.5 % there": (
            _around(mean, stats.t.ppf(0.95, n - 1) * s / np.sqrt(n))
        ),
        "you treat the two as independent: first subtract seed by seed, then take the spread": (
            _around(mean, stats.t.ppf(0.975, 2 * n - 2) * apart)
        ),
        "that is the interval for the method alone: where does the baseline come in?": (
            _around(method.mean(), t * stats.sem(method))
        ),
    }
    right = _around(mean, t * s / np.sqrt(n))
    if np.allclose([low, high], right, atol=1e-9):
        return None
    if np.allclose([low, high], right[::-1], atol=1e-9):
        return "high and low have changed places"
    if np.allclose([low, high], -right[::-1], atol=1e-9):
        return "the sign is wrong: a gain is method minus baseline"
    for hint, values in reaches.items():
        if np.allclose([low, high], values, atol=1e-7):
            return hint
    return "take method minus baseline, seed by seed; then compute mean ± t times standard error"


def _check_own_generator(function: object, gains: object, card: object) -> str | None:
    """01.4, open: a generator that works, its gains over several seeds, and its card."""
    split = load_iris_unbalanced(random_state=0)
    few = split.rare_rows
    rows = _table(ask(function, few.copy(), 30, 0), list(few.columns), 30)
    if not np.isfinite(rows.to_numpy(float)).all():
        raise Hint("some of your values are infinite")
    if not np.array_equal(rows, _table(ask(function, few.copy(), 30, 0), list(few.columns), 30)):
        return "two calls with the same random_state differ: seed your random numbers with it"
    if np.array_equal(rows, _table(ask(function, few.copy(), 30, 1), list(few.columns), 30)):
        return "random_state=0 and random_state=1 give the same rows: is the seed used?"
    if rows.merge(few.drop_duplicates(), how="inner").shape[0] > 15:
        return "most of your rows are copies of the rows in few: generate new ones"
    if np.abs(rows.mean() - few.mean()).max() > 3:
        return "your flowers are far from virginica: in some column the means differ by over 3 cm"
    return _hint_on_gains(gains) or _hint_on_card(card)


def _hint_on_gains(gains: object) -> str | None:
    values = seed_differences(gains, "my_gain", least=3)
    if np.abs(values).max() > 1:
        return "a difference between two shares cannot exceed 1: subtract, do not divide"
    if (values >= 0.5).all():
        return "those look like scores, not differences: subtract the baseline, seed by seed"
    return None


def _hint_on_card(card: object) -> str | None:
    if not isinstance(card, pd.DataFrame) or "question" not in card.columns.get_level_values(-1):
        return "my_card should be what score_table or compare_tables returned"
    low = card.xs("low", axis=1, level=-1).iloc[:, 0] if card.columns.nlevels > 1 else card["low"]
    if low.isna().all():
        return "the card has no spread: give score_table a list of tables, one per seed"
    if "held-out rows" not in card.attrs.get("title", ""):
        return "the card has no baseline of unseen flowers: give it held_out=iris.unseen"
    return None


CHECKS = {
    "01.1": _check_precision_recall,
    "01.2": _check_widths,
    "01.3": _check_paired_interval,
    "01.4": _check_own_generator,
}


def _around(middle: float, reach: float) -> np.ndarray:
    return np.array([middle - reach, middle + reach])


def _close(a: float, b: float) -> bool:
    return abs(a - b) < CLOSE


def _pair(answer: object, name: str) -> tuple[float, float]:
    try:
        first, second = answer
    except (TypeError, ValueError) as error:
        raise Hint(f"return two numbers, {name}, with a comma between them") from error
    return number(first), number(second)


def _table(answer: object, columns: list[str], n: int) -> pd.DataFrame:
    if not isinstance(answer, pd.DataFrame):
        raise Hint(f"return a DataFrame, not {type(answer).__name__}")
    if list(answer.columns) != columns:
        raise Hint("your rows should have the same columns as the table, in the same order")
    if len(answer) != n:
        raise Hint(f"when asked for {n} rows, your function returned {len(answer)}")
    if answer.isna().any(axis=None):
        raise Hint("some of your values are missing (NaN)")
    return answer
