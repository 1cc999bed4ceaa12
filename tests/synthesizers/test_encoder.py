"""Encoding and decoding tables: what goes in comes out, and ranges and kinds hold."""

import json
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.preprocessing import MinMaxScaler

from gan_utils.synthesizers.encoder import TableEncoder
from gan_utils.synthesizers.scaling import MinMax, NormalScores

FLOATS = st.floats(-1e6, 1e6, allow_nan=False, width=32)
TEXT = st.text(alphabet="abcXYZ é-", min_size=1, max_size=6)


@st.composite
def tables(draw, max_rows=40):
    n = draw(st.integers(1, max_rows))

    def column(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    return pd.DataFrame(
        {
            "float": column(FLOATS),
            "app": column(TEXT),
            "count": np.array(column(st.integers(-1000, 1000)), dtype="int64"),
            "flag": np.array(column(st.booleans()), dtype=bool),
            "grade": pd.Categorical(column(st.sampled_from("ABC")), list("CBA"), ordered=True),
        }
    )


@given(tables(), st.sampled_from(["quantile", "minmax"]))
@settings(max_examples=60, deadline=None)
def test_encoding_and_back_is_the_same_table(table, numeric):
    encoder = TableEncoder(numeric).fit(table)
    back = encoder.inverse_transform(encoder.transform(table))
    pd.testing.assert_frame_equal(back, table, atol=1e-6)


WHOLE = ["int8", "uint8", "int16", "uint64", "Int32", "UInt64", "int64[pyarrow]"]


@given(st.data(), st.sampled_from(WHOLE), st.sampled_from(["quantile", "minmax"]))
@settings(max_examples=60, deadline=None)
def test_whole_numbers_of_every_dtype_come_back_to_the_bit(data, dtype, numeric):
    known = pd.api.types.pandas_dtype(dtype)
    limits = np.iinfo(getattr(known, "numpy_dtype", known))
    ends = max(int(limits.min), -(2**50)), min(int(limits.max), 2**50)
    values = data.draw(st.lists(st.integers(*ends), min_size=1, max_size=30))
    table = pd.DataFrame({"a": pd.Series(values, dtype=dtype)})
    encoder = TableEncoder(numeric).fit(table)
    back = encoder.inverse_transform(encoder.transform(table))
    pd.testing.assert_frame_equal(back, table, check_exact=True)


def test_whole_numbers_too_far_apart_for_minmax_are_refused():
    table = pd.DataFrame({"a": [-(2**53), 2**53 - 1, 5]})
    encoder = TableEncoder("quantile").fit(table)
    pd.testing.assert_frame_equal(encoder.inverse_transform(encoder.transform(table)), table)
    with pytest.raises(ValueError, match=r"'a' holds whole numbers .* Use 'quantile'"):
        TableEncoder("minmax").fit(table)


@given(tables(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_numbers_decode_to_rows_of_the_table_s_kind(table, seed):
    encoder = TableEncoder().fit(table)
    noise = np.random.default_rng(seed).normal(scale=3, size=(20, encoder.width))
    rows = encoder.inverse_transform(noise)
    assert rows.dtypes.equals(table.dtypes)
    for name in ("float", "count"):
        assert rows[name].between(table[name].min(), table[name].max()).all()
    for name in ("app", "flag", "grade"):
        assert set(rows[name]) <= set(table[name])


@given(tables())
@settings(max_examples=30, deadline=None)
def test_an_encoder_survives_json(table):
    encoder = TableEncoder().fit(table)
    again = TableEncoder.from_config(json.loads(json.dumps(encoder.to_config())))
    np.testing.assert_array_equal(again.transform(table), encoder.transform(table))
    pd.testing.assert_frame_equal(
        again.inverse_transform(encoder.transform(table)), table, atol=1e-6
    )


def test_columns_may_come_in_any_order():
    table = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    encoder = TableEncoder().fit(table)
    np.testing.assert_array_equal(
        encoder.transform(table[["b", "a"]]), encoder.transform(table[["a", "b"]])
    )


def test_normal_scores_of_distinct_values_are_those_of_their_middle_ranks():
    values = np.array([3.0, 1.0, 2.0, 10.0])
    expected = norm.ppf((np.array([2, 0, 1, 3]) + 0.5) / 4)
    np.testing.assert_allclose(NormalScores().fit(values).transform(values), expected)


def test_ties_are_spread_over_their_ranks_and_come_back_whole():
    values = np.array([0.0] * 90 + [5.0] * 10)
    scaler = NormalScores().fit(values)
    scores = scaler.transform(values, np.random.default_rng(0))
    assert len(np.unique(scores)) > 90  # the outermost ranks are clipped
    assert scores[:90].max() < norm.ppf(0.9) < scores[90:].min()
    # Half a rank on each side of the border lies between the two values.
    assert (scaler.inverse(scores).round() == values).mean() > 0.95


def test_zeros_of_both_signs_are_one_value():
    values = np.array([0.0, -0.0] * 20 + [3.0])
    scaler = NormalScores().fit(values)
    assert not np.signbit(scaler.sorted_).any()
    again = NormalScores.from_config(scaler.to_config())
    assert again.sorted_.tobytes() == scaler.sorted_.tobytes()


def test_minmax_is_scikit_learn_s():
    values = np.array([3.0, 7.0, 4.0])
    expected = MinMaxScaler((-1, 1)).fit_transform(values[:, None]).ravel()
    np.testing.assert_allclose(MinMax().fit(values).transform(values), expected)


@pytest.mark.parametrize("numeric", ["quantile", "minmax"])
def test_a_constant_column_stays_constant(numeric):
    encoder = TableEncoder(numeric).fit(pd.DataFrame({"a": [4, 4, 4]}))
    assert encoder.inverse_transform([[-2.0], [0.0], [2.0]])["a"].tolist() == [4, 4, 4]


def test_bad_input_is_named():
    table = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"]})
    encoder = TableEncoder().fit(table)
    with pytest.raises(ValueError, match="'b' is missing"):
        encoder.transform(table[["a"]])
    with pytest.raises(ValueError, match="'c' was not there"):
        encoder.transform(table.assign(c=1))
    with pytest.raises(ValueError, match=r"'b' holds 'z'.*Known values: x, y"):
        encoder.transform(table.assign(b="z"))
    for column in ([np.nan, 2, 3], pd.array([None, 2, 3], "Int64")):
        with pytest.raises(ValueError, match=r"'a' has a missing value in row 0"):
            encoder.transform(table.assign(a=column))
    with pytest.raises(ValueError, match=r"'a' is infinite in row 1"):
        encoder.transform(table.assign(a=[1, np.inf, 3]))
    with pytest.raises(ValueError, match=r"\(n, 3\) was expected"):
        encoder.inverse_transform(np.zeros((2, 2)))
    with pytest.raises(ValueError, match=r"datetime64.*weekday"):
        TableEncoder().fit(pd.DataFrame({"d": pd.to_datetime(["2024-08-01"])}))
    with pytest.raises(ValueError, match="'ranks' is unknown"):
        TableEncoder("ranks")


def test_several_versions_are_written_into_one_array():
    table = pd.DataFrame({"a": [1, 1, 2, 2] * 100, "b": ["x", "y", "x", "y"] * 100})
    encoder = TableEncoder().fit(table)
    one_rng, rng = np.random.default_rng(0), np.random.default_rng(0)
    tracemalloc.start()
    rows = encoder.transform_often(table, 500, one_rng)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    first, second = (encoder.transform(table, rng).astype("float32") for _ in range(2))
    np.testing.assert_array_equal(rows[:800], np.concatenate([first, second]))
    assert rows.dtype == "float32" and peak < 1.5 * rows.nbytes


def test_thousands_of_categories_are_listed_once():
    class Counted(str):
        hashed = 0

        def __hash__(self):
            Counted.hashed += 1
            return str.__hash__(self)

    n = 200
    column = pd.Series(pd.Categorical([Counted(i) for i in range(n)]), name="a")
    Counted.hashed = 0
    assert len(TableEncoder().fit(column.to_frame()).categories_["a"]) == n
    assert Counted.hashed < 50 * n
