"""Read arrays from NumPy archives."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np


def read_arrays(path: Path, names: Iterable[str]) -> list[np.ndarray]:
    """Read arrays from a NumPy archive without unpickling any objects.

    Parameters
    ----------
    path : Path
        An ``.npz`` file.
    names : iterable of str
        The arrays' names.

    Returns
    -------
    list of ndarray

    Raises
    ------
    ValueError
        If the file or one of the arrays cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return [file[name] for name in names]
    except Exception as error:  # zipfile, zlib and NumPy each raise different errors
        raise ValueError(f"it cannot be read ({type(error).__name__})") from error
