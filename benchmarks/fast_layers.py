"""Steps a second of the two layers with hand-written gradients, against Keras's layers.

Both versions train the same weights on the same batch, in turn, several times; only the ratio
matters. The sizes are those of `CharLanguageModel` and of the two DCGANs, the classic one and the
small one.

    python benchmarks/fast_layers.py
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from report import markdown, publish

from gan_utils._support.backend import keras, layers, tf
from gan_utils.networks import (
    build_dcgan_generator,
    build_small_dcgan_generator,
    fast_call,
    lstm_outputs,
)

ROUNDS, SECONDS = 7, 1.5
BATCH, LENGTH, WIDTH, UNITS, N_LETTERS = 32, 64, 64, 256, 60

Step = Callable[[], Any]


def step_of(loss_of: Callable[[], Any], variables: list[Any], jit: bool) -> Step:
    """Return one step of gradient descent."""
    optimizer = keras.optimizers.Adam(1e-5, global_clipnorm=1.0)
    optimizer.build(variables)

    @tf.function(jit_compile=jit)
    def step() -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of()
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    return step


def lstm_steps() -> dict[str, Step]:
    """Return the ways to train the letter model; `CharLanguageModel` uses the last one."""
    lstm = layers.LSTM(UNITS, return_sequences=True, return_state=True)
    parts = layers.Embedding(N_LETTERS, WIDTH), lstm, layers.Dense(N_LETTERS)
    for layer, shape in zip(parts, [(None, None), (None, None, WIDTH), (None, UNITS)], strict=True):
        layer.build(shape)
    embed, _, head = parts
    text = np.random.default_rng(0).integers(0, N_LETTERS, (BATCH, LENGTH + 1)).astype("int32")
    letters, answers = text[:, :-1], text[:, 1:]
    states = [tf.zeros((BATCH, UNITS)) for _ in range(2)]
    variables = [weight for layer in parts for weight in layer.trainable_variables]

    def way(outputs_of: Callable[[Any], Any], jit: bool) -> Step:
        def loss_of() -> Any:
            logits = head(outputs_of(embed(letters)))
            return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(answers, logits))

        return step_of(loss_of, variables, jit)

    def keras_layer(x: Any) -> Any:
        return lstm(x, initial_state=states)[0]

    def ours(x: Any) -> Any:
        return lstm_outputs(lstm, x, states)[0]

    return {
        "Keras": way(keras_layer, False),
        "Keras, compiled by XLA": way(keras_layer, True),
        "ours": way(ours, False),
        "ours, compiled by XLA": way(ours, True),
    }


def generator_steps(generator: keras.Model, batch_size: int) -> dict[str, Step]:
    noise = tf.random.stateless_normal((batch_size, generator.input_shape[-1]), (0, 1))
    fast, variables = fast_call(generator), generator.trainable_variables
    return {
        "Keras": step_of(lambda: mean_square(generator, noise), variables, False),
        "ours": step_of(lambda: mean_square(fast, noise), variables, False),
    }


def mean_square(call: Callable[..., Any], noise: Any) -> Any:
    return tf.reduce_mean(call(noise, training=True) ** 2)


def rate(step: Step) -> float:
    start, n = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        float(step())
        n += 1
    return n / (time.perf_counter() - start)


def rows(what: str, steps: dict[str, Step]) -> list[list[str]]:
    """Measure all ways in turn; a ratio divides the last way's speed by this way's in one round."""
    for step in steps.values():
        step()  # traces the function before the clock starts
    rates = np.array([[rate(step) for step in steps.values()] for _ in range(ROUNDS)])
    lines = []
    for name, own in zip(steps, rates.T, strict=True):
        ratio = rates[:, -1] / own
        spread = f"{np.median(ratio):.2f} ({ratio.min():.2f} to {ratio.max():.2f})"
        lines.append([what, name, f"{np.median(own):.1f}", spread])
    return lines


def main() -> None:
    lstm = f"LSTM of {UNITS} units, {BATCH} windows of {LENGTH}"
    ratio = f"speed of the network's last implementation over this one's, {ROUNDS} rounds"
    header = ["network", "implementation", "steps a second, median", ratio]
    classic, small = build_dcgan_generator(100), build_small_dcgan_generator(32)
    table = [
        *rows(lstm, lstm_steps()),
        *rows("classic DCGAN's generator, 128 images", generator_steps(classic, 128)),
        *rows("small DCGAN's generator, 32 images", generator_steps(small, 32)),
    ]
    publish("fast_layers", markdown(header, table))


if __name__ == "__main__":
    main()
