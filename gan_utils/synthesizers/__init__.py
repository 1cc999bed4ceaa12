"""Synthesizers: learn a table with ``fit(table)``, write new rows with ``sample(n)``.

======================== =======================================================================
``GaussianSynthesizer``  normal distributions, column by column or with their correlations
``SmoteSynthesizer``     points between a row and one of its neighbours
``SDVSynthesizer``       the Synthetic Data Vault's Gaussian copula, CTGAN and TVAE
``TabularGAN``           the course's own GAN for tables of numbers and categories
======================== =======================================================================

Each is imported when it is first asked for: only those that need TensorFlow or PyTorch load it.
"""

import importlib

_HOMES = {
    "GaussianSynthesizer": "gaussian",
    "SDVSynthesizer": "sdv",
    "SmoteSynthesizer": "smote",
    "Synthesizer": "base",
    "TabularGAN": "gan",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a synthesizer from its module on first use."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
