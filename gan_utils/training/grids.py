"""Show or save generated images every few epochs, and make an animation of them."""

import contextlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils._support.backend import keras
from gan_utils._support.files import in_home, new_file, write_bytes
from gan_utils._support.notebook import picture, running_kernel

if TYPE_CHECKING:
    from IPython.display import Image

#: Width of the line between two images, in pixels, and its grey level.
LINE_WIDTH, LINE_GREY = 1, 221
#: Maximum size of a stored animation, in bytes.
MOST_BYTES = 600_000


class SampleGrid(keras.callbacks.Callback):
    """Generate a few images from the same noise every few epochs, to show how they change.

    Noise and classes are the same each time, so that an image can be followed through training. If
    the generator's weights are averaged, the averages are used. Images with one channel are shown
    dark on white, like ink on paper.

    Parameters
    ----------
    every : int
        Number of epochs between two grids; grids are also made before the first epoch and after
        the last one.
    folder : str or Path, optional
        The folder in which each grid is saved, for example as ``epoch_0005.png``. A resumed run
        reads the earlier grids from this folder, so that the animation is complete.
    n : int
        Number of images in a grid.
    show : bool
        Whether to show the grid in a notebook, as one image that is updated. Outside a notebook,
        nothing is shown.
    labels : array of n ints, optional
        Classes for a `ConditionalGAN`; by default 0, 1, 2 and so on.
    value_range : tuple of float, optional
        Lowest and highest value of an image. The default is (-1, 1) if the first images have
        values below 0; otherwise, it is (0, 1).
    random_state : int
        Seed for the noise.

    Attributes
    ----------
    frames : list of ndarray of uint8
        The grids, each of shape (height, width) or (height, width, 3).
    epochs : list of int
        The epoch after which each grid was made.
    """

    def __init__(
        self,
        every: int = 5,
        folder: str | Path | None = None,
        n: int = 25,
        show: bool = True,
        labels: Sequence[int] | None = None,
        value_range: tuple[float, float] | None = None,
        random_state: int = 0,
    ) -> None:
        super().__init__()
        if every < 1 or n < 1:
            raise ValueError(f"every={every!r} and n={n!r} must be whole numbers of at least 1.")
        self.every, self.folder, self.n, self.show = every, folder and in_home(folder), n, show
        self.labels, self.value_range, self.random_state = labels, value_range, random_state
        self._range: tuple[float, float] | None = None
        self.frames: list[np.ndarray] = []
        self.epochs: list[int] = []
        self._handle: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Start a new series of grids, and leave the display of an earlier run unchanged."""
        self.frames, self.epochs, self._handle, self._range = [], [], None, None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Make a grid before the first epoch."""
        if not self.epochs:
            self._read_earlier(epoch)
            self._add(epoch)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Make a grid if one is due."""
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            self._add(epoch + 1)

    def animation(self, seconds: float = 6.0) -> "Image":
        """Return an animation that shows the grids one after another.

        Parameters
        ----------
        seconds : float
            Duration of one loop.

        Returns
        -------
        IPython.display.Image
            A GIF of at most 600 kB, with alternative text; if necessary, some grids are left out.

        Raises
        ------
        RuntimeError
            If nothing has been trained yet.
        """
        if not self.frames:
            raise RuntimeError("there are no grids yet. Train with this callback first.")
        alt = (
            f"Animation of {self.n} generated images, in a grid, while the generator trains: from "
            f"epoch {self.epochs[0]} to epoch {self.epochs[-1]}."
        )
        return picture(encode_animation(self.frames, seconds), "gif", alt)

    def _add(self, epoch: int) -> None:
        frame = tile(self._images())
        self.frames.append(frame)
        self.epochs.append(epoch)
        if self.folder:
            write_bytes(self.folder / f"epoch_{epoch:04d}.png", _as_png(frame))
        if self.show:
            self._show(frame, epoch)

    def _read_earlier(self, epoch: int) -> None:
        files = self.folder.glob("epoch_*.png") if self.folder and epoch else []
        # The user or the system may have copied a grid, for example to "epoch_0005 (1).png".
        numbers = ((re.fullmatch(r"epoch_(\d+)\.png", file.name), file) for file in files)
        for made, file in sorted((int(number[1]), file) for number, file in numbers if number):
            if made < epoch:
                self.frames.append(_read_png(file))
                self.epochs.append(made)

    def _images(self) -> np.ndarray:
        """Generate the images and scale them to 0 to 255."""
        classes = getattr(self.model, "n_classes", None)
        asked = {}
        if classes:
            asked["labels"] = np.arange(self.n) % classes if self.labels is None else self.labels
        with getattr(self.model, "averaged", contextlib.nullcontext)():
            images = self.model.sample(self.n, random_state=self.random_state, **asked)
        if self._range is None:
            self._range = self.value_range or ((-1.0, 1.0) if images.min() < 0 else (0.0, 1.0))
        return as_bytes(images, self._range)

    def _show(self, frame: np.ndarray, epoch: int) -> None:
        if running_kernel() is None:
            return
        from IPython.display import display

        alt = f"{self.n} generated images in a grid, after epoch {epoch}."
        shown = picture(_as_png(frame), "png", alt)
        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)


def as_bytes(images: np.ndarray, value_range: tuple[float, float]) -> np.ndarray:
    """Convert images to whole numbers from 0 to 255; grey images are inverted.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        Images with one channel, whose highest value becomes black, or with three (red, green,
        blue).
    value_range : tuple of float
        Lowest and highest value; values outside this range are clipped.

    Returns
    -------
    ndarray of uint8
        An array of the same shape.
    """
    low, high = value_range
    shares = ((np.nan_to_num(images, nan=low) - low) / (high - low)).clip(0, 1)
    if images.shape[-1] == 1:
        shares = 1 - shares
    return np.rint(255 * shares).astype("uint8")


def tile(images: np.ndarray) -> np.ndarray:
    """Arrange images in a grid that is about as wide as it is high.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width, channels)
        Images with one channel (grey) or three (red, green, blue).

    Returns
    -------
    ndarray of uint8
        An array of shape (height, width) or (height, width, 3); a small grid is enlarged.

    Raises
    ------
    ValueError
        If the arrays are not images.
    """
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(
            f"a SampleGrid shows images of shape (height, width, 1) or (height, width, 3); the "
            f"model makes samples of shape {images.shape[1:]}."
        )
    n, height, width, channels = images.shape
    across = int(np.ceil(np.sqrt(n)))
    down = -(-n // across)
    grid = np.full(
        (
            down * (height + LINE_WIDTH) + LINE_WIDTH,
            across * (width + LINE_WIDTH) + LINE_WIDTH,
            channels,
        ),
        LINE_GREY,
    )
    for place, image in enumerate(images):
        top = LINE_WIDTH + place // across * (height + LINE_WIDTH)
        left = LINE_WIDTH + place % across * (width + LINE_WIDTH)
        grid[top : top + height, left : left + width] = image
    zoom = max(1, round(300 / max(grid.shape[:2])))
    large = grid.repeat(zoom, axis=0).repeat(zoom, axis=1).astype("uint8")
    return large[..., 0] if channels == 1 else large


def encode_animation(
    frames: Sequence[np.ndarray], seconds: float = 6.0, most_bytes: int = MOST_BYTES
) -> bytes:
    """Make a GIF that repeats endlessly and pauses on its last frame.

    Parameters
    ----------
    frames : sequence of ndarray of uint8
        Images of the same shape, (height, width) or (height, width, 3).
    seconds : float
        Duration of one loop.
    most_bytes : int
        Maximum size of the file. Every second frame is removed repeatedly until the file is no
        larger than ``most_bytes`` or only two frames are left.

    Returns
    -------
    bytes
        The content of the GIF file.

    Raises
    ------
    ValueError
        If there are no frames.
    """
    if not len(frames):
        raise ValueError("there are no frames. Give at least one.")
    frames = list(frames)
    data = _gif(frames, seconds)
    while len(data) > most_bytes and len(frames) > 2:
        frames = frames[:-1][::2] + frames[-1:]
        data = _gif(frames, seconds)
    return data


def save_animation(frames: Sequence[np.ndarray], path: str | Path, seconds: float = 6.0) -> Path:
    """Write an animation to a GIF file atomically.

    Parameters
    ----------
    frames : sequence of ndarray of uint8
        Images of the same shape, such as `SampleGrid.frames`.
    path : str or Path
        The file name, which usually ends in ``.gif``.
    seconds : float
        Duration of one loop.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If there are no frames, or the path is empty or is a folder.
    """
    path = new_file(path)
    write_bytes(path, encode_animation(frames, seconds))
    return path


def _gif(frames: Sequence[np.ndarray], seconds: float) -> bytes:
    from PIL import Image

    # 16 greys (or 64 colours) are enough for the eye, and halve the size of the file.
    colours = 16 if frames[0].ndim == 2 else 64
    pictures = [Image.fromarray(np.asarray(f, dtype="uint8")).quantize(colours) for f in frames]
    each = max(20, int(1000 * seconds / (len(frames) + 3)))
    durations = [each] * (len(frames) - 1) + [4 * each]
    file = io.BytesIO()
    pictures[0].save(
        file, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0
    )
    return file.getvalue()


def _as_png(frame: np.ndarray) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(frame).save(file, "PNG", optimize=True)
    return file.getvalue()


def _read_png(file: Path) -> np.ndarray:
    from PIL import Image

    with Image.open(file) as opened:
        return np.asarray(opened)
