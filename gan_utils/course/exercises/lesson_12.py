"""Checks of lesson 12, film reviews. For ``CHECKS``, see `gan_utils.course.exercises`."""

from collections.abc import Callable

import numpy as np

from gan_utils.course.exercises import Hint, ask, number, several_numbers

SIDES = {"train", "test"}


def _check_side(function: Callable) -> str | None:
    """12.1: send a text to the training or the test side, by the text alone."""
    texts = [f"Review {i}: a film of {i % 7} stars." for i in range(2000)]
    sides = [_side(function, text, 0.2) for text in texts]
    again, loud, wide = (
        [_side(function, change(text), 0.2) for text in texts[:200]]
        for change in (str, str.upper, lambda text: f" {text} \n".replace(" ", "  "))
    )
    if again != sides[:200]:
        return "the same text went to different sides when asked twice: ask the text, not chance"
    if loud != sides[:200]:
        return "'Great film' and 'GREAT FILM' are one review: lower the letters first"
    if wide != sides[:200]:
        return "the same text with other spaces is the same review: join text.split() first"
    if "hash" in getattr(getattr(function, "__code__", None), "co_names", ()):
        return "Python's own hash gives other numbers in every run: take zlib.crc32 or hashlib"
    found = sides.count("test") / len(sides)
    if abs(found - 0.8) < 0.05:
        return "share is the part that goes to the *test* side; you sent it to training"
    half = [_side(function, text, 0.5) for text in texts].count("test") / len(texts)
    if abs(found - 0.2) > 0.05 or abs(half - 0.5) > 0.05:
        return (
            f"of 2,000 texts {found:.0%} went to the test side for share=0.2, {half:.0%} for "
            "share=0.5: turn the text into an even number from 0 to 1, and compare it with share"
        )
    return None


def _check_log_count_ratio(function: Callable) -> str | None:
    """12.2: what a word weighs for naive Bayes."""
    counts = np.array([[3, 0, 1], [2, 1, 0], [0, 4, 1], [1, 0, 1], [0, 2, 5]])
    labels = np.array([1, 1, 0, 1, 0])
    found = several_numbers(ask(function, counts.copy(), labels.copy()), 3, "word")
    p, q = (counts[labels == label].sum(axis=0) for label in (1, 0))
    right = _ratio(p + 1, q + 1)
    if not np.isfinite(found).all():
        return "a word that one side never uses gives log 0: count 1 more of each word on each side"
    if np.allclose(found, -right):
        return "the signs are turned: positive reviews above, negative ones below the line"
    if np.allclose(found, np.exp(right)):
        return "that is the ratio; take its logarithm, so that 0 means 'says nothing'"
    if np.allclose(found, np.log((p + 1) / (q + 1))):
        return "divide each side's counts by their sum first: one side simply has more words"
    if np.allclose(found, right / np.log(2)):
        return "those are logarithms to base 2; take np.log"
    if np.allclose(found, np.log(p / p.sum() + 1) - np.log(q / q.sum() + 1)):
        return "add the 1 to the counts, before you divide by their sum"
    if not np.allclose(found, right):
        return "log of (p + 1) / sum(p + 1) over (q + 1) / sum(q + 1), p and q the summed counts"
    return None


def _check_guided(function: Callable) -> str | None:
    """12.3: push the next word towards the asked opinion."""
    asked, other = np.log([0.5, 0.3, 0.15, 0.05]), np.log([0.2, 0.5, 0.1, 0.2])
    found = several_numbers(ask(function, asked.copy(), other.copy(), 2.0), 4, "word")
    right = _softmax(asked + 2 * (asked - other))
    if np.allclose(found, np.log(right)) or np.allclose(found, asked + 2 * (asked - other)):
        return "those are logarithms: take np.exp, and divide by the sum"
    if np.allclose(found, np.exp(asked + 2 * (asked - other))):
        return f"they add up to {found.sum():.2f}: divide by their sum"
    if np.allclose(found, _softmax(other + 2 * (asked - other))):
        return "guidance 0 must give the asked opinion's own probabilities: start from asked"
    if np.allclose(found, _softmax(asked - 2 * (asked - other))):
        return "that pushes away from the asked opinion: turn the sign"
    if np.allclose(found, _softmax(other + 2 * (other - asked))):
        return "asked and other have changed places"
    linear = np.exp(asked) + 2 * (np.exp(asked) - np.exp(other))
    if (found < 0).any() or np.allclose(found, linear) or np.allclose(found, linear / linear.sum()):
        return "push the logarithms, not the probabilities, which can leave 0 to 1"
    if not np.allclose(found, right):
        return "add guidance * (asked - other) to asked; then np.exp, and divide by the sum"
    if not np.allclose(several_numbers(ask(function, asked, other, 0.0), 4), np.exp(asked)):
        return "right for guidance 2, but guidance 0 should change nothing"
    return None


def _check_repeat_rate(function: Callable) -> str | None:
    """12.4: the share of n-grams that stood before in the same text."""
    words = ["it", "is", "bad", ".", "it", "is", "bad", ".", "it", "is", "very", "bad", "."]
    found = number(ask(function, list(words), 3), "the share")
    grams = list(zip(words, words[1:], words[2:], strict=False))
    new = len(set(grams)) / len(grams)
    if np.isclose(found, len(grams) - len(set(grams))):
        return "that is how many; divide by the number of all n-grams"
    if np.isclose(found, new):
        return "that is the share of *different* n-grams; the rest is what stood before"
    if np.isclose(found, sum(grams.count(g) > 1 for g in grams) / len(grams)):
        return "the first time an n-gram stands there it is no repeat: count the later ones only"
    if np.isclose(found, 1 - len(set(words)) / len(words)):
        return "those are single words: take n neighbours at a time"
    if np.isclose(found, (len(grams) - len(set(grams))) / len(words)):
        return "divide by the number of n-grams, which is smaller than that of the words"
    if not np.isclose(found, 1 - new):
        return "make all n-grams; of how many does the same one stand further left?"
    if not np.isclose(number(ask(function, ["short"], 3), "the share"), 0):
        return "a text of fewer than n words has no n-gram: its repeat rate should be 0"
    return None


def _check_opinion(function: Callable) -> str | None:
    """12.5: a generator that knows two opinions is a judge, by Bayes' rule."""
    negative, positive = np.log([0.02, 0.1, 0.05]), np.log([0.03, 0.08, 0.15])
    found = number(ask(function, negative.copy(), positive.copy(), 0.2), "the probability")
    if np.isclose(found, _bayes(positive.sum() - negative.sum(), 0.5)):
        return "that is right for even odds; here only a fifth of all reviews are positive"
    if np.isclose(found, 1 - _bayes(positive.sum() - negative.sum(), 0.2)):
        return "that is the probability of a *negative* review"
    if np.isclose(found, _bayes(positive.mean() - negative.mean(), 0.2)):
        return "add the logarithms of all words up; a mean makes ten words weigh as much as one"
    if not np.isclose(found, _bayes(positive.sum() - negative.sum(), 0.2)):
        return "prior * exp(sum of positive) over that plus (1 - prior) * exp(sum of negative)"
    return _check_long_review(function)


def _check_long_review(function: Callable) -> str | None:
    """Ask about a thousand words, each of which is rare: exp of their sum is 0 to a computer."""
    negative, positive = np.full(1000, -6.0), np.full(1000, -6.0)
    negative[0], answer = -8.0, _bayes(2.0, 0.2)
    try:
        found = number(ask(function, negative, positive, 0.2), "the probability")
    except Hint:
        found = np.nan
    if not np.isclose(found, answer):
        return "a review of 1,000 words breaks it: exp(-6000) is 0; take the difference before exp"
    return None


def _side(function: Callable, text: str, share: float) -> str:
    answer = ask(function, text, share)
    if not isinstance(answer, str) or answer not in SIDES:
        raise Hint(f"return the word 'train' or 'test', not {answer!r}")
    return answer


def _ratio(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return np.log((p / p.sum()) / (q / q.sum()))


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def _bayes(difference: float, prior: float) -> float:
    return 1 / (1 + (1 - prior) / prior * np.exp(-difference))


CHECKS: dict[str, Callable[..., str | None]] = {
    "12.1": _check_side,
    "12.2": _check_log_count_ratio,
    "12.3": _check_guided,
    "12.4": _check_repeat_rate,
    "12.5": _check_opinion,
}
