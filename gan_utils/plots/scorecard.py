"""Draw a scorecard as a figure with one panel per question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils.metrics.tables import QUESTIONS
from gan_utils.plots.style import (
    MARKERS,
    colour_of,
    course_figure,
    legend_text,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


#: Panels with no score above this have a common scale.
WIDEST = 3.0


def plot_scorecard(card: pd.DataFrame) -> Figure:
    """Plot a scorecard, or a comparison of methods, as dots with their range over seeds.

    Parameters
    ----------
    card : DataFrame
        The table that ``score_table`` or ``compare_tables`` from ``gan_utils.scorecard`` returns.

    Returns
    -------
    matplotlib Figure
        The closed figure. There is one panel per question; all panels have the same scale, except
        those with scores above 3. Black bars mark the values for real rows compared with other real
        rows. The median distance to the closest training row is left out, since the plot shows its
        ratio to the median distance for held-out real rows.

    Raises
    ------
    TypeError
        If ``card`` is not a scorecard.
    """
    methods, facts = _card_parts(card)
    shown = facts.index[facts["baseline"].notna() & ~facts.index.str.startswith("distance to")]
    facts = facts.loc[shown]
    counts = facts["question"].value_counts(sort=False)
    tall = max(0.55, 0.13 * len(methods) + 0.2)
    with course_figure(8.5, tall * len(facts) + 0.75 * len(counts) + 0.5) as figure:
        axes = figure.subplots(len(counts), 1, squeeze=False, height_ratios=list(counts))[:, 0]
        for cell, question in zip(axes, counts.index, strict=True):
            _question_panel(cell, facts[facts["question"] == question], methods)
            cell.set_title(f"{QUESTIONS[question]} ({question})", loc="left", weight="bold")
        _share_limits(axes)
        axes[-1].set_xlabel("score (point: mean over seeds; line: lowest to highest seed)")
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=4)
    return figure


def _card_parts(card: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Split a scorecard into the scores of each method and the columns that all methods share."""
    if not isinstance(card, pd.DataFrame) or "question" not in card.columns.get_level_values(-1):
        raise TypeError("this is no card. Give what score_table or compare_tables returned.")
    card = pd.DataFrame(card)
    if card.columns.nlevels == 1:
        return {"synthetic": card}, card
    names = [name for name in card.columns.get_level_values(0).unique() if name != "card"]
    return {name: card[name] for name in names}, card["card"]


def _question_panel(axes: Axes, facts: pd.DataFrame, methods: Mapping[str, pd.DataFrame]) -> None:
    place = np.arange(len(facts))
    step = 0.7 / max(len(methods), 2)
    for turn, (name, scores) in enumerate(methods.items()):
        scores = scores.loc[facts.index]
        y = place + (turn - (len(methods) - 1) / 2) * step
        look = {"color": colour_of(turn + 1), "label": legend_text(name)}
        axes.hlines(y, scores["low"], scores["high"], color=look["color"], lw=2.5, alpha=0.6)
        axes.plot(
            scores["value"], y, ls="", ms=5.5, marker=MARKERS[(turn + 1) % len(MARKERS)], **look
        )
    bars = {"color": "black", "lw": 2, "label": "real against real"}
    axes.vlines(facts["baseline"], place - 0.42, place + 0.42, **bars)
    names = [f"{wrap_text(name, 30)}\n(best: {best})" for name, best in facts["best"].items()]
    axes.set_yticks(place, names)
    axes.set_ylim(len(facts) - 0.5, -0.5)
    axes.grid(visible=True, axis="x")


def _share_limits(panels: Iterable[Axes]) -> None:
    """Show the range from 0 to 1, where most scores lie, and more if a score lies outside it.

    All panels share one scale, so that equal lengths mean equal differences, but a panel with a
    score that would squeeze all others has a separate scale.
    """
    reach = {axes: axes.dataLim.intervalx for axes in panels}
    shared = [limits for limits in reach.values() if limits[1] <= WIDEST]
    for axes, limits in reach.items():
        together = shared if limits[1] <= WIDEST else [limits]
        low, high = min(low for low, _ in together), max(high for _, high in together)
        axes.set_xlim(min(0, low) - 0.03, max(1, high) + 0.03)
