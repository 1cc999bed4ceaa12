"""The checks of lesson 08: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from gan_utils.course.exercises import check


def surrogate(masks, answers, closeness):
    return LinearRegression().fit(masks, answers, sample_weight=closeness).coef_


def plain(masks, answers, intercept=True, **weights):
    return LinearRegression(fit_intercept=intercept).fit(masks, answers, **weights).coef_


def deletion(image, segments, weights, predict, k, key=lambda w: -w):
    hidden = image.copy()
    hidden[np.isin(segments, np.argsort(key(weights))[:k])] = 0
    return predict(image[None])[0] - predict(hidden[None])[0]


def only_the_last(image, segments, weights, predict, k):
    hidden = image.copy()
    hidden[segments == np.argsort(-weights)[k - 1]] = 0
    return predict(image[None])[0] - predict(hidden[None])[0]


def left_over(image, *rest):
    return image.sum() - deletion(image, *rest)


def below(top, random):
    return random < top[:, None]


def holds(top, random):
    return int((below(top, random).mean(axis=1) >= 0.95).sum())


def table(advantage, n=12, overlap=0.9, fit=0.7):
    rng = np.random.default_rng(0)
    top = 0.5 + advantage + rng.normal(0, 0.05, n)
    return pd.DataFrame({"fit": fit, "overlap": overlap, "top": top, "random": 0.5})


def tables(before, after, **kind):
    return {"unchanged": table(before), "changed": table(after, **kind)}


def shuffled(kind):
    """Return tables whose differences have no direction."""
    rng = np.random.default_rng(1)
    kind["changed"]["top"] += rng.normal(0, 0.2, len(kind["changed"]))
    return kind


def with_a_gap():
    kind = tables(0.1, 0.4)
    kind["changed"].loc[3, "top"] = np.nan
    return kind


BETTER = tables(0.1, 0.4)
RIGHT = {
    "08.1": surrogate,
    "08.2": deletion,
    "08.3": holds,
    "08.4": (BETTER, "better"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("08.1", lambda m, a, c: plain(m, a), "closeness come in"),
    ("08.1", lambda m, a, c: plain(m, a, intercept=False, sample_weight=c), "intercept"),
    ("08.1", lambda m, a, c: surrogate(m, a, c**2), "twice"),
    ("08.1", lambda m, a, c: surrogate(1 - m, a, c), "signs"),
    ("08.1", lambda m, a, c: plain(m, a * c), "stay as they are"),
    ("08.2", lambda *a: -deletion(*a), "sign"),
    ("08.2", left_over, "what is left"),
    ("08.2", lambda *a: deletion(*a, key=lambda w: w), "smallest"),
    ("08.2", lambda *a: deletion(*a, key=lambda w: -abs(w)), "*against*"),
    ("08.2", only_the_last, "together"),
    ("08.2", lambda i, s, w, p, k: p(i), "not yet: predict takes a batch"),
    ("08.3", lambda t, r: holds(t, r) / len(t), "the share"),
    ("08.3", lambda t, r: (t > r.mean(axis=1)).sum(), "*mean*"),
    ("08.3", lambda t, r: (below(t, r).mean(axis=1) > 0.95).sum(), "exactly 95"),
    ("08.3", lambda t, r: below(t, r).all(axis=1).sum(), "all of them"),
    ("08.3", lambda t, r: below(t, r).mean(), "share for each image"),
    ("08.3", lambda t, r: below(t, r).sum(), "counts random choices"),
    ("08.3", lambda t, r: holds(np.nextafter(t, 2), r), "is not below"),
    ("08.4", ({name: t[:4] for name, t in BETTER.items()}, "better"), "at least 10"),
    ("08.4", (with_a_gap(), "better"), "missing"),
    ("08.4", (tables(0.1, 0.4, overlap=3), "better"), "mixed up"),
    ("08.4", (tables(0.1, 0.4, n=15), "better"), "the same digits"),
    ("08.4", (tables(0.1, 0.1), "cannot tell"), "equal throughout"),
    ("08.4", (shuffled(tables(0.1, 0.1)), "better"), "contains 0"),
    ("08.4", (BETTER, "cannot tell"), "excludes 0"),
    ("08.4", (BETTER, "worse"), "other way round"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("08.1", lambda m, a, c: [0, 0, 0], "each copy weighed"),
    ("08.1", lambda m, a, c: 1.0, "each segment"),
    ("08.2", lambda *a: 0.0, "copy the image"),
    ("08.2", lambda *a: "much", "numbers"),
    ("08.3", lambda t, r: 0, "for each image"),
    ("08.4", ([], "better"), '"unchanged" and "changed"'),
    ("08.4", ({"unchanged": 1, "changed": 2}, "better"), "what report returns"),
    ("08.4", ({name: t[["fit"]] for name, t in BETTER.items()}, "better"), "no column"),
    ("08.4", (BETTER, "good"), "should be one of"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_no_claim_is_right_where_the_interval_holds_zero(capsys):
    check("08.4", shuffled(tables(0.1, 0.1)), "cannot tell")
    assert capsys.readouterr().out == "08.4  done\n"
