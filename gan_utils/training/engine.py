"""A ``keras.Model`` that generates samples, with random draws that depend on the step number."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gan_utils._support.backend import check_precision, keras, tf
from gan_utils._support.checks import as_tensorflow_seed
from gan_utils._support.quiet import no_advice_on_retracing, no_warning
from gan_utils.training.backup import Backup, resuming
from gan_utils.training.batches import (
    FirstStep,
    drawn_batches,
    given_batches,
    pick,
    share,
    shared_batches,
    untuned,
)
from gan_utils.training.latent import LatentSampler
from gan_utils.training.machines import number_of_machines
from gan_utils.training.rates import warn_of_spent_rates
from gan_utils.training.samples import (
    as_float32,
    check_batch_size,
    check_finite_samples,
    check_steps,
    check_unlabelled,
    first_batch,
    largest_divisor,
    n_batches,
)
from gan_utils.training.unsupported import Unsupported, check_fit_arguments

#: Up to this size, in bytes, all samples are moved to the device, and each step draws its batch
#: there. For a small table, this is faster than the input pipeline. For images, only one batch at a
#: time is moved.
SMALL = 4 * 2**20
#: Default batch size of `GenerativeModel.fit` for arrays.
DEFAULT_BATCH_SIZE = 128


class GenerativeModel(LatentSampler, Unsupported, keras.Model):
    """A ``keras.Model`` that learns from samples and draws new ones.

    A subclass implements ``train_step``, ``sample_shape`` and ``generate``, and lists in
    ``network_names`` the attributes that hold its networks. All randomness in a step depends only
    on the seed and on the step number, so an interrupted run continues as if it had never stopped.
    Several devices draw the same batch and each uses its part, so the result is the same as on one
    device, up to rounding errors.

    Parameters
    ----------
    latent_dim : int
        Length of the noise vector.
    random_state : int
        Seed for the noise and the choice of real samples.
    tracked : sequence of str
        Names of the reported losses and accuracies.
    name : str
        The name of the model in Keras.
    """

    #: Number of batches of real samples per training step, and the attribute that holds an
    #: optimizer which is applied once per batch instead of once per step.
    batches_per_step, batch_optimizer = 1, ""
    #: Attributes that the outcome depends on; a backup of a run with other values is rejected.
    setting_names: ClassVar[tuple[str, ...]] = ("random_state", "latent_dim")

    def __init__(
        self, latent_dim: int, random_state: int, tracked: Sequence[str], name: str
    ) -> None:
        check_precision()
        super().__init__(name=name)
        self.latent_dim, self.random_state = latent_dim, as_tensorflow_seed(random_state)
        self.step = self.add_weight(
            name="step",
            shape=(),
            dtype="int64",
            initializer="zeros",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.trackers = {name: keras.metrics.Mean(name=name) for name in tracked}
        self.batch_size, self.draws_in_step = DEFAULT_BATCH_SIZE, True
        self.steps_at_once = 1
        self.built = True

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of losses and accuracies, which are reset at each epoch."""
        return list(self.trackers.values())

    def compile(self, *args: Any, steps_per_execution: int = 1, **kwargs: Any) -> None:
        """Compile as Keras does, and store how many steps run per call to TensorFlow."""
        check_steps(steps_per_execution=steps_per_execution)
        super().compile(*args, steps_per_execution=steps_per_execution, **kwargs)
        self.steps_at_once = steps_per_execution

    def draw_real(self, data: Any) -> Any:
        """Return this step's batch of real samples.

        Samples of a small table are drawn here; a batch of images comes from the input pipeline,
        which draws it in the same way: with replacement, seeded by the step number.

        Parameters
        ----------
        data : tensor, or tuple of tensors
            All samples, of shape (n, ...), or a batch.

        Returns
        -------
        tensor, or tuple of tensors
            A batch of shape (batch, ...).
        """
        return pick(data, self.batch_size, self._seed(0)) if self.draws_in_step else data

    def draw_noise(self, turn: int = 0) -> Any:
        """Draw a batch of noise vectors, seeded by the step number.

        Parameters
        ----------
        turn : int
            Index of the draw within the step.

        Returns
        -------
        tensor of shape (batch, latent_dim)
            This device's part of the batch.
        """
        noise = tf.random.stateless_normal((self.batch_size, self.latent_dim), self._seed(1, turn))
        return share(noise)

    def improve(
        self,
        optimizer: keras.optimizers.Optimizer,
        network: keras.Model,
        loss: Any,
        tape: Any,
    ) -> None:
        """Take one step of gradient descent on the weights of only one network.

        Parameters
        ----------
        optimizer : Optimizer
            An optimizer built for the network.
        network : keras.Model
        loss : tensor of shape ()
        tape : tf.GradientTape
            The tape that recorded the computation of the loss.
        """
        variables = network.trainable_variables
        # The optimizer adds up the gradients of all devices, but their mean is needed.
        weight = tf.constant(1 / tf.distribute.get_strategy().num_replicas_in_sync, loss.dtype)
        optimizer.apply(tape.gradient(loss, variables, output_gradients=weight), variables)

    def track(self, **values: Any) -> dict[str, Any]:
        """Update the running means of losses and accuracies.

        Parameters
        ----------
        **values : tensor
            The values by name; arrays are averaged.

        Returns
        -------
        dict of str to tensor
            The means since the start of the epoch.
        """
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
        n_steps: int | None = None,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train the model.

        This also works if the model was built and compiled inside the ``scope`` of a
        ``tf.distribute`` strategy: every device takes its part of each batch.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tf.data.Dataset of batches
            The real samples, on the same scale as generated ones. From an array, each step draws
            its batch at random, with replacement. A dataset is repeated as often as needed; on
            several machines, it must give each of them the same batches.
        batch_size : int, at most n, optional
            Number of real samples in a batch, for all devices together; batches of generated
            samples have the same size. By default, 128 or the size of the dataset's batches.
        epochs : int
            Number of epochs of ``steps_per_epoch`` steps; losses are reported after each epoch.
        steps_per_epoch : int, optional
            By default, enough steps to cover n samples, or the whole dataset once.
        backup : str, Path or Backup, optional
            A file in which the state of the training is saved between epochs, at most every five
            seconds. If the training is killed, running the same program again resumes it there,
            with the same result. (A dataset must then give its batches in the same order again:
            give ``shuffle`` a seed.) The file is removed when the training ends.
        n_steps : int, optional
            Total number of steps, instead of ``epochs``; the last epoch is shorter if
            ``steps_per_epoch`` does not divide ``n_steps``.
        **kwargs
            Passed on to ``keras.Model.fit``: ``callbacks``, ``verbose``, ``initial_epoch``.

        Returns
        -------
        keras.callbacks.History
            Mean losses and accuracies of each epoch.

        Raises
        ------
        TypeError
            For arguments of ``keras.Model.fit`` that this method does not accept, such as
            ``validation_data``.
        ValueError
            If a sample holds a missing or infinite value or differs in shape from generated ones,
            or the batch is larger than the data or cannot be shared evenly by the devices. An error
            is also raised if a number of steps or epochs is below 1, or if the backup is damaged or
            belongs to another training run.
        """
        check_fit_arguments(self, kwargs)
        check_steps(epochs=epochs, steps_per_epoch=steps_per_epoch, n_steps=n_steps)
        samples, batch_size, steps = self._prepare(samples, batch_size, steps_per_epoch)
        epochs = epochs if n_steps is None else -(-n_steps // steps)
        callbacks = [*keras.tree.flatten(kwargs.pop("callbacks", None) or [])]
        settings = {name: getattr(self, name) for name in self.setting_names}
        settings |= {"batch_size": batch_size, "steps_per_epoch": steps}
        with resuming(backup, self, samples, **settings) as keeper:
            kwargs["initial_epoch"] = kwargs.get("initial_epoch", 0) + keeper.first_epoch
            self._settle(samples, batch_size, steps)
            first, done = FirstStep(self), steps * kwargs["initial_epoch"]
            uneven = n_steps is not None and n_steps % steps > 0
            self._check_uneven(uneven, n_steps, steps)
            warn_of_spent_rates(self, n_steps if uneven else epochs * steps, done)
            data = self._stream(samples, first, done, n_steps - done if uneven else None)
            kwargs |= {"epochs": epochs, "steps_per_epoch": steps, "shuffle": False}
            # The data end within the last epoch, as they should.
            ending = "Your input ran out of data"
            silent = no_warning(ending) if uneven else contextlib.nullcontext()
            with no_advice_on_retracing(), silent:
                history = super().fit(data, callbacks=[*callbacks, keeper, first], **kwargs)
        if keeper.file:
            keeper.complete(history)
        return history

    def check_samples(self, samples: Any) -> None:
        """Reject samples that this model cannot learn from; a subclass may accept other data.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tuple of ndarrays
            The data, or the first batch of a dataset.

        Raises
        ------
        ValueError
            If the samples are not suitable; the message gives the reason.
        """
        check_unlabelled(samples, f"A {type(self).__name__} takes none.")
        check_finite_samples(samples, self.sample_shape)

    def _maybe_symbolic_build(self, *args: Any, **kwargs: Any) -> None:
        """Skip the build step that Keras runs under a strategy: the networks are already built.

        Keras would average a batch over all devices, which fails for pairs of samples and labels.
        """

    def _prepare(self, samples: Any, batch_size: int | None, steps: int | None) -> tuple:
        """Check the data; find the batch size and how many steps cover all the data."""
        n = None
        if isinstance(samples, tf.data.Dataset):
            first = first_batch(samples)
            self.check_samples(first)
            batch_size = len(tf.nest.flatten(first)[0]) if batch_size is None else batch_size
        else:
            samples = tf.nest.map_structure(as_float32, samples)
            self.check_samples(samples)
            n = len(tf.nest.flatten(samples)[0])
            batch_size = DEFAULT_BATCH_SIZE if batch_size is None else batch_size
        check_batch_size(batch_size, self.distribute_strategy.num_replicas_in_sync, n)
        if steps is None:
            n = n or n_batches(samples) * len(tf.nest.flatten(first)[0])
            steps = -(-n // (batch_size * self.batches_per_step))
        return samples, batch_size, steps

    def _is_small(self, samples: Any) -> bool:
        return (
            isinstance(samples, np.ndarray)
            and samples.nbytes <= SMALL
            and self.batches_per_step == 1
            and self.distribute_strategy.num_replicas_in_sync == 1
        )

    def _stream(
        self, samples: Any, first: FirstStep, steps_done: int, steps_left: int | None = None
    ) -> Any:
        turns = self.batches_per_step
        if self.draws_in_step:
            return untuned(tf.data.Dataset.from_tensors(samples).repeat(steps_left))
        if isinstance(samples, tf.data.Dataset):
            batches = given_batches(samples, self.batch_size, steps_done * turns)
        else:
            key = 2 * self.random_state
            batches = drawn_batches(samples, self.batch_size, key, lambda: first.number * turns)
        if steps_left is not None:
            n = steps_left * turns
            # Keras must know in advance where the data end; otherwise, it would reach the end in
            # the middle of a step.
            batches = batches.take(n).apply(tf.data.experimental.assert_cardinality(n))
        return shared_batches(batches, turns, self.distribute_strategy)

    def _check_uneven(self, uneven: bool, n_steps: int | None, steps: int) -> None:
        if uneven and self.distribute_strategy.num_replicas_in_sync > 1:
            raise ValueError(
                f"n_steps={n_steps} is no multiple of steps_per_epoch={steps}, as it must be where "
                "several devices work together. Change one of the two."
            )

    def _settle(self, samples: Any, batch_size: int, steps: int) -> None:
        """Store the settings of the traced step, and have it traced again if they have changed."""
        several = self.distribute_strategy.num_replicas_in_sync > 1
        # Keras 3.15 cannot trace several steps in one call if several devices work together. Keras
        # also runs more steps than requested if a call covers more than are left in an epoch.
        at_once = 1 if several else largest_divisor(steps, self.steps_at_once)
        small = self._is_small(samples)
        wanted = batch_size, small, at_once
        if (self.batch_size, self.draws_in_step, self.steps_per_execution) != wanted:
            self.batch_size, self.draws_in_step, self.steps_per_execution = wanted
            self.train_function = None

    def _seed(self, stream: int, turn: int = 0) -> Any:
        key = tf.constant(2 * self.random_state + stream, tf.int64)
        seed = tf.stack([key, tf.convert_to_tensor(self.step)])
        return tf.random.fold_in(seed, turn) if turn else seed
