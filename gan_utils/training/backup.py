"""A backup of training in one file, from which a killed run can resume."""

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gan_utils._support.backend import keras
from gan_utils._support.files import new_file, shows_damage
from gan_utils.training.alarms import TrainingWarning
from gan_utils.training.facts import other_facts, training_facts
from gan_utils.training.machines import is_first_machine, number_of_machines
from gan_utils.training.saving import ModelArchive, weights_of

#: Names of the weights and of the rest of the state inside a backup.
_STATE, _NOTES = "state", "notes.json"
#: Beginning of the warning about a training during which nothing could be saved.
NEVER_SAVED = "nothing will be saved for a later call"


@contextmanager
def resuming(
    backup: "str | Path | Backup | None", model: keras.Model, samples: Any, **settings: Any
) -> Iterator["Backup"]:
    """Resume training from its backup, if there is one, and remove the backup at the end.

    All training in the package uses `resuming` like this::

        with resuming(backup, model, samples, batch_size=32) as keeper:
            model.fit(..., initial_epoch=keeper.first_epoch, callbacks=[..., keeper])

    Parameters
    ----------
    backup : str, Path, Backup or None
        The backup file. With None, nothing is read or written, and training starts from the
        beginning.
    model : keras.Model
        A compiled model whose optimizers are built. It receives the state from the backup.
    samples : array, nested arrays, or tf.data.Dataset
        The data; see `training_facts`.
    **settings
        Anything else that the outcome of the training depends on.

    Yields
    ------
    Backup
        The callback, which should come after your own callbacks in the list passed to ``fit``. Its
        ``first_epoch`` is the epoch at which to resume; at the end, its ``logs`` hold the losses of
        all epochs.

    Raises
    ------
    ValueError
        If the file is damaged, or belongs to another training run.
    """
    keeper = backup if isinstance(backup, Backup) else Backup(backup)
    if keeper.file is not None:
        keeper.facts = training_facts(model, samples, **settings)
    keeper.restore(model)
    yield keeper
    keeper.remove()


class Backup(keras.callbacks.Callback):
    """Save the state of training to one file between epochs, so that a killed run can resume.

    A killed run resumes at the last epoch that was saved. A training of a single epoch cannot
    resume, and there is a warning when it begins.

    Keras's ``BackupAndRestore`` writes the weights and the number of the epoch to two files, one
    after the other. If a run is killed between the two writes, an epoch is trained twice. Moreover,
    ``BackupAndRestore`` saves neither the losses so far nor the random state of Dropout. `Backup`
    saves all of this in one file, which is replaced atomically.

    Most users need only ``fit(..., backup="training.zip")``.

    Parameters
    ----------
    file : str, Path or None
        The file in which the state is saved; every training run needs a separate file. If several
        machines train together, all must use the same file in a shared folder, and the first
        machine writes it. With None, nothing is written, and only the losses are recorded.
    seconds : float
        Minimum time between two backups, each of which is made after an epoch. On several machines,
        a backup is made after each epoch.
    facts : dict, optional
        The facts that determine the outcome of the training. A backup whose facts differ
        from these is rejected.

    Attributes
    ----------
    first_epoch : int
        The epoch at which to resume, set by `restore`; 0 without a backup.
    logs : list of dict
        Losses and accuracies of each finished epoch.

    Raises
    ------
    ValueError
        If ``file`` is empty or is a folder.
    """

    def __init__(
        self, file: str | Path | None, seconds: float = 5.0, facts: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.file = None if file is None else new_file(file)
        self.seconds, self.facts, self.logs, self.first_epoch = seconds, facts or {}, [], 0

    def restore(self, model: keras.Model) -> list[dict[str, float]]:
        """Restore the last saved state; call this method before ``fit``.

        Parameters
        ----------
        model : keras.Model
            A compiled model whose optimizers are built.

        Returns
        -------
        list of dict
            Losses and accuracies of each finished epoch; the list is empty without a backup. Set
            ``initial_epoch`` of ``fit`` to the length of the list.

        Raises
        ------
        ValueError
            If the file is damaged, or belongs to another training run.
        """
        self.logs = []
        if self.file is not None and self.file.exists():
            difference = self._read(model)
            if difference:
                raise ValueError(
                    f"the backup {self.file} belongs to another training: {difference}. Go on with "
                    "that one, or delete the file, or name another one."
                )
        self.first_epoch = len(self.logs)
        return list(self.logs)

    def _read(self, model: keras.Model) -> str:
        """Restore the state if it belongs to this run; otherwise, return how the runs differ."""
        try:
            with ModelArchive.open(self.file) as archive:
                notes = archive.read_json(_NOTES)
                difference = other_facts(notes["facts"], self.facts)
                if not difference:
                    archive.read_weights(_STATE, model)
                    _put_seeds_back(model, notes["seeds"])
                    self.logs = notes["logs"]
                return difference
        except Exception as error:  # zipfile, zlib, h5py and Keras raise different errors
            if not shows_damage(error):
                raise
            raise ValueError(
                f"the backup {self.file} is damaged ({error}). Delete it and train again."
            ) from error

    def remove(self) -> None:
        """Delete the file once training has ended normally."""
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    def complete(self, history: keras.callbacks.History) -> None:
        """Extend Keras's history to all epochs, including those before an interruption.

        Parameters
        ----------
        history : keras.callbacks.History
            The history that ``fit`` returned.
        """
        history.history = {}
        for log in self.logs:  # a callback may add a measure in some epochs only
            for name, value in log.items():
                history.history.setdefault(name, []).append(value)
        end = history.epoch[-1] + 1 if history.epoch else len(self.logs)
        history.epoch = list(range(end - len(self.logs), end))

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start measuring the time until the next backup; warn if there will be none."""
        self._saved = time.monotonic()
        if self.file is not None and not self.first_epoch and self.params["epochs"] == 1:
            warnings.warn(
                f"{NEVER_SAVED}: the backup {self.file} is written between epochs, and this "
                "training has only one. Divide its steps into more epochs: raise epochs, and lower "
                "steps_per_epoch.",
                TrainingWarning,
                stacklevel=2,
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Record the losses, and save the state if a backup is due."""
        self.logs.append({name: float(value) for name, value in (logs or {}).items()})
        if epoch + 1 < self.params["epochs"] and self._is_time():
            self._save()
            self._saved = time.monotonic()

    def _is_time(self) -> bool:
        if self.file is None:
            return False
        # Some weights are read by all machines together, so all of them must save at the same time.
        together = number_of_machines(self.model.distribute_strategy) > 1
        return together or time.monotonic() - self._saved >= self.seconds

    def _save(self) -> None:
        weights = weights_of(self.model)
        notes = {"facts": self.facts, "logs": self.logs, "seeds": _seeds(self.model)}
        if is_first_machine(self.model.distribute_strategy):
            with ModelArchive.create(self.file) as archive:
                archive.write_weights(_STATE, weights)
                archive.write_json(_NOTES, notes)


def _put_seeds_back(model: keras.Model, seeds: list[list[int]]) -> None:
    for generator, state in zip(_seed_states(model), seeds, strict=True):
        generator.assign(state)


def _seed_states(model: keras.Model) -> list[Any]:
    """Find the random state, which Keras does not save, of layers such as Dropout."""
    return [v for v in model.variables if v.name == "seed_generator_state"]


def _seeds(model: keras.Model) -> list[list[int]]:
    return [[int(number) for number in state.numpy()] for state in _seed_states(model)]
