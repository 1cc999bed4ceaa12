"""Read the computing budget of a run from ``GAN_UTILS_BUDGET``: quick, classroom or full."""

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from typing import TypeVar

from gan_utils._support.quiet import import_tensorflow
from gan_utils._support.speed import slowness

VARIABLE = "GAN_UTILS_BUDGET"
BUDGETS = ("quick", "classroom", "full")
DEFAULT = "classroom"

T = TypeVar("T")


def current_budget() -> str:
    """Return the budget of this run.

    Returns
    -------
    str
        ``"quick"``, ``"classroom"`` (the default) or ``"full"``.

    Raises
    ------
    ValueError
        If ``GAN_UTILS_BUDGET`` is set to an unknown word.
    """
    word = os.environ.get(VARIABLE, "").strip().lower() or DEFAULT
    if word not in BUDGETS:
        known = ", ".join(BUDGETS)
        raise ValueError(f"{VARIABLE}={word!r} is not a budget. Set it to one of {known}.")
    return word


def budget(*, quick: T, classroom: T, full: T) -> T:
    """Pick the value that fits the budget of this run.

    Parameters
    ----------
    quick, classroom, full : object
        The values for a smoke test that takes seconds, for a run that a student can wait for on two
        cores without a GPU, and for a normal run on a GPU.

    Returns
    -------
    object
        The value for this run's budget.

    Raises
    ------
    ValueError
        If ``GAN_UTILS_BUDGET`` is set to an unknown word.

    Examples
    --------
    >>> epochs = budget(quick=1, classroom=40, full=100)
    """
    return {"quick": quick, "classroom": classroom, "full": full}[current_budget()]


def describe_run(
    lesson: str,
    minutes: Mapping[str, float],
    packages: Iterable[str] = ("numpy", "pandas", "scikit-learn"),
) -> None:
    """Print the device, the package versions, the budget and the expected duration in minutes.

    The machine's speed is measured by timing matrix products for half a second.

    Parameters
    ----------
    lesson : str
        The lesson's number, such as ``"01"``.
    minutes : mapping of str to float
        For each budget, the minutes that the lesson took on the reference machine (two idle cores
        without a GPU; see ``_support/speed.py``).
    packages : iterable of str
        Packages whose versions matter for the lesson. If ``"tensorflow"`` or ``"keras"``
        is among them, TensorFlow is loaded quietly.

    Raises
    ------
    ValueError
        If ``GAN_UTILS_BUDGET`` is set to an unknown word.
    BackendError
        If TensorFlow is to be loaded and ``KERAS_BACKEND`` names another backend.
    """
    packages = tuple(packages)
    if {"tensorflow", "keras"} & set(packages):
        import_tensorflow()  # so that the device is known, and a later cell logs nothing
    spend = current_budget()
    versions = ", ".join(f"{name} {_version(name)}" for name in packages)
    print(f"Lesson {lesson} on {_device()}")
    print(f"Python {platform.python_version()}, {versions}")
    times = slowness()
    print(f"Budget: {spend} ({VARIABLE}), about {_rounded(minutes[spend] * times)} min here")
    print(f"(minutes of the stored run x {times:.1f}, by a short test of this machine's CPU)")


def _rounded(minutes: float) -> str:
    return f"{minutes:.1f}" if minutes < 10 else f"{minutes:.0f}"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _device() -> str:
    """Describe the GPUs if TensorFlow is loaded and finds any; otherwise, describe the CPU."""
    tensorflow = sys.modules.get("tensorflow")
    gpus = tensorflow.config.list_physical_devices("GPU") if tensorflow else []
    return f"{len(gpus)} GPU" if gpus else f"CPU, {os.cpu_count()} cores"
