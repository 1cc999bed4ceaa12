"""Check the labels of real texts and the labels requested from a text generator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from gan_utils.scorecard.card import can_learn

#: Maximum number of real texts from which the labels of a classifier are learnt.
MOST_ASKED = 200


class Asked(Protocol):
    """An object with generated texts and the labels requested for them, or None instead."""

    texts: Sequence[str]
    asked: np.ndarray | None


def check_labels_known(labels: np.ndarray, who: str) -> None:
    """Reject missing labels.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        One label per text.
    who : str
        The name of the parameter, used in error messages.

    Raises
    ------
    ValueError
        If a label is None or NaN.
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
    """Return the labels that TSTR is tested on, or None if TSTR was not requested.

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
        If labels are given without the other arguments, do not match the texts, or are partly
        missing.
    """
    if not can_learn(real, held_out, labels, held_out_labels, "text"):
        return None
    for values, who in ((labels, "labels"), (held_out_labels, "held_out_labels")):
        check_labels_known(np.asarray(values), who)
    return np.asarray(held_out_labels)


def check_same_labels(runs: Sequence[Asked], labels: np.ndarray, answers: np.ndarray) -> None:
    """Reject requested labels that no real text has: a classifier would always get them wrong.

    Parameters
    ----------
    runs : list of TextRun
    labels, answers : ndarray
        Labels of the real texts and of the held-out texts.

    Raises
    ------
    ValueError
        If a requested label does not occur among the real texts.
    """
    known = {*np.asarray(labels).tolist(), *answers.tolist()}
    for run in runs:
        strange = set() if run.asked is None else set(run.asked.tolist()) - known
        if strange:
            raise ValueError(
                f"synthetic_labels hold {sorted(map(repr, strange))[0]}, but the labels of real "
                f"texts are {_named(known)}. Give both alike."
            )


def check_classifier_knows(
    classifier: Any, runs: Sequence[Asked], real: str | Sequence[str]
) -> None:
    """Reject requested labels if the classifier calls its classes something else.

    Parameters
    ----------
    classifier : object with ``predict(texts)``
        Its ``classes_`` are its labels. Without ``classes_``, they are its answers to the generated
        texts and to at most 200 real texts.
    runs : list of TextRun
    real : str or list of str
        Real texts; a book is not used.

    Raises
    ------
    ValueError
        If the classifier has none of the labels that were requested for a run.
    """
    asked = [set(run.asked.tolist()) for run in runs if run.asked is not None]
    if not asked:
        return
    labels = _labels_of(classifier, runs, real)
    # A single answer may be wrong for each text without being a strange one, if its kind is right.
    enough = hasattr(classifier, "classes_") or len(labels) > 1
    for wanted in asked:
        if wanted.isdisjoint(labels) and (enough or not _alike(wanted, labels)):
            raise ValueError(
                f"synthetic_labels hold {_named(wanted)}, but the classifier answers "
                f"{_named(labels)}. Call the labels alike, for example with "
                "[names[label] for label in synthetic_labels]."
            )


def _labels_of(classifier: Any, runs: Sequence[Asked], real: str | Sequence[str]) -> set:
    if hasattr(classifier, "classes_"):
        return set(np.ravel(classifier.classes_).tolist())
    texts = [text for run in runs for text in run.texts]
    if not isinstance(real, str):
        texts += real[:: -(-len(real) // MOST_ASKED)]
    return set(np.ravel(classifier.predict(texts)).tolist())


def _alike(some: set, others: set) -> bool:
    """Tell whether all labels are texts, or none is."""
    return len({isinstance(label, str) for label in some | others}) == 1


def _named(labels: set) -> str:
    return ", ".join(sorted(map(repr, labels))[:5])
