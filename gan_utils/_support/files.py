"""Write files atomically.

The content is first written to a temporary file in the same folder, which is then moved into
place, so that a reader never sees half a file.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file atomically: yield a temporary path, and move it into place on success.

    Parameters
    ----------
    path : Path
        The file to write; its folder is created if needed.

    Yields
    ------
    Path
        A temporary file in the same folder, which is removed if the ``with`` block fails.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
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
