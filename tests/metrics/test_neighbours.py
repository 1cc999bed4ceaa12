"""Neighbours are those of a plain search, in time and memory that grow with the rows."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from gan_utils.metrics import neighbours
from gan_utils.metrics.neighbours import has_twin, neighbour_distances

KINDS = {
    "ones and zeros": lambda rng, shape: rng.integers(0, 2, shape).astype(float),
    "numbers": lambda rng, shape: rng.normal(size=shape),
    "rounded": lambda rng, shape: rng.normal(size=shape).round(1),
    "far": lambda rng, shape: rng.normal(size=shape) * 10.0 ** rng.integers(-9, 30, shape[1]),
}


@pytest.mark.parametrize("kind", KINDS)
@given(st.integers(0, 999), st.integers(1, 60), st.integers(1, 60), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_twins_are_those_of_a_tree(kind, seed, n, m, width):
    rng = np.random.default_rng(seed)
    points, others = (KINDS[kind](rng, (rows, width)) for rows in (n, m))
    near = others[rng.integers(0, m, 9)] + rng.uniform(-1e-6, 1e-6, (9, width))
    points = np.vstack([points, near])
    distances, _ = cKDTree(others).query(points, distance_upper_bound=1e-6)
    np.testing.assert_array_equal(has_twin(points, others, 1e-6), distances < 1e-6)


@pytest.mark.parametrize("n_columns", [2, 10])
def test_categories_of_many_rows_take_no_longer_than_numbers(n_columns):
    """A tree took 40 s for these twins, and a time that grew with the square of the rows."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 8, (40_000, n_columns))
    points = np.eye(8)[codes].reshape(len(codes), -1)
    start = time.process_time()
    assert has_twin(points, points, 1e-6).all()
    if n_columns == 2:
        assert not neighbour_distances(points, points, 1).any()
    assert time.process_time() - start < 3  # about 0.2 s; the margin is for slow machines


def test_all_distances_are_computed_in_parts(monkeypatch):
    points, others = np.random.default_rng(0).normal(size=(2, 30, neighbours.MOST_DIMENSIONS + 1))
    expected = np.sort(cdist(points, others), axis=1)[:, 2]
    monkeypatch.setattr(neighbours, "CHUNK_OF_DISTANCES", 100)
    np.testing.assert_array_equal(neighbour_distances(points, others, 3), expected)
