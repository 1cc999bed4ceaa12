"""Networks for table rows, including the networks of the first tabular GANs."""

import math
from collections.abc import Sequence
from typing import Any

from gan_utils._support.backend import keras, layers, ops
from gan_utils.networks.parts import block, blocks, dense, noise_input, through_blocks

#: Factor by which the decoder's spreads change faster than other weights.
SPREAD_SPEED = 10.0


def build_classic_generator(
    latent_dim: int = 100, n_outputs: int = 3, widths: Sequence[int] = (128, 256, 512)
) -> keras.Model:
    """Build the dense generator of the first tabular GANs, with LeakyReLU and BatchNormalization.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    n_outputs : int
        How many numbers a row has.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to rows of shape (batch, n_outputs) with values in
        [-1, 1].
    """
    hidden = [layer for i, width in enumerate(widths, 1) for layer in _classic_block(i, width)]
    output = dense(n_outputs, activation="tanh", name="output")
    return keras.Sequential([noise_input(latent_dim), *hidden, output], name="generator")


def _classic_block(number: int, width: int) -> list[layers.Layer]:
    normalize = layers.BatchNormalization(momentum=0.8, name=f"normalize_{number}")
    return [*block(number, width), normalize]


def build_tabular_discriminator(
    n_inputs: int = 3, widths: Sequence[int] = (256, 128)
) -> keras.Model:
    """Build a dense discriminator with LeakyReLU.

    Parameters
    ----------
    n_inputs : int
        Number of inputs: the numbers of one row, or of several rows packed together.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps rows of shape (batch, n_inputs) to logits of shape (batch, 1); a logit above 0 means
        "real".
    """
    hidden = blocks(widths)
    output = dense(1, name="output")
    return keras.Sequential([noise_input(n_inputs), *hidden, output], name="discriminator")


@keras.saving.register_keras_serializable(package="gan_utils")
class OneOfMany(layers.Layer):
    """Return the most likely of several values as a one-hot vector with a gradient.

    In the forward pass, the output is one-hot up to rounding errors, like the categories of real
    rows; the backward pass uses the gradient of the softmax instead (the straight-through estimator
    of Bengio et al. 2013).
    """

    def call(self, logits: Any) -> Any:
        """Turn logits of shape (batch, values) into one-hot rows of the same shape."""
        if logits.shape[-1] == 1:  # Keras warns about a softmax of one value
            return 0 * logits + 1
        soft = ops.softmax(logits)
        hard = ops.one_hot(ops.argmax(logits, axis=-1), logits.shape[-1], dtype=soft.dtype)
        return hard + soft - ops.stop_gradient(soft)


def build_tabular_generator(
    latent_dim: int,
    n_numeric: int,
    sizes: Sequence[int] = (),
    widths: Sequence[int] = (128, 128),
    hard_categories: bool = True,
) -> keras.Model:
    """Build a generator of rows with numbers and categories, without BatchNormalization.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    n_numeric : int
        Number of numeric columns, which come first and are unbounded.
    sizes : sequence of int
        How many values each categorical column has; each column gets its own output.
    widths : sequence of int
        Number of units in each hidden layer.
    hard_categories : bool
        Whether a category is generated as a one-hot vector (`OneOfMany`) rather than as
        softmax probabilities.

    Returns
    -------
    keras.Model
        Maps noise of shape (batch, latent_dim) to rows of shape (batch, n_numeric + sum(sizes)).
    """
    noise = noise_input(latent_dim)
    hidden = through_blocks(noise, widths)
    heads = [dense(n_numeric, name="numbers")(hidden)] if n_numeric else []
    for i, size in enumerate(sizes, 1):
        choose = OneOfMany if hard_categories or size == 1 else layers.Softmax
        logits = dense(size, name=f"logits_{i}")(hidden)
        heads.append(choose(name=f"choice_{i}")(logits))
    row = heads[0] if len(heads) == 1 else layers.Concatenate(name="row")(heads)
    return keras.Model(noise, row, name="generator")


def build_tabular_encoder(
    n_inputs: int, latent_dim: int, widths: Sequence[int] = (128, 128)
) -> keras.Model:
    """Build the encoder of a variational autoencoder for rows.

    Parameters
    ----------
    n_inputs : int
        How many numbers a row has, including those of its one-hot categories.
    latent_dim : int
        Length of the code.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps rows of shape (batch, n_inputs) to an array of shape (batch, 2 * latent_dim), which
        holds means, followed by log-variances.
    """
    hidden = blocks(widths)
    output = dense(2 * latent_dim, name="output")
    return keras.Sequential([noise_input(n_inputs), *hidden, output], name="encoder")


@keras.saving.register_keras_serializable(package="gan_utils")
class WithSpread(layers.Layer):
    """Append a learned spread for each number in a row.

    The output has the shape (batch, 2 n) for an input of shape (batch, n). The second half holds
    the logarithms of standard deviations, one per column and the same in all rows. Each standard
    deviation starts at 0.7 and stays between 0.05 and 1, which prevents the likelihood of a few
    rows from growing without limit.
    """

    def build(self, shape: tuple) -> None:
        """Create one weight per column."""
        self.position = self.add_weight(name="position", shape=(shape[-1],), initializer="zeros")

    def call(self, means: Any) -> Any:
        """Return means and log-spreads side by side."""
        # A sigmoid enforces the bounds. Clipping has no gradient beyond the bounds, so a spread
        # that once went beyond them would stay there. Adam changes each weight by about the
        # learning rate per step, which is too little for a spread that has to shrink tenfold in a
        # few hundred steps; hence the factor ``SPREAD_SPEED``.
        log_spread = math.log(0.05) * ops.sigmoid(SPREAD_SPEED * self.position - 2)
        return ops.concatenate([means, ops.zeros_like(means) + log_spread], axis=-1)


def build_tabular_decoder(
    latent_dim: int, n_numeric: int, sizes: Sequence[int] = (), widths: Sequence[int] = (128, 128)
) -> keras.Model:
    """Build the decoder of a variational autoencoder for rows.

    Parameters
    ----------
    latent_dim : int
        Length of the code.
    n_numeric : int
        Number of numeric columns, which come first.
    sizes : sequence of int
        How many values each categorical column has.
    widths : sequence of int
        Number of units in each hidden layer.

    Returns
    -------
    keras.Model
        Maps codes of shape (batch, latent_dim) to an array of shape
        (batch, 2 * n_numeric + sum(sizes)), which holds means of the numeric columns, logarithms of
        their standard deviations, and logits of the categories.
    """
    code = noise_input(latent_dim)
    hidden = through_blocks(code, widths)
    heads = []
    if n_numeric:
        heads.append(WithSpread(name="spread")(dense(n_numeric, name="numbers")(hidden)))
    heads += [dense(size, name=f"logits_{i}")(hidden) for i, size in enumerate(sizes, 1)]
    row = heads[0] if len(heads) == 1 else layers.Concatenate(name="row")(heads)
    return keras.Model(code, row, name="decoder")
