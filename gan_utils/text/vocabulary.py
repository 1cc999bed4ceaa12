"""Tokens to whole numbers and back."""

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from gan_utils._support.backend import keras
from gan_utils.text.inputs import check_string

#: What stands for every token that is not in the vocabulary.
UNKNOWN = "[UNK]"


class Vocabulary:
    """The tokens that a model knows, each with a number.

    Parameters
    ----------
    tokens : sequence of str
        Without repetition; their places are their numbers.
    open_ended : bool
        Whether other tokens are let in too, as number 0, `UNKNOWN`.

    Attributes
    ----------
    tokens : list of str
        By number, `UNKNOWN` included where it is.

    Raises
    ------
    TypeError
        If a token is no str.
    ValueError
        If there is no token, one is repeated, or one is half a character (a lone surrogate).
    """

    def __init__(self, tokens: Sequence[str], open_ended: bool = False) -> None:
        self.open_ended = open_ended
        self.tokens = [*([UNKNOWN] if open_ended else []), *tokens]
        for place, token in enumerate(tokens):
            check_string(token, f"the vocabulary's token {place}")
        settings = {"num_oov_indices": int(open_ended), "oov_token": UNKNOWN}
        # As objects: NumPy's own strings lose a NUL at their end.
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
            In the order of the text.
        most : int, optional
            Keep so many of the most frequent ones, and let others in as `UNKNOWN`. By default all
            are kept, in the order of their characters, and no others let in.
        first : sequence of str
            Tokens that come first, whether they occur or not.

        Returns
        -------
        Vocabulary
            A token that occurs more often has a smaller number where ``most`` is given.
        """
        counts = Counter(tokens)
        if most is None:
            return cls([*first, *sorted(counts.keys() - set(first))])
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        frequent = [token for token, _ in ranked if token not in {*first, UNKNOWN}]
        return cls([*first, *frequent][:most], open_ended=True)

    def __len__(self) -> int:
        """Return how many numbers there are."""
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        """Say whether a token is known."""
        return token in self._known

    def encode(self, tokens: Sequence[str], where: str = "the text") -> np.ndarray:
        """Return the numbers of tokens.

        Parameters
        ----------
        tokens : sequence of str
            Unknown ones must be let in or absent.
        where : str
            What they stand in, for the error.

        Returns
        -------
        ndarray of shape (n,), int32

        Raises
        ------
        ValueError
            If a token is unknown and none are let in.
        """
        if not self.open_ended:
            self.check(tokens, where)
        if not len(tokens):
            return np.zeros(0, np.int32)
        # A text holds the same few tokens again and again: each is looked up once.
        different = list(set(tokens))
        numbers = np.asarray(self._lookup(np.asarray(different, dtype=object)))
        places = dict(zip(different, numbers.tolist(), strict=True))
        return np.fromiter(map(places.__getitem__, tokens), np.int32, len(tokens))

    def decode(self, numbers: Iterable[int]) -> list[str]:
        """Return the tokens of numbers.

        Parameters
        ----------
        numbers : iterable of int
            From 0 up to the size of the vocabulary, exclusive.

        Returns
        -------
        list of str
        """
        return [self.tokens[int(number)] for number in numbers]

    def check(self, tokens: Iterable[str], where: str) -> None:
        """Refuse unknown tokens.

        Parameters
        ----------
        tokens : iterable of str
            All of them must be known.
        where : str
            What they stand in, for the error.

        Raises
        ------
        ValueError
            If one is unknown; it names it, says where it stands, and the nearest known ones.
        """
        for place, token in enumerate(tokens):
            if token not in self._known or token == UNKNOWN:
                near = ", ".join(map(repr, self.nearest(token)))
                raise ValueError(
                    f"{where} holds {token!r} (token {place + 1}), which the model never saw. "
                    f"Nearest that it knows: {near or 'none'}."
                )

    def nearest(self, token: str, n: int = 3) -> list[str]:
        """Return known tokens that look most like this one, nearest first.

        Parameters
        ----------
        token : str
            For a word those with many letters in common; for a single character the same one
            without its accent, then those of the same kind.
        n : int
            How many at most.

        Returns
        -------
        list of str
            Up to n of them.
        """
        known = [t for t in self.tokens if t != UNKNOWN]
        if len(token) > 1:
            return difflib.get_close_matches(token.lower(), known, n, cutoff=0.5)
        return sorted((t for t in known if len(t) == 1), key=lambda t: _strangeness(t, token))[:n]


def _strangeness(known: str, unknown: str) -> tuple[bool, bool, int]:
    """Order characters by their likeness: the same letter, the same kind, the nearest number."""
    plain = unicodedata.normalize("NFKD", unknown)[0].lower()
    kinds = unicodedata.category(known)[0] != unicodedata.category(unknown)[0]
    return known != plain, kinds, abs(ord(known) - ord(plain))
