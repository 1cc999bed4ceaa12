"""Plots for the mode-collapse lab: points on the ring, scores during training, and an animation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils._support.notebook import picture
from gan_utils.generative.ring import (
    N_MODES,
    RingRun,
    make_ring,
    nearest_mode,
    ring_centres,
    ring_scores,
)
from gan_utils.plots.style import GREY, PALETTE, course_figure, legend_text, pixels_of, wrap_text

if TYPE_CHECKING:
    from IPython.display import Image
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Half the width of the plots, in units of the plane.
EDGE = 3.0
ON, OFF = PALETTE[2], PALETTE[4]


def plot_ring(runs: Sequence[RingRun], n_times: int = 4) -> Figure:
    """Plot the generated points of several training runs at a few moments, one row per run.

    Green dots are generated points on a mode, and red crosses are all other generated points. Grey
    rings show the modes.

    Parameters
    ----------
    runs : sequence of RingRun
        Training runs of equal length.
    n_times : int
        Number of moments to show, including the end of training.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If there are no training runs.
    """
    looks = len(_checked(runs)[0].frames)
    times = np.unique(np.linspace(0, looks - 1, n_times).round().astype(int))
    with course_figure(1.9 * len(times) + 0.6, 1.9 * len(runs) + 0.5) as figure:
        panels = figure.subplots(len(runs), len(times), squeeze=False, sharex=True, sharey=True)
        for row, run in zip(panels, runs, strict=True):
            row[0].set_ylabel(wrap_text(run.method, 16))
            for axes, time in zip(row, times, strict=True):
                _draw_points(axes, run.frames[time])
                axes.set_title(f"step {run.scores.index[time]:,}", fontsize=9)
    return figure


def plot_ring_scores(runs: Sequence[RingRun]) -> Figure:
    """Plot the number of modes covered and the share of points on a mode during training.

    Parameters
    ----------
    runs : sequence of RingRun
        Training runs of any length.

    Returns
    -------
    matplotlib Figure
        The closed figure. Dotted lines show the values for real points.

    Raises
    ------
    ValueError
        If there are no training runs.
    """
    real = ring_scores(make_ring(random_state=0))
    with course_figure(9, 3.4) as figure:
        panels = figure.subplots(1, 2)
        for axes, measure in zip(panels, real, strict=True):
            looks = zip(_checked(runs), cycle(PALETTE[1:]), cycle(("-", "--", "-.", ":")))
            for run, colour, line in looks:
                axes.plot(run.scores[measure], color=colour, ls=line, label=legend_text(run.method))
            axes.axhline(real[measure], color=PALETTE[0], ls=":", label="real points")
            top = N_MODES if measure == "modes covered" else 1
            axes.set(xlabel="step", ylabel=measure, ylim=(-0.03 * top, 1.06 * top))
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure


def animate_ring(runs: Sequence[RingRun], seconds: float = 8.0) -> Image:
    """Animate the generated points of several training runs, side by side.

    Parameters
    ----------
    runs : sequence of RingRun
        Training runs of equal length.
    seconds : float
        Duration of one loop.

    Returns
    -------
    IPython.display.Image
        A GIF of at most 600 kB, with alternative text.

    Raises
    ------
    ValueError
        If there are no training runs.
    """
    from gan_utils.training.grids import encode_animation

    frames = [_frame(_checked(runs), look) for look in range(len(runs[0].frames))]
    names = ", ".join(run.method for run in runs)
    last = runs[0].scores.index[-1]
    alt = (
        f"Animation of generated points on a ring of eight modes, up to step {last}, side by side: "
        f"{names}. Green dots lie on a mode, red crosses between modes."
    )
    return picture(encode_animation(frames, seconds), "gif", alt)


def _frame(runs: Sequence[RingRun], look: int) -> np.ndarray:
    """Draw one moment of all training runs, and return the pixels of the figure."""
    with course_figure(2.0 * len(runs), 2.5, dpi=80) as figure:
        panels = figure.subplots(1, len(runs), squeeze=False)[0]
        for axes, run in zip(panels, runs, strict=True):
            _draw_points(axes, run.frames[look])
            axes.set_title(wrap_text(run.method, 16), fontsize=9)
        figure.suptitle(f"step {runs[0].scores.index[look]:,}", fontsize=10)
        return pixels_of(figure)


def _draw_points(axes: Axes, points: np.ndarray) -> None:
    settings: dict[str, Any] = {"mfc": "none", "mec": GREY, "ms": 11, "mew": 0.8}
    axes.plot(*ring_centres().T, "o", **settings)
    _, near = nearest_mode(points)
    axes.plot(*points[~near].T, "x", color=OFF, ms=3, mew=0.7)
    axes.plot(*points[near].T, "o", color=ON, ms=2.5, mew=0)
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    axes.set_aspect("equal")
    axes.tick_params(labelsize=7, length=2)


def _checked(runs: Sequence[RingRun]) -> Sequence[RingRun]:
    if not runs:
        raise ValueError("there is no training to draw. Give at least one RingRun.")
    return runs
