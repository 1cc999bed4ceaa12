"""The GAN training step as a ``keras.Model``."""

from typing import Any, ClassVar

import numpy as np

from gan_utils._support.backend import check_precision, keras, tf
from gan_utils.generative.matching import check_discriminator, check_output_range
from gan_utils.networks import fast_call
from gan_utils.training import AveragedWeights, GenerativeModel
from gan_utils.training.samples import check_finite_samples, check_unlabelled


class GAN(AveragedWeights, GenerativeModel):
    """A generator and a discriminator that are trained against each other.

    The discriminator returns logits. Its loss is the binary cross-entropy for classifying samples
    as real or generated; the generator's loss is the non-saturating ``-log D(G(z))``.

    Parameters
    ----------
    generator : keras.Model
        Maps noise of shape (batch, latent_dim) to a batch of samples.
    discriminator : keras.Model
        Maps a batch of samples (packed if ``pack`` > 1) to logits of shape (batch, 1).
    latent_dim : int
        Length of the noise vector.
    pack : int
        How many samples the discriminator sees at once. If it sees several, it can detect a
        generator that repeats itself (PacGAN). Rows are joined end to end; images are stacked as
        channels.
    gradient_penalty : float
        Weight of the R1 penalty, which is half the mean squared norm of the discriminator's
        gradient at real samples. The penalty keeps the discriminator from becoming too steep to
        train against. A weight of 0 switches the penalty off.
    random_state : int
        Seed for the noise and the choice of real samples. Both depend only on the seed and on
        the step number, so an interrupted run continues as if it had never stopped.

    References
    ----------
    Goodfellow et al. 2014, *Generative adversarial nets*; Lin et al. 2018, *PacGAN*; Mescheder et
    al. 2018, *Which training methods for GANs do actually converge?* (R1).
    """

    #: Names of the losses and accuracies that `train_step` reports.
    reported = ("d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake")
    network_names: ClassVar = ("generator", "discriminator")
    setting_names: ClassVar = (*GenerativeModel.setting_names, "pack", "gradient_penalty")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int = 100,
        pack: int = 1,
        gradient_penalty: float = 0.0,
        random_state: int = 0,
    ) -> None:
        check_precision(generator, discriminator)
        super().__init__(latent_dim, random_state, self.reported, name="gan")
        self.generator, self.discriminator = generator, discriminator
        self.pack, self.gradient_penalty = pack, gradient_penalty
        self.check_networks()
        self.forward = fast_call(generator)

    def compile(
        self,
        g_optimizer: keras.optimizers.Optimizer | None = None,
        d_optimizer: keras.optimizers.Optimizer | None = None,
        steps_per_execution: int = 1,
    ) -> None:
        """Set the optimizers.

        Parameters
        ----------
        g_optimizer, d_optimizer : Optimizer, optional
            Optimizers for the generator and the discriminator; by default ``Adam(2e-4,
            beta_1=0.5)``, as in the DCGAN paper.
        steps_per_execution : int
            Number of steps per call to TensorFlow. Small networks spend most of their time between
            calls; with 100 steps per call, they train several times faster.
        """
        with self.distribute_strategy.scope():
            super().compile(
                optimizer=None, steps_per_execution=steps_per_execution, jit_compile=False
            )
            self.g_optimizer = g_optimizer or self.default_optimizer("g_adam")
            self.d_optimizer = d_optimizer or self.default_optimizer("d_adam")
            self.g_optimizer.build(self.generator.trainable_variables)
            self.d_optimizer.build(self.discriminator.trainable_variables)

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        """Make the default optimizer for one of the networks.

        Parameters
        ----------
        name : str
            The optimizer's name in Keras.

        Returns
        -------
        Optimizer
            Adam with the settings of the DCGAN paper.
        """
        return keras.optimizers.Adam(2e-4, beta_1=0.5, name=name)

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        """Return the cross-entropy for classifying samples as real or generated.

        Parameters
        ----------
        real_logits, fake_logits : tensor of shape (batch, 1)
            The discriminator's logits; a logit above 0 means "real".

        Returns
        -------
        tensor of shape ()
            The loss in nats.
        """
        return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
            tf.nn.softplus(fake_logits)
        )

    def generator_loss(self, fake_logits: Any) -> Any:
        """Return the cross-entropy for classifying generated samples as real (non-saturating loss).

        Parameters
        ----------
        fake_logits : tensor of shape (batch, 1)
            The discriminator's logits.

        Returns
        -------
        tensor of shape ()
            The loss in nats.
        """
        return tf.reduce_mean(tf.nn.softplus(-fake_logits))

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update both networks once; see `draw_real` for ``data``."""
        real = self.draw_real(data)
        noise = self.draw_noise()
        with tf.GradientTape(persistent=True) as tape:
            fake = self.imitate(real, noise)
            real_logits, penalty = self.judge_real(real)
            fake_logits = self.judge(fake)
            d_loss = self.discriminator_loss(real_logits, fake_logits) + penalty
            g_loss = self.generator_loss(fake_logits)
        self.improve(self.d_optimizer, self.discriminator, d_loss, tape)
        self.improve(self.g_optimizer, self.generator, g_loss, tape)
        self.step.assign_add(1)
        return self.track(
            d_loss=d_loss,
            g_loss=g_loss,
            d_accuracy_real=real_logits > 0,
            d_accuracy_fake=fake_logits < 0,
        )

    def imitate(self, real: Any, noise: Any) -> Any:
        """Generate samples of the same classes as the real ones; a plain GAN has no classes.

        Parameters
        ----------
        real : tensor of shape (batch, ...), or pair of such a tensor and labels
            The real samples used in this step.
        noise : tensor of shape (batch, latent_dim)

        Returns
        -------
        tensor of shape (batch, ...), or pair
            The generated samples, in the same form as ``real``.
        """
        return self.forward(noise, training=True)

    def judge(self, samples: Any) -> Any:
        """Run the discriminator.

        Parameters
        ----------
        samples : tensor of shape (batch, ...), or pair of such a tensor and labels

        Returns
        -------
        tensor of shape (batch // pack, 1)
            One logit per pack of samples.
        """
        return self.discriminator(self.packed(samples), training=True)

    def judge_real(self, samples: Any) -> tuple[Any, Any]:
        """Run the discriminator on real samples, and measure its gradient at these samples.

        Parameters
        ----------
        samples : tensor of shape (batch, ...), or pair of such a tensor and labels

        Returns
        -------
        logits : tensor of shape (batch // pack, 1)
        penalty : tensor of shape ()
            The weighted R1 penalty; 0.0 if it is switched off.
        """
        packed = self.packed(samples)
        if not self.gradient_penalty:
            return self.discriminator(packed, training=True), 0.0
        with tf.GradientTape() as tape:
            tape.watch(packed)
            logits = self.discriminator(packed, training=True)
        steepness = tf.reduce_mean(squared_slope(tape.gradient(logits, packed)))
        return logits, self.gradient_penalty / 2 * steepness

    def packed(self, samples: Any) -> Any:
        """Combine every ``pack`` samples into one input of the discriminator.

        Parameters
        ----------
        samples : tensor of shape (batch, ..., width)

        Returns
        -------
        tensor of shape (batch // pack, ..., pack * width)
        """
        if self.pack == 1:
            return samples
        whole = tf.shape(samples)[0] // self.pack * self.pack
        *sides, width = samples.shape[1:]
        packs = tf.reshape(samples[:whole], (-1, self.pack, *sides, width))
        if sides:  # stack images as channels
            packs = tf.transpose(packs, (0, *range(2, 2 + len(sides)), 1, 2 + len(sides)))
        return tf.reshape(packs, (-1, *sides, self.pack * width))

    def fit(
        self,
        samples: np.ndarray | tf.data.Dataset,
        batch_size: int | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train as `GenerativeModel.fit` does, then switch to the averaged weights.

        Parameters
        ----------
        samples, batch_size : see `GenerativeModel.fit`
            A batch, or each device's part of it, must hold at least one pack of samples.
        *args, **kwargs
            As for `GenerativeModel.fit`: ``epochs``, ``steps_per_epoch``, ``backup``,
            ``n_steps``...

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        TypeError
            As for `GenerativeModel.fit`.
        ValueError
            As for `GenerativeModel.fit`; also for a batch smaller than a pack, and for images
            outside the range of the generator's last activation.
        """
        return super().fit(samples, batch_size, *args, **kwargs)

    def _prepare(self, samples: Any, batch_size: int | None, steps: int | None) -> tuple:
        """Prepare the data; then the size of the batches is known, also of a dataset's."""
        samples, batch_size, steps = super()._prepare(samples, batch_size, steps)
        devices = self.distribute_strategy.num_replicas_in_sync
        if batch_size < self.pack * devices:
            where = f" on each of {devices} devices" if devices > 1 else ""
            raise ValueError(
                f"batch_size={batch_size} is smaller than pack={self.pack}{where}. Use at least "
                f"{self.pack * devices}."
            )
        return samples, batch_size, steps

    def averaged_network(self) -> tuple[keras.optimizers.Optimizer, keras.Model]:
        """Return the optimizer and the generator; only the generator's weights are averaged."""
        return self.g_optimizer, self.generator

    def check_samples(self, samples: Any) -> None:
        """Reject samples of a shape or scale that the generator cannot produce.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or a batch of a dataset

        Raises
        ------
        ValueError
            If the samples have the wrong shape, dtype or range, contain a missing or infinite
            value, or come with labels.
        """
        check_unlabelled(samples, "A ConditionalGAN takes them.")
        check_finite_samples(samples, self.sample_shape)
        if samples.ndim > 2:
            check_output_range(samples, self.generator)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of one generated sample."""
        return self.generator.output_shape[1:]

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn noise of shape (n, latent_dim) into n samples."""
        return self.generator(noise, training=False).numpy()

    def check_networks(self) -> None:
        """Reject networks that do not match each other."""
        taken = self.generator.input_shape[-1]
        if taken != self.latent_dim:
            raise ValueError(
                f"latent_dim={self.latent_dim}, but the generator takes {taken} numbers. "
                "Give both the same."
            )
        check_discriminator(self.sample_shape, self.pack, self.discriminator.input_shape)


def squared_slope(gradients: Any) -> Any:
    """Return the squared length of each sample's gradient, for samples of any shape.

    Parameters
    ----------
    gradients : tensor of shape (batch, ...)

    Returns
    -------
    tensor of shape (batch,)
    """
    flat = tf.reshape(gradients, (tf.shape(gradients)[0], -1))
    return tf.reduce_sum(flat**2, axis=1)
