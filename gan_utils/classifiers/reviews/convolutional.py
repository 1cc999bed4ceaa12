"""A small convolutional network that classifies reviews from their word vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from numbers import Real
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, layers, tf
from gan_utils._support.checks import as_tensorflow_seed, check_count
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.classifiers.reviews.linear import ReviewClassifier
from gan_utils.classifiers.reviews.shared import split_texts
from gan_utils.datasets import load_word_vectors
from gan_utils.networks.parts import CHANNELS_LAST, dense, glorot, seeded_weights
from gan_utils.training.batches import untuned

#: Indices of the padding before a text, and of words that are not in the vocabulary.
PADDING, OTHER_WORD = 0, 1
#: Factor by which the initial word vectors are multiplied; with unscaled GloVe vectors, the network
#: learns more slowly.
VECTOR_SCALE = 0.5
#: Texts per training step, and per prediction step.
BATCH_SIZE, PREDICTION_BATCH_SIZE = 64, 512


class ReviewCNN(ReviewClassifier):
    """Classify texts by informative groups of three words, wherever they occur.

    The network consists of word vectors (from GloVe if available, otherwise random), one
    convolution over three words, the maximum and the mean activation of each filter, and a linear
    output. The word vectors are trained too.

    Parameters
    ----------
    n_words : int
        Size of the vocabulary, which holds the most frequent words.
    length : int
        Number of words that are used from the end of each text, where reviewers tend to sum up.
    filters : int
        How many groups of words the network can detect.
    epochs : int
        How many times each text is shown to the network during training.
    learning_rate : float
        The initial learning rate, which falls to 0 during training.
    random_state : int
        Seed for the weights and the order of the texts.
    verbose : bool
        Whether to print which word vectors were found.

    Attributes
    ----------
    words_ : dict of str to int
        The words in the vocabulary, with their indices.
    vectors_missing_ : float
        Fraction of the vocabulary that has no GloVe vector.
    network_ : keras.Model
        Maps word indices to logits.

    References
    ----------
    Kim 2014, *Convolutional neural networks for sentence classification*.
    """

    def __init__(
        self,
        n_words: int = 20_000,
        length: int = 400,
        filters: int = 32,
        epochs: int = 3,
        learning_rate: float = 0.01,
        random_state: int = 0,
        verbose: bool = False,
    ) -> None:
        self.n_words, self.length, self.filters = n_words, length, filters
        self.epochs, self.learning_rate = epochs, learning_rate
        self.random_state, self.verbose = random_state, verbose

    def _check_settings(self) -> None:
        for name in ("n_words", "length", "filters", "epochs"):
            check_count(name, getattr(self, name), 3 if name == "length" else 1)
        as_tensorflow_seed(check_count("random_state", self.random_state, 0))
        if not isinstance(self.learning_rate, Real) or not 0 < self.learning_rate < np.inf:
            raise ValueError(f"learning_rate={self.learning_rate!r} must be above 0, such as 0.01.")

    def _fit(self, texts: list[str], labels: np.ndarray) -> None:
        split = split_texts(texts)
        frequent = Counter(chain.from_iterable(split)).most_common(self.n_words)
        if not frequent:
            raise ValueError("there is no word in any of the texts.")
        self.words_ = {word: number for number, (word, _) in enumerate(frequent, OTHER_WORD + 1)}
        with seeded_weights(self.random_state):
            network = self._build(self._first_vectors())
        size = min(BATCH_SIZE, len(texts))
        batches = self._training_batches(self._word_numbers(split), labels.astype("float32"), size)
        steps = self.epochs * (len(texts) // size)
        network.compile(
            keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(self.learning_rate, steps), name="adam"
            ),
            keras.losses.BinaryCrossentropy(from_logits=True),
            steps_per_execution=min(10, steps),
            jit_compile=False,
        )
        with no_advice_on_retracing():
            network.fit(batches, verbose=0, shuffle=False)
        self.network_ = network
        vars(self).pop("_probabilities", None)

    def _second(self, texts: list[str]) -> np.ndarray:
        numbers = self._word_numbers(split_texts(texts))
        chunks = [
            numbers[i : i + PREDICTION_BATCH_SIZE]
            for i in range(0, len(numbers), PREDICTION_BATCH_SIZE)
        ]
        with no_advice_on_retracing():
            return np.concatenate([self._probabilities(tf.constant(chunk)) for chunk in chunks])

    def _word_numbers(self, split: Sequence[Sequence[str]]) -> np.ndarray:
        """Convert texts to rows of word indices, with any padding in front."""
        numbers = np.full((len(split), self.length), PADDING, "int32")
        for row, words in zip(numbers, split, strict=True):
            if last := [self.words_.get(word, OTHER_WORD) for word in words[-self.length :]]:
                row[-len(last) :] = last
        return numbers

    def _first_vectors(self) -> np.ndarray:
        found = load_word_vectors(
            list(self.words_), random_state=self.random_state, verbose=self.verbose
        )
        self.vectors_missing_ = found.missing_share
        special = np.zeros((OTHER_WORD + 1, found.matrix.shape[1]), "float32")
        return VECTOR_SCALE * np.concatenate([special, found.matrix])

    def _build(self, vectors: np.ndarray) -> keras.Model:
        first = keras.initializers.Constant(vectors)
        seed = int(self.random_state)
        inputs = keras.Input((int(self.length),), dtype="int32", name="words")
        x = layers.Embedding(*vectors.shape, embeddings_initializer=first, name="vectors")(inputs)
        x = layers.SpatialDropout1D(0.4, seed=seed + 1, name="drop_directions")(x)
        settings = {"activation": "relu", "kernel_initializer": glorot(), "name": "triples"}
        settings |= {"padding": "same", **CHANNELS_LAST}
        x = layers.Conv1D(int(self.filters), 3, **settings)(x)
        largest = layers.GlobalMaxPooling1D(name="largest", **CHANNELS_LAST)(x)
        mean = layers.GlobalAveragePooling1D(name="mean", **CHANNELS_LAST)(x)
        x = layers.Concatenate(name="both")([largest, mean])
        x = layers.Dropout(0.5, seed=seed + 2, name="drop_filters")(x)
        return keras.Model(inputs, dense(1, name="logit")(x), name="review_cnn")

    def _training_batches(self, numbers: np.ndarray, labels: np.ndarray, size: int) -> Any:
        """Return all full training batches, in an order determined by the seed."""
        rng = np.random.default_rng(self.random_state)
        steps = len(numbers) // size
        order = np.concatenate(
            [rng.permutation(len(numbers))[: steps * size] for _ in range(self.epochs)]
        )
        rows, answers = tf.constant(numbers), tf.constant(labels[:, None])

        def take(chosen: Any) -> tuple[Any, Any]:
            return tf.gather(rows, chosen), tf.gather(answers, chosen)

        return untuned(tf.data.Dataset.from_tensor_slices(order).batch(size).map(take).prefetch(4))

    def __getstate__(self) -> dict[str, Any]:
        # A copied or unpickled classifier traces its own network.
        return {n: value for n, value in super().__getstate__().items() if n != "_probabilities"}

    @cached_property
    def _probabilities(self) -> Any:
        """A function that returns the probabilities of the second label."""
        network = self.network_

        @tf.function(input_signature=[tf.TensorSpec((None, self.length), tf.int32)])
        def probabilities(numbers: Any) -> Any:
            return tf.nn.sigmoid(network(numbers, training=False))[:, 0]

        return probabilities
