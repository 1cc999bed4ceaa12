"""Write a one-page handout with a lesson's outcomes, formulas and main results."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gan_utils._support.files import replacing
from gan_utils.course.kit.contents import (
    LIST,
    Formula,
    LessonContents,
    formulas,
    needs_and_times,
    points,
    sentences,
    take_apart,
)
from gan_utils.course.kit.page_text import PAGE_STYLE, Line, draw_line, formula_lines, lines_of
from gan_utils.course.notebooks import CourseError

#: A4 and its margins, in points.
WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 48.0
#: The font sizes to try, in points; nothing on the page is smaller than the last.
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_INNER = WIDTH - 2 * MARGIN
_BLUE, _INK, _GREY = "#0072B2", "#111111", "#555555"
#: First words of a sentence that depends on the sentence before it.
_GOES_ON = re.compile(r"(?:So|Ours|Here)\b")
#: First words of a sentence that tells a student what to do.
_INSTRUCTS = re.compile(r"(?:Use|Return|Write|Compute|Implement|Complete|Fill|Replace)\b")
_HEADER = ["measure", "mean", "range", "runs"]


@dataclass(frozen=True)
class _Placed:
    """A line with its distance from the left margin, and its baseline's distance from the top."""

    line: Line
    x: float
    base: float
    colour: str


@dataclass
class _Page:
    """A page that is filled from the top; nothing is drawn until all of it is known to fit."""

    size: float
    y: float = 0.0
    placed: list[_Placed] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)

    def put(self, line: Line, x: float = 0.0, colour: str = _INK) -> None:
        self.placed.append(_Placed(line, x, self.y + line.ascent, colour))
        self.y += line.ascent + line.descent + 0.12 * line.size

    def text(self, markdown: str, x: float = 0.0, times: float = 1.0, colour: str = _INK) -> None:
        for line in lines_of(markdown, times * self.size, _INNER - x):
            self.put(line, x, colour)
        self.y += 0.2 * self.size

    def heading(self, text: str) -> None:
        self.y += 0.6 * self.size
        self.text(f"**{text}**", times=1.25, colour=_BLUE)
        self.rules.append(self.y)
        self.y += 0.45 * self.size

    def numbered(self, texts: list[str]) -> None:
        for number, text in enumerate(texts, 1):
            top = self.y
            self.put(lines_of(f"{number}.", self.size, _INNER)[0], colour=_GREY)
            self.y = top
            self.text(text, x=1.6 * self.size)

    def width_of(self, cell: str) -> float:
        return max((line.width for line in lines_of(cell, self.size, WIDTH)), default=0.0)

    def row(self, cells: list[str], edges: list[float], colour: str = _INK) -> None:
        top = after = self.y
        for cell, x in zip(cells, edges, strict=True):
            for line in lines_of(cell, self.size, _INNER)[:1]:  # none if the cell is empty
                self.y = top
                self.put(line, x, colour)
                after = max(after, self.y)
        self.y = after


def leading(text: str) -> list[str]:
    """Keep the sentences before a formula that make sense without the text around them.

    Parameters
    ----------
    text : str
        The sentences before a formula.

    Returns
    -------
    list of str
        The sentences, except for those that depend on a missing sentence, introduce a missing
        formula, or give instructions for an exercise.
    """
    found = sentences(text)
    whole = [s for s in found[:-1] if not s.endswith((":", ","))] + found[-1:]
    kept: list[str] = []
    for sentence in whole:
        if not _INSTRUCTS.match(sentence) and (kept or not _GOES_ON.match(sentence)):
            kept.append(sentence)
    return kept


def explaining(text: str) -> list[str]:
    """Keep the complete sentences after a formula.

    Parameters
    ----------
    text : str
        The sentences that follow a formula.

    Returns
    -------
    list of str
        The sentences, except for those that end in a colon or a comma.
    """
    return [s for s in sentences(text) if not s.endswith((":", ","))]


def _formula(page: _Page, formula: Formula, said: set[str]) -> None:
    """Set a formula between its introduction and its explanation, without repeating sentences."""
    if formula.section not in said:
        page.text(f"**{formula.section}**")
    before, after = (
        " ".join(sentence for sentence in texts if sentence not in said)
        for texts in (leading(formula.before), explaining(formula.after))
    )
    if before:
        page.text(before)
    page.y += 0.2 * page.size
    for line in formula_lines(formula.latex, 1.25 * page.size, _INNER, SIZES[-1]):
        page.put(line, max(0.0, (_INNER - line.width) / 2))
        page.y += 0.35 * page.size
    if after:
        page.text(after)
    page.y += 0.5 * page.size
    said |= {formula.section, *sentences(before), *sentences(after)}


def _card(page: _Page, rows: list[list[str]]) -> None:
    """Set the table of main results, with columns that are just wide enough for their content."""
    for row in rows:
        if len(row) != len(_HEADER):
            said = f"a headline has {len(row)} columns, and the card {len(_HEADER)}"
            raise CourseError(f"{said}: headline | {' | '.join(_HEADER)}. It is: {' | '.join(row)}")
    whole = [_HEADER, *([cell.replace("*", "") for cell in row] for row in rows)]
    wide = [max(map(page.width_of, column)) for column in zip(*whole, strict=True)]
    edges = [0.0]
    for width in wide[:-1]:
        edges.append(edges[-1] + width + 1.6 * page.size)
    if edges[-1] + wide[-1] > _INNER:
        raise ValueError("the card is wider than the page.")
    page.row(whole[0], edges, _GREY)
    for row in whole[1:]:
        page.row(row, edges)


def _recap(lesson: LessonContents, most: int) -> list[str]:
    """List the first sentences of each point of the recap."""
    blocks = [b for s in lesson.sections if s.title.startswith("Recap") for b in s.blocks]
    texts = [point for block in blocks if block.kind == LIST for point in points(block.text)]
    return [" ".join(sentences(text)[:most]) for text in texts]


def _laid_out(lesson: LessonContents, size: float, recap: list[str]) -> _Page:
    page, said = _Page(size), set()
    page.text(f"**{lesson.title}**", times=1.6, colour=_BLUE)
    page.text(needs_and_times(lesson), colour=_GREY)
    if lesson.outcomes:
        page.heading("You will be able to")
        page.numbered(lesson.outcomes)
    found = formulas(lesson)
    if found:
        page.heading("Formulas")
    for formula in found:
        _formula(page, formula, said)
    if lesson.card:
        page.heading("Main results of the stored run")
        _card(page, lesson.card)
    if recap:
        page.heading("Recap")
        page.numbered(recap)
    return page


def _fitting(lesson: LessonContents) -> _Page:
    """Find the largest font size for the page, with a recap if it fits at 9 points or more."""
    recaps = [_recap(lesson, most) for most in (9, 2)]
    tries = [(size, recap) for recap in recaps for size in SIZES if size >= 9]
    for size, recap in tries + [(size, []) for size in SIZES]:
        try:
            page = _laid_out(lesson, size, recap)
        except ValueError:  # a formula or the card is too wide at this size
            continue
        if page.y <= HEIGHT - 2 * MARGIN:
            return page
    raise CourseError(
        f"{lesson.title}: formulas and card do not fit on one page of A4 at 8 points."
    )


def _lines_to_draw(page: _Page) -> Iterator[Callable[[Figure], object]]:
    for item in page.placed:
        y = HEIGHT - MARGIN - item.base
        yield lambda figure, item=item, y=y: draw_line(
            figure, item.line, MARGIN + item.x, y, item.colour
        )
    for rule in page.rules:
        y, ends = 1 - (MARGIN + rule) / HEIGHT, (MARGIN / WIDTH, 1 - MARGIN / WIDTH)
        yield lambda figure, y=y, ends=ends: figure.add_artist(
            Line2D(ends, (y, y), color=_BLUE, linewidth=0.6)
        )


def write_handout(notebook: Path, path: Path) -> Path:
    """Write a lesson's handout as a PDF file with one A4 page.

    Parameters
    ----------
    notebook : Path
        An executed lesson of the course.
    path : Path
        The PDF to write.

    Returns
    -------
    Path
        The path of the PDF. The same lesson always produces an identical file.

    Raises
    ------
    CourseError
        If the notebook is damaged or has no stored outputs, or if the handout does not fit on one
        page at 8 points.
    """
    lesson = take_apart(Path(notebook))
    with mpl.rc_context(PAGE_STYLE):
        page = _fitting(lesson)
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        FigureCanvasPdf(figure)
        for draw in _lines_to_draw(page):
            draw(figure)
        about = {"Title": re.sub(r"[*`]", "", lesson.title), "CreationDate": None}
        with replacing(Path(path)) as part:
            figure.savefig(part, format="pdf", metadata=about)
    return Path(path)
