"""`benchmark.compare` with two processes against one, on two cores, in turn.

The single process is this one; the two processes are joblib's workers. Every process has one thread
for TensorFlow, BLAS and OpenMP, and a small first comparison imports everything. So only the work
is timed, not the start-up.

    python benchmarks/parallel.py            # five rounds
    python benchmarks/parallel.py --rounds 1 --epochs 20
"""

import argparse
import os
import sys
import time

import numpy as np
import pandas as pd
from report import markdown, publish

from gan_utils.benchmark import compare, default_samplers
from gan_utils.benchmark.fold import calm_worker
from gan_utils.datasets.imbalanced import load_imbalanced

#: This process computes too, so it starts with the settings of joblib's workers.
ENVIRONMENT = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
SAMPLERS = ("none", "tuned threshold", "SMOTE", "mean/std", "GAN", "VAE")


def seconds(n_jobs: int, settings: dict) -> tuple[float, pd.DataFrame]:
    start = time.perf_counter()
    table = compare(**settings, n_jobs=n_jobs)
    return time.perf_counter() - start, table


def tensorflow_threads() -> float:
    """Return how many cores a big matrix product keeps busy: about 1, if the setting works."""
    from gan_utils._support.backend import tf

    big = tf.random.normal((2000, 2000))
    wall, busy = time.perf_counter(), time.process_time()
    for _ in range(5):
        big = tf.linalg.matmul(big, big) / 2000.0
    float(big[0, 0])
    return (time.process_time() - busy) / (time.perf_counter() - wall)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=400)
    parser.add_argument("--no-publish", action="store_true")
    asked = parser.parse_args()
    if not ENVIRONMENT.items() <= os.environ.items():  # TensorFlow reads it when it starts
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ENVIRONMENT)
    known = default_samplers(asked.epochs)
    settings = {
        "datasets": [load_imbalanced("wine", 10), load_imbalanced("breast_cancer", 20)],
        "samplers": {name: known[name] for name in SAMPLERS},
        "n_splits": 5,
        "n_repeats": 1,
        "verbose": False,
    }
    calm_worker()
    for n_jobs in (1, 2):  # a warm-up with three folds, so that no worker stays idle
        seconds(n_jobs, settings | {"n_splits": 3})
    rounds = [[seconds(n_jobs, settings) for n_jobs in (1, 2)] for _ in range(asked.rounds)]
    for (_, one), (_, two) in rounds:
        pd.testing.assert_frame_equal(one, two, check_exact=True)
    times = np.array([[spent for spent, _ in pair] for pair in rounds])
    ratios = times[:, 0] / times[:, 1]
    table = markdown(
        ["processes", "seconds, median", "range over rounds"],
        [
            [name, f"{np.median(t):.1f}", f"{t.min():.1f} to {t.max():.1f}"]
            for name, t in zip(("one", "two"), times.T, strict=True)
        ],
    )
    n_units = len(rounds[0][0][1]) // 2
    text = (
        f"{table}\n\nThe median speedup of two processes over one is {np.median(ratios):.2f}, "
        f"with a range of {ratios.min():.2f} to {ratios.max():.2f} over the rounds (target: at "
        "least 1.6). "
        f"There were {n_units} units of work in each round, and the tables of both runs were "
        "identical to the last bit. All processes had been warmed up and used one thread each: in "
        "the run with one process, a large TensorFlow matrix product kept "
        f"{tensorflow_threads():.1f} cores busy."
    )
    print(text) if asked.no_publish else publish("parallel", text)


if __name__ == "__main__":
    main()
