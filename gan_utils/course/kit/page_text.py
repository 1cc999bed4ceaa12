"""Typeset Markdown on a page: measure words and formulas, break lines, and draw the text."""

import re
from dataclasses import dataclass
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.textpath import text_to_path

from gan_utils.course.kit.formulas import to_mathtext
from gan_utils.course.notebooks import CourseError

#: Matplotlib settings for the page: fonts that come with Matplotlib, and searchable text.
PAGE_STYLE = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "figure.constrained_layout.use": False,
    "text.usetex": False,
}
_TOKEN = re.compile(r"\$[^$]+\$|`[^`]+`|\*\*|\*|\s+|[^\s$`*]+")
_LINK = re.compile(r"\[([^]]+)\]\([^)]*\)")


@dataclass(frozen=True)
class FontRun:
    """A piece of text in one font."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    math: bool = False

    def font(self, size: float) -> FontProperties:
        """Return the run's font.

        Parameters
        ----------
        size : float
            The size of the surrounding text, in points.

        Returns
        -------
        matplotlib FontProperties
        """
        look = {"weight": "bold" if self.bold else "normal"}
        look["style"] = "italic" if self.italic else "normal"
        return FontProperties(
            family="STIXGeneral" if self.math else _family(self.text, self.code, **look),
            size=max(0.85 * size, 8.0) if self.code else size,
            **look,
        )

    def extent(self, size: float) -> tuple[float, float, float]:
        """Measure the run.

        Parameters
        ----------
        size : float
            The size of the surrounding text, in points.

        Returns
        -------
        width, height, descent : float
            The dimensions in points; the height includes the descent.
        """
        return _extent(self, size)


@cache
def _family(text: str, code: bool, weight: str, style: str) -> str:
    """Name a font that has all letters of a text, preferably one that comes with Matplotlib.

    The bold letters of a font are in a separate file, which may lack some letters.
    """
    letters = "".join(sorted(letter for letter in set(text) if not letter.isspace()))
    for name in ("DejaVu Sans Mono" if code else "STIXGeneral", "DejaVu Sans"):
        if _has(findfont(FontProperties(family=name, weight=weight, style=style)), letters):
            return name
    return _installed_font(letters)


def _has(file: str, letters: str) -> bool:
    font = get_font(file)
    return all(font.get_char_index(ord(letter)) for letter in letters)


@cache
def _installed_font(letters: str) -> str:
    known = sorted((entry.name, entry.fname) for entry in fontManager.ttflist)
    # In the Last Resort font, which comes with Matplotlib, every letter is a box.
    known = [font for font in known if font[1].endswith(".ttf") and "Last" not in font[0]]
    for name, file in known:
        if _has(file, letters):
            return name
    raise CourseError(
        f"no font of this machine (.ttf) has all letters of {letters!r}. Install one that has, or "
        "leave them out of title, outcomes, formulas' sentences, card and recap."
    )


@cache
def _extent(run: FontRun, size: float) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(run.text, run.font(size), run.math)


Word = tuple[FontRun, ...]


def words_in_markdown(markdown: str) -> list[Word]:
    """Split a paragraph of Markdown into words; one word may use several fonts.

    Parameters
    ----------
    markdown : str
        Text with ``**bold**``, ``*italic*``, code and formulas between dollar signs.

    Returns
    -------
    list of tuple of FontRun
    """
    words: list[list[FontRun]] = [[]]
    bold = italic = False
    for token in _TOKEN.findall(_LINK.sub(r"\1", markdown)):
        if token == "**":
            bold = not bold
        elif token == "*":
            italic = not italic
        elif token.isspace():
            words.append([])
        elif token.startswith("`") and len(token) > 1:
            words[-1:] = _code_words(words[-1], token[1:-1])
        elif token.startswith("$") and len(token) > 1:
            words[-1:] = _formula_words(words[-1], token[1:-1])
        else:
            words[-1].append(FontRun(token, bold, italic))
    return [tuple(word) for word in words if word]


def _code_words(start: list[FontRun], code: str) -> list[list[FontRun]]:
    """Split code at its spaces, so that a long call can be broken over lines."""
    first, *rest = code.split(" ")
    return [[*start, FontRun(first, code=True)], *([FontRun(part, code=True)] for part in rest)]


def _formula_words(start: list[FontRun], latex: str) -> list[list[FontRun]]:
    """Set a formula; if it cannot be drawn, show its LaTeX, as on the slides."""
    plain = to_mathtext(latex)
    if _can_be_drawn(plain):
        return [[*start, _formula_run(plain)]]
    return _code_words(start, " ".join(latex.split()))


@dataclass(frozen=True)
class Line:
    """Words side by side, with the height above and the depth below their baseline."""

    words: list[tuple[float, FontRun]]
    size: float
    ascent: float
    descent: float
    width: float


def lines_of(markdown: str, size: float, width: float) -> list[Line]:
    """Break a paragraph into lines.

    Parameters
    ----------
    markdown : str
        One paragraph.
    size : float
        The size of the font, in points.
    width : float
        The maximum length of a line, in points.

    Returns
    -------
    list of Line
    """
    rows: list[list[Word]] = [[]]
    space, reached = 0.27 * size, 0.0
    for word in words_in_markdown(markdown):
        wide = sum(run.extent(size)[0] for run in word)
        if rows[-1] and reached + space + wide > width:
            rows.append([])
            reached = 0.0
        reached += wide + (space if rows[-1] else 0.0)
        rows[-1].append(word)
    return [_line(row, size, space) for row in rows if row]


def _line(row: list[Word], size: float, space: float) -> Line:
    placed, x, up, down = [], 0.0, 0.8 * size, 0.25 * size
    for word in row:
        for run in word:
            wide, tall, below = run.extent(size)
            placed.append((x, run))
            x, up, down = x + wide, max(up, tall - below), max(down, below)
        x += space
    return Line(placed, size, up, down, x - space)


def formula_lines(latex: str, size: float, width: float, least: float = 8.0) -> list[Line]:
    """Set a displayed formula on one line; if it does not fit, break it or reduce its size.

    A line is broken only at wide spaces. A formula that cannot be drawn is shown as LaTeX source.

    Parameters
    ----------
    latex : str
        The formula.
    size, least : float
        The size to begin with, and the smallest allowed size, in points.
    width : float
        The maximum length of a line, in points.

    Returns
    -------
    list of Line
        The lines, which all have the same font size.

    Raises
    ------
    ValueError
        If the formula does not fit even at the smallest size.
    """
    parts = re.split(r"(?:\\qquad\s*)+", to_mathtext(latex, display=True))
    parts = [part.strip() for part in parts if part.strip()]
    if not all(map(_can_be_drawn, parts)):
        return lines_of(f"`{' '.join(latex.split())}`", size, width)
    rows: list[str] = []
    for part in parts:
        longer = rf"{rows[-1]}\qquad {part}" if rows else part
        rows[-1:] = [longer] if _fits(longer, size, width) else [*rows[-1:], part]
    if all(_fits(row, size, width) for row in rows):
        return [_line([(_formula_run(row),)], size, 0.0) for row in rows]
    if size - 0.5 < least:
        raise ValueError(f"the formula {latex[:40]!r} is wider than {width:.0f} points.")
    return formula_lines(latex, size - 0.5, width, least)


def _formula_run(mathtext: str) -> FontRun:
    return FontRun(f"${mathtext}$", math=True)


@cache
def _can_be_drawn(mathtext: str) -> bool:
    try:
        _formula_run(mathtext).extent(10.0)
    except ValueError:  # raised by mathtext's parser
        return False
    return True


def _fits(mathtext: str, size: float, width: float) -> bool:
    return _formula_run(mathtext).extent(size)[0] <= width


def draw_line(figure: Figure, line: Line, x: float, y: float, colour: str) -> None:
    """Draw a line of text.

    Parameters
    ----------
    figure : matplotlib Figure
        The page.
    line : Line
        The line to draw.
    x, y : float
        The start of the baseline, in points from the lower left corner of the page.
    colour : str
        A Matplotlib colour.
    """
    width, height = figure.get_size_inches() * 72
    look = {"va": "baseline", "ha": "left", "color": colour}
    for shift, run in line.words:
        place = (x + shift) / width, y / height
        font = run.font(line.size)
        figure.text(*place, run.text, fontproperties=font, parse_math=run.math, **look)
