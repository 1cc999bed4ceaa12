"""Check the exercises of lesson 09 (diffusion).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import ask, named_mistake, several_numbers
from gan_utils.course.exercises.verdicts import c2st_card_hint


def _check_noisy(function: object) -> str | None:
    """09.1: points on the lines from noise to real samples, each with its own time."""
    real, noise = np.array([[10.0, 20.0], [30.0, 40.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])
    t = np.array([0.25, 1.0])
    wide = t[:, None]
    answer = ask(function, real.copy(), noise.copy(), t.copy())
    if np.shape(answer) != real.shape:
        return (
            f"the result should have the shape of the real samples, (2, 2), not {np.shape(answer)}"
        )
    answer = several_numbers(answer, 4).reshape(2, 2)
    if np.allclose(answer, wide * noise + (1 - wide) * real):
        return "the ends are swapped: at t = 0 a sample is all noise, at t = 1 it is real"
    if np.allclose(answer, (1 - t) * noise + t * real):
        return "each row has its own time, not each column: t needs a second axis, for the columns"
    if np.allclose(answer, np.sqrt(1 - wide) * noise + np.sqrt(wide) * real):
        return (
            "those are roots of the shares, as in other diffusion models; here the line is straight"
        )
    if np.allclose(answer, noise + wide * real):
        return "the shares should add up to 1: the noise has a weight too"
    if not np.allclose(answer, (1 - wide) * noise + wide * real):
        return "mix both with the weights 1 - t for the noise and t for the real sample"
    return None


def _check_velocity(function: object) -> str | None:
    """09.2: the velocity that leads from a noisy sample to the estimate."""
    noisy, estimate = np.array([[1.0, -2.0]]), np.array([[3.0, 1.0]])
    right = (estimate - noisy) / 0.5
    answers = [
        several_numbers(ask(function, noisy.copy(), estimate.copy(), t), 2, "value").reshape(1, 2)
        for t in (0.5, 0.75)
    ]
    mistakes = {
        "the sign is wrong: the sample should move towards the estimate": -right,
        "that is the way that is left; divide it by the time that is left": estimate - noisy,
        "a shorter time needs a higher speed: divide by the time that is left": right / 4,
        "the velocity leads from where the sample is now: subtract its place": estimate / 0.5,
    }
    if hint := named_mistake(answers[0], mistakes):
        return hint
    if np.allclose(answers[0], right) and np.allclose(answers[1], (estimate - noisy) / 0.75):
        return "divide by the time that is left, not by t, the time that has passed"
    if not all(
        np.allclose(answer, (estimate - noisy) / left)
        for answer, left in zip(answers, (0.5, 0.25), strict=True)
    ):
        return "a velocity is a distance per time: which way is left, and how much time?"
    return None


def _check_guided(function: object) -> str | None:
    """09.3: guidance, from the velocities with and without a class."""
    with_class, without = np.array([2.0, -1.0]), np.array([0.5, 1.0])
    right = with_class + 3 * (with_class - without)
    answer = several_numbers(ask(function, with_class.copy(), without.copy(), 3.0), 2, "value")
    if np.allclose(answer, right):
        return None
    mistakes = {
        "the sign is wrong: push away from the velocity without a class": (
            with_class + 3 * (without - with_class)
        ),
        "start from the velocity with the class, so that a guidance of 0 changes nothing": (
            without + 3 * (with_class - without)
        ),
        "push by the difference of the two velocities": 4 * with_class,
        "that is the push alone: it is added to the velocity with the class": (
            3 * (with_class - without)
        ),
        "the two velocities have changed places": without + 3 * (without - with_class),
    }
    return named_mistake(answer, mistakes) or "compare your terms with the formula, one by one"


def _check_own_change(card: object, verdict: object) -> str | None:
    """09.4: a card of two settings over several seeds, and the student's verdict on C2ST."""
    return c2st_card_hint(ask(card) if callable(card) else card, verdict)


CHECKS = {
    "09.1": _check_noisy,
    "09.2": _check_velocity,
    "09.3": _check_guided,
    "09.4": _check_own_change,
}
