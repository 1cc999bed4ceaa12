"""Count the tokens that follow each history of a text, using sorted arrays.

Counting the n-grams of *Alice* up to order 10 and scoring a text take a tenth of the time needed
with a dict of counters. With 8,000 reviews, scoring takes a thirtieth of the time needed with a
dict.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

#: The number of a history that does not occur.
NOWHERE = -1


@dataclass(frozen=True)
class Followers:
    """The tokens that followed each history of a given length, with their counts.

    A history of n tokens is itself an n-gram. Its number is the index of this n-gram in the
    ``keys`` of the `Followers` for histories of n - 1 tokens. The empty history has number 0.

    Parameters
    ----------
    keys : ndarray of shape (k,), int64
        The sorted values ``history * width + token``, one for each pair of history and follower.
    counts : ndarray of shape (k,)
        How often each pair occurs.
    kinds, totals : ndarray of shape (n_histories,)
        Number of different followers of each history, and the sum of their counts.
    width : int
        Number of different tokens.
    """

    keys: np.ndarray
    counts: np.ndarray
    kinds: np.ndarray
    totals: np.ndarray
    width: int

    @classmethod
    def count(
        cls, histories: np.ndarray, tokens: np.ndarray, width: int, n_histories: int
    ) -> tuple[Self, np.ndarray]:
        """Count how often each token follows each history.

        Parameters
        ----------
        histories, tokens : ndarray of shape (n,), int64
            For each position in a text, the number of the preceding history, and the token at that
            position.
        width, n_histories : int
            Number of different tokens, and number of histories.

        Returns
        -------
        followers : Followers
        places : ndarray of shape (n,)
            The index in ``keys`` of each pair of a history and its token.
        """
        keys, places, counts = np.unique(
            histories * width + tokens, return_inverse=True, return_counts=True
        )
        of, size = keys // width, max(n_histories, 1)
        totals = np.bincount(of, counts, size).astype(np.int64)
        return cls(keys, counts, np.bincount(of, minlength=size), totals, width), places

    def find(self, histories: Any, tokens: Any) -> np.ndarray:
        """Return the indices in ``keys`` of pairs of a history and a token.

        Parameters
        ----------
        histories, tokens : int, or array of shape (n,)
            The history and the token of each pair; ``NOWHERE`` is the number of a history that
            does not occur.

        Returns
        -------
        ndarray of the same shape as the inputs
            The indices; ``NOWHERE`` if the token never followed the history.
        """
        histories = np.asarray(histories)
        if not len(self.keys):
            return np.full_like(histories, NOWHERE)
        wanted = histories * self.width + tokens
        places = np.searchsorted(self.keys, wanted)
        is_there = self.keys.take(places, mode="clip") == wanted
        return np.where(is_there & (histories >= 0), places, NOWHERE)

    def of(self, history: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the tokens that followed a history, and how often each one followed it.

        Parameters
        ----------
        history : int
            The number of the history.

        Returns
        -------
        tokens, counts : ndarray of shape (kinds,)
        """
        first = np.searchsorted(self.keys, history * self.width)
        found = slice(first, first + self.kinds[history])
        return self.keys[found] % self.width, self.counts[found]


def count_followers(tokens: np.ndarray, order: int, width: int) -> list[Followers]:
    """Count the tokens that follow each history of a text, up to a given history length.

    Parameters
    ----------
    tokens : ndarray of shape (n,), int64
        The text.
    order : int
        Number of history lengths: the histories have 0 to ``order - 1`` tokens.
    width : int
        Number of different tokens.

    Returns
    -------
    list of Followers
        The list is indexed by the length of the history.
    """
    levels, histories, n_histories = [], np.zeros_like(tokens), 1
    for length in range(order):
        level, places = Followers.count(histories, tokens[length:], width, n_histories)
        levels.append(level)
        # The n-gram that ends at a token is the history of the next token.
        histories, n_histories = places[:-1], len(level.keys)
    return levels
