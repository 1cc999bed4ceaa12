"""Measures of pictures: features by hand, a test that sees noise, and errors with a way out."""

import numpy as np
import pytest

from gan_utils.metrics import pictures
from gan_utils.metrics.pictures import (
    as_pictures,
    features_c2st,
    pictures_c2st,
    square_features,
)

RNG = np.random.default_rng(0)


def blobs(n, seed, side=32):
    """Draw a coloured square at a random place on white."""
    rng = np.random.default_rng(seed)
    images = np.ones((n, side, side, 3), "float32")
    for image, (y, x) in zip(images, rng.integers(0, side // 2, (n, 2)), strict=True):
        image[y : y + side // 2, x : x + side // 2] = rng.random(3)
    return images


def test_features_are_means_and_spreads_of_squares():
    images = RNG.random((3, 64, 64, 3)).astype("float32")
    features = square_features(images)
    assert (features.shape, features.dtype) == ((3, 2 * 16 * 16 * 3), np.float64)
    means, spreads = features.reshape(3, 2, 16, 16, 3).transpose(1, 0, 2, 3, 4)
    square = images[1, 8:12, 60:64, 2].astype("float64")
    assert means[1, 2, 15, 2] == pytest.approx(square.mean())
    assert spreads[1, 2, 15, 2] == pytest.approx(square.std())


def test_grey_images_have_features_too():
    assert square_features(np.full((2, 16, 16, 1), 0.5)).tolist() == [[0.5] * 256 + [0.0] * 256] * 2


def test_the_two_sample_test_sees_noise_and_passes_equals():
    real, other = blobs(60, 0), blobs(60, 1)
    assert pictures_c2st(real, other, 0) < 0.65
    noisy = (other + RNG.normal(0, 0.1, other.shape)).clip(0, 1)
    assert pictures_c2st(real, noisy, 0) > 0.95
    assert pictures_c2st(real, noisy, 0) == pictures_c2st(real, noisy, 0)


def test_a_copy_of_the_real_set_cannot_be_told():
    real = blobs(40, 0)
    assert pictures_c2st(real, real.copy(), 0) < 0.6


def test_features_that_differ_in_the_sign_of_a_zero_are_copies():
    features = RNG.normal(size=(40, 6)).round()
    signed = np.where(features == 0, -0.0, features)
    assert features_c2st(features, signed, 0) == features_c2st(features, features.copy(), 0)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((4, 28, 28, 3)), "multiple of 16"),
        (np.zeros((4, 64, 32, 3)), "square"),
        (np.zeros((4, 64, 64)), r"\(4, 64, 64\)"),
        (np.zeros((0, 64, 64, 3)), "shape"),
        (np.full((4, 64, 64, 3), 255.0), "by 255"),
        (np.full((4, 64, 64, 3), np.nan), "missing"),
    ],
)
def test_other_arrays_are_refused(images, words):
    with pytest.raises(ValueError, match=words):
        as_pictures(images)


def test_too_few_are_named():
    with pytest.raises(ValueError, match="3 and 9 images"):
        pictures_c2st(blobs(3, 0), blobs(9, 1))


def test_a_seed_that_is_none():
    for seed in (-1, 2**32, np.random.default_rng(0)):
        with pytest.raises(ValueError, match=r"random_state=.* must be"):
            pictures_c2st(blobs(5, 0), blobs(5, 1), random_state=seed)


def test_features_are_computed_in_parts(monkeypatch):
    images = np.random.default_rng(0).random((30, 32, 32, 3), dtype="float32")
    expected = square_features(images)
    monkeypatch.setattr(pictures, "AT_ONCE", 7)
    np.testing.assert_array_equal(square_features(images), expected)
