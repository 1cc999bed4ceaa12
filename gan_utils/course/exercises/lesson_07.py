"""Check the exercises of lesson 07 (a DCGAN for digits).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import Hint, ask, several_numbers, several_parts
from gan_utils.course.exercises.verdicts import image_cards_hint


def _check_transposed(function: object) -> str | None:
    """07.1: stamp a kernel for each number of a small map; overlaps add up."""
    rng = np.random.default_rng(52)
    small, kernel = rng.integers(1, 9, (2, 3)).astype(float), rng.integers(1, 9, (3, 3)) + 0.5
    right = _stamped(small, kernel, 2)
    found = _table(ask(function, small.copy(), kernel.copy(), 2))
    if found.shape == (4, 6):
        return "the stamps reach over the edge: (n - 1) * stride + kernel is 5 and 7, not 4 and 6"
    if found.shape == (4, 5):
        return "that is the size for stride 1: between two stamps there are `stride` places"
    if found.shape == (7, 9):
        return "the map is too large: from the first of n stamps to the last there are n - 1 steps"
    if found.shape != right.shape:
        return f"a 2 x 3 map, a 3 x 3 kernel and stride 2 give a 5 x 7 map, not {found.shape}"
    if np.allclose(found, _stamped(np.ones_like(small), kernel, 2)):
        return "the kernel is stamped as it is: multiply it by the number in the small map"
    if np.allclose(found, _stamped(small, kernel[::-1, ::-1], 2)):
        return "the stamp is turned round: use the kernel as it is"
    if np.allclose(found, _stamped(small, kernel, 2, add=False)):
        return "where two stamps overlap, the later one overwrites the earlier one: they should add"
    if not np.allclose(found, right):
        return "the size is right; does each stamp begin `stride` places after the one before it?"
    other = _table(ask(function, small.copy(), kernel[:2, :2].copy(), 3))
    if other.shape != (5, 8) or not np.allclose(other, _stamped(small, kernel[:2, :2], 3)):
        return "right for stride 2 and a 3 x 3 kernel, wrong for stride 3 and 2 x 2: use both"
    return None


def _check_average(function: object) -> str | None:
    """07.2: the running average of a generator's weights."""
    weights = np.array([[4.0, -1.0], [8.0, 0.0], [0.0, 2.0], [2.0, 6.0]])
    answer = several_numbers(ask(function, weights.copy(), 0.75), 2, "weight")
    average, from_zero, turned = weights[0], np.zeros(2), weights[0]
    for step, now in enumerate(weights):
        from_zero = 0.75 * from_zero + 0.25 * now
        if step:
            average = 0.75 * average + 0.25 * now
            turned = 0.25 * turned + 0.75 * now
    if np.allclose(answer, average):
        return None
    if np.allclose(answer, from_zero):
        return "do not start from 0: the average begins with the weights of the first step"
    if np.allclose(answer, turned):
        return "the two shares are exchanged: momentum is the share of the old average"
    if np.allclose(answer, weights.mean(axis=0)):
        return "that counts all steps alike; here each step multiplies the old average by momentum"
    if np.allclose(answer, 0.75 * weights[-2] + 0.25 * weights[-1]):
        return "go through all steps: the average at one step is used at the next"
    if np.allclose(answer, weights[-1]):
        return "those are the weights of the last step, without any averaging"
    if np.allclose(answer, weights[0]):
        return "those are the weights of the first step: no later step has moved the average"
    return "begin with the first step; at each later one, mix the old average with the new weights"


def _check_nearest(function: object) -> str | None:
    """07.3: for each generated image, the nearest training image and its distance."""
    rng = np.random.default_rng(53)
    training = rng.uniform(size=(6, 4, 4, 1))
    generated = training[[4, 0, 2]] + np.array([0.01, 0.2, 0.05])[:, None, None, None]
    parts = several_parts(
        ask(function, generated.copy(), training.copy()),
        *(2, "two arrays: the places among the training images, and the distances"),
    )
    if all(np.size(part) == 6 for part in parts):
        return "you looked the other way: for each *generated* image, find the nearest training one"
    places, distances = (several_numbers(part, 3, "generated image") for part in parts)
    right = np.array([0.04, 0.8, 0.2])
    if np.allclose(distances, [4, 0, 2]) and np.allclose(places, right):
        return "the two are in the wrong order: places first, then distances"
    apart = np.linalg.norm((generated[:, None] - training).reshape(3, 6, -1), axis=-1)
    if np.allclose(places, apart.argmax(axis=1)):
        return "those are the farthest training images"
    if np.allclose(places, [4, 0, 2]) and np.allclose(distances, right * 4):
        return "those are summed absolute differences; the Euclidean distance squares them"
    if not np.allclose(places, [4, 0, 2]):
        return "the places are wrong: for each generated image, find the smallest distance"
    if np.allclose(distances, right**2):
        return "those are squared distances; take the square root"
    if np.allclose(distances, right / 4):
        return "take the square root of the *sum* of the squares, not of their mean"
    if not np.allclose(distances, right):
        return "the places are right; the distance is the square root of the summed squares"
    return None


def _check_own_change(cards: object, verdict: object) -> str | None:
    """07.4: cards with and without an ingredient; a verdict on the Fréchet classifier distance."""
    return image_cards_hint(ask(cards) if callable(cards) else cards, verdict)


def _stamped(small: np.ndarray, kernel: np.ndarray, stride: int, add: bool = True) -> np.ndarray:
    (rows, columns), side = small.shape, len(kernel)
    large = np.zeros(((rows - 1) * stride + side, (columns - 1) * stride + side))
    for (i, j), number in np.ndenumerate(small):
        window = large[stride * i : stride * i + side, stride * j : stride * j + side]
        window[:] = add * window + number * kernel
    return large


def _table(answer: object) -> np.ndarray:
    try:
        table = np.asarray(answer, dtype=float)
    except (TypeError, ValueError) as error:
        raise Hint(f"expected a table of numbers, but got type {type(answer).__name__}") from error
    if table.ndim != 2:
        raise Hint(f"expected a table with rows and columns, but its shape is {table.shape}")
    return table


CHECKS = {
    "07.1": _check_transposed,
    "07.2": _check_average,
    "07.3": _check_nearest,
    "07.4": _check_own_change,
}
