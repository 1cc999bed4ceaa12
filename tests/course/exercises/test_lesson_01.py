"""Lesson 01's checks: right is done, a stub is not attempted, a mistake gets a fitting hint."""

import numpy as np
import pandas as pd
import pytest
from exercise_cards import Later, present
from scipy import stats

from gan_utils.course.exercises import check
from gan_utils.datasets import load_iris_unbalanced
from gan_utils.scorecard import compare_tables, score_table


def precision_recall(matrix, k):
    return matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k].sum()


def paired_interval(method, baseline):
    return interval(method - baseline)


def interval(d, ddof=1, share=0.975, root=True, df=None):
    reach = stats.t.ppf(share, df or len(d) - 1) * d.std(ddof=ddof)
    reach /= np.sqrt(len(d)) if root else 1
    return d.mean() - reach, d.mean() + reach


def normal_rows(few, n, random_state):
    rng = np.random.default_rng(random_state)
    return pd.DataFrame(rng.multivariate_normal(few.mean(), few.cov(), n), columns=few.columns)


FEW = load_iris_unbalanced(random_state=0)
GAIN = np.array([0.0, 0.02, -0.02])
TABLES = [normal_rows(FEW.rare_rows, 30, seed) for seed in range(2)]
CARD = Later(score_table, FEW.rare_rows, TABLES, held_out=FEW.unseen)


def unpaired(m, b):
    apart = np.sqrt(m.var(ddof=1) / len(m) + b.var(ddof=1) / len(b))
    reach = stats.t.ppf(0.975, 2 * len(m) - 2) * apart
    return (m - b).mean() - reach, (m - b).mean() + reach


def copies(few, n, random_state):
    return few.sample(n, replace=True, random_state=random_state)


RIGHT = {
    "01.1": precision_recall,
    "01.2": (0.5, 1.0),
    "01.3": paired_interval,
    "01.4": (normal_rows, GAIN, CARD),
}
#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("01.1", lambda m, k: precision_recall(m, k)[::-1], "changed places"),
    ("01.1", lambda m, k: (np.trace(m) / m.sum(),) * 2, "is accuracy"),
    ("01.1", lambda m, k: (m[k, k], m[k, k]), "count of hits"),
    (
        "01.1",
        lambda m, k: (m[k, k] / m.sum(), precision_recall(m, k)[1]),
        "you divide the hits by all rows",
    ),
    ("01.1", lambda m, k: (m[k, k] / (m[:, k].sum() - m[k, k]), 0.5), "the mistakes alone"),
    ("01.1", lambda m, k: precision_recall(m, 1), "use k everywhere"),
    ("01.2", (0.25, 1), "square root"),
    ("01.2", (1, 1), "known better"),
    ("01.2", (2, 1), "new width over old width"),
    ("01.2", (0.5, 0.5), "does not know"),
    ("01.3", lambda m, b: np.percentile(m - b, [5, 95]), "middle 90 %"),
    ("01.3", lambda m, b: interval(m - b, root=False), "square root of n"),
    ("01.3", lambda m, b: interval(m - b, ddof=0), "ddof=1"),
    ("01.3", lambda m, b: interval(m - b, df=len(m)), "degrees of freedom"),
    ("01.3", lambda m, b: interval(m - b, df=10**9, share=stats.norm.cdf(1.96)), "normal quantile"),
    ("01.3", lambda m, b: interval(m - b, share=0.95), "leave 2.5 %"),
    ("01.3", lambda m, b: interval(m - b, df=10**9, share=stats.norm.cdf(1)), "one standard error"),
    ("01.3", unpaired, "as independent"),
    ("01.3", lambda m, b: interval(m), "method alone"),
    ("01.3", lambda m, b: interval(m - b)[::-1], "changed places"),
    ("01.3", lambda m, b: interval(b - m), "sign"),
    ("01.4", (copies, GAIN, CARD), "are copies"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, 3), GAIN, CARD), "is the seed used"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, None), GAIN, CARD), "same random_state differ"),
    ("01.4", (lambda t, n, s: normal_rows(t, n - 1, s), GAIN, CARD), "asked for 30 rows"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, s) + 9, GAIN, CARD), "far from virginica"),
    ("01.4", (normal_rows, [0.1, 0.2], CARD), "at least three seeds"),
    ("01.4", (normal_rows, [0.1, 0.2, np.nan], CARD), "same seeds"),
    ("01.4", (normal_rows, [7, 8, 9], CARD), "do not divide"),
    ("01.4", (normal_rows, [0.96, 0.98, 0.94], CARD), "scores, not differences"),
    ("01.4", (normal_rows, GAIN, Later(score_table, FEW.rare_rows, TABLES[0])), "no spread"),
    ("01.4", (normal_rows, GAIN, Later(score_table, FEW.rare_rows, TABLES)), "baseline of unseen"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("01.1", lambda m, k: (0.2, precision_recall(m, k)[1]), "for precision"),
    ("01.1", lambda m, k: (precision_recall(m, k)[0], 0.2), "for recall"),
    ("01.1", lambda m, k: 0.5, "two numbers"),
    ("01.1", 0.5, "the function itself"),
    ("01.1", lambda m, k: 1 / 0, "ZeroDivisionError"),
    ("01.2", (0.7, 1), "compare s / sqrt(n)"),
    ("01.2", ("half", 1), "one number"),
    ("01.3", lambda m, b: (0, 1), "times standard error"),
    ("01.3", lambda m, b: 0.5, "two numbers"),
    ("01.3", lambda m, b: 1 / 0, "ZeroDivisionError"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, s).to_numpy(), GAIN, CARD), "a DataFrame"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, s).iloc[:, ::-1], GAIN, CARD), "in the same order"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, s) / 0, GAIN, CARD), "infinite"),
    ("01.4", (lambda t, n, s: normal_rows(t, n, s) * np.nan, GAIN, CARD), "missing"),
    ("01.4", (normal_rows, "much", CARD), "should be numbers"),
    ("01.4", (normal_rows, GAIN, FEW.train), "score_table"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *present(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_more_right_answers_are_done(capsys):
    two = compare_tables(FEW.rare_rows, {"mine": TABLES, "other": TABLES}, held_out=FEW.unseen)
    check("01.2", mean_ratio=0.48, run_ratio=0.93)
    check("01.4", normal_rows, pd.Series(GAIN), two)
    assert capsys.readouterr().out == "01.2  done\n01.4  done\n"


def test_stubs_are_not_attempted(capsys):
    check("01.2", mean_ratio=0.5, run_ratio=...)
    check("01.4", normal_rows, ..., CARD.value)
    assert capsys.readouterr().out == "01.2  not attempted yet\n01.4  not attempted yet\n"
