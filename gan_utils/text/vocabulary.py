"""Convert tokens to whole numbers and back."""

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from gan_utils._support.backend import keras
from gan_utils.text.inputs import check_string

#: This token replaces every token that is not in the vocabulary.
UNKNOWN = "[UNK]"


class Vocabulary:
    """The tokens that a model knows, each with a number.

    Parameters
    ----------
    tokens : sequence of str
        The known tokens, without repetitions, in the order of their numbers.
    open_ended : bool
        Whether other tokens are accepted; if so, they all become `UNKNOWN`, which has number 0.

    Attributes
    ----------
    tokens : list of str
        All tokens in the order of their numbers, including `UNKNOWN` if ``open_ended`` is True.

    Raises
    ------
    TypeError
        If a token is not a str.
    ValueError
        If there are no tokens, or a token is repeated or is half a character (a lone surrogate).
    """

    def __init__(self, tokens: Sequence[str], open_ended: bool = False) -> None:
        self.open_ended = open_ended
        self.tokens = [*([UNKNOWN] if open_ended else []), *tokens]
        for place, token in enumerate(tokens):
            check_string(token, f"the vocabulary's token {place}")
        settings = {"num_oov_indices": int(open_ended), "oov_token": UNKNOWN}
        # This is an array of objects, because NumPy's strings lose a NUL character at the end.
        known = np.array(list(tokens), dtype=object)
        self._lookup = keras.layers.StringLookup(vocabulary=known, **settings)
        self._known = frozenset(self.tokens)

    @classmethod
    def of(
        cls, tokens: Iterable[str], most: int | None = None, first: Sequence[str] = ()
    ) -> "Vocabulary":
        """Collect the vocabulary of a text.

        Parameters
        ----------
        tokens : iterable of str
            The tokens of the text, in order.
        most : int, optional
            Keep only this many tokens (``first``, then the most frequent ones), and accept others
            as `UNKNOWN`. By default, all tokens are kept in sorted order, and no others are
            accepted.
        first : sequence of str
            Tokens that get the lowest numbers (after `UNKNOWN`, if it is included), whether or not
            they occur in the text.

        Returns
        -------
        Vocabulary
            If ``most`` is given, more frequent tokens have smaller numbers, except that
            `UNKNOWN` and the tokens in ``first`` come before all others.
        """
        counts = Counter(tokens)
        if most is None:
            return cls([*first, *sorted(counts.keys() - set(first))])
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        frequent = [token for token, _ in ranked if token not in {*first, UNKNOWN}]
        return cls([*first, *frequent][:most], open_ended=True)

    def __len__(self) -> int:
        """Return the size of the vocabulary."""
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        """Return whether a token is known."""
        return token in self._known

    def encode(self, tokens: Sequence[str], where: str = "the text") -> np.ndarray:
        """Return the token numbers.

        Parameters
        ----------
        tokens : sequence of str
            The tokens, which must all be known unless the vocabulary accepts others.
        where : str
            The name of the text, for the error message.

        Returns
        -------
        ndarray of shape (n,), int32

        Raises
        ------
        ValueError
            If a token is unknown and unknown tokens are not accepted.
        """
        if not self.open_ended:
            self.check(tokens, where)
        if not len(tokens):
            return np.zeros(0, np.int32)
        # Tokens recur in a text, so each different token is looked up only once.
        different = list(set(tokens))
        numbers = np.asarray(self._lookup(np.asarray(different, dtype=object)))
        places = dict(zip(different, numbers.tolist(), strict=True))
        return np.fromiter(map(places.__getitem__, tokens), np.int32, len(tokens))

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Return the tokens that have the given numbers.

        Parameters
        ----------
        numbers : iterable of int
            Token numbers, at least 0 and less than the size of the vocabulary.

        Returns
        -------
        list of str
        """
        return [self.tokens[int(number)] for number in numbers]

    def check(self, tokens: Iterable[str], where: str) -> None:
        """Raise an error if a token is unknown.

        Parameters
        ----------
        tokens : iterable of str
            Tokens that must all be known.
        where : str
            The name of the text, for the error message.

        Raises
        ------
        ValueError
            If a token is unknown; the message gives the token, its position and the most similar
            known tokens.
        """
        for place, token in enumerate(tokens):
            if token not in self._known or token == UNKNOWN:
                near = ", ".join(map(repr, self.nearest(token)))
                raise ValueError(
                    f"{where} holds {token!r} (token {place + 1}), which the model never saw. "
                    f"Nearest that it knows: {near or 'none'}."
                )

    def nearest(self, token: str, n: int = 3) -> list[str]:
        """Return the known tokens that are most similar to a given token, in order of similarity.

        Parameters
        ----------
        token : str
            The token to compare. Words are compared by the letters that they share. For a single
            character, the same character without its accent comes first, then characters of the
            same kind.
        n : int
            Maximum number of tokens.

        Returns
        -------
        list of str
            At most n tokens.
        """
        known = [t for t in self.tokens if t != UNKNOWN]
        if len(token) > 1:
            return difflib.get_close_matches(token.lower(), known, n, cutoff=0.5)
        return sorted((t for t in known if len(t) == 1), key=lambda t: _strangeness(t, token))[:n]


def _strangeness(known: str, unknown: str) -> tuple[bool, bool, int]:
    """Return a sort key that compares the base letters, then the kinds, then the code points."""
    plain = unicodedata.normalize("NFKD", unknown)[0].lower()
    kinds = unicodedata.category(known)[0] != unicodedata.category(unknown)[0]
    return known != plain, kinds, abs(ord(known) - ord(plain))
