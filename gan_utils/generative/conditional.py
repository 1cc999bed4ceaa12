"""A GAN that generates samples of a requested class."""

from typing import Any, ClassVar

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils.generative.classes import asked_classes, checked_pairs, with_classes
from gan_utils.generative.gan import GAN, squared_slope
from gan_utils.generative.matching import check_discriminator
from gan_utils.training.latent import chunks


class ConditionalGAN(GAN):
    """A GAN whose generator and discriminator are both given the class of each sample.

    The training step is that of `GAN`. A sample is a pair of an image and its class, and each
    generated image has the same class as the corresponding real image.

    Parameters
    ----------
    generator : keras.Model
        Maps noise of shape (batch, latent_dim) and classes, an integer array of shape (batch,), to
        samples.
    discriminator : keras.Model
        Maps samples and their classes, of shape (batch,), to logits of shape (batch, 1).
    latent_dim : int
        Length of the noise vector.
    n_classes : int
        Number of classes, numbered from 0 to ``n_classes - 1``.
    gradient_penalty : float
        Weight of the R1 penalty; see `GAN`.
    random_state : int
        Seed for the noise and the choice of real samples.

    References
    ----------
    Mirza and Osindero 2014, *Conditional generative adversarial nets*.
    """

    setting_names: ClassVar = (*GAN.setting_names, "n_classes")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int = 100,
        n_classes: int = 10,
        gradient_penalty: float = 0.0,
        random_state: int = 0,
    ) -> None:
        self.n_classes = n_classes
        super().__init__(
            generator,
            discriminator,
            latent_dim,
            gradient_penalty=gradient_penalty,
            random_state=random_state,
        )

    def imitate(self, real: Any, noise: Any) -> Any:
        """Generate samples of the same classes as the real ones, and pair them with the classes."""
        _, labels = real
        return self.forward([noise, labels], training=True), labels

    def judge(self, samples: Any) -> Any:
        """Return one logit for each pair of a sample and its class."""
        return self.discriminator(list(samples), training=True)

    def judge_real(self, samples: Any) -> tuple[Any, Any]:
        """Return the logits of real pairs and the R1 penalty (0.0 if it is switched off)."""
        if not self.gradient_penalty:
            return self.judge(samples), 0.0
        images, _ = samples
        with tf.GradientTape() as tape:
            tape.watch(images)
            logits = self.judge(samples)
        steepness = tf.reduce_mean(squared_slope(tape.gradient(logits, images)))
        return logits, self.gradient_penalty / 2 * steepness

    def fit(
        self,
        samples: np.ndarray | tf.data.Dataset,
        labels: np.ndarray | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        steps_per_epoch: int | None = None,
        backup: Any = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train both networks.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tf.data.Dataset of pairs (samples, labels)
            The real samples, on the same scale as the generated ones.
        labels : ndarray of shape (n,)
            The class of each sample, as a whole number. Omit the labels if ``samples`` is a
            dataset, which already contains them.
        batch_size, epochs, steps_per_epoch, backup, **kwargs
            As in `GenerativeModel.fit`.

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        TypeError
            As for `GenerativeModel.fit`.
        ValueError
            As for `GenerativeModel.fit`; also if labels are missing, differ in number from the
            samples, or are not whole numbers from 0 to ``n_classes - 1``.
        """
        samples = with_classes(samples, labels, self.n_classes)
        return super().fit(samples, batch_size, epochs, steps_per_epoch, backup=backup, **kwargs)

    def sample(
        self,
        n: int,
        random_state: int | None = None,
        labels: int | np.ndarray | None = None,
    ) -> np.ndarray:
        """Generate samples.

        Parameters
        ----------
        n : int, at least 1
            Number of samples.
        random_state : int, optional
            Seed for the noise, and for the order of the classes if ``labels`` is not given.
        labels : int or array of n ints, optional
            One class for all samples, or one class per sample. By default, all classes are used
            about equally often, in random order.

        Returns
        -------
        ndarray of shape (n, ...)
            The samples, as returned by the generator.

        Raises
        ------
        ValueError
            If a label is not a whole number from 0 to ``n_classes - 1``, or the number of labels is
            not n.
        """
        noise, rng = self.draw_latent(n, random_state)
        asked = asked_classes(n, labels, self.n_classes, rng)
        parts = [
            self.generate([noise[part], asked[part]], rng) for part in chunks(n, self.sample_shape)
        ]
        return np.concatenate(parts)

    def check_samples(self, samples: Any) -> None:
        """Reject samples that do not match the generator's output, and classes out of range."""
        super().check_samples(checked_pairs(samples, self.n_classes))

    def check_networks(self) -> None:
        """Reject networks that do not match each other."""
        for name in ("generator", "discriminator"):
            inputs = getattr(self, name).inputs
            if len(inputs) != 2:
                raise ValueError(
                    f"the {name} of a ConditionalGAN takes two inputs, "
                    f"{'noise' if name == 'generator' else 'samples'} and labels; this one takes "
                    f"{len(inputs)}. Build it with n_classes."
                )
        taken = self.generator.input_shape[0][-1]
        if taken != self.latent_dim:
            raise ValueError(
                f"latent_dim={self.latent_dim}, but the generator takes {taken} numbers. "
                "Give both the same."
            )
        check_discriminator(self.sample_shape, self.pack, self.discriminator.input_shape[0])
