"""Simulated colour pictures of flowers, made from a few formulas and random numbers."""

import numpy as np

from gan_utils._support.checks import check_count

SIDE = 64
#: The colours of petals, each as red, green and blue in [0, 1].
PETALS = {
    "red": (0.86, 0.18, 0.20),
    "orange": (0.96, 0.55, 0.14),
    "yellow": (0.97, 0.85, 0.25),
    "violet": (0.55, 0.33, 0.78),
    "pink": (0.95, 0.52, 0.70),
    "white": (0.97, 0.96, 0.93),
}
LEAF, HEART = (0.20, 0.50, 0.22), (0.45, 0.28, 0.10)
#: Width in pixels over which an edge changes from one colour to another.
EDGE = 1.0


def simulate_flowers(n: int, random_state: int | None = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw flowers that vary in position, size, stem, sky, number of petals and petal colour.

    Parameters
    ----------
    n : int, at least 1
        Number of pictures.
    random_state : int, optional
        Seed.

    Returns
    -------
    pictures : ndarray of shape (n, 64, 64, 3), uint8
    colours : ndarray of shape (n,), int64
        The petal colour of each picture, as an index into ``PETALS``.

    Raises
    ------
    ValueError
        If ``n`` is not a whole number of at least 1.
    """
    check_count("n", n)
    rng = np.random.default_rng(random_state)
    colours = rng.integers(len(PETALS), size=n)
    down, across = np.mgrid[:SIDE, :SIDE].astype("float32")[:, None]
    x, y = (rng.uniform(low, high, (n, 1, 1)) for low, high in ((24, 40), (20, 30)))
    pictures = _sky(rng, n, down)
    pictures = _over(pictures, LEAF, _stem(rng, n, down - y, across - x))
    petals = np.array(list(PETALS.values()))[colours] * rng.uniform(0.85, 1.0, (n, 1))
    pictures = _over(pictures, petals, _petals(rng, n, down - y, across - x))
    heart = rng.uniform(3, 6, (n, 1, 1)) - np.hypot(down - y, across - x)
    pictures = _over(pictures, HEART, heart)
    return (255 * pictures).round().astype("uint8"), colours


def _over(pictures: np.ndarray, colour: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Paint the pixels for which ``inside``, the distance to the edge in pixels, is above 0."""
    share = np.clip(inside / EDGE + 0.5, 0, 1).astype("float32")[..., None]
    colour = np.reshape(colour, (-1, 1, 1, 3)).astype("float32")
    return pictures + share * (colour - pictures)


def _sky(rng: np.random.Generator, n: int, down: np.ndarray) -> np.ndarray:
    """Paint a sky whose colour changes from top to bottom, with a meadow below the horizon."""
    top, low = rng.uniform((0.35, 0.55, 0.80), (0.75, 0.80, 1.0), (2, n, 1, 1, 3)).astype("f")
    share = down[..., None] / SIDE
    meadow = rng.uniform((0.35, 0.60, 0.25), (0.60, 0.80, 0.45), (n, 3))
    return _over(top * (1 - share) + low * share, meadow, down - rng.uniform(44, 58, (n, 1, 1)))


def _stem(rng: np.random.Generator, n: int, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Compute the shape of a stem that bends to one side, with a leaf on the other side."""
    bend = rng.uniform(-8, 8, (n, 1, 1))
    middle = bend * (np.clip(down, 0, None) / SIDE) ** 2 * 2
    stem = np.minimum(1.5 - np.abs(across - middle), down)
    height, side = rng.uniform(18, 28, (n, 1, 1)), -np.sign(bend)
    along, off = (across - middle) * side, (down - height) + 0.5 * (across - middle) * side
    leaf = 2.5 * np.sqrt(np.clip(1 - ((along - 7) / 7) ** 2, 0, None)) - np.abs(off)
    return np.maximum(stem, np.where((along > 0) & (along < 14), leaf, -1.0))


def _petals(rng: np.random.Generator, n: int, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Compute the shape of the petals; the radius varies with the angle in one wave per petal."""
    number, turn = rng.integers(4, 9, (n, 1, 1)), rng.uniform(0, 2 * np.pi, (n, 1, 1))
    size, depth = rng.uniform(11, 17, (n, 1, 1)), rng.uniform(0.2, 0.4, (n, 1, 1))
    waves = np.cos(number * np.arctan2(down, across) + turn)
    return size * (1 + depth * (waves - 1)) - np.hypot(down, across)
