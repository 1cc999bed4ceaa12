"""Recurrent networks that predict the next token: a letter or a word."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_utils._support.backend import check_precision, keras, layers, tf
from gan_utils.networks.fast_lstm import lstm_outputs
from gan_utils.networks.parts import dense, first_seed, glorot, orthogonal, whole

#: The available recurrent layers.
CELLS = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}


class LanguageNetwork(keras.Model):
    """Predict the next token of a sequence from the current token and a recurrent state.

    The network has an embedding, recurrent layers, and one output (a logit) per token.

    Parameters
    ----------
    n_tokens : int
        Size of the vocabulary.
    embedding_dim, units, n_layers : int
        Length of a token's vector, width of a recurrent layer, and number of recurrent layers.
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    dropout, input_dropout : float in [0, 1)
        Fractions of each layer's outputs and of the input vectors' entries that are dropped in
        training; the same entries are dropped at every position of a window.
    n_labels, label_dim : int
        Number of labels, such as sentiments (0 if there are none), and length of a label's vector,
        which is joined to each token's vector.
    tied : bool
        Whether each output is the dot product of a token's vector and the output of an
        additional layer of size ``embedding_dim``. This saves weights if the vocabulary is large.
    vectors : ndarray of shape (n_tokens, embedding_dim), optional
        Initial values of the tokens' vectors.

    References
    ----------
    Graves 2013, *Generating sequences with recurrent neural networks*, arXiv 1308.0850; for tied
    outputs, Press and Wolf 2017, arXiv 1608.05859; for dropout, Gal and Ghahramani 2016, arXiv
    1512.05287.
    """

    def __init__(
        self,
        n_tokens: int,
        embedding_dim: int = 64,
        units: int = 256,
        n_layers: int = 1,
        cell: str = "lstm",
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        n_labels: int = 0,
        label_dim: int = 16,
        tied: bool = False,
        vectors: np.ndarray | None = None,
    ) -> None:
        check_precision()
        super().__init__(name="language")
        self.n_tokens, self.units, self.n_labels, self.tied = n_tokens, units, n_labels, tied
        self.embedding = _token_vectors(n_tokens, embedding_dim, "embedding", vectors)
        self.label_embedding = _token_vectors(n_labels, label_dim, "labels") if n_labels else None
        self.recurrent = [_recurrent(cell, units, i) for i in range(1, n_layers + 1)]
        self.drop_input = _dropout(input_dropout, "drop_input")
        self.drops = [_dropout(dropout, f"drop_{i}") for i in range(1, n_layers + 1)]
        self.bridge = dense(embedding_dim, name="bridge") if tied else None
        self.head = _Bias(n_tokens, name="head") if tied else dense(n_tokens, name="head")
        self._build(embedding_dim + (label_dim if n_labels else 0), embedding_dim)

    def _build(self, width: int, embedding_dim: int) -> None:
        for layer in self.recurrent:
            layer.build((None, None, width))
            width = self.units
        if self.tied:
            self.bridge.build((None, None, width))
            width = embedding_dim
        self.head.build((None, None, width))
        self.built = True

    def zero_states(self, batch: int) -> list[list[Any]]:
        """Return the states before any token has been read.

        Parameters
        ----------
        batch : int
            How many sequences are read.

        Returns
        -------
        list of lists of tensors of shape (batch, units)
            One list per layer. Each list holds the output and the memory cell of an LSTM, or only
            the output of any other kind of layer. All values are 0.
        """
        size = [batch, self.units]
        return [
            [tf.zeros(size) for _ in range(2 if isinstance(layer, layers.LSTM) else 1)]
            for layer in self.recurrent
        ]

    def call(
        self,
        tokens: Any,
        labels: Any = None,
        states: list[list[Any]] | None = None,
        training: bool = False,
    ) -> tuple[Any, list[list[Any]]]:
        """Return the logits of the next tokens and the final states.

        ``tokens`` and ``labels`` are integer tensors of shape (batch, length). The logits have the
        shape (batch, length, n_tokens).
        """
        hidden, states = self.hidden(tokens, labels, states, training)
        return self.logits(hidden), states

    def hidden(
        self, tokens: Any, labels: Any, states: list[list[Any]] | None, training: bool
    ) -> tuple[Any, list[list[Any]]]:
        """Return the values from which the outputs are computed, and the final states.

        Parameters
        ----------
        tokens : tensor of shape (batch, length)
            Whole numbers below ``n_tokens``.
        labels : tensor of shape (batch, length), or None
            Whole numbers below ``n_labels``; None for a network without labels.
        states : list of lists of tensors, or None
            The states from `zero_states` or an earlier call; None means zeros.
        training : bool
            Whether to apply dropout.

        Returns
        -------
        hidden : tensor of shape (batch, length, width)
        states : list of lists of tensors
            The states after the last token.
        """
        x = self.drop_input(self._embedded(tokens, labels), training=training)
        states, after = states or self.zero_states(tf.shape(tokens)[0]), []
        for layer, drop, state in zip(self.recurrent, self.drops, states, strict=True):
            x, state = _run(layer, x, state)
            x = drop(x, training=training)
            after.append(state)
        return (self.bridge(x) if self.tied else x), after

    def logits(self, hidden: Any) -> Any:
        """Return one output (a logit) per token in the vocabulary.

        Parameters
        ----------
        hidden : tensor of shape (..., width)
            The values returned by `hidden`.

        Returns
        -------
        tensor of shape (..., n_tokens)
        """
        if self.tied:
            hidden = tf.matmul(hidden, self.embedding.embeddings, transpose_b=True)
        return self.head(hidden)

    def step(
        self, tokens: Any, labels: Any, states: list[list[Any]]
    ) -> tuple[Any, list[list[Any]]]:
        """Read one token of each sequence.

        Parameters
        ----------
        tokens : tensor of shape (batch,)
        labels : tensor of shape (batch,), or None
            As for `hidden`.
        states : list of lists of tensors
            The states before this token.

        Returns
        -------
        logits : tensor of shape (batch, n_tokens)
            Logits of the next token.
        states : list of lists of tensors
            The states after this token.
        """
        x, after = self._embedded(tokens, labels), []
        for layer, state in zip(self.recurrent, states, strict=True):
            x, state = layer.cell(x, state, training=False)
            after.append(list(state) if isinstance(state, list | tuple) else [state])
        return self.logits(self.bridge(x) if self.tied else x), after

    def _embedded(self, tokens: Any, labels: Any) -> Any:
        x = self.embedding(tokens)
        return tf.concat([x, self.label_embedding(labels)], axis=-1) if self.n_labels else x


class _Bias(layers.Layer):
    """Add a learned number to each output."""

    def __init__(self, width: int, name: str) -> None:
        super().__init__(name=name)
        self.bias = self.add_weight(name="bias", shape=(whole(width),), initializer="zeros")

    def call(self, x: Any) -> Any:
        return x + self.bias


def _token_vectors(
    n: int, width: int, name: str, vectors: np.ndarray | None = None
) -> layers.Embedding:
    first = keras.initializers.RandomUniform(-0.05, 0.05, seed=first_seed())
    layer = layers.Embedding(whole(n), whole(width), embeddings_initializer=first, name=name)
    layer.build((None, None))
    if vectors is not None:
        layer.embeddings.assign(vectors)
    return layer


def _recurrent(cell: str, units: int, number: int) -> layers.RNN:
    settings = {"kernel_initializer": glorot(), "recurrent_initializer": orthogonal()}
    states = {"return_sequences": True, "return_state": True}
    return CELLS[cell](whole(units), **settings, **states, name=f"{cell}_{number}")


def _dropout(share: float, name: str) -> layers.Layer:
    return layers.SpatialDropout1D(share, seed=first_seed(), name=name)


def _run(layer: layers.RNN, x: Any, state: Sequence[Any]) -> tuple[Any, list[Any]]:
    if isinstance(layer, layers.LSTM):
        return lstm_outputs(layer, x, state)
    x, *state = layer(x, initial_state=state)
    return x, state
