"""What all two-sample tests share: pairs of twins, folds that part none, an area that is tested."""

import threading

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from gan_utils.metrics.text_two_sample import text_c2st
from gan_utils.metrics.two_sample import grouped_folds, larger_auc, twin_groups


def test_twins_go_in_pairs():
    assert twin_groups("aab", "abbc").tolist() == [0, 1, 2, 1, 2, 5, 6]
    assert twin_groups("aab", "aab").tolist() == [0, 1, 2, 1, 0, 2]


@given(st.text("abc", min_size=4, max_size=20), st.text("abc", min_size=4, max_size=20))
def test_a_group_is_one_sample_or_a_pair_of_twins(real, synthetic):
    groups, both = twin_groups(real, synthetic), real + synthetic
    for group in set(groups.tolist()):
        members = np.flatnonzero(groups == group)
        assert len({both[i] for i in members}) == 1
        assert len(members) == 1 or (members < len(real)).tolist() == [True, False]
    pairs = sum(min(real.count(letter), synthetic.count(letter)) for letter in "abc")
    assert len(set(groups.tolist())) == len(both) - pairs
    folds = grouped_folds(np.repeat([0, 1], [len(real), len(synthetic)]), groups, 2, 0)
    for training, test in folds:
        assert not set(groups[training]) & set(groups[test])


def test_the_area_is_that_of_the_held_out_probabilities():
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(60, 2)), np.repeat([0, 1], 30)
    points[30:] += 0.8
    folds = grouped_folds(labels, np.arange(60), 5, 0)
    model = LogisticRegression()
    found = cross_val_predict(model, points, labels, cv=folds, method="predict_proba")[:, 1]
    assert larger_auc(model, points, labels, folds) == roc_auc_score(labels, found)
    assert larger_auc(model, points, 1 - labels, folds) == roc_auc_score(labels, found)
    assert (
        larger_auc(DummyClassifier(strategy="constant", constant=1), points, labels, folds) == 0.5
    )


def test_folds_are_not_trained_in_threads():
    """A forest in a thread can empty the list of warning filters, which all threads share."""
    found = []

    class NotesItsThread(DummyClassifier):
        def fit(self, X, y, sample_weight=None):
            found.append(threading.current_thread())
            return super().fit(X, y, sample_weight)

    labels = np.repeat([0, 1], 30)
    folds = grouped_folds(labels, np.arange(60), 5, 0)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        larger_auc(NotesItsThread(), np.zeros((60, 1)), labels, folds)
    assert found == 5 * [threading.current_thread()]


@pytest.mark.parametrize("seed", [-1, 2**32, True, np.random.default_rng(0)])
def test_a_seed_that_is_none(seed):
    with pytest.raises(ValueError, match=r"random_state=.* must be"):
        text_c2st(["a b c"] * 6, ["a c d"] * 6, random_state=seed)
