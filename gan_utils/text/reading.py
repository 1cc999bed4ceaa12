"""Read a text with a network, and measure how many bits each token costs."""

from typing import Any

import numpy as np

from gan_utils._support.backend import can_use_xla, tf
from gan_utils.networks.language import LanguageNetwork

#: A text is read in pieces of `PIECE` tokens, each preceded by `BEFORE` tokens that are not scored.
PIECE, BEFORE = 256, 128
#: Maximum number of pieces read at once, and maximum number of values in their logits.
_MOST_ROWS, _MOST_LOGITS = 16, 2**24


class Stream:
    """A text as token numbers, with the label of each token.

    Parameters
    ----------
    tokens : ndarray of shape (n,), int32
        Token numbers in a vocabulary.
    labels : ndarray of shape (n,), int32, optional
        The label of each token; by default, all labels are 0.
    """

    def __init__(self, tokens: np.ndarray, labels: np.ndarray | None = None) -> None:
        self.tokens = np.asarray(tokens, np.int32)
        self.labels = np.zeros_like(self.tokens) if labels is None else np.asarray(labels, np.int32)

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.tokens)

    def __getitem__(self, part: slice) -> "Stream":
        """Return a part of the stream."""
        return Stream(self.tokens[part], self.labels[part])


def token_bits(network: LanguageNetwork, stream: Stream) -> np.ndarray:
    """Return how many bits each token except the first costs, given the tokens before it.

    The text is read in pieces; before each piece, the network reads the last `BEFORE` tokens of the
    previous piece.

    Parameters
    ----------
    network : LanguageNetwork
        A network, trained or not.
    stream : Stream
        A text of at least two tokens.

    Returns
    -------
    ndarray of shape (n - 1,), float32
        Minus the logarithm to base 2 of the probability of each token.
    """
    starts = np.arange(0, len(stream) - 1, PIECE)
    n_rows = min(_MOST_ROWS, max(1, _MOST_LOGITS // ((BEFORE + PIECE) * network.n_tokens)))
    read, bits = _reader(network), []
    for i in range(0, len(starts), n_rows):
        some = starts[i : i + n_rows]
        # The number of rows is always the same, because TensorFlow recompiles for a new shape.
        rows = np.concatenate([some, np.full(n_rows - len(some), some[-1])])
        bits.append(_without_lead(read(*_rows_of_pieces(stream, rows)).numpy(), rows)[: len(some)])
    return np.concatenate(bits).ravel()[: len(stream) - 1]


def _reader(network: LanguageNetwork) -> Any:
    """Return the compiled function that scores rows; it is made once for each network."""
    if not hasattr(network, "reader"):

        @tf.function(jit_compile=can_use_xla(), autograph=False)
        def read(tokens: Any, labels: Any) -> Any:
            logits, _ = network(tokens[:, :-1], labels[:, :-1])
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[:, 1:], logits)
            return nats / np.log(2)

        network.reader = read
    return network.reader


def _rows_of_pieces(stream: Stream, starts: np.ndarray) -> list[np.ndarray]:
    """Cut one row per piece, starting with the tokens before it; pad with zeros after the text."""
    places = np.maximum(starts - BEFORE, 0)[:, None] + np.arange(BEFORE + PIECE + 1)
    inside = places < len(stream)
    places = np.where(inside, places, 0)
    return [np.where(inside, part[places], 0) for part in (stream.tokens, stream.labels)]


def _without_lead(rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Drop the tokens before each row's piece; there are none before the first piece."""
    offsets = np.minimum(starts, BEFORE)[:, None] + np.arange(PIECE)
    return np.take_along_axis(rows, offsets, axis=1)
