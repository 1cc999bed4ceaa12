"""Find the submissions in a folder and read their cells; a broken file does not stop the run."""

import hashlib
import itertools
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from gan_utils.course.grading.answers import Cell
from gan_utils.course.grading.archives import (
    MOST_BYTES,
    MOST_NOTEBOOKS,
    BadSubmission,
    is_hidden,
    members_of,
)
from gan_utils.course.grading.layouts import Owner, owners_of, printable
from gan_utils.course.grading.lessons import lesson_of
from gan_utils.course.notebooks import CourseError

#: The maximum numbers of cells in a notebook and of characters in a cell.
MOST_CELLS, MOST_LETTERS = 2_000, 200_000


@dataclass(frozen=True)
class Submission:
    """One notebook that somebody handed in.

    Parameters
    ----------
    owner : Owner
        The person who handed in the notebook.
    name : str
        The path of the notebook below the folder. For a notebook in a student's archive, the path
        begins with the archive's path.
    time : float
        The time of the last change to the notebook, in seconds since 1970.
    digest : str
        A digest of the content.
    lesson : str
        The two digits of the lesson's number; empty if the lesson is unknown.
    cells : list of Cell
        The notebook's code cells.
    fault : str
        The reason why the notebook cannot be read; empty if it can be read.
    note : str
        A note for the teacher, for example that this is the latest of several submissions.
    place : PurePosixPath
        The path of the file that was handed in: the notebook, or the archive that contains it.
    """

    owner: Owner
    name: str
    time: float = 0.0
    digest: str = ""
    lesson: str = ""
    cells: list[Cell] = field(default_factory=list)
    fault: str = ""
    note: str = ""
    place: PurePosixPath = field(default_factory=PurePosixPath)


def find_submissions(folder: Path, lessons: tuple[str, ...] = ()) -> list[Submission]:
    """Read all notebooks below a folder, including those in ZIP files.

    Parameters
    ----------
    folder : Path
        A folder with a subfolder for each student, a folder with all files, an export from Moodle
        or Canvas, or a ZIP file of any of these.
    lessons : tuple of str
        Names of the lessons' files, without ``.ipynb``.

    Returns
    -------
    list of Submission
        The submissions, sorted by path. Links are not followed.

    Raises
    ------
    CourseError
        If the folder does not exist or contains no notebook, or if the ZIP file of a whole class
        cannot be read.
    """
    folder = Path(folder)
    if not folder.exists():
        raise CourseError(f"there is no folder {folder}.")
    found = list(_in_folder(folder) if folder.is_dir() else _in_class(folder))
    if not found:
        raise CourseError(f"there is no notebook (.ipynb) and no ZIP file in {folder}.")
    return _with_owners(sorted(found, key=lambda submission: submission.name), lessons)


def _with_owners(found: list[Submission], lessons: tuple[str, ...]) -> list[Submission]:
    of_each: dict[PurePosixPath, set[str]] = {}
    for submission in found:
        of_each.setdefault(submission.place, set()).add(submission.lesson)
    owners = owners_of(of_each, lessons)
    return [replace(submission, owner=owners[submission.place]) for submission in found]


def _in_folder(folder: Path) -> Iterator[Submission]:
    names = [path for path in _walk(folder) if not is_hidden(path)]
    if len(names) == 1 and names[0].suffix.lower() == ".zip" and len(names[0].parts) == 1:
        yield from _in_class(folder / names[0])
        return
    for name in names:
        try:
            yield from _of_file(name, *_read(folder / name))
        except (BadSubmission, OSError) as fault:
            yield _broken(name, fault)


def _of_file(name: PurePosixPath, content: bytes, time: float) -> Iterator[Submission]:
    """Read a notebook or a student's archive; reject a damaged or unsuitable archive as a whole."""
    if name.suffix.lower() != ".zip":
        yield _submission(name, str(name), content, time)
        return
    try:
        members = list(itertools.islice(members_of(content), MOST_NOTEBOOKS + 1))
        if not 0 < len(members) <= MOST_NOTEBOOKS:
            raise BadSubmission(f"the ZIP file has no notebook in it, or over {MOST_NOTEBOOKS}")
        if fault := next((member.fault for member in members if member.fault), ""):
            raise BadSubmission(fault)
        for member in members:
            yield _submission(name, f"{name}/{member.path}", member.content, member.time)
    except BadSubmission as fault:
        yield _broken(name, fault)


def _broken(name: PurePosixPath, fault: Exception) -> Submission:
    said = printable(_words(fault))
    lesson = lesson_of([], name.name)
    return Submission(Owner(""), printable(str(name)), lesson=lesson, fault=said, place=name)


def _walk(folder: Path) -> list[PurePosixPath]:
    """List notebooks, archives and links, without following a link."""
    found = []
    for place, folders, files in os.walk(folder):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        files = [name for name in files if name.lower().endswith((".ipynb", ".zip"))]
        below = PurePosixPath(here.relative_to(folder).as_posix())
        found += [below / name for name in (*files, *linked)]
    return sorted(found)


def _in_class(path: Path) -> Iterator[Submission]:
    """Read the export of a whole class, with the students' folders in one archive."""
    try:
        content, _ = _read(path, 100 * MOST_BYTES)
        for member in members_of(content, (".ipynb", ".zip")):
            if member.fault:
                yield _broken(member.path, BadSubmission(member.fault))
            else:
                yield from _of_file(member.path, member.content, member.time)
    except (BadSubmission, OSError) as fault:
        raise CourseError(f"{path.name}: {_words(fault)}.") from fault


def _read(path: Path, most: int = MOST_BYTES) -> tuple[bytes, float]:
    """Read a regular file; reject links, pipes and files that are too large."""
    if path.is_symlink():
        raise BadSubmission("it is a symbolic link, which is not followed")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise BadSubmission("it is not a file")
        content = stream.read(most + 1)
    if len(content) > most:
        raise BadSubmission(f"it has more than {most // 1_000_000} MB")
    return content, about.st_mtime


def _submission(place: PurePosixPath, name: str, content: bytes, time: float) -> Submission:
    name, digest = printable(name), hashlib.sha256(content).hexdigest()
    found = Submission(Owner(""), name, time, digest, place=place)
    try:
        cells = _cells(content)
    except BadSubmission as fault:
        lesson = lesson_of([], PurePosixPath(name).name)
        return replace(found, lesson=lesson, fault=str(fault))
    lesson = lesson_of([cell.source for cell in cells], PurePosixPath(name).name)
    return replace(found, lesson=lesson, cells=cells)


def _cells(content: bytes) -> list[Cell]:
    """Read the code cells of a notebook, which may come from any editor."""
    try:
        cells = json.loads(content.decode("utf-8-sig"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        found = [Cell(str(cell.get("id", "")), _source(cell["source"])) for cell in code]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BadSubmission("it is not a whole notebook") from fault
    if len(found) > MOST_CELLS or any(len(cell.source) > MOST_LETTERS for cell in found):
        raise BadSubmission(f"it has over {MOST_CELLS:,} cells, or a cell of {MOST_LETTERS:,}")
    return found


def _source(source: str | list) -> str:
    text = source if isinstance(source, str) else "".join(source)
    # Half of a surrogate pair is not valid text, and it could not be written to a file.
    return text.encode("utf-8", "replace").decode("utf-8")


def latest_of_each(submissions: Sequence[Submission]) -> tuple[list[Submission], list[Submission]]:
    """Keep only the latest submission of each student to each lesson.

    Parameters
    ----------
    submissions : sequence of Submission

    Returns
    -------
    kept, older : list of Submission
        The latest submissions, with a note if there were several, and the older submissions.
    """
    groups: dict[tuple, list[Submission]] = {}
    for submission in submissions:
        groups.setdefault((*submission.owner, submission.lesson), []).append(submission)
    kept, older = [], []
    for group in groups.values():
        *before, last = sorted(group, key=lambda s: (not s.fault, s.time, s.name))
        note = f"{last.name} counts, the latest of {len(group)}" if before else ""
        kept.append(replace(last, note=note))
        older += before
    return kept, older


def _words(fault: Exception) -> str:
    return str(fault.strerror if isinstance(fault, OSError) and fault.strerror else fault)
