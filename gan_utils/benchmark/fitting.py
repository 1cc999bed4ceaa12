"""Prepare rows and train a classifier on them, inside the training part of each fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.metrics import make_scorer
from sklearn.model_selection import StratifiedKFold, TunedThresholdClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

from gan_utils.benchmark.methods import ClassWeights, Method, TunedThreshold

if TYPE_CHECKING:
    from imblearn.base import BaseSampler

#: Number of folds used to tune a threshold; fewer are used if there are fewer rare rows.
INNER_FOLDS = 5


def make_scaler() -> BaseEstimator:
    """Make a scaler that standardizes numeric columns and leaves other columns unchanged."""
    numbers = make_column_selector(dtype_include="number")
    scaler = make_column_transformer(
        (StandardScaler(), numbers), remainder="passthrough", verbose_feature_names_out=False
    )
    return scaler.set_output(transform="pandas")


def make_encoder() -> BaseEstimator:
    """Make a transformer that turns text into 0/1 columns and passes numbers through."""
    words = make_column_selector(dtype_exclude=["number", "bool"])
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_column_transformer((one_hot, words), remainder="passthrough")


def seeded(estimator: BaseEstimator, seed: int) -> BaseEstimator:
    """Return a fresh copy of an estimator with each ``random_state`` set to the seed.

    Parameters
    ----------
    estimator : sampler or classifier
        The estimator to copy; if it holds other estimators, their seeds are set too.
    seed : int in [0, 2**32)
        The seed to set.

    Returns
    -------
    sampler or classifier
        An unfitted copy of the same class, whose other parameters are unchanged.
    """
    copy = clone(estimator)
    names = (name for name in copy.get_params() if name.split("__")[-1] == "random_state")
    return copy.set_params(**dict.fromkeys(sorted(names), seed))


def fitted_model(
    method: Method, classifier: ClassifierMixin, X: pd.DataFrame, y: pd.Series, seed: int
) -> BaseEstimator:
    """Train a classifier; if the method is a sampler, the rows have already been resampled.

    Parameters
    ----------
    method : sampler, ClassWeights, TunedThreshold or None
        Class weights and a tuned threshold are applied here. A sampler is not applied again.
    classifier : classifier
        The classifier is not changed; a seeded copy is trained.
    X : DataFrame of shape (n, d)
        Rows that are already scaled, unless the method is a `TunedThreshold`.
    y : Series of shape (n,)
        1 for the rare class, 0 for the rest.
    seed : int in [0, 2**32)
        The seed for the classifier and for the inner folds that tune a threshold.

    Returns
    -------
    estimator
        A fitted estimator with ``predict`` and ``predict_proba``.
    """
    steps = [("encode", make_encoder()), ("classify", seeded(classifier, seed))]
    model = Pipeline(steps)
    if isinstance(method, ClassWeights):
        weights = compute_sample_weight("balanced", y)
        with config_context(enable_metadata_routing=False):  # else the classifier must request them
            return model.fit(X, y, classify__sample_weight=weights)
    if isinstance(method, TunedThreshold):
        # The rows are not yet scaled: for a tuned threshold, each inner fold fits a scaler.
        model = Pipeline([("scale", make_scaler()), *steps])
        folds = StratifiedKFold(_inner_folds(y), shuffle=True, random_state=seed)
        model = TunedThresholdClassifierCV(model, scoring=_scorer(method.scoring), cv=folds)
    return model.fit(X, y)


def _scorer(name: str) -> str | Callable:
    """Return the named scorer; the default scorer skips checks that would take most of the time."""
    return make_scorer(_balanced_accuracy) if name == "balanced_accuracy" else name


def _balanced_accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    truth, right = np.asarray(y_true) == 1, np.asarray(y_true) == np.asarray(y_pred)
    return float((right[truth].mean() + right[~truth].mean()) / 2)


def _inner_folds(y: pd.Series) -> int:
    return int(min(INNER_FOLDS, np.bincount(y).min()))


def resampled(
    sampler: BaseSampler, X: pd.DataFrame, y: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Resample rows; for SMOTE, booleans are categories, not numbers.

    Parameters
    ----------
    sampler : sampler
        A sampler of any class.
    X : DataFrame of shape (n, d)
        The rows to be resampled; text has already been turned into categories.
    y : Series of shape (n,)
        1 for the rare class, 0 for the rest.

    Returns
    -------
    X : DataFrame of shape (m, d)
        The resampled rows.
    y : Series of shape (m,)
        Their classes.
    """
    from imblearn.over_sampling import SMOTE

    flags = [name for name, dtype in X.dtypes.items() if dtype == "bool"]
    if type(sampler) is not SMOTE or not flags:
        found, y = fits_categories(sampler, X).fit_resample(X, y)
        return _as_table(found, X.columns), y
    # imbalanced-learn would turn all numbers between 0 and 1, however small, into True.
    kinds = X.astype(dict.fromkeys(flags, str)).astype(dict.fromkeys(flags, "category"))
    found, y = fits_categories(sampler, kinds).fit_resample(kinds, y)
    return found.assign(**{name: found[name] == str(True) for name in flags}), y


def _as_table(rows: object, names: pd.Index) -> pd.DataFrame:
    """Return rows as a table, although a sampler may have turned them into an array."""
    if isinstance(rows, pd.DataFrame):
        return rows
    return pd.DataFrame(rows, columns=names).infer_objects()


def fits_categories(sampler: BaseSampler, X: pd.DataFrame) -> BaseSampler:
    """Replace SMOTE with SMOTENC or SMOTEN if ``X`` has categories; otherwise, return the sampler.

    Parameters
    ----------
    sampler : sampler
        A sampler of any class.
    X : DataFrame of shape (n, d)
        The rows to be resampled; text has already been turned into categories.

    Returns
    -------
    sampler
        ``SMOTENC`` with the parameters of ``sampler``; ``SMOTEN`` if ``X`` has no numbers; the
        sampler itself if ``X`` has numbers only, or the sampler is not ``SMOTE``.

    References
    ----------
    N. V. Chawla, K. W. Bowyer, L. O. Hall, W. P. Kegelmeyer, "SMOTE: Synthetic Minority
    Over-sampling Technique", JAIR 16, 2002, sections 6.1 (SMOTE-NC) and 6.2 (SMOTE-N).
    """
    from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC

    n_kinds = X.select_dtypes("category").shape[1]
    if type(sampler) is not SMOTE or n_kinds == 0:
        return sampler
    settings = sampler.get_params()
    return SMOTEN(**settings) if n_kinds == X.shape[1] else SMOTENC("auto", **settings)
