"""Scale columns of numbers for a network, and undo the scaling."""

from typing import Any, Self

import numpy as np
from scipy.stats import norm


class NormalScores:
    """Map a column of numbers to a standard normal distribution by rank, and back.

    Equal values share a range of ranks. With a random generator, each is mapped to a random place
    in this range, so that a column with many zeros becomes as smooth as any other.

    References
    ----------
    Van der Waerden scores; scikit-learn's ``QuantileTransformer`` does the same except for ties.
    """

    def fit(self, values: np.ndarray) -> Self:
        """Store the sorted values.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Finite numbers, at least one.

        Returns
        -------
        NormalScores
            Itself, fitted.
        """
        self.sorted_ = np.sort(np.asarray(values, dtype=float))
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Map values to normal scores.

        Parameters
        ----------
        values : ndarray of shape (m,)
            Values that were fitted, or others, which are placed between them.
        rng : Generator, optional
            Spreads equal values over their ranks; without it, they share the middle rank.

        Returns
        -------
        ndarray of shape (m,)
            Finite: the outermost half rank on each side is cut off.
        """
        n = len(self.sorted_)
        low = np.searchsorted(self.sorted_, values, side="left")
        high = np.searchsorted(self.sorted_, values, side="right")
        place = 0.5 if rng is None else rng.uniform(size=len(values))
        uniform = (low + (high - low) * place) / n
        return norm.ppf(np.clip(uniform, 0.5 / n, 1 - 0.5 / n))

    def inverse(self, scores: np.ndarray) -> np.ndarray:
        """Map normal scores back to values.

        Parameters
        ----------
        scores : ndarray of shape (m,)
            Any real numbers.

        Returns
        -------
        ndarray of shape (m,)
            Between the smallest and the largest fitted value, with linear interpolation between
            neighbouring ranks.
        """
        position = norm.cdf(scores) * len(self.sorted_) - 0.5
        nearest = np.rint(position)
        # A score that came from a fitted value returns to it, without a rounding error.
        position = np.where(np.abs(position - nearest) < 1e-6, nearest, position)
        return np.interp(position, np.arange(len(self.sorted_)), self.sorted_)

    def to_config(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {"encoding": "quantile", "sorted": self.sorted_.tolist()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild from `to_config`."""
        return cls().fit(np.array(config["sorted"]))


class MinMax:
    """Map a column of numbers linearly to [-1, 1], and back: the classic scaling."""

    def fit(self, values: np.ndarray) -> Self:
        """Store the smallest and the largest value.

        Parameters
        ----------
        values : ndarray of shape (n,)
            Finite numbers, at least one.

        Returns
        -------
        MinMax
            Itself, fitted.
        """
        self.low_, self.high_ = float(np.min(values)), float(np.max(values))
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Scale values.

        Parameters
        ----------
        values : ndarray of shape (m,)
            In the same unit as the fitted values.
        rng : Generator, optional
            Not used: it is there so that both encodings have the same interface.

        Returns
        -------
        ndarray of shape (m,)
            In [-1, 1] for values in the fitted range.
        """
        span = (self.high_ - self.low_) or 1.0
        return 2 * (np.asarray(values, dtype=float) - self.low_) / span - 1

    def inverse(self, scores: np.ndarray) -> np.ndarray:
        """Undo the scaling.

        Parameters
        ----------
        scores : ndarray of shape (m,)
            Usually in [-1, 1].

        Returns
        -------
        ndarray of shape (m,)
            Clipped to the fitted range.
        """
        share = (np.asarray(scores, dtype=float) + 1) / 2
        return np.clip(self.low_ + share * (self.high_ - self.low_), self.low_, self.high_)

    def to_config(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {"encoding": "minmax", "low": self.low_, "high": self.high_}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild from `to_config`."""
        return cls().fit(np.array([config["low"], config["high"]]))
