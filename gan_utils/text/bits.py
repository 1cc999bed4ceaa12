"""Compute bits per token and perplexity, two measures for all language models."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np


class BitsMixin(ABC):
    """Add `bits_per_token` and `perplexity` to a language model that has `token_bits`."""

    @abstractmethod
    def token_bits(self, text: str | Sequence[str]) -> np.ndarray:
        """Return how many bits each token costs, given the tokens before it.

        Parameters
        ----------
        text : str or sequence of str
            One text or several.

        Returns
        -------
        ndarray of shape (n,)
            Minus the logarithm to base 2 of each token's probability.
        """

    def bits_per_token(self, text: str | Sequence[str], *labels: Any, **named: Any) -> float:
        """Return the mean of `token_bits`, in bits per token; lower values are better.

        Parameters
        ----------
        text : str or sequence of str
            One text or several.
        *labels, **named : object
            Other arguments of `token_bits`: the labels of the texts, if the model uses labels.

        Returns
        -------
        float, at least 0
            The cross-entropy of the text under the model, in bits per token.

        References
        ----------
        Shannon 1951, *Prediction and entropy of printed English*, Bell System Technical Journal 30.
        """
        return float(self.token_bits(text, *labels, **named).mean())

    def perplexity(self, text: str | Sequence[str], *labels: Any, **named: Any) -> float:
        """Return 2 to the power of `bits_per_token`.

        A perplexity of n means that the next token is, on average, as uncertain as a choice among n
        equally likely tokens.

        Parameters
        ----------
        text : str or sequence of str
            One text or several.
        *labels, **named : object
            Further arguments, which are passed to `bits_per_token`.

        Returns
        -------
        float, at least 1
        """
        return float(2 ** self.bits_per_token(text, *labels, **named))
