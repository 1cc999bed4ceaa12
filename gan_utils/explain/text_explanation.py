"""The explanation of a text: words, their weights, and a picture of them."""

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

#: A word, with what an apostrophe joins to it: "didn't" is taken out whole.
_LETTER = rf"\w{combining_marks()}*"
WORD = re.compile(rf"(?:{_LETTER})+(?:['’](?:{_LETTER})+)*")
#: Letters a line, and lines, of a text that is drawn.
LETTERS, LINES = 76, 22
#: Of the type it is drawn in: points, and points from line to line.
TYPE, LEADING = 10, 15.5
#: A short text leaves room for so many lines, so that the bars beside it fit.
FEWEST = 10


def without_words(text: str, gone: set[str]) -> str:
    """Take words out of a text wherever they stand.

    Parameters
    ----------
    text : str
        Any text.
    gone : set of str
        The words, as they stand there; what stands between words stays.

    Returns
    -------
    str
    """
    return WORD.sub(lambda found: "" if found[0] in gone else found[0], text)


@dataclass(frozen=True, repr=False)
class TextExplanation(Explanation):
    """What each word of a text adds to the probability of one class.

    Attributes
    ----------
    text : str
        The text.
    words : tuple of str
        Its different words, in the order of their first places; ``The`` and ``the`` are two.
    weights : ndarray of shape (n_words,)
        What the probability of the target loses when the word is taken out wherever it stands, as
        the straight line has it. Negative where the word speaks against the target.
    intercept : float
        The line's value with every word taken out.
    fit : float
        R² of the line on the changed texts, weighted by likeness to the text: 1 is a perfect fit.
        Where it is low, the weights say little.
    target : int
        The class that is explained.
    probability : float
        That class's probability for the text, by the classifier.
    output : {"classes", "probabilities", "logits"}
        How the classifier's answers are read.
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
        """Return the n words with the largest weights, for the target or against it.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        DataFrame
            Columns ``word`` and ``weight``, the largest first, whatever its sign.

        Raises
        ------
        ValueError
            If ``n`` is no whole number of at least 1.
        """
        check_count("n", n)
        order = np.argsort(-np.abs(self.weights), kind="stable")[:n]
        words = [self.words[number] for number in order]
        return pd.DataFrame({"word": words, "weight": self.weights[order]})

    def hide(self, parts: Iterable[int]) -> str:
        """Return the text without some words.

        Parameters
        ----------
        parts : iterable of int
            Numbers of words. What stands between words stays.

        Returns
        -------
        str
        """
        return without_words(self.text, {self.words[number] for number in parts})

    def plot(self, name: str | None = None, n: int = 10) -> Figure:
        """Draw the text with its words shaded by their weights, and the largest weights as bars.

        Parameters
        ----------
        name : str, optional
            What the target is called; by default its number.
        n : int
            How many bars.

        Returns
        -------
        matplotlib Figure
            Closed. Words in blue speak for the target, those in orange against it. Of a long text
            the beginning is drawn.
        """
        from gan_utils.plots.style import course_figure

        name = f"class {self.target}" if name is None else name
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
        """Break the text between words; cut it where it is too long to draw."""
        import textwrap

        return textwrap.wrap(self.text, LETTERS, max_lines=LINES, placeholder=" [...]") or [""]

    def _shade(self, weight: float) -> Any:
        from matplotlib.colors import LinearSegmentedColormap

        from gan_utils.plots.style import PALETTE

        # From pale colours, so that black letters can be read on the strongest.
        shades = LinearSegmentedColormap.from_list("for", [PALETTE[1], "white", PALETTE[5]])
        most = max(float(np.abs(self.weights).max()), 1e-9)
        return shades(0.5 + weight / most / 2)

    def _draw_text(self, axis: Any, lines: list[str]) -> None:
        axis.set_axis_off()
        axis.set(xlim=(0, LETTERS), ylim=(max(len(lines), FEWEST), 0))
        # In a type of one width, a letter's place is its number.
        for number, line in enumerate(lines):
            for found in WORD.finditer(line):
                width, weight = len(found[0]), self._weight_of.get(found[0], 0.0)
                if weight:
                    place = (found.start(), number + 0.1)
                    axis.add_patch(_box(place, width, self._shade(weight)))
            # Two dollar signs would make mathematics of what is between them.
            style = {"family": "monospace", "fontsize": TYPE, "va": "center", "parse_math": False}
            for start, piece in _pieces(line):
                axis.text(start, number + 0.5, piece, **style)

    def _draw_bars(self, axis: Any, n: int) -> None:
        from matplotlib.patches import Patch

        from gan_utils.plots.style import GREY, PALETTE

        top = self.top(n)
        places = np.arange(len(top))
        colours = [PALETTE[0] if weight > 0 else PALETTE[1] for weight in top["weight"]]
        axis.barh(places, top["weight"], color=colours)
        axis.set_yticks(places, top["word"].tolist())
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
    """Cut a line at its spaces, so that rounded widths do not add up along it."""
    for found in re.finditer(r"\S+", line):
        yield found.start(), found[0]
