"""A unit of work, which evaluates one method for a rare class on one fold of one dataset."""

from __future__ import annotations

import importlib
import os
import socket
import sys
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from gan_utils.benchmark.fitting import fitted_model, make_scaler, resampled, seeded
from gan_utils.benchmark.measures import score
from gan_utils.benchmark.methods import Method, TunedThreshold, is_sampler

#: Keras's seeds and thread limits apply to a whole process, so a process runs one unit at a time.
_ONE_AT_A_TIME = threading.Lock()


class BenchmarkError(RuntimeError):
    """An error raised if a sampler or classifier fails; the message names the sampler and fold."""


@dataclass(frozen=True, eq=False, repr=False)
class Unit:
    """One task for a worker; the task runs when the object is called.

    The object carries all of its data, so it needs nothing from its worker and can be given to
    another worker if the first one dies. It is compared and hashed by identity, because
    Dask requires hashable tasks and tables cannot be hashed.
    """

    dataset: str
    X: pd.DataFrame
    y: pd.Series
    sampler: str
    method: Method
    classifiers: Mapping[str, ClassifierMixin]
    repeat: int
    fold: int
    n_splits: int
    random_state: int
    home: tuple[str, int]
    warm_up: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int, int]:
        """The dataset, sampler, repeat and fold, which identify this unit in a comparison."""
        return self.dataset, self.sampler, self.repeat, self.fold

    def __repr__(self) -> str:
        return f"Unit{self.key}"

    def __call__(self) -> dict:
        """Resample and train on the other folds, and evaluate the classifiers on this fold.

        Returns
        -------
        dict
            ``unit`` (the key), ``rows`` (one per classifier) and ``seconds`` (the time taken).
        """
        start = time.perf_counter()
        rows = [
            {
                "classifier": name,
                "n_train": len(self.X) - len(truth),
                "n_test": len(truth),
                **score(truth, decided, given),
            }
            for name, truth, decided, given in self.predictions()
        ]
        seconds = round(time.perf_counter() - start, 3)
        return {"unit": list(self.key), "rows": rows, "seconds": seconds}

    def predictions(self) -> list[tuple[str, pd.Series, np.ndarray, np.ndarray]]:
        """Return each classifier's name, the true classes, its decisions and its probabilities."""
        if self.home != here():
            calm_worker(self.warm_up)
        # BLAS and OpenMP use one thread, so that terms are added up in the same order everywhere.
        # scikit-learn's own calls to joblib stay in this process: on a Dask worker they would go
        # back to the cluster, and the worker would begin another unit while it waits for this one.
        with _ONE_AT_A_TIME, threadpool_limits(1), parallel_config("sequential"):
            try:
                return self._predictions()
            except Exception as error:
                raise BenchmarkError(
                    f"{self.sampler!r} on {self.dataset!r}, repeat {self.repeat}, fold "
                    f"{self.fold}: {type(error).__name__}: {error} Leave this sampler or dataset "
                    "out, or change it; finished units are kept where results= was given."
                ) from error

    def _predictions(self) -> list[tuple[str, pd.Series, np.ndarray, np.ndarray]]:
        (X, y), (X_test, y_test) = self._split()
        if not isinstance(self.method, TunedThreshold):
            scaler = make_scaler().fit(X)
            X, X_test = scaler.transform(X), scaler.transform(X_test)
        if is_sampler(self.method):
            X, y = self._resampled(X, y)
        found = []
        for name, classifier in self.classifiers.items():
            model = fitted_model(self.method, classifier, X, y, self._seed(name))
            found.append((name, y_test, model.predict(X_test), _rare_column(model, X_test)))
        return found

    def _split(self) -> tuple[tuple[pd.DataFrame, pd.Series], tuple[pd.DataFrame, pd.Series]]:
        # The folds depend on neither sampler nor classifier, so that results can be paired.
        folds = StratifiedKFold(
            self.n_splits,
            shuffle=True,
            random_state=seed_of(self.random_state, "folds", self.dataset, self.repeat),
        )
        train, test = list(folds.split(self.X, self.y))[self.fold]
        parts = [(self.X.iloc[rows], self.y.iloc[rows]) for rows in (train, test)]
        return parts[0], parts[1]

    def _resampled(self, X: pd.DataFrame, y: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
        sampler = seeded(self.method, self._seed("sampler"))
        return resampled(sampler, X.reset_index(drop=True), y.reset_index(drop=True))

    def _seed(self, what: str) -> int:
        return seed_of(self.random_state, what, self.dataset, self.repeat, self.fold)


def _rare_column(model: BaseEstimator, X: pd.DataFrame) -> np.ndarray:
    return model.predict_proba(X)[:, list(model.classes_).index(1)]


def seed_of(random_state: int, *facts: str | int) -> int:
    """Derive a seed from facts about a unit, independently of when and where the unit runs.

    Parameters
    ----------
    random_state : int, at least 0
        Seed for the whole comparison.
    *facts : str or int
        The facts that identify the use of the seed: names, the repeat and the fold.

    Returns
    -------
    int in [0, 2**31)
        The seed, which is the same for the same facts on every machine.
    """
    words = [zlib.crc32(str(fact).encode()) for fact in facts]
    return int(np.random.SeedSequence([random_state, *words]).generate_state(1)[0] >> 1)


def here() -> tuple[str, int]:
    """Return the machine's name and the process ID, which together identify this process."""
    return socket.gethostname(), os.getpid()


def calm_worker(warm_up: tuple[str, ...] = ()) -> None:
    """Give TensorFlow one thread and no GPU in a worker, and import the modules in ``warm_up``.

    If there were one worker per core, each with one thread per core, the workers would only slow
    each other down. The course's tabular networks are so small that sharing a GPU is not
    worthwhile. If TensorFlow is already loaded, its settings are left unchanged.

    Parameters
    ----------
    warm_up : tuple of str
        Modules to import. If the memory of a worker grows by 300 MB after its first task, joblib
        assumes a leak and replaces the worker. Large modules are therefore loaded during the
        first task.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" not in sys.modules:
        os.environ |= {
            "TF_NUM_INTRAOP_THREADS": "1",
            "TF_NUM_INTEROP_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
    for module in warm_up:
        importlib.import_module(module)
