"""Measures of generated texts, such as variety, repetition and sentence length.

Each measure is a function of one text or a list of texts. Words are defined as in
`gan_utils.text.tokens`. To measure the same texts several times, pass lists of words: the texts are
then split only once. N-grams are counted as 64-bit hashes (`gan_utils.text.windows`); the tests
compare the result with that of scikit-learn's ``CountVectorizer``, which takes four times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.text.tokens import SENTENCE_ENDS, split_words
from gan_utils.text.windows import (
    TokenNumbers,
    hashed_windows,
    mixed,
    number_tokens,
    numbering,
    scattered,
)

Texts = str | Sequence[str] | Sequence[Sequence[str]]

TOKEN_LEVELS = ("word", "char")
#: Characters that may follow the punctuation mark at the end of a sentence.
_CLOSING = frozenset({'"', "'", ")", "]"})
#: In BLEU, the count used if there is no match (smoothing method 1 of Chen and Cherry 2014).
EPSILON = 0.1


def token_lists(texts: Texts, level: str = "word") -> list[Sequence[str]]:
    """Split texts into words or characters.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        One text, several texts, or several texts that are already split into tokens.
    level : {"word", "char"}
        The unit to split into.

    Returns
    -------
    list
        One sequence of tokens per text.

    Raises
    ------
    ValueError
        If there are no texts, or ``level`` is unknown.
    TypeError
        If an item, such as None, is neither a text nor a list of tokens, or ``texts`` is a table.
    """
    if level not in TOKEN_LEVELS:
        raise ValueError(f"level={level!r} must be one of {TOKEN_LEVELS}.")
    if isinstance(texts, Mapping) or hasattr(texts, "columns"):
        raise TypeError(f"texts are a {type(texts).__name__}. Give one of its columns.")
    texts = [texts] if isinstance(texts, str) else list(texts)
    if not texts:
        raise ValueError("there is no text. Give at least one.")
    split = split_words if level == "word" else str
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            _check_tokens(text, place)
    return [split(text) if isinstance(text, str) else text for text in texts]


def _check_tokens(tokens: object, place: int) -> None:
    is_list = isinstance(tokens, list | tuple | np.ndarray)
    if not is_list or not all(isinstance(token, str) for token in tokens):
        raise TypeError(
            f"text {place} is {repr(tokens)[:40]}, but must be a str or a list of str. Leave "
            "missing texts out."
        )


def distinct_n(texts: Texts, n: int = 2) -> float:
    """Compute the share of distinct n-grams among the n-grams of all texts together.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    n : int
        Words per n-gram.

    Returns
    -------
    float in (0, 1]
        1 if no n-gram is repeated. The share falls as the amount of text grows, so compare only
        equal amounts of text.

    Raises
    ------
    ValueError
        If no text has at least n words.

    References
    ----------
    Li, Galley, Brockett, Gao and Dolan 2016, *A diversity-promoting objective function for neural
    conversation models*.
    """
    grams, _ = _own_grams(texts, n)
    return len(np.unique(grams)) / len(grams)


def repeat_rate(texts: Texts, n: int = 4) -> float:
    """Compute the share of n-grams that repeat an earlier one in the same text.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    n : int
        Words per n-gram.

    Returns
    -------
    float in [0, 1)
        The rate is large if the texts repeat themselves.

    Raises
    ------
    ValueError
        If no text has at least n words.

    References
    ----------
    Welleck and others 2020, *Neural text generation with unlikelihood training* (``seq-rep-n``).
    """
    grams, places = _own_grams(texts, n)
    return 1 - len(np.unique(mixed(grams, places))) / len(grams)


def self_bleu(texts: Texts, n: int = 4) -> float:
    """Compute the mean BLEU of each text against all the others, a measure of their similarity.

    Parameters
    ----------
    texts : list of str, or list of lists of str
        At least two generated texts.
    n : int
        Length of the longest n-grams; all lengths from 1 to n have equal weight.

    Returns
    -------
    float in [0, 1]
        1 if all texts are the same and have at least n words. The value grows with the number of
        texts, so compare only sets of equal size.

    Raises
    ------
    ValueError
        If there are fewer than two texts.

    Notes
    -----
    As in Texygen, if no n-gram of a given length matches, 0.1 matches are counted. However, a text
    that shares no word with the others scores 0.

    References
    ----------
    Papineni and others 2002, *BLEU*; Zhu and others 2018, *Texygen: a benchmarking platform for
    text generation models*.
    """
    check_count("n", n)
    lists = token_lists(texts)
    if len(lists) < 2:
        raise ValueError("self-BLEU compares texts with each other. Give at least two.")
    lengths, tokens = np.array([len(tokens) for tokens in lists]), numbered_texts(lists)
    logs = np.zeros(len(lists))
    for size in range(1, n + 1):
        matches = _clipped_matches(*_grams(tokens, size), len(lists))
        possible = np.maximum(lengths - size + 1, 1)
        logs += np.log(np.where(matches > 0, matches, EPSILON) / possible) / n
        if size == 1:
            shares_a_word = matches > 0
    scores = np.exp(logs + np.minimum(0, 1 - _closest_lengths(lengths) / np.maximum(lengths, 1)))
    return float(np.mean(np.where(shares_a_word, scores, 0)))


def sentence_lengths(texts: Texts) -> np.ndarray:
    """Count the words in each sentence.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.

    Returns
    -------
    ndarray of int
        One number per sentence; punctuation is not counted, and ``didn't`` is one word. Words after
        the last punctuation mark that ends a sentence count as a sentence too.

    Raises
    ------
    ValueError
        If there are no texts.
    """
    lengths = []
    for tokens in token_lists(texts):
        lengths.append(0)
        for token in tokens:
            if token in SENTENCE_ENDS:
                lengths.append(0)
            elif token[:1].isalnum() and token != "n't":
                lengths[-1] += 1
    return np.array([length for length in lengths if length], dtype=int)


def ended_share(texts: Texts, max_length: int | None = None) -> float:
    """Compute the share of texts that end with a full stop or similar mark, not at a length limit.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    max_length : int, optional
        Number of words and punctuation marks, including the prompt, at which a text was cut. A text
        of this length does not count as ended, whatever its last word, because it might have been
        continued. Without a limit, only the last token matters, so a text that was cut just after a
        full stop counts as ended.

    Returns
    -------
    float in [0, 1]
        The share of texts; a closing quote or bracket may follow the final mark.

    Raises
    ------
    ValueError
        If there are no texts, the limit is below 1, or a text is longer than the limit.
    """
    lists = token_lists(texts)
    if max_length is not None:
        _check_limit(lists, max_length)
    return float(np.mean([_ends(tokens) and len(tokens) != max_length for tokens in lists]))


def _ends(tokens: Sequence[str]) -> bool:
    last = next((token for token in reversed(tokens) if token not in _CLOSING), "")
    return last in SENTENCE_ENDS


def _check_limit(lists: list[Sequence[str]], max_length: int) -> None:
    check_count("max_length", max_length)
    longest = max(map(len, lists))
    if longest > max_length:
        raise ValueError(
            f"a text has {longest} words and marks, more than max_length={max_length}: it was not "
            "cut there. Give the limit of the generator, with the words of the prompt."
        )


def numbered_texts(texts: Texts) -> TokenNumbers:
    """Split texts into words, and number the words for `hashed_windows`.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str

    Returns
    -------
    TokenNumbers
        The word numbers, as uint64.

    Raises
    ------
    ValueError, TypeError
        As for `token_lists`.
    """
    lists = token_lists(texts)
    known = numbering(lists)
    return scattered(number_tokens(lists, known), len(known))


def check_some_runs(hashes: np.ndarray, n: int, unit: str = "words") -> None:
    """Reject texts that are all too short for a single n-gram.

    Parameters
    ----------
    hashes : ndarray
        As returned by `hashed_windows`.
    n : int
        Length of the n-grams.
    unit : str
        A plural noun for the tokens in an n-gram, used in the error message.

    Raises
    ------
    ValueError
        If there are no n-grams.
    """
    if not len(hashes):
        raise ValueError(f"no text has {n} {unit} or more. Give longer texts, or take a smaller n.")


def _grams(tokens: TokenNumbers, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Hash every run of n tokens within a text; return the hashes and the texts' indices."""
    hashes, starts = hashed_windows(tokens, n)
    return hashes, tokens.places[starts]


def _own_grams(texts: Texts, n: int) -> tuple[np.ndarray, np.ndarray]:
    check_count("n", n)
    grams, places = _grams(numbered_texts(texts), n)
    check_some_runs(grams, n)
    return grams, places


def _clipped_matches(grams: np.ndarray, places: np.ndarray, n_texts: int) -> np.ndarray:
    """Count the n-grams of each text, capping each count at its maximum in any other text."""
    if not len(grams):
        return np.zeros(n_texts)
    order = np.lexsort((places, grams))
    grams, places = grams[order], places[order]
    new = np.flatnonzero(np.r_[True, (grams[1:] != grams[:-1]) | (places[1:] != places[:-1])])
    counts = np.diff(np.r_[new, len(grams)])
    grams, places = grams[new], places[new]
    # Sort each n-gram's counts in descending order: the largest first, then the second largest.
    order = np.lexsort((-counts, grams))
    grams, places, counts = grams[order], places[order], counts[order]
    firsts = np.flatnonzero(np.r_[True, grams[1:] != grams[:-1]])
    group = np.repeat(np.arange(len(firsts)), np.diff(np.r_[firsts, len(grams)]))
    most = counts[firsts]
    alone = np.diff(np.r_[firsts, len(grams)]) == 1
    second = np.where(alone, 0, counts[np.minimum(firsts + 1, len(counts) - 1)])
    others = np.where(np.arange(len(grams)) == firsts[group], second[group], most[group])
    return np.bincount(places, np.minimum(counts, others), n_texts)


def _closest_lengths(lengths: np.ndarray) -> np.ndarray:
    """Find each text's closest length among the other texts; in a tie, take the shorter one."""
    values, inverse, counts = np.unique(lengths, return_inverse=True, return_counts=True)
    gaps = np.diff(values).astype(float)
    below, above = np.r_[np.inf, gaps], np.r_[gaps, np.inf]
    other = np.where(below <= above, np.roll(values, 1), np.roll(values, -1))
    return np.where(counts > 1, values, other)[inverse]
