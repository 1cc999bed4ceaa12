"""A reader's own CSV file: read as text, its faults named by the line they stand in."""

from pathlib import Path

import pandas as pd

#: How many faults of a file are listed before the rest is only counted.
LISTED = 10
#: In place of a row: the fault is the whole column's.
WHOLE_COLUMN = -1

#: Row (counted from 0 after the header), column, and what is wrong there.
Fault = tuple[int, str, str]


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file with a header as text, so that a fault can be shown as it stands there.

    Parameters
    ----------
    path : Path
        A file in UTF-8.

    Returns
    -------
    DataFrame of str
        Cells and names without blanks around them. The index counts the lines after the header;
        blank lines are left out and keep their number.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is empty, or no CSV table in UTF-8.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in that folder. Check the path.")
    try:
        table = pd.read_csv(
            path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig"
        )
    except pd.errors.EmptyDataError as error:
        raise ValueError(f"{path.name} is empty. Export it again.") from error
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not a CSV table in UTF-8: {error}.") from error
    table.columns = table.columns.str.strip()
    # A first cell that is missing too means a blank line, which says nothing and harms nothing.
    return table[~table.isin(["", None]).all(axis=1)].apply(lambda column: column.str.strip())


def refuse(faults: list[Fault], file: str, way_out: str) -> None:
    """Raise an error that lists the faults of a file in the order of its lines, if there are any.

    Raises
    ------
    ValueError
        With the first faults and the number of all.
    """
    if not faults:
        return
    lines = [f"  {_place(row)}column {name!r}: {what}" for row, name, what in sorted(faults)]
    if len(lines) > LISTED:
        lines[LISTED:] = [f"  and {len(lines) - LISTED} more"]
    raise ValueError(
        f"{file} has {len(faults)} fault{'s' * (len(faults) > 1)} (row 1 is the header):\n"
        + "\n".join(lines)
        + f"\n{way_out}"
    )


def _place(row: int) -> str:
    return "" if row == WHOLE_COLUMN else f"row {row + 2}, "
