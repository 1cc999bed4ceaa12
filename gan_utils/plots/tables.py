"""Plot columns and pairs of columns of real and generated tables side by side, on one scale.

Every function returns a closed Matplotlib figure, which a notebook shows exactly once if it is the
last expression in a cell. Pass the figure to ``show(figure, alt="...")`` to add alternative text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba

from gan_utils.metrics.alignment import numeric_columns
from gan_utils.plots.columns import (
    as_numbers,
    axis_label,
    columns_to_draw,
    first_table,
    looks_of_kinds,
    shared_limits,
    time_columns,
)
from gan_utils.plots.style import (
    MARKERS,
    PALETTE,
    course_figure,
    darker,
    fill_panels,
    legend_text,
    panel_layout,
    plain_text,
    slant,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from gan_utils.plots.columns import Tables, Units

#: For up to this many groups, a pair plot gives the correlation of each group; for more groups, it
#: gives the correlation of all rows and the range over the groups.
FEW_GROUPS = 2
#: The maximum number of bars of one table; with thousands, drawing would take minutes.
MOST_BARS = 40


def plot_pairs(
    tables: Tables,
    columns: Sequence[str] | None = None,
    hue: str | None = None,
    units: Units = None,
) -> Figure:
    """Plot every pair of columns against each other, with one grid per table and one common scale.

    Each grid has points below the diagonal, stacked histograms on the diagonal and Pearson
    correlations above the diagonal. If ``hue`` has at most two values, there is one correlation per
    value. If ``hue`` has more values, the grid gives the correlation of all rows and the range of
    the correlations within each group.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        One to three tables, such as ``{"real": ..., "generated": ...}``.
    columns : sequence of str, optional
        Two to five numeric columns; by default the first four, without dates and durations.
    hue : str, optional
        A column whose values get different colours and markers.
    units : str or mapping of str to str, optional
        One unit for all columns, or one unit per column, for the axis labels.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If the number of tables or of columns is out of range, a column is not numeric, or ``hue``
        has missing values.
    """
    columns = columns_to_draw(tables, columns, most=4, also=[] if hue is None else [hue])
    if len(tables) > 3 or not 2 <= len(columns) <= 5:
        raise ValueError(
            f"{len(tables)} tables with {len(columns)} columns do not fit beside each other. "
            f"Give at most 3 tables and 2 to 5 numeric columns."
        )
    kinds = looks_of_kinds(tables, hue)
    side = {1: 6.0, 2: 6.2, 3: 5.0}[len(tables)]
    with course_figure(side * len(tables), side + 0.3 * (hue is not None)) as figure:
        parts = np.atleast_1d(figure.subfigures(1, len(tables), wspace=0.03))
        for turn, (part, (title, table)) in enumerate(zip(parts, tables.items(), strict=True)):
            part.suptitle(f"{plain_text(title)} ({len(table)} rows)", weight="bold")
            colours = kinds or {None: (PALETTE[min(turn, 1)], MARKERS[min(turn, 1)])}
            _pair_grid(part, table, columns, hue, colours, shared_limits(tables, columns), units)
        if kinds:
            _hue_legend(figure, hue, kinds)
    return figure


def _pair_grid(
    part: SubFigure,
    table: pd.DataFrame,
    columns: list[str],
    hue: str | None,
    kinds: Mapping[object, tuple[str, str]],
    limits: Mapping[str, tuple[float, float]],
    units: Units,
) -> None:
    axes = part.subplots(len(columns), len(columns), squeeze=False)
    groups = [
        (table if hue is None else table[table[hue] == kind], *look) for kind, look in kinds.items()
    ]
    for (i, j), cell in np.ndenumerate(axes):
        if j > i:
            _write_correlations(cell, groups, columns[j], columns[i], hue)
            continue
        _pair_cell(cell, groups, columns[j], columns[i], limits)
        cell.locator_params(axis="x", nbins=3)
        cell.tick_params(labelsize=8, length=2, pad=1)
        # Long numbers under narrow cells would overlap.
        cell.tick_params(axis="x", labelrotation=45 if len(columns) > 3 else 0)
        cell.tick_params(labelbottom=i == len(columns) - 1, labelleft=j == 0 and i > 0)
        if i == len(columns) - 1:
            cell.set_xlabel(axis_label(columns[j], units, 13), fontsize=9)
        if j == 0:
            cell.set_ylabel(axis_label(columns[i], units, 13), fontsize=9)
    part.align_labels()


def _pair_cell(
    axes: Axes,
    groups: list[tuple[pd.DataFrame, str, str]],
    x: str,
    y: str,
    limits: Mapping[str, tuple[float, float]],
) -> None:
    """Draw one cell: points, or a histogram if both columns are the same."""
    if x == y:
        parts, colours = zip(
            *((as_numbers(rows[x]), colour) for rows, colour, _ in groups), strict=True
        )
        axes.hist(parts, np.linspace(*limits[x], 16), color=colours, alpha=0.6, stacked=True)
        axes.set(xlim=limits[x], yticks=[])
    else:
        for rows, colour, marker in groups:
            # A darker edge, so that small points of a light colour are visible on white.
            look = {"fc": to_rgba(colour, 0.7), "ec": darker(colour, 0.6), "lw": 0.5}
            points = as_numbers(rows[x]), as_numbers(rows[y])
            axes.scatter(*points, s=16, marker=marker, **look)
        axes.set(xlim=limits[x], ylim=limits[y])
        axes.locator_params(axis="y", nbins=3)
        axes.grid(visible=True)


def _write_correlations(axes: Axes, groups: list[tuple], x: str, y: str, hue: str | None) -> None:
    """Write each group's correlation; for many groups, only the overall one and the range."""
    axes.axis("off")
    place = {"ha": "center", "va": "center", "transform": axes.transAxes}
    tables = [rows[[x, y]].astype(float) for rows, *_ in groups]
    own = [table.corr().iloc[0, 1] for table in tables]
    if len(groups) <= FEW_GROUPS:
        for turn, (r, (_, colour, _)) in enumerate(zip(own, groups, strict=True), 1):
            height = 1 - turn / (len(groups) + 1)
            axes.text(0.5, height, _r_words(r), color=darker(colour), fontsize=11, **place)
        return
    axes.text(0.5, 0.68, _r_words(pd.concat(tables).corr().iloc[0, 1]), fontsize=11, **place)
    known = [r for r in own if np.isfinite(r)]
    if known:
        words = f"within one {plain_text(hue)}:\n{min(known):.2f} to {max(known):.2f}"
        axes.text(0.5, 0.35, words, fontsize=9, **place)


def _r_words(r: float) -> str:
    return f"r = {r:.2f}" if np.isfinite(r) else "r = -"


def _hue_legend(figure: Figure, hue: str, kinds: Mapping[object, tuple[str, str]]) -> None:
    handles = [
        plt.Line2D([], [], color=colour, marker=marker, ls="", label=legend_text(kind))
        for kind, (colour, marker) in kinds.items()
    ]
    figure.legend(handles=handles, title=plain_text(hue), loc="outside lower center", ncols=4)


def plot_distributions(
    tables: Tables, columns: Sequence[str] | None = None, units: Units = None, bins: int = 20
) -> Figure:
    """Plot the distribution of each column in one panel, with all tables on the same scale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        At most seven tables. In histograms, the first table (the real rows) is filled, and the
        others are outlined.
    columns : sequence of str, optional
        The columns to draw; by default, all except dates and durations. Numeric columns are drawn
        as histograms, and other columns as bars that show shares. If a column has more than 40
        categories, the most frequent ones are shown, and all others together as one bar.
    units : str or mapping of str to str, optional
        One unit for all numeric columns, or one unit per column, for the axis labels.
    bins : int
        Number of bins in a histogram, the same for every table.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If there are no tables, or more tables than colours, if there is no column to draw, or if a
        chosen column cannot be drawn, such as one with dates or missing values.
    """
    first = first_table(tables)
    times, numbers = time_columns(first), numeric_columns(first)
    shown = [name for name in first if name not in times] if columns is None else columns
    columns = columns_to_draw(tables, shown, numeric=numbers)
    if not columns:
        raise ValueError("there is no column to draw: dates and durations are left out.")
    width, rows, across = panel_layout(len(columns), 3.6)
    with course_figure(width, rows * 2.7 + 0.4) as figure:
        axes = figure.subplots(rows, across, squeeze=False)
        for cell, column in fill_panels(axes, columns):
            numeric = column in numbers
            (_histograms if numeric else _bars)(cell, tables, column, bins)
            cell.set_xlabel(axis_label(column, units if numeric else None, 40))
        for row in axes:
            row[0].set_ylabel("share of rows")
        handles, names = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=5)
    return figure


def _histograms(axes: Axes, tables: Tables, column: str, bins: int) -> None:
    edges = np.linspace(*shared_limits(tables, [column], margin=0)[column], bins + 1)
    for turn, (name, table) in enumerate(tables.items()):
        values = table[column].astype(float)
        look = {"histtype": "stepfilled", "alpha": 0.35} if turn == 0 else {"histtype": "step"}
        look |= {"color": PALETTE[turn], "lw": 1.8, "ls": ("-", "-", "--", ":", "-.")[turn % 5]}
        weights = np.full(len(values), 1 / len(values))
        axes.hist(values, edges, weights=weights, label=legend_text(name), **look)


def _bars(axes: Axes, tables: Tables, column: str, bins: int) -> None:
    """Draw the share of each category; ``bins`` is not used, but `_histograms` needs it."""
    shares = _shares(tables, column)
    place, width = np.arange(len(shares)), 0.8 / len(tables)
    for turn, (name, share) in enumerate(zip(tables, shares, strict=True)):
        x = place + (turn - (len(tables) - 1) / 2) * width
        look = {"alpha": 0.35 if turn == 0 else 0.9, "color": PALETTE[turn]}
        axes.bar(x, shares[share], width * 0.9, label=legend_text(name), **look)
    axes.set_xticks(place, [wrap_text(kind, 14) for kind in shares.index])
    if sum(map(len, shares.index)) > 30:
        slant(axes)


def _shares(tables: Tables, column: str) -> pd.DataFrame:
    """Return the share of each category, or of all rare ones together, with a column per table."""
    kinds = list(dict.fromkeys(str(v) for t in tables.values() for v in _sorted(t[column])))
    words = [pd.Series([str(value) for value in table[column]]) for table in tables.values()]
    counted = [each.value_counts(normalize=True).reindex(kinds, fill_value=0) for each in words]
    shares = pd.concat(counted, axis=1, ignore_index=True)
    if len(kinds) <= MOST_BARS:
        return shares
    common = shares.index.isin(shares.mean(axis=1).nlargest(MOST_BARS - 1).index)
    others = shares[~common].sum().to_frame(f"{(~common).sum():,} others").T
    return pd.concat([shares[common], others])


def _sorted(values: Iterable) -> list:
    """Sort the different values, by their texts if they are of types that do not compare."""
    try:
        return sorted(set(values))
    except TypeError:
        return sorted(set(values), key=str)
