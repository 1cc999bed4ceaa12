"""What language models of letters and of words have in common."""

import inspect
import json
import tempfile
import zipfile
import zlib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras, tf
from gan_utils._support.checks import check_count
from gan_utils._support.files import replacing
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.networks.language import CELLS, LanguageNetwork
from gan_utils.networks.parts import seeded_weights
from gan_utils.text.bits import BitsMixin
from gan_utils.text.inputs import check_in_range
from gan_utils.text.plan import TrainingPlan
from gan_utils.text.reading import Stream, token_bits
from gan_utils.text.trainer import HeldOut, LanguageTrainer, falling_rate
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.writing import Writer
from gan_utils.training import TrainingProgress
from gan_utils.training.backup import Backup, training_facts
from gan_utils.training.batches import untuned

#: Files inside a saved model.
_CONFIG, _WEIGHTS = "model.json", "network.weights.h5"


class LanguageModel(BitsMixin):
    """A recurrent network that learns how a text goes on.

    A subclass takes the parameters below in its ``__init__`` (and more), and says what a token is.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The tokens that are known.
    network_ : LanguageNetwork
        The trained network.
    history_ : DataFrame
        By epoch: ``bits`` a token in training (dropout included), ``held_out_bits`` where text was
        held out, ``seconds`` since the start.
    """

    #: What one token is called.
    unit = "token"
    #: Parameters that must be whole numbers of at least 1.
    counts = ("units", "n_layers", "embedding_dim", "window", "batch_size")
    #: With how many others a next token is compared in training; None: with all.
    candidates: int | None = None

    @abstractmethod
    def _build(self) -> LanguageNetwork:
        """Make a new network for the vocabulary."""

    def settings(self) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def _check_settings(self) -> None:
        for name in self.counts:
            check_count(name, getattr(self, name))
        check_count("random_state", self.random_state, 0)
        if self.cell not in CELLS:
            raise ValueError(f"cell={self.cell!r} is unknown: use one of {', '.join(CELLS)}.")
        for name in ("dropout", "input_dropout"):
            check_in_range(name, getattr(self, name), "[0, 1)", ", such as 0.5")
        check_in_range("learning_rate", self.learning_rate, "(0, inf)", ", such as 4e-3")

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Leave the model as it was where a training fails or is interrupted."""
        before = dict(vars(self))
        try:
            yield
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            raise

    def _fit(self, stream: Stream, held_out: Stream | None, plan: TrainingPlan) -> Self:
        self._check_lengths(stream, held_out)
        steps = plan.steps(len(stream), self.batch_size * self.window)
        trainer = self._trainer(stream, plan.epochs * steps, plan.verbose)
        logs = self._train(trainer, stream, held_out, steps, plan)
        trainer.use_best()
        self.history_ = pd.DataFrame(logs, index=pd.RangeIndex(1, len(logs) + 1, name="epoch"))
        return self

    def _check_lengths(self, stream: Stream, held_out: Stream | None) -> None:
        least = self.window + 2
        if len(stream) < least:
            raise ValueError(
                f"the text has {len(stream)} {self.unit}s to learn from, but window={self.window} "
                f"needs at least {least}. Give more text, or a smaller window."
            )
        if held_out is not None and len(held_out) < 2:
            raise ValueError(
                f"the held-out text has {len(held_out)} {self.unit}; the first one is given, so at "
                "least 2 are needed. Give more text, or held_out=False."
            )

    def _trainer(self, stream: Stream, n_steps: int, verbose: int) -> LanguageTrainer:
        with seeded_weights(self.random_state):
            self.network_ = self._build()
        self._begin(stream, verbose)
        trainer = LanguageTrainer(
            self.network_, self.window, self.batch_size, self.random_state, self.candidates
        )
        optimizer = keras.optimizers.Adam(
            falling_rate(self.learning_rate, n_steps), beta_2=0.99, global_clipnorm=1.0, name="adam"
        )
        optimizer.build(self.network_.trainable_variables)
        trainer.compile(optimizer=optimizer, jit_compile=True)
        return trainer

    def _begin(self, stream: Stream, verbose: int) -> None:
        """Put into a new network what it starts from, other than drawn weights."""

    def _train(
        self,
        trainer: LanguageTrainer,
        stream: Stream,
        held_out: Stream | None,
        steps: int,
        plan: TrainingPlan,
    ) -> list[dict[str, float]]:
        epochs, patience, backup = plan.epochs, plan.patience, plan.backup
        settings = {**self.settings(), "epochs": epochs, "steps": steps, "patience": patience}
        keeper = backup if backup is None or isinstance(backup, Backup) else Backup(backup)
        if keeper:
            keeper.facts = training_facts(trainer, self._arrays(stream, held_out), **settings)
        done = keeper.restore(trainer) if keeper else []
        log, look = _Log(done), HeldOut(stream=held_out, patience=patience)
        progress = [TrainingProgress(epochs * steps, epochs)] if plan.verbose else []
        watching = [look, *plan.callbacks, *progress, log, *([keeper] if keeper else [])]
        if not look.is_over(trainer):
            whole = tf.data.Dataset.from_tensors((stream.tokens, stream.labels)).repeat()
            fixed = {"initial_epoch": len(done), "steps_per_epoch": steps, "shuffle": False}
            with no_advice_on_retracing():
                trainer.fit(untuned(whole), epochs=epochs, callbacks=watching, verbose=0, **fixed)
        if keeper:
            keeper.remove()
        return log.logs

    @staticmethod
    def _arrays(*streams: Stream | None) -> list[np.ndarray]:
        return [part for s in streams if s is not None for part in (s.tokens, s.labels)]

    def _bits(self, stream: Stream) -> np.ndarray:
        self.check_fitted()
        if len(stream) < 2:
            raise ValueError(
                f"the text has {len(stream)} {self.unit}s; the first one is given, so at least 2 "
                "are needed."
            )
        return token_bits(self.network_, stream)

    def check_fitted(self) -> None:
        """Refuse to work before `fit`.

        Raises
        ------
        RuntimeError
            If nothing was fitted or loaded yet.
        """
        if not hasattr(self, "network_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit first.")

    def _writer(self) -> Writer:
        """Return what writes; that of an earlier request is kept, with its compiled loops."""
        kept = vars(self).get("_kept_writer")
        if kept is None or kept.network is not self.network_:
            kept = self._kept_writer = self._new_writer()
        return kept

    @abstractmethod
    def _new_writer(self) -> Writer:
        """Make what writes with the network."""

    def save(self, path: str | Path) -> None:
        """Write the trained model to one file, in one step.

        Parameters
        ----------
        path : str or Path
            By custom it ends in ``.zip``: it is a zip archive of weights and of JSON; nothing in
            it is pickled.

        Raises
        ------
        RuntimeError
            If nothing was fitted yet.
        """
        self.check_fitted()
        with replacing(Path(path)) as part, zipfile.ZipFile(part, "w") as archive:
            archive.writestr(_CONFIG, json.dumps(self._config()))
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder, _WEIGHTS)
                self.network_.save_weights(file)
                archive.write(file, file.name)

    def _config(self) -> dict[str, Any]:
        known = self.vocabulary_.tokens[int(self.vocabulary_.open_ended) :]
        return {
            "format": self._format(),
            "settings": self.settings(),
            "tokens": known,
            "open_ended": self.vocabulary_.open_ended,
            "history": self.history_.to_dict("list"),
            **self._facts(),
        }

    def _facts(self) -> dict[str, Any]:
        """Return what else a saved model must know, as JSON holds it."""
        return {}

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model that `save` wrote.

        Parameters
        ----------
        path : str or Path

        Returns
        -------
        LanguageModel
            Of this class, fitted; the same seed writes the same text as before.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not a file of `save`, or is damaged.
        """
        try:
            with zipfile.ZipFile(path) as archive:
                config = json.loads(archive.read(_CONFIG))
                if config["format"] != cls._format():
                    raise ValueError(f"its format is {config['format']!r}, not {cls._format()!r}")
                return cls(**config["settings"])._restore(config, archive)
        except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{Path(path).name} is damaged or was not written by {cls.__name__}.save "
                f"({error}). Save the model again."
            ) from error

    def _restore(self, config: dict[str, Any], archive: zipfile.ZipFile) -> Self:
        self.vocabulary_ = Vocabulary(config["tokens"], config["open_ended"])
        n_epochs = len(next(iter(config["history"].values()), ()))
        index = pd.RangeIndex(1, n_epochs + 1, name="epoch")
        self.history_ = pd.DataFrame(config["history"], index=index)
        self._use_facts(config)
        with seeded_weights(self.random_state):
            self.network_ = self._build()
        with tempfile.TemporaryDirectory() as folder:
            self.network_.load_weights(archive.extract(_WEIGHTS, folder))
        return self

    def _use_facts(self, config: dict[str, Any]) -> None:
        """Take back what `_facts` gave."""

    @classmethod
    def _format(cls) -> str:
        """Name the kind of file; the number rises when its content changes."""
        return f"gan_utils {cls.__name__} 1"


class _Log(keras.callbacks.Callback):
    """Keep the numbers of all epochs, those before a kill among them."""

    def __init__(self, done: list[dict[str, float]]) -> None:
        super().__init__()
        self.logs = list(done)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.logs.append({name: float(value) for name, value in logs.items()})
