"""Mode collapse on a ring of eight Gaussians: four GANs, five seeds each.

python benchmarks/ring.py
"""

import time

import numpy as np
from report import markdown, publish

from gan_utils.generative.ring import METHODS, make_ring, ring_scores, run_ring

SEEDS, STEPS = range(5), 6000
MODES, SHARE = 8, 0.9


def measure(method: str, seed: int) -> dict[str, float]:
    start = time.perf_counter()
    run = run_ring(method, STEPS, n_looks=20, random_state=seed)
    return {**run.scores.iloc[-1], "seconds": time.perf_counter() - start}


def row(name: str, results: list[dict[str, float]]) -> list[str]:
    modes, shares = ([r[key] for r in results] for key in ("modes covered", "on a mode"))
    seconds = [r["seconds"] for r in results if "seconds" in r]
    return [
        name,
        ", ".join(f"{m:.0f}" for m in modes),
        f"{np.mean(shares):.3f} ({min(shares):.3f} to {max(shares):.3f})",
        f"{np.mean(seconds):.1f}" if seconds else "-",
    ]


def verdict(results: dict[str, list[dict[str, float]]]) -> str:
    best = max(results, key=lambda name: min(r["on a mode"] for r in results[name]))
    modes, share = (min(r[key] for r in results[best]) for key in ("modes covered", "on a mode"))
    met = "met" if modes == MODES and share >= SHARE else "not met"
    lab = sum(np.mean([r["seconds"] for r in runs]) for runs in results.values())
    return (
        f'Judged by its worst seed, "{best}" is the best GAN: for every seed, it covers at least '
        f"{modes:.0f} modes and has at least {share:.3f} of its points on a mode (target: {MODES} "
        f"modes and {SHARE}; {met}). Training all four GANs with one seed takes {lab:.0f} s "
        "(target: at most 60 s)."
    )


def main() -> None:
    results = {method: [measure(method, seed) for seed in SEEDS] for method in METHODS}
    real = [ring_scores(make_ring(2000, random_state=seed)) for seed in SEEDS]
    rows = [row(name, runs) for name, runs in results.items()] + [row("real points", real)]
    header = ["GAN", "modes covered, seed by seed", "on a mode, mean and range", "seconds"]
    publish("ring", f"{markdown(header, rows)}\n\n{verdict(results)}")


if __name__ == "__main__":
    main()
