"""The networks: shapes, ranges, and files that load without running anyone's code."""

import random
import threading

import keras
import numpy as np
import pytest

from gan_utils.networks import (
    build_classic_generator,
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


@pytest.mark.filterwarnings("error")
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
