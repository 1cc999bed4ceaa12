"""Plan a comparison: check it, divide it into units, and put the outcomes in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api import types

from gan_utils._support.checks import check_count
from gan_utils.benchmark.descriptions import described
from gan_utils.benchmark.fold import Unit, here
from gan_utils.benchmark.methods import (
    Method,
    check_names,
    check_weights,
    heavy_modules,
    named_classifiers,
    named_samplers,
)
from gan_utils.datasets.imbalanced import ImbalancedData, load_imbalanced
from gan_utils.synthesizers.columns import text_names

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin

    Datasets = ImbalancedData | str | Sequence[ImbalancedData | str]
    Samplers = Mapping[str, Method] | Sequence[str] | None
    Classifiers = Mapping[str, ClassifierMixin] | ClassifierMixin | None

#: Packages whose versions may change the results.
PACKAGES = ("imbalanced-learn", "keras", "numpy", "pandas", "scikit-learn", "sdv", "tensorflow")


class Plan:
    """The checked plan of a comparison.

    Parameters
    ----------
    datasets, samplers, classifiers
        The parameters of `gan_utils.benchmark.compare` with the same names.
    n_splits : int, at least 2
        Number of folds; each test part needs a row of each class, and each training part two.
    n_repeats : int, at least 1
        Number of times that the rows are split into folds.
    random_state : int, at least 0
        Seed for the folds, samplers and classifiers.

    Raises
    ------
    TypeError, ValueError
        If an argument or a column is invalid, or a class has too few rows for the folds.
    """

    def __init__(
        self,
        datasets: Datasets,
        samplers: Samplers,
        classifiers: Classifiers,
        n_splits: int,
        n_repeats: int,
        random_state: int,
    ) -> None:
        check_count("n_splits", n_splits, 2)
        check_count("n_repeats", n_repeats, 1)
        check_count("random_state", random_state, 0)
        self.n_splits, self.n_repeats = int(n_splits), int(n_repeats)
        self.random_state = int(random_state)
        self.samplers = named_samplers(samplers)
        self.classifiers = named_classifiers(classifiers)
        check_weights(self.samplers, self.classifiers)
        self.datasets = {data.name: data for data in _as_datasets(datasets)}
        for data in self.datasets.values():
            _check_class_sizes(data, self.n_splits)
        self._tables = {data.name: _comparable(data) for data in self.datasets.values()}

    def __len__(self) -> int:
        return len(self.datasets) * len(self.samplers) * self.n_repeats * self.n_splits

    def keys(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield the units' keys in the order of the results."""
        folds = range(self.n_repeats), range(self.n_splits)
        return product(self.datasets, self.samplers, *folds)

    def units(self) -> Iterator[Unit]:
        """Yield the units ordered by repeat and fold, so that unusable samplers fail early."""
        home, warm_up = here(), heavy_modules(self.samplers)
        for dataset, sampler, repeat, fold in sorted(self.keys(), key=lambda key: key[2:]):
            yield Unit(
                dataset,
                self._tables[dataset],
                self.datasets[dataset].y,
                sampler,
                self.samplers[sampler],
                self.classifiers,
                repeat,
                fold,
                self.n_splits,
                self.random_state,
                home,
                warm_up,
            )

    def settings(self) -> dict[str, Any]:
        """Return all settings that affect an outcome; ``n_repeats`` is not one of them.

        Returns
        -------
        dict
            The settings, as JSON values.

        Raises
        ------
        ValueError
            If a parameter of a sampler or classifier cannot be described.
        """
        return {
            "n_splits": self.n_splits,
            "random_state": self.random_state,
            "datasets": {name: _fingerprint(data) for name, data in self.datasets.items()},
            "samplers": {n: described(f"sampler {n!r}", s) for n, s in self.samplers.items()},
            "classifiers": {
                n: described(f"classifier {n!r}", c) for n, c in self.classifiers.items()
            },
            "versions": {name: _installed_version(name) for name in PACKAGES},
        }

    def table(self, outcomes: Mapping[tuple, dict]) -> pd.DataFrame:
        """Arrange this plan's outcomes in a table; leave out the outcomes of other plans.

        Parameters
        ----------
        outcomes : mapping of tuple to dict
            The result of each unit, by the unit's key; all units of this plan must be included.

        Returns
        -------
        DataFrame
            The table that `gan_utils.benchmark.compare` returns.
        """
        rows, seconds = [], dict.fromkeys(self.samplers, 0.0)
        for dataset, sampler, repeat, fold in self.keys():
            outcome = outcomes[dataset, sampler, repeat, fold]
            seconds[sampler] += outcome["seconds"]
            place = {"dataset": dataset, "sampler": sampler}
            for row in outcome["rows"]:
                name = {"classifier": row["classifier"], "repeat": repeat, "fold": fold}
                rows.append(place | name | row)
        named = {
            "dataset": self.datasets,
            "sampler": self.samplers,
            "classifier": self.classifiers,
        }
        order = {column: list(names) for column, names in named.items()}
        table = pd.DataFrame(rows)
        # Sort rows by dataset, sampler and classifier, in the order in which the caller named them.
        table = table.sort_values(
            [*order, "repeat", "fold"],
            key=lambda c: c.map(order[c.name].index) if c.name in order else c,
            ignore_index=True,
        )
        table.attrs["seconds"] = {name: round(spent, 1) for name, spent in seconds.items()}
        return table


def _as_datasets(datasets: Datasets) -> list[ImbalancedData]:
    listed = [datasets] if isinstance(datasets, ImbalancedData | str) else list(datasets)
    loaded = [load_imbalanced(data) if isinstance(data, str) else data for data in listed]
    for data in loaded:
        if not isinstance(data, ImbalancedData):
            raise TypeError(
                f"a dataset is {type(data).__name__}. Give what load_imbalanced, load_csv or "
                "make_rare returns."
            )
    names = [data.name for data in loaded]
    check_names("dataset", names)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"the datasets are {names}. Give at least one, and each its own name.")
    return loaded


def _check_class_sizes(data: ImbalancedData, n_splits: int) -> None:
    """Check that every test part gets a row of each class, and every training part two."""
    sizes = {"rare": data.n_rare, "other": len(data.y) - data.n_rare}
    for kind, size in sizes.items():
        # The folds are stratified, so the largest test part of a class has this many rows.
        largest = -(-size // n_splits)
        if size < n_splits or size - largest < 2:
            rarer = ", use a smaller ratio" if kind == "rare" else ""
            raise ValueError(
                f"{data.name!r} has {size} {kind} rows, too few for n_splits={n_splits}: each "
                f"test part needs one, and each training part two. Collect more{rarer}"
                + _possible_splits(size)
            )


def _possible_splits(size: int) -> str:
    """Say which numbers of folds are possible with this many rows of a class."""
    if size < 3:
        return "."
    # Of 3 rows, one of two test parts would take two, and leave one for training.
    return ", or use n_splits=3." if size == 3 else f", or use n_splits <= {size}."


def _comparable(data: ImbalancedData) -> pd.DataFrame:
    """Turn columns of text into categories, by which `fits_categories` recognizes them."""
    X = _named(data).infer_objects()  # numbers held as objects are no categories
    words = X.select_dtypes(exclude=["number", "bool"]).columns
    for name in X.columns:
        _check_column(f"column {name!r} of {data.name!r}", X[name])
    flags = [n for n in X if isinstance(X[n].dtype, pd.BooleanDtype) and not X[n].hasnans]
    X = X.astype(dict.fromkeys(words, "category") | dict.fromkeys(flags, bool))
    for name in words:
        values = X[name].cat.categories
        # SMOTENC cannot handle dates, nor scikit-learn the missing values of pandas' own text.
        if types.is_datetime64_any_dtype(values.dtype) or types.is_string_dtype(values.dtype):
            X[name] = X[name].cat.rename_categories([str(value) for value in values])
    return X


def _named(data: ImbalancedData) -> pd.DataFrame:
    """Give the columns names that are text: scikit-learn takes a number for a position."""
    repeated = data.X.columns[data.X.columns.duplicated()].tolist()
    if repeated or data.X.shape[1] == 0:
        fault = f"two columns named {repeated[0]!r}" if repeated else "no columns"
        raise ValueError(f"{data.name!r} has {fault}. Give at least one, and each its own name.")
    if all(isinstance(name, str) for name in data.X.columns):
        return data.X
    return data.X.set_axis(text_names(data.X.columns), axis=1)


def _check_column(where: str, column: pd.Series) -> None:
    if types.is_timedelta64_dtype(column.dtype) or types.is_complex_dtype(column.dtype):
        raise ValueError(
            f"{where} is {column.dtype}, which no classifier takes. Turn it into real numbers "
            "(.dt.total_seconds() or abs), or drop it."
        )
    if types.is_object_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype):
        try:
            sorted(column.dropna().unique())
        except TypeError as error:
            raise ValueError(
                f"{where} holds values that cannot be sorted ({error}). Make them all text with "
                ".astype(str), or drop the column."
            ) from error


def _fingerprint(data: ImbalancedData) -> str:
    table = data.X.assign(y=data.y) if "y" not in data.X else data.X.assign(**{" y": data.y})
    rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
    names = json.dumps([str(name) for name in table.columns]).encode()
    digest = hashlib.sha256(names + rows.tobytes()).hexdigest()[:16]
    return f"{len(table)} rows, {data.n_rare} rare, {digest}"


def _installed_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
