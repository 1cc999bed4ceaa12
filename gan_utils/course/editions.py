"""Editions of a notebook: without solutions for students, with them for teachers and tests."""

from nbformat import NotebookNode

from gan_utils.course import notebooks
from gan_utils.course.notebooks import CHECK, EXERCISE, NOT_COMPARED, SOLUTION, CourseError, tags


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


def handed_out_edition(notebook: NotebookNode) -> NotebookNode:
    """Make what a student gets: no solutions, and exercises and checks as if never run.

    Parameters
    ----------
    notebook : NotebookNode
        Left unchanged.

    Returns
    -------
    NotebookNode
        A copy without machine metadata. `nbval` does not compare its exercises and checks:
        what they print depends on the student.
    """
    student = notebooks.clean(notebooks.copy_of(notebook))
    for cell in student.cells:
        if {EXERCISE, CHECK} & set(tags(cell)):
            cell.outputs, cell.execution_count = [], None
            cell.metadata.tags = [*dict.fromkeys([*tags(cell), NOT_COMPARED])]
    return student_edition(student)


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
        A copy in which every stub has the source and outputs of its solution, and no solution cell
        is left. What the checks printed for the stubs is left out.

    Raises
    ------
    CourseError
        If an exercise has no solution or no check, or a solution has no exercise.
    """
    solved = notebooks.copy_of(notebook)
    for stub, check, solution in _exercises(solved):
        stub.source, stub.outputs = solution.source, solution.outputs
        check.outputs = []
    return student_edition(solved)


def refuse_incomplete_exercises(notebook: NotebookNode, name: str) -> None:
    """Refuse a notebook in which an exercise lacks its check or its tagged solution.

    Parameters
    ----------
    notebook : NotebookNode
        With its solutions. A solution without the tag would be handed out.
    name : str
        Its name, for the error.

    Raises
    ------
    CourseError
        If an exercise is incomplete; the message names the notebook and the cell.
    """
    try:
        _exercises(notebook)
    except CourseError as fault:
        form = "An exercise is three cells, tagged exercise, check and solution, in this order."
        raise CourseError(f"{name}: {fault} {form}") from None


def _exercises(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """Group stub, check and solution, and refuse a notebook where they are not all there."""
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
    cells = [cell for _, _, cell in parts]
    return [cells[i : i + 3] for i in range(0, len(cells), 3)]


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
