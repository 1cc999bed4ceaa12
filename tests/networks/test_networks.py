"""The networks: shapes, ranges, and files that load without running anyone's code."""

import random
import threading

import keras
import numpy as np
import pytest

from gan_utils import networks
from gan_utils.classifiers.images import _build as image_classifier
from gan_utils.generative import GAN
from gan_utils.networks import (
    build_classic_generator,
    build_composite,
    build_conv_discriminator,
    build_dcgan_discriminator,
    build_dcgan_generator,
    build_dense_discriminator,
    build_dense_generator,
    build_relu_generator,
    build_tabular_discriminator,
    build_tabular_generator,
    seeded_weights,
)

NOISE = np.random.default_rng(0).normal(size=(6, 5)).astype("float32")


def test_the_classic_networks_are_those_of_the_papers():
    generator, discriminator = build_classic_generator(), build_tabular_discriminator()
    assert (generator.input_shape, generator.output_shape) == ((None, 100), (None, 3))
    assert (discriminator.input_shape, discriminator.output_shape) == ((None, 3), (None, 1))
    kinds = [type(layer).__name__ for layer in generator.layers]
    assert kinds == ["Dense", "LeakyReLU", "BatchNormalization"] * 3 + ["Dense"]
    assert [layer.units for layer in generator.layers[::3]] == [128, 256, 512, 3]


def test_the_classic_generator_stays_between_minus_one_and_one():
    rows = build_classic_generator(5, 2, (8,))(50 * NOISE).numpy()
    assert rows.shape == (6, 2)
    assert np.abs(rows).max() <= 1


@pytest.mark.parametrize(
    ("n_numeric", "sizes", "width"), [(2, (), 2), (0, (3,), 3), (1, (2, 4), 7), (0, (1, 2), 3)]
)
def test_a_tabular_generator_has_a_column_for_each_number_and_value(n_numeric, sizes, width):
    rows = build_tabular_generator(5, n_numeric, sizes, (8,))(NOISE).numpy()
    assert rows.shape == (6, width)
    start = n_numeric
    for size in sizes:
        block = rows[:, start : start + size]
        np.testing.assert_allclose(np.sort(block, axis=1)[:, -1], 1, atol=1e-6)
        np.testing.assert_allclose(block.sum(axis=1), 1, atol=1e-6)
        start += size


@pytest.mark.usefixtures("no_warnings")
def test_a_column_of_one_value_trains_without_a_warning():
    import tensorflow as tf

    generator = build_tabular_generator(5, 0, (1, 2), (8,))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(generator(NOISE) ** 2)
    gradients = tape.gradient(loss, generator.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


@pytest.mark.parametrize(
    "build",
    [
        lambda: build_classic_generator(5, 2, (8,)),
        lambda: build_tabular_generator(5, 2, (3, 1), (8, 8)),
        lambda: keras.Sequential([keras.Input((5,)), *build_tabular_discriminator(5, (8,)).layers]),
    ],
)
def test_a_saved_network_loads_in_safe_mode_and_says_the_same(build, tmp_path):
    network = build()
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded(NOISE).numpy(), network(NOISE).numpy())


def test_seeded_weights_hear_nothing_of_other_threads():
    """Keras seeds its weights from Python's global generator, which every thread draws from."""

    def weights():
        with seeded_weights(7):
            return build_tabular_generator(5, 2, (3,), (8,)).get_weights()

    quiet, stop = weights(), threading.Event()

    def draw():
        while not stop.is_set():
            random.random()

    noise = threading.Thread(target=draw, daemon=True)
    noise.start()
    try:
        noisy = [weights() for _ in range(3)]
    finally:
        stop.set()
        noise.join()
    for other in noisy:
        assert all(np.array_equal(a, b) for a, b in zip(quiet, other, strict=True))


def test_unseeded_networks_differ():
    one, other = (build_tabular_generator(5, 2).get_weights()[0] for _ in range(2))
    assert not np.array_equal(one, other)


# Images


GENERATORS = (build_dense_generator, build_relu_generator, build_dcgan_generator)
DISCRIMINATORS = (build_dense_discriminator, build_conv_discriminator, build_dcgan_discriminator)


def test_the_dense_image_networks_are_those_of_the_first_courses():
    def units(model):
        return [layer.units for layer in model.layers if hasattr(layer, "units")]

    assert units(build_dense_generator()) == [128, 256, 512, 1024, 784]
    assert units(build_relu_generator()) == [256, 512, 1024, 784]
    assert units(build_dense_discriminator()) == [1024, 512, 256, 1]


def test_the_convolutional_networks_are_those_of_the_first_courses():
    conv = build_conv_discriminator()
    assert [layer.output.shape[1:] for layer in conv.layers if "conv" in layer.name] == [
        (14, 14, 64),
        (7, 7, 128),
    ]
    generator, discriminator = build_dcgan_generator(), build_dcgan_discriminator()
    kinds = [type(layer).__name__ for layer in generator.layers]
    assert kinds == ["Dense", "LeakyReLU", "Reshape"] + [
        "Conv2DTranspose",
        "LeakyReLU",
    ] * 2 + ["Conv2D"]
    assert generator.get_layer("stack").output.shape[1:] == (7, 7, 128)
    assert [layer.rate for layer in discriminator.layers if "dropout" in layer.name] == [0.4, 0.4]
    # By hand: 100 x 6272 + 6272; twice 4 x 4 x 128 x 128 + 128; 7 x 7 x 128 + 1.
    assert generator.count_params() == 633_472 + 2 * 262_272 + 6_273
    assert discriminator.count_params() == 640 + 36_928 + 7 * 7 * 64 + 1


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("build", GENERATORS)
def test_generators_give_images_of_any_size(build, image_size):
    small = {"filters": 4} if build is build_dcgan_generator else {"widths": (8,)}
    images = build(5, image_size, **small)(NOISE).numpy()
    assert images.shape == (6, image_size, image_size, 1)
    low = 0 if build is build_dcgan_generator else -1
    assert low <= images.min() <= images.max() <= 1


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("build", DISCRIMINATORS)
def test_discriminators_judge_images_of_any_size(build, image_size):
    small = {
        build_dense_discriminator: {"widths": (8,)},
        build_conv_discriminator: {"filters": (4, 4)},
        build_dcgan_discriminator: {"filters": 4},
    }[build]
    images = np.random.default_rng(0).uniform(size=(3, image_size, image_size, 1))
    logits, shares = (
        keras.ops.convert_to_numpy(judge(images))
        for judge in (_seeded(build, image_size, p, small) for p in (False, True))
    )
    np.testing.assert_allclose(shares, 1 / (1 + np.exp(-logits)), rtol=1e-5)


def _seeded(build, image_size, probabilities, small):
    with seeded_weights(0):
        return build(image_size, probabilities=probabilities, **small)


@pytest.mark.parametrize("image_size", [27, 30, 4, 0, -8])
def test_a_size_that_cannot_be_halved_twice_is_refused(image_size):
    for build in (lambda s: build_dcgan_generator(5, s), build_dcgan_discriminator):
        with pytest.raises(ValueError, match=f"image_size={image_size} cannot be halved twice"):
            build(image_size)


def test_a_dcgan_of_64_pixels_trains():
    images = np.random.default_rng(0).uniform(size=(16, 64, 64, 1)).astype("float32")
    with seeded_weights(0):
        generator = build_dcgan_generator(5, 64, 4)
        gan = GAN(generator, build_dcgan_discriminator(64, 4), latent_dim=5)
    gan.compile()
    before = [w.copy() for w in gan.get_weights()]
    history = gan.fit(images, 8, epochs=1, steps_per_epoch=2, verbose=0).history
    assert np.isfinite(history["g_loss"][0])
    changed = [not np.array_equal(a, b) for a, b in zip(before, gan.get_weights(), strict=True)]
    assert all(changed)
    assert gan.sample(3, 0).shape == (3, 64, 64, 1)


@pytest.mark.parametrize(
    "build",
    [build_classic_generator, build_tabular_discriminator, build_dense_generator,
     build_dense_discriminator, build_dcgan_discriminator],
)  # fmt: skip
def test_seeds_are_given_in_the_order_of_the_layers(build):
    """Another order would give other first weights, and every stored result would change."""
    with seeded_weights(7):
        model = build()
    seeds = random.Random(7)
    for layer in (layer for layer in model.layers if hasattr(layer, "kernel")):
        expected = keras.initializers.GlorotUniform(seeds.randint(1, 10**9))(layer.kernel.shape)
        np.testing.assert_array_equal(layer.kernel.numpy(), keras.ops.convert_to_numpy(expected))


def test_the_composite_shares_the_weights_of_both():
    generator = build_dcgan_generator(5, 8, filters=2)
    discriminator = build_dcgan_discriminator(8, filters=2)
    composite = build_composite(generator, discriminator)
    np.testing.assert_allclose(composite(NOISE), discriminator(generator(NOISE)), atol=1e-6)
    shared = {id(w) for network in (generator, discriminator) for w in network.trainable_weights}
    assert {id(w) for w in composite.trainable_weights} == shared
    with pytest.raises(ValueError, match=r"\(12, 12, 1\)"):
        build_composite(build_dcgan_generator(5, 12, filters=2), discriminator)


BUILDERS = {
    "classic generator": lambda n: networks.build_classic_generator(n(5), n(2), (n(8),)),
    "tabular generator": lambda n: networks.build_tabular_generator(n(5), n(2), (n(3),), (n(8),)),
    "tabular decoder": lambda n: networks.build_tabular_decoder(n(5), n(2), (n(3),), (n(8),)),
    "dense generator": lambda n: networks.build_dense_generator(n(5), n(8), (n(8),)),
    "dense discriminator": lambda n: networks.build_dense_discriminator(n(8), (n(8),)),
    "conv discriminator": lambda n: networks.build_conv_discriminator(n(8), (n(4),)),
    "DCGAN generator": lambda n: networks.build_dcgan_generator(n(5), n(8), n(4)),
    "DCGAN discriminator": lambda n: networks.build_dcgan_discriminator(n(8), n(4)),
    "small generator": lambda n: networks.build_small_dcgan_generator(
        n(5), n(8), (n(4), n(4)), n(2), n(3)
    ),
    "small discriminator": lambda n: networks.build_small_dcgan_discriminator(
        n(8), (n(4), n(4)), n(2), n(3)
    ),
    "flow of rows": lambda n: networks.build_flow_mlp(n(3), (n(2),), (n(8),)),
    "flow of images": lambda n: networks.build_flow_unet(n(8), n(1), n(4), n(8), n(2)),
    "ring": lambda n: networks.build_ring_discriminator(True, n(2)),
    "sentences": lambda n: networks.build_sentence_discriminator(
        n(9), n(6), n(3), n(4), n(4), (n(2), n(3))
    ),
    "classifier of images": lambda n: image_classifier(n(12), n(3)),
}


def built(build, number):
    with seeded_weights(0):
        return build(number)


def same_network(one, other, tmp_path):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    other.save(tmp_path / "network.keras")
    return one.get_config() == other.get_config()


@pytest.mark.parametrize("name", BUILDERS)
def test_sizes_may_be_numbers_of_numpy(name, tmp_path):
    plain, numpy = (built(BUILDERS[name], number) for number in (int, np.int64))
    assert same_network(plain, numpy, tmp_path)


@pytest.mark.parametrize("name", BUILDERS)
def test_the_order_of_channels_is_not_that_of_keras_settings(name, tmp_path):
    last = built(BUILDERS[name], int)
    keras.config.set_image_data_format("channels_first")
    try:
        first = built(BUILDERS[name], int)
    finally:
        keras.config.set_image_data_format("channels_last")
    assert same_network(last, first, tmp_path)


def test_a_size_that_is_no_whole_number_is_not_rounded():
    with pytest.raises(ValueError, match=r"units=8\.5"):
        build_classic_generator(5, 2, (8.5,))
