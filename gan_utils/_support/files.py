"""Write files in one step.

What is written goes to a temporary file of the same folder first and is then put in place, so that
a reader never meets half a file.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write a file in one step: yield a temporary path, put it in place where all went well.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if need be.

    Yields
    ------
    Path
        A temporary file of the same folder, removed again if the block raises.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    # Opened as any new file, so that it has the rights that the user's umask gives: to ask for the
    # umask is to change it, for all threads.
    part.open("xb").close()
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes to a file in one step.

    Parameters
    ----------
    path : Path
        The file; its folder is made if need be.
    content : bytes
        The whole content.
    """
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write text to a file in one step, as UTF-8 with plain line ends.

    Parameters
    ----------
    path : Path
        The file; its folder is made if need be.
    content : str
        The whole content.
    """
    write_bytes(path, content.encode("utf-8"))
