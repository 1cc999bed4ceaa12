"""Check the exercises of lesson 14 (larger images).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np

from gan_utils.course.exercises import ask, several_numbers


def _check_cost(function: object) -> str | None:
    """14.1: the weights and multiplications of a transposed convolution with kernels of 4 x 4."""
    side, before, after = 5, 6, 7
    weights, count = several_numbers(ask(function, side, before, after), 2, "quantity")
    kernel = 16 * before * after
    if (weights, count) == (kernel * side**2, kernel + after):
        return "the two numbers have changed places: weights first"
    if weights == kernel:
        return "each of the new maps also has a bias, a single weight"
    if weights == kernel + before:
        return "the biases belong to the new maps, not to the old ones"
    if weights == before * after + after:
        return "a kernel is a square of weights, not a single one"
    if weights == (kernel + after) * side**2:
        return "a convolution uses the same weights at every place: count them once"
    if weights != kernel + after:
        return "a kernel has 4 x 4 weights for each pair of an old and a new map"
    if count == kernel * (2 * side) ** 2:
        return "at stride 2 the kernel is stamped once per place of the small stack, not the large"
    if count == weights * side**2:
        return "a bias is added and multiplies nothing: leave it out of the multiplications"
    if count == kernel:
        return "those are the multiplications at one place: the kernel is used at all of them"
    if count == kernel * side:
        return "that is one row of places: the small maps have `side` rows of them"
    if count != kernel * side**2:
        return "every weight of the kernel multiplies one number at each of side x side places"
    return None


def _check_squares(function: object) -> str | None:
    """14.2: the mean of each square of pixels, channel by channel."""
    images = np.random.default_rng(0).random((2, 6, 6, 3))
    answer = ask(function, images.copy(), 3)
    right = images.reshape(2, 2, 3, 2, 3, 3).mean(axis=(2, 4))
    if np.shape(answer) == (2, 2, 2):
        return "red, green and blue were mixed: keep the last axis, one mean per channel"
    if np.shape(answer) != right.shape:
        return (
            f"for these 6 x 6 pixels and part=3 the shape is (2, 2, 2, 3), not {np.shape(answer)}"
        )
    answer = several_numbers(answer, right.size).reshape(right.shape)
    if np.allclose(answer, right * 9):
        return "that is the sum over each square: take the mean"
    if np.allclose(answer, images[:, ::3, ::3]):
        return "that is one pixel of each square; take the mean of all its pixels"
    if np.allclose(answer, images.reshape(2, 3, 2, 3, 2, 3).mean(axis=(1, 3))):
        return "pixels of one square lie side by side; yours lie a square apart"
    if np.allclose(answer, right.swapaxes(1, 2)):
        return "rows and columns of squares have changed places"
    if not np.allclose(answer, right):
        return "the shape is right; which pixels of the image belong to the first square?"
    return None


def _check_newness(function: object) -> str | None:
    """14.3: how often the nearest real picture is held out, compared with chance."""
    # Two of five pictures are nearer to a held-out picture; by chance, a quarter would be.
    to_training = np.array([0.1, 0.2, 0.9, 0.3, 0.5])
    to_held_out = np.array([0.4, 0.1, 1.0, 0.8, 0.45])
    asked = ask(function, to_training.copy(), to_held_out.copy(), 30, 10)
    (answer,) = several_numbers(asked, 1)
    if np.isclose(answer, 0.6 / 0.25):
        return "count the pictures that are nearer to a *held-out* picture"
    if np.isclose(answer, 0.4):
        return "now divide by the share that chance would give"
    if np.isclose(answer, 0.4 / (10 / 30)):
        return (
            "the share of held-out pictures is among *all* real ones, not among the training ones"
        )
    if np.isclose(answer, 0.4 / 0.75):
        return "you divide by the share of training pictures: by chance, how many are held out?"
    if np.isclose(answer, 0.4 * 0.25):
        return "divide by the share of held-out pictures, do not multiply"
    if not np.isclose(answer, 0.4 / 0.25):
        return "divide the share of pictures that are nearer to a held-out one by that of chance"
    return None


CHECKS = {"14.1": _check_cost, "14.2": _check_squares, "14.3": _check_newness}
