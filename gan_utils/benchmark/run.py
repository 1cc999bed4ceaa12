"""Compare methods for a rare class in one process, in several processes, or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from gan_utils._support.progress_bar import ProgressBar
from gan_utils._support.quiet import no_warning
from gan_utils.benchmark.fold import Unit
from gan_utils.benchmark.methods import named_classifiers
from gan_utils.benchmark.plan import Plan
from gan_utils.benchmark.results import ResultsFile
from gan_utils.datasets.imbalanced import ImbalancedData

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

    from gan_utils.benchmark.plan import Classifiers, Datasets, Samplers


def compare(
    datasets: Datasets,
    samplers: Samplers = None,
    classifiers: Classifiers = None,
    *,
    n_splits: int = 5,
    n_repeats: int = 2,
    random_state: int = 0,
    n_jobs: int | None = None,
    results: str | os.PathLike | None = None,
    verbose: bool = True,
) -> pd.DataFrame:
    """Evaluate every sampler with every classifier on every fold of every dataset.

    Resampling and scaling of the columns use only the training part of a fold. All
    samplers get the same folds. Each sampler is fitted once per fold, and all classifiers are
    trained on the rows that it returns.

    Parameters
    ----------
    datasets : ImbalancedData, name, or sequence of them
        Objects returned by `gan_utils.datasets.load_imbalanced`, ``load_csv`` or ``make_rare``, or
        names that ``load_imbalanced`` accepts.
    samplers : mapping of str to sampler, or iterable of names, optional
        Objects with ``fit_resample``, such as those of imbalanced-learn; also ``ClassWeights()``,
        ``TunedThreshold()`` and None, which leaves the rows unchanged. The accepted
        names are those of `default_samplers` and ``"diffusion"``. By default, all methods except
        ``"diffusion"`` are compared.
    classifiers : mapping of str to classifier, or one classifier, optional
        Classifiers with ``predict_proba``; by default, those of `default_classifiers`.
    n_splits : int, at least 2
        Number of folds. The folds are stratified; each test part needs at least one row of each
        class, and each training part at least two, so a class needs at least 3 rows.
    n_repeats : int, at least 1
        Number of times that the cross-validation is run, each time with new folds and seeds.
    random_state : int
        Seed for folds, samplers and classifiers; their own seeds are overwritten.
    n_jobs : int, optional
        Number of joblib processes that share the work; -1 means one per core. The default is one
        process, or the setting of a surrounding ``joblib.parallel_config``. Under
        ``joblib.parallel_config(backend="dask")``, the workers of the cluster do the work. In
        worker processes, TensorFlow gets one thread and no GPU.
    results : str or path, optional
        A file in the JSON Lines format. The results of a sampler on a fold are appended to it as
        soon as they are known. If the run is killed, the same call resumes it and returns the same
        table. ``n_repeats`` may be increased.
    verbose : bool
        Whether to show a progress line with the elapsed and the remaining time.

    Returns
    -------
    DataFrame
        One row per dataset, sampler, classifier, repeat and fold. The first columns hold these five
        values; they are followed by ``n_train`` and ``n_test`` (numbers of real rows) and the
        measures ``balanced accuracy``, ``F1``, ``G-mean``, ``average precision``, ``Brier``,
        ``ECE`` and ``accuracy`` (see `score`). On one machine, the table does not depend on
        ``n_jobs``, joblib's backend, or whether the run was killed. However, if this process uses
        a GPU, which worker processes do not, the results of neural samplers may differ in the last
        digits. ``attrs["seconds"]`` holds the seconds spent on each sampler.

    Raises
    ------
    TypeError, ValueError
        If an argument is invalid, a class has too few rows for the folds, ``results`` was written
        with other settings, or ``results`` is given and a parameter cannot be told from another,
        such as a lambda. The error is raised before any work starts.
    BenchmarkError
        If a sampler or classifier fails; the message names the sampler, dataset, repeat and fold.
        The file ``results`` keeps all results obtained before the failure.

    Examples
    --------
    >>> table = compare("iris", ["none", "SMOTE"], n_repeats=1, verbose=False)
    >>> table.groupby("sampler")["balanced accuracy"].mean()  # doctest: +SKIP
    """
    plan = Plan(datasets, samplers, classifiers, n_splits, n_repeats, random_state)
    file = ResultsFile(results, {} if results is None else plan.settings())
    units = [unit for unit in plan.units() if unit.key not in file.outcomes]
    with _progress(len(plan), len(units), verbose) as progress:
        for outcome in _outcomes(units, n_jobs):
            file.add(outcome)
            progress.update()
    return plan.table(file.outcomes)


def _progress(n_units: int, n_left: int, verbose: bool) -> ProgressBar:
    n_kept = n_units - n_left
    if verbose and not n_left:
        print(f"all {n_units} units were kept from before")
    kept = f"({n_kept} kept from before) " if n_kept else ""
    hidden = not (verbose and n_left)
    return ProgressBar(n_units, "units", initial=n_kept, desc=kept, disable=hidden)


def out_of_fold(
    dataset: ImbalancedData | str,
    samplers: Samplers = None,
    classifier: ClassifierMixin | None = None,
    *,
    n_splits: int = 5,
    random_state: int = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Estimate each row's probability of being rare with a model that was not trained on that row.

    Parameters
    ----------
    dataset, samplers, n_splits, random_state, n_jobs
        As for `compare`.
    classifier : classifier, optional
        A classifier with ``predict_proba``; by default, the logistic regression of
        `default_classifiers`.

    Returns
    -------
    DataFrame of shape (n, 1 + samplers)
        For each row of the data, ``truth`` (1 for a rare row) and one probability per sampler.
        `gan_utils.plots.ranks.plot_calibration` plots this table.

    Raises
    ------
    TypeError, ValueError, BenchmarkError
        As for `compare`.
    """
    if classifier is None:
        classifier = named_classifiers(None)["logistic"]
    plan = Plan(dataset, samplers, classifier, n_splits, 1, random_state)
    (data,) = plan.datasets.values()
    table = pd.DataFrame({"truth": data.y})
    if "truth" in plan.samplers:
        raise ValueError("a sampler is named 'truth', like the table's first column. Rename it.")
    for name in plan.samplers:
        table[name] = np.nan
    for sampler, rows, given in _outcomes(map(_Probabilities, plan.units()), n_jobs):
        table.iloc[rows, table.columns.get_loc(sampler)] = given
    return table


class _Probabilities:
    """A unit of work that returns probabilities instead of scores."""

    def __init__(self, unit: Unit) -> None:
        # The rows are numbered, because two rows of a table may have the same label.
        X, y = (part.reset_index(drop=True) for part in (unit.X, unit.y))
        self.unit = replace(unit, X=X, y=y)

    def __call__(self) -> tuple[str, np.ndarray, np.ndarray]:
        ((_, truth, _, given),) = self.unit.predictions()
        return self.unit.sampler, truth.index.to_numpy(), given


def _outcomes(units: Iterable[Callable[[], Any]], n_jobs: int | None) -> Iterator[Any]:
    """Yield outcomes as they become available, whichever process computes them."""
    parallel = Parallel(
        n_jobs=n_jobs, return_as="generator_unordered", batch_size=1, max_nbytes=None
    )
    # Keras does not free all memory after each network, so joblib replaces workers that grow.
    with no_warning("A worker stopped while some jobs were given"):
        # A unit is called without arguments on purpose: joblib would store arguments on a Dask
        # cluster, and lose them together with the worker that holds them.
        yield from parallel(delayed(unit)() for unit in units)
