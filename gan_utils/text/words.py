"""A language model that writes word by word, with an opinion (a label) on request."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils._support.checks import check_count
from gan_utils.datasets import load_word_vectors
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.models import (
    LanguageModel,
    as_texts,
    first_of_two,
    pieces_of,
    seed_or_drawn,
    shown,
)
from gan_utils.text.sampling import FORBIDDEN, SHOWN_AT_ONCE, Choice
from gan_utils.text.tokens import join_words, split_words
from gan_utils.text.trainer import Stream
from gan_utils.text.vocabulary import UNKNOWN, Vocabulary
from gan_utils.training.backup import Backup

#: What stands before each text and after the last: to write it is to stop.
END = "[END]"
#: So many texts at most are written at a time; each needs its logits of the whole vocabulary.
AT_A_TIME = 250
#: So many words of held-out text at most are looked at after each epoch.
MOST_HELD_OUT = 20_000

Label = str | int


class WordLanguageModel(LanguageModel):
    """Learn texts word by word, each with its label, and write new ones with a label on request.

    The label is told at each word. Words start from GloVe's vectors where these are present, and
    the outputs are products with the same vectors, so that a large vocabulary needs few weights.

    Parameters
    ----------
    n_words : int
        So many of the most frequent words and marks are known; all others are one, which is never
        written.
    units, n_layers : int
        Width of a recurrent layer, and how many there are.
    cell : {"lstm", "gru", "rnn"}
        Kind of recurrent layer.
    embedding_dim : int
        Length of a word's vector; GloVe has 50, 100, 200 and 300.
    label_dim : int
        Length of a label's vector.
    dropout, input_dropout : float in [0, 1)
        Share of the recurrent layer's outputs, and of a vector's numbers, left out in training.
    window, batch_size : int
        A step of training learns every word of so many windows of so many words.
    learning_rate : float
        Of Adam at its height; it falls along a cosine.
    candidates : int or None
        In training each next word is compared with so many others: one half are the most frequent
        ones, the other half is drawn anew for each step and stands for all that are left. None, or
        as many as there are words: with the whole vocabulary.
    pretrained : bool
        Whether GloVe's vectors are looked for.
    random_state : int
        Seed of the weights, of the windows and of dropout.

    Attributes
    ----------
    words_ : list of str
        The words and marks that are known, the most frequent ones first.
    labels_ : list
        The labels that can be asked for, sorted; empty where the model was fitted without.
    history_ : DataFrame
        By epoch: ``bits`` a word in training, ``held_out_bits`` and ``perplexity`` (2 to their
        power) where text was held out, ``seconds`` since the start.

    Examples
    --------
    >>> reviews = load_reviews()
    >>> model = WordLanguageModel()
    >>> texts, opinions = reviews.train["review"], reviews.train["sentiment"]
    >>> model.fit(texts, opinions, epochs=5, steps_per_epoch=180)
    >>> print(model.generate(label="positive", guidance=1.0, random_state=0))

    References
    ----------
    Sundermeyer, Schlüter and Ney 2012, *LSTM neural networks for language modeling*; guidance
    after Ho and Salimans 2022, arXiv 2207.12598.
    """

    unit = "word"
    counts = (*LanguageModel.counts, "n_words", "label_dim")
    #: What a new network starts from; there only while one is fitted.
    _shares: np.ndarray | None = None
    _vectors: np.ndarray | None = None

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
        """The words and marks that are known, the most frequent ones first."""
        self.check_fitted()
        return [word for word in self.vocabulary_.tokens if word not in {UNKNOWN, END}]

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Label] | None = None,
        held_out: tuple[Sequence[str], Sequence[Label] | None] | bool = True,
        epochs: int = 5,
        patience: int | None = 2,
        validation_split: float = 0.1,
        steps_per_epoch: int | None = None,
        backup: str | Path | Backup | None = None,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        verbose: int = 1,
    ) -> Self:
        """Train from the start.

        Parameters
        ----------
        texts : sequence of str
            What is learnt.
        labels : sequence of str or int, optional
            One a text.
        held_out : tuple of texts and labels, or bool
            Texts that are never learnt from: the perplexity of their first 20,000 words is measured
            after each epoch, the weights of the best epoch are kept, and training stops when it no
            longer falls. By default the last of ``texts``, which are then not learnt. False: none.
        epochs : int
            How many times ``steps_per_epoch`` steps are done.
        patience : int or None
            So many epochs without improvement on held-out text end the training; None: never.
        validation_split : float in (0, 1)
            The share of ``texts`` that is held out by default.
        steps_per_epoch : int, optional
            By default as many as it takes to see as many words as the texts have.
        backup : str, Path or Backup, optional
            A file that the state of the training is written to every few seconds. If the training
            is killed, the same call goes on from there and ends as if it had never been killed.
            The file is removed when the training ends.
        callbacks : sequence of keras.callbacks.Callback
            They run before the state is written.
        verbose : int
            0 is silent, 1 says where the words' vectors come from and shows a line of progress.

        Returns
        -------
        WordLanguageModel
            Itself.

        Raises
        ------
        TypeError
            If the texts are not made of str.
        ValueError
            If there are no texts or fewer words than a window has, there are not as many labels as
            texts, a held-out label is unknown, a parameter is out of range, or the backup belongs
            to another training.
        """
        self._check_settings()
        learnt, held = _parts(texts, labels, held_out, validation_split)
        self._get_to_know(*learnt)
        stream = self._stream(*learnt)
        self._look_up_start(stream, bool(verbose))
        unseen = None if held is None else self._stream(*held)[:MOST_HELD_OUT]
        extras = {"callbacks": callbacks, "verbose": verbose, "backup": backup}
        self._fit(stream, unseen, epochs, patience, steps_per_epoch, **extras)
        del self._vectors, self._shares
        if "held_out_bits" in self.history_:
            self.history_["perplexity"] = 2 ** self.history_["held_out_bits"]
        return self

    def _check_settings(self) -> None:
        super()._check_settings()
        if self.candidates is not None:
            check_count("candidates", self.candidates, 2)

    def _get_to_know(self, texts: Any, labels: Any) -> None:
        """Collect the labels and the words."""
        self.labels_ = [] if labels is None else sorted(set(labels))
        if len(self.labels_) == 1:
            raise ValueError(f"all labels are {self.labels_[0]!r}. Give two or more, or none.")
        self.vocabulary_ = Vocabulary.of(chain.from_iterable(texts), self.n_words, (END,))

    def _look_up_start(self, stream: Stream, verbose: bool) -> None:
        """Find what a new network starts from: the words' shares, and their vectors."""
        counts = np.bincount(stream.tokens, minlength=len(self.vocabulary_)) + 1
        self._shares, self._vectors = counts / counts.sum(), None
        if self.pretrained:
            settings = {"random_state": self.random_state, "verbose": verbose}
            words = self.vocabulary_.tokens
            self._vectors = load_word_vectors(words, self.embedding_dim, **settings).matrix

    def _stream(self, texts: Any, labels: Any) -> Stream:
        """Put texts, which are lists of words, one after the other, with an `END` before each."""
        numbers = self.vocabulary_.encode([*chain.from_iterable((END, *t) for t in texts), END])
        if not self.labels_:
            return Stream(numbers)
        each = np.repeat(self._label_numbers(labels), [len(text) + 1 for text in texts])
        return Stream(numbers, np.append(each, each[-1:]))

    def _label_numbers(self, labels: Any) -> np.ndarray:
        """Return the places of labels, and say which are known where one is not."""
        places = {label: place for place, label in enumerate(self.labels_)}
        for label in labels:
            if label not in places:
                known = ", ".join(map(repr, self.labels_)) or "none: fit with labels first"
                raise ValueError(f"label={label!r} is unknown. Known ones: {known}.")
        return np.array([places[label] for label in labels], np.int32)

    def _build(self) -> LanguageNetwork:
        names = "embedding_dim", "units", "n_layers", "cell", "label_dim", "dropout"
        settings = {name: getattr(self, name) for name in (*names, "input_dropout")}
        settings |= {"n_labels": len(self.labels_), "vectors": self._vectors}
        network = LanguageNetwork(len(self.vocabulary_), **settings, tied=True)
        if self._shares is not None:
            # Before anything is learnt, a word is as probable as it is frequent.
            network.head.bias.assign(np.log(self._shares))
        return network

    def token_bits(
        self, texts: str | Sequence[str], labels: Sequence[Label] | Label | None = None
    ) -> np.ndarray:
        """Return how many bits each word costs, given those before it: words, marks and ends.

        Parameters
        ----------
        texts : str or sequence of str
        labels : sequence of str or int, optional
            One a text. Where the model was fitted with labels and is not told them, it takes all
            for equally likely at the start of a text, and the more likely the better they foretold
            the words so far.

        Returns
        -------
        ndarray of shape (n,)
            Minus the logarithm to base 2 of each one's probability; the unknown words are one.

        Raises
        ------
        ValueError
            If a label is unknown, there are not as many as texts, or there is no text.
        """
        self.check_fitted()
        words, labels = _split(texts, [labels] if isinstance(texts, str) and labels else labels)
        if labels is not None or not self.labels_:
            return self._bits(self._stream(words, labels))
        each = [self._bits(self._stream(words, [label] * len(words))) for label in self.labels_]
        cuts = np.cumsum([len(text) + 1 for text in words])[:-1]
        parts = np.split(np.stack(each), cuts, axis=1)
        return np.concatenate([_mixture_bits(part) for part in parts])

    def bits_per_token(
        self, texts: str | Sequence[str], labels: Sequence[Label] | Label | None = None
    ) -> float:
        """Return the mean of `token_bits`: bits a word; fewer are better.

        Parameters
        ----------
        texts, labels : see `token_bits`

        Returns
        -------
        float
        """
        return float(self.token_bits(texts, labels).mean())

    def perplexity(
        self, texts: str | Sequence[str], labels: Sequence[Label] | Label | None = None
    ) -> float:
        """Return 2 to the power of `bits_per_token`.

        The model is as unsure as if it had to guess among so many equally likely words.

        Parameters
        ----------
        texts, labels : see `token_bits`

        Returns
        -------
        float, at least 1
        """
        return float(2 ** self.bits_per_token(texts, labels))

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
    ) -> str | list[str]:
        """Write texts, up to their end.

        Parameters
        ----------
        prompt : str
            How the text begins.
        length : int
            How many words and marks are written at most; a text with fewer has ended by itself.
        temperature, top_k, top_p, no_repeat
            How a word is chosen, see `gan_utils.text.sampling.Choice`.
        random_state : int, optional
            The seed; the same one writes the same texts.
        n_samples : int, optional
            How many texts; by default one, which is returned as a str.
        stream : bool
            Whether the text is printed while it is written, for a single text.
        label : str or int, or a sequence of n_samples of them
            The label of each text, where the model was fitted with labels.
        guidance : float, at least 0
            How strongly the label is pressed: g in log p(asked) + g (log p(asked) - log p(others)).

        Returns
        -------
        str or list of str
            The prompt and what was written, as readable text.

        Raises
        ------
        ValueError
            If the prompt holds an unknown word, the label is missing or unknown, or a parameter is
            out of range.
        """
        self.check_fitted()
        self._check_request(length, n_samples, stream)
        self._check_guidance(guidance)
        choice = Choice(temperature, top_k, top_p, no_repeat)
        words = split_words(prompt)
        self.vocabulary_.check(words, "the prompt")
        asked = self._asked(label, n_samples or 1)
        settings = words, length, choice, float(guidance), asked, seed_or_drawn(random_state)
        if n_samples is None:
            draws = self._draws(*settings, SHOWN_AT_ONCE if stream else None)
            return "".join(shown(_growing(words, pieces_of(draws, self.vocabulary_)), stream))
        return self._many(*settings)

    def _check_guidance(self, guidance: float) -> None:
        if not 0 <= guidance < np.inf:
            raise ValueError(f"guidance={guidance!r} must be 0 or more, such as 1.")
        if guidance and not self.labels_:
            raise ValueError("guidance presses a label, but the model was fitted without labels.")

    def _asked(self, label: Any, n: int) -> np.ndarray:
        """Return the number of the label of each of n texts."""
        if label is None:
            if self.labels_:
                known = ", ".join(map(repr, self.labels_))
                raise ValueError(f"label is missing. Ask for one of {known}.")
            return np.zeros(n, np.int32)
        labels = [label] * n if isinstance(label, str) or np.ndim(label) == 0 else list(label)
        if len(labels) != n:
            raise ValueError(f"label has {len(labels)} entries for {n} texts. Give one a text.")
        return self._label_numbers(labels)

    def _many(
        self,
        words: list[str],
        length: int,
        choice: Choice,
        guidance: float,
        asked: np.ndarray,
        seed: int,
    ) -> list[str]:
        """Write many texts, some at a time: always as many, since a new number is traced anew."""
        n_parts = -(-len(asked) // AT_A_TIME)
        size = -(-len(asked) // n_parts)
        padded = np.resize(asked, n_parts * size).reshape(n_parts, size)
        seeds = np.random.SeedSequence(seed).generate_state(n_parts)
        rows = []
        for some, one in zip(padded, seeds, strict=True):
            rows.extend(*self._draws(words, length, choice, guidance, some, int(one)))
        return [join_words(words + _until_end(self.vocabulary_.decode(row))) for row in rows][
            : len(asked)
        ]

    def _draws(
        self,
        words: list[str],
        length: int,
        choice: Choice,
        guidance: float,
        asked: np.ndarray,
        seed: int,
        at_once: int | None = None,
    ) -> Iterator[np.ndarray]:
        """Draw the numbers of words; with guidance each text is read under every label."""
        numbers, n = self.vocabulary_.encode([END, *words]), len(asked)
        n_labels = max(1, len(self.labels_))
        labels = np.repeat(np.arange(n_labels, dtype=np.int32), n) if guidance else asked
        states = self.network_.zero_states(len(labels))
        for number in numbers:
            step = tf.fill([len(labels)], int(number)), tf.constant(labels), states
            logits, states = self.network_.step(*step)
        extra = {"labels": tf.constant(labels), "read": states}
        if guidance:
            extra["asked"] = tf.one_hot(asked, n_labels, axis=0)
            extra["guidance"] = tf.constant(guidance)
            logits = _guided(logits, extra)
        if not words:  # a text has at least one word
            logits -= tf.one_hot(self._end, len(self.vocabulary_), on_value=-FORBIDDEN)
        forbidden = [self.vocabulary_.tokens.index(UNKNOWN)]
        sampler = self._sampler(choice, self._guided_step if guidance else self._step, forbidden)
        return sampler.draw(logits, extra, length, seed, at_once)

    @property
    def _end(self) -> int:
        return self.vocabulary_.tokens.index(END)

    def _step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        logits, read = self.network_.step(tokens, states["labels"], states["read"])
        return logits, {**states, "read": read}

    def _guided_step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        logits, states = self._step(tf.tile(tokens, [max(1, len(self.labels_))]), states)
        return _guided(logits, states), states

    def _facts(self) -> dict[str, Any]:
        return {"labels": self.labels_}

    def _use_facts(self, config: dict[str, Any]) -> None:
        self.labels_ = list(config["labels"])


def cut_words(texts: Sequence[str], lengths: int | Sequence[int]) -> list[str]:
    """Keep the first words of texts, so that they are as long as others are.

    Parameters
    ----------
    texts : sequence of str
    lengths : int or sequence of int
        How many words and marks are kept: of all, or of each.

    Returns
    -------
    list of str
        Written as `WordLanguageModel` writes, since it should not be told by its spelling.
    """
    each = np.broadcast_to(lengths, len(texts))
    return [join_words(split_words(t)[:n]) for t, n in zip(texts, each, strict=True)]


def _split(texts: Any, labels: Any) -> tuple[list[list[str]], list[Label] | None]:
    """Return the words of each text, and as many labels or None."""
    texts = as_texts(texts, "texts")
    if labels is None:
        return [split_words(text) for text in texts], None
    labels = [label.item() if isinstance(label, np.generic) else label for label in labels]
    if len(labels) != len(texts):
        raise ValueError(f"there are {len(labels)} labels for {len(texts)} texts. Give one a text.")
    return [split_words(text) for text in texts], labels


def _parts(texts: Any, labels: Any, held_out: Any, share: float) -> tuple[Any, Any]:
    """Return texts and labels that are learnt, and those that are held out or None."""
    words, labels = _split(texts, labels)
    if held_out is False or held_out is None:
        return (words, labels), None
    if held_out is not True:
        if not isinstance(held_out, tuple) or len(held_out) != 2:
            raise ValueError("held_out must be True, False, or a tuple (texts, labels).")
        held = _split(*held_out)
        if (held[1] is None) != (labels is None):
            raise ValueError("either both the texts and the held-out ones have labels, or neither.")
        return (words, labels), held
    cut = first_of_two(len(words), share, "texts")
    sides = slice(cut), slice(cut, None)
    first, last = ((words[side], labels and labels[side]) for side in sides)
    return first, last


def _mixture_bits(each: np.ndarray) -> np.ndarray:
    """Return the bits of one text's words under a mixture, from those under each label."""
    so_far = np.logaddexp2.reduce(-np.cumsum(each, axis=1, dtype="float64"), axis=0)
    return -np.diff(so_far, prepend=np.log2(len(each)))


def _guided(logits: Any, states: Any) -> Any:
    """Press the asked label: from logits under every label, (n_labels * n, words)."""
    asked = states["asked"][:, :, None]
    n_labels = asked.shape[0]
    logs = tf.reshape(tf.nn.log_softmax(logits), (n_labels, -1, logits.shape[-1]))
    wanted = tf.reduce_sum(logs * asked, axis=0)
    others = tf.reduce_sum(logs * (1 - asked), axis=0) / (n_labels - 1)
    return wanted + states["guidance"] * (wanted - others)


def _until_end(tokens: list[str]) -> list[str]:
    return tokens[: tokens.index(END)] if END in tokens else tokens


def _growing(words: list[str], pieces: Iterator[list[str]]) -> Iterator[str]:
    """Turn pieces of a text into what each adds to it, up to its end."""
    written, text = list(words), ""
    for tokens in chain([[]], pieces):
        kept = _until_end(tokens)
        written += kept
        before, text = text, join_words(written)
        yield text[len(before) :]
        if len(kept) < len(tokens):
            return
