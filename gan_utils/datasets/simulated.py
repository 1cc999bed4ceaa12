"""Simulate a table with a rare class whose true probability is known for each row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count, check_small_seed

#: Number of rows, share of rare rows, and numbers of informative, redundant and noise columns.
SIMULATED = {"n_samples": 50_000, "rare": 0.01, "informative": 3, "redundant": 3, "noise": 14}
#: Half the side length of the cube at whose corners the clusters are centred.
SEPARATION = 0.5


def simulate_rare(random_state: int) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Draw rows of two classes, one of them rare, whose distributions are known.

    Parameters
    ----------
    random_state : int
        Seed, from 0 to 2**32 - 1.

    Returns
    -------
    X : DataFrame of shape (50,000, 20)
        Three informative columns, three combinations of them, and fourteen noise columns.
    y : Series of int
        1 for the rare class (1 % of the rows), 0 for the other.
    truth : Series of float in [0, 1]
        Each row's true probability of being rare.

    Raises
    ------
    ValueError
        If the seed is not such a number.

    References
    ----------
    Guyon 2003, *Design of experiments of the NIPS 2003 variable selection benchmark*;
    implemented in `sklearn.datasets.make_classification`.
    """
    from sklearn.datasets import make_classification

    # make_classification takes NumPy's older generator only.
    check_small_seed(check_count("random_state", random_state, 0))
    recorder, facts = _Recorder(random_state), SIMULATED
    n_features = facts["informative"] + facts["redundant"] + facts["noise"]
    X, y = make_classification(
        facts["n_samples"],
        n_features,
        n_informative=facts["informative"],
        n_redundant=facts["redundant"],
        n_clusters_per_class=1,
        weights=[1 - facts["rare"]],
        flip_y=0,
        class_sep=SEPARATION,
        shuffle=False,
        random_state=recorder,
    )
    truth = _true_probability(X[:, : facts["informative"]], y, recorder.drawn[:2])
    order = np.random.default_rng(random_state).permutation(len(y))
    names = [
        f"{kind}_{i + 1}"
        for kind in ("informative", "redundant", "noise")
        for i in range(facts[kind])
    ]
    labels = pd.Series(y[order].astype("int64"), name="y")
    return pd.DataFrame(X[order], columns=names), labels, pd.Series(truth[order], name="truth")


class _Recorder(np.random.RandomState):  # make_classification does not take a newer generator
    """A generator that records the square matrices that ``make_classification`` draws."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.drawn: list[np.ndarray] = []

    def uniform(self, *args: object, **settings: object) -> np.ndarray:
        values = super().uniform(*args, **settings)
        if np.ndim(values) == 2 and values.shape[0] == values.shape[1]:
            self.drawn.append(2 * values - 1)
        return values


def _true_probability(X: np.ndarray, y: np.ndarray, matrices: list[np.ndarray]) -> np.ndarray:
    """Apply Bayes' rule to the two normal clusters that the rows were drawn from.

    A cluster's rows are standard normal vectors, multiplied by a matrix and shifted to a corner of
    a cube. The mean of the rows is so close to the corner that its coordinates have the same signs
    as those of the corner.
    """
    from scipy.stats import multivariate_normal

    logs = []
    for label, matrix in enumerate(matrices):
        corner = SEPARATION * np.sign(X[y == label].mean(axis=0))
        cluster = multivariate_normal(corner, matrix.T @ matrix)
        logs.append(cluster.logpdf(X) + np.log((y == label).mean()))
    return 1 / (1 + np.exp(np.clip(logs[0] - logs[1], -700, 700)))
