"""Find the tables that the text of a lesson discusses, and prepare them for slides."""

import re
from html import escape, unescape

from nbformat import NotebookNode
from nbformat.v4 import new_output

from gan_utils.course.kit.contents import CELL, LIST, TEXT, Block

#: The maximum numbers of rows and columns in a table on a slide; for a printed table, the maximum
#: numbers of lines and of characters per line.
MOST_ROWS, MOST_COLUMNS, MOST_PRINTED, MOST_WIDE = 14, 9, 16, 110
#: A table is a result if the text after it repeats at least this many of its numbers.
LEAST_DISCUSSED = 2
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?: ?%)?")
_DASH = re.compile(r"<td[^>]*>\s*-\s*</td>")
_ROW = re.compile(r"<tr.*?</tr>", re.DOTALL)
#: Lines that are printed beside a table: the type of a column, or a dictionary.
_NO_ROW = re.compile(r"(?:Name: .*, )?dtype: \w+|\{.*\}")


def _numbers(text: str) -> set[tuple[float, int]]:
    """List each number in a text with its count of decimal places; 66 % counts as 0.66."""
    found = set()
    for match in _NUMBER.findall(text):
        plain = match.rstrip(" %").rstrip(",").replace(",", "")
        decimals, share = len(plain.partition(".")[2]), "%" in match
        value = abs(float(plain))
        found.add((value / 100, decimals + 2) if share else (value, decimals))
    return found


def times_discussed(table: str, text: str) -> int:
    """Count the numbers in a table that a text repeats, either rounded or unchanged.

    Parameters
    ----------
    table : str
        A table, printed or in HTML.
    text : str
        The paragraphs after the table.

    Returns
    -------
    int
        The number of values in the table that the text repeats. Whole numbers below 10 are ignored,
        because they occur everywhere.
    """
    bare = re.sub(r"<style.*?</style>|<[^>]*>", " ", table, flags=re.DOTALL)
    shown = [value for value, _ in _numbers(unescape(bare))]
    said = [pair for pair in _numbers(text) if pair[1] or pair[0] >= 10]
    return sum(any(abs(v - w) <= 0.5001 * 10.0**-d for v in shown) for w, d in said)


def text_after(blocks: list[Block], place: int) -> str:
    """Join the paragraphs that follow a cell, directly or after further cells.

    Parameters
    ----------
    blocks : list of Block
        The blocks of a section.
    place : int
        The cell's index in ``blocks``.

    Returns
    -------
    str
    """
    said: list[str] = []
    for block in blocks[place + 1 :]:
        if block.kind in (TEXT, LIST):
            said.append(block.text)
        elif said or block.kind != CELL:
            break
    return " ".join(said)


def _without_end(html: str) -> str:
    """Leave out the rows of a table that do not fit, and add a row that states their number."""
    rows = list(_ROW.finditer(html))
    if len(rows) <= MOST_ROWS:
        return html
    last = rows[-1].group()
    columns = last.count("<th") + last.count("<td")
    rest = len(rows) - MOST_ROWS + 1
    more = f'<tr><td colspan="{columns}">... and {rest} more rows</td></tr>'
    return html[: rows[MOST_ROWS - 1].start()] + more + html[rows[-1].end() :]


def _without_asides(html: str) -> str:
    """Leave out the notes under a table, and any rows with more than two dashes."""
    head, end, tail = html.rpartition("</table>")
    table = head + end + re.sub(r"<p.*?</p>", "", tail, flags=re.DOTALL)
    empty = [r for r in _ROW.findall(table) if len(_DASH.findall(r)) > 2 and "rowspan" not in r]
    for row in empty:
        table = table.replace(row, "", 1)
    return table


def _printed(text: str) -> str:
    """Turn a printed table into HTML; return "" if it is not a table or does not fit."""
    lines = [line.rstrip() for line in text.splitlines()]
    lines = [s for s in lines if len(s) <= MOST_WIDE and not _NO_ROW.fullmatch(s)]
    with_numbers = sum(any(map(str.isdigit, line)) for line in lines)
    if not 3 <= len(lines) <= MOST_PRINTED or with_numbers < 0.6 * len(lines):
        return ""
    body = "\n".join(lines).strip("\n")
    return f"<pre>{escape(body)}</pre>"


def _html_table(html: str) -> str:
    """Shorten an HTML table; return "" if it is not a table or is too wide."""
    rows = html.count("<tr")
    columns = html.count("<th") + html.count("<td")
    fits = "<table" in html and "<script" not in html and columns <= MOST_COLUMNS * rows
    return _without_end(_without_asides(html)) if fits else ""


def tables_of(cell: NotebookNode) -> list[NotebookNode]:
    """List the tables among the outputs of a cell, in a form that fits a slide.

    Parameters
    ----------
    cell : NotebookNode
        A code cell.

    Returns
    -------
    list of NotebookNode
        Outputs with HTML: first the HTML tables, shortened if necessary, then the printed tables.
    """
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    drawn = [_html_table(part.get("text/html", "")) for part in data]
    printed = [
        _printed(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", [])
        if "text/html" not in output.get("data", {})
    ]
    return [new_output("display_data", {"text/html": h}) for h in (*drawn, *printed) if h]


def result_of(blocks: list[Block], place: int) -> tuple[NotebookNode | None, int]:
    """Find the table in a cell's outputs that the text after the cell discusses most.

    Parameters
    ----------
    blocks : list of Block
        The blocks of a section.
    place : int
        The cell's index in ``blocks``.

    Returns
    -------
    output : NotebookNode or None
        The table; None if the text repeats fewer than `LEAST_DISCUSSED` numbers from each table.
    times : int
        The number of values in this table that the text repeats.
    """
    text = text_after(blocks, place)
    found = [(times_discussed(o.data["text/html"], text), o) for o in tables_of(blocks[place].cell)]
    times, output = max(found, key=lambda pair: pair[0], default=(0, None))
    return (output, times) if times >= LEAST_DISCUSSED else (None, times)
