"""Put a valid file into the data folder atomically, without a long wait."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from gan_utils._support.files import replacing

#: How long to wait for a server to answer, and for the next bytes of an answer.
SECONDS_TO_CONNECT, SECONDS_TO_READ = 5, 20


def is_there(
    path: Path, obtain: Callable[[Path], None], verify: Callable[[Path | None], str]
) -> bool:
    """Obtain a file for the data folder, unless a valid file is already there.

    Parameters
    ----------
    path : Path
        The file.
    obtain : callable
        A function that takes a path and writes the file there; it raises ``OSError`` if the file
        cannot be obtained.
    verify : callable
        A function that takes a path and raises ``ValueError`` or ``OSError`` if the file's content
        is invalid.

    Returns
    -------
    bool
        False if the file is absent and cannot be obtained. An invalid download, such as the login
        page of a school's network, counts as not obtained.

    Raises
    ------
    ValueError
        If the file is damaged and cannot be obtained again.
    """
    fault = fault_of(path, verify)
    if fault is None:
        return True
    try:
        with replacing(path) as part:
            obtain(part)
            _check_fetched(part, verify)
    except OSError as error:
        if path.is_file():
            raise ValueError(
                f"{path.name} in the data folder is damaged ({fault}), and could not be fetched "
                "again. Delete it, or replace it by a whole one."
            ) from error
        return False
    return True


def _check_fetched(part: Path, verify: Callable[[Path | None], str]) -> None:
    try:
        verify(part)
    except ValueError as fault:
        raise OSError(f"what was downloaded is not right: {fault}") from fault


def fault_of(path: Path, verify: Callable[[Path | None], str]) -> str | None:
    """Describe what is wrong with a file.

    Parameters
    ----------
    path : Path
        The file.
    verify : callable
        A function that takes the path and raises ``ValueError`` or ``OSError`` if the file's
        content is invalid.

    Returns
    -------
    str or None
        A description of the fault, or None if the file is valid.
    """
    if not path.is_file():
        return "it is not there"
    try:
        verify(path)
    except (ValueError, OSError) as fault:
        return str(fault)
    return None


def download(address: str, path: Path) -> None:
    """Download a file.

    Parameters
    ----------
    address : str
        The file's URL, with ``https://``.
    path : Path
        The file to write.

    Raises
    ------
    OSError
        If the download fails for any reason.
    """
    import pooch
    import requests

    server = urlsplit(address).hostname
    try:
        timeout = (SECONDS_TO_CONNECT, SECONDS_TO_READ)
        pooch.HTTPDownloader(timeout=timeout)(address, str(path), None)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise OSError(f"{server} cannot be reached. Is there a network?") from error
    except ValueError as error:  # the other errors of pooch and requests are OSErrors already
        raise OSError(str(error)) from error
