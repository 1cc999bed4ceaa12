"""Adversarial networks as ``keras.Model``: ``compile``, ``fit`` and callbacks are Keras's.

=============== ==================================================================
``gan``         `GAN`: a generator and a discriminator, the training step
``conditional`` `ConditionalGAN`: samples of a class that is asked for
``wasserstein`` `WassersteinGAN`: a critic instead of a judge, with gradient penalty
=============== ==================================================================
"""

from gan_utils.adversarial.conditional import ConditionalGAN
from gan_utils.adversarial.gan import GAN, keras, tf
from gan_utils.adversarial.wasserstein import WassersteinGAN

__all__ = ["GAN", "ConditionalGAN", "WassersteinGAN", "keras", "tf"]
