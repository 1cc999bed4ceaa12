"""The DCGAN and the diffusion model on 64 x 64 colour pictures, at equal training time.

Each model gets as many steps as fit into the training time, at a speed that is measured once and
saved. Time is the processor time of both cores, divided by two: on an idle machine, it is about the
elapsed time; on a busy one, it still means equal work. Each result is saved at once, so that an
interrupted run can resume, and ``--one`` stops after the next result:

    python benchmarks/larger_images.py
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from kept_results import cell, load_results, write
from report import markdown, publish

from gan_utils.datasets import ImageSet, load_pictures
from gan_utils.generative import build_dcgan, build_diffusion, dcgan, diffusion
from gan_utils.metrics import nearest_images
from gan_utils.plots import plot_side_by_side
from gan_utils.scorecard import compare_pictures

SEEDS, SECONDS, TRIAL, SIDE, SHOWN = range(3), 150.0, 12, 64, 18
ROOT = Path(__file__).parents[1]
FOLDER, PICTURE = ROOT / "build" / "larger_images", ROOT / "docs" / "results" / "larger_images.png"
MODELS: dict[str, tuple[Callable[..., Any], int]] = {
    "DCGAN": (build_dcgan, dcgan.BATCH_SIZE),
    "diffusion": (build_diffusion, diffusion.BATCH_SIZE),
}
GAUSSIAN, REAL = "normal numbers, pixel by pixel", "held-out pictures"
COLUMNS = {
    "C2ST": "C2ST",
    "density": "density",
    "precision": "precision",
    "recall": "recall",
    "coverage": "coverage",
    "copies": "exact copies (share)",
    "distance to nearest": "distance to nearest image (median)",
    "training, seconds": "seconds",
    "steps": "steps",
    "1,000 samples, seconds": "sampling",
}


def two_cores() -> float:
    """Return the seconds that both cores worked for this process, divided by two."""
    return time.process_time() / 2


def steps_for(name: str, pictures: np.ndarray, seconds: float) -> int:
    """Time a short and a longer run; their difference excludes the set-up."""
    build, batch_size = MODELS[name]
    model, times = build(1000, image_size=SIDE, channels=3), []
    for n_steps in (2, TRIAL, 3 * TRIAL):
        start = two_cores()
        plan = {"n_steps": n_steps, "steps_per_epoch": n_steps, "verbose": 0}
        model.fit(pictures, batch_size=batch_size, **plan)
        times.append(two_cores() - start)
    return round(seconds * 2 * TRIAL / (times[2] - times[1]))


def train(name: str, data: ImageSet, n_steps: int, seed: int) -> tuple[np.ndarray, dict]:
    """Train with one seed; return as many pictures as are held out, and the costs."""
    build, batch_size = MODELS[name]
    model, n = build(n_steps, image_size=SIDE, channels=3, random_state=seed), len(data.test_images)
    start = two_cores()
    plan = {"n_steps": n_steps, "steps_per_epoch": n_steps, "verbose": 0}
    model.fit(data.images, batch_size=batch_size, **plan)
    trained = two_cores()
    made = model.sample(n, random_state=seed)
    cost = {"seconds": trained - start, "steps": n_steps}
    return made, cost | {"sampling": (two_cores() - trained) / n * 1000}


def normal_numbers(data: ImageSet, seed: int) -> tuple[np.ndarray, dict]:
    """Draw each pixel independently, with the training pictures' mean and spread."""
    rng, shape = np.random.default_rng(seed), data.test_images.shape
    noise = data.images.std(axis=0) * rng.normal(size=shape)
    nothing = {"seconds": np.nan, "steps": np.nan, "sampling": np.nan}
    return (data.images.mean(axis=0) + noise).clip(0, 1).astype("float32"), nothing


def judge(made: np.ndarray, data: ImageSet, seed: int) -> dict[str, dict[str, float]]:
    """Return the scorecard's values for the generated pictures and for the held-out ones."""
    settings = {"held_out": data.test_images, "random_state": seed}
    card = compare_pictures(data.images, {"made": made}, **settings)
    scores = {"made": card["made", "value"], "real": card["card", "baseline"]}
    return {who: values.astype(float).to_dict() for who, values in scores.items()}


def measure(folder: Path, seconds: float, one: bool) -> dict[str, dict[str, float]]:
    """Compute the results that are not yet in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path, data = folder / "results.jsonl", load_pictures()
    done = load_results(path)

    for name in MODELS:
        if name not in done:
            write(done, path, name, {"steps": steps_for(name, data.images, seconds)})
    for seed in SEEDS:
        for name in (GAUSSIAN, *MODELS):
            key = f"{name}, seed {seed}"
            if key not in done:
                steps = done[name]["steps"] if name in MODELS else 0
                made, cost = train(name, data, steps, seed) if steps else normal_numbers(data, seed)
                np.save(folder / f"{name}_{seed}.npy", made)
                scores = judge(made, data, seed)
                write(done, path, key, scores["made"] | cost)
                if name == GAUSSIAN:
                    write(done, path, f"{REAL}, seed {seed}", scores["real"] | cost)
                elif one:
                    return done
    return done


def draw(folder: Path) -> None:
    """Draw held-out pictures beside those of both models for the first seed."""
    sets = {"real (held out)": load_pictures(verbose=False).test_images[:SHOWN]}
    sets |= {name: np.load(folder / f"{name}_0.npy")[:SHOWN] for name in MODELS}
    plot_side_by_side(sets, columns=6, size=0.5).savefig(PICTURE, dpi=100)


def nearer_to_held_out(folder: Path, seeds: list[int]) -> str:
    """Count pictures that are nearer to a held-out picture than to any training picture."""
    data, counts = load_pictures(verbose=False), []
    sets = data.images, data.test_images
    for name in MODELS:
        said = []
        for seed in seeds:
            made = np.load(folder / f"{name}_{seed}.npy")
            to_training, to_held_out = (nearest_images(made, real)[1] for real in sets)
            said.append(str(np.sum(to_held_out < to_training)))
        counts.append(f"{', '.join(said)} for the {name} model")
    n, n_training = len(data.test_images), len(data.images)
    return (
        f"Of {n} generated pictures, the numbers whose nearest real picture is a "
        f"held-out picture are, seed by seed, {'; '.join(counts)}. If generated pictures were no "
        "closer to training pictures than to held-out ones, the expected number would be "
        f"{n * n / (n + n_training):.0f}."
    )


def written(values: list[float]) -> str:
    """Write mean and range: 0 if all values are 0, a dash if a value is missing."""
    return cell(values) if any(values) else "0"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--one", action="store_true")
    asked = parser.parse_args()
    done = measure(asked.folder, asked.seconds, asked.one)
    seeds = [seed for seed in SEEDS if all(f"{name}, seed {seed}" in done for name in MODELS)]
    if not seeds or (len(seeds) < len(SEEDS) and not asked.one):
        return
    rows = [
        [
            name,
            *(written([done[f"{name}, seed {s}"][key] for s in seeds]) for key in COLUMNS.values()),
        ]
        for name in (GAUSSIAN, *MODELS, REAL)
    ]
    draw(asked.folder)
    table = markdown([f"mean and range of {len(seeds)} seeds", *COLUMNS], rows)
    publish("larger-images", f"{table}\n\n{nearer_to_held_out(asked.folder, seeds)}")


if __name__ == "__main__":
    main()
