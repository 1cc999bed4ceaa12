"""Split a lesson into title, outcomes, sections, formulas, exercises, recap and main results."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from gan_utils.course.notebooks import HEADLINE, SOLUTION, CourseError, read, tags

#: The kinds of blocks.
HEADING, TEXT, LIST, TABLE, FENCE = "heading", "text", "list", "table", "fence"
FORMULA, TASK, CELL = "formula", "task", "cell"
_DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_HIDDEN = re.compile(r"<span style=\"display:none\".*?</span>", re.DOTALL)
_HEADLINE = re.compile(r"headline\b")
_BADGE = re.compile(r"^\[!\[.*$", re.MULTILINE)
#: Paragraphs are separated by an empty line, or by a heading on the next line.
_PARTED = re.compile(r"\n\s*\n|\n(?=#{1,6}\s)")
#: Text in which a full stop does not end a sentence.
_WHOLE = re.compile(r"\$[^$]+\$|`[^`]+`|\b(?:e\.g|i\.e|vs|al)\.")
_END = re.compile(r"(?<=[.?!:])([*_)\"']*)\s+(?=[*_(\"']*[A-Z0-9\ue000])")
#: Words in a sentence that explains a symbol.
_DEFINES = re.compile(
    r"\b(is|are|be|denotes?|means?|counts?|contains?|takes?|turns?|cuts?|scales?|hold|"
    r"looks?|returns?|record|runs|measures?|uses|combines|called|draws|for)\b"
)

#: First words of a sentence that explains the formula above it.
_FOLLOWS = re.compile(r"(?:Here|where|and|At|With|The)\b")


@dataclass(frozen=True)
class Block:
    """A piece of a lesson, such as a paragraph, a formula, an exercise's task or a code cell."""

    kind: str
    text: str = ""
    level: int = 0
    cell: NotebookNode | None = None


@dataclass
class LessonSection:
    """The blocks under one heading; ``parent`` is the second-level heading above it, if any."""

    title: str
    parent: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Formula:
    """A displayed formula, its section, and the sentences around it that explain its symbols."""

    latex: str
    section: str
    before: str = ""
    after: str = ""


@dataclass
class LessonContents:
    """A lesson, split into its parts."""

    title: str
    outcomes: list[str]
    opening: list[str]
    sections: list[LessonSection]
    card: list[list[str]]


def sentences(text: str) -> list[str]:
    """Split a paragraph of Markdown into sentences.

    Parameters
    ----------
    text : str
        One paragraph. Formulas and code are never split.

    Returns
    -------
    list of str
    """
    kept: list[str] = []

    def hide(found: re.Match) -> str:
        kept.append(found.group())
        return f"\ue000{len(kept) - 1}\ue001"

    marked = _END.sub("\\1\ue002", _WHOLE.sub(hide, " ".join(text.split())))
    whole = re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], marked)
    parts = whole.split("\ue002")
    return [part.strip() for part in parts if part.strip()]


def points(text: str) -> list[str]:
    """Split a Markdown list into its points.

    Parameters
    ----------
    text : str
        A bulleted or numbered list.

    Returns
    -------
    list of str
        The text of each point, on one line, without its bullet or number.
    """
    found = re.split(r"^\s*(?:[-*]|\d+\.)\s+", text.strip(), flags=re.MULTILINE)
    return [" ".join(point.split()) for point in found if point.strip()]


def _kind_of(paragraph: str) -> str:
    if paragraph.startswith("```"):
        return FENCE
    if paragraph.startswith("|"):
        return TABLE
    return LIST if re.match(r"([-*]|\d+\.)\s", paragraph) else TEXT


def _paragraphs(text: str) -> Iterator[Block]:
    for part in re.split(r"(```.*?```)", text, flags=re.DOTALL):
        pieces = [part] if part.startswith("```") else _PARTED.split(part)
        for piece in filter(None, (p.strip() for p in pieces)):
            if heading := re.match(r"(#+)\s+(.*)", piece):
                yield Block(HEADING, heading[2].strip(), len(heading[1]))
                yield from _paragraphs(piece[heading.end() :])
            else:
                yield Block(_kind_of(piece), piece)


def _blocks_of(text: str) -> Iterator[Block]:
    """Split a cell's Markdown into blocks; an exercise's task extends to the next heading."""
    pattern = r"(\*\*Exercise \d\d\.\d.*?(?=\n#|\Z))"
    for part in re.split(pattern, _HIDDEN.sub("", _BADGE.sub("", text)), flags=re.DOTALL):
        if part.startswith("**Exercise"):
            yield Block(TASK, part.strip())
            continue
        for number, piece in enumerate(_DISPLAY.split(part)):
            yield from [Block(FORMULA, piece.strip())] if number % 2 else _paragraphs(piece)


def _blocks(notebook: NotebookNode) -> Iterator[Block]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from _blocks_of(cell.source)
        elif cell.cell_type == "code" and SOLUTION not in tags(cell):
            yield Block(CELL, cell.source, cell=cell)


def _sections(blocks: list[Block]) -> list[LessonSection]:
    found, parent = [LessonSection("")], ""
    for block in blocks:
        if block.kind == HEADING and block.level > 1:
            parent = "" if block.level == 2 else parent
            found.append(LessonSection(block.text, parent))
            parent = block.text if block.level == 2 else parent
        elif block.kind != HEADING:
            found[-1].blocks.append(block)
    return found


def tasks_of(notebook: NotebookNode) -> dict[str, str]:
    """List the tasks of the exercises.

    Parameters
    ----------
    notebook : NotebookNode
        A lesson.

    Returns
    -------
    dict of str to str
        The Markdown of each task, starting with ``**Exercise NN.k``, by exercise number.
    """
    texts = (block.text for block in _blocks(notebook) if block.kind == TASK)
    return {text.removeprefix("**Exercise ")[:4]: text for text in texts}


def _about(lesson: LessonContents) -> list[str]:
    text = next((text for text in lesson.opening if text.startswith("**You need**")), "")
    return sentences(text)


def needs(lesson: LessonContents) -> str:
    """Find the prerequisites of a lesson.

    Parameters
    ----------
    lesson : LessonContents
        The lesson, split into its parts.

    Returns
    -------
    str
        The prerequisites stated in the lesson's opening, such as ``"lesson 05."``; empty if there
        are none.
    """
    return next(iter(_about(lesson)), "").removeprefix("**You need**").strip()


def stated_times(lesson: LessonContents) -> tuple[str, str]:
    """Find the times that the opening of a lesson states.

    Parameters
    ----------
    lesson : LessonContents
        The lesson, split into its parts.

    Returns
    -------
    minutes : str
        The minutes for the whole lesson, such as ``"90"``; empty if they are not stated.
    computing : str
        The computing time, such as ``"two and a half minutes"``; empty if it is not stated.
    """
    text = " ".join(_about(lesson)[1:2])
    whole = re.search(r"(\d+) minutes", text)
    computing = re.search(r"including (?:about )?(.+? minutes?) of computing", text)
    return whole[1] if whole else "", computing[1] if computing else ""


def needs_and_times(lesson: LessonContents) -> str:
    """Join the two sentences about prerequisites and times in a lesson's opening.

    Parameters
    ----------
    lesson : LessonContents
        The lesson, split into its parts.

    Returns
    -------
    str
        Markdown.
    """
    return " ".join(_about(lesson)[:2])


def _card_of(notebook: NotebookNode) -> list[list[str]]:
    cells = (cell for cell in notebook.cells if HEADLINE in tags(cell))
    texts = (output.get("text", "") for cell in cells for output in cell.outputs)
    lines = (line for text in texts for line in text.splitlines())
    rows = [[p.strip() for p in line.split("|")[1:]] for line in lines if _HEADLINE.match(line)]
    return [_without_false_range(row) for row in rows]


def _without_false_range(row: list[str]) -> list[str]:
    """Put a dash in place of the range if there was only one run."""
    return [*row[:-2], "\N{EN DASH}", row[-1]] if row[-1] == "1 run" else row


def take_apart(path: Path) -> LessonContents:
    """Read a lesson and split it into its parts, without its solutions.

    Parameters
    ----------
    path : Path
        An executed notebook of the course.

    Returns
    -------
    LessonContents

    Raises
    ------
    CourseError
        If the notebook is damaged, has no title, or has no stored outputs.
    """
    notebook = read(path)
    if not any(cell.get("outputs") for cell in notebook.cells):
        raise CourseError(f"{Path(path).name} has no outputs. Run it first, or run `make store`.")
    blocks = list(_blocks(notebook))
    title = next((b.text for b in blocks if b.kind == HEADING and b.level == 1), "")
    if not title:
        raise CourseError(f"{Path(path).name} has no title: its first cell needs a line `# ...`.")
    sections = _sections(blocks)
    opening = [block for block in sections[0].blocks if block.kind in (TEXT, LIST)]
    outcomes = next((points(block.text) for block in opening if block.kind == LIST), [])
    texts = [block.text for block in opening if block.kind == TEXT]
    return LessonContents(title, outcomes, texts, sections, _card_of(notebook))


def _explains(sentence: str) -> bool:
    return "$" in sentence and bool(_DEFINES.search(sentence))


def _words_around(before: Block | None, after: Block | None) -> tuple[str, str]:
    """Pick the sentences around a formula that explain its symbols."""
    said = sentences(before.text)[-3:] if before and before.kind == TEXT else []
    then = sentences(after.text)[:1] if after and after.kind == TEXT else []
    least = 2 if said and len(said[-1]) < 10 else 1  # "Then" alone would say nothing
    lead = [s for s in said[:-least] if _explains(s)] + said[-least:]
    follows = [s for s in then if _explains(s) and _FOLLOWS.match(s)]
    return " ".join(lead), " ".join(follows)


def formulas(lesson: LessonContents) -> list[Formula]:
    """List the displayed formulas of a lesson, with explanations of their symbols.

    Parameters
    ----------
    lesson : LessonContents
        The lesson, split into its parts.

    Returns
    -------
    list of Formula
        The formulas, in the order of the lesson.
    """
    found = []
    for section in lesson.sections:
        blocks = [part for block in section.blocks for part in _opened(block)]
        for place, block in enumerate(blocks):
            if block.kind == FORMULA:
                before = blocks[place - 1] if place else None
                after = blocks[place + 1] if place + 1 < len(blocks) else None
                found.append(Formula(block.text, section.title, *_words_around(before, after)))
    return found


def _opened(block: Block) -> list[Block]:
    """Split a task that contains a displayed formula; any other block stays whole."""
    pieces = _DISPLAY.split(block.text) if block.kind == TASK else []
    if len(pieces) < 2:
        return [block]
    return [Block(FORMULA if n % 2 else TEXT, p.strip()) for n, p in enumerate(pieces) if p.strip()]
