"""Run several notebooks; at the smallest budget, run two at a time if possible."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from gan_utils.course.progress_report import CourseProgress
from gan_utils.course.runner import PAUSE, Run, run_notebook

#: How many times faster notebooks finish two at a time than one after another: at ``quick``, most
#: of the time goes into starting Python and tracing networks, which use one core.
GAIN = 1.6

#: By default the first notebook's TensorFlow would take all the memory of a GPU.
SHARE_GPU = {"TF_FORCE_GPU_ALLOW_GROWTH": "true"}


def at_once(budget: str) -> int:
    """Return how many notebooks to run at a time.

    Parameters
    ----------
    budget : str
        The budget of the notebooks. At budgets above ``quick``, a notebook trains on all cores, so
        it runs alone and is timed alone.

    Returns
    -------
    int
    """
    return 2 if budget == "quick" and (os.cpu_count() or 1) > 1 else 1


class Stopped(Exception):
    """Raised to end a notebook's run and its kernel, because the whole run was stopped."""


class SideBySide:
    """Run notebooks in a few threads, and measure the whole run.

    Parameters
    ----------
    budget : str
        The notebooks' budget.
    progress : CourseProgress
        The display of the progress of every run, used by one thread at a time.
    after : function
        A function that is called with each finished run, by one thread at a time.
    """

    def __init__(
        self, budget: str, progress: CourseProgress, after: Callable[[Run], object]
    ) -> None:
        self.budget, self.progress, self.after = budget, progress, after
        self.seconds, self.peak_bytes = 0.0, 0
        self._memory: dict[Path, int] = {}
        self._lock, self._stopped = threading.Lock(), threading.Event()

    def run(self, paths: Sequence[Path]) -> list[Run]:
        """Run notebooks.

        Parameters
        ----------
        paths : sequence of Path

        Returns
        -------
        list of Run
            The runs, in the order of the paths. A notebook that fails does not stop the others.
        """
        start = time.perf_counter()
        with ThreadPoolExecutor(at_once(self.budget)) as pool:
            futures = [pool.submit(self._one, path) for path in paths]
            try:
                runs = _results(futures)
            except BaseException:
                self._stopped.set()
                pool.shutdown(cancel_futures=True)
                raise
        self.seconds = time.perf_counter() - start
        return runs

    def _one(self, path: Path) -> Run:
        with self._lock:
            self.progress.begin(path)
        shared = SHARE_GPU if at_once(self.budget) > 1 else None
        run = run_notebook(path, budget=self.budget, tick=self._tick, environment=shared)
        with self._lock:
            self._memory.pop(path, None)
            self.after(run)
            self.progress.end(run)
        return run

    def _tick(self, run: Run) -> None:
        if self._stopped.is_set():
            raise Stopped
        with self._lock:
            self._memory[run.path] = run.memory_bytes
            self.peak_bytes = max(self.peak_bytes, run.peak_bytes, sum(self._memory.values()))
            self.progress.tick(run)


def _results(futures: Sequence[Future]) -> list[Run]:
    """Wait in short steps, so that Ctrl-C is noticed on every system; pass on the first error."""
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=PAUSE)
        for future in ended:
            future.result()
    return [future.result() for future in futures]
