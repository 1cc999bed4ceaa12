"""The first networks for images: dense GANs, and a convolutional discriminator.

All discriminators return a logit, as `gan_utils.generative.GAN` expects, or, with
``probabilities=True``, a probability from a sigmoid, as in most scripts.
"""

from collections.abc import Sequence

from gan_utils._support.backend import keras, layers
from gan_utils.networks.parts import (
    blocks,
    dense,
    flat,
    halving,
    image_input,
    leaky,
    noise_input,
    real_or_not,
    whole,
)


def build_dense_generator(
    latent_dim: int = 100, image_size: int = 28, widths: Sequence[int] = (128, 256, 512, 1024)
) -> keras.Model:
    """Build the dense generator of lesson 05, with LeakyReLU between layers and tanh at the end.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    image_size : int
        Height and width of an image, in pixels.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to images of shape
        (batch, image_size, image_size, 1) with grey values in [-1, 1].
    """
    return _dense_generator(latent_dim, image_size, blocks(widths))


def build_relu_generator(
    latent_dim: int = 100, image_size: int = 28, widths: Sequence[int] = (256, 512, 1024)
) -> keras.Model:
    """Build a dense generator with ReLU between layers and tanh at the end.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    image_size : int
        Height and width of an image, in pixels.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to images of shape
        (batch, image_size, image_size, 1) with grey values in [-1, 1].
    """
    hidden = [dense(w, activation="relu", name=f"dense_{i}") for i, w in enumerate(widths, 1)]
    return _dense_generator(latent_dim, image_size, hidden)


def _dense_generator(latent_dim: int, image_size: int, hidden: list) -> keras.Model:
    image_size = whole(image_size)
    pixels = dense(image_size**2, activation="tanh", name="pixels")
    image = layers.Reshape((image_size, image_size, 1), name="image")
    return keras.Sequential([noise_input(latent_dim), *hidden, pixels, image], name="generator")


def build_dense_discriminator(
    image_size: int = 28, widths: Sequence[int] = (1024, 512, 256), probabilities: bool = False
) -> keras.Model:
    """Build the dense discriminator of lesson 05.

    Parameters
    ----------
    image_size : int
        Height and width of an image, in pixels.
    widths : sequence of int
        Number of units in each hidden layer.
    probabilities : bool
        Whether the output is a probability rather than a logit.

    Returns
    -------
    keras.Model
        Maps images of shape (batch, image_size, image_size, 1) to outputs of shape (batch, 1); an
        output above 0 (above 0.5 for probabilities) means "real".
    """
    judging = [flat(), *blocks(widths), real_or_not(probabilities)]
    return keras.Sequential([image_input(image_size), *judging], name="discriminator")


def build_conv_discriminator(
    image_size: int = 28, filters: Sequence[int] = (64, 128), probabilities: bool = False
) -> keras.Model:
    """Build a discriminator of 3 x 3 convolutions with stride 2.

    Parameters
    ----------
    image_size : int
        Height and width of an image, in pixels.
    filters : sequence of int
        Number of filters in each convolution.
    probabilities : bool
        Whether the output is a probability rather than a logit.

    Returns
    -------
    keras.Model
        Maps images of shape (batch, image_size, image_size, 1) to outputs of shape (batch, 1); an
        output above 0 (above 0.5 for probabilities) means "real".
    """
    hidden = [layer for i, n in enumerate(filters, 1) for layer in (halving(i, n, 3), leaky(i))]
    judging = [*hidden, flat(), real_or_not(probabilities)]
    return keras.Sequential([image_input(image_size), *judging], name="discriminator")


def build_composite(generator: keras.Model, discriminator: keras.Model) -> keras.Model:
    """Join a generator and a discriminator into one network that maps noise to logits.

    Many published scripts train the generator through such a composite, with a frozen
    discriminator. `gan_utils.generative.GAN` needs neither the composite nor the freezing, which is
    easy to get wrong in Keras 3 (lesson 05).

    Parameters
    ----------
    generator : keras.Model
        Maps noise of shape (batch, latent_dim) to images.
    discriminator : keras.Model
        Maps these images to outputs of shape (batch, 1).

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to outputs of shape (batch, 1). It shares the
        weights of both networks.

    Raises
    ------
    ValueError
        If the discriminator does not take images of the shape that the generator produces.
    """
    made, judged = generator.output_shape[1:], discriminator.input_shape[1:]
    if made != judged:
        raise ValueError(
            f"the generator makes images of shape {made}, but the discriminator takes {judged}. "
            "Build both with the same image_size."
        )
    inputs = noise_input(generator.input_shape[-1])
    return keras.Sequential([inputs, generator, discriminator], name="composite")
