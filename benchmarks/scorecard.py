"""Time and memory of the scorecard for tables, by number of rows.

The tables have as many synthetic rows as real ones and ten columns: six numeric ones, some of them
correlated, and four categorical ones. Each size is run in a separate process, which scores twice:
the first time, it also imports scikit-learn and SciPy, which a lesson would have done already. The
second table shows the C2ST by number of trees in its forest: its value over seeds, and its time.

    python benchmarks/scorecard.py
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from report import markdown, publish

from gan_utils.metrics import c2st
from gan_utils.metrics.tables import C2ST_TREES
from gan_utils.metrics.usefulness import default_forest
from gan_utils.scorecard import score_table

SIZES = (200, 1_000, 10_000, 100_000)
#: Seconds and GiB at the largest size, and seconds for the 200 rows of a lesson.
BAR_SECONDS, BAR_GIB, BAR_LESSON = 60, 3.0, 2.0
#: Numbers of trees, numbers of rows and strengths of noise that are compared, and seeds.
TREES, TREE_ROWS, NOISES, SEEDS = (25, 50, 100, 200), (60, 200), (0.5, 2.0), range(8)


def table(n_rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, 6)) @ rng.normal(size=(6, 6))
    columns = {f"number {i}": column for i, column in enumerate(numbers.T)}
    columns["number 5"] = np.exp(columns["number 5"] / 3).round(1)
    for i in range(4):
        kinds = np.digitize(columns[f"number {i}"], [-2, -1, 0, 1, 2])
        columns[f"kind {i}"] = pd.Series(kinds).map("value {}".format)
    return pd.DataFrame(columns)


def task(n_rows: int) -> None:
    """Score twice in this process, and print the times and the peak memory."""
    real, synthetic = pair(n_rows, noise=0.2)
    first, seconds = (timed(real, synthetic) for _ in range(2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"first": first, "seconds": seconds, "gib": peak}))


def pair(n_rows: int, noise: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two halves of one table, the second with noise added to a column."""
    rows = table(2 * n_rows, 0)
    real, other = rows.iloc[:n_rows], rows.iloc[n_rows:].reset_index(drop=True)
    added = noise * np.random.default_rng(2).normal(size=n_rows)
    return real, other.assign(**{"number 0": other["number 0"] + added})


def timed(real: pd.DataFrame, synthetic: pd.DataFrame) -> float:
    start = time.perf_counter()
    score_table(real, synthetic)
    return time.perf_counter() - start


def measured(n_rows: int) -> dict[str, float]:
    command = [sys.executable, __file__, str(n_rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def tree_rows() -> list[list[str]]:
    """Return lines of rows, noise, trees, C2ST (mean and s.d. over seeds) and seconds per seed."""
    return [
        [str(n_rows), str(noise), *tree_row(*pair(n_rows, noise), n_trees)]
        for n_rows in TREE_ROWS
        for noise in NOISES
        for n_trees in TREES
    ]


def tree_row(real: pd.DataFrame, synthetic: pd.DataFrame, n_trees: int) -> list[str]:
    start = time.perf_counter()
    values = [
        c2st(
            real,
            synthetic,
            classifier=default_forest("classifier", seed, n_trees=n_trees),
            random_state=seed,
        )
        for seed in SEEDS
    ]
    seconds = (time.perf_counter() - start) / len(values)
    spread = f"{np.mean(values):.3f} ± {np.std(values, ddof=1):.3f}"
    return [str(n_trees), spread, f"{seconds:.2f}"]


def main() -> None:
    found = {n: measured(n) for n in SIZES}
    rows = [
        [f"{n:,}", f"{f['first']:.1f}", f"{f['seconds']:.1f}", f"{f['gib']:.2f}"]
        for n, f in found.items()
    ]
    largest = found[SIZES[-1]]
    grown = largest["seconds"] / found[10_000]["seconds"]
    bars = (
        f"The targets are at most {BAR_SECONDS} s and {BAR_GIB:.0f} GiB for {SIZES[-1]:,} rows "
        f"(measured: {largest['first']:.0f} s, {largest['gib']:.1f} GiB) and at most "
        f"{BAR_LESSON:.0f} s for 200 rows the second time (measured: {found[200]['seconds']:.1f} "
        f"s). From 10,000 to 100,000 rows, the time grows by a factor of {grown:.1f}; growth in "
        f"proportion to n log n would give {10 * np.log(1e5) / np.log(1e4):.1f}."
    )
    head = [
        "real and synthetic rows, each",
        "seconds, first time in a process",
        "seconds, second time",
        "peak memory, GiB",
    ]
    tree_head = ["rows, each", "noise in one column", "trees", "C2ST, mean ± s.d.", "seconds"]
    trees = (
        f"The next table shows the C2ST by number of trees in its forest ({C2ST_TREES} in the "
        f"package), with {len(SEEDS)} seeds for the folds and the forest. Each pair of "
        f"tables is drawn once, and an AUC below 0.5 counts as 0.5:\n\n"
        f"{markdown(tree_head, tree_rows())}"
    )
    publish("scorecard", f"{markdown(head, rows)}\n\n{bars}\n\n{trees}")


if __name__ == "__main__":
    task(int(sys.argv[1])) if len(sys.argv) > 1 else main()
