"""Check the exercises of lesson 10 (letter-level models).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import inspect

import numpy as np
import pandas as pd

from gan_utils.course.exercises import ask, number, several_numbers, several_parts
from gan_utils.course.exercises.verdicts import seed_differences
from gan_utils.text import CharLanguageModel


def _check_bits(function: object) -> str | None:
    """10.1: bits per letter, from the probabilities that a model gave to the actual letters."""
    shares = np.array([0.5, 0.25, 0.125, 0.5, 0.01])
    found = number(ask(function, shares.copy()))
    bits = -np.log2(shares)
    known = {
        bits.mean() * np.log(2): "those are nats: bits need the logarithm to base 2",
        bits.mean() * np.log10(2): "bits need the logarithm to base 2, not to base 10",
        bits.sum(): "that is the sum for the whole text; bits *per letter* are the mean",
        -bits.mean(): "the sign is wrong: a probability is below 1, so its logarithm is negative",
        -np.log2(shares.mean()): "take the logarithm of each probability first, then the mean",
        2 ** bits.mean(): "that is the perplexity, 2 to the power of the bits; return the bits",
    }
    for value, hint in known.items():
        if np.isclose(found, value):
            return hint
    return None if np.isclose(found, bits.mean()) else "one probability of 1/4 alone costs 2 bits"


def _check_cell(function: object) -> str | None:
    """10.2: one step of an LSTM, with gates in Keras's order (input, forget, candidate, output)."""
    rng = np.random.default_rng(65)
    x, h, c = rng.normal(size=3), rng.normal(size=2), rng.normal(size=2)
    weights = rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8)
    answer = ask(function, x.copy(), h.copy(), c.copy(), *(w.copy() for w in weights))
    parts = several_parts(answer, 2, "two arrays: the new state h and the new cell state c")
    found = [several_numbers(part, 2, "unit") for part in parts]
    z = x @ weights[0] + h @ weights[1] + weights[2]
    right = _cell(z, c)
    if np.allclose(found, right):
        return None
    if np.allclose(found, right[::-1]):
        return "the two are in the wrong order: h first, then c"
    if np.allclose(found, _cell(z - weights[2], c)):
        return "the bias is missing"
    if any(np.allclose(found[1], _cell(z, c, order)[1]) for order in ("figo", "ifog")):
        return "Keras keeps the four parts in the order i, f, candidate, o"
    if np.allclose(found[1], _cell(z, c, squash=_sigmoid)[1]):
        return "the candidate goes through tanh, so it can be negative; only the gates use sigma"
    if np.allclose(found[1], right[1]) and np.allclose(found[0], _shown(z, c)):
        return "the output gate shows the *new* cell state; you used the old one"
    if np.allclose(found[1], right[1]):
        return "c is right; h is o times *tanh* of the new c"
    if np.allclose(found[1], right[1] - _sigmoid(z[2:4]) * c):
        return "the old cell state is lost: the forget gate keeps a part of it"
    return "compare with the formulas, one line at a time: four parts of z, then c, then h"


def _check_nucleus(function: object) -> str | None:
    """10.3: top-p, the smallest set of likely letters with at least p in total, rescaled to 1."""
    shares = np.array([0.1, 0.4, 0.05, 0.3, 0.15])
    found = [several_numbers(ask(function, shares.copy(), p), 5, "letter") for p in (0.6, 0.9)]
    kept = [[1, 3], [0, 1, 3, 4]]
    right = [_nucleus(shares, places) for places in kept]
    if np.allclose(found, right):
        return None
    if np.allclose(found[0], _nucleus(shares, [1])):
        return "the letter with which the sum reaches p belongs in: 0.4 alone is less than 0.6"
    if np.allclose(found[0], _nucleus(shares, [0, 1, 3, 4])) or np.allclose(found[0], shares):
        return "you keep too many letters: stop as soon as the sum reaches p"
    if np.allclose(found[0], right[0] * 0.7):
        return "you keep the right letters, but they must sum to 1 again: divide by their sum"
    if np.allclose(found[0], _nucleus(shares, [0, 1, 2, 3])):
        return "take the letters from the likeliest down, not in alphabetical order"
    if np.allclose(found[0], right[0]):
        return "right for p = 0.6, but for p = 0.9 you should keep four letters"
    if np.allclose(np.sort(found[0]), np.sort(right[0])):
        return "the numbers are right, but in the wrong places: restore the letters' own order"
    return "try it on paper with p = 0.6: which letters stay, where, and what do they sum to?"


def _check_own_model(function: object, differences: object, card: object) -> str | None:
    """10.4, open: a letter model other than the small LSTM, its differences, and its card."""
    models = [ask(function, seed) for seed in (0, 1)]
    wanted = inspect.signature(CharLanguageModel).parameters
    if not all(isinstance(model, CharLanguageModel) for model in models):
        return f"my_model should return a CharLanguageModel, not {type(models[0]).__name__}"
    if [model.random_state for model in models] != [0, 1]:
        return "pass the seed on: CharLanguageModel(random_state=seed, ...)"
    if any(hasattr(model, "network_") for model in models):
        return "my_model should return an untrained model: fit it outside the function"
    first, second = ({n: getattr(m, n) for n in wanted if n != "random_state"} for m in models)
    if first != second:
        return "the models for two seeds have different settings: only random_state should differ"
    return _hint_on_differences(differences) or _hint_on_card(card)


def _hint_on_differences(differences: object) -> str | None:
    values = seed_differences(differences, "my_difference", least=2)
    if not values.any():
        return "all differences are 0: is this the small LSTM itself? Change something"
    if (values > 1.5).all():
        return "those look like bits, not differences: subtract the small LSTM's bits, seed by seed"
    return None


def _hint_on_card(card: object) -> str | None:
    if not isinstance(card, pd.DataFrame) or not {"question", "low"} <= set(card.columns):
        return "my_card should be what score_text returned"
    if "bits per token" not in card.index and "self-BLEU" not in card.index:
        return "my_card should be the scorecard of texts that score_text returns"
    if card["low"].isna().all():
        return "the card has no spread: give score_text a list of lists of pages, one per seed"
    return None


def _nucleus(shares: np.ndarray, places: list[int]) -> np.ndarray:
    kept = np.zeros_like(shares)
    kept[places] = shares[places]
    return kept / kept.sum()


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _shown(z: np.ndarray, c: np.ndarray) -> np.ndarray:
    return _sigmoid(z[-len(c) :]) * np.tanh(c)


def _cell(z: np.ndarray, c: np.ndarray, order: str = "ifgo", squash: object = np.tanh) -> list:
    part = dict(zip(order, np.split(z, 4), strict=True))
    gate = {name: _sigmoid(values) for name, values in part.items()}
    now = gate["f"] * c + gate["i"] * squash(part["g"])
    return [gate["o"] * np.tanh(now), now]


CHECKS = {
    "10.1": _check_bits,
    "10.2": _check_cell,
    "10.3": _check_nucleus,
    "10.4": _check_own_model,
}
