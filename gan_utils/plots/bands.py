"""Plots of scores over several seeds, with means and intervals, and of gains over a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba

from gan_utils._support.checks import check_columns
from gan_utils.plots.style import (
    GREY,
    PALETTE,
    course_figure,
    darker,
    legend_text,
    plain_text,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Hatch patterns of the baselines' bands, used in this order.
HATCHES = ("//", "\\\\", "..")


def plot_bands(
    results: pd.DataFrame,
    x: str,
    y: str,
    baselines: Sequence[str] = (),
    interval: str = "confidence",
    ylabel: str | None = None,
) -> Figure:
    """Plot results over many seeds as points with a mean and an interval, and baselines as bands.

    Parameters
    ----------
    results : DataFrame in long form
        One row per method and seed.
    x : str
        Column with the method.
    y : str
        Column with the measure.
    baselines : sequence of str
        Methods shown as bands across the figure, such as ``["do nothing", "all real"]``.
    interval : {"confidence", "range"}
        The interval shown by the bars and bands: the 95 % confidence interval for the mean
        (Student's t), or the range from the lowest to the highest value.
    ylabel : str, optional
        Name and unit of the measure; by default ``y``.

    Returns
    -------
    matplotlib Figure
        The closed figure. Each band has a different hatch pattern, so that overlapping bands can be
        distinguished from bands that only touch.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a baseline is not one of the methods, all methods are baselines, a value is missing, or
        ``interval`` is unknown.
    """
    groups = _groups(results, x, y, baselines, interval)
    methods = [name for name in groups if name not in baselines]
    with course_figure(max(6.0, 1.5 * len(methods) + 3.2), 4) as figure:
        axes = figure.subplots()
        bands = dict(zip(baselines, cycle((GREY, PALETTE[5], PALETTE[3])), strict=False))
        for (name, colour), hatch in zip(bands.items(), cycle(HATCHES), strict=False):
            _band(axes, groups[name], name, (colour, hatch), interval)
        # If there are baselines, the methods start at the second colour, as on a scorecard; no
        # method has the colour of a band.
        colours = cycle([c for c in PALETTE[bool(baselines) :] if c not in bands.values()])
        for place, (name, colour) in enumerate(zip(methods, colours, strict=False)):
            _strip(axes, place, groups[name], colour, interval)
        axes.set_xticks(range(len(methods)), [wrap_text(name, 16) for name in methods])
        axes.set(ylabel=ylabel or plain_text(y), xlim=(-0.6, len(methods) - 0.4))
        axes.grid(visible=True, axis="y")
        words = "95 % confidence interval" if interval == "confidence" else "lowest to highest"
        axes.set_title(f"points: seeds; bars and bands: mean, {words}", fontsize=9, loc="left")
        if baselines:
            figure.legend(loc="outside right upper")
    return figure


def _groups(
    results: pd.DataFrame, x: str, y: str, baselines: Sequence[str], interval: str
) -> dict[str, np.ndarray]:
    """Return the values of each method, in the order of the table."""
    check_columns(results, x, y)
    if interval not in ("confidence", "range"):
        raise ValueError(f"interval={interval!r}: use 'confidence' or 'range'.")
    if results[[x, y]].isna().any(axis=None):
        raise ValueError(f"{x!r} or {y!r} has missing values. Drop them, and say so in the text.")
    groups = {
        name: results.loc[results[x] == name, y].to_numpy(float) for name in results[x].unique()
    }
    if set(baselines) - set(groups) or not set(groups) - set(baselines):
        raise ValueError(
            f"baselines={list(baselines)} must be some of the methods {list(groups)}, not all."
        )
    return groups


def _interval(values: np.ndarray, kind: str) -> tuple[float, float]:
    if kind == "range" or len(values) < 2 or np.ptp(values) == 0:
        return values.min(), values.max()
    from scipy.stats import sem, t

    return t.interval(0.95, len(values) - 1, loc=values.mean(), scale=sem(values))


def _band(axes: Axes, values: np.ndarray, name: str, look: tuple[str, str], interval: str) -> None:
    (colour, hatch), (low, high) = look, _interval(values, interval)
    area = {"fc": to_rgba(colour, 0.1), "ec": to_rgba(colour, 0.6), "hatch": hatch, "lw": 1.2}
    axes.axhspan(low, high, **area, zorder=0)
    words = f"{legend_text(name, 18)}\n{values.mean():.3f} ({low:.3f} to {high:.3f})"
    axes.axhline(values.mean(), color=colour, lw=2.5, label=words, zorder=1)


def _strip(axes: Axes, place: int, values: np.ndarray, colour: str, interval: str) -> None:
    """Draw a method's seeds as points side by side, with their mean and interval on the right."""
    # Spread in the order of the seeds, not at random, so that the figure is always the same.
    spread = np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1)
    look = {"fc": to_rgba(colour, 0.75), "ec": darker(colour, 0.6), "lw": 0.5, "zorder": 2}
    axes.scatter(place + spread, values, s=20, **look)
    low, high = _interval(values, interval)
    axes.vlines(place + 0.3, low, high, color="black", lw=3, zorder=3)
    axes.plot(place + 0.3, values.mean(), "_", color="black", ms=12, mew=2, zorder=3)


def plot_gains(
    results: pd.DataFrame,
    x: str,
    measures: Sequence[str],
    baseline: str,
    pair: str = "seed",
) -> Figure:
    """Plot paired differences from a baseline, with intervals for single runs and for the mean.

    Parameters
    ----------
    results : DataFrame in long form
        One row per method and seed.
    x : str
        Column with the method.
    measures : sequence of str
        Columns with the measures; there is one panel per measure.
    baseline : str
        The method whose values are subtracted from those of the other methods, pair by pair.
    pair : str
        The column that shows which rows belong together, such as the seed of a split.

    Returns
    -------
    matplotlib Figure
        The closed figure. A thin line spans the middle 90 % of the gains of single runs. A thick
        line is the 95 % confidence interval for the mean (Student's t); if this interval excludes
        zero, the marker of the mean is filled.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the baseline is not one of the methods or is the only method, there are fewer than two
        pairs, or a pair does not have exactly one value for each method.
    """
    gains = {name: _paired_gains(results, x, name, baseline, pair) for name in measures}
    methods = list(next(iter(gains.values())))
    with course_figure(3.3 * len(gains) + 1.6, 0.45 * len(methods) + 1.5) as figure:
        panels = figure.subplots(1, len(gains), squeeze=False, sharey=True)[0]
        for axes, (measure, table) in zip(panels, gains.items(), strict=True):
            for place, (_, values) in enumerate(table.items()):
                _gain(axes, place, values.to_numpy(), PALETTE[0])
            axes.axvline(0, color=GREY, lw=1.2, zorder=0)
            axes.set_title(plain_text(measure))
            axes.locator_params(axis="x", nbins=5)
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=True, axis="x")
        panels[0].set_yticks(range(len(methods)), [wrap_text(name, 18) for name in methods])
        panels[0].set_ylim(len(methods) - 0.5, -0.5)
        words = f"difference from {baseline!r}, seed by seed"
        figure.supxlabel(plain_text(words), fontsize=10)
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
    return figure


def _paired_gains(results: pd.DataFrame, x: str, y: str, baseline: str, pair: str) -> pd.DataFrame:
    """Return the differences from the baseline: one row per pair, one column per method."""
    check_columns(results, x, y, pair)
    order = list(results[x].unique())
    if baseline not in order or len(order) < 2:
        raise ValueError(f"baseline={baseline!r} must be one of several methods, here {order}.")
    wide = results.pivot_table(index=pair, columns=x, values=y, observed=True)[order].astype(float)
    if len(wide) < 2 or wide.isna().any(axis=None) or results.duplicated([pair, x]).any():
        raise ValueError(
            f"every method needs one {y!r} for each of two or more values of {pair!r}."
        )
    return wide.sub(wide[baseline], axis=0).drop(columns=baseline)


def _gain(axes: Axes, place: int, values: np.ndarray, colour: str) -> None:
    low, high = _interval(values, "confidence")
    # Only the first line of each kind has a label, so that the legend lists each kind once.
    words = ("one run: 5 % to 95 % of the seeds", "mean: 95 % interval (filled: excludes 0)")
    thin, thick = words if place == 0 else (None, None)
    axes.hlines(place, *np.quantile(values, [0.05, 0.95]), color=colour, lw=1.5, label=thin)
    axes.hlines(place, low, high, color=colour, lw=8, alpha=0.5, label=thick)
    fill = colour if low > 0 or high < 0 else "white"
    axes.plot(values.mean(), place, "o", color=colour, mfc=fill, ms=7, mew=1.8, zorder=3)
