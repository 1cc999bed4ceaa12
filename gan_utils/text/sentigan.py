"""SentiGAN: a GAN for short labelled sentences, with one generator per label."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Self

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras
from gan_utils._support.checks import as_tensorflow_seed, check_count, check_in_range
from gan_utils._support.quiet import no_advice_on_retracing
from gan_utils.datasets import load_word_vectors
from gan_utils.networks.language import LanguageNetwork
from gan_utils.networks.parts import seeded_weights
from gan_utils.networks.sentences import build_sentence_discriminator
from gan_utils.text.game import SentiganTrainer, StepLog, start_from_words
from gan_utils.text.inputs import check_string
from gan_utils.text.labels import Label, as_labels, asked_labels
from gan_utils.text.sentence_writer import SentenceWriter
from gan_utils.text.sentences import as_rows, enough_labels, split_sentences
from gan_utils.text.tokens import split_words
from gan_utils.text.vocabulary import Vocabulary
from gan_utils.text.word_writer import END
from gan_utils.text.writing import WritingRequest
from gan_utils.training import SaveMixin
from gan_utils.training.saving import ModelArchive, as_json, weights_of

#: Parameters that must be whole numbers of at least 1.
_COUNTS = ("units", "embedding_dim", "filters", "batch_size", "n_rollouts", "discriminator_steps")


class SentiGAN(SaveMixin):
    """Learn short sentences with several labels in a game between k generators and a discriminator.

    Each label has its own generator, an LSTM, which is first trained by maximum likelihood. In the
    game, training then lowers the probability of each word that the generator wrote, in proportion
    to a penalty: 1 minus the discriminator's probability of the label, averaged over rollouts of
    the rest of the sentence. The discriminator has k + 1 classes: the labels, and "generated".

    Parameters
    ----------
    n_words : int
        Size of the vocabulary, which consists of the end token and the most frequent words and
        punctuation marks. All others count as a single unknown word, which is never written.
    most_words : int
        Maximum number of words and punctuation marks in a sentence.
    units, embedding_dim, filters : int
        Width of the LSTMs, length of the word vectors, and number of filters per convolution width.
    dropout : float in [0, 1)
        Fraction of the LSTMs' outputs and the discriminator's features that is dropped in training.
    batch_size : int
        Number of sentences with each label in a step.
    learning_rate, game_rate, discriminator_rate : float
        Learning rates of Adam: the peak in the likelihood steps, and the constant rates of the
        generators in the game and of the discriminator.
    n_rollouts : int
        How many times the rest of a sentence is drawn to estimate the penalty of a word.
    n_places : int or None
        Number of random words per sentence for which the penalty is estimated; fewer words give
        the same gradient on average, but a noisier one. If None, all words are used.
    discriminator_steps : int
        Number of discriminator steps after each step of the generators in the game.
    likelihood_every : int or None
        Number of rounds between likelihood steps in the game; if None, no such steps are taken.
    pretrained : bool
        Whether to look for GloVe's word vectors.
    random_state : int
        Seed for the weights and all draws in training.

    Attributes
    ----------
    labels_ : list
        The labels that can be requested, sorted.
    vocabulary_ : Vocabulary
        The known words.
    generators_ : list of LanguageNetwork
        One generator per label.
    discriminator_ : keras.Model
        A classifier whose classes are the labels, in order, and "generated".
    history_ : DataFrame
        One row per 20 steps of one kind, with ``kind``, ``step``, ``seconds`` and ``value`` (mean
        bits per token for likelihood, cross-entropy in nats for the discriminator, or penalty).

    Examples
    --------
    >>> sentences, places = short_sentences(reviews.train["review"], n_words=3_000)
    >>> labels = reviews.train["sentiment"].to_numpy()[places]
    >>> print(SentiGAN().fit(sentences, labels).generate(label="positive", random_state=0))

    Notes
    -----
    An interrupted run cannot be resumed. Unlike in the paper, the generators have no noise input.

    References
    ----------
    Wang and Wan 2018, *SentiGAN: generating sentimental texts via mixture adversarial networks*,
    IJCAI; for the rollouts, Yu, Zhang, Wang and Yu 2017, *SeqGAN*, arXiv 1609.05473.
    """

    def __init__(
        self,
        n_words: int = 4_000,
        most_words: int = 15,
        units: int = 128,
        embedding_dim: int = 50,
        filters: int = 64,
        dropout: float = 0.3,
        batch_size: int = 64,
        learning_rate: float = 5e-3,
        game_rate: float = 1e-4,
        discriminator_rate: float = 1e-3,
        n_rollouts: int = 2,
        n_places: int | None = 2,
        discriminator_steps: int = 1,
        likelihood_every: int | None = None,
        pretrained: bool = True,
        random_state: int = 0,
    ) -> None:
        self.n_words, self.most_words, self.units = n_words, most_words, units
        self.embedding_dim, self.filters, self.dropout = embedding_dim, filters, dropout
        self.batch_size, self.learning_rate, self.game_rate = batch_size, learning_rate, game_rate
        self.discriminator_rate, self.n_rollouts = discriminator_rate, n_rollouts
        self.n_places, self.discriminator_steps = n_places, discriminator_steps
        self.likelihood_every, self.pretrained = likelihood_every, pretrained
        self.random_state = random_state

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Label],
        likelihood_steps: int = 1_000,
        first_steps: int = 100,
        rounds: int = 200,
        verbose: int = 1,
    ) -> Self:
        """Train from scratch.

        Parameters
        ----------
        texts : sequence of str
            Short sentences; see `short_sentences`.
        labels : sequence of str or numbers
            One label per sentence, with at least two different labels.
        likelihood_steps : int
            Number of steps of each generator on real sentences before the game.
        first_steps : int
            Number of discriminator steps before the game.
        rounds : int
            Number of rounds in the game, each with generator steps and then discriminator steps.
        verbose : int
            0 is silent; 1 prints the source of the word vectors and shows a progress line.

        Returns
        -------
        SentiGAN
            The fitted model itself.

        Raises
        ------
        TypeError
            If a text is not a str, or the labels are not all text or all numbers.
        ValueError
            If there are no texts, a text is empty or too long, the numbers of labels and texts
            differ, labels are missing, infinite or all the same, a label has fewer sentences than a
            batch, or a parameter is out of range. After any error, the model is unchanged.
        """
        self._check_settings()
        given = {"likelihood_steps": likelihood_steps, "first_steps": first_steps, "rounds": rounds}
        likelihood_steps, first_steps, rounds = (check_count(*pair, 0) for pair in given.items())
        words = split_sentences(texts, self.most_words)
        known = enough_labels(as_labels(labels, len(words)), self.batch_size)
        as_json([self.saved_settings(), known[0]])  # raises an error now, not later in `save`
        vocabulary = Vocabulary.of(chain.from_iterable(words), self.n_words, (END,))
        parts = self._built(known[0], vocabulary)
        rows = as_rows(words, vocabulary, self.most_words + 1)
        vectors = self._vectors(vocabulary, verbose) if self.pretrained else None
        start_from_words(*parts, rows, vectors)
        sides = [rows[known[1] == number] for number in range(len(known[0]))]
        sizes = self.batch_size, self.n_rollouts, self.n_places
        trainer = SentiganTrainer(*parts, sides, *sizes, self.random_state)
        rates = self.game_rate, self.discriminator_rate
        trainer.compile(self.learning_rate, likelihood_steps, *rates)
        with no_advice_on_retracing():
            history = self._train(trainer, likelihood_steps, first_steps, rounds, verbose)
        self._use(known[0], vocabulary, parts, history)
        return self

    def _check_settings(self) -> None:
        self.n_words = check_count("n_words", self.n_words, 2)  # `END` and one word
        for name in (*_COUNTS, "n_places", "likelihood_every"):
            if name in _COUNTS or getattr(self, name) is not None:
                setattr(self, name, check_count(name, getattr(self, name)))
        self.random_state = as_tensorflow_seed(check_count("random_state", self.random_state, 0))
        # 4 tokens with `END`, for the widest filter
        self.most_words = check_count("most_words", self.most_words, 3)
        check_in_range("dropout", self.dropout, "[0, 1)", ", such as 0.3")
        for name in ("learning_rate", "game_rate", "discriminator_rate"):
            check_in_range(name, getattr(self, name), "(0, inf)", ", such as 1e-3")

    def _built(
        self, labels: list[Label], vocabulary: Vocabulary
    ) -> tuple[list[LanguageNetwork], keras.Model]:
        settings = {"embedding_dim": self.embedding_dim, "dropout": self.dropout}
        with seeded_weights(self.random_state):
            generators = [
                LanguageNetwork(len(vocabulary), units=self.units, tied=True, **settings)
                for _ in labels
            ]
            settings |= {"n_classes": len(labels) + 1, "filters": self.filters}
            length = self.most_words + 1
            return generators, build_sentence_discriminator(len(vocabulary), length, **settings)

    def _vectors(self, vocabulary: Vocabulary, verbose: int) -> np.ndarray:
        settings = {"random_state": self.random_state, "verbose": bool(verbose)}
        return load_word_vectors(vocabulary.tokens, self.embedding_dim, **settings).matrix

    def _train(
        self, trainer: SentiganTrainer, likelihood: int, first: int, rounds: int, verbose: int
    ) -> pd.DataFrame:
        log = StepLog(likelihood + first + rounds, verbose)
        for _ in range(likelihood):
            log.add("likelihood", trainer.likelihood_step)
        for _ in range(first):
            log.add("discriminator", trainer.discriminator_step)
        for number in range(1, rounds + 1):
            log.add("game", trainer.generator_step)
            for _ in range(self.discriminator_steps):
                log.add("discriminator", trainer.discriminator_step, is_own=False)
            if self.likelihood_every and number % self.likelihood_every == 0:
                log.add("likelihood", trainer.likelihood_step, is_own=False)
        return log.table()

    def _use(
        self, labels: list[Label], vocabulary: Vocabulary, parts: Any, history: pd.DataFrame
    ) -> None:
        self.labels_, self.vocabulary_, self.history_ = labels, vocabulary, history
        self.generators_, self.discriminator_ = parts
        self._writers = [SentenceWriter(g, vocabulary, self.most_words) for g in parts[0]]

    def generate(
        self,
        prompt: str = "",
        temperature: float = 1.0,
        random_state: int | None = None,
        n_samples: int | None = None,
        label: Label | Sequence[Label] | None = None,
    ) -> str | list[str]:
        """Write sentences.

        Parameters
        ----------
        prompt : str
            The beginning of the sentence, with fewer than ``most_words`` words.
        temperature : float in [0.001, 1000000]
            Below 1, probable words become even more probable.
        random_state : int, optional
            The seed; the same seed gives the same sentences.
        n_samples : int, optional
            Number of sentences. By default, one sentence is returned as a str.
        label : str, number, or sequence of n_samples labels
            The label of each sentence.

        Returns
        -------
        str or list of str
            The prompt and its continuation, as readable text. A sentence that does not end within
            ``most_words`` words is cut there.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If the prompt is not a str.
        ValueError
            If the prompt is too long or contains an unknown word, the label is missing or unknown,
            or a parameter is out of range.
        """
        self.check_fitted()
        request = WritingRequest(self.most_words, n_samples, False, random_state)
        check_in_range("temperature", temperature, "[0.001, 1000000]", ", such as 1")
        words = split_words(check_string(prompt, "the prompt"))
        self.vocabulary_.check(words, "the prompt")
        if len(words) >= self.most_words:
            raise ValueError(
                f"the prompt has {len(words)} words, but must have fewer than most_words="
                f"{self.most_words}."
            )
        asked = asked_labels(label, request.n, self.labels_)
        texts = np.empty(request.n, dtype=object)
        for number in np.unique(asked):
            mine = np.flatnonzero(asked == number)
            seed = request.seed() + int(number)  # a different seed for each label
            texts[mine] = self._writers[number].write(words, len(mine), seed, temperature)
        return texts.tolist() if n_samples is not None else texts[0]

    def class_probabilities(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return the discriminator's probability of each class for each sentence.

        Parameters
        ----------
        texts : sequence of str
            Sentences of at most ``most_words`` words and punctuation marks.

        Returns
        -------
        DataFrame of shape (n_texts, n_labels + 1)
            One column per label, and a column ``"generated"``; each row adds up to 1.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If a text is not a str.
        ValueError
            If a text is empty or too long.
        """
        self.check_fitted()
        words = split_sentences(texts, self.most_words)
        rows = as_rows(words, self.vocabulary_, self.most_words + 1)
        found = keras.ops.softmax(self.discriminator_(rows, training=False))
        return pd.DataFrame(found.numpy(), columns=[*self.labels_, "generated"])

    def check_fitted(self) -> None:
        """Raise an error if the model is not fitted.

        Raises
        ------
        RuntimeError
            If nothing has been fitted or loaded yet.
        """
        if not hasattr(self, "generators_"):
            raise RuntimeError("SentiGAN is not fitted yet. Call fit first.")

    def _write(self, archive: ModelArchive) -> dict[str, Any]:
        for number, generator in enumerate(self.generators_):
            archive.write_weights(f"generator_{number}", weights_of(generator))
        archive.write_weights("discriminator", weights_of(self.discriminator_))
        tokens, history = self.vocabulary_.tokens[1:], self.history_.to_dict("list")
        return {"labels": self.labels_, "tokens": tokens, "history": history}

    def _restore(self, state: dict[str, Any], archive: ModelArchive) -> None:
        labels, vocabulary = list(state["labels"]), Vocabulary(state["tokens"], True)
        parts = self._built(labels, vocabulary)
        for number, generator in enumerate(parts[0]):
            archive.read_weights(f"generator_{number}", generator)
        archive.read_weights("discriminator", parts[1])
        self._use(labels, vocabulary, parts, pd.DataFrame(state["history"]))
