"""A GAN for tables of numbers and categories that works on a few hundred rows."""

from pathlib import Path
from typing import ClassVar

from gan_utils._support.backend import keras
from gan_utils.generative import GAN
from gan_utils.networks import build_tabular_discriminator, build_tabular_generator
from gan_utils.synthesizers.neural import NeuralSynthesizer


class TabularGAN(NeuralSynthesizer):
    """Learn a table with a GAN and generate new rows.

    It extends the classic dense GAN; each extension can be switched off: numbers are encoded by
    rank (``encoding``); the discriminator sees several rows at once (``pack``) and is kept smooth
    (``gradient_penalty``); the generator's weights are averaged over the last steps (``average``);
    each generated column is mapped to the real column's distribution (``calibrate``); categories
    are exact (``hard_categories``); rows that repeat a training row are drawn again
    (``redraw_copies``).

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    nb_epochs : int
        Training steps; one step is one batch, as in the classic scripts.
    batch_size : int, at most the number of rows
        Real rows per step, and as many generated ones.
    encoding : {"quantile", "minmax"}
        How numbers are scaled; see `gan_utils.synthesizers.encoder.TableEncoder`.
    pack : int
        How many rows the discriminator sees at once.
    gradient_penalty : float
        Weight of the R1 penalty; 0 switches it off.
    average : float in [0, 1)
        Momentum of the moving average of the generator's weights; 0 switches it off.
    calibrate : bool
        Whether each numeric column gets the distribution of the real one. This and
        ``redraw_copies`` affect sampling, not training: both may be switched off after ``fit``.
    hard_categories : bool
        Whether the generator returns exact one-hot categories, as in real rows, or a softmax.
    redraw_copies : bool
        Whether generated rows that repeat a training row are drawn again: all of them if at most
        5 % of the training rows have a twin, else until they are no more common than such twins.
    learning_rate : float
        Initial rate for both networks; it falls to 0 along half a cosine.
    widths : tuple of int
        Units of the hidden layers of both networks.
    random_state : int
        Seed for weights, noise and batches; the seed of the rows is given to ``sample``.
    verbose : bool
        Whether to show a progress line.
    backup_dir : str or Path, optional
        A folder in which the state of the training is saved every few seconds. If the training is
        killed, the same ``fit`` on the same table resumes it and ends as if it had never been
        killed. The backup is removed when the training ends; one for another table or other
        settings is left alone.

    Attributes
    ----------
    history_ : DataFrame
        Losses and accuracies, indexed by step; each row holds the means since the previous row.
    gan_ : gan_utils.generative.GAN
        The trained networks.
    resumed_at_ : int
        The step from which the training resumed; 0 without a backup.

    Notes
    -----
    A saved model contains the sorted values of each numeric column and a hash of each training row,
    and is no more private than these.

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
        """How many rows the discriminator sees at once: never more than a batch has."""
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
