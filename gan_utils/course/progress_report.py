"""Show the current cell, the elapsed time and the time left during a run of the course."""

import io
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gan_utils._support.progress_bar import ProgressBar
from gan_utils._support.speed import slowness
from gan_utils.course.runner import Run, expected_seconds

#: The expected time of a notebook that does not state one.
GUESS_SECONDS = 60.0
#: Seconds between two printed lines if the stream is not a terminal.
QUIET_SECONDS = 15.0


class CourseProgress:
    """Show which notebooks and cells are running, for how long, and how much time is left.

    The expected time of each notebook is the time stated in the notebook, multiplied by the current
    slowdown of this machine relative to the reference machine. The time left is estimated by
    comparing the expected time with the actual time.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks, in order.
    budget : str
        The budget for which the expected times are read from the notebooks.
    stream : text file
        The stream to which the progress is printed. In a terminal, one line is updated; in any
        other stream, a new line is printed now and then.
    gain : float, optional
        How many times faster the whole run is than running one notebook after another.
    """

    def __init__(
        self, paths: Sequence[Path], budget: str, stream: TextIO, gain: float = 1.0
    ) -> None:
        times = slowness()
        self.expected = {p: times * (expected_seconds(p, budget) or GUESS_SECONDS) for p in paths}
        self.numbers = {path: number for number, path in enumerate(paths, 1)}
        self.stream, self.live = stream, stream.isatty()
        self._shares: dict[Path, float] = {}
        self._at: dict[Path, str] = {}
        self._last, total = time.perf_counter(), sum(self.expected.values())
        about = ProgressBar.format_interval(total / gain)
        self.say(f"{len(paths)} notebooks, budget {budget}, about {about}")
        file = stream if self.live else io.StringIO()
        self.bar = ProgressBar(total, "s expected", file=file, leave=False)

    def begin(self, path: Path) -> None:
        """Report the start of a notebook.

        Parameters
        ----------
        path : Path
            One of the notebooks.
        """
        self._at[path] = f"{self._place(path)}  starts"
        self._last = time.perf_counter()
        self._show(self._at[path])

    def tick(self, run: Run) -> None:
        """Show the current cell and the time left; without a terminal, most calls print nothing.

        Parameters
        ----------
        run : Run
            The run of a notebook, which is still in progress.
        """
        expected = self.expected[run.path]
        self._count(
            run.path, min(run.seconds / expected, run.cell / max(run.n_cells, 1) + 0.5, 0.99)
        )
        self._at[run.path] = f"{self._place(run.path)}  cell {run.cell} of {run.n_cells}"
        if self.live or time.perf_counter() - self._last >= QUIET_SECONDS:
            self._last = time.perf_counter()
            self._show(", ".join(self._at.values()))

    def end(self, run: Run) -> None:
        """Report how a notebook ended.

        Parameters
        ----------
        run : Run
            The finished run.
        """
        del self._at[run.path]
        self._count(run.path, 1.0)
        verdict = "ok" if run.ok else f"FAILED in cell {run.cell}: {run.error}"
        self.say(f"{self._place(run.path)}  {run.seconds:.0f} s  {verdict}")

    def close(self) -> None:
        """Remove the progress bar."""
        self.bar.close()

    def say(self, text: str) -> None:
        """Print a line that is not overwritten.

        Parameters
        ----------
        text : str
            The line.
        """
        if self.live and self._shares:
            self.bar.clear()
        print(text, file=self.stream, flush=True)

    def _place(self, path: Path) -> str:
        return f"[{self.numbers[path]}/{len(self.numbers)}] {path.stem}"

    def _count(self, path: Path, share: float) -> None:
        self._shares[path] = share
        self.bar.n = sum(share * self.expected[path] for path, share in self._shares.items())

    def _show(self, text: str) -> None:
        if self.live:
            self.bar.set_description_str(f"{text}  ")
        else:
            self.say(f"{text}{self._times()}")

    def _times(self) -> str:
        facts = self.bar.format_dict
        if not facts["n"]:
            return ""
        left = facts["elapsed"] * (facts["total"] - facts["n"]) / facts["n"]
        elapsed, left = map(ProgressBar.format_interval, (facts["elapsed"], left))
        return f"  {elapsed} elapsed, about {left} left"
