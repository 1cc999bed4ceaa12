"""Steps a second of the classic DCGAN, in the classic loop and with ``GAN.fit``.

Both loops train the same networks, with 128 and 64 filters, on batches of 128. The third row shows
how many steps a second the machine could take if a step were one large matrix product.

    python benchmarks/dcgan_speed.py
"""

import time

import numpy as np
from classic import LATENT_DIM, ClassicLoop
from report import markdown, publish

from gan_utils._support.backend import keras, tf
from gan_utils.generative import GAN
from gan_utils.networks import build_dcgan_discriminator, build_dcgan_generator, seeded_weights

ROUNDS, STEPS, BATCH_SIZE, SIDE = 5, 12, 128, 4096
CLASSIC_BAR, PRODUCT_BAR = 1.5, 0.7


def multiplications(layer: keras.layers.Layer) -> int:
    """Count a layer's multiplications for one sample."""
    if not layer.weights:
        return 0
    weights = int(np.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Dense):
        return weights
    # A convolution applies its kernel once per output pixel, a transposed one once per input pixel.
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    height, width = (layer.input if transposed else layer.output).shape[1:3]
    return weights * height * width


def arithmetic(generator: keras.Model, discriminator: keras.Model) -> float:
    """Count the least GFLOP that a step of ``GAN.fit`` needs, without activations.

    A forward pass takes one product per layer; a backward pass takes two, for the weights and for
    the inputs. Generated images need two passes back through the discriminator, one per network's
    loss.
    """
    made, judged = (sum(map(multiplications, n.layers)) for n in (generator, discriminator))
    return 2 * BATCH_SIZE * (3 * made + (3 + 3 + 1) * judged) / 1e9


def product() -> float:
    """Measure the speed of a matrix product, in GFLOP a second: the best of four."""
    matrix = tf.random.stateless_normal((SIDE, SIDE), (0, 0))
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        (matrix @ matrix).numpy()
        seconds.append(time.perf_counter() - start)
    return 2 * SIDE**3 / 1e9 / min(seconds)


def networks() -> tuple[keras.Model, keras.Model]:
    with seeded_weights(0):
        return build_dcgan_generator(LATENT_DIM), build_dcgan_discriminator()


def classic_speed(loop: ClassicLoop) -> float:
    start = time.perf_counter()
    for _ in range(STEPS):
        loop.step()
    return STEPS / (time.perf_counter() - start)


def our_speed(model: GAN, images: np.ndarray) -> float:
    start = time.perf_counter()
    model.fit(images, BATCH_SIZE, epochs=1, steps_per_epoch=STEPS, verbose=0)
    return STEPS / (time.perf_counter() - start)


def main() -> None:
    images = np.random.default_rng(0).random((2000, 28, 28, 1), "float32")
    loop, model = ClassicLoop(images, 0, *networks()), GAN(*networks(), LATENT_DIM)
    model.compile()
    loop.step()
    our_speed(model, images)
    rounds = [(classic_speed(loop), our_speed(model, images), product()) for _ in range(ROUNDS)]
    publish("dcgan-speed", report(np.array(rounds), arithmetic(*networks())))


def report(rounds: np.ndarray, needed: float) -> str:
    classic, ours, gflops = rounds.T
    names = ("classic loop", "`GAN.fit`", f"{needed:.0f} GFLOP a step as one product of matrices")
    speeds = (classic, ours, gflops / needed)
    rows = [
        [name, f"{np.median(s):.2f}", f"{s.min():.2f} to {s.max():.2f}"]
        for name, s in zip(names, speeds, strict=True)
    ]
    return "\n".join(
        [
            markdown(["", "steps a second, median", "range over rounds"], rows),
            "",
            f"The median speedup of `GAN.fit` over the classic loop is {spread(ours / classic)}, "
            f"with a target of at least {CLASSIC_BAR}. Its median speed relative to the matrix "
            f"product ({np.median(gflops):.0f} GFLOP a second) is {spread(ours / speeds[2])}, "
            f"with a target of at least {PRODUCT_BAR}.",
        ]
    )


def spread(values: np.ndarray) -> str:
    return f"{np.median(values):.2f} (range: {values.min():.2f} to {values.max():.2f})"


if __name__ == "__main__":
    main()
