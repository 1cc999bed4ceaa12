"""Find the user's data folder, and the files that come with the course."""

import hashlib
import os
from pathlib import Path

VARIABLE = "GAN_UTILS_DATA"

#: The folder, within a copy of the course, that contains the data handed out with the copy.
FETCHED = ("data", "fetched")

_PACKAGE = Path(__file__).resolve().parents[1]
_PICTURES = {".png", ".svg"}


def data_folder() -> Path:
    """Return the folder for reading and downloading data; it may not exist yet.

    Returns
    -------
    Path
        The folder named in the environment variable ``GAN_UTILS_DATA``, if this variable is set;
        otherwise ``data/fetched`` in the checkout, if this folder exists; otherwise the user's
        cache folder.

    Raises
    ------
    NotADirectoryError
        If there is a file at the folder's path.
    """
    named = os.environ.get(VARIABLE, "").strip()
    folder = Path(named).expanduser() if named else _handed_out() or _cache()
    if folder.exists() and not folder.is_dir():
        said = f"{VARIABLE}={named!r} is" if named else f"the data folder {folder} is"
        do = "Set it to a folder, or unset it." if named else f"Move it, or set {VARIABLE}."
        raise NotADirectoryError(f"{said} a file. {do}")
    return folder


def _handed_out() -> Path | None:
    folder = _PACKAGE.parent.joinpath(*FETCHED)
    return folder if folder.is_dir() else None


def _cache() -> Path:
    # Import pooch here: it loads tqdm's notebook bars, which warn if ipywidgets is missing.
    import pooch

    return Path(pooch.os_cache("gan_utils"))


def shipped(name: str) -> Path:
    """Find a data file or a diagram that comes with the course.

    Parameters
    ----------
    name : str
        A file name, such as ``"screentime_analysis.csv"`` or ``"GAN_overview.png"``.

    Returns
    -------
    Path
        A path inside the package if the package was installed from a wheel; otherwise a path in the
        checkout's ``data`` or ``image`` folder.

    Raises
    ------
    ValueError
        If ``name`` is a path rather than a file name.
    FileNotFoundError
        If the course has no such file.
    """
    if not name or Path(name).name != name or "\\" in name:
        raise ValueError(f"{name!r} is not a plain file name. Leave the folders out.")
    kind = "image" if Path(name).suffix.lower() in _PICTURES else "data"
    for place in _places(kind):
        if (place / name).is_file():
            return place / name
    there = sorted({p.name for place in _places(kind) for p in place.glob("*.*")})
    raise FileNotFoundError(
        f"the course ships no file {name!r}. It has: {', '.join(there) or 'none'}. "
        f"If the name is right, install gan_utils again."
    )


def _places(kind: str) -> list[Path]:
    """List the two folders to search, one inside the package and one in the checkout."""
    inside = _PACKAGE / "_data" / ("image" if kind == "image" else "")
    return [inside, _PACKAGE.parent / kind]


def sha256(path: Path) -> str:
    """Compute the SHA-256 hash of a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
