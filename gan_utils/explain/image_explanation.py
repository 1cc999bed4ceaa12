"""An explanation of a grey image, with its segments, their weights, and a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gan_utils.explain.base import Explanation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A segment has ink if one of its pixels is at least this dark. In an image without a pixel as dark
#: as ``FAINT``, this limit is lower in proportion, because all strokes are faint.
INKED, FAINT = 0.5, 0.9
#: Hiding a segment has no effect if no grey value changes by more than this.
UNSEEN = 0.05


def changed_segments(change: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """Return, for each segment, whether hiding it changes the image noticeably.

    Parameters
    ----------
    change : ndarray of shape (side, side, 1)
        The amount by which each grey value changes.
    segments : ndarray of shape (side, side), int
        The index of each pixel's segment, from 0.

    Returns
    -------
    ndarray of shape (n_segments,), bool
    """
    most = np.zeros(segments.max() + 1)
    np.maximum.at(most, segments.ravel(), change.ravel())
    return most > UNSEEN


@dataclass(frozen=True, repr=False)
class ImageExplanation(Explanation):
    """The contribution of each segment of an image to the probability of one class.

    Attributes
    ----------
    image : ndarray of shape (side, side, 1)
        The image.
    segments : ndarray of shape (side, side), int
        The index of each pixel's segment, from 0.
    weights : ndarray of shape (n_segments,)
        How much the probability of the target falls when a segment is hidden, according to the
        linear fit. A weight is negative if the segment is evidence against the target.
    intercept : float
        The value of the linear fit when all segments are hidden.
    fit : float
        R² of the fit on the changed images, which are weighted by their similarity to the original
        image; 1 is a perfect fit. If R² is low, the weights are of little use.
    target : int
        The class that is explained. For a discriminator, 1 is "real" and 0 is "fake".
    probability : float
        The network's probability of that class for the image.
    hidden : ndarray of shape (side, side, 1)
        The values that replace hidden pixels.
    output : {"classes", "probabilities", "logits"}
        How the network's outputs are interpreted.
    """

    image: np.ndarray
    segments: np.ndarray
    weights: np.ndarray
    intercept: float
    fit: float
    target: int
    probability: float
    hidden: np.ndarray
    output: str = "classes"

    part: ClassVar[str] = "segment"
    samples: ClassVar[str] = "images"

    @property
    def inked(self) -> np.ndarray:
        """The indices of the segments with ink."""
        numbers, limit = range(len(self.weights)), INKED * min(1.0, self.image.max() / FAINT)
        darkest = [self.image[self.segments == k].max() for k in numbers]
        return np.array([k for k in numbers if darkest[k] >= limit > 0], int)

    @property
    def removable(self) -> np.ndarray:
        """The indices of the segments with ink, which a deletion test may hide."""
        return self.inked

    @property
    def changeable(self) -> np.ndarray:
        """The indices of the segments whose hiding changes the image noticeably."""
        return np.flatnonzero(changed_segments(np.abs(self.image - self.hidden), self.segments))

    def _batch(self, changed: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack(changed)

    def top(self, n: int = 5) -> np.ndarray:
        """Return a mask of the n segments that support the target most.

        Parameters
        ----------
        n : int
            Number of segments.

        Returns
        -------
        ndarray of shape (side, side), bool
        """
        return np.isin(self.segments, self.ranked(n))

    def hide(self, parts: Iterable[int]) -> np.ndarray:
        """Return the image with some segments hidden.

        Parameters
        ----------
        parts : iterable of int
            Indices of segments.

        Returns
        -------
        ndarray of shape (side, side, 1)
        """
        mask = np.isin(self.segments, list(parts))[..., None]
        return np.where(mask, self.hidden, self.image)

    def plot(self, name: str | None = None) -> Figure:
        """Plot the image, its segments, and their weights.

        Parameters
        ----------
        name : str, optional
            The name of the target; by default its number.

        Returns
        -------
        matplotlib Figure
            The figure, already closed. Blue segments support the target; orange ones oppose it.
        """
        return plot_explanations([self], [name])

    def draw_on(self, figure: Figure, axes: Sequence[Any], name: str | None = None) -> None:
        """Draw the image, its segments, and their weights on the given axes.

        Parameters
        ----------
        figure : matplotlib Figure
            The figure that the axes belong to.
        axes : sequence of three Axes
            The axes to draw on.
        name : str, optional
            The name of the target; by default its number.
        """
        from gan_utils.plots.style import plain_text

        name = plain_text(f"class {self.target}" if name is None else name)
        for axis in axes:
            axis.set_axis_off()
        axes[0].imshow(self.image[..., 0], cmap="gray_r", vmin=0, vmax=1)
        axes[0].set_title(f"{name}: probability {self.probability:.2f}")
        axes[1].imshow(self._outlined())
        axes[1].set_title(f"{len(self.weights)} segments")
        self._draw_weights(figure, axes[2])
        axes[2].set_title(f"weights (R² {self.fit:.2f})")

    def _outlined(self) -> np.ndarray:
        from skimage.segmentation import mark_boundaries

        from gan_utils.plots.style import PALETTE

        colour = tuple(int(PALETTE[1][i : i + 2], 16) / 255 for i in (1, 3, 5))
        greys = np.repeat(1 - self.image.astype("float64"), 3, axis=2)
        # Draw every pixel as 6 x 6 pixels, which makes a border thinner than an image pixel.
        larger, segments = (a.repeat(6, 0).repeat(6, 1) for a in (greys, self.segments))
        return mark_boundaries(larger, segments, color=colour, mode="inner")

    def _draw_weights(self, figure: Figure, axis: Any) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        from gan_utils.plots.style import PALETTE

        colours = LinearSegmentedColormap.from_list("for", [PALETTE[1], "white", PALETTE[0]])
        # Extend the scale equally on both sides of 0: opposite weights then have different colours.
        most = max(float(np.abs(self.weights).max()), 1e-9)
        limits = {"vmin": -most, "vmax": most}
        drawn = axis.imshow(self.weights[self.segments], cmap=colours, **limits)
        ink = np.ones_like(self.segments)
        axis.imshow(ink, cmap="gray_r", vmin=0, vmax=1, alpha=0.3 * self.image[..., 0])
        bar = figure.colorbar(drawn, ax=axis, shrink=0.75, label="weight (probability)")
        bar.ax.set_title("for", fontsize=10)
        bar.ax.set_xlabel("against", fontsize=10)


def plot_explanations(
    explanations: Sequence[ImageExplanation], names: Sequence[str | None] | None = None
) -> Figure:
    """Draw several explanations, one per row.

    Parameters
    ----------
    explanations : sequence of ImageExplanation
        At least one explanation.
    names : sequence of str, optional
        The name of each explanation's target; by default its number.

    Returns
    -------
    matplotlib Figure
        The figure, already closed. Blue segments support the target and orange ones oppose it; each
        row has its own scale, symmetric about 0.

    Raises
    ------
    ValueError
        If there are no explanations, or if the number of names differs from the number of
        explanations.
    """
    from gan_utils.plots.style import course_figure

    names = [None] * len(explanations) if names is None else names
    if not explanations or len(names) != len(explanations):
        raise ValueError(f"{len(explanations)} explanations, {len(names)} names: give one each.")
    with course_figure(10, 3.3 * len(explanations)) as figure:
        rows = figure.subplots(len(explanations), 3, squeeze=False)
        for explanation, axes, name in zip(explanations, rows, names, strict=True):
            explanation.draw_on(figure, axes, name)
    return figure
