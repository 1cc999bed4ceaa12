"""``TabularGAN`` on screen time against SDV's models and the classic GAN, in one run.

Fidelity: each model learns the three numeric columns of all 200 rows and generates 200 rows, with
five seeds. They are compared with 200 other rows from the simulation. Novelty: for each seed, a
random quarter of the rows is held out, the model learns the rest, and its rows' distances to the
training rows are compared with those of the held-out rows; SDV's neural models and the classic GAN
are left out here, to save time. Training on the 200 rows is timed, with the models in turn. The
last row is the simulation itself with another seed.

    python benchmarks/screentime.py [seeds] [--first SEED] [--only MODEL ...]

With ``--only``, the table has only these models, and is saved as section "screentime-networks";
``--first`` sets the first seed, for seeds not used to choose settings.
"""

import argparse
import runpy
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from report import markdown, publish

from gan_utils import metrics
from gan_utils.datasets import load_screentime
from gan_utils.datasets.screentime import NUMERIC
from gan_utils.generative import GAN
from gan_utils.networks import build_classic_generator, build_tabular_discriminator
from gan_utils.synthesizers import (
    SDVSynthesizer,
    Synthesizer,
    TabularDiffusion,
    TabularGAN,
    TabularVAE,
)
from gan_utils.synthesizers.encoder import TableEncoder

N_ROWS, HELD_OUT = 200, 50
#: Added to a run's seed, the simulation's seed for the rows to compare the generated rows with.
UNSEEN = 1_000
MEASURES = ["KS complement", "correlation similarity", "C2ST", "seconds", "distance"]
MEASURES += ["copies", "copies among held-out"]


class ClassicGAN(Synthesizer):
    """The classic networks and settings, without any of ``TabularGAN``'s changes."""

    def __init__(self, random_state: int) -> None:
        self.random_state = random_state

    def _fit(self, table: pd.DataFrame) -> None:
        keras.utils.set_random_seed(self.random_state)
        # Floats, since the classic recipe does not round the values after scaling them back.
        self.encoder_ = TableEncoder("minmax").fit(table.astype(float))
        self.gan_ = GAN(
            build_classic_generator(), build_tabular_discriminator(), random_state=self.random_state
        )
        self.gan_.compile(steps_per_execution=100)
        self.gan_.fit(
            self.encoder_.transform(table), 128, epochs=100, steps_per_epoch=100, verbose=0
        )

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = self.gan_.sample(n, random_state=int(rng.integers(2**31)))
        return self.encoder_.inverse_transform(rows)

    def sample(self, n: int, random_state: int | None = None) -> pd.DataFrame:
        """Return rows as the network gives them, without rounding."""
        return self._sample(n, np.random.default_rng(random_state))


class Truth(Synthesizer):
    """The simulation itself, with another seed: no model can be expected to do better."""

    def _fit(self, table: pd.DataFrame) -> None:
        pass

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        return simulated(int(rng.integers(2**31))).head(n)


def simulated(seed: int) -> pd.DataFrame:
    """Return 200 rows of the simulation that made the screen-time table."""
    path = Path(__file__).parents[1] / "data" / "make_screentime.py"
    return runpy.run_path(str(path))["simulate"](seed)[NUMERIC]


MODELS: dict[str, Callable[[int], Synthesizer]] = {
    "GaussianCopula": lambda seed: SDVSynthesizer("gaussian_copula", random_state=seed),
    "CTGAN, 300 epochs": lambda seed: SDVSynthesizer("ctgan", 300, seed),
    "CTGAN, 3,000 epochs": lambda seed: SDVSynthesizer("ctgan", 3000, seed),
    "TVAE, 3,000 epochs": lambda seed: SDVSynthesizer("tvae", 3000, seed),
    "classic GAN, 10,000 steps": lambda seed: ClassicGAN(seed),
    "**TabularGAN**, 10,000 steps": lambda seed: TabularGAN(random_state=seed),
    "TabularGAN, 3,000 steps": lambda seed: TabularGAN(nb_epochs=3000, random_state=seed),
    "TabularVAE, 2,000 steps": lambda seed: TabularVAE(random_state=seed),
    "TabularDiffusion, 8,000 steps": lambda seed: TabularDiffusion(random_state=seed),
    "the simulation, another seed": lambda seed: Truth(),
}


def fidelity(make: Callable[[int], Synthesizer], table: pd.DataFrame, seed: int) -> dict:
    start = time.perf_counter()
    model = make(seed).fit(table)
    seconds = time.perf_counter() - start
    rows = model.sample(N_ROWS, random_state=seed)
    # Rows that no model has seen: a model's rows lie close to some of its training rows.
    unseen = simulated(UNSEEN + seed)
    return {
        "KS complement": metrics.ks_complement(unseen, rows),
        "correlation similarity": metrics.correlation_similarity(unseen, rows),
        "C2ST": metrics.c2st(unseen, rows, random_state=seed),
        "seconds": seconds,
    }


def novelty(make: Callable[[int], Synthesizer], table: pd.DataFrame, seed: int) -> dict:
    held_out = table.sample(HELD_OUT, random_state=seed)
    train = table.drop(held_out.index)
    rows = make(seed).fit(train).sample(N_ROWS, random_state=seed)
    return {
        "distance": _closest(rows, train) / _closest(held_out, train),
        "copies": _copied(rows, train),
        "copies among held-out": _copied(held_out, train),
    }


def _closest(rows: pd.DataFrame, train: pd.DataFrame) -> float:
    return float(np.median(metrics.distance_to_closest(rows, train)))


def _copied(rows: pd.DataFrame, train: pd.DataFrame) -> float:
    return metrics.exact_copies(rows, train) / len(rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="?", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--only", nargs="*", help="beginnings of the models' names")
    options = parser.parse_args()
    chosen = [name for name in MODELS if name.startswith(tuple(options.only or [""]))]
    table = load_screentime()[NUMERIC]
    results = []
    for seed in range(options.first, options.first + options.seeds):
        for name in chosen:
            make = MODELS[name]
            new = (
                {} if name.startswith(("CTGAN", "TVAE", "classic")) else novelty(make, table, seed)
            )
            results.append({"model": name, "seed": seed} | fidelity(make, table, seed) | new)
            print(results[-1], flush=True)
    section = "screentime-networks" if options.only else "screentime"
    publish(section, _report(pd.DataFrame(results)))


def _report(results: pd.DataFrame) -> str:
    grouped = results.groupby("model", sort=False)[MEASURES]
    mean, low, high = grouped.mean(), grouped.min(), grouped.max()

    def cell(name: str, measure: str) -> str:
        values = [table.loc[name, measure] for table in (mean, low, high)]
        return "{:.3g} ({:.3g} to {:.3g})".format(*values) if np.isfinite(values[0]) else "-"

    rows = [[name, *(cell(name, measure) for measure in MEASURES)] for name in mean.index]
    header = [f"model (mean and range of {results['seed'].nunique()} seeds)", *MEASURES]
    return markdown(header, rows)


if __name__ == "__main__":
    main()
