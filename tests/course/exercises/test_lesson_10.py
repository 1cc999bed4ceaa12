"""The checks of lesson 10: right answers are done, typical mistakes get the hint that fits."""

import copy

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.exercises import check
from gan_utils.text import CharLanguageModel


def bits(probabilities):
    return -np.log2(probabilities).mean()


def nucleus(probabilities, p):
    order = np.argsort(-probabilities)
    n = np.searchsorted(np.cumsum(probabilities[order]), p) + 1
    kept = np.zeros_like(probabilities)
    kept[order[:n]] = probabilities[order[:n]]
    return kept / kept.sum()


def without_the_last(probabilities, p):
    order = np.argsort(-probabilities)
    kept = np.zeros_like(probabilities)
    inside = order[np.cumsum(probabilities[order]) <= p]
    kept[inside] = probabilities[inside]
    return kept / kept.sum()


def in_the_alphabets_order(probabilities, p):
    n = np.searchsorted(np.cumsum(probabilities), p) + 1
    kept = np.where(np.arange(5) < n, probabilities, 0)
    return kept / kept.sum()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cell(x, h, c, w, u, b, order="ifgo", candidate=np.tanh, shown=np.tanh):
    parts = dict(zip(order, np.split(x @ w + h @ u + b, 4), strict=True))
    c = sigmoid(parts["f"]) * c + sigmoid(parts["i"]) * candidate(parts["g"])
    return sigmoid(parts["o"]) * shown(c), c


def shows_the_old(x, h, c, w, u, b):
    return sigmoid((x @ w + h @ u + b)[6:]) * np.tanh(c), cell(x, h, c, w, u, b)[1]


def own_model(seed, **settings):
    return CharLanguageModel(**{"cell": "gru", "units": 16, "random_state": seed} | settings)


def card(low=0.5, measure="self-BLEU"):
    return pd.DataFrame({"question": ["diversity"], "value": [0.6], "low": [low]}, [measure])


DIFFERENCES = np.array([0.02, -0.01, 0.03])

RIGHT = {
    "10.1": bits,
    "10.2": cell,
    "10.3": nucleus,
    "10.4": (own_model, DIFFERENCES, card()),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("10.1", lambda p: -np.log(p).mean(), "nats"),
    ("10.1", lambda p: -np.log10(p).mean(), "base 10"),
    ("10.1", lambda p: -np.log2(p).sum(), "sum"),
    ("10.1", lambda p: np.log2(p).mean(), "sign"),
    ("10.1", lambda p: -np.log2(p.mean()), "each probability first"),
    ("10.1", lambda p: 2 ** -np.log2(p).mean(), "perplexity"),
    ("10.2", lambda *a: cell(*a)[::-1], "h first"),
    ("10.2", lambda *a: cell(*a[:-1], 0), "bias"),
    ("10.2", lambda *a: cell(*a, order="ifog"), "the order i, f"),
    ("10.2", lambda *a: cell(*a, candidate=sigmoid), "negative"),
    ("10.2", lambda *a: cell(*a, shown=lambda c: c), "*tanh*"),
    ("10.2", shows_the_old, "you used the old one"),
    ("10.2", lambda x, h, c, *w: cell(x, h, 0 * c, *w), "is lost"),
    ("10.3", without_the_last, "belongs in"),
    ("10.3", lambda s, p: s, "too many"),
    ("10.3", in_the_alphabets_order, "alphabet"),
    ("10.3", lambda s, p: np.where(nucleus(s, p) > 0, s, 0), "sum to 1 again"),
    ("10.3", lambda s, p: np.sort(nucleus(s, p)), "own order"),
    ("10.3", lambda s, p: nucleus(s, 0.6), "four letters"),
    ("10.4", (lambda seed: own_model(0), DIFFERENCES, card()), "seed on"),
    (
        "10.4",
        (lambda seed: own_model(seed, units=16 + seed), DIFFERENCES, card()),
        "different settings",
    ),
    ("10.4", (own_model, [0.1], card()), "at least two seeds"),
    ("10.4", (own_model, [0.1, np.nan], card()), "missing"),
    ("10.4", (own_model, [0.0, 0.0], card()), "Change something"),
    ("10.4", (own_model, [2.5, 2.6], card()), "not differences"),
    ("10.4", (own_model, DIFFERENCES, card(low=np.nan)), "no spread"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("10.1", lambda p: 3.0, "costs 2 bits"),
    ("10.1", lambda p: p, "one number"),
    ("10.2", lambda *a: cell(*a)[0], "two arrays"),
    ("10.2", lambda *a: (np.zeros(2), np.zeros(2)), "one line at a time"),
    ("10.2", lambda *a: ("h", "c"), "numbers"),
    ("10.3", lambda s, p: np.full(5, 0.2), "on paper"),
    ("10.3", lambda s, p: 1.0, "each letter"),
    ("10.4", (lambda seed: 3, DIFFERENCES, card()), "CharLanguageModel, not int"),
    ("10.4", (own_model, ["a", "b"], card()), "should be numbers"),
    ("10.4", (own_model, DIFFERENCES, "a card"), "score_text returned"),
    ("10.4", (own_model, DIFFERENCES, card(measure="coverage")), "card of texts"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_a_model_that_is_already_trained_is_sent_back(capsys):
    trained = own_model(0, window=8, batch_size=4)
    trained.fit(
        "she sells sea shells. " * 9, held_out=False, epochs=1, steps_per_epoch=1, verbose=0
    )

    def returns_it(seed):
        trained.random_state = seed
        return copy.copy(trained)

    check("10.4", returns_it, DIFFERENCES, card())
    assert "untrained model" in capsys.readouterr().out
