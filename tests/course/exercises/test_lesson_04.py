"""The checks of lesson 04: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check


def costs(missed, false_alarm):
    return false_alarm / (missed + false_alarm)


def error(gains, n_test, n_train):
    return np.sqrt((1 / len(gains) + n_test / n_train) * gains.var(ddof=1))


def true_share(p, in_training, in_truth):
    odds = p / (1 - p) * (in_truth / (1 - in_truth)) / (in_training / (1 - in_training))
    return odds / (1 + odds)


def comparison(gain=0.2, spread=0.01, classifiers=("logistic",)):
    """Make what `compare` returns, of three ways in five folds."""
    shift = {"none": -0.2, "tuned threshold": 0.0, "mine": gain}
    rows = [
        {"dataset": "d", "classifier": c, "sampler": name, "repeat": 0, "fold": fold}
        | {"n_train": 80, "n_test": 20}
        | {"balanced accuracy": 0.6 + up + spread * fold * (name == "mine")}
        for c in classifiers
        for name, up in shift.items()
        for fold in range(5)
    ]
    return pd.DataFrame(rows)


BETTER = comparison()
UNCLEAR = comparison(gain=-0.2, spread=0.1)

RIGHT = {
    "04.1": (costs,),
    "04.2": (error,),
    "04.3": (true_share,),
    "04.4": (BETTER, "mine", "better"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("04.1", (lambda m, f: m / (m + f),), "wrong way round"),
    ("04.1", (lambda m, f: f / m,), "odds / (1 + odds)"),
    ("04.1", (lambda m, f: m / f,), "at most 1"),
    ("04.1", (lambda m, f: 0.5,), "cost the same"),
    ("04.1", (lambda m, f: 0.1,), "should be one half"),
    ("04.2", (lambda g, a, b: np.sqrt(g.var(ddof=1) / len(g)),), "naive"),
    ("04.2", (lambda g, a, b: error(g, a, b) ** 2,), "square root"),
    ("04.2", (lambda g, a, b: error(g, b, a),), "turn the fraction"),
    ("04.2", (lambda g, a, b: error(g, a, a + b),), "all rows"),
    ("04.2", (lambda g, a, b: error(g, a, b) * np.sqrt(0.9),), "ddof"),
    ("04.2", (lambda g, a, b: error(g, 1, 4),), "use the arguments"),
    ("04.3", (lambda p, a, b: p / (1 - p) / 9,), "right odds"),
    ("04.3", (lambda p, a, b: p * b / a,), "sure 1"),
    ("04.3", (lambda p, a, b: true_share(p, b, a),), "wrong way"),
    ("04.3", (lambda p, a, b: p,), "nothing has changed"),
    ("04.3", (lambda p, a, b: true_share(p, 0.5, 0.1),), "nothing should change"),
    ("04.3", (lambda p, a, b: 1 - 1 / (1 + p / (1 - p) * b / a),), "ratio of *odds*"),
    ("04.4", (BETTER[BETTER["sampler"] != "none"], "mine", "better"), "lacks 'none'"),
    ("04.4", (BETTER, "none", "better"), "other than the two baselines"),
    ("04.4", (comparison(classifiers=("a", "b")), "mine", "better"), "one classifier"),
    ("04.4", (BETTER, "mine", "worse"), "mind its sign"),
    ("04.4", (BETTER, "mine", "cannot tell"), "excludes 0"),
    ("04.4", (UNCLEAR, "mine", "worse"), "contains 0"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("04.1", (lambda m, f: 0.3,), "(1 - p) false alarms"),
    ("04.1", (lambda m, f: "low",), "one number"),
    ("04.1", (lambda m, f: [1, 2],), "one number"),
    ("04.2", (lambda g, a, b: 0.0,), "formula above"),
    ("04.3", (lambda p, a, b: 0.5,), "return 3"),
    ("04.3", (lambda p, a, b: p / 3,), "correct the odds"),
    ("04.4", ("0.6", "mine", "better"), "compare returns"),
    ("04.4", (BETTER, "mine", "good"), "one of 'better'"),
]


@pytest.mark.parametrize(("number", "answers", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *answers)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_an_interval_around_zero_cannot_tell(capsys):
    check("04.4", UNCLEAR, "mine", "cannot tell")
    assert capsys.readouterr().out == "04.4  done\n"
