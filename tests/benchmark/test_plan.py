"""What a comparison does with unusual tables before any work starts."""

import numpy as np
import pandas as pd
import pytest
from benchmark_samplers import LOGISTIC, blobs, same
from imblearn.over_sampling import SMOTE

from gan_utils.benchmark import compare, out_of_fold
from gan_utils.benchmark.fitting import resampled
from gan_utils.datasets.imbalanced import ImbalancedData, make_rare

SMALL = {"n_splits": 2, "n_repeats": 1, "verbose": False}
HALVES = np.arange(120) % 2


def with_columns(**columns) -> ImbalancedData:
    data = blobs()
    return make_rare(data.X.assign(**columns), data.y, rare=1, name="blobs")


def compared(data: ImbalancedData) -> pd.DataFrame:
    return compare(data, ["none", "SMOTE"], LOGISTIC, **SMALL)


def test_nullable_booleans_are_booleans():
    plain = compared(with_columns(b=HALVES == 1))
    same(plain, compared(with_columns(b=pd.array(HALVES == 1, dtype="boolean"))))


def test_numbers_held_as_objects_are_numbers():
    numbers = np.random.default_rng(0).normal(size=120)
    same(compared(with_columns(n=numbers)), compared(with_columns(n=numbers.astype(object))))


def test_smote_draws_only_booleans_that_most_neighbours_have():
    rare = blobs().y == 1
    flags = rare & (rare.cumsum() == 1)  # one of twenty rare rows
    for text in ({}, {"t": pd.Categorical(np.where(HALVES == 1, "u", "v"))}):
        X = blobs().X.assign(flag=flags, **text)
        new, y = resampled(SMOTE(random_state=0), X, blobs().y)
        assert new.dtypes.equals(X.dtypes)
        assert y.sum() == 100
        assert new["flag"].equals(flags.reindex(new.index, fill_value=False))


def test_smote_takes_tables_without_numbers():
    words, flags = np.where(HALVES == 1, "u", "v"), HALVES == 0
    for columns in ({"t": words}, {"b": flags}, {"t": words, "b": flags}):
        table = compared(make_rare(pd.DataFrame(columns), blobs().y, rare=1))
        assert table.notna().all(axis=None)


def test_dates_are_compared_like_text():
    dates = pd.to_datetime(["2020-01-01", "2020-01-02"]).repeat(60)
    same(compared(with_columns(t=dates.astype(str))), compared(with_columns(t=dates)))


def test_missing_values_of_nullable_text():
    words = np.where(HALVES == 1, "a", None)
    plain = compared(with_columns(t=words))
    same(plain, compared(with_columns(t=pd.array(words, dtype="string"))))


@pytest.mark.parametrize(
    "names",
    [
        pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)]),
        [0, "a", 2],
        [1, 2, 3],  # as after X.pop(0); scikit-learn would take them for positions
        [7, -1, 0],
        [0.5, 1.5, 2.5],
        pd.date_range("2020", periods=3),
    ],
)
def test_names_that_scikit_learn_refuses_become_text(tmp_path, names):
    data = blobs()
    odd = ImbalancedData("blobs", data.X.set_axis(names, axis=1), data.y)
    table = compare(odd, ["none", "SMOTE"], LOGISTIC, results=tmp_path / "r.jsonl", **SMALL)
    same(compared(data), table)
    same(table, compare(odd, ["none", "SMOTE"], LOGISTIC, results=tmp_path / "r.jsonl", **SMALL))


@pytest.mark.parametrize(
    "data, words",
    [
        (with_columns(t=pd.to_timedelta(HALVES, "D")), "column 't' of 'blobs' is timedelta64"),
        (with_columns(t=HALVES * 1j), "column 't' of 'blobs' is complex128"),
        (with_columns(t=[1, "a"] * 60), "'t' of 'blobs' holds values that cannot be sorted"),
        (with_columns(t=[[1]] * 120), "'t' of 'blobs' holds values that cannot be sorted"),
        (make_rare(blobs().X[[]], blobs().y, 1), "no columns"),
        (make_rare(blobs().X.set_axis(["a", "a", "b"], axis=1), blobs().y, 1), "two columns.*'a'"),
    ],
)
def test_columns_that_no_method_takes_are_refused(tmp_path, data, words):
    with pytest.raises(ValueError, match=words):
        compare(data, ["none", "SMOTE"], LOGISTIC, results=tmp_path / "r.jsonl", **SMALL)
    assert not (tmp_path / "r.jsonl").exists()


@pytest.mark.parametrize(
    "index",
    [
        [*range(119), 1],
        [0] * 120,
        pd.MultiIndex.from_product([range(12), list("abcdefghij")]),
    ],
)
def test_out_of_fold_tells_rows_apart_whatever_their_labels(index):
    data = blobs()
    labelled = ImbalancedData("blobs", data.X.set_axis(index), data.y.set_axis(index))
    table = out_of_fold(labelled, ["none"], n_splits=3)
    assert table.index.equals(labelled.X.index)
    same(out_of_fold(data, ["none"], n_splits=3), table.reset_index(drop=True))


def test_no_sampler_replaces_the_truth():
    with pytest.raises(ValueError, match="named 'truth'"):
        out_of_fold(blobs(), {"truth": None})


@pytest.mark.parametrize(
    ("data", "n_splits", "words"),
    [
        (blobs(rare=3), 2, "3 rare rows, too few for n_splits=2.*, or use n_splits=3"),
        (blobs(rare=2), 2, r"2 rare rows.* use a smaller ratio\.$"),
        (blobs(rare=4), 5, "4 rare rows, too few for n_splits=5.*, or use n_splits <= 4"),
        (blobs(rare=117), 2, "3 other rows, too few for n_splits=2.* more, or use n_splits=3"),
        (blobs(rare=119), 2, r"1 other rows.* Collect more\.$"),
    ],
)
def test_too_few_rows_of_a_class_are_refused(tmp_path, data, n_splits, words):
    file = tmp_path / "r.jsonl"
    with pytest.raises(ValueError, match=words):
        compare(data, ["none"], LOGISTIC, n_splits=n_splits, results=file, verbose=False)
    assert not file.exists()


@pytest.mark.parametrize(("rare", "n_splits"), [(3, 3), (4, 2), (4, 3), (4, 4), (117, 3)])
def test_the_fewest_rows_are_enough_for_a_tuned_threshold(rare, n_splits):
    settings = SMALL | {"n_splits": n_splits}
    table = compare(blobs(rare=rare), ["none", "tuned threshold"], LOGISTIC, **settings)
    assert len(table) == 2 * n_splits and table.notna().all(axis=None)
