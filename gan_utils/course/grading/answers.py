"""Find a student's answers in a submitted notebook, even if cells have moved or lost their tags."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gan_utils.course.grading.lessons import ASKED, Exercise, Lesson

_DEFINES = re.compile(r"(?:async +)?(?:def|class) +(\w+)")
_TARGETS = re.compile(r"[\w\s,.()*:|\[\]'\"+-]*")


@dataclass(frozen=True)
class Cell:
    """A code cell of a submitted notebook."""

    id: str
    source: str


def answers_of(lesson: Lesson, cells: Sequence[Cell]) -> dict[str, list[str]]:
    """Find the cells that answer each exercise.

    A cell answers an exercise if it binds one of the names that the check reads, or has the id of
    the stub. New cells above such a cell, and new cells between it and the check, are included,
    because they may contain definitions that the answer needs. Cells that belong to the lesson are
    left out, even if the student has changed them.

    Parameters
    ----------
    lesson : Lesson
        The lesson as it was handed out.
    cells : sequence of Cell
        The submission's code cells, in order.

    Returns
    -------
    dict of str to list of str
        The sources of the cells by exercise number. Exercises with untouched stubs are left out.
    """
    parts = {exercise.number: _Parts() for exercise in lesson.exercises}
    added: list[str] = []
    for cell in _own_cells(lesson, cells):
        if number := _checked(cell):
            added = parts[number].end(added) if number in parts else added
            continue
        answered = _answered(lesson, cell)
        if not answered:
            added.append(cell.source)
        for exercise in answered:
            parts[exercise.number].add(exercise, cell, added)
        added = [] if answered else added
    return {number: sources for number, part in parts.items() if (sources := part.chosen())}


class _Parts:
    """The cells found for one exercise."""

    def __init__(self) -> None:
        self.own: list[str] = []
        self.copied: list[str] = []
        self.helpers: list[str] = []
        self.below: list[str] = []
        self.has_stub = False

    def add(self, exercise: Exercise, cell: Cell, helpers: Sequence[str]) -> None:
        self.helpers += helpers
        if same(cell.source, exercise.stub):
            self.has_stub = True
        elif same(cell.source, exercise.solution) and cell.id != exercise.stub_id:
            self.copied.append(cell.source)
        else:
            self.own.append(cell.source)

    def end(self, added: Sequence[str]) -> list[str]:
        """Take the new cells between an answer and its check; return those that are not taken."""
        if not self.own:
            return list(added)
        self.below += added
        return []

    def chosen(self) -> list[str]:
        """Return the student's own cells or, if there are none, a solution copied over the stub.

        The folded solution that was handed out does not count. A solution that was copied over the
        stub counts as an answer, even if an editor changed the cell ids.
        """
        answers = self.own or ([] if self.has_stub else self.copied)
        return [*self.helpers, *answers, *self.below] if answers else []


def _own_cells(lesson: Lesson, cells: Sequence[Cell]) -> Iterable[Cell]:
    """Leave out what the student was given: the lesson's cells and the folded solutions."""
    solutions = {exercise.solution_id: exercise.solution for exercise in lesson.exercises}
    stubs = {exercise.stub_id for exercise in lesson.exercises}
    given = {_plain(source) for key, source in lesson.cells if key not in stubs}
    ids = {key for key, _ in lesson.cells} - stubs
    return [
        cell
        for cell in cells
        if cell.source.strip()
        and cell.id not in ids
        and _plain(cell.source) not in given
        and not (cell.id in solutions and same(cell.source, solutions[cell.id]))
    ]


def _checked(cell: Cell) -> str:
    """Return the number of the exercise that a cell only checks; empty for any other cell."""
    match = ASKED.match(cell.source.strip())
    return f"{match[1]}.{match[2]}" if match and not bound_names(cell.source) else ""


def _answered(lesson: Lesson, cell: Cell) -> list[Exercise]:
    by_name = [e for e in lesson.exercises if _answered_by(e, cell.source)]
    return by_name or [e for e in lesson.exercises if e.stub_id == cell.id]


def _answered_by(exercise: Exercise, source: str) -> bool:
    return bool(set(exercise.names) & bound_names(source))


def bound_names(source: str) -> set[str]:
    """List the names that a cell binds at its top level, without parsing the student's code.

    Parameters
    ----------
    source : str
        The source of the cell.

    Returns
    -------
    set of str
        The names that are bound in lines such as ``def f(x):`` and ``a, b = 1, 2``.
    """
    found: set[str] = set()
    for line in source.splitlines():
        if match := _DEFINES.match(line):
            found.add(match[1])
        head, equals, tail = line[:300].partition("=")
        if (
            equals
            and tail[:1] != "="
            and _TARGETS.fullmatch(head)
            and not re.match(r"\s|.*\w\(", head)
        ):
            found |= set(re.findall(r"[A-Za-z_]\w*", head))
    return found


def same(source: str, other: str) -> bool:
    """Tell whether two cells are equal, apart from trailing spaces and surrounding blank lines.

    Parameters
    ----------
    source, other : str
        The sources of the two cells.

    Returns
    -------
    bool
    """
    return _plain(source) == _plain(other)


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
