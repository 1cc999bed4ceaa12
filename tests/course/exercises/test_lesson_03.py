"""The checks of lesson 03: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import present, with_range
from exercise_cards import table_card as card

from gan_utils.course.exercises import check


def divergence(mean, log_variance):
    return (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1) / 2


def inside(sampler, x, y, train, test):
    return (*sampler.fit_resample(x[train], y[train]), x[test], y[test])


def before(sampler, x, y, train, test):
    x, y = sampler.fit_resample(x, y)
    rest = np.setdiff1d(np.arange(len(x)), test)
    return x[rest], y[rest], x[test], y[test]


def both(sampler, x, y, train, test):
    return (*sampler.fit_resample(x[train], y[train]), *sampler.fit_resample(x[test], y[test]))


FAR = card([3, 4], scale=5.0)
WIDE = with_range(FAR, "distance ratio to real rows", 0.0, 9.0)

RIGHT = {
    "03.1": (divergence,),
    "03.2": (0.95, 0.5),
    "03.3": (inside,),
    "03.4": (FAR, "farther"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("03.1", (lambda m, v: divergence(m, v) + v.sum(axis=1) / 2,), "is missing"),
    ("03.1", (lambda m, v: (m**2 + np.exp(v) - v - 1) / 2,), "one number per row"),
    ("03.1", (lambda m, v: -divergence(m, v),), "sign"),
    ("03.1", (lambda m, v: 2 * divergence(m, v),), "one half"),
    ("03.1", (lambda m, v: divergence(m, v) / 2,), "average"),
    ("03.1", (lambda m, v: divergence(m, v) + 1,), "1 is missing"),
    ("03.1", (lambda m, v: (m**2 + np.exp(v) - v - 1).sum(axis=0) / 2,), "added up the rows"),
    ("03.1", (lambda m, v: divergence(m, np.log(np.abs(v))),), "logarithm already"),
    ("03.1", (lambda m, v: divergence(m, 2 * v),), "of sigma"),
    ("03.1", (lambda m, v: (m**2 + v - v - 1).sum(axis=1) / 2,), "undo the logarithm"),
    ("03.1", (lambda m, v: (m**2 + np.exp(v)).sum(axis=1) / 2,), "so is the 1"),
    ("03.1", (lambda m, v: (m + np.exp(v) - v - 1).sum(axis=1) / 2,), "should be squared"),
    ("03.2", (0.5, 0.5), "by heart"),
    ("03.2", (0.95, 0.8), "coin"),
    ("03.2", (0.5, 0.95), "changed places"),
    ("03.2", (0.95, 0.9), "always saying benign"),
    ("03.3", (both,), "stay just as they are"),
    ("03.3", (lambda s, x, y, a, b: (x[a], y[a], x[b], y[b]),), "not resampled"),
    ("03.3", (before,), "from test rows"),
    ("03.3", (lambda s, x, y, a, b: inside(s, x, y, b, a),), "changed places"),
    (
        "03.3",
        (lambda s, x, y, a, b: (s.fit_resample(x[a], y[a])[0], y[a], x[b], y[b]),),
        "y_train was not",
    ),
    ("03.4", (card([3, 4], names=("a", "changed")), "closer"), "no column 'unchanged'"),
    ("03.4", (card([3, 4], held_out=False), "closer"), "held_out=unseen"),
    ("03.4", (card([3], [1]), "closer"), "spread"),
    ("03.4", (card([1, 2]), "cannot tell"), "did your change"),
    ("03.4", (FAR, "cannot tell"), "do not overlap"),
    ("03.4", (FAR, "closer"), "other way round"),
    ("03.4", (WIDE, "farther"), "overlap"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("03.1", (lambda m, v: divergence(m, v).mean(),), "3 codes"),
    ("03.1", (lambda m, v: (m**2).sum(axis=1),), "term by term"),
    ("03.1", (lambda m, v: divergence(m, v) + 3,), "divergence 0"),
    ("03.2", (95, 50), "between 0 and 1"),
    ("03.2", ("high", 0.5), "copies_before should be one number"),
    ("03.3", (lambda s, x, y, a, b: x,), "four things"),
    ("03.3", (lambda s, x, y, a, b: (x[b], y[b], x[b], y[b]),), "compare all four"),
    ("03.4", ("0.6", "closer"), "compare_tables"),
    ("03.4", (FAR, "good"), "one of 'closer'"),
]


@pytest.mark.parametrize(("number", "answers", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *present(answers))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_ranges_that_overlap_cannot_tell(capsys):
    check("03.4", WIDE.value, "cannot tell")
    assert capsys.readouterr().out == "03.4  done\n"
