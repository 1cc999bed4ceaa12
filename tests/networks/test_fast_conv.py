"""Convolutions with few filters by another way: the same numbers, values and gradients."""

import numpy as np
import pytest

from gan_utils._support.backend import keras, tf
from gan_utils.networks import build_dcgan_generator, build_small_dcgan_generator, fast_call
from gan_utils.networks.fast_conv import few_filter_convolution


def with_gradients(convolve, images, kernel):
    with tf.GradientTape() as tape:
        tape.watch([images, kernel])
        made = convolve(images, kernel)
        bent = tf.reduce_sum(tf.sin(made / 10))
    return [made, *tape.gradient(bent, [images, kernel])]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("filters", [1, 2])
def test_values_and_gradients_are_tensorflows(size, filters):
    images = tf.random.stateless_normal((3, 9, 8, 5), (size, 0))
    kernel = tf.random.stateless_normal((size, size, 5, filters), (size, 1))
    ours = with_gradients(few_filter_convolution, images, kernel)
    theirs = with_gradients(lambda x, k: tf.nn.conv2d(x, k, 1, "SAME"), images, kernel)
    for got, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("classes", [None, 3])
def test_the_fast_call_gives_the_networks_images_and_weights(classes):
    generator = build_small_dcgan_generator(4, 8, (4, 4, 2), classes)
    noise = tf.random.stateless_normal((5, 4), (0, 0))
    inputs = noise if classes is None else [noise, tf.constant([0, 1, 2, 1, 0])]
    call = fast_call(generator)
    assert call != generator.__call__

    def values_and_slopes(run):
        with tf.GradientTape() as tape:
            made = run(inputs, training=True)
            bent = tf.reduce_sum(tf.sin(3 * made))
        return [made, *tape.gradient(bent, generator.trainable_variables)]

    pairs = zip(values_and_slopes(call), values_and_slopes(generator), strict=True)
    for ours, theirs in pairs:
        ours, theirs = map(tf.convert_to_tensor, (ours, theirs))
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_the_network_stays_plain_keras(tmp_path):
    generator = build_dcgan_generator(4, 8, 4)
    fast_call(generator)
    generator.save(tmp_path / "generator.keras")
    loaded = keras.models.load_model(tmp_path / "generator.keras", safe_mode=True)
    noise = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(loaded(noise), generator(noise))
    assert [type(layer).__module__.split(".")[0] for layer in loaded.layers] == ["keras"] * len(
        loaded.layers
    )


def test_a_kernel_that_is_no_square_is_left_to_tensorflow():
    images = keras.Input((8, 8, 3), name="images")
    made = keras.layers.Conv2D(1, (3, 5), padding="same", name="image")(images)
    network = keras.Model(images, made)
    values = tf.random.stateless_normal((2, 8, 8, 3), (0, 0))
    np.testing.assert_array_equal(fast_call(network)(values), network(values))


def test_networks_without_such_a_layer_are_called_as_they_are():
    inputs = keras.Input((8, 8, 2))
    wide = keras.Sequential([inputs, keras.layers.Conv2D(8, 3, padding="same")])
    strided = keras.Sequential([inputs, keras.layers.Conv2D(1, 3, strides=2, padding="same")])
    assert fast_call(wide) == wide.__call__
    assert fast_call(strided) == strided.__call__
