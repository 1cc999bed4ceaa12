"""Distances between neighbouring points, used to measure coverage and copying."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Up to this many dimensions, a tree is faster than computing all distances.
MOST_DIMENSIONS = 40
#: Number of points whose distances to all others are held in memory at once, and of distances.
CHUNK_OF_POINTS, CHUNK_OF_DISTANCES = 500, 2**25
#: Number of points whose twins are searched at once.
CHUNK_OF_TWINS = 10_000


def neighbour_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    """Find each point's distance to its k-th nearest neighbour.

    Parameters
    ----------
    points : ndarray of shape (n, w)
    others : ndarray of shape (m, w), optional
        The points to search; by default, the other points in ``points``.
    k : int, at least 1
        The rank of the neighbour: at most m, or n - 1 without ``others``.

    Returns
    -------
    ndarray of shape (n,)
        Euclidean distances; equal points are exactly 0 apart.
    """
    if points.shape[1] > MOST_DIMENSIONS:
        return _by_all_distances(points, others, k)
    from sklearn.neighbors import NearestNeighbors

    # A tree search subtracts coordinates, so equal rows are exactly 0 apart; the brute-force method
    # multiplies them, which leaves rounding errors.
    search = NearestNeighbors(n_neighbors=k, algorithm="kd_tree", n_jobs=1)
    if others is not None and k == 1:
        # The tree would compare a point with every one of many equal points.
        others = np.ascontiguousarray(pd.DataFrame(others).drop_duplicates().to_numpy())
    search.fit(points if others is None else others)
    return search.kneighbors(None if others is None else points)[0][:, -1]


def _by_all_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    from scipy.spatial.distance import cdist

    # Each point is its own nearest neighbour, so the k-th nearest other point has index k.
    place, among = (k, points) if others is None else (k - 1, others)
    size = max(1, min(CHUNK_OF_POINTS, CHUNK_OF_DISTANCES // len(among)))
    parts = np.array_split(points, -(-len(points) // size))
    return np.concatenate([np.partition(cdist(p, among), place, axis=1)[:, place] for p in parts])


def covered(real: np.ndarray, synthetic: np.ndarray, k: int) -> np.ndarray:
    """Find the real points that have a synthetic point in their neighbourhood.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, w) and (m, w)
    k : int, 1 to n - 1
        A neighbourhood extends to the k-th nearest other real point.

    Returns
    -------
    ndarray of bool of shape (n,)

    References
    ----------
    Naeem et al. 2020, *Reliable fidelity and diversity metrics for generative models*. In the
    paper, the border of a neighbourhood is excluded; here it is included, so repeated real points
    (whose neighbourhood has radius zero) can be covered by an identical synthetic point.
    """
    return reached(real, synthetic, neighbour_distances(real, None, k))


def reached(real: np.ndarray, synthetic: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Find the real points that have a synthetic point within a given radius.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, w) and (m, w)
    radius : ndarray of shape (n,)
        The radius of each real point's neighbourhood.

    Returns
    -------
    ndarray of bool of shape (n,)
    """
    return neighbour_distances(real, synthetic, 1) <= radius * (1 + 1e-9)


def has_twin(points: np.ndarray, others: np.ndarray, within: float) -> np.ndarray:
    """Find the points that have a twin among ``others``.

    Parameters
    ----------
    points, others : ndarray of shape (n, w) and (m, w)
    within : float
        Distance below which two points count as twins.

    Returns
    -------
    ndarray of bool of shape (n,)
    """
    # A projection onto a line never makes a distance larger, so the twins of a point are among the
    # few points that are close to it on the line. A tree visits most of its branches for one-hot
    # coordinates, which lie exactly on the borders between the branches.
    line = np.random.default_rng(0).normal(size=points.shape[1])
    line /= np.linalg.norm(line)
    along = _along(line, others)
    order = np.argsort(along, kind="stable")
    along, others = along[order], others[order]
    new = np.r_[True, (others[1:] != others[:-1]).any(axis=1)]
    along, others = along[new], others[new]
    parts = np.array_split(points, -(-len(points) // CHUNK_OF_TWINS))
    return np.concatenate([_have_twins(part, others, along, line, within) for part in parts])


def _along(line: np.ndarray, points: np.ndarray) -> np.ndarray:
    return np.einsum("ij,j->i", points, line)


def _have_twins(
    points: np.ndarray, others: np.ndarray, along: np.ndarray, line: np.ndarray, within: float
) -> np.ndarray:
    """Compare each point with the others that are close to it on the line, one after another."""
    place = _along(line, points)
    rounding = 4 * len(line) * np.finfo(float).eps * (np.linalg.norm(points, axis=1) + 1)
    first = np.searchsorted(along, place - within - rounding)
    last = np.searchsorted(along, place + within + rounding, "right")
    found = np.zeros(len(points), bool)
    while len(left := np.flatnonzero(~found & (first < last))):
        found[left] = np.linalg.norm(points[left] - others[first[left]], axis=1) < within
        first[left] += 1
    return found
