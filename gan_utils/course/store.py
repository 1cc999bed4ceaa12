"""Store a whole classroom run in the notebooks themselves."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from nbformat import NotebookNode

from gan_utils.course import notebooks
from gan_utils.course.notebooks import CourseError, find_notebooks
from gan_utils.course.report import run_each
from gan_utils.course.runner import Run

BUDGET = "classroom"


def store(
    root: Path, *, only: Sequence[str] | None = None, stream: TextIO | None = None
) -> list[Run]:
    """Run notebooks at the classroom budget and write their outputs back into them.

    A run that failed, or that printed to the error stream, is not stored. In this case, the
    notebook stays unchanged, and the run's ``error`` gives the reason. Metadata about the machine
    and the editor is dropped.

    Parameters
    ----------
    root : Path
        The checkout.
    only : sequence of str, optional
        Prefixes of the notebooks' names.
    stream : text file, optional
        The stream to which the progress is printed; by default, standard output.

    Returns
    -------
    list of Run
    """
    return run_each(find_notebooks(root, only), BUDGET, stream or sys.stdout, _keep)


def _keep(run: Run) -> None:
    if run.ok:
        run.cell, run.error = _noise(run.notebook) or (run.cell, "")
    if run.ok:
        notebooks.write(notebooks.clean(run.notebook), run.path)


def _noise(notebook: NotebookNode) -> tuple[int, str] | None:
    """Find the first cell that printed to the error stream, for example a warning."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                line = next(filter(str.strip, output.text.splitlines()), "")
                return number, f"not stored, the cell printed a warning: {line.strip()[:150]}"
    return None


def stored_faults(path: Path) -> list[str]:
    """List what is wrong with the stored outputs of a notebook.

    Parameters
    ----------
    path : Path
        A notebook.

    Returns
    -------
    list of str
        The faults. The list is empty if the notebook was stored from one complete run, from top to
        bottom, without errors or warnings.
    """
    try:
        notebook = notebooks.read(path)
    except CourseError as fault:
        return [str(fault)]
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    outputs = [o for cell in code for o in cell.outputs]
    checks = {
        "was not stored from one run, top to bottom": [c.execution_count for c in code]
        != list(range(1, len(code) + 1)),
        "stores an error": any(o.output_type == "error" for o in outputs),
        "stores a warning": any(o.get("name") == "stderr" for o in outputs),
    }
    return [f"{Path(path).name} {fault}" for fault, found in checks.items() if found]
