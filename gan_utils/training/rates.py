"""Warn if the learning rate is 0 long before a training ends."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils.training.alarms import TrainingWarning

#: Share of the steps of a training that may have the rate 0 without a warning. A cosine schedule
#: gives 0 in the last 0.01 % of its own steps, since the numbers have only seven digits; other
#: schedules give 0 in the very last step.
UNNOTICED = 0.1
#: Number of steps at which the rate is looked up to find where it falls to 0.
_LOOKS = 50


def warn_of_spent_rates(model: keras.Model, n_steps: int, done: int = 0) -> None:
    """Warn if a schedule of the learning rate ends long before the training does.

    Parameters
    ----------
    model : GenerativeModel
        A compiled model whose optimizers are built.
    n_steps : int
        Number of steps in the whole training.
    done : int
        How many of these steps were taken before, if the training resumes.
    """
    spent = {}
    for attribute, optimizer in vars(model).items():
        if isinstance(optimizer, keras.optimizers.Optimizer) and done < n_steps:
            each = model.batches_per_step if attribute == model.batch_optimizer else 1
            start = max(0, int(optimizer.iterations.numpy()) - done * each)
            spent[attribute] = first_spent(_rates(optimizer, start, each), n_steps)
    name = min(spent, key=spent.get, default=None)
    if name and n_steps - spent[name] > max(1, UNNOTICED * n_steps):
        warnings.warn(
            f"the learning rate of {name} is 0 from step {spent[name] + 1} of {n_steps} on, and "
            "nothing is learnt at a rate of 0. Build the model for as many steps as it is trained "
            f"(n_steps={n_steps}), or build it anew if it has been trained before.",
            TrainingWarning,
            stacklevel=2,
        )


def _rates(optimizer: Any, start: int, each: int) -> Callable[[int], float]:
    """Return a function that gives the rate at each step of this training."""
    # Keras returns only the rate of the next step; the schedule itself is not public.
    schedule = getattr(optimizer, "_learning_rate", None)
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return lambda step: 1.0  # a fixed rate is the user's own choice
    # Keras passes its own kind of variable, which can be multiplied by a float, unlike a tensor.
    taken = keras.Variable(0, dtype=optimizer.iterations.dtype, trainable=False, name="taken")

    def rate(step: int) -> float:
        taken.assign(start + int(step) * each)
        return float(tf.convert_to_tensor(schedule(taken)))

    return rate


def first_spent(rate: Callable[[int], float], n_steps: int) -> int:
    """Find the step from which on the learning rate is 0.

    Parameters
    ----------
    rate : callable
        Returns the rate at a step, counted from 0.
    n_steps : int, at least 1
        Number of steps.

    Returns
    -------
    int
        ``n_steps`` if the rate is above 0 in the last step.
    """
    if rate(n_steps - 1):
        return n_steps
    looks = np.unique(np.linspace(0, n_steps - 1, _LOOKS).astype(int))
    above = [int(step) for step in looks if rate(step)]  # it may also begin at 0
    if not above:
        return 0
    low, high = above[-1], n_steps - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if rate(middle) else (low, middle)
    return high
