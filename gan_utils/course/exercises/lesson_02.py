"""Check the exercises of lesson 02 (a GAN for screen time).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import ask, named_mistake, several_numbers
from gan_utils.course.exercises.verdicts import c2st_card_hint


def _check_generator_loss(function: object) -> str | None:
    """02.1: the non-saturating loss of the generator, from probabilities."""
    probabilities = np.array([0.1, 0.5, 0.8])
    loss = float(several_numbers(ask(function, probabilities.copy()), 1)[0])
    right = -np.log(probabilities).mean()
    if np.isclose(loss, right):
        return None
    mistakes = {
        "the sign is wrong: the loss should fall when D is fooled more often": -right,
        "take the mean over the batch, not the sum, or the batch size changes the loss": 3 * right,
        "that is the minimax form: with it, G hardly learns while D wins; the text names the other "
        "form": np.log(1 - probabilities).mean(),
        "that is small when D recognizes the rows; the generator wants D(G(z)) near 1": (
            -np.log(1 - probabilities).mean()
        ),
        "that is the logarithm of the mean probability: first take the logarithm of each one": (
            -np.log(probabilities.mean())
        ),
        "that is a logarithm to base 2: the loss has the natural logarithm": right / np.log(2),
        "that is a logarithm to base 10: the loss has the natural logarithm": right / np.log(10),
    }
    return named_mistake(loss, mistakes) or "take -log(D(G(z))) of each row, then the mean"


def _check_packs(function: object) -> str | None:
    """02.2: put k rows side by side, as a discriminator with packing sees them."""
    rows = np.arange(14.0).reshape(7, 2)
    packs = np.asarray(ask(function, rows.copy(), 3), dtype=float)
    right = rows[:6].reshape(2, 6)
    if packs.shape == (2, 3, 2):
        return "the values are right; flatten each pack, so that the result has the shape (2, 6)"
    if packs.shape == (6, 2):
        return "each pack should be one row of the result: 2 packs of 3 x 2 numbers"
    if packs.shape == (3, 4):
        return "k is the number of rows in a pack; you made k packs"
    if packs.shape[:1] == (3,):
        return "there is a third pack, which is not full: drop the row that is left over"
    if packs.shape != right.shape:
        return (
            f"7 rows of 2 numbers in packs of 3 have the shape (2, 6), not {packs.shape}; drop the "
            "row that is left over"
        )
    if np.array_equal(packs, right):
        others = np.asarray(ask(function, np.arange(27.0).reshape(9, 3), 4), dtype=float)
        if np.array_equal(others, np.arange(24.0).reshape(2, 12)):
            return None
        return "right for the example, wrong for 9 rows of 3 numbers and k = 4: use k and the shape"
    if np.array_equal(np.sort(packs, axis=1), right):
        return "the numbers of one row should stay side by side: the first row, then the second"
    if np.array_equal(packs, rows[1:].reshape(2, 6)):
        return "you dropped the first row: the row that is left over is the last one"
    return "the shape is right, but the first pack should be the first three rows, in order"


def _check_own_change(card: object, verdict: object) -> str | None:
    """02.3: a card of two settings over several seeds, and the student's verdict on C2ST."""
    return c2st_card_hint(ask(card) if callable(card) else card, verdict)


CHECKS = {
    "02.1": _check_generator_loss,
    "02.2": _check_packs,
    "02.3": _check_own_change,
}
