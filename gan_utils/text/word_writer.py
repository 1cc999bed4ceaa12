"""Write texts word by word, with a requested label and optional guidance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any

import numpy as np

from gan_utils._support.backend import tf
from gan_utils._support.checks import check_count
from gan_utils.networks.language import LanguageNetwork
from gan_utils.text.sampling import FORBIDDEN, SamplingSettings
from gan_utils.text.tokens import SENTENCE_ENDS, join_words
from gan_utils.text.vocabulary import UNKNOWN, Vocabulary
from gan_utils.text.writing import Writer, WritingRequest

#: This token precedes each text and follows the last text. Writing the token ends a text.
END = "[END]"
#: Maximum number of texts written at once; each needs logits for the whole vocabulary.
_TEXTS_AT_A_TIME = 250


@dataclass(frozen=True)
class WordPrompt:
    """The beginning of the texts to write, and their requested labels.

    Parameters
    ----------
    words : list of str
        The first words, which must all be in the vocabulary.
    asked : ndarray of shape (n_texts,), int32
        The number of each text's label; 0 if there are no labels.
    guidance : float, at least 0
        The strength of the guidance towards the label.
    targets : ndarray of shape (n_texts,), or None
        The approximate number of words and punctuation marks in each text (see `finished`); if
        None, the model decides when to end a text.
    """

    words: list[str]
    asked: np.ndarray
    guidance: float = 0.0
    targets: np.ndarray | None = None

    def with_asked(self, asked: np.ndarray) -> "WordPrompt":
        """Return a copy of the prompt with other requested labels.

        Parameters
        ----------
        asked : ndarray of shape (n_texts,), int32
            The number of each text's label.

        Returns
        -------
        WordPrompt
        """
        return replace(self, asked=asked)


class WordWriter(Writer):
    """Continue a prompt, word by word, up to the end of the text.

    Parameters
    ----------
    network : LanguageNetwork
        A network trained on words.
    vocabulary : Vocabulary
        The network's vocabulary, which must be open-ended and contain `END`.
    n_labels : int
        Number of labels that the network knows.
    """

    def __init__(self, network: LanguageNetwork, vocabulary: Vocabulary, n_labels: int) -> None:
        super().__init__(network, vocabulary)
        self.n_labels = max(1, n_labels)

    def write(
        self, prompt: WordPrompt, request: WritingRequest, settings: SamplingSettings
    ) -> str | list[str]:
        """Write one text or several.

        Parameters
        ----------
        prompt : WordPrompt
            The beginning of the texts, and their labels.
        request : WritingRequest
            The number of texts and their maximum length.
        settings : SamplingSettings
            How a word is chosen.

        Returns
        -------
        str or list of str
            One text, or a list of texts if the request gives a number of texts. Each text begins
            with the prompt.
        """
        if request.n_samples is not None:
            return self._many(prompt, request, settings)
        draws = self._draws(prompt, request.length, settings, request.seed(), request.at_once)
        return request.shown(_growing_text(prompt, self.decoded(draws)))

    def _many(
        self, prompt: WordPrompt, request: WritingRequest, settings: SamplingSettings
    ) -> list[str]:
        """Write many texts in batches of equal size, because every new size needs a compilation."""
        n_parts = -(-request.n // _TEXTS_AT_A_TIME)
        size = -(-request.n // n_parts)
        padded = np.resize(prompt.asked, n_parts * size).reshape(n_parts, size)
        seeds = np.random.SeedSequence(request.seed()).generate_state(n_parts)
        rows = []
        for some, seed in zip(map(prompt.with_asked, padded), seeds, strict=True):
            rows.extend(*self._draws(some, request.length, settings, int(seed)))
        texts = ([*prompt.words, *self.vocabulary.decode(row)] for row in rows)
        targets = repeat(None, request.n) if prompt.targets is None else prompt.targets
        n_given = len(prompt.words)
        return [
            join_words(finished(words, target, n_given))
            for words, target in zip(texts, targets, strict=False)
        ]

    def _draws(
        self,
        prompt: WordPrompt,
        length: int,
        settings: SamplingSettings,
        seed: int,
        at_once: int | None = None,
    ) -> Iterator[np.ndarray]:
        """Draw word numbers; with guidance, the network reads each text with every label."""
        logits, states = self._read(prompt)
        if not prompt.words:  # a text has at least one word
            logits -= tf.one_hot(self._number(END), len(self.vocabulary), on_value=-FORBIDDEN)
        step = self._guided_step if prompt.guidance else self._step
        never = [UNKNOWN] if prompt.targets is None else [UNKNOWN, END]
        sampler = self.sampler(settings, step, [self._number(token) for token in never])
        return sampler.draw(logits, states, length, seed, at_once)

    def _read(self, prompt: WordPrompt) -> tuple[Any, dict[str, Any]]:
        """Read the words of a prompt; return the logits of the next word, and the states."""
        asked, n = prompt.asked, len(prompt.asked)
        labels = np.arange(self.n_labels, dtype=np.int32).repeat(n) if prompt.guidance else asked
        read = self.network.zero_states(len(labels))
        for number in self.vocabulary.encode([END, *prompt.words]):
            step = tf.fill([len(labels)], int(number)), tf.constant(labels), read
            logits, read = self.network.step(*step)
        states = {"labels": tf.constant(labels), "read": read}
        if prompt.guidance:
            states["asked"] = tf.one_hot(asked, self.n_labels, axis=0)
            states["guidance"] = tf.constant(prompt.guidance)
            logits = _guided_logits(logits, states)
        return logits, states

    def _number(self, token: str) -> int:
        return self.vocabulary.tokens.index(token)

    def _step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        logits, read = self.network.step(tokens, states["labels"], states["read"])
        return logits, {**states, "read": read}

    def _guided_step(self, tokens: Any, states: Any) -> tuple[Any, Any]:
        logits, states = self._step(tf.tile(tokens, [self.n_labels]), states)
        return _guided_logits(logits, states), states


def _guided_logits(logits: Any, states: Any) -> Any:
    """Combine the logits, of shape (n_labels * n, words), to favour the requested labels."""
    asked = states["asked"][:, :, None]
    n_labels = asked.shape[0]
    logs = tf.reshape(tf.nn.log_softmax(logits), (n_labels, -1, logits.shape[-1]))
    wanted = tf.reduce_sum(logs * asked, axis=0)
    others = tf.reduce_sum(logs * (1 - asked), axis=0) / (n_labels - 1)
    return wanted + states["guidance"] * (wanted - others)


def target_lengths(asked: int | Sequence[int] | None, n: int) -> np.ndarray | None:
    """Return the approximate length of each of n texts.

    Parameters
    ----------
    asked : int, sequence of n ints, or None
        One length for all texts, or one length per text; if None, the model decides when to end a
        text.
    n : int
        Number of texts.

    Returns
    -------
    ndarray of shape (n,), or None

    Raises
    ------
    ValueError
        If there are not n lengths, or a length is not a whole number of at least 1.
    """
    if asked is None:
        return None
    lengths = [asked] * n if np.ndim(asked) == 0 else list(asked)
    if len(lengths) != n:
        raise ValueError(
            f"target_length has {len(lengths)} entries for {n} texts. Give one per text."
        )
    return np.array([check_count("target_length", length) for length in lengths])


def finished(words: list[str], target: int | None = None, n_given: int = 0) -> list[str]:
    """Remove the words after the end of a text.

    Parameters
    ----------
    words : list of str
        The words written, including the prompt; some may come after the end of the text.
    target : int, optional
        Number of words that the text should reach: the text is cut after the sentence that brings
        it to this length. By default, the text ends before the first `END`.
    n_given : int
        How many of the words belong to the prompt, which is never cut.

    Returns
    -------
    list of str
        The words up to the end of the text; all words if the end is not reached.
    """
    if target is None:
        return words[: words.index(END)] if END in words else words
    for place in range(max(int(target) - 1, n_given), len(words)):
        if words[place] in SENTENCE_ENDS:
            return words[: place + 1]
    return words


def _growing_text(prompt: WordPrompt, pieces: Iterator[list[str]]) -> Iterator[str]:
    """Yield the string that each list of words adds to a text, until the text ends."""
    target = None if prompt.targets is None else prompt.targets[0]
    written, text = list(prompt.words), ""
    for tokens in chain([[]], pieces):
        written += tokens
        kept = finished(written, target, len(prompt.words))
        before, text = text, join_words(kept)
        yield text[len(before) :]
        if len(kept) < len(written):
            return
