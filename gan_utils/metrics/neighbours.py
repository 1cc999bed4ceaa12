"""How near points lie to each other: the core of coverage and of copying."""

from __future__ import annotations

import numpy as np

#: Up to so many dimensions a tree is faster than all distances.
MOST_DIMENSIONS = 40
#: Points whose distances to all others are in memory at once.
CHUNK_OF_POINTS = 500


def neighbour_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    """Find how far the k-th nearest other point is.

    Parameters
    ----------
    points : ndarray of shape (n, w)
    others : ndarray of shape (m, w), optional
        Where to look; by default among the other points.
    k : int, at least 1
        At most m, or n - 1.

    Returns
    -------
    ndarray of shape (n,)
        Euclidean distances; equal points are exactly 0 apart.
    """
    if points.shape[1] > MOST_DIMENSIONS:
        return _by_all_distances(points, others, k)
    from sklearn.neighbors import NearestNeighbors

    # A tree subtracts coordinates, so that equal rows are exactly 0 apart; the brute-force way
    # multiplies them, which leaves a trace of rounding.
    search = NearestNeighbors(n_neighbors=k, algorithm="kd_tree", n_jobs=1)
    search.fit(points if others is None else others)
    return search.kneighbors(None if others is None else points)[0][:, -1]


def _by_all_distances(points: np.ndarray, others: np.ndarray | None, k: int) -> np.ndarray:
    from scipy.spatial.distance import cdist

    # A point is its own nearest one, at 0: the k-th other is the one with number k.
    place, among = (k, points) if others is None else (k - 1, others)
    parts = np.array_split(points, -(-len(points) // CHUNK_OF_POINTS))
    return np.concatenate([np.partition(cdist(p, among), place, axis=1)[:, place] for p in parts])


def covered(real: np.ndarray, synthetic: np.ndarray, k: int) -> np.ndarray:
    """Say which real points have a synthetic one in their neighbourhood.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, w) and (m, w)
    k : int, 1 to n - 1
        A neighbourhood reaches as far as the k-th nearest other real point.

    Returns
    -------
    ndarray of bool of shape (n,)

    References
    ----------
    Naeem et al. 2020, *Reliable fidelity and diversity metrics for generative models*. There the
    border of a neighbourhood does not belong to it; here it does, so that repeated real points (a
    neighbourhood of radius zero) can be covered by another such point.
    """
    return reached(real, synthetic, neighbour_distances(real, None, k))


def reached(real: np.ndarray, synthetic: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Say the same where the neighbourhoods' radii are known: see `covered`.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, w) and (m, w)
    radius : ndarray of shape (n,)
        How far each real point's neighbourhood reaches.

    Returns
    -------
    ndarray of bool of shape (n,)
    """
    return neighbour_distances(real, synthetic, 1) <= radius * (1 + 1e-9)


def has_twin(points: np.ndarray, others: np.ndarray, within: float) -> np.ndarray:
    """Say which points have another one at hardly any distance.

    Parameters
    ----------
    points, others : ndarray of shape (n, w) and (m, w)
    within : float
        The largest distance.

    Returns
    -------
    ndarray of bool of shape (n,)
    """
    from scipy.spatial import cKDTree

    # The bound makes the search quick, however many points and dimensions there are.
    distances, _ = cKDTree(others).query(points, distance_upper_bound=within)
    return distances < within
