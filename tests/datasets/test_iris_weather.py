"""Iris with a rare species: the counts, and that no test row ever trains."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.datasets import iter_iris_unbalanced, load_iris_unbalanced, load_weather
from gan_utils.datasets.iris import FEATURES, SPECIES


def counts(table):
    return table["species"].value_counts().reindex(SPECIES, fill_value=0).tolist()


def test_default_counts():
    iris = load_iris_unbalanced()
    assert counts(iris.train) == [40, 40, 20]
    assert counts(iris.full_train) == [40, 40, 40]
    assert counts(iris.test) == [10, 10, 10]
    assert list(iris.train.columns) == [*FEATURES, "species"]
    assert len(iris.rare_rows) == 20 and len(iris.unseen) == 30


def test_without_test_rows_it_is_the_whole_table():
    iris = load_iris_unbalanced(test_size=0)
    assert counts(iris.train) == [50, 50, 20] and counts(iris.full_train) == [50, 50, 50]
    assert iris.test.empty


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_row_is_on_two_sides(data):
    test_size = data.draw(st.integers(0, 49))
    n_removed = data.draw(st.integers(test_size, 49))
    rare = data.draw(st.sampled_from(SPECIES))
    iris = load_iris_unbalanced(n_removed, rare, test_size, data.draw(st.integers(0, 99)))
    assert set(iris.train.index) <= set(iris.full_train.index)
    assert not set(iris.test.index) & set(iris.full_train.index)
    assert len(iris.test) + len(iris.full_train) == 150
    assert len(iris.rare_rows) == 50 - n_removed
    assert not set(iris.unseen.index) & set(iris.train.index)
    assert len(iris.unseen) == n_removed


def test_the_folds_test_every_row_once():
    folds = list(iter_iris_unbalanced(random_state=3))
    assert sorted(i for fold in folds for i in fold.test.index) == list(range(150))
    assert all(counts(fold.train) == [40, 40, 20] for fold in folds)


def test_a_seed_gives_the_same_split_twice():
    first, again = load_iris_unbalanced(random_state=7), load_iris_unbalanced(random_state=7)
    pd.testing.assert_frame_equal(first.train, again.train)
    assert not first.train.index.equals(load_iris_unbalanced(random_state=8).train.index)
    for one, two in zip(*(iter_iris_unbalanced(random_state=1) for _ in range(2)), strict=True):
        pd.testing.assert_frame_equal(one.train, two.train)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rare": "rose"}, "not a species"),
        ({"n_removed": 50}, "leaves one row"),
        ({"n_removed": 5}, "count as removed"),
        ({"test_size": 50}, "do not fit"),
        ({"test_size": -1}, "do not fit"),
    ],
)
def test_numbers_that_do_not_fit_are_named(options, words):
    with pytest.raises(ValueError, match=words):
        load_iris_unbalanced(**options)


def test_folds_that_do_not_share_out_are_named():
    with pytest.raises(ValueError, match="n_folds=7"):
        next(iter_iris_unbalanced(n_folds=7))


def test_weather_counts():
    assert load_weather()["sport"].value_counts().to_dict() == {"yes": 5, "no": 5}
    assert load_weather(balanced=False)["sport"].value_counts().to_dict() == {"yes": 9, "no": 1}
    assert list(load_weather().columns) == ["sky", "temperature", "wind", "sport"]
