"""Check whether this machine is ready for the course (``python -m gan_utils doctor``)."""

import importlib
import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from gan_utils._support.quiet import BackendError, import_tensorflow
from gan_utils.course.notebooks import CourseError, find_checkout
from gan_utils.course.repoint import OWNER, current_address
from gan_utils.datasets import registry
from gan_utils.datasets.folder import data_folder

#: The most memory and disk space that the lessons need, with some margin.
MEMORY_GIB, DISK_GIB = 4, 2

_NAME = "gan_utils"


@dataclass(frozen=True)
class Finding:
    """The result of one check, with advice if something is wrong.

    Parameters
    ----------
    what, found : str
        The subject of the check, and its result.
    advice : str
        Advice on what to do; empty if all is well.
    broken : bool
        Whether this problem keeps the course from running.
    """

    what: str
    found: str
    advice: str = ""
    broken: bool = False

    def __str__(self) -> str:
        verdict = "FAIL" if self.broken else "note" if self.advice else "ok"
        return f"{verdict:4} {self.what}: {self.found}" + (
            f" -> {self.advice}" if self.advice else ""
        )


def doctor() -> bool:
    """Print one line per check and a final verdict.

    Returns
    -------
    bool
        Whether the course can run.
    """
    broken = 0
    for finding in examine():
        print(finding, flush=True)
        broken += finding.broken
    print("Ready." if not broken else f"Not ready: {broken} to mend, see the lines with FAIL.")
    return not broken


def examine() -> Iterator[Finding]:
    """Check Python, the packages, the device, the memory, the data, the disk and the sandbox.

    Yields
    ------
    Finding
    """
    yield python_version()
    yield from packages()
    yield device()
    yield address()
    yield memory()
    yield from data()
    yield disk()
    yield grading()


def _project() -> dict:
    """Read the course's requirements from the checkout or, without one, the installed package."""
    try:
        text = (find_checkout() / "pyproject.toml").read_text(encoding="utf-8")
        project = tomllib.loads(text)["project"]
        if project["name"] == _NAME:
            return project
    except (CourseError, KeyError, tomllib.TOMLDecodeError):
        pass
    return _installed_project()


def _installed_project() -> dict:
    try:
        about = importlib.metadata.metadata(_NAME)
    except importlib.metadata.PackageNotFoundError:
        return {"dependencies": [], "requires-python": ">=3.11"}
    needs = [Requirement(line) for line in importlib.metadata.requires(_NAME) or []]
    extras = {
        extra: [f"{n.name}{n.specifier}" for n in needs if _belongs(n, extra)]
        for extra in about.get_all("Provides-Extra", [])
    }
    return {
        "dependencies": [f"{n.name}{n.specifier}" for n in needs if n.marker is None],
        "optional-dependencies": extras,
        "requires-python": about["Requires-Python"],
    }


def _belongs(need: Requirement, extra: str) -> bool:
    return bool(need.marker) and need.marker.evaluate({"extra": extra})


def python_version() -> Finding:
    """Check whether the course supports this Python version."""
    wanted, found = _project()["requires-python"], platform.python_version()
    good = SpecifierSet(wanted).contains(found, prereleases=True)
    advice = "" if good else f"install Python {wanted} and make a new environment with it"
    return Finding("Python", f"{found} in {sys.prefix}", advice, not good)


def packages() -> Iterator[Finding]:
    """Check the version of every package; packages that only the tests need are optional."""
    project = _project()
    extras = project.get("optional-dependencies", {})
    for line in [*project["dependencies"], *extras.get("course", [])]:
        yield package(Requirement(line))
    for line in extras.get("test", []):
        yield package(Requirement(line), needed=False)


def package(need: Requirement, *, needed: bool = True) -> Finding:
    """Compare a package's installed version with the required version.

    Parameters
    ----------
    need : Requirement
        The requirement, such as ``pandas>=2.2``.
    needed : bool
        Whether the course needs the package to run.

    Returns
    -------
    Finding
    """
    try:
        found = importlib.metadata.version(need.name)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found and need.specifier.contains(found, prereleases=True):
        return Finding(need.name, f"{found} (needed: {need.specifier or 'any'})")
    said = f"{found or 'not installed'} (needed: {need.specifier or 'any'})"
    if not needed:
        return Finding(need.name, said, "only for the tests: run `make test`")
    return Finding(need.name, said, f'run `python -m pip install "{need}"`', True)


def device() -> Finding:
    """Load TensorFlow and report its device."""
    cores = f"CPU, {os.cpu_count()} cores, {platform.machine()}"
    try:
        importlib.import_module("gan_utils._support.backend")
        gpus = import_tensorflow().config.list_physical_devices("GPU")
    except BackendError as fault:
        return Finding("Keras", str(fault), "set KERAS_BACKEND=tensorflow, or unset it", True)
    except Exception as fault:  # a broken build fails in many ways, each worth reporting
        said = (str(fault).splitlines() or [""])[0][:120]
        advice = "install it again: `python -m pip install --force-reinstall tensorflow`"
        return Finding("device", f"TensorFlow does not load: {said}", advice, True)
    return Finding("device", f"{len(gpus)} GPU and {cores}" if gpus else f"{cores} (no GPU needed)")


def address() -> Finding:
    """Check whether the address of the course's repository is set."""
    try:
        known = current_address(find_checkout())
    except CourseError:
        return Finding("address", "this is no checkout of the course, so it needs none")
    if OWNER not in known:
        return Finding("address", known)
    return Finding(
        "address",
        f"not set ({known}): badges and a notebook copied alone do not work",
        "the maintainer runs `python -m gan_utils repoint https://github.com/NAME/gan_utils`",
    )


def memory() -> Finding:
    """Compare the free memory with the most memory that a lesson may need."""
    about = psutil.virtual_memory()
    total, free = about.total / 2**30, about.available / 2**30
    advice = "" if free >= MEMORY_GIB else f"close programs: lessons take up to {MEMORY_GIB} GiB"
    return Finding("memory", f"{total:.1f} GiB, {free:.1f} GiB free", advice)


def data() -> Iterator[Finding]:
    """Check whether the data folder is writable, and list the data sets in it.

    Yields
    ------
    Finding
    """
    try:
        folder = data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        yield Finding("data folder", str(fault), "set GAN_UTILS_DATA to a folder of yours", True)
        return
    yield Finding("data folder", f"{folder}, writable")
    here = [name for name, dataset in registry.REGISTRY.items() if dataset.is_present()]
    away = [name for name in registry.REGISTRY if name not in here]
    advice = "for a class without internet: `python -m gan_utils fetch --all`" if away else ""
    found = f"here: {', '.join(here) or 'none'}" + (f"; not yet: {', '.join(away)}" if away else "")
    yield Finding("data", found, advice)


def disk() -> Finding:
    """Compare the free space on this folder's disk with the space that the course needs."""
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    advice = "" if free >= DISK_GIB else f"make room: about {DISK_GIB} GiB are needed"
    return Finding("disk", f"{free:.0f} GiB free", advice, bool(advice))


def grading() -> Finding:
    """Check for the sandbox that teachers need for grading; students do not need it."""
    if shutil.which("bwrap"):
        return Finding("grading", "bubblewrap is here: submissions can run in a sandbox")
    advice = "only to grade submissions: install bubblewrap, on Linux"
    return Finding("grading", "no sandbox for submissions", advice)
