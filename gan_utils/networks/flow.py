"""Networks for flow matching: from a noisy sample and the time, they estimate the real sample."""

from collections.abc import Sequence
from typing import Any

from gan_utils._support.backend import keras, layers, ops
from gan_utils.networks.parts import dense, noise_input, through_blocks

#: Number of waves that tell the network the time, and the frequency of the fastest one.
N_WAVES, FASTEST = 16, 100.0


@keras.saving.register_keras_serializable(package="gan_utils")
class TimeWaves(layers.Layer):
    """Turn a time into sines and cosines of several frequencies, like the hands of a clock.

    A network sees small differences of time in the fast waves, and large ones in the slow waves.
    """

    def call(self, times: Any) -> Any:
        """Turn (batch, 1) times in [0, 1] into (batch, 2 * N_WAVES) numbers in [-1, 1]."""
        angles = times * FASTEST ** ops.linspace(0.0, 1.0, N_WAVES)
        return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


def build_flow_mlp(
    n_numeric: int, sizes: Sequence[int] = (), widths: Sequence[int] = (128, 128)
) -> keras.Model:
    """Build a dense network for rows with numbers and one-hot categories.

    Parameters
    ----------
    n_numeric : int
        Number of numeric columns, which come first.
    sizes : sequence of int
        How many values each categorical column has; their estimates are probabilities.
    widths : sequence of int
        Units of each hidden layer.

    Returns
    -------
    keras.Model
        From (batch, n_numeric + sum(sizes)) noisy rows and (batch, 1) times to estimated rows.
    """
    row, times = noise_input(n_numeric + sum(sizes)), _time_input()
    told = layers.Concatenate(name="row_and_time")([row, TimeWaves(name="waves")(times)])
    hidden = through_blocks(told, widths)
    heads = [dense(n_numeric, name="numbers")(hidden)] if n_numeric else []
    heads += [_shares(hidden, size, number) for number, size in enumerate(sizes, 1)]
    estimate = heads[0] if len(heads) == 1 else layers.Concatenate(name="estimate")(heads)
    return keras.Model([row, times], estimate, name="flow")


def _shares(hidden: Any, size: int, number: int) -> Any:
    """Estimate a one-hot vector; for a single value, a sigmoid, as Keras warns of its softmax."""
    activation = "softmax" if size > 1 else "sigmoid"
    return dense(size, activation=activation, name=f"shares_{number}")(hidden)


def _time_input() -> Any:
    return keras.Input((1,), name="time")
