"""The GAN training step as a ``keras.Model``: ``compile``, ``fit`` and callbacks are Keras's."""

from typing import Any

import numpy as np

from gan_utils.quiet import import_tensorflow

tf = import_tensorflow()

import keras  # noqa: E402

#: How many rows are generated at a time by `GAN.sample`.
SAMPLE_CHUNK = 4096


class GAN(keras.Model):
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
        super().__init__(name="gan")
        _check_networks(generator, discriminator, latent_dim, pack)
        self.generator, self.discriminator = generator, discriminator
        self.latent_dim, self.pack = latent_dim, pack
        self.gradient_penalty, self.random_state = gradient_penalty, random_state
        self.step = self.add_weight(
            name="step", shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        names = ("d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake")
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True

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

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of losses and accuracies, reset at each epoch."""
        return list(self.trackers.values())

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

    def draw_real(self, samples: Any) -> Any:
        """Pick a batch of real samples, with replacement, by the number of the step."""
        chosen = tf.random.stateless_uniform(
            (self.batch_size,), self._seed(0), 0, tf.shape(samples)[0], dtype=tf.int32
        )
        return tf.gather(samples, chosen)

    def draw_noise(self) -> Any:
        """Draw a batch of noise vectors by the number of the step."""
        return tf.random.stateless_normal((self.batch_size, self.latent_dim), self._seed(1))

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

    def improve(
        self,
        optimizer: keras.optimizers.Optimizer,
        network: keras.Model,
        loss: Any,
        tape: Any,
    ) -> None:
        """Take one step of gradient descent on one network's weights, and on no others."""
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    def track(self, **values: Any) -> dict[str, Any]:
        """Update the running means and return them."""
        for name, value in values.items():
            self.trackers[name].update_state(tf.cast(value, tf.float32))
        return {name: self.trackers[name].result() for name in values}

    def fit(
        self,
        samples: np.ndarray,
        batch_size: int = 128,
        epochs: int = 1,
        steps_per_epoch: int | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train.

        Parameters
        ----------
        samples : ndarray of shape (n, ...)
            The real samples, scaled as the generator's output is. Each step draws its batch from
            them at random, with replacement.
        batch_size : int, at most n
            Real samples a step, and as many generated ones.
        epochs : int
            How many times ``steps_per_epoch`` steps are taken; losses are reported after each.
        steps_per_epoch : int, optional
            By default as many as it takes to see n samples.
        **kwargs
            Passed on to ``keras.Model.fit``: ``callbacks``, ``verbose``, ``initial_epoch``.

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        ValueError
            If a sample is missing or infinite, has another shape than the generator's output, or
            the batch is larger than the data.
        """
        samples = np.asarray(samples, dtype="float32")
        _check_samples(samples, batch_size, self.generator.output_shape[1:], self.pack)
        if getattr(self, "batch_size", None) != batch_size:
            self.batch_size, self.train_function = batch_size, None
        # The whole table travels as one tensor and `draw_real` picks from it, so that the choice
        # depends on the step's number and not on where an iterator happens to stand.
        data = tf.data.Dataset.from_tensors(samples).repeat()
        steps = steps_per_epoch or -(-len(samples) // batch_size)
        history = super().fit(data, epochs=epochs, steps_per_epoch=steps, shuffle=False, **kwargs)
        if getattr(self.g_optimizer, "use_ema", False):
            self.g_optimizer.finalize_variable_values(self.generator.trainable_variables)
        return history

    def sample(self, n: int, random_state: int | None = None) -> np.ndarray:
        """Generate samples.

        Parameters
        ----------
        n : int, at least 1
            How many.
        random_state : int, optional
            Seed of the noise.

        Returns
        -------
        ndarray of shape (n, ...)
            As the generator gives them, without decoding.
        """
        if n < 1:
            raise ValueError(f"n={n!r} is not a number of samples. Give a whole number from 1 up.")
        rng = np.random.default_rng(random_state)
        noise = rng.normal(size=(n, self.latent_dim)).astype("float32")
        chunks = [noise[i : i + SAMPLE_CHUNK] for i in range(0, n, SAMPLE_CHUNK)]
        return np.concatenate([self.generator(chunk, training=False).numpy() for chunk in chunks])

    def _packed(self, samples: Any) -> Any:
        if self.pack == 1:
            return samples
        whole = tf.shape(samples)[0] // self.pack * self.pack
        return tf.reshape(samples[:whole], (-1, self.pack * samples.shape[1]))

    def _seed(self, stream: int) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        return tf.stack([key, tf.convert_to_tensor(self.step)])


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


def _check_samples(samples: np.ndarray, batch_size: int, shape: tuple, pack: int) -> None:
    if samples.shape[1:] != shape:
        raise ValueError(
            f"samples have shape {samples.shape[1:]} each, but the generator makes {shape}."
        )
    if not np.isfinite(samples).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(samples))[0])
        raise ValueError(f"samples hold a missing or infinite value at {where}. Mend or drop it.")
    if batch_size > len(samples):
        raise ValueError(
            f"batch_size={batch_size} is larger than the data ({len(samples)} samples). "
            f"Use batch_size <= {len(samples)}."
        )
    if batch_size < pack:
        raise ValueError(
            f"batch_size={batch_size} is smaller than pack={pack}. Use at least {pack}."
        )
