"""Checks of lesson 09, diffusion. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np

from gan_utils.course.exercises import ask, several_numbers
from gan_utils.course.exercises.verdicts import c2st_card_hint


def _check_noisy(function: object) -> str | None:
    """09.1: a point on the line from noise to a real sample, each with its own time."""
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
        return "each row has its own time, not each column: give t a second axis, t[:, None]"
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
    if np.allclose(answers[0], -right):
        return "the sign is wrong: the sample should move towards the estimate"
    if np.allclose(answers[0], estimate - noisy):
        return "that is the way that is left; divide it by the time that is left"
    if np.allclose(answers[0], right) and np.allclose(answers[1], (estimate - noisy) / 0.75):
        return "divide by the time that is left, 1 - t, not by t"
    if not all(
        np.allclose(answer, (estimate - noisy) / left)
        for answer, left in zip(answers, (0.5, 0.25), strict=True)
    ):
        return "the velocity is the way that is left, divided by the time that is left"
    return None


def _check_guided(function: object) -> str | None:
    """09.3: guidance, from the velocities with and without a class."""
    with_class, without = np.array([2.0, -1.0]), np.array([0.5, 1.0])
    right = with_class + 3 * (with_class - without)
    answer = several_numbers(ask(function, with_class.copy(), without.copy(), 3.0), 2, "value")
    if np.allclose(answer, with_class + 3 * (without - with_class)):
        return "the sign is wrong: push away from the velocity without a class"
    if np.allclose(answer, without + 3 * (with_class - without)):
        return "start from the velocity with the class, so that a guidance of 0 changes nothing"
    if np.allclose(answer, with_class + 3 * with_class):
        return "push by the difference of the two velocities"
    if not np.allclose(answer, right):
        return "add guidance times (with the class - without it) to the velocity with the class"
    return None


def _check_own_change(card: object, verdict: object) -> str | None:
    """09.4: a card of two settings over several seeds, and what it says about C2ST."""
    return c2st_card_hint(ask(card) if callable(card) else card, verdict)


CHECKS = {
    "09.1": _check_noisy,
    "09.2": _check_velocity,
    "09.3": _check_guided,
    "09.4": _check_own_change,
}
