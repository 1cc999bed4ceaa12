"""The checks of lesson 07: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from gan_utils.course.exercises import check


def convolve(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows[::stride, ::stride] * kernel).sum(axis=(2, 3))


def stamp(small, kernel, stride, add=True):
    shape = [(n - 1) * stride + k for n, k in zip(small.shape, kernel.shape, strict=True)]
    large = np.zeros(shape)
    for (i, j), number in np.ndenumerate(small):
        place = slice(stride * i, stride * i + 3), slice(stride * j, stride * j + 3)
        large[place] = add * large[place] + number * kernel
    return large


def nearest(generated, training):
    apart = generated.reshape(len(generated), 1, -1) - training.reshape(1, len(training), -1)
    distances = np.sqrt((apart**2).sum(axis=2))
    return distances.argmin(axis=1), distances.min(axis=1)


def surrogate(masks, answers, closeness):
    return LinearRegression().fit(masks, answers, sample_weight=closeness).coef_


def plain(masks, answers, intercept=True, **weights):
    return LinearRegression(fit_intercept=intercept).fit(masks, answers, **weights).coef_


def deletion(image, segments, weights, predict, k, key=lambda w: -w):
    hidden = image.copy()
    hidden[np.isin(segments, np.argsort(key(weights))[:k])] = 0
    return predict(image[None])[0] - predict(hidden[None])[0]


def only_the_last(image, segments, weights, predict, k):
    hidden = image.copy()
    hidden[segments == np.argsort(-weights)[k - 1]] = 0
    return predict(image[None])[0] - predict(hidden[None])[0]


def left_over(image, *rest):
    return image.sum() - deletion(image, *rest)


RIGHT = {
    "07.1": convolve,
    "07.2": stamp,
    "07.3": nearest,
    "07.4": surrogate,
    "07.5": deletion,
}


@pytest.mark.parametrize(
    ("number", "answer", "word"),
    [
        ("07.1", lambda i, k, s: convolve(i, k, 1), "skips"),
        ("07.1", lambda i, k, s: convolve(np.pad(i, 1), k, s), "padded"),
        ("07.1", lambda i, k, s: i, "3 x 2"),
        ("07.1", lambda i, k, s: convolve(i, k[::-1, ::-1], s), "turned"),
        ("07.1", lambda i, k, s: convolve(i, k, s) / 9, "mean"),
        ("07.1", lambda i, k, s: 0 * convolve(i, k, s), "multiply"),
        ("07.1", lambda i, k, s: 3.0, "rows and columns"),
        ("07.2", lambda m, k, s: stamp(m, k, s)[:4, :6], "over the edge"),
        ("07.2", lambda m, k, s: m, "5 x 7"),
        ("07.2", lambda m, k, s: stamp(m, k[::-1, ::-1], s), "turned round"),
        ("07.2", lambda m, k, s: stamp(m, k, s, add=False), "+="),
        ("07.2", lambda m, k, s: 0 * stamp(m, k, s), "number * kernel"),
        ("07.3", lambda g, t: nearest(g, t)[1], "two arrays"),
        ("07.3", lambda g, t: nearest(g, t)[::-1], "wrong order"),
        ("07.3", lambda g, t: (nearest(t[:3], g)[0], nearest(g, t)[1]), "argmin"),
        ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] ** 2), "root"),
        ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] / 4), "*sum*"),
        ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] + 1), "summed squares"),
        ("07.4", lambda m, a, c: plain(m, a), "sample_weight"),
        ("07.4", lambda m, a, c: plain(m, a, intercept=False, sample_weight=c), "intercept"),
        ("07.4", lambda m, a, c: surrogate(m, a, c**2), "twice"),
        ("07.4", lambda m, a, c: surrogate(1 - m, a, c), "signs"),
        ("07.4", lambda m, a, c: [0, 0, 0], "LinearRegression"),
        ("07.4", lambda m, a, c: 1.0, "each segment"),
        ("07.5", lambda *a: -deletion(*a), "sign"),
        ("07.5", left_over, "what is left"),
        ("07.5", lambda *a: deletion(*a, key=lambda w: w), "smallest"),
        ("07.5", lambda *a: deletion(*a, key=lambda w: -abs(w)), "*against*"),
        ("07.5", only_the_last, "together"),
        ("07.5", lambda *a: 0.0, "copy the image"),
        ("07.5", lambda i, s, w, p, k: p(i), "batch"),
        ("07.5", lambda *a: "much", "numbers"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
