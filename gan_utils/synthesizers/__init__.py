"""Synthesizers that learn a table with ``fit(table)`` and generate rows with ``sample(n)``.

======================== =======================================================================
``GaussianSynthesizer``  normal distributions, column by column or with their correlations
``SmoteSynthesizer``     points between a row and one of its neighbours
``SDVSynthesizer``       the Synthetic Data Vault's Gaussian copula, CTGAN and TVAE
``TabularGAN``           the course's GAN for tables of numbers and categories
``TabularVAE``           a variational autoencoder for tables of numbers and categories
``TabularDiffusion``     flow matching, the simplest form of diffusion, for the same kind of table
======================== =======================================================================

Each class is imported on first use; TensorFlow or PyTorch is loaded only if needed.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "GaussianSynthesizer": "gaussian",
    "SDVSynthesizer": "sdv",
    "SmoteSynthesizer": "smote",
    "Synthesizer": "base",
    "TabularDiffusion": "diffusion",
    "TabularGAN": "gan",
    "TabularVAE": "vae",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
