"""What the checks of all lessons have in common; each lesson's own file has its mistakes."""

from pathlib import Path
from runpy import run_path

import pandas as pd
import pytest
from exercise_cards import present

from gan_utils.course.exercises import check


def right_answers(lesson):
    file = Path(__file__).with_name(f"test_lesson_{lesson:02}.py")
    return run_path(str(file))["RIGHT"]  # a Path in sys.argv breaks the import of TensorFlow


#: All lessons but the first, whose test is of another form.
LESSONS = sorted(int(path.stem[-2:]) for path in Path(__file__).parent.glob("test_lesson_*.py"))[1:]
#: The right answers, by the number of the exercise.
RIGHT = {
    number: answer if isinstance(answer, tuple) else (answer,)
    for lesson in LESSONS
    for number, answer in right_answers(lesson).items()
}
ODD = [None, 3, "x", [], object(), pd.DataFrame(), lambda: 1, lambda *_: object()]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_three_to_five(lesson):
    own = [number for number in RIGHT if number.startswith(f"{lesson:02}.")]
    assert own == [f"{lesson:02}.{k}" for k in range(1, len(own) + 1)]
    assert 3 <= len(own) <= 5


@pytest.mark.parametrize("number", RIGHT)
def test_a_right_answer_is_done(number, capsys):
    check(number, *present(RIGHT[number]))
    assert capsys.readouterr().out == f"{number}  done\n"


@pytest.mark.parametrize("number", RIGHT)
def test_a_stub_is_not_attempted(number, capsys):
    check(number, *[lambda *_: ... for _ in RIGHT[number]])
    check(number, *[lambda *_: None for _ in RIGHT[number]])
    assert capsys.readouterr().out == f"{number}  not attempted yet\n" * 2


@pytest.mark.parametrize("number", RIGHT)
@pytest.mark.parametrize("odd", ODD)
def test_odd_answers_never_raise(number, odd, capsys):
    check(number, *[odd for _ in RIGHT[number]])
    assert capsys.readouterr().out.count("\n") == 1
