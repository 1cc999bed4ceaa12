"""What a network answers, brought to probabilities of classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_utils._support.checks import check_count


def as_probabilities(answers: Any, n: int, what: str = "images") -> np.ndarray:
    """Bring what a network says to probabilities (n, n_classes).

    Parameters
    ----------
    answers : array
        Probabilities (n, n_classes), or logits (n,) or (n, 1) of two classes.
    n : int
        How many things it was asked about.
    what : str
        What they are, for the error.

    Returns
    -------
    ndarray of shape (n, n_classes), float64

    Raises
    ------
    ValueError
        If they are neither.
    """
    answers = np.asarray(answers, dtype="float64")
    if answers.shape in {(n,), (n, 1)}:
        real = 1 / (1 + np.exp(-np.clip(answers.reshape(n), -500, 500)))
        return np.stack([1 - real, real], axis=1)
    if answers.ndim != 2 or len(answers) != n:
        raise ValueError(
            f"predict gave the shape {answers.shape} for {n} {what}, but it must give (n, "
            "n_classes) probabilities, or (n,) or (n, 1) logits."
        )
    if not (answers.min() >= -1e-3 and np.allclose(answers.sum(axis=1), 1, atol=1e-3)):
        raise ValueError(
            "predict gives rows that do not add up to 1. Give probabilities: for logits of several "
            "classes, put a softmax around them."
        )
    return answers


def check_target(target: int | None, probabilities: np.ndarray) -> int:
    """Return the class to explain: the most probable one where none is given.

    Parameters
    ----------
    target : int or None
    probabilities : ndarray of shape (n_classes,)

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If there is no such class.
    """
    if target is None:
        return int(probabilities.argmax())
    check_count("target", target, 0)
    if target >= len(probabilities):
        raise ValueError(
            f"target={target} is not a class: predict gives {len(probabilities)}, from 0 up."
        )
    return int(target)
