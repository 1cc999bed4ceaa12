"""Any number of steps: the last epoch may be shorter, and what is learnt stays the same."""

import io
import re
import time

import numpy as np
import pandas as pd
import pytest
from killed import Stop
from small_gans import assert_same_weights, build, train

from gan_utils.synthesizers import TabularGAN, TabularVAE
from gan_utils.training import Backup, TrainingProgress

ROWS = pd.DataFrame({"x": np.random.default_rng(0).normal(size=40)})
TINY = {"latent_dim": 2, "batch_size": 8, "widths": (4,)}


@pytest.mark.parametrize("steps_per_execution", [1, 2, 5])
@pytest.mark.parametrize("kind", ["gan", "conditional"])
def test_a_short_last_epoch_learns_what_single_steps_learn(
    kind, steps_per_execution, no_warnings, monkeypatch
):
    whole, parts = build(kind), build(kind, steps_per_execution=steps_per_execution)
    train(whole, 1, steps_per_epoch=12)
    history = train(parts, steps_per_epoch=5, n_steps=12)
    assert int(parts.step.numpy()) == 12
    assert len(history["d_loss"]) == 3
    assert_same_weights(whole, parts)
    monkeypatch.setattr("gan_utils.training.engine.SMALL", 0)
    piped = build(kind, steps_per_execution=steps_per_execution)
    train(piped, steps_per_epoch=5, n_steps=12)
    assert_same_weights(whole, piped)


def test_an_epoch_has_the_steps_that_were_asked_for():
    """Keras would run 6 steps in place of 5, since 2 do not divide them, and 8 in place of 3."""
    gan, whole = build(steps_per_execution=8), build()
    train(gan, 2, steps_per_epoch=5)
    train(gan, 1, steps_per_epoch=3)
    train(gan, 1, steps_per_epoch=16)
    assert int(gan.step.numpy()) == 29
    train(whole, 1, steps_per_epoch=29)
    assert_same_weights(gan, whole)


def test_several_batches_a_step_end_at_the_right_step(no_warnings):
    whole, parts = build("wasserstein"), build("wasserstein")
    train(whole, 1, steps_per_epoch=7)
    train(parts, steps_per_epoch=3, n_steps=7)
    assert int(parts.step.numpy()) == 7
    assert_same_weights(whole, parts)


def test_a_short_last_epoch_goes_on_after_an_interruption(tmp_path):
    whole, gan = build(dropout=0.3), build(dropout=0.3)
    settings = {"steps_per_epoch": 5, "n_steps": 13}
    history = train(whole, **settings)
    backup = Backup(tmp_path / "a.zip", seconds=0)
    with pytest.raises(KeyboardInterrupt):
        train(gan, backup=backup, callbacks=[Stop(2)], **settings)
    again = build(dropout=0.3)
    assert train(again, backup=tmp_path / "a.zip", **settings) == history
    assert int(again.step.numpy()) == 13
    assert_same_weights(again, whole)


@pytest.mark.parametrize(
    ("n", "looks"),
    [(20, [20]), (101, [100, 101]), (150, [75, 150]), (200, [100, 200]), (211, [100, 200, 211])],
)
@pytest.mark.parametrize("kind", [TabularGAN, TabularVAE])
def test_every_number_of_steps_is_trained(kind, n, looks, no_warnings):
    model = kind(nb_epochs=n, **TINY).fit(ROWS)
    assert model.history_.index.tolist() == looks
    assert int(model.model_.step.numpy()) == n


@pytest.mark.slow
def test_a_prime_number_of_steps_is_no_slower():
    def seconds(n):
        start = time.perf_counter()
        TabularVAE(nb_epochs=n, **TINY).fit(ROWS)
        return time.perf_counter() - start

    seconds(100)
    even, prime = zip(*[(seconds(1000), seconds(997)) for _ in range(2)], strict=True)
    assert min(prime) < 3 * min(even)  # it took ten times as long


def test_the_progress_line_knows_a_short_last_epoch():
    stream = io.StringIO()
    progress = TrainingProgress(12, 3, stream, steps_per_epoch=5)
    train(build(), steps_per_epoch=5, n_steps=12, callbacks=[progress])
    assert re.search(r" 12/12 steps .*\n$", stream.getvalue())
    assert [progress._steps(epoch) for epoch in range(4)] == [0, 5, 10, 12]


def test_the_progress_line_of_a_resumed_training_begins_in_the_middle(tmp_path):
    class Stop(TrainingProgress):
        def on_epoch_begin(self, epoch, logs=None):
            super().on_epoch_begin(epoch, logs)
            if epoch == 2:
                raise KeyboardInterrupt

    first, stream = Stop(12, 4, io.StringIO()), io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        train(build(), 4, backup=Backup(tmp_path / "a.zip", seconds=0), callbacks=[first])
    progress = TrainingProgress(12, 4, stream)
    train(build(), 4, backup=tmp_path / "a.zip", callbacks=[progress])
    lines = stream.getvalue().split("\r")
    assert " 6/12 steps" in lines[1]
    assert " 12/12 steps" in lines[-1]
    first.stream = io.StringIO()
    first._bar.fp = first.stream
    first.on_train_begin()
    assert first._bar is None


@pytest.mark.parametrize("seed", [None, 2**62])
def test_a_seed_that_no_step_can_use_is_named(seed):
    with pytest.raises(ValueError, match=f"random_state={seed}"):
        build(random_state=seed)
