"""Scale columns of numbers for a network, and undo the scaling."""

from typing import Any, Self

import numpy as np
from scipy.stats import norm


class NormalScores:
    """Map a column of numbers to a standard normal distribution by rank, and back.

    Equal values share a range of ranks. If a random generator is given, each of these values is
    mapped to a random position in the range. Even a column with many zeros then has a smooth
    distribution.

    References
    ----------
    Van der Waerden scores; scikit-learn's ``QuantileTransformer`` is similar, but handles ties
    differently.
    """

    def fit(self, values: np.ndarray) -> Self:
        """Store the sorted values.

        Parameters
        ----------
        values : ndarray of shape (n,)
            One or more finite numbers.

        Returns
        -------
        NormalScores
            The fitted scaler.
        """
        # Adding zero turns -0.0 into 0.0: they are equal, so a sort may leave them in any order.
        self.sorted_ = np.sort(np.asarray(values, dtype=float) + 0.0)
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Map values to normal scores.

        Parameters
        ----------
        values : ndarray of shape (m,)
            Fitted values or other values, which are ranked among the fitted ones.
        rng : Generator, optional
            Generator that spreads equal values over their ranks; by default, equal values share
            their middle rank.

        Returns
        -------
        ndarray of shape (m,)
            Finite scores; half a rank is cut off at each end to avoid infinite scores.
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
            Values between the smallest and the largest fitted value, interpolated linearly between
            neighbouring ranks.
        """
        position = norm.cdf(scores) * len(self.sorted_) - 0.5
        nearest = np.rint(position)
        # The score of a fitted value is mapped back to exactly that value.
        position = np.where(np.abs(position - nearest) < 1e-6, nearest, position)
        return np.interp(position, np.arange(len(self.sorted_)), self.sorted_)

    def to_config(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {"encoding": "quantile", "sorted": self.sorted_.tolist()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild a scaler from the output of `to_config`."""
        return cls().fit(np.array(config["sorted"]))


class MinMax:
    """Map a column of numbers linearly to [-1, 1], and back.

    This is the classic scaling.
    """

    def fit(self, values: np.ndarray) -> Self:
        """Store the smallest and the largest value.

        Parameters
        ----------
        values : ndarray of shape (n,)
            One or more finite numbers.

        Returns
        -------
        MinMax
            The fitted scaler.
        """
        self.low_, self.high_ = float(np.min(values)), float(np.max(values))
        return self

    def transform(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Scale values.

        Parameters
        ----------
        values : ndarray of shape (m,)
            Values in the same unit as the fitted values.
        rng : Generator, optional
            Not used; this parameter gives both encodings the same interface.

        Returns
        -------
        ndarray of shape (m,)
            Scaled values, which are in [-1, 1] if the input is in the fitted range.
        """
        span = (self.high_ - self.low_) or 1.0
        return 2 * (np.asarray(values, dtype=float) - self.low_) / span - 1

    def inverse(self, scores: np.ndarray) -> np.ndarray:
        """Undo the scaling.

        Parameters
        ----------
        scores : ndarray of shape (m,)
            Scaled values, usually in [-1, 1].

        Returns
        -------
        ndarray of shape (m,)
            Values in the original unit, clipped to the fitted range.
        """
        share = (np.asarray(scores, dtype=float) + 1) / 2
        return np.clip(self.low_ + share * (self.high_ - self.low_), self.low_, self.high_)

    def to_config(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {"encoding": "minmax", "low": self.low_, "high": self.high_}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild a scaler from the output of `to_config`."""
        return cls().fit(np.array([config["low"], config["high"]]))
