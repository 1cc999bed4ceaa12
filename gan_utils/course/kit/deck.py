"""Choose the slides of a lesson, and the speaker's notes for each slide, by fixed rules."""

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gan_utils.course.kit.choices import (
    MOST_LETTERS,
    QUESTION,
    cells_with_models,
    definitions,
    is_plain,
    key_sentences,
    pages_of_code,
    pictures_of,
    with_labels,
)
from gan_utils.course.kit.contents import (
    CELL,
    FENCE,
    FORMULA,
    LIST,
    TABLE,
    TASK,
    TEXT,
    Block,
    Formula,
    LessonContents,
    LessonSection,
    formulas,
    points,
    sentences,
)
from gan_utils.course.kit.cutting import CARD_TITLE, Slide, shortened
from gan_utils.course.kit.discussed import result_of, tables_of
from gan_utils.course.notebooks import EXERCISE, HEADLINE, tags

#: The minutes for an exercise, as estimated in CONTRIBUTING.md.
_MINUTES_OF_EXERCISE = 6
_LEFT_OUT = ("Quiz", "References")
_LISTED = ("Recap", "What can go wrong")


def slides_of(lesson: LessonContents) -> list[Slide]:
    """Choose the slides of a lesson.

    Parameters
    ----------
    lesson : LessonContents
        The lesson, split into its parts.

    Returns
    -------
    list of Slide
        A title slide, slides for each section, the main results and the recap. The slides of a
        section show its key sentences, formulas, pictures, networks, training steps and exercises,
        and the tables that the text discusses. In a section without pictures, the first table is
        shown even if the text does not discuss it.
    """
    told = {(formula.section, formula.latex): formula for formula in formulas(lesson)}
    deck = [_title_slide(lesson)]
    shown = cells_with_models(lesson)
    for section in lesson.sections:
        if section.title in _LISTED:
            deck += _listed(section)
        elif not section.title.startswith(_LEFT_OUT):
            _Walk(section, lesson, told, shown, deck).go()
    _share_opening(deck)
    return shortened(deck)


def _share_opening(deck: list[Slide]) -> None:
    """Move the first paragraph to the opening's picture if this picture would have no notes."""
    title, *rest = deck
    if rest and rest[0].kind == "picture" and title.said and not rest[0].said:
        title.hand_over(title.said[0], rest[0])


def deck_of(slides: list[Slide], title: str) -> NotebookNode:
    """Put slides into a notebook with nbconvert's metadata for slides.

    Parameters
    ----------
    slides : list of Slide
        The slides, in order.
    title : str
        The title of the deck.

    Returns
    -------
    NotebookNode
        A notebook in which the first cell of each slide has the ``slide_type`` ``slide``, and the
        last cell of each slide has the ``slide_type`` ``notes``.
    """
    cells = []
    for slide in slides:
        head = new_markdown_cell(f"## {slide.title}")
        head.metadata.update(kind=slide.kind, parent=slide.parent)
        about = f"**About {max(1, round(slide.minutes))} min.**"
        notes = new_markdown_cell("\n\n".join([about, *slide.said]))
        head.metadata["slideshow"] = {"slide_type": "slide"}
        notes.metadata["slideshow"] = {"slide_type": "notes"}
        cells += [head, *slide.cells, notes]
    for number, cell in enumerate(cells):
        cell["id"] = f"s{number}"  # nbformat's ids are random, but the file must not be random
    return new_notebook(cells=cells, metadata={"title": title})


def _shown(text: str, kind: str, **more: object) -> NotebookNode:
    cell = new_markdown_cell(text)
    cell.metadata.update(kind=kind, **more)
    return cell


def _broken(latex: str) -> str:
    """Allow line breaks at a formula's wide spaces, unless the spaces are inside braces."""
    parts = [part.strip() for part in latex.split(r"\qquad") if part.strip()]
    whole = any(part.count("{") != part.count("}") for part in parts)
    return " ".join(f"$${part}$$" for part in ([latex] if whole else parts))


def _bullets(texts: list[str]) -> NotebookNode:
    return _shown("\n".join(f"- {text}" for text in texts), "points")


def _title_slide(lesson: LessonContents) -> Slide:
    slide = Slide(lesson.title, "title")
    listed = "\n".join(f"{n}. {text}" for n, text in enumerate(lesson.outcomes, 1))
    if listed:
        lead = _shown("After this lesson you will be able to", "lead")
        slide.cells = [lead, _shown(listed, "points")]
    for text in lesson.opening:
        slide.tell(text)
    return slide


def _listed(section: LessonSection) -> list[Slide]:
    """Make a slide of a closing list, with the first sentences of each point."""
    slide = Slide(section.title, "closing")
    texts = [
        point for block in section.blocks if block.kind == LIST for point in points(block.text)
    ]
    slide.cells = [_bullets([" ".join(with_labels(sentences(text))[:2]) for text in texts])]
    for block in section.blocks:
        slide.tell(block.text)
    return [slide] if texts else []


@dataclass
class _Walk:
    """A walk through one section that adds its slides to the deck."""

    section: LessonSection
    lesson: LessonContents
    told: dict[tuple[str, str], Formula]
    models: set[int]
    deck: list[Slide]
    #: The speaker's notes from before the first slide of the section.
    early: list[str] = field(default_factory=list)

    def go(self) -> None:
        start = len(self.deck)
        if self.section.title:
            self._open()
        for place, block in enumerate(self.section.blocks):
            if block.kind == FORMULA:
                self._formula(place)
            elif block.kind == TASK:
                self._task(place)
            elif block.kind == CELL:
                self._cell(place)
            elif self.section.title:
                self._text(block, len(self.deck) > start)
        for text in self.early:
            self.deck[-1].tell(text)

    def _add(self, kind: str, *cells: NotebookNode, title: str = "") -> Slide:
        opening = self.lesson.title.partition(": ")[2]
        name = title or self.section.title or opening[:1].upper() + opening[1:]
        self.deck.append(Slide(name, kind, self.section.parent, list(cells)))
        for text in self.early:
            self.deck[-1].tell(text)
        self.early = []
        return self.deck[-1]

    def _told(self, place: int) -> Formula:
        return self.told[self.section.title, self.section.blocks[place].text]

    def _open(self) -> None:
        blocks = self.section.blocks
        stop = next((i for i, b in enumerate(blocks) if b.kind in (CELL, TASK)), len(blocks))
        first = next((i for i, b in enumerate(blocks[:stop]) if b.kind == FORMULA), stop)
        # A formula's own slide shows the sentences that lead to it.
        used = self._told(first).before if first < stop else ""
        if found := key_sentences(blocks[:first], used):
            self._add("section", _bullets(found))

    def _text(self, block: Block, begun: bool) -> None:
        if block.kind == TABLE and len(block.text.splitlines()) <= 12:
            self._add("table", _shown(block.text, "table"))
        elif block.kind == FENCE:
            code = re.sub(r"^```.*$", "", block.text, flags=re.MULTILINE).strip("\n")
            for page in pages_of_code([code] if code.strip() else []):
                self._add("model", _code_cell(page))
        elif begun:
            self.deck[-1].tell(block.text)
        else:
            self.early.append(block.text)

    def _formula(self, place: int) -> None:
        before = self.section.blocks[place - 1] if place else None
        formula = self._told(place)
        cell = _shown(_broken(formula.latex), "formula")
        after = [_shown(formula.after, "said")] if formula.after else []
        if before and before.kind == FORMULA and self.deck[-1].kind == "formula":
            self.deck[-1].cells += [cell, *after]
        else:
            lead = [_shown(formula.before, "said")] if formula.before else []
            self._add("formula", *lead, cell, *after)

    def _task(self, place: int) -> None:
        text = self.section.blocks[place].text
        number = re.search(r"Exercise (\d\d\.\d)", text)
        slide = self._add("task", _shown(text, "task"), title=f"Your turn: exercise {number[1]}")
        slide.minutes = _MINUTES_OF_EXERCISE

    def _cell(self, place: int) -> None:
        cell = self.section.blocks[place].cell
        if EXERCISE in tags(cell):
            self._stub(cell)
        elif HEADLINE in tags(cell) and self.lesson.card:
            self._card()
        elif is_plain(cell):
            self._work(place, cell)

    def _stub(self, cell: NotebookNode) -> None:
        lines = [s for s in cell.source.splitlines() if s.strip() and not s.startswith("from ")]
        if self.deck[-1].kind == "task" and 0 < len(lines) <= 8:
            self.deck[-1].cells.append(_code_cell("\n".join(lines)))

    def _card(self) -> None:
        rows = [["measure", "mean", "range", "runs"], ["---"] * 4, *self.lesson.card]
        text = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        self._add("table", _shown(text, "table"), title=CARD_TITLE)

    def _work(self, place: int, cell: NotebookNode) -> None:
        """Show a cell's pictures, model and table, if there are any, and count its time."""
        before = len(self.deck)
        for output in pictures_of(cell):
            self._add("picture", *self._look(place), _output_cell(output, "picture"))
            self.deck[-1].cells += self._seen(place)
        if id(cell) in self.models:
            for code in pages_of_code(definitions(cell.source)):
                self._add("model", _code_cell(code))
        self._table(place, cell)
        self.deck[min(before, len(self.deck) - 1)].minutes += 1

    def _table(self, place: int, cell: NotebookNode) -> None:
        """Show the table that the text discusses most, or another table if one is needed."""
        output, times = result_of(self.section.blocks, place)
        others = tables_of(cell) if id(cell) not in self.models else []
        if output is None and others and "<table" in others[0].data["text/html"]:
            output = others[0] if self._wants_table() else None
        if output is not None and self.section.title:
            slide = self._add("table", *self._look(place), _output_cell(output, "table"))
            slide.cells += self._seen(place)
            slide.worth = times

    def _wants_table(self) -> bool:
        """Tell whether the section has no pictures and has no table on a slide so far."""
        cells = [block.cell for block in self.section.blocks if block.kind == CELL]
        has_picture = any(pictures_of(cell) for cell in cells)
        shown = any(s.kind == "table" and s.title == self.section.title for s in self.deck)
        return bool(self.section.title) and not has_picture and not shown

    def _look(self, place: int) -> list[NotebookNode]:
        """Find the question that is asked before a cell."""
        block = self.section.blocks[place - 1] if place else None
        said = sentences(block.text) if block and block.kind == TEXT else []
        asked = [s for s in said if QUESTION.search(s) and len(s) <= MOST_LETTERS]
        return [_shown(asked[-1], "look")] if asked else []

    def _seen(self, place: int) -> list[NotebookNode]:
        """Show the first sentence after a cell on a click, unless it is too long or a question."""
        blocks = self.section.blocks[place + 1 : place + 2]
        paragraph = blocks[0].text if blocks and blocks[0].kind == TEXT else ""
        said = with_labels(sentences(paragraph))
        text = said[0] if said else ""
        if not text or len(text) > MOST_LETTERS or text.endswith((":", "?*", "?")):
            return []
        cell = _shown(text, "seen")
        cell.metadata["slideshow"] = {"slide_type": "fragment"}
        return [cell]


def _output_cell(output: NotebookNode, kind: str) -> NotebookNode:
    cell = new_code_cell("", outputs=[output])
    cell.metadata.update(kind=kind)
    return cell


def _code_cell(code: str) -> NotebookNode:
    """Make a cell that shows code in a size at which the code fits."""
    lines = code.splitlines()
    size = min(22.0, 1136 / (0.61 * max(map(len, lines))), 540 / (1.32 * len(lines)))
    cell = new_code_cell(code)
    cell.metadata.update(kind="code", size=round(size, 1))
    return cell
