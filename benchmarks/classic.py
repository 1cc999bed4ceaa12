"""The classic GAN training loop of most scripts on the web, the benchmarks' baseline.

A step calls ``generator.predict`` once and ``train_on_batch`` three times. In Keras 3, freezing a
layer freezes it in all models that share it; the combined model therefore has a frozen clone.
"""

import keras
import numpy as np

from gan_utils.networks import build_classic_generator, build_tabular_discriminator

LATENT_DIM, BATCH_SIZE = 100, 128


def adam() -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


class ClassicLoop:
    """A generator and a discriminator, by default those of lesson 02, trained by hand."""

    def __init__(
        self,
        rows: np.ndarray,
        seed: int = 0,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
    ) -> None:
        keras.utils.set_random_seed(seed)
        self.rows, self.rng = rows.astype("float32"), np.random.default_rng(seed)
        self.generator = generator or build_classic_generator(LATENT_DIM, rows.shape[1])
        self.discriminator = discriminator or build_tabular_discriminator(rows.shape[1])
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        self.discriminator.compile(optimizer=adam(), loss=loss)
        frozen = keras.models.clone_model(self.discriminator)
        frozen.trainable = False
        self.frozen = frozen
        self.combined = keras.Sequential([self.generator, frozen])
        self.combined.compile(optimizer=adam(), loss=loss)

    def step(self) -> None:
        """Take one step on one batch: real rows, generated rows, then the generator."""
        real = self.rows[self.rng.integers(len(self.rows), size=BATCH_SIZE)]
        noise = self.rng.normal(size=(BATCH_SIZE, LATENT_DIM)).astype("float32")
        fake = self.generator.predict(noise, verbose=0)
        self.discriminator.train_on_batch(real, np.ones((BATCH_SIZE, 1)))
        self.discriminator.train_on_batch(fake, np.zeros((BATCH_SIZE, 1)))
        # Copy the discriminator's new weights to the frozen clone.
        for old, new in zip(self.frozen.weights, self.discriminator.weights, strict=True):
            old.assign(new)
        self.combined.train_on_batch(noise, np.ones((BATCH_SIZE, 1)))
