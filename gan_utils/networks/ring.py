"""Networks for points in the plane, for the mode-collapse lab (`gan_utils.generative.ring`)."""

from typing import Any

from gan_utils._support.backend import keras, layers, ops
from gan_utils.networks.parts import block, dense, glorot, noise_input


@keras.saving.register_keras_serializable(package="gan_utils")
class MinibatchDiscrimination(layers.Layer):
    """Show the discriminator how similar a sample is to the rest of its batch.

    Each sample gets ``kernels`` extra numbers, one for each learned projection. Each number is the
    mean of ``exp(-distance)`` over the first ``others`` samples of the batch. The numbers are near
    1 if all samples are alike, which is never the case in a batch of real samples.

    Parameters
    ----------
    kernels : int
        Number of projections.
    size : int
        Size of each projection; distances are sums of absolute differences.
    others : int
        How many samples of the batch each sample is compared with; comparing it with all of them,
        as in the paper, makes a step take several times as long.

    References
    ----------
    Salimans et al. 2016, *Improved techniques for training GANs*, section 3.2.
    """

    def __init__(self, kernels: int = 4, size: int = 2, others: int = 32, **settings: Any) -> None:
        super().__init__(**settings)
        self.kernels, self.size, self.others = kernels, size, others
        self.initializer = glorot()

    def build(self, shape: tuple) -> None:
        """Create the projections."""
        self.projections = self.add_weight(
            name="projections",
            shape=(shape[-1], self.kernels * self.size),
            initializer=self.initializer,
        )

    def call(self, features: Any) -> Any:
        """Extend each sample's features with its similarities to samples of the batch."""
        projected = ops.reshape(features @ self.projections, (-1, self.kernels, self.size))
        others = projected[: self.others]
        differences = ops.abs(ops.expand_dims(others, 0) - ops.expand_dims(projected, 1))
        nearness = ops.mean(ops.exp(-ops.sum(differences, axis=-1)), axis=1)
        return ops.concatenate([features, nearness], axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the settings that Keras needs to save the layer."""
        settings = {"kernels": self.kernels, "size": self.size, "others": self.others}
        return {**super().get_config(), **settings}


def build_ring_generator(latent_dim: int = 16) -> keras.Model:
    """Build the generator that all GANs of the mode-collapse lab use.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to points in the plane, of shape (batch, 2).
    """
    hidden = [dense(128, activation="relu", name=f"dense_{i}") for i in (1, 2)]
    parts = [noise_input(latent_dim), *hidden, dense(2, name="point")]
    return keras.Sequential(parts, name="generator")


def build_ring_discriminator(compares: bool = False, pack: int = 1) -> keras.Model:
    """Build a discriminator for the GANs of the mode-collapse lab.

    Parameters
    ----------
    compares : bool
        Whether to compare each point with other points of its batch (`MinibatchDiscrimination`).
    pack : int
        How many points the discriminator sees at once, side by side.

    Returns
    -------
    keras.Model
        Maps coordinates of shape (batch, 2 * pack) to logits of shape (batch, 1).
    """
    first, second = block(1, 128), block(2, 64)
    if compares:
        first.append(MinibatchDiscrimination(name="compare"))
    parts = [noise_input(2 * pack), *first, *second, dense(1, name="output")]
    return keras.Sequential(parts, name="discriminator")
