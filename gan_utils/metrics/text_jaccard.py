"""Measure the novelty and diversity of short texts by each text's similarity to its closest match.

Similarity is the Jaccard index: the number of distinct words that occur in both texts, divided by
the number of distinct words that occur in at least one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import scipy.sparse as sp

from gan_utils.metrics.text import Texts, token_lists

#: Number of rows whose similarities to all others are held in memory at once, and of similarities.
_ROWS, _SIMILARITIES = 256, 2**24


def jaccard_novelty(texts: Texts, training_texts: Texts) -> float:
    """Compute the mean of 1 minus each text's Jaccard similarity to the closest training text.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : same type as ``texts``
        The texts the generator was trained on.

    Returns
    -------
    float in [0, 1]
        0 if each text has exactly the same words as some training text. Novelty depends on length,
        so compare texts of similar lengths, with the same number of training texts.

    Raises
    ------
    ValueError
        If there are no texts, or no training texts.
    TypeError
        If an item is neither a text nor a list of tokens.

    References
    ----------
    Wang and Wan 2018, *SentiGAN: generating sentimental texts via mixture adversarial networks*.
    """
    own, training = token_lists(texts), token_lists(training_texts)
    known = _numbers(chain(own, training))
    return float(1 - _closest(_words(own, known), _words(training, known)).mean())


def jaccard_diversity(texts: Texts) -> float:
    """Compute the mean of 1 minus each text's Jaccard similarity to the closest other text.

    Parameters
    ----------
    texts : list of str, or list of lists of str
        At least two generated texts.

    Returns
    -------
    float in [0, 1]
        0 if each text has exactly the same words as some other text. Diversity falls as the number
        of texts grows, so compare only sets of equal size.

    Raises
    ------
    ValueError
        If there are fewer than two texts.
    TypeError
        If an item is neither a text nor a list of tokens.

    References
    ----------
    Wang and Wan 2018, *SentiGAN: generating sentimental texts via mixture adversarial networks*.
    """
    lists = token_lists(texts)
    if len(lists) < 2:
        raise ValueError("diversity compares texts with each other. Give at least two.")
    words = _words(lists, _numbers(lists))
    return float(1 - _closest(words, words, leave_itself_out=True).mean())


def _numbers(lists: Iterable[Sequence[str]]) -> dict[str, int]:
    return {word: place for place, word in enumerate(dict.fromkeys(chain.from_iterable(lists)))}


def _words(lists: list[Sequence[str]], known: dict[str, int]) -> sp.csr_matrix:
    """Make a 0/1 matrix of the words in each text, with a row per text and a column per word."""
    sets = [{known[word] for word in words} for words in lists]
    columns = np.fromiter(chain.from_iterable(sets), np.int64)
    starts = np.cumsum([0, *map(len, sets)])
    shape = len(lists), max(1, len(known))
    return sp.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape)


def _closest(
    texts: sp.csr_matrix, others: sp.csr_matrix, leave_itself_out: bool = False
) -> np.ndarray:
    """Return the largest similarity of each text; two texts without words count as equal."""
    sizes, found = np.asarray(others.sum(axis=1)).ravel(), []
    n_rows = max(1, min(_ROWS, _SIMILARITIES // others.shape[0]))
    for first in range(0, texts.shape[0], n_rows):
        rows = texts[first : first + n_rows]
        both = (rows @ others.T).toarray()
        either = np.asarray(rows.sum(axis=1)) + sizes - both
        alike = np.where(either > 0, both / np.maximum(either, 1), 1)
        if leave_itself_out:
            alike[np.arange(len(alike)), first + np.arange(len(alike))] = -1
        found.append(alike.max(axis=1))
    return np.concatenate(found)
