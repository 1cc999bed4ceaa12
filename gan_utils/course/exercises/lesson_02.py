"""Checks of lesson 02, the screen-time GAN. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np

from gan_utils.course.exercises import ask, several_numbers
from gan_utils.course.exercises.verdicts import c2st_card_hint


def _check_generator_loss(function: object) -> str | None:
    """02.1: the non-saturating loss of the generator, from probabilities."""
    probabilities = np.array([0.1, 0.5, 0.8])
    loss = float(several_numbers(ask(function, probabilities.copy()), 1)[0])
    right = -np.log(probabilities).mean()
    if np.isclose(loss, -right):
        return "the sign is wrong: the loss should fall when D is fooled more often"
    if np.isclose(loss, -np.log(probabilities).sum()):
        return "take the mean over the batch, not the sum, or the batch size changes the loss"
    if np.isclose(loss, np.log(1 - probabilities).mean()):
        return "that is the minimax form: with it, G hardly learns while D wins; use -log D(G(z))"
    if np.isclose(loss, -np.log(1 - probabilities).mean()):
        return "that is small when D recognizes the rows; the generator wants D(G(z)) near 1"
    if not np.isclose(loss, right):
        return "average -log(D(G(z))) over the batch, with the natural logarithm"
    return None


def _check_packs(function: object) -> str | None:
    """02.2: put k rows side by side, as a discriminator with packing sees them."""
    rows = np.arange(14.0).reshape(7, 2)
    packs = np.asarray(ask(function, rows.copy(), 3), dtype=float)
    right = rows[:6].reshape(2, 6)
    if packs.shape == (2, 3, 2):
        return "the values are right; flatten each pack, so that the result has the shape (2, 6)"
    if packs.shape == (6, 2):
        return "each pack should be one row of the result: 2 packs of 3 x 2 numbers"
    if packs.shape != right.shape:
        return (
            f"7 rows of 2 numbers in packs of 3 have the shape (2, 6), not {packs.shape}; drop the "
            "row that is left over"
        )
    if not np.array_equal(packs, right):
        return "the shape is right, but the first pack should be the first three rows, in order"
    return None


def _check_own_change(card: object, verdict: object) -> str | None:
    """02.3: a card of two settings over several seeds, and what it says about C2ST."""
    return c2st_card_hint(ask(card) if callable(card) else card, verdict)


CHECKS = {
    "02.1": _check_generator_loss,
    "02.2": _check_packs,
    "02.3": _check_own_change,
}
