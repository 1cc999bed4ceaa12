"""LIME on texts: which words speak for an opinion, and which against it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count
from gan_utils.explain.answers import as_probabilities, check_target

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Predict = Callable[[list[str]], Any]

#: A word, with what an apostrophe joins to it: "didn't" is taken out whole.
WORD = re.compile(r"\w+(?:['’]\w+)*")
#: Letters a line, and lines, of a text that is drawn.
LETTERS, LINES = 76, 22
#: Of the type it is drawn in: points, and points from line to line.
TYPE, LEADING = 10, 15.5
#: A short text leaves room for so many lines, so that the bars beside it fit.
FEWEST = 10


@dataclass(frozen=True, repr=False)
class TextExplanation:
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
    """

    text: str
    words: tuple[str, ...]
    weights: np.ndarray
    intercept: float
    fit: float
    target: int
    probability: float

    def __repr__(self) -> str:
        return (
            f"TextExplanation(target={self.target}, probability={self.probability:.3f}, "
            f"fit={self.fit:.3f}, {len(self.words)} words)"
        )

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
        """
        check_count("n", n)
        order = np.argsort(-np.abs(self.weights), kind="stable")[:n]
        words = [self.words[number] for number in order]
        return pd.DataFrame({"word": words, "weight": self.weights[order]})

    def ranked(self, n: int = 5) -> np.ndarray:
        """Return the n words that speak most for the target.

        Parameters
        ----------
        n : int
            How many; fewer are returned where fewer have a positive weight.

        Returns
        -------
        ndarray of int
            Numbers of words, the most important first.
        """
        check_count("n", n)
        order = np.argsort(-self.weights, kind="stable")[:n]
        return order[self.weights[order] > 0]

    @property
    def removable(self) -> np.ndarray:
        """The numbers of the words that a deletion test may hide: all of them."""
        return np.arange(len(self.words))

    def hide(self, words: Iterable[int]) -> str:
        """Return the text without some words.

        Parameters
        ----------
        words : iterable of int
            Their numbers. What stands between words stays.

        Returns
        -------
        str
        """
        hidden = {self.words[number] for number in words}
        return WORD.sub(lambda found: "" if found[0] in hidden else found[0], self.text)

    def ask(self, predict: Predict, texts: list[str]) -> np.ndarray:
        """Return the target's probability for changed texts."""
        return as_probabilities(predict(texts), len(texts), "texts")[:, self.target]

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
        from gan_utils.plots.style import GREY, PALETTE

        top = self.top(n)
        places = np.arange(len(top))
        colours = [PALETTE[0] if weight > 0 else PALETTE[1] for weight in top["weight"]]
        axis.barh(places, top["weight"], color=colours)
        axis.set_yticks(places, top["word"].tolist())
        axis.invert_yaxis()
        axis.axvline(0, color=GREY, linewidth=0.8)
        axis.set_xlabel("weight (probability)")


def _box(place: tuple[float, float], width: int, colour: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(place, width, 0.8, color=colour, linewidth=0)


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """Cut a line at its spaces, so that rounded widths do not add up along it."""
    for found in re.finditer(r"\S+", line):
        yield found.start(), found[0]


def explain_text(
    text: str,
    predict: Predict,
    *,
    target: int | None = None,
    n_words: int | None = None,
    n_samples: int = 2000,
    random_state: int | None = 0,
) -> TextExplanation:
    """Find out which words of a text a classifier's answer rests on.

    LIME: words are taken out in many random ways, the classifier answers each time, and a straight
    line is fitted to its answers; like texts weigh more. Its slopes are the explanation.

    Parameters
    ----------
    text : str
        The text, with at least two different words.
    predict : callable
        From a list of texts to probabilities (n, n_classes), as `predict_proba` of scikit-learn's
        classifiers; or to logits (n,) or (n, 1) of two classes.
    target : int, optional
        Which class to explain; by default the most probable one.
    n_words : int, optional
        Give weights to that many words only, those with the largest in a first fit. By default
        every word has one.
    n_samples : int
        How many changed texts the classifier is shown. More make the explanation steadier.
    random_state : int, optional
        Seed of the changed texts; the same seed gives the same explanation.

    Returns
    -------
    TextExplanation

    Raises
    ------
    ValueError
        If the text has fewer than two words, ``predict`` gives something else than probabilities or
        logits, or a setting is out of its range.

    Notes
    -----
    The explanation is of the classifier, and not of the review. A word has one weight wherever it
    stands, so that a line cannot say that ``not`` turns ``good`` round: look at ``fit``, and at
    `gan_utils.explain.deletion_test`, before believing it.

    References
    ----------
    Ribeiro, Singh and Guestrin 2016, *"Why should I trust you?": explaining the predictions of any
    classifier* (LIME).

    Examples
    --------
    >>> explanation = explain_text(review, judge.predict_proba, random_state=0)
    >>> explanation.plot(name="positive")
    """
    words = _check_text(text)
    check_count("n_samples", n_samples, 50)
    if n_words is not None:
        check_count("n_words", n_words)
    probabilities = as_probabilities(predict([text]), 1, "texts")[0]
    target = check_target(target, probabilities)
    found = _explainer(n_words, random_state).explain_instance(
        text,
        lambda texts: as_probabilities(predict(texts), len(texts), "texts"),
        labels=(target,),
        num_features=n_words or len(words),
        num_samples=n_samples,
    )
    weights = np.zeros(len(words))
    for number, weight in found.local_exp[target]:
        weights[number] = weight
    return TextExplanation(
        text,
        words,
        weights,
        float(found.intercept[target]),
        float(found.score),
        target,
        float(probabilities[target]),
    )


def _check_text(text: str) -> tuple[str, ...]:
    """Return the different words, in lime's order: that of their first places."""
    if not isinstance(text, str):
        raise ValueError(f"text is a {type(text).__name__}. Give one text, such as texts[0].")
    words = tuple(dict.fromkeys(WORD.findall(text)))
    if len(words) < 2:
        raise ValueError(
            f"text has {len(words)} word(s), so there is nothing to choose between. Give a text "
            "with at least two different words."
        )
    return words


def _explainer(n_words: int | None, random_state: int | None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tqdm, where ipywidgets is absent
        from lime.lime_text import LimeTextExplainer
    return LimeTextExplainer(
        split_expression=WORD.findall,
        feature_selection="none" if n_words is None else "highest_weights",
        # lime takes NumPy's global state unless it is given one.
        random_state=np.random.RandomState(random_state),
    )
