"""Samplers: imbalanced-learn's own checks, every kind of table, errors before any training."""

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from imblearn.pipeline import make_pipeline
from imblearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_param_validation,
    parametrize_with_checks,
)
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_iris, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_validate

from gan_utils.oversampling import (
    DiffusionOverSampler,
    GANOverSampler,
    GaussianOverSampler,
    SDVOverSampler,
    SmoteOverSampler,
    SynthesizerOverSampler,
    VAEOverSampler,
)
from gan_utils.synthesizers import (
    GaussianSynthesizer,
    SDVSynthesizer,
    SmoteSynthesizer,
    Synthesizer,
    neural,
)
from gan_utils.synthesizers.gan import TabularGAN

TINY = {"nb_epochs": 2, "widths": (4,), "latent_dim": 2, "random_state": 0}
TINY_DIFFUSION = {"nb_epochs": 2, "widths": (4,), "sampling_steps": 2, "random_state": 0}
NEURAL = [
    GANOverSampler(**TINY),
    VAEOverSampler(**TINY),
    DiffusionOverSampler(**TINY_DIFFUSION),
]
SAMPLERS = [
    SynthesizerOverSampler(random_state=0),
    GaussianOverSampler(random_state=0),
    SmoteOverSampler(random_state=0),
    SDVOverSampler(random_state=0),
    *NEURAL,
]
for_each = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda s: type(s).__name__)
for_each_neural = pytest.mark.parametrize("sampler", NEURAL, ids=lambda s: type(s).__name__)


class Recorder(Synthesizer):
    """Remembers what it was given; its new rows repeat the first one."""

    seen: list = []  # noqa: RUF012

    def __init__(self, batch_size=100, random_state=0):
        self.batch_size, self.random_state = batch_size, random_state

    def _fit(self, table):
        self.table = table
        Recorder.seen.append(self)

    def _sample(self, n, rng):
        return self.table.iloc[[0] * n]


@pytest.fixture
def recorder():
    Recorder.seen = []
    return Recorder()


@pytest.fixture(autouse=True)
def hastily(request, monkeypatch):
    """Skip what takes long: tracing, rows by the thousand, SDV's fitting of beta distributions."""
    if "as_in_earnest" in request.fixturenames:
        yield
        return
    monkeypatch.setattr(neural, "VERSIONS", 2)
    monkeypatch.setattr(neural, "CALIBRATION_ROWS", 50)
    earnest, norm = SDVSynthesizer._settings, {"default_distribution": "norm"}
    monkeypatch.setattr(SDVSynthesizer, "_settings", lambda *given: earnest(*given) | norm)
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def as_in_earnest():
    """Train as outside of tests, see ``hastily``."""


@pytest.fixture
def no_training(monkeypatch):
    """Fail as soon as any synthesizer is fitted."""

    def fit(self, table):
        raise AssertionError("a training was started")

    monkeypatch.setattr(Synthesizer, "fit", fit)


def three_classes(a=40, b=20, c=10):
    """Return rows whose label can be read off their columns, so that mixing shows."""
    rng, n = np.random.default_rng(0), a + b + c
    y = np.repeat(["a", "b", "c"], [a, b, c])
    place = {"a": ["home", "bus"], "b": ["bus", "work"], "c": ["park", "work"]}
    X = pd.DataFrame(
        {
            "minutes": rng.normal(30, 8, n),
            "opened": rng.poisson(9, n).astype("int16"),
            "short": rng.normal(size=n).astype("float32"),
            "maybe": pd.array(rng.integers(0, 99, n), dtype="Int64"),
            "weekend": rng.random(n) < 0.4,
            "place": [rng.choice(place[label]) for label in y],
            "app": pd.Categorical(rng.choice(["X", "Safari"], n), ["Netflix", "X", "Safari"]),
        },
        index=[f"row {i}" for i in range(n)],
    )
    order = rng.permutation(n)
    return X.iloc[order], pd.Series(y, X.index, name="class").iloc[order]


def numbers(*sizes):
    """Return an array of two columns, and the classes 0, 1, 2 ... of these sizes."""
    y = np.repeat(np.arange(len(sizes)), sizes)
    return np.random.default_rng(0).normal(size=(len(y), 2)), y


# ------------------------------------------------------------------ imbalanced-learn's own checks


@parametrize_with_checks(SAMPLERS)
def test_imbalanced_learn_s_checks(estimator, check):
    check(estimator)


@for_each
@pytest.mark.parametrize(
    "check", [check_param_validation, check_dataframe_column_names_consistency]
)
def test_checks_that_imbalanced_learn_keeps_for_its_own(sampler, check):
    check(type(sampler).__name__, sampler)


# ------------------------------------------------------------------ what comes out


@for_each
def test_a_table_keeps_its_columns_dtypes_and_rows(sampler):
    X, y = three_classes()
    if isinstance(sampler, SmoteOverSampler):
        X = X[["minutes", "opened", "short", "maybe"]]
    X_new, y_new = clone(sampler).fit_resample(X, y)
    assert X_new.dtypes.equals(X.dtypes)
    pd.testing.assert_frame_equal(X_new[: len(X)], X.reset_index(drop=True), check_exact=True)
    pd.testing.assert_series_equal(y_new[: len(y)], y.reset_index(drop=True))
    assert y_new[len(y) :].tolist() == ["b"] * 20 + ["c"] * 30
    assert not X_new.isna().any(axis=None)


@pytest.mark.parametrize(
    "sampler", [GaussianOverSampler(random_state=0), SDVOverSampler(random_state=0), *NEURAL]
)
def test_each_class_is_learned_alone(sampler):
    X, y = three_classes()
    X_new, y_new = clone(sampler).fit_resample(X, y)
    places = X_new[len(X) :].groupby(y_new[len(y) :])["place"].unique().map(set)
    assert places["b"] <= {"bus", "work"}
    assert places["c"] <= {"park", "work"}
    assert set(X_new["app"]) == {"X", "Safari"}


@pytest.mark.parametrize("dtype", ["float32", "float64", "int8", "uint16", "bool"])
def test_an_array_keeps_its_dtype_and_rows(dtype):
    X, y = numbers(30, 12)
    X = np.abs(10 * X).astype(dtype)
    X_new, _ = GaussianOverSampler(random_state=0).fit_resample(X, y)
    assert X_new.dtype == dtype
    assert np.array_equal(X_new[: len(X)], X)
    assert len(X_new) == 60


def test_an_array_of_objects_holds_numbers_and_categories():
    X, y = numbers(30, 12)
    X = np.column_stack([X[:, 0].astype(object), np.where(X[:, 1] > 0, "up", "down")])
    X_new, _ = GaussianOverSampler(random_state=0).fit_resample(X, y)
    assert X_new.dtype == object
    assert len(set(X_new[42:, 0])) == 18
    assert set(X_new[42:, 1]) <= {"up", "down"}


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_array])
def test_a_sparse_matrix_comes_back_sparse(kind):
    X, y = numbers(30, 12)
    X_new, _ = GaussianOverSampler(random_state=0).fit_resample(kind(X), y)
    dense, _ = GaussianOverSampler(random_state=0).fit_resample(X, y)
    assert X_new.format == kind(X).format
    assert np.array_equal(X_new.toarray(), dense)


@pytest.mark.parametrize("names", [[0, 1], ["b", "a"], [("x", 1), ("y", 2)]])
def test_names_of_columns_may_be_anything(names):
    X, y = numbers(30, 12)
    X = pd.DataFrame(X, columns=pd.Index(names, tupleize_cols=False))
    X_new, _ = SDVOverSampler(random_state=0).fit_resample(X, y)
    assert X_new.columns.equals(X.columns)


@pytest.mark.parametrize(
    "labels",
    [np.array([7, -3]), np.array(["rare", "usual"]), np.array([True, False]), np.array([0.0, 1.0])],
)
def test_labels_may_be_numbers_text_or_booleans(labels):
    X, y = numbers(30, 12)
    _, y_new = GaussianOverSampler(random_state=0).fit_resample(X, labels[y])
    assert y_new.dtype == labels.dtype
    assert (y_new[42:] == labels[1]).all()


def test_labels_may_be_categories():
    X, y = numbers(30, 12)
    y = pd.Series(pd.Categorical.from_codes(y, ["usual", "rare", "never"]), name="kind")
    _, y_new = GaussianOverSampler(random_state=0).fit_resample(pd.DataFrame(X), y)
    assert y_new.dtype == y.dtype
    assert y_new.name == "kind"
    assert y_new.value_counts()["rare"] == 30


@pytest.mark.parametrize(
    ("strategy", "sizes"),
    [
        ("auto", [40, 40, 40]),
        ("minority", [40, 20, 40]),
        ({"b": 25}, [40, 25, 10]),
        ({"a": 41, "c": 10}, [41, 20, 10]),
        (lambda y: {"c": 12}, [40, 20, 12]),
    ],
)
def test_the_sampling_strategy_is_kept(strategy, sizes):
    sampler = GaussianOverSampler(sampling_strategy=strategy, random_state=0)
    _, y_new = sampler.fit_resample(*three_classes())
    assert y_new.value_counts().sort_index().tolist() == sizes


def test_a_float_is_the_share_of_the_larger_class():
    _, y_new = GaussianOverSampler(sampling_strategy=0.5).fit_resample(*numbers(40, 10))
    assert (y_new == 1).sum() == 20


def test_a_list_keeps_the_kind_of_each_column():
    rng = np.random.default_rng(0)
    rows = [[float(rng.normal()), bool(rng.random() < 0.3), int(i % 4)] for i in range(30)]
    found, _ = GaussianOverSampler(random_state=0).fit_resample(rows, [0] * 20 + [1] * 10)
    assert found[:30] == rows
    assert {tuple(map(type, row)) for row in found} == {(float, bool, int)}


@pytest.mark.parametrize("kind", [pd.Series, lambda y: pd.DataFrame({"y": y})])
@pytest.mark.parametrize("flags", [["a", "b"], [False, True]])
def test_labels_that_are_categories_keep_their_values(kind, flags):
    X, y = numbers(30, 12)
    y = kind(pd.Categorical.from_codes(y, flags))
    _, y_new = GaussianOverSampler(random_state=0).fit_resample(X, y)
    labels = y_new if isinstance(y_new, pd.Series) else y_new["y"]
    assert labels.dtype == pd.CategoricalDtype(flags)
    assert labels.value_counts().to_dict() == dict.fromkeys(flags, 30)


@pytest.mark.parametrize("y", ["abc", [], None, 5, sparse.csr_matrix(np.eye(3))])
def test_what_is_no_column_of_labels_is_refused(y, no_training):
    with pytest.raises((ValueError, TypeError), match=r"y|array|samples"):
        GaussianOverSampler().fit_resample(np.eye(3), y)


def test_a_list_of_rows_is_no_list_of_labels(no_training):
    """imbalanced-learn takes a column per class from an array, and fails on the same as a list."""
    rows = [(0, 1), (1, 0)] * 8
    with pytest.raises(ValueError, match=r"y holds \(0, 1\) for row 0, which is not one label"):
        GaussianOverSampler().fit_resample(np.arange(32.0).reshape(16, 2), rows)


# ------------------------------------------------------------------ seeds


@for_each
def test_a_seed_gives_the_same_rows_twice(sampler, as_in_earnest):
    X, y = numbers(24, 12)
    first, again = (clone(sampler).fit_resample(X, y)[0] for _ in range(2))
    other, _ = clone(sampler).set_params(random_state=1).fit_resample(X, y)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_without_a_seed_each_call_gives_other_rows():
    X, y = numbers(24, 12)
    first, again = (GaussianOverSampler().fit_resample(X, y)[0] for _ in range(2))
    assert not np.array_equal(first, again)


def test_a_class_s_rows_do_not_depend_on_which_other_classes_grow():
    X, y = numbers(40, 20, 10)
    both, _ = GaussianOverSampler(random_state=0).fit_resample(X, y)
    alone, _ = GaussianOverSampler(sampling_strategy={2: 40}, random_state=0).fit_resample(X, y)
    assert np.array_equal(both[-30:], alone[-30:])


# ------------------------------------------------------------------ how classes are learned


def test_every_class_gets_a_copy_that_fits_its_size(recorder):
    X, y = numbers(200, 20, 10)
    SynthesizerOverSampler(recorder, random_state=0).fit_resample(X, y)
    one, two = Recorder.seen
    assert np.array_equal(one.table, X[y == 1])
    assert np.array_equal(two.table, X[y == 2])
    assert (one.batch_size, two.batch_size) == (20, 10)
    assert one.random_state != two.random_state
    assert recorder not in Recorder.seen
    assert vars(recorder) == {"batch_size": 100, "random_state": 0}


def test_a_class_that_is_full_is_not_learned(recorder):
    SynthesizerOverSampler(recorder).fit_resample(*numbers(20, 20, 9))
    assert [len(one.table) for one in Recorder.seen] == [9]


def test_in_a_cross_validation_only_training_rows_are_seen(recorder):
    X, y = numbers(40, 12)
    model = make_pipeline(SynthesizerOverSampler(recorder), LogisticRegression())
    folds = StratifiedKFold(3)
    cross_validate(model, X, y, cv=folds, error_score="raise")
    assert len(Recorder.seen) == 3
    for (train, _), one in zip(folds.split(X, y), Recorder.seen, strict=True):
        assert np.array_equal(one.table, X[train][y[train] == 1])


def test_a_fitted_synthesizer_lends_its_settings_only(recorder):
    recorder.fit(pd.DataFrame({"a": [1.0, 2.0]}))
    before = recorder.table
    SynthesizerOverSampler(recorder).fit_resample(*numbers(20, 9))
    assert recorder.table is before


def test_a_sampler_with_a_fitted_synthesizer_can_be_cloned():
    gan = TabularGAN(nb_epochs=2, widths=(4,), batch_size=8).fit(pd.DataFrame({"a": range(8)}))
    copied = clone(SynthesizerOverSampler(gan)).synthesizer
    assert copied.settings() == gan.settings() and not hasattr(copied, "model_")
    assert hasattr(gan, "model_")


def test_a_synthesizer_with_hidden_settings_is_copied():
    class Hidden(GaussianSynthesizer):
        def __init__(self, with_covariances):
            super().__init__(correlated=with_covariances)

    X_new, _ = SynthesizerOverSampler(Hidden(True)).fit_resample(*numbers(20, 9))
    assert len(X_new) == 40


def test_any_setting_of_a_gan_can_be_given():
    gan = TabularGAN(nb_epochs=2, widths=(4,), encoding="minmax", batch_size=512)
    X_new, _ = SynthesizerOverSampler(gan, random_state=0).fit_resample(*numbers(20, 9))
    assert len(X_new) == 40
    assert gan.batch_size == 512
    assert not hasattr(gan, "model_")


@for_each_neural
def test_the_smallest_class_for_a_network_has_8_rows(sampler):
    X_new, _ = clone(sampler).fit_resample(*numbers(12, 8))
    assert len(X_new) == 24


# ------------------------------------------------------------------ pipelines and workers


@for_each
def test_a_used_sampler_travels_as_it_was(sampler):
    X, y = numbers(14, 9)
    used = clone(sampler)
    rows, _ = used.fit_resample(X, y)
    there = pickle.loads(pickle.dumps(used))
    assert there.get_params() == sampler.get_params()
    assert np.array_equal(there.fit_resample(X, y)[0], rows)
    assert len(pickle.dumps(used)) < 2_000


@pytest.mark.slow
def test_two_workers_find_what_one_finds(as_in_earnest):
    X, y = make_classification(90, weights=[0.7], random_state=0)
    model = make_pipeline(VAEOverSampler(**TINY), LogisticRegression())
    grid = {"vaeoversampler__nb_epochs": [1, 3]}
    found = [
        GridSearchCV(model, grid, cv=2, n_jobs=n, scoring="neg_log_loss", refit=False)
        .fit(X, y)
        .cv_results_
        for n in (1, 2)
    ]
    scores = [[result[f"split{i}_test_score"] for i in range(2)] for result in found]
    assert np.array_equal(*scores)
    assert len(set(scores[0][0])) == 2


def test_a_grid_may_hold_synthesizers():
    X, y = load_iris(return_X_y=True)
    keep = np.r_[:50, 50:90, 100:115]
    model = make_pipeline(SynthesizerOverSampler(random_state=0), LogisticRegression(max_iter=500))
    kinds = [GaussianSynthesizer(), GaussianSynthesizer(correlated=True), SmoteSynthesizer(3)]
    grid = {"synthesizeroversampler__synthesizer": kinds}
    search = GridSearchCV(model, grid, cv=3, error_score="raise").fit(X[keep], y[keep])
    assert search.best_score_ > 0.8


def test_importing_the_module_loads_no_network_library(python_path):
    code = (
        "import gan_utils.oversampling as o, sys; o.GANOverSampler().__sklearn_tags__();"
        "print([m for m in ('tensorflow', 'keras', 'torch', 'sdv') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=python_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("sampler", "size", "message"),
    [
        (NEURAL[0], 7, r"class 2 has 7 rows, but GANOverSampler needs at least 8 .*<= 6"),
        (
            NEURAL[1],
            3,
            r"class 2 has 3 rows, but VAEOverSampler needs .* GaussianOverSampler.*<= 2",
        ),
        (
            SmoteOverSampler(),
            5,
            r"5 rows, but SmoteOverSampler needs at least 6 .*k_neighbors <= 4",
        ),
        (SmoteOverSampler(k_neighbors=9), 9, r"needs at least 10 .*k_neighbors <= 8"),
        (SynthesizerOverSampler(SmoteSynthesizer(3)), 2, r"needs at least 4 .*k_neighbors <= 1"),
        (GaussianOverSampler(), 1, r"class 2 has 1 row, but .* at least 2 .*RandomOverSampler"),
        (NEURAL[0], 1, r"has 1 row, but GANOverSampler .*RandomOverSampler"),
    ],
)
def test_a_class_too_small_is_named_with_what_works(sampler, size, message, no_training):
    with pytest.raises(ValueError, match=message):
        clone(sampler).fit_resample(*numbers(60, 20, size))


@pytest.mark.parametrize("k", [4, 1])
def test_the_way_out_works(k):
    X, y = numbers(30, k + 1)
    X_new, _ = SmoteOverSampler(k_neighbors=k).fit_resample(X, y)
    assert len(X_new) == 60


def test_a_small_class_may_stay_as_it_is():
    X, y = numbers(20, 12, 3)
    _, y_new = VAEOverSampler(sampling_strategy={1: 20}, **TINY).fit_resample(X, y)
    assert np.bincount(y_new).tolist() == [20, 20, 3]


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("row", [0, -1])
def test_a_missing_or_infinite_value_is_named(value, row, no_training):
    X, y = numbers(20, 10)
    X[row, 1] = value
    with pytest.raises(ValueError, match=r"NaN|infinity"):
        NEURAL[0].fit_resample(X, y)
    table = pd.DataFrame(X, columns=["minutes", "opened"])
    with pytest.raises(ValueError, match=r"column 'opened' .*(missing|infinite)"):
        NEURAL[0].fit_resample(table, y)


@pytest.mark.parametrize("sampler", [GaussianOverSampler(), NEURAL[0]])
def test_a_column_of_dates_is_named(sampler):
    X, y = three_classes()
    X = X.assign(day=pd.Timestamp("2024-08-01"))
    with pytest.raises(ValueError, match=r"column 'day' is datetime64.*Turn it into a number"):
        clone(sampler).fit_resample(X, y)


def test_smote_names_the_column_that_is_not_numeric():
    X, y = three_classes()
    with pytest.raises(ValueError, match=r"'weekend'|'place'"):
        SmoteOverSampler().fit_resample(X, y)


def test_columns_of_one_name_are_refused(no_training):
    X, y = numbers(20, 10)
    with pytest.raises(ValueError, match="appears twice"):
        GaussianOverSampler().fit_resample(pd.DataFrame(X, columns=["a", "a"]), y)


@pytest.mark.parametrize("kind", [np.asarray, pd.DataFrame])
def test_rows_and_labels_must_be_of_one_number(kind, no_training):
    X, y = numbers(20, 10)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        GaussianOverSampler().fit_resample(kind(X), y[:-1])


@pytest.mark.parametrize("synthesizer", [GaussianSynthesizer, "gaussian", 3])
def test_what_is_no_synthesizer_is_refused(synthesizer):
    with pytest.raises(ValueError, match="'synthesizer' parameter"):
        SynthesizerOverSampler(synthesizer).fit_resample(*numbers(20, 10))


@pytest.mark.parametrize(
    ("setting", "value"),
    [("nb_epochs", 0), ("batch_size", 1.5), ("learning_rate", 0), ("pack", -1), ("widths", 8)],
)
def test_a_wrong_setting_is_named(setting, value, no_training):
    with pytest.raises(ValueError, match=rf"'{setting}' parameter of GANOverSampler"):
        GANOverSampler(**{**TINY, setting: value}).fit_resample(*numbers(20, 10))


MIXED = [[0.1 * i, "vw"[i % 2], i % 3] for i in range(40)]


@pytest.mark.parametrize("as_given", [list, tuple, lambda rows: np.array(rows, dtype=object)])
def test_a_list_of_mixed_rows_keeps_its_numbers(as_given):
    y = [0] * 30 + [1] * 10
    rows, labels = GaussianOverSampler(random_state=0).fit_resample(as_given(MIXED), y)
    new = np.asarray(rows, dtype=object)[40:]
    assert len(new) == 20
    assert np.bincount(labels).tolist() == [30, 30]
    assert len(set(new[:, 0])) == 20  # drawn, not picked from the values that there are
    assert all(isinstance(value, float) for value in new[:, 0])
    assert set(new[:, 1]) <= {"v", "w"}


@pytest.mark.parametrize("y", [[0] * 30 + [1] * 9 + [None], [0.0] * 30 + [1.0] * 9 + [np.nan]])
def test_missing_labels_are_named(y):
    with pytest.raises(ValueError, match="y has 1 missing labels, the first in row 39"):
        GaussianOverSampler().fit_resample(np.zeros((40, 2)), y)


def test_a_table_with_any_names_and_dtypes_comes_back():
    X = pd.DataFrame({0: np.arange(40), "0": np.arange(40) % 3 == 0, "self": ["a", "b"] * 20})
    X["kind"] = pd.Categorical([1, 2] * 20)
    X["sparse"] = pd.arrays.SparseArray(np.arange(40) % 2)
    new, _ = SDVOverSampler(random_state=0).fit_resample(X, [0] * 30 + [1] * 10)
    assert list(new) == list(X)
    assert list(new.dtypes) == list(X.dtypes)
    assert not new.isna().any(axis=None)
    pd.testing.assert_frame_equal(new.head(40), X)


def test_further_parameters_are_ignored():
    X, y = numbers(30, 12)
    sampler = GaussianOverSampler(random_state=0)
    plain, _ = sampler.fit_resample(X, y)
    assert np.array_equal(plain, sampler.fit_resample(X, y, sample_weight=np.ones(42))[0])


@pytest.mark.parametrize("sizes", [(30, 12), (30, 0, 12), (30, 12, 10)])
@pytest.mark.parametrize("dtype", ["int64", "float32", "bool"])
def test_labels_may_have_a_column_per_class(sizes, dtype):
    X, y = numbers(*sizes)
    sampler = GaussianOverSampler(random_state=0)
    plain, labels = sampler.fit_resample(X, y)
    columns = np.eye(len(sizes), dtype=dtype)
    rows, found = sampler.fit_resample(X, columns[y])
    assert np.array_equal(rows, plain)
    assert np.array_equal(found, columns[labels])
    assert found.dtype == dtype
    names = list("abc")[: len(sizes)]
    _, found = sampler.fit_resample(X, pd.DataFrame(columns[y], columns=names))
    pd.testing.assert_frame_equal(found, pd.DataFrame(columns[labels], columns=names))
