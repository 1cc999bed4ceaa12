"""Put a whole folder in place: all of it or nothing, and nobody's work is lost.

A folder that a command wrote has a marker file, which lists its files. So the next run knows
whether the folder is its own, and which files somebody has added or changed since.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.notebooks import CourseError
from gan_utils.datasets.folder import sha256

MARKER = ".written_by_gan_utils.json"

#: What programs leave behind in a folder that is used, and make again.
LEFTOVERS = ("__pycache__", ".ipynb_checkpoints", ".pytest_cache", "build", ".DS_Store")

#: The environment of a folder that is used, which moves to the new one: it takes long to install.
ENVIRONMENT = ".venv"


@dataclass
class Draft:
    """A folder that is being written.

    Parameters
    ----------
    path : Path
        Where to write; a temporary folder beside the final one.
    kept : Path, optional
        Where the old folder is now, if somebody had worked in it.
    """

    path: Path
    kept: Path | None = None


@contextmanager
def replacing_folder(output: Path, kind: str) -> Iterator[Draft]:
    """Write a folder beside its place, and move it there on success.

    Parameters
    ----------
    output : Path
        The folder. It may exist if it is empty, or if this command wrote it. If somebody has added
        or changed files in it since, it is not deleted, but renamed (``Draft.kept``).
    kind : str
        The command that writes it.

    Yields
    ------
    Draft
        Removed again if the block raises; then the old folder is as it was.

    Raises
    ------
    CourseError
        If there is something at ``output`` that this command did not write.
    """
    output = Path(output).absolute()
    check_place(output, kind)
    draft = Draft(_beside(output, "part"))
    draft.path.mkdir(parents=True)
    try:
        yield draft
        write_text(draft.path / MARKER, json.dumps({"kind": kind, "files": _files(draft.path)}))
        draft.kept = _put_in_place(draft.path, output)
    finally:
        shutil.rmtree(draft.path, ignore_errors=True)


def _beside(output: Path, ending: str) -> Path:
    return output.with_name(f".{output.name}.{secrets.token_hex(4)}.{ending}")


def check_place(output: Path, kind: str) -> None:
    """Refuse a place that holds something else.

    Parameters
    ----------
    output : Path
        A folder to write.
    kind : str
        The command that writes it.

    Raises
    ------
    CourseError
        If it is a file, a link, or a folder with content that this command did not write.
    """
    if output.is_symlink() or (output.exists() and not output.is_dir()):
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
    """Return the hash of each file, by its path in the folder; links have none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        ours = not any(p in LEFTOVERS or p.endswith(".egg-info") for p in name.parts)
        if ours and name.parts[0] != ENVIRONMENT and name.as_posix() != MARKER:
            if path.is_symlink():
                found[name.as_posix()] = ""
            elif path.is_file():
                found[name.as_posix()] = sha256(path)
    return found


def edited_files(folder: Path) -> list[str]:
    """List the files that somebody has added or changed since a command wrote a folder.

    Parameters
    ----------
    folder : Path
        A folder with a marker; one without has only added files.

    Returns
    -------
    list of str
        Their paths in the folder. Caches and executed copies are left out.
    """
    written = _marker(folder).get("files", {})
    return [name for name, found in _files(folder).items() if written.get(name) != found]


def _put_in_place(part: Path, output: Path) -> Path | None:
    """Move the new folder into place; return where the old one is if somebody's work is in it."""
    if not output.exists():
        part.rename(output)
        return None
    kept = _free_name(output) if edited_files(output) else None
    old = kept or _beside(output, "old")
    output.rename(old)
    try:
        part.rename(output)
    except OSError:
        old.rename(output)
        raise
    if (old / ENVIRONMENT).exists():
        (old / ENVIRONMENT).rename(output / ENVIRONMENT)
    if kept is None:
        shutil.rmtree(old, ignore_errors=True)
    return kept


def _free_name(output: Path) -> Path:
    number = 1
    while (path := output.with_name(f"{output.name}.kept-{number}")).exists():
        number += 1
    return path
