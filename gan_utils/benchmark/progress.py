"""How far a comparison is."""

import sys
import time


class Progress:
    """One line that is rewritten: units done, time elapsed, time left."""

    def __init__(self, n_units: int, n_kept: int) -> None:
        self.n_units, self.n_kept, self.done = n_units, n_kept, n_kept
        self.start, self.shown, self.handle = time.monotonic(), 0.0, None

    def step(self) -> None:
        """Count a unit; rewrite the line four times a second at most."""
        self.done += 1
        now = time.monotonic()
        if self.done == self.n_units or now - self.shown > 0.25:
            self._show(self._line(now - self.start))
            self.shown = now

    def _line(self, elapsed: float) -> str:
        left = elapsed / (self.done - self.n_kept) * (self.n_units - self.done)
        kept = f" ({self.n_kept} kept from before)" if self.n_kept else ""
        return (
            f"{self.done}/{self.n_units} units{kept}  {_clock(elapsed)} elapsed, "
            f"{_clock(left)} left"
        )

    def _show(self, line: str) -> None:
        if "IPython" not in sys.modules or not sys.modules["IPython"].get_ipython():
            print(f"\r{line:<70}", end="", flush=True)
            return
        from IPython.display import display

        if self.handle is None:
            self.handle = display({"text/plain": line}, raw=True, display_id=True)
        else:
            self.handle.update({"text/plain": line}, raw=True)

    def close(self) -> None:
        """Leave the line behind."""
        if self.done == self.n_kept:
            print(f"all {self.n_units} units were kept from before")
        elif self.handle is None:
            print()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
