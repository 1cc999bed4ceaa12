"""Measure how far back a network's gradients reach, and how much context it uses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gan_utils._support.backend import tf
from gan_utils._support.checks import check_count
from gan_utils.networks.language import CELLS, LanguageNetwork
from gan_utils.networks.parts import seeded_weights

#: Number of windows over which gradients are averaged, and number of tokens read in each.
_N_WINDOWS, _DISTANCE = 64, 100
#: The default context lengths of `context_bits`, in tokens.
_CONTEXTS = (1, 2, 4, 8, 16, 32, 64, 128)
#: Number of windows read at once; the states of a thousand windows would fill a gigabyte.
_WINDOWS_AT_A_TIME = 100


def untrained_network(
    cell: str,
    n_tokens: int,
    *,
    units: int = 128,
    embedding_dim: int = 32,
    forget_bias: float | None = None,
    random_state: int = 0,
) -> LanguageNetwork:
    """Make an untrained language network.

    Parameters
    ----------
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    n_tokens : int
        Size of the vocabulary.
    units, embedding_dim : int
        Width of the recurrent layer and length of a token's vector.
    forget_bias : float, optional
        The initial bias of all forget gates, for an LSTM only; Keras's default is 1.
    random_state : int
        Seed for the weights.

    Returns
    -------
    LanguageNetwork

    Raises
    ------
    ValueError
        If the cell is unknown, a size is less than 1, or a forget bias is given for a cell
        without a forget gate.
    """
    if cell not in CELLS:
        raise ValueError(f"cell={cell!r} is unknown: use one of {', '.join(CELLS)}.")
    sizes = {"n_tokens": n_tokens, "units": units, "embedding_dim": embedding_dim}
    n_tokens, units, embedding_dim = (check_count(*pair) for pair in sizes.items())
    if forget_bias is not None and cell != "lstm":
        raise ValueError(f"cell={cell!r} has no forget gate. Leave forget_bias out, or use 'lstm'.")
    with seeded_weights(random_state):
        network = LanguageNetwork(n_tokens, embedding_dim, units, cell=cell)
    if forget_bias is not None:
        bias = network.recurrent[0].cell.bias
        values = bias.numpy()
        values[units : 2 * units] = forget_bias  # Keras's order: input, forget, candidate, output
        bias.assign(values)
    return network


def gradient_reach(
    network: LanguageNetwork,
    tokens: np.ndarray,
    *,
    distance: int = _DISTANCE,
    n_windows: int = _N_WINDOWS,
    random_state: int = 0,
) -> pd.Series:
    """Measure how much of the last prediction's gradient reaches earlier tokens.

    In each window of the text, the loss of the last prediction alone is differentiated with respect
    to the vector of each token read. The norm of this gradient at each distance from the latest
    token is averaged over the windows and divided by the norm at the latest token. If the ratio is
    close to 0, the network learns little from tokens at that distance.

    Parameters
    ----------
    network : LanguageNetwork
        A network without labels, trained or not.
    tokens : ndarray of shape (n,), int, n above distance
        A text as token numbers in the network's vocabulary.
    distance : int
        Number of tokens read in each window.
    n_windows : int
        Number of windows.
    random_state : int
        Seed for choosing the windows: the same seed gives the same windows.

    Returns
    -------
    Series of shape (distance,)
        The relative norm by distance; at distance 0 (the latest token), the value is 1.

    Raises
    ------
    ValueError
        If the text is too short, contains a number unknown to the network, or a count is less
        than 1.

    References
    ----------
    Hochreiter 1991; Bengio, Simard and Frasconi 1994, *Learning long-term dependencies with
    gradient descent is difficult*, IEEE Transactions on Neural Networks 5.
    """
    check_count("distance", distance)
    check_count("n_windows", n_windows)
    windows = _drawn_windows(network, tokens, distance, n_windows, random_state)
    norms = _input_gradients(network, windows).mean(axis=0)[::-1]
    return pd.Series(norms / norms[0], pd.RangeIndex(distance, name="distance"), name="gradient")


def compare_reach(
    networks: Mapping[str, Iterable[LanguageNetwork]], tokens: np.ndarray, **settings: Any
) -> pd.DataFrame:
    """Measure the gradient reach of networks, each with several seeds, on the same windows.

    Parameters
    ----------
    networks : mapping of str to iterable of LanguageNetwork
        For each name, one network per seed.
    tokens : ndarray of shape (n,), int
        A text as token numbers in the networks' vocabulary.
    **settings : int
        Other arguments of `gradient_reach`.

    Returns
    -------
    DataFrame
        A table in long form with the columns ``network``, ``seed`` (the index of the network),
        ``distance`` and ``gradient``.
    """
    parts = [
        gradient_reach(network, tokens, **settings).reset_index().assign(network=name, seed=seed)
        for name, tries in networks.items()
        for seed, network in enumerate(tries)
    ]
    return pd.concat(parts, ignore_index=True)[["network", "seed", "distance", "gradient"]]


def context_bits(
    network: LanguageNetwork,
    tokens: np.ndarray,
    contexts: Sequence[int] = _CONTEXTS,
    *,
    n_places: int = 1_000,
    random_state: int = 0,
) -> pd.Series:
    """Measure how well a network predicts the next token from only the last few tokens.

    Parameters
    ----------
    network : LanguageNetwork
        A trained network without labels.
    tokens : ndarray of shape (n,), int
        A text not seen in training, as token numbers.
    contexts : sequence of int
        The context lengths: the numbers of tokens to read before each prediction.
    n_places : int
        Number of predictions for each context length. The positions are the same for all lengths.
    random_state : int
        Seed for choosing the positions.

    Returns
    -------
    Series
        Mean bits per token for each context length. If a longer context does not lower the mean,
        the network does not use the extra tokens.

    Raises
    ------
    ValueError
        If ``contexts`` is empty, a context or ``n_places`` is less than 1, or the text is not
        longer than the longest context or contains a number unknown to the network.
    """
    check_count("n_places", n_places)
    if not len(contexts):
        raise ValueError("contexts is empty. Give at least one number of tokens, such as [1, 8].")
    for context in contexts:
        check_count("each of contexts", context)
    windows = _drawn_windows(network, tokens, max(contexts), n_places, random_state)
    bits = [_last_bits(network, windows[:, -n - 1 :]) for n in contexts]
    return pd.Series(bits, pd.Index(list(contexts), name="context"), name="bits")


def _drawn_windows(
    network: LanguageNetwork, tokens: np.ndarray, length: int, n: int, random_state: int
) -> np.ndarray:
    """Cut windows of ``length`` + 1 tokens at random positions in the text."""
    _check_tokens(network, tokens)
    places = len(tokens) - length
    if places < 1:
        raise ValueError(
            f"the text has {len(tokens)} tokens, but {length + 1} are needed: so many back and "
            f"one to predict. Ask for at most {max(len(tokens) - 1, 0)}, or give a longer text."
        )
    starts = np.random.default_rng(random_state).integers(0, places, n)
    return np.asarray(tokens, np.int32)[starts[:, None] + np.arange(length + 1)]


def _check_tokens(network: LanguageNetwork, tokens: np.ndarray) -> None:
    values = np.asarray(tokens)
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer):
        raise ValueError(
            f"tokens have shape {values.shape} and type {values.dtype}, but must be whole numbers "
            "in a row: vocabulary.encode(list(text))."
        )
    if len(values) and not 0 <= values.min() <= values.max() < network.n_tokens:
        raise ValueError(
            f"tokens are between {values.min()} and {values.max()}, but the network knows 0 to "
            f"{network.n_tokens - 1}. Encode the text with the network's own vocabulary."
        )


def _input_gradients(network: LanguageNetwork, windows: np.ndarray) -> np.ndarray:
    """Return the norms of the gradients of all vectors read, as an array of shape (n, length)."""
    vectors = network.embedding(windows[:, :-1])
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        hidden = vectors
        for layer in network.recurrent:
            hidden = layer(hidden)[0]
        logits = network.logits(hidden[:, -1])
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(windows[:, -1], logits)
        loss = tf.reduce_sum(nats)  # a sum, so that the gradient of each window is separate
    return tf.norm(tape.gradient(loss, vectors), axis=-1).numpy()


def _last_bits(network: LanguageNetwork, windows: np.ndarray) -> float:
    """Return the bits of the last token in a window, averaged over the windows."""
    pieces = (
        windows[i : i + _WINDOWS_AT_A_TIME] for i in range(0, len(windows), _WINDOWS_AT_A_TIME)
    )
    return float(
        np.concatenate([_last_nats(network, piece) for piece in pieces]).mean() / np.log(2)
    )


def _last_nats(network: LanguageNetwork, windows: np.ndarray) -> np.ndarray:
    hidden, _ = network.hidden(windows[:, :-1], None, None, training=False)
    logits = network.logits(hidden[:, -1])
    return tf.nn.sparse_softmax_cross_entropy_with_logits(windows[:, -1], logits).numpy()
