"""Restrict what a submission's process may see and do, with bubblewrap and system limits.

References
----------
bubblewrap, https://github.com/containers/bubblewrap; the manual pages setrlimit(2) and
user_namespaces(7).
"""

import functools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gan_utils.budget import VARIABLE as BUDGET
from gan_utils.course.notebooks import CourseError
from gan_utils.datasets.folder import VARIABLE as DATA
from gan_utils.datasets.folder import data_folder

PACKAGE = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).with_name("inside")

#: Folders in the sandbox.
COURSE, SCRATCH, DATA_FOLDER = "/course", "/tmp", "/data"

#: User ids without rights or files, for a grader that runs as root. Each of its slots has its own
#: id, and no other grader on the machine has the same id, because Linux counts processes by user.
FIRST_UID, SLOTS = 1_000_000, 64

#: From this version on, Linux counts the processes of each user namespace separately.
COUNTS_APART = (5, 14)

_GB, _MB = 1_000_000_000, 1_000_000


@dataclass(frozen=True)
class Limits:
    """The resources that one submission may use.

    Parameters
    ----------
    cell_seconds, seconds : float
        The maximum computing time, in seconds, for the cells of an exercise (and again for its
        check), and for the lesson's own code. In real time, the whole submission may take
        `gan_utils.course.grading.session.PATIENCE` times ``seconds``.
    address_space, memory : int
        The maximum number of bytes of memory that one process may reserve, and that all processes
        together may use.
    file, scratch : int
        The maximum number of bytes in one file, and in all files together.
    processes, threads : int
        The maximum number of processes, and of processes and threads together.
    """

    cell_seconds: float = 60.0
    seconds: float = 300.0
    address_space: int = 8 * _GB
    memory: int = 4 * _GB
    file: int = 64 * _MB
    scratch: int = 256 * _MB
    processes: int = 16
    threads: int = 128


class NoSandbox(CourseError):
    """Raised if this machine has no sandbox; the message gives the reason and says what to do."""


@dataclass(frozen=True)
class Sandbox:
    """Provide the command and the environment for starting the processes that run submissions.

    Parameters
    ----------
    limits : Limits
        The resources that each submission may use.
    bwrap : str, optional
        The path of bubblewrap. Without it, nothing is hidden or protected from the submissions.
    """

    limits: Limits = Limits()
    bwrap: str | None = None

    def command(self, slot: int) -> list[str]:
        """Return the command that starts a worker.

        Parameters
        ----------
        slot : int
            A slot number that no other running worker uses.

        Returns
        -------
        list of str
        """
        inside = "course" if self.bwrap else "course.grading.inside"
        worker = f"{PACKAGE.name}.{inside}.worker"
        python = [sys.executable, "-m", worker, json.dumps(self._confined(slot))]
        return python if self.bwrap is None else [self.bwrap, *_view(self.limits), *python]

    def environment(self) -> dict[str, str]:
        """Return the environment variables for starting the command.

        Returns
        -------
        dict
            The variables. None of them reaches the sandbox.
        """
        if self.bwrap is not None:
            return {"PATH": os.defpath}
        paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {**os.environ, **_settings(), "PYTHONPATH": os.pathsep.join(paths)}

    def _confined(self, slot: int) -> dict[str, int]:
        limits = self.limits
        found = {"cpu": int(2 * limits.seconds) + 1}
        if sys.platform == "darwin":  # macOS refuses the limits below
            return found
        found |= {"address_space": limits.address_space, "file": limits.file, "files": 256}
        if self.bwrap is None:
            return found
        if _is_root():
            found["uid"] = user_of(slot)
        if _is_root() or _kernel() >= COUNTS_APART:
            found["processes"] = limits.threads
        return found


def find_sandbox(limits: Limits = Limits(), unsafe: bool = False) -> Sandbox:
    """Choose the sandbox in which submissions run on this machine.

    Parameters
    ----------
    limits : Limits
        The resources that each submission may use.
    unsafe : bool
        Whether to run submissions without a sandbox.

    Returns
    -------
    Sandbox

    Raises
    ------
    NoSandbox
        If this machine runs Windows, or if it has no sandbox and ``unsafe`` is false.
    """
    if sys.platform == "win32":
        raise NoSandbox("grading needs Linux, or macOS with --unsafe; on Windows, use WSL.")
    if unsafe:
        return Sandbox(limits)
    if not sys.platform.startswith("linux"):
        raise NoSandbox(_refusal(f"bubblewrap needs Linux, and this is {platform.system()}"))
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandbox(_refusal("bubblewrap is not installed (apt install bubblewrap)"))
    sandbox = Sandbox(limits, bwrap)
    if fault := _fault_of(sandbox):
        raise NoSandbox(_refusal(f"bubblewrap does not work on this machine: {fault}"))
    return sandbox


def _refusal(why: str) -> str:
    return (
        f"{why}. A submission is somebody else's program, and without a sandbox it could read, "
        "change and send whatever you can. If you trust every one of them, add --unsafe."
    )


def user_of(slot: int) -> int:
    """Return the user id that a slot's workers run under if the grader is root.

    Parameters
    ----------
    slot : int
        The slot's number, from 0 to `SLOTS` - 1.

    Returns
    -------
    int
    """
    return FIRST_UID + os.getpid() * SLOTS + slot


def _fault_of(sandbox: Sandbox) -> str:
    """Start a worker that gets no requests and should end at once; return its error, if any."""
    try:
        done = subprocess.run(
            sandbox.command(0),
            env=sandbox.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return str(fault)
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["it ends at once"]
    return "" if done.returncode == 0 else said[-1][:200]


def _view(limits: Limits) -> list[str]:
    """Return options that mount Python, its packages, the data, and the course without answers."""
    words = [*_namespaces(), "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--proc", "/proc", "--dev", "/dev", *_scratch("/dev/shm", limits)]
    words += ["--remount-ro", "/dev", *_scratch(SCRATCH, limits)]
    for path in _system_folders():
        link = ["--symlink", str(path.readlink()), str(path)] if path.is_symlink() else []
        words += link or _show(path)
    for path in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime"):
        words += ["--ro-bind-try", f"/etc/{path}", f"/etc/{path}"]
    shown = _python_folders()
    words += [word for path in shown for word in _show(path)]
    for hidden in _answers():
        if hidden.is_dir() and any(hidden.is_relative_to(path) for path in (*shown, "/usr")):
            words += ["--tmpfs", str(hidden)]
    words += _show(PACKAGE, f"{COURSE}/gan_utils")
    words += _show(INSIDE, f"{COURSE}/gan_utils/course")
    for path, place in ((PACKAGE.parent / "data", f"{COURSE}/data"), (_data(), DATA_FOLDER)):
        is_home = Path.home().is_relative_to(path)
        words += _show(path, place) if path.is_dir() and not is_home else []
    path = os.pathsep.join([COURSE, *_packages_of_the_user()])
    settings = _settings() | {"PYTHONPATH": path, "PATH": os.defpath, DATA: DATA_FOLDER}
    settings["PYTHONNOUSERSITE"] = "1"
    settings |= dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "KERAS_HOME"), SCRATCH)
    words += [word for pair in settings.items() for word in ("--setenv", *pair)]
    return [*words, "--chdir", SCRATCH, "--remount-ro", "/"]


def _answers() -> list[Path]:
    """List the folders with answers in the checkout, and any installed copies of the package."""
    checkout = PACKAGE.parent
    copies = [Path(name).resolve() / PACKAGE.name for name in sys.path]
    return [PACKAGE, checkout / "notebooks", checkout / "tests", *copies]


def _namespaces() -> list[str]:
    """Separate the worker's network, processes and shared memory from those of the machine.

    Linux does not limit the number of root's processes, not even in a separate namespace.
    Therefore, if the grader runs as root, the worker becomes another user, for which it needs two
    capabilities.
    """
    apart = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    apart.append("--unshare-cgroup-try")
    if _is_root():
        rights = ("ALL", "CAP_SETUID", "CAP_SETGID")
        ways = ("--cap-drop", "--cap-add", "--cap-add")
        return [*apart, *(word for pair in zip(ways, rights, strict=True) for word in pair)]
    user = ["--unshare-user", "--uid", str(FIRST_UID), "--gid", str(FIRST_UID)]
    return [*apart, *user, *(["--disable-userns"] if _can_forbid_namespaces() else [])]


@functools.cache
def _can_forbid_namespaces() -> bool:
    """Tell whether bubblewrap is new enough (0.8) to forbid namespaces inside the sandbox."""
    told = subprocess.run([shutil.which("bwrap") or "bwrap", "--help"], capture_output=True)
    return b"--disable-userns" in told.stdout + told.stderr


def _scratch(path: str, limits: Limits) -> list[str]:
    return ["--size", str(limits.scratch), "--perms", "1777", "--tmpfs", path]


def _system_folders() -> list[Path]:
    places = map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib64"))
    return [path for path in places if path.exists()]


def _python_folders() -> list[Path]:
    """List the folders of this Python and its packages; a checkout on its path is left out."""
    found: list[Path] = []
    for name in (sys.base_prefix, sys.prefix, sys.exec_prefix, *_packages()):
        path = Path(name).resolve()
        if path.is_dir() and not any(path.is_relative_to(p) for p in (*found, "/usr")):
            found.append(path)
    return [*found, *_named_otherwise(found)]


def _packages() -> list[str]:
    return [path for path in sys.path if re.search(r"(site|dist)-packages$", path)]


def _packages_of_the_user() -> list[str]:
    """List the package folders that Python finds through the home folder, which is hidden."""
    prefixes = (sys.base_prefix, sys.prefix, "/usr")
    own = [path for path in _packages() if not any(map(Path(path).is_relative_to, prefixes))]
    return [str(Path(path).resolve()) for path in own]


def _named_otherwise(found: list[Path]) -> list[Path]:
    """Return `sys.prefix` if, because of a link, it lies in none of the folders found."""
    named = Path(sys.prefix)
    return [] if any(named.is_relative_to(path) for path in (*found, "/usr")) else [named]


def _show(path: str | Path, place: str | None = None) -> list[str]:
    """Mount a folder; the folders above it are empty, and the worker's user can open them."""
    above = [str(folder) for folder in reversed(Path(place or path).parents)][1:]
    open_folders = [word for f in above for word in ("--perms", "0755", "--dir", f)]
    return [*open_folders, "--ro-bind", str(path), place or str(path)]


def _data() -> Path:
    return data_folder().resolve()


def _settings() -> dict[str, str]:
    """Return settings for short computations on one core, without log messages."""
    one = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")
    one += ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    return {
        **dict.fromkeys(one, "1"),
        BUDGET: "quick",
        "CUDA_VISIBLE_DEVICES": "-1",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "1",
    }


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _kernel() -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
