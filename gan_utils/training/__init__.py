"""What every training of the course shares.

=============== ===================================================================
``engine``      `GenerativeModel`: a ``keras.Model`` that trains by the number of the step
``latent``      `LatentSampler`: new samples from noise, in pieces that fit into memory
``samples``     real samples, checked before a training begins
``batches``     real batches by the number of the step, one part for each device
``backup``      `Backup`, `resuming`: one file from which a killed training goes on
``saving``      `SaveMixin`: one file a model, JSON and networks, never unpickled
``unsupported`` what Keras's models do and these do not: each says what to use
``machines``    how many machines train together
``progress``    `TrainingProgress`: one line with steps, time, losses
``alarms``      `TrainingAlarms`: says in words that something goes wrong, and what to try
``grids``       `SampleGrid`: generated images of every few epochs; `save_animation`
=============== ===================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "Backup": "backup",
    "GenerativeModel": "engine",
    "LatentSampler": "latent",
    "SAMPLE_CHUNK": "latent",
    "SampleGrid": "grids",
    "SaveMixin": "saving",
    "TrainingAlarms": "alarms",
    "TrainingError": "alarms",
    "TrainingProgress": "progress",
    "TrainingWarning": "alarms",
    "resuming": "backup",
    "save_animation": "grids",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
