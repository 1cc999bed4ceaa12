"""Bring a file into the data folder: checked, in one step, and quick to give up."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from gan_utils._support.files import replacing

#: How long to wait for a server to answer at all, and for the next bytes of an answer.
SECONDS_TO_CONNECT, SECONDS_TO_READ = 5, 20


def is_there(
    path: Path, obtain: Callable[[Path], None], verify: Callable[[Path | None], str]
) -> bool:
    """Make sure that a file of the data folder is there and right, and fetch it where it is not.

    Parameters
    ----------
    path : Path
        The file.
    obtain : callable
        Takes a path and writes the file there; raises ``OSError`` where it cannot be had.
    verify : callable
        Takes a path; raises ``ValueError`` or ``OSError`` where the content is not right.

    Returns
    -------
    bool
        False where it is absent and cannot be had.

    Raises
    ------
    ValueError
        If the file is damaged and cannot be fetched again, or what was fetched is not right.
    """
    fault = fault_of(path, verify)
    if fault is None:
        return True
    try:
        with replacing(path) as part:
            obtain(part)
            verify(part)
    except OSError as error:
        if path.is_file():
            raise ValueError(
                f"{path.name} in the data folder is damaged ({fault}), and could not be fetched "
                "again. Delete it, or replace it by a whole one."
            ) from error
        return False
    return True


def fault_of(path: Path, verify: Callable[[Path | None], str]) -> str | None:
    """Say what is wrong with a file; None where it is right."""
    if not path.is_file():
        return "it is not there"
    try:
        verify(path)
    except (ValueError, OSError) as fault:
        return str(fault)
    return None


def download(address: str, path: Path) -> None:
    """Download a file.

    Raises
    ------
    OSError
        If that fails, whatever the reason.
    """
    import pooch
    import requests

    server = urlsplit(address).hostname
    try:
        timeout = (SECONDS_TO_CONNECT, SECONDS_TO_READ)
        pooch.HTTPDownloader(timeout=timeout)(address, str(path), None)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise OSError(f"{server} cannot be reached. Is there a network?") from error
    except ValueError as error:  # the others of pooch and requests are OSErrors already
        raise OSError(str(error)) from error
