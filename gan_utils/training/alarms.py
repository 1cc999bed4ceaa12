"""Warn about mode collapse and about a discriminator that is too strong or too weak.

Training stops if a loss is no longer a finite number.
"""

import math
import warnings
from typing import Any

import numpy as np

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count

#: Number of generated samples for each check.
_LOOKED_AT = 256
_DEAD = (
    "the discriminator tells real from generated without a mistake and its loss is almost 0: the "
    "generator learns nothing from it. Try a smaller discriminator or learning rate, or "
    "gradient_penalty=1."
)
_MUTE = (
    "the discriminator has no opinion: its loss stands at 2 ln 2, as if it gave everything one and "
    "the same logit, 0. Look whether it is frozen (trainable=False) or its ReLUs are dead; try "
    "LeakyReLU and a smaller learning rate."
)
_COLLAPSED = (
    "mode collapse: generated rows vary less than a tenth as much as real ones. Try pack=8, "
    "gradient_penalty=1 or a smaller learning rate."
)
_COLLAPSED_IMAGES = (
    "mode collapse: generated images repeat each other. The nearest other image is less than a "
    "third as far from one as among real images. Try gradient_penalty=1, Dropout in the "
    "discriminator, a smaller learning rate, or a WassersteinGAN."
)


class TrainingError(RuntimeError):
    """Training cannot continue."""


class TrainingWarning(UserWarning):
    """Training continues, but something looks wrong."""


class TrainingAlarms(keras.callbacks.Callback):
    """Warn about problems in the training of a GAN, and suggest remedies.

    Parameters
    ----------
    real : ndarray of shape (n, d) or (n, height, width, channels), optional
        Real samples, on the same scale as generated ones. If they are given, mode collapse is
        monitored, by the spread of rows or by the distances between images.
    every : int
        Number of epochs between two checks of generated samples.
    patience : int
        Number of consecutive bad checks that cause an alarm.

    Raises
    ------
    ValueError
        If ``every`` or ``patience`` is not a whole number of at least 1.
    TrainingError
        Raised by ``fit`` if a loss is no longer a finite number.
    """

    def __init__(self, real: np.ndarray | None = None, every: int = 10, patience: int = 3) -> None:
        super().__init__()
        self.real = None if real is None else np.asarray(real)
        self.every, self.patience = check_count("every", every), check_count("patience", patience)
        self._of_images = self.real is not None and self.real.ndim > 2
        if self.real is not None:
            self._natural = _nearest(self.real) if self._of_images else self.real.std(axis=0)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Clear the alarms of an earlier run."""
        self._bad, self._said = {"collapse": 0, "dead": 0, "mute": 0}, set()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Check the losses and, at intervals, generated samples."""
        logs = logs or {}
        self._check_losses(epoch, logs)
        self._count("dead", _is_dead(logs), _DEAD)
        self._count("mute", _is_mute(logs), _MUTE)
        if self.real is not None and (epoch + 1) % self.every == 0:
            words = _COLLAPSED_IMAGES if self._of_images else _COLLAPSED
            self._count("collapse", self._collapsed(), words)

    def _check_losses(self, epoch: int, logs: dict[str, Any]) -> None:
        broken = [name for name, value in logs.items() if not np.isfinite(value)]
        if broken:
            raise TrainingError(
                f"{broken[0]} is no longer a finite number after epoch {epoch + 1}. Try a learning "
                "rate ten times smaller, and look for extreme values in the data."
            )

    def _collapsed(self) -> bool:
        samples = self.model.sample(_LOOKED_AT, random_state=0)
        if self._of_images:
            return bool(self._natural > 0 and _nearest(samples) < self._natural / 3)
        varied = self._natural > 0
        ratios = samples.std(axis=0)[varied] / self._natural[varied]
        return bool(varied.any() and np.median(ratios) < 0.1)

    def _count(self, name: str, bad: bool, words: str) -> None:
        self._bad[name] = self._bad[name] + 1 if bad else 0
        if self._bad[name] >= self.patience and name not in self._said:
            self._said.add(name)
            warnings.warn(words, TrainingWarning, stacklevel=2)


def _is_dead(logs: dict[str, Any]) -> bool:
    sure = min(logs.get("d_accuracy_real", 0), logs.get("d_accuracy_fake", 0)) > 0.999
    return bool(sure and logs.get("d_loss", 1.0) < 1e-3)


def _is_mute(logs: dict[str, Any]) -> bool:
    accuracies = "d_accuracy_real" in logs and "d_accuracy_fake" in logs
    return bool(accuracies and abs(logs.get("d_loss", 0.0) - 2 * math.log(2)) < 1e-6)


def _nearest(images: np.ndarray) -> float:
    """Return the median distance from an image to its nearest neighbour."""
    chosen = np.linspace(0, len(images) - 1, min(_LOOKED_AT, len(images))).astype(int)
    flat = images[chosen].reshape(len(chosen), -1).astype("float64")
    squares = (flat**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * flat @ flat.T
    np.fill_diagonal(distances, np.inf)
    return float(np.sqrt(np.median(distances.min(axis=1).clip(0))))
