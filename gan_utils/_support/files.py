"""Write files in one step.

What is written goes to a temporary file of the same folder first and is then put in place, so that
a reader never meets half a file.
"""

import os
import tempfile
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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one step."""
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write ``content`` to ``path`` in one step, as UTF-8 with plain line ends."""
    write_bytes(path, content.encode("utf-8"))


def _umask() -> int:
    """Return the rights that new files do not get: a temporary file has fewer still."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
