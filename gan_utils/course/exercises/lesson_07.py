"""Checks of lesson 07, DCGAN and LIME. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np

from gan_utils.course.exercises import Hint, ask, several_numbers


def _check_convolution(function: object) -> str | None:
    """07.1: slide a kernel over an image, with a stride, without padding."""
    rng = np.random.default_rng(51)
    image, kernel = rng.integers(0, 9, (7, 5)).astype(float), rng.integers(-4, 5, (3, 3)) + 0.5
    right = _convolved(image, kernel, 2)
    found = _table(ask(function, image.copy(), kernel.copy(), 2))
    if found.shape == (5, 3):
        return "that is the map of stride 1: with stride 2 the window skips every other place"
    if found.shape == (4, 3):
        return "that is padded; here the window stays inside the image, so the map is 3 x 2"
    if found.shape != right.shape:
        return f"a 7 x 5 image, a 3 x 3 kernel and stride 2 make a 3 x 2 map, not {found.shape}"
    if np.allclose(found, _convolved(image, kernel[::-1, ::-1], 2)):
        return "you turned the kernel round, as mathematicians do; networks lay it on as it is"
    if np.allclose(found, right / 9):
        return "add the nine products up; you took their mean"
    if not np.allclose(found, right):
        return "the shape is right: at each place multiply window and kernel, then add up"
    return None


def _check_transposed(function: object) -> str | None:
    """07.2: stamp a kernel for each number of a small map; overlaps add up."""
    rng = np.random.default_rng(52)
    small, kernel = rng.integers(1, 9, (2, 3)).astype(float), rng.integers(1, 9, (3, 3)) + 0.5
    right = _stamped(small, kernel, 2)
    found = _table(ask(function, small.copy(), kernel.copy(), 2))
    if found.shape == (4, 6):
        return "stamps reach over the edge: (n - 1) * stride + kernel is 5 and 7, not 4 and 6"
    if found.shape != right.shape:
        return f"a 2 x 3 map, a 3 x 3 kernel and stride 2 make 5 x 7 numbers, not {found.shape}"
    if np.allclose(found, _stamped(small, kernel[::-1, ::-1], 2)):
        return "the stamp is turned round: lay the kernel down as it is"
    if np.allclose(found, _stamped(small, kernel, 2, add=False)):
        return "where two stamps overlap the later one wiped the earlier out: add with +="
    if not np.allclose(found, right):
        return "for each number add number * kernel to the 3 x 3 window that starts at stride * i"
    return None


def _check_nearest(function: object) -> str | None:
    """07.3: for each generated image the nearest training image, and how far it is."""
    rng = np.random.default_rng(53)
    training = rng.uniform(size=(6, 4, 4, 1))
    generated = training[[4, 0, 2]] + np.array([0.01, 0.2, 0.05])[:, None, None, None]
    answer = ask(function, generated.copy(), training.copy())
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two arrays: the places in the training images, and the distances"
    places, distances = several_numbers(answer[0], 3), several_numbers(answer[1], 3)
    right = np.array([0.04, 0.8, 0.2])
    if np.allclose(distances, [4, 0, 2]) and np.allclose(places, right):
        return "the two are in the wrong order: places first, then distances"
    if not np.allclose(places, [4, 0, 2]):
        return "take argmin over the training images, for each generated one"
    if np.allclose(distances, right**2):
        return "those are squared distances; take the root"
    if np.allclose(distances, right / 4):
        return "take the root of the *sum* of the squares, not of their mean"
    if not np.allclose(distances, right):
        return "the places are right; the distance is the root of the summed squares"
    return None


def _check_surrogate(function: object) -> str | None:
    """07.4: LIME's heart, a weighted linear model of what the judge answered."""
    rng = np.random.default_rng(54)
    masks = rng.integers(0, 2, (40, 3)).astype(float)
    # Not linear, or every way of weighing the copies would give the same answer.
    answers = 0.2 + 0.5 * masks[:, 0] - 0.3 * masks[:, 1] + 0.6 * masks[:, 0] * masks[:, 2]
    closeness = np.exp(-3 * (1 - masks.mean(axis=1)))
    found = several_numbers(
        ask(function, masks.copy(), answers.copy(), closeness.copy()), 3, "segment"
    )
    if np.allclose(found, _fitted(masks, answers, closeness)):
        return None
    if np.allclose(found, _fitted(masks, answers, np.ones(40))):
        return "all copies count alike: give closeness to fit as sample_weight"
    if np.allclose(found, _fitted(masks, answers, closeness, intercept=False)):
        return "let the model have an intercept: with all segments hidden the answer is not 0"
    if np.allclose(found, _fitted(masks, answers, closeness**2)):
        return "closeness counts twice: hand it over once, as sample_weight"
    if np.allclose(found, _fitted(1 - masks, answers, closeness)):
        return "the signs are turned: in masks 1 is shown and 0 is hidden"
    return "fit LinearRegression to masks and answers with sample_weight, and return coef_"


def _check_deletion(function: object) -> str | None:
    """07.5: what hiding the k most important segments takes from the judge's answer."""
    segments = np.repeat(np.arange(4), 4).reshape(4, 4)
    image, weights = np.arange(1.0, 17).reshape(4, 4) / 16, np.array([0.1, 0.9, -0.8, 0.4])
    answers = [ask(function, image.copy(), segments, weights, _total, k) for k in (1, 2)]
    found = [float(several_numbers(answer, 1)[0]) for answer in answers]
    ink = np.array([image[segments == s].sum() for s in range(4)])
    right = [ink[1], ink[1] + ink[3]]
    if np.allclose(found, np.negative(right)):
        return "the sign is turned: the answer before, less the answer after hiding"
    if np.allclose(found, ink.sum() - np.array(right)):
        return "that is what is left after hiding; take it from the answer to the whole image"
    if np.allclose(found, [ink[2], ink[2] + ink[0]]):
        return "you hid those with the smallest weights: sort from the largest down"
    if np.allclose(found, [ink[1], ink[1] + ink[2]]):
        return "a weight of -0.8 speaks *against*: sort by the weights, not by their size"
    if np.allclose(found, [ink[1], ink[3]]):
        return "hide all of the first k together, not only the k-th"
    if not np.allclose(found, right):
        return "copy the image, set the pixels of the k heaviest segments to 0, ask predict again"
    return None


def _total(images: np.ndarray) -> np.ndarray:
    """Play a judge that answers how much ink there is; it wants a batch."""
    images = np.asarray(images, float)
    if images.shape == (4, 4):
        raise Hint("predict takes a batch: hand over image[None], and take the first answer")
    return images.reshape(len(images), -1).sum(axis=1)


def _convolved(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows[::stride, ::stride] * kernel).sum(axis=(2, 3))


def _stamped(small: np.ndarray, kernel: np.ndarray, stride: int, add: bool = True) -> np.ndarray:
    (rows, columns), side = small.shape, len(kernel)
    large = np.zeros(((rows - 1) * stride + side, (columns - 1) * stride + side))
    for (i, j), number in np.ndenumerate(small):
        window = large[stride * i : stride * i + side, stride * j : stride * j + side]
        window[:] = add * window + number * kernel
    return large


def _fitted(
    masks: np.ndarray, answers: np.ndarray, closeness: np.ndarray, intercept: bool = True
) -> np.ndarray:
    from sklearn.linear_model import LinearRegression

    model = LinearRegression(fit_intercept=intercept)
    return model.fit(masks, answers, sample_weight=closeness).coef_


def _table(answer: object) -> np.ndarray:
    try:
        table = np.asarray(answer, dtype=float)
    except (TypeError, ValueError) as error:
        raise Hint(f"expected a table of numbers, but got a {type(answer).__name__}") from error
    if table.ndim != 2:
        raise Hint(f"expected a table with rows and columns, but its shape is {table.shape}")
    return table


CHECKS = {
    "07.1": _check_convolution,
    "07.2": _check_transposed,
    "07.3": _check_nearest,
    "07.4": _check_surrogate,
    "07.5": _check_deletion,
}
