"""What the course's neural synthesizers share: encoding, training, calibration, copies, files."""

import hashlib
import inspect
import json
import tempfile
import zipfile
import zlib
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count
from gan_utils._support.files import replacing
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.networks import seeded_weights
from gan_utils.synthesizers.base import Synthesizer
from gan_utils.synthesizers.encoder import NUMERIC_ENCODINGS, TableEncoder
from gan_utils.synthesizers.scaling import NormalScores
from gan_utils.synthesizers.schema import (
    dtype_from_config,
    dtype_to_config,
    names_from_config,
    names_to_config,
)
from gan_utils.training import Backup, GenerativeModel, TrainingAlarms, TrainingProgress

#: Generated rows from which the generator's own marginal distributions are measured.
CALIBRATION_ROWS = 5000
#: How often copies are drawn again before the rest is let through.
REDRAWS = 25
#: Up to this share of training rows with a twin, copies count as chance and none is let through.
RARE_TWINS = 0.05
#: How many encoded versions of the table are laid down, each with other places within ties.
VERSIONS = 50
#: At least so many seconds lie between two backups of a training.
BACKUP_SECONDS = 5.0


class NeuralSynthesizer(Synthesizer):
    """A synthesizer that trains a `GenerativeModel` on encoded rows.

    A subclass takes the parameters below in its ``__init__`` (and more), names its networks in
    ``network_names`` and implements ``_build`` (a compiled model) and ``_assemble`` (the model
    around networks that were loaded).

    Attributes
    ----------
    latent_dim, nb_epochs, batch_size, encoding, calibrate, redraw_copies, learning_rate, widths
        Parameters, see `gan_utils.synthesizers.TabularGAN`.
    random_state, verbose, backup_dir
        Parameters as well.
    model_ : GenerativeModel
        The trained networks.
    history_ : DataFrame
        Losses by step.
    """

    min_rows = 8
    #: Attributes of the model that hold the networks to be saved.
    network_names: ClassVar[tuple[str, ...]] = ()
    #: Parameters that must be whole numbers of at least 1.
    counts: ClassVar[tuple[str, ...]] = ("latent_dim", "nb_epochs", "batch_size")

    @abstractmethod
    def _build(self) -> GenerativeModel: ...

    @abstractmethod
    def _assemble(self, **networks: keras.Model) -> GenerativeModel: ...

    def settings(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def _fit(self, table: pd.DataFrame) -> None:
        self._check_settings(len(table))
        self.encoder_ = TableEncoder(self.encoding).fit(table)
        self._check_can_be_saved()
        rows = self._encoded_versions(table)
        with seeded_weights(self.random_state):
            self.model_ = self._build()
        self.training_hashes_ = row_hashes(table)
        self.history_ = self._train(rows)
        self._measure_marginals()

    def _check_settings(self, n_rows: int) -> None:
        counts = {n: getattr(self, n) for n in self.counts}
        for name, value in [*counts.items(), *(("widths", width) for width in self.widths)]:
            check_count(name, value)
        if self.encoding not in NUMERIC_ENCODINGS:
            raise ValueError(
                f"encoding={self.encoding!r} is unknown: use one of {NUMERIC_ENCODINGS}."
            )
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate={self.learning_rate!r} must be above 0, such as 5e-4.")
        if self.batch_size > n_rows:
            raise ValueError(
                f"batch_size={self.batch_size} is larger than the table ({n_rows} rows). "
                f"Use batch_size <= {n_rows}."
            )

    def _check_can_be_saved(self) -> None:
        """Refuse before the training what a file could not hold after it."""
        try:
            json.dumps([self._form(), self.encoder_.to_config()], default=_json_number)
        except TypeError as fault:
            raise ValueError(str(fault)) from fault

    def _form(self) -> dict[str, Any]:
        """Return names and dtypes of the table, as JSON can hold them."""
        names = names_to_config(self.dtypes_.index)
        return {"names": names, "dtypes": [dtype_to_config(dtype) for dtype in self.dtypes_]}

    def _encoded_versions(self, table: pd.DataFrame) -> np.ndarray:
        """Encode the table many times over, so that ties fall elsewhere in each version."""
        rng = np.random.default_rng(self.random_state)
        rows = [self.encoder_.transform(table, rng) for _ in range(VERSIONS)]
        return np.concatenate(rows).astype("float32")

    def _falling(self) -> Any:
        """Return the learning rate, which falls to 0 along half a cosine."""
        return keras.optimizers.schedules.CosineDecay(self.learning_rate, self.nb_epochs)

    @property
    def _steps(self) -> int:
        """How many steps run between two looks at the losses: the largest divisor up to 100."""
        return max(d for d in range(1, min(100, self.nb_epochs) + 1) if self.nb_epochs % d == 0)

    def _train(self, rows: np.ndarray) -> pd.DataFrame:
        steps = self._steps
        epochs = self.nb_epochs // steps
        callbacks, backup = [TrainingAlarms(rows)], self._backup()
        if self.verbose:
            callbacks.append(TrainingProgress(self.nb_epochs, epochs))
        done = backup.restore(self.model_) if backup else []
        self.resumed_at_ = len(done) * steps
        settings = {"initial_epoch": len(done), "verbose": 0}
        callbacks += [backup] if backup else []
        with no_advice_on_retracing():
            history = self.model_.fit(
                rows, self.batch_size, epochs, steps, callbacks=callbacks, **settings
            ).history
        if backup:
            backup.remove()
        logs = [*done, *pd.DataFrame(history).to_dict("records")]
        return pd.DataFrame(
            logs, index=pd.RangeIndex(steps, self.nb_epochs + 1, steps, name="step")
        )

    def _backup(self) -> Backup | None:
        if self.backup_dir is None:
            return None
        file = Path(self.backup_dir, f"{type(self).__name__}_{self._fingerprint()}.zip")
        return Backup(file, BACKUP_SECONDS)

    def _fingerprint(self) -> str:
        """Name what the outcome of a training depends on: settings, table, version of Keras."""
        settings = {**self.settings(), "verbose": None, "backup_dir": None}
        facts = [self._format(), keras.__version__, settings, self.encoder_.to_config()]
        text = json.dumps(facts, default=str).encode()
        return hashlib.sha256(text + self.training_hashes_.tobytes()).hexdigest()[:16]

    def _measure_marginals(self) -> None:
        """Learn the distribution of each generated number, to map it to the real one's."""
        self.marginals_ = []
        if self.calibrate and self.encoding == "quantile":
            rows = self.model_.sample(CALIBRATION_ROWS, random_state=self.random_state)
            numbers = rows[:, : len(self.encoder_.numeric_)]
            self.marginals_ = [NormalScores().fit(column) for column in numbers.T]

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self._draw(n, rng)
        for _ in range(REDRAWS if self.redraw_copies else 0):
            copies = np.flatnonzero(np.isin(row_hashes(rows), self.training_hashes_))
            surplus = copies[self._copies_let_through(n) :]
            if not len(surplus):
                break
            fresh = self._draw(len(surplus), rng).set_index(surplus)
            rows = pd.concat([rows.drop(index=surplus), fresh]).sort_index()
        return rows

    def _copies_let_through(self, n: int) -> int:
        """Return how many copies are natural: none where real rows hardly repeat each other."""
        twins = pd.Series(self.training_hashes_).duplicated(keep=False).mean()
        return int(twins * n) if twins > RARE_TWINS else 0

    def _draw(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self.model_.sample(n, random_state=int(rng.integers(2**31)))
        for i, marginal in enumerate(self.marginals_):
            rows[:, i] = marginal.transform(rows[:, i])
        return self.encoder_.inverse_transform(rows)

    def save(self, path: str | Path) -> None:
        """Write the trained model to one file, in one step.

        Parameters
        ----------
        path : str or Path
            By custom it ends in ``.zip``: it is a zip archive of the networks (``.keras``) and of
            JSON; nothing in it is pickled.

        Raises
        ------
        RuntimeError
            If nothing was fitted yet.
        """
        if not hasattr(self, "model_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit(table) first.")
        config = json.dumps(self._config(), default=_json_number)
        with replacing(Path(path)) as part, zipfile.ZipFile(part, "w") as archive:
            archive.writestr("model.json", config)
            with tempfile.TemporaryDirectory() as folder:
                for name in self.network_names:
                    file = Path(folder, f"{name}.keras")
                    getattr(self.model_, name).save(file)
                    archive.write(file, file.name)

    def _config(self) -> dict[str, Any]:
        return {
            "format": self._format(),
            # The folder for backups is the machine's, not the model's.
            "settings": {**self.settings(), "backup_dir": None},
            "table": self._form(),
            "encoder": self.encoder_.to_config(),
            "marginals": [marginal.to_config() for marginal in self.marginals_],
            "hashes": [int(value) for value in self.training_hashes_],
            "history": self.history_.to_dict("list"),
            "steps": self.history_.index.tolist(),
        }

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model that `save` wrote.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        NeuralSynthesizer
            Of this class, fitted; the same seed samples the same rows as before.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not a file of `save`, or is damaged.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                config = _read_config(archive, cls._format())
                networks = {n: _read_network(archive, n) for n in cls.network_names}
            return cls(**config["settings"])._restore(config, networks)
        except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{Path(path).name} is damaged or was not written by {cls.__name__}.save "
                f"({error}). Save the model again."
            ) from error

    def _restore(self, config: dict[str, Any], networks: dict[str, keras.Model]) -> Self:
        self.encoder_ = TableEncoder.from_config(config["encoder"])
        dtypes = [dtype_from_config(dtype) for dtype in config["table"]["dtypes"]]
        names = names_from_config(config["table"]["names"])
        self.dtypes_ = pd.Series(dtypes, names, dtype=object)
        self.marginals_ = [NormalScores.from_config(c) for c in config["marginals"]]
        self.training_hashes_ = np.array(config["hashes"], dtype="uint64")
        steps = pd.Index(config["steps"], name="step")
        self.history_ = pd.DataFrame(config["history"], index=steps)
        self.model_ = self._assemble(**networks)
        return self

    @classmethod
    def _format(cls) -> str:
        """Name the kind of file; the number rises when its content changes."""
        return f"gan_utils {cls.__name__} 1"


def row_hashes(table: pd.DataFrame) -> np.ndarray:
    """Hash each row by its values alone, whatever the dtype of its categories."""
    numeric = pd.api.types.is_numeric_dtype
    plain = table.astype({name: object for name, c in table.items() if not numeric(c)})
    return pd.util.hash_pandas_object(plain, index=False).to_numpy()


def _json_number(value: Any) -> Any:
    """Turn NumPy's numbers into Python's for JSON."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(
        f"{value!r} is of type {type(value).__name__}, which a saved model cannot hold. Turn the "
        "column into text or numbers, and fit again."
    )


def _read_config(archive: zipfile.ZipFile, expected: str) -> dict[str, Any]:
    config = json.loads(archive.read("model.json"))
    found = config.get("format") if isinstance(config, dict) else None
    if found != expected:
        raise ValueError(f"its format is {found!r}, not {expected!r}")
    return config


def _read_network(archive: zipfile.ZipFile, name: str) -> keras.Model:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{name}.keras")
        file.write_bytes(archive.read(file.name))
        return keras.models.load_model(file, safe_mode=True, compile=False)
