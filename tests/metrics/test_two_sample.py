"""What all two-sample tests share: groups of equal samples, folds of groups, a tested area."""

import threading

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from gan_utils.metrics import c2st, text_c2st
from gan_utils.metrics.two_sample import equal_groups, grouped_folds, held_out_auc


def test_few_equal_samples_share_a_group_and_many_do_not():
    assert equal_groups("aabbcddd", 2).tolist() == [0, 0, 2, 2, 4, 5, 6, 7]
    assert equal_groups("ab" + "c" * 8, 5).tolist() == list(range(10))


@given(
    st.text("abcdefg", min_size=5, max_size=20),
    st.text("abcdefg", min_size=5, max_size=20),
    st.integers(2, 5),
)
def test_groups_ignore_the_set_and_every_fold_can_be_judged(real, synthetic, n_folds):
    both, labels = real + synthetic, np.repeat([0, 1], [len(real), len(synthetic)])
    groups = equal_groups(both, n_folds)
    turned = equal_groups(both[::-1], n_folds)[::-1]
    assert (np.equal.outer(groups, groups) == np.equal.outer(turned, turned)).all()
    for group in set(groups.tolist()):
        members = [both[i] for i in np.flatnonzero(groups == group)]
        assert len(set(members)) == 1
        assert len(members) == 1 or len(members) == both.count(members[0]) <= n_folds
    tested = []
    alone = any(len(set(groups[labels == k].tolist())) == 1 for k in (0, 1))
    for training, test in grouped_folds(labels, groups, n_folds, 0):
        assert alone or not set(groups[training]) & set(groups[test])
        assert set(labels[training]) == {0, 1}
        tested += test.tolist()
    assert sorted(tested) == list(range(len(both)))


@pytest.mark.parametrize("n_cells", [20, 60, 200])
def test_sets_from_one_distribution_of_few_values_are_not_told_apart(n_cells):
    rng = np.random.default_rng(0)
    cells = rng.integers(0, n_cells, (2, 300))
    real, synthetic = (pd.DataFrame({"a": c % 4, "b": c // 4}).astype(str) for c in cells)
    assert c2st(real, synthetic) < 0.56


def test_a_generator_that_repeats_a_few_rows_is_detected():
    rng = np.random.default_rng(0)
    real, few = rng.normal(size=(300, 3)), rng.normal(size=(20, 3))
    for rows in (few, real[:20]):
        assert c2st(real, rows[rng.integers(0, 20, 300)]) > 0.9


@pytest.mark.filterwarnings("error")
def test_a_set_of_as_many_equal_samples_as_folds_is_told_apart():
    """All of them in one fold, the training part for this fold would lack the set."""
    rng = np.random.default_rng(0)
    real, odd = rng.normal(size=(100, 2)), np.full((5, 2), 9.0)
    assert c2st(real, odd) == c2st(odd, real) == 1
    texts = [" ".join(rng.choice(list("abcdef"), 6)) for _ in range(100)]
    assert text_c2st(texts, ["an odd text"] * 5) > 0.9


def test_the_area_is_that_of_the_held_out_probabilities():
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(60, 2)), np.repeat([0, 1], 30)
    points[30:] += 0.8
    folds = grouped_folds(labels, np.arange(60), 5, 0)
    model = LogisticRegression()
    found = cross_val_predict(model, points, labels, cv=folds, method="predict_proba")[:, 1]
    assert held_out_auc(model, points, labels, folds) == roc_auc_score(labels, found) > 0.5


def test_the_area_is_at_least_one_half():
    labels = np.repeat([0, 1], 30)
    near = np.tile(np.random.default_rng(0).normal(size=(30, 2)), (2, 1)) + 1e-9 * labels[:, None]
    folds = grouped_folds(labels, np.arange(60), 5, 0)
    found = cross_val_predict(KNeighborsClassifier(1), near, labels, cv=folds)
    assert roc_auc_score(labels, found) < 0.3
    assert held_out_auc(KNeighborsClassifier(1), near, labels, folds) == 0.5
    assert held_out_auc(DummyClassifier(strategy="prior"), near, labels, folds) == 0.5


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
        held_out_auc(NotesItsThread(), np.zeros((60, 1)), labels, folds)
    assert found == 5 * [threading.current_thread()]


@pytest.mark.parametrize("seed", [-1, 2**32, True, np.random.default_rng(0)])
def test_a_seed_that_is_none(seed):
    with pytest.raises(ValueError, match=r"random_state=.* must be"):
        text_c2st(["a b c"] * 6, ["a c d"] * 6, random_state=seed)
