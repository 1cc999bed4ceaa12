"""Progress of a run of the course: the notebook and cell, the time taken and the time left."""

import io
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gan_utils._support.progress_bar import ProgressBar
from gan_utils._support.speed import slowness
from gan_utils.course.runner import Run, expected_seconds

#: Used if a notebook does not say how long it takes.
GUESS_SECONDS = 60.0
#: How often a line is printed if the stream is not a terminal.
QUIET_SECONDS = 15.0


class CourseProgress:
    """Show which notebook and cell is running, for how long, and about how much time is left.

    Work is counted in the seconds that the notebooks say they take, times how slow this machine is
    now; tqdm compares them with the time actually taken.

    Parameters
    ----------
    paths : sequence of Path
        The notebooks, in order.
    budget : str
        Which of the expected times to use.
    stream : text file
        A terminal gets one line that is rewritten, anything else gets an occasional line.
    """

    def __init__(self, paths: Sequence[Path], budget: str, stream: TextIO) -> None:
        times = slowness()
        self.expected = {p: times * (expected_seconds(p, budget) or GUESS_SECONDS) for p in paths}
        self.stream, self.done, self.live = stream, 0, stream.isatty()
        self._promised, self._last, total = 0.0, time.perf_counter(), sum(self.expected.values())
        about = ProgressBar.format_interval(total)
        self.say(f"{len(paths)} notebooks, budget {budget}, about {about}")
        file = stream if self.live else io.StringIO()
        self.bar = ProgressBar(total, "s expected", file=file, leave=False)

    def begin(self, path: Path) -> None:
        """Report that a notebook starts.

        Parameters
        ----------
        path : Path
            One of the notebooks.
        """
        self.place = f"[{self.done + 1}/{len(self.expected)}] {path.stem}"
        self._last = time.perf_counter()
        self._show(f"{self.place}  starts")

    def tick(self, run: Run) -> None:
        """Show the position in a notebook; called often, prints seldom without a terminal.

        Parameters
        ----------
        run : Run
            The run of the current notebook.
        """
        expected = self.expected[run.path]
        share = min(run.seconds / expected, run.cell / max(run.n_cells, 1) + 0.5, 0.99)
        self.bar.n = self._promised + share * expected
        if self.live or time.perf_counter() - self._last >= QUIET_SECONDS:
            self._last = time.perf_counter()
            self._show(f"{self.place}  cell {run.cell} of {run.n_cells}")

    def end(self, run: Run) -> None:
        """Report how a notebook ended.

        Parameters
        ----------
        run : Run
            The run of that notebook.
        """
        self.done += 1
        self._promised += self.expected[run.path]
        self.bar.n = self._promised
        verdict = "ok" if run.ok else f"FAILED in cell {run.cell}: {run.error}"
        self.say(f"{self.place}  {run.seconds:.0f} s  {verdict}")

    def close(self) -> None:
        """Remove the bar."""
        self.bar.close()

    def say(self, text: str) -> None:
        """Print a line that stays.

        Parameters
        ----------
        text : str
            The line.
        """
        if self.live and self.done:
            self.bar.clear()
        print(text, file=self.stream, flush=True)

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
