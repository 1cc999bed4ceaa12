"""Every measure against another library or a closed form, and the properties it must keep."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist
from scipy.stats import ks_2samp
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, r2_score

from gan_utils.metrics import (
    UndefinedMeasureError,
    c2st,
    correlation_similarity,
    coverage,
    distance_to_closest,
    exact_copies,
    ks_complement,
    numeric_columns,
    tstr,
    tv_complement,
)
from gan_utils.metrics.encoding import encode

pytestmark = pytest.mark.usefixtures("no_warnings")

MEASURES = [ks_complement, tv_complement, correlation_similarity, c2st, coverage, exact_copies]
numbers = arrays(float, st.tuples(st.integers(6, 30), st.just(3)), elements=st.integers(-9, 9))


def mixed(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Two linked numbers, a category that follows them, and a date."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) + shift
    days = pd.to_timedelta(rng.integers(0, 25, n), unit="D")
    return pd.DataFrame(
        {
            "x": x,
            "y": x + rng.normal(size=n) / 2,
            "kind": pd.Categorical(np.where(x > shift, "high", "low")),
            "day": pd.Timestamp("2024-08-01") + days,
        }
    )


class TestColumns:
    def test_ks_is_one_minus_scipys_statistic(self):
        real, synthetic = mixed(50, 0), mixed(40, 1, shift=0.7)
        expected = [1 - ks_2samp(real[name], synthetic[name]).statistic for name in ("x", "y")]
        assert ks_complement(real[["x", "y"]], synthetic[["x", "y"]]) == pytest.approx(
            np.mean(expected)
        )

    def test_same_as_sdmetrics_on_the_same_rows(self):
        pytest.importorskip("sdmetrics")
        from sdmetrics.column_pairs import CorrelationSimilarity
        from sdmetrics.single_column import KSComplement, TVComplement

        real, synthetic = mixed(60, 0), mixed(45, 1, shift=0.4)
        for name in ("x", "day"):
            assert ks_complement(real[[name]], synthetic[[name]]) == pytest.approx(
                KSComplement.compute(real[name], synthetic[name])
            )
        # SDMetrics adds a millionth to some shares.
        theirs = TVComplement.compute(real["kind"], synthetic["kind"])
        assert tv_complement(real, synthetic) == pytest.approx(theirs, abs=1e-5)
        pair = ["x", "y"]
        assert correlation_similarity(real[pair], synthetic[pair]) == pytest.approx(
            CorrelationSimilarity.compute(real[pair], synthetic[pair])
        )

    def test_tv_by_hand(self):
        real, synthetic = pd.Series(["a", "a", "b", "b"]), pd.Series(["a", "b", "b", "c"])
        assert tv_complement(real, synthetic) == pytest.approx(0.75)
        assert tv_complement(real, pd.Series(["c", "d"])) == 0

    def test_booleans_are_categories(self):
        assert tv_complement(pd.Series([True, False]), pd.Series([True, True])) == 0.5
        assert numeric_columns(pd.DataFrame({"a": [True], "b": [1], "c": ["x"]})) == ["b"]

    def test_identical_and_disjoint_tables(self):
        real = mixed(30, 0)
        assert ks_complement(real, real) == tv_complement(real, real) == 1
        assert correlation_similarity(real, real) == 1
        assert ks_complement(np.arange(5), np.arange(10, 15)) == 0

    def test_flipped_correlation_is_zero(self):
        line = np.arange(5.0)
        assert correlation_similarity(
            np.column_stack([line, line]), np.column_stack([line, -line])
        ) == pytest.approx(0)

    def test_correlation_averages_the_pairs_without_the_diagonal(self):
        real, synthetic = (np.random.default_rng(s).normal(size=(40, 3)) for s in (0, 1))
        gaps = [
            abs(np.corrcoef(real[:, i], real[:, j])[0, 1] - np.corrcoef(synthetic.T)[i, j])
            for i, j in [(0, 1), (0, 2), (1, 2)]
        ]
        assert correlation_similarity(real, synthetic) == pytest.approx(1 - np.mean(gaps) / 2)

    @pytest.mark.parametrize(
        ("measure", "real", "hint"),
        [
            (ks_complement, ["a", "b"], "tv_complement"),
            (tv_complement, [1.0, 2.0], "ks_complement"),
            (correlation_similarity, [1.0, 2.0], "two numeric columns, but there is 1"),
            (correlation_similarity, [[1.0, 2.0], [1.0, 3.0]], "column 0 of the real table is co"),
        ],
    )
    def test_undefined_says_why(self, measure, real, hint):
        with pytest.raises(UndefinedMeasureError, match=hint):
            measure(real, real)

    @given(numbers, numbers)
    @settings(max_examples=25, deadline=None)
    def test_ks_is_symmetric_and_between_0_and_1(self, real, synthetic):
        score = ks_complement(real, synthetic)
        assert 0 <= score <= 1
        assert score == pytest.approx(ks_complement(synthetic, real))

    @given(
        st.integers(0, 50),
        arrays(float, 3, elements=st.floats(0.1, 10)),
        arrays(float, 3, elements=st.floats(-10, 10)),
    )
    @settings(max_examples=25, deadline=None)
    def test_correlation_ignores_stretching_and_moving(self, seed, stretch, move):
        real, synthetic = np.random.default_rng(seed).normal(size=(2, 20, 3))
        score = correlation_similarity(real, synthetic)
        assert 0 <= score <= 1
        assert correlation_similarity(real * stretch + move, synthetic) == pytest.approx(score)
        assert correlation_similarity(synthetic, real) == pytest.approx(score)


class TestC2ST:
    def test_two_halves_of_one_sample(self):
        real = mixed(300, 0).drop(columns="day")
        assert 0.5 <= c2st(real[:150], real[150:]) < 0.62

    def test_separable(self):
        assert c2st(mixed(40, 0), mixed(40, 1, shift=50)) == 1

    def test_a_constant_classifier_is_a_coin(self):
        assert c2st(mixed(20, 0), mixed(30, 1), classifier=DummyClassifier()) == 0.5

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_table_of_copies_is_not_told_apart(self, times):
        real = mixed(60, 0)
        copies = pd.concat([real.sample(frac=1, random_state=s) for s in range(times)])
        doubled = pd.concat([real] * times)
        assert c2st(doubled, copies) == pytest.approx(0.5, abs=0.02)

    def test_one_row_again_and_again_is_told_apart(self):
        real = mixed(60, 0)
        assert c2st(real, pd.concat([real.head(1)] * 60)) > 0.9

    def test_rows_that_repeat_within_one_table_keep_their_folds(self):
        real, synthetic = mixed(60, 0).round(0), mixed(60, 1, shift=50.0).round(0)
        assert c2st(real, synthetic) == 1.0

    def test_any_classifier(self):
        real, synthetic = mixed(60, 0), mixed(60, 1, shift=4)
        assert c2st(real, synthetic, classifier=LogisticRegression()) > 0.95

    def test_same_seed_same_bits_whatever_the_order(self):
        real, synthetic = mixed(40, 0), mixed(40, 1)
        score = c2st(real, synthetic, random_state=3)
        assert c2st(real, synthetic, random_state=3) == score
        shuffled = synthetic.sample(frac=1, random_state=0)[["day", "kind", "y", "x"]]
        assert c2st(real, shuffled, random_state=3) == score

    def test_too_few_rows_for_the_folds(self):
        with pytest.raises(ValueError, match=r"synthetic table has 4 rows, but n_folds=5.*<= 4"):
            c2st(mixed(20, 0), mixed(4, 1))
        assert 0.5 <= c2st(mixed(20, 0), mixed(4, 1), n_folds=4) <= 1
        with pytest.raises(ValueError, match="each must be at least 2"):
            c2st(mixed(20, 0), mixed(1, 1))

    @pytest.mark.parametrize("n_folds", [1, 2.5, "5", True])
    def test_folds_are_counted_in_whole_numbers(self, n_folds):
        with pytest.raises(ValueError, match=r"n_folds=.* must be a whole number of at least 2"):
            c2st(mixed(20, 0), mixed(20, 1), n_folds=n_folds)


class TestNeighbours:
    def test_coverage_by_hand(self):
        real = np.array([[0.0], [1.0], [3.0], [10.0]])  # radii for k=1: 1, 1, 2, 7
        assert coverage(real, np.array([[0.5]]), k=1) == 0.5
        assert coverage(real, np.array([[4.9]]), k=1) == 0.5  # 3 and 10
        assert coverage(real, np.array([[0.0], [17.0]]), k=1) == 0.75  # 17 is on the border of 10
        assert coverage(real, np.array([[99.0]]), k=1) == 0

    def test_coverage_by_brute_force(self):
        real, synthetic = np.random.default_rng(0).normal(size=(2, 50, 3))
        scale = real.std(axis=0)
        radius = np.sort(cdist(real / scale, real / scale), axis=1)[:, 5]
        closest = cdist(real / scale, synthetic / scale).min(axis=1)
        assert coverage(real, synthetic) == np.mean(closest < radius)

    def test_identical_tables_cover_each_other_even_with_repeated_rows(self):
        real = pd.concat([mixed(10, 0)] * 3)
        assert coverage(real, real, k=2) == 1

    def test_a_collapsed_generator_covers_little(self):
        real = mixed(100, 0)
        assert coverage(real, pd.concat([real[:1]] * 100)) < 0.2

    @pytest.mark.parametrize(
        ("k", "hint"),
        [(5, "needs at least 6. Use k from 1 to 4"), (0, "k=0"), (2.5, "k=2.5 must be a whole")],
    )
    def test_too_few_rows_for_k(self, k, hint):
        with pytest.raises(ValueError, match=hint):
            coverage(mixed(5, 0), mixed(20, 1), k=k)

    def test_distance_by_hand(self):
        train = pd.DataFrame({"x": [0.0, 4.0], "kind": ["a", "b"]})  # standard deviation 2
        rows = pd.DataFrame({"kind": ["a", "b", "c"], "x": [0.0, 1.0, 4.0]})
        expected = [0, np.sqrt(0.25 + 2), np.sqrt(2)]
        assert distance_to_closest(rows, train) == pytest.approx(expected)

    def test_distance_to_the_other_rows(self):
        assert distance_to_closest([0.0, 2.0, 2.0]) == pytest.approx([2 / np.std([0, 2, 2]), 0, 0])
        with pytest.raises(ValueError, match="one row"):
            distance_to_closest([1.0])

    def test_a_constant_training_column(self):
        assert distance_to_closest([[1.0, 7.0]], [[1.0, 5.0], [2.0, 5.0]]) == pytest.approx(2)

    def test_exact_copies_in_any_dtype_and_order(self):
        train = mixed(20, 0)
        train["n"] = np.arange(20)
        rows = pd.concat([train[:3], mixed(5, 1).assign(n=99)]).astype({"n": float})
        assert exact_copies(rows[["n", "day", "kind", "x", "y"]], train) == 3
        assert exact_copies(train, train) == 20

    @given(numbers, numbers, st.randoms())
    @settings(max_examples=25, deadline=None)
    def test_the_order_of_rows_does_not_matter(self, real, synthetic, random):
        order = random.sample(range(len(real)), len(real))
        assert coverage(real[order], synthetic) == coverage(real, synthetic)
        assert np.array_equal(
            distance_to_closest(real[order], synthetic), distance_to_closest(real, synthetic)[order]
        )
        assert 0 <= exact_copies(synthetic, real) <= len(synthetic)
        assert (distance_to_closest(real, synthetic) >= 0).all()


class TestTSTR:
    def test_scores_are_scikit_learns(self):
        train, test = mixed(60, 0), mixed(40, 1)
        model = LogisticRegression()
        guess = model.fit(train[["x"]] / train["x"].std(ddof=0), train["kind"]).predict(
            test[["x"]] / train["x"].std(ddof=0)
        )
        tables = train[["kind", "x"]], test[["x", "kind"]], "kind"
        assert tstr(*tables, classifier=model) == balanced_accuracy_score(test["kind"], guess)
        assert tstr(*tables, classifier=model, score="macro_f1") == pytest.approx(
            f1_score(test["kind"], guess, average="macro")
        )

    def test_numeric_target_is_regressed(self):
        train, test = mixed(80, 0), mixed(80, 1)
        assert 0.5 < tstr(train, test, "y") < 1
        mean = DummyRegressorOf(train["y"].mean())
        assert tstr(train, test, "y", classifier=mean) == pytest.approx(
            r2_score(test["y"], np.full(80, train["y"].mean()))
        )

    def test_a_collapsed_target_scores_like_a_constant(self):
        train = mixed(40, 0).assign(kind="low")
        assert tstr(train, mixed(40, 1), "kind") == 0.5

    def test_same_seed_same_bits_and_the_model_stays_unfitted(self):
        train, test, model = mixed(40, 0), mixed(40, 1), LogisticRegression()
        assert tstr(train, test, "y", random_state=5) == tstr(train, test, "y", random_state=5)
        shuffled = train.sample(frac=1, random_state=0)
        assert tstr(shuffled, test, "y") == tstr(train, test, "y")
        tstr(train, test, "kind", classifier=model)
        assert not hasattr(model, "coef_")

    @pytest.mark.parametrize(
        ("target", "score", "error", "hint"),
        [
            ("nope", "auto", KeyError, "'nope' is not a column"),
            ("kind", "r2", ValueError, "balanced_accuracy"),
            ("y", "macro_f1", ValueError, "'r2'"),
            ("same", "auto", ValueError, "in every row of real_test"),
        ],
    )
    def test_bad_targets(self, target, score, error, hint):
        table = mixed(20, 0).assign(same="a")
        with pytest.raises(error, match=hint):
            tstr(table, table, target, score=score)

    def test_nothing_to_predict_from(self):
        with pytest.raises(ValueError, match="only column"):
            tstr(mixed(9, 0)[["kind"]], mixed(9, 0)[["kind"]], "kind")


def DummyRegressorOf(value):
    from sklearn.dummy import DummyRegressor

    return DummyRegressor(strategy="constant", constant=value)


@pytest.mark.parametrize("measure", MEASURES)
class TestBadInput:
    def test_other_columns(self, measure):
        with pytest.raises(
            ValueError, match=r"only \w+ has \['y'\].*only \w+ has \['z'\]|'z'.*'y'"
        ):
            measure(mixed(20, 0), mixed(20, 1).rename(columns={"y": "z"}))

    def test_empty(self, measure):
        with pytest.raises(ValueError, match="empty"):
            measure(mixed(20, 0), mixed(20, 0)[:0])

    def test_missing_value(self, measure):
        holey = mixed(20, 0)
        holey.loc[7, "y"] = np.nan
        with pytest.raises(
            ValueError, match=r"'y' of \w+ has 1 missing values, the first in row 7"
        ):
            measure(mixed(20, 0), holey)

    def test_infinite(self, measure):
        with pytest.raises(ValueError, match="infinite"):
            measure(mixed(20, 0), mixed(20, 0).assign(y=np.inf))

    def test_text_for_numbers(self, measure):
        with pytest.raises(ValueError, match="'y' is numeric in only one"):
            measure(mixed(20, 0), mixed(20, 0).astype({"y": str}))

    def test_repeated_column(self, measure):
        twice = mixed(20, 0).rename(columns={"y": "x"})
        with pytest.raises(ValueError, match="'x' appears twice"):
            measure(twice, twice)

    def test_no_table(self, measure):
        with pytest.raises(TypeError, match="must be a table"):
            measure(3, mixed(20, 0))


@pytest.mark.parametrize("odd", [b"\xf2\x05\x15", (0, "a"), [], 1 + 2j])
def test_any_value_may_be_a_category(odd):
    """Bytes that are no UTF-8, tuples in a category, what cannot be hashed."""
    cells = pd.Series([odd, "s"] * 15, dtype=object)
    table = pd.DataFrame({"a": cells})
    assert tv_complement(table, table) == 1.0
    if type(odd) is tuple:
        codes = pd.Categorical.from_codes([0, 1] * 15, pd.Index([odd, "s"], tupleize_cols=False))
        assert tv_complement(pd.DataFrame({"a": codes}), table) == 1.0


@pytest.mark.parametrize("name", [True, np.False_, b"a"])
def test_names_that_pandas_misreads_are_refused(name):
    table = pd.DataFrame({name: [1.0, 2.0] * 10, -1: ["a", "b"] * 10})
    with pytest.raises(ValueError, match=r"real has a column called .*Rename it"):
        coverage(table, table)


def test_numbers_far_beyond_float32_are_measured():
    far = pd.DataFrame({"x": [-4.9e236] * 30, "y": [*range(29), 1.95e216]})
    with np.errstate(over="ignore"):
        assert c2st(far, far) == 0.5
        assert coverage(far, far) == 1.0
        _, points = encode(far, far)
    assert np.isfinite(points).all()
    assert len(np.unique(points[:, 1])) > 1


def test_a_guess_far_off_has_a_finite_score():
    real = pd.DataFrame({"x": [0.0, 1.0] * 10, "y": [1.0, 2.0] * 10})
    wild = real.assign(y=[1e216, 2e216] * 10)
    with np.errstate(over="ignore"):
        assert -np.inf < tstr(wild, real, "y") < -1e50


@pytest.mark.parametrize("other", ["float64", "Float64", "bool", "object"])
def test_equal_categories_of_another_dtype_are_the_same(other):
    real = pd.DataFrame({"x": np.arange(8.0), "kind": [0, 1] * 4})
    same = real.assign(kind=real["kind"].astype(other).astype("category"))
    real = real.assign(kind=real["kind"].astype("category"))
    for one, two in ((real, same), (same, real)):
        assert tv_complement(one, two) == 1
        assert exact_copies(one, two) == 8
        assert tstr(one, two, "kind") == tstr(one, one, "kind")


def test_a_list_of_rows_keeps_its_numbers():
    rows, others = [(1.5, "a"), (2.5, "b")] * 6, [(1.6, "a"), (2.4, "b")] * 6
    tables = [pd.DataFrame(part) for part in (rows, others)]
    for measure in (tv_complement, ks_complement, exact_copies, coverage):
        assert measure(rows, others) == measure(*tables), measure
    with pytest.raises(ValueError, match=r"column .*0.* of real has 1 missing"):
        tv_complement([(None, "a"), *rows], others)
    for ragged in ([(1.0, "a"), (2.0,)], [[[1.0]], [[2.0]]]):
        with pytest.raises(TypeError, match="real must be a table"):
            tv_complement(ragged, others)


def test_categories_that_differ_stay_apart():
    kinds = pd.DataFrame({"kind": pd.Categorical([1, 2, 3, 4])})
    others = pd.DataFrame({"kind": pd.Categorical([1.0, 2.5, 3.0, 7.0])})
    assert tv_complement(kinds, others) == 0.5
    assert exact_copies(others, kinds) == 2


class TestDates:
    days = pd.Series(pd.date_range("2024-08-01", periods=9, freq="7h"))

    @pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
    def test_dates_of_arrow_are_dates(self, zone):
        pytest.importorskip("pyarrow")
        plain = pd.DataFrame({"day": self.days.dt.tz_localize(zone)})
        plain["for"] = plain["day"] - plain["day"][0]
        arrow = plain.convert_dtypes(dtype_backend="pyarrow")
        assert numeric_columns(arrow) == numeric_columns(plain) == ["day", "for"]
        assert ks_complement(plain, arrow) == ks_complement(arrow, plain) == 1
        part = slice(3)
        expected = distance_to_closest(plain[part], plain)
        np.testing.assert_array_equal(distance_to_closest(arrow[part], arrow), expected)

    def test_a_missing_date_of_arrow_is_found(self):
        pytest.importorskip("pyarrow")
        lacking = self.days.where(self.days.index != 4).convert_dtypes(dtype_backend="pyarrow")
        assert numeric_columns(lacking.to_frame(0)) == [0]
        with pytest.raises(ValueError, match="1 missing values, the first in row 4"):
            ks_complement(lacking, lacking)

    def test_a_time_zone_in_only_one_table(self):
        naive = pd.DataFrame({"day": self.days})
        aware = naive.assign(day=self.days.dt.tz_localize("Asia/Tokyo"))
        for odd in (aware, aware.astype(object)):
            with pytest.raises(ValueError, match=r"'day' has a time zone in only one .*tz_local"):
                ks_complement(naive, odd)
            with pytest.raises(ValueError, match="'day' has a time zone in only one"):
                exact_copies(odd, naive)
        elsewhere = aware.assign(day=aware["day"].dt.tz_convert("UTC"))
        assert ks_complement(aware, elsewhere) == 1


@pytest.mark.parametrize("other", ["int64", "float64", "timedelta64[ns]"])
def test_dates_beside_numbers_or_durations_are_refused(other):
    days = pd.DataFrame({"day": pd.date_range("2024-08-01", periods=9)})
    numbers = days.astype("int64").astype(other)
    kind = "durations" if "time" in other else "numbers"
    with pytest.raises(ValueError, match=f"'day' holds dates in real, but {kind} in synthetic"):
        ks_complement(days, numbers)
    with pytest.raises(ValueError, match=f"'day' holds {kind} in train, but dates in synthetic"):
        exact_copies(days.astype(object), numbers)


@pytest.mark.parametrize("empty", [[], np.zeros(0), np.zeros((0, 3)), pd.Series(dtype=float)])
def test_an_empty_array_is_an_empty_table(empty):
    for tables in ((empty, [1.0]), ([1.0], empty)):
        with pytest.raises(ValueError, match=r"table is empty|differ in their columns"):
            ks_complement(*tables)


@pytest.mark.parametrize("measure", [c2st, partial(tstr, target="kind")])
@pytest.mark.parametrize(
    "seed, words",
    [
        (-1, "random_state=-1 must be a whole number of at least 0"),
        (0.5, "random_state=0.5 must be a whole number"),
        (np.random.default_rng(0), "must be a whole number"),
        (2**32, "random_state=4294967296 must be below 2.*32"),
    ],
)
def test_a_seed_that_is_none(measure, seed, words):
    with pytest.raises(ValueError, match=words):
        measure(mixed(12, 0), mixed(12, 1), random_state=seed)


@pytest.mark.parametrize("seed", [None, 2**32 - 1, np.int64(3)])
def test_a_seed(seed):
    assert 0.5 <= c2st(mixed(12, 0), mixed(12, 1), random_state=seed) <= 1


@pytest.mark.parametrize("name", [("a", np.nan), ((),)])
def test_a_name_with_a_missing_level_is_refused(name):
    table = pd.DataFrame([[64.0], [65.0]], columns=pd.MultiIndex.from_tuples([name]))
    with pytest.raises(ValueError, match=r"cannot find in a list of columns"):
        ks_complement(table, table)
