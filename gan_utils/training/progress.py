"""A line that shows progress while a network trains."""

from typing import Any, TextIO

from gan_utils._support.backend import keras
from gan_utils._support.progress_bar import ProgressBar


class TrainingProgress(keras.callbacks.Callback):
    """Show steps, elapsed and remaining time, losses and accuracies on one line.

    Parameters
    ----------
    n_steps : int
        Number of steps in the whole run.
    n_epochs : int
        Number of epochs.
    stream : file, optional
        The stream to write to, even in a notebook. By default, the line is shown in the notebook,
        or written to ``sys.stdout`` outside a notebook.
    steps_per_epoch : int, optional
        Number of steps in an epoch; the last epoch may be shorter. By default, all epochs have the
        same length.
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
        """Leave the progress line of an earlier, interrupted run unchanged."""
        self.on_train_end()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Show the progress line; in a resumed run, the line starts partway through."""
        if self._bar is None:
            done = self._steps(epoch)
            self._bar = ProgressBar(self.n_steps, "steps", initial=done, file=self.stream)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Update the progress line, at most four times per second."""
        numbers = "  ".join(f"{name} {value:.2f}" for name, value in (logs or {}).items())
        self._bar.set_postfix_str(numbers, refresh=False)
        self._bar.update(self._steps(epoch + 1) - self._bar.n)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the progress line on display."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _steps(self, epochs: int) -> int:
        return min(self.n_steps, round(self.steps_per_epoch * epochs))
