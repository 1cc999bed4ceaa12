"""Run notebooks from top to bottom in fresh kernels, and measure their time and memory."""

import ast
import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from gan_utils.budget import VARIABLE, current_budget
from gan_utils.course import notebooks
from gan_utils.course.notebooks import SETUP, CourseError, tags

#: A cell that takes longer than this, in seconds, counts as stuck.
CELL_SECONDS = {"quick": 600, "classroom": 1800, "full": None}

#: Settings that keep the logs of TensorFlow and of the debugger out of a lesson's output.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}

#: Seconds between two checks of time and memory.
PAUSE = 0.25

Tick = Callable[["Run"], None]


@dataclass
class Run:
    """The state of a notebook's run, both during the run and afterwards.

    Parameters
    ----------
    path : Path
        The notebook.
    n_cells : int
        The number of cells, including text cells.
    cell : int
        The number of the cell that is running or that failed, counted from 1.
    seconds : float
        The running time so far, in seconds.
    memory_bytes, peak_bytes : int
        The memory that the kernel and its child processes use now, and the peak so far.
    error : str
        One line about what went wrong; empty if all is well.
    notebook : NotebookNode, optional
        The executed notebook; after an error, only the part that ran has outputs.
    """

    path: Path
    n_cells: int = 0
    cell: int = 0
    seconds: float = 0.0
    memory_bytes: int = 0
    peak_bytes: int = 0
    error: str = ""
    notebook: NotebookNode | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the notebook ran to the end."""
        return not self.error


class _ThisPython(KernelSpecManager):
    """Provide kernels of the Python that runs the course, even if others are registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        arguments = ["-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        arguments.append("--IPKernelApp.log_level=ERROR")  # its notices mean nothing to readers
        return KernelSpec(
            argv=[sys.executable, *arguments], display_name="Python 3", language="python"
        )


class _Client(NotebookClient):
    def create_kernel_manager(self) -> object:
        manager = super().create_kernel_manager()
        manager.kernel_spec_manager = _ThisPython(parent=manager)
        return manager


def run_notebook(
    path: Path,
    *,
    budget: str | None = None,
    notebook: NotebookNode | None = None,
    folder: Path | None = None,
    tick: Tick | None = None,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a notebook in a fresh kernel.

    Parameters
    ----------
    path : Path
        The file of the notebook, which is not changed.
    budget : str, optional
        ``quick``, ``classroom`` or ``full``; by default, the value of ``GAN_UTILS_BUDGET``.
    notebook : NotebookNode, optional
        The notebook to run instead of the file's content, such as a student edition. It is not
        changed.
    folder : Path, optional
        The folder in which the notebook runs; by default, the folder of ``path``.
    tick : callable, optional
        A function that is called a few times per second with the current state of the run.
    environment : mapping, optional
        Additional environment variables for the kernel.

    Returns
    -------
    Run
        The state of the run. If the notebook fails, no exception is raised, and ``error`` describes
        the problem.
    """
    path, budget = Path(path), budget or current_budget()
    run = Run(path)
    try:
        source = notebooks.read(path) if notebook is None else notebook
    except CourseError as fault:
        run.error = str(fault)
        return run
    run.notebook, run.n_cells = _without_outputs(source), len(source.cells)
    environ = {**os.environ, **QUIET, VARIABLE: budget, **(environment or {})}
    _execute(run, CELL_SECONDS[budget], folder or path.parent, environ, tick)
    return run


def _without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Copy a notebook without outputs: after an error, later cells must not show old outputs."""
    notebook = notebooks.copy_of(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def _execute(run: Run, limit: int | None, folder: Path, environ: dict, tick: Tick | None) -> None:
    """Run in a second thread, so that this one can measure, show progress and handle Ctrl-C."""
    client = _Client(
        run.notebook,
        timeout=limit,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: setattr(run, "cell", cell_index + 1),
    )
    watch = _Watch(run, client)
    client.on_cell_executed = lambda **_: watch.measure()
    thread = threading.Thread(target=_work, args=(run, client, limit, environ), daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(PAUSE)
            watch.measure()
            if tick:
                tick(run)
    finally:
        watch.end_kernel()
        thread.join(10)


def _work(run: Run, client: NotebookClient, limit: int | None, environ: dict) -> None:
    _use_a_selector_loop()
    try:
        client.execute(env=environ)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as fault:
        run.error = _one_line(fault, limit)
    except Exception as fault:  # otherwise, the exception would be lost in the thread
        run.error = f"the kernel failed: {type(fault).__name__}: {_first_line(str(fault))}"


def _use_a_selector_loop() -> None:
    """On Windows, set the event loop that a kernel needs and that is the default elsewhere."""
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())


def _one_line(fault: Exception, limit: int | None) -> str:
    if isinstance(fault, CellTimeoutError):
        return f"TimeoutError: the cell ran longer than {limit} s"
    if isinstance(fault, DeadKernelError):
        return "the kernel died; out of memory is the usual cause"
    return f"{fault.ename}: {_first_line(fault.evalue)}"


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[0][:200]


class _Watch:
    """Measure the time and memory of a running kernel and its child processes."""

    def __init__(self, run: Run, client: NotebookClient) -> None:
        self.run, self.client, self.kernel = run, client, None
        self.start = time.perf_counter()

    def measure(self) -> None:
        self.run.seconds = time.perf_counter() - self.start
        with suppress(psutil.Error):
            self.run.memory_bytes = sum(map(_memory, self._processes()))
        self.run.peak_bytes = max(self.run.peak_bytes, self.run.memory_bytes)

    def _processes(self) -> list[psutil.Process]:
        if self.kernel is None:
            pid = getattr(getattr(self.client.km, "provisioner", None), "pid", None)
            if pid is None:
                return []
            self.kernel = psutil.Process(pid)
        return [self.kernel, *self.kernel.children(recursive=True)]

    def end_kernel(self) -> None:
        """End the kernel and its child processes, however the run ended."""
        processes: list[psutil.Process] = []
        with suppress(psutil.Error):
            processes = self._processes()
        for process in processes:
            with suppress(psutil.Error):
                process.kill()


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def expected_seconds(path: Path, budget: str) -> float | None:
    """Read the expected running time from a notebook's set-up cell.

    Parameters
    ----------
    path : Path
        The notebook.
    budget : str
        One of the three budgets.

    Returns
    -------
    float or None
        The expected time in seconds; ``None`` if the notebook does not state one.
    """
    try:
        cells = [cell for cell in notebooks.read(path).cells if SETUP in tags(cell)]
        calls = [n for c in cells for n in ast.walk(ast.parse(c.source)) if isinstance(n, ast.Call)]
        minutes = next(k.value for call in calls for k in call.keywords if k.arg == "minutes")
        return 60.0 * float(ast.literal_eval(minutes)[budget])
    except (CourseError, SyntaxError, StopIteration, ValueError, KeyError, TypeError):
        return None
