"""An explanation of a text, with its words, their weights, and a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count
from gan_utils.explain.base import Explanation
from gan_utils.text.tokens import combining_marks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A word, including any part joined by an apostrophe: "didn't" is removed as a whole.
_LETTER = rf"\w{combining_marks()}*"
WORD = re.compile(rf"(?:{_LETTER})+(?:['’](?:{_LETTER})+)*")
#: Maximum number of characters per line, and of lines, for a text in a figure.
LETTERS, LINES = 76, 22
#: Font size and line spacing of the text, in points.
TYPE, LEADING = 10, 15.5
#: Minimum height of a figure, in lines of text: the bars beside a short text need room.
FEWEST = 10


def without_words(text: str, gone: set[str]) -> str:
    """Remove words from a text wherever they occur.

    Parameters
    ----------
    text : str
        Any text.
    gone : set of str
        The words to remove, in their exact spelling. Everything between words is left unchanged.

    Returns
    -------
    str
    """
    return WORD.sub(lambda found: "" if found[0] in gone else found[0], text)


@dataclass(frozen=True, repr=False)
class TextExplanation(Explanation):
    """The contribution of each word of a text to the probability of one class.

    Attributes
    ----------
    text : str
        The text.
    words : tuple of str
        The text's distinct words, in order of first occurrence; ``The`` and ``the`` count as two
        words.
    weights : ndarray of shape (n_words,)
        How much the probability of the target falls when a word is removed wherever it occurs,
        according to the linear fit. A weight is negative if the word is evidence against the
        target.
    intercept : float
        The value of the linear fit when all words are removed.
    fit : float
        R² of the fit on the changed texts, which are weighted by their similarity to the original
        text; 1 is a perfect fit. If R² is low, the weights are of little use.
    target : int
        The class that is explained.
    probability : float
        The classifier's probability of that class for the text.
    output : {"classes", "probabilities", "logits"}
        How the classifier's outputs are interpreted.
    """

    text: str
    words: tuple[str, ...]
    weights: np.ndarray
    intercept: float
    fit: float
    target: int
    probability: float
    output: str = "classes"

    part: ClassVar[str] = "word"
    samples: ClassVar[str] = "texts"

    def top(self, n: int = 10) -> pd.DataFrame:
        """Return the n words with the largest weights, whether they support or oppose the target.

        Parameters
        ----------
        n : int
            Number of words.

        Returns
        -------
        DataFrame
            A table with the columns ``word`` and ``weight``, sorted by decreasing absolute weight.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1.
        """
        check_count("n", n)
        order = np.argsort(-np.abs(self.weights), kind="stable")[:n]
        words = [self.words[number] for number in order]
        return pd.DataFrame({"word": words, "weight": self.weights[order]})

    def hide(self, parts: Iterable[int]) -> str:
        """Return the text without the given words.

        Parameters
        ----------
        parts : iterable of int
            Indices of the words to remove. Everything between words is left unchanged.

        Returns
        -------
        str
        """
        return without_words(self.text, {self.words[number] for number in parts})

    def plot(self, name: str | None = None, n: int = 10) -> Figure:
        """Plot the text with its words shaded by their weights, and the largest weights as bars.

        Parameters
        ----------
        name : str, optional
            The name of the target; by default its number.
        n : int
            Number of bars.

        Returns
        -------
        matplotlib Figure
            The figure, already closed. Blue words support the target, and orange words oppose it.
            For a long text, only the beginning is shown.
        """
        from gan_utils.plots.style import course_figure, plain_text

        name = plain_text(f"class {self.target}" if name is None else name)
        lines = self._lines()
        height = (max(len(lines), FEWEST) * LEADING + 50) / 72
        with course_figure(10.5, height) as figure:
            text, bars = figure.subplots(1, 2, width_ratios=(2.5, 1))
            self._draw_text(text, lines)
            text.set_title(f"{name}: probability {self.probability:.2f}", loc="left")
            self._draw_bars(bars, n)
            bars.set_title(f"weights (R² {self.fit:.2f})", loc="left")
        return figure

    @cached_property
    def _weight_of(self) -> dict[str, float]:
        return dict(zip(self.words, self.weights.tolist(), strict=True))

    def _lines(self) -> list[str]:
        """Break the text between words; cut it off if it is too long to draw."""
        import textwrap

        return textwrap.wrap(self.text, LETTERS, max_lines=LINES, placeholder=" [...]") or [""]

    def _shade(self, weight: float) -> Any:
        from matplotlib.colors import LinearSegmentedColormap

        from gan_utils.plots.style import PALETTE

        # Use pale colours at the ends: black letters must be readable on the strongest shade.
        shades = LinearSegmentedColormap.from_list("for", [PALETTE[1], "white", PALETTE[5]])
        most = max(float(np.abs(self.weights).max()), 1e-9)
        return shades(0.5 + weight / most / 2)

    def _draw_text(self, axis: Any, lines: list[str]) -> None:
        axis.set_axis_off()
        axis.set(xlim=(0, LETTERS), ylim=(max(len(lines), FEWEST), 0))
        # In a fixed-width font, a letter's index in the line gives its horizontal position.
        for number, line in enumerate(lines):
            for found in WORD.finditer(line):
                width, weight = len(found[0]), self._weight_of.get(found[0], 0.0)
                if weight:
                    place = (found.start(), number + 0.1)
                    axis.add_patch(_box(place, width, self._shade(weight)))
            # Two dollar signs would turn the text between them into mathematics.
            style = {"family": "monospace", "fontsize": TYPE, "va": "center", "parse_math": False}
            for start, piece in _pieces(line):
                axis.text(start, number + 0.5, piece, **style)

    def _draw_bars(self, axis: Any, n: int) -> None:
        from matplotlib.patches import Patch

        from gan_utils.plots.style import GREY, PALETTE, plain_text

        top = self.top(n)
        places = np.arange(len(top))
        colours = [PALETTE[0] if weight > 0 else PALETTE[1] for weight in top["weight"]]
        axis.barh(places, top["weight"], color=colours)
        axis.set_yticks(places, [plain_text(word) for word in top["word"]])
        axis.invert_yaxis()
        axis.axvline(0, color=GREY, linewidth=0.8)
        axis.set_xlabel("weight (probability)")
        sides = {"for": PALETTE[0], "against": PALETTE[1]}
        names = [Patch(color=colour, label=side) for side, colour in sides.items()]
        axis.legend(handles=names, loc="lower right")


def _box(place: tuple[float, float], width: int, colour: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(place, width, 0.8, color=colour, linewidth=0)


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """Cut a line at its spaces to prevent rounding errors in widths from adding up."""
    for found in re.finditer(r"\S+", line):
        yield found.start(), found[0]
