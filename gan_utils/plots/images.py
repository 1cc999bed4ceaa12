"""Figures of images: grids, real images beside generated ones, and nearest neighbours.

Grey images are drawn as dark ink on white, as on paper; colour images are drawn unchanged. All
figures show pixel values on the same scale, from 0 to 1. Each plotting function returns a closed
Matplotlib figure, as in `gan_utils.plots.tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils.plots.style import course_figure, plain_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    Generate = Callable[[np.ndarray], ArrayLike]

INK = "gray_r"
#: Side of a cell without its caption, and height of a caption's line, in inches.
CELL, LINE = 0.75, 0.16


def plot_images(
    images: ArrayLike,
    columns: int | None = None,
    title: str | None = None,
    labels: Sequence[object] | None = None,
    size: float = CELL,
) -> Figure:
    """Plot images in a grid, row by row.

    Parameters
    ----------
    images : array of shape (n, height, width[, 1]) or (n, height, width, 3), in [0, 1]
        Grey values (0 is the background), or red, green and blue values.
    columns : int, optional
        Images per row; by default, the grid is square if possible, and at most ten images wide.
    title : str, optional
        The title of the figure.
    labels : sequence of length n, optional
        The text under each image.
    size : float
        Side length of an image, in inches.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If there are no images, the shape or scale is wrong, or the number of labels differs from
        the number of images.
    """
    pixels = check_pixels(images)
    return _plot_panels({title or "": pixels}, columns, {title or "": labels}, size)


def plot_side_by_side(
    sets: Mapping[str, ArrayLike],
    columns: int | None = None,
    labels: Mapping[str, Sequence[object]] | None = None,
    size: float = CELL,
) -> Figure:
    """Plot several sets of images side by side, each as a grid, on one scale.

    Parameters
    ----------
    sets : mapping of str to array of shape (n, height, width[, channels]), in [0, 1]
        One to four sets, such as ``{"real": ..., "generated": ...}``.
    columns : int, optional
        Images per row in each grid.
    labels : mapping of str to sequence, optional
        The text under each image, for some or all of the sets.
    size : float
        Side length of an image, in inches.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If there are no sets or more than four, or if a set is invalid, as described in
        `plot_images`.
    """
    if not 1 <= len(sets) <= 4:
        raise ValueError(f"{len(sets)} sets of images: give 1 to 4 to lay beside each other.")
    pixels = {plain_text(name): check_pixels(images, name) for name, images in sets.items()}
    written = {plain_text(name): words for name, words in (labels or {}).items()}
    return _plot_panels(pixels, columns, written, size)


def plot_neighbours(
    images: ArrayLike,
    neighbours: ArrayLike,
    distances: ArrayLike | None = None,
    names: tuple[str, str] = ("generated", "nearest in training"),
    size: float = CELL,
) -> Figure:
    """Plot each image above its neighbour, with the distance between them.

    Parameters
    ----------
    images, neighbours : array of shape (n, height, width[, channels]), in [0, 1]
        Pairs, such as generated images and their nearest training images.
    distances : array of shape (n,), optional
        The distance written under each pair.
    names : tuple of two str
        The names of the two rows.
    size : float
        Side length of an image, in inches.

    Returns
    -------
    matplotlib Figure
        The closed figure.

    Raises
    ------
    ValueError
        If the two arrays do not form pairs, if either is invalid, as described in `plot_images`, or
        if there is not one distance per pair.
    """
    rows = [check_pixels(images, names[0]), check_pixels(neighbours, names[1])]
    if rows[0].shape != rows[1].shape:
        raise ValueError(
            f"{rows[0].shape} and {rows[1].shape} do not pair: give one neighbour an image."
        )
    n = len(rows[0])
    if distances is not None and np.shape(distances) != (n,):
        raise ValueError(
            f"distances of shape {np.shape(distances)}: give one for each of {n} pairs."
        )
    with course_figure(n * size + 1.3, 2 * size + 0.5) as figure:
        axes = figure.subplots()
        both = np.concatenate(rows)
        below = [""] * n if distances is None else [f"{d:.2f}" for d in np.asarray(distances)]
        _draw_grid(axes, both, n, [""] * n + below)
        for row, name in enumerate(names):
            y = (row + 0.5) * axes.get_ylim()[0] / 2
            axes.text(-3, y, name.replace(" ", "\n", 1), ha="right", va="center", fontsize=9)
    return figure


def check_pixels(images: ArrayLike, name: str = "images") -> np.ndarray:
    """Return grey images without their channel axis, and colour images unchanged.

    Parameters
    ----------
    images : array
        Values in [0, 1].
    name : str
        The name used for the images in error messages.

    Returns
    -------
    ndarray of shape (n, height, width) or (n, height, width, 3), float32

    Raises
    ------
    ValueError
        If the images have the wrong shape or scale, or there are none.
    """
    pixels = np.asarray(images, "float32")
    if pixels.ndim == 4 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    in_colour = pixels.ndim == 4 and pixels.shape[-1] == 3
    if not (pixels.ndim == 3 or in_colour) or not pixels.size:
        raise ValueError(
            f"{name} has shape {np.shape(images)}. Give at least one image: (n, height, width) or "
            "(n, height, width, 1) for grey ones, (n, height, width, 3) for colour."
        )
    low, high = pixels.min(), pixels.max()
    if not (low >= -1e-3 and high <= 1 + 1e-3):
        raise ValueError(
            f"{name} has values from {low:.3g} to {high:.3g}, not from 0 to 1. "
            "Divide values of 0 to 255 by 255; bring tanh's -1 to 1 over by (x + 1) / 2."
        )
    return pixels


def _plot_panels(
    sets: Mapping[str, np.ndarray],
    columns: int | None,
    labels: Mapping[str, Sequence[object] | None],
    size: float,
) -> Figure:
    across = {name: columns or _columns(len(pixels)) for name, pixels in sets.items()}
    down = max(-(-len(pixels) // across[name]) for name, pixels in sets.items())
    written = [_words(labels.get(name)) for name in sets]
    lines = max((w.count("\n") + 1 for words in written for w in words), default=0)
    widths = [across[name] * size + 0.15 for name in sets]
    height = down * (size + lines * LINE) + (0.4 if any(sets) else 0.05)
    with course_figure(sum(widths), height) as figure:
        panels = figure.subplots(1, len(sets), squeeze=False, width_ratios=widths)[0]
        for axes, (name, pixels), words in zip(panels, sets.items(), written, strict=True):
            if words and len(words) != len(pixels):
                raise ValueError(f"{len(words)} labels for {len(pixels)} images. Give one each.")
            _draw_grid(axes, pixels, across[name], words, lines * LINE / size)
            axes.set_title(name, fontsize=11, weight="bold" if len(sets) > 1 else "normal")
    return figure


def _words(labels: Sequence[object] | None) -> list[str]:
    return [] if labels is None else [plain_text(label) for label in labels]


def _columns(n: int) -> int:
    """Choose the number of images per row: a square grid if possible, else at most ten."""
    side = round(n**0.5)
    return side if side * side == n and n <= 100 else min(n, 10)


def _draw_grid(
    axes: Axes, pixels: np.ndarray, columns: int, words: Sequence[str], below: float = 0.0
) -> None:
    """Put all images into one picture, which is quicker and smaller than one panel per image."""
    n, height, width, *colours = pixels.shape
    rows, gap = -(-n // columns), max(1, height // 14)
    tall, wide = height + gap + round(below * height), width + gap
    page = np.full((rows * tall, columns * wide, *colours), float(bool(colours)), "float32")
    for place, image in enumerate(pixels):
        y, x = divmod(place, columns)
        page[y * tall : y * tall + height, x * wide : x * wide + width] = image
        axes.add_patch(_frame(x * wide, y * tall, width, height))
    axes.imshow(page, cmap=INK, vmin=0, vmax=1, interpolation="nearest")
    for place, word in enumerate(words):
        y, x = divmod(place, columns)
        at = (x * wide + (width - 1) / 2, y * tall + height + 0.2)
        axes.text(*at, word, ha="center", va="top", fontsize=8, linespacing=1.05)
    axes.axis("off")


def _frame(x: float, y: float, width: float, height: float) -> Any:
    """Make a pale frame around an image, so that a blank image is visible."""
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), width, height, fc="none", ec="#DDDDDD", lw=0.6)
