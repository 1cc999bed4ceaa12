"""A GAN for tables of numbers and categories that works on a few hundred rows."""

import hashlib
import inspect
import json
import tempfile
import zipfile
import zlib
from numbers import Integral
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils.quiet import import_tensorflow

import_tensorflow()

import keras  # noqa: E402

from gan_utils.adversarial import GAN  # noqa: E402
from gan_utils.callbacks import Backup, TrainingAlarms, TrainingProgress  # noqa: E402
from gan_utils.datasets.folder import replacing  # noqa: E402
from gan_utils.networks import build_tabular_discriminator, build_tabular_generator  # noqa: E402
from gan_utils.synthesizers.base import Synthesizer, restore_dtypes  # noqa: E402
from gan_utils.tables import NUMERIC_ENCODINGS, NormalScores, TableEncoder  # noqa: E402

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
_FORMAT = "gan_utils TabularGAN 1"


class TabularGAN(Synthesizer):
    """Learn a table with a GAN and write new rows.

    What it adds to the classic dense GAN, each of which can be switched off: numbers are encoded by
    rank (``encoding``); the discriminator sees several rows at once (``pack``) and is kept smooth
    (``gradient_penalty``); the generator's weights are averaged over the last steps (``average``);
    each generated column is put on the real column's distribution (``calibrate``); categories are
    exact (``hard_categories``); rows that repeat a training row are drawn again
    (``redraw_copies``).

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    nb_epochs : int
        Training steps; one step is one batch, as in the classic scripts.
    batch_size : int, at most the number of rows
        Real rows a step, and as many generated ones.
    encoding : {"quantile", "minmax"}
        How numbers are scaled, see `gan_utils.tables.TableEncoder`.
    pack : int
        How many rows the discriminator sees at once.
    gradient_penalty : float
        Weight of the R1 penalty; 0 leaves it out.
    average : float in [0, 1)
        Momentum of the moving average of the generator's weights; 0 leaves it out.
    calibrate : bool
        Whether each numeric column gets the distribution of the real one.
    hard_categories : bool
        Whether the generator gives exact one-hot categories, as real rows have, or a softmax.
    redraw_copies : bool
        Whether generated rows that repeat a training row are drawn again: all of them where at most
        5 % of the training rows have a twin, else until no larger share repeats one than that.
    learning_rate : float
        Of both networks; it falls to 0 along half a cosine.
    widths : tuple of int
        Units of the hidden layers of both networks.
    random_state : int
        Seed of weights, noise and batches; the seed of the rows is given to ``sample``.
    verbose : bool
        Whether a progress line is shown.
    backup_dir : str or Path, optional
        A folder that the state of the training is written to every few seconds. If the training is
        killed, the same ``fit`` of the same table goes on from there and ends as if it had never
        been killed. The backup of another table or of other settings is left alone. It is removed
        when the training ends.

    Attributes
    ----------
    history_ : DataFrame
        Losses and accuracies, indexed by step; each row is the mean since the row before.
    gan_ : gan_utils.adversarial.GAN
        The trained networks.
    resumed_at_ : int
        The step that a backup let the training go on from; 0 where there was none.

    Notes
    -----
    A saved model holds the sorted values of each numeric column and a hash of each training row. It
    is no more private than that.

    Examples
    --------
    >>> table = pd.DataFrame({"minutes": range(40), "app": ["X", "Safari"] * 20})
    >>> gan = TabularGAN(nb_epochs=20, batch_size=16).fit(table)
    >>> gan.sample(3, random_state=0).shape
    (3, 2)
    """

    min_rows = 8

    def __init__(
        self,
        latent_dim: int = 100,
        nb_epochs: int = 10_000,
        batch_size: int = 128,
        encoding: str = "quantile",
        pack: int = 8,
        gradient_penalty: float = 1.0,
        average: float = 0.999,
        calibrate: bool = True,
        hard_categories: bool = True,
        redraw_copies: bool = True,
        learning_rate: float = 5e-4,
        widths: tuple[int, ...] = (128, 128),
        random_state: int = 0,
        verbose: bool = False,
        backup_dir: str | Path | None = None,
    ) -> None:
        self.latent_dim, self.nb_epochs, self.batch_size = latent_dim, nb_epochs, batch_size
        self.encoding, self.pack, self.gradient_penalty = encoding, pack, gradient_penalty
        self.average, self.calibrate, self.redraw_copies = average, calibrate, redraw_copies
        self.hard_categories = hard_categories
        self.learning_rate, self.widths = learning_rate, tuple(widths)
        self.random_state, self.verbose = random_state, verbose
        self.backup_dir = backup_dir

    def settings(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def _fit(self, table: pd.DataFrame) -> None:
        self._check_settings(len(table))
        self.encoder_ = TableEncoder(self.encoding).fit(table)
        rows = self._encoded_versions(table)
        self.gan_ = self._build()
        self.training_hashes_ = _hashes(table)
        self.history_ = self._train(rows)
        self._measure_marginals()
        self.twins_ = float(pd.Series(self.training_hashes_).duplicated(keep=False).mean())

    def _check_settings(self, n_rows: int) -> None:
        counts = {n: getattr(self, n) for n in ("latent_dim", "nb_epochs", "batch_size", "pack")}
        for name, value in [*counts.items(), *(("widths", width) for width in self.widths)]:
            if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
                raise ValueError(f"{name}={value!r} must be a whole number of at least 1.")
        if self.encoding not in NUMERIC_ENCODINGS:
            raise ValueError(
                f"encoding={self.encoding!r} is unknown: use one of {NUMERIC_ENCODINGS}."
            )
        if not self.gradient_penalty >= 0:
            raise ValueError(f"gradient_penalty={self.gradient_penalty!r} must be 0 or more.")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate={self.learning_rate!r} must be above 0, such as 5e-4.")
        if not 0 <= self.average < 1:
            raise ValueError(f"average={self.average!r} must be at least 0 and below 1.")
        if self.batch_size > n_rows:
            raise ValueError(
                f"batch_size={self.batch_size} is larger than the table ({n_rows} rows). "
                f"Use batch_size <= {n_rows}."
            )

    def _encoded_versions(self, table: pd.DataFrame) -> np.ndarray:
        """Encode the table many times over, so that ties fall elsewhere in each version."""
        rng = np.random.default_rng(self.random_state)
        rows = [self.encoder_.transform(table, rng) for _ in range(VERSIONS)]
        return np.concatenate(rows).astype("float32")

    def _build(self) -> GAN:
        keras.utils.set_random_seed(int(self.random_state))
        encoder, pack = self.encoder_, min(self.pack, self.batch_size)
        generator = build_tabular_generator(
            self.latent_dim,
            len(encoder.numeric_),
            encoder.sizes,
            self.widths,
            self.hard_categories,
        )
        discriminator = build_tabular_discriminator(pack * encoder.width, self.widths)
        gan = GAN(
            generator,
            discriminator,
            self.latent_dim,
            pack,
            self.gradient_penalty,
            self.random_state,
        )
        gan.compile(
            self._optimizer("g_adam", self.average),
            self._optimizer("d_adam"),
            _chunk(self.nb_epochs),
        )
        return gan

    def _optimizer(self, name: str, average: float = 0.0) -> keras.optimizers.Optimizer:
        falling = keras.optimizers.schedules.CosineDecay(self.learning_rate, self.nb_epochs)
        averaging = {"use_ema": True, "ema_momentum": average} if average else {}
        return keras.optimizers.Adam(falling, beta_1=0.5, beta_2=0.9, name=name, **averaging)

    def _train(self, rows: np.ndarray) -> pd.DataFrame:
        steps = _chunk(self.nb_epochs)
        epochs = self.nb_epochs // steps
        callbacks, backup = [TrainingAlarms(rows)], self._backup()
        if self.verbose:
            callbacks.append(TrainingProgress(self.nb_epochs, epochs))
        done = backup.restore(self.gan_) if backup else []
        self.resumed_at_ = len(done) * steps
        settings = {"initial_epoch": len(done), "verbose": 0}
        callbacks += [backup] if backup else []
        history = self.gan_.fit(
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
        file = Path(self.backup_dir, f"tabular_gan_{self._fingerprint()}.zip")
        return Backup(file, BACKUP_SECONDS)

    def _fingerprint(self) -> str:
        """Name what the outcome of a training depends on: settings, table, version of Keras."""
        settings = {**self.settings(), "verbose": None, "backup_dir": None}
        facts = [_FORMAT, keras.__version__, settings, self.encoder_.to_config()]
        text = json.dumps(facts, default=str).encode()
        return hashlib.sha256(text + self.training_hashes_.tobytes()).hexdigest()[:16]

    def _measure_marginals(self) -> None:
        """Learn the distribution of each generated number, to map it to the real one's."""
        self.marginals_ = []
        if self.calibrate and self.encoding == "quantile":
            rows = self.gan_.sample(CALIBRATION_ROWS, random_state=self.random_state)
            numbers = rows[:, : len(self.encoder_.numeric_)]
            self.marginals_ = [NormalScores().fit(column) for column in numbers.T]

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self._draw(n, rng)
        for _ in range(REDRAWS if self.redraw_copies else 0):
            copies = np.flatnonzero(np.isin(_hashes(rows), self.training_hashes_))
            surplus = copies[self._copies_let_through(n) :]
            if not len(surplus):
                break
            fresh = self._draw(len(surplus), rng).set_index(surplus)
            rows = pd.concat([rows.drop(index=surplus), fresh]).sort_index()
        return rows

    def _copies_let_through(self, n: int) -> int:
        """Return how many copies are natural: none where real rows hardly repeat each other."""
        return int(self.twins_ * n) if self.twins_ > RARE_TWINS else 0

    def _draw(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self.gan_.sample(n, random_state=int(rng.integers(2**31)))
        for i, marginal in enumerate(self.marginals_):
            rows[:, i] = marginal.transform(rows[:, i])
        return restore_dtypes(self.encoder_.inverse_transform(rows), self.encoder_.dtypes_)

    def save(self, path: str | Path) -> None:
        """Write the trained model to one file, in one step.

        Parameters
        ----------
        path : str or Path
            By custom it ends in ``.zip``: it is a zip archive of the generator (``.keras``) and of
            JSON; nothing in it is pickled.

        Raises
        ------
        RuntimeError
            If nothing was fitted yet.
        TypeError
            If the table holds values that JSON cannot hold, such as dates in a column of objects.
        """
        if not hasattr(self, "gan_"):
            raise RuntimeError("TabularGAN is not fitted yet. Call fit(table) first.")
        config = json.dumps(self._config(), default=_plain)
        with replacing(Path(path)) as part, zipfile.ZipFile(part, "w") as archive:
            archive.writestr("model.json", config)
            with tempfile.TemporaryDirectory() as folder:
                for name in ("generator", "discriminator"):
                    file = Path(folder, f"{name}.keras")
                    getattr(self.gan_, name).save(file)
                    archive.write(file, file.name)

    def _config(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            # The folder for backups is the machine's, not the model's.
            "settings": {**self.settings(), "backup_dir": None},
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
        TabularGAN
            Fitted; the same seed samples the same rows as before.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not a file of `save`, or is damaged.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                config = _read_config(archive)
                networks = {n: _read_network(archive, n) for n in ("generator", "discriminator")}
            return cls(**config["settings"])._restore(config, networks)
        except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{Path(path).name} is damaged or was not written by TabularGAN.save ({error}). "
                "Save the model again."
            ) from error

    def _restore(self, config: dict[str, Any], networks: dict[str, keras.Model]) -> Self:
        self.encoder_ = TableEncoder.from_config(config["encoder"])
        self.dtypes_ = self.encoder_.dtypes_
        self.marginals_ = [NormalScores.from_config(c) for c in config["marginals"]]
        self.training_hashes_ = np.array(config["hashes"], dtype="uint64")
        self.twins_ = float(pd.Series(self.training_hashes_).duplicated(keep=False).mean())
        steps = pd.Index(config["steps"], name="step")
        self.history_ = pd.DataFrame(config["history"], index=steps)
        pack = min(self.pack, self.batch_size)
        self.gan_ = GAN(**networks, latent_dim=self.latent_dim, pack=pack)
        return self


def _chunk(nb_epochs: int) -> int:
    """Return how many steps run between two looks at the losses: the largest divisor up to 100."""
    return max(d for d in range(1, min(100, nb_epochs) + 1) if nb_epochs % d == 0)


def _hashes(table: pd.DataFrame) -> np.ndarray:
    """Hash each row by its values alone, whatever the dtype of its categories."""
    numeric = pd.api.types.is_numeric_dtype
    plain = table.astype({name: object for name, c in table.items() if not numeric(c)})
    return pd.util.hash_pandas_object(plain, index=False).to_numpy()


def _plain(value: Any) -> Any:
    """Turn NumPy's numbers into Python's for JSON."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(
        f"{value!r} is of type {type(value).__name__}, which a saved model cannot hold. Turn the "
        "column into text or numbers, and fit again."
    )


def _read_config(archive: zipfile.ZipFile) -> dict[str, Any]:
    config = json.loads(archive.read("model.json"))
    found = config.get("format") if isinstance(config, dict) else None
    if found != _FORMAT:
        raise ValueError(f"its format is {found!r}, not {_FORMAT!r}")
    return config


def _read_network(archive: zipfile.ZipFile, name: str) -> keras.Model:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{name}.keras")
        file.write_bytes(archive.read(file.name))
        return keras.models.load_model(file, safe_mode=True, compile=False)
