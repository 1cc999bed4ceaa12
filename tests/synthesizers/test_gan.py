"""TabularGAN: rows of the table's kind, files that are whole or refused, trainings that resume."""

import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from killed import assert_an_interrupted_fit_resumes, interrupt_a_fit
from mixed_tables import assert_of_the_table_s_kind, mixed

from gan_utils.generative import GAN
from gan_utils.metrics import ks_complement
from gan_utils.synthesizers import neural as module
from gan_utils.synthesizers.gan import TabularGAN

TINY = {"latent_dim": 4, "nb_epochs": 20, "batch_size": 16, "widths": (8,), "pack": 2}


@pytest.fixture(scope="module")
def fitted():
    return TabularGAN(**TINY).fit(mixed())


def test_rows_are_of_the_table_s_kind(fitted):
    assert_of_the_table_s_kind(fitted.sample(300, random_state=0))


def test_the_same_seed_gives_the_same_rows_twice(fitted):
    again = TabularGAN(**TINY).fit(mixed())
    pd.testing.assert_frame_equal(again.sample(50, 3), fitted.sample(50, 3), check_exact=True)
    pd.testing.assert_frame_equal(again.history_, fitted.history_, check_exact=True)
    assert not fitted.sample(50, 3).equals(fitted.sample(50, 4))


def test_the_same_seed_gives_the_same_weights_however_many_were_trained_before():
    """TensorFlow sorts sums by the names of layers, and Keras numbers them through a session."""
    settings = {**TINY, "nb_epochs": 300}
    one, two, three = (TabularGAN(**settings).fit(mixed()).gan_ for _ in range(3))
    for other in (two, three):
        for name in ("generator", "discriminator"):
            pairs = zip(
                getattr(one, name).get_weights(), getattr(other, name).get_weights(), strict=True
            )
            assert all(np.array_equal(a, b) for a, b in pairs)


def test_a_file_in_place_of_the_backup_folder_is_refused(tmp_path):
    (tmp_path / "backup").write_text("a file")
    with pytest.raises(ValueError, match=r"backup' is a file\. Give the name of a folder"):
        TabularGAN(**TINY, backup_dir=tmp_path / "backup").fit(mixed())


def test_a_training_too_short_to_be_compiled_ends_as_a_compiled_one(monkeypatch):
    settings = {**TINY, "nb_epochs": module.MOST_UNCOMPILED, "average": 0.5}
    short = TabularGAN(**settings).fit(mixed())
    monkeypatch.setattr(module, "MOST_UNCOMPILED", 0)
    compiled = TabularGAN(**settings).fit(mixed())
    assert short.gan_.run_eagerly
    assert not compiled.gan_.run_eagerly
    np.testing.assert_allclose(short.history_, compiled.history_, rtol=1e-4)
    for a, b in zip(short.gan_.get_weights(), compiled.gan_.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def test_another_seed_trains_another_model(fitted):
    other = TabularGAN(**TINY, random_state=1).fit(mixed())
    assert not other.sample(50, 3).equals(fitted.sample(50, 3))


@pytest.mark.parametrize(
    ("columns", "encoding"),
    [
        (["app", "place"], "quantile"),
        (["minutes", "opened"], "minmax"),
        (["minutes"], "quantile"),
        (["weekend"], "minmax"),
    ],
)
def test_any_mix_of_columns_works(columns, encoding):
    table = mixed()[columns]
    rows = TabularGAN(**{**TINY, "nb_epochs": 2}, encoding=encoding).fit(table).sample(30, 0)
    assert rows.dtypes.equals(table.dtypes)
    assert set(rows.iloc[:, -1]) <= set(table.iloc[:, -1]) or "minutes" in columns


@pytest.mark.filterwarnings("error:You are using a softmax:UserWarning")
@pytest.mark.filterwarnings("error::FutureWarning")
def test_constant_and_two_valued_columns_stay_what_they_are():
    table = mixed()[["minutes"]].assign(constant=7, flag=[0, 1] * 20, word="same")
    rows = TabularGAN(**TINY).fit(table).sample(100, random_state=0)
    assert set(rows["constant"]) == {7}
    assert set(rows["flag"]) == {0, 1}
    assert set(rows["word"]) == {"same"}


def test_calibration_may_be_switched_off_after_fit():
    late = TabularGAN(**TINY).fit(mixed())
    calibrated, late.calibrate = late.sample(50, 3), False
    never = TabularGAN(**TINY, calibrate=False).fit(mixed())
    pd.testing.assert_frame_equal(late.sample(50, 3), never.sample(50, 3))
    assert not late.sample(50, 3).equals(calibrated)


@pytest.mark.parametrize(
    "switched_off", ["pack", "gradient_penalty", "average", "calibrate", "redraw_copies"]
)
def test_every_addition_can_be_switched_off(switched_off):
    off = {"pack": 1, "gradient_penalty": 0.0, "average": 0.0}.get(switched_off, False)
    model = TabularGAN(**{**TINY, "nb_epochs": 2, switched_off: off}).fit(mixed())
    assert len(model.sample(9, random_state=0)) == 9


@pytest.mark.parametrize("steps", [1, 101, 150])
def test_the_history_ends_at_the_last_step(steps):
    table = mixed()[["minutes"]]
    history = TabularGAN(**{**TINY, "nb_epochs": steps}).fit(table).history_
    assert history.index[-1] == steps
    assert history.index.name == "step"
    assert {"d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake"} == set(history)


def test_settings_are_what_was_given():
    model = TabularGAN(**TINY, learning_rate=1e-3, random_state=5)
    assert TINY.items() <= model.settings().items()
    assert model.settings()["learning_rate"] == 1e-3
    assert TabularGAN(**model.settings()).settings() == model.settings()
    classic = TabularGAN().settings()
    assert [classic[n] for n in ("latent_dim", "nb_epochs", "batch_size")] == [100, 10_000, 128]


def test_numpy_s_integers_are_settings():
    kind = np.uint8  # the smallest, with which calculations overflow
    plain = {"latent_dim": 8, "nb_epochs": 2, "batch_size": 16, "pack": 2, "random_state": 200}
    given = {name: kind(value) for name, value in plain.items()}
    model = TabularGAN(**given, widths=(kind(8),), calibrate=False).fit(mixed())
    same = TabularGAN(**plain, widths=(8,), calibrate=False).fit(mixed())
    pd.testing.assert_frame_equal(model.sample(9, 1), same.sample(9, 1), check_exact=True)


@pytest.mark.parametrize(
    ("n", "width", "versions"),
    [
        *((8, 3, 50), (4_000, 500, 50), (20_000, 500, 10), (300_000, 3, 1)),
        *((1_000, 1_001, 50), (3_000, 3_001, 11), (10_000, 10_001, 1)),
    ],
)
def test_a_large_table_is_encoded_fewer_times(n, width, versions):
    assert module._n_versions(n, width) == versions


def test_names_of_rows_are_refused_before_they_take_all_memory():
    n = 16_000
    table = pd.DataFrame({"x": np.arange(n), "app": ["a", "b"] * (n // 2)})
    table["row"] = table["x"].map("row {}".format)
    with pytest.raises(ValueError, match=r"'row' has 16,000 different values.*256,048,000 cells"):
        TabularGAN(**TINY).fit(table)


def repeated_share(rows, table):
    known = set(table.itertuples(index=False, name=None))
    return np.mean([row in known for row in rows.itertuples(index=False, name=None)])


def test_copies_are_drawn_again_down_to_the_share_of_twins():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.integers(0, 9, 24), "b": rng.integers(0, 9, 24)})
    table = pd.concat([table, table.iloc[:2]], ignore_index=True)
    twins = table.duplicated(keep=False).mean()
    shares = {}
    for redraw in (False, True):
        model = TabularGAN(**TINY, redraw_copies=redraw).fit(table)
        shares[redraw] = repeated_share(model.sample(400, random_state=0), table)
    assert shares[False] > twins
    assert shares[True] <= twins


def test_drawing_copies_again_takes_nothing_from_crowded_regions():
    """A copy gives way to a row near it: drawn anywhere, it would thin out the commonest rows."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.geometric(0.1, 200), "b": rng.geometric(0.03, 200)})
    model = TabularGAN(**TINY).fit(table)
    model.redraw_copies = False
    drawn = model.sample(1_000, random_state=0)
    model.redraw_copies = True
    kept = model.sample(1_000, random_state=0)
    assert repeated_share(drawn, table) > 0.1
    assert repeated_share(kept, table) <= table.duplicated(keep=False).mean()
    assert ks_complement(drawn, kept) > 0.97


@pytest.mark.parametrize("dtype", ["float32", "float64", "Float32", "float64[pyarrow]"])
def test_zeros_of_both_signs_are_copies(dtype):
    values = [0.0, -0.0, 142.5]
    zeros = pd.DataFrame({"a": pd.Series(values, dtype=dtype), "b": list("xxx")})
    first, second, other = module.row_hashes(zeros)
    assert first == second != other


def test_a_table_with_nothing_else_to_draw_still_gives_its_rows():
    table = pd.DataFrame({"place": ["home", "bus"] * 10})
    assert len(TabularGAN(**TINY).fit(table).sample(50, random_state=0)) == 50


def test_verbose_prints_one_line_and_no_error(capfd):
    TabularGAN(**TINY, verbose=True).fit(mixed())
    said = capfd.readouterr()
    assert "20/20 steps" in said.out
    assert said.err == ""


def test_a_quiet_fit_prints_nothing(capfd):
    TabularGAN(**{**TINY, "nb_epochs": 1}).fit(mixed())
    assert capfd.readouterr() == ("", "")


# Bad input


def dated():
    return mixed().assign(day=pd.date_range("2024-08-01", periods=40))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (mixed().assign(minutes=np.nan), "column 'minutes' has 40 missing values"),
        (mixed().assign(place=[None] + ["bus"] * 39), "column 'place' has 1 missing"),
        (mixed().assign(minutes=np.inf), "column 'minutes' is infinite in row 0"),
        (dated(), "column 'day' is datetime64.*cannot be encoded"),
        (mixed(7), "has 7 rows, but fit needs at least 8"),
        (mixed(12), r"batch_size=16 is larger than the table \(12 rows\). Use batch_size <= 12"),
    ],
)
def test_a_table_that_cannot_be_learned_is_refused(table, words):
    with pytest.raises(ValueError, match=words):
        TabularGAN(**TINY).fit(table)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("nb_epochs", 0),
        ("nb_epochs", 10.5),
        ("latent_dim", -1),
        ("batch_size", 0),
        ("batch_size", "16"),
        ("pack", 0),
        ("random_state", -1),
        ("random_state", None),
        ("random_state", 2**62),
        ("average", 1.0),
        ("average", -0.1),
        ("encoding", "log"),
        ("gradient_penalty", -1.0),
        ("learning_rate", 0.0),
        ("learning_rate", np.nan),
        ("widths", (8, 0)),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(setting, value):
    with pytest.raises(ValueError, match=f"{setting}="):
        TabularGAN(**{**TINY, setting: value}).fit(mixed())


@pytest.mark.parametrize("n", [0, -3, 2.5, "many"])
def test_a_number_of_rows_that_makes_no_sense_is_named(fitted, n):
    with pytest.raises(ValueError, match="n="):
        fitted.sample(n)


def test_an_unfitted_model_says_what_to_do(tmp_path):
    with pytest.raises(RuntimeError, match="not fitted yet"):
        TabularGAN().sample(3)
    with pytest.raises(RuntimeError, match="not fitted yet"):
        TabularGAN().save(tmp_path / "model.zip")
    assert not list(tmp_path.iterdir())


def test_columns_and_categories_that_were_never_seen_are_named(fitted):
    with pytest.raises(ValueError, match="column 'hour' was not there"):
        fitted.encoder_.transform(mixed().assign(hour=1))
    with pytest.raises(ValueError, match="column 'place' is missing"):
        fitted.encoder_.transform(mixed().drop(columns="place"))
    with pytest.raises(ValueError, match="holds 'moon', which was not there"):
        fitted.encoder_.transform(mixed().assign(place="moon"))


# Files


@pytest.fixture
def saved(fitted, tmp_path):
    fitted.save(tmp_path / "model.zip")
    return tmp_path / "model.zip"


def test_a_saved_model_samples_the_same_rows(fitted, saved):
    loaded = TabularGAN.load(saved)
    pd.testing.assert_frame_equal(loaded.sample(200, 5), fitted.sample(200, 5), check_exact=True)
    pd.testing.assert_frame_equal(loaded.history_, fitted.history_, check_exact=True)
    assert loaded.settings() == fitted.settings()


def test_a_loaded_model_can_be_saved_and_fitted_again(fitted, saved):
    loaded = TabularGAN.load(saved)
    loaded.save(saved)
    pd.testing.assert_frame_equal(TabularGAN.load(saved).sample(20, 5), fitted.sample(20, 5))
    pd.testing.assert_frame_equal(loaded.fit(mixed()).sample(20, 5), fitted.sample(20, 5))


def test_numpy_settings_can_be_saved(tmp_path):
    settings = {**TINY, "nb_epochs": np.int64(2), "random_state": np.int64(3)}
    TabularGAN(**settings).fit(mixed()).save(tmp_path / "model.zip")
    assert TabularGAN.load(str(tmp_path / "model.zip")).nb_epochs == 2


def test_a_file_holds_no_path_of_the_machine(tmp_path):
    TabularGAN(**TINY, backup_dir=tmp_path).fit(mixed()).save(tmp_path / "model.zip")
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        assert all(str(tmp_path).encode() not in archive.read(name) for name in archive.namelist())


def test_a_loaded_model_was_not_resumed(saved):
    assert TabularGAN.load(saved).resumed_at_ == 0


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        TabularGAN.load(tmp_path / "nowhere.zip")


@pytest.mark.parametrize("kept", [0, 10, 1000, -30])
def test_a_truncated_file_is_refused(saved, kept):
    saved.write_bytes(saved.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"model\.zip is damaged"):
        TabularGAN.load(saved)


def rewrite(path: Path, **members: bytes) -> None:
    """Write an archive again with some members changed."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**content, **members}.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "config",
    [b"[]", b"{}", b'{"format": "gan_utils TabularGAN 0"}', b"not json", b"\xff\xfe",
     b'{"format": "gan_utils TabularGAN 1"}',
     b'{"format": "gan_utils TabularGAN 1", "settings": {"colour": 1}}'],
)  # fmt: skip
def test_a_foreign_file_is_refused(saved, config):
    rewrite(saved, **{"model.json": config})
    with pytest.raises(ValueError, match="was not written by TabularGAN"):
        TabularGAN.load(saved)


def test_a_damaged_byte_is_noticed(saved):
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 0xFF
    saved.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        TabularGAN.load(saved)


def test_a_network_file_of_keras_is_no_model_of_ours(fitted, tmp_path):
    fitted.gan_.generator.save(tmp_path / "generator.keras")
    with pytest.raises(ValueError, match="was not written by TabularGAN"):
        TabularGAN.load(tmp_path / "generator.keras")


def test_code_in_a_network_is_never_run(saved, tmp_path):
    layer = keras.layers.Lambda(lambda x: x, output_shape=(3,))
    evil = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), layer])
    evil.save(tmp_path / "evil.keras")
    rewrite(saved, **{"generator.keras": (tmp_path / "evil.keras").read_bytes()})
    with pytest.raises(ValueError, match=r"(?s)is damaged or was not written.*[Ll]ambda"):
        TabularGAN.load(saved)


@pytest.mark.parametrize(
    "values", [pd.cut(np.arange(40), 4), pd.Categorical(pd.to_datetime(["2024", "2025"] * 20))]
)
def test_what_cannot_be_saved_is_refused_before_the_training(values):
    model = TabularGAN(**{**TINY, "nb_epochs": 10**9})
    with pytest.raises(ValueError, match=r"(Interval|Timestamp), which a saved model cannot hold"):
        model.fit(pd.DataFrame({"bin": values, "x": np.arange(40.0)}))
    assert not hasattr(model, "model_")


def test_a_fit_that_is_interrupted_leaves_the_model_as_it_was(fitted, monkeypatch, tmp_path):
    def interrupted(self, rows):
        raise KeyboardInterrupt

    model = TabularGAN(**TINY).fit(mixed())
    monkeypatch.setattr(TabularGAN, "_train", interrupted)
    for synthesizer in (model, new := TabularGAN(**TINY)):
        with pytest.raises(KeyboardInterrupt):
            synthesizer.fit(mixed(seed=1))
    pd.testing.assert_frame_equal(model.sample(50, 3), fitted.sample(50, 3), check_exact=True)
    for call in (lambda: new.sample(3), lambda: new.save(tmp_path / "model.zip")):
        with pytest.raises(RuntimeError, match="not fitted yet"):
            call()


def test_a_save_that_fails_leaves_the_old_file_whole(saved):
    before = saved.read_bytes()
    broken = TabularGAN.load(saved)
    broken.gan_.discriminator = None
    with pytest.raises(AttributeError):
        broken.save(saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == ["model.zip"]


def test_a_file_holds_json_and_keras_files_only(saved):
    with zipfile.ZipFile(saved) as archive:
        assert set(archive.namelist()) == {"model.json", "generator.keras", "discriminator.keras"}
        json.loads(archive.read("model.json"))


# Trainings that are interrupted


def test_a_backup_is_removed_after_success(fitted, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BACKUP_SECONDS", 0)
    model = TabularGAN(**TINY, backup_dir=tmp_path / "backup").fit(mixed())
    assert model.resumed_at_ == 0
    assert not list(tmp_path.rglob("*.zip"))
    pd.testing.assert_frame_equal(model.sample(50, 3), fitted.sample(50, 3), check_exact=True)


@pytest.mark.slow
def test_an_interrupted_fit_resumes_and_ends_as_if_never_stopped(tmp_path, monkeypatch):
    assert_an_interrupted_fit_resumes(TabularGAN, TINY, GAN, mixed(), tmp_path, monkeypatch)


def test_another_training_leaves_a_backup_alone(tmp_path, monkeypatch):
    settings = {**TINY, "nb_epochs": 500, "backup_dir": tmp_path}
    with monkeypatch.context() as patch:
        interrupt_a_fit(TabularGAN(**settings), GAN, mixed(), patch)
    (backup,) = tmp_path.iterdir()
    left = backup.read_bytes()
    other = TabularGAN(**{**settings, "nb_epochs": 2}).fit(mixed(seed=1))
    assert other.resumed_at_ == 0
    assert backup.read_bytes() == left


def test_the_backup_of_another_training_has_another_name(fitted):
    def name(table=None, **changed):
        model = TabularGAN(**{**TINY, **changed}, backup_dir="folder", verbose=True)
        model.encoder_ = module.TableEncoder(model.encoding).fit(
            mixed() if table is None else table
        )
        model.training_hashes_ = module.row_hashes(mixed() if table is None else table)
        return model._backup().file.name

    swapped = mixed().iloc[::-1]
    renamed = mixed().rename(columns={"minutes": "hours"})
    others = [name(swapped), name(renamed), name(mixed(seed=1)), name(random_state=1)]
    others += [name(nb_epochs=21), name(widths=(8, 8)), name(encoding="minmax")]
    assert name() == name(mixed())
    assert len({name(), *others}) == 8


def test_a_backup_folder_may_be_in_the_home_folder(fitted, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(fitted, "backup_dir", "~/backup")
    assert fitted._backup().file.parent == tmp_path / "backup"


def test_a_damaged_backup_is_named_and_never_used(tmp_path):
    model = TabularGAN(**TINY, backup_dir=tmp_path)
    model.encoder_ = module.TableEncoder().fit(mixed())
    model.training_hashes_ = module.row_hashes(mixed())
    model._backup().file.write_bytes(b"half a file")
    with pytest.raises(ValueError, match=r"backup .* is damaged.*Delete it"):
        model.fit(mixed())
