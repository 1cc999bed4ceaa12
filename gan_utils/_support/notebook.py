"""Tell whether a notebook's kernel runs this code, without being the first to import IPython."""

import sys
from typing import Any


def running_kernel() -> Any | None:
    """Return the kernel of the notebook that this code runs in.

    Returns
    -------
    Kernel or None
        None in a script, and in IPython on a terminal, which has displays that it cannot rewrite.
    """
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
