"""Every lesson runs for the student who did no exercise, and for the one who did them all."""

from pathlib import Path

import pytest

from gan_utils.course import editions, notebooks, runner
from gan_utils.course.grading.inside.plan import names, needed_of_lesson, used_up
from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, tags

LESSONS = notebooks.find_notebooks(Path(__file__).parents[2])


def verdicts(paths: list[Path]) -> dict[str, list[str]]:
    """Run the solved exercises of lessons in one kernel; collect the line of each check.

    Starting Python and TensorFlow takes longer than many lessons' exercises. What is left after
    a lesson are modules: without ``freeze``, each reset searches them for a second.
    """
    cells, new_cell = [], notebooks.nbformat.v4.new_code_cell
    tidy = '%reset -f\n__import__("gc").freeze()'
    for path in paths:
        edition = editions.solved_edition(notebooks.read(path))
        cells += [*cells_of_exercises(edition), new_cell(tidy)]
    edition = notebooks.nbformat.v4.new_notebook(cells=cells)
    run = runner.run_notebook(paths[0], budget="quick", notebook=edition)
    assert run.ok, f"{run.error}, in:\n{run.notebook.cells[run.cell - 1].source}"
    lines = [line.split(maxsplit=1) for line in editions.check_lines(run.notebook)]
    return {
        path.stem: [said for number, said in lines if number.startswith(f"{path.name[:2]}.")]
        for path in paths
    }


def cells_of_exercises(edition: notebooks.nbformat.NotebookNode) -> list:
    """Keep the exercises, and the statements that these need: the rest takes minutes.

    nbval runs the rest of the lessons, with the set-up; no other cell leans on an exercise (see
    below).
    """
    kept, needed = [], set()
    for cell in reversed([cell for cell in edition.cells if cell.cell_type == "code"]):
        if {EXERCISE, CHECK} & set(tags(cell)):
            bound, read = names(cell.source)
            pieces = [cell.source]
            needed = (needed - bound) | (read - bound) | used_up(cell.source)
        else:
            pieces, needed = needed_of_lesson(cell.source, needed)
        if pieces:
            cell.source = "\n".join(pieces)
            kept.append(cell)
    return kept[::-1]


def leaning_cells(notebook: notebooks.nbformat.NotebookNode) -> list[str]:
    """Find cells that read what only an exercise or its solution has bound."""
    own, of_exercises, found = set(), set(), []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code" or CHECK in tags(cell):
            continue
        bound, read = names(cell.source)
        if {EXERCISE, SOLUTION} & set(tags(cell)):
            of_exercises |= bound
            own -= bound
            continue
        found += [f"cell {number} reads {name}" for name in (read & of_exercises) - own - bound]
        own |= bound
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_cell_leans_on_an_exercise(path):
    """So the student edition runs too: it is the stored notebook without the solutions."""
    assert leaning_cells(notebooks.read(path)) == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_check_waits_for_an_answer(path):
    """nbval runs these cells with the stubs untouched, and compares what they print."""
    cells = [cell for cell in notebooks.read(path).cells if CHECK in tags(cell)]
    assert 3 <= len(cells) <= 5
    assert not [cell for cell in cells if "nbval-ignore-output" in tags(cell)]
    printed = [cell.outputs[0].text.strip() for cell in cells]
    numbers = [f"{path.name[:2]}.{place}" for place in range(1, len(cells) + 1)]
    assert printed == [f"{number}  not attempted yet" for number in numbers]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_nbval_skips_nothing_but_the_open_exercises_solutions(path):
    """They train for seconds and print nothing; the last test below runs them."""
    cells = [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    skipped = [cell for cell in cells if "nbval-skip" in tags(cell)]
    assert skipped in ([], [cell for cell in cells if SOLUTION in tags(cell)][-1:])
    assert not any(cell.outputs for cell in skipped)


def test_a_cell_that_leans_on_a_solution_is_found():
    sources = {"a = ...": "exercise", "a = 2": "solution", "print(a)": "plain", "a = 1": "plain"}
    make = notebooks.nbformat.v4.new_code_cell
    cells = [make(source, metadata={"tags": [tag]}) for source, tag in sources.items()]
    lesson = notebooks.nbformat.v4.new_notebook(cells=[*cells, make("print(a)")])
    assert leaning_cells(lesson) == ["cell 3 reads a"]


def test_cells_that_an_exercise_needs_are_kept():
    needed = ["a = {}", "b = 1", "a['x'] = b", "a |= b", "c = 2", "c = c + 1", "model.fit(c)"]
    needed += ["use(a, model)"]
    sources = ["b = 0", *needed[:4], f"import d\n{needed[4]}", *needed[5:7], "print(c)", needed[7]]
    make = notebooks.nbformat.v4.new_code_cell
    cells = [make(source) for source in sources]
    cells[-1].metadata.tags = [EXERCISE]
    kept = cells_of_exercises(notebooks.nbformat.v4.new_notebook(cells=cells))
    assert [cell.source for cell in kept] == needed


@pytest.mark.notebooks
def test_every_check_of_a_solved_lesson_is_done():
    for lesson, lines in verdicts(LESSONS).items():
        cells = notebooks.read(LESSONS[0].with_name(f"{lesson}.ipynb")).cells
        asked = sum(CHECK in tags(cell) for cell in cells)
        assert lines == ["done"] * asked, lesson
