"""Run classifier two-sample tests in which no sample is judged by the copies of it.

The result is the AUC of the classifier, but at least 0.5. Tests of rows, images and texts differ in
the classifier and its input, not in the procedure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np


def equal_groups(samples: Sequence[Hashable], n_folds: int) -> np.ndarray:
    """Put equal samples in the same group, unless they are many.

    If a real sample were in the training part and its synthetic copy in the test part, the
    classifier would give the copy the wrong label. Therefore, up to ``n_folds`` equal samples form
    one group. If there are more, each is a group of its own: every training part then contains
    several of them, so that a generator that often repeats a few samples is detected. The groups
    depend on the samples but not on which set they are from; otherwise, the result for two sets
    from the same distribution would not be 0.5.

    Parameters
    ----------
    samples : sequence of hashable
        The real and the synthetic samples, such as tuples of words or the bytes of rows.
    n_folds : int, at least 2
        The number of folds into which the samples will be divided.

    Returns
    -------
    ndarray of int, of shape (len(samples),)
        The group of each sample, to be passed as ``groups`` to scikit-learn's splitters. There are
        at least ``n_folds`` groups.
    """
    sizes, first = Counter(samples), {}
    most = min(n_folds, len(samples) // n_folds)
    groups = [first.setdefault(s, i) if sizes[s] <= most else i for i, s in enumerate(samples)]
    return np.array(groups)


def grouped_folds(
    labels: np.ndarray, groups: np.ndarray, n_folds: int, random_state: int | None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split samples into stratified folds without separating groups.

    Without equal samples, scikit-learn's plain stratified folds are used, because they are more
    even. They are also used if all samples of a set would share a fold: nothing could be learnt
    about this set without them.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        0 for each real and 1 for each synthetic sample.
    groups : ndarray of shape (n,)
        As returned by `equal_groups`.
    n_folds : int, at least 2
    random_state : int, optional
        The seed.

    Returns
    -------
    list of (training, test)
        Indices of the samples.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    settings = {"n_splits": n_folds, "shuffle": True, "random_state": random_state}
    if len(np.unique(groups)) < len(groups):
        folds = list(StratifiedGroupKFold(**settings).split(labels, labels, groups))
        if all(len(np.unique(labels[training])) == 2 for training, _ in folds):
            return folds
    return list(StratifiedKFold(**settings).split(labels, labels))


def held_out_auc(
    model: Any, samples: Sequence, labels: np.ndarray, folds: Sequence[tuple]
) -> float:
    """Test each fold with a model trained on the other folds; return the AUC, but at least 0.5.

    The AUC falls below 0.5 by chance, or because samples are close to samples of the other set, as
    near-copies are. In neither case can the classifier tell the sets apart.

    Parameters
    ----------
    model : classifier with ``predict_proba``
        A copy is trained for each fold.
    samples : sequence of length n
        The classifier's input.
    labels : ndarray of shape (n,)
        0 for each real and 1 for each synthetic sample.
    folds : sequence of (training, test)
        As returned by `grouped_folds`.

    Returns
    -------
    float in [0.5, 1]
        Computed from the held-out probabilities of all folds together.

    References
    ----------
    Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict

    # Run one fold after another: scikit-learn sets the warning filters for each tree of a forest,
    # and all threads share these filters.
    found = cross_val_predict(model, samples, labels, cv=folds, n_jobs=1, method="predict_proba")
    return max(float(roc_auc_score(labels, found[:, 1])), 0.5)
