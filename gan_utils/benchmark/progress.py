"""How far a comparison is."""

import time

from gan_utils._support.live import LiveLine


class Progress:
    """One line that is rewritten: units done, time elapsed, time left."""

    def __init__(self, n_units: int, n_kept: int) -> None:
        self.n_units, self.n_kept, self.done = n_units, n_kept, n_kept
        self.start, self.shown, self.live = time.monotonic(), 0.0, LiveLine(width=70)

    def step(self) -> None:
        """Count a unit; rewrite the line four times a second at most."""
        self.done += 1
        now = time.monotonic()
        if self.done == self.n_units or now - self.shown > 0.25:
            self.live.show(self._line(now - self.start))
            self.shown = now

    def _line(self, elapsed: float) -> str:
        left = elapsed / (self.done - self.n_kept) * (self.n_units - self.done)
        kept = f" ({self.n_kept} kept from before)" if self.n_kept else ""
        return (
            f"{self.done}/{self.n_units} units{kept}  {_clock(elapsed)} elapsed, "
            f"{_clock(left)} left"
        )

    def close(self) -> None:
        """Leave the line behind."""
        if self.done == self.n_kept:
            print(f"all {self.n_units} units were kept from before")
        else:
            self.live.close()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
