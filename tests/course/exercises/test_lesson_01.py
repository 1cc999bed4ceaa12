"""Lesson 01's checks: right is done, a stub is not attempted, a mistake gets a fitting hint."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gan_utils.course.exercises import check
from gan_utils.datasets import load_iris_unbalanced
from gan_utils.scorecard import compare_tables, score_table


def verdict(capsys, exercise_id, *args, **answers):
    check(exercise_id, *args, **answers)
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and out.endswith("\n")
    assert out.startswith(f"{exercise_id}  ")
    return out.strip().removeprefix(f"{exercise_id}  ")


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
CARD = score_table(FEW.rare_rows, TABLES, held_out=FEW.unseen)


def test_right_answers_are_done(capsys):
    assert verdict(capsys, "01.1", precision_recall) == "done"
    assert verdict(capsys, "01.2", mean_ratio=0.5, run_ratio=1.0) == "done"
    assert verdict(capsys, "01.2", mean_ratio=0.48, run_ratio=0.93) == "done"
    assert verdict(capsys, "01.3", paired_interval) == "done"
    assert verdict(capsys, "01.4", normal_rows, GAIN, CARD) == "done"
    two = compare_tables(FEW.rare_rows, {"mine": TABLES, "other": TABLES}, held_out=FEW.unseen)
    assert verdict(capsys, "01.4", normal_rows, pd.Series(GAIN), two) == "done"


def test_stubs_are_not_attempted(capsys):
    assert verdict(capsys, "01.2", mean_ratio=0.5, run_ratio=...) == "not attempted yet"
    assert verdict(capsys, "01.4", normal_rows, ..., CARD) == "not attempted yet"
    for stub in (lambda *args: ..., lambda *args: None):
        assert verdict(capsys, "01.1", stub) == "not attempted yet"
        assert verdict(capsys, "01.3", stub) == "not attempted yet"
        assert verdict(capsys, "01.4", stub, GAIN, CARD) == "not attempted yet"


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda m, k: precision_recall(m, k)[::-1], "changed places"),
        (lambda m, k: (np.trace(m) / m.sum(),) * 2, "is accuracy"),
        (lambda m, k: (m[k, k], m[k, k]), "count of hits"),
        (lambda m, k: precision_recall(m, 1), "use k everywhere"),
        (lambda m, k: (0.2, precision_recall(m, k)[1]), "for precision"),
        (lambda m, k: (precision_recall(m, k)[0], 0.2), "for recall"),
        (lambda m, k: 0.5, "two numbers"),
        (0.5, "the function itself"),
        (lambda m, k: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_hints_on_precision_and_recall(capsys, function, words):
    line = verdict(capsys, "01.1", function)
    assert line.startswith("not yet: ") and words in line


@pytest.mark.parametrize(
    ("mean_ratio", "run_ratio", "words"),
    [
        (0.25, 1, "square root"),
        (1, 1, "known better"),
        (0.7, 1, "compare s / sqrt(n)"),
        (2, 1, "new width over old width"),
        (0.5, 0.5, "does not know"),
        ("half", 1, "one number"),
    ],
)
def test_hints_on_widths(capsys, mean_ratio, run_ratio, words):
    line = verdict(capsys, "01.2", mean_ratio=mean_ratio, run_ratio=run_ratio)
    assert line.startswith("not yet: ") and words in line


def unpaired(m, b):
    apart = np.sqrt(m.var(ddof=1) / len(m) + b.var(ddof=1) / len(b))
    reach = stats.t.ppf(0.975, 2 * len(m) - 2) * apart
    return (m - b).mean() - reach, (m - b).mean() + reach


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda m, b: np.percentile(m - b, [5, 95]), "middle 90 %"),
        (lambda m, b: interval(m - b, root=False), "square root of n"),
        (lambda m, b: interval(m - b, ddof=0), "ddof=1"),
        (lambda m, b: interval(m - b, df=len(m)), "degrees of freedom"),
        (lambda m, b: interval(m - b, df=10**9, share=stats.norm.cdf(1.96)), "normal quantile"),
        (lambda m, b: interval(m - b, share=0.95), "leave 2.5 %"),
        (lambda m, b: interval(m - b, df=10**9, share=stats.norm.cdf(1)), "one standard error"),
        (unpaired, "as independent"),
        (lambda m, b: interval(m), "method alone"),
        (lambda m, b: interval(m - b)[::-1], "changed places"),
        (lambda m, b: interval(b - m), "sign"),
        (lambda m, b: (0, 1), "times standard error"),
        (lambda m, b: 0.5, "two numbers"),
        (lambda m, b: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_hints_on_the_paired_interval(capsys, function, words):
    line = verdict(capsys, "01.3", function)
    assert line.startswith("not yet: ") and words in line


def copies(few, n, random_state):
    return few.sample(n, replace=True, random_state=random_state)


@pytest.mark.parametrize(
    ("function", "gains", "card", "words"),
    [
        (copies, GAIN, CARD, "are copies"),
        (lambda t, n, s: normal_rows(t, n, 3), GAIN, CARD, "is the seed used"),
        (lambda t, n, s: normal_rows(t, n, None), GAIN, CARD, "same random_state differ"),
        (lambda t, n, s: normal_rows(t, n - 1, s), GAIN, CARD, "asked for 30 rows"),
        (lambda t, n, s: normal_rows(t, n, s).to_numpy(), GAIN, CARD, "a DataFrame"),
        (lambda t, n, s: normal_rows(t, n, s).iloc[:, ::-1], GAIN, CARD, "in the same order"),
        (lambda t, n, s: normal_rows(t, n, s) + 9, GAIN, CARD, "far from virginica"),
        (lambda t, n, s: normal_rows(t, n, s) / 0, GAIN, CARD, "infinite"),
        (lambda t, n, s: normal_rows(t, n, s) * np.nan, GAIN, CARD, "missing"),
        (normal_rows, "much", CARD, "should be numbers"),
        (normal_rows, [0.1, 0.2], CARD, "at least three seeds"),
        (normal_rows, [0.1, 0.2, np.nan], CARD, "same seeds"),
        (normal_rows, [7, 8, 9], CARD, "do not divide"),
        (normal_rows, [0.96, 0.98, 0.94], CARD, "scores, not differences"),
        (normal_rows, GAIN, FEW.train, "score_table"),
        (normal_rows, GAIN, score_table(FEW.rare_rows, TABLES[0]), "no spread"),
    ],
)
def test_hints_on_an_own_generator(capsys, function, gains, card, words):
    line = verdict(capsys, "01.4", function, gains, card)
    assert line.startswith("not yet: ") and words in line
