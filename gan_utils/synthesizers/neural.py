"""The base class of the course's neural synthesizers: encoding, training, sampling and saving."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from gan_utils._support.backend import keras
from gan_utils._support.checks import as_tensorflow_seed, check_count
from gan_utils._support.files import in_home
from gan_utils._support.quiet import no_warning
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
from gan_utils.training import (
    Backup,
    GenerativeModel,
    SaveMixin,
    TrainingAlarms,
    TrainingProgress,
)
from gan_utils.training.backup import NEVER_SAVED
from gan_utils.training.facts import data_digest, fingerprint
from gan_utils.training.samples import largest_divisor
from gan_utils.training.saving import ModelArchive, as_json

#: Number of generated rows used to estimate the generator's marginal distributions.
CALIBRATION_ROWS = 5000
#: How many times copies are drawn again before the remaining ones are accepted.
REDRAWS = 25
#: Number of rows drawn per copy to find a close replacement, and of copies replaced at a time.
SPARES, SWAPPED = 20, 256
#: If at most this share of training rows have a duplicate, all generated copies are redrawn.
RARE_TWINS = 0.05
#: How many encoded versions of the table are prepared, with ties broken differently in each.
VERSIONS = 50
#: Fewer versions are prepared if they would have more rows or cells than this in all, to save
#: memory: 100 million cells take 0.4 GB.
MOST_ENCODED, MOST_ENCODED_CELLS = 200_000, 10**8
#: A table with categories is refused if a single version would have more cells than this: training
#: takes about five times the memory of the encoded table, here 5 GB.
MOST_CELLS = 250_000_000
#: Minimum number of seconds between two backups of a run.
BACKUP_SECONDS = 5.0
#: Maximum and minimum number of steps between two reports of the losses. These steps run in one
#: TensorFlow call; a report takes about as long as a few steps.
MOST_STEPS, LEAST_STEPS = 100, 50
#: A run of at most this many steps is not compiled: compiling takes TensorFlow a second,
#: and an uncompiled step takes a tenth of a second.
MOST_UNCOMPILED = 8


class NeuralSynthesizer(SaveMixin, Synthesizer):
    """A synthesizer that trains a `GenerativeModel` on encoded rows.

    A subclass takes the parameters below (and more) in its ``__init__`` and lists its networks in
    ``network_names``. It implements two methods: ``_build`` returns a compiled model, and
    ``_assemble`` builds the model from loaded networks.

    Attributes
    ----------
    latent_dim, nb_epochs, batch_size, encoding, calibrate, redraw_copies, learning_rate, widths
        Parameters; see `gan_utils.synthesizers.TabularGAN`.
    random_state, verbose, backup_dir
        Further parameters; see `gan_utils.synthesizers.TabularGAN`.
    model_ : GenerativeModel
        The trained networks.
    history_ : DataFrame
        The training losses, indexed by step.
    """

    min_rows = 8
    #: Names of the model's attributes that hold the networks to be saved.
    network_names: ClassVar[tuple[str, ...]] = ()
    #: Names of the parameters that must be whole numbers of at least 1.
    counts: ClassVar[tuple[str, ...]] = ("latent_dim", "nb_epochs", "batch_size")
    local_settings = ("backup_dir",)

    @abstractmethod
    def _build(self) -> GenerativeModel: ...

    @abstractmethod
    def _assemble(self, **networks: keras.Model) -> GenerativeModel: ...

    def check_fitted(self) -> None:
        """Raise an error if nothing has been fitted or loaded yet.

        Raises
        ------
        RuntimeError
            If nothing has been fitted or loaded yet.
        """
        if not hasattr(self, "dtypes_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit(table) first.")

    def _fit(self, table: pd.DataFrame) -> None:
        self._check_settings(len(table))
        self._check_backup_dir()
        self.encoder_ = TableEncoder(self.encoding).fit(table)
        self._check_size(len(table))
        self._check_can_be_saved()
        rows = self._encoded_versions(table)
        with seeded_weights(self.random_state):
            self.model_ = self._build()
        self.training_hashes_ = row_hashes(table)
        self.history_ = self._train(rows)
        self._measure_marginals()

    def _check_settings(self, n_rows: int) -> None:
        # As Python integers: Keras takes none of NumPy's, and calculating with those overflows.
        for name in self.counts:
            setattr(self, name, check_count(name, getattr(self, name)))
        self.widths = tuple(check_count("widths", width) for width in self.widths)
        self.random_state = as_tensorflow_seed(check_count("random_state", self.random_state, 0))
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

    def _check_backup_dir(self) -> None:
        """Raise an error before training if no backup could be written to the folder."""
        if self.backup_dir is not None and in_home(self.backup_dir).is_file():
            raise ValueError(
                f"backup_dir={str(self.backup_dir)!r} is a file. Give the name of a folder, in "
                "which each training has a file of its own."
            )

    def _check_size(self, n_rows: int) -> None:
        """Raise an error before training if categories make the encoded table too large."""
        n_cells = n_rows * self.encoder_.width
        if n_cells <= MOST_CELLS or not self.encoder_.categories_:
            return
        name, values = max(self.encoder_.categories_.items(), key=lambda item: len(item[1]))
        raise ValueError(
            f"column {name!r} has {len(values):,} different values, each of which takes a column "
            f"of its own: the encoded table would have {n_cells:,} cells, but at most "
            f"{MOST_CELLS:,} fit. Drop the column if it only names the rows. Otherwise, group its "
            "rare values, or use fewer rows."
        )

    def _check_can_be_saved(self) -> None:
        """Raise an error before training if the fitted model could not be saved."""
        try:
            as_json([self.saved_settings(), self._form(), self.encoder_.to_config()])
        except TypeError as fault:
            raise ValueError(str(fault)) from fault

    def _form(self) -> dict[str, Any]:
        """Return the table's names and dtypes as JSON values."""
        names = names_to_config(self.dtypes_.index)
        return {"names": names, "dtypes": [dtype_to_config(dtype) for dtype in self.dtypes_]}

    def _encoded_versions(self, table: pd.DataFrame) -> np.ndarray:
        """Encode the table several times, with ties broken differently in each version."""
        rng = np.random.default_rng(self.random_state)
        times = _n_versions(len(table), self.encoder_.width)
        return self.encoder_.transform_often(table, times, rng)

    def _falling(self) -> Any:
        """Return the learning rate, which falls to 0 on a cosine schedule."""
        return keras.optimizers.schedules.CosineDecay(self.learning_rate, self.nb_epochs)

    @property
    def _steps(self) -> int:
        """Number of steps between two reports of the losses.

        This is the largest divisor of ``nb_epochs`` up to ``MOST_STEPS``, unless that divisor is
        too small. Then ``MOST_STEPS`` is used, and the last report comes after fewer steps.
        """
        most = min(MOST_STEPS, self.nb_epochs)
        divisor = largest_divisor(self.nb_epochs, most)
        return divisor if divisor >= min(LEAST_STEPS, most) else most

    def _train(self, rows: np.ndarray) -> pd.DataFrame:
        steps, backup = self._steps, self._backup()
        looks = np.minimum(np.arange(steps, self.nb_epochs + steps, steps), self.nb_epochs)
        callbacks = [TrainingAlarms(rows)]
        self.model_.run_eagerly = self.nb_epochs <= MOST_UNCOMPILED
        if self.verbose:
            progress = TrainingProgress(self.nb_epochs, len(looks), steps_per_epoch=steps)
            callbacks.append(progress)
        settings = {"steps_per_epoch": steps, "n_steps": self.nb_epochs, "verbose": 0}
        with no_warning(NEVER_SAVED):  # so few steps take no longer than a backup
            history = self.model_.fit(
                rows, batch_size=self.batch_size, backup=backup, callbacks=callbacks, **settings
            ).history
        self.resumed_at_ = backup.first_epoch * steps
        return pd.DataFrame(history, index=pd.Index(looks, name="step"))

    def _backup(self) -> Backup:
        if self.backup_dir is None:
            return Backup(None)
        file = Path(self.backup_dir, f"{type(self).__name__}_{self._fingerprint()}.zip")
        return Backup(file, BACKUP_SECONDS)

    def _fingerprint(self) -> str:
        """Hash the settings, the table and the Keras version, on which the result depends."""
        settings = {**self.saved_settings(), "verbose": None}
        facts = [self.file_format(), keras.__version__, settings, self.encoder_.to_config()]
        return fingerprint([*facts, data_digest(self.training_hashes_)])

    def _measure_marginals(self) -> None:
        """Learn the distribution of each generated numeric column, to map it to the real one."""
        self.marginals_ = []
        if self.calibrate and self.encoding == "quantile":
            rows = self._generate(CALIBRATION_ROWS, self.random_state)
            numbers = rows[:, : len(self.encoder_.numeric_)]
            self.marginals_ = [NormalScores().fit(column) for column in numbers.T]

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self._draw(n, rng)
        for _ in range(REDRAWS if self.redraw_copies else 0):
            surplus = self._copies(rows)[self._copies_let_through(n) :]
            if not len(surplus):
                break
            parts = [surplus[i : i + SWAPPED] for i in range(0, len(surplus), SWAPPED)]
            fresh = pd.concat([self._near(rows.loc[part], rng) for part in parts])
            rows = pd.concat([rows.drop(index=fresh.index), fresh]).sort_index()
        return rows

    def _copies(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the positions of rows that repeat a training row."""
        return np.flatnonzero(np.isin(row_hashes(rows), self.training_hashes_))

    def _near(self, copies: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """Draw a new row close to each copy, to preserve the share of rows in dense regions."""
        spare = self._draw(SPARES * len(copies), rng)
        spare = spare.drop(index=self._copies(spare))
        apart = cdist(self.encoder_.transform(copies), self.encoder_.transform(spare))
        places, chosen = linear_sum_assignment(apart)
        return spare.iloc[chosen].set_index(copies.index[places])

    def _copies_let_through(self, n: int) -> int:
        """Return the number of allowed copies, which is 0 if few training rows have a duplicate."""
        twins = pd.Series(self.training_hashes_).duplicated(keep=False).mean()
        return int(twins * n) if twins > RARE_TWINS else 0

    def _generate(self, n: int, random_state: int) -> np.ndarray:
        """Return n encoded rows."""
        return self.model_.sample(n, random_state=random_state)

    def _draw(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self._generate(n, int(rng.integers(2**31)))
        for i, marginal in enumerate(self.marginals_ if self.calibrate else []):
            rows[:, i] = marginal.transform(rows[:, i])
        return self.encoder_.inverse_transform(rows)

    def _write(self, archive: ModelArchive) -> dict[str, Any]:
        for name in self.network_names:
            archive.write_network(name, getattr(self.model_, name))
        return {
            "table": self._form(),
            "encoder": self.encoder_.to_config(),
            "marginals": [marginal.to_config() for marginal in self.marginals_],
            "hashes": self.training_hashes_.tolist(),
            "history": self.history_.to_dict("list"),
            "steps": self.history_.index.tolist(),
        }

    def _restore(self, config: dict[str, Any], archive: ModelArchive) -> None:
        self.encoder_ = TableEncoder.from_config(config["encoder"])
        dtypes = [dtype_from_config(dtype) for dtype in config["table"]["dtypes"]]
        names = names_from_config(config["table"]["names"])
        self.dtypes_ = pd.Series(dtypes, names, dtype=object)
        self.marginals_ = [NormalScores.from_config(c) for c in config["marginals"]]
        self.training_hashes_ = np.array(config["hashes"], dtype="uint64")
        steps = pd.Index(config["steps"], name="step")
        self.history_ = pd.DataFrame(config["history"], index=steps)
        self.resumed_at_ = 0
        networks = {name: archive.read_network(name) for name in self.network_names}
        self.model_ = self._assemble(**networks)


def _n_versions(n_rows: int, width: int) -> int:
    """Return how many encoded versions to prepare: fewer for a large table."""
    most = min(MOST_ENCODED // n_rows, MOST_ENCODED_CELLS // (n_rows * width))
    return min(max(most, 1), VERSIONS)


def row_hashes(table: pd.DataFrame) -> np.ndarray:
    """Hash each row by its values, regardless of the dtypes of its category columns.

    Parameters
    ----------
    table : DataFrame of shape (n, d)

    Returns
    -------
    ndarray of shape (n,), uint64
        Equal rows have equal hashes.
    """
    types = pd.api.types
    plain = table.astype({n: object for n, c in table.items() if not types.is_numeric_dtype(c)})
    for name in [n for n, c in plain.items() if types.is_float_dtype(c)]:
        plain[name] += 0.0  # -0.0 and 0.0 are equal, but have different hashes
    return pd.util.hash_pandas_object(plain, index=False).to_numpy()
