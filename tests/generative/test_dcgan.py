"""The course's DCGAN: networks that go together, and training that repeats itself."""

import numpy as np
import pytest

from gan_utils.generative import GAN, ConditionalGAN
from gan_utils.generative.dcgan import build_dcgan


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    return rng.random((40, 28, 28, 1)).astype("float32")


def test_the_same_seed_gives_the_same_images(images):
    made, first = [], []
    for seed in (3, 3, 4):
        model = build_dcgan(4, random_state=seed)
        first.append(model.sample(3, random_state=0))
        if seed == 3:
            model.fit(images, batch_size=8, steps_per_epoch=4, verbose=0)
            made.append(model.sample(3, random_state=0))
    np.testing.assert_array_equal(*made)
    assert np.abs(first[0] - first[2]).max() > 0
    assert made[0].shape == (3, 28, 28, 1)
    assert made[0].min() >= 0
    assert made[0].max() <= 1


def test_with_classes_it_makes_what_is_asked_for(images):
    model = build_dcgan(2, n_classes=10)
    model.fit(images, labels=np.arange(40) % 10, batch_size=8, steps_per_epoch=2, verbose=0)
    assert isinstance(model, ConditionalGAN)
    made = model.sample(2, random_state=0, labels=[3, 8])
    again = model.sample(2, random_state=0, labels=[3, 9])
    np.testing.assert_allclose(made[0], again[0], atol=1e-6)
    assert np.abs(made[1] - again[1]).max() > 1e-3


def test_the_large_one_trains(images):
    large = np.repeat(np.repeat(images, 3, 1), 3, 2)[:, :64, :64]
    model = build_dcgan(2, image_size=64)
    before = [w.numpy() for w in model.generator.trainable_variables]
    model.fit(large, batch_size=8, steps_per_epoch=2, verbose=0)
    after = model.generator.trainable_variables
    assert type(model) is GAN
    assert all(np.abs(a - b).max() > 0 for a, b in zip(after, before, strict=True))
    assert model.sample(1).shape == (1, 64, 64, 1)


def test_colour_at_64_pixels_repeats_itself():
    colours = np.random.default_rng(0).random((16, 64, 64, 3)).astype("float32")
    made, first = [], []
    for seed in (0, 0, 1):
        model = build_dcgan(2, image_size=64, channels=3, random_state=seed)
        first.append(model.sample(2, random_state=0))
        if seed == 0:
            model.fit(colours, batch_size=4, steps_per_epoch=2, verbose=0)
            made.append(model.sample(2, random_state=0))
    assert made[0].shape == (2, 64, 64, 3)
    np.testing.assert_array_equal(*made)
    assert np.abs(first[0] - first[2]).max() > 0


def test_large_networks_have_one_layer_more():
    counts = {}
    for size in (28, 64):
        model = build_dcgan(2, image_size=size)
        names = [layer.name for layer in (*model.generator.layers, *model.discriminator.layers)]
        counts[size] = [sum(word in name for name in names) for word in ("double", "conv")]
    assert counts == {28: [2, 3], 64: [3, 4]}


@pytest.mark.parametrize(
    "wrong",
    [{"n_steps": 0}, {"image_size": 30}, {"latent_dim": 1.5}, {"channels": 0}, {"image_size": 60}],
)
def test_wrong_settings_are_named(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        build_dcgan(**wrong)


@pytest.mark.parametrize("seed", [None, 2**62, 0.5])
def test_a_wrong_seed_is_named(seed):
    with pytest.raises(ValueError, match=f"random_state={seed}"):
        build_dcgan(2, random_state=seed)


def test_numpy_integers_are_settings_like_others():
    settings = {"n_steps": 2, "image_size": 8, "channels": 1, "latent_dim": 4, "n_classes": 2}
    made = [
        build_dcgan(**{name: kind(value) for name, value in settings.items()}).sample(2, 0)
        for kind in (int, np.int64)
    ]
    np.testing.assert_array_equal(*made)
