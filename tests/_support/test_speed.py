"""How fast this machine is: of the right size, and in proportion."""

import numpy as np
import pytest

from gan_utils._support import speed


def test_the_speed_counts_what_was_multiplied(monkeypatch):
    """A clock of our own: three products of 2 n^3 operations in half a second."""
    ticks = iter([10.0, 10.0, 10.2, 10.4, 10.5])
    monkeypatch.setattr(speed.time, "perf_counter", lambda: next(ticks))
    assert speed.matrix_speed(0.5) == pytest.approx(3 * 2 * speed.SIZE**3 / 0.5 / 1e9)


def test_twice_the_reference_is_half_as_slow(monkeypatch):
    monkeypatch.setattr(speed, "matrix_speed", lambda seconds: 2 * speed.REFERENCE_SPEED)
    assert speed.slowness() == 0.5


def test_a_real_measurement_is_between_a_watch_and_a_cluster():
    assert 0.05 < speed.matrix_speed(0.05) < 50_000
    assert np.isfinite(speed.slowness(0.05))
