"""Read a user's own CSV file as text, and report its faults by line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gan_utils.datasets.plain_text import decoded

#: The maximum number of faults that are listed; any further faults are only counted.
LISTED = 10
#: Used instead of a row if the fault concerns the whole column.
WHOLE_COLUMN = -1
#: The name given to a column without a name in the header; it includes the column's position.
UNNAMED = "(no name: column {})"
#: Column separators that other programs use.
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

#: The row (counted from 0 after the header), the column ("" for the whole row), and the fault.
Fault = tuple[int, str, str]

#: Marks between the thousands; Excel writes the last three in Switzerland and in France.
_MARKS = "' ’\u00a0\u202f"
#: Numbers in another notation, and what to do about each. The first one that fits counts.
_NOTATIONS = {
    re.compile(rf"[+-]?\d{{1,3}}([,{_MARKS}]\d{{3}})+([.]\d+)?"): (
        "Leave out the mark between the thousands"
    ),
    re.compile(rf"[+-]?(\d+|\d{{1,3}}([.{_MARKS}]\d{{3}})+),\d+"): (
        "Write a decimal point, not a comma"
    ),
    re.compile(r"\u2212\d+([.,]\d+)?"): "Write the minus sign as a hyphen",
}


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file with a header; keep cells as text, so that faults can be shown as written.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with columns separated by commas.

    Returns
    -------
    DataFrame of str
        Cells and column names without surrounding blanks; cells missing from a short row are empty.
        The index of each row is the number of the line on which the row begins, minus 2, because
        the header is line 1. Blank lines are left out. A last column without a name or content, as
        in files whose rows end in a comma, is left out; any other column without a name is named
        after its position.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty, not UTF-8 text, or not a valid table: for example, it uses a separator
        other than a comma, or has an unclosed quotation mark, a row with more fields than the
        header, or two columns with the same name.
    """
    text = text_of(path)
    rows = [(line, row) for line, row in numbered_rows(text) if row and any(map(str.strip, row))]
    if not rows:
        raise ValueError(f"{path.name} has empty cells only. Export it again.")
    _refuse_form(rows, path.name)
    (_, header), *body = rows
    names = [name.strip() for name in header]
    _refuse_separator(names, path.name)
    while names and not names[-1] and not any("".join(row[len(names) - 1 :]) for _, row in body):
        names.pop()
    _refuse_long_rows(names, body, path.name)
    _refuse_twins(names, path.name)
    names = [name or UNNAMED.format(place) for place, name in enumerate(names, 1)]
    cells = [[*map(str.strip, row), *[""] * len(names)][: len(names)] for _, row in body]
    return pd.DataFrame(cells, index=[line - 2 for line, _ in body], columns=names, dtype=object)


def text_of(path: Path) -> str:
    """Read a text file.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with or without a byte order mark.

    Returns
    -------
    str
        The content of the file.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty, is a web page, is not in UTF-8, or contains NUL bytes.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in that folder. Check the path.")
    raw = path.read_bytes()
    try:
        text = decoded(raw)
    except ValueError as error:
        utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        found = "it is in UTF-16" if utf16 else error
        raise ValueError(
            f"{path.name} is not a CSV table in UTF-8: {found}. Save it again as CSV in UTF-8."
        ) from error
    if not text.strip():
        raise ValueError(f"{path.name} is empty. Export it again.")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ValueError(
            f"{path.name} is not a CSV table: line {line} holds a NUL byte. Export it again."
        )
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.I):
        start = text.strip()[:30]
        raise ValueError(f"{path.name} is not a CSV table: line 1: {start!r} begins a web page.")
    return text


def numbered_rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Split the text of a CSV file into rows.

    Parameters
    ----------
    text : str
        The content of the file. Fields with commas, quotes or line breaks are enclosed in quotation
        marks, and a quotation mark inside such a field is doubled.

    Yields
    ------
    tuple of int and list of str, or of int and str
        The number of the line on which a row begins, counted from 1, and the fields of the row. If
        the format is faulty, the last item contains a description of the fault in place of the
        fields. Blank lines are left out.
    """
    rows, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            # An unclosed quotation mark swallows everything after it, so reading stops here.
            yield line, f"a quotation mark is not closed, or not doubled inside ({error})"
            return
        if row is None:
            return
        if row:
            yield line, row
        line = rows.line_num + 1


def refuse(faults: list[Fault], file: str, way_out: str) -> None:
    """Raise an error that lists the faults of a file by line, if there are any.

    Parameters
    ----------
    faults : list of Fault
        The row, the column and the description of each fault.
    file : str
        The file's name.
    way_out : str
        What to do about the faults.

    Raises
    ------
    ValueError
        If there are faults; the message lists the first ten and counts them all.
    """
    if not faults:
        return
    lines = [f"  {_place(row, name)}{what}" for row, name, what in sorted(faults)]
    if len(lines) > LISTED:
        lines[LISTED:] = [f"  and {len(lines) - LISTED} more"]
    raise ValueError(
        f"{file} has {len(faults)} fault{'s' * (len(faults) > 1)} (row 1 is the header):\n"
        + "\n".join(lines)
        + f"\n{way_out}"
    )


def another_notation(cell: str) -> str:
    """Recognize a number with a decimal comma, or with marks between the thousands.

    Parameters
    ----------
    cell : str
        The content of a cell.

    Returns
    -------
    str
        How to write the number instead; empty if the cell is not a number in such a notation.
    """
    return next((way for form, way in _NOTATIONS.items() if form.fullmatch(cell)), "")


def number_fault(cell: str) -> str:
    """Explain why a cell that should contain a number does not.

    Parameters
    ----------
    cell : str
        The content of the cell, which is not a finite number.

    Returns
    -------
    str
        The reason in words, with a hint if the cell is a number in another notation.
    """
    way_out = another_notation(cell)
    return f"is {cell!r}, where a number belongs" + f". {way_out}" * bool(way_out)


def _place(row: int, name: str) -> str:
    places = [f"row {row + 2}"] * (row != WHOLE_COLUMN) + [f"column {name!r}"] * bool(name)
    return ", ".join(places) + ": "


def _refuse_form(rows: list[tuple[int, list[str] | str]], file: str) -> None:
    for line, row in rows:
        if isinstance(row, str):
            place = f"in the row that begins in line {line}"
            raise ValueError(f"{file} is not a CSV table: {place}, {row}.")


def _refuse_separator(names: list[str], file: str) -> None:
    """Reject a header with only one field if its names are separated by marks other than commas."""
    marks = [mark for mark in SEPARATORS if mark in names[0]]
    if len(names) == 1 and (marks or names[0].lower().startswith("sep=")):
        found = SEPARATORS.get(next(iter(marks), ""), "other marks than commas")
        raise ValueError(
            f"{file} has {found} between its columns, not commas. Save it with commas and decimal "
            'points; in Python: pd.read_csv(old, sep=";", decimal=",").to_csv(new, index=False).'
        )


def _refuse_long_rows(names: list[str], body: list[tuple[int, list[str]]], file: str) -> None:
    """Reject rows with more fields than the header: the values cannot be matched to columns."""
    longer = {line: len(row) for line, row in body if any(row[len(names) :])}
    way_out = (
        "A value with a comma in it needs quotation marks around it; a number needs a decimal "
        "point; if the first field of each row is a row number, as R's write.table writes it, "
        "write the file without (row.names=FALSE)."
    )
    words = f"has {{}} fields, but the header names {len(names)}"
    refuse([(line - 2, "", words.format(n)) for line, n in longer.items()], file, way_out)


def _refuse_twins(names: list[str], file: str) -> None:
    twins = [name for name, times in Counter(filter(None, names)).items() if times > 1]
    if twins:
        raise ValueError(
            f"{file} names the column {twins[0]!r} twice in its header. Rename or delete one."
        )
