"""Tell whether a notebook's kernel runs this code; make images that a notebook shows."""

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
        None in a script, and in IPython in a terminal, where a display cannot be rewritten.
    """
    # Nothing here is the first to import IPython.
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)


def picture(data: bytes, kind: str, alt: str, width: int | None = None) -> Image:
    """Make an image that a notebook shows, whose text form is its description.

    Parameters
    ----------
    data : bytes
        The file.
    kind : str
        ``"png"`` or ``"gif"``.
    alt : str
        A description for readers who cannot see the image.
    width : int, optional
        Width on the page, in pixels; if None, the image's own.

    Returns
    -------
    IPython.display.Image
        With alternative text, in the output's metadata ``alt`` and in its plain-text form.
    """
    from IPython.display import Image

    class Picture(Image):
        def __repr__(self) -> str:
            return f"Picture: {self.alt}"

    # IPython 7, which Colab has, takes no argument `alt`; as metadata it is stored by all versions.
    image = Picture(data=data, format=kind, width=width, metadata={"alt": alt})
    image.alt = alt
    return image
