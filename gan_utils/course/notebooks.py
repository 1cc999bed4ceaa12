"""Find, read and write the notebooks of the course."""

import copy
from collections.abc import Iterable
from pathlib import Path

import nbformat

from gan_utils._support.files import write_text

SETUP, HEADLINE = "setup", "headline"
EXERCISE, CHECK, SOLUTION, QUIZ = "exercise", "check", "solution", "quiz"
#: The tag of a cell whose output nbval does not compare.
NOT_COMPARED = "nbval-ignore-output"

#: The cell metadata that the author sets; any other metadata comes from an editor.
_KEPT = ("tags", "jupyter", "cellView")

_PACKAGE = Path(__file__).resolve().parents[1]


class CourseError(Exception):
    """An error that the user can fix, described in one line."""


def find_checkout(start: Path | None = None) -> Path:
    """Find the course's folder, which contains ``pyproject.toml`` and ``notebooks``.

    Parameters
    ----------
    start : Path, optional
        The folder from which to search upwards. By default, the search starts from the current
        folder, and then from the package's folder.

    Returns
    -------
    Path
        The root of the checkout.

    Raises
    ------
    CourseError
        If there is no such folder.
    """
    starts = [start] if start else [Path.cwd(), _PACKAGE]
    for folder in (f for s in starts for f in (s.resolve(), *s.resolve().parents)):
        if (folder / "pyproject.toml").is_file() and (folder / "notebooks").is_dir():
            return folder
    raise CourseError(
        "no notebooks here. Run this inside a copy of the course (git clone, or its ZIP file)."
    )


def find_notebooks(root: Path, only: Iterable[str] | None = None) -> list[Path]:
    """List the notebooks of a checkout, in order.

    Parameters
    ----------
    root : Path
        The checkout.
    only : iterable of str, optional
        Prefixes of the notebooks' names, such as ``["01", "02"]``.

    Returns
    -------
    list of Path

    Raises
    ------
    CourseError
        If there are no notebooks, or if an entry of ``only`` matches no notebook.
    """
    found = sorted((root / "notebooks").glob("*.ipynb"))
    if only is None:
        wanted, missing = found, []
    else:
        starts = tuple(filter(None, (part.strip() for part in only)))
        wanted = [path for path in found if path.name.startswith(starts)]
        missing = [s for s in starts if not any(p.name.startswith(s) for p in found)]
    if not found:
        raise CourseError(f"there is no notebook in {root / 'notebooks'}.")
    if missing or not wanted:
        names = ", ".join(path.stem for path in found)
        raise CourseError(f"no notebook begins with {', '.join(missing)!r}. There are: {names}.")
    return wanted


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook.

    Parameters
    ----------
    path : Path
        An ``.ipynb`` file.

    Returns
    -------
    NotebookNode

    Raises
    ------
    CourseError
        If the file is missing or is not a complete and valid notebook.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        raise CourseError(f"there is no notebook {path}.") from None
    except Exception as fault:  # nbformat raises a different error for every kind of damage
        said = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
        raise CourseError(f"{Path(path).name} is not a whole notebook: {said[:120]}") from fault
    return notebook


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook atomically, so that nobody can read an incomplete file.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook to write.
    path : Path
        The file to write.
    """
    write_text(path, nbformat.writes(notebook).rstrip("\n") + "\n")


def copy_of(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy that can be changed without touching the original.

    Parameters
    ----------
    notebook : NotebookNode
        The original.

    Returns
    -------
    NotebookNode
    """
    return copy.deepcopy(notebook)


def tags(cell: nbformat.NotebookNode) -> list[str]:
    """Return the tags of a cell.

    Parameters
    ----------
    cell : NotebookNode
        A cell of any kind.

    Returns
    -------
    list of str
        The tags; the list is empty if the cell has none.
    """
    return cell.metadata.get("tags", [])


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop the metadata that differs between machines and between editors.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, which is changed in place.

    Returns
    -------
    NotebookNode
        The same notebook.
    """
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in _KEPT if cell.metadata.get(key)}
        cell.metadata = nbformat.from_dict(kept)
    return notebook


def renumber(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Renumber the executed code cells from 1 after other cells have been removed.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, which is changed in place.

    Returns
    -------
    NotebookNode
        The same notebook.
    """
    run = (c for c in notebook.cells if c.cell_type == "code" and c.execution_count is not None)
    for number, cell in enumerate(run, 1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
    return notebook
