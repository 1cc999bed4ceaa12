"""A line of progress while a network trains."""

from typing import Any, TextIO

from gan_utils._support.backend import keras
from gan_utils._support.progress_bar import ProgressBar


class TrainingProgress(keras.callbacks.Callback):
    """One line that is rewritten: steps, elapsed and remaining time, losses and accuracies.

    Parameters
    ----------
    n_steps : int
        Number of steps in the whole run.
    n_epochs : int
        Number of epochs.
    stream : file, optional
        Where to write, even in a notebook; by default, the notebook's display, or elsewhere
        ``sys.stdout``.
    steps_per_epoch : int, optional
        By default, all epochs have the same length; if this is given, the last one may be
        shorter.
    """

    def __init__(
        self,
        n_steps: int,
        n_epochs: int,
        stream: TextIO | None = None,
        steps_per_epoch: int | None = None,
    ) -> None:
        super().__init__()
        self.n_steps, self.n_epochs, self.stream = n_steps, n_epochs, stream
        self.steps_per_epoch = steps_per_epoch or n_steps / n_epochs
        self._bar: ProgressBar | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the line of an earlier, interrupted run unchanged."""
        self.on_train_end()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Show the line, which starts partway in a resumed run."""
        if self._bar is None:
            done = self._steps(epoch)
            self._bar = ProgressBar(self.n_steps, "steps", initial=done, file=self.stream)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Rewrite the line, at most four times per second."""
        numbers = "  ".join(f"{name} {value:.2f}" for name, value in (logs or {}).items())
        self._bar.set_postfix_str(numbers, refresh=False)
        self._bar.update(self._steps(epoch + 1) - self._bar.n)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the line on display."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _steps(self, epochs: int) -> int:
        return min(self.n_steps, round(self.steps_per_epoch * epochs))
