"""DCGANs: the classic networks from published scripts, and the small networks of this course.

Each hidden layer of the small generator is normalized. The layers at larger sizes have fewer
feature maps, because a layer takes sixteen times as much work at 28 x 28 as at 7 x 7. The small
discriminator has a third convolution instead of dropout. With ``n_classes``, both networks are
given the class.

The classic discriminator returns a logit, as `gan_utils.generative.GAN` expects, or, with
``probabilities=True``, a probability from a sigmoid, as in most scripts.
"""

from collections.abc import Sequence
from typing import Any

from gan_utils._support.backend import keras, layers
from gan_utils.networks.parts import (
    dense,
    doubling,
    finished_image,
    flat,
    glorot,
    halved,
    halving,
    image_input,
    leaky,
    noise_input,
    real_or_not,
    whole,
)


def build_dcgan_generator(
    latent_dim: int = 100, image_size: int = 28, filters: int = 128
) -> keras.Model:
    """Build the generator of a DCGAN, which enlarges a small stack of feature maps twice.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    image_size : int, a multiple of 4
        Height and width of an image, in pixels.
    filters : int
        Number of feature maps at each size.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to images of shape
        (batch, image_size, image_size, 1) with grey values in [0, 1].

    Raises
    ------
    ValueError
        If ``image_size`` cannot be halved twice.

    References
    ----------
    Radford, Metz and Chintala 2016, *Unsupervised representation learning with deep convolutional
    generative adversarial networks*. This generator has no BatchNormalization.
    """
    side = halved(image_size)
    stack = [
        dense(filters * side**2, name="dense"),
        leaky(0),
        layers.Reshape((side, side, whole(filters)), name="stack"),
    ]
    grown = [layer for i in (1, 2) for layer in (doubling(i, filters), leaky(i))]
    return keras.Sequential(
        [noise_input(latent_dim), *stack, *grown, finished_image()], name="generator"
    )


def build_dcgan_discriminator(
    image_size: int = 28, filters: int = 64, dropout: float = 0.4, probabilities: bool = False
) -> keras.Model:
    """Build the discriminator of a DCGAN, with two convolutions of stride 2 and dropout.

    Parameters
    ----------
    image_size : int, a multiple of 4
        Height and width of an image, in pixels.
    filters : int
        Number of filters in each convolution.
    dropout : float in [0, 1)
        Fraction of the values to drop in training.
    probabilities : bool
        Whether the output is a probability rather than a logit.

    Returns
    -------
    keras.Model
        Maps images of shape (batch, image_size, image_size, 1) to outputs of shape (batch, 1); an
        output above 0 (above 0.5 for probabilities) means "real".

    Raises
    ------
    ValueError
        If ``image_size`` cannot be halved twice.
    """
    halved(image_size)
    hidden = [
        layer
        for i in (1, 2)
        for layer in (
            halving(i, filters, 3),
            leaky(i),
            layers.Dropout(dropout, seed=i, name=f"dropout_{i}"),
        )
    ]
    judging = [*hidden, flat(), real_or_not(probabilities)]
    return keras.Sequential([image_input(image_size), *judging], name="discriminator")


def build_small_dcgan_generator(
    latent_dim: int = 32,
    image_size: int = 28,
    filters: Sequence[int] = (64, 32, 16),
    n_classes: int | None = None,
    channels: int = 1,
) -> keras.Model:
    """Build the generator of the course's DCGAN, which enlarges a small stack of feature maps.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    image_size : int
        Height and width of an image, in pixels.
    filters : sequence of int
        Number of feature maps at each size; with n entries, the size is doubled n - 1 times.
    n_classes : int, optional
        Number of classes.
    channels : int
        1 for grey images, 3 for colour.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) and, with ``n_classes``, labels of shape (batch,) to
        images of shape (batch, image_size, image_size, channels) with values in [0, 1].

    Raises
    ------
    ValueError
        If ``image_size`` cannot be halved n - 1 times, where n is the number of entries of
        ``filters``.
    """
    side = halved(image_size, len(filters) - 1)
    noise = noise_input(latent_dim)
    inputs, code = (noise, noise) if n_classes is None else _with_class(noise, n_classes)
    stack = layers.Reshape((side, side, whole(filters[0])), name="stack")
    image = stack(_activated(dense(filters[0] * side**2, name="dense")(code), 0))
    for number, width in enumerate(filters[1:], 1):
        image = _activated(doubling(number, width)(image), number)
    return keras.Model(inputs, finished_image(channels)(image), name="generator")


def _activated(values: Any, number: int) -> Any:
    """Normalize each sample separately in training and generation, unlike BatchNormalization."""
    return leaky(number)(layers.LayerNormalization(name=f"normalize_{number}")(values))


def _with_class(noise: Any, n_classes: int) -> tuple[list[Any], Any]:
    label = _label_input()
    told = _class_vectors(n_classes, noise.shape[-1])(label)
    return [noise, label], layers.Concatenate(name="code")([noise, told])


def build_small_dcgan_discriminator(
    image_size: int = 28,
    filters: Sequence[int] = (32, 64, 128),
    n_classes: int | None = None,
    channels: int = 1,
) -> keras.Model:
    """Build the discriminator of the course's DCGAN.

    Parameters
    ----------
    image_size : int
        Height and width of an image, in pixels.
    filters : sequence of int
        Number of filters in each convolution; every convolution halves the height and the width.
    n_classes : int, optional
        Number of classes.
    channels : int
        1 for grey images, 3 for colour.

    Returns
    -------
    keras.Model
        Maps images of shape (batch, image_size, image_size, channels) and, with ``n_classes``,
        labels of shape (batch,) to logits of shape (batch, 1); a logit above 0 means "real".

    References
    ----------
    Miyato and Koyama 2018, *cGANs with projection discriminator*: the logit includes the dot
    product of the image's features and a vector learned for the class.
    """
    image = image_input(image_size, channels)
    features: Any = image
    for number, width in enumerate(filters, 1):
        features = leaky(number)(halving(number, width, 4)(features))
    features = flat()(features)
    logit = dense(1, name="output")(features)
    if n_classes is None:
        return keras.Model(image, logit, name="discriminator")
    label = _label_input()
    of_class = layers.Dot(axes=-1, name="agreement")(
        [_class_vectors(n_classes, features.shape[-1])(label), features]
    )
    logit = layers.Add(name="logit")([logit, of_class])
    return keras.Model([image, label], logit, name="discriminator")


def _label_input() -> Any:
    return keras.Input((), dtype="int32", name="label")


def _class_vectors(n_classes: int, width: int) -> layers.Layer:
    return layers.Embedding(whole(n_classes), width, embeddings_initializer=glorot(), name="class")
