"""``check`` prints one line whatever it is given, and never raises."""

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_utils.course.exercises import Hint, check, number
from gan_utils.course.exercises.lesson_01 import CHECKS


class Hostile:
    """Fails at whatever it is asked."""

    def __getattr__(self, name):
        raise RuntimeError("no\nattributes")

    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __eq__ = __iter__ = __len__ = __float__ = __call__ = __str__
    __hash__ = object.__hash__


def noisy(*args):
    print("a word too many")
    return 1, 2


def quits(*args):
    raise SystemExit("bye")


NO_EXERCISE = ["01.9", "77.1", "", "os", "../x", None, 1.2, [], Hostile()]
ODD = [None, "", "text", b"\x00", True, 1, -1.5, float("inf"), 10**400, 1j, [], {}, (), (1, 2)]
ODD += [np.nan, np.zeros((2, 2)), np.array(["a"], object), pd.DataFrame(), pd.NA, pd.NaT, object()]
ODD += [Hostile(), Hostile, quits, noisy, print, len, lambda: 1, lambda *a: Hostile()]
ODD += [lambda *a: "\ud800\n", lambda *a: pd.DataFrame({"a": [1]}), lambda *a: (Hostile(), 1)]


@pytest.mark.parametrize("exercise_id", sorted(CHECKS))
@pytest.mark.parametrize("which", range(len(ODD)))
def test_odd_answers_never_raise(capsys, exercise_id, which):
    answer = ODD[which]
    check(exercise_id, answer)
    check(exercise_id, accuracy=answer, recall_no=answer)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{exercise_id}  not ") for line in lines)


@pytest.mark.parametrize("which", range(len(NO_EXERCISE)))
def test_an_unknown_exercise_is_named_not_raised(capsys, which):
    check(NO_EXERCISE[which], 1)
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "no exercise with this number" in out


@given(st.recursive(st.none() | st.floats() | st.text(), lambda s: st.lists(s)))
def test_any_plain_value_is_borne(value):
    for exercise_id in CHECKS:
        check(exercise_id, value)
        check(exercise_id, lambda *args: value)


@pytest.mark.parametrize("left", [..., None, (..., ...), (0.5, ...)])
def test_a_function_that_still_returns_dots_is_a_stub(capsys, left):
    check("01.1", lambda matrix, k: left)
    assert capsys.readouterr().out == "01.1  not attempted yet\n"


def test_what_a_student_prints_stays_out_of_the_line(capsys):
    check("01.1", noisy)
    assert "a word too many" not in capsys.readouterr().out


def test_what_a_lesson_lacks_is_named(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "gan_utils.course.exercises.lesson_10", raising=False)
    monkeypatch.setitem(sys.modules, "gan_utils.text", None)
    check("10.1", 1)
    assert "import of gan_utils.text" in capsys.readouterr().out


class Tensor:
    """One number, which only NumPy can read."""

    def __array__(self, dtype=None, copy=None):
        return np.array(0.5, dtype)


def test_a_tensor_with_one_number_is_a_number():
    assert number(Tensor()) == 0.5
    with pytest.raises(Hint, match="one number"):
        number(np.zeros(2))
