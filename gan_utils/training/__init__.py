"""Code shared by all training in the course.

=============== ===================================================================
``engine``      `GenerativeModel`: a ``keras.Model`` whose random draws depend on the step number
``latent``      `LatentSampler`: a base class that generates samples from noise in chunks
``samples``     checks of real samples before training
``batches``     batches of real samples by step number, split by device
``averaging``   `AveragedWeights`, `kept_share`: averages of weights over the last steps
``backup``      `Backup`, `resuming`: one file from which a killed run resumes
``facts``       the facts by which a backup tells whose it is
``rates``       a warning if the learning rate is 0 long before a training ends
``saving``      `SaveMixin`: one file per model, with JSON and networks but no pickled objects
``unsupported`` errors that say what to use instead of unsupported Keras methods
``machines``    the number of machines that train together
``progress``    `TrainingProgress`: one line that shows the step, the time and the losses
``alarms``      `TrainingAlarms`: warnings about problems in training, with suggested remedies
``grids``       `SampleGrid`, `save_animation`: grids of generated images, and animations of them
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
