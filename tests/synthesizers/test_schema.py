"""Names and dtypes survive a file as they were, or are refused before anything is trained."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from mixed_tables import HAS_TEXT_WITH_NAN

from gan_utils.synthesizers import TabularGAN
from gan_utils.synthesizers.schema import (
    cell_from_config,
    cell_to_config,
    dtype_from_config,
    dtype_to_config,
    names_from_config,
    names_to_config,
)

TEXTS_WITH_NAN = (
    [pd.StringDtype(storage, na_value=np.nan) for storage in ("python", "pyarrow")]
    if HAS_TEXT_WITH_NAN
    else []
)

DTYPES = [
    *map(np.dtype, ["int8", ">i4", "uint64", "float16", "bool", "object", "<U3"]),
    *(pd.Int8Dtype(), pd.Float32Dtype(), pd.BooleanDtype()),
    *(pd.StringDtype(storage) for storage in ("python", "pyarrow")),
    *TEXTS_WITH_NAN,
    *map(pd.ArrowDtype, [pa.int8(), pa.bool_(), pa.float16(), pa.string(), pa.large_string()]),
    *(pd.SparseDtype(float), pd.SparseDtype(float, 0.0), pd.SparseDtype(int, 7)),
    *(pd.SparseDtype(bool, False), pd.SparseDtype(object, "a")),
    pd.CategoricalDtype(np.array([3, 1], "int8")),
    pd.CategoricalDtype(np.array([1.5, np.inf], "float32"), ordered=True),
    pd.CategoricalDtype([True, False]),
    pd.CategoricalDtype([2**60 + 1, 3]),
    pd.CategoricalDtype(pd.Index([1, 2], dtype=object)),
    pd.CategoricalDtype(pd.Index([2, True, "a"], dtype=object)),
    pd.CategoricalDtype(pd.Index(["b", "a"], dtype="string")),
    pd.CategoricalDtype(pd.Index([1, 2], dtype="Int64")),
    pd.CategoricalDtype(pd.Index([("a", 1), ("b",)], tupleize_cols=False)),
    pd.CategoricalDtype([]),
]


def through_json(config):
    return json.loads(json.dumps(config))


@pytest.mark.parametrize("dtype", DTYPES, ids=repr)
def test_a_dtype_survives(dtype):
    back = dtype_from_config(through_json(dtype_to_config(dtype)))
    assert back == dtype and type(back) is type(dtype)
    assert getattr(back, "storage", None) == getattr(dtype, "storage", None)
    if isinstance(dtype, pd.CategoricalDtype):
        assert back.categories.dtype == dtype.categories.dtype
        assert list(map(type, back.categories)) == list(map(type, dtype.categories))
        assert back.categories.tolist() == dtype.categories.tolist()


NAMES = [
    pd.RangeIndex(2),
    pd.Index(["a", "\ud800"], name="facts"),
    pd.Index([0, "0", None, np.nan, True, 2.5, np.int64(7)], dtype=object),
    pd.Index([("x", 1), ("y",), ()], tupleize_cols=False, name=("t", 1)),
    pd.Index([1.5, 2], dtype="float32"),
    pd.Index(["a", "b"], dtype="string"),
    pd.CategoricalIndex(["b", "a"], ["b", "a"], ordered=True),
    pd.MultiIndex.from_tuples([("a", 1), ("b", np.nan)], names=["first", None]),
    pd.MultiIndex.from_tuples([(0,), (1,)]),
]


@pytest.mark.parametrize("names", NAMES, ids=repr)
def test_names_survive(names):
    back = names_from_config(through_json(names_to_config(names)))
    assert type(back) is type(names) or isinstance(names, pd.RangeIndex)
    assert back.equals(names) and back.names == names.names


@pytest.mark.parametrize("value", ["", "é", 2**70, 0.1, True, None, ("a", (1, None)), ()])
def test_a_value_survives(value):
    assert cell_from_config(through_json(cell_to_config(value))) == value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": pd.Categorical(pd.to_datetime(["2024", "2025"] * 10))}, "Timestamp, which a saved"),
        ({"x": pd.cut(np.arange(20), 3)}, "Interval, which a saved model cannot hold"),
        ({"x": [b"a", b"b"] * 10}, "bytes, which a saved model cannot hold"),
        ({pd.Timestamp("2024"): np.arange(20)}, "its name, into text or numbers"),
    ],
)
def test_a_model_refuses_before_it_trains_what_its_file_could_not_hold(change, words):
    table = pd.DataFrame({"y": np.arange(20.0)} | change)
    with pytest.raises(ValueError, match=words):
        TabularGAN(nb_epochs=10**9, batch_size=8).fit(table)
