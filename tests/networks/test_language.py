"""Recurrent networks of tokens, and the shorter road through an LSTM."""

import numpy as np
import pytest

from gan_utils.networks import LanguageNetwork, lstm_outputs, seeded_weights
from gan_utils.networks.language import tf

UNITS, BATCH, LENGTH, WIDTH = 5, 3, 7, 4


def lstm_and_inputs():
    import keras

    layer = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True, name="lstm")
    layer.build((None, None, WIDTH))
    rng = np.random.default_rng(0)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    states = [tf.constant(rng.normal(size=(BATCH, UNITS)), tf.float32) for _ in range(2)]
    return layer, tf.constant(rng.normal(size=(BATCH, LENGTH, WIDTH)), tf.float32), states


def keras_lstm(layer, inputs, states):
    outputs, *after = layer(inputs, initial_state=states)
    return outputs, after


def results(call, jit):
    layer, inputs, states = lstm_and_inputs()

    @tf.function(jit_compile=jit)
    def run(inputs, states):
        with tf.GradientTape() as tape:
            tape.watch([inputs, states])
            outputs, after = call(layer, inputs, states)
            # Every output and both last states take part, each in a way of its own.
            loss = (
                tf.reduce_sum(outputs**2) + tf.reduce_sum(after[0]) - tf.reduce_sum(after[1] ** 2)
            )
        return outputs, after, tape.gradient(loss, [inputs, states, layer.trainable_variables])

    return [part.numpy() for part in tf.nest.flatten(run(inputs, states))]


@pytest.mark.parametrize("jit", [False, True])
def test_fast_lstm_gives_what_keras_gives_and_the_same_gradients(jit):
    for ours, theirs in zip(results(lstm_outputs, jit), results(keras_lstm, False), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=1e-5)


def network(cell="lstm", **settings):
    with seeded_weights(3):
        return LanguageNetwork(11, 4, 6, n_layers=2, cell=cell, **settings)


TOKENS = np.random.default_rng(1).integers(0, 11, (2, 5)).astype("int32")
LABELS = np.array([[0] * 5, [1] * 5], "int32")


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("settings", [{}, {"n_labels": 2, "label_dim": 3}, {"tied": True}])
def test_one_step_after_the_other_gives_what_a_window_gives(cell, settings):
    net = network(cell, **settings)
    labels = LABELS if settings.get("n_labels") else None
    whole, last = net(tf.constant(TOKENS), labels)
    states = net.zero_states(2)
    for place in range(5):
        label = None if labels is None else tf.constant(labels[:, place])
        logits, states = net.step(tf.constant(TOKENS[:, place]), label, states)
        np.testing.assert_allclose(logits, whole[:, place], atol=1e-5)
    for one, other in zip(tf.nest.flatten(states), tf.nest.flatten(last), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_the_same_seed_makes_the_same_network():
    one, other = network(dropout=0.5), network(dropout=0.5)
    for a, b in zip(one.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_labels_change_what_is_predicted():
    net = network(n_labels=2, label_dim=3)
    net.label_embedding.embeddings.assign([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0]])
    one, _ = net(tf.constant(TOKENS), tf.constant(LABELS * 0))
    other, _ = net(tf.constant(TOKENS), tf.constant(LABELS * 0 + 1))
    assert np.abs(one - other).max() > 1e-3


def test_vectors_are_where_words_start():
    vectors = np.random.default_rng(0).normal(size=(11, 4)).astype("float32")
    np.testing.assert_array_equal(network(vectors=vectors).embedding.embeddings, vectors)


@pytest.mark.parametrize("tied", [False, True])
def test_sizes_may_be_numbers_of_numpy(tied):
    weights = []
    for n in (int, np.int64):
        with seeded_weights(0):
            sizes = {"n_tokens": n(9), "embedding_dim": n(4), "units": n(5), "n_layers": n(2)}
            network = LanguageNetwork(**sizes, n_labels=n(2), label_dim=n(3), tied=tied)
        weights.append(network.get_weights())
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(a, b)
