"""A line of progress while a GAN trains."""

import time
from typing import Any, TextIO

from gan_utils._support.backend import keras
from gan_utils._support.live import LiveLine


class TrainingProgress(keras.callbacks.Callback):
    """One line that is rewritten: steps, elapsed and remaining time, losses and accuracies.

    Parameters
    ----------
    n_steps : int
        How many steps the whole training takes.
    n_epochs : int
        In how many epochs.
    stream : file, optional
        Where to write outside a notebook; by default ``sys.stdout``.
    """

    def __init__(self, n_steps: int, n_epochs: int, stream: TextIO | None = None) -> None:
        super().__init__()
        self.n_steps, self.n_epochs, self.stream = n_steps, n_epochs, stream

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start the clock."""
        self._start, self._shown, self._first = time.monotonic(), 0.0, None
        self._live = LiveLine(self.stream)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Rewrite the line, four times a second at most."""
        now, done = time.monotonic(), epoch + 1
        # A resumed run starts in the middle: speed is counted from where this run began.
        self._first = epoch if self._first is None else self._first
        if done < self.n_epochs and now - self._shown < 0.25:
            return
        elapsed = now - self._start
        left = elapsed / (done - self._first) * (self.n_epochs - done)
        self._live.show(self._line(done, elapsed, left, logs or {}))
        self._shown = now

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the line behind."""
        self._live.close()

    def _line(self, done: int, elapsed: float, left: float, logs: dict[str, Any]) -> str:
        share = done / self.n_epochs
        bar = "#" * int(20 * share) + "." * (20 - int(20 * share))
        numbers = "  ".join(f"{name} {value:.2f}" for name, value in logs.items())
        step = int(self.n_steps * share)
        clock = f"{elapsed:.0f} s, {left:.0f} s left"
        return f"[{bar}] {step:,}/{self.n_steps:,} steps  {clock}  {numbers}"
