"""Batches by the number of the step."""

import numpy as np

from gan_utils._support.backend import tf
from gan_utils.training.batches import drawn_batches, untuned

ROWS = np.arange(12, dtype="float32").reshape(6, 2)


def test_untuned_gives_the_same_data_and_keeps_tensorflow_from_tuning():
    # The thread that tunes kept a training of 88 s from returning for another 58.
    plain = tf.data.Dataset.range(7).batch(2)
    other = untuned(plain)
    assert plain.options().autotune.enabled is None
    assert other.options().autotune.enabled is False
    assert len(other) == len(plain)
    assert [b.tolist() for b in other.as_numpy_iterator()] == [[0, 1], [2, 3], [4, 5], [6]]


def test_drawn_batches_are_untuned_and_go_by_their_number():
    def some(first):
        batches = drawn_batches(ROWS, 3, key=4, first=lambda: first)
        assert batches.options().autotune.enabled is False
        return np.stack(list(batches.take(4).as_numpy_iterator()))

    assert some(0).shape == (4, 3, 2)
    np.testing.assert_array_equal(some(0)[2:], some(2)[:2])
    assert (some(0)[0] != some(0)[1]).any()
