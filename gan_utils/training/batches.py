"""Batches of real samples for each step number, on one or several devices or machines.

All devices draw the same batch, and each device uses its own part of the batch. A run on two
devices therefore sees the same data as a run on one.
"""

from collections.abc import Callable
from typing import Any

from gan_utils._support.backend import keras, tf


class FirstStep(keras.callbacks.Callback):
    """Record the step number at which training begins.

    The number is read after all other callbacks have begun, since one of them may have restored
    the state of an earlier run. The input pipeline must not read the number later, since the
    pipeline runs ahead of the training.

    Parameters
    ----------
    model : keras.Model
        A model with a step counter in its attribute ``step``.
    """

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self.number = int(model.step.numpy())

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Read the step number."""
        self.number = int(self.model.step.numpy())


def untuned(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Return a dataset with TensorFlow's automatic tuning of the pipeline turned off.

    These pipelines leave nothing to tune, and the tuning thread wakes up only about once a minute.
    After a run of a minute and a half, ``fit`` did not return until that thread woke up (observed
    with TensorFlow 2.21).

    Parameters
    ----------
    dataset : tf.data.Dataset

    Returns
    -------
    tf.data.Dataset
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def pick(samples: Any, batch_size: int, seed: Any) -> Any:
    """Draw a batch with replacement, seeded by two whole numbers.

    Parameters
    ----------
    samples : array of shape (n, ...), or a tuple of such arrays
        Real samples; if there are several arrays, the same rows are taken from each.
    batch_size : int
        Number of samples.
    seed : tensor of shape (2,)
        The seed of the draw; the same seed gives the same samples.

    Returns
    -------
    tensor, or tuple of tensors
        The batch.
    """
    n = tf.shape(tf.nest.flatten(samples)[0])[0]
    chosen = tf.random.stateless_uniform((batch_size,), seed, 0, n, dtype=tf.int32)
    return tf.nest.map_structure(lambda array: tf.gather(array, chosen), samples)


def drawn_batches(
    samples: Any, batch_size: int, key: int, first: Callable[[], int]
) -> tf.data.Dataset:
    """Draw an endless series of batches inside TensorFlow's input pipeline.

    Parameters
    ----------
    samples : array of shape (n, ...), or a tuple of such arrays
        Real samples.
    batch_size : int
        Number of samples in a batch.
    key : int
        First of the two numbers that seed each draw; the second is the number of the batch.
    first : callable
        A function that returns the number of the first batch. It is not called until the first
        batch is drawn, since a callback may first restore the state of an earlier run.

    Returns
    -------
    tf.data.Dataset
        An endless series of batches.
    """
    samples = tf.nest.map_structure(tf.constant, samples)

    def draw(number: Any) -> Any:
        return pick(samples, batch_size, tf.stack([tf.constant(key, tf.int64), number]))

    def numbers(_: Any) -> tf.data.Dataset:
        return tf.data.Dataset.range(tf.py_function(first, [], tf.int64), tf.int64.max)

    return untuned(tf.data.Dataset.from_tensors(0).flat_map(numbers).map(draw).prefetch(2))


def given_batches(dataset: tf.data.Dataset, batch_size: int, first: int) -> tf.data.Dataset:
    """Repeat a dataset endlessly, and regroup it into batches of equal size.

    Parameters
    ----------
    dataset : tf.data.Dataset
        Yields batches.
    batch_size : int
        Size of the returned batches.
    first : int
        Number of the first returned batch.

    Returns
    -------
    tf.data.Dataset
    """
    repeated = dataset.repeat()
    if any(spec.shape[0] != batch_size for spec in tf.nest.flatten(dataset.element_spec)):
        repeated = repeated.rebatch(batch_size, drop_remainder=True)
    return repeated.skip(first).prefetch(2)


def shared_batches(dataset: tf.data.Dataset, turns: int, strategy: tf.distribute.Strategy) -> Any:
    """Give each device its part of every batch.

    By default, TensorFlow gives each machine different batches, so training on two machines would
    give a different result from training on one.

    Parameters
    ----------
    dataset : tf.data.Dataset
        Batches for all devices together.
    turns : int
        Number of batches per training step. If there are several, they are stacked along a new
        first axis.
    strategy : tf.distribute.Strategy
        The strategy of the training.

    Returns
    -------
    tf.data.Dataset or tf.distribute.DistributedDataset
        The data for one device and one step at a time.
    """
    steps = dataset if turns == 1 else dataset.batch(turns, drop_remainder=True)
    if strategy.num_replicas_in_sync == 1:
        return steps

    def parts_of_one_machine(context: tf.distribute.InputContext) -> tf.data.Dataset:
        return _parts_of_machine(steps, 0 if turns == 1 else 1, context)

    return strategy.distribute_datasets_from_function(parts_of_one_machine)


def _parts_of_machine(
    steps: tf.data.Dataset, axis: int, context: tf.distribute.InputContext
) -> tf.data.Dataset:
    """Cut each step's batch into one part per device; return the parts for this machine."""
    devices = context.num_replicas_in_sync
    here = devices // context.num_input_pipelines
    first = context.input_pipeline_id * here

    def cut(*step: Any) -> Any:
        parts = tf.nest.map_structure(
            lambda batch: tf.stack(tf.split(batch, devices, axis)[first : first + here]), step
        )
        return parts if len(step) > 1 else parts[0]

    return steps.map(cut).unbatch()


def share(values: Any) -> Any:
    """Return this device's part of a batch that is the same on all devices.

    Parameters
    ----------
    values : tensor of shape (batch, ...)

    Returns
    -------
    tensor of shape (batch / devices, ...)
    """
    context = tf.distribute.get_replica_context()
    if context.num_replicas_in_sync == 1:
        return values
    parts = (context.num_replicas_in_sync, -1, *values.shape[1:])
    return tf.reshape(values, parts)[context.replica_id_in_sync_group]
