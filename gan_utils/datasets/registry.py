"""The registry of the data sets that ``python -m gan_utils fetch`` obtains.

To add a data set for a new lesson, add a ``DataSet`` to ``REGISTRY``; nothing else is needed. Its
``obtain`` function writes the file, for example by copying it or downloading it with pooch; its
``verify`` function reads it back.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gan_utils._support.files import replacing
from gan_utils.datasets import folder
from gan_utils.datasets.books import BOOKS, obtain_book, verify_book
from gan_utils.datasets.books import FOLDER as BOOK_FOLDER
from gan_utils.datasets.mnist import (
    FASHION_FILE,
    MNIST_FILE,
    obtain_fashion,
    obtain_mnist,
    verify_fashion,
    verify_mnist,
)
from gan_utils.datasets.pictures import PICTURE_FILE, obtain_pictures, verify_pictures
from gan_utils.datasets.review_files import STANFORD_FILE, obtain_reviews, verify_reviews

SCREENTIME_FILE = "screentime_analysis.csv"


@dataclass(frozen=True)
class DataSet:
    """One data set of the course, and the functions that obtain and verify it.

    Parameters
    ----------
    name : str
        The name that identifies the data set in the command ``fetch NAME``.
    verify : callable
        A function that takes the path of the file (``None`` if there is none) and returns a short
        description of the content. It raises ``ValueError`` or ``OSError`` if the content is
        invalid.
    filename : str, optional
        The path of the file within the data folder, with ``/`` between folders; ``None`` if
        a Python package includes the data.
    obtain : callable, optional
        A function that takes a path and writes the file there.
    """

    name: str
    verify: Callable[[Path | None], str]
    filename: str | None = None
    obtain: Callable[[Path], None] | None = None

    def is_present(self) -> bool:
        """Return whether the data is present, without checking its content."""
        return self.filename is None or (folder.data_folder() / self.filename).is_file()


def fetch_data_set(name: str) -> str:
    """Put one data set into the data folder and check its content.

    A valid file is not changed. If the file is damaged or is not the expected one, the data
    set is fetched again. After the new file has been verified, the old file is renamed
    ``<name>.old``.

    Parameters
    ----------
    name : str
        A name in ``REGISTRY``.

    Returns
    -------
    str
        What was done, in one line.

    Raises
    ------
    ValueError
        If there is no data set with that name, or the fetched file is invalid.
    OSError
        If the data set cannot be obtained, or the data folder cannot be written to.
    """
    if name not in REGISTRY:
        raise ValueError(f"there is no data set {name!r}. Choose from: {', '.join(REGISTRY)}.")
    dataset = REGISTRY[name]
    if dataset.filename is None:
        return f"{name}: {dataset.verify(None)}, comes with a package, nothing to fetch"
    return f"{name}: {_fetch_file(dataset, folder.data_folder() / dataset.filename)}"


def _fetch_file(dataset: DataSet, path: Path) -> str:
    kept = ""
    if path.is_file():
        try:
            return f"{dataset.verify(path)}, already in {path}"
        except (ValueError, OSError) as fault:
            kept = f" (the file that was there is now {path.name}.old: {fault})"
    with replacing(path) as part:
        dataset.obtain(part)
        holds = dataset.verify(part)
        if kept:
            path.replace(path.with_name(f"{path.name}.old"))
    return f"{holds}, written to {path}{kept}"


def _book(name: str) -> DataSet:
    file = f"{BOOK_FOLDER}/{name}.txt"
    return DataSet(name, partial(verify_book, name), file, partial(obtain_book, name))


def _verify_iris(_: Path | None) -> str:
    from sklearn.datasets import load_iris

    rows = len(load_iris().target)
    if rows != 150:
        raise ValueError(f"scikit-learn's Iris has {rows} rows, not 150. Install it again.")
    return "150 rows"


def _obtain_screentime(path: Path) -> None:
    shutil.copyfile(folder.shipped(SCREENTIME_FILE), path)


def _verify_screentime(path: Path | None) -> str:
    """Check that the file is identical to the file that comes with the course."""
    if folder.sha256(path) != folder.sha256(folder.shipped(SCREENTIME_FILE)):
        raise ValueError("its content is not that of the course's file")
    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    return f"{rows} rows"


REGISTRY: dict[str, DataSet] = {
    dataset.name: dataset
    for dataset in (
        DataSet("iris", _verify_iris),
        DataSet("screentime", _verify_screentime, SCREENTIME_FILE, _obtain_screentime),
        DataSet("mnist", verify_mnist, MNIST_FILE, obtain_mnist),
        DataSet("fashion_mnist", verify_fashion, FASHION_FILE, obtain_fashion),
        DataSet("pictures", verify_pictures, PICTURE_FILE, obtain_pictures),
        DataSet("reviews", verify_reviews, STANFORD_FILE, obtain_reviews),
        *map(_book, BOOKS),
    )
}
