"""Flow matching, the simplest form of diffusion, for tables of numbers and categories."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from gan_utils._support.backend import keras
from gan_utils.generative.flow import FlowModel
from gan_utils.networks import build_flow_mlp
from gan_utils.synthesizers.neural import NeuralSynthesizer

#: Training is divided into this many parts; the weights are averaged over about the last part.
AVERAGED_PARTS = 8


class TabularDiffusion(NeuralSynthesizer):
    """Learn a table by flow matching and generate new rows.

    Encoding, calibration, redrawing of copies, backups and saving work as in `TabularGAN`. A
    single network is trained by least squares, without an adversary. A new row starts as noise
    and is generated in ``sampling_steps`` steps, so sampling is slower than with a GAN.

    Parameters
    ----------
    nb_epochs : int
        Number of training steps; each step uses one batch.
    batch_size : int, at most the number of rows
        Number of training rows per step.
    encoding : {"quantile", "minmax"}
        How numbers are scaled; see `gan_utils.synthesizers.encoder.TableEncoder`.
    sampling_steps : int
        Number of steps from noise to a row; the network runs twice in each step.
    calibrate : bool
        Whether each generated numeric column is mapped to the real column's distribution. With
        ``encoding="minmax"``, this option has no effect.
    redraw_copies : bool
        Whether generated rows that repeat a training row are drawn again. All repeats are redrawn
        if at most 5 % of the training rows have a duplicate. Otherwise, the percentage of repeats
        may reach the percentage of training rows with a duplicate. Repeats that remain after 25
        rounds of redrawing are accepted.
    learning_rate : float
        The initial learning rate; the rate falls to 0 on a cosine schedule. New rows are generated
        with weights averaged over the last steps.
    widths : tuple of int
        Number of units in each hidden layer.
    random_state : int
        Seed for weights, noise, times and batches in training; pass a seed for new rows to
        ``sample``.
    verbose : bool
        Whether to show a progress line.
    backup_dir : str or Path, optional
        A folder for backups during training, as in `TabularGAN`.

    Attributes
    ----------
    history_ : DataFrame
        The mean squared error of the estimated rows, indexed by step; each value is the mean over
        the steps since the previous entry.
    flow_ : gan_utils.generative.FlowModel
        The trained network.
    resumed_at_ : int
        The step at which the training resumed, or 0 if there was no backup.

    References
    ----------
    Lipman et al. 2023, *Flow matching for generative modeling*; Kotelnikov et al. 2023, *TabDDPM:
    modelling tabular data with diffusion models* (a diffusion model for rows, with a different kind
    of noise for categories).

    Examples
    --------
    >>> table = pd.DataFrame({"minutes": range(40), "app": ["X", "Safari"] * 20})
    >>> diffusion = TabularDiffusion(nb_epochs=20, batch_size=16).fit(table)
    >>> diffusion.sample(3, random_state=0).shape
    (3, 2)
    """

    network_names: ClassVar = ("network",)
    counts: ClassVar = ("nb_epochs", "batch_size", "sampling_steps")

    def __init__(
        self,
        nb_epochs: int = 8_000,
        batch_size: int = 128,
        encoding: str = "quantile",
        sampling_steps: int = 50,
        calibrate: bool = True,
        redraw_copies: bool = True,
        learning_rate: float = 4e-3,
        widths: tuple[int, ...] = (192, 192),
        random_state: int = 0,
        verbose: bool = False,
        backup_dir: str | Path | None = None,
    ) -> None:
        self.nb_epochs, self.batch_size = nb_epochs, batch_size
        self.encoding, self.sampling_steps = encoding, sampling_steps
        self.calibrate, self.redraw_copies = calibrate, redraw_copies
        self.learning_rate = learning_rate
        self.widths, self.random_state = tuple(widths), random_state
        self.verbose, self.backup_dir = verbose, backup_dir

    @property
    def flow_(self) -> FlowModel:
        """The trained network."""
        return self.model_

    def _build(self) -> FlowModel:
        encoder = self.encoder_
        flow = self._assemble(build_flow_mlp(len(encoder.numeric_), encoder.sizes, self.widths))
        momentum = max(0.0, 1 - AVERAGED_PARTS / self.nb_epochs)
        averaging = {"use_ema": True, "ema_momentum": momentum}
        flow.compile(keras.optimizers.Adam(self._falling(), name="adam", **averaging), self._steps)
        return flow

    def _assemble(self, network: keras.Model) -> FlowModel:
        return FlowModel(network, random_state=self.random_state)

    def _generate(self, n: int, random_state: int) -> np.ndarray:
        return self.model_.sample(n, random_state, steps=self.sampling_steps)
