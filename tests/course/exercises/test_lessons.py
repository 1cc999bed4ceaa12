"""What the checks of all lessons have in common; each lesson's own file has its mistakes."""

import re
from collections import defaultdict
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from runpy import run_path

import pandas as pd
import pytest
from exercise_cards import present

from gan_utils.course import notebooks
from gan_utils.course.exercises import NOT_YET, check, verdict

HERE = Path(__file__).parent
LESSONS = sorted(int(path.stem[-2:]) for path in HERE.glob("test_lesson_*.py"))


def as_tuple(answers):
    return answers if isinstance(answers, tuple) else (answers,)


def table_of(lesson, name):
    return module_of(lesson)[name]


@cache
def module_of(lesson):
    file = HERE / f"test_lesson_{lesson:02}.py"
    return run_path(str(file))  # a Path in sys.argv breaks the import of TensorFlow


#: The right answers, by the number of the exercise.
RIGHT = {
    number: as_tuple(answers)
    for lesson in LESSONS
    for number, answers in table_of(lesson, "RIGHT").items()
}
#: How many letters of a solution a hint may contain in one piece, spaces not counted.
MOST_OF_A_SOLUTION = 20
ODD = [None, 3, "x", [], object(), pd.DataFrame(), lambda: 1, lambda *_: object()]


@cache
def hints(lesson, name):
    """Return the hints on the wrong answers of a lesson, by exercise, without their numbers."""
    found = defaultdict(set)
    for number, answers, _ in table_of(lesson, name):
        said = verdict(number, present(as_tuple(answers)), {})
        assert said.startswith(NOT_YET)
        found[number].add(re.sub(r"[\d.,()%]+", "", said.removeprefix(f"{NOT_YET}: ")))
    return found


@cache
def solutions(lesson):
    """Return the code of the solution of each exercise, without spaces and comments."""
    (path,) = notebooks.find_notebooks(notebooks.find_checkout(), [f"{lesson:02}"])
    cells = [c for c in notebooks.read(path).cells if notebooks.SOLUTION in notebooks.tags(c)]
    return {f"{lesson:02}.{k}": squeezed(cell.source) for k, cell in enumerate(cells, 1)}


def squeezed(code):
    return re.sub(r"#.*|\s", "", code)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_three_to_five(lesson):
    own = [number for number in RIGHT if number.startswith(f"{lesson:02}.")]
    assert own == [f"{lesson:02}.{k}" for k in range(1, len(own) + 1)]
    assert 3 <= len(own) <= 5


@pytest.mark.parametrize("number", RIGHT)
def test_a_right_answer_is_done(number, capsys):
    check(number, *present(RIGHT[number]))
    assert capsys.readouterr().out == f"{number}  done\n"


@pytest.mark.filterwarnings("ignore")  # wrong answers take logarithms of 0
@pytest.mark.parametrize("number", RIGHT)
def test_three_mistakes_have_each_a_hint_of_their_own(number):
    lesson = int(number[:2])
    named, others = hints(lesson, "MISTAKES")[number], hints(lesson, "UNNAMED")[number]
    assert others  # what is said to an answer that is wrong in no particular way
    assert not named & others
    assert len(named) >= 3


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", RIGHT)
def test_no_hint_gives_the_solution_away(number):
    lesson = int(number[:2])
    code = solutions(lesson)[number]
    for hint in hints(lesson, "MISTAKES")[number] | hints(lesson, "UNNAMED")[number]:
        told = squeezed(hint)
        same = SequenceMatcher(None, told, code, autojunk=False).find_longest_match()
        assert same.size <= MOST_OF_A_SOLUTION, told[same.a : same.a + same.size]


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
