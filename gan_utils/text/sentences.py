"""Cut short sentences out of longer texts, and turn them into rows of numbers of equal length."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from gan_utils._support.checks import check_count
from gan_utils.text.inputs import as_texts
from gan_utils.text.labels import Label, label_numbers
from gan_utils.text.tokens import SENTENCE_ENDS, join_words, split_words
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.word_writer import END

_AFTER_AN_END = re.compile(r"(?<=[.!?])\s+")


def short_sentences(
    texts: Sequence[str], least: int = 6, most: int = 15, n_words: int | None = None
) -> tuple[list[str], np.ndarray]:
    """Cut texts into sentences, and keep the short ones that consist of frequent words.

    Parameters
    ----------
    texts : sequence of str
        Longer texts, such as reviews.
    least, most : int
        Minimum and maximum number of words and punctuation marks in a sentence.
    n_words : int, optional
        Keep only sentences whose words and punctuation marks are all among the ``n_words`` most
        frequent in all short sentences. By default, every word is accepted.

    Returns
    -------
    sentences : list of str
        The sentences as spelled by `join_words`, without repetitions, in the order of the texts.
    places : ndarray of shape (n_sentences,), int64
        The index of the text that each sentence comes from.

    Raises
    ------
    TypeError
        If a text is not a str.
    ValueError
        If there are no texts, or ``least``, ``most`` or ``n_words`` is out of range.
    """
    check_count("least", least)
    check_count("most", most, least)
    found: dict[tuple[str, ...], int] = {}
    for place, text in enumerate(as_texts(texts, "texts", single=False)):
        for words in _sentences_of(text, least, most):
            found.setdefault(words, place)
    if n_words is not None:
        known = _most_frequent(found, n_words)
        found = {words: place for words, place in found.items() if known.issuperset(words)}
    return [join_words(words) for words in found], np.array([*found.values()], np.int64)


def _sentences_of(text: str, least: int, most: int) -> Iterable[tuple[str, ...]]:
    for piece in _AFTER_AN_END.split(text):
        if piece.count(" ") < most:  # checking first is cheaper than splitting
            words = tuple(split_words(piece))
            ends = [word in SENTENCE_ENDS for word in words]
            if least <= len(words) <= most and ends[-1] and sum(ends) == 1:
                yield words


def _most_frequent(sentences: Iterable[tuple[str, ...]], n_words: int) -> set[str]:
    check_count("n_words", n_words)
    counts = Counter(word for words in sentences for word in words)
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return set(ranked[:n_words])


def split_sentences(texts: Sequence[str], most: int) -> list[list[str]]:
    """Split sentences into words and punctuation marks.

    Parameters
    ----------
    texts : sequence of str
        The sentences, one per text.
    most : int
        Maximum number of words and punctuation marks in a sentence.

    Returns
    -------
    list of list of str

    Raises
    ------
    TypeError
        If a text is not a str.
    ValueError
        If there are no texts, or a text is empty or too long; the message gives its position.
    """
    sentences = [split_words(text) for text in as_texts(texts, "texts", single=False)]
    for place, words in enumerate(sentences):
        if not words:
            raise ValueError(f"the text at place {place} is empty. Leave it out.")
        if len(words) > most:
            raise ValueError(
                f"the text at place {place} has {len(words)} words and marks, but "
                f"most_words={most}. Cut texts with short_sentences, or raise most_words."
            )
    return sentences


def enough_labels(labels: Sequence[Label], least: int) -> tuple[list[Label], np.ndarray]:
    """Check that there are several labels, and enough sentences with each label.

    Parameters
    ----------
    labels : sequence of str or numbers
        One label per sentence.
    least : int
        Minimum number of sentences per label: the batch size.

    Returns
    -------
    known : list
        The different labels, sorted.
    numbers : ndarray of shape (n,), int32
        The index of each sentence's label in ``known``.

    Raises
    ------
    ValueError
        If there is only one label, or a label has fewer sentences than a batch.
    """
    counts = Counter(labels)
    if len(counts) == 1:
        raise ValueError(f"all labels are {labels[0]!r}. SentiGAN needs two or more.")
    rare, n = min(counts.items(), key=lambda pair: pair[1])
    if n < least:
        raise ValueError(
            f"label {rare!r} has {n} sentences, but batch_size={least} needs at least as many. "
            f"Use batch_size <= {n}, or give more sentences."
        )
    known = sorted(counts)
    return known, label_numbers(labels, known)


def as_rows(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary, length: int) -> np.ndarray:
    """Turn sentences into rows of whole numbers, padded with `END`.

    Parameters
    ----------
    sentences : sequence of sequences of str
        The words and punctuation marks of each sentence, which must be shorter than ``length``.
    vocabulary : Vocabulary
        The vocabulary, which must contain `END`.
    length : int
        Length of a row.

    Returns
    -------
    ndarray of shape (n, length), int32
    """
    end = vocabulary.tokens.index(END)
    rows = np.full((len(sentences), length), end, np.int32)
    lengths = np.array([len(words) for words in sentences], int)
    # One call for all sentences, since each call takes as long as a few hundred words.
    rows[np.arange(length) < lengths[:, None]] = vocabulary.encode([*chain(*sentences)])
    return rows
