"""Flow matching, the simplest form of diffusion, as a ``keras.Model``."""

import math
from typing import Any, ClassVar

import numpy as np

from gan_utils._support.backend import check_precision, keras, tf
from gan_utils._support.checks import check_count, check_in_range
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.generative.classes import asked_classes, checked_pairs, with_classes
from gan_utils.generative.integration import follow, guided
from gan_utils.generative.matching import check_flow_network
from gan_utils.generative.value_range import (
    check_value_range,
    check_within,
    from_signed,
    to_signed,
)
from gan_utils.training import AveragedWeights, GenerativeModel
from gan_utils.training.batches import share
from gan_utils.training.latent import chunks
from gan_utils.training.samples import check_finite_samples, check_unlabelled

#: A velocity is a distance divided by the time left, or by this number if less is left.
LEAST_TIME = 1e-3
#: Streams of random numbers within a training step; 0 is the noise.
_TIME, _FORGET = 1, 2


class FlowModel(AveragedWeights, GenerativeModel):
    r"""A network that moves noise to data along straight lines.

    A real sample :math:`x_1` and noise :math:`x_0` are the ends of a line, :math:`x_t = (1 - t) x_0
    + t x_1`. The network is given :math:`x_t` and the time t, and learns by least squares to
    estimate the real sample. Its estimate :math:`\hat x_1` gives a velocity,
    :math:`(\hat x_1 - x_t) / (1 - t)`. New samples start as noise and follow the velocity from
    t = 0 to 1 in small steps.

    Parameters
    ----------
    network : keras.Model
        From a batch of noisy samples and (batch, 1) times in [0, 1] to estimates of the samples, of
        the same shape. With ``n_classes``, its third input holds (batch,) whole numbers: the
        classes, or ``n_classes`` if the class is not given.
    n_classes : int, optional
        Number of classes that can be requested.
    value_range : tuple of two floats, optional
        Lowest and highest value of a sample, such as (0, 1) for greys: the network works with
        values from -1 to 1, and generated samples are clipped to the range. Without a range,
        samples are taken as they are: they should vary about as much as standard normal noise.
    forget : float in [0, 1)
        Share of the training samples whose class is not given to the network, so that it can
        also estimate without a class: guidance in `sample` needs both estimates.
    time_shift : float
        Mean of the normal variate whose logistic function is the time; with a negative
        mean, noisy times are drawn more often.
    most_weight : float, at least 1
        An error in the estimate, divided by 1 - t, is the error in the velocity. A squared error
        is weighted by 1 / (1 - t)^2, but by at most this number: with 1, all errors count alike.
    random_state : int
        Seed for the noise, the times and the choice of real samples. All depend only on the seed
        and on the step number, so an interrupted run continues as if it had never stopped.

    References
    ----------
    Lipman et al. 2023, *Flow matching for generative modeling*; Liu, Gong and Liu 2023, *Flow
    straight and fast* (the straight line); Ho and Salimans 2022, *Classifier-free diffusion
    guidance*; Esser et al. 2024, *Scaling rectified flow transformers* (the times).
    """

    network_names: ClassVar = ("network",)

    def __init__(
        self,
        network: keras.Model,
        n_classes: int | None = None,
        value_range: tuple[float, float] | None = None,
        forget: float = 0.1,
        time_shift: float = 0.0,
        most_weight: float = 1.0,
        random_state: int = 0,
    ) -> None:
        check_precision(network)
        check_flow_network(network, n_classes)
        check_value_range(value_range)
        check_in_range("forget", forget, "[0, 1)", ", such as 0.1")
        check_in_range("most_weight", most_weight, "[1, inf)", ", such as 4; 1 weights all alike")
        check_in_range("time_shift", time_shift, "[-10, 10]", ", such as -0.8")
        shape = tuple(network.inputs[0].shape[1:])
        super().__init__(math.prod(shape), random_state, ("loss",), name="flow")
        self.network, self.n_classes, self.forget = network, n_classes, forget
        self.value_range, self.time_shift = value_range, time_shift
        self.most_weight = most_weight
        self._move = tf.function(self._moved, reduce_retracing=True)

    def compile(
        self, optimizer: keras.optimizers.Optimizer | None = None, steps_per_execution: int = 1
    ) -> None:
        """Set the optimizer.

        Parameters
        ----------
        optimizer : Optimizer, optional
            By default ``Adam(1e-3)``, with averaged weights.
        steps_per_execution : int
            How many steps run per call to TensorFlow.
        """
        with self.distribute_strategy.scope():
            averaging = {"use_ema": True, "ema_momentum": 0.998}
            optimizer = optimizer or keras.optimizers.Adam(1e-3, name="adam", **averaging)
            super().compile(
                optimizer=optimizer, steps_per_execution=steps_per_execution, jit_compile=False
            )
            self.optimizer.build(self.network.trainable_variables)

    def averaged_network(self) -> tuple[keras.optimizers.Optimizer, keras.Model]:
        """Return the optimizer and the network."""
        return self.optimizer, self.network

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        return tuple(self.network.inputs[0].shape[1:])

    def train_step(self, data: Any) -> dict[str, Any]:
        """Update the network once; see `draw_real` for ``data``."""
        real, labels = self._parted(self.draw_real(data))
        noise = tf.reshape(self.draw_noise(), tf.shape(real))
        times = self.draw_times()
        t = self._spread(times)
        with tf.GradientTape() as tape:
            estimate = self.estimate((1 - t) * noise + t * real, times, labels, training=True)
            loss = tf.reduce_mean(self.weight(t) * (estimate - real) ** 2)
        self.improve(self.optimizer, self.network, loss, tape)
        self.step.assign_add(1)
        return self.track(loss=loss)

    def weight(self, t: Any) -> Any:
        """Return the weight of squared errors at times t: 1 / (1 - t)^2, up to a maximum.

        Parameters
        ----------
        t : tensor
            Times between 0 and 1.

        Returns
        -------
        tensor of the same shape
        """
        return tf.minimum((1 - t) ** -2, self.most_weight)

    def draw_times(self) -> Any:
        """Draw a time for each sample, seeded by the step number: a sigmoid of a normal variate.

        There is less to learn near 0, where the best estimate is the mean of the data, and near 1,
        where it is the noisy sample itself.

        Returns
        -------
        tensor of shape (batch, 1)
            Between 0 and 1; this device's part of the batch.
        """
        normal = tf.random.stateless_normal((self.batch_size, 1), self._seed(1, _TIME))
        return share(tf.sigmoid(normal + self.time_shift))

    def estimate(self, samples: Any, times: Any, labels: Any = None, training: bool = False) -> Any:
        """Return the network's estimate of the real samples at the ends of the lines.

        Parameters
        ----------
        samples : tensor of shape (batch, ...)
            Noisy samples, on the network's scale.
        times : tensor of shape (batch, 1)
            From 0 (noise) to 1 (data).
        labels : tensor of shape (batch,), optional
            The classes (``n_classes`` for none); only with ``n_classes``.
        training : bool
            Whether the network is called for training.

        Returns
        -------
        tensor of shape (batch, ...)
        """
        inputs = [samples, times] if self.n_classes is None else [samples, times, labels]
        return self.network(inputs, training=training)

    def velocity(self, samples: Any, times: Any, labels: Any = None) -> Any:
        """Return the velocity of samples towards the estimate.

        Parameters
        ----------
        samples : tensor of shape (batch, ...)
            Noisy samples, on the network's scale.
        times : tensor of shape (batch, 1)
            From 0 (noise) to 1 (data).
        labels : tensor of shape (batch,), optional
            As for `estimate`.

        Returns
        -------
        tensor of shape (batch, ...)
            Per unit of time.
        """
        time_left = tf.maximum(1 - self._spread(times), LEAST_TIME)
        return (self.estimate(samples, times, labels) - samples) / time_left

    def fit(
        self,
        samples: np.ndarray | tf.data.Dataset,
        labels: np.ndarray | None = None,
        batch_size: int | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> keras.callbacks.History:
        """Train as `GenerativeModel.fit` does, then switch to the averaged weights.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tf.data.Dataset
            The real samples; with ``n_classes``, a dataset gives pairs (samples, labels).
        labels : ndarray of shape (n,), optional
            The class of each sample, a whole number; only with ``n_classes``, and not with a
            dataset.
        batch_size : int, optional
            Real samples per step.
        *args, **kwargs
            As for `GenerativeModel.fit`: ``epochs``, ``steps_per_epoch``, ``backup``,
            ``n_steps``...

        Returns
        -------
        keras.callbacks.History
            The mean loss of each epoch.

        Raises
        ------
        TypeError
            As for `GenerativeModel.fit`.
        ValueError
            As for `GenerativeModel.fit`; also for labels that are missing, superfluous or
            not classes, and for values outside ``value_range``.
        """
        if self.n_classes is not None:
            samples = with_classes(samples, labels, self.n_classes)
        elif labels is not None:
            raise ValueError(
                "labels are given, but this model has no classes. Leave them out, or build the "
                "model and its network with n_classes."
            )
        return super().fit(samples, batch_size, *args, **kwargs)

    def check_samples(self, samples: Any) -> None:
        """Refuse samples of the wrong shape or range, and labels that are not classes.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tuple of samples and labels

        Raises
        ------
        ValueError
            Names the shape, the range or the label.
        """
        if self.n_classes is not None:
            samples = checked_pairs(samples, self.n_classes)
        else:
            check_unlabelled(samples, "A model that was built with n_classes takes them.")
        check_finite_samples(samples, self.sample_shape)
        check_within(samples, self.value_range)

    def sample(
        self,
        n: int,
        random_state: int | None = None,
        labels: int | np.ndarray | None = None,
        steps: int = 10,
        guidance: float = 0.0,
    ) -> np.ndarray:
        """Generate samples.

        Parameters
        ----------
        n : int, at least 1
            Number of samples.
        random_state : int, optional
            Seed for the noise.
        labels : int or array of n ints, optional
            One class for all samples, or one for each; by default, equal shares of all classes, in
            random order.
        steps : int, at least 1
            Steps from noise to data. Each step runs the network twice, or four times with guidance.
        guidance : float, at least 0
            How far the velocity with the class is pushed away from the velocity without it: larger
            values give more typical samples of the class, and less variety.

        Returns
        -------
        ndarray of shape (n, ...)
            On the scale of the real samples.

        Raises
        ------
        ValueError
            If ``n`` or ``steps`` is below 1, ``guidance`` is below 0, labels are not classes, or
            labels or guidance are given without ``n_classes``.
        """
        check_count("steps", steps)
        check_in_range("guidance", guidance, "[0, inf)", ", such as 0.5; 0 is none")
        noise, rng = self.draw_latent(n, random_state)
        classes = self._asked(n, labels, guidance, rng)
        noise = noise.reshape(n, *self.sample_shape)
        push = tf.constant(guidance, tf.float32) if guidance else None
        with no_advice_on_retracing():
            moved = [
                self._move(
                    tf.constant(noise[part]), tf.constant(classes[part]), tf.constant(steps), push
                )
                for part in chunks(n, self.sample_shape)
            ]
        return from_signed(np.concatenate(moved), self.value_range)

    def _moved(self, samples: Any, labels: Any, steps: Any, guidance: Any) -> Any:
        return follow(guided(self.velocity, labels, self.n_classes, guidance), samples, steps)

    def _asked(self, n: int, labels: Any, guidance: float, rng: np.random.Generator) -> np.ndarray:
        if self.n_classes is not None:
            return asked_classes(n, labels, self.n_classes, rng)
        if labels is not None or guidance:
            raise ValueError(
                "labels and guidance need a model with classes. Leave them out, or build the model "
                "and its network with n_classes."
            )
        return np.zeros(n, "int32")

    def _parted(self, data: Any) -> tuple[Any, Any]:
        """Return samples on the network's scale, and labels, some of them replaced by "none"."""
        if self.n_classes is None:
            return to_signed(data, self.value_range), None
        samples, labels = data
        drawn = share(tf.random.stateless_uniform((self.batch_size,), self._seed(1, _FORGET)))
        labels = tf.where(drawn < self.forget, self.n_classes, tf.cast(labels, tf.int32))
        return to_signed(samples, self.value_range), labels

    def _spread(self, times: Any) -> Any:
        """Reshape (batch, 1) times to as many axes as samples have."""
        return tf.reshape(times, (-1, *[1] * len(self.sample_shape)))
