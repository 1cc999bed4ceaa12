"""A GAN for tables of numbers and categories that works on a few hundred rows."""

from pathlib import Path
from typing import ClassVar

from gan_utils._support.backend import keras
from gan_utils.generative import GAN
from gan_utils.networks import build_tabular_discriminator, build_tabular_generator
from gan_utils.synthesizers.neural import NeuralSynthesizer


class TabularGAN(NeuralSynthesizer):
    """Learn a table with a GAN and generate new rows.

    This GAN extends the classic dense GAN, and each extension can be switched off. Numbers are
    encoded by rank (``encoding``). The discriminator sees several rows at once (``pack``), and a
    penalty keeps it smooth (``gradient_penalty``). The generator returns exact categories
    (``hard_categories``), and its weights are averaged over the last steps (``average``). Each
    generated numeric column is mapped to the real column's distribution (``calibrate``), and
    rows that repeat a training row are drawn again (``redraw_copies``).

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    nb_epochs : int
        Number of training steps; each step uses one batch, as in classic GAN scripts.
    batch_size : int, at most the number of rows
        Number of real rows per step; the same number of generated rows is used.
    encoding : {"quantile", "minmax"}
        How numbers are scaled; see `gan_utils.synthesizers.encoder.TableEncoder`.
    pack : int
        Number of rows that the discriminator sees at once.
    gradient_penalty : float
        Weight of the R1 penalty; 0 switches it off.
    average : float in [0, 1)
        Momentum of the moving average of the generator's weights; 0 switches it off.
    calibrate : bool
        Whether each generated numeric column is mapped to the real column's distribution. With
        ``encoding="minmax"``, this option has no effect. Both ``calibrate`` and ``redraw_copies``
        affect only sampling, so they may be switched off after ``fit``.
    hard_categories : bool
        Whether the generator returns exact one-hot categories instead of softmax probabilities.
    redraw_copies : bool
        Whether generated rows that repeat a training row are drawn again. All repeats are redrawn
        if at most 5 % of the training rows have a duplicate. Otherwise, the percentage of repeats
        may reach the percentage of training rows with a duplicate. Repeats that remain after 25
        rounds of redrawing are accepted.
    learning_rate : float
        Initial learning rate of both networks; the rate falls to 0 on a cosine schedule.
    widths : tuple of int
        Number of units in each hidden layer of both networks.
    random_state : int
        Seed for the weights, noise and batches in training. ``sample`` takes a seed for new rows.
    verbose : bool
        Whether to show a progress line.
    backup_dir : str or Path, optional
        A folder in which the state of the training is saved every few seconds. If the training is
        interrupted, calling ``fit`` again with the same settings and table resumes it, and the
        result is the same as without the interruption. The backup is removed when the training
        ends; backups for other tables or settings are not touched.

    Attributes
    ----------
    history_ : DataFrame
        Losses and accuracies, indexed by step; each row holds the means since the previous row.
    gan_ : gan_utils.generative.GAN
        The trained networks.
    resumed_at_ : int
        The step at which the training resumed, or 0 if there was no backup.

    Notes
    -----
    With ``encoding="quantile"``, a saved model contains the sorted values of each numeric column;
    with ``encoding="minmax"``, it contains only the smallest and the largest value. A saved model
    also contains a hash of each training row. Anyone who has the model file can read these
    values and hashes.

    Examples
    --------
    >>> table = pd.DataFrame({"minutes": range(40), "app": ["X", "Safari"] * 20})
    >>> gan = TabularGAN(nb_epochs=20, batch_size=16).fit(table)
    >>> gan.sample(3, random_state=0).shape
    (3, 2)
    """

    network_names: ClassVar = ("generator", "discriminator")
    counts: ClassVar = (*NeuralSynthesizer.counts, "pack")

    def __init__(
        self,
        latent_dim: int = 100,
        nb_epochs: int = 10_000,
        batch_size: int = 128,
        encoding: str = "quantile",
        pack: int = 8,
        gradient_penalty: float = 1.0,
        average: float = 0.999,
        calibrate: bool = True,
        hard_categories: bool = True,
        redraw_copies: bool = True,
        learning_rate: float = 5e-4,
        widths: tuple[int, ...] = (128, 128),
        random_state: int = 0,
        verbose: bool = False,
        backup_dir: str | Path | None = None,
    ) -> None:
        self.latent_dim, self.nb_epochs, self.batch_size = latent_dim, nb_epochs, batch_size
        self.encoding, self.pack, self.gradient_penalty = encoding, pack, gradient_penalty
        self.average, self.calibrate, self.redraw_copies = average, calibrate, redraw_copies
        self.hard_categories = hard_categories
        self.learning_rate, self.widths = learning_rate, tuple(widths)
        self.random_state, self.verbose = random_state, verbose
        self.backup_dir = backup_dir

    @property
    def gan_(self) -> GAN:
        """The trained networks."""
        return self.model_

    def _check_settings(self, n_rows: int) -> None:
        super()._check_settings(n_rows)
        if not self.gradient_penalty >= 0:
            raise ValueError(f"gradient_penalty={self.gradient_penalty!r} must be 0 or more.")
        if not 0 <= self.average < 1:
            raise ValueError(f"average={self.average!r} must be at least 0 and below 1.")

    def _build(self) -> GAN:
        gan = self._assemble(self._generator(), self._discriminator())
        averaging = {"use_ema": True, "ema_momentum": self.average} if self.average else {}
        gan.compile(self._adam("g_adam", **averaging), self._adam("d_adam"), self._steps)
        return gan

    def _generator(self) -> keras.Model:
        numbers, sizes = len(self.encoder_.numeric_), self.encoder_.sizes
        return build_tabular_generator(
            self.latent_dim, numbers, sizes, self.widths, self.hard_categories
        )

    def _discriminator(self) -> keras.Model:
        return build_tabular_discriminator(self._packed * self.encoder_.width, self.widths)

    @property
    def _packed(self) -> int:
        """Number of rows that the discriminator sees at once, limited to the batch size."""
        return min(self.pack, self.batch_size)

    def _assemble(self, generator: keras.Model, discriminator: keras.Model) -> GAN:
        return GAN(
            generator,
            discriminator,
            self.latent_dim,
            self._packed,
            self.gradient_penalty,
            self.random_state,
        )

    def _adam(self, name: str, **averaging: object) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(
            self._falling(), beta_1=0.5, beta_2=0.9, name=name, **averaging
        )
