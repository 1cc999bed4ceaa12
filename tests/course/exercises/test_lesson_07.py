"""The checks of lesson 07: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import image_cards

from gan_utils.course.exercises import check


def stamp(small, kernel, stride, add=True):
    shape = [(n - 1) * stride + k for n, k in zip(small.shape, kernel.shape, strict=True)]
    large = np.zeros(shape)
    for (i, j), number in np.ndenumerate(small):
        place = (slice(stride * n, stride * n + len(kernel)) for n in (i, j))
        place = tuple(place)
        large[place] = add * large[place] + number * kernel
    return large


def averaged(weights, momentum, start=0):
    average = weights[0] if start == 0 else np.zeros_like(weights[0])
    for now in weights[1 - start :]:
        average = momentum * average + (1 - momentum) * now
    return average


def nearest(generated, training):
    apart = generated.reshape(len(generated), 1, -1) - training.reshape(1, len(training), -1)
    distances = np.sqrt((apart**2).sum(axis=2))
    return distances.argmin(axis=1), distances.min(axis=1)


def farthest(generated, training):
    apart = np.linalg.norm((generated[:, None] - training).reshape(3, 6, -1), axis=-1)
    return apart.argmax(axis=1), apart.max(axis=1)


WORSE = image_cards((30, 36), (44, 52))
RIGHT = {"07.1": stamp, "07.2": averaged, "07.3": nearest, "07.4": (WORSE, "worse")}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("07.1", lambda m, k, s: stamp(m, k, s)[:4, :6], "over the edge"),
    ("07.1", lambda m, k, s: stamp(m, k[::-1, ::-1], s), "turned round"),
    ("07.1", lambda m, k, s: stamp(m, k, s, add=False), "should add"),
    ("07.1", lambda m, k, s: stamp(m, k, 1), "for stride 1"),
    ("07.1", lambda m, k, s: np.pad(stamp(m, k, s), (0, 2)), "too large"),
    ("07.1", lambda m, k, s: stamp(np.ones_like(m), k, s), "as it is"),
    ("07.1", lambda m, k, s: stamp(m, k, 2), "use both"),
    ("07.2", lambda w, m: averaged(w, m, start=1), "start from 0"),
    ("07.2", lambda w, m: averaged(w, 1 - m), "exchanged"),
    ("07.2", lambda w, m: w.mean(axis=0), "all steps alike"),
    ("07.2", lambda w, m: averaged(w[-2:], m), "all steps"),
    ("07.2", lambda w, m: w[-1], "last step"),
    ("07.2", lambda w, m: w[0], "first step"),
    ("07.3", lambda g, t: nearest(g, t)[::-1], "wrong order"),
    ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] ** 2), "root"),
    ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] / 4), "*sum*"),
    ("07.3", lambda g, t: nearest(t, g), "looked the other way"),
    ("07.3", farthest, "farthest"),
    ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] * 4), "absolute differences"),
    ("07.4", (image_cards((30, 36), (44, 52), title="halves"), "worse"), "nobody trained on"),
    ("07.4", (image_cards((30, np.nan), (44, 52)), "worse"), "no spread"),
    ("07.4", (image_cards((30, 30), (44, 52)), "worse"), "depend on the seed"),
    ("07.4", (image_cards((30, 36), (30, 36)), "worse"), "both cards are the same"),
    ("07.4", (image_cards((30, 36), (34, 52)), "worse"), "ranges overlap"),
    ("07.4", (WORSE, "cannot tell"), "do not overlap"),
    ("07.4", (WORSE, "better"), "other way round"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("07.1", lambda m, k, s: m, "5 x 7"),
    ("07.1", lambda m, k, s: 3.0, "rows and columns"),
    ("07.1", lambda m, k, s: 0 * stamp(m, k, s), "does each stamp begin"),
    ("07.2", lambda w, m: 1.0, "each weight"),
    ("07.2", lambda w, m: 9 * w[0], "begin with the first"),
    ("07.3", lambda g, t: nearest(g, t)[1], "two arrays"),
    ("07.3", lambda g, t: (nearest(t[:3], g)[0], nearest(g, t)[1]), "places are wrong"),
    ("07.3", lambda g, t: (nearest(g, t)[0], nearest(g, t)[1] + 1), "summed squares"),
    ("07.4", ({}, "worse"), '"unchanged" and "changed"'),
    ("07.4", ({"unchanged": 1, "changed": 2}, "worse"), "score_images"),
    ("07.4", (WORSE, "bad"), "should be one of"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
