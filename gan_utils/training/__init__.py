"""Code shared by all training in the course.

=============== ===================================================================
``engine``      `GenerativeModel`: a ``keras.Model`` whose random draws depend on the step number
``latent``      `LatentSampler`: new samples from noise, in pieces that fit into memory
``samples``     real samples, checked before training
``batches``     batches of real samples by step number, split by device
``averaging``   `AveragedWeights`, `kept_share`: averages of weights over the last steps
``backup``      `Backup`, `resuming`: one file from which a killed run resumes
``saving``      `SaveMixin`: one file of JSON and networks per model, never unpickled
``unsupported`` errors for unsupported Keras methods, which say what to use instead
``machines``    the number of machines that train together
``progress``    `TrainingProgress`: one line that shows the step, the time and the losses
``alarms``      `TrainingAlarms`: warnings about problems in training, with suggested remedies
``grids``       `SampleGrid`: generated images every few epochs; `save_animation`
=============== ===================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "AveragedWeights": "averaging",
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
    "kept_share": "averaging",
    "resuming": "backup",
    "save_animation": "grids",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
