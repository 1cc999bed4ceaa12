"""Scores of several seeds: each one, their mean and their band."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_columns
from gan_utils.plots.style import (
    GREY,
    PALETTE,
    course_figure,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_bands(
    results: pd.DataFrame,
    x: str,
    y: str,
    baselines: Sequence[str] = (),
    interval: str = "confidence",
    ylabel: str | None = None,
) -> Figure:
    """Draw the results of many seeds: seeds as points, their mean and interval, baselines as bands.

    Parameters
    ----------
    results : DataFrame in long form
        One row a method and seed.
    x : str
        Column with the method.
    y : str
        Column with the measure.
    baselines : sequence of str
        Methods drawn as bands across the picture, such as ``["do nothing", "all real"]``.
    interval : {"confidence", "range"}
        What bars and bands show: the 95 % confidence interval of the mean (Student's t), or the
        lowest and highest seed.
    ylabel : str, optional
        Name and unit of the measure; by default ``y``.

    Returns
    -------
    matplotlib Figure
        Closed.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a baseline is no method of the table, nothing is left to draw beside the baselines, a
        value is missing, or ``interval`` is unknown.
    """
    groups = _groups(results, x, y, baselines, interval)
    methods = [name for name in groups if name not in baselines]
    with course_figure(max(6.0, 1.5 * len(methods) + 3.2), 4) as figure:
        axes = figure.subplots()
        bands = dict(zip(baselines, cycle((GREY, PALETTE[5], PALETTE[3])), strict=False))
        for name, colour in bands.items():
            _band(axes, groups[name], name, colour, interval)
        # As on a scorecard, the methods start at the second colour; none has that of a band.
        colours = cycle([c for c in PALETTE[bool(baselines) :] if c not in bands.values()])
        for place, (name, colour) in enumerate(zip(methods, colours, strict=False)):
            _strip(axes, place, groups[name], colour, interval)
        axes.set_xticks(range(len(methods)), [wrap_text(name, 16) for name in methods])
        axes.set(ylabel=ylabel or y, xlim=(-0.6, len(methods) - 0.4))
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


def _band(axes: Axes, values: np.ndarray, name: str, colour: str, interval: str) -> None:
    axes.axhspan(*_interval(values, interval), color=colour, alpha=0.25, lw=0, zorder=0)
    axes.axhline(values.mean(), color=colour, lw=2, label=wrap_text(name, 18), zorder=1)


def _strip(axes: Axes, place: int, values: np.ndarray, colour: str, interval: str) -> None:
    """Draw the seeds of a method as points beside each other, their mean and interval over them."""
    # Side by side in the order of the seeds, not at random: the same picture every time.
    spread = np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1)
    axes.scatter(place + spread, values, s=16, color=colour, alpha=0.55, linewidths=0, zorder=2)
    low, high = _interval(values, interval)
    axes.vlines(place + 0.3, low, high, color="black", lw=3, zorder=3)
    axes.plot(place + 0.3, values.mean(), "_", color="black", ms=12, mew=2, zorder=3)
