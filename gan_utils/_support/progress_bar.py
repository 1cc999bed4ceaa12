"""Show the progress of a long task with a tqdm bar that stays visible in stored notebooks."""

import sys
from typing import Any, TextIO

from tqdm.std import TqdmDefaultWriteLock, tqdm

from gan_utils._support.notebook import running_kernel


class ProgressBar(tqdm):
    """A tqdm bar that shows progress, the elapsed and remaining time, and the latest values.

    In a notebook, the bar rewrites a single plain-text output. tqdm's own widget needs a running
    kernel, so it would show nothing in a stored notebook or on a page made from one.

    Parameters
    ----------
    total : int or float
        The total amount of work.
    unit : str
        The unit of work, in the plural, such as ``"steps"``.
    initial : int or float
        The amount of work already done; the speed is measured from this point.
    file : text file, optional
        The file to write to, even in a notebook. By default, the bar is written to the notebook's
        output or, outside a notebook, to the current ``sys.stdout``.
    **settings
        Further arguments for tqdm.

    References
    ----------
    tqdm's documentation, https://tqdm.github.io/docs/tqdm/.
    """

    monitor_interval = 0  # no thread that outlives the bar
    _format = "{desc}[{bar:20}] {n:,.0f}/{total:,.0f}{unit}  {elapsed}, {remaining} left{postfix}"

    def __init__(
        self,
        total: float,
        unit: str,
        *,
        initial: float = 0,
        file: TextIO | None = None,
        **settings: Any,
    ) -> None:
        self._handle: Any = None
        self._displays = file is None and running_kernel() is not None
        form = {"bar_format": self._format, "ascii": ".#", "mininterval": 0.25} | settings
        file = file or sys.stdout
        super().__init__(total=total, unit=f" {unit}", initial=initial, file=file, **form)

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Rewrite the bar in a notebook's output; elsewhere, let tqdm rewrite its line.

        Parameters
        ----------
        msg : str, optional
            The line to show; by default, the current state of the bar.
        pos : int, optional
            Outside a notebook, how many lines below the cursor tqdm writes its line.

        Returns
        -------
        bool
            Whether anything was shown.
        """
        if not self._displays:
            return super().display(msg, pos)
        self._show(str(self) if msg is None else msg)
        return True

    def close(self) -> None:
        """Close the bar and leave its last state visible; later calls have no effect."""
        if self.disable or not self._displays:
            super().close()
            return
        self.disable = True
        self._decr_instances(self)
        self._show(self.format_meter(**self.format_dict))

    def _show(self, line: str) -> None:
        from IPython.display import display

        bundle = {"text/plain": line}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


# tqdm's own lock works between processes too, and would outlive a killed process. Its part for
# threads is enough; the user's own bars share that part and keep their lock.
ProgressBar.set_lock(TqdmDefaultWriteLock.th_lock)
