"""Train a model on synthetic rows, and test it on real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_small_seed
from gan_utils.metrics.alignment import TablePair, numeric_columns
from gan_utils.metrics.encoding import FARTHEST, encode

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

#: Number of trees in the forest that predicts a target.
N_TREES = 100


def tstr(
    synthetic: pd.DataFrame,
    real_test: pd.DataFrame,
    target: str,
    *,
    classifier: BaseEstimator | None = None,
    score: str = "auto",
    random_state: int | None = 0,
) -> float:
    """Train a model on synthetic rows, and return its score on real rows (TSTR).

    If real training rows are passed as ``synthetic``, the result is TRTR (train on real, test on
    real). Compare TSTR with this baseline.

    Parameters
    ----------
    synthetic : DataFrame of shape (m, d)
        Training rows.
    real_test : DataFrame of shape (n, d)
        Real rows not used to train the synthesizer, with the same columns in any order.
    target : str
        The column to predict from the others. Text, booleans and categories are treated as classes;
        numbers are predicted by regression. If numbers represent classes, use
        ``astype("category")``.
    classifier : scikit-learn classifier (or regressor), optional
        By default a random forest.
    score : {"auto", "balanced_accuracy", "macro_f1", "r2"}
        ``"auto"`` is balanced accuracy for classes and R² for numbers.
    random_state : int, optional
        Seed for the default forest.

    Returns
    -------
    float
        Balanced accuracy or macro F1 in [0, 1], over the classes in ``real_test``; R² is at most 1,
        and is 0 if every prediction is the mean of ``real_test``.

    Raises
    ------
    KeyError
        If ``target`` is not a column.
    ValueError
        If ``target`` is the only column, ``real_test`` has a single class or value, ``score``
        does not fit the target, or the tables are not comparable.

    References
    ----------
    Esteban, Hyland and Rätsch (2017), Real-valued (medical) time series generation with recurrent
    conditional GANs.
    """
    check_small_seed(random_state)
    pair = TablePair(real_test, synthetic, names=("real_test", "synthetic"))
    test, train = pair.reference, pair.other
    score = _check_target(test, target, score)
    answer, truth = train.pop(target), test.pop(target)
    known, asked = encode(train, test)
    order = np.lexsort([*known.T, answer.to_numpy()])
    model = classifier
    if model is None:
        model = default_forest("regressor" if score == "r2" else "classifier", random_state)
    return _answers_score(
        score, truth, _fit_clone(model, known[order], answer.iloc[order]).predict(asked)
    )


def _fit_clone(model: BaseEstimator, points: np.ndarray, answer: pd.Series) -> BaseEstimator:
    """Fit a copy of the model, and leave the caller's model unchanged."""
    from sklearn.base import clone

    return clone(model).fit(points, answer.to_numpy())


def _answers_score(score: str, truth: pd.Series, guess: np.ndarray) -> float:
    from sklearn.metrics import f1_score, r2_score, recall_score

    if score == "r2":
        # A prediction may be so far off that its square overflows. Scaling by a power of two is
        # exact.
        _, exponent = np.frexp(np.abs(truth).max())
        near = np.ldexp(guess, -exponent).clip(-FARTHEST, FARTHEST)
        return float(r2_score(np.ldexp(truth, -exponent), near))
    measure = f1_score if score == "macro_f1" else recall_score
    # The mean recall is the balanced accuracy. With these settings, recall_score gives no warning
    # if a predicted class is missing from the test rows.
    classes = sorted(truth.unique())
    return float(measure(truth, guess, labels=classes, average="macro", zero_division=0))


def _check_target(test: pd.DataFrame, target: str, score: str) -> str:
    """Return the score to use, or raise an error if the target cannot be predicted."""
    if target not in test:
        raise KeyError(f"target {target!r} is not a column. The columns are {list(test)}.")
    if test.shape[1] == 1:
        raise ValueError(f"{target!r} is the only column, so nothing is left to predict it from.")
    if test[target].nunique() < 2:
        raise ValueError(
            f"target {target!r} is {test[target].iloc[0]!r} in every row of real_test, so there is "
            f"nothing to predict. Keep test rows of at least two kinds."
        )
    fitting = ["r2"] if target in numeric_columns(test) else ["balanced_accuracy", "macro_f1"]
    if score not in ["auto", *fitting]:
        raise ValueError(
            f"score={score!r} does not fit target {target!r}. Use one of {['auto', *fitting]}."
        )
    return fitting[0] if score == "auto" else score


def default_forest(kind: str, random_state: int | None, *, n_trees: int = N_TREES) -> BaseEstimator:
    """Make the default random forest for the measures.

    Parameters
    ----------
    kind : {"classifier", "regressor"}
    random_state : int, optional
        Seed for the forest.
    n_trees : int, at least 1

    Returns
    -------
    scikit-learn estimator
    """
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestClassifier if kind == "classifier" else RandomForestRegressor
    return forest(n_trees, random_state=random_state, n_jobs=1)
