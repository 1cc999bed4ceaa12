"""How far back a gradient reaches, against closed forms; how far back a network looks."""

import numpy as np
import pytest

from gan_utils.text.gradients import (
    compare_reach,
    context_bits,
    gradient_reach,
    untrained_network,
)

TOKENS = np.random.default_rng(0).integers(0, 5, 200)


def small(cell="rnn", **settings):
    return untrained_network(cell, 5, **{"units": 3, "embedding_dim": 2, **settings})


def test_a_scalar_network_has_the_product_of_its_factors():
    """One unit: the gradient shrinks by u * (1 - h^2) a step, and is compared with that product."""
    network = small(units=1, embedding_dim=1)
    vectors, u = network.embedding.embeddings.numpy()[:, 0], 0.7
    network.recurrent[0].set_weights([np.array(w) for w in ([[20.0]], [[u]], [0.1])])
    tokens = TOKENS[:21]
    h, slopes = 0.0, []
    for token in tokens[:-1]:
        h = np.tanh(20 * vectors[token] + u * h + 0.1)
        slopes.append(1 - h**2)
    back = slopes[::-1]
    expected = [np.prod(back[: d + 1]) * u**d / back[0] for d in range(20)]
    found = gradient_reach(network, tokens, distance=20, n_windows=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert found.index.name == "distance"


def test_a_forget_gate_that_is_shut_lets_less_through_than_an_open_one():
    shut, open_ = (
        gradient_reach(small("lstm", forget_bias=b), TOKENS, distance=20) for b in (-5, 3)
    )
    assert shut.iloc[0] == open_.iloc[0] == 1
    assert shut.iloc[-1] < 1e-3 * open_.iloc[-1]


@pytest.mark.usefixtures("no_warnings")
def test_several_networks_are_measured_on_the_same_windows_twice_alike():
    networks = {"RNN": [small(random_state=s) for s in (0, 1)], "LSTM": [small("lstm")]}
    found = compare_reach(networks, TOKENS, distance=10, n_windows=4)
    assert list(found) == ["network", "seed", "distance", "gradient"]
    assert found.groupby(["network", "seed"], sort=False).size().to_dict() == {
        ("RNN", 0): 10,
        ("RNN", 1): 10,
        ("LSTM", 0): 10,
    }
    again = compare_reach(networks, TOKENS, distance=10, n_windows=4)
    assert found.equals(again)


def test_the_bits_of_a_context_are_those_of_the_network_that_read_it():
    network = small("lstm")
    found = context_bits(network, TOKENS[:5], [1, 4], n_places=3)
    for n in (1, 4):
        logits = np.asarray(network(TOKENS[None, 4 - n : 4])[0])[0, -1]
        share = np.exp(logits[TOKENS[4]]) / np.exp(logits).sum()
        assert found[n] == pytest.approx(-np.log2(share), rel=1e-4)


def test_errors_say_the_way_out():
    with pytest.raises(ValueError, match="has no forget gate"):
        small("rnn", forget_bias=1)
    with pytest.raises(ValueError, match=r"the text has 5 tokens, but 11 are needed.* at most 4"):
        gradient_reach(small(), TOKENS[:5], distance=10)
    with pytest.raises(ValueError, match="n_places=0 must be a whole number"):
        context_bits(small(), TOKENS, [1], n_places=0)
    with pytest.raises(ValueError, match="each of contexts=0"):
        context_bits(small(), TOKENS, [0, 1])
    with pytest.raises(ValueError, match=r"between 0 and 9, but the network knows 0 to 4"):
        gradient_reach(small(), np.arange(10), distance=2)
    with pytest.raises(ValueError, match="whole numbers in a row"):
        gradient_reach(small(), np.zeros(20), distance=2)
    with pytest.raises(ValueError, match="cell='rmm'"):
        small("rmm")
