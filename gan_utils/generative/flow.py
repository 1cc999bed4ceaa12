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
from gan_utils.generative.value_range import check_value_range, check_within, from_signed, to_signed
from gan_utils.training import AveragedWeights, GenerativeModel
from gan_utils.training.batches import share
from gan_utils.training.latent import chunks
from gan_utils.training.samples import check_finite_samples, check_unlabelled

#: Lower limit for the remaining time, by which a distance is divided to give a velocity.
LEAST_TIME = 1e-3
#: Indices of the streams of random numbers within a training step; index 0 is for the noise.
_TIME, _FORGET = 1, 2
#: Parameters that the training depends on, besides those of every generative model.
_SETTINGS = ("n_classes", "value_range", "forget", "time_shift", "most_weight")


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
        Maps noisy samples and their times in [0, 1], of shape (batch, 1), to estimates of the
        real samples in the same shape. With ``n_classes``, the third input is an integer array of
        shape (batch,): the classes, or ``n_classes`` for samples without a given class.
    n_classes : int, optional
        Number of classes that can be requested.
    value_range : tuple of two floats, optional
        Lowest and highest value of a sample, such as (0, 1) for grey images. The network works with
        values from -1 to 1, and generated samples are clipped to the range. Without a range,
        samples are used unchanged and should vary about as much as standard normal noise.
    forget : float in [0, 1)
        Fraction of the training samples whose class is not given to the network, so that the
        network also learns to estimate without a class. Guidance in `sample` needs both kinds of
        estimate.
    time_shift : float
        Mean of a normal random variable, whose logistic function gives the time. With a negative
        mean, early, noisier times are drawn more often.
    most_weight : float, at least 1
        An error in the estimate, divided by 1 - t, is the error in the velocity. A squared error is
        weighted by 1 / (1 - t)^2, but by no more than this number; 1 weights all errors equally.
    random_state : int
        Seed for the noise, the times and the choice of real samples. All three depend only on the
        seed and on the step number, so an interrupted run continues as if it had never stopped.

    References
    ----------
    Lipman et al. 2023, *Flow matching for generative modeling*; Liu, Gong and Liu 2023, *Flow
    straight and fast* (the straight line); Ho and Salimans 2022, *Classifier-free diffusion
    guidance*; Esser et al. 2024, *Scaling rectified flow transformers* (the times).
    """

    network_names: ClassVar = ("network",)
    setting_names: ClassVar = (*GenerativeModel.setting_names, *_SETTINGS)

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
        self.value_range, self.time_shift, self.most_weight = value_range, time_shift, most_weight
        self._move = tf.function(self._moved, reduce_retracing=True)

    def compile(
        self, optimizer: keras.optimizers.Optimizer | None = None, steps_per_execution: int = 1
    ) -> None:
        """Set the optimizer.

        Parameters
        ----------
        optimizer : Optimizer, optional
            Optimizer for the network; by default, ``Adam(1e-3)`` with averaged weights.
        steps_per_execution : int
            Number of steps per call to TensorFlow.
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
        """The shape of one sample."""
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
        """Return the weight of squared errors at times t, which is 1 / (1 - t)^2 up to a maximum.

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
        """Draw each sample's time as the sigmoid of a normal variable, seeded by the step number.

        There is less to learn near time 0, where the best estimate is the mean of the data, and
        near 1, where it is the noisy sample itself.

        Returns
        -------
        tensor of shape (batch, 1)
            Times between 0 and 1, for this device's part of the batch.
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
            Times from 0 (noise) to 1 (data).
        labels : tensor of shape (batch,), optional
            The classes, or ``n_classes`` for no class; only for a model with classes.
        training : bool
            Whether the network is called for training.

        Returns
        -------
        tensor of shape (batch, ...)
        """
        inputs = [samples, times] if self.n_classes is None else [samples, times, labels]
        return self.network(inputs, training=training)

    def velocity(self, samples: Any, times: Any, labels: Any = None) -> Any:
        """Return the velocity that moves samples towards the network's estimates.

        Parameters
        ----------
        samples : tensor of shape (batch, ...)
            Noisy samples, on the network's scale.
        times : tensor of shape (batch, 1)
            Times from 0 (noise) to 1 (data).
        labels : tensor of shape (batch,), optional
            As for `estimate`.

        Returns
        -------
        tensor of shape (batch, ...)
            The change per unit of time.
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
            The real samples; with ``n_classes``, a dataset must contain pairs (samples, labels).
        labels : ndarray of shape (n,), optional
            The class of each sample, as a whole number. Omit the labels for a dataset or for a
            model without classes.
        batch_size : int, optional
            Number of real samples per step.
        *args, **kwargs
            As for `GenerativeModel.fit`, such as ``epochs``, ``steps_per_epoch``, ``backup`` or
            ``n_steps``.

        Returns
        -------
        keras.callbacks.History
            The mean loss of each epoch.

        Raises
        ------
        TypeError
            As for `GenerativeModel.fit`.
        ValueError
            As for `GenerativeModel.fit`; also for labels that are missing, superfluous or not valid
            classes, and for values outside ``value_range``.
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
        """Reject samples of the wrong shape or range, and labels that are not valid classes.

        Parameters
        ----------
        samples : ndarray of shape (n, ...), or tuple of samples and labels

        Raises
        ------
        ValueError
            If the samples have the wrong shape, dtype or range, or contain a missing or infinite
            value; or if labels are missing, superfluous or not valid classes.
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
            Seed for the noise, and for the order of the classes if ``labels`` is not given.
        labels : int or array of n ints, optional
            One class for all samples, or one class per sample. By default, all classes are used
            about equally often, in random order.
        steps : int, at least 1
            Number of steps from noise to data. Each step runs the network twice, or four times with
            guidance.
        guidance : float, at least 0
            How far the velocity with the class is pushed away from the velocity without it: larger
            values give more typical samples of the class, and less variety.

        Returns
        -------
        ndarray of shape (n, ...)
            Generated samples, on the same scale as the real ones.

        Raises
        ------
        ValueError
            If ``n`` or ``steps`` is below 1, ``guidance`` is below 0, labels are not valid classes,
            labels or guidance are given for a model without classes, or guidance with ``forget=0``.
        """
        steps = check_count("steps", steps)
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
            if guidance and not self.forget:
                raise ValueError("guidance needs a model built with forget above 0, such as 0.1.")
            return asked_classes(n, labels, self.n_classes, rng)
        if labels is not None or guidance:
            raise ValueError(
                "labels and guidance need a model with classes. Leave them out, or build the model "
                "and its network with n_classes."
            )
        return np.zeros(n, "int32")

    def _parted(self, data: Any) -> tuple[Any, Any]:
        """Return scaled samples, and labels, some of which are replaced by "no class"."""
        if self.n_classes is None:
            return to_signed(data, self.value_range), None
        samples, labels = data
        drawn = share(tf.random.stateless_uniform((self.batch_size,), self._seed(1, _FORGET)))
        labels = tf.where(drawn < self.forget, self.n_classes, tf.cast(labels, tf.int32))
        return to_signed(samples, self.value_range), labels

    def _spread(self, times: Any) -> Any:
        """Reshape times from (batch, 1) to the number of axes that the samples have."""
        return tf.reshape(times, (-1, *[1] * len(self.sample_shape)))
