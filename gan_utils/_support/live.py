"""A line that is rewritten while work goes on, in a notebook or on a terminal."""

import sys
from typing import Any, TextIO


class LiveLine:
    """One line of progress.

    Parameters
    ----------
    stream : text file, optional
        Where to write outside a notebook; by default ``sys.stdout``, as it is then.
    width : int
        To how many letters a line is filled up there, so that a longer one before it is covered.
    """

    def __init__(self, stream: TextIO | None = None, width: int = 0) -> None:
        self.stream, self.width = stream, width
        self._handle: Any = None

    def show(self, line: str) -> None:
        """Rewrite a display in a notebook; elsewhere go back to the start of the line."""
        if "IPython" not in sys.modules or not sys.modules["IPython"].get_ipython():
            print(f"\r{line:<{self.width}}", end="", flush=True, file=self.stream or sys.stdout)
            return
        from IPython.display import display

        bundle = {"text/plain": line}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)

    def close(self) -> None:
        """Leave the line behind."""
        if self._handle is None:
            print(file=self.stream or sys.stdout)
