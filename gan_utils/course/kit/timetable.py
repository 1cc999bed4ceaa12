"""Estimate from a notebook how long each section of the lesson takes in class."""

import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

from gan_utils.course.grading.lessons import ASKED
from gan_utils.course.kit.contents import tasks_of
from gan_utils.course.notebooks import (
    CHECK,
    EXERCISE,
    HEADLINE,
    NOT_COMPARED,
    QUIZ,
    SETUP,
    SOLUTION,
    tags,
)

#: Words that a student reads in a minute; minutes for a code cell, an exercise (its cell and its
#: check, as often as it takes) and a quiz; and the length of a class.
WORDS_A_MINUTE, CODE_CELL, AN_EXERCISE, A_QUIZ, CLASS = 180, 1.0, 6.0, 4.0, 90

OPENING, SLACK = "Opening and set-up", "Spare time: discussion, slow machines, a break"

_OPEN = re.compile(r"\bopen exercise\b", re.IGNORECASE)
_HEADING = re.compile(r"##[ \t]+(.+)")
_NOT_READ = re.compile(r"<[^>]*>|\]\([^)]*\)|[!\[\]#*_|`$]")


@dataclass
class Section:
    """A section of a lesson, from one second-level heading to the next.

    Parameters
    ----------
    title : str
        The heading of the section.
    words : int
        The number of words to read.
    code_cells, quizzes : int
        The numbers of code cells and of quizzes. The cells of exercises and quizzes do not count as
        code cells.
    exercises : list of str
        The numbers of the section's exercises, such as ``"01.2"``.
    computing : float
        The computing time, in minutes.
    open_exercises : list of str
        The numbers of the exercises that have no single answer.
    """

    title: str
    words: int = 0
    code_cells: int = 0
    quizzes: int = 0
    exercises: list[str] = field(default_factory=list)
    computing: float = 0.0
    open_exercises: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """The minutes that a student needs for this section."""
        work = CODE_CELL * self.code_cells + AN_EXERCISE * len(self.exercises)
        return self.words / WORDS_A_MINUTE + work + A_QUIZ * self.quizzes + self.computing


@dataclass(frozen=True)
class Slot:
    """A part of a class.

    Parameters
    ----------
    start, end : int
        The start and the end, in whole minutes since the class began.
    section : Section or None
        The section that is taught; None for the spare time at the end.
    """

    start: int
    end: int
    section: Section | None = None

    @property
    def title(self) -> str:
        """The section's title, or a description of the spare time."""
        return self.section.title if self.section else SLACK

    @property
    def clock(self) -> str:
        """The start and end of the slot, such as ``"0:12-0:21"``."""
        return "-".join(f"{time // 60}:{time % 60:02}" for time in (self.start, self.end))


def sections_of(notebook: NotebookNode, computing: float | None = None) -> list[Section]:
    """Split a lesson into its sections.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook with its solutions; no time is counted for the solutions.
    computing : float, optional
        The computing time of the whole lesson, in minutes. It is divided equally among the cells
        that may take a long time. These are the cells whose output depends on training, timing or
        the machine.

    Returns
    -------
    list of Section
        The sections in order; the part before the first heading is called `OPENING`.
    """
    sections, slow = [Section(OPENING)], []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _read(cell.source, sections)
        elif cell.cell_type == "code" and not {SOLUTION, CHECK} & set(tags(cell)):
            _count(cell, sections[-1])
            slow += [sections[-1]] * _may_take_long(cell)
        elif cell.cell_type == "code" and CHECK in tags(cell):
            sections[-1].exercises += [".".join(match) for match in ASKED.findall(cell.source)]
    _mark_open(sections, notebook)
    for section in slow:
        section.computing += (computing or 0.0) / len(slow)
    return sections


def _mark_open(sections: list[Section], notebook: NotebookNode) -> None:
    """Mark the exercises that are called open in their heading or in their first line."""
    tasks = tasks_of(notebook)
    for section in sections:
        is_open = _OPEN.search(section.title)
        called = [n for n in section.exercises if is_open or "(open)" in tasks.get(n, "")[:30]]
        section.open_exercises = called


def _read(text: str, sections: list[Section]) -> None:
    """Count words, and begin a section at each heading outside a block of code."""
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            sections.append(Section(heading[1].strip()))
        sections[-1].words += len(_NOT_READ.sub(" ", line).split())


def _count(cell: NotebookNode, section: Section) -> None:
    if QUIZ in tags(cell):
        section.quizzes += 1
    elif EXERCISE not in tags(cell):
        section.code_cells += 1


def _may_take_long(cell: NotebookNode) -> bool:
    return NOT_COMPARED in tags(cell) and not {SETUP, HEADLINE, QUIZ, EXERCISE} & set(tags(cell))


def timetable(sections: list[Section], minutes: int = CLASS) -> list[Slot]:
    """Compute the start and end of each section in a class.

    Parameters
    ----------
    sections : list of Section
        The sections, in order.
    minutes : int
        The length of the class, in minutes.

    Returns
    -------
    list of Slot
        The slots, in whole minutes and without gaps. If the sections take less time than the
        class, the last slot is spare time. If they take longer, there is no spare time.
    """
    slots, passed = [], 0.0
    for section in sections:
        start, passed = passed, passed + section.minutes
        slots.append(Slot(round(start), round(passed), section))
    end = round(passed)
    return slots + ([Slot(end, minutes)] if end < minutes else [])
