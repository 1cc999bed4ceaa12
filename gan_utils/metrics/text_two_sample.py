"""Test whether a classifier can tell generated texts from real ones (two-sample test)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils.metrics.alignment import UndefinedMeasureError
from gan_utils.metrics.text import token_lists
from gan_utils.metrics.two_sample import equal_groups, grouped_folds, held_out_auc

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


def text_c2st(
    real: Sequence[str] | Sequence[Sequence[str]],
    synthetic: Sequence[str] | Sequence[Sequence[str]],
    n_folds: int = 5,
    random_state: int | None = 0,
) -> float:
    """Measure how well a classifier tells generated texts from real ones by their words.

    A logistic regression on the TF-IDF values of words and pairs of words is trained on all folds
    but one and tested on the remaining fold. Equal texts are placed in the same fold, unless there
    are more than ``n_folds`` of them, so that no text is tested by a model that was trained on its
    copies. Use `copy_rate` to detect copying.

    Parameters
    ----------
    real, synthetic : list of str, or list of lists of str
        At least ``n_folds`` texts in each set. The classifier can make use of text length, so cut
        the texts to equal lengths first if length should not matter.
    n_folds : int, at least 2
        Number of stratified folds.
    random_state : int, optional
        Seed for the folds.

    Returns
    -------
    float in [0.5, 1]
        The AUC of the held-out probabilities, but at least 0.5. 0.5 is ideal: the sets cannot be
        told apart. At 1, the classifier separates them perfectly.

    Raises
    ------
    UndefinedMeasureError
        If, in any fold, no word occurs in at least two training texts, so there is nothing to
        learn from.
    ValueError
        If either set has fewer than ``n_folds`` texts.

    References
    ----------
    Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*.
    """
    check_small_seed(random_state)
    sides = [token_lists(real), token_lists(synthetic)]
    _check_enough(sides, n_folds)
    texts, labels = [*sides[0], *sides[1]], np.repeat([0, 1], [len(side) for side in sides])
    groups = equal_groups([tuple(words) for words in texts], n_folds)
    folds = grouped_folds(labels, groups, n_folds, random_state)
    if not all(_share_a_word([texts[i] for i in training]) for training, _ in folds):
        raise UndefinedMeasureError("no word stands in two texts, so nothing tells them apart.")
    return held_out_auc(word_pair_classifier(min_texts=2), texts, labels, folds)


def word_pair_classifier(min_texts: int = 1) -> Pipeline:
    """Make an untrained logistic regression on TF-IDF values for texts split into words.

    Parameters
    ----------
    min_texts : int
        Words and pairs of words that occur in fewer texts than this are left out.

    Returns
    -------
    scikit-learn Pipeline
        Call ``fit(lists, labels)``, then ``predict(lists)``; each text is a list of words.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(analyzer=_words_and_pairs, min_df=min_texts, sublinear_tf=True)
    return make_pipeline(words, LogisticRegression(C=10, max_iter=1000))


def _words_and_pairs(tokens: Sequence[str]) -> list[str]:
    return [*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))]


def _check_enough(sides: list[list[Sequence[str]]], n_folds: int) -> None:
    check_count("n_folds", n_folds, 2)
    for texts, who in zip(sides, ("real", "synthetic"), strict=True):
        if len(texts) < n_folds:
            raise ValueError(
                f"{who} has {len(texts)} texts, but n_folds={n_folds} needs one for each fold. "
                "Give more texts, or take fewer folds."
            )


def _share_a_word(texts: Iterable[Sequence[str]]) -> bool:
    counts = Counter(chain.from_iterable(map(set, texts)))
    return max(counts.values(), default=0) > 1
