"""Prepare the texts that a scorecard compares; cut real texts to the lengths of generated ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from gan_utils.metrics.text import token_lists
from gan_utils.scorecard.text_labels import check_labels_known
from gan_utils.text.inputs import as_texts
from gan_utils.text.passages import WrittenText

#: Minimum number of texts in each set.
LEAST_TEXTS = 12


class TextRun(NamedTuple):
    """The generated texts of one seed.

    Attributes
    ----------
    texts : list of str
    words : list of lists of str
        The same texts, split into words once for all measures.
    asked : ndarray of shape (n_texts,) or None
        The labels that were requested from the generator.
    """

    texts: list[str]
    words: list[list[str]]
    asked: np.ndarray | None

    @property
    def lengths(self) -> np.ndarray:
        """Number of words in each text."""
        return np.array([len(words) for words in self.words])


class MatchedTexts(NamedTuple):
    """Real texts, each matched to one of the requested lengths.

    Attributes
    ----------
    places : ndarray of shape (n,)
        Index of the requested length that each real text is matched to. If there are too few real
        texts, some of the lengths have no match.
    origins : ndarray of shape (n,)
        Index of the real text from which each passage was cut; 0 for all passages of a book.
    starts : ndarray of shape (n,)
        Index of the passage's first word in that real text; 0 except for passages of a book.
    words : list of lists of str
    """

    places: np.ndarray
    origins: np.ndarray
    starts: np.ndarray
    words: list[list[str]]


class RealTexts:
    """The real texts, split into words once: the training texts, and the texts of the baseline.

    Parameters
    ----------
    real : str or list of str
        The training texts of the generator.
    held_out : str, list of str, or None
        Texts that the generator never saw; if None, two halves of ``real`` are compared.
    labels : ndarray of shape (n,) or None
        Labels of ``real``.
    random_state : int, optional
        Seed for all random selections of texts.
    """

    def __init__(
        self,
        real: str | Sequence[str],
        held_out: str | Sequence[str] | None,
        labels: np.ndarray | None,
        random_state: int | None,
    ) -> None:
        self.random_state = random_state
        self.real = _split_real(real, "real")
        self.reference, self._before = self.real, 0
        self._real_written = _written(real)
        self._held_out_written = _written(real if held_out is None else held_out)
        if held_out is not None:
            self.held_out = _split_real(held_out, "held_out")
        elif isinstance(real, str):
            (words,) = self.real
            self._before = len(words) // 2
            self.reference, self.held_out = [words[: self._before]], [words[self._before :]]
        else:
            order = np.random.default_rng(random_state).permutation(len(self.real))
            halves = np.array_split(order, 2)
            self.reference, self.held_out = ([self.real[i] for i in half] for half in halves)
            self._held_out_written = [self._real_written[i] for i in halves[1]]
        self.labels = None if labels is None else np.asarray(labels)

    def check_room(self, lengths: np.ndarray) -> None:
        """Reject books that are too short for passages of the given lengths.

        Parameters
        ----------
        lengths : ndarray of shape (n,)
            Number of words of each generated text.

        Raises
        ------
        ValueError
            If 12 passages do not fit into a book without overlap.
        """
        for books, who in ((self.reference, "real"), (self.held_out, "held_out")):
            room = len(self.like(books, lengths).places) if len(books) == 1 else LEAST_TEXTS
            if room < LEAST_TEXTS:
                raise ValueError(
                    f"{who} has {len(books[0]):,} words, room for {room} passages as long as the "
                    f"synthetic texts (median: {np.median(lengths):.0f} words), but a card needs "
                    f"at least {LEAST_TEXTS}. Give more real text, or shorter synthetic texts."
                )

    def like(self, which: list[list[str]], lengths: Sequence[int]) -> MatchedTexts:
        """Cut real texts to the given lengths, but never to less than one word.

        Parameters
        ----------
        which : list of lists of str
            Several texts, each of which is used at most once, from its beginning; or one book, from
            which passages are taken without overlap.
        lengths : sequence of int
            The requested numbers of words.

        Returns
        -------
        MatchedTexts
            Texts for all lengths, or for a random subset of the lengths if there is too little real
            text.
        """
        rng, lengths = np.random.default_rng(self.random_state), np.maximum(lengths, 1)
        if len(which) == 1:
            return _passages(which[0], lengths, rng)
        chosen = rng.permutation(len(which))[: len(lengths)]
        places = np.arange(len(lengths))
        if len(chosen) < len(lengths):
            places = np.sort(rng.permutation(len(lengths))[: len(chosen)])
        # The longest text is matched to the greatest length, and so on, so that few texts are too
        # short.
        longest = sorted(chosen, key=lambda i: -len(which[i]))
        greatest = places[np.argsort(-lengths[places], kind="stable")]
        texts = dict(zip(greatest, longest, strict=True))
        origins = np.array([texts[place] for place in places])
        words = [which[i][: lengths[place]] for i, place in zip(origins, places, strict=True)]
        return MatchedTexts(places, origins, np.zeros_like(places), words)

    def held_out_as_written(self, found: MatchedTexts) -> list[str]:
        """Return passages of the held-out texts in their original spelling and white space.

        The output of `join_words` would raise the bits per token of a letter-level language model.

        Parameters
        ----------
        found : MatchedTexts
            Passages taken from ``held_out`` by `like`.

        Returns
        -------
        list of str
        """
        parts = zip(found.origins, found.starts + self._before, found.words, strict=True)
        return [self._held_out_written[i].passage(a, len(words)) for i, a, words in parts]

    def real_as_written(self, origins: np.ndarray, lengths: np.ndarray) -> list[str]:
        """Return the beginnings of training texts in their original spelling and white space.

        Parameters
        ----------
        origins, lengths : ndarray of shape (n,)
            Indices of the texts, and the number of words (at least 1) to take from each.

        Returns
        -------
        list of str
        """
        parts = zip(origins, lengths, strict=True)
        return [self._real_written[i].passage(0, int(n)) for i, n in parts]


def _passages(book: list[str], lengths: np.ndarray, rng: np.random.Generator) -> MatchedTexts:
    """Take non-overlapping passages with random gaps until the next passage does not fit."""
    order = rng.permutation(len(lengths))
    order = order[np.cumsum(lengths[order]) <= len(book)]
    before = np.cumsum(lengths[order]) - lengths[order]
    slack = len(book) - lengths[order].sum()
    starts = np.sort(rng.integers(0, slack + 1, len(order))) + before
    by_place = np.argsort(order)
    places, starts = order[by_place], starts[by_place]
    words = [book[a : a + n] for a, n in zip(starts, lengths[places], strict=True)]
    return MatchedTexts(places, np.zeros_like(places), starts, words)


def _written(texts: str | Sequence[str]) -> list[WrittenText]:
    texts = [texts] if isinstance(texts, str) else texts
    return [WrittenText(text) for text in texts]


def _split_real(texts: str | Sequence[str], who: str) -> list[list[str]]:
    lists = token_lists(texts)
    empty = [place for place, words in enumerate(lists) if not words]
    if empty and not isinstance(texts, str):
        raise ValueError(
            f"text {empty[0]} of {who} has no word, nor have {len(empty) - 1} more. Leave empty "
            "texts out."
        )
    return lists


def text_runs(
    synthetic: Sequence[str] | Sequence[Sequence[str]],
    labels: np.ndarray | Sequence[np.ndarray] | None,
) -> list[TextRun]:
    """Split generated texts into words, one run per seed.

    Parameters
    ----------
    synthetic : list of str, or list of lists of str
        The texts of one run, or of several runs.
    labels : array of shape (m,), or list of them, or None
        The requested labels.

    Returns
    -------
    list of TextRun

    Raises
    ------
    TypeError
        If an item is not a str.
    ValueError
        If ``synthetic`` is not a list, a run has too few texts or only empty ones, or labels are
        partly missing or do not match the texts.
    """
    if isinstance(synthetic, str) or not isinstance(synthetic, Iterable):
        raise ValueError("synthetic must be a list of texts, or a list of such lists.")
    synthetic = list(synthetic)
    if not synthetic:
        raise ValueError("synthetic must be a list of texts, or a list of such lists.")
    single = not any(_is_list(text) for text in synthetic)
    runs = {"synthetic": synthetic}
    if not single:
        runs = {f"synthetic[{place}]": texts for place, texts in enumerate(synthetic)}
    batches = [check_enough_texts(texts, who) for who, texts in runs.items()]
    words = [token_lists(texts) for texts in batches]
    if not all(map(any, words)):
        raise ValueError("all texts of synthetic are empty.")
    asked = _asked_labels(labels, batches, single)
    return [TextRun(*parts) for parts in zip(batches, words, asked, strict=True)]


def _asked_labels(
    labels: object, batches: list[list[str]], single: bool
) -> list[np.ndarray | None]:
    if labels is None:
        return [None] * len(batches)
    parts = [labels] if single or not _is_list(labels) else labels
    asked = [np.asarray(part) for part in parts]
    if [part.shape for part in asked] != [(len(texts),) for texts in batches]:
        raise ValueError("synthetic_labels do not match synthetic: give one label a text.")
    for part in asked:
        check_labels_known(part, "synthetic_labels")
    return asked


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def check_enough_texts(texts: Iterable[str], who: str) -> list[str]:
    """Check that there are at least 12 texts.

    Parameters
    ----------
    texts : iterable of str
    who : str
        The name of the parameter, used in error messages.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If an item is not a str.
    ValueError
        If there are fewer than 12 texts.
    """
    found = as_texts(texts, who, single=False, blank=True, halves=True)
    if len(found) < LEAST_TEXTS:
        raise ValueError(f"{who} has {len(found)} texts, but a card needs at least {LEAST_TEXTS}.")
    return found
