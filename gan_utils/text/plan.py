"""How long a language model is trained, and with which callbacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count
from gan_utils.training.backup import Backup


@dataclass(frozen=True)
class TrainingPlan:
    """What `fit` is given besides the data.

    Parameters
    ----------
    epochs : int
        How many times ``steps_per_epoch`` steps are run.
    patience : int or None
        Training stops after this many epochs without improvement on held-out text; None: never.
    steps_per_epoch : int or None
        None: enough to read as many tokens as the text has.
    backup : str, Path, Backup or None
        Where the state of the training is saved.
    callbacks : sequence of keras.callbacks.Callback
        Called before the state is saved.
    verbose : int
        0 is silent.

    Raises
    ------
    ValueError
        If a number is not a whole number of at least 1.
    """

    epochs: int
    patience: int | None = None
    steps_per_epoch: int | None = None
    backup: str | Path | Backup | None = None
    callbacks: Sequence[keras.callbacks.Callback] = ()
    verbose: int = 1

    def __post_init__(self) -> None:
        check_count("epochs", self.epochs)
        for name in ("patience", "steps_per_epoch"):
            if getattr(self, name) is not None:
                check_count(name, getattr(self, name))

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
