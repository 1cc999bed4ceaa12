"""A warning if the learning rate is 0 long before the training ends."""

import keras
import numpy as np
import pytest
from killed import Stop
from small_gans import IMAGES, adam, build, train

from gan_utils.generative import build_dcgan, build_diffusion
from gan_utils.training import Backup, TrainingWarning
from gan_utils.training.rates import first_spent, warn_of_spent_rates

SIZE = {"image_size": 8}
LARGER = np.repeat(np.repeat(IMAGES, 2, axis=1), 2, axis=2)


def falling(kind="gan", n_steps=12):
    gan = build(kind)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, n_steps)
    gan.compile(adam("g_adam", rate), adam("d_adam", rate))
    return gan


@pytest.mark.parametrize("make", [build_dcgan, build_diffusion])
def test_as_many_steps_as_planned_give_no_warning(make, no_warnings):
    for n in (1, 2, 3, 6):
        warn_of_spent_rates(make(n, **SIZE), n)
    with pytest.warns(TrainingWarning, match=r"is 0 from step [34] of 8 on.*n_steps=8.*anew"):
        warn_of_spent_rates(make(2, **SIZE), 8)


def test_a_model_that_was_built_for_fewer_steps_says_from_where_it_learns_nothing():
    model = build_dcgan(2, **SIZE)
    with pytest.warns(TrainingWarning, match=r"is 0 from step [34] of 8 on.*n_steps=8.*anew"):
        model.fit(LARGER, batch_size=4, n_steps=8, steps_per_epoch=4, verbose=0)


def test_a_fit_that_is_run_twice_says_that_it_learns_nothing(no_warnings):
    gan = falling()
    train(gan, 4)
    with pytest.warns(TrainingWarning, match=r"of g_optimizer is 0 from step 1 of 12 on"):
        train(gan, 4)


@pytest.mark.filterwarnings("error::gan_utils.training.TrainingWarning")
def test_a_training_that_resumes_gives_no_warning(tmp_path):
    # The rate of the last epoch is so small that its last steps make no difference.
    backup = Backup(tmp_path / "a.zip", seconds=0)
    with pytest.raises(KeyboardInterrupt):
        train(falling(n_steps=11), 12, steps_per_epoch=1, backup=backup, callbacks=[Stop(11)])
    train(falling(n_steps=11), 12, steps_per_epoch=1, backup=tmp_path / "a.zip")


def test_a_critic_takes_several_steps_of_its_schedule_in_one(no_warnings):
    with pytest.warns(TrainingWarning, match=r"of d_optimizer is 0 from step 7 of 12 on"):
        train(falling("wasserstein"), 4)
    gan = build("wasserstein")
    schedules = [keras.optimizers.schedules.CosineDecay(1e-3, n) for n in (12, 24)]
    gan.compile(*(adam("adam", rate) for rate in schedules))
    train(gan, 4)


def test_a_last_step_without_a_rate_is_no_fault(no_warnings):
    train(falling(n_steps=2), 1, steps_per_epoch=3)


class Line(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule as users write it, which Keras can apply but not describe."""

    def __call__(self, step):
        return keras.ops.maximum(2**-10 - 2**-14 * step, 0)


def test_a_schedule_of_ones_own_may_multiply_the_step(no_warnings):
    flow = build("flow")
    flow.compile(keras.optimizers.Adam(Line()))
    train(flow, 2)
    with pytest.warns(TrainingWarning, match=r"is 0 from step 11 of 21 on"):
        train(flow, 7)


@pytest.mark.parametrize("n", [1, 2, 49, 50, 51, 1000])
def test_the_first_step_without_a_rate_is_found(n):
    for first in {0, 1, n // 3, n - 1, n} & set(range(n + 1)):
        assert first_spent(lambda step, first=first: float(step < first), n) == first
    if n > 2:  # a rate that rises from 0 first
        last = n - 1
        assert first_spent(lambda step: float(0 < step < last), n) == last
