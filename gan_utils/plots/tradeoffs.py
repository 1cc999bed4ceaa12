"""Plot scores against the number of rows, and pairs of measures against each other."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

from pandas.api.types import is_numeric_dtype

from gan_utils._support.checks import check_columns
from gan_utils.plots.style import (
    GREY,
    MARKERS,
    PALETTE,
    course_figure,
    legend_text,
    plain_text,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

LINE_STYLES = ("-", "--", "-.", ":")
#: Places of the marks' looks in the palette: blue for the real ones, and never the line's colour.
_MARK_PLACES = (0, 2, 4, 6, 3, 5)
#: Dashes and gaps of lines across a figure.
_DASHES = ((1, 1), (5, 2), (7, 2, 1, 2), (2, 4))


def plot_by_size(
    results: pd.DataFrame,
    x: str,
    y: str,
    kind: str,
    levels: Mapping[str, float] | None = None,
    ylabel: str | None = None,
) -> Figure:
    """Plot the score against the number of rows, with one line per kind of training set.

    Parameters
    ----------
    results : DataFrame in long form
        One row per kind of training set, size and seed.
    x : str
        Column with the sizes, which must be above 0; the axis is logarithmic.
    y : str
        Column with the measure.
    kind : str
        Column with the kind of training set.
    levels : mapping of str to float, optional
        Scores that do not depend on the size, drawn as grey lines across the figure.
    ylabel : str, optional
        Name and unit of the measure; by default ``y``.

    Returns
    -------
    matplotlib Figure
        The closed figure. A line joins the means; a band extends from the lowest to the highest
        score.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there is nothing to plot, a size is not a number above 0, or there are more lines than
        colours.
    """
    _check_by_size(results, x, y, kind)
    with course_figure(7.6, 4.2) as figure:
        axes = figure.subplots()
        for turn, (name, rows) in enumerate(results.groupby(kind, sort=False, observed=True)):
            spread = rows.groupby(x)[y].agg(["mean", "min", "max"])
            look = {
                "color": PALETTE[turn],
                "marker": MARKERS[turn],
                "ls": LINE_STYLES[turn % len(LINE_STYLES)],
            }
            axes.plot(spread.index, spread["mean"], label=legend_text(name, 26), **look)
            axes.fill_between(
                spread.index, spread["min"], spread["max"], color=PALETTE[turn], alpha=0.18, lw=0
            )
        for turn, (name, level) in enumerate((levels or {}).items()):
            look = {"color": GREY, "lw": 1.4, "ls": (0, _DASHES[turn % len(_DASHES)])}
            axes.axhline(level, label=legend_text(name, 26), **look)
        axes.set(xscale="log", xlabel=plain_text(x), ylabel=ylabel or plain_text(y))
        sizes = sorted(results[x].unique())
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
        axes.grid(visible=True)
        axes.set_title("lines: means; bands: lowest to highest seed", fontsize=9, loc="left")
        figure.legend(loc="outside right upper")
    return figure


def _check_by_size(results: pd.DataFrame, x: str, y: str, kind: str) -> None:
    check_columns(results, x, y, kind)
    if not is_numeric_dtype(results[x].infer_objects()):
        raise ValueError(f"{x!r} holds values that are not numbers. Turn them into numbers first.")
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
    """Plot two measures against each other as a setting changes.

    Parameters
    ----------
    table : DataFrame
        One row per value of the setting; the index contains these values, numbers or names.
    x, y : str
        Columns with the two measures.
    marks : mapping of str to (x, y), optional
        Other points for comparison, such as the point for real reviews.
    xlabel, ylabel : str, optional
        Names and units of the measures; by default the column names.

    Returns
    -------
    matplotlib Figure
        The closed figure. The points are joined in the order of the table; each is labelled with
        its setting.

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
        words = plain_text(f"generated, {table.index.name or 'setting'}")
        axes.plot(table[x], table[y], label=words, **look)
        for value, (across, up) in table[[x, y]].iterrows():
            words = f" {_setting_text(value)}"
            axes.annotate(words, (across, up), xytext=(4, 6), textcoords="offset points")
        for turn, (name, (across, up)) in enumerate((marks or {}).items()):
            colour, marker = _mark_look(turn)
            look = {"color": colour, "ms": 9, "ls": "", "label": legend_text(name)}
            axes.plot(across, up, marker, **look)
        axes.set(xlabel=xlabel or plain_text(x), ylabel=ylabel or plain_text(y))
        axes.margins(0.12)
        axes.grid(visible=True)
        figure.legend(loc="outside upper left", ncols=3)
    return figure


def _setting_text(value: object) -> str:
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    return f"{value:g}" if is_number else plain_text(value)


def _mark_look(turn: int) -> tuple[str, str]:
    """Return a mark's colour and marker; after the last colour, the markers are paired anew."""
    again, place = divmod(turn, len(_MARK_PLACES))
    other = (place + again) % len(_MARK_PLACES)
    return PALETTE[_MARK_PLACES[place]], MARKERS[_MARK_PLACES[other]]
