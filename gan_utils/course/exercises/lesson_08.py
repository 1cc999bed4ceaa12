"""Check the exercises of lesson 08 (LIME on digits).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np
import pandas as pd

from gan_utils.course.exercises import Hint, ask, number, several_numbers
from gan_utils.course.exercises.verdicts import (
    CANNOT_TELL,
    mean_interval,
    right_verdict,
    word_hint,
)

#: How many digits the open exercise asks for, and the columns of its tables.
LEAST_DIGITS = 10
COLUMNS = ("fit", "overlap", "top", "random")


def _check_surrogate(function: object) -> str | None:
    """08.1: LIME's core, a weighted linear model of what the classifier answered."""
    rng = np.random.default_rng(54)
    masks = rng.integers(0, 2, (40, 3)).astype(float)
    # The answers are not linear in the masks. If they were, every weighting would give the same
    # coefficients.
    answers = 0.2 + 0.5 * masks[:, 0] - 0.3 * masks[:, 1] + 0.6 * masks[:, 0] * masks[:, 2]
    closeness = np.exp(-3 * (1 - masks.mean(axis=1)))
    found = several_numbers(
        ask(function, masks.copy(), answers.copy(), closeness.copy()), 3, "segment"
    )
    if np.allclose(found, _fitted(masks, answers, closeness)):
        return None
    if np.allclose(found, _fitted(masks, answers, np.ones(40))):
        return "all copies count alike: where does closeness come in?"
    if np.allclose(found, _fitted(masks, answers, closeness, intercept=False)):
        return "the model needs an intercept: with all segments hidden, the answer is not 0"
    if np.allclose(found, _fitted(masks, answers, closeness**2)):
        return "closeness counts twice: the fit already weighs the squares by it"
    if np.allclose(found, _fitted(1 - masks, answers, closeness)):
        return "the signs are wrong: in masks, 1 means shown and 0 means hidden"
    if np.allclose(found, _fitted(masks, answers * closeness, np.ones(40))):
        return "the answers stay as they are: closeness weighs the squared errors, not the answers"
    return "fit a linear model to the answers, with each copy weighed, and return its weights"


def _check_deletion(function: object) -> str | None:
    """08.2: how much hiding the k most important segments lowers the classifier's answer."""
    segments = np.repeat(np.arange(4), 4).reshape(4, 4)
    image, weights = np.arange(1.0, 17).reshape(4, 4) / 16, np.array([0.1, 0.9, -0.8, 0.4])
    answers = [ask(function, image.copy(), segments, weights, _total, k) for k in (1, 2)]
    found = [float(several_numbers(answer, 1)[0]) for answer in answers]
    ink = np.array([image[segments == s].sum() for s in range(4)])
    right = [ink[1], ink[1] + ink[3]]
    if np.allclose(found, np.negative(right)):
        return "the sign is wrong: take the answer before hiding minus the answer after it"
    if np.allclose(found, ink.sum() - np.array(right)):
        return "that is what is left after hiding; subtract it from the answer for the whole image"
    if np.allclose(found, [ink[2], ink[2] + ink[0]]):
        return "you hid the segments with the smallest weights: sort from the largest down"
    if np.allclose(found, [ink[1], ink[1] + ink[2]]):
        return "a weight of -0.8 counts *against*: sort by the weight, not by its absolute value"
    if np.allclose(found, [ink[1], ink[3]]):
        return "hide the first k segments together, not only the k-th"
    if not np.allclose(found, right):
        return (
            "copy the image, set the pixels of the k segments with the largest weights to 0, and "
            "call predict again"
        )
    return None


def _check_holds(function: object) -> str | None:
    """08.3: the number of images whose top segments matter more than nearly all random choices."""
    random = np.tile(np.arange(100) / 100, (6, 1))
    # The first four drops exceed 100, 96, 95 and 94 random drops; the fourth also equals another.
    # The fifth drop is large but not unusual, and the last one is small.
    top = np.array([1.0, 0.955, 0.945, 0.94, 0.9, 0.3])
    random[4] = np.linspace(0.5, 1, 100)
    answer = number(ask(function, top.copy(), random.copy()))
    if answer == 3:
        return None
    if np.isclose(answer, 0.5):
        return "that is the share; return the number of images"
    if answer == 5:
        return "more than the *mean* random fall is not enough: top must exceed 95 % of the falls"
    if answer == 4:
        return "a random fall that equals top is not below it: compare with <"
    if answer == 2:
        return "an image with exactly 95 of 100 random falls below top also counts"
    if answer == 1:
        return "95 of 100 random falls below top are enough; you require all of them"
    if np.isclose(answer, (random < top[:, None]).mean()):
        return "first take the share for each image, over its row; then count those of 0.95 or more"
    if answer == (random < top[:, None]).sum():
        return "that counts random choices; for each image take their share, then count the images"
    return (
        "for each image, take the share of its random falls that are below top; count the images "
        "where it is 0.95 or more"
    )


def _check_own_explanation(tables: object, verdict: object) -> str | None:
    """08.4: explanations with two settings, digit by digit, and which setting does better."""
    tables = ask(tables) if callable(tables) else tables
    if not isinstance(tables, dict) or set(tables) != {"unchanged", "changed"}:
        return 'my_tables should be a dictionary with two tables, "unchanged" and "changed"'
    before, after = (_checked_table(tables[name]) for name in ("unchanged", "changed"))
    if len(before) != len(after) or not before.index.equals(after.index):
        return "explain the same digits both times, or the differences mean nothing"
    if before[list(COLUMNS)].equals(after[list(COLUMNS)]):
        return "the two tables are equal throughout: did your change reach explain_image?"
    if hint := word_hint(verdict, ("worse", "better", CANNOT_TELL)):
        return hint
    interval = mean_interval(_advantage(after) - _advantage(before))
    right = right_verdict(interval)
    if verdict == right:
        return None
    told = f"{interval.low:+.3f} to {interval.high:+.3f}"
    if right == CANNOT_TELL:
        return f"the interval for the mean difference ({told}) contains 0: do not claim {verdict!r}"
    if verdict == CANNOT_TELL:
        return f"the interval for the mean difference ({told}) excludes 0: these digits can tell"
    return f"it is the other way round: changed minus unchanged is {told}"


def _checked_table(table: object) -> pd.DataFrame:
    """Read one table of the open exercise, with one row per digit, as `report` returns it."""
    if not isinstance(table, pd.DataFrame):
        raise Hint("each table should be what report returns, with one row per digit")
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        raise Hint(f"a table has no column {lacking[0]!r}: use report, or its column names")
    if len(table) < LEAST_DIGITS:
        raise Hint(f"explain at least {LEAST_DIGITS} digits: with fewer, chance decides")
    numbers = table[list(COLUMNS)].astype(float)
    if not np.isfinite(numbers.to_numpy()).all():
        raise Hint("a table contains a missing or infinite number")
    if not numbers["overlap"].between(0, 1).all() or (numbers["fit"] > 1).any():
        raise Hint("fit is at most 1, and overlap lies between 0 and 1: are the columns mixed up?")
    return numbers


def _advantage(table: pd.DataFrame) -> np.ndarray:
    return (table["top"] - table["random"]).to_numpy()


def _total(images: np.ndarray) -> np.ndarray:
    """Stand in for a classifier: return how much ink each image of a batch has."""
    images = np.asarray(images, float)
    if images.shape == (4, 4):
        raise Hint("predict takes a batch: pass image[None], and take the first answer")
    return images.reshape(len(images), -1).sum(axis=1)


def _fitted(
    masks: np.ndarray, answers: np.ndarray, closeness: np.ndarray, intercept: bool = True
) -> np.ndarray:
    from sklearn.linear_model import LinearRegression

    model = LinearRegression(fit_intercept=intercept)
    return model.fit(masks, answers, sample_weight=closeness).coef_


CHECKS = {
    "08.1": _check_surrogate,
    "08.2": _check_deletion,
    "08.3": _check_holds,
    "08.4": _check_own_explanation,
}
