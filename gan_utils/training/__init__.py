"""What every training of the course shares.

============ ======================================================================
``engine``   `GenerativeModel`: a ``keras.Model`` that trains by the number of the step
``batches``  real batches by the number of the step, one part for each device
``backup``   `Backup`: one file from which a killed training goes on
``machines`` how many machines train together
``progress`` `TrainingProgress`: one line with steps, time, losses
``alarms``   `TrainingAlarms`: says in words that something goes wrong, and what to try
``grids``    `SampleGrid`: generated images of every few epochs; `save_animation`
============ ======================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "Backup": "backup",
    "GenerativeModel": "engine",
    "SAMPLE_CHUNK": "engine",
    "SampleGrid": "grids",
    "TrainingAlarms": "alarms",
    "TrainingError": "alarms",
    "TrainingProgress": "progress",
    "TrainingWarning": "alarms",
    "save_animation": "grids",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
