"""Measures of generated texts: how varied they are, how they repeat themselves, what they copy.

Each is a function of one text or a list of texts. Words are those of `gan_utils.text.tokens`; where
the same texts are measured several times, a list of lists of words saves splitting them again. Runs
of words are compared as numbers of 64 bits, so that half a million reviews take seconds; two
different runs are taken for one with a chance of less than one in a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.text.tokens import SENTENCE_ENDS, join_words, split_words

Texts = str | Sequence[str] | Sequence[Sequence[str]]

LEVELS = ("word", "char")
#: What may stand after the mark that ends a sentence.
_CLOSING = frozenset({'"', "'", ")", "]"})
#: In BLEU, what counts in place of no match (smoothing method 1 of Chen and Cherry 2014).
EPSILON = 0.1
#: The first length that is looked for among shared runs: rare enough, and mostly there.
FIRST_LENGTH = 8
#: Bits of the table that sorts out most runs before the exact comparison.
_SIEVE_BITS = 22


@dataclass(frozen=True)
class CopiedRun:
    """The longest run of words or characters that stands in the training text too.

    Attributes
    ----------
    text : str
        The run, readable; empty where nothing is shared.
    length : int
        Its words (marks included) or characters.
    place : int
        In which of the texts it stands, counted from 0.
    """

    text: str
    length: int
    place: int


def token_lists(texts: Texts, level: str = "word") -> list[Sequence[str]]:
    """Split texts into words or characters.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        One text, several, or several that are split already.
    level : {"word", "char"}
        What to split into.

    Returns
    -------
    list
        One sequence of tokens a text.

    Raises
    ------
    ValueError
        If there is no text, or no such level.
    """
    if level not in LEVELS:
        raise ValueError(f"level={level!r} must be one of {LEVELS}.")
    texts = [texts] if isinstance(texts, str) else list(texts)
    if not texts:
        raise ValueError("there is no text. Give at least one.")
    split = split_words if level == "word" else str
    return [split(text) if isinstance(text, str) else text for text in texts]


def distinct_n(texts: Texts, n: int = 2) -> float:
    """Share of different n-grams among all n-grams of the texts together.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    n : int
        Words of an n-gram.

    Returns
    -------
    float in (0, 1]
        1 where no n-gram stands twice. It falls with the amount of text: compare equal amounts.

    Raises
    ------
    ValueError
        If no text has n words.

    References
    ----------
    Li, Galley, Brockett, Gao and Dolan 2016, *A diversity-promoting objective function for neural
    conversation models*.
    """
    grams, _ = _own_grams(texts, n)
    return len(np.unique(grams)) / len(grams)


def repeat_rate(texts: Texts, n: int = 4) -> float:
    """Share of n-grams that stood before in the same text: loops make it large.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    n : int
        Words of an n-gram.

    Returns
    -------
    float in [0, 1)

    Raises
    ------
    ValueError
        If no text has n words.

    References
    ----------
    Welleck and others 2020, *Neural text generation with unlikelihood training* (``seq-rep-n``).
    """
    grams, places = _own_grams(texts, n)
    return 1 - len(np.unique(_mix(grams, places))) / len(grams)


def self_bleu(texts: Texts, n: int = 4) -> float:
    """Mean BLEU of each text against all the others: how alike the texts are.

    Parameters
    ----------
    texts : list of str, or list of lists of str
        Generated texts, at least two.
    n : int
        Longest n-gram; all lengths up to it weigh the same.

    Returns
    -------
    float in [0, 1]
        1 where all texts are the same. It grows with their number: compare equal numbers.

    Raises
    ------
    ValueError
        If there are fewer than two texts.

    Notes
    -----
    As in Texygen, an n-gram length without a match counts as 0.1 matches.

    References
    ----------
    Papineni and others 2002, *BLEU*; Zhu and others 2018, *Texygen: a benchmarking platform for
    text generation models*.
    """
    check_count("n", n)
    lists = token_lists(texts)
    if len(lists) < 2:
        raise ValueError("self-BLEU compares texts with each other. Give at least two.")
    lengths = np.array([len(tokens) for tokens in lists])
    numbers, places = _numbered(lists)
    logs = np.zeros(len(lists))
    for size in range(1, n + 1):
        matches = _clipped_matches(*_grams(numbers, places, size), len(lists))
        possible = np.maximum(lengths - size + 1, 1)
        logs += np.log(np.where(matches > 0, matches, EPSILON) / possible) / n
        if size == 1:
            shares_a_word = matches > 0
    scores = np.exp(logs + np.minimum(0, 1 - _closest_lengths(lengths) / np.maximum(lengths, 1)))
    return float(np.mean(np.where(shares_a_word, scores, 0)))


def copy_rate(texts: Texts, training_texts: Texts, n: int = 8, level: str = "word") -> float:
    """Share of the n-grams that stand in the training texts too.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : the same
        What the generator learnt from.
    n : int
        Length of a run that is counted as copied; of characters, take about 30.
    level : {"word", "char"}
        Whether runs are of words or of characters.

    Returns
    -------
    float in [0, 1]
        Set it beside that of held-out real texts, which share phrases by chance.

    Raises
    ------
    ValueError
        If no text has n words or characters.

    References
    ----------
    McCoy and others 2023, *How much do language models copy from their training data?*
    """
    check_count("n", n)
    return _rate(*_pair(token_lists(texts, level), training_texts, level), n)


def longest_copied_run(texts: Texts, training_texts: Texts, level: str = "word") -> CopiedRun:
    """Find the longest run of words or characters that stands in the training texts too.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.
    training_texts : the same
        What the generator learnt from.
    level : {"word", "char"}
        Whether the run is of words or of characters.

    Returns
    -------
    CopiedRun
        The run, its length, and in which text it stands. No run goes from one text to the next.

    Raises
    ------
    ValueError
        If there is no text.
    """
    lists = token_lists(texts, level)
    return _longest(lists, *_pair(lists, training_texts, level), level)


def copies(
    texts: Texts, training_texts: Texts, n: int = 8, level: str = "word"
) -> tuple[float, CopiedRun]:
    """Return `copy_rate` and `longest_copied_run` together, in little more time than one takes."""
    check_count("n", n)
    lists = token_lists(texts, level)
    own, training = _pair(lists, training_texts, level)
    return _rate(own, training, n), _longest(lists, own, training, level)


def sentence_lengths(texts: Texts) -> np.ndarray:
    """Count the words of each sentence.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.

    Returns
    -------
    ndarray of int
        One number a sentence, marks not counted and ``didn't`` as one word. What stands after the
        last mark that ends a sentence is a sentence too.
    """
    lengths = []
    for tokens in token_lists(texts):
        lengths.append(0)
        for token in tokens:
            if token in SENTENCE_ENDS:
                lengths.append(0)
            elif token[0].isalnum() and token != "n't":
                lengths[-1] += 1
    return np.array([length for length in lengths if length], dtype=int)


def ended_share(texts: Texts) -> float:
    """Share of texts that end with a full stop or its like, a closing quote after it or not.

    Parameters
    ----------
    texts : str, list of str, or list of lists of str
        Generated texts.

    Returns
    -------
    float in [0, 1]
    """
    ended = []
    for tokens in token_lists(texts):
        last = next((token for token in reversed(tokens) if token not in _CLOSING), "")
        ended.append(last in SENTENCE_ENDS)
    return float(np.mean(ended))


#: Tokens as random numbers of 64 bits, and in which text each stands.
Numbers = tuple[np.ndarray, np.ndarray]


def _numbered(lists: list[Sequence[str]], known: dict[str, int] | None = None) -> Numbers:
    """Turn tokens into numbers; those that are not ``known`` all become one that nothing equals."""
    tokens = chain.from_iterable(lists)
    if known is None:
        known = {}
        ids = [known.setdefault(token, len(known) + 1) for token in tokens]
    else:
        ids = [known.get(token, 0) for token in tokens]
    places = np.repeat(np.arange(len(lists)), [len(tokens) for tokens in lists])
    # The seed is fixed: equal ids must be equal numbers in every call.
    table = np.random.default_rng(0).integers(0, 2**64, len(known) + 1, dtype="uint64")
    return table[np.array(ids, dtype=int)], places


def _pair(lists: list[Sequence[str]], training_texts: Texts, level: str) -> tuple[Numbers, Numbers]:
    known: dict[str, int] = {}
    for token in chain.from_iterable(lists):
        known.setdefault(token, len(known) + 1)
    return _numbered(lists, known), _numbered(token_lists(training_texts, level), known)


def _grams(numbers: np.ndarray, places: np.ndarray, n: int) -> Numbers:
    """Hash every run of n tokens inside one text; return the hashes and the texts."""
    hashes, starts = _windows(numbers, places, n)
    return hashes, places[starts]


def _windows(numbers: np.ndarray, places: np.ndarray, n: int) -> Numbers:
    """Hash every run of n tokens inside one text; return the hashes and where the runs begin.

    The hash of a run of 2k tokens comes from those of its halves, so that long runs cost little.
    """
    if len(numbers) < n:
        return numbers[:0], np.zeros(0, int)
    done, hashes, power = 0, None, numbers
    size = 1
    while size <= n:
        if n & size:
            tail = power[done : done + len(numbers) - n + 1] if done else power
            hashes = tail if hashes is None else _mix(hashes[: len(tail)], tail[: len(hashes)])
            done += size
        if 2 * size <= n:
            power = _mix(power[:-size], power[size:])
        size *= 2
    hashes = hashes[: len(numbers) - n + 1]
    starts = np.flatnonzero(places[: len(hashes)] == places[n - 1 :])
    return hashes[starts], starts


def _mix(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Make one number of two, such that their order counts (the finisher of splitmix64)."""
    mixed = left * np.uint64(0x9E3779B97F4A7C15) + right.astype("uint64")
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    return mixed


def _own_grams(texts: Texts, n: int) -> Numbers:
    check_count("n", n)
    grams, places = _grams(*_numbered(token_lists(texts)), n)
    _check_some(grams, n)
    return grams, places


def _check_some(grams: np.ndarray, n: int) -> None:
    if not len(grams):
        raise ValueError(f"no text has {n} words or more. Give longer texts, or take a smaller n.")


def _places_of(many: np.ndarray, few: np.ndarray) -> np.ndarray:
    """Find which of ``many`` are in ``few``: a table of their first bits sorts most out."""
    shift = np.uint64(64 - _SIEVE_BITS)
    table = np.zeros(2**_SIEVE_BITS, bool)
    table[few >> shift] = True
    likely = np.flatnonzero(table[many >> shift])
    return likely[np.isin(many[likely], few)]


def _rate(own: Numbers, training: Numbers, n: int) -> float:
    grams, _ = _grams(*own, n)
    _check_some(grams, n)
    others, _ = _grams(*training, n)
    return float(np.isin(grams, others[_places_of(others, grams)]).mean())


def _longest(lists: list[Sequence[str]], own: Numbers, training: Numbers, level: str) -> CopiedRun:
    """Halve the span of possible lengths until one is left; a part of a shared run is shared."""
    shared, beyond = 0, max(map(len, lists)) + 1
    start = 0
    while beyond - shared > 1:  # runs of ``shared`` are shared; those of ``beyond`` are not
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
    return CopiedRun(text, shared, int(own[1][start]))


def _shared_starts(own: Numbers, training: Numbers, length: int) -> tuple[np.ndarray, Numbers]:
    """Find where shared runs of a length begin, and the part of the training text they cover.

    A longer shared run lies in that part, which is far smaller than the whole.
    """
    grams, starts = _windows(*own, length)
    others, other_starts = _windows(*training, length)
    covers = np.zeros(len(training[0]) + 1, int)
    shared = _places_of(others, grams)
    found = other_starts[shared]
    covers[found] += 1  # no start stands there twice
    covers[found + length] -= 1
    inside = np.cumsum(covers)[:-1] > 0
    # A gap parts what is left on its two sides, as if they were two texts.
    places = np.cumsum(~inside) + training[1]
    return starts[np.isin(grams, others[shared])], (training[0][inside], places[inside])


def _clipped_matches(grams: np.ndarray, places: np.ndarray, n_texts: int) -> np.ndarray:
    """Count each text's n-grams that another has, each as often as one other has it at most."""
    if not len(grams):
        return np.zeros(n_texts)
    order = np.lexsort((places, grams))
    grams, places = grams[order], places[order]
    new = np.flatnonzero(np.r_[True, (grams[1:] != grams[:-1]) | (places[1:] != places[:-1])])
    counts = np.diff(np.r_[new, len(grams)])
    grams, places = grams[new], places[new]
    # Within an n-gram by falling count: the first is the most, the second the most of the others.
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
    """For each text the length of another that is nearest to its own, the shorter of two."""
    closest = []
    for place, length in enumerate(lengths):
        others = np.delete(lengths, place)
        closest.append(min(others, key=lambda other: (abs(other - length), other)))
    return np.array(closest)
