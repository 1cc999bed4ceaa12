"""A language model that counts n-grams, the baseline for every other language model.

The package has its own counter because the model must look up which tokens follow a history, and
scikit-learn's ``CountVectorizer`` does not store this information. Counting with
``CountVectorizer`` and sorting its n-grams by history gives the same counts (a test compares them)
but takes 4 to 6 times as long on *Alice* with order 5, and 12 to 15 times as long with order 8.
``CountVectorizer`` also merges white space, so it cannot count line breaks.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Self

import numpy as np

from gan_utils._support.checks import check_count, check_in_range
from gan_utils.text.bits import BitsMixin
from gan_utils.text.followers import NOWHERE, count_followers
from gan_utils.text.inputs import BETWEEN_TEXTS, as_texts, check_string
from gan_utils.text.tokens import join_words, split_words

#: The kinds of tokens.
_TOKEN_KINDS = ("char", "word")
#: A separate token that marks the end of a text before the next one begins.
_TEXT_END = "\n"


class NgramModel(BitsMixin):
    r"""Predict each token from how often it followed the preceding tokens.

    A model of order 3 looks at the two preceding tokens. Its counts are mixed with the prediction
    of the next lower order, which gets more weight if the counts are few and varied:

    .. math:: P(w \mid h) = \frac{c(h, w) + t(h) P(w \mid h')}{c(h) + t(h)}

    where :math:`c(h, w)` is the count of token w after history h, :math:`c(h)` is the count of all
    tokens after h, :math:`t(h)` is the number of distinct tokens after h, and :math:`h'` is h
    without its oldest token. Order 0 gives all tokens equal probabilities, and treats all unknown
    tokens as one token.

    Parameters
    ----------
    order : int
        Length of the n-grams: 1 for single tokens, 2 for pairs, and so on.
    level : {"char", "word"}
        Whether a token is a letter or a word.
    most : int, optional
        Keep only this many of the most frequent tokens; all others count as one token.
    lowercase : bool
        Whether to convert the text to lower case. At the word level, it is always converted.

    Attributes
    ----------
    tokens_ : list of str
        The known tokens, sorted.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    References
    ----------
    Witten and Bell 1991, *The zero-frequency problem*; Chen and Goodman 1999, *An empirical study
    of smoothing techniques for language modeling*.
    """

    def __init__(
        self, order: int = 5, level: str = "char", most: int | None = None, lowercase: bool = True
    ) -> None:
        check_count("order", order)
        if level not in _TOKEN_KINDS:
            raise ValueError(f"level={level!r} is unknown: use one of {', '.join(_TOKEN_KINDS)}.")
        if most is not None:
            check_count("most", most)
        self.order, self.level, self.most, self.lowercase = order, level, most, lowercase

    def fit(self, text: str | Sequence[str]) -> Self:
        """Count the n-grams of a text.

        Parameters
        ----------
        text : str or sequence of str
            One text or several.

        Returns
        -------
        NgramModel
            The fitted model itself.

        Raises
        ------
        TypeError
            If a text is not a str.
        ValueError
            If there are no tokens in the text.
        """
        tokens = self._tokens(text)
        if not any(token != _TEXT_END or self.level == "char" for token in tokens):
            raise ValueError("the text is empty. Give at least some words.")
        frequent = sorted(Counter(tokens).items(), key=lambda pair: (-pair[1], pair[0]))
        self.tokens_ = sorted(token for token, _ in frequent[: self.most])
        self._numbers = {token: number for number, token in enumerate(self.tokens_)}
        numbers = self._encode(tokens)
        self._followers = count_followers(numbers, self.order, len(self._numbers) + 1)
        return self

    def token_bits(self, text: str | Sequence[str]) -> np.ndarray:
        """Return how many bits each token except the first costs, given the tokens before it.

        Parameters
        ----------
        text : str or sequence of str
            One text or several.

        Returns
        -------
        ndarray of shape (n - 1,)
            Minus the logarithm to base 2 of each token's probability.

        Raises
        ------
        TypeError
            If a text is not a str.
        RuntimeError
            If nothing has been fitted yet.
        ValueError
            If there are fewer than two tokens.
        """
        self._check_fitted()
        numbers = self._encode(self._tokens(text))
        if len(numbers) < 2:
            raise ValueError(f"the text has {len(numbers)} tokens; at least 2 are needed.")
        return -np.log2(self._probabilities(numbers)[1:])

    def probabilities(self, prompt: str) -> np.ndarray:
        """Return the probability of each known token, and of an unknown one, after a prompt.

        Parameters
        ----------
        prompt : str
            The preceding text; it may contain unknown tokens.

        Returns
        -------
        ndarray of shape (n_tokens + 1,)
            Probabilities that add up to 1; the last is the probability of an unknown token.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If the prompt is not a str.
        """
        self._check_fitted()
        return self._distribution(self._histories(self._read(prompt)))

    def generate(
        self,
        prompt: str = "",
        length: int = 200,
        temperature: float = 1.0,
        random_state: int | None = None,
    ) -> str:
        """Continue a text; unknown tokens are never written.

        Parameters
        ----------
        prompt : str
            The beginning of the text; it may contain unknown tokens.
        length : int
            Number of tokens to write.
        temperature : float, above 0
            Below 1, frequent tokens become even more probable.
        random_state : int, optional
            The seed.

        Returns
        -------
        str
            The prompt and its continuation.

        Raises
        ------
        RuntimeError
            If nothing has been fitted yet.
        TypeError
            If the prompt is not a str.
        ValueError
            If the temperature is not above 0, or the length is less than 1.
        """
        self._check_fitted()
        check_count("length", length)
        check_in_range("temperature", temperature, "(0, inf]", ", such as 0.7")
        rng, histories = np.random.default_rng(random_state), self._histories(self._read(prompt))
        written = []
        for _ in range(length):
            weights = self._distribution(histories)[:-1]
            # The largest weight is scaled to 1, so the weights cannot all become 0.
            weights = (weights / weights.max()) ** (1 / temperature)
            number = int(rng.choice(len(weights), p=weights / weights.sum()))
            written.append(self.tokens_[number])
            histories = self._extended(histories, number)
        return self._joined(prompt, written)

    def _read(self, prompt: str) -> np.ndarray:
        return self._encode(self._tokens(check_string(prompt, "the prompt")))

    def _joined(self, prompt: str, written: list[str]) -> str:
        if self.level == "char":
            return prompt + "".join(written)
        return join_words([t for t in [*split_words(prompt), *written] if t != _TEXT_END])

    def _tokens(self, text: str | Sequence[str]) -> list[str]:
        texts = as_texts(text, blank=True)
        if self.level == "word":
            return [token for one in texts for token in [*split_words(one), _TEXT_END]][:-1]
        whole = BETWEEN_TEXTS.join(texts)
        return list(whole.lower() if self.lowercase else whole)

    def _encode(self, tokens: list[str]) -> np.ndarray:
        """Return token numbers; all unknown tokens share the number after the last known token."""
        unknown = len(self._numbers)
        numbers = (self._numbers.get(token, unknown) for token in tokens)
        return np.fromiter(numbers, np.int64, len(tokens))

    def _probabilities(self, numbers: np.ndarray) -> np.ndarray:
        """Return the probability of each token of a text, given the tokens before it."""
        p = np.full(len(numbers), 1 / (len(self.tokens_) + 1))
        histories = np.zeros_like(numbers)
        for followers in self._followers:
            total, kinds = followers.totals[histories], followers.kinds[histories]
            places = followers.find(histories, numbers)
            count = np.append(followers.counts, 0)[places]  # NOWHERE (-1) picks the appended 0
            is_known = (histories != NOWHERE) & (total > 0)
            p = np.divide(count + kinds * p, total + kinds, out=p, where=is_known)
            histories = np.append(NOWHERE, places[:-1])
        return p

    def _histories(self, numbers: np.ndarray) -> list[int]:
        """Return the numbers of the histories of 0, 1, 2, ... tokens at the end of a text."""
        histories = [0] + [NOWHERE] * (self.order - 1)
        for number in numbers[max(0, len(numbers) - self.order + 1) :]:
            histories = self._extended(histories, number)
        return histories

    def _extended(self, histories: list[int], number: int) -> list[int]:
        """Return the numbers of the histories after one more token is added."""
        known = zip(self._followers[:-1], histories, strict=False)
        return [0] + [int(followers.find(history, number)) for followers, history in known]

    def _distribution(self, histories: list[int]) -> np.ndarray:
        """Return the probabilities of all known tokens, followed by that of an unknown token."""
        p = np.full(len(self.tokens_) + 1, 1 / (len(self.tokens_) + 1))
        for followers, history in zip(self._followers, histories, strict=True):
            if history == NOWHERE or not followers.totals[history]:
                break
            kinds, total = followers.kinds[history], followers.totals[history]
            p *= kinds / (total + kinds)
            tokens, counts = followers.of(history)
            p[tokens] += counts / (total + kinds)
        return p

    def _check_fitted(self) -> None:
        if not hasattr(self, "_followers"):
            raise RuntimeError("NgramModel is not fitted yet. Call fit(text) first.")
