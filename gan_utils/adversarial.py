"""The GAN training step as a ``keras.Model``: ``compile``, ``fit`` and callbacks are Keras's."""

from typing import Any

import numpy as np

from gan_utils.quiet import import_tensorflow

tf = import_tensorflow()

import keras  # noqa: E402

from gan_utils.generative import GenerativeModel  # noqa: E402


class GAN(GenerativeModel):
    """A generator and a discriminator that learn from each other.

    The discriminator gives logits. Its loss is the binary cross-entropy of telling real rows from
    generated ones; the generator's is the non-saturating one, ``-log D(G(z))``.

    Parameters
    ----------
    generator : keras.Model
        From (batch, latent_dim) noise to a batch of samples.
    discriminator : keras.Model
        From a batch of samples (packed, if ``pack`` > 1) to (batch, 1) logits.
    latent_dim : int
        Length of the noise vector.
    pack : int
        How many samples the discriminator sees at once. Seeing several side by side, it notices a
        generator that repeats itself (PacGAN).
    gradient_penalty : float
        Weight of the R1 penalty, the squared gradient of the discriminator at real samples: it
        keeps the discriminator from becoming a cliff that teaches nothing. 0 leaves it out.
    random_state : int
        Seed of the noise and of the choice of real samples. Both depend on it and on the number of
        the step alone, so that a run that was interrupted continues as if it had not been.

    References
    ----------
    Goodfellow et al. 2014, *Generative adversarial nets*; Lin et al. 2018, *PacGAN*; Mescheder et
    al. 2018, *Which training methods for GANs do actually converge?* (R1).
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int = 100,
        pack: int = 1,
        gradient_penalty: float = 0.0,
        random_state: int = 0,
    ) -> None:
        names = ("d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake")
        super().__init__(latent_dim, random_state, names, name="gan")
        _check_networks(generator, discriminator, latent_dim, pack)
        self.generator, self.discriminator = generator, discriminator
        self.pack, self.gradient_penalty = pack, gradient_penalty

    def compile(
        self,
        g_optimizer: keras.optimizers.Optimizer | None = None,
        d_optimizer: keras.optimizers.Optimizer | None = None,
        steps_per_execution: int = 1,
    ) -> None:
        """Choose the optimizers.

        Parameters
        ----------
        g_optimizer, d_optimizer : Optimizer, optional
            Of the generator and the discriminator; by default ``Adam(2e-4, beta_1=0.5)``, the
            setting of the DCGAN paper.
        steps_per_execution : int
            How many steps run in one call of TensorFlow. Small networks spend most of their time
            between calls: 100 makes them several times faster.
        """
        super().compile(steps_per_execution=steps_per_execution, jit_compile=False)
        self.g_optimizer = g_optimizer or keras.optimizers.Adam(2e-4, beta_1=0.5, name="g_adam")
        self.d_optimizer = d_optimizer or keras.optimizers.Adam(2e-4, beta_1=0.5, name="d_adam")
        self.g_optimizer.build(self.generator.trainable_variables)
        self.d_optimizer.build(self.discriminator.trainable_variables)

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        """Cross-entropy of calling real samples real and generated ones generated."""
        return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
            tf.nn.softplus(fake_logits)
        )

    def generator_loss(self, fake_logits: Any) -> Any:
        """Cross-entropy of having generated samples called real (non-saturating)."""
        return tf.reduce_mean(tf.nn.softplus(-fake_logits))

    def train_step(self, data: Any) -> dict[str, Any]:
        """Improve both networks once; see `fit` for ``data``."""
        real = self.draw_real(data)
        noise = self.draw_noise()
        with tf.GradientTape(persistent=True) as tape:
            fake = self.generator(noise, training=True)
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

    def judge(self, samples: Any) -> Any:
        """Return the discriminator's logits, one for each pack of samples."""
        return self.discriminator(self._packed(samples), training=True)

    def judge_real(self, samples: Any) -> tuple[Any, Any]:
        """Return the logits of real samples and the R1 penalty (0.0 where it is left out)."""
        packed = self._packed(samples)
        if not self.gradient_penalty:
            return self.discriminator(packed, training=True), 0.0
        with tf.GradientTape() as tape:
            tape.watch(packed)
            logits = self.discriminator(packed, training=True)
        slope = tf.reshape(tape.gradient(logits, packed), (tf.shape(packed)[0], -1))
        steepness = tf.reduce_mean(tf.reduce_sum(slope**2, axis=1))
        return logits, self.gradient_penalty / 2 * steepness

    def fit(
        self, samples: np.ndarray, batch_size: int = 128, *args: Any, **kwargs: Any
    ) -> keras.callbacks.History:
        """Train as `GenerativeModel.fit` does, then put the averaged weights in place.

        Raises
        ------
        ValueError
            As there; also for a batch that is smaller than a pack.
        """
        if batch_size < self.pack:
            raise ValueError(
                f"batch_size={batch_size} is smaller than pack={self.pack}. Use at least "
                f"{self.pack}."
            )
        history = super().fit(samples, batch_size, *args, **kwargs)
        if getattr(self.g_optimizer, "use_ema", False):
            self.g_optimizer.finalize_variable_values(self.generator.trainable_variables)
        return history

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample, as the generator makes it."""
        return self.generator.output_shape[1:]

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn (n, latent_dim) noise into n samples."""
        return self.generator(noise, training=False).numpy()

    def _packed(self, samples: Any) -> Any:
        if self.pack == 1:
            return samples
        whole = tf.shape(samples)[0] // self.pack * self.pack
        return tf.reshape(samples[:whole], (-1, self.pack * samples.shape[1]))


def _check_networks(
    generator: keras.Model, discriminator: keras.Model, latent_dim: int, pack: int
) -> None:
    if generator.input_shape[-1] != latent_dim:
        raise ValueError(
            f"latent_dim={latent_dim}, but the generator takes {generator.input_shape[-1]} numbers."
            " Give both the same."
        )
    made, wanted = generator.output_shape[1:], discriminator.input_shape[1:]
    packed = made if pack == 1 else (pack * made[0],)
    if packed != wanted:
        raise ValueError(
            f"the generator makes samples of shape {made}, with pack={pack} that is {packed}, but "
            f"the discriminator takes {wanted}. Build them to match."
        )
