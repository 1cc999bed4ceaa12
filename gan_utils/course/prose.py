"""Check that the numbers in a lesson's prose appear in the outputs of its cells.

Every number in the prose must appear in an output of the stored run or, unless it is a percentage,
in the code. This module lists the numbers in the prose for which this is not the case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from gan_utils.course.notebooks import tags

#: Text that states no results: mathematics, code, addresses of pictures and links, HTML tags and
#: hidden HTML elements, headings, the numbers of lists, lessons and sections, the minutes
#: stated in the opening, and years.
_LEFT_OUT = re.compile(
    r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`]*`"
    r"|<span[^>]*display:none.*?</span>|<!--.*?-->|<[^<>\n]+>|\]\([^)\s]*\)"
    r"|^\#.*?$|^\s*\d+\.\s|\*\*\d\d\.\d\*\*"
    r"|\b[Ll]essons?\s\d\d(?:(?:, | to | and | or )\d\d)*|\b[Ss]ections?\s\d+(?:\.\d+)?"
    r"(?:(?:, | to | and | or )\d+(?:\.\d+)?)*"
    r"|\*\*Time:?\*\*[^\n]*|(?<![\d,.])(?:19|20)\d\d(?!\d|[.,]\d|\s?%)",
    re.DOTALL | re.MULTILINE,
)
_NUMBER = re.compile(r"(?<![\w.,-])[-\u2212]?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?(?:\s?%)?(?![\w])")
_LOOSE = re.compile(r"[-\u2212]?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")
#: The underscore in numbers such as 1_500.
_UNDERSCORE = re.compile(r"(?<=\d)_(?=\d)")
_REFERENCES = re.compile(r"^#+ .*\b(?:references|further reading)\b.*", re.I | re.M | re.S)


@dataclass(frozen=True)
class Unfound:
    """A number in the prose that was not found in any cell.

    Attributes
    ----------
    cell : int
        The index of the Markdown cell, from 0.
    number : str
        The number as written.
    words : str
        The words around it.
    """

    cell: int
    number: str
    words: str


def prose_numbers(text: str) -> list[tuple[str, str]]:
    """List the numbers in a Markdown text, with the words around each.

    Parameters
    ----------
    text : str
        A Markdown cell. Mathematics, code, headings, references and the numbers of lists, lessons
        and sections are ignored.

    Returns
    -------
    list of (str, str)
        Each number as written, with its sign and its percent sign, and the words around it.
    """
    said = _LEFT_OUT.sub(" ", _REFERENCES.sub("", text))
    return [
        (found[0], " ".join(said[max(0, found.start() - 40) : found.end() + 30].split()))
        for found in _NUMBER.finditer(said)
    ]


def unfound_numbers(notebook: NotebookNode) -> list[Unfound]:
    """List the numbers in a lesson's prose that do not appear in its outputs.

    Parameters
    ----------
    notebook : NotebookNode
        A lesson with its stored outputs.

    Returns
    -------
    list of Unfound
        The numbers that were not found. A number counts as found if a number in an output rounds
        to it. A percentage may also appear in an output as a fraction, and any other number may
        also appear in the code.
    """
    shown = _values(text for cell in _code_cells(notebook) for text in _output_texts(cell))
    given = _values(_UNDERSCORE.sub("", cell.source) for cell in _code_cells(notebook))
    return [
        Unfound(place, number, words)
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for number, words in prose_numbers(cell.source)
        if not _stands_in(number, shown, given)
    ]


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [c for c in notebook.cells if c.cell_type == "code" and "solution" not in tags(c)]


def _output_texts(cell: NotebookNode) -> Iterable[str]:
    for output in cell.outputs:
        yield output.get("text", "")
        yield output.get("data", {}).get("text/plain", "")
        yield output.get("metadata", {}).get("image/png", {}).get("alt", "")


def _values(texts: Iterable[str]) -> list[float]:
    return [_value(found) for text in texts for found in _LOOSE.findall(text)]


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("\u2212", "-").rstrip("% "))


def _stands_in(number: str, shown: list[float], given: list[float]) -> bool:
    value, is_share = _value(number), number.endswith("%")
    decimals = len(number.rstrip("% ").partition(".")[2])
    if any(_rounds_to(one, value, decimals) for one in shown):
        return True
    if is_share:
        return any(_rounds_to(one, value / 100, decimals + 2) for one in shown)
    return any(one == value for one in given)


def _rounds_to(shown: float, value: float, decimals: int) -> bool:
    """Tell whether one number rounds to another, ignoring signs, which may be given in words."""
    slack = 0.5 * 10.0**-decimals + 1e-9
    return abs(abs(shown) - abs(value)) <= slack
