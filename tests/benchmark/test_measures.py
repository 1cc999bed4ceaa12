"""The measures and the statistics, against values from other hands."""

import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.metrics import geometric_mean_score
from scipy import stats

from gan_utils.benchmark import (
    MEASURES,
    across_datasets,
    expected_calibration_error,
    geometric_mean,
    paired_test,
    paired_tests,
    ranks,
    score,
)

rng = np.random.default_rng(0)
LABELS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=40)


def results(scores: dict[str, list[float]], dataset: str = "d", **more: object) -> pd.DataFrame:
    """Make a table like that of `compare`: five folds, and as many repeats as fit."""
    rows = [
        {"dataset": dataset, "sampler": name, "classifier": "c", "repeat": i // 5, "fold": i % 5}
        | {"n_train": 80, "n_test": 20, "F1": value, "ECE": value}
        for name, values in scores.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows).assign(**more)


def test_ece_of_perfect_calibration_is_zero():
    # Of ten rows with 0.3, three are rare; of ten with 0.8, eight.
    truth = [1] * 3 + [0] * 7 + [1] * 8 + [0] * 2
    assert expected_calibration_error(truth, [0.3] * 10 + [0.8] * 10) == pytest.approx(0, abs=1e-12)


def test_ece_by_hand():
    truth, given_ = [0, 0, 1, 1, 1], [0.05, 0.15, 0.15, 0.95, 1.0]
    # bins [0, .1): gap .05 x 1; [.1, .2): mean .15 against .5, x 2; [.9, 1]: .975 against 1, x 2
    assert expected_calibration_error(truth, given_) == pytest.approx((0.05 + 0.7 + 0.05) / 5)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.95, 1.0])
def test_ece_of_a_constant_is_its_distance_from_the_share(p):
    truth = np.repeat([1, 0], [3, 17])
    assert expected_calibration_error(truth, np.full(20, p)) == pytest.approx(abs(p - 0.15))


def test_ece_agrees_with_the_curve_of_scikit_learn():
    from sklearn.calibration import calibration_curve

    p = rng.uniform(size=500)
    truth = (rng.uniform(size=500) < p**2).astype(int)
    share, mean = calibration_curve(truth, p, n_bins=10)
    sizes = np.histogram(p, bins=10, range=(0, 1))[0]
    assert expected_calibration_error(truth, p) == pytest.approx(
        (np.abs(share - mean) * sizes).sum() / 500
    )


@pytest.mark.parametrize(
    "truth, p, n_bins",
    [([0, 1], [0.5], 10), ([], [], 10), ([0], [1.5], 10), ([0], [np.nan], 10), ([0], [0.5], 0)],
)
def test_ece_refuses_what_it_cannot_judge(truth, p, n_bins):
    with pytest.raises(ValueError):
        expected_calibration_error(truth, p, n_bins)


@settings(deadline=None)
@given(LABELS)
def test_geometric_mean_is_that_of_imbalanced_learn(pairs):
    truth, decided = np.array(pairs).T
    if set(truth) == {0, 1}:
        expected = geometric_mean_score(truth, decided, average="multiclass")
        assert geometric_mean(truth, decided) == pytest.approx(expected)


def test_doing_nothing_looks_good_on_accuracy_only():
    truth = np.repeat([0, 1], [95, 5])
    got = score(truth, np.zeros(100, int), np.full(100, 0.05))
    assert list(got) == list(MEASURES)
    assert got["accuracy"] == 0.95
    assert (got["balanced accuracy"], got["F1"], got["G-mean"]) == (0.5, 0, 0)
    assert got["average precision"] == pytest.approx(0.05)
    assert got["Brier"] == pytest.approx(0.95 * 0.0025 + 0.05 * 0.9025)


def test_paired_test_by_hand():
    a, b = [0.8, 0.7, 0.9, 0.6, 0.8], [0.7, 0.65, 0.7, 0.6, 0.65]
    row = paired_test(results({"a": a, "b": b}), "a", "b", "F1").iloc[0]
    # differences .1 .05 .2 0 .15: mean .1, variance .00625; error sqrt((1/5 + 1/4) .00625)
    error = np.sqrt(0.45 * 0.00625)
    reach = 2.7764451052 * error  # t of 4 degrees of freedom, 97.5 %
    assert row["difference"] == pytest.approx(0.1)
    assert row["t"] == pytest.approx(0.1 / error)
    assert (row["low"], row["high"]) == pytest.approx((0.1 - reach, 0.1 + reach))
    assert row["p"] == pytest.approx(2 * stats.t.sf(0.1 / error, 4))
    assert row["n"] == 5


def test_the_correction_vanishes_with_small_test_parts():
    a, b = rng.uniform(size=10), rng.uniform(size=10)
    table = results({"a": a, "b": b}, n_train=10**9, n_test=1)
    plain = stats.ttest_rel(a, b)
    row = paired_test(table, "a", "b", "F1").iloc[0]
    assert (row["t"], row["p"]) == pytest.approx((plain.statistic, plain.pvalue), rel=1e-6)
    interval = plain.confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high), rel=1e-6)


def test_the_corrected_test_is_the_more_careful_one():
    a, b = rng.uniform(size=10) + 0.3, rng.uniform(size=10)
    row = paired_test(results({"a": a, "b": b}), "a", "b", "F1").iloc[0]
    assert row["p"] > stats.ttest_rel(a, b).pvalue


@pytest.mark.parametrize("shift, t, p", [(0.0, 0.0, 1.0), (0.25, np.inf, 0.0)])
def test_equal_differences(shift, t, p):
    b = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    row = paired_test(results({"a": b + shift, "b": b}), "a", "b", "F1").iloc[0]
    assert (row["t"], row["p"]) == (t, p)
    assert row["low"] == row["high"] == pytest.approx(shift)


def test_order_of_rows_does_not_matter():
    table = results({"a": rng.uniform(size=10), "b": rng.uniform(size=10)})
    shuffled = table.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(
        paired_test(table, "a", "b", "F1"), paired_test(shuffled, "a", "b", "F1")
    )


@pytest.mark.parametrize(
    "change, error",
    [
        (lambda t: t.drop(columns="n_test"), KeyError),
        (lambda t: t[t["sampler"] == "a"], KeyError),
        (lambda t: t.drop(index=0), ValueError),
        (lambda t: t.assign(F1=np.nan), ValueError),
        (lambda t: t[t["fold"] == 0], ValueError),
    ],
)
def test_paired_test_refuses(change, error):
    table = results({"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.4]})
    with pytest.raises(error):
        paired_test(change(table), "a", "b", "F1")
    with pytest.raises(ValueError, match="both"):
        paired_test(table, "a", "a", "F1")


def test_holm_by_hand_and_wider_intervals():
    scores = {name: rng.uniform(size=10) + i / 5 for i, name in enumerate(["none", "a", "b", "c"])}
    table = results(scores)
    tests = paired_tests(table, "F1")
    p = tests["p"].to_numpy()
    low, middle, high = np.sort(p)
    expected = np.maximum.accumulate([3 * low, 2 * middle, high]).clip(max=1)
    assert np.sort(tests["p (Holm)"]) == pytest.approx(expected)
    alone = paired_test(table, "a", "none", "F1").iloc[0]
    assert tests.loc[0, "difference"] == alone["difference"]
    assert tests.loc[0, "low"] < alone["low"]
    exact = paired_test(table, "a", "none", "F1", 1 - 0.05 / 3).iloc[0]
    assert tests.loc[0, "low"] == pytest.approx(exact["low"])


def test_ranks_by_hand():
    first = results({"a": [0.9] * 5, "b": [0.5] * 5, "c": [0.5] * 5}, "one")
    second = results({"a": [0.6] * 5, "b": [0.5] * 5, "c": [0.7] * 5}, "two")
    table = ranks(pd.concat([first, second]), "F1")
    assert table.groupby("sampler", sort=False)["rank"].mean().to_dict() == {
        "a": 1.5,
        "c": 1.75,
        "b": 2.75,
    }
    assert table.loc[table["dataset"] == "one", "rank"].tolist() == [1, 2.5, 2.5]
    less_is_better = ranks(first, "ECE")
    assert less_is_better["rank"].tolist() == [1.5, 1.5, 3]
    with pytest.raises(ValueError, match="missing on a dataset"):
        ranks(pd.concat([first, second[second["sampler"] != "a"]]), "F1")


def test_across_datasets_counts_each_dataset_once():
    tables = []
    for i, shift in enumerate([0.1, 0.2, 0.3, -0.05, 0.15, 0.25]):
        b = rng.uniform(size=10)
        tables.append(results({"none": b, "a": b + shift}, f"set {i}"))
    row = across_datasets(pd.concat(tables), "F1").iloc[0]
    shifts = np.array([0.1, 0.2, 0.3, -0.05, 0.15, 0.25])
    interval = stats.ttest_1samp(shifts, 0).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high))
    assert (row["better"], row["n"]) == (5, 6)
    assert row["p"] == pytest.approx(stats.wilcoxon(shifts).pvalue)
    assert across_datasets(pd.concat(tables), "ECE").iloc[0]["better"] == 1
    with pytest.raises(ValueError, match="one dataset only"):
        across_datasets(tables[0], "F1")


def test_classes_other_than_0_and_1_are_refused():
    # imbalanced-learn's data sets hold -1 and 1; the G-mean would be 0, and the ECE above 1.
    truth, given = np.array([-1, -1, 1, 1]), [0.1, 0.2, 0.8, 0.9]
    for measured in (
        lambda: score(truth, truth, given),
        lambda: geometric_mean(truth, truth),
        lambda: expected_calibration_error(truth, given),
        lambda: expected_calibration_error([0, 1, 1, np.nan], given),
    ):
        with pytest.raises(ValueError, match=r"a class is (-1|nan)\. Give 1 for the rare class"):
            measured()
    assert score(truth == 1, truth == 1, given)["G-mean"] == 1


def test_a_run_twice_is_no_further_evidence():
    table = results({"a": rng.uniform(size=10), "b": rng.uniform(size=10)})
    with pytest.raises(ValueError, match=r"a fold of \('d', 'c'\) occurs twice"):
        paired_test(pd.concat([table, table]), "a", "b", "F1")


def test_ranks_of_categories_without_rows():
    table = results({"a": [0.9] * 5, "b": [0.5] * 5})
    kinds = pd.CategoricalDtype(["b", "never", "a"])
    with strict_warnings():
        found = ranks(table.astype({"sampler": kinds, "dataset": "category"}), "F1")
        tested = paired_test(table.astype({"dataset": "category"}), "a", "b", "F1")
    assert found[["sampler", "rank"]].to_numpy().tolist() == [["a", 1], ["b", 2]]
    assert len(tested) == 1
