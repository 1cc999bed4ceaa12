"""Seconds that GANOverSampler and VAEOverSampler take, compared with a GAN in the classic loop.

The data set has 500 rare rows and 1,500 common ones, with 20 columns. Each sampler is timed as a
whole: checks, encoding, building, tracing, training, calibration and 1,000 new rows. The classic
loop trains networks of the same widths, but without packing and without a gradient penalty, which
is less work per step; it is timed over some steps, and its time is scaled to each sampler's number
of steps.

    python benchmarks/oversampling.py
"""

import time

import numpy as np
import pandas as pd
from classic import LATENT_DIM, ClassicLoop
from report import markdown, publish
from sklearn.datasets import make_classification

from gan_utils.networks import build_tabular_discriminator, build_tabular_generator
from gan_utils.oversampling import GANOverSampler, VAEOverSampler

ROUNDS, CLASSIC_STEPS, WIDTHS = 3, 40, (128, 128)
SAMPLERS = {"`GANOverSampler`": GANOverSampler, "`VAEOverSampler`": VAEOverSampler}


def problem() -> tuple[pd.DataFrame, np.ndarray]:
    X, y = make_classification(2000, 20, n_informative=10, weights=[0.75], flip_y=0, random_state=0)
    rare = np.flatnonzero(y == 1)[:500]
    common = np.flatnonzero(y == 0)[:1500]
    chosen = np.r_[common, rare]
    return pd.DataFrame(X[chosen]).add_prefix("column "), y[chosen]


def classic_loop(rows: np.ndarray) -> ClassicLoop:
    width = rows.shape[1]
    generator = build_tabular_generator(LATENT_DIM, width, (), WIDTHS)
    loop = ClassicLoop(rows, 0, generator, build_tabular_discriminator(width, WIDTHS))
    loop.step()
    return loop


def classic_step(loop: ClassicLoop) -> float:
    start = time.perf_counter()
    for _ in range(CLASSIC_STEPS):
        loop.step()
    return (time.perf_counter() - start) / CLASSIC_STEPS


def whole(sampler: object, X: pd.DataFrame, y: np.ndarray) -> float:
    start = time.perf_counter()
    sampler.fit_resample(X, y)
    return time.perf_counter() - start


def row(name: str, seconds: np.ndarray, classic: np.ndarray, steps: int) -> list[str]:
    ratio = classic * steps / seconds
    return [
        name,
        f"{steps:,}",
        f"{np.median(seconds):.1f} s ({seconds.min():.1f} to {seconds.max():.1f})",
        f"{np.median(classic * steps):.0f} s",
        f"{np.median(ratio):.1f} ({ratio.min():.1f} to {ratio.max():.1f})",
    ]


def main() -> None:
    X, y = problem()
    rare = X[y == 1]
    loop = classic_loop(((rare - rare.mean()) / rare.std()).to_numpy())
    GANOverSampler(nb_epochs=1).fit_resample(X, y)  # so that TensorFlow's start is not timed
    times = {name: [] for name in (*SAMPLERS, "classic")}
    for seed in range(ROUNDS):
        times["classic"].append(classic_step(loop))
        for name, sampler in SAMPLERS.items():
            times[name].append(whole(sampler(random_state=seed), X, y))
    table = markdown(
        ["sampler", "steps", "whole fit_resample", "classic loop, as many steps", "ratio"],
        [
            row(name, np.array(times[name]), np.array(times["classic"]), sampler().nb_epochs)
            for name, sampler in SAMPLERS.items()
        ],
    )
    note = (
        f"The table shows medians and ranges of {ROUNDS} rounds. "
        "The targets are at most 15 s and a ratio of at least 5."
    )
    publish("oversampling", f"{table}\n\n{note}")


if __name__ == "__main__":
    main()
