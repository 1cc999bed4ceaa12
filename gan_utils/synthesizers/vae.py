"""A variational autoencoder for tables of numbers and categories."""

from pathlib import Path
from typing import ClassVar

from gan_utils._support.backend import keras
from gan_utils.generative.vae import VAE
from gan_utils.networks import build_tabular_decoder, build_tabular_encoder
from gan_utils.synthesizers.neural import NeuralSynthesizer


class TabularVAE(NeuralSynthesizer):
    """Learn a table with a variational autoencoder and generate new rows.

    Encoding, calibration, redrawing of copies, backups and saving work as in `TabularGAN`. A VAE
    has a single loss and no adversary, and needs far fewer training steps than a GAN.

    Parameters
    ----------
    latent_dim : int
        Length of a row's latent code. Dimensions that are not needed add nothing to the loss,
        because their Kullback-Leibler divergence goes to 0.
    nb_epochs : int
        Number of training steps; each step uses one batch.
    batch_size : int, at most the number of rows
        Number of training rows per step.
    encoding : {"quantile", "minmax"}
        How numbers are scaled; see `gan_utils.synthesizers.encoder.TableEncoder`.
    beta : float
        Weight of the Kullback-Leibler divergence in the loss; 1 gives the evidence lower bound.
    warm_up : float in [0, 1]
        The share of the training during which the weight of the divergence grows from 0 to
        ``beta``. The decoder can then learn to use the code before the penalty makes the codes of
        all rows alike.
    calibrate : bool
        Whether each generated numeric column is mapped to the real column's distribution. With
        ``encoding="minmax"``, this option has no effect.
    redraw_copies : bool
        Whether generated rows that repeat a training row are drawn again. All repeats are redrawn
        if at most 5 % of the training rows have a duplicate. Otherwise, the percentage of repeats
        may reach the percentage of training rows with a duplicate. Repeats that remain after 25
        rounds of redrawing are accepted.
    learning_rate : float
        The initial learning rate; the rate falls to 0 on a cosine schedule.
    widths : tuple of int
        Number of units in each hidden layer of both networks.
    random_state : int
        Seed for the weights, noise and batches in training. ``sample`` takes a seed for new rows.
    verbose : bool
        Whether to show a progress line.
    backup_dir : str or Path, optional
        A folder for backups during training, as in `TabularGAN`.

    Attributes
    ----------
    history_ : DataFrame
        Total loss, reconstruction loss and divergence in nats per table row, indexed by step; each
        value is the mean over the steps since the previous entry.
    vae_ : gan_utils.generative.vae.VAE
        The trained networks.
    resumed_at_ : int
        The step at which the training resumed, or 0 if there was no backup.

    References
    ----------
    Kingma and Welling 2014, *Auto-encoding variational Bayes*; Xu et al. 2019, *Modeling tabular
    data using conditional GAN* (TVAE).

    Examples
    --------
    >>> table = pd.DataFrame({"minutes": range(40), "app": ["X", "Safari"] * 20})
    >>> vae = TabularVAE(nb_epochs=20, batch_size=16).fit(table)
    >>> vae.sample(3, random_state=0).shape
    (3, 2)
    """

    network_names: ClassVar = ("encoder", "decoder")

    def __init__(
        self,
        latent_dim: int = 8,
        nb_epochs: int = 2_000,
        batch_size: int = 128,
        encoding: str = "quantile",
        beta: float = 1.0,
        warm_up: float = 0.5,
        calibrate: bool = True,
        redraw_copies: bool = True,
        learning_rate: float = 2e-3,
        widths: tuple[int, ...] = (128, 128),
        random_state: int = 0,
        verbose: bool = False,
        backup_dir: str | Path | None = None,
    ) -> None:
        self.latent_dim, self.nb_epochs, self.batch_size = latent_dim, nb_epochs, batch_size
        self.encoding, self.beta, self.warm_up = encoding, beta, warm_up
        self.calibrate, self.redraw_copies = calibrate, redraw_copies
        self.learning_rate = learning_rate
        self.widths, self.random_state = tuple(widths), random_state
        self.verbose, self.backup_dir = verbose, backup_dir

    @property
    def vae_(self) -> VAE:
        """The trained networks."""
        return self.model_

    def _check_settings(self, n_rows: int) -> None:
        super()._check_settings(n_rows)
        if not self.beta >= 0:
            raise ValueError(f"beta={self.beta!r} must be 0 or more; 1 is the usual bound.")
        if not 0 <= self.warm_up <= 1:
            raise ValueError(f"warm_up={self.warm_up!r} is a share of the training: 0 to 1.")

    def _build(self) -> VAE:
        encoder, widths = self.encoder_, self.widths
        vae = self._assemble(
            build_tabular_encoder(encoder.width, self.latent_dim, widths),
            build_tabular_decoder(self.latent_dim, len(encoder.numeric_), encoder.sizes, widths),
        )
        vae.compile(keras.optimizers.Adam(self._falling(), name="adam"), self._steps)
        return vae

    def _assemble(self, encoder: keras.Model, decoder: keras.Model) -> VAE:
        return VAE(
            encoder,
            decoder,
            self.latent_dim,
            len(self.encoder_.numeric_),
            self.encoder_.sizes,
            self.beta,
            int(self.warm_up * self.nb_epochs),
            self.random_state,
        )
