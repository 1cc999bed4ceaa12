"""Plots of one-dimensional paths from noise to data: lines over time and animated histograms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_utils._support.notebook import picture
from gan_utils.plots.style import GREY, PALETTE, course_figure, pixels_of

if TYPE_CHECKING:
    from IPython.display import Image
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

#: Number of bins in a histogram, and maximum number of paths drawn.
N_BINS, MOST_PATHS = 50, 40


def plot_paths(paths: ArrayLike, real: ArrayLike, title: str = "") -> Figure:
    """Plot paths from noise (left) to samples (right), beside the real samples.

    Parameters
    ----------
    paths : array of shape (n_times, n)
        Values of n samples at evenly spaced times from 0 to 1; the first 40 samples are drawn.
    real : array of shape (m,)
        Real samples; the right panel shows their histogram and a histogram of the end points of all
        paths.
    title : str
        The title of the figure.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If the paths are not a two-dimensional array of finite numbers with at least two rows, or
        there are no real samples.
    """
    paths, real = _checked(paths, real)
    times = np.linspace(0, 1, len(paths))
    with course_figure(7.6, 3.6) as figure:
        lines, bars = figure.subplots(1, 2, sharey=True, width_ratios=(4, 1))
        lines.plot(times, paths[:, :MOST_PATHS], color=PALETTE[1], lw=0.8, alpha=0.8)
        lines.set(xlabel="time t: 0 is noise, 1 is data", ylabel="value x", xlim=(0, 1))
        bins = _bins(paths, real)
        settings = {"orientation": "horizontal", "density": True}
        bars.hist(real, bins, color=PALETTE[0], alpha=0.45, label="real", **settings)
        bars.hist(
            paths[-1],
            bins,
            color=PALETTE[1],
            histtype="step",
            lw=1.6,
            label="generated",
            **settings,
        )
        bars.set(xlabel="density at t = 1")
        figure.legend(*bars.get_legend_handles_labels(), loc="outside upper right", ncols=2)
        figure.suptitle(title, x=0.02, ha="left", fontsize=11)
    return figure


def animate_paths(paths: ArrayLike, real: ArrayLike, seconds: float = 6.0) -> Image:
    """Animate the histogram of samples on their way from noise to data.

    Parameters
    ----------
    paths : array of shape (n_times, n)
        Values of n samples at evenly spaced times from 0 to 1.
    real : array of shape (m,)
        Real samples, shown in grey in every frame.
    seconds : float
        Duration of one loop.

    Returns
    -------
    IPython.display.Image
        A GIF of at most 600 kB, with alternative text.

    Raises
    ------
    ValueError
        If the arguments are invalid, as described in `plot_paths`.
    """
    from gan_utils.training.grids import encode_animation

    paths, real = _checked(paths, real)
    bins = _bins(paths, real)
    top = 1.1 * max(np.histogram(x, bins, density=True)[0].max() for x in (real, paths[0]))
    times = np.linspace(0, 1, len(paths))
    frames = [_frame(x, t, real, bins, top) for t, x in zip(times, paths, strict=True)]
    alt = "Animated histogram of samples that move from noise, at time 0, to the data, at time 1."
    return picture(encode_animation(frames, seconds), "gif", alt)


def _frame(now: np.ndarray, t: float, real: np.ndarray, bins: np.ndarray, top: float) -> np.ndarray:
    """Draw the histogram at one moment, and return the pixels of the figure."""
    with course_figure(5.0, 2.6, dpi=80) as figure:
        _draw_histograms(figure.subplots(), now, real, bins, top)
        figure.suptitle(f"t = {t:.2f}", fontsize=10)
        return pixels_of(figure)


def _draw_histograms(
    axes: Axes, now: np.ndarray, real: np.ndarray, bins: np.ndarray, top: float
) -> None:
    axes.hist(real, bins, density=True, color=GREY, alpha=0.35, label="real")
    axes.hist(now, bins, density=True, color=PALETTE[1], histtype="step", lw=1.6, label="moving")
    axes.set(xlabel="value x", ylabel="density", ylim=(0, top))
    axes.legend(loc="upper right", fontsize=8)


def _bins(paths: np.ndarray, real: np.ndarray) -> np.ndarray:
    both = np.concatenate([paths.ravel(), real])
    low, high = both.min(), both.max()
    # If all values are equal, the bins would have no width, and the densities no value.
    edge = 0.0 if high > low else 0.5
    return np.linspace(low - edge, high + edge, N_BINS + 1)


def _checked(paths: ArrayLike, real: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    paths, real = np.asarray(paths, float), np.asarray(real, float).ravel()
    if paths.ndim != 2 or len(paths) < 2 or not paths.shape[1] or not real.size:
        raise ValueError(
            f"paths have shape {paths.shape}, and there are {real.size} real samples. Give one row "
            "per time, at least two, with one value per sample, and at least one real sample."
        )
    if not (np.isfinite(paths).all() and np.isfinite(real).all()):
        raise ValueError("paths or real samples hold a missing or infinite value.")
    return paths, real
