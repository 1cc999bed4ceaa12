"""Read the notebooks in a ZIP file without unpacking it, so that no file is written to disk."""

import contextlib
import datetime
import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

#: The flag of a file in an archive whose name is certainly UTF-8.
_IS_UTF8 = 0x800
#: The maximum numbers of bytes in a file, of files in an archive, and of notebooks in a student's
#: archive.
MOST_BYTES, MOST_FILES, MOST_NOTEBOOKS = 20_000_000, 20_000, 20


class BadSubmission(Exception):
    """Raised if a file cannot be read; the message gives the reason."""


class Member(NamedTuple):
    """A file in an archive; if it cannot be read, ``fault`` gives the reason."""

    path: PurePosixPath
    content: bytes
    time: float
    fault: str = ""


def members_of(content: bytes, endings: tuple[str, ...] = (".ipynb",)) -> Iterator[Member]:
    """Read the notebooks of an archive into memory.

    Parameters
    ----------
    content : bytes
        The archive.
    endings : tuple of str
        The file extensions to read, such as ``".ipynb"``.

    Yields
    ------
    Member
        A file, even if it is damaged or too large.

    Raises
    ------
    BadSubmission
        If the archive as a whole is damaged or has too many files, or if one of its file names
        leads outside the archive's folder.
    """
    archive = _opened(content)
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise BadSubmission(f"the ZIP file has more than {MOST_FILES:,} files")
    for info in infos:
        _check_name(info)
    for info in infos:
        path = PurePosixPath(_name(info))
        if path.suffix.lower() in endings and not is_hidden(path) and not info.is_dir():
            yield _member(archive, info, path)


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except Exception as fault:  # a damaged archive fails in many ways
        raise BadSubmission(_words(fault)) from fault


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: PurePosixPath) -> Member:
    try:
        return Member(path, _read(archive, info), _time(info))
    except Exception as fault:  # a damaged file, or one with a password, fails in many ways
        words = str(fault) if isinstance(fault, BadSubmission) else _words(fault)
        return Member(path, b"", _time(info), words)


def _words(fault: Exception) -> str:
    return f"the ZIP file cannot be read: {fault}"


def is_hidden(path: PurePosixPath) -> bool:
    """Tell whether a file was made by an editor or the operating system, not by the student.

    Parameters
    ----------
    path : PurePosixPath
        The file's path, such as ``.ipynb_checkpoints/a.ipynb``.

    Returns
    -------
    bool
    """
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name as macOS and Windows PowerShell mean it, which write it differently."""
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        with contextlib.suppress(UnicodeError):  # macOS writes UTF-8 without saying so
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _check_name(info: zipfile.ZipInfo) -> None:
    name = _name(info)
    if ".." in name.split("/") or name.startswith("/") or ":" in name.split("/")[0]:
        raise BadSubmission(f"the ZIP file has a name that leads out of its folder: {name[:80]!r}")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BadSubmission(f"the ZIP file has a symbolic link: {name[:80]!r}")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:  # the size that the archive claims may be wrong
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadSubmission(f"a file has more than {MOST_BYTES // 1_000_000} MB")
    return content


def _time(info: zipfile.ZipInfo) -> float:
    try:
        return datetime.datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
