"""`compare`: no leak, one table whatever way it was made, and nothing lost when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmark_samplers import CHEAP, LOGISTIC, Failing, Recorder, Slow, blobs, same
from imblearn.over_sampling import SMOTE, RandomOverSampler
from joblib import parallel_config
from sklearn import config_context
from sklearn.base import BaseEstimator
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from gan_utils.benchmark import (
    MEASURES,
    BenchmarkError,
    ClassWeights,
    TunedThreshold,
    compare,
    default_samplers,
    out_of_fold,
)
from gan_utils.benchmark.fold import seed_of
from gan_utils.benchmark.methods import named_samplers
from gan_utils.datasets.imbalanced import make_rare
from gan_utils.oversampling import DiffusionOverSampler

SMALL = {"n_splits": 3, "n_repeats": 2, "verbose": False}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return compare([blobs(), blobs(name="more", seed=1)], CHEAP, LOGISTIC, **SMALL)


def test_one_row_a_run_in_the_order_of_the_call(table):
    assert len(table) == 2 * 4 * 1 * 2 * 3
    keys = ["dataset", "sampler", "classifier", "repeat", "fold"]
    assert list(table) == [*keys, "n_train", "n_test", *MEASURES]
    assert not table.duplicated(keys).any()
    assert list(table["dataset"].unique()) == ["blobs", "more"]
    assert list(table["sampler"].unique()) == list(CHEAP)
    assert (table["n_train"] + table["n_test"] == 120).all()
    assert table[list(MEASURES)].apply(lambda c: c.between(0, 1)).all(axis=None)
    assert set(table.attrs["seconds"]) == set(CHEAP)


def test_the_same_seed_gives_the_same_table(table):
    again = compare([blobs(), blobs(name="more", seed=1)], CHEAP, LOGISTIC, **SMALL)
    same(table, again)
    other = compare([blobs()], CHEAP, LOGISTIC, random_state=1, **SMALL)
    assert not other["Brier"].equals(table.loc[table["dataset"] == "blobs", "Brier"])


def test_a_result_does_not_depend_on_its_neighbours(table):
    alone = compare(blobs(), {"SMOTE": SMOTE()}, LOGISTIC, **SMALL)
    of_all = table[(table["dataset"] == "blobs") & (table["sampler"] == "SMOTE")]
    same(alone, of_all.reset_index(drop=True))


def test_two_processes_give_the_table_of_one(table):
    same(table, compare([blobs(), blobs(name="more", seed=1)], CHEAP, LOGISTIC, n_jobs=2, **SMALL))


def test_joblib_may_be_told_from_outside(table):
    for backend in ("threading", "loky"):
        with parallel_config(backend, n_jobs=2):
            again = compare([blobs(), blobs(name="more", seed=1)], CHEAP, LOGISTIC, **SMALL)
        same(table, again)


def test_the_values_are_those_of_scikit_learn_by_hand():
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score, brier_score_loss
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data = blobs()
    got = compare(data, ["none"], LOGISTIC, n_splits=3, n_repeats=1, verbose=False)
    folds = StratifiedKFold(3, shuffle=True, random_state=seed_of(0, "folds", "blobs", 0))
    for i, (train, test) in enumerate(folds.split(data.X, data.y)):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5))
        model.fit(data.X.iloc[train], data.y.iloc[train])
        p = model.predict_proba(data.X.iloc[test])[:, 1]
        assert got.loc[i, "Brier"] == pytest.approx(brier_score_loss(data.y.iloc[test], p))
        assert got.loc[i, "balanced accuracy"] == pytest.approx(
            balanced_accuracy_score(data.y.iloc[test], p > 0.5)
        )


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_no_sampler_ever_sees_a_test_row(tmp_path, n_jobs):
    data = blobs()
    compare(data, {"spy": Recorder(str(tmp_path))}, LOGISTIC, n_jobs=n_jobs, **SMALL)
    shown = [pd.read_csv(file) for file in tmp_path.iterdir()]
    parts = set()
    for repeat in range(2):
        folds = StratifiedKFold(3, shuffle=True, random_state=seed_of(0, "folds", "blobs", repeat))
        for train, _ in folds.split(data.X, data.y):
            # Scaled by these rows and no others: their mean is 0 and their deviation 1.
            rows = data.X["row"].iloc[train]
            parts.add(tuple(((rows - rows.mean()) / rows.std(ddof=0)).round(9)))
    assert len(shown) == 6
    assert {tuple(rows["row"].round(9)) for rows in shown} == parts


def test_out_of_fold_probabilities():
    data = blobs()
    table = out_of_fold(data, {"SMOTE": SMOTE(), "none": None}, n_splits=4)
    assert list(table) == ["truth", "SMOTE", "none"]
    assert table.index.equals(data.X.index)
    assert table[["SMOTE", "none"]].apply(lambda c: c.between(0, 1)).all(axis=None)
    # Rebalancing raises the probability of the rare class; doing nothing keeps its share.
    assert table["none"].mean() == pytest.approx(table["truth"].mean(), abs=0.03)
    assert table["SMOTE"].mean() > 1.5 * table["truth"].mean()


def test_the_threshold_moves_decisions_and_not_probabilities():
    got = compare(blobs(), {"none": None, "tuned": TunedThreshold()}, LOGISTIC, **SMALL)
    none, tuned = (got[got["sampler"] == name] for name in ("none", "tuned"))
    assert np.allclose(none["Brier"], tuned["Brier"])
    assert np.allclose(none["average precision"], tuned["average precision"])
    assert tuned["balanced accuracy"].mean() > none["balanced accuracy"].mean()
    once = {**SMALL, "n_repeats": 1}
    f1 = compare(blobs(), {"tuned": TunedThreshold("f1")}, LOGISTIC, **once)
    assert not np.allclose(f1["balanced accuracy"], tuned["balanced accuracy"][: len(f1)])


def test_the_quick_scorer_is_balanced_accuracy():
    from sklearn.metrics import balanced_accuracy_score

    from gan_utils.benchmark.fitting import _balanced_accuracy

    rng = np.random.default_rng(0)
    for _ in range(20):
        truth, decided = rng.integers(0, 2, (2, 30))
        assert _balanced_accuracy(truth, decided) == pytest.approx(
            balanced_accuracy_score(truth, decided)
        )


def test_columns_of_text():
    data = blobs()
    X = data.X.assign(town=np.where(data.X["z"] > 0, "Bern", "Basel"), flag=data.X["x"] > 0)
    got = compare(make_rare(X, data.y, 1, name="towns"), CHEAP, LOGISTIC, **SMALL)
    assert got[list(MEASURES)].notna().all(axis=None)


@pytest.mark.slow
def test_neural_samplers_give_one_table_too():
    chosen = default_samplers(nb_epochs=4)
    chosen = {name: chosen[name] for name in ("mean/std", "GAN")}
    settings = {"n_splits": 2, "n_repeats": 1, "verbose": False}
    one = compare(blobs(60, 20), chosen, LOGISTIC, **settings)
    same(one, compare(blobs(60, 20), chosen, LOGISTIC, n_jobs=2, **settings))


def test_the_ten_default_ways():
    assert list(default_samplers()) == [
        "none",
        "class weights",
        "tuned threshold",
        "random over",
        "random under",
        "SMOTE",
        "mean/std",
        "GaussianCopula",
        "GAN",
        "VAE",
    ]


def test_diffusion_can_be_named_too():
    (method,) = named_samplers("diffusion").values()
    assert isinstance(method, DiffusionOverSampler)
    assert list(named_samplers(None)) == list(default_samplers())


def test_names_may_come_from_a_generator():
    assert list(named_samplers(name for name in ["SMOTE", "none"])) == ["SMOTE", "none"]


def test_class_weights_under_metadata_routing():
    plain = compare(blobs(), {"w": ClassWeights()}, LOGISTIC, **SMALL)
    with config_context(enable_metadata_routing=True):
        same(plain, compare(blobs(), {"w": ClassWeights()}, LOGISTIC, **SMALL))


class Doubling(BaseEstimator):
    """Repeat the rare rows, and return arrays, as an own sampler may do."""

    def fit_resample(self, X, y):
        return np.vstack([X, X[y == 1]]), np.append(y, y[y == 1])


def test_a_sampler_may_return_arrays():
    X = blobs().X.assign(town=np.where(blobs().X["z"] > 0, "Bern", "Basel"))
    data = make_rare(X, blobs().y, 1, name="towns")
    table = compare(data, {"doubling": Doubling(), "none": None}, LOGISTIC, **SMALL)
    brier = table.groupby("sampler")["Brier"].mean()
    assert brier["doubling"] != brier["none"]
    assert brier["doubling"] == pytest.approx(brier["none"], abs=0.05)


# What is refused before any work


class WithoutProbabilities(BaseEstimator):
    def fit(self, X, y):
        return self


class Bare:
    def fit_resample(self, X, y):
        return X, y

    def predict_proba(self, X):
        return X


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"samplers": ["none", "smote"]}, ValueError, "'smote' is unknown. Use one of none"),
        ({"samplers": []}, ValueError, "no sampler"),
        ({"samplers": {"it": SMOTE}}, TypeError, "fit_resample"),
        ({"samplers": (name for name in ())}, ValueError, "no sampler"),
        ({"samplers": SMOTE()}, TypeError, "samplers is SMOTE. Give {name: sampler}"),
        ({"samplers": [["none"]]}, ValueError, "is unknown. Use one of none"),
        ({"samplers": {"it": Bare()}}, TypeError, r"'it' \(Bare\) has no get_params"),
        ({"samplers": {1: None}}, TypeError, "the name 1 of a sampler is not text"),
        ({"classifiers": {1: LOGISTIC["logistic"]}}, TypeError, "the name 1 of a classifier"),
        ({"classifiers": {"it": Bare()}}, TypeError, r"'it' \(Bare\) has no get_params"),
        ({"classifiers": KNeighborsClassifier}, TypeError, "KNeighborsClassifier.*is a class"),
        ({"datasets": make_rare(blobs().X, blobs().y, 1, name=1)}, TypeError, "name 1 of a data"),
        ({"classifiers": {}}, ValueError, "no classifier"),
        ({"classifiers": {"svc": LinearSVC()}}, TypeError, "no predict_proba"),
        ({"classifiers": WithoutProbabilities()}, TypeError, "no predict_proba"),
        (
            {"samplers": {"w": ClassWeights()}, "classifiers": {"k": KNeighborsClassifier()}},
            TypeError,
            "takes no sample_weight",
        ),
        ({"n_splits": 1}, ValueError, "n_splits=1"),
        ({"n_splits": 21}, ValueError, "20 rare rows, too few for n_splits=21"),
        ({"n_repeats": 0}, ValueError, "n_repeats=0"),
        ({"random_state": None}, ValueError, "random_state=None"),
        ({"datasets": []}, ValueError, "Give at least one"),
        ({"datasets": [blobs(), blobs()]}, ValueError, "its own name"),
        ({"datasets": [blobs().X]}, TypeError, "a dataset is DataFrame"),
    ],
)
def test_refused_at_once(change, error, words):
    settings = {"datasets": blobs(), "samplers": ["none"], "classifiers": LOGISTIC} | change
    with pytest.raises(error, match=words):
        compare(**settings)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failure_says_who_and_where(tmp_path, n_jobs):
    file = tmp_path / "r.jsonl"
    samplers = {"none": None, "bad": Failing()}
    with pytest.raises(
        BenchmarkError, match=r"'bad' on 'blobs', repeat 0, fold 0: ValueError: the"
    ):
        compare(blobs(), samplers, LOGISTIC, results=file, n_jobs=n_jobs, **SMALL)


# Results on file


def count_lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def test_a_file_makes_no_difference_and_is_read_back(tmp_path, table, monkeypatch):
    file, data = tmp_path / "deep" / "r.jsonl", [blobs(), blobs(name="more", seed=1)]
    same(table, compare(data, CHEAP, LOGISTIC, results=file, **SMALL))
    before = file.read_bytes()
    same(table, compare(data, CHEAP, LOGISTIC, results=file, **SMALL))
    assert file.read_bytes() == before


@pytest.mark.parametrize("cut", [1, 30])
def test_a_torn_last_line_is_dropped_and_computed_again(tmp_path, table, cut):
    file, data = tmp_path / "r.jsonl", [blobs(), blobs(name="more", seed=1)]
    compare(data, CHEAP, LOGISTIC, results=file, **SMALL)
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    same(table, compare(data, CHEAP, LOGISTIC, results=file, **SMALL))
    assert count_lines(file) == 49
    assert all(json.loads(line) for line in file.read_text().splitlines())


def test_a_file_torn_in_its_first_line_is_begun_again(tmp_path, table):
    file = tmp_path / "r.jsonl"
    compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)
    file.write_bytes(file.read_bytes()[:40])
    compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)
    assert count_lines(file) == 25


def test_a_damaged_line_in_the_middle_is_named(tmp_path):
    file = tmp_path / "r.jsonl"
    compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)
    lines = file.read_text().splitlines(keepends=True)
    lines[3] = lines[3][:20] + "\n"
    file.write_text("".join(lines))
    with pytest.raises(ValueError, match="damaged in line 4"):
        compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"random_state": 1}, "random_state: 0; 1"),
        ({"n_splits": 4}, "n_splits: 3; 4"),
        ({"samplers": CHEAP | {"SMOTE": SMOTE(k_neighbors=3)}}, "samplers: SMOTE .*k_neighbors=3"),
        ({"classifiers": {"other": LOGISTIC["logistic"]}}, "classifiers: logistic"),
        ({"datasets": blobs(seed=5)}, "datasets: blobs"),
    ],
)
def test_a_file_of_other_settings_is_refused(tmp_path, change, words):
    settings = {"datasets": blobs(), "samplers": CHEAP, "classifiers": LOGISTIC, **SMALL}
    file = tmp_path / "r.jsonl"
    compare(**settings, results=file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match=rf"(?s)r.jsonl holds results of other.*{words}"):
        compare(**settings | change, results=file)
    assert file.read_bytes() == before


def test_a_path_that_is_no_file_is_refused(tmp_path):
    for path, words in (("", "the path is empty"), (tmp_path, "is a folder")):
        with pytest.raises(ValueError, match=words):
            compare(blobs(), ["none"], LOGISTIC, results=path, **SMALL)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "no line end", '{"other": 1}\n', "[1]\n"])
def test_a_file_that_was_never_ours_is_left_alone(tmp_path, text):
    file = tmp_path / "r.jsonl"
    file.write_text(text)
    with pytest.raises(ValueError, match="no file of results"):
        compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)
    assert file.read_text() == text


def test_more_repeats_go_on_in_the_same_file(tmp_path, table):
    file = tmp_path / "r.jsonl"
    one = compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL | {"n_repeats": 1})
    two = compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL)
    same(two, table[table["dataset"] == "blobs"].reset_index(drop=True))
    same(one, two[two["repeat"] == 0].reset_index(drop=True))
    # And back: what another call left in the file does no harm.
    same(one, compare(blobs(), CHEAP, LOGISTIC, results=file, **SMALL | {"n_repeats": 1}))


KILLED = """
import sys
from benchmark_samplers import LOGISTIC, Slow, blobs, same
from gan_utils.benchmark import compare

if __name__ == "__main__":
    samplers = {"slow": Slow(), "none": None}
    compare(blobs(), samplers, LOGISTIC, n_splits=4, n_repeats=3, verbose=False,
            n_jobs=int(sys.argv[2]), results=sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_killed_run_goes_on_and_ends_with_the_same_table(tmp_path, python_path, n_jobs):
    file, tests = tmp_path / "r.jsonl", str(Path(__file__).parents[1])
    environment = python_path | {"PYTHONPATH": os.pathsep.join([tests, python_path["PYTHONPATH"]])}
    command = [sys.executable, "-c", KILLED, str(file), str(n_jobs)]
    own_group = {"start_new_session": True, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, **own_group) as child:
        deadline = time.monotonic() + 60
        while count_lines(file) < 6 and time.monotonic() < deadline and child.poll() is None:
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGKILL)  # its workers too, or they would linger
    n_kept = count_lines(file) - 1
    assert 5 <= n_kept < 24
    settings = {"n_splits": 4, "n_repeats": 3, "verbose": False}
    samplers = {"slow": Slow(), "none": None}
    finished = compare(blobs(), samplers, LOGISTIC, results=file, **settings)
    same(
        finished,
        compare(blobs(), {"slow": RandomOverSampler(), "none": None}, LOGISTIC, **settings),
    )
    assert count_lines(file) == 25


def test_the_progress_line(capsys, tmp_path):
    settings = SMALL | {"verbose": True, "results": tmp_path / "r.jsonl"}
    compare(blobs(), ["none"], LOGISTIC, **settings)
    last = capsys.readouterr().out.split("\r")[-1]
    assert "6/6 units" in last
    assert "00:00 left" in last
    compare(blobs(), ["none"], LOGISTIC, **settings)
    assert capsys.readouterr().out == "all 6 units were kept from before\n"
    compare(blobs(), ["none"], LOGISTIC, **settings | {"n_repeats": 3})
    assert "(6 kept from before) [####################] 9/9 units" in capsys.readouterr().out


def test_workers_have_one_thread_for_tensorflow(monkeypatch):
    from gan_utils.benchmark import fold

    monkeypatch.setattr(os, "environ", {})
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    fold.calm_worker()
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == os.environ["TF_NUM_INTEROP_THREADS"] == "1"


def test_this_process_keeps_its_own_settings():
    before = dict(os.environ)
    compare(blobs(), ["none"], LOGISTIC, **SMALL)
    assert dict(os.environ) == before
