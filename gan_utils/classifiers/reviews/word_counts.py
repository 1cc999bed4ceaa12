"""Count words, pairs and triples of words in many texts, three times as fast as text by text."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Self

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin

from gan_utils._support.checks import check_count
from gan_utils.text.tokens import split_words


def as_texts(texts: Iterable[str]) -> list[str]:
    """Bring texts into a list, and refuse what is none.

    Parameters
    ----------
    texts : iterable of str
        A list, an array or a column of a DataFrame.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        For a single text, for no text at all, and for anything else than text among them.
    """
    if isinstance(texts, str):
        raise ValueError("texts is a single text. Give a list of texts, such as [text].")
    texts = list(texts)
    if not texts:
        raise ValueError("there are no texts. Give at least one.")
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(
                f"text {place} is {text!r} ({type(text).__name__}), but must be a str. Leave "
                "missing texts out."
            )
    return texts


class WordNgrams(TransformerMixin, BaseEstimator):
    """Count n-grams of words: how often each stands in each text.

    Scikit-learn's ``CountVectorizer`` builds a string for each n-gram of each text. Here a word is
    a number, a pair the number of its first word and its second, and a triple that of its pair and
    its third: sorting numbers is much faster, and an n-gram whose beginning was too rare to be kept
    need not be looked at.

    Parameters
    ----------
    most_words : int
        The length of the longest n-grams: 1 for words only, 3 for words, pairs and triples.
    min_texts : int
        N-grams in fewer texts are left out.

    Attributes
    ----------
    words_ : dict of str to int
        The words of the texts in `fit`.
    keys_ : list of ndarray
        For each length the n-grams that are kept, as sorted numbers.
    """

    def __init__(self, most_words: int = 3, min_texts: int = 2) -> None:
        self.most_words, self.min_texts = most_words, min_texts

    def fit(self, texts: Iterable[str], labels: Any = None) -> Self:
        """Find out which n-grams there are.

        Parameters
        ----------
        texts : iterable of str
            Cut into words by `gan_utils.text.tokens.split_words`.
        labels : object, optional
            Not used.

        Returns
        -------
        WordNgrams
            Itself.
        """
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Iterable[str], labels: Any = None) -> sp.csr_matrix:
        """Find out which n-grams there are, and count them.

        Parameters
        ----------
        texts : iterable of str
            As for `fit`.
        labels : object, optional
            Not used.

        Returns
        -------
        csr_matrix of shape (n_texts, n_ngrams), float32
            Columns: words first, then pairs, then triples; `n_columns` says how many.

        Raises
        ------
        ValueError
            If no n-gram stands in ``min_texts`` texts.
        """
        check_count("most_words", self.most_words)
        check_count("min_texts", self.min_texts)
        split = tokenize(as_texts(texts))
        self.words_: dict[str, int] = {}
        self.keys_: list[np.ndarray] = []
        ids = [self.words_.setdefault(word, len(self.words_)) for word in _flat(split)]
        counts = self._count(split, ids, self._learn)
        if not counts.shape[1]:
            raise ValueError(
                f"no word stands in min_texts={self.min_texts} of the {len(split)} texts. Give "
                "more texts, or a smaller min_texts."
            )
        return counts

    def transform(self, texts: Iterable[str]) -> sp.csr_matrix:
        """Count the n-grams that `fit` has found.

        Parameters
        ----------
        texts : iterable of str
            Other n-grams in them are passed over.

        Returns
        -------
        csr_matrix of shape (n_texts, n_ngrams), float32

        Raises
        ------
        RuntimeError
            Before `fit`.
        """
        if not hasattr(self, "keys_"):
            raise RuntimeError("WordNgrams is not fitted yet. Call fit(texts).")
        split = tokenize(as_texts(texts))
        ids = [self.words_.get(word, -1) for word in _flat(split)]
        return self._count(split, ids, self._find)

    def n_columns(self, most_words: int) -> int:
        """Return how many columns the n-grams of up to ``most_words`` words have."""
        return sum(map(len, self.keys_[:most_words]))

    def _count(self, split: list[list[str]], ids: list[int], look_up: Callable) -> sp.csr_matrix:
        """Go from n-grams of one length to those of the next; -1 stands for none."""
        words = np.array(ids, dtype="int64")
        texts = np.repeat(np.arange(len(split)), [len(text) for text in split])
        parts, keys, found = [], words, words
        for size in range(1, self.most_words + 1):
            if size > 1:
                last = words[size - 1 :]
                first = found[: len(last)]
                within = texts[: len(last)] == texts[size - 1 :]
                whole = within & (first >= 0) & (last >= 0)
                keys = np.where(whole, first * len(self.words_) + last, -1)
            found, n = look_up(size, keys, texts, len(split))
            parts.append(_matrix(found, texts, (len(split), n)))
        return sp.hstack(parts, format="csr")

    def _learn(
        self, size: int, keys: np.ndarray, texts: np.ndarray, n_texts: int
    ) -> tuple[np.ndarray, int]:
        """Keep the n-grams that are frequent enough, and number them."""
        codes, unique = pd.factorize(keys)
        codes = np.where(keys >= 0, codes, -1)
        in_texts = np.bincount(
            _matrix(codes, texts, (n_texts, len(unique))).indices, minlength=len(unique)
        )
        kept = np.flatnonzero((in_texts >= self.min_texts) & (unique >= 0))
        kept = kept[np.argsort(unique[kept])]
        self.keys_.append(unique[kept])
        numbers = np.full(len(unique) + 1, -1)
        numbers[kept] = np.arange(len(kept))
        return numbers[codes], len(kept)

    def _find(
        self, size: int, keys: np.ndarray, texts: np.ndarray, n_texts: int
    ) -> tuple[np.ndarray, int]:
        """Look up the n-grams that were kept."""
        known = self.keys_[size - 1]
        if not len(known):
            return np.full(len(keys), -1), 0
        places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[places] == keys, places, -1), len(known)


def _flat(split: Sequence[Sequence[str]]) -> Iterator[str]:
    return chain.from_iterable(split)


def _matrix(codes: np.ndarray, texts: np.ndarray, shape: tuple[int, int]) -> sp.csr_matrix:
    """Count each code in each text; its duplicates are summed on the way."""
    at = np.flatnonzero(codes >= 0)
    ones = np.ones(len(at), dtype="float32")
    return sp.csr_matrix((ones, (texts[at], codes[at])), shape)


#: What was counted already, inside `shared_counts`.
_SHARED: contextvars.ContextVar[dict | None] = contextvars.ContextVar("shared", default=None)


@contextlib.contextmanager
def shared_counts() -> Iterator[dict]:
    """Let the classifiers that are fitted inside share words and counts of the same texts.

    Yields
    ------
    dict
        What is shared; ``"saved"`` is how many seconds of work that has spared so far.
    """
    shared: dict[Any, Any] = {"saved": 0.0}
    before = _SHARED.set(shared)
    try:
        yield shared
    finally:
        _SHARED.reset(before)


def _once(key: tuple, make: Callable[[], Any]) -> Any:
    """Make something, or take what was made for the same key inside `shared_counts`."""
    shared = _SHARED.get()
    if shared is None:
        return make()
    if key in shared:
        made, seconds = shared[key]
        shared["saved"] += seconds
        return made
    start, saved = time.perf_counter(), shared["saved"]
    made = make()
    shared[key] = (made, time.perf_counter() - start + shared["saved"] - saved)
    return made


def _digest(texts: Sequence[str]) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        found.update(f"{len(text)} ".encode() + text.encode("utf-8", "surrogatepass"))
    return found.digest()


def tokenize(texts: Sequence[str]) -> list[list[str]]:
    """Cut each text into words and marks, once for each list of texts inside `shared_counts`."""
    key = ("words", _digest(texts)) if _SHARED.get() is not None else ()
    return _once(key, lambda: [split_words(text) for text in texts])


def fitted_ngrams(
    texts: Sequence[str], most_words: int, min_texts: int
) -> tuple[WordNgrams, sp.csr_matrix]:
    """Fit `WordNgrams` and count, up to three words together inside `shared_counts`.

    Parameters
    ----------
    texts : sequence of str
    most_words, min_texts : int
        As for `WordNgrams`.

    Returns
    -------
    ngrams : WordNgrams
        It may count longer n-grams than asked for; their columns are the last ones.
    counts : csr_matrix
        Of all of them.
    """
    check_count("most_words", most_words)
    shared = _SHARED.get() is not None
    reach = max(most_words, 3) if shared else most_words

    def make() -> tuple[WordNgrams, sp.csr_matrix]:
        ngrams = WordNgrams(reach, min_texts)
        return ngrams, ngrams.fit_transform(texts)

    return _once(("fit", _digest(texts), reach, min_texts) if shared else (), make)


def counted(ngrams: WordNgrams, texts: Sequence[str]) -> sp.csr_matrix:
    """Count, once for each list of texts inside `shared_counts`."""
    key = ("count", id(ngrams), _digest(texts)) if _SHARED.get() is not None else ()
    return _once(key, lambda: ngrams.transform(texts))
