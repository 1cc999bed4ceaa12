"""Values cross the border as plain JSON, and nothing else crosses."""

import json

import numpy as np
import pandas as pd
import pytest

from gan_utils.course.grading.inside import border
from gan_utils.course.grading.inside.border import BorderError, from_line, to_line
from gan_utils.course.grading.inside.decoder import Decoder, Foreign
from gan_utils.course.grading.inside.encoder import Encoder

KEPT: list[object] = []


def keep(thing: object) -> int:
    KEPT.append(thing)
    return len(KEPT) - 1


def decoder() -> Decoder:
    return Decoder(lambda n: f"function {n}", lambda n, names: (n, names), lambda *facts: facts)


def across(value: object) -> object:
    line = to_line({"value": Encoder(keep).encode(value)})
    return decoder().decode(from_line(line)["value"])


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -(2**62), 0.1, "é\n", [1, [2.5, "a"]], (1, (2,)), {"a": [1], 2: None}, ..., ""],
)
def test_plain_values_stay_what_they_are(value):
    found = across(value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), float("nan")])
def test_numbers_without_a_json_form(value):
    assert repr(across(value)) == repr(value)
    assert "NaN" not in to_line({"value": Encoder(keep).encode(value)}).decode()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype="int8").reshape(2, 3),
        np.array([0.1, np.nan, np.inf], "float32"),
        np.array([], float),
        np.zeros((3, 0, 2)),
        np.array([True, False]),
        np.array(["a", "bc"]),
        np.array(2.5),
        np.array([1, "a", None], object),
    ],
)
def test_arrays_keep_type_shape_and_values(array):
    found = across(array)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_numpy_numbers_stay_numpy_numbers():
    assert across(np.float32(0.1)) == np.float32(0.1)
    assert isinstance(across(np.float32(0.1)), np.float32)
    assert isinstance(across(np.bool_(True)), np.bool_)


def test_tables_keep_columns_index_and_attributes():
    columns = pd.MultiIndex.from_product([["unchanged", "changed"], ["low", "high"]])
    card = pd.DataFrame(np.eye(2, 4), index=["C2ST", "coverage"], columns=columns)
    card.attrs["title"] = "12 held-out rows"
    pd.testing.assert_frame_equal(across(card), card)
    assert across(card).attrs == card.attrs
    series = pd.Series([0.5, np.nan], index=[3, 5], name="gain")
    pd.testing.assert_series_equal(across(series), series)


def test_a_function_stays_where_it_is():
    assert across(len).startswith("function ")
    assert KEPT[-1] is len


class Liar(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


def test_an_object_crosses_as_what_it_holds_or_as_a_name():
    assert type(across(Liar(2))) is float
    assert across(Liar(2)) != 3
    found = across(object())
    assert isinstance(found, Foreign)
    assert type(found).__name__ == "object"
    assert not callable(found)


def test_what_is_too_large_or_too_deep_is_refused():
    nested: list = []
    for _ in range(border.MOST_LEVELS + 2):
        nested = [nested]
    for value in (nested, np.zeros(border.MOST_VALUES + 1), ["a"] * border.MOST_VALUES):
        with pytest.raises(BorderError):
            Encoder(keep).encode(value)
    with pytest.raises(BorderError, match="MB"):
        to_line({"value": "a" * border.MOST_BYTES})


FORGED = [
    {"kind": "array", "dtype": "float64", "shape": [2**39, 2**39], "items": []},
    {"kind": "array", "dtype": "float64", "shape": [-1, -1], "items": [1]},
    {"kind": "array", "dtype": "float64", "shape": [1], "items": [[1]]},
    {"kind": "array", "dtype": "int8", "shape": [1], "items": [1000]},
    {"kind": "array", "dtype": "O", "shape": [1], "items": [1]},
    {"kind": "array", "dtype": "float64,float64", "shape": [1], "items": [1]},
    {"kind": "dict", "items": [[[], 1]]},
    {"kind": "dict", "items": [[{"kind": "list", "items": []}, 1]]},
    {"kind": "dict", "items": 3},
    {"kind": "record", "class": "os.system", "facts": {"kind": "dict", "items": []}},
    {"kind": "__class__"},
    {"kind": ["list"]},
    {"kind": "function", "number": "__import__"},
    {"kind": "frame", "columns": {}, "index": {}, "data": [], "attrs": {}},
    {"kind": "frame"},
    {"kind": "series", "name": "a", "index": {"levels": 2, "items": [[1]]}, "data": {}},
    {},
    [],
]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: json.dumps(forged)[:40])
def test_a_forged_value_is_refused(forged):
    with pytest.raises(BorderError):
        decoder().decode(forged)


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[" * 100_000, b"3", b"\xff", b'{"a": ' + b"9" * 9999]
)
def test_a_forged_line_is_refused(line):
    with pytest.raises(BorderError):
        from_line(line)
