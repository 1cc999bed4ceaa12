"""The screen-time table: the course's own simulation, or a reader's export in the same form."""

import os
from pathlib import Path

import numpy as np
import pandas as pd

from gan_utils.datasets.csv_files import Fault, read_text_table, refuse
from gan_utils.datasets.folder import shipped

FILE = "screentime_analysis.csv"
NUMERIC = ["Usage (minutes)", "Notifications", "Times Opened"]
COLUMNS = ["Date", "App", *NUMERIC]
MINUTES_A_DAY = 1440


def load_screentime(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """Load minutes, notifications and openings of apps, one row an app and day.

    Parameters
    ----------
    path : str or path, optional
        A CSV file of your own with the columns ``Date`` (such as 2024-08-31), ``App``,
        ``Usage (minutes)`` (0 to 1440), ``Notifications`` and ``Times Opened`` (whole numbers from
        0 up); further columns are left out. Without it, the simulated table of the course.

    Returns
    -------
    DataFrame of shape (n, 5)
        ``Date`` (datetime64), ``App`` (text), and three numeric columns. The course's own has 200
        rows: 8 apps on 25 days of August 2024.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is empty or not a table, a column is missing, or a value is impossible; every
        fault is named with its row (the line of the file) and its column.
    """
    path = shipped(FILE) if path is None else Path(path)
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
    values = pd.to_numeric(column, errors="coerce")
    finite = np.isfinite(values)
    checks = [
        (column == "", "is empty, where a number belongs"),
        ((column != "") & ~finite, "is {}, where a number belongs"),
        (values < 0, "is {}, but cannot be negative"),
    ]
    if column.name == "Usage (minutes)":
        checks.append((finite & (values > MINUTES_A_DAY), "is {}, but a day has 1440 minutes"))
    else:
        checks.append((finite & (values >= 0) & (values % 1 != 0), "is {}, but is a count"))
    return [
        (row, column.name, words.format(repr(column[row])))
        for mask, words in checks
        for row in column.index[mask]
    ]


def _date_faults(column: pd.Series) -> list[Fault]:
    dates = pd.to_datetime(column, format="ISO8601", errors="coerce")
    return [
        (row, "Date", f"is {column[row]!r}, not a date of the calendar such as '2024-08-31'")
        for row in column.index[dates.isna()]
    ]


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    dates = pd.to_datetime(table["Date"], format="ISO8601")
    numbers = {name: pd.to_numeric(table[name]) for name in NUMERIC}
    counts = {name: numbers[name].astype("int64") for name in NUMERIC[1:]}
    return table.assign(Date=dates, **numbers).assign(**counts)
