"""Seconds to import ``gan_utils`` and, for comparison, TensorFlow, each in fresh processes.

python benchmarks/imports.py
"""

import subprocess
import sys
import time

import numpy as np
from report import markdown, publish

ROUNDS = 5
STATEMENTS = {"nothing": "pass", "gan_utils": "import gan_utils", "tensorflow": "import tensorflow"}


def seconds(statement: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    for statement in STATEMENTS.values():
        seconds(statement)  # fills the disk cache
    runs = np.array([[seconds(s) for s in STATEMENTS.values()] for _ in range(ROUNDS)])
    nothing, ours, theirs = np.median(runs, axis=0)
    table = markdown(
        ["a process that imports", "seconds, median", "range"],
        [
            [name, f"{np.median(r):.3f}", f"{r.min():.3f} to {r.max():.3f}"]
            for name, r in zip(STATEMENTS, runs.T, strict=True)
        ],
    )
    share = (ours - nothing) / (theirs - nothing)
    verdict = (
        f"Excluding Python's startup, `import gan_utils` takes {share:.4f} times as long as "
        "`import tensorflow` (target: under 0.1)."
    )
    publish("imports", f"{table}\n\n{verdict}")


if __name__ == "__main__":
    main()
