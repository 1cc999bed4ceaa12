"""Follow a velocity field from noise to data, with or without class guidance."""

from collections.abc import Callable
from typing import Any

from gan_utils._support.backend import tf


def follow(velocity: Callable[[Any, Any], Any], samples: Any, steps: Any) -> Any:
    """Move samples from time 0 to time 1, using the velocity at the midpoint of each step.

    Parameters
    ----------
    velocity : callable
        Maps samples and times of shape (batch, 1) to velocities of the same shape as the samples.
    samples : tensor of shape (batch, ...)
        The starting points, which are noise.
    steps : tensor of shape (), int
        Number of steps.

    Returns
    -------
    tensor of shape (batch, ...)

    References
    ----------
    The midpoint method, a Runge-Kutta method of order 2.
    """
    size = 1 / tf.cast(steps, tf.float32)
    for i in tf.range(steps):
        times = tf.fill((tf.shape(samples)[0], 1), tf.cast(i, tf.float32) * size)
        middle = samples + size / 2 * velocity(samples, times)
        samples += size * velocity(middle, times + size / 2)
    return samples


def guided(velocity: Callable[..., Any], labels: Any, none: int, guidance: Any) -> Callable:
    """Return a function that computes the velocity for a class, with guidance.

    Parameters
    ----------
    velocity : callable
        Maps samples, times and labels to velocities.
    labels : tensor of shape (batch,)
        The classes.
    none : int
        The label that means "no class".
    guidance : tensor of shape (), or None
        How far the velocity for the class is pushed away from the velocity without a class; None
        leaves the velocity unchanged.

    Returns
    -------
    callable
        Maps samples and times to velocities.

    References
    ----------
    Ho and Salimans 2022, *Classifier-free diffusion guidance*.
    """

    def push(samples: Any, times: Any) -> Any:
        with_class = velocity(samples, times, labels)
        if guidance is None:
            return with_class
        without = velocity(samples, times, tf.fill(tf.shape(labels), none))
        return with_class + guidance * (with_class - without)

    return push
