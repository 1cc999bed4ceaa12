"""The normal synthesizer: right moments, right dtypes, the link between columns or not."""

import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.synthesizers.gaussian import GaussianSynthesizer


@pytest.fixture
def linked():
    rng = np.random.default_rng(0)
    length = rng.normal(5.5, 0.5, 200)
    return pd.DataFrame({"length": length, "width": 0.4 * length + rng.normal(0, 0.1, 200)})


@pytest.mark.parametrize("correlated", [False, True])
def test_means_and_spreads_are_kept(linked, correlated):
    rows = GaussianSynthesizer(correlated).fit(linked).sample(4000, random_state=1)
    assert np.allclose(rows.mean(), linked.mean(), rtol=0.01)
    assert np.allclose(rows.std(), linked.std(), rtol=0.05)


def test_only_the_correlated_form_keeps_the_link(linked):
    true = linked.corr().iloc[0, 1]
    apart = GaussianSynthesizer().fit(linked).sample(4000, random_state=1).corr().iloc[0, 1]
    joint = GaussianSynthesizer(True).fit(linked).sample(4000, random_state=1).corr().iloc[0, 1]
    assert abs(apart) < 0.06 and abs(joint - true) < 0.03


@settings(max_examples=30, deadline=None)
@given(
    table=st.lists(
        st.tuples(st.integers(0, 255), st.sampled_from("abc"), st.booleans()),
        min_size=2,
        max_size=30,
    ),
    n=st.integers(1, 40),
    correlated=st.booleans(),
)
def test_columns_and_dtypes_come_back(table, n, correlated):
    frame = pd.DataFrame(table, columns=["count", "app", "weekend"])
    frame = frame.astype({"count": "uint8", "app": "category"}).assign(half=frame["count"] / 2)
    rows = GaussianSynthesizer(correlated).fit(frame).sample(n, random_state=0)
    assert rows.shape == (n, 4)
    pd.testing.assert_series_equal(rows.dtypes, frame.dtypes)
    assert set(rows["app"]) <= set(frame["app"]) and not rows.isna().any(axis=None)


@pytest.mark.parametrize("scale", [1.0, 5e4, 1e9])
def test_a_sum_of_other_columns_stays_their_sum_without_a_warning(scale):
    for seed in range(8):
        parts = np.random.default_rng(seed).normal(10 * scale, scale, (300, 5))
        table = pd.DataFrame(np.column_stack([parts, parts.sum(axis=1)]), columns=[*"abcde", "sum"])
        with strict_warnings():
            rows = GaussianSynthesizer(correlated=True).fit(table).sample(50, random_state=0)
        off = rows["sum"] - rows[[*"abcde"]].sum(axis=1)
        assert np.abs(off).max() < 1e-5 * scale


@pytest.mark.parametrize("ratio", [1e3, 1e9, 1e12])
def test_a_small_column_beside_large_ones_keeps_its_spread_and_its_links(ratio):
    for seed in range(8):
        z = np.random.default_rng(seed).normal(size=(500, 3))
        a, b = ratio * (0.6 * z[:, 0] + z[:, 1]), ratio * z[:, 2]
        table = pd.DataFrame({"a": a, "small": z[:, 0], "b": b, "c": a + b, "one": 0.1})
        rows = GaussianSynthesizer(correlated=True).fit(table).sample(9000, random_state=1)
        assert rows["small"].std() == pytest.approx(table["small"].std(), rel=0.05)
        names = ["a", "b", "c"]
        links = [t[names].corrwith(t["small"]) for t in (rows, table)]
        np.testing.assert_allclose(*links, atol=0.05)


def test_a_seed_gives_the_rows_that_numpy_draws(linked):
    """The stored lessons show such rows, so neither the scaling nor a constant may change them."""
    table = linked.assign(minutes=linked["width"] * 1e5, constant=0.1)
    rows = GaussianSynthesizer(correlated=True).fit(table).sample(20, random_state=3)
    rng, mean, covariance = np.random.default_rng(3), table.mean(), table.cov()
    drawn = rng.multivariate_normal(mean, covariance, size=20, method="eigh")
    np.testing.assert_array_equal(rows, drawn)


def test_categories_are_drawn_by_their_shares():
    table = pd.DataFrame({"app": ["a"] * 9 + ["b"], "minutes": range(10)})
    rows = GaussianSynthesizer().fit(table).sample(5000, random_state=0)
    assert (rows["app"] == "a").mean() == pytest.approx(0.9, abs=0.02)
    assert rows["minutes"].dtype == table["minutes"].dtype


def test_a_table_of_categories_only_works():
    table = pd.DataFrame({"app": ["a", "b"], "weekend": [True, False]})
    assert GaussianSynthesizer(True).fit(table).sample(3, random_state=0).shape == (3, 2)


def test_a_seed_gives_the_same_rows_twice(linked):
    model = GaussianSynthesizer(correlated=True).fit(linked)
    pd.testing.assert_frame_equal(model.sample(9, 4), model.sample(9, 4))
    assert not model.sample(9, 4).equals(model.sample(9, 5))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.DataFrame({"a": [1.0]}), "at least 2"),
        (pd.DataFrame({"a": [1.0, None]}), "missing"),
        (pd.DataFrame({"day": pd.to_datetime(["2024-08-01", "2024-08-02"])}), "cannot be drawn"),
    ],
)
def test_bad_tables_are_refused(table, words):
    with pytest.raises(ValueError, match=words):
        GaussianSynthesizer().fit(table)


def test_sampling_before_fitting_is_refused():
    with pytest.raises(RuntimeError, match="not fitted"):
        GaussianSynthesizer().sample(1)


def test_a_wide_table_of_categories_gives_no_warning():
    wide = pd.DataFrame({f"c{i}": ["a", "b"] for i in range(120)})
    with strict_warnings():
        assert GaussianSynthesizer().fit(wide).sample(3, random_state=0).shape == (3, 120)
