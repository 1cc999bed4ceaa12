"""Measures of a rare-class classifier's decisions, ranking and probabilities."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    recall_score,
)

from gan_utils.metrics.tables import probability_bins

#: Each measure of `score`, and whether higher is better.
MEASURES = {
    "balanced accuracy": True,
    "F1": True,
    "G-mean": True,
    "average precision": True,
    "Brier": False,
    "ECE": False,
    "accuracy": True,
}
#: Number of bins for the expected calibration error, as in the original paper.
N_BINS = 10


def score(y_true: ArrayLike, y_pred: ArrayLike, probability: ArrayLike) -> dict[str, float]:
    """Score a classifier's decisions and probabilities.

    Parameters
    ----------
    y_true, y_pred : array of shape (n,)
        The true classes and the decisions: 1 for the rare class, 0 for the rest.
    probability : array of shape (n,), in [0, 1]
        Each row's probability of the rare class.

    Returns
    -------
    dict of str to float
        The measures by name, all in [0, 1]. The decisions are scored by ``balanced accuracy``,
        ``F1`` of the rare class (0 if no row is predicted to be rare), ``G-mean`` and plain
        ``accuracy``. The order of the probabilities is scored by ``average precision``. The
        probabilities themselves are scored by ``Brier`` and ``ECE``; for these two, lower values
        are better.

    Raises
    ------
    ValueError
        If a class or a decision is neither 0 nor 1, or as for `expected_calibration_error`.
    """
    _check_classes(y_true, y_pred)
    return {
        "balanced accuracy": float(balanced_accuracy_score(y_true, y_pred)),
        "F1": float(f1_score(y_true, y_pred, zero_division=0)),
        "G-mean": geometric_mean(y_true, y_pred),
        "average precision": float(average_precision_score(y_true, probability)),
        "Brier": float(brier_score_loss(y_true, probability)),
        "ECE": expected_calibration_error(y_true, probability),
        "accuracy": float(accuracy_score(y_true, y_pred)),
    }


def geometric_mean(y_true: ArrayLike, y_pred: ArrayLike) -> float:
    """Return the square root of the product of the recalls of the two classes.

    Parameters
    ----------
    y_true, y_pred : array of shape (n,)
        1 for the rare class, 0 for the rest.

    Returns
    -------
    float in [0, 1]
        The mean, which is 0 if one class is never recognized.

    Raises
    ------
    ValueError
        If a class or a decision is neither 0 nor 1.

    References
    ----------
    M. Kubat, S. Matwin, "Addressing the curse of imbalanced training sets: one-sided selection",
    ICML 1997. In imbalanced-learn, this measure is called ``geometric_mean_score``.
    """
    _check_classes(y_true, y_pred)
    recalls = [recall_score(y_true, y_pred, pos_label=label, zero_division=0) for label in (0, 1)]
    return float(np.sqrt(np.prod(recalls)))


def expected_calibration_error(
    y_true: ArrayLike, probability: ArrayLike, n_bins: int = N_BINS
) -> float:
    """Measure how far probabilities lie from observed frequencies.

    The rows are put into bins of equal width by their probability. For each bin, the difference
    between the mean probability and the proportion of rare rows is computed. The error is the mean
    of the absolute differences, weighted by the number of rows in each bin.

    Parameters
    ----------
    y_true : array of shape (n,)
        1 for the rare class, 0 for the rest.
    probability : array of shape (n,), in [0, 1]
        Each row's probability of the rare class.
    n_bins : int
        Number of bins.

    Returns
    -------
    float in [0, 1]
        The error; 0 is the best value.

    Raises
    ------
    ValueError
        If there are no rows, the lengths differ, a class is neither 0 nor 1, a probability is
        outside [0, 1] or missing, or ``n_bins`` is not a whole number of at least 1.

    Notes
    -----
    With few rows, the error is above 0 even for perfect probabilities, since the proportion of
    rare rows in a bin varies by chance.

    References
    ----------
    M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015.

    Examples
    --------
    >>> expected_calibration_error([0, 1, 1, 1], [0.25, 0.25, 0.75, 0.75])
    0.25
    """
    _check_classes(y_true)
    truth, given = np.asarray(y_true, dtype=float), np.asarray(probability, dtype=float)
    _check_calibration(truth, given, n_bins)
    gaps = np.bincount(probability_bins(given, n_bins), weights=given - truth, minlength=n_bins)
    return float(np.abs(gaps).sum() / len(truth))


def _check_classes(*given: ArrayLike) -> None:
    """Reject labels such as -1 and 1, for which the measures would return other values."""
    for labels in given:
        odd = [label for label in pd.unique(np.ravel(labels)).tolist() if label not in (0, 1)]
        if odd:
            raise ValueError(
                f"a class is {odd[0]!r}. Give 1 for the rare class and 0 for the rest, such as "
                "(y == rare).astype(int)."
            )


def _check_calibration(truth: np.ndarray, given: np.ndarray, n_bins: int) -> None:
    if truth.ndim != 1 or truth.shape != given.shape or len(truth) == 0:
        raise ValueError(
            f"y_true has the shape {truth.shape} and probability {given.shape}. Both must be "
            "one-dimensional, of one length of at least 1."
        )
    if not ((given >= 0) & (given <= 1)).all():
        raise ValueError(
            "a probability is missing or outside [0, 1]. Give probabilities, not logits."
        )
    if isinstance(n_bins, bool) or int(n_bins) != n_bins or n_bins < 1:
        raise ValueError(f"n_bins={n_bins!r} must be a whole number of at least 1.")
