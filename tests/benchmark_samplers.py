"""Samplers and data for the tests of the benchmark, where worker processes can import them."""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from imblearn.base import BaseSampler
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.linear_model import LogisticRegression

from gan_utils.benchmark import ClassWeights
from gan_utils.datasets.imbalanced import ImbalancedData, make_rare

LOGISTIC = {"logistic": LogisticRegression(C=0.5)}
CHEAP = {"none": None, "weights": ClassWeights(), "over": RandomOverSampler(), "SMOTE": SMOTE()}


def blobs(n: int = 120, rare: int = 20, name: str = "blobs", seed: int = 0) -> ImbalancedData:
    """Make two overlapping clouds; the column ``row`` tells each row from all others."""
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], [n - rare, rare])
    X = pd.DataFrame({"x": rng.normal(size=n) + 1.5 * y, "z": rng.normal(size=n)})
    return make_rare(X.assign(row=rng.permutation(n) * 1.0), y, rare=1, name=name)


def same(first: pd.DataFrame, second: pd.DataFrame) -> None:
    """Compare two tables to the bit."""
    pd.testing.assert_frame_equal(first, second, check_exact=True)


class Slow(RandomOverSampler):
    """Oversample after a nap, so that a run lasts long enough to be killed."""

    def fit_resample(self, X, y, **params):
        """Sleep, then resample."""
        time.sleep(0.25)
        return super().fit_resample(X, y, **params)


class Recorder(BaseSampler):
    """Change nothing; write down which rows it was shown."""

    _sampling_type = "bypass"
    _parameter_constraints: dict = {}  # noqa: RUF012

    def __init__(self, folder: str = "", random_state: int | None = None) -> None:
        self.folder, self.random_state = folder, random_state

    def fit_resample(self, X, y):
        """Write the rows to a file of their own."""
        Path(self.folder, f"{os.getpid()}_{time.monotonic_ns()}.csv").write_text(
            X.assign(y=y).to_csv(index=False), encoding="utf-8"
        )
        return X, y

    def _fit_resample(self, X, y):
        return X, y


class Failing(RandomOverSampler):
    """Fail, always."""

    def fit_resample(self, X, y, **params):
        """Fail."""
        raise ValueError("the sampler is out of order.")
