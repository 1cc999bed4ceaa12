"""A convolutional discriminator for short sentences, with several classes."""

from collections.abc import Sequence

from gan_utils._support.backend import keras, layers
from gan_utils.networks.parts import CHANNELS_LAST, dense, first_seed, glorot, whole


def build_sentence_discriminator(
    n_tokens: int,
    length: int,
    n_classes: int,
    embedding_dim: int = 50,
    filters: int = 64,
    widths: Sequence[int] = (2, 3, 4),
    dropout: float = 0.3,
) -> keras.Model:
    """Build a network that predicts which class a sentence belongs to.

    The network consists of convolutions over neighbouring words, the maximum of each filter over
    the sentence, and one dense layer.

    Parameters
    ----------
    n_tokens : int
        Size of the vocabulary.
    length : int
        Number of tokens in a sentence, including padding. It must be at least the largest width.
    n_classes : int
        Number of outputs; in SentiGAN, one per label and one for generated sentences.
    embedding_dim : int
        Length of a word's vector.
    filters : int
        Number of filters of each width.
    widths : sequence of int
        Number of neighbouring words that a filter covers, for each group of filters.
    dropout : float in [0, 1)
        Fraction of the maxima to drop in training.

    Returns
    -------
    keras.Model
        Maps tokens, an integer array of shape (batch, length), to logits of shape
        (batch, n_classes).

    References
    ----------
    Kim 2014, *Convolutional neural networks for sentence classification*, arXiv 1408.5882.
    """
    tokens = keras.Input((whole(length),), dtype="int32", name="tokens")
    first = keras.initializers.RandomUniform(-0.05, 0.05, seed=first_seed())
    words = layers.Embedding(
        whole(n_tokens), whole(embedding_dim), embeddings_initializer=first, name="embedding"
    )(tokens)
    maxima = []
    for width in widths:
        settings = {"kernel_initializer": glorot(), "activation": "relu", **CHANNELS_LAST}
        found = layers.Conv1D(whole(filters), whole(width), **settings, name=f"conv_{width}")(words)
        maxima.append(layers.GlobalMaxPooling1D(name=f"max_{width}", **CHANNELS_LAST)(found))
    joined = layers.Concatenate(name="join")(maxima)
    kept = layers.Dropout(dropout, seed=first_seed(), name="drop")(joined)
    logits = dense(n_classes, name="head")(kept)
    return keras.Model(tokens, logits, name="sentence_discriminator")
