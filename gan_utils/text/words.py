"""A language model that writes word by word, with a sentiment (a label) on request."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count, check_in_range
from gan_utils.datasets import load_word_vectors
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.inputs import check_string
from gan_utils.text.labels import Label, asked_labels, label_numbers, mixture_bits
from gan_utils.text.models import LanguageModel
from gan_utils.text.plan import TrainingPlan
from gan_utils.text.reading import Stream
from gan_utils.text.sampling import SamplingSettings
from gan_utils.text.split import labelled_words, split_labelled
from gan_utils.text.tokens import split_words
from gan_utils.text.vocabulary import UNKNOWN, Vocabulary
from gan_utils.text.word_writer import END, WordPrompt, WordWriter, target_lengths
from gan_utils.text.writing import WritingRequest
from gan_utils.training.backup import Backup

#: Maximum number of held-out words read after each epoch.
MOST_HELD_OUT = 20_000


class WordLanguageModel(LanguageModel):
    """Learn labelled texts word by word, and write new texts with a requested label.

    The network reads the label together with each word. The word vectors are initialized with
    GloVe's vectors if these are available. The outputs are computed as products with the same word
    vectors, so a large vocabulary needs few weights.

    Parameters
    ----------
    n_words : int
        Size of the vocabulary, which consists of the end token and the most frequent words and
        punctuation marks. All others count as a single unknown word, which is never written.
    units, n_layers : int
        Width of each recurrent layer, and number of recurrent layers.
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    embedding_dim : int
        Length of a word's vector; GloVe offers the lengths 50, 100, 200 and 300.
    label_dim : int
        Length of a label's vector.
    dropout, input_dropout : float in [0, 1)
        Fractions of the layers' outputs and of the input vectors that are dropped in training.
    window, batch_size : int
        Number of words per window, and number of windows per training step.
    learning_rate : float
        Peak of Adam's learning rate, which then falls along a cosine.
    candidates : int or None
        Number of words that each next word is compared with in training. Half of them are the most
        frequent words; the other half are redrawn at each step and represent the rest of the
        vocabulary. If None, or not below the size of the vocabulary, all words are compared.
    pretrained : bool
        Whether to look for GloVe's vectors.
    random_state : int
        Seed for the weights, the windows and dropout.

    Attributes
    ----------
    words_ : list of str
        The known words and punctuation marks, most frequent first.
    labels_ : list
        The labels that can be requested, sorted; empty if the model was fitted without labels.
    history_ : DataFrame
        One row per epoch, with ``bits`` per word in training, ``seconds`` since the start, and, if
        text was held out, ``held_out_bits`` and ``perplexity`` (2 to the power of these bits).

    Examples
    --------
    >>> reviews = load_reviews()
    >>> model = WordLanguageModel()
    >>> texts, opinions = reviews.train["review"], reviews.train["sentiment"]
    >>> model.fit(texts, opinions, epochs=5, steps_per_epoch=180)
    >>> print(model.generate(label="positive", guidance=1.0, random_state=0))

    References
    ----------
    Sundermeyer, Schlüter and Ney 2012, *LSTM neural networks for language modeling*; for the
    guidance, Ho and Salimans 2022, arXiv 2207.12598.
    """

    unit = "word"
    counts = (*LanguageModel.counts, "n_words", "label_dim")

    def __init__(
        self,
        n_words: int = 8_000,
        units: int = 256,
        n_layers: int = 1,
        cell: str = "lstm",
        embedding_dim: int = 50,
        label_dim: int = 8,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        window: int = 64,
        batch_size: int = 64,
        learning_rate: float = 5e-3,
        candidates: int | None = 1024,
        pretrained: bool = True,
        random_state: int = 0,
    ) -> None:
        self.n_words, self.units, self.n_layers, self.cell = n_words, units, n_layers, cell
        self.embedding_dim, self.label_dim, self.dropout = embedding_dim, label_dim, dropout
        self.input_dropout, self.window, self.batch_size = input_dropout, window, batch_size
        self.learning_rate, self.candidates = learning_rate, candidates
        self.pretrained, self.random_state = pretrained, random_state

    @property
    def words_(self) -> list[str]:
        """The known words and punctuation marks, most frequent first."""
        self.check_fitted()
        return [word for word in self.vocabulary_.tokens if word not in {UNKNOWN, END}]

    def fit(
        self,
        texts: str | Sequence[str],
        labels: Sequence[Label] | None = None,
        held_out: tuple[Sequence[str], Sequence[Label] | None] | Sequence[str] | bool = True,
        epochs: int = 5,
        patience: int | None = 2,
        validation_split: float = 0.1,
        steps_per_epoch: int | None = None,
        backup: str | Path | Backup | None = None,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        verbose: int = 1,
    ) -> Self:
        """Train from scratch.

        Parameters
        ----------
        texts : sequence of str, or str
            The training texts; a string is one text.
        labels : sequence of str or numbers, optional
            One label per text. No label may be missing; all must be text, or all must be numbers.
        held_out : tuple of texts and labels, texts alone if there are no labels, or bool
            Texts that are never used for training. After each epoch, the perplexity of their first
            20,000 words is measured. The best weights are kept, and training stops when the
            perplexity no longer falls. By default, the last texts are held out; if a label occurs
            only among them, the last texts of each label are held out instead. If there are too few
            texts, the last words of each text are held out. If False, nothing is held out.
        epochs : int
            Number of epochs, each of ``steps_per_epoch`` steps.
        patience : int or None
            Stop after this many epochs without a lower perplexity; if None, never stop early.
        validation_split : float in (0, 1)
            The fraction of ``texts`` that is held out by default.
        steps_per_epoch : int, optional
            Number of training steps per epoch; the default is about one pass over the words.
        backup : str, Path or Backup, optional
            A file in which the state is saved between epochs, at most every five seconds. If the
            training is killed, the same call resumes it there, with the same result as if it had
            never been killed. The file is removed when the training ends.
        callbacks : sequence of keras.callbacks.Callback
            Further callbacks, which are called before the state of the training is saved.
        verbose : int
            0 is silent; 1 prints the source of the word vectors and shows a progress line.

        Returns
        -------
        WordLanguageModel
            The fitted model itself.

        Raises
        ------
        TypeError
            If a text is not a str, or the labels are not all text or all numbers.
        ValueError
            If there are no texts or too few words for a window, the numbers of labels and texts
            differ, a label is missing or infinite, all labels are the same, a held-out label is
            unknown, a parameter is out of range, or the backup belongs to another run. After any
            error or interruption, the model is unchanged.
        """
        self._check_settings()
        plan = TrainingPlan(epochs, patience, steps_per_epoch, backup, callbacks, verbose)
        learnt, held = split_labelled(texts, labels, held_out, validation_split)
        with self._all_or_nothing():
            self._get_to_know(*learnt)
            unseen = None if held is None else self._stream(*held)[:MOST_HELD_OUT]
            self._fit(self._stream(*learnt), unseen, plan)
            if "held_out_bits" in self.history_:
                self.history_["perplexity"] = 2 ** self.history_["held_out_bits"]
        return self

    def _check_settings(self) -> None:
        super()._check_settings()
        if self.candidates is not None:
            self.candidates = check_count("candidates", self.candidates, 2)

    def _get_to_know(self, texts: Any, labels: Any) -> None:
        """Collect the different labels and the vocabulary."""
        self.labels_ = [] if labels is None else sorted(set(labels))
        if len(self.labels_) == 1:
            raise ValueError(f"all labels are {self.labels_[0]!r}. Give two or more, or none.")
        self.vocabulary_ = Vocabulary.of(chain.from_iterable(texts), self.n_words, (END,))

    def _begin(self, stream: Stream, verbose: int) -> None:
        """Initialize the output bias with word frequencies; load word vectors if requested."""
        if self.pretrained:
            settings = {"random_state": self.random_state, "verbose": bool(verbose)}
            words = self.vocabulary_.tokens
            vectors = load_word_vectors(words, self.embedding_dim, **settings).matrix
            self.network_.embedding.embeddings.assign(vectors)
        counts = np.bincount(stream.tokens, minlength=len(self.vocabulary_)) + 1
        # With these biases alone, a word's probability would be about its frequency.
        self.network_.head.bias.assign(np.log(counts / counts.sum()))

    def _stream(self, texts: list[list[str]], labels: list[Label] | None) -> Stream:
        """Concatenate texts (lists of words), with an `END` before each one and after the last."""
        numbers = self.vocabulary_.encode([*chain.from_iterable((END, *t) for t in texts), END])
        if not self.labels_:
            return Stream(numbers)
        each = np.repeat(label_numbers(labels, self.labels_), [len(text) + 1 for text in texts])
        return Stream(numbers, np.append(each, each[-1:]))

    def _build(self) -> LanguageNetwork:
        names = "embedding_dim", "units", "n_layers", "cell", "label_dim", "dropout"
        settings = {name: getattr(self, name) for name in (*names, "input_dropout")}
        settings |= {"n_labels": len(self.labels_), "tied": True}
        return LanguageNetwork(len(self.vocabulary_), **settings)

    def token_bits(
        self, texts: str | Sequence[str], labels: Sequence[Label] | Label | None = None
    ) -> np.ndarray:
        """Return the bits of each token (word, punctuation or end), given the tokens before it.

        Parameters
        ----------
        texts : str or sequence of str
            One text or several.
        labels : sequence of str or numbers, optional
            One label per text; for a single text, the label alone is accepted. If the model was
            fitted with labels and none are given here, all labels are equally likely at the start
            of a text. After that, the better a label predicts the words, the likelier it becomes.

        Returns
        -------
        ndarray of shape (n,)
            Minus log2 of each token's probability; all unknown words count as one word.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If a text is not a str.
        ValueError
            If a label is unknown, the numbers of labels and texts differ, or there are no texts.
        """
        self.check_fitted()
        words, labels = labelled_words(texts, labels)
        if labels is not None or not self.labels_:
            return self._bits(self._stream(words, labels))
        each = [self._bits(self._stream(words, [label] * len(words))) for label in self.labels_]
        cuts = np.cumsum([len(text) + 1 for text in words])[:-1]
        parts = np.split(np.stack(each), cuts, axis=1)
        return np.concatenate([mixture_bits(part) for part in parts])

    def generate(
        self,
        prompt: str = "",
        length: int = 120,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        random_state: int | None = None,
        n_samples: int | None = None,
        stream: bool = False,
        label: Label | Sequence[Label] | None = None,
        guidance: float = 0.0,
        no_repeat: int | None = None,
        target_length: int | Sequence[int] | None = None,
    ) -> str | list[str]:
        """Write texts until the model ends them or they reach the maximum length.

        Parameters
        ----------
        prompt : str
            The beginning of the text.
        length : int
            Maximum number of words and punctuation marks; the model may end a text earlier.
        temperature : float, at least 0
            Below 1, probable words become likelier; at 0, the most probable word is always taken.
        top_k : int, optional
            Choose only among this many of the most probable words.
        top_p : float in (0, 1], optional
            Choose only among the most probable words that together reach this probability.
        random_state : int, optional
            The seed; the same seed gives the same texts.
        n_samples : int, optional
            Number of texts. By default, one text is returned as a str.
        stream : bool
            Whether to print the text while it is being written; allowed only for a single text.
        label : str, number, or sequence of n_samples labels
            The label of each text, if the model was fitted with labels.
        guidance : float, at least 0
            Strength of the guidance: g in log p(asked) + g (log p(asked) - log p(others)).
        no_repeat : int, optional
            Never write the same sequence of this many words twice in one text.
        target_length : int or sequence of n_samples ints, optional
            The approximate number of words and punctuation marks in each text, including the
            prompt. A text ends with the first sentence that is complete at or after that number
            (``length`` is still the maximum). By default, the model decides when to end a text.

        Returns
        -------
        str or list of str
            The prompt and its continuation, as readable text.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If the prompt is not a str.
        ValueError
            If the prompt contains an unknown word, the label is missing or unknown, or a parameter
            is out of range.
        """
        self.check_fitted()
        request = WritingRequest(length, n_samples, stream, random_state)
        settings = SamplingSettings(temperature, top_k, top_p, no_repeat)
        self._check_guidance(guidance)
        words = split_words(check_string(prompt, "the prompt"))
        self.vocabulary_.check(words, "the prompt")
        asked = asked_labels(label, request.n, self.labels_)
        targets = target_lengths(target_length, request.n)
        begin = WordPrompt(words, asked, float(guidance), targets)
        return self._writer().write(begin, request, settings)

    def _new_writer(self) -> WordWriter:
        return WordWriter(self.network_, self.vocabulary_, len(self.labels_))

    def _check_guidance(self, guidance: float) -> None:
        check_in_range("guidance", guidance, "[0, inf)", ", such as 1")
        if guidance and not self.labels_:
            raise ValueError("guidance presses a label, but the model was fitted without labels.")

    def _facts(self) -> dict[str, Any]:
        return {"labels": self.labels_}

    def _use_facts(self, config: dict[str, Any]) -> None:
        self.labels_ = list(config["labels"])
