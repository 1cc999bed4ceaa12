"""Networks for flow matching, which estimate the real sample from a noisy sample and the time."""

from collections.abc import Sequence
from typing import Any

from gan_utils._support.backend import keras, layers, ops
from gan_utils.networks.parts import (
    CHANNELS_LAST,
    dense,
    first_seed,
    flat,
    glorot,
    noise_input,
    through_blocks,
    whole,
)

#: Number of waves that encode the time, and the frequency of the fastest wave.
N_WAVES, FASTEST = 16, 100.0


@keras.saving.register_keras_serializable(package="gan_utils")
class TimeWaves(layers.Layer):
    """Turn a time into sines and cosines of several frequencies, like the hands of a clock.

    The fast waves show small differences in time, and the slow waves show large differences.
    """

    def call(self, times: Any) -> Any:
        """Turn times of shape (batch, 1) into sines and cosines of shape (batch, 2 * N_WAVES)."""
        angles = times * FASTEST ** ops.linspace(0.0, 1.0, N_WAVES)
        return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def build_flow_mlp(
    n_numeric: int, sizes: Sequence[int] = (), widths: Sequence[int] = (128, 128)
) -> keras.Model:
    """Build a dense network for rows with numbers and one-hot categories.

    Parameters
    ----------
    n_numeric : int
        Number of numeric columns, which come first.
    sizes : sequence of int
        How many values each categorical column has; the estimates for these columns are
        probabilities.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps noisy rows of shape (batch, n_numeric + sum(sizes)) and times of shape (batch, 1) to
        estimated rows.
    """
    row, times = noise_input(n_numeric + sum(sizes)), _time_input()
    told = layers.Concatenate(name="row_and_time")([row, TimeWaves(name="waves")(times)])
    hidden = through_blocks(told, widths)
    heads = [dense(n_numeric, name="numbers")(hidden)] if n_numeric else []
    heads += [_shares(hidden, size, number) for number, size in enumerate(sizes, 1)]
    estimate = heads[0] if len(heads) == 1 else layers.Concatenate(name="estimate")(heads)
    return keras.Model([row, times], estimate, name="flow")


def _shares(hidden: Any, size: int, number: int) -> Any:
    """Estimate a one-hot vector by softmax, or by sigmoid if the vector has only one value.

    Keras warns about a softmax of one value.
    """
    activation = "softmax" if size > 1 else "sigmoid"
    return dense(size, activation=activation, name=f"shares_{number}")(hidden)


def _time_input() -> Any:
    return keras.Input((1,), name="time")


@keras.saving.register_keras_serializable(package="gan_utils")
class ScaleAndShift(layers.Layer):
    """Scale and shift features by amounts computed from a vector.

    The vector encodes, for example, the time and the class.

    References
    ----------
    Perez et al. 2018, *FiLM: visual reasoning with a general conditioning layer*.
    """

    def build(self, features_shape: tuple, told_shape: tuple) -> None:
        """Create weights that leave the features unchanged at first."""
        shape = (told_shape[-1], 2 * features_shape[-1])
        self.kernel = self.add_weight(shape=shape, initializer="zeros", name="kernel")
        self.bias = self.add_weight(shape=shape[1:], initializer="zeros", name="bias")

    def call(self, features: Any, told: Any) -> Any:
        """Scale and shift each sample's features by amounts computed from its vector."""
        scale, shift = ops.split(ops.matmul(told, self.kernel) + self.bias, 2, axis=-1)
        wide = (-1, *[1] * (len(features.shape) - 2), features.shape[-1])
        return features * (1 + ops.reshape(scale, wide)) + ops.reshape(shift, wide)


def build_flow_unet(
    image_size: int = 28,
    channels: int = 1,
    filters: int = 32,
    width: int = 512,
    n_classes: int | None = None,
) -> keras.Model:
    """Build a small U-Net with dense layers at the bottom.

    One path flattens the image, so its dense layers see the whole image; the other path has feature
    maps at half the size. The two results are added, and two convolutions produce the estimate.

    Parameters
    ----------
    image_size : int, even
        Height and width of an image, in pixels.
    channels : int
        1 for grey images, 3 for colour.
    filters : int
        Number of feature maps in the path at half the image size.
    width : int
        Number of units in the dense layers.
    n_classes : int, optional
        Number of classes. If it is given, the network also takes labels, and the label
        ``n_classes`` means "no class".

    Returns
    -------
    keras.Model
        Maps noisy images of shape (batch, image_size, image_size, channels), times of shape
        (batch, 1) and, with ``n_classes``, labels of shape (batch,) to estimated images.

    Raises
    ------
    ValueError
        If the size is odd.

    References
    ----------
    Ronneberger, Fischer and Brox 2015, *U-Net: convolutional networks for biomedical image
    segmentation* (the shortcut between two paths).
    """
    image_size, channels, filters = whole(image_size), whole(channels), whole(filters)
    half = _half(image_size)
    image, times = keras.Input((image_size, image_size, channels), name="input"), _time_input()
    inputs, told = _told([image, times], n_classes)
    settings = {"strides": 2, "padding": "same", "kernel_initializer": glorot(), **CHANNELS_LAST}
    maps = layers.Conv2D(filters, 4, name="down", **settings)(image)
    seen = dense(width, name="all_pixels")(flat("flat")(image))
    for number in (1, 2):
        seen = _dense_block(seen, told, width, number)
    wide = dense(half * half * 4, name="widen")(_activated(seen, "widen"))
    bottom = layers.Reshape((half, half, 4), name="bottom")(wide)
    maps = layers.Add(name="shortcut")([maps, dense(filters, name="up")(bottom)])
    for number in (1, 2):
        maps = _convolution_block(maps, told, filters, number)
    return keras.Model(inputs, _doubled(maps, half, channels), name="flow")


def _half(image_size: int) -> int:
    if image_size < 2 or image_size % 2:
        raise ValueError(f"image_size={image_size!r} cannot be halved. Use an even number, as 28.")
    return image_size // 2


def _told(inputs: list[Any], n_classes: int | None, width: int = 128) -> tuple[list[Any], Any]:
    """Combine the time and the class into one vector."""
    vector = dense(width, name="time_vector")(TimeWaves(name="waves")(inputs[1]))
    if n_classes is not None:
        label = keras.Input((), dtype="int32", name="label")
        # Keras's default class vectors are short compared with the time vectors, so the class is
        # learned late: after 1,000 steps, 61 % of the digits were of the requested class. With
        # these longer vectors, the figure was 79 %.
        first = keras.initializers.RandomNormal(stddev=1.0, seed=first_seed())
        settings = {"embeddings_initializer": first, "name": "class"}
        of_class = layers.Embedding(whole(n_classes) + 1, width, **settings)(label)
        inputs, vector = [*inputs, label], layers.Add(name="told")([vector, of_class])
    return inputs, layers.Activation("silu", name="told_silu")(vector)


def _activated(features: Any, name: str, told: Any = None) -> Any:
    """Normalize the features, scale and shift them if a vector is given, and apply SiLU."""
    features = layers.LayerNormalization(name=f"{name}_normalize")(features)
    if told is not None:
        features = ScaleAndShift(name=f"{name}_told")(features, told)
    return layers.Activation("silu", name=f"{name}_silu")(features)


def _dense_block(seen: Any, told: Any, width: int, number: int) -> Any:
    """Add two dense layers; the second starts with zero weights, so nothing changes at first."""
    name = f"dense_{number}"
    hidden = dense(width, activation="silu", name=f"{name}_in")(_activated(seen, name, told))
    change = layers.Dense(whole(width), kernel_initializer="zeros", name=f"{name}_out")(hidden)
    return layers.Add(name=f"{name}_add")([seen, change])


def _convolution_block(maps: Any, told: Any, filters: int, number: int) -> Any:
    """Add a convolution whose weights start at 0."""
    name = f"conv_{number}"
    settings = {"padding": "same", "kernel_initializer": "zeros", "name": name, **CHANNELS_LAST}
    change = layers.Conv2D(filters, 3, **settings)(_activated(maps, name, told))
    return layers.Add(name=f"{name}_add")([maps, change])


def _doubled(maps: Any, half: int, channels: int) -> Any:
    """Turn each position in the maps into a square of 2 x 2 pixels."""
    pixels = dense(4 * channels, name="pixels")(_activated(maps, "last"))
    squares = layers.Reshape((half, half, 2, 2, channels), name="squares")(pixels)
    in_order = layers.Permute((1, 3, 2, 4, 5), name="in_order")(squares)
    return layers.Reshape((2 * half, 2 * half, channels), name="estimate")(in_order)
