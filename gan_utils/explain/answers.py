"""Convert the outputs of a network to class probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_utils._support.checks import check_count

#: How outputs can be interpreted; "auto" infers which of the others applies.
OUTPUTS = ("auto", "probabilities", "logits")
#: Number of changed samples from which to infer how to interpret a network's outputs.
N_PROBED = 30


def output_kind(answers: Any, n: int, output: str = "auto", what: str = "images") -> str:
    """Infer how to interpret a network's outputs, given its outputs for similar samples.

    Parameters
    ----------
    answers : array of shape (n, n_classes), (n,) or (n, 1)
        The network's outputs.
    n : int
        The number of samples.
    output : {"auto", "probabilities", "logits"}
        How to interpret the outputs if there is one number per sample. With "auto", the numbers are
        treated as probabilities of class 1 if all of them are in [0, 1]; otherwise, as logits.
    what : str
        What the samples are called in error messages.

    Returns
    -------
    {"classes", "probabilities", "logits"}
        ``"classes"`` means one probability per class; the other two kinds mean one number per
        sample.

    Raises
    ------
    ValueError
        If the outputs are labels, are not numbers, have the wrong shape, or contain a row that does
        not add up to 1.
    """
    if output not in OUTPUTS:
        raise ValueError(f"output={output!r} is not known. Use one of {', '.join(OUTPUTS)}.")
    raw = np.asarray(answers)
    if raw.dtype.kind not in "f" and raw.shape in {(n,), (n, 1)}:
        raise ValueError(
            f"predict gives {raw.dtype.name} values, which are labels. Hand over what gives "
            "probabilities, such as predict_proba."
        )
    numbers = _numbers(answers, n, what)
    if numbers.ndim == 2 and numbers.shape[1] > 1:
        as_probabilities(numbers, n, "classes", what)
        return "classes"
    if output == "logits" or (output == "auto" and not _in_unit(numbers)):
        return "logits"
    if n > 1 and output == "auto" and np.isin(numbers, (0, 1)).all():
        raise ValueError(
            "predict gives 0 or 1 and nothing between. These are labels, or the probabilities of a "
            "classifier that knows one class: hand over what gives probabilities of two classes."
        )
    return "probabilities"


def as_probabilities(
    answers: Any, n: int, kind: str = "classes", what: str = "images"
) -> np.ndarray:
    """Convert the outputs of a network to probabilities of shape (n, n_classes).

    Parameters
    ----------
    answers : array of shape (n, n_classes), (n,) or (n, 1)
        The network's outputs.
    n : int
        The number of samples.
    kind : {"classes", "probabilities", "logits"}
        How to interpret the outputs; see `output_kind`.
    what : str
        What the samples are called in error messages.

    Returns
    -------
    ndarray of shape (n, n_classes), float64
        The probabilities of the classes. A single number per sample is converted to the
        probabilities of classes 0 and 1.

    Raises
    ------
    ValueError
        If the outputs have changed in shape or kind, or are not finite.
    """
    numbers = _numbers(answers, n, what)
    if (numbers.ndim == 2 and numbers.shape[1] > 1) != (kind == "classes"):
        raise ValueError(
            f"predict gave the shape {numbers.shape} for {n} {what}, another one than before."
        )
    if kind == "classes":
        return _checked_rows(numbers)
    numbers = numbers.reshape(n)
    if kind == "probabilities" and not _in_unit(numbers):
        raise ValueError(
            f"predict gave numbers in [0, 1] first, and now {_farthest(numbers):.3g}. "
            "If they are logits, say so: output='logits'."
        )
    ones = numbers if kind == "probabilities" else 1 / (1 + np.exp(-np.clip(numbers, -500, 500)))
    return np.stack([1 - ones, ones], axis=1)


def _numbers(answers: Any, n: int, what: str) -> np.ndarray:
    try:
        numbers = np.asarray(answers, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ValueError(
            "predict gives something else than numbers. Hand over what gives probabilities, such "
            "as predict_proba."
        ) from error
    if numbers.ndim not in (1, 2) or len(numbers) != n or 0 in numbers.shape:
        raise ValueError(
            f"predict gave the shape {numbers.shape} for {n} {what}, but it must give (n, "
            "n_classes) probabilities, or one number each, (n,) or (n, 1)."
        )
    if not np.isfinite(numbers).all():
        raise ValueError("predict gives a missing or infinite value. Did its training fail (NaN)?")
    return numbers


def _in_unit(numbers: np.ndarray) -> bool:
    return bool(numbers.min() >= 0 and numbers.max() <= 1)


def _farthest(numbers: np.ndarray) -> float:
    return float(numbers[np.abs(numbers - 0.5).argmax()])


def _checked_rows(numbers: np.ndarray) -> np.ndarray:
    if not (numbers.min() >= -1e-3 and np.allclose(numbers.sum(axis=1), 1, atol=1e-3)):
        raise ValueError(
            "predict gives rows that do not add up to 1. Give probabilities: for logits of several "
            "classes, put a softmax around them."
        )
    return numbers


def check_target(target: int | None, probabilities: np.ndarray) -> int:
    """Choose the class to explain, which by default is the most probable one.

    Parameters
    ----------
    target : int, at least 0, or None
        The requested class, or None for the most probable one.
    probabilities : ndarray of shape (n_classes,)
        The probability of each class for the sample.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the requested class does not exist.
    """
    if target is None:
        return int(probabilities.argmax())
    check_count("target", target, 0)
    if target >= len(probabilities):
        raise ValueError(
            f"target={target} is not a class: predict gives {len(probabilities)}, from 0 up."
        )
    return int(target)
