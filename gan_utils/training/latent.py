"""Generate samples from noise in chunks that fit into memory."""

import math

import numpy as np

from gan_utils._support.checks import check_count

#: Maximum number of samples generated at once by `LatentSampler.sample`.
SAMPLE_CHUNK = 4096
#: Maximum number of values generated at once, which is enough for 510 images of 28 x 28 pixels.
CHUNK_NUMBERS = 400_000


class LatentSampler:
    """Draw noise, and turn it into samples; a subclass implements `sample_shape` and `generate`.

    Attributes
    ----------
    latent_dim : int
        Length of the noise vector.
    """

    latent_dim: int

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        raise NotImplementedError

    def sample(self, n: int, random_state: int | None = None) -> np.ndarray:
        """Generate samples.

        Parameters
        ----------
        n : int, at least 1
            Number of samples.
        random_state : int, optional
            Seed for the noise.

        Returns
        -------
        ndarray of shape (n, ...)
            The samples as returned by the networks, without decoding.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1.
        """
        noise, rng = self.draw_latent(n, random_state)
        return np.concatenate(
            [self.generate(noise[part], rng) for part in chunks(n, self.sample_shape)]
        )

    def draw_latent(
        self, n: int, random_state: int | None
    ) -> tuple[np.ndarray, np.random.Generator]:
        """Draw noise vectors for `sample`.

        Parameters
        ----------
        n : int, at least 1
            Number of vectors.
        random_state : int, optional
            Seed for the noise.

        Returns
        -------
        noise : ndarray of shape (n, latent_dim), float32
        rng : numpy.random.Generator
            A generator for any further draws.

        Raises
        ------
        ValueError
            If ``n`` is not a whole number of at least 1.
        """
        check_count("n", n)
        rng = np.random.default_rng(random_state)
        return rng.normal(size=(n, self.latent_dim)).astype("float32"), rng

    def generate(self, noise: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Turn noise into samples; a subclass implements this.

        Parameters
        ----------
        noise : ndarray of shape (n, latent_dim)
        rng : numpy.random.Generator
            A generator for models that draw from a distribution of samples.

        Returns
        -------
        ndarray of shape (n, ...)

        Raises
        ------
        NotImplementedError
            Always raised by this base class.
        """
        raise NotImplementedError


def chunks(n: int, shape: tuple[int, ...]) -> list[slice]:
    """Split n samples into pieces that fit into memory, even if layer outputs are much larger.

    Parameters
    ----------
    n : int
        Number of samples.
    shape : tuple of int
        Shape of one sample.

    Returns
    -------
    list of slice
    """
    size = min(SAMPLE_CHUNK, max(1, CHUNK_NUMBERS // math.prod(shape)))
    return [slice(i, i + size) for i in range(0, n, size)]
