"""TabularDiffusion: rows are of the table's kind, files are whole, a killed training goes on."""

import numpy as np
import pandas as pd
import pytest
from killed import assert_an_interrupted_fit_resumes
from mixed_tables import assert_of_the_table_s_kind, mixed

from gan_utils.generative import FlowModel
from gan_utils.metrics import tables as metrics
from gan_utils.synthesizers import TabularDiffusion, TabularVAE

TINY = {"nb_epochs": 20, "batch_size": 16, "widths": (8,), "sampling_steps": 3}


@pytest.fixture(scope="module")
def fitted():
    return TabularDiffusion(**TINY).fit(mixed())


def test_rows_are_of_the_table_s_kind(fitted):
    assert_of_the_table_s_kind(fitted.sample(300, random_state=0))


def test_the_same_seed_gives_the_same_rows_twice(fitted):
    again = TabularDiffusion(**TINY).fit(mixed())
    pd.testing.assert_frame_equal(again.sample(50, 3), fitted.sample(50, 3), check_exact=True)
    assert not fitted.sample(50, 3).equals(fitted.sample(50, 4))
    other = TabularDiffusion(**TINY, random_state=1).fit(mixed())
    assert not other.sample(50, 3).equals(fitted.sample(50, 3))


@pytest.mark.parametrize("columns", [["app", "place"], ["minutes"], ["weekend"]])
@pytest.mark.parametrize("encoding", ["quantile", "minmax"])
def test_any_mix_of_columns_works(columns, encoding):
    table = mixed()[columns]
    settings = {**TINY, "nb_epochs": 2, "encoding": encoding}
    assert TabularDiffusion(**settings).fit(table).sample(30, 0).dtypes.equals(table.dtypes)


def test_it_learns_a_correlation_and_how_numbers_depend_on_a_category():
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    kind = np.where(x > 0, "high", "low")
    table = pd.DataFrame({"x": x, "y": x + 0.3 * rng.normal(size=300), "kind": kind})
    model = TabularDiffusion(nb_epochs=1_000, batch_size=64, widths=(64, 64)).fit(table)
    rows = model.sample(300, 0)
    assert metrics.correlation_similarity(table[["x", "y"]], rows[["x", "y"]]) > 0.9
    assert metrics.ks_complement(table[["x", "y"]], rows[["x", "y"]]) > 0.85
    assert np.mean((rows["x"] > 0) == (rows["kind"] == "high")) > 0.9


def test_the_requested_number_of_steps_is_taken(fitted, monkeypatch):
    taken, sample = [], FlowModel.sample
    monkeypatch.setattr(
        FlowModel, "sample", lambda *a, **kw: taken.append(kw["steps"]) or sample(*a, **kw)
    )
    fitted.sample(5, random_state=0)
    assert set(taken) == {3}


def test_a_saved_model_samples_the_same_rows(fitted, tmp_path):
    fitted.save(tmp_path / "model.zip")
    loaded = TabularDiffusion.load(tmp_path / "model.zip")
    pd.testing.assert_frame_equal(loaded.sample(200, 5), fitted.sample(200, 5), check_exact=True)
    pd.testing.assert_frame_equal(loaded.history_, fitted.history_, check_exact=True)
    assert loaded.settings() == fitted.settings()
    with pytest.raises(ValueError, match="was not written by TabularVAE"):
        TabularVAE.load(tmp_path / "model.zip")


def test_an_interrupted_fit_resumes_and_ends_as_if_never_stopped(tmp_path, monkeypatch):
    settings = TabularDiffusion, TINY, FlowModel
    assert_an_interrupted_fit_resumes(*settings, mixed(), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("sampling_steps", 0), ("nb_epochs", 2.5), ("learning_rate", 0.0), ("encoding", "log"),
     ("widths", (0,)), ("batch_size", 0)],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(setting, value):
    with pytest.raises(ValueError, match=f"{setting}="):
        TabularDiffusion(**{**TINY, setting: value}).fit(mixed())


def test_unfitted_models_are_named(tmp_path):
    with pytest.raises(RuntimeError, match="TabularDiffusion is not fitted yet"):
        TabularDiffusion().sample(3)
    with pytest.raises(RuntimeError, match="TabularDiffusion is not fitted yet"):
        TabularDiffusion().save(tmp_path / "model.zip")
