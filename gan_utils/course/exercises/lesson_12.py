"""Check the exercises of lesson 12 (reviews, word by word).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import inspect
from collections.abc import Callable

import numpy as np
import pandas as pd

from gan_utils.course.exercises import Hint, ask, number, several_numbers
from gan_utils.course.exercises.verdicts import (
    CANNOT_TELL,
    mean_interval,
    right_verdict,
    seed_differences,
    word_hint,
)
from gan_utils.text import WordLanguageModel

#: The parameters that the lesson sets to the same values for every way of generating.
FIXED = {"self", "label", "n_samples", "random_state", "stream", "prompt", "length"}


def _check_opinion(function: Callable) -> str | None:
    """12.1: use a generator with two opinions as a classifier, by Bayes' rule."""
    negative, positive = np.log([0.02, 0.1, 0.05]), np.log([0.03, 0.08, 0.15])
    found = number(ask(function, negative.copy(), positive.copy(), 0.2), "the probability")
    if np.isclose(found, _bayes(positive.sum() - negative.sum(), 0.5)):
        return "that is right for even odds; here only a fifth of all reviews are positive"
    if np.isclose(found, 1 - _bayes(positive.sum() - negative.sum(), 0.2)):
        return "that is the probability that the review is *negative*"
    if np.isclose(found, _bayes(positive.mean() - negative.mean(), 0.2)):
        return "add up the logarithms of all words; with a mean, ten words count as much as one"
    if not np.isclose(found, _bayes(positive.sum() - negative.sum(), 0.2)):
        return (
            "compare your terms with Bayes' rule above: which is p(w | positive), which the prior?"
        )
    return _check_long_review(function)


def _check_long_review(function: Callable) -> str | None:
    """Test a review of 1,000 rare words: exp of the summed log probabilities underflows to 0."""
    negative, positive = np.full(1000, -6.0), np.full(1000, -6.0)
    negative[0], answer = -8.0, _bayes(2.0, 0.2)
    try:
        found = number(ask(function, negative, positive, 0.2), "the probability")
    except Hint:
        found = np.nan
    if not np.isclose(found, answer):
        return (
            "your function fails on a review of 1,000 words, because exp(-6000) underflows to 0: "
            "take the difference before exp"
        )
    return None


def _check_repeat_rate(function: Callable) -> str | None:
    """12.2: the share of n-grams that occurred earlier in the same text."""
    words = ["it", "is", "bad", ".", "it", "is", "bad", ".", "it", "is", "very", "bad", "."]
    found = number(ask(function, list(words), 3), "the share")
    grams = list(zip(words, words[1:], words[2:], strict=False))
    new = len(set(grams)) / len(grams)
    if np.isclose(found, len(grams) - len(set(grams))):
        return "that is how many repeats there are; divide by the number of all n-grams"
    if np.isclose(found, new):
        return "that is the share of *different* n-grams; the repeat rate is the rest"
    if np.isclose(found, sum(grams.count(g) > 1 for g in grams) / len(grams)):
        return "the first time an n-gram occurs, it is not a repeat: count only the later ones"
    if np.isclose(found, 1 - len(set(words)) / len(words)):
        return "those are single words: take n neighbouring words at a time"
    if np.isclose(found, (len(grams) - len(set(grams))) / len(words)):
        return "divide by the number of n-grams, which is smaller than the number of words"
    if not np.isclose(found, 1 - new):
        return "make all n-grams; how many of them occurred earlier in the text?"
    if not np.isclose(number(ask(function, ["short"], 3), "the share"), 0):
        return "a text of fewer than n words has no n-grams: its repeat rate should be 0"
    return None


def _check_guided(function: Callable) -> str | None:
    """12.3: push the next word towards the requested opinion."""
    asked, other = np.log([0.5, 0.3, 0.15, 0.05]), np.log([0.2, 0.5, 0.1, 0.2])
    found = several_numbers(ask(function, asked.copy(), other.copy(), 2.0), 4, "word")
    right = _softmax(asked + 2 * (asked - other))
    if np.allclose(found, np.log(right)) or np.allclose(found, asked + 2 * (asked - other)):
        return "those are logarithms: turn them into probabilities that add up to 1"
    if np.allclose(found, np.exp(asked + 2 * (asked - other))):
        return f"the numbers add up to {found.sum():.2f}: divide by their sum"
    if np.allclose(found, _softmax(other + 2 * (asked - other))):
        return "with guidance 0 you should get the probabilities of asked: start from asked"
    if np.allclose(found, _softmax(asked - 2 * (asked - other))):
        return "that pushes away from the requested opinion: change the sign"
    if np.allclose(found, _softmax(other + 2 * (other - asked))):
        return "asked and other are swapped"
    linear = np.exp(asked) + 2 * (np.exp(asked) - np.exp(other))
    if (found < 0).any() or np.allclose(found, linear) or np.allclose(found, linear / linear.sum()):
        return "push the logarithms, not the probabilities, which can fall below 0 or exceed 1"
    if not np.allclose(found, right):
        return "compare with the rule: what is pushed, by which difference, and how far?"
    if not np.allclose(several_numbers(ask(function, asked, other, 0.0), 4), np.exp(asked)):
        return "right for guidance 2, but guidance 0 should change nothing"
    return None


def _check_own_way(way: object, differences: object, card: object, verdict: object) -> str | None:
    """12.4, open: other settings of the generator, what they change, their card, and a verdict."""
    way = ask(way) if callable(way) else way
    known = set(inspect.signature(WordLanguageModel.generate).parameters) - FIXED
    if not isinstance(way, dict) or not way:
        return 'my_way should be a dictionary of settings, such as {"temperature": 0.8}'
    strange = sorted(str(name) for name in set(way) - known)
    if strange:
        return f"{strange[0]!r} is none of the settings: choose from {', '.join(sorted(known))}"
    values = seed_differences(differences, "my_difference", least=2)
    if not values.any():
        return "all differences are 0: did your settings reach the generator?"
    if (abs(values) > 0.3).all():
        return "those look like accuracies, not differences: subtract only['plain'], seed by seed"
    return _hint_on_card(card) or _hint_on_verdict(values, verdict)


def _hint_on_card(card: object) -> str | None:
    if not isinstance(card, pd.DataFrame) or not {"question", "low"} <= set(card.columns):
        return "my_card should be what score_text returned"
    if "TSTR accuracy" not in card.index:
        return "the card says nothing about utility: make it with card_of, as section 10 does"
    if card["low"].isna().all():
        return "the card has no spread: give score_text a list of lists of reviews, one per seed"
    return None


def _hint_on_verdict(values: np.ndarray, verdict: object) -> str | None:
    """Compare a verdict with the 95 % interval for the mean difference."""
    if hint := word_hint(verdict, ("better", "worse", CANNOT_TELL)):
        return hint
    interval = mean_interval(values)
    right = right_verdict(interval)
    if verdict == right:
        return None
    if right == CANNOT_TELL:
        return f"the interval for the mean, {interval}, contains 0: do not claim {verdict!r}"
    return f"the interval for the mean is {interval}: more than 0 is better, less than 0 is worse"


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def _bayes(difference: float, prior: float) -> float:
    return 1 / (1 + (1 - prior) / prior * np.exp(-difference))


CHECKS: dict[str, Callable[..., str | None]] = {
    "12.1": _check_opinion,
    "12.2": _check_repeat_rate,
    "12.3": _check_guided,
    "12.4": _check_own_way,
}
