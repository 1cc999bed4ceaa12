"""Train SentiGAN with likelihood steps, discriminator steps and generator steps."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras, tf
from gan_utils._support.progress_bar import ProgressBar
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.adversary import (
    END_NUMBER,
    chosen_probabilities,
    continue_sentences,
    penalty_loss,
    sampled_places,
    word_penalties,
)
from gan_utils.text.trainer import falling_rate

#: Number of steps of one kind that are averaged in each row of the history.
STEPS_PER_ROW = 20


class SentiganTrainer:
    """Run the compiled training steps; random draws depend only on the seed and the step.

    Parameters
    ----------
    generators : sequence of LanguageNetwork
        One generator per label.
    discriminator : keras.Model
        A network with one class per label and one class for generated sentences.
    rows : sequence of ndarray of shape (n_i, length), int32
        One array per label, with the sentences that have this label.
    batch_size : int
        Number of sentences of each class in a step.
    n_rollouts, n_places : int
        Number of rollouts per word, and number of words per sentence for which the penalty is
        estimated (all words if ``n_places`` is None).
    random_state : int
        Seed for all draws.
    """

    def __init__(
        self,
        generators: Sequence[LanguageNetwork],
        discriminator: keras.Model,
        rows: Sequence[np.ndarray],
        batch_size: int,
        n_rollouts: int,
        n_places: int | None,
        random_state: int,
    ) -> None:
        self.generators, self.discriminator = list(generators), discriminator
        self.rows = [tf.constant(part) for part in rows]
        self.batch_size, self.n_rollouts, self.n_places = batch_size, n_rollouts, n_places
        self.key, self.n_draws = np.random.SeedSequence(random_state).generate_state(1)[0], 0

    def compile(self, likelihood_rate: float, n_steps: int, rate: float, d_rate: float) -> None:
        """Create the optimizers and the compiled steps.

        Parameters
        ----------
        likelihood_rate : float
            Peak of the likelihood steps' learning rate, which then falls along a cosine.
        n_steps : int
            Number of likelihood steps.
        rate, d_rate : float
            Learning rates of the generators in the game, and of the discriminator.
        """
        falling = falling_rate(likelihood_rate, max(n_steps, 10))
        self._likelihood = [self._compiled(self._learn, g, falling) for g in self.generators]
        self._play = [
            self._compiled(self._adapt, generator, rate, label)
            for label, generator in enumerate(self.generators)
        ]
        self._judge = self._compiled(self._distinguish, self.discriminator, d_rate)

    @staticmethod
    def _compiled(step: Any, network: keras.Model, rate: Any, *fixed: Any) -> Any:
        optimizer = keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=1.0, name="adam")
        optimizer.build(network.trainable_variables)
        return tf.function(lambda *given: step(network, optimizer, *fixed, *given))

    def seed(self) -> Any:
        """Return the seed of the next step."""
        self.n_draws += 1
        return tf.constant([self.key, self.n_draws], tf.int64)

    def likelihood_step(self) -> float:
        """Train each generator on real sentences with its label; return the mean bits per token."""
        pairs = zip(self._likelihood, self.rows, strict=True)
        return float(np.mean([step(rows, self.seed()) for step, rows in pairs]) / np.log(2))

    def discriminator_step(self) -> float:
        """Train the discriminator on real and generated sentences; return its cross-entropy."""
        return float(self._judge(self.seed()))

    def generator_step(self) -> float:
        """Train each generator with the penalties of its words; return the mean penalty."""
        return float(np.mean([step(self.seed()) for step in self._play]))

    def _learn(self, network: Any, optimizer: Any, rows: Any, seed: Any) -> Any:
        """Maximize the likelihood of real sentences."""
        sentences = self._some(rows, self.batch_size, seed)
        before = tf.pad(sentences[:, :-1], [[0, 0], [1, 0]], constant_values=END_NUMBER)
        counts = tf.pad(before[:, 1:] != END_NUMBER, [[0, 0], [1, 0]], constant_values=True)
        targets = tf.boolean_mask(sentences, counts)
        with tf.GradientTape() as tape:
            hidden, _ = network.hidden(before, None, None, training=True)
            logits = network.logits(tf.boolean_mask(hidden, counts))
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_mean(losses)
        self._descend(tape, loss, network, optimizer)
        return loss

    def _distinguish(self, network: Any, optimizer: Any, seed: Any) -> Any:
        """Train the discriminator to label real sentences and to recognize generated sentences."""
        k = len(self.generators)
        real = [self._some(rows, self.batch_size, seed + i) for i, rows in enumerate(self.rows)]
        each = -(-self.batch_size // k)
        made = [self._written(g, each, seed + k + i) for i, g in enumerate(self.generators)]
        classes = np.repeat(np.arange(k + 1), [self.batch_size] * k + [each * k])
        with tf.GradientTape() as tape:
            logits = network(tf.concat([*real, *made], axis=0), training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(classes, logits)
            loss = tf.reduce_mean(losses)
        self._descend(tape, loss, network, optimizer)
        return loss

    def _adapt(self, network: Any, optimizer: Any, label: int, seed: Any) -> Any:
        """Lower the probability of each word in proportion to its penalty."""
        sentences = self._written(network, self.batch_size, seed)
        places, weights = sampled_places(sentences, self.n_places, seed + 1)
        penalties = word_penalties(
            network, self.discriminator, label, sentences, places, self.n_rollouts, seed + 2
        )
        with tf.GradientTape() as tape:
            probabilities = chosen_probabilities(network, sentences, places)
            loss = penalty_loss(probabilities, penalties, weights)
        self._descend(tape, loss, network, optimizer)
        return tf.reduce_mean(penalties)

    @staticmethod
    def _some(rows: Any, n: int, seed: Any) -> Any:
        drawn = tf.random.stateless_uniform((n,), seed, 0, tf.shape(rows)[0], tf.int32)
        return tf.gather(rows, drawn)

    def _written(self, network: LanguageNetwork, n: int, seed: Any) -> Any:
        given = tf.zeros((n, self.rows[0].shape[1]), tf.int32)
        return continue_sentences(network, given, tf.zeros((n,), tf.int32), seed)

    @staticmethod
    def _descend(tape: Any, loss: Any, network: keras.Model, optimizer: Any) -> None:
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)


def start_from_words(
    generators: Sequence[LanguageNetwork],
    discriminator: keras.Model,
    rows: np.ndarray,
    vectors: np.ndarray | None,
) -> None:
    """Initialize the networks with word frequencies and, if available, with word vectors.

    Parameters
    ----------
    generators : sequence of LanguageNetwork
        Networks whose output layer reuses the word vectors (tied weights).
    discriminator : keras.Model
        A network built by `build_sentence_discriminator`.
    rows : ndarray of shape (n, length), int32
        The training sentences.
    vectors : ndarray of shape (n_tokens, embedding_dim), or None
        The vectors of the vocabulary's words.
    """
    counts = np.bincount(rows.ravel(), minlength=generators[0].n_tokens) + 1
    counts[END_NUMBER] = len(rows)  # an end counts once per sentence; padding is not counted
    for generator in generators:
        generator.head.bias.assign(np.log(counts / counts.sum()))
    if vectors is not None:
        for network in (*generators, discriminator):
            network.get_layer("embedding").embeddings.assign(vectors)


class StepLog:
    """Take training steps, and record the mean value of every 20 steps of each kind.

    Parameters
    ----------
    n_steps : int
        Number of steps that the progress line counts.
    verbose : int
        If 0, no progress line is shown.
    """

    def __init__(self, n_steps: int, verbose: int) -> None:
        self._bar = ProgressBar(n_steps, "steps") if verbose and n_steps else None
        self._start, self._values, self._rows = time.perf_counter(), {}, []

    def add(self, kind: str, step: Callable[[], float], is_own: bool = True) -> None:
        """Take a step.

        Parameters
        ----------
        kind : str
            The name of this kind of step in `table`.
        step : callable
            A function that takes the step and returns a number.
        is_own : bool
            Whether the progress line counts the step.
        """
        values = self._values.setdefault(kind, [])
        values.append(step())
        if len(values) % STEPS_PER_ROW == 0:
            mean, seconds = np.mean(values[-STEPS_PER_ROW:]), time.perf_counter() - self._start
            self._rows.append((kind, len(values), float(mean), seconds))
        if self._bar is not None and is_own:
            self._bar.update(1)

    def table(self) -> pd.DataFrame:
        """Return the recorded values, and close the progress line."""
        if self._bar is not None:
            self._bar.close()
        return pd.DataFrame(self._rows, columns=["kind", "step", "value", "seconds"])
