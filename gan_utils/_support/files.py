"""Write files atomically.

The content is first written to a temporary file in the same folder, which is then moved into
place, so that a reader never sees half a file.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def in_home(path: str | os.PathLike[str]) -> Path:
    """Replace a leading ``~`` with the home folder.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    Path
    """
    # `Path.expanduser` raises an error for a file that is called "~draft.zip".
    return Path(os.path.expanduser(path))  # noqa: PTH111


def new_file(path: str | os.PathLike[str]) -> Path:
    """Check, before any work is done, that a path can be the name of a file to write.

    Parameters
    ----------
    path : str or path
        It may begin with ``~``, the home folder.

    Returns
    -------
    Path
        The path, beginning with the home folder instead of ``~``.

    Raises
    ------
    ValueError
        If the path is empty or is a folder.
    OSError
        If the system accepts no such path, for example because the name is too long.
    """
    if not os.fspath(path):
        raise ValueError("the path is empty. Give the name of a file, such as 'results.zip'.")
    path = in_home(path)
    if path.is_dir():
        raise ValueError(f"{str(path)!r} is a folder. Give the name of a file in it.")
    return path


def shows_damage(error: Exception) -> bool:
    """Return whether an error shows that a file is damaged, rather than that it cannot be read.

    Parameters
    ----------
    error : Exception
        The error raised while reading a file; h5py's has no number if the file is damaged.

    Returns
    -------
    bool
        False if the system refused to read (no permission, no memory, no space to unpack).
    """
    number = getattr(error, "errno", None)
    return not isinstance(error, MemoryError) and number in (None, errno.EINVAL)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write a file atomically: yield a temporary path, and move it into place on success.

    Parameters
    ----------
    path : str or path
        The file to write; its folder is created if needed. It may begin with ``~``.

    Yields
    ------
    Path
        A temporary file in the same folder, which is removed if the ``with`` block fails.

    Raises
    ------
    ValueError
        If the path is empty or is a folder.
    """
    path = new_file(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(4)}.part")  # short, as a name has a limited length
    # Open the file in the usual way, so its permissions follow the user's umask: reading the umask
    # would require changing it for all threads.
    part.open("xb").close()
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes to a file atomically.

    Parameters
    ----------
    path : Path
        The file; its folder is created if needed.
    content : bytes
        The whole content.
    """
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write text to a file atomically, as UTF-8 and without changing its line endings.

    Parameters
    ----------
    path : Path
        The file; its folder is created if needed.
    content : str
        The whole content.
    """
    write_bytes(path, content.encode("utf-8"))
