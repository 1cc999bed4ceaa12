"""Measure what generated texts copy from the generator's training texts.

Runs of words or characters are compared as 64-bit hashes (`gan_utils.text.windows`), which takes
only seconds for half a million training texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.metrics.text import Texts, check_some_runs, token_lists
from gan_utils.text.tokens import join_words
from gan_utils.text.windows import (
    TokenNumbers,
    hashed_windows,
    number_tokens,
    numbering,
    scattered,
)

#: The first run length to try: few runs of this length are shared, but usually some are.
FIRST_LENGTH = 8
#: Number of leading hash bits used as an index into a table that rules out most runs.
_SIEVE_BITS = 22
#: The name of each level's tokens in an error message.
_UNITS = {"word": "words", "char": "characters"}


@dataclass(frozen=True)
class CopiedRun:
    """The longest run of words or characters that also occurs in the training texts.

    Attributes
    ----------
    text : str
        The run as plain text; empty if nothing is shared.
    length : int
        Number of words (including punctuation marks) or characters in the run.
    place : int
        Index of the text that contains the run, counted from 0.
    """

    text: str
    length: int
    place: int


def copy_rate(texts: Texts, training_texts: Texts, n: int = 8, level: str = "word") -> float:
    """Compute the share of the n-grams that also occur in the training texts.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : same type as ``texts``
        The texts the generator was trained on.
    n : int
        Length of a run that counts as copied; for characters, use about 30.
    level : {"word", "char"}
        Whether runs are of words or of characters.

    Returns
    -------
    float in [0, 1]
        Compare this rate with the rate of held-out real texts, which share some runs with the
        training texts by chance.

    Raises
    ------
    ValueError
        If no text has at least n words or characters.

    References
    ----------
    McCoy and others 2023, *How much do language models copy from their training data?*
    """
    check_count("n", n)
    return _rate(*_numbered_sides(token_lists(texts, level), training_texts, level), n, level)


def longest_copied_run(texts: Texts, training_texts: Texts, level: str = "word") -> CopiedRun:
    """Find the longest run of words or characters that also occurs in the training texts.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : same type as ``texts``
        The texts the generator was trained on.
    level : {"word", "char"}
        Whether the run is of words or of characters.

    Returns
    -------
    CopiedRun
        The run, its length, and the index of its text. A run never spans two texts.

    Raises
    ------
    ValueError
        If there are no texts.
    """
    lists = token_lists(texts, level)
    return _longest(lists, *_numbered_sides(lists, training_texts, level), level)


def copies(
    texts: Texts, training_texts: Texts, n: int = 8, level: str = "word"
) -> tuple[float, CopiedRun]:
    """Compute `copy_rate` and `longest_copied_run` in little more time than one of them takes.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : same type as ``texts``
        The texts the generator was trained on.
    n : int
        Length of a run that counts as copied.
    level : {"word", "char"}
        Whether runs are of words or of characters.

    Returns
    -------
    rate : float in [0, 1]
    run : CopiedRun

    Raises
    ------
    ValueError
        If no text has at least n words or characters.
    """
    check_count("n", n)
    lists = token_lists(texts, level)
    own, training = _numbered_sides(lists, training_texts, level)
    return _rate(own, training, n, level), _longest(lists, own, training, level)


def _numbered_sides(
    lists: list[Sequence[str]], training_texts: Texts, level: str
) -> tuple[TokenNumbers, TokenNumbers]:
    """Assign equal numbers to equal tokens; a token found only in training texts never matches."""
    known = numbering(lists)
    sides = lists, token_lists(training_texts, level)
    own, training = (scattered(number_tokens(side, known), len(known)) for side in sides)
    return own, training


def _places_of(many: np.ndarray, few: np.ndarray) -> np.ndarray:
    """Find the positions in ``many`` of hashes that also occur in ``few``; a table saves time."""
    shift = np.uint64(64 - _SIEVE_BITS)
    table = np.zeros(2**_SIEVE_BITS, bool)
    table[few >> shift] = True
    likely = np.flatnonzero(table[many >> shift])
    return likely[np.isin(many[likely], few)]


def _rate(own: TokenNumbers, training: TokenNumbers, n: int, level: str) -> float:
    grams, _ = hashed_windows(own, n)
    check_some_runs(grams, n, _UNITS[level])
    others, _ = hashed_windows(training, n)
    return float(np.isin(grams, others[_places_of(others, grams)]).mean())


def _longest(
    lists: list[Sequence[str]], own: TokenNumbers, training: TokenNumbers, level: str
) -> CopiedRun:
    """Find the longest shared run by bisection; every part of a shared run is also shared."""
    shared, beyond = 0, max(map(len, lists)) + 1
    start = 0
    while beyond - shared > 1:  # the answer is at least ``shared`` and below ``beyond``
        length = min(2 * shared or FIRST_LENGTH, (shared + beyond) // 2)
        starts, rest = _shared_starts(own, training, length)
        if len(starts):
            shared, start, training = length, starts[0], rest
        else:
            beyond = length
    if not shared:
        return CopiedRun("", 0, 0)
    run = list(chain.from_iterable(lists))[start : start + shared]
    text = join_words(run) if level == "word" else "".join(run)
    return CopiedRun(text, shared, int(own.places[start]))


def _shared_starts(
    own: TokenNumbers, training: TokenNumbers, length: int
) -> tuple[np.ndarray, TokenNumbers]:
    """Find where shared runs of this length begin, and the training tokens that they cover.

    Any longer shared run lies within these tokens, which are usually a small part of the training
    texts.
    """
    grams, starts = hashed_windows(own, length)
    others, other_starts = hashed_windows(training, length)
    covers = np.zeros(len(training.numbers) + 1, int)
    shared = _places_of(others, grams)
    found = other_starts[shared]
    covers[found] += 1  # ``found`` has no duplicates
    covers[found + length] -= 1
    inside = np.cumsum(covers)[:-1] > 0
    # Renumber the texts so that no run crosses a gap between the remaining tokens.
    places = np.cumsum(~inside) + training.places
    left = TokenNumbers(training.numbers[inside], places[inside])
    return starts[np.isin(grams, others[shared])], left
