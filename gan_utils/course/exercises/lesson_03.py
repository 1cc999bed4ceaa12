"""Check the exercises of lesson 03 (rebalancing).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import ask, named_mistake, number, several_parts
from gan_utils.course.exercises.verdicts import card_ranges, verdict_hint

#: The row of the card that exercise 03.4 asks about.
CLOSENESS = "distance ratio to real rows"


def _check_divergence(function: object) -> str | None:
    """03.1: the divergence of the encoder's normal distribution from the standard normal one."""
    mean = np.array([[0.0, 0.0], [1.0, -2.0], [0.5, 0.0]])
    # The last row does not sum to 0: otherwise, a forgotten log-variance would go unnoticed.
    log_variance = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, -0.5]])
    each = (mean**2 + np.exp(log_variance) - log_variance - 1) / 2
    right = each.sum(axis=1)
    answer = np.asarray(ask(function, mean.copy(), log_variance.copy()), dtype=float)
    if answer.shape == mean.shape:
        return "return one number per row: add up the components of the code"
    if answer.shape == (2,):
        return "you added up the rows: each row keeps its own sum, over the components of its code"
    if answer.shape != right.shape:
        return f"3 codes came in, so return 3 numbers, not an array of shape {answer.shape}"
    if np.allclose(answer, right):
        return None
    if not np.isfinite(answer).all():
        return "you take the logarithm of log_variance: it is a logarithm already"
    return named_mistake(answer, _wrong_divergences(mean, log_variance, right)) or (
        "mean 0 and log-variance 0 give the standard normal distribution: divergence 0"
        if not np.isclose(answer[0], 0)
        else "square the mean, and take the variance from its logarithm: compare term by term"
    )


def _wrong_divergences(mean: np.ndarray, log_variance: np.ndarray, right: np.ndarray) -> dict:
    """List the results of typical mistakes in 03.1."""
    variance, squares = np.exp(log_variance), mean**2
    as_spread = (squares + variance**2 - 2 * log_variance - 1).sum(axis=1) / 2
    return {
        "the sign is wrong: a divergence is never negative": -right,
        "that is twice the divergence: a factor of one half is missing": 2 * right,
        "add up the components of the code; do not average them": right / 2,
        "log_variance belongs to the variance; you treat it as the logarithm of sigma": as_spread,
        "you use log_variance as if it were the variance: undo the logarithm in one of the terms": (
            (squares - 1).sum(axis=1) / 2
        ),
        "the term -log(sigma squared) is missing": (squares + variance - 1).sum(axis=1) / 2,
        "the term -log(sigma squared) is missing, and so is the 1": (
            (squares + variance).sum(axis=1) / 2
        ),
        "the 1 is missing: without it, the divergence of the prior itself is not 0": (
            (squares + variance - log_variance).sum(axis=1) / 2
        ),
        "the mean should be squared": (mean + variance - log_variance - 1).sum(axis=1) / 2,
    }


def _check_prediction(before: object, inside: object) -> str | None:
    """03.2: scores of a forest on random labels, with a wrong and a right order of steps."""
    before, inside = (ask(answer) if callable(answer) else answer for answer in (before, inside))
    before, inside = number(before, "copies_before"), number(inside, "copies_inside")
    if not (0 <= before <= 1 and 0 <= inside <= 1):
        return "a balanced accuracy lies between 0 and 1"
    if abs(before - 0.5) <= 0.1 and inside >= 0.75:
        return "the two have changed places: which of them lets the forest see the test rows?"
    if abs(inside - 0.9) < 0.021:
        return (
            "copies_inside: that is the accuracy of always saying benign; the *balanced* accuracy "
            "is the mean of the two recalls, 1 and 0"
        )
    if abs(inside - 0.5) > 0.1:
        return (
            "copies_inside: the test rows are untouched and their labels are random, so on "
            "average the forest does no better than tossing a coin"
        )
    if before < 0.75:
        return (
            "copies_before: most rare test rows have a copy among the training rows, and a forest "
            "knows its training rows by heart; it still calls the common rows common"
        )
    return None


class _Doubler:
    """A sampler whose effect is easy to see: it repeats the rows of class 1, shifted by 1000."""

    def fit_resample(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        more = x[y == 1] + 1000
        return np.concatenate([x, more]), np.concatenate([y, np.ones(len(more), dtype=int)])


def _check_inside(function: object) -> str | None:
    """03.3: resample the training rows and leave the test rows alone."""
    x, y = np.arange(24.0).reshape(12, 2), np.array([0, 0, 1] * 4)
    train, test = np.arange(8), np.arange(8, 12)
    answer = ask(function, _Doubler(), x.copy(), y.copy(), train.copy(), test.copy())
    parts = several_parts(answer, 4, "four things: X_train, y_train, X_test, y_test")
    x_train, y_train, x_test, y_test = (np.asarray(part, dtype=float) for part in parts)
    if np.array_equal(x_test, x[train]):
        return "training and test rows have changed places"
    if x_test.shape[:1] == (5,) or (x_test.size and x_test.max() > 500):
        return "the test rows were resampled, too: they should stay just as they are"
    if x_train.shape[:1] == (8,):
        return "the training rows were not resampled: call sampler.fit_resample on them"
    if x_train.shape[:1] == (11,) or np.isin(x[test] + 1000, x_train).any():
        return "new rows were made from test rows: select the training rows first, then resample"
    if y_train.shape[:1] == (8,):
        return "X_train was resampled, y_train was not: fit_resample returns both, of one length"
    wanted = (*_Doubler().fit_resample(x[train], y[train]), x[test], y[test])
    found = (x_train, y_train, x_test, y_test)
    if any(f.shape != w.shape or not np.allclose(f, w) for f, w in zip(found, wanted, strict=True)):
        return "only the training rows, with their labels, go through the sampler: compare all four"
    return None


def _check_own_vae(card: object, verdict: object) -> str | None:
    """03.4: a card of two settings, and whether the change brings rows closer to the real ones."""
    before, after = card_ranges(ask(card) if callable(card) else card, CLOSENESS, "unseen")
    direction = "a lower ratio means closer to the training rows"
    return verdict_hint(before, after, verdict, ("closer", "farther"), direction)


CHECKS = {
    "03.1": _check_divergence,
    "03.2": _check_prediction,
    "03.3": _check_inside,
    "03.4": _check_own_vae,
}
