"""Check stored outputs for tracebacks and local paths before they are handed out."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, CourseError, tags

#: Encoded pictures inside HTML and scripts, which may contain any sequence of letters.
_PICTURES = re.compile(r"base64,[\w+/=\\\s]*")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
#: A path inside a typical folder of Linux, macOS, Colab or Windows.
_PATH = re.compile(
    r"(?<![\w.:/<])(?:file://)?/(?:home|root|Users|tmp|private|var|usr|opt|srv|mnt|media|data"
    r"|content|work|workspace)/[\w.~-]+[\w./~-]*|\b[A-Za-z]:\\{1,2}[\w.~-]+"
)


def refuse_unfit_outputs(notebook: NotebookNode, name: str, own: tuple[Path, ...] = ()) -> None:
    """Reject a notebook with a traceback or a local path in a stored output.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook. The outputs of its exercises, checks and solutions are ignored, because they
        are not handed out.
    name : str
        The notebook's name, for the error message.
    own : tuple of Path
        Folders on this machine whose paths must not occur in the outputs, such as the checkout. The
        home folder and the folder for temporary files are always included.

    Raises
    ------
    CourseError
        If there is a traceback or a local path; the message names the notebook and the cell.
    """
    for number, cell in enumerate(notebook.cells, 1):
        if not {EXERCISE, CHECK, SOLUTION} & set(tags(cell)):
            for output in cell.get("outputs", []):
                if fault := _fault_of(output, own):
                    raise CourseError(
                        f"{name}, cell {number}: its stored output has {fault}. Mend the cell, "
                        f"and store the lesson again: python -m gan_utils store --only {name[:2]}"
                    )


def _fault_of(output: NotebookNode, own: tuple[Path, ...]) -> str:
    if output.output_type == "error":
        return "a traceback"
    for text in _texts(output):
        text = _PICTURES.sub("", text)
        if _TRACEBACK.search(text):
            return "a traceback"
        if found := _PATH.search(text) or _own_path(text, own):
            return f"a path of a machine ({found[0][:80]})"
    return ""


def _own_path(text: str, own: tuple[Path, ...]) -> re.Match | None:
    folders = (str(path) for path in (Path.home(), Path(tempfile.gettempdir()), *own))
    known = "|".join(re.escape(folder) for folder in folders if len(Path(folder).parts) > 1)
    return re.search(rf"(?<![\w.:/])(?:{known})\b", text) if known else None


def _texts(output: NotebookNode) -> Iterator[str]:
    """Yield the text that a reader can see, including the text of SVG pictures."""
    yield output.get("text", "")
    for kind, content in output.get("data", {}).items():
        if not kind.startswith("image/") or kind == "image/svg+xml":
            yield content if isinstance(content, str) else str(content)
