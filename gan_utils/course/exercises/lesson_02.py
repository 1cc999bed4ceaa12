"""Checks of lesson 02, the screen-time GAN. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np
import pandas as pd

from gan_utils.course.exercises import ask, several_numbers


def _check_scaling(scale: object, unscale: object) -> str | None:
    """02.1: map a column linearly to [-1, 1], and back to whole numbers."""
    column, low, high = np.array([10.0, 20.0, 40.0]), 10.0, 50.0
    scaled = several_numbers(ask(scale, column.copy(), low, high), 3)
    right = np.array([-1.0, -0.5, 0.5])
    if np.allclose(scaled, (right + 1) / 2):
        return "scale maps to 0 to 1; stretch it to twice that width and move it down by 1"
    if np.allclose(scaled, [-1, -1 / 3, 1]):
        return "use the low and high that are handed over, not the column's own extremes"
    if not np.allclose(scaled, right):
        return "low should become -1, high should become 1, and the middle of both 0"
    back = several_numbers(ask(unscale, np.array([-1.0, 0.511, 0.5, 1.0]), low, high), 4)
    if np.allclose(back, [10, 40.22, 40, 50]):
        return "unscale is right but for the fractions: nobody gets 40.22 notifications"
    if not np.allclose(back, [10, 40, 40, 50]):
        return "unscale should undo scale: -1 becomes low, 1 becomes high, then round"
    return None


def _check_generator_loss(function: object) -> str | None:
    """02.2: the non-saturating loss of the generator, from probabilities."""
    probabilities = np.array([0.1, 0.5, 0.8])
    loss = float(several_numbers(ask(function, probabilities.copy()), 1)[0])
    right = -np.log(probabilities).mean()
    if np.isclose(loss, -right):
        return "the sign is turned: a loss should get smaller when D is fooled more often"
    if np.isclose(loss, -np.log(probabilities).sum()):
        return "take the mean over the batch, not the sum, or the batch size changes the loss"
    if np.isclose(loss, np.log(1 - probabilities).mean()):
        return "that is the minimax form, which hardly learns while D wins; use log D(G(z))"
    if np.isclose(loss, -np.log(1 - probabilities).mean()):
        return "that is small when D sees through the rows; the generator wants D(G(z)) near 1"
    if not np.isclose(loss, right):
        return "average -log(D(G(z))) over the batch, with the natural logarithm"
    return None


def _check_packs(function: object) -> str | None:
    """02.3: put k rows side by side, as a discriminator with packing sees them."""
    rows = np.arange(14.0).reshape(7, 2)
    packs = np.asarray(ask(function, rows.copy(), 3), dtype=float)
    right = rows[:6].reshape(2, 6)
    if packs.shape == (2, 3, 2):
        return "the values are there; flatten each pack, so that its shape is (2, 6)"
    if packs.shape == (6, 2):
        return "each pack should be one row of the result: 2 packs of 3 x 2 numbers"
    if packs.shape != right.shape:
        return (
            f"7 rows of 2 numbers in packs of 3: (2, 6), not {packs.shape}; drop what is left over"
        )
    if not np.array_equal(packs, right):
        return "the shape is right, but the first pack should be the first three rows in order"
    return None


def _check_invented(function: object) -> str | None:
    """02.4: the share of generated rows that lie farther from real rows than real rows ever do."""
    real = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    generated = np.array([[0.5, 0.0], [0.0, 4.5], [9.0, 9.0], [1.0, 2.0]])
    share = float(several_numbers(ask(function, generated.copy(), real.copy()), 1)[0])
    if np.isclose(share, 0.5):
        return None
    if np.isclose(share, 2):
        return "that is how many; divide by the number of generated rows"
    if np.isclose(share, 1):
        return (
            "every row counts as invented: a real row's closest *other* real row sets the limit, "
            "since each is at distance 0 from itself"
        )
    if np.isclose(share, 0):
        return "no row counts as invented: compare with the largest distance to the *closest* row"
    return "measure each generated row's distance to its closest real row, then compare"


def _check_weekend(function: object) -> str | None:
    """02.5: mean of a column on weekends less that on weekdays, for each app."""
    dates = pd.to_datetime(["2024-08-02", "2024-08-03", "2024-08-04", "2024-08-05"] * 2)
    table = pd.DataFrame({"Date": dates, "App": ["X"] * 4 + ["Safari"] * 4})
    table["Usage (minutes)"] = [10, 30, 50, 20, 7, 1, 2, 8]
    answer = ask(function, table.copy())
    if not isinstance(answer, pd.Series):
        return f"return a Series with one number for each app, not a {type(answer).__name__}"
    right = pd.Series({"Safari": -6.0, "X": 25.0})
    if set(answer.index) != set(right.index):
        return "the index should be the apps' names: group by 'App'"
    answer = answer.astype(float)[right.index]
    if np.allclose(answer, -right):
        return "the sign is turned: weekend less weekday"
    if not np.allclose(answer, right):
        return "Saturday is dayofweek 5 and Sunday 6; take both means, then the difference"
    return None


CHECKS = {
    "02.1": _check_scaling,
    "02.2": _check_generator_loss,
    "02.3": _check_packs,
    "02.4": _check_invented,
    "02.5": _check_weekend,
}
