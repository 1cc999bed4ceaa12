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
    """Learn a text letter by letter, and go on with it.

    Parameters
    ----------
    units, n_layers : int
        Width of a recurrent layer, and how many there are.
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    embedding_dim : int
        Length of a letter's vector.
    dropout, input_dropout : float in [0, 1)
        Share of the recurrent layer's outputs, and of a vector's numbers, left out in training.
    window, batch_size : int
        A step of training learns every letter of so many windows of so many letters.
    learning_rate : float
        Of Adam at its height; it falls along a cosine.
    lowercase : bool
        Whether capitals count as small letters.
    random_state : int
        Seed of the weights, of the windows and of dropout.

    Attributes
    ----------
    symbols_ : list of str
        The letters and marks that are known.

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
        """The letters and marks that are known."""
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
        """Train from the start.

        Parameters
        ----------
        text : str or sequence of str
            What is learnt; several texts are joined.
        held_out : str, sequence of str, or bool
            Text that is never learnt from: its bits a letter are measured after each epoch, the
            weights of the best epoch are kept, and training stops when they no longer fall. By
            default the end of ``text``, which is then not learnt. A letter that occurs only there
            is known but never learnt, so that it costs many bits. False: none, and the weights of
            the last epoch.
        epochs : int
            How often the text is seen.
        patience : int or None
            So many epochs without improvement on held-out text end the training; None: never.
        validation_split : float in (0, 1)
            The share of ``text`` that is held out by default.
        steps_per_epoch : int, optional
            By default as many as it takes to see as many letters as the text has.
        backup : str, Path or Backup, optional
            A file that the state of the training is written to every few seconds. If the training
            is killed, the same call goes on from there and ends as if it had never been killed.
            The file is removed when the training ends.
        callbacks : sequence of keras.callbacks.Callback
            They run before the state is written.
        verbose : int
            0 is silent, 1 shows a line of progress.

        Returns
        -------
        CharLanguageModel
            Itself.

        Raises
        ------
        TypeError
            If the text is not made of str.
        ValueError
            If the text is empty or shorter than a window, a ``held_out`` text has fewer than two
            letters or one that the text does not have, a parameter is out of range, or the backup
            belongs to another training. After any error, and after an interruption, the model is
            as it was before.
        """
        self._check_settings()
        plan = TrainingPlan(epochs, patience, steps_per_epoch, backup, callbacks, verbose)
        learnt, held = split_text(text, held_out, validation_split, self.lowercase)
        with self._all_or_nothing():
            # The alphabet is that of the whole text; only the letters' use is held out.
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
        """Return how many bits each letter but the first costs, given those before it.

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
            If nothing was fitted yet.
        TypeError
            If the text is not made of str.
        ValueError
            If a letter is unknown, or there are fewer than two.
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
        """Write on.

        Parameters
        ----------
        prompt : str
            How the text begins; by default a new line does.
        length : int
            How many letters are written.
        temperature : float, at least 0
            Below 1 probable letters become more probable still; 0 takes the most probable one.
        top_k : int, optional
            Choose among so many of the most probable letters only.
        top_p : float in (0, 1], optional
            Choose among the most probable letters that have this probability together.
        random_state : int, optional
            The seed; the same one writes the same text.
        n_samples : int, optional
            How many texts; by default one, which is returned as a str.
        stream : bool
            Whether the text is printed while it is written, for a single text.

        Returns
        -------
        str or list of str
            The prompt and what was written.

        Raises
        ------
        RuntimeError
            If nothing was fitted yet.
        TypeError
            If the prompt is no str.
        ValueError
            If the prompt holds an unknown letter, or a parameter is out of range.
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
