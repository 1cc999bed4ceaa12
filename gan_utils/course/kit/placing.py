"""Write a folder completely or not at all, without losing anybody's work.

A folder that was written by a command contains a marker file, which names the command and lists the
folder's files. The next run uses this file to find out whether the same command wrote the folder,
and which files somebody has added or changed.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from gan_utils._support.files import write_text
from gan_utils.course.notebooks import CourseError
from gan_utils.datasets.folder import sha256

MARKER = ".written_by_gan_utils.json"

#: Files and folders that programs leave behind and can recreate.
LEFTOVERS = ("__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".DS_Store")

#: The top-level folder of executed copies; a folder of that name further down is not special.
EXECUTED = "build"

#: A folder's virtual environment, which is moved to the new folder, because it is slow to install.
ENVIRONMENT = ".venv"

#: Folders of a checkout in which no new folder may be written.
OF_THE_COURSE = (
    *("notebooks", "gan_utils", "image", "data", "tests", "docs", "benchmarks"),
    *(".git", ".github", ENVIRONMENT),
)

_LEFT = re.compile(r"\.(\d+)-[0-9a-f]{8}\.(part|old)")


@dataclass(frozen=True)
class WrittenFolder:
    """The folder that a command of the kit wrote.

    Parameters
    ----------
    path : Path
        The folder.
    lessons : list of str
        The names of the lessons.
    kept : Path or None
        The path that the old folder was moved to, if somebody had worked in it.
    data : list of str
        The file names of the data sets.
    """

    path: Path
    lessons: list[str]
    kept: Path | None
    data: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """A folder that is being written.

    Parameters
    ----------
    path : Path
        The temporary folder to write to, beside the final folder.
    kept : Path, optional
        The path that the old folder was moved to, if somebody had worked in it.
    """

    path: Path
    kept: Path | None = None


@contextmanager
def replacing_folder(output: Path, kind: str, root: Path) -> Iterator[Draft]:
    """Write a folder under a temporary name, and rename it if everything succeeds.

    Parameters
    ----------
    output : Path
        The folder to write. It may already exist if it is empty or if this command wrote it. If
        somebody has added or changed files in it since then, it is renamed (``Draft.kept``), not
        deleted.
    kind : str
        The command that writes the folder.
    root : Path
        The checkout, which is not changed.

    Yields
    ------
    Draft
        The folder that is being written. If the ``with`` block raises an exception, this folder is
        removed and the old folder stays unchanged. Leftovers of a killed run are removed, too.

    Raises
    ------
    CourseError
        If there is something at ``output`` that this command did not write, or if a folder cannot
        or should not be written there.
    """
    output = _resolved(Path(output))
    _refuse_the_course(output, root.resolve())
    check_place(output, kind)
    _tidy_up(output)
    draft = _draft(output)
    try:
        yield draft
        write_text(draft.path / MARKER, json.dumps({"kind": kind, "files": _files(draft.path)}))
        draft.kept = _put_in_place(draft.path, output)
    finally:
        shutil.rmtree(draft.path, ignore_errors=True)


def _draft(output: Path) -> Draft:
    draft = Draft(_beside(output, "part"))
    try:
        draft.path.mkdir(parents=True)
    except OSError as fault:
        said = f"nothing can be written into {output.parent} ({fault.strerror})."
        raise CourseError(f"{said} Name another folder.") from None
    return draft


def _beside(output: Path, ending: str) -> Path:
    """Return the path of a hidden folder beside the output, whose name contains the process id."""
    return output.with_name(f".{output.name}.{os.getpid()}-{secrets.token_hex(4)}.{ending}")


def _tidy_up(output: Path) -> None:
    """Remove the leftovers of killed runs, and restore a folder that they had moved away."""
    beside = output.parent.iterdir() if output.parent.is_dir() else ()
    for left in sorted(path for path in beside if path.name.startswith(f".{output.name}.")):
        found = _LEFT.fullmatch(left.name.removeprefix(f".{output.name}"))
        if not found or psutil.pid_exists(int(found[1])):
            continue
        if found[2] == "old" and not output.exists():
            left.rename(output)
        else:
            _move_environment(left, output)
            shutil.rmtree(left, ignore_errors=True)


def _resolved(output: Path) -> Path:
    """Resolve links in the path above the folder; the folder itself must not be a link."""
    try:
        if output.is_symlink():
            raise CourseError(f"{output} is a file or a link. Name a folder.")
        return output.resolve()
    except (OSError, RuntimeError):  # Python before 3.13 raises RuntimeError
        raise CourseError(f"{output} lies behind a link to itself. Name another folder.") from None


def _refuse_the_course(output: Path, root: Path) -> None:
    """Reject locations in which a new folder would do harm."""
    if root.is_relative_to(output):
        raise CourseError(f"{output} holds the course itself. Name a new folder.")
    for name in OF_THE_COURSE:
        if output.is_relative_to((root / name).resolve()):
            raise CourseError(f"{output} lies in the course's own folder {name}. Name another one.")
    for above in output.parents:
        if kind := _marker(above).get("kind"):
            said = (
                f"{output} lies in {above}, which `gan_utils {kind}` wrote to be handed out whole."
            )
            raise CourseError(f"{said} Name another one.")
    if Path.cwd().is_relative_to(output):
        raise CourseError(f"you are in {output}, so it cannot be replaced. Go to another folder.")


def check_place(output: Path, kind: str) -> None:
    """Reject an output folder with content that this command did not write.

    Parameters
    ----------
    output : Path
        The folder to write.
    kind : str
        The command that writes the folder.

    Raises
    ------
    CourseError
        If ``output`` is a file, or a folder with content that this command did not write.
    """
    if output.exists() and not output.is_dir():
        raise CourseError(f"{output} is a file or a link. Name a folder.")
    if output.is_dir() and any(output.iterdir()) and _marker(output).get("kind") != kind:
        raise CourseError(
            f"{output} holds something that `gan_utils {kind}` did not write, so it is left as it "
            "is. Name another folder, or empty this one."
        )


def _marker(folder: Path) -> dict:
    try:
        read = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) and isinstance(read.get("files"), dict) else {}


def _files(folder: Path) -> dict[str, str]:
    """Map each file's path in the folder to its hash; for a link, the hash is an empty string."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        ours = not any(p in LEFTOVERS or p.endswith(".egg-info") for p in name.parts)
        if ours and name.parts[0] not in (ENVIRONMENT, EXECUTED) and name.as_posix() != MARKER:
            if path.is_symlink():
                found[name.as_posix()] = ""
            elif path.is_file():
                found[name.as_posix()] = sha256(path)
    return found


def edited_files(folder: Path) -> list[str]:
    """List the files that somebody has added or changed since a folder was written.

    Parameters
    ----------
    folder : Path
        A folder with a marker file. Without this file, all files count as added.

    Returns
    -------
    list of str
        The paths of these files, relative to the folder. Caches and executed copies are left out.
    """
    written = _marker(folder).get("files", {})
    return [name for name, found in _files(folder).items() if written.get(name) != found]


def _put_in_place(part: Path, output: Path) -> Path | None:
    """Move the new folder into place; return the old one's path if it contains edited files."""
    if not output.exists():
        _move_in(part, output)
        return None
    kept = _free_name(output) if edited_files(output) else None
    old = kept or _beside(output, "old")
    output.rename(old)
    try:
        _move_in(part, output)
    except (OSError, CourseError):
        if not output.exists():
            old.rename(output)
        raise
    _move_environment(old, output)
    if kept is None:
        shutil.rmtree(old, ignore_errors=True)
    return kept


def _move_in(part: Path, output: Path) -> None:
    try:
        part.rename(output)
    except OSError:
        if not output.exists():
            raise
        said = "another run has written it in the meantime, and that one stays."
        raise CourseError(f"{output}: {said} Run this again if you want yours.") from None


def _move_environment(old: Path, output: Path) -> None:
    if (old / ENVIRONMENT).exists() and not (output / ENVIRONMENT).exists():
        (old / ENVIRONMENT).rename(output / ENVIRONMENT)


def _free_name(output: Path) -> Path:
    number = 1
    while (path := output.with_name(f"{output.name}.kept-{number}")).exists():
        number += 1
    return path
