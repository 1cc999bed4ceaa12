"""How fast this machine multiplies matrices, relative to the one where the lessons were timed."""

import time

import numpy as np
from threadpoolctl import threadpool_limits

#: GFLOP per second from `matrix_speed` on one idle core of the two where the lessons were timed.
REFERENCE_SPEED = 103.0
#: Rows and columns of each matrix: one product takes milliseconds.
SIZE = 768


def matrix_speed(seconds: float = 0.5) -> float:
    """Measure how fast one core of this machine multiplies matrices now.

    Several threads would wait for each other at each product: next to other programs they slow down
    far more than a lesson, which seldom uses all cores.

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
    """Measure how many times longer a lesson takes here than on the reference machine.

    Parameters
    ----------
    seconds : float, above 0
        How long to measure.

    Returns
    -------
    float
        1 on a machine as fast as the reference, 3 on one that takes three times as long.
    """
    return REFERENCE_SPEED / matrix_speed(seconds)
