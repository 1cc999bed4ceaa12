"""Compute the measures of images for arrays that were already checked."""

from __future__ import annotations

import numpy as np

from gan_utils.metrics.neighbours import neighbour_distances, reached

#: Number of rows that are compared with all others at once.
ROWS = 512


def frechet(real: np.ndarray, synthetic: np.ndarray) -> float:
    """Compute the Fréchet distance between two sets of features: see `images.frechet_distance`.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, d) and (m, d), float64
        At least 2 rows in each array; all values are finite.

    Returns
    -------
    float, at least 0

    References
    ----------
    Dowson and Landau 1982, *The Fréchet distance between multivariate normal distributions*.
    """
    gap = real.mean(axis=0) - synthetic.mean(axis=0)
    a, b = (np.atleast_2d(np.cov(part, rowvar=False)) for part in (real, synthetic))
    # The square roots of AB's eigenvalues are the singular values of A^(1/2) B^(1/2), which are
    # real.
    shared = np.linalg.svd(_root(a) @ _root(b), compute_uv=False).sum()
    return float(max(gap @ gap + np.trace(a) + np.trace(b) - 2 * shared, 0.0))


def _root(matrix: np.ndarray) -> np.ndarray:
    """Return the symmetric square root of a covariance matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def neighbourhood_shares(real: np.ndarray, synthetic: np.ndarray, k: int) -> dict[str, float]:
    """Compute the measures of `images.precision_density_recall_coverage`.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, d) and (m, d), float64
        More than k rows in each array; all values are finite.
    k : int, at least 1
        A neighbourhood extends to the k-th nearest neighbour.

    Returns
    -------
    dict
        ``precision``, ``density``, ``recall`` and ``coverage``.

    References
    ----------
    Kynkäänniemi et al. 2019, *Improved precision and recall metric for assessing generative
    models*; Naeem et al. 2020, *Reliable fidelity and diversity metrics for generative models*.
    """
    reach, reach_synthetic = (neighbour_distances(part, None, k) for part in (real, synthetic))
    around = np.zeros(len(synthetic), int)
    recalled = np.zeros(len(real), bool)
    for part in _parts(synthetic):
        between = _distances(synthetic[part], real)
        inside = between <= reach
        around[part] = inside.sum(axis=1)
        recalled |= (between <= reach_synthetic[part, None]).any(axis=0)
    return {
        "precision": float(np.mean(around > 0)),
        "density": float(np.mean(around) / k),
        "recall": float(recalled.mean()),
        "coverage": float(reached(real, synthetic, reach).mean()),
    }


def _distances(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist

    return cdist(points, others)


def _parts(points: np.ndarray) -> list[slice]:
    """Divide rows into parts, because all distances at once would not fit into memory."""
    return [slice(start, start + ROWS) for start in range(0, len(points), ROWS)]


def won_shares(probabilities: np.ndarray) -> np.ndarray:
    """Compute the share of images assigned to each class.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_classes)
        At least one row; each row adds up to 1.

    Returns
    -------
    ndarray of shape (n_classes,)
    """
    won = np.bincount(probabilities.argmax(axis=1), minlength=probabilities.shape[1])
    return won / len(probabilities)


def n_classes_covered(shares: np.ndarray, least: float) -> int:
    """Count the classes whose share is at least ``least`` times an equal share.

    Parameters
    ----------
    shares : ndarray of shape (n_classes,)
        As returned by `won_shares`.
    least : float in (0, 1]

    Returns
    -------
    int
    """
    return int(np.sum(shares * len(shares) >= least))


def sure_share(probabilities: np.ndarray, above: float) -> float:
    """Compute the share of rows whose highest probability is above a limit.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_classes)
    above : float in (0, 1)

    Returns
    -------
    float in [0, 1]
    """
    return float(np.mean(probabilities.max(axis=1) > above))


def nearest_rows(
    rows: np.ndarray, train: np.ndarray, own: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest training image for each image: see `images.nearest_images`.

    Parameters
    ----------
    rows : ndarray of shape (n, pixels), float32
        One image per row; all values are finite.
    train : ndarray of shape (m, pixels), float32
        The images to search.
    own : ndarray of shape (n,), int, optional
        The place of each image in ``train``, if it contains them: no image is its own neighbour.

    Returns
    -------
    places : ndarray of shape (n,), int
    distances : ndarray of shape (n,), float
        Root mean square differences of the pixels.
    """
    # A matrix product finds the nearest image, but is rounded too coarsely to detect copies.
    lengths = np.einsum("ij,ij->i", train, train)
    places = np.empty(len(rows), int)
    for part in _parts(rows):
        squares = lengths - 2 * rows[part] @ train.T
        if own is not None:
            squares[np.arange(len(squares)), own[part]] = np.inf
        places[part] = squares.argmin(axis=1)
    gaps = rows.astype("float64") - train[places]
    return places, np.sqrt((gaps**2).mean(axis=1))
