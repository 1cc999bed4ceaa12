"""Steps a second of the classic tabular networks: ``GAN.fit`` against the classic loop.

Both loops train the same networks on the same 200 rows, in turn, several times; only the ratio
matters.

    python benchmarks/throughput.py
"""

import time

import numpy as np
from classic import BATCH_SIZE, LATENT_DIM, ClassicLoop
from report import markdown, publish

from gan_utils.datasets import load_screentime
from gan_utils.datasets.screentime import NUMERIC
from gan_utils.generative import GAN
from gan_utils.networks import build_classic_generator, build_tabular_discriminator
from gan_utils.synthesizers.encoder import TableEncoder

ROUNDS, CLASSIC_STEPS, OUR_STEPS, CHUNK = 5, 40, 1000, 100


def rows() -> np.ndarray:
    table = load_screentime()[NUMERIC]
    return TableEncoder("minmax").fit(table).transform(table)


def our_gan(samples: np.ndarray) -> GAN:
    gan = GAN(build_classic_generator(), build_tabular_discriminator(), LATENT_DIM)
    gan.compile(steps_per_execution=CHUNK)
    gan.fit(samples, BATCH_SIZE, epochs=1, steps_per_epoch=CHUNK, verbose=0)  # traces the step
    return gan


def classic_rate(loop: ClassicLoop) -> float:
    start = time.perf_counter()
    for _ in range(CLASSIC_STEPS):
        loop.step()
    return CLASSIC_STEPS / (time.perf_counter() - start)


def our_rate(gan: GAN, samples: np.ndarray) -> float:
    start = time.perf_counter()
    gan.fit(samples, BATCH_SIZE, epochs=OUR_STEPS // CHUNK, steps_per_epoch=CHUNK, verbose=0)
    return OUR_STEPS / (time.perf_counter() - start)


def main() -> None:
    samples = rows()
    loop, gan = ClassicLoop(samples), our_gan(samples)
    loop.step()
    rates = np.array([(classic_rate(loop), our_rate(gan, samples)) for _ in range(ROUNDS)])
    ratios = rates[:, 1] / rates[:, 0]
    table = markdown(
        ["training loop", "steps a second, median", "range over rounds"],
        [
            [name, f"{np.median(r):.0f}", f"{r.min():.0f} to {r.max():.0f}"]
            for name, r in zip(("classic loop", "`GAN.fit`"), rates.T, strict=True)
        ],
    )
    verdict = (
        f"The median ratio over the rounds is {np.median(ratios):.1f}, with a range of "
        f"{ratios.min():.1f} to {ratios.max():.1f} (target: at least 12)."
    )
    publish("throughput", f"{table}\n\n{verdict}")


if __name__ == "__main__":
    main()
