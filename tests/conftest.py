"""What all tests share: a quiet and small run, and the slowest things first."""

import contextlib
import gc
import os
import runpy
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

# Set before any kernel or TensorFlow starts; the kernels that nbval starts inherit them.
os.environ.setdefault("GAN_UTILS_BUDGET", "quick")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
# Several workers share the processors: each computes on one, and none waits for the others'.
for _number_of_threads in ("TF_NUM_INTRAOP", "TF_NUM_INTEROP", "OMP_NUM", "OPENBLAS_NUM"):
    os.environ.setdefault(f"{_number_of_threads}_THREADS", "1")
# The kernel is the tested environment's own, whatever else is registered under its name.
os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
os.environ.pop("JUPYTER_PATH", None)

ROOT = Path(__file__).resolve().parents[1]
# Run here, and in each kernel: IPython runs the file that this variable names.
os.environ["PYTHONSTARTUP"] = str(ROOT / "tests" / "startup.py")
runpy.run_path(os.environ["PYTHONSTARTUP"])
if "PYTEST_XDIST_WORKER" in os.environ:
    gc.disable()  # until all tests are imported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the slow ones first, so that no worker is left alone with them at the end."""
    items.sort(key=_haste)


def pytest_collection_finish() -> None:
    """Exclude what the imports created from later collections, which then take 0.3 s less."""
    gc.enable()
    gc.collect()
    gc.freeze()


def _haste(item: pytest.Item) -> int:
    if item.get_closest_marker("slow"):
        return 0
    if item.path.suffix == ".ipynb":
        return 1
    return 2 if item.get_closest_marker("notebooks") else 3


@contextlib.contextmanager
def strict_warnings() -> Iterator[None]:
    """Make warnings errors, but for what another test left open: it is collected anywhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        yield


@pytest.fixture
def no_warnings() -> Iterator[None]:
    """Make every warning of a test an error."""
    with strict_warnings():
        yield


def files_of_the_course(root: Path) -> list[Path]:
    """List what is, or would be, committed."""
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("needs a git checkout")
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return [path for path in map(root.joinpath, listed.stdout.splitlines()) if path.is_file()]


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set an empty data folder, so that no test touches the user's."""
    folder = tmp_path / "data_folder"
    monkeypatch.setenv("GAN_UTILS_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def python_path() -> dict[str, str]:
    """Return an environment in which a child process finds the package that is tested."""
    found = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), found]))}
