"""Colours, style, panels and short labels for all figures of the course."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Okabe and Ito's colours, which colour-blind readers can distinguish: blue for the real rows,
#: orange for the first generated set. Their yellow is left out, because it is too pale on white.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000")
#: One marker per colour, so that no meaning depends on colour alone.
MARKERS = ("o", "^", "s", "D", "v", "P", "X")
GREY = "#5F6368"

#: Matplotlib settings.
STYLE = {
    "figure.dpi": 90,
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": plt.cycler(color=PALETTE),
    "grid.color": "#DDDDDD",
    "legend.frameon": False,
}


@contextmanager
def course_figure(width: float, height: float, dpi: float | None = None) -> Iterator[Figure]:
    """Make a figure in the course's style, and close it afterwards so that it is shown only once.

    Parameters
    ----------
    width, height : float
        The size of the figure, in inches.
    dpi : float, optional
        Pixels per inch; by default, the value in the course's style.

    Yields
    ------
    matplotlib Figure
    """
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(width, height), dpi=dpi)
        try:
            yield figure
        finally:
            plt.close(figure)


def pixels_of(figure: Figure) -> np.ndarray:
    """Draw a figure and return its pixels, as one frame of an animation.

    Parameters
    ----------
    figure : matplotlib Figure
        A figure that is still open.

    Returns
    -------
    uint8 array of shape (height, width, 3)
    """
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()


def panel_layout(panels: int, width: float, most: int = 3) -> tuple[float, int, int]:
    """Lay out panels in rows.

    Parameters
    ----------
    panels : int, at least 1
        Number of panels.
    width : float
        Width of one panel, in inches.
    most : int
        Maximum number of panels side by side.

    Returns
    -------
    width : float
        Width of the figure, in inches.
    rows, across : int
        Number of rows, and number of panels per row.
    """
    across = 2 if panels == 4 else min(panels, most)  # two and two look better than three and one
    return width * across, -(-panels // across), across


def fill_panels(axes: np.ndarray, items: Iterable) -> Iterator[tuple]:
    """Pair panels with items, and remove panels without an item.

    Parameters
    ----------
    axes : ndarray of Axes of shape (rows, across)
        The panels.
    items : iterable
        At most one item per panel.

    Yields
    ------
    tuple
        A panel and its item.
    """
    items = list(items)
    for place in range(len(items), axes.size):
        axes.flat[place].remove()
        # The panel above is now the lowest in its column, and has to show its own axis.
        axes.flat[place - axes.shape[1]].tick_params(labelbottom=True)
    yield from zip(axes.flat, items, strict=False)


def plain_text(text: object) -> str:
    """Escape dollar signs, between which Matplotlib would draw a text as mathematics.

    Every text from the user's data, such as the name of a column or a category, passes through this
    function, `wrap_text` or `legend_text`. Titles, units and axis labels that are parameters of a
    plot do not, so they may contain mathematics.

    Parameters
    ----------
    text : object
        The text to draw.

    Returns
    -------
    str
    """
    return str(text).replace("$", r"\$")


def wrap_text(text: object, width: int, mathematics: bool = False) -> str:
    """Break a text into lines between words.

    Parameters
    ----------
    text : object
        The text to break.
    width : int
        Maximum number of letters per line; only a line with a single long word may exceed it.
    mathematics : bool
        Whether the text may contain mathematics between dollar signs; by default, dollar signs are
        drawn as they are.

    Returns
    -------
    str
    """
    broken = "\n".join(textwrap.wrap(str(text), width, break_long_words=False)) or str(text)
    return broken if mathematics else plain_text(broken)


def legend_text(text: object, width: int | None = None) -> str:
    """Prepare a text from the user's data for a legend.

    Parameters
    ----------
    text : object
        The name of a table, a method or a category.
    width : int, optional
        Maximum number of letters per line; by default, the text is not broken.

    Returns
    -------
    str
    """
    words = plain_text(text) if width is None else wrap_text(text, width)
    # Matplotlib leaves a label that starts with an underscore out of the legend.
    return f" {words}" if words.startswith("_") else words


def slant(axes: Axes) -> None:
    """Slant the labels of the x axis, so that long ones fit.

    Parameters
    ----------
    axes : Axes
    """
    for text in axes.get_xticklabels():
        text.set(rotation=40, ha="right", rotation_mode="anchor")


def colour_of(turn: int) -> str:
    """Pick a colour from the palette, starting again after the last one.

    Parameters
    ----------
    turn : int, at least 0

    Returns
    -------
    str
    """
    return PALETTE[turn % len(PALETTE)]


def darker(colour: str, share: float = 0.75) -> tuple[float, float, float]:
    """Darken a colour, for thin strokes and text on white.

    Parameters
    ----------
    colour : str
    share : float in [0, 1]
        The fraction of the colour's lightness that remains.

    Returns
    -------
    tuple of 3 floats
    """
    red, green, blue = to_rgb(colour)
    return share * red, share * green, share * blue
