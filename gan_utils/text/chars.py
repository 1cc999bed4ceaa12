"""A language model that writes letter by letter."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from gan_utils._support.backend import keras
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.inputs import check_string
from gan_utils.text.letter_writer import LetterWriter
from gan_utils.text.models import LanguageModel
from gan_utils.text.plan import TrainingPlan
from gan_utils.text.reading import Stream
from gan_utils.text.sampling import SamplingSettings
from gan_utils.text.split import joined_text, split_text
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.writing import WritingRequest
from gan_utils.training.backup import Backup


class CharLanguageModel(LanguageModel):
    """Learn a text letter by letter, and continue it.

    Parameters
    ----------
    units, n_layers : int
        Width of each recurrent layer, and number of recurrent layers.
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    embedding_dim : int
        Length of a letter's vector.
    dropout, input_dropout : float in [0, 1)
        Fractions of each layer's outputs and of the input vectors' entries that are dropped in
        training.
    window, batch_size : int
        Number of letters per window, and number of windows per training step.
    learning_rate : float
        Peak of Adam's learning rate, which then falls along a cosine.
    lowercase : bool
        Whether to convert the text to lower case.
    random_state : int
        Seed for the weights, the windows and dropout.

    Attributes
    ----------
    symbols_ : list of str
        The known letters and other characters.

    Examples
    --------
    >>> model = CharLanguageModel().fit(load_book("alice").text)
    >>> print(model.generate("Alice ", length=300, temperature=0.7, random_state=0))

    References
    ----------
    Graves 2013, arXiv 1308.0850; Karpathy 2015, *The unreasonable effectiveness of recurrent neural
    networks*.
    """

    unit = "letter"

    def __init__(
        self,
        units: int = 256,
        n_layers: int = 1,
        cell: str = "lstm",
        embedding_dim: int = 64,
        dropout: float = 0.5,
        input_dropout: float = 0.1,
        window: int = 64,
        batch_size: int = 32,
        learning_rate: float = 4e-3,
        lowercase: bool = True,
        random_state: int = 0,
    ) -> None:
        self.units, self.n_layers, self.cell = units, n_layers, cell
        self.embedding_dim, self.dropout = embedding_dim, dropout
        self.input_dropout, self.window, self.batch_size = input_dropout, window, batch_size
        self.learning_rate, self.lowercase = learning_rate, lowercase
        self.random_state = random_state

    @property
    def symbols_(self) -> list[str]:
        """The known letters and other characters."""
        self.check_fitted()
        return self.vocabulary_.tokens

    def fit(
        self,
        text: str | Sequence[str],
        held_out: str | Sequence[str] | bool = True,
        epochs: int = 30,
        patience: int | None = 5,
        validation_split: float = 0.1,
        steps_per_epoch: int | None = None,
        backup: str | Path | Backup | None = None,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        verbose: int = 1,
    ) -> Self:
        """Train from scratch.

        Parameters
        ----------
        text : str or sequence of str
            The training text; several texts are joined.
        held_out : str, sequence of str, or bool
            Text that is never used for training. After each epoch, the bits per letter are measured
            on this text. The weights of the best epoch are kept, and training stops when the bits
            per letter no longer fall. By default, the end of ``text`` is held out. A letter that
            occurs only in the held-out part belongs to the vocabulary but is never learnt, so it
            costs many bits. If False, nothing is held out, and the weights of the last epoch are
            kept.
        epochs : int
            Number of epochs, each of ``steps_per_epoch`` steps.
        patience : int or None
            Training stops after this many epochs without improvement on held-out text; if
            None, it never stops early.
        validation_split : float in (0, 1)
            The fraction of ``text`` that is held out by default.
        steps_per_epoch : int, optional
            Number of training steps per epoch. By default, an epoch has enough steps to read about
            as many letters as the training part contains.
        backup : str, Path or Backup, optional
            A file in which the state is saved between epochs, at most every five seconds. If the
            training is killed, the same call resumes it there, with the same result as if it had
            never been killed. The file is removed when the training ends.
        callbacks : sequence of keras.callbacks.Callback
            Further callbacks, which are called before the state of the training is saved.
        verbose : int
            0 is silent; 1 shows a progress line.

        Returns
        -------
        CharLanguageModel
            The fitted model itself.

        Raises
        ------
        TypeError
            If a text is not a str.
        ValueError
            If the text is empty or too short for a window, a ``held_out`` text has fewer than two
            letters or contains a letter that ``text`` lacks, a parameter is out of range, or the
            backup belongs to another run. After any error or interruption, the model is
            unchanged.
        """
        self._check_settings()
        plan = TrainingPlan(epochs, patience, steps_per_epoch, backup, callbacks, verbose)
        learnt, held = split_text(text, held_out, validation_split, self.lowercase)
        with self._all_or_nothing():
            # The vocabulary is built from the whole of ``text``, even if its end is held out.
            known = learnt + held if held_out is True else learnt
            self.vocabulary_ = Vocabulary.of(known)
            unseen = None if held is None else self._stream(held, "held_out")
            return self._fit(self._stream(learnt), unseen, plan)

    def _stream(self, text: str, where: str = "the text") -> Stream:
        return Stream(self.vocabulary_.encode(list(text), where))

    def _build(self) -> LanguageNetwork:
        names = "units", "n_layers", "cell", "embedding_dim", "dropout", "input_dropout"
        return LanguageNetwork(len(self.vocabulary_), **{n: getattr(self, n) for n in names})

    def token_bits(self, text: str | Sequence[str]) -> np.ndarray:
        """Return how many bits each letter except the first costs, given the letters before it.

        Parameters
        ----------
        text : str or sequence of str
            One text or several, which are joined.

        Returns
        -------
        ndarray of shape (n - 1,)
            Minus the logarithm to base 2 of each letter's probability.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If a text is not a str.
        ValueError
            If a letter is unknown, or there are fewer than two letters.
        """
        self.check_fitted()
        return self._bits(self._stream(joined_text(text, self.lowercase)))

    def generate(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        random_state: int | None = None,
        n_samples: int | None = None,
        stream: bool = False,
    ) -> str | list[str]:
        """Continue a text.

        Parameters
        ----------
        prompt : str
            The beginning of the text. If it is empty, the model reads a line break instead (or the
            first known letter, if the vocabulary has no line break).
        length : int
            Number of letters to write.
        temperature : float, at least 0
            Below 1, probable letters become even more probable; at 0, the most probable letter
            is always taken.
        top_k : int, optional
            Choose only among this many of the most probable letters.
        top_p : float in (0, 1], optional
            Choose only among the most probable letters that together reach this probability.
        random_state : int, optional
            The seed; the same seed gives the same text.
        n_samples : int, optional
            Number of texts. By default, one text is returned as a str.
        stream : bool
            Whether to print the text while it is being written; allowed only for a single text.

        Returns
        -------
        str or list of str
            The prompt and its continuation.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If the prompt is not a str.
        ValueError
            If the prompt contains an unknown letter, or a parameter is out of range.
        """
        self.check_fitted()
        request = WritingRequest(length, n_samples, stream, random_state)
        settings = SamplingSettings(temperature, top_k, top_p)
        check_string(prompt, "the prompt")
        start = prompt.lower() if self.lowercase else prompt
        self.vocabulary_.check(start, "the prompt")
        return self._writer().write(prompt, start, request, settings)

    def _new_writer(self) -> LetterWriter:
        return LetterWriter(self.network_, self.vocabulary_)
