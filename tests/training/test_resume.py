"""Trainings that are killed go on with one argument; a generator is loaded alone."""

import inspect
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from killed import (
    Stop,
    interrupt_a_fit,
    kill_when_waiting,
    let_it_end,
    start,
    train_letters,
)
from mixed_tables import mixed
from small_gans import (
    IMAGES,
    adam,
    assert_same_weights,
    build,
    train,
    train_on_dataset,
)

from gan_utils._support.backend import tf
from gan_utils.generative import GAN, VAE, ConditionalGAN, FlowModel, WassersteinGAN
from gan_utils.synthesizers import TabularGAN
from gan_utils.training import Backup, SampleGrid, TrainingWarning

#: With what makes it hard to resume: averaged weights, random numbers of layers, several batches.
HARD = {
    "gan": {"average": 0.9, "dropout": 0.3, "gradient_penalty": 1.0},
    "wasserstein": {"average": 0.9},
    "flow": {"average": 0.9},
}
TABLE = {"latent_dim": 4, "nb_epochs": 500, "batch_size": 16, "widths": (8,), "pack": 2}
EPOCHS = 6


def interrupt(gan, backup, epoch=4, fit=train, **settings):
    with pytest.raises(KeyboardInterrupt):
        fit(gan, EPOCHS, backup=Backup(backup, seconds=0), callbacks=[Stop(epoch, 1)], **settings)


SCRIPT = """
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [{here!r}, {tests!r}]
from test_resume import run_all

run_all(Path({folder!r}), sys.argv[1] == "stop")
"""


def run_letters(folder, stop):
    """Train a model of letters; with ``stop``, not to its end."""
    file = folder / "letters.zip"
    if not stop:
        train_letters(file).history_.to_csv(folder / "letters.csv")
        return
    with pytest.raises(KeyboardInterrupt):
        train_letters(Backup(file, seconds=0), [Stop(2, 1)])


def run_table(folder, stop):
    """Train a synthesizer, which names its backup itself; with ``stop``, not to its end."""
    synthesizer = TabularGAN(**TABLE, backup_dir=folder / "table")
    if not stop:
        synthesizer.fit(mixed()).save(folder / "table.saved")
        (folder / "resumed_at").write_text(str(synthesizer.resumed_at_))
        return
    with pytest.MonkeyPatch.context() as patch:
        interrupt_a_fit(synthesizer, GAN, mixed(), patch)


def run_all(folder, stop):
    """Train letters, a table and each kind in ``HARD``; with ``stop``, none to its end."""
    run_letters(folder, stop)
    run_table(folder, stop)
    for kind, settings in HARD.items():
        gan, file = build(kind, **settings), folder / f"{kind}.zip"
        if not stop:
            history = train(gan, EPOCHS, backup=file)
            np.savez(folder / f"{kind}.npz", sample=gan.sample(9, 0), **history)
        elif kind == list(HARD)[-1]:
            wait = Stop(4, 1, folder / "waiting")
            train(gan, EPOCHS, backup=Backup(file, seconds=0), callbacks=[wait])
        else:
            interrupt(gan, file)


@pytest.mark.slow
def test_killed_trainings_go_on_and_end_as_if_never_killed(tmp_path, root, python_path):
    script = SCRIPT.format(
        here=str(Path(__file__).parent), tests=str(root / "tests"), folder=str(tmp_path)
    )
    kill_when_waiting(start(script, "stop", python_path), tmp_path / "waiting")
    assert {file.name for file in tmp_path.glob("*.zip")} == {
        f"{kind}.zip" for kind in (*HARD, "letters")
    }
    assert len(list(tmp_path.glob("table/TabularGAN_*.zip"))) == 1

    let_it_end(start(script, "go on", python_path))
    assert not list(tmp_path.glob("*.zip"))
    for kind, settings in HARD.items():
        whole, found = build(kind, **settings), np.load(tmp_path / f"{kind}.npz")
        history = train(whole, EPOCHS)
        np.testing.assert_array_equal(found["sample"], whole.sample(9, 0), err_msg=kind)
        for name, values in history.items():
            np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)
    found, whole = pd.read_csv(tmp_path / "letters.csv"), train_letters().history_
    for name in ("bits", "held_out_bits"):
        np.testing.assert_allclose(found[name], whole[name], rtol=1e-6, err_msg=name)
    assert not list((tmp_path / "table").iterdir())
    assert 0 < int((tmp_path / "resumed_at").read_text()) < TABLE["nb_epochs"]
    found, whole = TabularGAN.load(tmp_path / "table.saved"), TabularGAN(**TABLE).fit(mixed())
    pd.testing.assert_frame_equal(found.sample(200, 0), whole.sample(200, 0), check_exact=True)
    pd.testing.assert_frame_equal(found.history_, whole.history_, rtol=1e-6)


@pytest.mark.parametrize(
    ("again", "settings"),
    [
        ("the same model", {"dropout": 0.3, "average": 0.9}),
        ("a new one", {"kind": "conditional", "average": 0.9}),
    ],
)
def test_an_interrupted_training_goes_on_with_the_same_call(tmp_path, again, settings):
    whole, gan = build(**settings), build(**settings)
    history = train(whole, EPOCHS)
    interrupt(gan, tmp_path / "a.zip")
    gan = gan if again == "the same model" else build(**settings)
    assert train(gan, EPOCHS, backup=tmp_path / "a.zip") == history
    assert_same_weights(gan, whole)
    assert not list(tmp_path.iterdir())


def test_a_training_on_a_dataset_goes_on_where_the_dataset_was(tmp_path):
    whole = build()
    train_on_dataset(whole, EPOCHS)
    assert int(whole.step.numpy()) == EPOCHS * 6
    interrupt(build(), tmp_path / "a.zip", fit=train_on_dataset)
    gan = build()
    train_on_dataset(gan, EPOCHS, backup=tmp_path / "a.zip")
    assert_same_weights(gan, whole)


def test_the_animation_of_a_resumed_training_is_a_whole_one(tmp_path):
    grids = {"every": 2, "folder": tmp_path / "grids", "n": 4}
    with pytest.raises(KeyboardInterrupt):
        backup = Backup(tmp_path / "a.zip", seconds=0)
        train(build(), EPOCHS, backup=backup, callbacks=[SampleGrid(**grids), Stop(4, 1)])
    grid = SampleGrid(**grids)
    train(build(), EPOCHS, backup=tmp_path / "a.zip", callbacks=[grid])
    assert grid.epochs == [0, 2, 4, 6]
    assert len({frame.shape for frame in grid.frames}) == 1


def test_the_backup_of_another_training_is_refused(tmp_path):
    file = tmp_path / "a.zip"
    interrupt(build(), file)
    before = file.read_bytes()
    with pytest.raises(ValueError, match=r"another training: batch_size was 8 and is 4\."):
        train(build(), EPOCHS, backup=file, batch_size=4)
    with pytest.raises(ValueError, match=r"another training: model was .GAN. and is .Cond"):
        train(build("conditional"), EPOCHS, backup=file)
    with pytest.raises(ValueError, match="data was"):
        build().fit(IMAGES[:40], 8, EPOCHS, 3, backup=file)
    with pytest.raises(ValueError, match="other optimizer settings"):
        train(build(average=0.5), EPOCHS, backup=file)
    assert file.read_bytes() == before
    file.write_bytes(before[:3000])
    with pytest.raises(ValueError, match="is damaged"):
        train(build(), EPOCHS, backup=file)


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("gan", {"gradient_penalty": 1.0}, r"gradient_penalty was 0\.0 and is 1\.0"),
        ("gan", {"dropout": 0.3}, "other layers"),
        ("wasserstein", {"gradient_penalty": 1.0}, "gradient_penalty was 10"),
        ("conditional", {"gradient_penalty": 1.0}, "gradient_penalty was 0"),
        ("flow", {"forget": 0.5}, r"forget was 0\.1 and is 0\.5"),
        ("flow", {"time_shift": 1.0}, "time_shift was"),
        ("flow", {"most_weight": 4.0}, "most_weight was"),
    ],
)
def test_the_backup_of_a_training_with_other_settings_is_refused(tmp_path, kind, settings, words):
    interrupt(build(kind), tmp_path / "a.zip")
    with pytest.raises(ValueError, match=f"another training: {words}"):
        train(build(kind, **settings), EPOCHS, backup=tmp_path / "a.zip")


@pytest.mark.parametrize("model", [GAN, ConditionalGAN, FlowModel, VAE, WassersteinGAN])
def test_a_backup_knows_every_setting_of_a_model(model):
    given = set(inspect.signature(model).parameters) - set(model.network_names)
    assert given <= set(model.setting_names)


def test_a_backup_without_the_newer_facts_is_read(tmp_path):
    file, whole = tmp_path / "a.zip", build()
    history = train(whole, EPOCHS)
    interrupt(build(), file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    notes = json.loads(parts["notes.json"])
    for name in ("layers", "pack", "gradient_penalty"):
        del notes["facts"][name]
    parts["notes.json"] = json.dumps(notes)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert train(build(), EPOCHS, backup=file) == history


# Interrupted without a backup, or before there was one


def test_a_training_that_cannot_be_saved_says_so(tmp_path):
    with pytest.warns(TrainingWarning, match=r"a\.zip is written between epochs.*raise epochs"):
        train(build(), 1, backup=tmp_path / "a.zip")


@pytest.mark.filterwarnings("error::gan_utils.training.TrainingWarning")
def test_a_last_epoch_that_is_resumed_needs_no_warning(tmp_path):
    interrupt(build(), tmp_path / "a.zip", epoch=1)
    train(build(), 2, backup=tmp_path / "a.zip")
    TabularGAN(**{**TABLE, "nb_epochs": 2}, backup_dir=tmp_path / "table").fit(mixed())


@pytest.mark.parametrize("kind", ["gan", "flow"])
def test_after_an_interruption_the_averages_are_used(kind):
    whole, gan = build(kind, average=0.9), build(kind, average=0.9)
    train(whole, 4)
    with pytest.raises(KeyboardInterrupt):
        train(gan, EPOCHS, callbacks=[Stop(4)])
    assert_same_weights(gan, whole)


def test_an_interruption_before_the_first_step_changes_nothing():
    gan, other = build(average=0.9), build(average=0.9, random_state=1)
    train(gan)
    train(other)
    gan.generator.set_weights(other.generator.get_weights())
    with pytest.raises(KeyboardInterrupt):
        train(gan, callbacks=[Stop(0)])
    for one, two in zip(gan.generator.weights, other.generator.weights, strict=True):
        np.testing.assert_array_equal(one, two)


class Falling(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that Keras cannot describe, since it has no ``get_config``."""

    def __call__(self, step):
        return 1e-3 - 1e-6 * step


class OwnAdam(keras.optimizers.Adam):
    """An optimizer that Keras names and numbers itself."""

    def __init__(self):
        super().__init__(1e-3, name=None)


def rate_of(file):
    """Make a function without a name, as one in a notebook whose kernel has this file."""
    return eval(compile("lambda: 1e-3", file, "eval"))


@pytest.mark.parametrize(
    "optimizers",
    [
        [keras.optimizers.Adam(Falling()) for _ in range(2)],
        [OwnAdam(), OwnAdam()],
        [keras.optimizers.Adam(rate_of(f"kernel_{i}.py")) for i in range(2)],
    ],
)
def test_the_same_optimizer_made_again_is_no_other_one(tmp_path, optimizers):
    for number, optimizer in enumerate(optimizers):
        flow = build("flow")
        flow.compile(optimizer)
        if number:
            train(flow, EPOCHS, backup=tmp_path / "a.zip")
        else:
            interrupt(flow, tmp_path / "a.zip")


def test_a_rate_that_a_callback_changed_is_no_other_training(tmp_path):
    def fit(flow, epochs=EPOCHS, callbacks=(), **settings):
        falling = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 / (epoch + 1))
        return train(flow, epochs, callbacks=[falling, *callbacks], **settings)

    flow, whole = build("flow", average=0.9), build("flow", average=0.9)
    history = fit(whole)
    interrupt(flow, tmp_path / "a.zip", fit=fit)
    assert fit(flow, backup=tmp_path / "a.zip") == history
    assert_same_weights(flow, whole)


def test_another_rate_is_another_training(tmp_path):
    interrupt(build("flow"), tmp_path / "a.zip")
    flow = build("flow")
    flow.compile(adam("adam", 1e-2))
    with pytest.raises(ValueError, match="other learning rates"):
        train(flow, EPOCHS, backup=tmp_path / "a.zip")


def test_a_callback_may_add_a_measure_in_some_epochs(tmp_path):
    class Now(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch in (0, 3):
                logs["now"] = epoch

    history = train(build(), 4, backup=tmp_path / "a.zip", callbacks=[Now()])
    assert history["now"] == [0, 3]
    assert len(history["d_loss"]) == 4


def test_an_initial_epoch_counts_with_a_backup_too(tmp_path):
    class Epochs(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            seen.append(epoch)

    def fit(gan, epochs, callbacks=(), **settings):
        settings |= {"initial_epoch": 2, "callbacks": [Epochs(), *callbacks]}
        return train(gan, epochs, **settings)

    seen, whole, gan = [], build(), build()
    history = fit(whole, EPOCHS)
    interrupt(build(), tmp_path / "a.zip", fit=fit)
    assert fit(gan, EPOCHS, backup=tmp_path / "a.zip") == history
    assert seen == [2, 3, 4, 5, 2, 3, 4, 4, 5]
    assert_same_weights(gan, whole)


def test_the_best_weights_of_early_stopping_are_not_averaged_away():
    class Worse(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["score"] = float(epoch)
            kept.append(self.model.network.get_weights())

    kept, flow = [], build("flow", average=0.9)
    settings = {"mode": "min", "patience": 2, "restore_best_weights": True}
    train(flow, EPOCHS, callbacks=[Worse(), keras.callbacks.EarlyStopping("score", **settings)])
    assert len(kept) == 3
    for best, found in zip(kept[0], flow.network.get_weights(), strict=True):
        np.testing.assert_array_equal(best, found)


def test_more_epochs_are_no_other_training(tmp_path):
    interrupt(build(), tmp_path / "a.zip")
    longer = train(build(), EPOCHS + 2, backup=tmp_path / "a.zip")
    assert longer == train(build(), EPOCHS + 2)


# Datasets of batches


def test_a_dataset_is_learned_whole_and_again_and_again():
    seen = []

    def note(batch):
        seen.append(batch.numpy())
        return batch

    def watch(batch):
        batch = tf.py_function(note, [batch], tf.float32)
        return tf.ensure_shape(batch, (None, 4, 4, 1))

    gan = build()
    batches = tf.data.Dataset.from_tensor_slices(IMAGES[:20]).batch(8).map(watch)
    history = gan.fit(batches, epochs=2, verbose=0).history
    assert len(history["d_loss"]) == 2
    assert gan.batch_size == 8
    assert int(gan.step.numpy()) == 6  # three batches an epoch
    np.testing.assert_array_equal(np.concatenate(seen[1:4]), IMAGES[:20])


def test_an_epoch_in_larger_batches_is_the_dataset_once_too():
    for kind, n_steps in (("gan", 3), ("wasserstein", 2)):
        gan = build(kind)
        gan.fit(tf.data.Dataset.from_tensor_slices(IMAGES).batch(8), batch_size=16, verbose=0)
        assert int(gan.step.numpy()) == n_steps


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda d: d.take(0), "the dataset is empty"),
        (lambda d: d.batch(8).repeat(), "steps_per_epoch=100"),
        (lambda d: d.map(lambda x: x * 255).batch(8), r"can only make \[0, 1\]"),
        (lambda d: d.map(lambda x: (x, 1)).batch(8), "samples alone"),
        (lambda d: d, r"shape \(4, 1\) each"),
        (lambda d: d.map(lambda x: tf.cast(x, tf.int32)).batch(8), "int32.*float32"),
    ],
)
def test_a_dataset_that_cannot_be_learned_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        build().fit(make(tf.data.Dataset.from_tensor_slices(IMAGES)), verbose=0)


def test_small_tables_and_batches_from_the_pipeline_are_drawn_alike(monkeypatch):
    in_step, in_pipeline = build(), build()
    train(in_step)
    monkeypatch.setattr("gan_utils.training.engine.SMALL", 0)
    train(in_pipeline)
    assert in_step.draws_in_step
    assert not in_pipeline.draws_in_step
    assert_same_weights(in_step, in_pipeline)


# The generator alone

LOAD = """
import sys
import numpy as np
import keras

for kind in ("gan", "conditional"):
    generator = keras.models.load_model(f"{sys.argv[1]}/{kind}.keras", safe_mode=True)
    given = np.load(f"{sys.argv[1]}/{kind}.npz")
    inputs = [given["noise"], given["labels"]][: len(generator.inputs)]
    images = generator.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    assert np.array_equal(images, given["images"]), abs(images - given["images"]).max()
assert not any(name.startswith("gan_utils") for name in sys.modules)
"""


@pytest.mark.slow
def test_a_generator_is_loaded_alone_in_another_process(tmp_path, python_path):
    for kind in ("gan", "conditional"):
        gan = build(kind, average=0.9)
        train(gan)
        gan.generator.save(tmp_path / f"{kind}.keras")
        noise = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
        labels = np.array([0, 1] * 3, "int32")
        inputs = noise if kind == "gan" else [noise, labels]
        images = gan.generator.predict(inputs, verbose=0)
        np.savez(tmp_path / f"{kind}.npz", noise=noise, labels=labels, images=images)
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path)],
        env=python_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr


def test_a_backup_is_a_file_in_the_home_folder_or_elsewhere(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert Backup("~/state.zip").file == tmp_path / "state.zip"
    for wrong in ("", tmp_path):
        with pytest.raises(ValueError, match="Give the name of a file"):
            Backup(wrong)


def test_a_backup_that_cannot_be_unpacked_is_not_called_damaged(tmp_path, monkeypatch):
    file = tmp_path / "state.zip"
    with pytest.raises(KeyboardInterrupt):
        train(build(), epochs=3, backup=Backup(file, seconds=0), callbacks=[Stop(1)])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        train(build(), epochs=3, backup=file)
