"""Labels of texts, such as sentiments."""

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

Label = str | int | float


def as_labels(labels: Any, n_texts: int) -> list[Label]:
    """Check labels, and return them as a list with one label per text.

    Parameters
    ----------
    labels : str, number, or sequence of them
        One label per text; for a single text, the label alone is accepted.
    n_texts : int
        Number of texts.

    Returns
    -------
    list of str, bool, int or float
        The labels as plain Python values.

    Raises
    ------
    TypeError
        If a label is neither text nor a number, text and numbers are mixed, or a whole table is
        given.
    ValueError
        If the numbers of labels and texts differ, or a label is missing or infinite.
    """
    if isinstance(labels, Mapping) or hasattr(labels, "columns"):
        raise TypeError(f"labels are of type {type(labels).__name__}. Give one of its columns.")
    given = [labels] if _is_single(labels) else labels
    found = [_plain_label(label, place) for place, label in enumerate(given)]
    if len(found) != n_texts:
        raise ValueError(f"there are {len(found)} labels for {n_texts} texts. Give one per text.")
    if len({isinstance(label, str) for label in found}) > 1:
        raise TypeError(
            "some labels are text and some are numbers. Give all of one kind, such as "
            "[str(label) for label in labels]."
        )
    return found


def _plain_label(label: Any, place: int) -> Label:
    label = label.item() if isinstance(label, np.generic) else label
    if pd.api.types.is_scalar(label) and pd.isna(label):
        raise ValueError(f"the label at place {place} is missing ({label!r}). Drop its text.")
    if not isinstance(label, str | Real):
        raise TypeError(
            f"the label at place {place} is {label!r} ({type(label).__name__}), but must be text "
            "or a number."
        )
    if not isinstance(label, str) and not np.isfinite(label):
        raise ValueError(f"the label at place {place} is {label!r}, but must be finite.")
    return label


def label_numbers(labels: Iterable[Label], known: Sequence[Label]) -> np.ndarray:
    """Return the indices of labels in the list of known labels.

    Parameters
    ----------
    labels : iterable of str or numbers
        One label per text.
    known : sequence of str or numbers
        The known labels, without repetitions.

    Returns
    -------
    ndarray of shape (n,), int32

    Raises
    ------
    ValueError
        If a label is unknown; the message lists the known ones.
    """
    places = {label: place for place, label in enumerate(known)}
    labels = list(labels)
    for label in labels:
        if label not in places:
            names = ", ".join(map(repr, known)) or "none: fit with labels first"
            raise ValueError(f"label={label!r} is unknown. Known ones: {names}.")
    return np.array([places[label] for label in labels], np.int32)


def asked_labels(label: Any, n: int, known: Sequence[Label]) -> np.ndarray:
    """Return the index of the requested label for each of n texts.

    Parameters
    ----------
    label : str, number, sequence of them, or None
        One label for all texts, or one per text; None if there are no known labels.
    n : int
        Number of texts.
    known : sequence of str or numbers
        The labels that may be requested.

    Returns
    -------
    ndarray of shape (n,), int32
        The indices of the labels; all are 0 if there are no known labels.

    Raises
    ------
    ValueError
        If a label is missing or unknown, or the number of labels is not n.
    """
    if label is None:
        if known:
            names = ", ".join(map(repr, known))
            raise ValueError(f"label is missing. Ask for one of {names}.")
        return np.zeros(n, np.int32)
    labels = [label] * n if _is_single(label) else list(label)
    if len(labels) != n:
        raise ValueError(f"label has {len(labels)} entries for {n} texts. Give one per text.")
    return label_numbers(as_labels(labels, n), known)


def mixture_bits(each: np.ndarray) -> np.ndarray:
    """Return each word's bits under a mixture of labels, given its bits under each label.

    All labels are equally likely at the start of the text; after that, the better a label has
    predicted the words so far, the more likely it is.

    Parameters
    ----------
    each : ndarray of shape (n_labels, n_words)
        The bits of each word under each label.

    Returns
    -------
    ndarray of shape (n_words,)
    """
    so_far = np.logaddexp2.reduce(-np.cumsum(each, axis=1, dtype="float64"), axis=0)
    return -np.diff(so_far, prepend=np.log2(len(each)))


def _is_single(label: Any) -> bool:
    no_axis = getattr(label, "ndim", 1) == 0
    return isinstance(label, str) or no_axis or not isinstance(label, Iterable)
