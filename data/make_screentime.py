"""Write ``screentime_analysis.csv``: a seeded simulation of one phone in August 2024.

Nobody's phone was read. Eight apps were given plausible daily ranges and the means of the table
below; each app and day then gets minutes, notifications and openings from scaled beta
distributions, linked by a Gaussian copula: a busy day is busy in all three, and weekends lengthen
the leisure apps. Run it from any folder; it always writes the same bytes::

    python data/make_screentime.py
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

SEED = 2024
DAYS = pd.date_range("2024-08-01", periods=25, name="Date")
MEASURES = ["Usage (minutes)", "Notifications", "Times Opened"]

#: app: (lowest, mean, highest) of minutes, notifications and openings a day, and how much longer
#: (or shorter) its weekends are, in standard deviations.
APPS = {
    "8 Ball Pool": ((1, 18, 58), (0, 4, 18), (1, 7, 25), 0.8),
    "Facebook": ((2, 34, 92), (4, 40, 110), (4, 30, 88), 0.3),
    "Instagram": ((22, 76, 127), (6, 50, 125), (6, 42, 96), 0.5),
    "LinkedIn": ((1, 16, 52), (0, 9, 34), (1, 5, 18), -0.9),
    "Netflix": ((14, 73, 119), (0, 0.4, 3), (1, 2.6, 9), 1.0),
    "Safari": ((1, 11, 42), (0, 0.7, 5), (1, 5, 18), -0.3),
    "WhatsApp": ((8, 48, 112), (38, 100, 165), (22, 68, 103), 0.2),
    "X": ((2, 27, 86), (2, 26, 84), (1, 13, 44), 0.2),
}

#: Correlations of the copula within one app: minutes, notifications, openings.
WITHIN = np.array([[1.0, 0.1, 0.3], [0.1, 1.0, 0.3], [0.3, 0.3, 1.0]])

#: Nothing is counted above this: minutes, notifications, openings.
CAPS = (119, 147, 99)

#: How narrow the beta distributions are: their two shape parameters add up to this.
CONCENTRATION = 3.0


def simulate(seed: int = SEED) -> pd.DataFrame:
    """Return the simulated table, one row an app and day, in shuffled order.

    Parameters
    ----------
    seed : int
        Seed of everything random.

    Returns
    -------
    DataFrame of shape (200, 5)
        ``Date`` (ISO text), ``App``, ``Usage (minutes)`` (1 to 119 min), ``Notifications``
        (0 to 147 a day) and ``Times Opened`` (1 to 99 a day).
    """
    rng = np.random.default_rng(seed)
    rows = pd.concat([_one_app(app, rng) for app in APPS], ignore_index=True)
    return rows.sample(frac=1, random_state=seed, ignore_index=True)


def _one_app(app: str, rng: np.random.Generator) -> pd.DataFrame:
    *ranges, weekend = APPS[app]
    latent = rng.multivariate_normal(np.zeros(3), WITHIN, len(DAYS), method="cholesky")
    latent[:, 0] += weekend * ((DAYS.dayofweek >= 5) - 2 / 7)
    columns = {
        name: _whole_numbers(
            _scaled_beta(stats.norm.cdf(latent[:, i]), *ranges[i]), ranges[i], CAPS[i]
        )
        for i, name in enumerate(MEASURES)
    }
    return pd.DataFrame({"Date": DAYS.strftime("%Y-%m-%d"), "App": app} | columns)


def _scaled_beta(u: np.ndarray, low: float, mean: float, high: float) -> np.ndarray:
    """Turn uniform numbers into beta ones on [low, high] with the given mean."""
    centre = (mean - low) / (high - low)
    beta = stats.beta(CONCENTRATION * centre, CONCENTRATION * (1 - centre))
    return low + (high - low) * beta.ppf(u)


def _whole_numbers(values: np.ndarray, wanted: tuple, cap: int) -> np.ndarray:
    """Shift to the wanted mean and round, keeping the range.

    25 draws miss their mean by chance; the shift takes that error out, so that the file's means are
    the ones on its card.
    """
    low, mean, high = wanted
    shifts = np.linspace(-high, high, 8001)
    shifted = np.clip(np.rint(values + shifts[:, None]), low, min(high, cap)).astype(int)
    return shifted[np.abs(shifted.mean(axis=1) - mean).argmin()]


if __name__ == "__main__":
    target = Path(__file__).with_name("screentime_analysis.csv")
    simulate().to_csv(target, index=False, lineterminator="\n")
    print(f"wrote {target.name}")
