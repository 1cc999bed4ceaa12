"""Alarms in words, a progress line, and a backup that a training goes on from."""

import io
import re
import warnings

import keras
import numpy as np
import pytest

from gan_utils.generative import GAN
from gan_utils.networks import build_tabular_discriminator, build_tabular_generator
from gan_utils.training import (
    Backup,
    TrainingAlarms,
    TrainingError,
    TrainingProgress,
    TrainingWarning,
)

ROWS = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")


def build(learning_rate=1e-3):
    keras.utils.set_random_seed(0)
    gan = GAN(
        build_tabular_generator(5, 3, (), (8,)), build_tabular_discriminator(3, (8,)), latent_dim=5
    )
    gan.compile(keras.optimizers.Adam(learning_rate), keras.optimizers.Adam(learning_rate))
    return gan


def train(gan, *callbacks, rows=ROWS, epochs=6, **kwargs):
    return gan.fit(
        rows, 16, epochs, steps_per_epoch=2, verbose=0, callbacks=list(callbacks), **kwargs
    )


def alarms_of(gan, alarms, **kwargs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(gan, alarms, **kwargs)
    return [str(w.message) for w in caught if issubclass(w.category, TrainingWarning)]


def set_generator(gan, value):
    """Make the generator write one and the same number, whatever the noise."""
    kernel, bias = gan.generator.layers[-1].get_weights()
    gan.generator.layers[-1].set_weights([0 * kernel, 0 * bias + value])


def test_a_healthy_training_raises_no_alarm():
    assert alarms_of(build(), TrainingAlarms(ROWS, every=1, patience=1), epochs=8) == []


def test_a_loss_that_is_no_number_stops_the_training():
    gan = build()
    gan.generator.layers[-1].bias.assign([np.nan] * 3)
    with pytest.raises(TrainingError, match=r"_loss is no longer.*epoch 1\. Try a learning rate"):
        train(gan, TrainingAlarms())


def test_exploding_values_stop_the_training_too():
    with pytest.raises(TrainingError, match="extreme values in the data"):
        train(build(1e30), TrainingAlarms(), rows=1e30 * ROWS, epochs=20)


def test_collapse_is_said_once():
    gan = build(learning_rate=0.0)
    set_generator(gan, 0.5)
    said = alarms_of(gan, TrainingAlarms(ROWS, every=1, patience=3), epochs=8)
    assert len(said) == 1
    assert said[0].startswith("mode collapse: generated rows vary less than a tenth")
    assert "Try pack=8" in said[0]


def test_patience_waits():
    gan = build(learning_rate=0.0)
    set_generator(gan, 0.5)
    assert alarms_of(gan, TrainingAlarms(ROWS, every=2, patience=3), epochs=5) == []


def test_a_constant_column_is_no_collapse():
    constant = np.zeros_like(ROWS)
    gan = build(learning_rate=0.0)
    set_generator(gan, 0.0)
    alarms = TrainingAlarms(constant, every=1, patience=1)
    assert not [said for said in alarms_of(gan, alarms, rows=constant) if "collapse" in said]


def test_a_discriminator_that_has_won_is_said_once():
    gan = build(learning_rate=0.0)
    set_generator(gan, 100.0)
    hidden, _, out = gan.discriminator.layers
    hidden.set_weights([0 * hidden.kernel.numpy() + [[-1.0]], 0 * hidden.bias.numpy()])
    out.set_weights([0 * out.kernel.numpy() + 10.0, 0 * out.bias.numpy() + 2000.0])
    said = alarms_of(gan, TrainingAlarms(), epochs=8)
    assert len(said) == 1
    assert "tells real from generated without a mistake" in said[0]
    assert "gradient_penalty=1" in said[0]


def test_a_second_training_may_say_it_again():
    gan, alarms = build(learning_rate=0.0), TrainingAlarms(ROWS, every=1, patience=1)
    set_generator(gan, 0.5)
    assert len(alarms_of(gan, alarms)) == len(alarms_of(gan, alarms)) == 1


def test_the_progress_line_ends_at_the_last_step():
    stream = io.StringIO()
    train(build(), TrainingProgress(12, 6, stream))
    last = stream.getvalue().split("\r")[-1]
    assert re.match(r"\[#{20}\] 12/12 steps  \d\d:\d\d, 00:00 left.*d_loss \d+\.\d\d", last)
    assert last.endswith("\n")


def test_the_progress_line_is_not_rewritten_too_often():
    stream = io.StringIO()
    train(build(), TrainingProgress(400, 200, stream), epochs=200)
    assert stream.getvalue().count("\r") < 100


class Interrupt(keras.callbacks.Callback):
    """Stop as Ctrl-C does, in the middle of a training."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt


def test_an_interrupted_training_goes_on_from_its_backup(tmp_path):
    whole = build()
    history = train(whole).history
    with pytest.raises(KeyboardInterrupt):
        train(build(), Backup(tmp_path / "state.zip", seconds=0), Interrupt(4))

    gan, backup = build(), Backup(tmp_path / "state.zip", seconds=0)
    done = backup.restore(gan)
    assert len(done) == 4
    rest = train(gan, backup, initial_epoch=4).history
    assert [log["d_loss"] for log in done] + rest["d_loss"] == history["d_loss"]
    np.testing.assert_array_equal(gan.sample(20, 0), whole.sample(20, 0))
    backup.remove()
    assert not list(tmp_path.iterdir())


def test_without_a_backup_it_starts_at_the_beginning(tmp_path):
    backup = Backup(tmp_path / "folder" / "state.zip", seconds=1000)
    assert backup.restore(build()) == []
    train(build(), backup)
    assert not list(tmp_path.iterdir())
    backup.remove()


def test_a_damaged_backup_is_refused(tmp_path):
    file = tmp_path / "state.zip"
    with pytest.raises(KeyboardInterrupt):
        train(build(), Backup(file, seconds=0), Interrupt(4))
    for damaged in (file.read_bytes()[:500], b"", b"nonsense"):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"state\.zip is damaged"):
            Backup(file).restore(build())
