"""The checks of lesson 09: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import present, with_range
from exercise_cards import table_card as card

from gan_utils.course.exercises import check


def noisy(real, noise, t):
    return (1 - t[:, None]) * noise + t[:, None] * real


def velocity(now, estimate, t):
    return (estimate - now) / (1 - t)


def guided(with_class, without, guidance):
    return with_class + guidance * (with_class - without)


FAR = card([3, 4], shift=2.0)
WIDE = with_range(FAR, "C2ST", 0.5, 1.0)

RIGHT = {"09.1": noisy, "09.2": velocity, "09.3": guided, "09.4": (FAR, "worse")}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("09.1", (lambda r, n, t: noisy(n, r, t),), "swapped"),
    ("09.1", (lambda r, n, t: (1 - t) * n + t * r,), "its own time"),
    ("09.1", (lambda r, n, t: n + t[:, None] * r,), "add up to 1"),
    (
        "09.1",
        (lambda r, n, t: np.sqrt(1 - t)[:, None] * n + np.sqrt(t)[:, None] * r,),
        "roots of the shares",
    ),
    ("09.2", (lambda x, e, t: -velocity(x, e, t),), "sign"),
    ("09.2", (lambda x, e, t: e - x,), "time that is left"),
    ("09.2", (lambda x, e, t: (e - x) / t,), "not by t"),
    ("09.2", (lambda x, e, t: (e - x) * (1 - t),), "higher speed"),
    ("09.2", (lambda x, e, t: e / (1 - t),), "subtract its place"),
    ("09.3", (lambda v, w, g: guided(w, v, g) - w + v,), "sign"),
    ("09.3", (lambda v, w, g: w + g * (v - w),), "changes nothing"),
    ("09.3", (lambda v, w, g: v + g * v,), "difference"),
    ("09.3", (lambda v, w, g: g * (v - w),), "push alone"),
    ("09.3", (lambda v, w, g: guided(w, v, g),), "changed places"),
    ("09.4", (card([3, 4], held_out=False), "worse"), "held_out=held_out"),
    ("09.4", (FAR, "better"), "other way round"),
    ("09.4", (WIDE, "worse"), "overlap"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("09.1", (lambda r, n, t: r,), "the weights 1 - t"),
    ("09.1", (lambda r, n, t: noisy(r, n, t).mean(axis=1),), "the shape of the real samples"),
    ("09.2", (lambda x, e, t: e,), "distance per time"),
    ("09.2", (lambda x, e, t: 1.0,), "one for each value"),
    ("09.3", (lambda v, w, g: v,), "one by one"),
    ("09.4", ("0.6", "worse"), "compare_tables"),
]


@pytest.mark.parametrize(("number", "answers", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *present(answers))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
