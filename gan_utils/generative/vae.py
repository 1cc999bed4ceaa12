"""The variational autoencoder as a ``keras.Model``, for rows of numbers and categories."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from gan_utils._support.backend import check_precision, keras, tf
from gan_utils.training import GenerativeModel

LOG_2PI = float(np.log(2 * np.pi))


class VAE(GenerativeModel):
    """An encoder and a decoder for rows of numbers and one-hot categories.

    The loss is the negative evidence lower bound (ELBO). It is the sum of the negative
    log-likelihood of a row under the decoder's distribution and ``beta`` times the Kullback-Leibler
    divergence of the encoder's normal distribution from the standard normal distribution.

    Parameters
    ----------
    encoder : keras.Model
        Maps rows of shape (batch, n_numeric + sum(sizes)) to an array of shape
        (batch, 2 * latent_dim), which holds means, followed by logarithms of variances.
    decoder : keras.Model
        Maps codes of shape (batch, latent_dim) to an array of shape
        (batch, 2 * n_numeric + sum(sizes)), which holds means of the numeric columns, logarithms of
        their standard deviations, and logits of the categories.
    latent_dim : int
        Length of a row's code.
    n_numeric : int
        Number of numeric columns, which come first in a row.
    sizes : sequence of int
        How many values each categorical column has.
    beta : float
        Weight of the divergence; 1 gives the ELBO itself.
    warm_up : int
        Number of steps over which the divergence's weight grows from 0. Without a warm-up, the
        divergence has its full weight while the decoder still ignores the code, and many latent
        dimensions remain unused.
    random_state : int
        Seed for the noise and the choice of real rows. Both depend only on the seed and on
        the step number, so an interrupted run continues as if it had never stopped.

    References
    ----------
    Kingma and Welling 2014, *Auto-encoding variational Bayes*; Xu et al. 2019, *Modeling tabular
    data using conditional GAN* (TVAE: numbers and categories in one decoder); Bowman et al. 2016,
    *Generating sentences from a continuous space* (the warm-up).
    """

    network_names: ClassVar = ("encoder", "decoder")
    setting_names: ClassVar = (
        *GenerativeModel.setting_names,
        *("n_numeric", "sizes", "beta", "warm_up"),
    )

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        latent_dim: int,
        n_numeric: int,
        sizes: Sequence[int] = (),
        beta: float = 1.0,
        warm_up: int = 0,
        random_state: int = 0,
    ) -> None:
        check_precision(encoder, decoder)
        super().__init__(latent_dim, random_state, ("loss", "reconstruction", "kl"), name="vae")
        self.encoder, self.decoder = encoder, decoder
        self.n_numeric, self.sizes = n_numeric, tuple(sizes)
        self.beta, self.warm_up = beta, warm_up
        _check_networks(encoder, decoder, latent_dim, n_numeric, self.sizes)

    def compile(
        self, optimizer: keras.optimizers.Optimizer | None = None, steps_per_execution: int = 1
    ) -> None:
        """Set the optimizer.

        Parameters
        ----------
        optimizer : Optimizer, optional
            Optimizer for both networks; by default ``Adam(1e-3)``.
        steps_per_execution : int
            Number of steps per call to TensorFlow.
        """
        optimizer = optimizer or keras.optimizers.Adam(1e-3, name="adam")
        super().compile(
            optimizer=optimizer, steps_per_execution=steps_per_execution, jit_compile=False
        )
        self.optimizer.build(self.trainable_variables)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of one row."""
        return self.encoder.input_shape[1:]

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update both networks once; see `draw_real` for ``data``."""
        rows = self.draw_real(data)
        with tf.GradientTape() as tape:
            mean, log_variance = tf.split(self.encoder(rows, training=True), 2, axis=1)
            code = mean + tf.exp(log_variance / 2) * self.draw_noise()
            reconstruction = self.reconstruction(rows, self.decoder(code, training=True))
            kl = self.divergence(mean, log_variance)
            loss = reconstruction + self.weight_of_kl() * kl
        self.improve(self.optimizer, self, loss, tape)
        self.step.assign_add(1)
        return self.track(loss=loss, reconstruction=reconstruction, kl=kl)

    def weight_of_kl(self) -> Any:
        """Return the weight of the divergence at this step."""
        if not self.warm_up:
            return self.beta
        share = tf.cast(self.step, tf.float32) / self.warm_up
        return self.beta * tf.minimum(share, 1.0)

    def reconstruction(self, rows: Any, decoded: Any) -> Any:
        """Return the mean negative log-likelihood of rows.

        Parameters
        ----------
        rows : tensor of shape (batch, n_numeric + sum(sizes))
            Rows of numbers, followed by one-hot categories.
        decoded : tensor of shape (batch, 2 * n_numeric + sum(sizes))
            The decoder's output for the rows' codes.

        Returns
        -------
        tensor of shape ()
            The loss in nats per row.
        """
        numbers, *choices = tf.split(rows, [self.n_numeric, *self.sizes], axis=1)
        mean, log_spread, *logits = tf.split(decoded, self._widths, axis=1)
        distance = (numbers - mean) * tf.exp(-log_spread)
        loss = tf.reduce_sum(distance**2 / 2 + log_spread + LOG_2PI / 2, axis=1)
        for choice, logit in zip(choices, logits, strict=True):
            loss += tf.nn.softmax_cross_entropy_with_logits(choice, logit)
        return tf.reduce_mean(loss)

    def divergence(self, mean: Any, log_variance: Any) -> Any:
        """Return the codes' mean Kullback-Leibler divergence from the standard normal distribution.

        Parameters
        ----------
        mean, log_variance : tensor of shape (batch, latent_dim)
            Parameters of the encoder's normal distributions.

        Returns
        -------
        tensor of shape ()
            The divergence in nats per row.
        """
        excess = mean**2 + tf.exp(log_variance) - log_variance - 1
        return tf.reduce_mean(tf.reduce_sum(excess, axis=1)) / 2

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw one row per code from the decoder's distribution."""
        decoded = self.decoder(noise, training=False).numpy()
        mean, log_spread, *logits = np.split(decoded, np.cumsum(self._widths)[:-1], axis=1)
        numbers = mean + np.exp(log_spread) * rng.normal(size=mean.shape)
        choices = [_one_hot_draws(part, rng) for part in logits]
        return np.column_stack([numbers.astype("float32"), *choices])

    @property
    def _widths(self) -> list[int]:
        """The widths of the parts of the decoder's output."""
        return [self.n_numeric, self.n_numeric, *self.sizes]


def _one_hot_draws(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a category for each row of logits, and return it as zeros and a single one."""
    # The argmax of logits plus Gumbel noise is a draw from their softmax.
    places = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    rows = np.zeros(logits.shape, "float32")
    rows[np.arange(len(rows)), places] = 1
    return rows


def _check_networks(
    encoder: keras.Model, decoder: keras.Model, latent_dim: int, n_numeric: int, sizes: tuple
) -> None:
    row, decoded = n_numeric + sum(sizes), 2 * n_numeric + sum(sizes)
    wanted = {
        "encoder takes": (encoder.input_shape[-1], row),
        "encoder gives": (encoder.output_shape[-1], 2 * latent_dim),
        "decoder takes": (decoder.input_shape[-1], latent_dim),
        "decoder gives": (decoder.output_shape[-1], decoded),
    }
    for what, (found, needed) in wanted.items():
        if found != needed:
            raise ValueError(f"the {what} {found} numbers, but {needed} are needed. Rebuild it.")
