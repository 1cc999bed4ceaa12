"""Plots that compare methods by their ranks, differences from a baseline and calibration.

As in `gan_utils.plots.tables`, every function returns a closed Matplotlib figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils.metrics.tables import probability_bins
from gan_utils.plots.style import (
    GREY,
    MARKERS,
    PALETTE,
    course_figure,
    fill_panels,
    legend_text,
    panel_layout,
    plain_text,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_ranks(ranks: pd.DataFrame, title: str | None = None) -> Figure:
    """Plot the ranks of each sampler over datasets and classifiers, with the best sampler on top.

    Parameters
    ----------
    ranks : DataFrame
        The table that `gan_utils.benchmark.ranks` returns.
    title : str, optional
        The beginning of the title, such as the name of the measure.

    Returns
    -------
    matplotlib Figure
        The closed figure. Each pair of a dataset and a classifier has a small marker, whose shape
        and colour identify the classifier. A bar spans the first to the third quartile of the
        ranks, and a line marks their mean.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there is nothing to plot, or there are more classifiers than markers.
    """
    _check(ranks, ["dataset", "classifier", "sampler", "rank"], "ranks")
    means = ranks.groupby("sampler", sort=False, observed=True)["rank"].mean()
    order = means.sort_values(kind="stable").index
    looks = _looks(ranks["classifier"].unique())
    with course_figure(7, 0.42 * len(order) + 1.4) as figure:
        axes = figure.subplots()
        for place, name in enumerate(order):
            _rank_row(axes, place, ranks[ranks["sampler"] == name], looks)
        for name, (colour, marker) in looks.items():
            axes.plot([], [], marker, color=colour, ms=5, label=legend_text(name))
        axes.set_yticks(range(len(order)), [wrap_text(name, 20) for name in order])
        axes.invert_yaxis()
        axes.set(xlabel="rank (1 is best)", xlim=(0.6, len(order) + 0.4))
        axes.grid(visible=True, axis="x")
        words = "line: mean; bar: first to third quartile; marks: datasets"
        axes.set_title(f"{title}. {words}" if title else words, fontsize=9, loc="left")
        figure.legend(loc="outside right upper")
    return figure


def _rank_row(
    axes: Axes, place: int, part: pd.DataFrame, looks: dict[object, tuple[str, str]]
) -> None:
    values = part["rank"].to_numpy(float)
    low, high = np.quantile(values, [0.25, 0.75])
    axes.hlines(place, low, high, color=GREY, lw=9, alpha=0.35, zorder=1)
    axes.plot(values.mean(), place, "|", color="black", ms=16, mew=2.5, zorder=3)
    # Markers of equal rank are stacked in the order of the table, not at random.
    turn = part.groupby("rank").cumcount()
    many = part.groupby("rank")["rank"].transform("size")
    shift = 0.5 * ((turn + 0.5) / many - 0.5)
    for (_, row), up in zip(part.iterrows(), shift, strict=True):
        colour, marker = looks[row["classifier"]]
        axes.plot(row["rank"], place + up, marker, color=colour, ms=4, alpha=0.75, zorder=2)


def plot_differences(tests: pd.DataFrame, title: str | None = None) -> Figure:
    """Plot differences from a baseline with their intervals; zero means no change.

    Parameters
    ----------
    tests : DataFrame
        The table that `gan_utils.benchmark.paired_tests`, ``paired_test`` or
        ``across_datasets`` returns.
    title : str, optional
        The title; by default, it explains the filled markers.

    Returns
    -------
    matplotlib Figure
        The closed figure. There is one panel per dataset, or a single panel for the table from
        ``across_datasets``. Each panel has one row per sampler. The shape and colour of a marker
        identify the classifier. A marker is filled if its interval excludes zero.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there is nothing to plot, or there are more classifiers than markers.
    """
    needed = ["classifier", "sampler", "baseline", "measure", "difference", "low", "high"]
    _check(tests, needed, "tests")
    if "dataset" not in tests:
        tests = tests.assign(dataset="mean over the datasets")
    names, samplers = tests["dataset"].unique(), list(tests["sampler"].unique())
    looks = _looks(tests["classifier"].unique())
    width, down, across = panel_layout(len(names), 3.4 if len(names) > 1 else 6.0)
    with course_figure(width + 1.2, down * (0.4 * len(samplers) + 1.1) + 0.4) as figure:
        panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
        for axes, name in fill_panels(panels, names):
            _difference_panel(axes, tests[tests["dataset"] == name], samplers, looks)
            axes.set_title(plain_text(name))
        panels[0, 0].invert_yaxis()
        measure, baseline = tests["measure"].iloc[0], tests["baseline"].iloc[0]
        words = f"difference in {measure} from {baseline!r}"
        figure.supxlabel(plain_text(words), fontsize=10)
        figure.suptitle(title or "filled: the interval excludes zero", fontsize=9)
        if len(looks) > 1:
            handles, labels = panels[0, 0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside right upper")
    return figure


def _difference_panel(
    axes: Axes, part: pd.DataFrame, samplers: list[str], looks: dict[object, tuple[str, str]]
) -> None:
    axes.axvline(0, color=GREY, lw=1)
    for turn, (classifier, (colour, marker)) in enumerate(looks.items()):
        rows = part[part["classifier"] == classifier]
        shift = 0.5 * ((turn + 0.5) / len(looks) - 0.5)
        places = rows["sampler"].map(samplers.index) + shift
        axes.hlines(places, rows["low"], rows["high"], color=colour, lw=1.8)
        clear = (rows["low"] > 0) | (rows["high"] < 0)
        axes.plot([], [], marker, color=colour, label=legend_text(classifier))
        for rows_here, where, fill in ((rows, clear, colour), (rows, ~clear, "white")):
            axes.plot(rows_here["difference"][where], places[where], marker, color=colour, mfc=fill)
    axes.set_yticks(range(len(samplers)), [wrap_text(name, 18) for name in samplers])
    axes.grid(visible=True, axis="x")


def plot_calibration(probabilities: pd.DataFrame, truth: str = "truth", n_bins: int = 10) -> Figure:
    """Plot observed frequencies against predicted probabilities, one panel per sampler.

    Parameters
    ----------
    probabilities : DataFrame
        The table that `gan_utils.benchmark.out_of_fold` returns. It contains the true class (1 for
        the rare class) and a column of probabilities for each sampler.
    truth : str
        The column with the true class.
    n_bins : int
        Number of bins of equal width; empty bins are left out.

    Returns
    -------
    matplotlib Figure
        The closed figure. On the diagonal, the probabilities of the rare class are calibrated;
        below the diagonal, they are too high. The area of a point grows with the number of rows in
        its bin, and the bar shows the 95 % Wilson interval. The title of a panel gives the mean
        probability, which should equal the fraction of rows in the rare class.

    Raises
    ------
    KeyError
        If the column with the true class is missing.
    ValueError
        If there are no samplers, or a probability is missing or outside [0, 1].
    """
    _check(probabilities, [truth], "probabilities")
    samplers = [name for name in probabilities if name != truth]
    values = probabilities[samplers].to_numpy(float)
    if not samplers or not ((values >= 0) & (values <= 1)).all():
        raise ValueError("probabilities needs a column beside the truth, all values in [0, 1].")
    share = probabilities[truth].mean()
    width, down, across = panel_layout(len(samplers), 2.9, most=5)
    with course_figure(width, down * 3.1 + 0.3) as figure:
        panels = figure.subplots(down, across, squeeze=False, sharex=True, sharey=True)
        for axes, name in fill_panels(panels, samplers):
            _calibration_panel(axes, probabilities[truth], probabilities[name], n_bins)
            mean = probabilities[name].mean()
            axes.set_title(f"{wrap_text(name, 24)}\nmean {mean:.3f}, rare {share:.3f}", fontsize=9)
        figure.supxlabel("probability of the rare class that was given", fontsize=10)
        figure.supylabel("share of rare rows that was found", fontsize=10)
    return figure


def _calibration_panel(axes: Axes, truth: pd.Series, given: pd.Series, n_bins: int) -> None:
    bins = pd.DataFrame({"given": given, "truth": truth}).groupby(probability_bins(given, n_bins))
    mean, size = bins.mean(), bins.size()
    low, high = _wilson(mean["truth"], size)
    axes.plot([0, 1], [0, 1], color=GREY, lw=1, ls="--")
    axes.vlines(mean["given"], low, high, color=PALETTE[0], lw=1.5, alpha=0.6)
    axes.scatter(mean["given"], mean["truth"], s=15 + 120 * size / size.sum(), color=PALETTE[0])
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    axes.grid(visible=True)


def _wilson(share: pd.Series, n: pd.Series, z: float = 1.96) -> tuple[pd.Series, pd.Series]:
    """Return the 95 % Wilson interval of a share, which always lies within [0, 1]."""
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - reach, centre + reach


def _looks(classifiers: np.ndarray) -> dict[object, tuple[str, str]]:
    if len(classifiers) > len(MARKERS):
        raise ValueError(f"{len(classifiers)} classifiers: {len(MARKERS)} can be told apart.")
    return dict(zip(classifiers, zip(PALETTE, MARKERS, strict=True), strict=False))


def _check(table: pd.DataFrame, columns: list[str], who: str) -> None:
    for name in columns:
        if name not in table:
            raise KeyError(f"{who} has no column {name!r}. It has {list(table)}.")
    if table.empty:
        raise ValueError(f"{who} is empty: there is nothing to draw.")
