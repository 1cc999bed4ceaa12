"""Fit several review classifiers, and choose the one with the best accuracy on held-out reviews."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from sklearn.base import clone

from gan_utils.classifiers.reviews.checks import check_labels, check_text_list, plain_labels
from gan_utils.classifiers.reviews.linear import (
    NBSVM,
    ConstantClassifier,
    NaiveBayes,
    ReviewClassifier,
    TfidfLogistic,
)
from gan_utils.classifiers.reviews.shared import shared_counts

#: The candidates, simplest first.
CANDIDATE_NAMES = (
    "dummy",
    "naive Bayes",
    "TF-IDF + logistic regression",
    "NB-SVM",
    "CNN on embeddings",
)


class ChosenClassifier(NamedTuple):
    """The result of `choose_classifier`.

    Attributes
    ----------
    table : DataFrame
        One row per candidate, with the columns ``accuracy``, ``recall``, ``F1`` and ``seconds``.
    best : classifier
        The fitted candidate with the highest accuracy.
    """

    table: pd.DataFrame
    best: Any

    @property
    def name(self) -> Hashable:
        """The name of the best candidate, as it was given."""
        return self.table["accuracy"].idxmax()


class Average(ReviewClassifier):
    """Average the probabilities of several classifiers.

    Parameters
    ----------
    members : sequence of classifiers
        At least two classifiers. `fit` trains copies and leaves the originals unchanged.

    Attributes
    ----------
    members_ : list of classifiers
        The fitted copies; after `of_fitted`, the members themselves.
    """

    def __init__(self, members: Sequence[Any]) -> None:
        self.members = members

    @classmethod
    def of_fitted(cls, members: Sequence[Any]) -> Self:
        """Average classifiers that are already fitted, without fitting them again.

        Parameters
        ----------
        members : sequence of classifiers
            At least two classifiers, fitted with the same two labels.

        Returns
        -------
        Average

        Raises
        ------
        ValueError
            If there are fewer than two members, or their labels differ.
        RuntimeError
            If a member is not fitted.
        """
        found = cls(members)
        found._check_settings()
        for member in members:
            if not hasattr(member, "classes_"):
                raise RuntimeError(f"{type(member).__name__} is not fitted yet. Fit it first.")
        if len({tuple(member.classes_.tolist()) for member in members}) > 1:
            raise ValueError("some members know other labels than the rest. Fit them alike.")
        found.members_ = list(members)
        found.classes_ = members[0].classes_
        return found

    def _check_settings(self) -> None:
        if len(self.members) < 2:
            raise ValueError(f"{len(self.members)} member(s) have no average. Give two or more.")

    def _fit(self, texts: list[str], labels: np.ndarray) -> None:
        with shared_counts():
            self.members_ = [
                clone(member, safe=False).fit(texts, labels) for member in self.members
            ]

    def _second(self, texts: list[str]) -> np.ndarray:
        return np.mean([member.predict_proba(texts)[:, 1] for member in self.members_], axis=0)


def build(name: str, random_state: int = 0, **settings: Any) -> Any:
    """Make one of the candidates by name.

    Parameters
    ----------
    name : str
        One of `CANDIDATE_NAMES`.
    random_state : int
        Seed for the candidate, if it uses one.
    **settings : object
        Settings of the candidate's class: `ConstantClassifier`, `NaiveBayes`, `TfidfLogistic`,
        `NBSVM` or `ReviewCNN`.

    Returns
    -------
    classifier
        An unfitted classifier.

    Raises
    ------
    ValueError
        If there is no candidate with that name.

    Examples
    --------
    >>> model = build("TF-IDF + logistic regression", C=3.0).fit(texts, labels)
    """
    if name == "CNN on embeddings":
        from gan_utils.classifiers.reviews.convolutional import ReviewCNN

        return ReviewCNN(random_state=random_state, **settings)
    plain = {"dummy": ConstantClassifier, "naive Bayes": NaiveBayes}
    seeded = {"TF-IDF + logistic regression": TfidfLogistic, "NB-SVM": NBSVM}
    if name in plain:
        return plain[name](**settings)
    if name in seeded:
        return seeded[name](random_state=random_state, **settings)
    raise ValueError(
        f"there is no candidate {name!r}. Use one of {', '.join(map(repr, CANDIDATE_NAMES))}."
    )


def candidate_classifiers(
    random_state: int = 0, network: bool = True, **network_settings: Any
) -> dict[str, Any]:
    """Make the course's candidate classifiers, simplest first.

    Parameters
    ----------
    random_state : int
        Seed for the candidates.
    network : bool
        Whether to include the convolutional network, which takes the longest to train.
    **network_settings : object
        Settings of `ReviewCNN`, such as ``epochs``.

    Returns
    -------
    dict of str to classifier
        Unfitted classifiers, keyed by the names in `CANDIDATE_NAMES`.
    """
    found = {name: build(name, random_state) for name in CANDIDATE_NAMES[:-1]}
    if network:
        found[CANDIDATE_NAMES[-1]] = build(CANDIDATE_NAMES[-1], random_state, **network_settings)
    return found


def choose_classifier(
    candidates: Mapping[str, Any],
    train_texts: Iterable[str],
    train_labels: Iterable,
    validation_texts: Iterable[str],
    validation_labels: Iterable,
    refit: bool = False,
) -> ChosenClassifier:
    """Fit all candidates, and choose the one with the best accuracy on the validation texts.

    Parameters
    ----------
    candidates : mapping of str to classifier
        As returned by `candidate_classifiers`. Each is fitted in place, not copied.
    train_texts, train_labels : iterable of str, and of labels
        The training set, with two labels.
    validation_texts, validation_labels : iterable of str, and of labels
        The set on which the candidates are compared, after training on the training set only. It
        should not overlap with the test set. Only with ``refit`` is it also used for training.
    refit : bool
        Whether to fit the best candidate again, on both sets together. The table still shows its
        scores from before, when it was fitted to the training set only.

    Returns
    -------
    ChosenClassifier
        The result can be unpacked: ``table, best = choose_classifier(...)``. The table's ``recall``
        and ``F1`` are for the second label in sorted order: 1, or ``"positive"``. ``seconds`` is
        the time that it would take to train a candidate alone, although words are counted only once
        for all candidates.

    Raises
    ------
    ValueError
        If there are no candidates, texts and labels do not match, or a label is missing.
    """
    if not candidates:
        raise ValueError("there are no candidates. Give at least one.")
    train = check_text_list(train_texts, "train_texts")
    check = check_text_list(validation_texts, "validation_texts")
    train_labels = plain_labels(train_labels, len(train), "train_labels")
    check_against = plain_labels(validation_labels, len(check), "validation_labels")
    classes = check_labels(train_labels, len(train))[0]
    _check_known(check_against, classes)
    rows = []
    with shared_counts() as shared:
        for candidate in candidates.values():
            start, saved = time.perf_counter(), shared["saved"]
            candidate.fit(train, train_labels)
            seconds = time.perf_counter() - start + shared["saved"] - saved
            scores = answer_scores(candidate.predict(check), check_against, classes[1])
            rows.append({**scores, "seconds": seconds})
    # A name may be a number or a tuple, from which pandas would otherwise make several levels.
    names = pd.Index(list(candidates), name="classifier", tupleize_cols=False)
    table = pd.DataFrame(rows, names)
    best = list(candidates.values())[int(table["accuracy"].argmax())]
    if refit:
        best.fit(train + check, np.concatenate([train_labels, check_against]))
    return ChosenClassifier(table, best)


def _check_known(labels: np.ndarray, classes: np.ndarray) -> None:
    if not set(labels.tolist()) <= set(classes.tolist()):
        raise ValueError(
            f"validation_labels are {sorted(set(labels.tolist()))[:5]}, but those in training "
            f"{classes.tolist()}."
        )


def answer_scores(found: np.ndarray, labels: np.ndarray, positive: Any = 1) -> dict[str, float]:
    """Return the accuracy, recall and F1 of predictions.

    Parameters
    ----------
    found, labels : ndarray of shape (n,)
        Predictions and true labels.
    positive : object
        The label that counts as positive for recall and F1.

    Returns
    -------
    dict of str to float
    """
    from sklearn.metrics import accuracy_score, f1_score, recall_score

    settings = {"pos_label": positive, "zero_division": 0}
    return {
        "accuracy": float(accuracy_score(labels, found)),
        "recall": float(recall_score(labels, found, **settings)),
        "F1": float(f1_score(labels, found, **settings)),
    }
