"""Measure this machine's speed relative to the machine on which the lessons were timed."""

import time

import numpy as np
from threadpoolctl import threadpool_limits

#: GFLOP per second, measured by `matrix_speed` on one idle core of the two-core machine on which
#: the lessons were timed.
REFERENCE_SPEED = 103.0
#: Number of rows and columns of each matrix; one product takes milliseconds.
SIZE = 768


def matrix_speed(seconds: float = 0.5) -> float:
    """Measure how fast one core of this machine currently multiplies matrices.

    Only one thread is used. Several threads would wait for each other at each product, so other
    programs would slow the measurement down far more than a lesson, which seldom uses all cores.

    Parameters
    ----------
    seconds : float, above 0
        How long to measure.

    Returns
    -------
    float
        GFLOP per second, in single precision.
    """
    left = np.random.default_rng(0).random((SIZE, SIZE), dtype="float32")
    right = left.T.copy()
    with threadpool_limits(1, user_api="blas"):
        left @ right  # the first product takes longer
        n_products, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds or not n_products:
            left @ right
            n_products += 1
    return 2 * SIZE**3 * n_products / spent / 1e9


def slowness(seconds: float = 0.5) -> float:
    """Measure how many times longer a lesson takes on this machine than on the reference machine.

    Parameters
    ----------
    seconds : float, above 0
        How long to measure.

    Returns
    -------
    float
        1 if this machine is as fast as the reference machine, and 3 if a lesson takes three times
        as long.
    """
    return REFERENCE_SPEED / matrix_speed(seconds)
