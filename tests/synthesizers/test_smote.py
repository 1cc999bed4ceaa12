"""SMOTE: rows between rows, and an error that says which k would work."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.synthesizers.smote import SmoteSynthesizer


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(
        # Rounded, since a column that varies by 1e-200 is refused.
        st.tuples(st.floats(-1e3, 1e3).map(lambda v: round(v, 9)), st.integers(0, 50)),
        min_size=3,
        max_size=20,
    ),
    n=st.integers(1, 30),
)
def test_rows_stay_within_the_table(values, n):
    table = pd.DataFrame(values, columns=["length", "count"])
    rows = SmoteSynthesizer(k_neighbors=2).fit(table).sample(n, random_state=0)
    assert len(rows) == n
    pd.testing.assert_series_equal(rows.dtypes, table.dtypes)
    assert (rows >= table.min()).all(axis=None)
    assert (rows <= table.max()).all(axis=None)


def test_rows_lie_on_the_line_between_neighbours():
    table = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "y": [0.0, 2.0, 4.0, 6.0]})
    rows = SmoteSynthesizer(k_neighbors=1).fit(table).sample(25, random_state=0)
    assert np.allclose(rows["y"], 2 * rows["x"])
    assert not rows.round(9).isin(table.round(9)).all(axis=1).all()


def test_a_seed_gives_the_same_rows_twice():
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 3)), columns=list("abc"))
    model = SmoteSynthesizer().fit(table)
    pd.testing.assert_frame_equal(model.sample(9, 4), model.sample(9, 4))
    assert not model.sample(9, 4).equals(model.sample(9, 5))


def test_too_few_rows_names_n_k_and_the_largest_k():
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0]})
    with pytest.raises(ValueError, match=r"4 rows, but k_neighbors=5 needs at least 6.*<= 3"):
        SmoteSynthesizer().fit(table)
    assert len(SmoteSynthesizer(k_neighbors=3).fit(table).sample(2)) == 2


def test_one_row_has_no_neighbour():
    with pytest.raises(ValueError, match="no neighbour"):
        SmoteSynthesizer().fit(pd.DataFrame({"a": [1.0]}))


@pytest.mark.parametrize("k", [0, -1, 1.5, True, "5"])
def test_a_wrong_k_is_named(k):
    with pytest.raises(ValueError, match="k_neighbors"):
        SmoteSynthesizer(k_neighbors=k).fit(pd.DataFrame({"a": [1.0, 2.0, 3.0]}))


def test_categories_are_refused():
    with pytest.raises(ValueError, match="'app'"):
        SmoteSynthesizer(1).fit(pd.DataFrame({"a": [1.0, 2.0], "app": ["x", "y"]}))
