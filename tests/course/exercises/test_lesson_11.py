"""The checks of lesson 11: right answers are done, typical mistakes get the hint that fits."""

import random
import zlib

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check


def normal(text):
    return " ".join(text.lower().split())


def side(text, share, clean=normal):
    return "test" if zlib.crc32(clean(text).encode()) / 2**32 < share else "train"


def turned(text, share):
    return "train" if side(text, share) == "test" else "test"


def by_chance(text, share):
    return "test" if random.random() < share else "train"


def by_python(text, share):
    return "test" if hash(normal(text)) % 1000 < 1000 * share else "train"


def scattered(text):
    return hash(normal(text)) % 1000


def by_python_in_a_helper(text, share):
    return "test" if scattered(text) < 1000 * share else "train"


def ratio(counts, labels, extra=1):
    with np.errstate(divide="ignore"):
        p, q = (counts[labels == label].sum(axis=0) + extra for label in (1, 0))
        return np.log((p / p.sum()) / (q / q.sum()))


def undivided(counts, labels):
    p, q = (counts[labels == label].sum(axis=0) + 1 for label in (1, 0))
    return np.log(p / q)


def late(counts, labels):
    p, q = (counts[labels == label].sum(axis=0) for label in (1, 0))
    return np.log((p / p.sum() + 1) / (q / q.sum() + 1))


def smoothed_above(counts, labels):
    p, q = (counts[labels == label].sum(axis=0) for label in (1, 0))
    return np.log((p + 1) / p.sum()) - np.log((q + 1) / q.sum())


def paired(a, b, reach=1.96):
    differences = a * 1.0 - b
    error = reach * differences.std() / np.sqrt(len(differences))
    return differences.mean() - error, differences.mean() + error


def unpaired(a, b):
    error = 1.96 * np.sqrt((a.var() + b.var()) / len(a))
    return a.mean() - b.mean() - error, a.mean() - b.mean() + error


def spread(a, b):
    differences = a * 1.0 - b
    return differences.mean() - 1.96 * differences.std(), differences.mean() + 1.96 * (
        differences.std()
    )


def by_bootstrap(a, b):
    differences = a * 1.0 - b
    draws = np.random.default_rng(0).choice(differences, (4000, len(differences)))
    return np.quantile(draws.mean(axis=1), [0.025, 0.975])


TRIED = {"pairs": 0.90, "average": 0.92}
JUDGE = np.arange(400) % 10 > 0
BETTER, WORSE, CLOSE = JUDGE.copy(), JUDGE.copy(), JUDGE.copy()
BETTER[:300], WORSE[1:300:3], CLOSE[[0, 1, 2]] = True, False, [True, False, True]

RIGHT = {
    "11.1": side,
    "11.2": ratio,
    "11.3": paired,
    "11.4": (TRIED, "average", BETTER, JUDGE, "better"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("11.1", by_chance, "not chance"),
    ("11.1", lambda t, s: side(t, s, str.strip), "lower"),
    ("11.1", lambda t, s: side(t, s, str.lower), "all gaps alike"),
    ("11.1", by_python, "every run"),
    ("11.1", by_python_in_a_helper, "every run"),
    ("11.1", turned, "*test* side"),
    ("11.2", lambda c, y: ratio(c, y, 0), "add 1"),
    ("11.2", lambda c, y: -ratio(c, y), "signs"),
    ("11.2", lambda c, y: np.exp(ratio(c, y)), "logarithm"),
    ("11.2", undivided, "divide"),
    ("11.2", lambda c, y: ratio(c, y) / np.log(2), "base 2"),
    ("11.2", late, "before"),
    ("11.2", smoothed_above, "added 1s"),
    ("11.3", lambda a, b: paired(a, b)[::-1], "low end"),
    ("11.3", lambda a, b: paired(b, a), "sign"),
    ("11.3", lambda a, b: a - b, "numbers first"),
    ("11.3", unpaired, "different reviews"),
    ("11.3", spread, "root of n"),
    ("11.3", lambda a, b: paired(a, b, 1.0), "one standard error"),
    ("11.4", ({"a": 90, "b": 92}, "b", BETTER, JUDGE, "better"), "between 0 and 1"),
    ("11.4", ({"a": 0.9}, "a", BETTER, JUDGE, "better"), "two or more"),
    ("11.4", (TRIED, "pairs", BETTER, JUDGE, "better"), "choose there"),
    ("11.4", (TRIED, "average", 0.93, JUDGE, "better"), "predictions == labels"),
    ("11.4", (TRIED, "average", BETTER[:300], JUDGE, "better"), "pair the same"),
    ("11.4", (TRIED, "average", JUDGE, JUDGE, "better"), "reach your answers"),
    ("11.4", (TRIED, "average", BETTER, JUDGE, "worse"), "mind its sign"),
    ("11.4", (TRIED, "average", WORSE, JUDGE, "cannot tell"), "excludes 0"),
    ("11.4", (TRIED, "average", CLOSE, JUDGE, "better"), "contains 0"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("11.1", lambda t, s: "train", "0%"),
    ("11.1", lambda t, s: side(t, 0.2), "share=0.5"),
    ("11.1", lambda t, s: 0, "'train' or 'test'"),
    ("11.2", lambda c, y: c[0], "for each word"),
    ("11.2", lambda c, y: 1.0, "each word"),
    ("11.3", lambda a, b: (-1.0, 0.5), "difference in accuracy"),
    ("11.3", lambda a, b: paired(a, b, 3.5), "how far"),
    ("11.3", lambda a, b: 0.0, "2 numbers"),
    ("11.4", (0.9, "average", BETTER, JUDGE, "better"), "a dictionary"),
    ("11.4", (TRIED, "mine", BETTER, JUDGE, "better"), "one of the names"),
    ("11.4", (TRIED, "average", "all", JUDGE, "better"), "for each test review"),
    ("11.4", (TRIED, "average", BETTER, JUDGE, "good"), "one of 'better'"),
]


@pytest.mark.parametrize(("number", "answers", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *(answers if isinstance(answers, tuple) else (answers,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


@pytest.mark.parametrize("answer", [by_bootstrap, lambda a, b: list(paired(a, b, 1.966))])
def test_other_ways_to_a_paired_interval_are_done(answer, capsys):
    check("11.3", answer)
    assert capsys.readouterr().out == "11.3  done\n"


@pytest.mark.parametrize(("mine", "verdict"), [(CLOSE, "cannot tell"), (WORSE, "worse")])
def test_the_verdict_follows_the_interval(mine, verdict, capsys):
    check("11.4", pd.Series(TRIED), "average", mine, JUDGE, verdict)
    assert capsys.readouterr().out == "11.4  done\n"
