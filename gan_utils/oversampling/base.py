"""The base class of all samplers, which fits one synthesizer per class and adds new rows."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from pandas.api import types
from scipy import sparse
from sklearn.utils import check_consistent_length, check_random_state
from sklearn_compat.utils.validation import validate_data

from gan_utils.synthesizers.base import Synthesizer, check_table
from gan_utils.synthesizers.columns import restore, text_names
from gan_utils.synthesizers.gaussian import GaussianSynthesizer
from gan_utils.synthesizers.smote import SmoteSynthesizer

#: Imbalanced-learn's constraints on the parameters that all samplers have.
SHARED = BaseOverSampler._parameter_constraints


class SynthesizerOverSampler(BaseOverSampler):
    """Oversample the rare classes with rows from a synthesizer fitted to each class separately.

    Parameters
    ----------
    synthesizer : gan_utils.synthesizers.Synthesizer, optional
        The synthesizer for the new rows, by default ``GaussianSynthesizer()``. A copy of it is
        fitted to each class, and the original stays unfitted. Any ``batch_size``
        of the copy is limited to the number of rows in the class. Any ``random_state`` of the copy
        is replaced by a seed drawn with the ``random_state`` below.
    sampling_strategy : float, str, dict or callable
        The classes to oversample and their sizes after sampling, as in imbalanced-learn. With
        ``"auto"``, all classes are oversampled to the size of the largest. A float is the ratio of
        the smaller to the larger of two classes after sampling; a dict gives the size of each class
        after sampling.
    random_state : int, RandomState instance or None
        Seed for training and for generating rows. With an int, the same input gives the same
        output, and a class's new rows do not depend on which other classes are oversampled.

    Attributes
    ----------
    sampling_strategy_ : dict
        The number of new rows for each class.
    n_features_in_ : int
        Number of columns.
    feature_names_in_ : ndarray of str
        Column names, if ``X`` is a DataFrame whose column names are text.

    Notes
    -----
    ``fit_resample(X, y)`` returns the same types as its input (array, list, DataFrame or sparse
    matrix), with the same columns and dtypes. The original rows come first, unchanged and in order,
    followed by the new rows, class by class. Whole-number columns still hold whole numbers. Columns
    of categories, text or booleans receive only values that already occur in them, provided that
    the synthesizer accepts such columns. Sparse input is converted to a dense table for fitting.

    There is no ``sample_indices_`` attribute, because new rows are generated, not selected from
    existing rows. The fitted synthesizers are not stored, so a sampler can be pickled and sent to
    another process both before and after use.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from gan_utils.synthesizers import GaussianSynthesizer
    >>> X, y = make_classification(n_samples=200, weights=[0.9], random_state=0)
    >>> sampler = SynthesizerOverSampler(GaussianSynthesizer(correlated=True), random_state=0)
    >>> X_new, y_new = sampler.fit_resample(X, y)
    >>> bool((y_new == 0).sum() == (y_new == 1).sum())
    True
    """

    _parameter_constraints: ClassVar[dict] = {**SHARED, "synthesizer": [Synthesizer, None]}

    def __init__(
        self,
        synthesizer: Synthesizer | None = None,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.synthesizer = synthesizer
        self.random_state = random_state

    def _template(self) -> Synthesizer:
        """Return the synthesizer that is copied for each class; it is never fitted itself."""
        return GaussianSynthesizer() if self.synthesizer is None else self.synthesizer

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Oversample the rare classes.

        Parameters
        ----------
        X : array, list, DataFrame or sparse matrix of shape (n, d)
            The rows.
        y : array, list or Series of shape (n,)
            The class of each row. An array or a DataFrame with a column of 0 and 1 per class is
            accepted, too.
        **params : object
            Parameters that imbalanced-learn passes to a sampler; they are ignored.

        Returns
        -------
        X : same type as ``X``, shape (n + new, d)
            The original rows, followed by the new rows.
        y : same type as ``y``, shape (n + new,)
            The original labels, followed by the labels of the new rows.

        Raises
        ------
        TypeError, ValueError
            If a parameter, a value or a label cannot be used, or a class has too few rows. The
            error is raised before any training.
        """
        _check_labels_whole(y, type(self).__name__)
        if _is_one_hot(y):
            # imbalanced-learn would return one column for two classes, and none for an absent one.
            X, labels = self.fit_resample(X, np.asarray(y).argmax(axis=1))
            return X, _one_hot_like(y, labels)
        flags = _dtypes_of_flags(y)
        if flags is None:
            return super().fit_resample(X, y)
        X, y = super().fit_resample(X, y.astype(bool))
        return X, y.astype(flags)

    def _check_X_y(self, X: Any, y: Any) -> tuple[Any, np.ndarray, bool]:
        _check_one_label_each(y)
        y, binarize_y = check_target_type(y, indicate_one_vs_all=True)
        X = _mixed_as_objects(X)
        if isinstance(X, pd.DataFrame):
            check_table(X, min_rows=1, who=type(self).__name__)
            named = X if len(set(map(type, X.columns))) < 2 else _rows_as_table(X)
            # scikit-learn's own check would convert text and categories to numbers, or refuse them.
            validate_data(self, X=named, y=y, reset=True, skip_check_array=True)
        else:
            X = validate_data(self, X=X, reset=True, dtype=None, accept_sparse=["csr", "csc"])
        check_consistent_length(X, y)
        return X, y, binarize_y

    def _fit_resample(self, X: Any, y: np.ndarray) -> tuple[Any, np.ndarray]:
        template = self._template()
        wanted = {label: n for label, n in self.sampling_strategy_.items() if n > 0}
        sizes = {label: int(np.sum(y == label)) for label in wanted}
        self._check_sizes(sizes, _rows_needed(template))
        table, seeds = _rows_as_table(X), self._seeds(y)
        parts = [
            _new_rows(template, table[y == label], n, seeds[label]) for label, n in wanted.items()
        ]
        labels = [np.full(n, label, dtype=y.dtype) for label, n in wanted.items()]
        return _append(X, parts), np.concatenate([y, *labels])

    def _seeds(self, y: np.ndarray) -> dict[Any, tuple[int, int]]:
        """Draw a training seed and a sampling seed for each class, whether oversampled or not."""
        rng = check_random_state(self.random_state)
        return {label: tuple(rng.randint(2**31 - 1, size=2).tolist()) for label in np.unique(y)}

    def _check_sizes(self, sizes: dict[Any, int], needed: int) -> None:
        """Reject classes that are too small before any synthesizer is fitted."""
        for label, n in sizes.items():
            if n < needed:
                raise ValueError(
                    f"class {_python_label(label)!r} has {n} {'row' if n == 1 else 'rows'}, but "
                    f"{self._needs(needed)}. {self._way_out(n)} Or leave this class as it is, with "
                    "a sampling_strategy={label: rows, ...} that does not name it. (A training "
                    "part of a cross-validation has fewer rows of a class than the whole table.)"
                )

    def _needs(self, needed: int) -> str:
        return f"{type(self).__name__} needs at least {needed} of each class that it fills"

    def _way_out(self, n: int) -> str:
        """Suggest what to do about a class that has only ``n`` rows."""
        k = getattr(self._template(), "k_neighbors", None)
        if n < 2:
            return (
                "Nothing can be learned from one row: collect more, or repeat it with "
                "imbalanced-learn's RandomOverSampler."
            )
        if k is not None:
            return f"Use k_neighbors <= {n - 1}, or GaussianOverSampler, which needs 2."
        return (
            "No setting makes it work with fewer. What works here: GaussianOverSampler, or "
            f"SmoteOverSampler with k_neighbors <= {n - 1}."
        )

    def _more_tags(self) -> dict[str, Any]:  # how scikit-learn before 1.6 asks for tags
        types = ["2darray", "sparse", "dataframe", *(["string"] if self._takes_text() else [])]
        return {"X_types": types}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = self._takes_text()
        tags.input_tags.categorical = self._takes_text()
        return tags

    def _takes_text(self) -> bool:
        return not isinstance(self.synthesizer, SmoteSynthesizer)


def _rows_needed(synthesizer: Synthesizer) -> int:
    """Return the minimum number of rows per class that a synthesizer needs."""
    return max(synthesizer.min_rows, getattr(synthesizer, "k_neighbors", 0) + 1)


def _new_rows(
    template: Synthesizer, rows: pd.DataFrame, n: int, seeds: tuple[int, int]
) -> pd.DataFrame:
    """Fit a fresh copy of a synthesizer to the rows of one class and draw ``n`` new rows."""
    synthesizer = template.__sklearn_clone__()
    if hasattr(synthesizer, "random_state"):
        synthesizer.random_state = seeds[0]
    if hasattr(synthesizer, "batch_size"):
        synthesizer.batch_size = min(synthesizer.batch_size, len(rows))
    return synthesizer.fit(rows).sample(n, random_state=seeds[1])


def _rows_as_table(X: Any) -> pd.DataFrame:
    """Return the rows as a dense table whose column names are text."""
    if isinstance(X, pd.DataFrame):
        return X.set_axis(text_names(X.columns), axis=1).reset_index(drop=True)
    X = X.toarray() if sparse.issparse(X) else X
    table = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])
    return table.infer_objects()  # give numbers in an object array a numeric dtype


def _check_one_label_each(y: Any) -> None:
    """Reject labels in nested lists: imbalanced-learn takes a column per class only in arrays."""
    if isinstance(y, list | tuple):
        for row, label in enumerate(y):
            if isinstance(label, list | tuple | np.ndarray):
                raise ValueError(
                    f"y holds {label!r} for row {row}, which is not one label. Give one label per "
                    f"row, or an array with a column of 0 and 1 per class."
                )


def _mixed_as_objects(X: Any) -> Any:
    """Convert a list of mixed rows to an object array; NumPy would give all cells one type."""
    if not isinstance(X, list | tuple):
        return X
    rows = np.asarray(X, dtype=object)
    if rows.ndim != 2 or pd.DataFrame(rows).infer_objects().dtypes.nunique() < 2:
        return X
    return rows


def _append(X: Any, parts: list[pd.DataFrame]) -> Any:
    """Return the original rows followed by the new rows, in the same type of container."""
    if isinstance(X, pd.DataFrame):
        return pd.concat([X, *(restore(part, X.dtypes) for part in parts)], ignore_index=True)
    arrays = [part.to_numpy(X.dtype) for part in parts]
    if sparse.issparse(X):
        return sparse.vstack([X, *map(sparse.csr_matrix, arrays)], format=X.format)
    return np.concatenate([X, *arrays])


def _dtypes_of_flags(y: Any) -> Any:
    """Return the dtypes of the labels if these are categories of booleans; otherwise, None.

    scikit-learn converts such categories to 0.0 and 1.0. imbalanced-learn looks for True and False,
    and would therefore treat these classes as missing.
    """
    kinds = pd.Series(getattr(y, "dtypes", None), dtype=object)
    categories = [getattr(kind, "categories", None) for kind in kinds]
    is_flags = bool(categories) and all(
        values is not None and types.is_bool_dtype(values.dtype) for values in categories
    )
    return y.dtypes if is_flags and isinstance(y, pd.Series | pd.DataFrame) else None


def _is_one_hot(y: Any) -> bool:
    """Tell whether labels have a column per class, with a single 1 in each row."""
    if not isinstance(y, np.ndarray | pd.DataFrame) or y.ndim != 2 or y.shape[1] < 2:
        return False
    cells = np.asarray(y)
    return bool(((cells == 0) | (cells == 1)).all() and (cells.sum(axis=1) == 1).all())


def _one_hot_like(y: Any, labels: np.ndarray) -> Any:
    """Return the numbers of classes as columns of 0 and 1, in the same type of container."""
    columns = np.eye(y.shape[1])[labels]
    if isinstance(y, pd.DataFrame):
        return pd.DataFrame(columns, columns=y.columns).astype(y.dtypes)
    return columns.astype(y.dtype)


def _check_labels_whole(y: Any, who: str) -> None:
    if sparse.issparse(y):
        raise TypeError(f"y is a sparse matrix, but {who} takes labels as an array or a Series.")
    if not isinstance(y, list | tuple | np.ndarray | pd.Series | pd.DataFrame | pd.Index):
        return  # scikit-learn raises an error for other types
    labels = pd.isna(np.asarray(y, dtype=object))
    missing = np.flatnonzero(labels.any(axis=tuple(range(1, labels.ndim))))
    if len(missing):
        raise ValueError(
            f"y has {len(missing)} missing labels, the first in row {missing[0]}. Leave such rows "
            f"out of X and y before {who}."
        )


def _python_label(label: Any) -> Any:
    """Return a label as a plain Python object, which prints without its NumPy type."""
    return label.item() if isinstance(label, np.generic) else label
