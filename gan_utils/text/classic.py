"""The classic letter-by-letter LSTM found in most tutorials, for comparison in the benchmark.

This model reads one-hot windows, each with one target, and calls ``predict`` for every letter that
it writes.
"""

import time
from typing import Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras, layers
from gan_utils._support.checks import check_count, check_in_range
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.networks.parts import dense, glorot, orthogonal, seeded_weights
from gan_utils.text.inputs import check_string
from gan_utils.text.vocabulary import Vocabulary

#: Number of batches between checks on held-out text, and maximum number of windows in a check.
_BATCHES_BETWEEN_LOOKS, _N_LOOKED_AT = 40, 1_000


class ClassicCharModel:
    """Predict the next letter from a window of letters.

    Parameters
    ----------
    window : int
        Number of letters read before each prediction.
    stride : int
        Number of letters between the starts of two successive training windows.
    units : int
        Width of the LSTM.
    batch_size : int
        Number of windows per step; each window has one target.
    learning_rate : float
        RMSprop's learning rate.
    random_state : int
        Seed for the weights and for drawing the windows.

    Attributes
    ----------
    history_ : DataFrame
        One row per 40 batches, with the ``seconds`` spent on training alone up to that point, and
        the ``held_out_bits``.
    epoch_seconds_ : float
        Seconds that one pass over all windows would take at the measured speed.

    References
    ----------
    *Character-level text generation with LSTM*, keras.io/examples.
    """

    def __init__(
        self,
        window: int = 40,
        stride: int = 3,
        units: int = 128,
        batch_size: int = 128,
        learning_rate: float = 0.01,
        random_state: int = 0,
    ) -> None:
        self.window, self.stride, self.units = window, stride, units
        self.batch_size, self.learning_rate = batch_size, learning_rate
        self.random_state = random_state

    def fit(self, text: str, held_out: str, seconds: float) -> Self:
        """Train for a given time.

        Parameters
        ----------
        text, held_out : str
            The training text, and a text used only to measure the bits per letter. All letters of
            ``held_out`` must occur in ``text``.
        seconds : float
            Training time, not counting the time taken by measurements on held-out text.

        Returns
        -------
        ClassicCharModel
            The fitted model itself.

        Raises
        ------
        TypeError
            If a text is not a str.
        ValueError
            If a text is not longer than a window, a letter of ``held_out`` is unknown, the seconds
            are not above 0, or a parameter is not a whole number of at least 1.
        """
        for name in ("window", "stride", "units", "batch_size"):
            setattr(self, name, check_count(name, getattr(self, name)))
        check_in_range("seconds", seconds, "(0, inf)", ", such as 15")
        self._check_length(check_string(text, "the text"), "the text")
        self._check_length(check_string(held_out, "held_out"), "held_out")
        self.vocabulary_ = Vocabulary.of(text)
        self.vocabulary_.check(held_out, "held_out")
        self.network_ = self._build(len(self.vocabulary_))
        numbers = self.vocabulary_.encode(list(text))
        starts = np.arange(0, len(numbers) - self.window, self.stride)
        rng, spent, seen, rows = np.random.default_rng(self.random_state), 0.0, 0, []
        while spent < seconds:
            some = rng.choice(starts, _BATCHES_BETWEEN_LOOKS * self.batch_size)
            spent += self._train(numbers, some)
            seen += len(some)
            rows.append({"seconds": spent, "held_out_bits": self.bits_per_token(held_out)})
        self.history_ = pd.DataFrame(rows)
        self.epoch_seconds_ = spent / seen * len(starts)
        return self

    def _check_length(self, text: str, where: str) -> None:
        if len(text) <= self.window:
            raise ValueError(
                f"{where} has {len(text)} letters; the classic way reads {self.window} before it "
                "predicts one. Give a longer text."
            )

    def _build(self, n: int) -> keras.Model:
        with seeded_weights(self.random_state):
            inputs = keras.Input((self.window, n), name="window")
            first = {"kernel_initializer": glorot(), "recurrent_initializer": orthogonal()}
            state = layers.LSTM(self.units, **first, name="lstm")(inputs)
            outputs = dense(n, activation="softmax", name="next")(state)
        network = keras.Model(inputs, outputs, name="classic")
        rate = keras.optimizers.RMSprop(self.learning_rate, name="rmsprop")
        network.compile(rate, "categorical_crossentropy")
        return network

    def _train(self, numbers: np.ndarray, starts: np.ndarray) -> float:
        """Train on windows; return the seconds taken, including the time to make the windows."""
        begin = time.perf_counter()
        read, targets = self._one_hot(numbers, starts)
        settings = {"batch_size": self.batch_size, "shuffle": False, "verbose": 0}
        with no_advice_on_retracing():
            self.network_.fit(read, targets, **settings)
        return time.perf_counter() - begin

    def _one_hot(self, numbers: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the one-hot windows, of shape (n, window, n_symbols), and their next letters."""
        ones = np.eye(len(self.vocabulary_), dtype="float32")
        places = starts[:, None] + np.arange(self.window)
        return ones[numbers[places]], ones[numbers[starts + self.window]]

    def bits_per_token(self, text: str) -> float:
        """Return the mean bits per letter at up to 1,000 positions spread evenly over a text.

        Parameters
        ----------
        text : str
            A text longer than a window.

        Returns
        -------
        float, at least 0

        Raises
        ------
        TypeError
            If the text is not a str.
        ValueError
            If the text is not longer than a window, or a letter is unknown.
        """
        self._check_length(check_string(text, "the text"), "the text")
        numbers = self.vocabulary_.encode(list(text))
        last = len(numbers) - self.window - 1
        starts = np.unique(np.linspace(0, last, _N_LOOKED_AT).astype(int))
        read, targets = self._one_hot(numbers, starts)
        shares = self.network_.predict(read, batch_size=_N_LOOKED_AT, verbose=0)
        return float(-np.log2(np.maximum((shares * targets).sum(axis=1), 1e-30)).mean())

    def generate(
        self, prompt: str, length: int, temperature: float = 1.0, random_state: int | None = None
    ) -> str:
        """Continue a text, with one call to ``predict`` per letter.

        Parameters
        ----------
        prompt : str
            The beginning of the text, at least as long as a window; only its last ``window``
            letters are read.
        length : int
            Number of letters to write.
        temperature : float
            The temperature, which must be above 0.
        random_state : int, optional
            The seed.

        Returns
        -------
        str
            The prompt and its continuation.

        Raises
        ------
        TypeError
            If the prompt is not a str.
        ValueError
            If the prompt is shorter than a window or has an unknown letter, or the length or the
            temperature is out of range.
        """
        check_count("length", length)
        check_in_range("temperature", temperature, "(0, inf)", ", such as 0.7")
        self.vocabulary_.check(check_string(prompt, "the prompt"), "the prompt")
        rng, ones = np.random.default_rng(random_state), np.eye(len(self.vocabulary_))
        written = list(self.vocabulary_.encode(list(prompt)))
        if len(written) < self.window:
            raise ValueError(f"the prompt has {len(written)} letters, but {self.window} are read.")
        for _ in range(length):
            shares = self.network_.predict(ones[written[-self.window :]][None], verbose=0)[0]
            logits = np.log(shares.astype(float) + 1e-30)
            # The largest logit is subtracted, so it becomes 0 at any temperature.
            shares = np.exp((logits - logits.max()) / temperature)
            written.append(rng.choice(len(shares), p=shares / shares.sum()))
        return "".join(self.vocabulary_.decode(written))
