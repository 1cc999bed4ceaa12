"""Check the labels of real texts and the labels requested from a text generator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from gan_utils.scorecard.card import can_learn


class Asked(Protocol):
    """An object with the labels requested from a generator, or with None instead of labels."""

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
                f"texts are {', '.join(sorted(map(repr, known))[:5])}. Give both alike."
            )
