"""What the course's generative models share: they train by the number of the step, and sample."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gan_utils.quiet import import_tensorflow

tf = import_tensorflow()

import keras  # noqa: E402

#: How many rows are generated at a time by `GenerativeModel.sample`.
SAMPLE_CHUNK = 4096


class GenerativeModel(keras.Model):
    """A ``keras.Model`` that learns samples and draws new ones.

    A subclass implements ``train_step``, ``sample_shape`` and ``generate``. Whatever is random in a
    step depends on the seed and on the number of the step alone, so that a run that was interrupted
    continues as if it had not been.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    random_state : int
        Seed of the noise and of the choice of real samples.
    tracked : sequence of str
        Names of the losses and accuracies that are reported.
    name : str
        Keras's name of the model.
    """

    def __init__(
        self, latent_dim: int, random_state: int, tracked: Sequence[str], name: str
    ) -> None:
        super().__init__(name=name)
        self.latent_dim, self.random_state = latent_dim, random_state
        self.step = self.add_weight(
            name="step", shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        self.trackers = {name: keras.metrics.Mean(name=name) for name in tracked}
        self.built = True

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        raise NotImplementedError

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of losses and accuracies, reset at each epoch."""
        return list(self.trackers.values())

    def draw_real(self, samples: Any) -> Any:
        """Pick a batch of real samples, with replacement, by the number of the step."""
        chosen = tf.random.stateless_uniform(
            (self.batch_size,), self._seed(0), 0, tf.shape(samples)[0], dtype=tf.int32
        )
        return tf.gather(samples, chosen)

    def draw_noise(self) -> Any:
        """Draw a batch of noise vectors by the number of the step."""
        return tf.random.stateless_normal((self.batch_size, self.latent_dim), self._seed(1))

    def improve(
        self,
        optimizer: keras.optimizers.Optimizer,
        network: keras.Model,
        loss: Any,
        tape: Any,
    ) -> None:
        """Take one step of gradient descent on one network's weights, and on no others."""
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    def track(self, **values: Any) -> dict[str, Any]:
        """Update the running means and return them."""
        for name, value in values.items():
            self.trackers[name].update_state(tf.cast(value, tf.float32))
        return {name: self.trackers[name].result() for name in values}

    def fit(
        self,
        samples: np.ndarray,
        batch_size: int = 128,
        epochs: int = 1,
        steps_per_epoch: int | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train.

        Parameters
        ----------
        samples : ndarray of shape (n, ...)
            The real samples, scaled as generated ones are. Each step draws its batch from
            them at random, with replacement.
        batch_size : int, at most n
            Real samples a step, and as many generated ones.
        epochs : int
            How many times ``steps_per_epoch`` steps are taken; losses are reported after each.
        steps_per_epoch : int, optional
            By default as many as it takes to see n samples.
        **kwargs
            Passed on to ``keras.Model.fit``: ``callbacks``, ``verbose``, ``initial_epoch``.

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        ValueError
            If a sample is missing or infinite, has another shape than generated ones, or
            the batch is larger than the data.
        """
        samples = np.asarray(samples, dtype="float32")
        _check_samples(samples, batch_size, self.sample_shape)
        if getattr(self, "batch_size", None) != batch_size:
            self.batch_size, self.train_function = batch_size, None
        # The whole table travels as one tensor and `draw_real` picks from it, so that the choice
        # depends on the step's number and not on where an iterator happens to stand.
        data = tf.data.Dataset.from_tensors(samples).repeat()
        steps = steps_per_epoch or -(-len(samples) // batch_size)
        return super().fit(data, epochs=epochs, steps_per_epoch=steps, shuffle=False, **kwargs)

    def sample(self, n: int, random_state: int | None = None) -> np.ndarray:
        """Generate samples.

        Parameters
        ----------
        n : int, at least 1
            How many.
        random_state : int, optional
            Seed of the noise.

        Returns
        -------
        ndarray of shape (n, ...)
            As the networks give them, without decoding.
        """
        if n < 1:
            raise ValueError(f"n={n!r} is not a number of samples. Give a whole number from 1 up.")
        rng = np.random.default_rng(random_state)
        noise = rng.normal(size=(n, self.latent_dim)).astype("float32")
        chunks = [noise[i : i + SAMPLE_CHUNK] for i in range(0, n, SAMPLE_CHUNK)]
        return np.concatenate([self.generate(chunk, rng) for chunk in chunks])

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn (n, latent_dim) noise into n samples; a subclass says how."""
        raise NotImplementedError

    def _seed(self, stream: int) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        return tf.stack([key, tf.convert_to_tensor(self.step)])


def _check_samples(samples: np.ndarray, batch_size: int, shape: tuple) -> None:
    if samples.shape[1:] != shape:
        raise ValueError(
            f"samples have shape {samples.shape[1:]} each, but the model makes {shape}."
        )
    if not np.isfinite(samples).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(samples))[0])
        raise ValueError(f"samples hold a missing or infinite value at {where}. Mend or drop it.")
    if batch_size > len(samples):
        raise ValueError(
            f"batch_size={batch_size} is larger than the data ({len(samples)} samples). "
            f"Use batch_size <= {len(samples)}."
        )
