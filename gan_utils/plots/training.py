"""Plot losses and accuracies over the steps of a training run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils.plots.style import (
    GREY,
    colour_of,
    course_figure,
    legend_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def plot_training(
    history: Mapping[str, Sequence[float]] | pd.DataFrame,
    xlabel: str = "step",
    samples: str = "rows",
) -> Figure:
    """Plot the losses of a training run in one panel and its accuracies in another.

    Parameters
    ----------
    history : mapping of str to sequence of float, DataFrame, or Keras History
        Curves of equal length. Curves with ``loss`` or ``accuracy`` in their names are plotted; a
        curve or index named ``step`` or ``epoch`` gives the horizontal axis.
    xlabel : str
        Label of the horizontal axis, if no curve or index provides one.
    samples : str
        A plural noun for the generated samples, such as ``"images"``, for the legend.

    Returns
    -------
    matplotlib Figure
        The closed figure. Long curves are pale, with their moving average on top.

    Raises
    ------
    ValueError
        If no curve is a loss or an accuracy.
    """
    curves = pd.DataFrame(getattr(history, "history", history))
    if curves.index.name in ("step", "epoch"):
        curves = curves.reset_index()
    clock = next((name for name in ("step", "epoch") if name in curves), None)
    x = curves[clock] if clock else np.arange(1, len(curves) + 1)
    panels = {word: [n for n in curves if word in str(n)] for word in ("loss", "accuracy")}
    panels = {word: names for word, names in panels.items() if names}
    if not panels:
        raise ValueError(f"no curve is named loss or accuracy; there are {list(curves)}.")
    with course_figure(5 * len(panels) if len(panels) > 1 else 7, 3.3) as figure:
        for axes, (word, names) in zip(
            np.atleast_1d(figure.subplots(1, len(panels))), panels.items(), strict=True
        ):
            _curves(axes, x, curves[names].rename(columns=lambda n: _curve_name(n, samples)))
            axes.set(xlabel=clock or xlabel, title="losses" if word == "loss" else "accuracies")
            _finish_curves(axes, word)
    return figure


def _curves(axes: Axes, x: ArrayLike, curves: pd.DataFrame) -> None:
    """Draw each curve; a long one is pale, with a moving average on top."""
    window = len(curves) // 50
    for turn, (name, curve) in enumerate(curves.items()):
        look = {"color": colour_of(turn), "ls": ("-", "--", ":", "-.")[turn % 4]}
        if window > 1:
            axes.plot(x, curve, color=look["color"], alpha=0.2, lw=0.8)
            curve = curve.rolling(window, center=True, min_periods=1).mean()
        axes.plot(x, curve, lw=1.8, label=legend_text(name), **look)


def _finish_curves(axes: Axes, word: str) -> None:
    axes.grid(visible=True)
    if word == "accuracy":
        axes.axhline(0.5, color=GREY, lw=1)
        axes.set(ylim=(-0.03, 1.03), ylabel="share judged right (0.5: a coin)")
    else:
        axes.set_ylabel("loss")
    axes.legend(loc="best", fontsize=9)


def _curve_name(name: str, samples: str) -> str:
    words = {"d": "discriminator", "g": "generator"}
    words |= {kind: f"{kind} {samples}" for kind in ("real", "fake")}
    known = [words.get(word, word) for word in str(name).split("_")]
    if any(known[-1] == words[kind] for kind in ("real", "fake")):
        return known[-1]
    return " ".join(word for word in known if word not in ("loss", "accuracy")) or str(name)
