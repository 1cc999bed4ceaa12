"""Generative networks as subclasses of ``keras.Model``, with ``compile``, ``fit`` and callbacks.

=============== ==================================================================
``gan``         `GAN`: the training step of a generator and a discriminator
``conditional`` `ConditionalGAN`: a GAN that generates samples of a requested class
``wasserstein`` `WassersteinGAN`: a critic with a gradient penalty
``vae``         `VAE`: a variational autoencoder
``flow``        `FlowModel`: flow matching, the simplest form of diffusion
``diffusion``   `build_diffusion`: a flow model of images, ready to train
``dcgan``       `build_dcgan`: networks, optimizers and settings that work together
``classes``     functions that check and draw the classes of samples
``integration`` code that moves samples from noise to data along a velocity field
``value_range`` scaling of samples from their range to the range -1 to 1, and back
``ring``        the mode-collapse lab: a ring of Gaussians, and GANs that reach all or some of them
=============== ==================================================================

Each model also has a method ``sample(n, random_state=None)``.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "ConditionalGAN": "conditional",
    "FlowModel": "flow",
    "GAN": "gan",
    "VAE": "vae",
    "WassersteinGAN": "wasserstein",
    "build_dcgan": "dcgan",
    "build_diffusion": "diffusion",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
