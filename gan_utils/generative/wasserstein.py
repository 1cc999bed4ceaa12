"""The Wasserstein GAN with gradient penalty."""

from typing import Any, ClassVar

from gan_utils._support.backend import keras, tf
from gan_utils.generative.gan import GAN, squared_slope
from gan_utils.training.batches import share


class WassersteinGAN(GAN):
    """A GAN whose discriminator is a critic: it scores samples instead of classifying them.

    The mean score of real samples minus that of generated ones estimates the Wasserstein distance
    between the two distributions, if the critic's slope is at most 1 everywhere. The penalty
    therefore pulls the slope towards 1 at points between real and generated samples. Even if the
    two distributions do not overlap, the Wasserstein distance has a useful gradient, from which the
    generator learns.

    Parameters
    ----------
    generator : keras.Model
        Maps (batch, latent_dim) noise to a batch of samples.
    discriminator : keras.Model
        The critic, which maps a batch of samples to scores of shape (batch, 1). It should not
        contain BatchNormalization, since the penalty is computed for each sample separately.
    latent_dim : int
        Length of the noise vector.
    gradient_penalty : float
        Weight of the penalty.
    critic_steps : int
        Number of critic updates, each on a new batch, per update of the generator.
    pack : int
        How many samples the critic sees at once; see `GAN`.
    random_state : int
        Seed for the noise and the choice of real samples.

    References
    ----------
    Arjovsky, Chintala and Bottou 2017, *Wasserstein GAN*; Gulrajani et al. 2017, *Improved training
    of Wasserstein GANs* (the penalty).
    """

    #: ``distance`` is the critic's estimate of the distance, without the penalty; it falls if
    #: training goes well.
    reported = ("d_loss", "g_loss", "distance", "penalty")
    setting_names: ClassVar = (*GAN.setting_names, "critic_steps")
    batch_optimizer = "d_optimizer"

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int = 100,
        gradient_penalty: float = 10.0,
        critic_steps: int = 5,
        pack: int = 1,
        random_state: int = 0,
    ) -> None:
        if critic_steps < 1:
            raise ValueError(f"critic_steps={critic_steps!r} must be a whole number of at least 1.")
        super().__init__(generator, discriminator, latent_dim, pack, gradient_penalty, random_state)
        self.critic_steps = self.batches_per_step = critic_steps

    def default_optimizer(self, name: str) -> keras.optimizers.Optimizer:
        """Make an Adam optimizer with the settings of Gulrajani et al.

        Parameters
        ----------
        name : str
            The optimizer's name in Keras.

        Returns
        -------
        Optimizer
        """
        return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9, name=name)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update the critic several times, each time on a new batch, then the generator once."""
        for turn, real in enumerate(self.draw_batches(data)):
            fake = self.imitate(real, self.draw_noise(turn))
            with tf.GradientTape() as tape:
                loss = self.discriminator_loss(self.judge(real), self.judge(fake))
                penalty = self.gradient_penalty * self.steepness(real, fake, turn)
                d_loss = loss + penalty
            self.improve(self.d_optimizer, self.discriminator, d_loss, tape)
        noise = self.draw_noise(self.critic_steps)
        with tf.GradientTape() as tape:
            g_loss = self.generator_loss(self.judge(self.imitate(real, noise)))
        self.improve(self.g_optimizer, self.generator, g_loss, tape)
        self.step.assign_add(1)
        return self.track(d_loss=d_loss, g_loss=g_loss, distance=-loss, penalty=penalty)

    def draw_batches(self, data: Any) -> list[Any]:
        """Return one batch of real samples per update of the critic.

        Parameters
        ----------
        data : tensor
            If ``critic_steps`` is 1, all samples of a small table or one batch, as for `draw_real`;
            otherwise, batches of shape (critic_steps, batch, ...).

        Returns
        -------
        list of tensors of shape (batch, ...)
        """
        turns = self.critic_steps
        return [self.draw_real(data)] if turns == 1 else tf.unstack(data, turns)

    def discriminator_loss(self, real_logits: Any, fake_logits: Any) -> Any:
        """Return the negative of the critic's estimate of the Wasserstein distance.

        Parameters
        ----------
        real_logits, fake_logits : tensor of shape (batch, 1)
            The critic's scores.

        Returns
        -------
        tensor of shape ()
        """
        return tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)

    def generator_loss(self, fake_logits: Any) -> Any:
        """Return the negative mean score of generated samples.

        Parameters
        ----------
        fake_logits : tensor of shape (batch, 1)
            The critic's scores.

        Returns
        -------
        tensor of shape ()
        """
        return -tf.reduce_mean(fake_logits)

    def steepness(self, real: Any, fake: Any, turn: int = 0) -> Any:
        """Measure how far the critic's slope is from 1 between pairs of real and generated samples.

        Parameters
        ----------
        real, fake : tensor of shape (batch, ...)
        turn : int
            Index of the critic's update within the step.

        Returns
        -------
        tensor of shape ()
            The mean squared difference between the slope and 1, at one random point per pair.
        """
        real, fake = self.packed(real), self.packed(fake)
        share_of_fake = self.draw_shares(len(real.shape), turn)
        between = real + share_of_fake[: tf.shape(real)[0]] * (fake - real)
        with tf.GradientTape() as tape:
            tape.watch(between)
            scores = self.discriminator(between, training=True)
        # The small constant is needed because the square root has no gradient at 0.
        slopes = tf.sqrt(squared_slope(tape.gradient(scores, between)) + 1e-12)
        return tf.reduce_mean((slopes - 1) ** 2)

    def draw_shares(self, rank: int, turn: int) -> Any:
        """Draw one number between 0 and 1 per sample of a batch.

        Parameters
        ----------
        rank : int
            Number of axes of the samples, including the batch axis.
        turn : int
            Index of the critic's update within the step.

        Returns
        -------
        tensor of shape (batch, 1, ...)
        """
        shape = (self.batch_size,) + (1,) * (rank - 1)
        # These indices are above those of the noise, so the two kinds of numbers have different
        # seeds.
        return share(
            tf.random.stateless_uniform(shape, self._seed(1, self.critic_steps + 1 + turn))
        )
