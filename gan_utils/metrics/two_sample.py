"""The core of classifier two-sample tests: twins in one fold, the larger of AUC and 1 - AUC.

Rows, images and texts differ in what the classifier sees; how it is trained and judged does not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

#: Folds that are trained at the same time.
N_THREADS = 2


def twin_groups(real: Iterable[Hashable], synthetic: Iterable[Hashable]) -> np.ndarray:
    """Give each sample a group of its own, but one that stands on both sides that of its twin.

    Twins go in pairs. A sample that stands more often on one side than on the other is told apart
    by that, so what is left of it has groups of its own: a generator that writes one real sample
    again and again is found out, and a copy of the whole real set scores 0.5.

    Parameters
    ----------
    real, synthetic : iterable of hashable
        The samples, such as tuples of words or the bytes of a row; equal ones are twins.

    Returns
    -------
    ndarray of int, of shape (n_real + n_synthetic,)
        For ``groups=`` of scikit-learn's splitters, the real ones first.
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
    """Split samples into stratified folds that part no group.

    Without twins there is nothing to keep together, and scikit-learn's plain folds, which are the
    more even ones, do.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        0 for real and 1 for synthetic.
    groups : ndarray of shape (n,)
        Of `twin_groups`.
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
    """Train on all folds but one, judge that one, and return the larger of AUC and 1 - AUC.

    Parameters
    ----------
    model : classifier with ``predict_proba``
        A copy is trained for each fold.
    samples : sequence of length n
        What the classifier sees.
    labels : ndarray of shape (n,)
        0 for real and 1 for synthetic.
    folds : sequence of (training, test)
        Of `grouped_folds`.

    Returns
    -------
    float in [0.5, 1]
        Of the held-out probabilities of all folds together.

    References
    ----------
    Lopez-Paz and Oquab 2017, *Revisiting classifier two-sample tests*.
    """
    import joblib
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict

    # Folds share the cores, and not the trees of a forest: these would be summed in any order.
    with joblib.parallel_config(backend="threading", n_jobs=N_THREADS):
        found = cross_val_predict(model, samples, labels, cv=folds, method="predict_proba")
    area = roc_auc_score(labels, found[:, 1])
    return float(max(area, 1 - area))
