"""Parts shared by the network builders: layers with fixed names and seeds.

Every layer has a fixed name. By default, Keras numbers layers throughout the session, and
TensorFlow orders sums by name. The second of two identical networks would therefore add up terms in
a different order from the first, and results with the same seed would differ in the last digits.
"""

import contextlib
import contextvars
import random
from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import Any

from gan_utils._support.backend import check_precision, keras, layers

#: Random number generator for the weights' seeds; each thread and each task has a separate one.
_SEEDS: contextvars.ContextVar[random.Random | None] = contextvars.ContextVar("seeds", default=None)

#: The order of the axes in every layer of this package, whatever Keras's own setting is.
CHANNELS_LAST = {"data_format": "channels_last"}


@contextlib.contextmanager
def seeded_weights(random_state: int) -> Iterator[None]:
    """Seed the initial weights of networks built from this module's layers in a ``with`` block.

    ``keras.utils.set_random_seed`` does this too, but it also reseeds the user's own random
    numbers. Moreover, Keras then takes the weights' seeds from Python's global generator, which
    other threads, such as those of a Dask worker, may use at the same time.

    Parameters
    ----------
    random_state : int
        The seed.

    Yields
    ------
    None

    Raises
    ------
    ValueError
        If Keras is set to a precision other than float32.
    """
    check_precision()
    before = _SEEDS.set(random.Random(int(random_state)))
    try:
        yield
    finally:
        _SEEDS.reset(before)


def first_seed() -> int | None:
    """Return the next seed inside `seeded_weights`, or None outside it."""
    seeds = _SEEDS.get()
    return seeds.randint(1, 10**9) if seeds else None


def glorot() -> keras.initializers.Initializer:
    """Return Keras's default initializer, seeded inside `seeded_weights`."""
    return keras.initializers.GlorotUniform(first_seed())


def orthogonal() -> keras.initializers.Initializer:
    """Return Keras's default initializer for recurrent weights, seeded inside `seeded_weights`."""
    return keras.initializers.Orthogonal(seed=first_seed())


def whole(number: Any) -> Any:
    """Convert a whole number of NumPy, which Keras refuses as a size, to a Python number.

    Parameters
    ----------
    number : int
        A size. Any other value is returned unchanged, for Keras to refuse.

    Returns
    -------
    int
    """
    return int(number) if isinstance(number, Integral) else number


def dense(units: int, **settings: Any) -> layers.Dense:
    """Make a dense layer, with weights seeded inside `seeded_weights`.

    Parameters
    ----------
    units : int
        Number of outputs.
    **settings
        Other settings of Keras's ``Dense``.

    Returns
    -------
    Dense
    """
    return layers.Dense(whole(units), kernel_initializer=glorot(), **settings)


def noise_input(width: int) -> Any:
    """Make a vector input.

    Parameters
    ----------
    width : int
        Length of the vector.

    Returns
    -------
    KerasTensor of shape (batch, width)
    """
    return keras.Input((whole(width),), name="input")


def leaky(number: int) -> layers.Layer:
    """Make the activation used between the layers of a GAN.

    Parameters
    ----------
    number : int
        Suffix of the layer's name.

    Returns
    -------
    LeakyReLU
        An activation with a slope of 0.2 for negative inputs.
    """
    return layers.LeakyReLU(negative_slope=0.2, name=f"leaky_{number}")


def block(number: int, width: int) -> list[layers.Layer]:
    """Make a dense layer and its activation.

    Parameters
    ----------
    number : int
        Suffix of the layers' names.
    width : int
        Number of units.

    Returns
    -------
    list of two layers
    """
    return [dense(width, name=f"dense_{number}"), leaky(number)]


def blocks(widths: Sequence[int]) -> list[layers.Layer]:
    """Make the hidden layers of a dense network.

    Parameters
    ----------
    widths : sequence of int
        Number of units in each layer.

    Returns
    -------
    list of layers
        Dense and LeakyReLU layers in alternation.
    """
    return [layer for number, width in enumerate(widths, 1) for layer in block(number, width)]


def through_blocks(inputs: Any, widths: Sequence[int]) -> Any:
    """Run inputs through the hidden layers.

    Parameters
    ----------
    inputs : KerasTensor of shape (batch, width)
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    KerasTensor of shape (batch, widths[-1])
    """
    for layer in blocks(widths):
        inputs = layer(inputs)
    return inputs


def image_input(image_size: int, channels: int = 1) -> Any:
    """Make an image input.

    Parameters
    ----------
    image_size : int
        Height and width, in pixels.
    channels : int
        1 for grey images, 3 for colour.

    Returns
    -------
    KerasTensor of shape (batch, image_size, image_size, channels)
    """
    return keras.Input((whole(image_size), whole(image_size), whole(channels)), name="input")


def halving(number: int, filters: int, size: int) -> layers.Layer:
    """Make a convolution that halves the height and the width.

    Parameters
    ----------
    number : int
        Suffix of the layer's name.
    filters, size : int
        Number of filters, and their width in pixels.

    Returns
    -------
    Conv2D
    """
    settings = {"padding": "same", "kernel_initializer": glorot(), "name": f"conv_{number}"}
    return layers.Conv2D(whole(filters), size, strides=2, **settings, **CHANNELS_LAST)


def doubling(number: int, filters: int) -> layers.Layer:
    """Make a transposed convolution that doubles the height and the width.

    Parameters
    ----------
    number : int
        Suffix of the layer's name.
    filters : int
        Number of feature maps.

    Returns
    -------
    Conv2DTranspose
    """
    settings = {"padding": "same", "kernel_initializer": glorot(), "name": f"double_{number}"}
    # The kernel size, 4, is a multiple of the stride, so no pixel is written to more often than its
    # neighbours.
    return layers.Conv2DTranspose(whole(filters), 4, strides=2, **settings, **CHANNELS_LAST)


def finished_image(channels: int = 1) -> layers.Layer:
    """Make the convolution that turns feature maps into one image, with values in [0, 1].

    Parameters
    ----------
    channels : int
        1 for grey images, 3 for colour.

    Returns
    -------
    Conv2D
    """
    settings = {"padding": "same", "kernel_initializer": glorot(), "name": "image"}
    settings |= {"activation": "sigmoid", **CHANNELS_LAST}
    return layers.Conv2D(whole(channels), 7, **settings)


def real_or_not(probabilities: bool) -> layers.Layer:
    """Make the output of a discriminator.

    Parameters
    ----------
    probabilities : bool
        Whether the output is a probability rather than a logit.

    Returns
    -------
    Dense
        A layer with one unit.
    """
    return dense(1, activation="sigmoid" if probabilities else None, name="output")


def flat(name: str = "flatten") -> layers.Layer:
    """Make a layer that turns the feature maps of each sample into one vector.

    Parameters
    ----------
    name : str
        The layer's name.

    Returns
    -------
    Flatten
    """
    return layers.Flatten(name=name, **CHANNELS_LAST)


def halved(image_size: int, times: int = 2) -> int:
    """Halve the side of an image several times.

    Parameters
    ----------
    image_size : int
        Height and width of an image, in pixels.
    times : int
        How many times to halve the side; halving twice gives a quarter.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the side cannot be halved that many times, or the result is below 2.
    """
    part = 2**times
    if image_size < 2 * part or image_size % part:
        often = "twice" if times == 2 else f"{times} times"
        raise ValueError(
            f"image_size={image_size!r} cannot be halved {often}. Use a multiple of {part}, such "
            f"as {7 * part}, {8 * part} or {16 * part}, and pad or crop the images to it."
        )
    return whole(image_size) // part
