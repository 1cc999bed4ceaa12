"""The facts of a training: what makes another one of it, and what does not."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_utils.training.facts import description, other_facts


class Doubled(layers.Layer):
    """A layer that Keras cannot describe."""

    def __init__(self, how):
        super().__init__()
        self.how = how

    def call(self, values):
        return self.how(values)

    def get_config(self):
        raise NotImplementedError


def network(activation="relu", rate=0.3, swapped=False, more=()):
    """Build a network whose layers Keras names and numbers itself."""
    rows = keras.Input((4,))
    hidden = layers.Dense(3, activation)(rows)
    sides = [layers.Dropout(rate)(hidden), layers.Softmax()(hidden)]
    joined = layers.Concatenate()(sides[::-1] if swapped else sides)
    for layer in more:
        joined = layer(joined)
    return keras.Model(rows, layers.Dense(1)(joined) * 2)


def test_a_network_built_again_is_the_same(no_warnings):
    one, other = network(), network()
    assert one.layers[1].name != other.layers[1].name
    assert description(one) == description(other)
    both = [keras.Sequential([keras.Input((4,)), network(), layers.Dense(2)]) for _ in range(2)]
    assert description(both[0]) == description(both[1])


@pytest.mark.parametrize("change", [{"activation": "tanh"}, {"rate": 0.4}, {"swapped": True}])
@pytest.mark.parametrize("more", [False, True])
def test_another_part_without_weights_is_another_network(change, more):
    def built(**change):
        odd = [Doubled(lambda values: 2 * values)] if more and "swapped" not in change else []
        return description(network(more=odd, **change))

    assert built() != built(**change)


def test_a_layer_that_keras_cannot_describe_is_described_by_its_class(no_warnings):
    one, other = (network(more=[Doubled(lambda values: 2 * values)]) for _ in range(2))
    assert description(one) == description(other)
    assert description(one) != description(network())


def test_the_address_of_an_object_makes_no_difference(no_warnings):
    class Told(Doubled):
        def get_config(self):
            return {"how": self.how, "times": np.float32(2)}

    one, other = (network(more=[Told(lambda values: 2 * values)]) for _ in range(2))
    assert description(one) == description(other)
    assert "2.0" in str(description(one))


def test_the_file_of_a_function_without_a_name_makes_no_difference(no_warnings):
    def built(file):
        double = eval(compile("lambda values: 2 * values", file, "eval"))
        return network(activation=double, more=[layers.Lambda(double)])

    assert description(built("kernel_1.py")) == description(built("kernel_2.py"))


def test_what_differs_between_processes_makes_no_difference():
    class Told(Doubled):
        def get_config(self):
            return {"how": self.how}

    one, other = [object(), {"a", "b"}, layers.Dense(1)], [object(), {"b", "a"}, layers.Dense(1)]
    both = (Told([str(given[0]), *given[1:]]) for given in (one, other))
    assert description(next(both)) == description(next(both))


def test_the_differences_are_told_in_words():
    here = {"epochs": 2, "range": [0, 1], "layers": {"a": "1"}, "new": 1, "same": 3}
    there = {"epochs": 1, "range": None, "layers": {"a": "2"}, "old": 1, "same": 3}
    told = "epochs was 1 and is 2, range was None and is [0, 1], other layers"
    assert other_facts(there, here) == told
