"""Correlations and confusion matrices, as numbers in coloured cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan_utils.plots.columns import columns_to_draw
from gan_utils.plots.style import (
    course_figure,
    fill_panels,
    panel_layout,
    slant,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from gan_utils.plots.columns import Tables

#: Margin above and below each panel, in inches; without it, a title would touch the panel above.
ROOM = 0.1


def plot_correlations(tables: Tables, columns: Sequence[str] | None = None) -> Figure:
    """Plot the Pearson correlations of each table as a grid of numbers, on one colour scale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables with the same numeric columns.
    columns : sequence of str, optional
        At least two numeric columns; by default, all of them except dates and durations.

    Returns
    -------
    matplotlib Figure
        The closed figure. A constant column has no correlations; its cells are white.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If there are fewer than two columns, or a column is not numeric.
    """
    columns = columns_to_draw(tables, columns)
    if len(columns) < 2:
        raise ValueError(f"a correlation needs two numeric columns, but there is {columns}.")
    side = max(2.6, 0.75 * len(columns))
    width, rows, across = panel_layout(len(tables), side + 0.4)
    with course_figure(width + 1.8, rows * (side + 0.6)) as figure:
        figure.get_layout_engine().set(h_pad=ROOM)
        axes = figure.subplots(rows, across, squeeze=False, sharex=True, sharey=True)
        for cell, (title, table) in fill_panels(axes, tables.items()):
            matrix = table[columns].astype(float).corr().to_numpy()
            image = _heatmap(cell, matrix, "RdBu", (-1, 1), "{:.2f}".format)
            _name_cells(cell, columns)
            cell.set_title(wrap_text(title, 30))
        figure.colorbar(image, ax=figure.get_axes(), label="Pearson correlation", shrink=0.9)
    return figure


def plot_confusions(
    results: Mapping[str, tuple[ArrayLike, ArrayLike]], labels: Sequence[object]
) -> Figure:
    """Plot confusion matrices side by side, with cells coloured by their share of the true class.

    Parameters
    ----------
    results : mapping of str to (y_true, y_pred)
        The true and the predicted classes for each model, as two arrays of equal length.
    labels : sequence
        The classes, in the order of the rows and columns.

    Returns
    -------
    matplotlib Figure
        The closed figure. If a class never occurs as a true class, its row is white.

    Raises
    ------
    ValueError
        If the two arrays are not one-dimensional, differ in length, or contain a class that is not
        in ``labels``.
    """
    counts = {name: _confusion(name, *pair, labels) for name, pair in results.items()}
    side = max(2.4, 0.7 * len(labels))
    width, rows, across = panel_layout(len(counts), side + 0.4)
    with course_figure(width + 1.8, rows * (side + 0.7)) as figure:
        figure.get_layout_engine().set(h_pad=ROOM)
        axes = figure.subplots(rows, across, squeeze=False, sharex=True, sharey=True)
        for cell, (title, matrix) in fill_panels(axes, counts.items()):
            total = matrix.sum(axis=1, keepdims=True)
            share = np.divide(matrix, total, out=np.full(matrix.shape, np.nan), where=total > 0)
            image = _heatmap(cell, share, "Blues", (0, 1), "{:.0f}".format, matrix)
            _name_cells(cell, labels)
            cell.set_title(wrap_text(title, 26))
        figure.supxlabel("predicted class", fontsize=10)
        figure.supylabel("true class", fontsize=10)
        figure.colorbar(image, ax=figure.get_axes(), label="share of the true class", shrink=0.9)
    return figure


def _confusion(name: str, y_true: ArrayLike, y_pred: ArrayLike, labels: Sequence) -> np.ndarray:
    truth, guess = (np.asarray(y, dtype=object) for y in (y_true, y_pred))
    if truth.ndim != 1 or guess.ndim != 1:
        shapes = f"{truth.shape} and {guess.shape}"
        raise ValueError(f"{name!r} has arrays of shapes {shapes}. Give one class per sample.")
    unknown = set(truth) | set(guess)
    unknown -= set(labels)
    if truth.shape != guess.shape or unknown:
        raise ValueError(
            f"{name!r} has {len(truth)} true and {len(guess)} predicted classes, of which "
            f"{sorted(map(str, unknown))} are not in labels. Give two arrays of one length."
        )
    return np.array([[((truth == a) & (guess == b)).sum() for b in labels] for a in labels], float)


def _heatmap(
    axes: Axes,
    colours: np.ndarray,
    cmap: str,
    limits: tuple[float, float],
    write: Callable[[float], str],
    numbers: np.ndarray | None = None,
) -> object:
    """Colour the cells of a matrix and write a number into each, dark on light or light on dark."""
    image = axes.imshow(colours, cmap=cmap, vmin=limits[0], vmax=limits[1])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for (i, j), number in np.ndenumerate(colours if numbers is None else numbers):
        dark = np.nan_to_num(abs(colours[i, j])) > 0.6
        text = write(number) if np.isfinite(number) else "-"
        axes.text(j, i, text, ha="center", va="center", color="white" if dark else "black")
    return image


def _name_cells(axes: Axes, names: Sequence) -> None:
    """Write the names on the left and below; slant those below if they would collide."""
    axes.set_xticks(range(len(names)), [wrap_text(name, 10) for name in names])
    axes.set_yticks(range(len(names)), [wrap_text(name, 14) for name in names])
    axes.tick_params(labelsize=9)
    if max((len(word) for name in names for word in str(name).split()), default=0) > 10:
        slant(axes)
