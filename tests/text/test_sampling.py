"""How a token is chosen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.text.sampling import Sampler, SamplingSettings, shaped_logits, tf, without_repeats

P = np.array([[0.5, 0.3, 0.15, 0.05]], np.float32)


def shaped(temperature=1.0, top_k=None, top_p=None, p=P):
    logits = shaped_logits(tf.constant(np.log(p)), temperature, top_k, top_p)
    return tf.nn.softmax(logits).numpy()[0]


def test_temperature_raises_probabilities_to_a_power():
    expected = P[0] ** 2 / (P[0] ** 2).sum()
    np.testing.assert_allclose(shaped(temperature=0.5), expected, rtol=1e-5)
    np.testing.assert_allclose(shaped(temperature=1e6), [0.25] * 4, atol=1e-5)


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"top_k": 1}, 1),
        ({"top_k": 2}, 2),
        ({"top_k": 9}, 4),
        ({"top_p": 0.5}, 1),
        ({"top_p": 0.51}, 2),
        ({"top_p": 0.8}, 2),
        ({"top_p": 1.0}, 4),
        ({"top_p": 1e-9}, 1),
        ({"top_k": 3, "top_p": 0.84}, 2),
    ],
)
def test_the_least_probable_tokens_are_left_out(limits, left):
    # Half a per cent keeps sums of rounded probabilities away from the limits.
    expected = np.where(np.arange(4) < left, P[0], 0)
    np.testing.assert_allclose(shaped(**limits), expected / expected.sum(), atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0.01, 1), min_size=4, max_size=4),
    st.floats(0.05, 1),
    st.integers(1, 6),
    st.floats(0.1, 3),
)
def test_what_is_left_is_a_distribution_in_the_old_order(p, top_p, top_k, temperature):
    p = np.array([p], np.float32) / np.sum(p)
    made = shaped(temperature, top_k, top_p, p)
    assert made.sum() == pytest.approx(1, abs=1e-4)
    assert made[p[0].argmax()] == made.max() > 0
    assert (made > 0).sum() <= max(top_k, (p[0] == p[0].max()).sum()) + 3


def no_repeat_reference(written, n, n_tokens):
    """List what may not follow, in plain Python."""
    grams = {tuple(written[i : i + n]) for i in range(len(written) - n + 1)}
    last = tuple(written[len(written) - n + 1 :])
    return {token for token in range(n_tokens) if len(written) >= n - 1 and (*last, token) in grams}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=12), st.integers(2, 4))
def test_repeats_are_forbidden_and_nothing_else(written, n):
    room = np.zeros((1, 12), np.int32)
    room[0, : len(written)] = written
    logits = without_repeats(tf.zeros((1, 3)), tf.constant(room), tf.constant(len(written)), n)
    assert set(np.flatnonzero(logits.numpy()[0] < -1)) == no_repeat_reference(written, n, 3)


def counting(tokens, states):
    """A model that always goes on with the next number, and counts its steps."""
    return tf.one_hot((tokens + 1) % 5, 5) * 50.0, [states[0] + 1]


def drawn(at_once=None, how=None, forbidden=(), n=1, seed=0, step=counting):
    sampler = Sampler(step, how or SamplingSettings(), np.array(forbidden))
    first = tf.one_hot([2] * n, 5) * 50.0
    return np.concatenate([*sampler.draw(first, [tf.zeros(())], 7, seed, at_once)], axis=1)


def test_tokens_follow_from_the_state():
    np.testing.assert_array_equal(drawn(), [[2, 3, 4, 0, 1, 2, 3]])


def random_walk(tokens, states):
    return tf.zeros((tf.shape(tokens)[0], 5)), states


def test_pieces_make_the_same_text_as_the_whole():
    whole = drawn(step=random_walk, n=3, seed=4)
    np.testing.assert_array_equal(whole, drawn(step=random_walk, n=3, seed=4, at_once=2))
    assert (whole != drawn(step=random_walk, n=3, seed=5)).any()
    assert len({tuple(row) for row in whole}) == 3


def test_forbidden_tokens_are_never_drawn():
    tokens = drawn(step=random_walk, n=200, forbidden=(0, 3))
    assert set(tokens[:, 1:].ravel()) == {1, 2, 4}


def test_at_temperature_0_the_most_probable_token_is_taken():
    coldest = drawn(how=SamplingSettings(temperature=0.0))
    np.testing.assert_array_equal(coldest, [[2, 3, 4, 0, 1, 2, 3]])


@pytest.mark.parametrize("temperature", [1e-3, 1e-30, 5e-324])
def test_a_temperature_near_0_takes_the_most_probable_token_too(temperature):
    coldest = drawn(how=SamplingSettings(temperature, top_p=0.9))
    np.testing.assert_array_equal(coldest, [[2, 3, 4, 0, 1, 2, 3]])


@pytest.mark.parametrize("limits", [{}, {"top_k": 4}, {"top_p": 0.9}])
def test_at_the_highest_temperature_forbidden_tokens_are_never_drawn_either(limits):
    how = SamplingSettings(1e6, **limits)
    tokens = drawn(how=how, step=random_walk, n=200, forbidden=(0, 3))
    assert set(tokens[:, 1:].ravel()) <= {1, 2, 4}


def test_draws_follow_the_probabilities():
    def step(tokens, states):
        return tf.tile(tf.math.log(tf.constant(P)), (tf.shape(tokens)[0], 1)), states

    sampler = Sampler(step, SamplingSettings(), np.array([]))
    logits = tf.tile(tf.math.log(tf.constant(P)), (2000, 1))
    (tokens,) = sampler.draw(logits, [tf.zeros(())], 10, 0)
    np.testing.assert_allclose(np.bincount(tokens.ravel()) / tokens.size, P[0], atol=0.015)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"temperature": -1}, "temperature=-1"),
        ({"temperature": float("nan")}, "temperature=nan"),
        ({"temperature": 1e9}, "temperature=1000000000.0"),
        ({"temperature": None}, "temperature=None"),
        ({"temperature": "hot"}, "temperature='hot'"),
        ({"top_p": "all"}, "top_p='all'"),
        ({"top_k": 0}, "top_k=0"),
        ({"top_p": 0}, "top_p=0"),
        ({"top_p": 1.1}, "top_p=1.1"),
        ({"no_repeat": 1}, "no_repeat=1"),
    ],
)
def test_bad_choices_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        SamplingSettings(**settings)
