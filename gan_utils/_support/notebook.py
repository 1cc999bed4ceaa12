"""Detect a notebook's kernel, and make images for display in a notebook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.display import Image


def running_kernel() -> Any | None:
    """Return the kernel of the notebook that this code runs in.

    Returns
    -------
    Kernel or None
        None in a script, or in IPython in a terminal, where displayed output cannot be rewritten.
    """
    # Never import IPython here unless it is already loaded.
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)


def picture(data: bytes, kind: str, alt: str, width: int | None = None) -> Image:
    """Make an image for a notebook, with a description as its plain-text form.

    Parameters
    ----------
    data : bytes
        The content of the image file.
    kind : str
        ``"png"`` or ``"gif"``.
    alt : str
        A description for readers who cannot see the image.
    width : int, optional
        Width on the page, in pixels; if None, the image's own width is used.

    Returns
    -------
    IPython.display.Image
        The image, with the description in its ``alt`` metadata and as its plain-text form.
    """
    from IPython.display import Image

    class Picture(Image):
        def __repr__(self) -> str:
            return f"Picture: {self.alt}"

    # IPython 7, which Colab uses, has no `alt` argument, but all versions store metadata.
    image = Picture(data=data, format=kind, width=width, metadata={"alt": alt})
    image.alt = alt
    return image
