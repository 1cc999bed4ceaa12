"""A training that is interrupted, or a process that is killed in it and started again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import pandas as pd
import pytest

from gan_utils.synthesizers import neural
from gan_utils.text import CharLanguageModel

#: So many seconds at most until a training waits to be killed, and until one has ended.
UNTIL_IT_WAITS, UNTIL_IT_ENDS = 200, 300


class Stop(keras.callbacks.Callback):
    """Stop before a batch of an epoch: as Ctrl-C does, or, with a sign, wait to be killed."""

    def __init__(self, epoch, batch=0, sign=None):
        super().__init__()
        self.at, self.sign, self.epoch = (epoch, batch), sign, 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if (self.epoch, batch) != self.at:
            return
        if self.sign is None:
            raise KeyboardInterrupt
        self.sign.touch()
        time.sleep(600)


def interrupt_a_fit(synthesizer, engine, table, patch):
    """Interrupt the training of a synthesizer in its fourth epoch; leave its backup behind."""
    fit = engine.fit

    def stopped(self, *args, callbacks, **kwargs):
        return fit(self, *args, callbacks=[*callbacks, Stop(3)], **kwargs)

    patch.setattr(neural, "BACKUP_SECONDS", 0)
    patch.setattr(engine, "fit", stopped)
    with pytest.raises(KeyboardInterrupt):
        synthesizer.fit(table)


def assert_an_interrupted_fit_resumes(synthesizer, settings, engine, table, folder, monkeypatch):
    """Interrupt the training of a synthesizer; the second ends as if the first had gone on."""
    settings = {**settings, "nb_epochs": 500}
    whole = synthesizer(**settings).fit(table)
    with monkeypatch.context() as patch:
        interrupt_a_fit(synthesizer(**settings, backup_dir=folder), engine, table, patch)
    resumed = synthesizer(**settings, backup_dir=folder).fit(table)
    assert 0 < resumed.resumed_at_ < 500
    assert not list(folder.iterdir())
    pd.testing.assert_frame_equal(resumed.sample(100, 0), whole.sample(100, 0), check_exact=True)
    # The reported means may differ in their last bit: on a busy machine TensorFlow adds up a loss,
    # which nothing is learned from, in another order.
    pd.testing.assert_frame_equal(resumed.history_, whole.history_, rtol=1e-6)


def train_letters(backup=None, callbacks=()):
    """Train with all that makes it hard to resume: dropout, early stopping, the best weights."""
    small = {"units": 24, "embedding_dim": 8, "window": 16, "batch_size": 8, "learning_rate": 3e-2}
    fixed = {"epochs": 4, "steps_per_epoch": 12, "patience": 2, "verbose": 0}
    text = "she sells sea shells by the sea shore. " * 40
    model = CharLanguageModel(**small, dropout=0.3)
    return model.fit(text, backup=backup, callbacks=callbacks, **fixed)


def start(script: str, word: str, env: dict[str, str]) -> subprocess.Popen:
    """Run a script in a process of its own; ``word`` is its argument."""
    command = [sys.executable, "-c", script, word]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def kill_when_waiting(process: subprocess.Popen, sign: Path) -> None:
    """Kill a process once it has made the file that says it waits."""
    end = time.monotonic() + UNTIL_IT_WAITS
    while not sign.exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, "the training did not get so far"
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def let_it_end(process: subprocess.Popen) -> None:
    """Wait until a process has ended well."""
    _, error = process.communicate(timeout=UNTIL_IT_ENDS)
    assert process.returncode == 0, error
