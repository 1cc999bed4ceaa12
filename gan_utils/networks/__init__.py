"""Functions and classes that build the networks of the course.

============= =====================================================================
``tabular``   the classic tabular GAN, and the generator, discriminator, encoder and decoder
              of the course's own synthesizers
``images``    the first dense GANs for digits, and a convolutional discriminator
``dcgan``     the classic DCGAN, and the course's own DCGAN, with or without classes
``flow``      networks for flow matching of rows and of images
``ring``      networks for points in the plane, used in the mode-collapse lab
``fast_conv`` convolution layers with few filters that run fast on a CPU
``language``  recurrent networks that predict the next letter or word
``fast_lstm`` an LSTM layer that trains faster than Keras's on a CPU
``sentences`` a convolutional discriminator for short sentences
============= =====================================================================

The layers of every network have fixed names and, inside `seeded_weights`, fixed initial weights.
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {
    "LanguageNetwork": "language",
    "MinibatchDiscrimination": "ring",
    "OneOfMany": "tabular",
    "ScaleAndShift": "flow",
    "TimeWaves": "flow",
    "WithSpread": "tabular",
    "build_classic_generator": "tabular",
    "build_composite": "images",
    "build_conv_discriminator": "images",
    "build_dcgan_discriminator": "dcgan",
    "build_dcgan_generator": "dcgan",
    "build_dense_discriminator": "images",
    "build_dense_generator": "images",
    "build_small_dcgan_discriminator": "dcgan",
    "build_small_dcgan_generator": "dcgan",
    "build_relu_generator": "images",
    "build_flow_mlp": "flow",
    "build_flow_unet": "flow",
    "build_ring_discriminator": "ring",
    "build_ring_generator": "ring",
    "build_sentence_discriminator": "sentences",
    "build_tabular_decoder": "tabular",
    "build_tabular_discriminator": "tabular",
    "build_tabular_encoder": "tabular",
    "build_tabular_generator": "tabular",
    "fast_call": "fast_conv",
    "lstm_outputs": "fast_lstm",
    "seeded_weights": "parts",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
