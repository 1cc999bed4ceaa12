"""Samplers for imbalanced-learn that oversample rare classes with rows from a synthesizer.

=========================== ====================================================================
``SynthesizerOverSampler``  rows from any synthesizer in `gan_utils.synthesizers`
``GaussianOverSampler``     rows from normal distributions, with or without correlations
``SmoteOverSampler``        points between a row and one of its neighbours
``SDVOverSampler``          the Synthetic Data Vault's Gaussian copula, CTGAN and TVAE
``GANOverSampler``          the course's GAN for tables
``VAEOverSampler``          the course's variational autoencoder for tables
``DiffusionOverSampler``    the course's diffusion model for tables
=========================== ====================================================================

For each class to be oversampled, a separate synthesizer is fitted to the rows of that class. A
sampler learns only from the rows that it receives: in an ``imblearn.pipeline.Pipeline``, these are
the training rows of the fold, never the test rows.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "DiffusionOverSampler": "samplers",
    "GANOverSampler": "samplers",
    "GaussianOverSampler": "samplers",
    "SDVOverSampler": "samplers",
    "SmoteOverSampler": "samplers",
    "SynthesizerOverSampler": "base",
    "VAEOverSampler": "samplers",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
