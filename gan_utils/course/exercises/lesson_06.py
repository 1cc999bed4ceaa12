"""Check the exercises of lesson 06 (mode collapse).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np
import pandas as pd

from gan_utils.course.exercises import ask, number, several_numbers
from gan_utils.course.exercises.verdicts import Range, verdict_hint

#: How many training runs of each kind the open exercise asks for.
LEAST_RUNS = 4


def _check_modes(function: object) -> str | None:
    """06.1: how many modes are covered."""
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])
    points = centres.repeat([5, 2, 5, 4], axis=0)
    points[7:12, 0] += 1  # five points beside the third mode
    answer = number(ask(function, points.copy(), centres.copy(), 0.5, 4))
    if answer == 3:
        if number(ask(function, points[7:12].copy(), centres.copy(), 0.5, 4)) == 1:
            return "a point next to a mode is not on it: `near` is the largest distance that counts"
        return "a mode with fewer than `least` points does not count"
    if answer == 4:
        return "neither `near` nor `least` seems to have an effect; both should"
    if answer == 1:
        return "a mode with exactly `least` points is covered"
    if answer == 11:
        return "that is the number of points on a mode; count the modes"
    if answer == 0:
        return "no mode has enough points: do you count the points of each centre, or the reverse?"
    if answer != 2:
        return "for each centre, count the points within `near`; then count the centres with enough"
    if number(ask(function, points.copy(), centres.copy(), 1.0, 4)) != 3:
        return "a point at a distance of exactly `near` is on the mode: compare with <="
    return None


def _check_nearness(function: object) -> str | None:
    """06.2: minibatch discrimination, the nearness of each sample to its batch."""
    projected = np.array([[0.0, 0.0], [1.0, -2.0], [0.5, 0.0], [0.0, 0.0]])
    distances = np.abs(projected[:, None] - projected).sum(axis=-1)
    right = np.exp(-distances).mean(axis=1)
    answer = several_numbers(ask(function, projected.copy()), 4, "sample")
    euclid = np.linalg.norm(projected[:, None] - projected, axis=-1)
    if np.allclose(answer, np.exp(-distances).sum(axis=1)):
        return "take the mean, not the sum, or the result depends on the batch size"
    if np.allclose(answer, distances.mean(axis=1)):
        return "that is the mean distance; nearness is exp(-distance), which is 1 for equal samples"
    if np.allclose(answer, np.exp(-distances.mean(axis=1))):
        return "first take exp(-distance) for each pair, then the mean over the batch"
    if np.allclose(answer, np.exp(-euclid).mean(axis=1)):
        return "the distance is the sum of absolute differences, not the Euclidean distance"
    if np.allclose(answer, (np.exp(-distances).sum(axis=1) - 1) / 3):
        return "nearly: keep each sample's nearness to itself, which is 1, as the module does"
    if not np.allclose(answer, right):
        return "compare with the formula: a distance, an exponential, a mean over the batch"
    return None


def _check_penalty(function: object) -> str | None:
    """06.3: the gradient penalty, from the critic's gradients."""
    gradients = np.array([[3.0, 4.0], [0.0, 1.0], [0.6, 0.0]])
    lengths = np.linalg.norm(gradients, axis=1)
    right = 0.1 * np.mean((lengths - 1) ** 2)
    answer = number(ask(function, gradients.copy(), 0.1))
    if np.isclose(answer, right / 0.1):
        return "right, except that the weight of the penalty is missing"
    if np.isclose(answer, 0.1 * np.mean((lengths**2 - 1) ** 2)):
        return "that compares the squared length with 1; take the square root first"
    if np.isclose(answer, 0.1 * np.mean(lengths**2)):
        return "that pulls the slope towards 0, as the R1 penalty does; here it should be near 1"
    if np.isclose(answer, 0.1 * np.mean((gradients - 1) ** 2)):
        return "the length of each row, not each component, should be near 1"
    if np.isclose(answer, 0.1 * (np.linalg.norm(gradients) - 1) ** 2):
        return "that is one length for the whole batch; every row has its own"
    if np.isclose(answer, 0.1 * np.mean(np.abs(lengths - 1))):
        return "the deviations from 1 should be squared"
    if np.isclose(answer, 0.1 * ((lengths - 1) ** 2).sum()):
        return "take the mean over the points, not the sum"
    if not np.isclose(answer, right):
        return "compare with the formula: a length per row, its distance from 1, a square, a mean"
    if not np.isclose(number(ask(function, gradients.copy(), 2.0)), 20 * right):
        return "right for a weight of 0.1, wrong for a weight of 2: use the argument"
    return None


def _check_own_change(runs: object, verdict: object) -> str | None:
    """06.4: training runs of two kinds, and a verdict on which kind covers more modes."""
    runs = ask(runs) if callable(runs) else runs
    if not isinstance(runs, dict) or set(runs) != {"unchanged", "changed"}:
        return 'my_runs should be a dictionary with two lists of runs, "unchanged" and "changed"'
    if any(not isinstance(group, list | tuple) for group in runs.values()):
        return "give a list of runs for each of the two, one run per seed"
    if any(len(group) < LEAST_RUNS for group in runs.values()):
        return f"give at least {LEAST_RUNS} seeds for each: a single training run may be luck"
    tables = [[getattr(run, "scores", None) for run in group] for group in runs.values()]
    if any(not isinstance(table, pd.DataFrame) for group in tables for table in group):
        return "each run should be what run_ring returns"
    if len({table.index[-1] for group in tables for table in group}) > 1:
        return "train them all for the same number of steps, or the comparison is not fair"
    modes = ([table["modes covered"].iloc[-1] for table in group] for group in tables)
    ranges = (Range(min(kind), max(kind)) for kind in modes)
    return verdict_hint(*ranges, verdict, ("fewer modes", "more modes"), "these are mode counts")


CHECKS = {
    "06.1": _check_modes,
    "06.2": _check_nearness,
    "06.3": _check_penalty,
    "06.4": _check_own_change,
}
