"""A ``keras.Model`` that trains by the number of the step, and samples."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.training.backup import Backup, training_facts
from gan_utils.training.batches import (
    drawn_batches,
    given_batches,
    pick,
    share,
    shared_batches,
    untuned,
)
from gan_utils.training.machines import number_of_machines

#: How many samples are generated at a time by `GenerativeModel.sample`.
SAMPLE_CHUNK = 4096
#: So many numbers at most are in the samples of one such piece: 510 images of 28 x 28.
CHUNK_NUMBERS = 400_000
#: Up to this size, in bytes, all samples travel to the device and a step draws from them there. For
#: a small table that is quicker than the input pipeline; of images only a batch should travel.
SMALL = 4 * 2**20
#: Batch size of `GenerativeModel.fit` for arrays.
BATCH_SIZE = 128


class FirstStep(keras.callbacks.Callback):
    """Note the number of the step that a training begins with.

    It is looked up after all other callbacks have begun: one of them may have put back the state of
    an earlier run. Later the input pipeline must not look it up itself, since it works ahead.
    """

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self.number = int(model.step.numpy())

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Look it up."""
        self.number = int(self.model.step.numpy())


class GenerativeModel(keras.Model):
    """A ``keras.Model`` that learns samples and draws new ones.

    A subclass implements ``train_step``, ``sample_shape`` and ``generate``. Whatever is random in a
    step depends on the seed and on the number of the step alone, so that a run that was interrupted
    continues as if it had not been. Several devices draw alike and each keeps its part, so that
    they learn what one would.

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

    #: How many batches of real samples one training step takes.
    batches_per_step = 1

    def __init__(
        self, latent_dim: int, random_state: int, tracked: Sequence[str], name: str
    ) -> None:
        super().__init__(name=name)
        self.latent_dim, self.random_state = latent_dim, random_state
        self.step = self.add_weight(
            name="step",
            shape=(),
            dtype="int64",
            initializer="zeros",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.trackers = {name: keras.metrics.Mean(name=name) for name in tracked}
        self.batch_size, self.draws_in_step = BATCH_SIZE, True
        self.built = True

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        raise NotImplementedError

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of losses and accuracies, reset at each epoch."""
        return list(self.trackers.values())

    def draw_real(self, data: Any) -> Any:
        """Return this step's batch of real samples.

        Samples of a small table are picked here; a batch of images arrives from the input pipeline,
        which has picked it in the same way: with replacement, by the number of the step.
        """
        return pick(data, self.batch_size, self._seed(0)) if self.draws_in_step else data

    def draw_noise(self, turn: int = 0) -> Any:
        """Draw a batch of noise vectors by the number of the step (and of the turn in it)."""
        noise = tf.random.stateless_normal((self.batch_size, self.latent_dim), self._seed(1, turn))
        return share(noise)

    def improve(
        self,
        optimizer: keras.optimizers.Optimizer,
        network: keras.Model,
        loss: Any,
        tape: Any,
    ) -> None:
        """Take one step of gradient descent on one network's weights, and on no others."""
        variables = network.trainable_variables
        # The optimizer adds up the gradients of all devices; what counts is their mean.
        weight = tf.constant(1 / tf.distribute.get_strategy().num_replicas_in_sync, loss.dtype)
        optimizer.apply(tape.gradient(loss, variables, output_gradients=weight), variables)

    def track(self, **values: Any) -> dict[str, Any]:
        """Update the running means and return them."""
        for name, value in values.items():
            self.trackers[name].update_state(tf.cast(value, tf.float32))
        results = {name: self.trackers[name].result() for name in values}
        if number_of_machines(tf.distribute.get_strategy()) > 1:
            # Keras then takes the mean along an axis, which a single number does not have.
            results = {name: tf.expand_dims(result, 0) for name, result in results.items()}
        return results

    def fit(
        self,
        samples: np.ndarray | tf.data.Dataset,
        batch_size: int | None = None,
        epochs: int = 1,
        steps_per_epoch: int | None = None,
        backup: str | Path | Backup | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train.

        It works unchanged where the model was built and compiled inside the ``scope`` of a
        ``tf.distribute`` strategy: every device takes its part of each batch.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tf.data.Dataset of batches
            The real samples, scaled as generated ones are. From an array, each step draws its batch
            at random, with replacement. A dataset is repeated as often as need be; on several
            machines it must give all of them the same batches.
        batch_size : int, at most n, optional
            Real samples a step, for all devices together, and as many generated ones. By default
            128, or the size of the dataset's batches.
        epochs : int
            How many times ``steps_per_epoch`` steps are taken; losses are reported after each.
        steps_per_epoch : int, optional
            By default as many as it takes to see n samples, or the dataset once.
        backup : str, Path or Backup, optional
            A file that the state of the training is written to every few seconds. If the training
            is killed, the same program goes on from there and ends as if it had never been killed.
            (A dataset must then give its batches in the same order again: give ``shuffle`` a seed.)
            The file is removed when the training ends.
        **kwargs
            Passed on to ``keras.Model.fit``: ``callbacks``, ``verbose``, ``initial_epoch``.

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        ValueError
            If a sample is missing or infinite, has another shape than generated ones, the batch is
            larger than the data or cannot be shared by the devices, or if the backup is damaged or
            belongs to another training.
        """
        samples, batch_size, steps = self._prepare(samples, batch_size, steps_per_epoch)
        callbacks, keeper = [*keras.tree.flatten(kwargs.pop("callbacks", None) or [])], None
        if backup is not None:
            keeper = self._keeper(backup, samples, batch_size, steps)
            kwargs["initial_epoch"] = len(keeper.restore(self))
            callbacks.append(keeper)
        self._settle(samples, batch_size)
        first = FirstStep(self)
        data = self._stream(samples, first, steps * kwargs.get("initial_epoch", 0))
        kwargs |= {"epochs": epochs, "steps_per_epoch": steps, "shuffle": False}
        with no_advice_on_retracing():
            history = super().fit(data, callbacks=[*callbacks, first], **kwargs)
        if keeper:
            keeper.remove()
            _tell_all(history, keeper.logs)
        return history

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
        noise, rng = self.draw_latent(n, random_state)
        return np.concatenate(
            [self.generate(noise[part], rng) for part in chunks(n, self.sample_shape)]
        )

    def draw_latent(
        self, n: int, random_state: int | None
    ) -> tuple[np.ndarray, np.random.Generator]:
        """Draw n noise vectors for `sample`; return the generator of random numbers as well."""
        if n < 1:
            raise ValueError(f"n={n!r} is not a number of samples. Give a whole number from 1 up.")
        rng = np.random.default_rng(random_state)
        return rng.normal(size=(n, self.latent_dim)).astype("float32"), rng

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn (n, latent_dim) noise into n samples; a subclass says how."""
        raise NotImplementedError

    def check_samples(self, samples: Any) -> None:
        """Refuse samples that this model cannot learn; a subclass may want more than arrays."""
        check_finite_samples(samples, self.sample_shape)

    def _maybe_symbolic_build(self, *args: Any, **kwargs: Any) -> None:
        """Leave out what Keras does first under a strategy: the networks have been built.

        It would take the mean of a batch over all devices, which fails for pairs with labels.
        """

    def _prepare(self, samples: Any, batch_size: int | None, steps: int | None) -> tuple:
        """Check the data; find the size of batches and how many steps see all of it."""
        if isinstance(samples, tf.data.Dataset):
            first = _first_batch(samples)
            self.check_samples(first)
            own = len(tf.nest.flatten(first)[0])
            batch_size, steps = _given(batch_size, own), steps or self._steps_of(samples)
        else:
            samples = tf.nest.map_structure(_as_array, samples)
            self.check_samples(samples)
            n, batch_size = len(tf.nest.flatten(samples)[0]), _given(batch_size, BATCH_SIZE)
            _check_batch_size(batch_size, n)
            steps = steps or -(-n // (batch_size * self.batches_per_step))
        _check_parts(batch_size, self.distribute_strategy.num_replicas_in_sync)
        return samples, batch_size, steps

    def _steps_of(self, dataset: tf.data.Dataset) -> int:
        batches = int(dataset.cardinality())
        if batches < 0:
            raise ValueError(
                "nobody can tell how many batches the dataset has. Say how long an epoch is: "
                "steps_per_epoch=100."
            )
        return -(-batches // self.batches_per_step)

    def _is_small(self, samples: Any) -> bool:
        return (
            isinstance(samples, np.ndarray)
            and samples.nbytes <= SMALL
            and self.batches_per_step == 1
            and self.distribute_strategy.num_replicas_in_sync == 1
        )

    def _stream(self, samples: Any, first: FirstStep, steps_done: int) -> Any:
        turns = self.batches_per_step
        if self.draws_in_step:
            return untuned(tf.data.Dataset.from_tensors(samples).repeat())
        if isinstance(samples, tf.data.Dataset):
            batches = given_batches(samples, self.batch_size, steps_done * turns)
        else:
            key = 2 * self.random_state
            batches = drawn_batches(samples, self.batch_size, key, lambda: first.number * turns)
        return shared_batches(batches, turns, self.distribute_strategy)

    def _settle(self, samples: Any, batch_size: int) -> None:
        """Fix what the traced step depends on; trace it anew where that has changed."""
        if self.distribute_strategy.num_replicas_in_sync > 1:
            # Keras 3.15 cannot trace several steps in one call where several devices work together.
            self.steps_per_execution = 1
        small = self._is_small(samples)
        if (self.batch_size, self.draws_in_step) != (batch_size, small):
            self.batch_size, self.draws_in_step, self.train_function = batch_size, small, None

    def _keeper(
        self, backup: str | Path | Backup, samples: Any, batch_size: int, steps: int
    ) -> Backup:
        keeper = backup if isinstance(backup, Backup) else Backup(backup)
        settings = {"batch_size": batch_size, "steps_per_epoch": steps}
        settings |= {"random_state": self.random_state, "latent_dim": self.latent_dim}
        keeper.facts = training_facts(self, samples, **settings)
        return keeper

    def _seed(self, stream: int, turn: int = 0) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        seed = tf.stack([key, tf.convert_to_tensor(self.step)])
        return tf.random.fold_in(seed, turn) if turn else seed


def chunks(n: int, shape: tuple[int, ...]) -> list[slice]:
    """Cut n samples into pieces that fit into memory, layers of many times their size included."""
    size = min(SAMPLE_CHUNK, max(1, CHUNK_NUMBERS // math.prod(shape)))
    return [slice(i, i + size) for i in range(0, n, size)]


def check_finite_samples(samples: np.ndarray, shape: tuple[int, ...]) -> None:
    """Refuse samples of another shape, and such as are missing or infinite."""
    if samples.shape[1:] != shape:
        raise ValueError(
            f"samples have shape {samples.shape[1:]} each, but the model makes {shape}."
        )
    if samples.dtype != np.float32:
        raise ValueError(f"samples are {samples.dtype}, but the model learns float32. Cast them.")
    if not np.isfinite(samples).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(samples))[0])
        raise ValueError(f"samples hold a missing or infinite value at {where}. Mend or drop it.")


def _as_array(samples: Any) -> np.ndarray:
    array = np.asarray(samples)
    whole = np.issubdtype(array.dtype, np.integer) and array.ndim == 1
    return array.astype("int32" if whole else "float32", copy=False)


def _first_batch(dataset: tf.data.Dataset) -> Any:
    for batch in dataset.take(1):
        return tf.nest.map_structure(lambda tensor: tensor.numpy(), batch)
    raise ValueError("the dataset is empty. Give it at least one batch.")


def _given(batch_size: int | None, default: int) -> int:
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size={batch_size!r} must be a whole number of at least 1.")
    return default if batch_size is None else batch_size


def _check_batch_size(batch_size: int, n: int) -> None:
    if batch_size > n:
        raise ValueError(
            f"batch_size={batch_size} is larger than the data ({n} samples). Use batch_size <= {n}."
        )


def _check_parts(batch_size: int, devices: int) -> None:
    if batch_size % devices:
        raise ValueError(
            f"batch_size={batch_size} cannot be shared evenly by {devices} devices. Use a multiple "
            f"of {devices}, such as {-(-batch_size // devices) * devices}."
        )


def _tell_all(history: keras.callbacks.History, logs: list[dict[str, float]]) -> None:
    """Make the history one of all epochs, those before a kill among them."""
    history.history = {name: [log[name] for log in logs] for name in (logs[0] if logs else ())}
    history.epoch = list(range(len(logs)))
