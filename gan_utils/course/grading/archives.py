"""Read the notebooks in a ZIP file without unpacking it, so that no file is written to disk."""

import datetime
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

#: The maximum numbers of bytes in a file, of files in an archive, and of notebooks in a student's
#: archive.
MOST_BYTES, MOST_FILES, MOST_NOTEBOOKS = 20_000_000, 20_000, 20


class BadSubmission(Exception):
    """Raised if a file cannot be read; the message gives the reason."""


class Member(NamedTuple):
    """A file in an archive."""

    path: PurePosixPath
    content: bytes
    time: float


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

    Raises
    ------
    BadSubmission
        If the archive is damaged or too large, or if one of its file names leads outside the
        archive's folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_FILES:
                raise BadSubmission(f"the ZIP file has more than {MOST_FILES:,} files")
            for info in infos:
                _check_name(info)
            for info in infos:
                path = PurePosixPath(info.filename)
                if path.suffix.lower() in endings and not is_hidden(path):
                    yield Member(path, _read(archive, info), _time(info))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as fault:
        raise BadSubmission(f"the ZIP file cannot be read: {fault}") from fault


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


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
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
