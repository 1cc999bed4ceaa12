"""Provide the code that the letter writer and the word writer share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.sampling import SHOWN_AT_ONCE, Sampler, SamplingSettings
from gan_utils.text.vocabulary import Vocabulary

#: Seeds must be below this limit, because TensorFlow's seeds are 64-bit integers.
_SEEDS = 2**63


@dataclass(frozen=True)
class WritingRequest:
    """The settings of a request for texts, such as their number and length.

    Parameters
    ----------
    length : int
        Exact or maximum number of tokens to write per text.
    n_samples : int or None
        Number of texts; if None, a single text is written and returned as a str.
    stream : bool
        Whether to print the text while it is being written; allowed only for a single text.
    random_state : int or None
        The seed; if None, a new seed is drawn.

    Raises
    ------
    ValueError
        If a number is out of range, or both ``stream`` and ``n_samples`` are given.
    """

    length: int
    n_samples: int | None = None
    stream: bool = False
    random_state: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", check_count("length", self.length))
        if self.n_samples is not None:
            object.__setattr__(self, "n_samples", check_count("n_samples", self.n_samples))
            if self.stream:
                raise ValueError("stream=True shows a single text. Leave n_samples out.")
        if self.random_state is not None:
            check_count("random_state", self.random_state, 0)
            if self.random_state >= _SEEDS:
                raise ValueError(f"random_state={self.random_state!r} must be below 2**63.")

    @property
    def n(self) -> int:
        """Number of texts to write."""
        return 1 if self.n_samples is None else self.n_samples

    @property
    def at_once(self) -> int | None:
        """Number of tokens drawn per call; None if all are drawn in one call."""
        return SHOWN_AT_ONCE if self.stream else None

    def seed(self) -> int:
        """Return the given seed; if none was given, draw a new seed at each call."""
        if self.random_state is None:
            return int(np.random.default_rng().integers(2**31))
        return int(self.random_state)

    def shown(self, pieces: Iterator[str]) -> str:
        """Join the pieces of a text, and print each piece as it arrives if requested.

        Parameters
        ----------
        pieces : iterator of str
            The pieces in order.

        Returns
        -------
        str
        """
        written = []
        for piece in pieces:
            if self.stream:
                print(piece, end="", flush=True)
            written.append(piece)
        if self.stream:
            print()
        return "".join(written)


class Writer:
    """Draw tokens with a trained network, and reuse the compiled loops of earlier requests.

    Parameters
    ----------
    network : LanguageNetwork
        The trained network.
    vocabulary : Vocabulary
        The vocabulary of the network's tokens.
    """

    def __init__(self, network: LanguageNetwork, vocabulary: Vocabulary) -> None:
        self.network, self.vocabulary = network, vocabulary
        self._samplers: dict[tuple, Sampler] = {}

    def sampler(
        self, settings: SamplingSettings, step: Any, forbidden: Sequence[int] = ()
    ) -> Sampler:
        """Return a sampler; the compiled loop of an earlier request with equal settings is reused.

        Parameters
        ----------
        settings : SamplingSettings
            How a token is chosen.
        step : callable
            The step function, as described in `Sampler`.
        forbidden : sequence of int
            Token numbers that are never written.

        Returns
        -------
        Sampler
        """
        key = (settings, tuple(forbidden), step)
        if key not in self._samplers:
            self._samplers[key] = Sampler(step, settings, np.asarray(forbidden, np.int32))
        return self._samplers[key]

    def decoded(self, draws: Iterator[np.ndarray]) -> Iterator[list[str]]:
        """Decode the tokens of a single text as they are drawn.

        Parameters
        ----------
        draws : iterator of ndarray of shape (1, n)
            Token numbers.

        Yields
        ------
        list of str
        """
        for numbers in draws:
            yield self.vocabulary.decode(numbers[0])
