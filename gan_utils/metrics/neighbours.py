"""Distances between neighbouring points, used to measure coverage and copying."""

from __future__ import annotations

import numpy as np

#: Up to this many dimensions, a tree is faster than computing all distances.
MOST_DIMENSIONS = 40
#: Number of points whose distances to all others are held in memory at once.
CHUNK_OF_POINTS = 500


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
    search.fit(points if others is None else others)
    return search.kneighbors(None if others is None else points)[0][:, -1]


def _by_all_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    from scipy.spatial.distance import cdist

    # Each point is its own nearest neighbour, so the k-th nearest other point has index k.
    place, among = (k, points) if others is None else (k - 1, others)
    parts = np.array_split(points, -(-len(points) // CHUNK_OF_POINTS))
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
    from scipy.spatial import cKDTree

    # The bound makes the search fast for any number of points and dimensions.
    distances, _ = cKDTree(others).query(points, distance_upper_bound=within)
    return distances < within
