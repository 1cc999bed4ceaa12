"""SentiGAN: the penalty, its gradient, rollouts, determinism, files and errors."""

import time

import numpy as np
import pandas as pd
import pytest

from gan_utils._support.backend import tf
from gan_utils.networks import build_sentence_discriminator, seeded_weights
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text import SentiGAN, short_sentences
from gan_utils.text.adversary import (
    END_NUMBER,
    UNKNOWN_NUMBER,
    chosen_probabilities,
    continue_sentences,
    penalty_loss,
    sampled_places,
    word_penalties,
)
from gan_utils.text.sentences import as_rows, split_sentences
from gan_utils.text.tokens import split_words

GOOD = ["I liked this film.", "What a great story!", "The cast was great fun."]
BAD = ["I hated this film.", "What a dull story!", "The cast was a bore."]
TEXTS, LABELS = (GOOD + BAD) * 8, (["good"] * 3 + ["bad"] * 3) * 8
TINY = {"n_words": 40, "most_words": 7, "units": 16, "embedding_dim": 8, "filters": 8}
TINY |= {"batch_size": 8, "dropout": 0.1, "learning_rate": 0.03, "pretrained": False}
STEPS = {"likelihood_steps": 200, "first_steps": 20, "rounds": 3, "verbose": 0}
N_TOKENS, LENGTH = 9, 6


def trained(changed=(), **steps):
    return SentiGAN(**TINY | dict(changed)).fit(TEXTS, LABELS, **STEPS | steps)


@pytest.fixture(scope="module")
def model():
    return trained()


@pytest.fixture(scope="module")
def parts():
    with seeded_weights(0):
        network = LanguageNetwork(N_TOKENS, embedding_dim=4, units=5, tied=True)
        settings = {"embedding_dim": 4, "filters": 3}
        discriminator = build_sentence_discriminator(N_TOKENS, LENGTH, 3, **settings)
    network.embedding.embeddings.assign(10 * network.embedding.embeddings)
    discriminator.get_layer("embedding").embeddings.assign(network.embedding.embeddings)
    return network, discriminator


def seed(number=0):
    return tf.constant([7, number], tf.int64)


def written(network, n=50, number=0):
    given, n_given = tf.zeros((n, LENGTH), tf.int32), tf.zeros((n,), tf.int32)
    return continue_sentences(network, given, n_given, seed(number))


def by_hand(discriminator, sentences, label):
    logits = discriminator(sentences, training=False).numpy().astype("float64")
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return 1 - shares[:, label]


def test_sentences_have_words_no_unknown_ones_and_end_once(parts):
    sentences = written(parts[0], 400).numpy()
    assert (sentences[:, 0] != END_NUMBER).all()
    assert not (sentences == UNKNOWN_NUMBER).any()
    ended = np.maximum.accumulate(sentences == END_NUMBER, axis=1)
    assert (sentences[ended] == END_NUMBER).all()
    assert 0 < ended[:, -1].mean() < 1


def test_a_rollout_keeps_the_given_prefix_and_draws_the_rest(parts):
    network = parts[0]
    given = tf.repeat(tf.constant([[5, 3, 8, 4, 2, 6]]), 200, axis=0)
    n_given = tf.constant(np.arange(200, dtype=np.int32) % (LENGTH + 1))
    rollouts = continue_sentences(network, given, n_given, seed()).numpy()
    for row, n in zip(rollouts, n_given.numpy(), strict=True):
        np.testing.assert_array_equal(row[:n], given[0, :n])
    assert len({tuple(row[1:]) for row in rollouts[n_given.numpy() == 1]}) > 20
    ended = continue_sentences(network, tf.ones_like(given), tf.ones_like(n_given), seed())
    assert (ended.numpy() == END_NUMBER).all()


def test_words_are_drawn_with_the_network_s_probabilities(parts):
    network, n = parts[0], 4_000
    first = np.bincount(written(network, n).numpy()[:, 0], minlength=N_TOKENS) / n
    sentences = tf.repeat(tf.range(N_TOKENS)[:, None], LENGTH, axis=1)
    shares = chosen_probabilities(network, sentences, tf.zeros((N_TOKENS, 1), tf.int32))
    assert shares.numpy()[[UNKNOWN_NUMBER, END_NUMBER]].max() < 1e-6
    assert shares.numpy().sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(first, shares[:, 0], atol=4 * np.sqrt(0.25 / n))


@pytest.mark.parametrize("label", [0, 1])
def test_the_penalty_of_a_complete_sentence_is_1_minus_d(parts, label):
    network, discriminator = parts
    sentences = written(network)
    last = tf.fill((50, 1), LENGTH - 1)
    found = word_penalties(network, discriminator, label, sentences, last, 3, seed(1))
    np.testing.assert_allclose(found[:, 0], by_hand(discriminator, sentences, label), atol=1e-6)


def test_the_penalty_of_a_word_is_the_mean_over_what_can_follow(parts):
    """Two words are left after these four: all 9 x 9 endings, weighted by their probability."""
    network, discriminator = parts
    kept = np.array([5, 3, 8, 4], np.int32)
    ends = np.array([(a, b) for a in range(N_TOKENS) for b in range(N_TOKENS)], np.int32)
    ends[ends[:, 0] == END_NUMBER, 1] = END_NUMBER
    ends = np.unique(ends, axis=0)
    whole = np.column_stack([np.tile(kept, (len(ends), 1)), ends])
    shares = chosen_probabilities(network, whole, np.tile([[4, 5]], (len(ends), 1))).numpy()
    shares = shares[:, 0] * np.where(ends[:, 0] == END_NUMBER, 1, shares[:, 1])
    exact = (shares * by_hand(discriminator, whole, 1)).sum()
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    sentence, place = tf.constant([[*kept, 2, 6]]), tf.constant([[3]])
    found = word_penalties(network, discriminator, 1, sentence, place, 4_000, seed())
    assert float(found[0, 0]) == pytest.approx(exact, abs=0.01)


def test_the_gradient_of_one_word_is_known_by_hand(parts):
    """For the bias b of the outputs: V G(x) (1 at the word x, minus G)."""
    network, word, penalty = parts[0], 4, 0.7
    sentences, places = tf.fill((1, LENGTH), word), tf.zeros((1, 1), tf.int32)
    with tf.GradientTape() as tape:
        chosen = chosen_probabilities(network, sentences, places)
        loss = penalty_loss(chosen, tf.constant([[penalty]]), tf.ones((1, 1)))
    found = tape.gradient(loss, network.head.bias).numpy()
    every = tf.repeat(tf.range(N_TOKENS)[:, None], LENGTH, axis=1)
    shares = chosen_probabilities(network, every, tf.zeros((N_TOKENS, 1), tf.int32)).numpy()[:, 0]
    exact = penalty * shares[word] * (np.eye(N_TOKENS)[word] - shares)
    np.testing.assert_allclose(found, exact, atol=1e-6)


def test_the_gradient_is_that_of_the_objective(parts):
    """Against finite differences of the sum of G V, at several words of several sentences."""
    network, discriminator = parts
    sentences = written(network, 6)
    places, weights = sampled_places(sentences, None, seed())
    penalties = word_penalties(network, discriminator, 0, sentences, places, 2, seed(1))

    def objective():
        return penalty_loss(chosen_probabilities(network, sentences, places), penalties, weights)

    with tf.GradientTape() as tape:
        loss = objective()
    bias = network.head.bias
    found, before = tape.gradient(loss, bias).numpy(), bias.numpy()
    for place in range(N_TOKENS):
        sides = []
        for size in (0.01, -0.01):
            bias.assign(before + size * np.eye(N_TOKENS, dtype="float32")[place])
            sides.append(float(objective()))
        bias.assign(before)
        assert found[place] == pytest.approx((sides[0] - sides[1]) / 0.02, abs=2e-4)


def test_some_places_stand_on_average_for_all(parts):
    sentences = tf.constant([[4, 5, 6, 1, 1, 1], [4, 5, 6, 7, 8, 2]])
    values = tf.constant([[1.0, 2, 3, 4, 50, 60], [1, 2, 3, 4, 5, 6]])
    everything, weights = sampled_places(sentences, None, seed())
    np.testing.assert_array_equal(weights, [[1, 1, 1, 1, 0, 0], [1] * 6])
    exact = tf.reduce_sum(weights * tf.gather(values, everything, batch_dims=1), axis=1)
    many = tf.repeat(sentences, 5_000, axis=0)
    places, weights = sampled_places(many, 2, seed())
    drawn = weights * tf.gather(tf.repeat(values, 5_000, axis=0), places, batch_dims=1)
    means = tf.reduce_mean(tf.reshape(tf.reduce_sum(drawn, axis=1), (2, -1)), axis=1)
    np.testing.assert_allclose(means, exact, rtol=0.03)


def test_the_labels_are_learnt(model):
    assert model.labels_ == ["bad", "good"]
    for label, own in {"good": GOOD, "bad": BAD}.items():
        texts = model.generate(label=label, n_samples=40, random_state=0)
        assert np.mean([text in own for text in texts]) > 0.5
    shares = model.class_probabilities(GOOD + BAD)
    assert list(shares) == ["bad", "good", "generated"]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert (shares["good"] > shares["bad"]).tolist() == [True] * 3 + [False] * 3
    assert set(model.history_["kind"]) == {"likelihood", "discriminator"}  # 3 rounds have no row


def test_the_same_seed_gives_the_same_sentences(model):
    request = {"label": ["good", "bad"] * 5, "n_samples": 10, "random_state": 3}
    again = trained()
    assert again.generate(**request) == model.generate(**request)
    runs = [one.history_.drop(columns="seconds") for one in (again, model)]
    pd.testing.assert_frame_equal(*runs)
    assert model.generate(**request | {"random_state": 4}) != model.generate(**request)


def test_a_request_may_have_a_beginning_and_a_temperature(model):
    cold = model.generate("The cast", 0.001, label="good", random_state=0, n_samples=5)
    assert set(cold) == {"The cast was great fun."}
    assert isinstance(model.generate(label="bad", random_state=0), str)


@pytest.mark.slow
def test_without_a_game_only_the_likelihood_counts():
    steps = {"likelihood_steps": 20, "first_steps": 0, "rounds": 0}
    no_game, again = (trained({"random_state": 1, "n_rollouts": n}, **steps) for n in (1, 9))
    request = {"label": "good", "n_samples": 10, "random_state": 0}
    assert no_game.generate(**request) == again.generate(**request)


def test_a_game_with_all_places_and_likelihood_steps_is_written_down():
    settings = {"likelihood_every": 1, "n_places": None, "discriminator_steps": 2}
    history = trained(settings, likelihood_steps=0, first_steps=0, rounds=20).history_
    assert history["kind"].value_counts().to_dict() == {
        "discriminator": 2,
        "game": 1,
        "likelihood": 1,
    }
    assert history.set_index("kind")["value"]["game"].mean() < 1


def test_a_saved_model_writes_the_same(model, tmp_path):
    model.save(tmp_path / "model.zip")
    loaded = SentiGAN.load(tmp_path / "model.zip")
    request = {"label": "good", "n_samples": 5, "random_state": 0}
    assert loaded.generate(**request) == model.generate(**request)
    pd.testing.assert_frame_equal(loaded.class_probabilities(GOOD), model.class_probabilities(GOOD))
    pd.testing.assert_frame_equal(loaded.history_, model.history_)


@pytest.mark.parametrize(
    ("texts", "labels", "changed", "error", "word"),
    [
        ([], [], {}, ValueError, "there is no text"),
        ("A film.", ["good"], {}, ValueError, "single string"),
        (TEXTS, ["good"] * 48, {}, ValueError, "needs two or more"),
        (TEXTS, LABELS[1:], {}, ValueError, "47 labels for 48 texts"),
        (TEXTS, [None, *LABELS[1:]], {}, ValueError, "missing"),
        ([*TEXTS[:-1], " "], LABELS, {}, ValueError, "place 47 is empty"),
        ([*TEXTS[:-1], None], LABELS, {}, TypeError, "NoneType at place 47"),
        ([*TEXTS[:-1], "so " * 8], LABELS, {}, ValueError, "8 words and marks"),
        (TEXTS, [*LABELS[:-1], "odd"], {}, ValueError, "label 'odd' has 1 sentences"),
        (TEXTS, LABELS, {"n_rollouts": 0}, ValueError, "n_rollouts=0"),
        (TEXTS, LABELS, {"n_places": 0}, ValueError, "n_places=0"),
        (TEXTS, LABELS, {"most_words": 2}, ValueError, "most_words=2"),
        (TEXTS, LABELS, {"dropout": 1}, ValueError, "dropout=1"),
        (TEXTS, LABELS, {"game_rate": 0}, ValueError, "game_rate=0"),
        (TEXTS, LABELS, {"random_state": 2**62}, ValueError, "must be below 2"),
    ],
)
def test_bad_input_is_refused_before_any_training(texts, labels, changed, error, word):
    one = SentiGAN(**{**TINY, **changed})
    with pytest.raises(error, match=word):
        one.fit(texts, labels, **STEPS)
    with pytest.raises(RuntimeError, match="not fitted"):
        one.generate(label="good")


@pytest.mark.parametrize(
    ("request_", "error", "word"),
    [
        ({}, ValueError, "label is missing"),
        ({"label": "fine"}, ValueError, "label='fine' is unknown"),
        ({"label": "good", "prompt": "zebra"}, ValueError, "never saw"),
        ({"label": "good", "prompt": "great " * 7}, ValueError, "fewer than most_words=7"),
        ({"label": "good", "prompt": 3}, TypeError, "must be a str"),
        ({"label": "good", "temperature": 0}, ValueError, "temperature=0"),
        ({"label": "good", "n_samples": 0}, ValueError, "n_samples=0"),
    ],
)
def test_a_bad_request_is_refused(model, request_, error, word):
    with pytest.raises(error, match=word):
        model.generate(**request_)


def test_short_sentences_are_cut_out_of_texts():
    texts = ["I liked it a lot! It has a great cast, and no plot... Why?", "It has A great cast."]
    sentences, places = short_sentences(texts, least=4, most=10)
    kept = ["I liked it a lot!", "It has a great cast, and no plot...", "It has a great cast."]
    assert sentences == kept
    assert places.tolist() == [0, 0, 1]
    few, places = short_sentences(texts * 2, least=4, most=10, n_words=8)
    assert few == ["It has a great cast."]
    with pytest.raises(ValueError, match="most=2"):
        short_sentences(texts, least=4, most=2)


def test_many_sentences_become_rows_at_once(model):
    words = [["great", "film"], [], ["dull"]] * 5_000
    start = time.perf_counter()
    rows = as_rows(words, model.vocabulary_, 3)
    assert time.perf_counter() - start < 2  # one by one, it took 8 s
    great, film, dull = model.vocabulary_.encode(["great", "film", "dull"])
    expected = [[great, film, END_NUMBER], [END_NUMBER] * 3, [dull, END_NUMBER, END_NUMBER]]
    np.testing.assert_array_equal(rows, expected * 5_000)


def test_rows_are_filled_with_ends(model):
    rows = as_rows(split_sentences(GOOD, 7), model.vocabulary_, 8)
    for row, text in zip(rows, GOOD, strict=True):
        words = split_words(text)
        assert model.vocabulary_.decode(row[: len(words)]) == words
        assert (row[len(words) :] == END_NUMBER).all()
