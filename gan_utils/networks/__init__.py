"""One builder for each network of the course.

============= =====================================================================
``tabular``   the classic tabular GAN; generator, discriminator, encoder and decoder
              of the course's own synthesizers
``images``    the first dense GANs on digits, a convolutional discriminator, a DCGAN
``lean``      the course's own DCGAN, with classes or without
``thin``      convolutions with few filters, fast on a processor
``language``  recurrent networks that predict the next letter or word
``recurrent`` an LSTM layer, faster in training on a processor
============= =====================================================================

Every builder's layers have fixed names, and inside `seeded_weights` fixed first weights.
"""

from gan_utils.lazy import lazy_names

_HOMES = {
    "LanguageNetwork": "language",
    "OneOfMany": "tabular",
    "WithSpread": "tabular",
    "build_classic_generator": "tabular",
    "build_composite": "images",
    "build_conv_discriminator": "images",
    "build_dcgan_discriminator": "images",
    "build_dcgan_generator": "images",
    "build_dense_discriminator": "images",
    "build_dense_generator": "images",
    "build_lean_discriminator": "lean",
    "build_lean_generator": "lean",
    "build_relu_generator": "images",
    "build_tabular_decoder": "tabular",
    "build_tabular_discriminator": "tabular",
    "build_tabular_encoder": "tabular",
    "build_tabular_generator": "tabular",
    "fast_call": "thin",
    "fast_lstm": "recurrent",
    "seeded_weights": "parts",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
