"""Cut passages of whole words out of a text, exactly as they are written."""

import re
from functools import cached_property

import numpy as np

from gan_utils.text.tokens import split_words


class WrittenText:
    """A text whose passages are measured in words but returned exactly as written.

    The text is cut only at white space, so punctuation marks are not separated from words.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> WrittenText("Down, down,  DOWN. Would the fall").passage(2, 4)
    'down,  DOWN.'
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _pieces(self) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\S+", self.text)]

    @cached_property
    def _before(self) -> np.ndarray:
        """Count the words before each piece, and the words in the whole text."""
        # Each piece includes the white space around it, which determines how a dash is split.
        pieces = [self.text[max(a - 1, 0) : b + 1] for a, b in self._pieces]
        counts = [len(split_words(piece)) for piece in pieces]
        return np.concatenate([[0], np.cumsum(counts)]).astype(int)

    def passage(self, first: int, n: int) -> str:
        """Return the passage that lies within a run of words.

        Parameters
        ----------
        first : int, at least 0
            The index of the run's first word in the list that `split_words` returns for the text.
        n : int, at least 1
            The run's length in words. Pieces (separated by white space) that lie only partly in the
            run are left out; if none would remain, the piece with the first word is returned.

        Returns
        -------
        str
        """
        start = int(np.searchsorted(self._before, first))
        end = int(np.searchsorted(self._before, first + n, side="right")) - 1
        if end <= start:
            start = max(int(np.searchsorted(self._before, first, side="right")) - 1, 0)
            end = start + 1
        spans = self._pieces[start:end]
        return self.text[spans[0][0] : spans[-1][1]] if spans else ""
