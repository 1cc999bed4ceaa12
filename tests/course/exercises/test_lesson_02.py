"""The checks of lesson 02: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest
from exercise_cards import present, with_range
from exercise_cards import table_card as card

from gan_utils.course.exercises import check


def packs(rows, k):
    return rows[: len(rows) // k * k].reshape(-1, k * rows.shape[1])


FAR = card([3, 4], shift=2.0)
WIDE = with_range(FAR, "C2ST", 0.5, 1.0)

RIGHT = {
    "02.1": (lambda p: -np.log(p).mean(),),
    "02.2": (packs,),
    "02.3": (FAR, "worse"),
}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("02.1", (lambda p: np.log(p).mean(),), "sign"),
    ("02.1", (lambda p: -np.log(p).sum(),), "mean over the batch"),
    ("02.1", (lambda p: np.log(1 - p).mean(),), "minimax"),
    ("02.1", (lambda p: -np.log(1 - p).mean(),), "near 1"),
    ("02.1", (lambda p: -np.log10(p).mean(),), "base 10"),
    ("02.1", (lambda p: -np.log(p.mean()),), "of each one"),
    ("02.1", (lambda p: -np.log2(p).mean(),), "base 2"),
    ("02.2", (lambda r, k: r[:6].reshape(-1, 3, 2),), "flatten"),
    ("02.2", (lambda r, k: r[:6],), "one row"),
    ("02.2", (lambda r, k: r[:6].reshape(k, -1),), "you made k packs"),
    ("02.2", (lambda r, k: np.vstack([r, r[:2]]).reshape(3, 6),), "not full"),
    (
        "02.2",
        (lambda r, k: packs(r, k).reshape(2, k, 2).swapaxes(1, 2).reshape(2, 6),),
        "side by side",
    ),
    ("02.2", (lambda r, k: packs(r[1:], k),), "dropped the first"),
    ("02.2", (lambda r, k: r[:6].reshape(2, 6) if len(r) == 7 else r,), "k and the shape"),
    ("02.3", (card([3, 4], names=("a", "changed")), "worse"), "no column 'unchanged'"),
    ("02.3", (card([3, 4], held_out=False), "worse"), "held_out=held_out"),
    ("02.3", (card([3], [1]), "worse"), "spread"),
    ("02.3", (card([1, 2]), "cannot tell"), "did your change"),
    ("02.3", (FAR, "cannot tell"), "do not overlap"),
    ("02.3", (FAR, "better"), "other way round"),
    ("02.3", (WIDE, "worse"), "overlap"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("02.1", (lambda p: "much",), "numbers"),
    ("02.1", (lambda p: 7.0,), "of each row"),
    ("02.2", (lambda r, k: r,), "drop"),
    ("02.2", (lambda r, k: r[:6][::-1].reshape(2, 6),), "in order"),
    ("02.3", ("0.6", "worse"), "compare_tables"),
    ("02.3", (FAR, "good"), "one of 'better'"),
]


@pytest.mark.parametrize(("number", "answers", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answers, word, capsys):
    check(number, *present(answers))
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line


def test_ranges_that_overlap_cannot_tell(capsys):
    check("02.3", WIDE.value, "cannot tell")
    assert capsys.readouterr().out == "02.3  done\n"
