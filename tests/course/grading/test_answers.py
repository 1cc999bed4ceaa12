"""A student's answers are found wherever they are, and what was handed out is no answer."""

import pytest
from submitted import RATIOS, RIGHT, lesson

from gan_utils.course.grading.answers import Cell, answers_of, bound_names


@pytest.fixture(scope="module")
def first():
    return lesson("01")


def handed_out(first, solved: bool = False, ids: bool = True) -> list[Cell]:
    """Make the cells of the course's own notebook, with its folded solutions."""
    cells = [Cell(key, source) for key, source in first.cells]
    for exercise in first.exercises:
        place = next(i for i, cell in enumerate(cells) if cell.id == exercise.stub_id)
        if solved:
            cells[place] = Cell(exercise.stub_id, exercise.solution)
        cells.insert(place + 1, Cell(exercise.solution_id, exercise.solution))
    return cells if ids else [Cell(f"new-{i}", cell.source) for i, cell in enumerate(cells)]


@pytest.mark.parametrize("ids", [True, False])
def test_untouched_stubs_are_no_answers_not_even_beside_folded_solutions(first, ids):
    assert answers_of(first, handed_out(first, ids=ids)) == {}


@pytest.mark.parametrize("ids", [True, False])
def test_a_solution_in_place_of_its_stub_is_an_answer(first, ids):
    found = answers_of(first, handed_out(first, solved=True, ids=ids))
    assert list(found) == ["01.1", "01.2", "01.3", "01.4"]


def test_an_answer_is_found_by_its_names_after_ids_and_tags_are_lost(first):
    cells = [Cell("b", RATIOS), Cell("a", RIGHT)]
    assert answers_of(first, cells) == {"01.2": [RATIOS], "01.1": [RIGHT]}


def test_an_answer_below_the_stub_counts_instead_of_it(first):
    cells = handed_out(first)
    assert answers_of(first, [*cells, Cell("mine", RIGHT)]) == {"01.1": [RIGHT]}


def test_new_cells_above_an_answer_come_along_but_not_those_of_the_lesson(first):
    edited = Cell(first.cells[1][0], "flowers = None")
    cells = [edited, Cell("mine", "import math"), Cell(first.exercises[0].stub_id, RIGHT)]
    assert answers_of(first, cells) == {"01.1": ["import math", RIGHT]}


def test_new_cells_between_an_answer_and_its_check_come_along(first):
    helper, check = "def sums(matrix): ...", 'check("01.1", precision_and_recall)'
    cells = [Cell("a", RIGHT), Cell("b", helper), Cell("c", check), Cell("d", RATIOS)]
    assert answers_of(first, cells) == {"01.1": [RIGHT, helper], "01.2": [RATIOS]}
    cells[0] = Cell(first.exercises[0].stub_id, first.exercises[0].stub)
    assert answers_of(first, cells) == {"01.2": [helper, RATIOS]}


def test_an_own_answer_counts_rather_than_a_solution_left_below_it(first):
    cells = [Cell("a", "mean_ratio = 2\nrun_ratio = 2"), Cell("b", first.exercises[1].solution)]
    assert answers_of(first, cells) == {"01.2": ["mean_ratio = 2\nrun_ratio = 2"]}


def test_names_are_read_without_parsing():
    source = "a, (b, c) = 1, (2, 3)\nd['x'] = e\nprint(f, end=g)\nif h == 1:\n    i = 2\nj: int = 3"
    assert bound_names(source) >= {"a", "b", "c", "d", "j"}
    assert not bound_names(source) & {"e", "f", "g", "h", "i"}
    assert bound_names("def f(x):\n    y = 1\nasync def g(): ...\nclass H: ...") == {"f", "g", "H"}
    assert bound_names("(" * 100_000 + "=") == set()
