"""Editions of a notebook: for students without solutions, for tests with all of them."""

from pathlib import Path

from nbformat import NotebookNode

from gan_utils.course import notebooks
from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, CourseError, tags


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """Remove the solutions.

    Parameters
    ----------
    notebook : NotebookNode
        Left unchanged.

    Returns
    -------
    NotebookNode
        A copy without the cells tagged ``solution``, renumbered.
    """
    student = notebooks.copy_of(notebook)
    student.cells = [cell for cell in student.cells if SOLUTION not in tags(cell)]
    return notebooks.renumber(student)


def solved_edition(notebook: NotebookNode) -> NotebookNode:
    """Put each solution in place of its stub.

    Parameters
    ----------
    notebook : NotebookNode
        Left unchanged. An exercise is a cell tagged ``exercise``, one tagged ``check`` and one
        tagged ``solution``, in this order.

    Returns
    -------
    NotebookNode
        A copy in which every stub has the source of its solution, and no solution cell is left.

    Raises
    ------
    CourseError
        If an exercise has no solution or no check, or a solution has no exercise.
    """
    solved = notebooks.copy_of(notebook)
    for stub, solution in _exercises(solved):
        stub.source = solution.source
    return student_edition(solved)


def _exercises(notebook: NotebookNode) -> list[tuple[NotebookNode, NotebookNode]]:
    """Pair stubs with solutions, and refuse a notebook where they do not pair up."""
    kinds = (EXERCISE, CHECK, SOLUTION)
    parts = [
        (next(k for k in kinds if k in tags(cell)), number, cell)
        for number, cell in enumerate(notebook.cells, 1)
        if any(k in tags(cell) for k in kinds)
    ]
    for place, (kind, number, _) in enumerate(parts):
        if kind != kinds[place % 3]:
            raise CourseError(f"cell {number} is a {kind} where a {kinds[place % 3]} should come.")
    if len(parts) % 3:
        raise CourseError(f"the exercise that ends in cell {parts[-1][1]} is not complete.")
    return [(parts[i][2], parts[i + 2][2]) for i in range(0, len(parts), 3)]


def check_lines(notebook: NotebookNode) -> list[str]:
    """Collect what the ``check`` cells of a notebook printed, line by line.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.

    Returns
    -------
    list of str
    """
    outputs = [o for cell in notebook.cells if CHECK in tags(cell) for o in cell.outputs]
    return [line for o in outputs for line in o.get("text", "").splitlines()]


def write_student_edition(root: Path, output: Path) -> list[Path]:
    """Write the student edition of every notebook into a folder.

    Parameters
    ----------
    root : Path
        The checkout.
    output : Path
        The folder to write into; created if needed.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    CourseError
        If ``output`` is the folder of the notebooks themselves, or a file.
    """
    output = Path(output)
    if output.resolve() == (root / "notebooks").resolve():
        raise CourseError("that is the folder of the originals. Name another one.")
    if output.exists() and not output.is_dir():
        raise CourseError(f"{output} is a file. Name a folder.")
    editions = {p.name: student_edition(notebooks.read(p)) for p in notebooks.find_notebooks(root)}
    for name, edition in editions.items():
        notebooks.write(edition, output / name)
    return [output / name for name in editions]
