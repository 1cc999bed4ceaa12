"""Check the exercises of lesson 05 (the first image GANs).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import Hint, ask, named_mistake, number
from gan_utils.course.exercises.verdicts import image_cards_hint


def _check_best_judge(function: object) -> str | None:
    """05.1: the optimal discriminator, from two densities."""
    real, fake = np.array([0.4, 0.1, 0.3, 0.0]), np.array([0.1, 0.4, 0.3, 0.2])
    answer = _array(ask(function, real.copy(), fake.copy()), real.shape)
    right = real / (real + fake)
    if np.allclose(answer, fake / (real + fake)):
        return "that is the probability of being generated; D is the probability of being real"
    if np.allclose(answer, real / fake):
        return "that is the ratio of the densities, which can exceed 1; a probability cannot"
    if np.allclose(answer, real / (real + fake).sum()) or np.allclose(answer, real):
        return "D looks at one place at a time: divide by the sum of both at the same place"
    if not np.isclose(answer[2], 0.5):
        return "where both densities are equal, nobody can tell: D should be one half there"
    if not np.allclose(answer, right):
        return "of all images that are found at a place, real or generated, what share is real?"
    return None


def _check_scaled(function: object) -> str | None:
    """05.2: from bytes to the range of tanh."""
    greys = np.arange(0, 256, dtype="uint8").repeat(4).reshape(4, 16, 16)
    answer = ask(function, greys.copy())
    values = _array(answer)
    right = greys / 127.5 - 1
    flat = values.reshape(-1) if values.size == right.size else None
    if flat is None:
        return f"images of shape {greys.shape} went in, {values.shape} came out: keep every pixel"
    if not np.allclose(flat, right.reshape(-1), atol=1e-5):
        return named_mistake(flat, _wrong_scales(greys.reshape(-1))) or (
            "0 should become -1 and 255 should become 1, with a straight line between them"
        )
    if values.shape != (*greys.shape, 1):
        return f"the numbers are right; add the channel axis at the end: {(*greys.shape, 1)}"
    if np.asarray(answer).dtype != np.float32:
        return f"the numbers are right, but their type is {np.asarray(answer).dtype}, not float32"
    return None


def _wrong_scales(greys: np.ndarray) -> dict[str, np.ndarray]:
    """List the results of typical mistakes in 05.2."""
    exact = greys.astype(float)
    return {
        "that is [0, 1]: tanh goes from -1 to 1, so stretch the range and move it down": (
            exact / 255
        ),
        "that is [0, 2]: move the range down by 1": exact / 127.5,
        "black and white have changed places: 0 should become -1": 1 - exact / 127.5,
        "divided by 128, the range ends just below 1: the largest value is 255": exact / 128 - 1,
        "that rule is for values from 0 to 1: these go up to 255": 2 * exact - 1,
        "bytes overflow: twice 200 is 144 in uint8. Make them decimal numbers first": (
            2 * greys / 255 - 1
        ),
        "bytes overflow: 0 - 128 is 128 in uint8. Make them decimal numbers first": (
            (greys - 128) / 128
        ),
        "bytes overflow, and that rule is for values from 0 to 1: these go up to 255": 2 * greys
        - 1,
    }


def _check_changed(function: object) -> str | None:
    """05.3: how many arrays of weights a step has changed."""
    before = [np.zeros((2, 3)), np.ones(3), np.full((3, 1), 2.0), np.zeros(1)]
    after = [weights.copy() for weights in before]
    after[0][1, 2] += 1e-4
    after[2] += 1.0
    answer = number(ask(function, [w.copy() for w in before], [w.copy() for w in after]))
    if_nothing_changed = number(ask(function, before, [w.copy() for w in before]))
    if answer == 4 and if_nothing_changed == 0:
        return "that is the number of single weights that changed; count the arrays"
    if answer == 1:
        return "an array has changed as soon as one of its numbers has; a small change counts too"
    if answer == 2 and if_nothing_changed == 4:
        return "you counted the arrays that stayed the same"
    if answer in (2, 4) and if_nothing_changed != 0:
        return "if nothing changed, return 0; compare the values, not the objects"
    if answer != 2:
        return "2 of these 4 arrays changed: compare them pair by pair with np.array_equal"
    return None


def _check_own_change(cards: object, verdict: object) -> str | None:
    """05.4: cards of two training methods, and a verdict on the Fréchet classifier distance."""
    cards = ask(cards) if callable(cards) else cards
    return image_cards_hint(cards, verdict)


def _array(answer: object, shape: tuple | None = None) -> np.ndarray:
    try:
        values = np.asarray(answer, dtype=float)
    except (TypeError, ValueError) as error:
        raise Hint(f"return an array of numbers, not {type(answer).__name__}") from error
    if shape is not None and values.shape != shape:
        raise Hint(f"return one number per place: shape {shape}, not {values.shape}")
    return values


CHECKS = {
    "05.1": _check_best_judge,
    "05.2": _check_scaled,
    "05.3": _check_changed,
    "05.4": _check_own_change,
}
