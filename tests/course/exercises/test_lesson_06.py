"""The checks of lesson 06: right answers are done, typical mistakes get the hint that fits."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check


def on_modes(points, centres, near):
    return np.linalg.norm(points[:, None] - centres, axis=-1) <= near


def modes(points, centres, near, least):
    return (on_modes(points, centres, near).sum(axis=0) >= least).sum()


def nearest(points, centres, near, least):
    place = np.linalg.norm(points[:, None] - centres, axis=-1).argmin(axis=1)
    return (np.bincount(place, minlength=len(centres)) >= least).sum()


def distances(projected):
    return np.abs(projected[:, None] - projected).sum(axis=-1)


def nearness(projected):
    return np.exp(-distances(projected)).mean(axis=1)


def euclidean(projected):
    return np.exp(-np.linalg.norm(projected[:, None] - projected, axis=-1)).mean(axis=1)


def length(gradients):
    return np.linalg.norm(gradients, axis=1)


def penalty(gradients, weight):
    return weight * np.mean((length(gradients) - 1) ** 2)


def run(covered, steps=1000):
    return SimpleNamespace(scores=pd.DataFrame({"modes covered": [0, covered]}, index=[500, steps]))


def runs(before, after, steps=1000):
    return {"unchanged": [run(k) for k in before], "changed": [run(k, steps) for k in after]}


MORE = runs((1, 2, 1, 1), (7, 8, 8, 8))
RIGHT = {"06.1": modes, "06.2": nearness, "06.3": penalty, "06.4": (MORE, "more modes")}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("06.1", nearest, "next to a mode"),
    ("06.1", lambda p, c, d, n: modes(p, c, d, 1), "fewer than"),
    ("06.1", lambda p, c, d, n: len(c), "neither"),
    ("06.1", lambda p, c, d, n: (on_modes(p, c, d).sum(axis=0) > n).sum(), "exactly"),
    ("06.1", lambda p, c, d, n: on_modes(p, c, d).any(axis=1).sum(), "count the modes"),
    ("06.1", lambda p, c, d, n: modes(p, c, np.nextafter(d, 0), n), "<="),
    ("06.1", lambda p, c, d, n: (on_modes(p, c, d).sum(axis=1) >= n).sum(), "or the reverse"),
    ("06.2", lambda p: nearness(p) * len(p), "not the sum"),
    ("06.2", lambda p: distances(p).mean(axis=1), "mean distance"),
    ("06.2", lambda p: np.exp(-distances(p).mean(axis=1)), "then the mean"),
    ("06.2", euclidean, "Euclidean"),
    ("06.2", lambda p: (nearness(p) * len(p) - 1) / (len(p) - 1), "to itself"),
    ("06.3", lambda g, w: penalty(g, 1), "weight of the penalty"),
    ("06.3", lambda g, w: w * np.mean((length(g) ** 2 - 1) ** 2), "root first"),
    ("06.3", lambda g, w: w * np.mean(length(g) ** 2), "R1"),
    ("06.3", lambda g, w: w * np.mean((g - 1) ** 2), "not each component"),
    ("06.3", lambda g, w: w * (np.linalg.norm(g) - 1) ** 2, "whole batch"),
    ("06.3", lambda g, w: w * np.mean(np.abs(length(g) - 1)), "squared"),
    ("06.3", lambda g, w: penalty(g, w) * len(g), "not the sum"),
    ("06.3", lambda g, w: penalty(g, 0.1), "use the argument"),
    ("06.4", (runs((1, 2), (7, 8)), "more modes"), "at least 4 seeds"),
    ("06.4", (runs((1, 2, 1, 1), (7, 8, 8, 8), steps=900), "more modes"), "same number of steps"),
    ("06.4", (runs((1, 2, 8, 1), (7, 8, 8, 8)), "more modes"), "ranges overlap"),
    ("06.4", (MORE, "cannot tell"), "do not overlap"),
    ("06.4", (MORE, "fewer modes"), "other way round"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("06.1", lambda p, c, d, n: 7, "for each centre"),
    ("06.2", lambda p: nearness(p) * 0, "with the formula"),
    ("06.2", lambda p: 1.0, "one for each sample"),
    ("06.3", lambda g, w: 0.0, "with the formula"),
    ("06.4", ([], "more modes"), '"unchanged" and "changed"'),
    ("06.4", ({"unchanged": 1, "changed": 2}, "more modes"), "a list of runs"),
    ("06.4", ({"unchanged": [1, 2, 3, 4], "changed": [5, 6, 7, 8]}, "more modes"), "run_ring"),
    ("06.4", (MORE, "better"), "should be one of"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
