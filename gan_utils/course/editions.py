"""Make copies of a notebook without solutions, or with solutions in place of the stubs."""

from nbformat import NotebookNode

from gan_utils.course import notebooks
from gan_utils.course.notebooks import CHECK, EXERCISE, NOT_COMPARED, SOLUTION, CourseError, tags


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """Copy a notebook without its solutions.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, which is not changed.

    Returns
    -------
    NotebookNode
        A copy without the cells tagged ``solution``; the remaining cells are renumbered.
    """
    student = notebooks.copy_of(notebook)
    student.cells = [cell for cell in student.cells if SOLUTION not in tags(cell)]
    return notebooks.renumber(student)


def handed_out_edition(notebook: NotebookNode) -> NotebookNode:
    """Make the students' copy of a notebook, without solutions and without exercise outputs.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, which is not changed.

    Returns
    -------
    NotebookNode
        A copy without machine metadata, in which exercises and checks have no outputs. `nbval`
        does not compare their outputs, because the outputs depend on the student.
    """
    student = notebooks.clean(notebooks.copy_of(notebook))
    for cell in student.cells:
        if {EXERCISE, CHECK} & set(tags(cell)):
            cell.outputs, cell.execution_count = [], None
            cell.metadata.tags = [*dict.fromkeys([*tags(cell), NOT_COMPARED])]
    return student_edition(student)


def solved_edition(notebook: NotebookNode) -> NotebookNode:
    """Replace each stub with its solution.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, which is not changed. An exercise consists of three cells, which are tagged
        ``exercise``, ``check`` and ``solution``, in this order.

    Returns
    -------
    NotebookNode
        A copy in which every stub has the source and the outputs of its solution. The solution
        cells and the outputs of the checks are removed.

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
    """Reject a notebook in which an exercise lacks its check or its tagged solution.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook with its solutions. A solution without the tag would be handed out to students.
    name : str
        The notebook's name, for the error message.

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
    """Group each stub, check and solution; raise an error if one of them is missing."""
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
    """Collect the lines that the ``check`` cells of a notebook printed.

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
