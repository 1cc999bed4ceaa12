"""The checks of lesson 05: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import image_cards

from gan_utils.course.exercises import check


def best_judge(real, fake):
    return real / (real + fake)


def scaled(greys):
    return (greys.astype("float32") / 127.5 - 1)[..., None]


def pairs(before, after):
    return zip(before, after, strict=True)


def changed(before, after):
    return sum(not np.array_equal(b, a) for b, a in pairs(before, after))


WORSE = image_cards((10, 12), (14, 16))
RIGHT = {"05.1": best_judge, "05.2": scaled, "05.3": changed, "05.4": (WORSE, "worse")}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("05.1", lambda r, f: f / (r + f), "being generated"),
    ("05.1", lambda r, f: r / f, "exceed 1"),
    ("05.1", lambda r, f: r, "same place"),
    ("05.1", lambda r, f: r / (r + f).sum(), "same place"),
    ("05.1", lambda r, f: r * 0 + 0.9, "one half"),
    ("05.2", lambda g: g / 255, "[0, 1]"),
    ("05.2", lambda g: g / 127.5, "[0, 2]"),
    ("05.2", lambda g: 1 - g / 127.5, "changed places"),
    ("05.2", lambda g: (g - 128) / 128, "0 - 128 is 128"),
    ("05.2", lambda g: g / np.float32(127.5) - 1, "channel axis"),
    ("05.2", lambda g: (g / 127.5 - 1)[..., None], "float32"),
    ("05.2", lambda g: g.astype(float) / 128 - 1, "just below 1"),
    ("05.2", lambda g: g * 2 / 255 - 1, "twice 200"),
    ("05.2", lambda g: g * 2.0 - 1, "rule is for values"),
    ("05.2", lambda g: g * 2 - 1, "overflow, and"),
    ("05.3", lambda b, a: sum((x != y).sum() for x, y in pairs(b, a)), "single weights"),
    ("05.3", lambda b, a: sum((x != y).all() for x, y in pairs(b, a)), "as soon as one"),
    ("05.3", lambda b, a: len(b) - changed(b, a), "stayed the same"),
    ("05.3", lambda b, a: sum(x is not y for x, y in pairs(b, a)), "not the objects"),
    ("05.4", (image_cards((10, 12), (14, 16), title="halves"), "worse"), "nobody trained on"),
    ("05.4", (image_cards((10, np.nan), (14, 16)), "worse"), "no spread"),
    ("05.4", (image_cards((10, 10), (14, 16)), "worse"), "depend on the seed"),
    ("05.4", (image_cards((10, 12), (10, 12)), "worse"), "both cards are the same"),
    ("05.4", (image_cards((10, 12), (11, 16)), "worse"), "ranges overlap"),
    ("05.4", (WORSE, "cannot tell"), "do not overlap"),
    ("05.4", (WORSE, "better"), "other way round"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("05.1", lambda r, f: r * 0 + 0.5, "what share"),
    ("05.1", lambda r, f: 0.5, "one number per place"),
    ("05.2", lambda g: g[:2], "every pixel"),
    ("05.2", lambda g: g / 50.0, "straight line"),
    ("05.3", lambda b, a: 3, "pair by pair"),
    ("05.4", ({}, "worse"), '"unchanged" and "changed"'),
    ("05.4", ({"unchanged": 1, "changed": 2}, "worse"), "score_images"),
    ("05.4", (WORSE, "good"), "should be one of"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, *(answer if isinstance(answer, tuple) else (answer,)))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
