"""The checks of lesson 12: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check


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


def card(low=0.6, measure="TSTR accuracy"):
    return pd.DataFrame({"question": ["utility"], "value": [0.7], "low": [low]}, [measure])


WAY, DIFFERENCES = {"temperature": 0.8, "top_p": 0.9}, np.array([0.01, -0.02, 0.03])

RIGHT = {
    "12.1": opinion,
    "12.2": repeat_rate,
    "12.3": guided,
    "12.4": (WAY, DIFFERENCES, card(), "cannot tell"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("12.1", lambda n, p, prior: opinion(n, p, 0.5), "even odds"),
    ("12.1", lambda n, p, prior: 1 - opinion(n, p, prior), "*negative*"),
    ("12.1", lambda n, p, prior: opinion(n.mean(), p.mean(), prior), "mean"),
    ("12.1", underflow, "exp(-6000)"),
    ("12.2", lambda w, n: len(ngrams(w, n)) - len(set(ngrams(w, n))), "how many"),
    ("12.2", lambda w, n: 1 - repeat_rate(w, n), "*different*"),
    ("12.2", twice, "first time"),
    ("12.2", lambda w, n: repeat_rate(w, 1), "single words"),
    ("12.2", lambda w, n: repeat_rate(w, n) * len(ngrams(w, n)) / len(w), "smaller"),
    ("12.2", lambda w, n: 1 - len(set(ngrams(w, n))) / max(1, len(ngrams(w, n))), "fewer"),
    ("12.3", lambda a, w, g: np.log(guided(a, w, g)), "add up to 1"),
    ("12.3", lambda a, w, g: a + g * (a - w), "logarithms"),
    ("12.3", lambda a, w, g: np.exp(a + g * (a - w)), "sum"),
    ("12.3", from_other, "start from asked"),
    ("12.3", lambda a, w, g: guided(a, w, -g), "away"),
    ("12.3", lambda a, w, g: guided(w, a, g), "swapped"),
    ("12.3", linear, "not the probabilities"),
    ("12.3", lambda a, w, g: guided(a, w, 2), "guidance 0"),
    ("12.4", ({"heat": 2}, DIFFERENCES, card(), "cannot tell"), "'heat' is none of"),
    ("12.4", ({"length": 50}, DIFFERENCES, card(), "cannot tell"), "'length' is none of"),
    ("12.4", (WAY, [0.1], card(), "cannot tell"), "at least two seeds"),
    ("12.4", (WAY, [0.0, 0.0], card(), "cannot tell"), "reach the generator"),
    ("12.4", (WAY, [0.7, 0.71], card(), "better"), "subtract only"),
    ("12.4", (WAY, DIFFERENCES, card(measure="coverage"), "cannot tell"), "utility"),
    ("12.4", (WAY, DIFFERENCES, card(low=np.nan), "cannot tell"), "no spread"),
    ("12.4", (WAY, DIFFERENCES, card(), "better"), "contains 0"),
    ("12.4", (WAY, [0.02, 0.021, 0.019], card(), "cannot tell"), "more than 0 is better"),
    ("12.4", (WAY, [0.02, 0.021, 0.019], card(), "worse"), "more than 0 is better"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("12.1", lambda n, p, prior: 0.5, "Bayes' rule above"),
    ("12.1", lambda n, p, prior: "likely", "one number"),
    ("12.2", lambda w, n: 0.9, "occurred earlier"),
    ("12.3", lambda a, w, g: np.exp(a), "what is pushed"),
    ("12.4", (0.8, DIFFERENCES, card(), "cannot tell"), "a dictionary"),
    ("12.4", ({}, DIFFERENCES, card(), "cannot tell"), "a dictionary"),
    ("12.4", (WAY, DIFFERENCES, "a card", "cannot tell"), "score_text returned"),
    ("12.4", (WAY, DIFFERENCES, card(), "good"), "one of"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [([0.02, 0.021, 0.019], "better"), ([-0.02, -0.021], "worse"), ([0.02, -0.021], "cannot tell")],
)
def test_a_verdict_that_the_interval_bears_is_done(differences, verdict, capsys):
    check("12.4", WAY, differences, card(), verdict)
    assert capsys.readouterr().out == "12.4  done\n"
