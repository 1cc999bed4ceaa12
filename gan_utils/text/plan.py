"""Settings for training a language model, such as the number of epochs and the callbacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count
from gan_utils.training.backup import Backup


@dataclass(frozen=True)
class TrainingPlan:
    """The arguments of `fit` that control the training.

    Parameters
    ----------
    epochs : int
        Number of epochs, each of ``steps_per_epoch`` steps.
    patience : int or None
        Training stops after this many epochs without improvement on held-out text; if None, it
        never stops early.
    steps_per_epoch : int or None
        Number of training steps per epoch. If None, an epoch has enough steps to read about as many
        tokens as the training text contains.
    backup : str, Path, Backup or None
        The file in which the state of the training is saved between epochs; if None, the state is
        not saved.
    callbacks : sequence of keras.callbacks.Callback
        Further callbacks, which are called before the state of the training is saved.
    verbose : int
        0 is silent; 1 shows a progress line.

    Raises
    ------
    ValueError
        If ``epochs``, ``patience`` or ``steps_per_epoch`` is not a whole number of at least 1.
    """

    epochs: int
    patience: int | None = None
    steps_per_epoch: int | None = None
    backup: str | Path | Backup | None = None
    callbacks: Sequence[keras.callbacks.Callback] = ()
    verbose: int = 1

    def __post_init__(self) -> None:
        for name in ("epochs", "patience", "steps_per_epoch"):
            value = getattr(self, name)
            if name == "epochs" or value is not None:
                object.__setattr__(self, name, check_count(name, value))

    def steps(self, n_tokens: int, per_step: int) -> int:
        """Return the number of steps per epoch.

        Parameters
        ----------
        n_tokens : int
            The length of the text.
        per_step : int
            Number of tokens per step.

        Returns
        -------
        int, at least 1
        """
        if self.steps_per_epoch is None:
            return max(1, n_tokens // per_step)
        return self.steps_per_epoch
