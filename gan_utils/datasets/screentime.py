"""Load the course's simulated screen-time table, or a reader's export in the same format."""

import os

import numpy as np
import pandas as pd

from gan_utils._support.checks import MOST_EXACT
from gan_utils._support.files import in_home
from gan_utils.datasets.csv_files import Fault, number_fault, read_text_table, refuse
from gan_utils.datasets.folder import shipped

FILE = "screentime_analysis.csv"
NUMERIC = ["Usage (minutes)", "Notifications", "Times Opened"]
COLUMNS = ["Date", "App", *NUMERIC]
MINUTES_A_DAY = 1440
_OFFSET = r"(?<=\d) ?(?:Z|[+-]\d\d(?::?\d\d)?)$"


def load_screentime(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load app usage, notifications and launches, with one row per app and day.

    Parameters
    ----------
    path : str or path, optional
        Your own CSV file with the columns ``Date`` (such as 2024-08-31), ``App``,
        ``Usage (minutes)`` (0 to 1440), ``Notifications`` and ``Times Opened`` (whole numbers from
        0 up); other columns are ignored. By default, the course's simulated table is loaded.

    Returns
    -------
    DataFrame of shape (n, 5)
        ``Date`` (datetime64, local time: an offset such as ``+02:00`` is dropped), ``App``
        (text), and three numeric columns. The course's own table has 200 rows: 8 apps on 25 days
        of August 2024.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty or not a table, a column is missing, or a value is impossible. Every
        fault is reported with its row (the line of the file) and its column.
    """
    path = shipped(FILE) if path is None else in_home(path)
    table = read_text_table(path)
    absent = [name for name in COLUMNS if name not in table]
    if absent:
        raise ValueError(
            f"{path.name} lacks the column{'s' * (len(absent) > 1)} "
            f"{', '.join(map(repr, absent))}. It has {', '.join(map(repr, table.columns))}. "
            "Rename or add what is missing."
        )
    if table.empty:
        raise ValueError(f"{path.name} has a header but no rows. Export it again.")
    refuse(_faults(table), path.name, "Mend or remove these rows, then load the file again.")
    return _typed(table[COLUMNS])


def _faults(table: pd.DataFrame) -> list[Fault]:
    return [
        *(fault for name in NUMERIC for fault in _number_faults(table[name])),
        *_date_faults(table["Date"]),
        *((row, "App", "is empty") for row in table.index[table["App"] == ""]),
    ]


def _number_faults(column: pd.Series) -> list[Fault]:
    values = pd.to_numeric(column, errors="coerce").astype("float64")
    finite = np.isfinite(values)
    checks = [
        (column == "", "is empty, where a number belongs"),
        (finite & (values < 0), "is {}, but cannot be negative"),
    ]
    if column.name == "Usage (minutes)":
        checks.append((finite & (values > MINUTES_A_DAY), "is {}, but a day has 1440 minutes"))
    else:
        checks.append((finite & (values >= 0) & (values % 1 != 0), "is {}, but is a count"))
        checks.append((finite & (values >= MOST_EXACT), "is {}, too many to be a count"))
    wrong = column[(column != "") & ~finite]
    return [(row, column.name, number_fault(cell)) for row, cell in wrong.items()] + [
        (row, column.name, words.format(repr(column[row])))
        for mask, words in checks
        for row in column.index[mask]
    ]


def _date_faults(column: pd.Series) -> list[Fault]:
    dates = _dates(column)
    return [
        (row, "Date", f"is {column[row]!r}, not a date of the calendar such as '2024-08-31'")
        for row in column.index[dates.isna()]
    ]


def _dates(column: pd.Series) -> pd.Series:
    """Read dates in local time, because the UTC offset differs between summer and winter."""
    at_a_time = column.str.contains(r"[T ]\d", regex=True)
    local = column.str.replace(_OFFSET, "", regex=True).where(at_a_time, column)
    return pd.to_datetime(local, format="ISO8601", errors="coerce")


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    numbers = {name: pd.to_numeric(table[name]) for name in NUMERIC}
    counts = {name: numbers[name].astype("int64") for name in NUMERIC[1:]}
    return table.assign(Date=_dates(table["Date"]), **numbers).assign(**counts)
