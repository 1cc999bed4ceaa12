"""Generate rows between neighbouring rows with imbalanced-learn's SMOTE."""

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count
from gan_utils.synthesizers.base import Synthesizer, check_numeric


class SmoteSynthesizer(Synthesizer):
    """Generate rows on the straight lines between a row and its nearest neighbours.

    Parameters
    ----------
    k_neighbors : int, at least 1
        Number of nearest neighbours; one of them, chosen at random, is the other end of the line.
        The table needs at least ``k_neighbors + 1`` rows.

    Attributes
    ----------
    table_ : DataFrame
        The fitted rows. SMOTE learns no parameters; it interpolates between these rows.

    Notes
    -----
    All columns must be numeric. Distances are Euclidean, and columns are not rescaled, so columns
    with very different scales should be put on a common scale first. Every generated value is
    within the range of its column in the table, because SMOTE does not extrapolate.

    References
    ----------
    N. V. Chawla, K. W. Bowyer, L. O. Hall, W. P. Kegelmeyer, "SMOTE: Synthetic Minority
    Over-sampling Technique", JAIR 16, 2002.

    Examples
    --------
    >>> import pandas as pd
    >>> petals = pd.DataFrame({"length": [5.1, 5.9, 6.0], "width": [1.9, 2.1, 2.5]})
    >>> SmoteSynthesizer(k_neighbors=2).fit(petals).sample(4, random_state=0).shape
    (4, 2)
    """

    min_rows = 1  # the check of k_neighbors below gives a clearer message than the base class

    def __init__(self, k_neighbors: int = 5) -> None:
        self.k_neighbors = k_neighbors

    def _fit(self, table: pd.DataFrame) -> None:
        for name, column in table.items():
            check_numeric(name, column, "SmoteSynthesizer")
        _check_neighbors(len(table), self.k_neighbors)
        self.table_ = table.reset_index(drop=True)

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        from imblearn.over_sampling import SMOTE  # imports scikit-learn

        real = self.table_.to_numpy(float)
        target = len(real) + n
        # SMOTE needs a majority class. Only the size of this class matters, not its values.
        majority = np.zeros((target, real.shape[1]))
        labels = np.r_[np.zeros(target, int), np.ones(len(real), int)]
        sampler = SMOTE(
            sampling_strategy={1: target},
            k_neighbors=int(self.k_neighbors),
            random_state=int(rng.integers(2**31)),
        )
        rows, _ = sampler.fit_resample(np.r_[majority, real], labels)
        # Because of rounding, an interpolated value may lie just outside the range of the column.
        rows = np.clip(rows[-n:], real.min(axis=0), real.max(axis=0))
        return pd.DataFrame(rows, columns=self.table_.columns)


def _check_neighbors(n_rows: int, k_neighbors: int) -> None:
    check_count("k_neighbors", k_neighbors)
    if n_rows < 2:
        raise ValueError(
            f"the table has {n_rows} row, but k_neighbors={k_neighbors} needs at least "
            f"{k_neighbors + 1}. No k_neighbors works for one row: there is no neighbour to move "
            "towards. Collect more rows."
        )
    if n_rows <= k_neighbors:
        raise ValueError(
            f"the table has {n_rows} rows, but k_neighbors={k_neighbors} needs at least "
            f"{k_neighbors + 1}. Use k_neighbors <= {n_rows - 1}, or GaussianSynthesizer, "
            "which needs 2."
        )
