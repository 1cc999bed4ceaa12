"""Re-point the package, the badges and the set-up cells to the address of a fork.

The address is stored in ``pyproject.toml`` (``project.urls.Repository``); every notebook repeats
it in its set-up cell. It is also replaced in the text files that contain it, such as ``README.md``.
The Colab badges are changed only if the new address is a GitHub address.
"""

import re
import tomllib
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.notebooks import CourseError

#: The placeholder for the owner of the repository until an address is set.
OWNER = "/OWNER/"
GITHUB = re.compile(r"https://github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]+)")
FILE = re.compile(r"file:///[^\s\"'\\|`<>]+")

#: The address in TOML, and in a cell's source, either as plain text or inside a notebook's JSON.
IN_PYPROJECT = re.compile(r'^(Repository\s*=\s*")([^"]*)(")', re.MULTILINE)
IN_SETUP = re.compile(r'(REPOSITORY = \\?")([^"\\]*)(\\?")')
IN_BADGE = re.compile(
    r"(colab\.research\.google\.com/github/)([\w.-]+/[\w.-]+)(/blob/main/)([\w./-]*)"
)

_TEXTS = ("README.md", "CONTRIBUTING.md", "data/README.md", "docs/**/*.md", "docs/conf.py")


def parse_address(address: str) -> str:
    """Check the address of a repository and normalize it.

    Parameters
    ----------
    address : str
        ``https://github.com/NAME/REPOSITORY``, or ``file:///...`` for a repository on this
        machine. A leading ``git+`` and trailing slashes are removed; ``.git`` at the end is removed
        only from a GitHub address.

    Returns
    -------
    str

    Raises
    ------
    CourseError
        If the address is neither a GitHub address nor a ``file`` address.
    """
    plain = address.strip().removeprefix("git+").rstrip("/")
    github = GITHUB.fullmatch(plain.removesuffix(".git"))
    if github and github[2] not in {"", ".", ".."}:
        return plain.removesuffix(".git")
    if FILE.fullmatch(plain):
        return plain
    raise CourseError(
        f"{address!r} is not an address that pip and Colab can use. Give "
        f"https://github.com/NAME/REPOSITORY, or file:///FOLDER for a repository on this machine."
    )


def current_address(root: Path) -> str:
    """Read the address in ``pyproject.toml``.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    str

    Raises
    ------
    CourseError
        If the file contains no address.
    """
    try:
        text = (root / "pyproject.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)["project"]["urls"]["Repository"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as fault:
        raise CourseError("pyproject.toml has no project.urls.Repository to re-point.") from fault


def repoint(root: Path, address: str) -> list[Path]:
    """Write a new address into every file that contains the old one.

    Parameters
    ----------
    root : Path
        The checkout.
    address : str
        The new address; see `parse_address`. The badges are changed only if the new address is a
        GitHub address.

    Returns
    -------
    list of Path
        The files that changed. All changes are worked out before the first file is written.

    Raises
    ------
    CourseError
        If the address is not usable.
    """
    new, old = parse_address(address), current_address(root)
    changed = {}
    for path in _files(root):
        before = path.read_text(encoding="utf-8")
        after = _repoint_text(before, path, old, new)
        if after != before:
            changed[path] = after
    for path, text in changed.items():
        write_text(path, text)
    return list(changed)


def _files(root: Path) -> list[Path]:
    patterns = ("pyproject.toml", "notebooks/*.ipynb", *_TEXTS)
    return sorted({path for pattern in patterns for path in root.glob(pattern)})


def _repoint_text(text: str, path: Path, old: str, new: str) -> str:
    if path.suffix == ".toml":
        return IN_PYPROJECT.sub(lambda m: m[1] + new + m[3], text)
    text = IN_SETUP.sub(lambda m: m[1] + new + m[3], text)
    github = GITHUB.fullmatch(new)
    if github:
        text = IN_BADGE.sub(lambda m: f"{m[1]}{github[1]}/{github[2]}{m[3]}{m[4]}", text)
    if path.suffix != ".ipynb":
        text = re.sub(re.escape(old) + r"(?![\w-])", lambda _: new, text)
    return text


def disagreements(root: Path) -> list[str]:
    """List every badge and set-up cell that does not agree with ``pyproject.toml``.

    Parameters
    ----------
    root : Path
        The checkout.

    Returns
    -------
    list of str
        The disagreements; the list is empty if there are none.
    """
    address = current_address(root)
    faults = []
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        faults += _faults_of_notebook(path.name, text, address)
    return faults + _faults_of_readme(root, address)


def _faults_of_notebook(name: str, text: str, address: str) -> list[str]:
    faults = []
    if {m[2] for m in IN_SETUP.finditer(text)} != {address}:
        faults.append(f"{name}: the set-up cell does not install from {address}")
    if address.startswith("https://github.com/"):
        wanted = (address.removeprefix("https://github.com/"), f"notebooks/{name}")
        if {(m[2], m[4]) for m in IN_BADGE.finditer(text)} != {wanted}:
            faults.append(f"{name}: the Colab badge does not open {'/'.join(wanted)}")
    return faults


def _faults_of_readme(root: Path, address: str) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8") if (root / "README.md").exists() else ""
    wanted = address.removeprefix("https://github.com/")
    found = {m[2] for m in IN_BADGE.finditer(text)} if address != wanted else set()
    return [f"README.md: a badge opens {other}" for other in sorted(found - {wanted})]
