"""The simplest synthesizer, which draws rows from normal distributions."""

import numpy as np
import pandas as pd

from gan_utils.synthesizers.base import Synthesizer
from gan_utils.synthesizers.columns import column_kind

#: If the largest standard deviation of a table exceeds the smallest by this factor, the columns are
#: scaled before they are drawn together, because rounding errors would be too large for the
#: smallest one. Other tables are drawn as they are, so that a seed keeps giving the same rows.
MOST_APART = 1e6
#: A column whose standard deviation is at most this share of its mean is constant: only the mean
#: was rounded.
ROUNDING = 1e-14


class GaussianSynthesizer(Synthesizer):
    """Draw numbers from normal distributions with the means and standard deviations of the table.

    Parameters
    ----------
    correlated : bool
        If False, each numeric column is drawn separately, with its mean and standard deviation. If
        True, all numeric columns are drawn jointly, with their means and covariances.

    Attributes
    ----------
    mean_ : Series
        Mean of each numeric column.
    covariance_ : DataFrame
        Covariances of the numeric columns (divisor n - 1); the entries off the diagonal are 0
        if ``correlated`` is False.
    frequencies_ : dict of str to Series
        For each column of categories, text or booleans, the share of each value.

    Notes
    -----
    Whole-number columns are rounded. Categories are drawn in proportion to their shares and
    independently of all other columns, even if ``correlated`` is True. If classes matter, fit one
    synthesizer per class. A normal distribution is unbounded, so a generated length, for example,
    can be negative.

    Examples
    --------
    >>> import pandas as pd
    >>> petals = pd.DataFrame({"length": [5.1, 5.9, 6.0], "width": [1.9, 2.1, 2.5]})
    >>> GaussianSynthesizer(correlated=True).fit(petals).sample(4, random_state=0).shape
    (4, 2)
    """

    min_rows = 2

    def __init__(self, correlated: bool = False) -> None:
        self.correlated = correlated

    def _fit(self, table: pd.DataFrame) -> None:
        kinds = {name: column_kind(name, column, "be drawn") for name, column in table.items()}
        numbers = table[[name for name, kind in kinds.items() if kind == "number"]].astype(float)
        self.mean_ = numbers.mean()
        self.covariance_ = numbers.cov()
        if not self.correlated:
            diagonal = np.eye(len(self.mean_), dtype=bool)
            self.covariance_ = self.covariance_.where(diagonal, 0.0)
        self.frequencies_ = {
            name: table[name].value_counts(normalize=True, sort=False)
            for name, kind in kinds.items()
            if kind == "category"
        }
        self._limits = {
            name: _dtype_limits(dtype) for name, dtype in table.dtypes.items() if name in numbers
        }

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        rows = dict(self._numbers(n, rng))  # adding columns to a table one by one is slow
        for name, shares in self.frequencies_.items():
            picked = rng.choice(len(shares), size=n, p=shares.to_numpy())
            rows[name] = shares.index.to_numpy()[picked]
        return pd.DataFrame(rows)

    def _numbers(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        if self.mean_.empty:
            return pd.DataFrame(index=range(n))
        if self.correlated:
            values = self._joint_numbers(n, rng)
        else:
            spread = np.sqrt(np.diag(self.covariance_))
            values = rng.normal(self.mean_, spread, size=(n, len(spread)))
        rows = pd.DataFrame(values, columns=self.mean_.index)
        # In an unsigned or short integer type, a value beyond the limits would wrap round.
        return rows.apply(lambda column: column.clip(*self._limits[column.name]))

    def _joint_numbers(self, n: int, rng: np.random.Generator) -> np.ndarray:
        scale = self._scale()
        covariance = self.covariance_.to_numpy() / np.outer(scale, scale)
        # NumPy's check has a fixed tolerance: if a column of large numbers is the sum of others, it
        # warns although nothing is wrong.
        settings = {"size": n, "method": "eigh", "check_valid": "ignore"}
        values = rng.multivariate_normal(np.zeros(len(scale)), covariance, **settings)
        return self.mean_.to_numpy() + scale * values

    def _scale(self) -> np.ndarray:
        """Return what to divide each column by: 1, or its standard deviation."""
        spread = np.sqrt(np.diag(self.covariance_))
        varied = spread > ROUNDING * self.mean_.abs().to_numpy()
        is_wide = varied.any() and spread[varied].max() > MOST_APART * spread[varied].min()
        return np.where(varied & is_wide, spread, 1.0)


def _dtype_limits(dtype: object) -> tuple[float, float]:
    if not pd.api.types.is_integer_dtype(dtype):
        return -np.inf, np.inf
    limits = np.iinfo(getattr(dtype, "numpy_dtype", dtype))
    highest = float(limits.max)
    if int(highest) > limits.max:  # floats cannot hold 64-bit limits exactly: use the next lower
        highest = float(np.nextafter(highest, 0))
    return float(limits.min), highest
