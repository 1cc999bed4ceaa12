"""What a card of texts compares: the generated runs, and real texts cut to the same lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from gan_utils.metrics.text import token_lists
from gan_utils.scorecard.card import can_learn
from gan_utils.text.inputs import as_texts

#: The smallest sets that a card of texts is made of.
LEAST_TEXTS = 12


class TextRun(NamedTuple):
    """The generated texts of one seed.

    Attributes
    ----------
    texts : list of str
    words : list of lists of str
        The same, split once for all measures.
    asked : ndarray of shape (n_texts,) or None
        The labels that the generator was asked for.
    """

    texts: list[str]
    words: list[list[str]]
    asked: np.ndarray | None

    @property
    def lengths(self) -> np.ndarray:
        """Words of each text."""
        return np.array([len(words) for words in self.words])


class MatchedTexts(NamedTuple):
    """Real texts, each as long as one of those they stand beside.

    Attributes
    ----------
    places : ndarray of shape (n,)
        Beside which text each stands; fewer than there are where real texts run out.
    origins : ndarray of shape (n,)
        Which of the real texts each was cut from; 0 for all passages of a book.
    words : list of lists of str
    """

    places: np.ndarray
    origins: np.ndarray
    words: list[list[str]]


class RealTexts:
    """The real texts, split into words once: what was learnt from, and what stands beside it.

    Parameters
    ----------
    real : str or list of str
        What the generator learnt from.
    held_out : str, list of str, or None
        What it never saw; without it halves of ``real`` stand against each other.
    labels : ndarray of shape (n,) or None
        Of ``real``.
    random_state : int, optional
        Seed of all choices.
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
        self.reference = self.real
        if held_out is not None:
            self.held_out = _split_real(held_out, "held_out")
        elif isinstance(real, str):
            (words,) = self.real
            self.reference, self.held_out = [words[: len(words) // 2]], [words[len(words) // 2 :]]
        else:
            order = np.random.default_rng(random_state).permutation(len(self.real))
            halves = np.array_split(order, 2)
            self.reference, self.held_out = ([self.real[i] for i in half] for half in halves)
        self.labels = None if labels is None else np.asarray(labels)

    def check_room(self, lengths: np.ndarray) -> None:
        """Refuse books that are too short for passages of these lengths.

        Parameters
        ----------
        lengths : ndarray of shape (n,)
            Words of the generated texts.

        Raises
        ------
        ValueError
            If a book has no room for 12 of them side by side.
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
        """Take real texts of these lengths, but of one word at least.

        Parameters
        ----------
        which : list of lists of str
            Texts, of which beginnings are taken, each text once; or one book, of which passages
            are taken that do not overlap.
        lengths : sequence of int
            In words.

        Returns
        -------
        MatchedTexts
            Of as many of the lengths, drawn at random, as there are texts or is room in the book.
        """
        rng, lengths = np.random.default_rng(self.random_state), np.maximum(lengths, 1)
        if len(which) == 1:
            return _passages(which[0], lengths, rng)
        chosen = rng.permutation(len(which))[: len(lengths)]
        places = np.arange(len(lengths))
        if len(chosen) < len(lengths):
            places = np.sort(rng.permutation(len(lengths))[: len(chosen)])
        # The longest of them for the greatest length, and so on: few are then too short.
        longest = sorted(chosen, key=lambda i: -len(which[i]))
        greatest = places[np.argsort(-lengths[places], kind="stable")]
        texts = dict(zip(greatest, longest, strict=True))
        origins = np.array([texts[place] for place in places])
        words = [which[i][: lengths[place]] for i, place in zip(origins, places, strict=True)]
        return MatchedTexts(places, origins, words)


def _passages(book: list[str], lengths: np.ndarray, rng: np.random.Generator) -> MatchedTexts:
    """Lay as many passages side by side as there is room for, with random gaps between them."""
    order = rng.permutation(len(lengths))
    order = order[np.cumsum(lengths[order]) <= len(book)]
    before = np.cumsum(lengths[order]) - lengths[order]
    slack = len(book) - lengths[order].sum()
    starts = np.sort(rng.integers(0, slack + 1, len(order))) + before
    passages = {place: book[a : a + lengths[place]] for place, a in zip(order, starts, strict=True)}
    places = np.sort(order)
    return MatchedTexts(places, np.zeros_like(places), [passages[place] for place in places])


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
    """Split generated texts into words, one run a seed.

    Parameters
    ----------
    synthetic : list of str, or list of lists of str
        One run, or several.
    labels : array of shape (m,), or list of them, or None
        What was asked for.

    Returns
    -------
    list of TextRun

    Raises
    ------
    ValueError
        If a run has too few texts, something else than texts, or nothing but empty texts; or labels
        are missing in part or do not match.
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
    """Refuse what is no list of at least 12 texts.

    Parameters
    ----------
    texts : iterable of str
    who : str
        The parameter, for errors.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If something else than str is among them.
    ValueError
        If there are fewer.
    """
    found = as_texts(texts, who, single=False, blank=True, halves=True)
    if len(found) < LEAST_TEXTS:
        raise ValueError(f"{who} has {len(found)} texts, but a card needs at least {LEAST_TEXTS}.")
    return found


def check_labels_known(labels: np.ndarray, who: str) -> None:
    """Refuse missing labels.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        One a text.
    who : str
        The parameter, for errors.

    Raises
    ------
    ValueError
        If one is None or NaN.
    """
    missing = np.flatnonzero(pd.isna(labels))
    if len(missing):
        raise ValueError(f"label {missing[0]} of {who} is missing. Leave its text out.")


def held_out_answers(
    real: str | list[str],
    held_out: str | list[str] | None,
    labels: np.ndarray | None,
    held_out_labels: np.ndarray | None,
) -> np.ndarray | None:
    """Return the labels that TSTR is tested on, or None where it is not asked for.

    Parameters
    ----------
    real, held_out : str or list of str
    labels, held_out_labels : array of shape (n,) and (h,), or None

    Returns
    -------
    ndarray of shape (h,) or None

    Raises
    ------
    ValueError
        If only a part of them is there, or labels do not match or are missing in part.
    """
    if not can_learn(real, held_out, labels, held_out_labels, "text"):
        return None
    for values, who in ((labels, "labels"), (held_out_labels, "held_out_labels")):
        check_labels_known(np.asarray(values), who)
    return np.asarray(held_out_labels)


def check_same_labels(runs: list[TextRun], labels: np.ndarray, answers: np.ndarray) -> None:
    """Refuse asked labels that no real text has: a classifier that learnt them is always wrong.

    Parameters
    ----------
    runs : list of TextRun
    labels, answers : ndarray
        Of the real texts and of the held-out ones.

    Raises
    ------
    ValueError
        If there is one.
    """
    known = {*np.asarray(labels).tolist(), *answers.tolist()}
    for run in runs:
        strange = set() if run.asked is None else set(run.asked.tolist()) - known
        if strange:
            raise ValueError(
                f"synthetic_labels hold {sorted(map(repr, strange))[0]}, but the labels of real "
                f"texts are {', '.join(sorted(map(repr, known))[:5])}. Give both alike."
            )
