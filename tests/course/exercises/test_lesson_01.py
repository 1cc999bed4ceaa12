"""Lesson 01's checks: right is done, a stub is not attempted, a mistake gets a fitting hint."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check


def verdict(capsys, exercise_id, *args, **answers):
    check(exercise_id, *args, **answers)
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and out.endswith("\n")
    assert out.startswith(f"{exercise_id}  ")
    return out.strip().removeprefix(f"{exercise_id}  ")


def precision_recall(matrix, k):
    return matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k].sum()


def sample_gaussian(table, n, random_state):
    rng = np.random.default_rng(random_state)
    return pd.DataFrame({c: rng.normal(v.mean(), v.std(), n) for c, v in table.items()})


def drawn(spread=lambda v: v.std(), seed=lambda s: s, mean=lambda t, v: v.mean(), rows=lambda n: n):
    def sample(table, n, random_state):
        rng = np.random.default_rng(seed(random_state))
        columns = {c: rng.normal(mean(table, v), spread(v), rows(n)) for c, v in table.items()}
        return pd.DataFrame(columns)

    return sample


def one_noise(table, n, random_state):
    noise = np.random.default_rng(random_state).normal(size=n)
    return pd.DataFrame({c: v.mean() + v.std() * noise for c, v in table.items()})


def paired_band(method, baseline):
    return np.percentile(method - baseline, [5, 95])


def test_right_answers_are_done(capsys):
    assert verdict(capsys, "01.1", accuracy=9 / 10, recall_no=0 / 1) == "done"
    assert verdict(capsys, "01.2", precision_recall) == "done"
    assert verdict(capsys, "01.3", sample_gaussian) == "done"
    assert verdict(capsys, "01.4", lambda row, other, u: row + u * (other - row)) == "done"
    assert verdict(capsys, "01.5", paired_band) == "done"


def test_stubs_are_not_attempted(capsys):
    assert verdict(capsys, "01.1", accuracy=..., recall_no=...) == "not attempted yet"
    assert verdict(capsys, "01.1", accuracy=0.9, recall_no=...) == "not attempted yet"
    for exercise_id in ("01.2", "01.3", "01.4", "01.5"):
        assert verdict(capsys, exercise_id, lambda *args: ...) == "not attempted yet"
        assert verdict(capsys, exercise_id, lambda *args: None) == "not attempted yet"


@pytest.mark.parametrize(
    ("accuracy", "recall_no", "words"),
    [
        (90, 0, "between 0 and 1"),
        (0.1, 0, "wrong answers"),
        (0.5, 0, "out of all ten"),
        (0.9, 1, "'no' days only"),
        (0.9, 0.5, "can only be 0 or 1"),
        ("0.9", 0, "one number"),
        (0.9, float("nan"), "not a number to work with"),
    ],
)
def test_hints_on_always_yes(capsys, accuracy, recall_no, words):
    line = verdict(capsys, "01.1", accuracy=accuracy, recall_no=recall_no)
    assert line.startswith("not yet: ") and words in line


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
    line = verdict(capsys, "01.2", function)
    assert line.startswith("not yet: ") and words in line


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (drawn(spread=lambda v: 1), "a spread of 1"),
        (drawn(spread=lambda v: v.var()), "variances"),
        (drawn(spread=lambda v: 2.5 * v.std()), "spreads are not"),
        (drawn(mean=lambda t, v: t.to_numpy().mean()), "one mean"),
        (drawn(mean=lambda t, v: v.max()), "means are off"),
        (drawn(seed=lambda s: 3), "is the seed used"),
        (drawn(seed=lambda s: None), "same random_state differ"),
        (drawn(rows=len), "stops with TypeError"),
        (drawn(rows=lambda n: n - 1), "asked for 2000 rows"),
        (one_noise, "move together"),
        (lambda t, n, s: t.sample(n, replace=True, random_state=s), "do not pick"),
        (lambda t, n, s: sample_gaussian(t, n, s).to_numpy(), "a DataFrame"),
        (lambda t, n, s: sample_gaussian(t, n, s)[["b", "a"]], "in its order"),
    ],
)
def test_hints_on_sampling(capsys, function, words):
    line = verdict(capsys, "01.3", function)
    assert line.startswith("not yet: ") and words in line


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda a, b, u: (a + b) / 2, "always the middle"),
        (lambda a, b, u: b + u * (a - b), "start from the neighbour"),
        (lambda a, b, u: a + u * b, "leave the line"),
        (lambda a, b, u: a + u * (a - b), "walk away"),
        (lambda a, b, u: u * (b - a), "step alone"),
        (lambda a, b, u: a * b, "start at the row"),
        (lambda a, b, u: (a + u * (b - a))[0], "one point"),
        (lambda a, b, u: "point", "array of numbers"),
    ],
)
def test_hints_on_smote(capsys, function, words):
    line = verdict(capsys, "01.4", function)
    assert line.startswith("not yet: ") and words in line


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda m, b: np.percentile(b - m, [5, 95]), "sign"),
        (lambda m, b: np.percentile(m - b, [95, 5]), "changed places"),
        (lambda m, b: np.percentile(m, [5, 95]) - np.percentile(b, [5, 95]), "seed by seed"),
        (lambda m, b: np.percentile(m, [5, 95]), "method alone"),
        (lambda m, b: ((m - b).min(), (m - b).max()), "smallest"),
        (lambda m, b: np.percentile(m - b, [2.5, 97.5]), "2.5th"),
        (lambda m, b: np.percentile(m - b, [0.05, 0.95]), "mixed"),
        (lambda m, b: (0, 1), "seed by seed"),
    ],
)
def test_hints_on_bands(capsys, function, words):
    line = verdict(capsys, "01.5", function)
    assert line.startswith("not yet: ") and words in line
