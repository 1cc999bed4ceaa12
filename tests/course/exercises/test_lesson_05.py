"""The checks of lesson 05: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest

from gan_utils.course.exercises import check


def best_judge(real, fake):
    return real / (real + fake)


def loss(logits):
    return np.logaddexp(0, -logits).mean()


def scaled(greys):
    return (greys.astype("float32") / 127.5 - 1)[..., None]


def pairs(before, after):
    return zip(before, after, strict=True)


def changed(before, after):
    return sum(not np.array_equal(b, a) for b, a in pairs(before, after))


def on_modes(points, centres, near):
    return np.linalg.norm(points[:, None] - centres, axis=-1) <= near


def modes(points, centres, near, least):
    return (on_modes(points, centres, near).sum(axis=0) >= least).sum()


def nearest(points, centres, near, least):
    place = np.linalg.norm(points[:, None] - centres, axis=-1).argmin(axis=1)
    return (np.bincount(place, minlength=len(centres)) >= least).sum()


def naive(logits):
    return -np.log(1 / (1 + np.exp(-logits))).mean()


RIGHT = {"05.1": best_judge, "05.2": loss, "05.3": scaled, "05.4": changed, "05.5": modes}


@pytest.mark.parametrize(
    ("number", "answer", "word"),
    [
        ("05.1", lambda r, f: f / (r + f), "being generated"),
        ("05.1", lambda r, f: r / f, "exceed 1"),
        ("05.1", lambda r, f: r, "same place"),
        ("05.1", lambda r, f: r / (r + f).sum(), "same place"),
        ("05.1", lambda r, f: r * 0 + 0.9, "one half"),
        ("05.1", lambda r, f: r * 0 + 0.5, "which share"),
        ("05.1", lambda r, f: 0.5, "one number a place"),
        ("05.2", lambda x: np.logaddexp(0, -x).sum(), "mean"),
        ("05.2", lambda x: -np.logaddexp(0, x).mean(), "saturating"),
        ("05.2", lambda x: np.logaddexp(0, x).mean(), "turn the sign"),
        ("05.2", lambda x: -loss(x), "sign is turned"),
        ("05.2", lambda x: -np.log(np.clip(x, 1e-9, None)).mean(), "not probabilities"),
        ("05.2", lambda x: 0.0, "mean of -log D"),
        ("05.2", naive, "logaddexp"),
        ("05.2", lambda x: np.logaddexp(0, -x), "one number"),
        ("05.3", lambda g: g / 255, "[0, 1]"),
        ("05.3", lambda g: g / 127.5, "[0, 2]"),
        ("05.3", lambda g: 1 - g / 127.5, "changed places"),
        ("05.3", lambda g: (g - 128) / 128, "255 should become 1"),
        ("05.3", lambda g: g / np.float32(127.5) - 1, "axis of the channel"),
        ("05.3", lambda g: (g / 127.5 - 1)[..., None], "float32"),
        ("05.3", lambda g: g[:2], "every pixel"),
        ("05.4", lambda b, a: sum((x != y).sum() for x, y in pairs(b, a)), "single weights"),
        ("05.4", lambda b, a: sum((x != y).all() for x, y in pairs(b, a)), "as soon as one"),
        ("05.4", lambda b, a: len(b) - changed(b, a), "nothing changed"),
        ("05.4", lambda b, a: sum(x is not y for x, y in pairs(b, a)) - 2, "stayed the same"),
        ("05.4", lambda b, a: 3, "pair by pair"),
        ("05.5", nearest, "next to a mode"),
        ("05.5", lambda p, c, d, n: modes(p, c, d, 1), "fewer than"),
        ("05.5", lambda p, c, d, n: len(c), "neither"),
        ("05.5", lambda p, c, d, n: (on_modes(p, c, d).sum(axis=0) > n).sum(), "exactly"),
        ("05.5", lambda p, c, d, n: on_modes(p, c, d).any(axis=1).sum(), "count the modes"),
        ("05.5", lambda p, c, d, n: 0, "for each centre"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
