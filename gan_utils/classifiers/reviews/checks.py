"""Checks for the texts and labels passed to the review classifiers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from gan_utils.text.inputs import as_texts


def check_text_list(texts: Iterable[str], who: str = "texts") -> list[str]:
    """Return texts as a list, or raise an error; empty texts are allowed.

    Parameters
    ----------
    texts : iterable of str
        A list, an array or a column of a DataFrame.
    who : str
        The name of the parameter, for error messages.

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If ``texts`` does not consist of strings.
    ValueError
        If ``texts`` is a single string, or there are no texts at all.
    """
    return as_texts(texts, who, single=False, blank=True, halves=True)


def check_labels(labels: Iterable, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the two distinct labels, and the label of each text as 0 or 1.

    Parameters
    ----------
    labels : iterable
        Labels with two distinct values: numbers, Booleans or strings; strings cannot be mixed with
        the other kinds.
    n : int
        Number of texts.

    Returns
    -------
    classes : ndarray of shape (2,)
    numbers : ndarray of shape (n,), int64

    Raises
    ------
    ValueError
        If the number of labels is not n, a label is missing, strings are mixed with labels of other
        kinds, or there are not exactly two distinct labels.
    """
    labels = plain_labels(labels, n)
    classes, numbers = np.unique(labels, return_inverse=True)
    if len(classes) != 2:
        raise ValueError(
            f"labels have {len(classes)} value(s), {', '.join(map(str, classes[:5]))}, but a "
            "review classifier needs two. Give texts with both labels."
        )
    return classes, numbers.astype("int64")


def plain_labels(labels: Iterable, n: int, who: str = "labels") -> np.ndarray:
    """Return labels as an array, after checking that there is one for each text.

    Parameters
    ----------
    labels : iterable
        Numbers, Booleans or strings.
    n : int
        Number of texts.
    who : str
        The name of the parameter, for error messages.

    Returns
    -------
    ndarray of shape (n,)

    Raises
    ------
    ValueError
        If the number of labels is not n, a label is missing, or strings are mixed with other kinds.
    """
    if getattr(labels, "ndim", 1) == 0 or not _is_list(labels):
        raise ValueError(f"{who} must be one label for each text, but is {labels!r}.")
    found = list(labels)
    if len(found) != n or any(map(_is_list, found)):
        raise ValueError(
            f"{who} have the shape {_shape(found)}, but there are {n} texts. Give one label for "
            "each text."
        )
    missing = np.flatnonzero(pd.isna(np.array(found, dtype=object)))
    if len(missing):
        raise ValueError(
            f"label {missing[0]} of {who} is missing ({found[missing[0]]!r}), as are "
            f"{len(missing) - 1} more. Leave out the texts without a label."
        )
    if len({isinstance(label, str) for label in found}) > 1:
        raise ValueError(f"{who} are texts in part and numbers in part. Give one kind.")
    return np.asarray(found)


def _is_list(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def _shape(labels: list) -> tuple[int, ...]:
    try:
        return np.shape(labels)
    except ValueError:  # rows of different lengths
        return (len(labels),)
