"""A language model that writes letter by letter."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

from gan_utils._support.backend import keras
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.models import (
    LanguageModel,
    as_texts,
    first_of_two,
    pieces_of,
    seed_or_drawn,
    shown,
)
from gan_utils.text.sampling import SHOWN_AT_ONCE, Choice
from gan_utils.text.trainer import Stream
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.training.backup import Backup

#: Between two texts.
GAP = "\n\n"


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
            default the end of ``text``, which is then not learnt. False: none, and the weights of
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
            If the text is empty or shorter than a window, the held-out text holds a letter that
            the text does not, a parameter is out of range, or the backup belongs to another
            training.
        """
        self._check_settings()
        train, held = self._parts(text, held_out, validation_split)
        self.vocabulary_ = Vocabulary.of(train)
        unseen = None if held is None else self._stream(held, "held_out")
        extras = {"callbacks": callbacks, "verbose": verbose, "backup": backup}
        return self._fit(self._stream(train), unseen, epochs, patience, steps_per_epoch, **extras)

    def _parts(
        self, text: str | Sequence[str], held_out: Any, share: float
    ) -> tuple[str, str | None]:
        """Return what is learnt, and what is held out or None."""
        whole = self._plain(as_texts(text))
        if held_out is False or held_out is None:
            return whole, None
        if held_out is not True:
            return whole, self._plain(as_texts(held_out, "held_out"))
        cut = first_of_two(len(whole), share, "letters")
        return whole[:cut], whole[cut:]

    def _plain(self, texts: list[str]) -> str:
        text = GAP.join(texts)
        return text.lower() if self.lowercase else text

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

        Returns
        -------
        ndarray of shape (n - 1,)
            Minus the logarithm to base 2 of each letter's probability.

        Raises
        ------
        ValueError
            If a letter is unknown, or there are fewer than two.
        """
        self.check_fitted()
        return self._bits(self._stream(self._plain(as_texts(text))))

    def bits_per_token(self, text: str | Sequence[str]) -> float:
        """Return the mean of `token_bits`: bits a letter; fewer are better.

        Parameters
        ----------
        text : str or sequence of str

        Returns
        -------
        float
        """
        return float(self.token_bits(text).mean())

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
        temperature, top_k, top_p
            How a letter is chosen, see `gan_utils.text.sampling.Choice`.
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
        ValueError
            If the prompt holds an unknown letter, or a parameter is out of range.
        """
        self.check_fitted()
        self._check_request(length, n_samples, stream)
        choice = Choice(temperature, top_k, top_p)
        start = prompt.lower() if self.lowercase else prompt
        self.vocabulary_.check(start, "the prompt")
        seed = seed_or_drawn(random_state)
        draws = self._draws(start, length, choice, seed, n_samples or 1, stream)
        if n_samples is None:
            written = map("".join, pieces_of(draws, self.vocabulary_))
            return "".join(shown(chain([prompt], written), stream))
        (numbers,) = draws
        return [prompt + "".join(self.vocabulary_.decode(row)) for row in numbers]

    def _draws(
        self, start: str, length: int, choice: Choice, seed: int, n: int, stream: bool
    ) -> Any:
        numbers = self.vocabulary_.encode(list(start or self._first_symbol()))
        logits, states = self._read(numbers, None, n)
        at_once = SHOWN_AT_ONCE if stream else None
        return self._sampler(choice, self._step).draw(logits, states, length, seed, at_once)

    def _first_symbol(self) -> str:
        return "\n" if "\n" in self.vocabulary_ else self.vocabulary_.tokens[0]

    def _step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        return self.network_.step(tokens, None, states)
