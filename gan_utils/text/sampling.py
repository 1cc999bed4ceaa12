"""Write a text token by token; the network's state is stored, so no token is read twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_utils._support.backend import tf
from gan_utils._support.checks import check_count, check_in_range
from gan_utils._support.quiet import no_advice_on_retracing

#: Number of tokens drawn per call if the text is shown while it is written.
SHOWN_AT_ONCE = 16
#: Below this temperature, the most probable token is always taken.
COLDEST = 1e-3
#: This value is added to the logit of a token that must not be drawn. The token's probability is
#: then 0 even at the highest accepted temperature.
FORBIDDEN = -1e9


@dataclass(frozen=True)
class SamplingSettings:
    """The settings that control how a token is chosen from the predicted probabilities.

    Parameters
    ----------
    temperature : float in [0, 1000000]
        Below 1, probable tokens become even more probable; above 1, the probabilities become more
        alike; at 0, the most probable token is taken each time.
    top_k : int, optional
        Choose only among this many of the most probable tokens.
    top_p : float in (0, 1], optional
        Choose only among the most probable tokens that together reach this probability (nucleus
        sampling).
    no_repeat : int, optional
        Never write the same sequence of this many tokens twice in one text.

    Raises
    ------
    ValueError
        If a value is out of range.

    References
    ----------
    Holtzman, Buys, Du, Forbes and Choi 2020, *The curious case of neural text degeneration*, arXiv
    1904.09751.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    no_repeat: int | None = None

    def __post_init__(self) -> None:
        hint = ": 0 for the most probable token, 1 for the model's own probabilities"
        check_in_range("temperature", self.temperature, "[0, 1000000]", hint)
        for name, least in (("top_k", 1), ("no_repeat", 2)):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, check_count(name, getattr(self, name), least))
        if self.top_p is not None:
            check_in_range("top_p", self.top_p, "(0, 1]", ", such as 0.9")


def shaped_logits(logits: Any, temperature: Any, top_k: int | None, top_p: float | None) -> Any:
    """Divide the logits by the temperature, then exclude tokens by top-k and top-p.

    Parameters
    ----------
    logits : tensor of shape (batch, n_tokens)
    temperature : float
        The temperature, which must be above 0.
    top_k : int or None
        Keep only this many of the most probable tokens, or all tokens if the vocabulary is smaller.
    top_p : float in (0, 1], or None
        Keep only the most probable tokens that together reach this probability.

    Returns
    -------
    tensor of shape (batch, n_tokens)
        The new logits; excluded tokens have logits so low that they are never drawn.
    """
    logits = logits / temperature
    n = logits.shape[-1]
    if top_k is not None and top_k < n:
        least = tf.math.top_k(logits, top_k).values[:, -1:]
        logits = tf.where(logits < least, FORBIDDEN, logits)
    if top_p is not None and top_p < 1:
        ranked = tf.sort(logits, axis=-1, direction="DESCENDING")
        before = tf.cumsum(tf.nn.softmax(ranked), axis=-1, exclusive=True)
        # The token that crosses the limit is still included, so at least one token is left.
        least = tf.reduce_min(tf.where(before < top_p, ranked, np.inf), axis=-1, keepdims=True)
        logits = tf.where(logits < least, FORBIDDEN, logits)
    return logits


class Sampler:
    """Draw tokens one after another, in one compiled loop.

    Parameters
    ----------
    step : callable
        A function that takes tokens, of shape (batch,), and states, and returns logits, of shape
        (batch, n_tokens), and new states.
    settings : SamplingSettings
        How a token is chosen.
    forbidden : ndarray of shape (k,)
        Token numbers that are never written.
    """

    def __init__(
        self,
        step: Callable[[Any, Any], tuple[Any, Any]],
        settings: SamplingSettings,
        forbidden: np.ndarray,
    ) -> None:
        self.step, self.settings = step, settings
        self.forbidden = np.asarray(forbidden, np.int32)
        self._extend = tf.function(self._extended, reduce_retracing=True)

    def draw(
        self, logits: Any, states: Any, length: int, random_state: int, at_once: int | None = None
    ) -> Iterator[np.ndarray]:
        """Yield arrays with the next n tokens of each text, until each text has ``length`` tokens.

        Parameters
        ----------
        logits : tensor of shape (batch, n_tokens)
            The logits for the first token.
        states : nested tensors
            The states after reading the prompt.
        length : int
            Number of tokens to draw.
        random_state : int
            The seed; the same seed gives the same tokens, however many are drawn at once.
        at_once : int, optional
            Number of tokens drawn per call; by default, all are drawn in one call.

        Yields
        ------
        ndarray of shape (batch, n), int32
        """
        written = tf.zeros((logits.shape[0], length), tf.int32)
        for first in range(0, length, at_once or length):
            last = min(length, first + (at_once or length))
            with no_advice_on_retracing():
                span = tf.constant(first), tf.constant(last), tf.constant(random_state, tf.int64)
                written, logits, states = self._extend(written, logits, states, *span)
            yield written[:, first:last].numpy()

    def _extended(
        self, written: Any, logits: Any, states: Any, first: Any, last: Any, seed: Any
    ) -> tuple[Any, Any, Any]:
        """Draw the tokens at positions ``first`` to ``last`` - 1."""

        def one(place: Any, written: Any, logits: Any, states: Any) -> tuple[Any, ...]:
            token = self._drawn(self._allowed(logits, written, place), seed, place)
            column = tf.one_hot(place, tf.shape(written)[1], dtype=tf.int32)
            written += token[:, None] * column
            return (place + 1, written, *self.step(token, states))

        loop = (first, written, logits, states)
        return tf.while_loop(lambda place, *_: place < last, one, loop)[1:]

    def _allowed(self, logits: Any, written: Any, place: Any) -> Any:
        if len(self.forbidden):
            mask = np.zeros(logits.shape[-1], np.float32)
            mask[self.forbidden] = FORBIDDEN
            logits += mask
        if self.settings.no_repeat is not None:
            logits = without_repeats(logits, written, place, self.settings.no_repeat)
        return logits

    def _drawn(self, logits: Any, seed: Any, place: Any) -> Any:
        how = self.settings
        if how.temperature < COLDEST:
            return tf.argmax(logits, axis=-1, output_type=tf.int32)
        shaped = shaped_logits(logits, how.temperature, how.top_k, how.top_p)
        key = tf.stack([seed, tf.cast(place, tf.int64)])
        return tf.random.stateless_categorical(shaped, 1, key, dtype=tf.int32)[:, 0]


def without_repeats(logits: Any, written: Any, place: Any, n: int) -> Any:
    """Forbid each token that would repeat a sequence of n tokens written earlier.

    Parameters
    ----------
    logits : tensor of shape (batch, n_tokens)
        The logits for the next token.
    written : tensor of shape (batch, length), int32
        The tokens so far; entries at ``place`` and later are ignored.
    place : tensor of shape (), int32
        Number of tokens written so far.
    n : int, at least 2
        Length of the sequences that must not be repeated.

    Returns
    -------
    tensor of shape (batch, n_tokens)
        The new logits; the logits of forbidden tokens are lowered by a billion.
    """
    # Shapes are read at run time, so one compiled loop works for texts of any length.
    count = tf.maximum(tf.shape(written)[1] - n + 1, 0)
    matches = tf.fill((tf.shape(written)[0], count), True)
    for back in range(1, n):
        latest = tf.gather(written, tf.maximum(place - n + back, 0), axis=1)[:, None]
        matches &= written[:, back - 1 : back - 1 + count] == latest
    matches &= (tf.range(count) + n <= place)[None]
    return _forbid(logits, written[:, n - 1 :], matches)


def _forbid(logits: Any, tokens: Any, chosen: Any) -> Any:
    """Make the logits of the chosen tokens, of shape (batch, m), so low that none is drawn."""
    rows = tf.broadcast_to(tf.range(tf.shape(tokens)[0])[:, None], tf.shape(tokens))
    lowered = tf.where(chosen, FORBIDDEN, 0.0)
    return tf.tensor_scatter_nd_add(logits, tf.stack([rows, tokens], axis=-1), lowered)
