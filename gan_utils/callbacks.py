"""What runs beside a GAN's training: a progress bar, alarms in words, and a backup."""

import json
import tempfile
import time
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from gan_utils.quiet import import_tensorflow

import_tensorflow()

import keras  # noqa: E402

from gan_utils.datasets.folder import replacing  # noqa: E402
from gan_utils.live import LiveLine  # noqa: E402

#: Name of the weights inside a backup.
_STATE = "state.weights.h5"
_DEAD = (
    "the discriminator tells real from generated without a mistake and its loss is almost 0: the "
    "generator learns nothing from it. Try a smaller discriminator or learning rate, or "
    "gradient_penalty=1."
)
_COLLAPSED = (
    "mode collapse: generated rows vary less than a tenth as much as real ones. Try pack=8, "
    "gradient_penalty=1 or a smaller learning rate."
)


class TrainingError(RuntimeError):
    """Training cannot go on."""


class TrainingWarning(UserWarning):
    """Training goes on, but something looks wrong."""


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


class Backup(keras.callbacks.Callback):
    """Write the state of a training to one file now and then, so that it can go on after a kill.

    Keras's ``BackupAndRestore`` writes the weights and the number of the epoch to two files, one
    after the other: a kill between the two makes it train an epoch twice. It also forgets the
    losses so far. Here weights, optimizers and losses are one file, put in place in one step.

    Parameters
    ----------
    file : Path
        Where the state goes; one file for one training.
    seconds : float
        At least so much time lies between two backups.
    """

    def __init__(self, file: str | Path, seconds: float = 5.0) -> None:
        super().__init__()
        self.file, self.seconds, self.logs = Path(file), seconds, []

    def restore(self, model: keras.Model) -> list[dict[str, float]]:
        """Put the last state back, before ``fit`` is called.

        Parameters
        ----------
        model : keras.Model
            Compiled, with its optimizers built.

        Returns
        -------
        list of dict
            Losses and accuracies of each epoch that is done: ``fit`` goes on with
            ``initial_epoch`` set to how many there are. Empty where there is no backup.

        Raises
        ------
        ValueError
            If the file is damaged.
        """
        self.logs = []
        if self.file.exists():
            try:
                self.logs = _read_state(self.file, model)
            except (zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
                raise ValueError(
                    f"the backup {self.file} is damaged ({error}). Delete it and train again."
                ) from error
        return list(self.logs)

    def remove(self) -> None:
        """Delete the file, after a training that ended well."""
        self.file.unlink(missing_ok=True)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start the clock."""
        self._saved = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Keep the losses, and write the state if it is time."""
        self.logs.append({name: float(value) for name, value in (logs or {}).items()})
        if epoch + 1 < self.params["epochs"] and time.monotonic() - self._saved >= self.seconds:
            self._save()
            self._saved = time.monotonic()

    def _save(self) -> None:
        with replacing(self.file) as part, tempfile.TemporaryDirectory() as folder:
            weights = Path(folder, _STATE)
            self.model.save_weights(weights)
            with zipfile.ZipFile(part, "w") as archive:
                archive.write(weights, _STATE)
                archive.writestr("logs.json", json.dumps(self.logs))


def _read_state(file: Path, model: keras.Model) -> list[dict[str, float]]:
    with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory() as folder:
        logs = json.loads(archive.read("logs.json"))
        model.load_weights(archive.extract(_STATE, folder))
    return logs


class TrainingAlarms(keras.callbacks.Callback):
    """Say in words that a GAN's training goes wrong, and what to try.

    Parameters
    ----------
    real : ndarray of shape (n, d), optional
        Encoded real rows; with them, the spread of generated rows is watched for mode collapse.
    every : int
        How many epochs lie between two looks at generated rows.
    patience : int
        How many looks in a row must be bad before the alarm.

    Raises
    ------
    TrainingError
        From ``fit``, if a loss is no longer a finite number.
    """

    def __init__(self, real: np.ndarray | None = None, every: int = 10, patience: int = 3) -> None:
        super().__init__()
        self.spread = None if real is None else np.asarray(real).std(axis=0)
        self.every, self.patience = every, patience

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forget what an earlier training said."""
        self._bad, self._said = {"collapse": 0, "dead": 0}, set()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the losses, and now and then at generated rows."""
        logs = logs or {}
        self._check_losses(epoch, logs)
        self._count("dead", _is_dead(logs), _DEAD)
        if self.spread is not None and (epoch + 1) % self.every == 0:
            self._count("collapse", self._collapsed(), _COLLAPSED)

    def _check_losses(self, epoch: int, logs: dict[str, Any]) -> None:
        broken = [name for name, value in logs.items() if not np.isfinite(value)]
        if broken:
            raise TrainingError(
                f"{broken[0]} is no longer a finite number after epoch {epoch + 1}. Try a learning "
                "rate ten times smaller, and look for extreme values in the data."
            )

    def _collapsed(self) -> bool:
        spread = self.model.sample(256, random_state=0).std(axis=0)
        varied = self.spread > 0
        return bool(varied.any() and np.median(spread[varied] / self.spread[varied]) < 0.1)

    def _count(self, name: str, bad: bool, words: str) -> None:
        self._bad[name] = self._bad[name] + 1 if bad else 0
        if self._bad[name] >= self.patience and name not in self._said:
            self._said.add(name)
            warnings.warn(words, TrainingWarning, stacklevel=2)


def _is_dead(logs: dict[str, Any]) -> bool:
    sure = min(logs.get("d_accuracy_real", 0), logs.get("d_accuracy_fake", 0)) > 0.999
    return bool(sure and logs.get("d_loss", 1.0) < 1e-3)
