"""Run classifier two-sample tests with identical real and generated samples in the same fold.

The result is the AUC of the classifier, or 1 - AUC if that is larger. Tests of rows, images and
texts differ in the classifier and its input, not in the procedure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np


def twin_groups(real: Iterable[Hashable], synthetic: Iterable[Hashable]) -> np.ndarray:
    """Give each sample its own group, except that a real sample and its synthetic twin share one.

    Twins are matched in pairs. If a sample occurs more often in one set than in the other, the
    surplus copies get their own groups, since they reveal which set they come from. A generator
    that repeats one real sample is therefore detected, while a copy of the whole real set scores
    0.5.

    Parameters
    ----------
    real, synthetic : iterable of hashable
        The samples, such as tuples of words or the bytes of a row; equal samples are twins.

    Returns
    -------
    ndarray of int, of shape (n_real + n_synthetic,)
        The group of each sample, with real samples first, to be passed as ``groups`` to
        scikit-learn's splitters.
    """
    free: dict[Hashable, list[int]] = {}
    groups: list[int] = []
    for sample in real:
        free.setdefault(sample, []).append(len(groups))
        groups.append(len(groups))
    for sample in synthetic:
        same = free.get(sample)
        groups.append(same.pop() if same else len(groups))
    return np.array(groups)


def grouped_folds(
    labels: np.ndarray, groups: np.ndarray, n_folds: int, random_state: int | None
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split samples into stratified folds without separating groups.

    Without twins, scikit-learn's plain stratified folds are used, because they are more even.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        0 for each real and 1 for each synthetic sample.
    groups : ndarray of shape (n,)
        As returned by `twin_groups`.
    n_folds : int, at least 2
    random_state : int, optional
        The seed.

    Returns
    -------
    list of (training, test)
        Indices of the samples.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    twins = len(np.unique(groups)) < len(groups)
    kind = StratifiedGroupKFold if twins else StratifiedKFold
    folds = kind(n_folds, shuffle=True, random_state=random_state)
    return list(folds.split(labels, labels, groups if twins else None))


def larger_auc(model: Any, samples: Sequence, labels: np.ndarray, folds: Sequence[tuple]) -> float:
    """Test each fold with a model trained on the other folds; return the larger of AUC and 1 - AUC.

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
    area = roc_auc_score(labels, found[:, 1])
    return float(max(area, 1 - area))
