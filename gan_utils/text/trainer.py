"""Train a network on every position of random windows of a text, and score held-out text.

The windows are drawn inside the compiled training step and depend on the seed and the step number.
"""

import time
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.reading import Stream, token_bits

#: The learning rate rises to its maximum in at most this many steps.
WARM_UP = 50


class LanguageTrainer(keras.Model):
    """A ``keras.Model`` that trains a network to predict the next tokens in random windows.

    The windows depend only on the seed and on the step number, so an interrupted run
    continues as if it had never stopped.

    Parameters
    ----------
    network : LanguageNetwork
        The network to train.
    window, batch_size : int
        Length and number of the windows in one step.
    random_state : int
        Seed for the windows.
    candidates : int, optional
        If the vocabulary is larger than this number, each next token is compared with only this
        many others (see `sampled_loss`), which takes much less computation.
    """

    def __init__(
        self,
        network: LanguageNetwork,
        window: int,
        batch_size: int,
        random_state: int,
        candidates: int | None = None,
    ) -> None:
        super().__init__(name="language_trainer")
        self.network, self.window, self.batch_size = network, window, batch_size
        self.random_state, self.candidates = random_state, candidates
        self.step = self._number("step", "int64", 0)
        self.best_bits = self._number("best_bits", "float32", np.inf)
        self.waited = self._number("waited", "int64", 0)
        self.best = [
            self.add_weight(name=f"best_{i}", shape=w.shape, initializer="zeros", trainable=False)
            for i, w in enumerate(network.trainable_variables)
        ]
        self.bits = keras.metrics.Mean(name="bits")
        self.built = True

    def _number(self, name: str, dtype: str, first: float) -> Any:
        start = keras.initializers.Constant(first)
        return self.add_weight(name=name, shape=(), dtype=dtype, initializer=start, trainable=False)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running mean of the bits per token, reset at each epoch."""
        return [self.bits]

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take one step of gradient descent on a batch of windows."""
        tokens, labels = self.draw_windows(*data)
        with tf.GradientTape() as tape:
            hidden, _ = self.network.hidden(tokens[:, :-1], labels[:, :-1], None, training=True)
            loss = self.loss_of(hidden, tokens[:, 1:])
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        self.step.assign_add(1)
        self.bits.update_state(loss / np.log(2))
        return {"bits": self.bits.result()}

    def draw_windows(self, tokens: Any, labels: Any) -> tuple[Any, Any]:
        """Draw random windows of the text, each one token longer than the number of predictions.

        Parameters
        ----------
        tokens, labels : tensor of shape (n,), int32
            The text, and the label of each token.

        Returns
        -------
        tuple of two tensors of shape (batch_size, window + 1), int32
            Tokens and labels; the same step gives the same windows.
        """
        last = tf.shape(tokens)[0] - self.window
        starts = tf.random.stateless_uniform((self.batch_size,), self._seed(0), 0, last, tf.int32)
        places = starts[:, None] + tf.range(self.window + 1)
        return tf.gather(tokens, places), tf.gather(labels, places)

    def loss_of(self, hidden: Any, targets: Any) -> Any:
        """Return the mean cross-entropy over the whole vocabulary or over the candidates only.

        Parameters
        ----------
        hidden : tensor of shape (batch, length, width)
            The values from which the outputs are computed.
        targets : tensor of shape (batch, length), int32
            The correct tokens.

        Returns
        -------
        tensor of shape ()
            The loss, in nats per token.
        """
        if self.candidates is not None and self.candidates < self.network.n_tokens:
            return sampled_loss(self.network, hidden, targets, self.candidates, self._seed(1))
        logits = self.network.logits(hidden)
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
        )

    def _seed(self, stream: int) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        return tf.stack([key, tf.convert_to_tensor(self.step)])

    def keep_best(self, bits: float) -> None:
        """Store the weights if they score better on held-out text than all earlier weights.

        Parameters
        ----------
        bits : float, at least 0
            Bits per token on held-out text.
        """
        if bits < float(self.best_bits.numpy()):
            self.best_bits.assign(bits)
            self.waited.assign(0)
            self._copy(self.network.trainable_variables, self.best)
        else:
            self.waited.assign_add(1)

    def use_best(self) -> None:
        """Restore the best weights, if any were stored."""
        if np.isfinite(float(self.best_bits.numpy())):
            self._copy(self.best, self.network.trainable_variables)

    @staticmethod
    def _copy(source: list[Any], target: list[Any]) -> None:
        for one, other in zip(source, target, strict=True):
            other.assign(one)


def sampled_loss(
    network: LanguageNetwork, hidden: Any, targets: Any, candidates: int, seed: Any
) -> Any:
    """Return the cross-entropy against the most frequent tokens and a sample of the others.

    Parameters
    ----------
    network : LanguageNetwork
        A network whose output layer reuses the word vectors (tied weights).
    hidden : tensor of shape (batch, length, width)
        The values from which the outputs are computed.
    targets : tensor of shape (batch, length), int32
        The correct tokens.
    candidates : int
        Number of tokens that each correct token is compared with; they are the same for the whole
        batch. Half of them are the tokens with the lowest numbers, which are the most frequent
        ones. The other half are drawn uniformly from the remaining tokens, which they represent.
    seed : tensor of shape (2,), int64
        The seed; the same seed gives the same candidates.

    Returns
    -------
    tensor of shape ()
        An estimate of the loss over the whole vocabulary, in nats per token.

    References
    ----------
    Jean, Cho, Memisevic and Bengio 2015, arXiv 1412.2007.
    """
    vectors, bias = network.embedding.embeddings, network.head.bias
    n = vectors.shape[0]
    n_first = candidates // 2
    rest = tf.random.stateless_uniform((candidates - n_first,), seed, n_first, n, tf.int32)
    drawn = tf.concat([tf.range(n_first), rest], axis=0)
    weights = np.ones(candidates, np.float32)
    weights[n_first:] = (n - n_first) / (candidates - n_first)
    width = hidden.shape[-1]
    hidden, targets = tf.reshape(hidden, (-1, width)), tf.reshape(targets, (-1,))
    right = tf.reduce_sum(hidden * tf.gather(vectors, targets), axis=-1) + tf.gather(bias, targets)
    others = tf.matmul(hidden, tf.gather(vectors, drawn), transpose_b=True)
    others += tf.gather(bias, drawn) + np.log(weights)
    # A candidate that is the correct token itself counts only once.
    others = tf.where(targets[:, None] == drawn[None], tf.constant(-1e9, others.dtype), others)
    everything = tf.concat([right[:, None], others], axis=1)
    return tf.reduce_mean(tf.reduce_logsumexp(everything, axis=1) - right)


class HeldOut(keras.callbacks.Callback):
    """Score held-out text after each epoch, keep the best weights, and stop early.

    Parameters
    ----------
    stream : Stream or None
        The held-out text; if None, nothing is scored.
    patience : int or None
        Stop after this many epochs in a row without improvement; if None, never stop early.
    """

    def __init__(self, stream: Stream | None, patience: int | None) -> None:
        super().__init__()
        self.stream, self.patience = stream, patience
        self.seconds = 0.0  # spent before the training was resumed

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start the clock."""
        self._start = time.perf_counter()

    def is_over(self, trainer: LanguageTrainer) -> bool:
        """Return whether ``patience`` epochs in a row have passed without improvement.

        Parameters
        ----------
        trainer : LanguageTrainer
            The trainer, which counts the epochs without improvement.

        Returns
        -------
        bool
        """
        return self.patience is not None and int(trainer.waited.numpy()) >= self.patience

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Score held-out text, keep the best weights, and add the results to the epoch's logs."""
        logs["seconds"] = self.seconds + time.perf_counter() - self._start
        if self.stream is None:
            return
        bits = float(token_bits(self.model.network, self.stream).mean())
        logs["held_out_bits"] = bits
        self.model.keep_best(bits)
        self.model.stop_training = self.is_over(self.model)


def falling_rate(learning_rate: float, n_steps: int) -> keras.optimizers.schedules.CosineDecay:
    """Return a learning rate that rises quickly, then falls along a cosine to 1/20 of its peak.

    Parameters
    ----------
    learning_rate : float, above 0
        The maximum of the learning rate.
    n_steps : int, at least 1
        Number of steps in the whole run. The rate rises during the first tenth of the steps, but
        for at most 50 steps.

    Returns
    -------
    keras.optimizers.schedules.CosineDecay

    References
    ----------
    Loshchilov and Hutter 2017, *SGDR: stochastic gradient descent with warm restarts*, arXiv
    1608.03983.
    """
    warm_up = min(WARM_UP, n_steps // 10)
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 20,
        n_steps - warm_up,
        alpha=0.05,
        warmup_target=learning_rate,
        warmup_steps=warm_up,
    )
