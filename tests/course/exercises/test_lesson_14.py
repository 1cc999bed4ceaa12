"""The checks of lesson 14: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import present

from gan_utils.course.exercises import check


def cost(side, before, after):
    kernel = 4 * 4 * before * after
    return kernel + after, kernel * side**2


def square_means(images, part):
    n, side, _, channels = images.shape
    squares = images.reshape(n, side // part, part, side // part, part, channels)
    return squares.mean(axis=(2, 4))


def newness(to_training, to_held_out, n_training, n_held_out):
    share = np.mean(to_held_out < to_training)
    return share / (n_held_out / (n_training + n_held_out))


RIGHT = {"14.1": cost, "14.2": square_means, "14.3": newness}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("14.1", lambda s, b, a: (16 * a * b, cost(s, b, a)[1]), "bias, a single weight"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0], cost(2 * s, b, a)[1]), "not the large"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0], cost(s, b, a)[0] * s**2), "is added"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0], 16 * a * b), "at one place"),
    ("14.1", lambda s, b, a: cost(s, b, a)[::-1], "changed places"),
    ("14.1", lambda s, b, a: (16 * a * b + b, cost(s, b, a)[1]), "not to the old"),
    ("14.1", lambda s, b, a: (a * b + a, a * b * s**2), "square of weights"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0] * s**2, cost(s, b, a)[1]), "count them once"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0], 16 * a * b * s), "one row of places"),
    ("14.2", lambda i, p: square_means(i, p).mean(axis=-1), "were mixed"),
    ("14.2", lambda i, p: i[:, ::p, ::p], "one pixel of each"),
    ("14.2", lambda i, p: i.reshape(2, 3, 2, 3, 2, 3).mean(axis=(1, 3)), "side by side"),
    ("14.2", lambda i, p: p**2 * square_means(i, p), "sum over each square"),
    ("14.2", lambda i, p: square_means(i, p).swapaxes(1, 2), "rows and columns"),
    ("14.3", lambda t, h, n, m: newness(h, t, n, m), "a *held-out*"),
    ("14.3", lambda t, h, n, m: np.mean(h < t), "chance would give"),
    ("14.3", lambda t, h, n, m: np.mean(h < t) / (m / n), "among *all*"),
    ("14.3", lambda t, h, n, m: np.mean(h < t) * (m / (m + n)), "do not multiply"),
    ("14.3", lambda t, h, n, m: np.mean(h < t) / (n / (n + m)), "how many are held out"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("14.1", lambda s, b, a: (9 * a * b + a, cost(s, b, a)[1]), "4 x 4 weights"),
    ("14.1", lambda s, b, a: 3, "quantity"),
    ("14.1", lambda s, b, a: (cost(s, b, a)[0], 1), "every weight"),
    ("14.2", lambda i, p: i, "the shape is (2, 2, 2, 3)"),
    ("14.2", lambda i, p: 2 * square_means(i, p), "first square"),
    ("14.3", lambda t, h, n, m: 0.7, "divide the share"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *present((answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
