"""Check the exercises of lesson 11 (review classifiers).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from gan_utils._support.builtin_names import builtins_of
from gan_utils.course.exercises import Hint, ask, named_mistake, several_numbers
from gan_utils.course.exercises.verdicts import CANNOT_TELL, Range, right_verdict, word_hint

SIDES = {"train", "test"}
#: How many standard errors a 95 % interval extends on either side of the mean.
REACH = 1.96


def _check_side(function: Callable) -> str | None:
    """11.1: assign a text to the training or the test side by its content alone."""
    texts = [f"Review {i}: a film of {i % 7} stars." for i in range(2000)]
    sides = [_side(function, text, 0.2) for text in texts]
    again, loud, wide = (
        [_side(function, change(text), 0.2) for text in texts[:200]]
        for change in (str, str.upper, lambda text: f" {text} \n".replace(" ", "  "))
    )
    if again != sides[:200]:
        return "the same text went to different sides in two calls: let the text decide, not chance"
    if loud != sides[:200]:
        return "'Great film' and 'GREAT FILM' are one review: convert the text to lower case first"
    if wide != sides[:200]:
        return "a text with different spaces is still the same review: make all gaps alike first"
    if "hash" in builtins_of(function):
        return "Python's own hash gives different numbers in every run: use zlib.crc32 or hashlib"
    found = sides.count("test") / len(sides)
    if abs(found - 0.8) < 0.05:
        return "share is the fraction that goes to the *test* side; you sent it to training"
    half = [_side(function, text, 0.5) for text in texts].count("test") / len(texts)
    if abs(found - 0.2) > 0.05 or abs(half - 0.5) > 0.05:
        return (
            f"of 2,000 texts, {found:.0%} went to the test side for share=0.2, and {half:.0%} for "
            "share=0.5: turn each text into a number, spread evenly between 0 and 1, and compare "
            "it with share"
        )
    return None


def _check_log_count_ratio(function: Callable) -> str | None:
    """11.2: the weight of a word in naive Bayes."""
    counts = np.array([[3, 0, 1], [2, 1, 0], [0, 4, 1], [1, 0, 1], [0, 2, 5]])
    labels = np.array([1, 1, 0, 1, 0])
    found = several_numbers(ask(function, counts.copy(), labels.copy()), 3, "word")
    p, q = (counts[labels == label].sum(axis=0) for label in (1, 0))
    right = _ratio(p + 1, q + 1)
    if not np.isfinite(found).all():
        return "a word that one class never uses gives log 0: add 1 to the counts of both classes"
    if np.allclose(found, right):
        return None
    return named_mistake(found, _wrong_ratios(p, q)) or (
        "for each word: its share of the positive words, its share of the negative ones, and the "
        "logarithm of their ratio"
    )


def _wrong_ratios(p: np.ndarray, q: np.ndarray) -> dict[str, np.ndarray]:
    """List the results of typical mistakes in 11.2, given the counts of both classes."""
    right = _ratio(p + 1, q + 1)
    return {
        "the signs are wrong: words of positive reviews should have weights above 0": -right,
        "that is the ratio; take its logarithm, so that words equally common in both get 0": (
            np.exp(right)
        ),
        "first divide each class's counts by their sum: one class simply has more words": (
            np.log((p + 1) / (q + 1))
        ),
        "those are logarithms to base 2; use np.log": right / np.log(2),
        "add the 1 to the counts before you divide by their sum": (
            np.log(p / p.sum() + 1) - np.log(q / q.sum() + 1)
        ),
        "the sums below the line should contain the added 1s, too": (
            np.log((p + 1) / p.sum()) - np.log((q + 1) / q.sum())
        ),
    }


def _check_paired_interval(function: Callable) -> str | None:
    """11.3: the interval for the difference in accuracy of two classifiers on the same reviews."""
    ours, theirs = np.repeat([True, False], [360, 40]), np.ones(400, bool)
    theirs[335:370] = theirs[380:390] = False
    try:
        found = several_numbers(ask(function, ours.copy(), theirs.copy()), 2, "end")
    except Hint as hint:
        if "boolean subtract" in str(hint):
            return "True minus False is not defined for arrays: make them numbers first"
        raise
    differences = ours.astype(float) - theirs
    middle, error = differences.mean(), differences.std() / np.sqrt(len(differences))
    reach, place = (found[1] - found[0]) / 2, found.mean()
    if reach < 0:
        return "the low end comes first"
    if np.isclose(place, -middle, atol=error / 5):
        return "the sign is wrong: take right_a minus right_b"
    if not np.isclose(place, middle, atol=error / 5):
        return "the middle should be the mean of the differences: the difference in accuracy"
    apart = np.sqrt((ours.var() + theirs.var()) / len(ours))
    if np.isclose(reach, REACH * apart, rtol=0.05):
        return (
            "that is for two samples of different reviews; both judged the same reviews, so first "
            "take the difference review by review, and then its standard error"
        )
    if np.isclose(reach, REACH * differences.std(), rtol=0.05):
        return "that is the spread of single reviews; for the mean's error, divide by the root of n"
    if np.isclose(reach, error, rtol=0.05):
        return "that is one standard error; a 95 % interval extends 1.96 of them on each side"
    if not np.isclose(reach, REACH * error, rtol=0.05):
        return "the middle is right; how far does the interval reach on either side of it?"
    return None


def _check_own_judge(
    validation: object, choice: object, mine: object, judge: object, verdict: object
) -> str | None:
    """11.4: a classifier that is chosen on validation data and compared on the test reviews."""
    validation, choice, mine, judge, verdict = (
        ask(answer) if callable(answer) else answer
        for answer in (validation, choice, mine, judge, verdict)
    )
    accuracies = _accuracies(validation)
    if not isinstance(choice, str) or choice not in accuracies:
        return "my_choice should be one of the names in my_validation"
    if accuracies[choice] < accuracies.max():
        return (
            f"on validation, {accuracies.idxmax()!r} is right more often than {choice!r}: choose "
            "there, before you look at the test reviews"
        )
    ours, theirs = _right(mine, "my_right"), _right(judge, "judge_right")
    if len(ours) != len(theirs):
        return f"my_right has {len(ours)} reviews, judge_right {len(theirs)}: pair the same reviews"
    if hint := word_hint(verdict, ("better", "worse", CANNOT_TELL)):
        return hint
    differences = ours - theirs
    if not differences.any():
        return "both are right on the same reviews throughout: did your change reach your answers?"
    error = differences.std() / np.sqrt(len(differences))
    interval = Range(differences.mean() - REACH * error, differences.mean() + REACH * error)
    right = right_verdict(interval)
    if verdict == right:
        return None
    said = f"the paired interval goes from {interval.low:.4f} to {interval.high:.4f}"
    if right == CANNOT_TELL:
        return f"{said}: it contains 0"
    return f"{said}: it excludes 0; mind its sign"


def _accuracies(answer: object) -> pd.Series:
    """Read validation accuracies by name."""
    if isinstance(answer, Mapping):
        answer = pd.Series(dict(answer), dtype=float)
    if not isinstance(answer, pd.Series) or not len(answer):
        raise Hint("my_validation should be a dictionary of names and accuracies on validation")
    values = answer.astype(float)
    if not values.between(0, 1).all():
        raise Hint("accuracies lie between 0 and 1; check the numbers in my_validation")
    if len(values) < 2:
        raise Hint("with one candidate there is nothing to choose: try two or more on validation")
    return values


def _right(answer: object, name: str) -> np.ndarray:
    """Read which reviews were judged correctly, as 0 and 1."""
    try:
        values = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError) as error:
        raise Hint(f"{name} should say for each test review whether the answer is right") from error
    if len(values) < 50 or not np.isin(values, (0, 1)).all():
        raise Hint(f"{name} should be True or False for each test review: predictions == labels")
    return values


def _side(function: Callable, text: str, share: float) -> str:
    answer = ask(function, text, share)
    if not isinstance(answer, str) or answer not in SIDES:
        raise Hint(f"return the word 'train' or 'test', not {answer!r}")
    return answer


def _ratio(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    return np.log((p / p.sum()) / (q / q.sum()))


CHECKS: dict[str, Callable[..., str | None]] = {
    "11.1": _check_side,
    "11.2": _check_log_count_ratio,
    "11.3": _check_paired_interval,
    "11.4": _check_own_judge,
}
