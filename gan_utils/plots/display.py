"""Show a figure, or one of the course's diagrams, with alternative text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from gan_utils._support.notebook import picture
from gan_utils.datasets.folder import shipped
from gan_utils.plots.diagrams import DIAGRAMS
from gan_utils.plots.style import STYLE

if TYPE_CHECKING:
    from IPython.display import Image
    from matplotlib.figure import Figure


def use_course_style() -> None:
    """Give all Matplotlib figures in this session the course's colours and fonts."""
    plt.rcParams.update(STYLE)


def show(figure: Figure, alt: str) -> Image:
    """Turn a figure into an image that Jupyter displays with alternative text.

    Parameters
    ----------
    figure : matplotlib Figure
        Any figure; `show` closes it, which prevents Jupyter from showing it a second time.
    alt : str
        Alternative text for readers who cannot see the figure. It should name the kind of figure,
        the axes and what stands out.

    Returns
    -------
    IPython.display.Image
        A PNG image, stored with its alternative text (as ``alt`` in the output's metadata, and as
        plain text).

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty. Say in a sentence what the picture shows.")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi, bbox_inches="tight", pad_inches=0.1)
    plt.close(figure)
    return picture(file.getvalue(), "png", alt)


def show_diagram(name: str) -> Image:
    """Return one of the course's diagrams, with its alternative text, for Jupyter to display.

    Parameters
    ----------
    name : str
        Name of the diagram, such as ``"GAN_overview"``, with or without ``.png``.

    Returns
    -------
    IPython.display.Image
        The image, at most 800 pixels wide.

    Raises
    ------
    ValueError
        If there is no diagram with this name.
    """
    name = name.removesuffix(".png")
    if name not in DIAGRAMS:
        raise ValueError(f"no diagram {name!r}. There are {', '.join(sorted(DIAGRAMS))}.")
    return picture(shipped(f"{name}.png").read_bytes(), "png", DIAGRAMS[name], width=800)
