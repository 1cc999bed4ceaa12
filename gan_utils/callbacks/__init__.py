"""What runs beside a GAN's training.

============ ======================================================================
``progress`` `TrainingProgress`: one line with steps, time, losses
``alarms``   `TrainingAlarms`: says in words that something goes wrong, and what to try
``grids``    `SampleGrid`: generated images of every few epochs; `save_animation`
============ ======================================================================

`Backup`, from which a killed training goes on, lives in `gan_utils.generative.backup`.
"""

from gan_utils.callbacks.alarms import TrainingAlarms, TrainingError, TrainingWarning
from gan_utils.callbacks.grids import SampleGrid, save_animation
from gan_utils.callbacks.progress import TrainingProgress
from gan_utils.generative.backup import Backup

__all__ = [
    "Backup",
    "SampleGrid",
    "TrainingAlarms",
    "TrainingError",
    "TrainingProgress",
    "TrainingWarning",
    "save_animation",
]
