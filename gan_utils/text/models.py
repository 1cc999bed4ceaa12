"""What language models of letters and of words have in common."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras, tf
from gan_utils._support.checks import check_count
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.networks.language import CELLS, LanguageNetwork
from gan_utils.networks.parts import seeded_weights
from gan_utils.text.sampling import Choice, Sampler
from gan_utils.text.trainer import (
    HeldOut,
    LanguageTrainer,
    Stream,
    falling_rate,
    token_bits,
)
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.training import Backup, SaveMixin, TrainingProgress, resuming
from gan_utils.training.batches import untuned
from gan_utils.training.saving import ModelArchive, as_json, weights_of

#: Name of the weights inside a saved model.
_WEIGHTS = "network"


class LanguageModel(SaveMixin):
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

    def _check_settings(self) -> None:
        for name in self.counts:
            check_count(name, getattr(self, name))
        check_count("random_state", self.random_state, 0)
        if self.cell not in CELLS:
            raise ValueError(f"cell={self.cell!r} is unknown: use one of {', '.join(CELLS)}.")
        for name in ("dropout", "input_dropout"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)!r} must be in [0, 1), such as 0.5.")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate={self.learning_rate!r} must be above 0, such as 4e-3.")

    def _fit(
        self,
        stream: Stream,
        held_out: Stream | None,
        epochs: int,
        patience: int | None,
        steps_per_epoch: int | None,
        backup: str | Path | Backup | None,
        callbacks: Sequence[keras.callbacks.Callback],
        verbose: int,
    ) -> Self:
        check_count("epochs", epochs)
        as_json([self.saved_settings(), self._facts()])  # refused now, not by `save`
        self._check_length(stream)
        per_step = self.batch_size * self.window
        steps = steps_per_epoch or max(1, len(stream) // per_step)
        vars(self).pop("history_", None)  # that of an earlier fit is not this network's
        trainer = self._trainer(epochs * steps)
        logs = self._train(
            trainer, stream, held_out, epochs, steps, patience, backup, callbacks, verbose
        )
        trainer.use_best()
        self.history_ = pd.DataFrame(logs, index=pd.RangeIndex(1, len(logs) + 1, name="epoch"))
        return self

    def _check_length(self, stream: Stream) -> None:
        least = self.window + 2
        if len(stream) < least:
            raise ValueError(
                f"the text has {len(stream)} {self.unit}s to learn from, but window={self.window} "
                f"needs at least {least}. Give more text, or a smaller window."
            )

    def _trainer(self, n_steps: int) -> LanguageTrainer:
        with seeded_weights(self.random_state):
            self.network_ = self._build()
        trainer = LanguageTrainer(
            self.network_, self.window, self.batch_size, self.random_state, self.candidates
        )
        optimizer = keras.optimizers.Adam(
            falling_rate(self.learning_rate, n_steps), beta_2=0.99, global_clipnorm=1.0, name="adam"
        )
        optimizer.build(self.network_.trainable_variables)
        trainer.compile(optimizer=optimizer, jit_compile=True)
        return trainer

    def _train(
        self,
        trainer: LanguageTrainer,
        stream: Stream,
        held_out: Stream | None,
        epochs: int,
        steps: int,
        patience: int | None,
        backup: str | Path | Backup | None,
        callbacks: Sequence[keras.callbacks.Callback],
        verbose: int,
    ) -> list[dict[str, float]]:
        settings = {**self.settings(), "epochs": epochs, "steps": steps, "patience": patience}
        look = HeldOut(stream=held_out, patience=patience)
        progress = [TrainingProgress(epochs * steps, epochs)] if verbose else []
        with resuming(backup, trainer, self._arrays(stream, held_out), **settings) as keeper:
            if not look.is_over(trainer):
                whole = tf.data.Dataset.from_tensors((stream.tokens, stream.labels)).repeat()
                fixed = {"steps_per_epoch": steps, "shuffle": False, "verbose": 0}
                fixed |= {"epochs": epochs, "initial_epoch": keeper.first_epoch}
                watching = [look, *callbacks, *progress, keeper]
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
        """Refuse to work before `fit`.

        Raises
        ------
        RuntimeError
            If nothing was fitted or loaded yet.
        """
        if not hasattr(self, "network_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit first.")

    @staticmethod
    def _check_request(length: int, n_samples: int | None, stream: bool) -> None:
        check_count("length", length)
        if n_samples is not None:
            check_count("n_samples", n_samples)
            if stream:
                raise ValueError("stream=True shows a single text. Leave n_samples out.")

    def _sampler(self, choice: Choice, step: Any, forbidden: Sequence[int] = ()) -> Sampler:
        """Return a sampler; the compiled loop of an earlier call with the same choice is kept."""
        key = (choice, tuple(forbidden), step)
        kept = self.__dict__.setdefault("_samplers", {})
        if kept.get("network") is not self.network_:
            kept.clear()
            kept["network"] = self.network_
        if key not in kept:
            kept[key] = Sampler(step, choice, np.asarray(forbidden, np.int32))
        return kept[key]

    def _read(self, numbers: np.ndarray, labels: np.ndarray | None, n: int) -> tuple[Any, Any]:
        """Read a prompt once, and return logits and states for n texts that go on from there."""
        tokens = tf.constant(np.tile(numbers, (n, 1)))
        known = None if labels is None else tf.constant(np.tile(labels[:, None], (1, len(numbers))))
        logits, states = self.network_(tokens, known)
        return logits[:, -1], states

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
        """Return what else a saved model must know, as JSON holds it."""
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
        """Take back what `_facts` gave."""


def as_texts(text: str | Sequence[str], what: str = "the text") -> list[str]:
    """Return a list of texts.

    Parameters
    ----------
    text : str or sequence of str
    what : str
        For errors.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If something else than text is among them.
    ValueError
        If nothing but white space is there.
    """
    texts = [text] if isinstance(text, str) else list(text)
    for place, one in enumerate(texts):
        if not isinstance(one, str):
            raise TypeError(f"{what} holds {type(one).__name__} at place {place}, not str.")
    if not any(one.strip() for one in texts):
        raise ValueError(f"{what} is empty. Give at least some words.")
    return texts


def first_of_two(n: int, share: float, what: str) -> int:
    """Return how many of n are learnt, where a share of them is held out.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1, or one of the two parts would be empty.
    """
    if not 0 < share < 1:
        raise ValueError(f"validation_split={share!r} must be in (0, 1), such as 0.1.")
    cut = round(n * (1 - share))
    if not 0 < cut < n:
        raise ValueError(f"{n} {what} are too few to hold some out. Give more, or held_out=False.")
    return cut


def seed_or_drawn(random_state: int | None) -> int:
    """Return the seed, or a new one where none is given."""
    return int(np.random.default_rng().integers(2**31)) if random_state is None else random_state


def shown(pieces: Iterator[str], stream: bool) -> Iterator[str]:
    """Pass pieces of a text on, printed as they come if asked to."""
    for piece in pieces:
        if stream:
            print(piece, end="", flush=True)
        yield piece
    if stream:
        print()


def pieces_of(draws: Iterator[np.ndarray], vocabulary: Vocabulary) -> Iterator[list[str]]:
    """Decode the tokens of a single text as they come."""
    for numbers in draws:
        yield vocabulary.decode(numbers[0])
