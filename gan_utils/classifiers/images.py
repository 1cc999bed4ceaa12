"""A small convolutional classifier of grey images, used to judge generated digits and clothes."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import numpy as np

from gan_utils._support.backend import keras, layers, tf
from gan_utils._support.checks import check_count
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.metrics.images import as_class_labels, as_images
from gan_utils.networks.parts import CHANNELS_LAST, dense, flat, glorot, seeded_weights
from gan_utils.training.batches import untuned
from gan_utils.training.saving import ModelArchive, SaveMixin

#: Length of the feature vector.
N_FEATURES = 64
#: Number of filters and their size, layer by layer.
CONVOLUTIONS = ((16, 5), (32, 3), (64, 3))
#: Total number of images shown in training, counting repetitions.
SHOWN = 140_000
IMAGES_A_STEP = 64
#: Number of images per call of the network; more would need more memory without being faster.
IMAGES_A_CALL = 1024
#: Largest rotation (degrees), zoom and shear (fractions), and shift (28ths of the width).
MOST_ROTATION, MOST_ZOOM, MOST_SHEAR, MOST_SHIFT = 12.0, 0.12, 0.12, 2.5
NAME = "image_classifier"


class ImageClassifier(SaveMixin):
    """Predict the probability that an image belongs to each class.

    The network has three convolutions, a layer of 64 units, and one output per class. The 64 values
    are the features used in the course to compare real and generated images.

    Parameters
    ----------
    n_classes : int, at least 2
        Number of classes; their labels are 0 to ``n_classes - 1``.
    random_state : int
        Seed for the weights, the order of the images and their augmentation. The same seed
        gives the same classifier.

    Attributes
    ----------
    network_ : keras.Model
        Maps images to logits; available after `fit`.
    """

    def __init__(self, n_classes: int = 10, random_state: int = 0) -> None:
        check_count("n_classes", n_classes, 2)
        check_count("random_state", random_state, 0)
        self.n_classes, self.random_state = n_classes, random_state

    def fit(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        epochs: int | None = None,
        augment: bool = True,
        verbose: int = 0,
    ) -> Self:
        """Train the classifier from scratch.

        Parameters
        ----------
        images : ndarray of shape (n, side, side, 1) or (n, side, side)
            Grey images with values in [0, 1], at least 8 pixels wide.
        labels : ndarray of shape (n,)
            Whole numbers from 0 to ``n_classes - 1``.
        epochs : int, optional
            Number of passes over the images; by default, enough to show about 140,000 images.
        augment : bool
            Whether to rotate, shear, shift and zoom the images slightly and at random.
        verbose : int
            As in Keras: 0 prints nothing, and 2 prints one line at the end of training.

        Returns
        -------
        ImageClassifier
            The fitted classifier itself.

        Raises
        ------
        ValueError
            If the images or labels do not have the form described above, the numbers of images and
            labels differ, or ``epochs`` is below 1.
        """
        images = _check_side(as_images(images))
        labels = as_class_labels(labels, len(images), self.n_classes)
        epochs = max(1, round(SHOWN / len(images))) if epochs is None else epochs
        check_count("epochs", epochs)
        with seeded_weights(self.random_state):
            network = _build(images.shape[1], self.n_classes)
        rng = np.random.default_rng(self.random_state)
        batches = _training_batches(images, labels, epochs, augment, rng)
        _compile(network, len(batches))
        with no_advice_on_retracing():
            network.fit(batches, verbose=verbose, shuffle=False)
        return self._use(network)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Return the probability of each class.

        Parameters
        ----------
        images : ndarray of shape (n, side, side, 1), (n, side, side) or (side, side)
            Grey images with values in [0, 1], of the same size as in training.

        Returns
        -------
        ndarray of shape (n, n_classes), float32
            Each row adds up to 1.

        Raises
        ------
        RuntimeError
            If the classifier has been neither fitted nor loaded.
        ValueError
            If the images do not have the form described above.
        """
        return self.examine(images)[1]

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return the activations of the penultimate layer.

        Parameters
        ----------
        images : ndarray
            As for `predict`.

        Returns
        -------
        ndarray of shape (n, 64), float32
            The representation from which the classifier predicts the class of each image.

        Raises
        ------
        RuntimeError, ValueError
            As for `predict`.
        """
        return self.examine(images)[0]

    def accuracy(self, images: np.ndarray, labels: np.ndarray) -> float:
        """Return the fraction of images that are classified correctly.

        Parameters
        ----------
        images : ndarray
            As for `predict`.
        labels : ndarray of shape (n,)
            The images' true labels.

        Returns
        -------
        float in [0, 1]

        Raises
        ------
        RuntimeError, ValueError
            As for `predict`; also if the labels do not match the images.
        """
        found = self.predict(images).argmax(axis=1)
        return float(np.mean(found == as_class_labels(labels, len(found), self.n_classes)))

    def _write(self, archive: ModelArchive) -> dict[str, Any]:
        archive.write_network(NAME, self.network_)
        return {}

    def _restore(self, state: dict[str, Any], archive: ModelArchive) -> None:
        self._use(archive.read_network(NAME))

    def _use(self, network: keras.Model) -> Self:
        self.network_ = network
        vars(self).pop("_judge", None)
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        # Keras can copy and pickle its networks, but no traced function; the copy traces its own.
        state = {name: value for name, value in vars(self).items() if name != "_judge"}
        return type(self), tuple(self.settings().values()), state

    @cached_property
    def _judge(self) -> Any:
        """A function that returns features and probabilities."""
        network, side = self.network_, self.network_.input_shape[1]
        both = keras.Model(network.input, [network.get_layer("features").output, network.output])

        @tf.function(input_signature=[tf.TensorSpec((None, side, side, 1), tf.float32)])
        def judge(images: Any) -> tuple[Any, Any]:
            seen, logits = both(images, training=False)
            return seen, tf.nn.softmax(logits)

        return judge

    def examine(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return features and probabilities in one pass.

        Parameters
        ----------
        images : ndarray
            As for `predict`.

        Returns
        -------
        features : ndarray of shape (n, 64), float32
            As returned by `features`.
        probabilities : ndarray of shape (n, n_classes), float32
            As returned by `predict`.

        Raises
        ------
        RuntimeError, ValueError
            As for `predict`.
        """
        images = as_images(images)
        self.check_side(images.shape[1])
        return self.examine_checked(images)

    def examine_checked(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return features and probabilities of images that have already been checked.

        Parameters
        ----------
        images : ndarray of shape (n, side, side, 1), float32
            Grey images with values in [0, 1], of the same size as in training.

        Returns
        -------
        features, probabilities : ndarray of shape (n, 64) and (n, n_classes), float32
            As returned by `examine`.
        """
        chunks = [images[i : i + IMAGES_A_CALL] for i in range(0, len(images), IMAGES_A_CALL)]
        with no_advice_on_retracing():
            parts = [self._judge(tf.constant(chunk)) for chunk in chunks]
        return tuple(np.concatenate(part) for part in zip(*parts, strict=True))

    def check_side(self, side: int) -> None:
        """Raise an error if the classifier is not fitted, or was trained with a different size.

        Parameters
        ----------
        side : int
            Width and height in pixels.

        Raises
        ------
        RuntimeError, ValueError
            RuntimeError if the classifier is not fitted, and ValueError if the size differs.
        """
        self.check_fitted()
        trained = self.network_.input_shape[1]
        if side != trained:
            told = f"images are {side} pixels wide, but this classifier was trained on {trained}."
            raise ValueError(f"{told} Resize them, or train another one.")

    def check_fitted(self) -> None:
        """Raise an error if the classifier has not been fitted.

        Raises
        ------
        RuntimeError
            If the classifier has been neither fitted nor loaded.
        """
        if not hasattr(self, "network_"):
            told = f"{type(self).__name__} is not fitted yet."
            raise RuntimeError(f"{told} Call fit(images, labels), or load(path).")


def _check_side(images: np.ndarray) -> np.ndarray:
    if images.shape[1] < 8:
        raise ValueError(f"images are {images.shape[1]} pixels wide, but must be at least 8.")
    return images


def _build(side: int, n_classes: int) -> keras.Model:
    """Build the network; its three pooling layers reduce a width of 28 pixels to 14, 7 and 3."""
    x = inputs = keras.Input((side, side, 1), name="image")
    for number, (filters, size) in enumerate(CONVOLUTIONS, 1):
        settings = {"padding": "same", "activation": "relu", "kernel_initializer": glorot()}
        x = layers.Conv2D(filters, size, name=f"conv_{number}", **settings, **CHANNELS_LAST)(x)
        x = layers.MaxPooling2D(name=f"pool_{number}", **CHANNELS_LAST)(x)
    x = flat()(x)
    x = dense(N_FEATURES, activation="relu", name="features")(x)
    x = layers.Dropout(0.3, seed=1, name="dropout")(x)
    return keras.Model(inputs, dense(n_classes, name="logits")(x), name=NAME)


def _compile(network: keras.Model, steps: int) -> None:
    network.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps), name="adam"),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=min(10, steps),
        jit_compile=False,
    )
    network.optimizer.build(network.trainable_variables)


def _training_batches(
    images: np.ndarray, labels: np.ndarray, epochs: int, augment: bool, rng: np.random.Generator
) -> Any:
    """Return all training batches; all random numbers are drawn in advance."""
    order = np.concatenate([rng.permutation(len(images)) for _ in range(epochs)])
    size = min(IMAGES_A_STEP, len(order))
    order = order[: len(order) // size * size].astype("int32")
    parts = (order, _random_maps(len(order), images.shape[1], rng)) if augment else (order,)
    pictures, answers = tf.constant(images), tf.constant(labels)

    def take(chosen: Any, *changes: Any) -> tuple[Any, Any]:
        batch = tf.gather(pictures, chosen)
        return (_warp(batch, *changes) if changes else batch), tf.gather(answers, chosen)

    stream = tf.data.Dataset.from_tensor_slices(parts).batch(size, drop_remainder=True)
    return untuned(stream.map(take, num_parallel_calls=2, deterministic=True).prefetch(4))


def _random_maps(n: int, side: int, rng: np.random.Generator) -> np.ndarray:
    """Draw n small transformations from pixels of the new image to positions in the old image."""
    angle = np.deg2rad(rng.uniform(-MOST_ROTATION, MOST_ROTATION, n))
    shear = rng.uniform(-MOST_SHEAR, MOST_SHEAR, n)
    across, down = 1 + rng.uniform(-MOST_ZOOM, MOST_ZOOM, (2, n))
    a, b = np.cos(angle) * across, (shear - np.sin(angle)) * across
    c, d = np.sin(angle) * down, np.cos(angle) * down
    middle = (side - 1) / 2
    # Positions are rotated, sheared and zoomed about the middle of the image, and then shifted.
    shift = rng.uniform(-MOST_SHIFT, MOST_SHIFT, (2, n)) * side / 28 + middle
    last = [shift[0] - (a + b) * middle, shift[1] - (c + d) * middle]
    zeros = np.zeros(n)
    return np.stack([a, b, last[0], c, d, last[1], zeros, zeros], axis=1).astype("float32")


def _warp(images: Any, maps: Any) -> Any:
    rules = {"interpolation": "BILINEAR", "fill_mode": "CONSTANT", "fill_value": 0.0}
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images, transforms=maps, output_shape=tf.shape(images)[1:3], **rules
    )
