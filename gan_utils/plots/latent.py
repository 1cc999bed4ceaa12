"""Walks in latent space, as a figure and with a slider."""

from __future__ import annotations

import base64
import importlib.util
import io
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils._support.notebook import running_kernel
from gan_utils.plots.images import check_pixels, plot_images

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    Generate = Callable[[np.ndarray], ArrayLike]

#: How many times a slider's strip repeats each pixel, so that browsers do not smooth the image.
ZOOM = 2
#: The MIME type of a widget; needed here, since ipywidgets 7 cannot write a MIME bundle itself.
WIDGET = "application/vnd.jupyter.widget-view+json"


def walk(start: ArrayLike, end: ArrayLike, steps: int = 10) -> np.ndarray:
    """Interpolate between two noise vectors along the sphere on which noise vectors lie.

    Vectors of d standard normal numbers have a length close to the square root of d. The straight
    line between two of them passes inside the sphere, where noise vectors are rare; an arc along
    the sphere does not.

    Parameters
    ----------
    start, end : array of shape (d,)
        Noise vectors.
    steps : int, at least 2
        Number of vectors, including both ends.

    Returns
    -------
    ndarray of shape (steps, d), float32

    Raises
    ------
    ValueError
        If the vectors differ in shape, one of them is zero, or there are fewer than two steps.

    References
    ----------
    White 2016, *Sampling generative networks* (slerp).
    """
    a, b = (np.asarray(v, float) for v in (start, end))
    if a.ndim != 1 or a.shape != b.shape or steps < 2 or not (a.any() and b.any()):
        raise ValueError(
            f"no walk from shape {a.shape} to {b.shape} in {steps} steps. Give two noise vectors "
            "of one length that are not zero, and at least 2 steps."
        )
    t = np.linspace(0, 1, steps)[:, None]
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.sin(angle) < 1e-6:  # same or opposite directions: the arc is not defined
        return ((1 - t) * a + t * b).astype("float32")
    arc = np.sin((1 - t) * angle) * a + np.sin(t * angle) * b
    return (arc / np.sin(angle)).astype("float32")


def plot_walks(
    generate: Generate, stops: ArrayLike, steps: int = 10, title: str | None = None
) -> Figure:
    """Plot walks in latent space, one per row.

    Parameters
    ----------
    generate : callable
        A function, such as a generator, that maps noise of shape (n, d) to images with values in
        [0, 1], of shape (n, height, width[, 1]).
    stops : array of shape (rows + 1, d)
        Noise vectors; each row of images goes from one vector to the next.
    steps : int
        Images per row, including both ends.
    title : str, optional
        The title of the figure.

    Returns
    -------
    matplotlib Figure
        The closed figure.
    """
    stops = np.asarray(stops)
    walks = [walk(a, b, steps) for a, b in pairwise(stops)]
    return plot_images(generated(generate, np.concatenate(walks)), steps, title)


class LatentSlider:
    """Images that change as a slider moves through latent space.

    In JupyterLab and VS Code, a widget generates new images each time the slider moves.
    Elsewhere (in Google Colab, on a web page made from a notebook, or without ipywidgets), the
    slider selects from images that were made beforehand, in plain HTML, which needs no kernel.

    Parameters
    ----------
    generate : callable
        A function that maps noise of shape (n, d) to images with values in [0, 1], of shape (n,
        height, width[, 1]) or (n, height, width, 3).
    noise : array of shape (n, d)
        The noise of the n images that are shown first.
    direction : array of shape (d,) or (n, d), optional
        The noise at the right end of the slider. The interpolation follows the sphere, and the left
        end is equally far in the opposite direction. By default, each image moves towards the noise
        of the next image.
    frames : int, odd
        Number of positions of the slider.

    Raises
    ------
    ValueError
        If the shapes do not match, or ``frames`` is not an odd number of at least 3.
    """

    def __init__(
        self,
        generate: Generate,
        noise: ArrayLike,
        direction: ArrayLike | None = None,
        frames: int = 21,
    ) -> None:
        self.generate, self.noise, self.frames = generate, np.asarray(noise, "float32"), frames
        if self.noise.ndim != 2 or frames < 3 or frames % 2 == 0:
            raise ValueError(
                f"noise of shape {self.noise.shape} and frames={frames}: give noise of shape "
                "(images, numbers) and an odd number of frames from 3 up."
            )
        target = np.roll(self.noise, -1, axis=0) if direction is None else np.asarray(direction)
        self.target = np.broadcast_to(target, self.noise.shape)

    def at(self, place: float) -> np.ndarray:
        """Return the noise at a slider position from -1 (left) to 1 (right); 0 is the start.

        Parameters
        ----------
        place : float in [-1, 1]
            The position on the slider.

        Returns
        -------
        ndarray of shape (n, d), float32
        """
        return np.stack([_turned(*pair, place) for pair in zip(self.noise, self.target)])  # noqa: B905

    def strip(self) -> np.ndarray:
        """Return the images at all positions, of shape (frames, n, height, width[, 3])."""
        places = np.linspace(-1, 1, self.frames)
        images = generated(self.generate, np.concatenate([self.at(p) for p in places]))
        return images.reshape(self.frames, len(self.noise), *images.shape[1:])

    def widget(self) -> Any:
        """Return a widget with the slider and its images.

        Returns
        -------
        ipywidgets.VBox
            A slider above the images.

        Raises
        ------
        ModuleNotFoundError
            If ipywidgets is not installed.
        """
        import ipywidgets

        slider = ipywidgets.FloatSlider(
            0, min=-1, max=1, step=0.05, description="walk", readout=False
        )
        window = ipywidgets.Image(value=self._png(0), format="png")
        slider.observe(lambda change: setattr(window, "value", self._png(change["new"])), "value")
        return ipywidgets.VBox([slider, window])

    def page(self) -> str:
        """Return the slider as HTML that needs neither a kernel nor a widget."""
        strip = self.strip()
        rows = [_in_a_row(images) for images in strip]
        (height, width), middle = rows[0].shape[:2], self.frames // 2
        picture = base64.b64encode(_encoded(np.concatenate(rows))).decode()
        alt = f"{strip.shape[1]} generated images at {self.frames} places of a walk"
        window = f"width:{width}px;max-width:100%;height:{height}px;overflow:hidden"
        move = (
            "this.previousElementSibling.firstElementChild.style.marginTop="
            f"-{height}*this.value+'px'"
        )
        return (
            f'<div><div style="{window}"><img alt="{alt}" src="data:image/png;base64,{picture}" '
            f'style="max-width:none;margin:0;margin-top:-{height * middle}px"></div>'
            f'<input type="range" min="0" max="{self.frames - 1}" value="{middle}" '
            f'aria-label="place on the walk" style="width:300px" oninput="{move}"></div>'
        )

    def _png(self, place: float) -> bytes:
        return _encoded(_in_a_row(generated(self.generate, self.at(place))))

    def __repr__(self) -> str:
        return f"LatentSlider: {len(self.noise)} images, {self.frames} places"

    def _repr_mimebundle_(self, **settings: Any) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self.page()}
        if _live_front_end():
            bundle[WIDGET] = self.widget().get_view_spec()
        return bundle


def generated(generate: Generate, noise: np.ndarray) -> np.ndarray:
    """Generate and check images.

    Parameters
    ----------
    generate : callable
        Maps noise of shape (n, latent_dim) to images.
    noise : ndarray of shape (n, latent_dim)

    Returns
    -------
    ndarray of shape (n, height, width) or (n, height, width, 3)
        Values in [0, 1].

    Raises
    ------
    ValueError
        If ``generate`` does not return images in [0, 1].
    """
    return check_pixels(np.asarray(generate(noise)), "generate")


def _turned(start: np.ndarray, end: np.ndarray, place: float) -> np.ndarray:
    """Rotate a vector to another one (place 1), or equally far the other way (place -1)."""
    arc = walk(start, end if place >= 0 else 2 * _shadow(start, end) - end, 101)
    return arc[round(100 * abs(place))]


def _shadow(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the part of the second vector that lies along the first."""
    return start * (start @ end) / (start @ start)


def _in_a_row(images: np.ndarray) -> np.ndarray:
    """Lay images side by side, on white, as bytes; grey ones are dark. Each pixel is repeated."""
    paper = images if images.ndim == 4 else 1 - images
    edges = ((0, 0), (2, 2), (2, 2), (0, 0))[: images.ndim]
    row = np.concatenate(list(np.pad(paper, edges, constant_values=1)), axis=1)
    small = np.round(255 * row.clip(0, 1)).astype("uint8")
    return small.repeat(ZOOM, axis=0).repeat(ZOOM, axis=1)


def _encoded(pixels: np.ndarray) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="png", optimize=True)
    return file.getvalue()


def _live_front_end() -> bool:
    """Tell whether a reader runs the cell in JupyterLab or VS Code, with ipywidgets installed.

    Both send the cell's ID with the request to run it. Neither Colab's own front end nor a program
    that runs a notebook sends one.
    """
    if importlib.util.find_spec("ipywidgets") is None:
        return False
    kernel = running_kernel()
    parent = kernel.get_parent() if hasattr(kernel, "get_parent") else {}
    return "google.colab" not in sys.modules and bool(parent.get("metadata", {}).get("cellId"))
