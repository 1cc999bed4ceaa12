"""Load a small table that shows the weather on ten days, and whether someone played sport."""

import pandas as pd

COLUMNS = ("sky", "temperature", "wind", "sport")

_BALANCED = """
sunny  mild weak   yes
sunny  warm weak   yes
cloudy mild weak   yes
cloudy warm weak   yes
sunny  mild strong yes
rainy  mild weak   no
rainy  cold strong no
cloudy cold strong no
rainy  warm strong no
sunny  cold strong no
"""

_UNBALANCED = """
sunny  mild weak   yes
sunny  warm weak   yes
cloudy mild weak   yes
cloudy warm weak   yes
sunny  mild strong yes
cloudy cold weak   yes
sunny  warm strong yes
rainy  mild weak   yes
sunny  cold weak   yes
rainy  cold strong no
"""


def load_weather(balanced: bool = True) -> pd.DataFrame:
    """Load the small table at the start of lesson 01; its rows were invented for the course.

    Parameters
    ----------
    balanced : bool
        If True, there are 5 days with sport and 5 without; if False, 9 days with and 1 without.

    Returns
    -------
    DataFrame of shape (10, 4)
        Text columns: sky (sunny, cloudy, rainy), temperature (cold, mild, warm), wind (weak,
        strong), sport (yes, no).
    """
    text = _BALANCED if balanced else _UNBALANCED
    rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=list(COLUMNS))
