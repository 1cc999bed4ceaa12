"""The checks of lesson 12: right answers are done, typical mistakes get the hint that fits."""

import random
import zlib

import numpy as np
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


def guided(asked, other, guidance):
    powers = np.exp(asked + guidance * (asked - other))
    return powers / powers.sum()


def from_other(asked, other, guidance):
    powers = np.exp(other + guidance * (asked - other))
    return powers / powers.sum()


def linear(asked, other, guidance):
    pushed = np.exp(asked) + guidance * (np.exp(asked) - np.exp(other))
    return pushed / pushed.sum()


def ngrams(words, n):
    return list(zip(*(words[i:] for i in range(n)), strict=False))


def repeat_rate(words, n):
    grams = ngrams(words, n)
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def twice(words, n):
    grams = ngrams(words, n)
    return np.mean([grams.count(gram) > 1 for gram in grams])


def opinion(negative, positive, prior):
    odds = np.exp(negative.sum() - positive.sum()) * (1 - prior) / prior
    return 1 / (1 + odds)


def underflow(negative, positive, prior):
    with np.errstate(all="ignore"):
        p, q = prior * np.exp(positive.sum()), (1 - prior) * np.exp(negative.sum())
        return p / (p + q)


RIGHT = {
    "12.1": side,
    "12.2": ratio,
    "12.3": guided,
    "12.4": repeat_rate,
    "12.5": opinion,
}


@pytest.mark.parametrize(
    ("number", "answer", "word"),
    [
        ("12.1", by_chance, "not chance"),
        ("12.1", lambda t, s: side(t, s, str.strip), "lower"),
        ("12.1", lambda t, s: side(t, s, str.lower), "spaces"),
        ("12.1", by_python, "every run"),
        ("12.1", turned, "*test* side"),
        ("12.1", lambda t, s: "train", "0%"),
        ("12.1", lambda t, s: side(t, 0.2), "share=0.5"),
        ("12.1", lambda t, s: 0, "'train' or 'test'"),
        ("12.2", lambda c, y: ratio(c, y, 0), "count 1 more"),
        ("12.2", lambda c, y: -ratio(c, y), "signs"),
        ("12.2", lambda c, y: np.exp(ratio(c, y)), "logarithm"),
        ("12.2", undivided, "divide"),
        ("12.2", lambda c, y: ratio(c, y) / np.log(2), "base 2"),
        ("12.2", late, "before"),
        ("12.2", lambda c, y: c[0], "summed counts"),
        ("12.2", lambda c, y: 1.0, "each word"),
        ("12.3", lambda a, w, g: np.log(guided(a, w, g)), "np.exp"),
        ("12.3", lambda a, w, g: a + g * (a - w), "logarithms"),
        ("12.3", lambda a, w, g: np.exp(a + g * (a - w)), "sum"),
        ("12.3", from_other, "start from asked"),
        ("12.3", lambda a, w, g: guided(a, w, -g), "away"),
        ("12.3", lambda a, w, g: guided(w, a, g), "places"),
        ("12.3", linear, "not the probabilities"),
        ("12.3", lambda a, w, g: guided(a, w, 2), "guidance 0"),
        ("12.3", lambda a, w, g: np.exp(a), "guidance * (asked - other)"),
        ("12.4", lambda w, n: len(ngrams(w, n)) - len(set(ngrams(w, n))), "how many"),
        ("12.4", lambda w, n: 1 - repeat_rate(w, n), "*different*"),
        ("12.4", twice, "first time"),
        ("12.4", lambda w, n: repeat_rate(w, 1), "single words"),
        ("12.4", lambda w, n: repeat_rate(w, n) * len(ngrams(w, n)) / len(w), "smaller"),
        ("12.4", lambda w, n: 0.9, "further left"),
        ("12.4", lambda w, n: 1 - len(set(ngrams(w, n))) / max(1, len(ngrams(w, n))), "fewer"),
        ("12.5", lambda n, p, prior: opinion(n, p, 0.5), "even odds"),
        ("12.5", lambda n, p, prior: 1 - opinion(n, p, prior), "*negative*"),
        ("12.5", lambda n, p, prior: opinion(n.mean(), p.mean(), prior), "mean"),
        ("12.5", lambda n, p, prior: 0.5, "prior * exp"),
        ("12.5", underflow, "exp(-6000)"),
        ("12.5", lambda n, p, prior: "likely", "one number"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
