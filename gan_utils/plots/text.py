"""Pictures of texts and of models that write them.

Functions return a closed Matplotlib figure, as those of `gan_utils.plots.tables` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from gan_utils._support.checks import check_columns
from gan_utils.plots.style import GREY, MARKERS, PALETTE, course_figure, wrap_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

LINES = ("-", "--", "-.", ":")
#: Letters a line of a shaded text, and inches a letter and a line.
WIDTH, LETTER, LINE = 84, 0.105, 0.26
#: White to blue: dark letters stay readable on the darkest of it.
SHADES = plt.matplotlib.colors.LinearSegmentedColormap.from_list("shades", ["#FFFFFF", "#56B4E9"])
#: Dashes and gaps of lines across a picture.
DASHES = ((1, 1), (5, 2), (7, 2, 1, 2), (2, 4))
#: The smallest gradient that is drawn.
LEAST_GRADIENT = 1e-12


def plot_learning(
    histories: Mapping[str, pd.DataFrame],
    x: str | None = None,
    baselines: Mapping[str, float] | None = None,
    unit: str = "letter",
) -> Figure:
    """Draw the bits a token of trainings: on held-out text, and on the training text where known.

    Parameters
    ----------
    histories : mapping of str to DataFrame
        Columns ``held_out_bits``, and ``bits`` where training was measured; one row an epoch.
    x : str, optional
        The column along the horizontal axis, such as ``"seconds"``; by default the index.
    baselines : mapping of str to float, optional
        Models that do not train, as horizontal lines.
    unit : str
        What a token is.

    Returns
    -------
    matplotlib Figure
        Closed. Solid lines are held-out text, thin dotted ones training text.
    """
    with course_figure(7.6, 4.0) as figure:
        axes = figure.subplots()
        for (name, table), colour, marker in zip(
            histories.items(), cycle(PALETTE), cycle(MARKERS), strict=False
        ):
            places = table.index if x is None else table[x]
            look = {"color": colour, "label": wrap_text(name, 26)}
            axes.plot(places, table["held_out_bits"], lw=2, marker=marker, ms=3.5, **look)
            if "bits" in table:
                axes.plot(places, table["bits"], lw=1.2, ls=":", color=colour)
        _baselines(axes, baselines or {})
        if x is None:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if any("bits" in table for table in histories.values()):
            axes.plot([], [], lw=1.2, ls=":", color=GREY, label="dotted: training text")
        axes.set(xlabel=x or table.index.name or "epoch", ylabel=f"bits a {unit}")
        axes.grid(visible=True, axis="y")
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def _baselines(axes: Axes, baselines: Mapping[str, float]) -> None:
    for (name, bits), line in zip(baselines.items(), cycle(LINES[1:]), strict=False):
        axes.axhline(bits, color=GREY, lw=1.2, ls=line, label=f"{wrap_text(name, 26)}: {bits:.2f}")


def plot_orders(table: pd.DataFrame, unit: str = "letter") -> Figure:
    """Draw the bits of counting models against their order.

    Parameters
    ----------
    table : DataFrame
        By order; one column for each text that was measured.
    unit : str
        What a token is.

    Returns
    -------
    matplotlib Figure
        Closed.
    """
    with course_figure(6, 3.4) as figure:
        axes = figure.subplots()
        for name, colour, marker in zip(table, cycle(PALETTE), cycle(MARKERS), strict=False):
            axes.plot(table.index, table[name], marker=marker, color=colour, lw=2, label=name)
        axes.set(xlabel=f"order: how many {unit}s count, the next one included")
        axes.set(ylabel=f"bits a {unit}", xticks=list(table.index), ylim=(0, None))
        axes.grid(visible=True, axis="y")
        axes.legend()
    return figure


def plot_reach(results: pd.DataFrame, unit: str = "letter") -> Figure:
    """Draw how much of a gradient is left against the distance, one line a kind of network.

    Parameters
    ----------
    results : DataFrame
        Of `gan_utils.text.gradients.compare_reach`.
    unit : str
        What a token is.

    Returns
    -------
    matplotlib Figure
        Closed. Lines are geometric means of the tries, bands their range; the vertical axis is
        logarithmic.
    """
    with course_figure(7.6, 4.0) as figure:
        axes = figure.subplots()
        looks = zip(cycle(PALETTE), cycle(LINES))
        for (name, tries), (colour, line) in zip(
            results.groupby("network", sort=False), looks, strict=False
        ):
            wide = tries.pivot_table(index="distance", columns="seed", values="gradient")
            logs = np.log(wide.clip(lower=LEAST_GRADIENT))
            look = {"color": colour, "ls": line, "label": wrap_text(name, 26)}
            axes.plot(wide.index, np.exp(logs.mean(axis=1)), lw=2, **look)
            band = np.exp(logs.min(axis=1)), np.exp(logs.max(axis=1))
            axes.fill_between(wide.index, *band, color=colour, alpha=0.2, lw=0)
        axes.set(yscale="log", ylim=(LEAST_GRADIENT, None), xlabel=f"distance in {unit}s")
        axes.set_ylabel("gradient that is left\n(share of that at the latest one)")
        axes.grid(visible=True)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def plot_contexts(results: Mapping[str, pd.Series], unit: str = "letter") -> Figure:
    """Draw the bits of predictions against how many tokens the network was allowed to read.

    Parameters
    ----------
    results : mapping of str to Series
        For each network what `gan_utils.text.gradients.context_bits` returned.
    unit : str
        What a token is.

    Returns
    -------
    matplotlib Figure
        Closed. The horizontal axis is logarithmic.
    """
    with course_figure(7.6, 3.6) as figure:
        axes = figure.subplots()
        looks = zip(cycle(PALETTE), cycle(MARKERS))
        for (name, bits), (colour, marker) in zip(results.items(), looks, strict=False):
            look = {"color": colour, "marker": marker, "label": wrap_text(name, 26)}
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
    width: int = WIDTH,
) -> Figure:
    """Write a text, each token on a background that shows its value.

    Parameters
    ----------
    tokens : sequence of str
        Letters (or a str), or words with the blanks that belong to them. A newline ends a line.
    values : array of shape (n,)
        One for each token; the larger, the darker. White where it is missing.
    label : str
        What the shades mean, with a unit.
    limits : tuple of float, optional
        Values of white and of the darkest shade; by default 0 and the largest.
    width : int
        Letters a line.

    Returns
    -------
    matplotlib Figure
        Closed.

    Raises
    ------
    ValueError
        If there is not one value for each token.
    """
    values = np.asarray(values, float)
    if values.shape != (len(tokens),):
        raise ValueError(f"{len(tokens)} tokens, but values of shape {values.shape}.")
    places, n_lines = _laid_out(tokens, width)
    norm = plt.Normalize(*(limits or (0, float(np.nanmax(values)))), clip=True)
    with course_figure(LETTER * width + 1.1, LINE * n_lines + 0.3) as figure:
        axes = figure.subplots()
        for token, value, (line, column) in zip(tokens, values, places, strict=True):
            _shaded(axes, token, norm(value) if np.isfinite(value) else 0.0, line, column)
        axes.set(xlim=(0, width), ylim=(n_lines, 0))
        axes.axis("off")
        colours = plt.cm.ScalarMappable(norm, SHADES)
        figure.colorbar(colours, ax=axes, label=wrap_text(label, 18), pad=0.01, aspect=12)
    return figure


def _laid_out(tokens: Sequence[str], width: int) -> tuple[list[tuple[int, int]], int]:
    """Return line and column of each token, and how many lines there are."""
    places, line, column = [], 0, 0
    for token in tokens:
        if column and column + len(token.rstrip()) > width:
            line, column = line + 1, 0
        places.append((line, column))
        column += len(token)
        if token == "\n":
            line, column = line + 1, 0
    return places, line + 1


def _shaded(axes: Axes, token: str, share: float, line: int, column: int) -> None:
    shade = SHADES(share)
    axes.add_patch(plt.Rectangle((column, line + 0.04), len(token), 0.92, fc=shade, lw=0))
    look = {"family": "monospace", "fontsize": 9, "va": "center", "ha": "center"}
    for offset, letter in enumerate(token):
        shown = "⏎" if letter == "\n" else letter
        if shown.strip():
            axes.text(column + offset + 0.5, line + 0.52, shown, **look)


def plot_by_size(
    results: pd.DataFrame,
    x: str,
    y: str,
    kind: str,
    levels: Mapping[str, float] | None = None,
    ylabel: str | None = None,
) -> Figure:
    """Draw what is learned from more and more rows, a line for each kind of training set.

    Parameters
    ----------
    results : DataFrame in long form
        One row a kind, size and seed.
    x : str
        Column with the size, above 0; it is drawn on a logarithmic scale.
    y : str
        Column with the measure.
    kind : str
        Column with what was trained on.
    levels : mapping of str to float, optional
        Scores that do not depend on the size, drawn as grey lines across the picture.
    ylabel : str, optional
        Name and unit of the measure; by default ``y``.

    Returns
    -------
    matplotlib Figure
        Closed. A line joins the means; its band reaches from the lowest to the highest seed.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there is nothing to draw, a size is not above 0, or there are more lines than colours.
    """
    _check_sizes(results, x, y, kind)
    with course_figure(7.6, 4.2) as figure:
        axes = figure.subplots()
        for turn, (name, rows) in enumerate(results.groupby(kind, sort=False)):
            spread = rows.groupby(x)[y].agg(["mean", "min", "max"])
            look = {"color": PALETTE[turn], "marker": MARKERS[turn], "ls": LINES[turn % len(LINES)]}
            axes.plot(spread.index, spread["mean"], label=wrap_text(name, 26), **look)
            axes.fill_between(
                spread.index, spread["min"], spread["max"], color=PALETTE[turn], alpha=0.18, lw=0
            )
        for turn, (name, level) in enumerate((levels or {}).items()):
            look = {"color": GREY, "lw": 1.4, "ls": (0, DASHES[turn % len(DASHES)])}
            axes.axhline(level, label=wrap_text(name, 26), **look)
        axes.set(xscale="log", xlabel=x, ylabel=ylabel or y)
        sizes = sorted(results[x].unique())
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.grid(visible=True)
        axes.set_title("lines: means; bands: lowest to highest seed", fontsize=9, loc="left")
        figure.legend(loc="outside right upper")
    return figure


def _check_sizes(results: pd.DataFrame, x: str, y: str, kind: str) -> None:
    check_columns(results, x, y, kind)
    if not len(results) or results[[x, y, kind]].isna().any(axis=None) or results[x].min() <= 0:
        raise ValueError(f"the table is empty, has missing values, or a {x!r} that is not above 0.")
    if results[kind].nunique() > len(PALETTE):
        raise ValueError(f"more than {len(PALETTE)} kinds in {kind!r} cannot be told apart.")


def plot_tradeoff(
    table: pd.DataFrame,
    x: str,
    y: str,
    marks: Mapping[str, tuple[float, float]] | None = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
) -> Figure:
    """Draw two measures against each other as a setting changes.

    Parameters
    ----------
    table : DataFrame
        A row for each value of the setting, which is the index.
    x, y : str
        Columns with the two measures.
    marks : mapping of str to (x, y), optional
        Other points to compare with, such as real reviews.
    xlabel, ylabel : str, optional
        Names and units of the measures; by default those of the columns.

    Returns
    -------
    matplotlib Figure
        Closed. The points are joined in the order of the table; each has its value beside it.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the table is empty or has missing values.
    """
    check_columns(table, x, y)
    if not len(table) or table[[x, y]].isna().any(axis=None):
        raise ValueError("the table is empty or has missing values.")
    with course_figure(6.4, 4) as figure:
        axes = figure.subplots()
        look = {"color": PALETTE[1], "marker": MARKERS[1], "ms": 7}
        axes.plot(table[x], table[y], label=f"generated, {table.index.name or 'setting'}", **look)
        for value, (across, up) in table[[x, y]].iterrows():
            axes.annotate(f" {value:g}", (across, up), xytext=(4, 6), textcoords="offset points")
        for turn, (name, (across, up)) in enumerate((marks or {}).items()):
            place = 2 * turn  # blue for the real ones, and never the colour of the line
            axes.plot(across, up, MARKERS[place], color=PALETTE[place], ms=9, ls="", label=name)
        axes.set(xlabel=xlabel or x, ylabel=ylabel or y)
        axes.margins(0.12)
        axes.grid(visible=True)
        figure.legend(loc="outside upper left", ncols=3)
    return figure
