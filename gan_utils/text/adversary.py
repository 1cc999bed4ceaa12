"""Draw SentiGAN's sentences and rollouts, and compute the penalty of each word."""

from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.sampling import FORBIDDEN

#: The numbers of the two tokens that are not words; see `Vocabulary`.
UNKNOWN_NUMBER, END_NUMBER = 0, 1


def barred_tokens(n_tokens: int, length: int) -> np.ndarray:
    """Return values that prevent empty sentences and unknown words when added to the logits.

    Parameters
    ----------
    n_tokens : int
        Size of the vocabulary.
    length : int
        Number of tokens per sentence.

    Returns
    -------
    ndarray of shape (length, n_tokens), float32
        An entry is -1e9 if the token must not be drawn at that position, and 0 otherwise.
    """
    barred = np.zeros((length, n_tokens), np.float32)
    barred[:, UNKNOWN_NUMBER] = FORBIDDEN
    barred[0, END_NUMBER] = FORBIDDEN
    return barred


def continue_sentences(
    network: LanguageNetwork, given: Any, n_given: Any, seed: Any, temperature: Any = 1.0
) -> Any:
    """Keep the first tokens of each sentence, and draw the rest (a rollout).

    Parameters
    ----------
    network : LanguageNetwork
        A network without labels.
    given : tensor of shape (batch, length), int32
        Sentences; only the first ``n_given`` tokens of each are used.
    n_given : tensor of shape (batch,), int32
        Number of tokens to keep from each sentence. If it is 0, the whole sentence is drawn.
    seed : tensor of shape (2,), int64
        The seed; the same seed gives the same sentences.
    temperature : float, above 0
        A temperature of 1 leaves the network's probabilities unchanged.

    Returns
    -------
    tensor of shape (batch, length), int32
        The completed sentences; only end tokens follow the first end token.
    """
    batch, length = tf.shape(given)[0], given.shape[1]
    barred = tf.constant(barred_tokens(network.n_tokens, length))

    def one(place: Any, token: Any, states: Any, written: Any) -> tuple[Any, ...]:
        logits, states = network.step(token, None, states)
        key = tf.random.experimental.stateless_fold_in(seed, place)
        logits = (logits + barred[place]) / temperature
        drawn = tf.random.stateless_categorical(logits, 1, key, dtype=tf.int32)[:, 0]
        drawn = tf.where((token == END_NUMBER) & (place > 0), END_NUMBER, drawn)
        token = tf.where(place < n_given, given[:, place], drawn)
        return place + 1, token, states, written.write(place, token)

    written = tf.TensorArray(tf.int32, size=length, element_shape=(None,))
    start = (tf.constant(0), tf.fill([batch], END_NUMBER), network.zero_states(batch), written)
    *_, written = tf.while_loop(lambda place, *_: place < length, one, start)
    return tf.transpose(written.stack())


def chosen_probabilities(network: LanguageNetwork, sentences: Any, places: Any) -> Any:
    """Return the probabilities that the generator gave to words in its sentences.

    Parameters
    ----------
    network : LanguageNetwork
        A network without labels.
    sentences : tensor of shape (batch, length), int32
        The sentences that the generator wrote.
    places : tensor of shape (batch, m), int32
        The positions of the words, counted from 0.

    Returns
    -------
    tensor of shape (batch, m)
        The probability G(X_{t+1} | S_t) of the word at each position t, given the preceding words.
    """
    before = tf.pad(sentences[:, :-1], [[0, 0], [1, 0]], constant_values=END_NUMBER)
    hidden, _ = network.hidden(before, None, None, training=False)
    logits = network.logits(tf.gather(hidden, places, batch_dims=1))
    barred = tf.constant(barred_tokens(network.n_tokens, sentences.shape[1]))
    words = tf.gather(sentences, places, batch_dims=1)
    logs = tf.nn.sparse_softmax_cross_entropy_with_logits(words, logits + tf.gather(barred, places))
    return tf.exp(-logs)


def word_penalties(
    network: LanguageNetwork,
    discriminator: keras.Model,
    label: int,
    sentences: Any,
    places: Any,
    n_rollouts: int,
    seed: Any,
) -> Any:
    """Estimate each word's penalty V, the mean of 1 - D_label over rollouts that keep the word.

    Parameters
    ----------
    network : LanguageNetwork
        The generator, which also writes the rollouts.
    discriminator : keras.Model
        A network that maps sentences to logits; see `build_sentence_discriminator`.
    label : int
        The class that the discriminator should assign to the sentences.
    sentences : tensor of shape (batch, length), int32
        The sentences that the generator wrote.
    places : tensor of shape (batch, m), int32
        The positions of the words, counted from 0.
    n_rollouts : int
        Number of times that the rest of the sentence is drawn. After the last token (usually the
        end token), there is nothing to draw, so the penalty of the last token is exact.
    seed : tensor of shape (2,), int64
        The seed; the same seed gives the same rollouts.

    Returns
    -------
    tensor of shape (batch, m), in [0, 1]
    """
    m = places.shape[1] * n_rollouts
    given = tf.repeat(sentences, m, axis=0)
    n_given = tf.reshape(tf.repeat(places + 1, n_rollouts, axis=1), (-1,))
    rollouts = continue_sentences(network, given, n_given, seed)
    found = tf.nn.softmax(discriminator(rollouts, training=False))[:, label]
    return tf.reduce_mean(tf.reshape(1 - found, (-1, places.shape[1], n_rollouts)), axis=-1)


def sampled_places(sentences: Any, n_places: int | None, seed: Any) -> tuple[Any, Any]:
    """Choose the words of each sentence whose penalties are estimated, and compute their weights.

    Parameters
    ----------
    sentences : tensor of shape (batch, length), int32
        The sentences; tokens after the first end token are ignored.
    n_places : int or None
        Number of words per sentence, drawn with replacement; if None, all words are used.
    seed : tensor of shape (2,), int64
        The seed; the same seed gives the same words.

    Returns
    -------
    places : tensor of shape (batch, n_places), int32
    weights : tensor of shape (batch, n_places), float32
        Weights with which the weighted sum over the chosen words equals, on average, the sum over
        all words of the sentence.
    """
    batch, length = tf.shape(sentences)[0], sentences.shape[1]
    counts = 1 + tf.reduce_sum(tf.cast(sentences[:, :-1] != END_NUMBER, tf.int32), axis=1)
    if n_places is None:
        places = tf.tile(tf.range(length)[None], [batch, 1])
        return places, tf.cast(places < counts[:, None], tf.float32)
    floats = tf.cast(counts, tf.float32)[:, None]
    drawn = tf.random.stateless_uniform((batch, n_places), seed) * floats
    places = tf.minimum(tf.cast(drawn, tf.int32), counts[:, None] - 1)
    return places, tf.tile(floats / n_places, [1, n_places])


def penalty_loss(probabilities: Any, penalties: Any, weights: Any) -> Any:
    """Return SentiGAN's loss: the mean over sentences of the weighted sum of G(X_{t+1} | S_t) V.

    Parameters
    ----------
    probabilities : tensor of shape (batch, m)
        The probabilities from `chosen_probabilities`.
    penalties : tensor of shape (batch, m)
        The penalties from `word_penalties`, which are treated as constants.
    weights : tensor of shape (batch, m)
        The weights from `sampled_places`.

    Returns
    -------
    tensor of shape ()

    References
    ----------
    Wang and Wan 2018, *SentiGAN: generating sentimental texts via mixture adversarial networks*.
    """
    each = weights * probabilities * tf.stop_gradient(penalties)
    return tf.reduce_mean(tf.reduce_sum(each, axis=1))
