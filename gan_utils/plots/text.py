"""Plots of text models: learning curves, use of context, and badly predicted tokens.

Each function returns a closed Matplotlib figure, as in `gan_utils.plots.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from gan_utils._support.checks import check_columns, check_count
from gan_utils.plots.style import (
    GREY,
    MARKERS,
    PALETTE,
    course_figure,
    legend_text,
    plain_text,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

#: Line styles for models that are not trained.
_BASELINE_STYLES = ("--", "-.", ":")
#: Letters per line of a shaded text, and inches per letter and per line.
LETTERS_A_LINE, _LETTER_WIDTH, _LINE_HEIGHT = 84, 0.105, 0.26
#: White to blue: dark letters stay readable on the darkest shade.
_SHADES = plt.matplotlib.colors.LinearSegmentedColormap.from_list("shades", ["#FFFFFF", "#56B4E9"])
#: The smallest gradient that is plotted.
_LEAST_GRADIENT = 1e-12


def plot_learning(
    histories: Mapping[str, pd.DataFrame],
    x: str | None = None,
    baselines: Mapping[str, float] | None = None,
    unit: str = "letter",
) -> Figure:
    """Plot the bits per token during training, on held-out text and, if measured, on training text.

    Parameters
    ----------
    histories : mapping of str to DataFrame
        For each model, a table with one row per epoch, the column ``held_out_bits`` and, if
        measured, the column ``bits`` for the training text.
    x : str, optional
        The column for the horizontal axis, such as ``"seconds"``; by default the index.
    baselines : mapping of str to float, optional
        Bits per token of models that are not trained, drawn as horizontal lines.
    unit : str
        The word for a token, such as ``"letter"``.

    Returns
    -------
    matplotlib Figure
        The closed figure. Solid lines show held-out text, and thin dotted lines show training text.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there is nothing to plot.
    """
    _check_some(histories, "histories")
    for table in histories.values():
        check_columns(table, "held_out_bits", *([] if x is None else [x]))
    with course_figure(7.6, 4.0) as figure:
        axes = figure.subplots()
        for (name, table), colour, marker in zip(
            histories.items(), cycle(PALETTE), cycle(MARKERS), strict=False
        ):
            places = table.index if x is None else table[x]
            look = {"color": colour, "label": legend_text(name, 26)}
            axes.plot(places, table["held_out_bits"], lw=2, marker=marker, ms=3.5, **look)
            if "bits" in table:
                axes.plot(places, table["bits"], lw=1.2, ls=":", color=colour)
        _baselines(axes, baselines or {})
        if x is None:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if any("bits" in table for table in histories.values()):
            axes.plot([], [], lw=1.2, ls=":", color=GREY, label="dotted: training text")
        axes.set(xlabel=plain_text(x or table.index.name or "epoch"), ylabel=f"bits per {unit}")
        axes.grid(visible=True, axis="y")
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def _baselines(axes: Axes, baselines: Mapping[str, float]) -> None:
    for (name, bits), line in zip(baselines.items(), cycle(_BASELINE_STYLES), strict=False):
        axes.axhline(
            bits, color=GREY, lw=1.2, ls=line, label=f"{legend_text(name, 26)}: {bits:.2f}"
        )


def plot_orders(table: pd.DataFrame, unit: str = "letter") -> Figure:
    """Plot the bits per token of n-gram models against their order.

    Parameters
    ----------
    table : DataFrame
        A table with one row per order and one column per measured text.
    unit : str
        The word for a token, such as ``"letter"``.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If the table is empty.
    """
    _check_some(table, "table")
    with course_figure(6, 3.4) as figure:
        axes = figure.subplots()
        for name, colour, marker in zip(table, cycle(PALETTE), cycle(MARKERS), strict=False):
            axes.plot(
                table.index, table[name], marker=marker, color=colour, lw=2, label=legend_text(name)
            )
        axes.set(xlabel=f"order: how many {unit}s count, the next one included")
        axes.set(ylabel=f"bits per {unit}", xticks=list(table.index), ylim=(0, None))
        axes.grid(visible=True, axis="y")
        axes.legend()
    return figure


def plot_reach(results: pd.DataFrame, unit: str = "letter") -> Figure:
    """Plot the fraction of a gradient that remains at each distance in tokens, by kind of network.

    Parameters
    ----------
    results : DataFrame
        The table that `gan_utils.text.gradients.compare_reach` returns, with the columns
        ``network``, ``seed``, ``distance`` and ``gradient``.
    unit : str
        The word for a token, such as ``"letter"``.

    Returns
    -------
    matplotlib Figure
        The closed figure. Lines show geometric means over seeds, and bands show the range over
        seeds. The vertical axis is logarithmic.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the table is empty.
    """
    check_columns(results, "network", "seed", "distance", "gradient")
    _check_some(results, "results")
    with course_figure(7.6, 4.0) as figure:
        axes = figure.subplots()
        looks = zip(cycle(PALETTE), cycle(("-", *_BASELINE_STYLES)))
        for (name, tries), (colour, line) in zip(
            results.groupby("network", sort=False, observed=True), looks, strict=False
        ):
            wide = tries.pivot_table(index="distance", columns="seed", values="gradient")
            logs = np.log(wide.clip(lower=_LEAST_GRADIENT))
            look = {"color": colour, "ls": line, "label": legend_text(name, 26)}
            axes.plot(wide.index, np.exp(logs.mean(axis=1)), lw=2, **look)
            band = np.exp(logs.min(axis=1)), np.exp(logs.max(axis=1))
            axes.fill_between(wide.index, *band, color=colour, alpha=0.2, lw=0)
        axes.set(yscale="log", ylim=(_LEAST_GRADIENT, None), xlabel=f"distance in {unit}s")
        axes.set_ylabel("gradient that is left\n(share of that at the latest one)")
        axes.grid(visible=True)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def plot_contexts(results: Mapping[str, pd.Series], unit: str = "letter") -> Figure:
    """Plot the bits per prediction against the number of tokens that the network could read.

    Parameters
    ----------
    results : mapping of str to Series
        For each network, the result of `gan_utils.text.gradients.context_bits`.
    unit : str
        The word for a token, such as ``"letter"``.

    Returns
    -------
    matplotlib Figure
        The closed figure. The horizontal axis is logarithmic.

    Raises
    ------
    ValueError
        If there is nothing to plot.
    """
    _check_some(results, "results")
    with course_figure(7.6, 3.6) as figure:
        axes = figure.subplots()
        looks = zip(cycle(PALETTE), cycle(MARKERS))
        for (name, bits), (colour, marker) in zip(results.items(), looks, strict=False):
            look = {"color": colour, "marker": marker, "label": legend_text(name, 26)}
            axes.plot(bits.index, bits, lw=2, **look)
            contexts = list(bits.index)
        axes.set_xscale("log", base=2)
        axes.set_xticks(contexts, [str(n) for n in contexts])
        axes.set(xlabel=f"{unit}s that may be read", ylabel=f"bits of the next {unit}")
        axes.grid(visible=True)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def plot_shaded_text(
    tokens: Sequence[str],
    values: ArrayLike,
    label: str,
    limits: tuple[float, float] | None = None,
    width: int = LETTERS_A_LINE,
) -> Figure:
    """Draw a text, with each token on a background that shows its value.

    Parameters
    ----------
    tokens : sequence of str
        Single letters, which may be given as a str, or words with their spaces. A newline at the
        end of a token starts a new line.
    values : array of shape (n,)
        One value per token; larger values are darker, infinite ones darkest, and missing values
        are white.
    label : str
        The meaning of the shades, with a unit.
    limits : tuple of float, optional
        The two values shown in white and in the darkest shade, the smaller first. By default, 0
        and the largest value; if no value is above 0, the smallest value and 0.
    width : int
        Letters per line.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If there are no tokens, their number differs from the number of values, ``width`` is below
        1, or the first limit is above the second.
    """
    values = np.asarray(values, float)
    if values.shape != (len(tokens),):
        raise ValueError(f"{len(tokens)} tokens, but values of shape {values.shape}.")
    _check_some(tokens, "tokens")
    check_count("width", width)
    places, n_lines = _laid_out(tokens, width)
    low, high = limits or _limits(values)
    if not low <= high:
        raise ValueError(f"limits={limits} must go from the smaller to the larger value.")
    norm = plt.Normalize(low, high, clip=True)
    with course_figure(_LETTER_WIDTH * width + 1.1, _LINE_HEIGHT * n_lines + 0.3) as figure:
        axes = figure.subplots()
        for token, value, (line, column) in zip(tokens, values, places, strict=True):
            _shaded(axes, token, 0.0 if np.isnan(value) else norm(value), line, column)
        axes.set(xlim=(0, width), ylim=(n_lines, 0))
        axes.axis("off")
        colours = plt.cm.ScalarMappable(norm, _SHADES)
        figure.colorbar(
            colours, ax=axes, label=wrap_text(label, 18, mathematics=True), pad=0.01, aspect=12
        )
    return figure


def _check_some(values: Sequence | Mapping | pd.DataFrame, who: str) -> None:
    if not len(values):
        raise ValueError(f"{who} is empty: there is nothing to draw.")


def _limits(values: np.ndarray) -> tuple[float, float]:
    """Return 0 and the largest value, or 1 if there is none; below 0, the smallest value and 0."""
    finite = values[np.isfinite(values)]
    largest = float(finite.max()) if len(finite) else 1.0
    return (0.0, largest) if largest > 0 else (float(finite.min()), 0.0)


def _laid_out(tokens: Sequence[str], width: int) -> tuple[list[tuple[int, int]], int]:
    """Return the line and column of each token, and the number of lines."""
    places, line, column = [], 0, 0
    for token in tokens:
        if column and column + len(token.rstrip()) > width:
            line, column = line + 1, 0
        places.append((line, column))
        column += len(token)
        if token.endswith("\n"):
            line, column = line + 1, 0
    return places, line + 1


def _shaded(axes: Axes, token: str, share: float, line: int, column: int) -> None:
    shade = _SHADES(share)
    axes.add_patch(plt.Rectangle((column, line + 0.04), len(token), 0.92, fc=shade, lw=0))
    look = {"family": "monospace", "fontsize": 9, "va": "center", "ha": "center"}
    for offset, letter in enumerate(token):
        # No font has a glyph for half of a surrogate pair.
        shown = "⏎" if letter == "\n" else letter.encode(errors="replace").decode()
        if shown.strip():
            axes.text(column + offset + 0.5, line + 0.52, shown, **look)
