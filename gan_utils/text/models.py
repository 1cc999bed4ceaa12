"""The base class of the letter and word language models."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import can_use_xla, keras, tf
from gan_utils._support.checks import as_tensorflow_seed, check_count, check_in_range
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.networks.language import CELLS, LanguageNetwork
from gan_utils.networks.parts import seeded_weights
from gan_utils.text.bits import BitsMixin
from gan_utils.text.plan import TrainingPlan
from gan_utils.text.reading import Stream, token_bits
from gan_utils.text.trainer import HeldOut, LanguageTrainer, falling_rate
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.writing import Writer
from gan_utils.training import SaveMixin, TrainingProgress, resuming
from gan_utils.training.batches import untuned
from gan_utils.training.saving import ModelArchive, as_json, weights_of

#: Name of the weights inside a saved model.
_WEIGHTS = "network"
#: Minimum number of steps for which compiling with XLA (about 3 s) saves more time than it takes.
WORTH_XLA = 300


class LanguageModel(BitsMixin, SaveMixin):
    """A recurrent network that learns how a text continues.

    A subclass takes its parameters in ``__init__``, and defines what a token is.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The known tokens.
    network_ : LanguageNetwork
        The trained network.
    history_ : DataFrame
        One row per epoch, with the ``bits`` per token in training (with dropout), the
        ``held_out_bits`` if text was held out, and the ``seconds`` since the start of the training.
    """

    #: The name of a token in messages.
    unit = "token"
    #: Parameters that must be whole numbers of at least 1.
    counts = ("units", "n_layers", "embedding_dim", "window", "batch_size")
    #: Number of tokens that each next token is compared with in training; if None, it is compared
    #: with all tokens.
    candidates: int | None = None

    @abstractmethod
    def _build(self) -> LanguageNetwork:
        """Make a new network for the vocabulary."""

    def _check_settings(self) -> None:
        for name in self.counts:
            setattr(self, name, check_count(name, getattr(self, name)))
        self.random_state = as_tensorflow_seed(check_count("random_state", self.random_state, 0))
        if self.cell not in CELLS:
            raise ValueError(f"cell={self.cell!r} is unknown: use one of {', '.join(CELLS)}.")
        for name in ("dropout", "input_dropout"):
            check_in_range(name, getattr(self, name), "[0, 1)", ", such as 0.5")
        check_in_range("learning_rate", self.learning_rate, "(0, inf)", ", such as 4e-3")

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Leave the model as it was if training fails or is interrupted."""
        before = dict(vars(self))
        try:
            yield
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            raise

    def _fit(self, stream: Stream, held_out: Stream | None, plan: TrainingPlan) -> Self:
        as_json([self.saved_settings(), self._facts()])  # raises an error now, not later in `save`
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
        is_worth_it = n_steps >= WORTH_XLA and can_use_xla()
        trainer.compile(optimizer=optimizer, jit_compile=is_worth_it)
        return trainer

    def _begin(self, stream: Stream, verbose: int) -> None:
        """Set those initial weights of a new network that are not random."""

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
        look = HeldOut(stream=held_out, patience=patience)
        progress = [TrainingProgress(epochs * steps, epochs)] if plan.verbose else []
        with resuming(backup, trainer, self._arrays(stream, held_out), **settings) as keeper:
            if not look.is_over(trainer):
                whole = tf.data.Dataset.from_tensors((stream.tokens, stream.labels)).repeat()
                fixed = {"steps_per_epoch": steps, "shuffle": False, "verbose": 0}
                fixed |= {"epochs": epochs, "initial_epoch": keeper.first_epoch}
                look.seconds = keeper.logs[-1]["seconds"] if keeper.logs else 0.0
                given = keras.tree.flatten(plan.callbacks or [])  # a single one is accepted, too
                watching = [look, *given, *progress, keeper]
                with no_advice_on_retracing():
                    trainer.fit(untuned(whole), callbacks=watching, **fixed)
        return keeper.logs

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
        """Raise an error if the model is not fitted.

        Raises
        ------
        RuntimeError
            If nothing has been fitted or loaded yet.
        """
        if not hasattr(self, "network_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit first.")

    def _writer(self) -> Writer:
        """Return a writer; the writer of an earlier request is reused with its compiled loops."""
        kept = vars(self).get("_kept_writer")
        if kept is None or kept.network is not self.network_:
            kept = self._kept_writer = self._new_writer()
        return kept

    @abstractmethod
    def _new_writer(self) -> Writer:
        """Make a writer for the network."""

    def _write(self, archive: ModelArchive) -> dict[str, Any]:
        if not hasattr(self, "history_"):
            raise RuntimeError("the training was interrupted. Call fit again before save.")
        archive.write_weights(_WEIGHTS, weights_of(self.network_))
        known = self.vocabulary_.tokens[int(self.vocabulary_.open_ended) :]
        return {
            "tokens": known,
            "open_ended": self.vocabulary_.open_ended,
            "history": self.history_.to_dict("list"),
            **self._facts(),
        }

    def _facts(self) -> dict[str, Any]:
        """Return further values that must be saved with the model, as JSON values."""
        return {}

    def _restore(self, config: dict[str, Any], archive: ModelArchive) -> None:
        self.vocabulary_ = Vocabulary(config["tokens"], config["open_ended"])
        n_epochs = len(next(iter(config["history"].values()), ()))
        index = pd.RangeIndex(1, n_epochs + 1, name="epoch")
        self.history_ = pd.DataFrame(config["history"], index=index)
        self._use_facts(config)
        with seeded_weights(self.random_state):
            self.network_ = self._build()
        archive.read_weights(_WEIGHTS, self.network_)

    def _use_facts(self, config: dict[str, Any]) -> None:
        """Restore the values that `_facts` returned."""

    @classmethod
    def _format(cls) -> str:
        """Return the name and the version number of the file format."""
        return f"gan_utils {cls.__name__} 1"
