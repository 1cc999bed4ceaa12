"""Measures of images: reference values, brute force, properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.metrics import image_cores
from gan_utils.metrics import images as image_metrics
from gan_utils.metrics.images import (
    class_shares,
    classes_covered,
    confident_share,
    frechet_distance,
    nearest_images,
    precision_density_recall_coverage,
)

seeds = st.integers(0, 10_000)


def cloud(n: int, d: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d))


def exact(mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return points that have exactly this mean and covariance."""
    points = cloud(200, len(mean), 7)
    points -= points.mean(axis=0)
    whiten = np.linalg.inv(np.linalg.cholesky(np.cov(points, rowvar=False)))
    return points @ whiten.T @ np.linalg.cholesky(covariance).T + mean


def test_frechet_of_two_normal_distributions_in_closed_form():
    """For diagonal covariances it is the sum of the squared gaps of means and deviations."""
    a = exact(np.array([0.0, 1, 2]), np.diag([1.0, 4, 9]))
    b = exact(np.array([1.0, 1, 0]), np.diag([4.0, 4, 1]))
    assert frechet_distance(a, b) == pytest.approx((1 + 0 + 4) + (1 + 0 + 4))


def test_frechet_of_correlated_features_as_scipy_has_it():
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(0)
    factors = rng.normal(size=(2, 4, 4))
    a, b = (f @ f.T + np.eye(4) for f in factors)
    expected = 4 + np.trace(a + b - 2 * sqrtm(a @ b).real)
    found = frechet_distance(exact(np.zeros(4), a), exact(np.ones(4), b))
    assert found == pytest.approx(expected)


def test_frechet_of_features_that_are_never_used():
    """A dead feature, or fewer images than features, must not end in complex numbers."""
    a, b = cloud(20, 64, 0), cloud(20, 64, 1)
    a[:, :40] = b[:, :40] = 0
    assert np.isfinite(frechet_distance(a, b))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance([[0.0], [2.0]], [[1.0], [3.0]]) == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(-3, 3))
def test_properties_of_frechet(seed, shift):
    a, b = cloud(30, 4, seed), 2 * cloud(25, 4, seed + 1)
    turn = np.linalg.qr(cloud(4, 4, seed))[0]
    distance = frechet_distance(a, b)
    assert distance >= 0
    assert frechet_distance(b, a) == pytest.approx(distance)
    assert frechet_distance(a @ turn + shift, b @ turn + shift) == pytest.approx(distance)
    assert frechet_distance(3 * a, 3 * b) == pytest.approx(9 * distance)
    assert frechet_distance(a, a + shift) == pytest.approx(4 * shift**2, abs=1e-9)


def brute_force(real: np.ndarray, fake: np.ndarray, k: int) -> dict[str, float]:
    """Write the definitions down, one image at a time."""

    def gap(x, y):
        return np.sqrt(((x - y) ** 2).sum())

    def reach(points, i):
        return sorted(gap(points[i], other) for j, other in enumerate(points) if j != i)[k - 1]

    balls = [(x, reach(real, i)) for i, x in enumerate(real)]
    fake_balls = [(x, reach(fake, i)) for i, x in enumerate(fake)]
    return {
        "precision": np.mean([any(gap(y, x) <= r for x, r in balls) for y in fake]),
        "density": np.mean([sum(gap(y, x) <= r for x, r in balls) for y in fake]) / k,
        "recall": np.mean([any(gap(x, y) <= r for y, r in fake_balls) for x in real]),
        "coverage": np.mean([any(gap(y, x) <= r for y in fake) for x, r in balls]),
    }


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(1, 5), st.floats(0, 2))
def test_four_shares_by_brute_force(seed, k, shift):
    real, fake = cloud(15, 3, seed), cloud(12, 3, seed + 1) + shift
    found = precision_density_recall_coverage(real, fake, k)
    assert found == pytest.approx(brute_force(real, fake, k))
    order = np.random.default_rng(seed).permutation
    shuffled = precision_density_recall_coverage(order(real), order(fake), k)
    assert shuffled == pytest.approx(found)


def test_parts_change_nothing(monkeypatch):
    real, fake = cloud(50, 3, 0), cloud(40, 3, 1)
    whole = precision_density_recall_coverage(real, fake), *nearest_images(fake)
    monkeypatch.setattr(image_cores, "ROWS", 7)
    assert precision_density_recall_coverage(real, fake) == whole[0]
    np.testing.assert_array_equal(nearest_images(fake), whole[1:])


def test_four_shares_of_known_cases():
    real = cloud(400, 5, 0)
    alike = precision_density_recall_coverage(real, cloud(400, 5, 1))
    assert alike["density"] == pytest.approx(1, abs=0.1)
    assert alike["coverage"] == pytest.approx(1 - 1 / 2**5, abs=0.03)
    assert min(alike["precision"], alike["recall"]) > 0.85
    collapsed = precision_density_recall_coverage(real, real[:1] + 0.01 * cloud(400, 5, 2))
    assert collapsed["precision"] == 1
    assert collapsed["recall"] < 0.01 and collapsed["coverage"] < 0.1
    away = precision_density_recall_coverage(real, cloud(400, 5, 3) + 100)
    assert set(away.values()) == {0}


def test_classes():
    probabilities = np.repeat(np.eye(4), [60, 37, 3, 0], axis=0)
    assert class_shares(probabilities).tolist() == [0.6, 0.37, 0.03, 0]
    assert classes_covered(probabilities) == 2
    assert classes_covered(probabilities, least=0.1) == 3
    assert confident_share(probabilities) == 1
    assert confident_share([[0.9, 0.1], [0.91, 0.09]]) == 0.5


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(1, 30), st.integers(2, 10))
def test_properties_of_shares(seed, n, n_classes):
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(n_classes), n)
    shares = class_shares(probabilities)
    assert shares.sum() == pytest.approx(1)
    assert 1 <= classes_covered(probabilities) <= n_classes
    assert 0 <= confident_share(probabilities, 0.99) <= confident_share(probabilities, 0.5) <= 1


def test_nearest_images():
    train = np.random.default_rng(0).uniform(size=(40, 6, 6, 1))
    images = train[[5, 3]].copy()
    images[1] += 0.1
    places, distances = nearest_images(images, train)
    assert places.tolist() == [5, 3]
    assert distances == pytest.approx([0, 0.1], abs=1e-6)
    assert distances[0] < image_metrics.SAME_IMAGE


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_nearest_images_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    images, train = rng.uniform(size=(7, 4, 4, 1)), rng.uniform(size=(9, 4, 4, 1))
    gaps = np.sqrt(((images[:, None] - train) ** 2).mean(axis=(2, 3, 4)))
    places, distances = nearest_images(images, train)
    np.testing.assert_array_equal(places, gaps.argmin(axis=1))
    np.testing.assert_allclose(distances, gaps.min(axis=1), rtol=1e-5)
    own = np.sqrt(((train[:, None] - train) ** 2).mean(axis=(2, 3, 4))) + 9 * np.eye(9)
    np.testing.assert_allclose(nearest_images(train)[1], own.min(axis=1), rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: frechet_distance(cloud(9, 3, 0), cloud(9, 4, 0)), "do not match"),
        (lambda: frechet_distance(cloud(1, 3, 0), cloud(9, 3, 0)), "at least 2 of each"),
        (lambda: frechet_distance([[np.nan]] * 3, [[0.0]] * 3), "missing or infinite"),
        (lambda: precision_density_recall_coverage(*cloud(2, 5, 0)[:, :, None]), "at least 6"),
        (lambda: precision_density_recall_coverage(cloud(9, 2, 0), cloud(9, 2, 1), 0), "k=0"),
        (lambda: class_shares([0.5, 0.5]), "n_classes"),
        (lambda: class_shares([[3.0, -1.0]]), "not logits"),
        (lambda: classes_covered([[1.0, 0.0]], 0), "least=0"),
        (lambda: confident_share([[1.0, 0.0]], 1), "above=1"),
        (lambda: nearest_images(np.zeros((1, 4, 4))), "at least 2"),
    ],
)
def test_wrong_input_is_refused(call, hint):
    with pytest.raises(ValueError, match=hint):
        call()
