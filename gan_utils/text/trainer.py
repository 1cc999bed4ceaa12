"""Train a network on every position of random windows of a text, and look at held-out text."""

import time
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils.networks.language import LanguageNetwork

#: Held-out text is read in pieces of so many tokens, each after so many that are not counted.
PIECE, BEFORE = 256, 128
#: So many pieces at a time at most, and so many numbers in their logits.
ROWS, MOST_LOGITS = 16, 2**24
#: The learning rate rises to its full height within so many steps at most.
WARM_UP = 50


class Stream:
    """A text as numbers, one after the other, with the label of each.

    Parameters
    ----------
    tokens : ndarray of shape (n,), int32
    labels : ndarray of shape (n,), int32, optional
        By default 0 everywhere.
    """

    def __init__(self, tokens: np.ndarray, labels: np.ndarray | None = None) -> None:
        self.tokens = np.asarray(tokens, np.int32)
        self.labels = np.zeros_like(self.tokens) if labels is None else np.asarray(labels, np.int32)

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.tokens)

    def __getitem__(self, part: slice) -> "Stream":
        """Return a part of it."""
        return Stream(self.tokens[part], self.labels[part])


class LanguageTrainer(keras.Model):
    """A ``keras.Model`` around a network: a step draws windows and learns each next token in them.

    The windows depend on the seed and on the number of the step alone, so that a run that was
    interrupted continues as if it had not been.

    Parameters
    ----------
    network : LanguageNetwork
    window, batch_size : int
        Length and number of the windows of one step.
    random_state : int
        Seed of the windows.
    candidates : int, optional
        Compare each next token with so many others instead of with a larger vocabulary, see
        `sampled_loss`: much less arithmetic.
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
        """The running mean of the bits a token, reset at each epoch."""
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
        """Draw windows anywhere in the text, one token longer than what is learnt from them."""
        last = tf.shape(tokens)[0] - self.window
        starts = tf.random.stateless_uniform((self.batch_size,), self._seed(0), 0, last, tf.int32)
        places = starts[:, None] + tf.range(self.window + 1)
        return tf.gather(tokens, places), tf.gather(labels, places)

    def loss_of(self, hidden: Any, targets: Any) -> Any:
        """Return the mean cross-entropy in nats, of the whole vocabulary or of candidates."""
        if self.candidates and self.candidates < self.network.n_tokens:
            return sampled_loss(self.network, hidden, targets, self.candidates, self._seed(1))
        logits = self.network.logits(hidden)
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
        )

    def _seed(self, stream: int) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        return tf.stack([key, tf.convert_to_tensor(self.step)])

    def keep_best(self, bits: float) -> None:
        """Remember the weights if no earlier ones did better on held-out text."""
        if bits < float(self.best_bits.numpy()):
            self.best_bits.assign(bits)
            self.waited.assign(0)
            self._copy(self.network.trainable_variables, self.best)
        else:
            self.waited.assign_add(1)

    def use_best(self) -> None:
        """Put the best weights back, where any were remembered."""
        if np.isfinite(float(self.best_bits.numpy())):
            self._copy(self.best, self.network.trainable_variables)

    @staticmethod
    def _copy(source: list[Any], target: list[Any]) -> None:
        for one, other in zip(source, target, strict=True):
            other.assign(one)


def sampled_loss(
    network: LanguageNetwork, hidden: Any, targets: Any, candidates: int, seed: Any
) -> Any:
    """Return the cross-entropy against the most frequent tokens and a draw of the others.

    Parameters
    ----------
    network : LanguageNetwork
        With tied outputs.
    hidden : tensor of shape (batch, length, width)
    targets : tensor of shape (batch, length)
        The right tokens.
    candidates : int
        How many others each is compared with, the same ones for the whole batch: one half are the
        tokens with the lowest numbers, the most frequent ones; the other half is drawn evenly from
        all that are left, and stands for them.
    seed : tensor of shape (2,)

    Returns
    -------
    tensor of shape ()
        Nats a token; an estimate of the whole vocabulary's.

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
    # A candidate that is the right token itself counts once only.
    others = tf.where(targets[:, None] == drawn[None], tf.constant(-1e9, others.dtype), others)
    everything = tf.concat([right[:, None], others], axis=1)
    return tf.reduce_mean(tf.reduce_logsumexp(everything, axis=1) - right)


class HeldOut(keras.callbacks.Callback):
    """Look at held-out text after each epoch, remember the best weights, and stop in time.

    Parameters
    ----------
    stream : Stream or None
        The held-out text.
    patience : int or None
        Stop when so many epochs in a row were no better than the best.
    """

    def __init__(self, stream: Stream | None, patience: int | None) -> None:
        super().__init__()
        self.stream, self.patience = stream, patience

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start the clock."""
        self._start = time.perf_counter()

    def is_over(self, trainer: LanguageTrainer) -> bool:
        """Say whether the training has waited long enough."""
        return self.patience is not None and int(trainer.waited.numpy()) >= self.patience

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Measure, remember, and add the numbers to those of the epoch."""
        logs["seconds"] = time.perf_counter() - self._start
        if self.stream is None:
            return
        bits = float(token_bits(self.model.network, self.stream).mean())
        logs["held_out_bits"] = bits
        self.model.keep_best(bits)
        self.model.stop_training = self.is_over(self.model)


def falling_rate(learning_rate: float, n_steps: int) -> keras.optimizers.schedules.CosineDecay:
    """Return a learning rate that rises quickly and then falls to a twentieth along a cosine."""
    warm_up = min(WARM_UP, n_steps // 10)
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 20,
        n_steps - warm_up,
        alpha=0.05,
        warmup_target=learning_rate,
        warmup_steps=warm_up,
    )


def token_bits(network: LanguageNetwork, stream: Stream) -> np.ndarray:
    """Return how many bits each token but the first costs, given those before it.

    The text is read in pieces; before each, the network reads `BEFORE` tokens that belong to the
    piece before it.

    Parameters
    ----------
    network : LanguageNetwork
    stream : Stream
        At least two tokens.

    Returns
    -------
    ndarray of shape (n - 1,), float32
        Minus the logarithm to base 2 of the probability of each token.
    """
    starts = np.arange(0, len(stream) - 1, PIECE)
    n_rows = min(ROWS, max(1, MOST_LOGITS // ((BEFORE + PIECE) * network.n_tokens)))
    read, bits = _reader(network), []
    for i in range(0, len(starts), n_rows):
        some = starts[i : i + n_rows]
        # Always as many rows: one more shape would be traced anew.
        rows = np.concatenate([some, np.full(n_rows - len(some), some[-1])])
        bits.append(_counted(read(*_pieces(stream, rows)).numpy(), rows)[: len(some)])
    return np.concatenate(bits).ravel()[: len(stream) - 1]


def _reader(network: LanguageNetwork) -> Any:
    """Return the compiled function that measures rows; made once for each network."""
    if not hasattr(network, "reader"):

        @tf.function(jit_compile=True, autograph=False)
        def read(tokens: Any, labels: Any) -> Any:
            logits, _ = network(tokens[:, :-1], labels[:, :-1])
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[:, 1:], logits)
            return nats / np.log(2)

        network.reader = read
    return network.reader


def _pieces(stream: Stream, starts: np.ndarray) -> list[np.ndarray]:
    """Cut rows that begin before the pieces; beyond the end of the text they hold zeros."""
    places = np.maximum(starts - BEFORE, 0)[:, None] + np.arange(BEFORE + PIECE + 1)
    inside = places < len(stream)
    places = np.where(inside, places, 0)
    return [np.where(inside, part[places], 0) for part in (stream.tokens, stream.labels)]


def _counted(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Keep of each row what belongs to its piece; nothing stands before the first one."""
    offsets = np.minimum(starts, BEFORE)[:, None] + np.arange(PIECE)
    return np.take_along_axis(rows, offsets, axis=1)
