"""The checks of lesson 02: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from gan_utils.course.exercises import check


def scale(column, low, high):
    return 2 * (column - low) / (high - low) - 1


def unscale(scaled, low, high):
    return np.rint(low + (scaled + 1) / 2 * (high - low))


def packs(rows, k):
    return rows[: len(rows) // k * k].reshape(-1, k * rows.shape[1])


def invented(generated, real):
    between = cdist(real, real)
    np.fill_diagonal(between, np.inf)
    return (cdist(generated, real).min(axis=1) > between.min(axis=1).max()).mean()


def weekend(table):
    free = table["Date"].dt.dayofweek >= 5
    minutes = table["Usage (minutes)"]
    apps = table["App"]
    return minutes[free].groupby(apps).mean() - minutes[~free].groupby(apps).mean()


RIGHT = {
    "02.1": (scale, unscale),
    "02.2": (lambda p: -np.log(p).mean(),),
    "02.3": (packs,),
    "02.4": (invented,),
    "02.5": (weekend,),
}


@pytest.mark.parametrize(
    ("number", "answers", "word"),
    [
        ("02.1", (lambda c, lo, hi: (c - lo) / (hi - lo), unscale), "0 to 1"),
        ("02.1", (lambda c, lo, hi: scale(c, c.min(), c.max()), unscale), "handed over"),
        ("02.1", (lambda c, lo, hi: c, unscale), "-1"),
        ("02.1", (scale, lambda s, lo, hi: lo + (s + 1) / 2 * (hi - lo)), "fractions"),
        ("02.1", (scale, lambda s, lo, hi: s), "undo"),
        ("02.2", (lambda p: np.log(p).mean(),), "sign"),
        ("02.2", (lambda p: -np.log(p).sum(),), "mean over the batch"),
        ("02.2", (lambda p: np.log(1 - p).mean(),), "minimax"),
        ("02.2", (lambda p: -np.log(1 - p).mean(),), "near 1"),
        ("02.2", (lambda p: -np.log10(p).mean(),), "natural"),
        ("02.2", (lambda p: "much",), "numbers"),
        ("02.3", (lambda r, k: r[:6].reshape(-1, 3, 2),), "flatten"),
        ("02.3", (lambda r, k: r[:6],), "one row"),
        ("02.3", (lambda r, k: r,), "drop"),
        ("02.3", (lambda r, k: r[:6][::-1].reshape(2, 6),), "in order"),
        ("02.4", (lambda g, r: 2,), "how many"),
        ("02.4", (lambda g, r: (cdist(g, r).min(axis=1) > 0).mean(),), "distance 0"),
        ("02.4", (lambda g, r: 0.0,), "largest"),
        ("02.4", (lambda g, r: 0.3,), "closest real row"),
        ("02.5", (lambda t: 25.0,), "Series"),
        ("02.5", (lambda t: -weekend(t),), "sign"),
        ("02.5", (lambda t: t["Usage (minutes)"],), "index"),
        ("02.5", (lambda t: weekend(t) * 0,), "dayofweek"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *answers)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
