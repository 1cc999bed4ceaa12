"""One file a model: what it may hold, and what is said of a file that is no model."""

import copy
import json
import pickle
import tempfile
import zipfile

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from gan_utils._support.backend import keras
from gan_utils.training import SaveMixin
from gan_utils.training.saving import ModelArchive, as_json


class Line(SaveMixin):
    """A model of one number and one network."""

    def __init__(self, slope=1.0, words=("a", "b"), folder=None):
        self.slope, self.words, self.folder = slope, tuple(words), folder

    local_settings = ("folder",)

    def fit(self):
        self.network_ = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        return self

    def check_fitted(self):
        if not hasattr(self, "network_"):
            raise RuntimeError("not fitted yet")

    def _write(self, archive):
        archive.write_network("network", self.network_)
        return {"learned": [1, 2.5, None, "x"]}

    def _restore(self, state, archive):
        self.learned_, self.network_ = state["learned"], archive.read_network("network")


class Curve(Line):
    pass


@pytest.fixture
def file(tmp_path):
    Line(np.float64(2.5), ("b",), "here").fit().save(tmp_path / "line.zip")
    return tmp_path / "line.zip"


def test_a_loaded_model_is_the_saved_one(file):
    loaded = Line.load(file)
    assert loaded.settings() == {"slope": 2.5, "words": ("b",), "folder": None}
    assert loaded.learned_ == [1, 2.5, None, "x"]
    loaded.save(file)
    same = Line.load(file).network_
    for one, other in zip(same.weights, loaded.network_.weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_nothing_is_saved_before_it_is_fitted(tmp_path):
    with pytest.raises(RuntimeError, match="not fitted"):
        Line().save(tmp_path / "line.zip")
    assert not list(tmp_path.iterdir())


def rewritten(file, **members):
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**content, **members}.items():
            archive.writestr(name, data)


def test_a_model_of_another_kind_is_named(file):
    with pytest.raises(ValueError, match=r"line\.zip .*not written by Curve.*'gan_utils Line 1'"):
        Curve.load(file)


@pytest.mark.parametrize(
    "config", [b"[]", b"{}", b"no json", b'{"format": "gan_utils Line 1", "settings": {"x": 1}}']
)
def test_a_changed_description_is_refused(file, config):
    rewritten(file, **{"model.json": config})
    with pytest.raises(ValueError, match=r"line\.zip is damaged"):
        Line.load(file)


@pytest.mark.parametrize("kept", [0, 5, 200, -20])
def test_a_cut_file_is_damaged(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"line\.zip is damaged"):
        Line.load(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(FileNotFoundError, match=f"no file {path.name}"):
            Line.load(path)


def test_code_in_a_network_is_never_run(file, tmp_path):
    layer = keras.layers.Lambda(lambda x: x, output_shape=(2,))
    keras.Sequential([keras.Input((2,)), layer]).save(tmp_path / "evil.keras")
    rewritten(file, **{"network.keras": (tmp_path / "evil.keras").read_bytes()})
    with pytest.raises(ValueError, match=r"(?s)damaged.*[Ll]ambda"):
        Line.load(file)


@pytest.mark.parametrize(
    "value",
    [
        (1, 2),
        {1: "x"},
        pd.Timestamp("2024-01-01"),
        np.datetime64("2024-01-01"),
        b"bytes",
        np.zeros(2),
        [["deep", {"in": pd.Interval(0, 1)}]],
    ],
)
def test_what_json_would_change_is_refused(value):
    with pytest.raises(TypeError, match="which a saved model cannot hold"):
        as_json({"value": value})


@pytest.mark.parametrize("value", ["\ud800", "é", 2**70, 0.1, True, None, [[], {}], np.int64(3)])
def test_what_json_gives_back_is_saved(value):
    assert json.loads(as_json({"value": value})) == {"value": value}


def test_a_write_that_fails_leaves_the_old_file(file):
    before = file.read_bytes()
    with pytest.raises(KeyboardInterrupt), ModelArchive.create(file) as archive:
        archive.write_json("a.json", {})
        raise KeyboardInterrupt
    assert file.read_bytes() == before
    assert len(list(file.parent.iterdir())) == 1


def test_a_model_is_saved_in_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    Line(3.0).fit().save("~/models/line.zip")
    assert Line.load("~/models/line.zip").slope == Line.load(tmp_path / "models/line.zip").slope


def test_a_folder_is_refused_before_the_work(tmp_path):
    model = Line().fit()
    model._write = lambda archive: pytest.fail("the work has begun")
    with pytest.raises(ValueError, match="is a folder"):
        model.save(tmp_path)


def test_a_file_that_cannot_be_unpacked_is_not_called_damaged(file, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(file.parent / "nowhere"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Line.load(file)


def test_a_wrong_precision_is_not_called_damage(file):
    rewritten(file, **{"network.keras": b"unreadable"})
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with pytest.raises(ValueError, match=r"^Keras computes in mixed_bfloat16"):
            Line.load(file)
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("copied", [pickle.dumps, copy.deepcopy])
def test_a_fitted_model_is_saved_and_not_pickled(copied):
    with pytest.raises(TypeError, match=r"a fitted Line cannot .* save\(path\).* Line\.load"):
        copied([Line().fit()])


@pytest.mark.parametrize("copied", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy, clone])
def test_a_model_that_is_not_fitted_can_be_pickled_and_copied(copied):
    assert vars(copied(Line(2.0, ("c",)))) == vars(Line(2.0, ("c",)))


def test_a_fitted_model_can_be_cloned_and_copied_in_a_shallow_way():
    fitted = Line(2.0).fit()
    other = copy.copy(fitted)
    assert type(other) is Line
    assert vars(other) == vars(fitted)
    assert vars(clone(fitted)) == vars(Line(2.0))
