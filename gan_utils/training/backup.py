"""A backup of a training in one file, so that it can go on after a kill."""

import hashlib
import json
import tempfile
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils._support.files import replacing
from gan_utils.training.machines import is_first_machine, number_of_machines

#: Name of the weights inside a backup, and of what else belongs to the state.
_STATE, _NOTES = "state.weights.h5", "notes.json"


class Backup(keras.callbacks.Callback):
    """Write the state of a training to one file now and then, so that it can go on after a kill.

    Keras's ``BackupAndRestore`` writes the weights and the number of the epoch to two files, one
    after the other: a kill between the two makes it train an epoch twice. It also forgets the
    losses so far, and where the random numbers of Dropout stood. Here all of that is one file, put
    in place in one step.

    Most readers need no more than ``fit(..., backup="training.zip")``, which does the rest.

    Parameters
    ----------
    file : Path
        Where the state goes; one file for one training. On several machines it must be the same
        file for all of them, in a folder that they share; the first one writes.
    seconds : float
        At least so much time lies between two backups. Several machines write after every epoch.
    facts : dict, optional
        What the outcome of the training depends on. A backup with other facts is refused.
    """

    def __init__(
        self, file: str | Path, seconds: float = 5.0, facts: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.file, self.seconds, self.facts, self.logs = Path(file), seconds, facts or {}, []

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
            If the file is damaged, or belongs to another training.
        """
        self.logs = []
        if self.file.exists():
            try:
                with zipfile.ZipFile(self.file) as archive:
                    notes = json.loads(archive.read(_NOTES))
                    difference = _difference(notes["facts"], self.facts)
                    if not difference:
                        _put_back(archive, notes, model)
                        self.logs = notes["logs"]
            except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError) as error:
                raise ValueError(
                    f"the backup {self.file} is damaged ({error}). Delete it and train again."
                ) from error
            if difference:
                raise ValueError(
                    f"the backup {self.file} belongs to another training: {difference}. Go on with "
                    "that one, or delete the file, or name another one."
                )
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
        if epoch + 1 < self.params["epochs"] and self._is_time():
            self._save()
            self._saved = time.monotonic()

    def _is_time(self) -> bool:
        # Machines read some weights together, so all of them must find that it is time.
        together = number_of_machines(self.model.distribute_strategy) > 1
        return together or time.monotonic() - self._saved >= self.seconds

    def _save(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            weights = Path(folder, _STATE)
            self.model.save_weights(weights)
            notes = {"facts": self.facts, "logs": self.logs, "seeds": _seeds(self.model)}
            if not is_first_machine(self.model.distribute_strategy):
                return
            with replacing(self.file) as part, zipfile.ZipFile(part, "w") as archive:
                archive.write(weights, _STATE)
                archive.writestr(_NOTES, json.dumps(notes))


def training_facts(model: keras.Model, samples: Any, **settings: Any) -> dict[str, Any]:
    """List what the outcome of a training depends on, for `Backup`.

    Parameters
    ----------
    model : keras.Model
        Compiled.
    samples : array, tuple of arrays, or tf.data.Dataset
        The data; of a dataset only shapes and types can be told.
    **settings
        Arguments of ``fit``.

    Returns
    -------
    dict
        Names and values as JSON knows them.
    """
    shapes = [list(weight.shape) for weight in model.weights if weight.trainable]
    optimizers = {
        name: value.get_config()
        for name, value in vars(model).items()
        if isinstance(value, keras.optimizers.Optimizer)
    }
    data = str(samples.element_spec) if isinstance(samples, tf.data.Dataset) else _digest(samples)
    facts = {
        "model": type(model).__name__,
        "networks": hashlib.sha256(json.dumps(shapes).encode()).hexdigest()[:16],
        "optimizers": optimizers,
        "data": data,
        **settings,
    }
    return json.loads(json.dumps(facts, default=str))


def _digest(samples: Any) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for array in tf.nest.flatten(samples):
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()


def _difference(there: dict[str, Any], here: dict[str, Any]) -> str:
    """Say what two trainings differ in; nothing where one of them says nothing of itself."""
    names = [n for n in here if n in there and here[n] != there[n]]
    plain = all(isinstance(d[n], int | float | str) for d in (there, here) for n in names)
    if plain:
        return ", ".join(f"{n} was {there[n]!r} and is {here[n]!r}" for n in names)
    return ", ".join(f"other {n}" for n in names)


def _put_back(archive: zipfile.ZipFile, notes: dict[str, Any], model: keras.Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model.load_weights(archive.extract(_STATE, folder))
    for generator, state in zip(_seed_states(model), notes["seeds"], strict=True):
        generator.assign(state)


def _seed_states(model: keras.Model) -> list[Any]:
    """Find where the random numbers of layers such as Dropout stand: Keras does not save it."""
    return [v for v in model.variables if v.name == "seed_generator_state"]


def _seeds(model: keras.Model) -> list[list[int]]:
    return [[int(number) for number in state.numpy()] for state in _seed_states(model)]
