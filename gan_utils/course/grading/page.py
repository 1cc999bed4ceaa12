"""Write an HTML page with a class's grades, the hardest exercise and its most common hint."""

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.exercises import NOT_YET, UNTOUCHED
from gan_utils.course.grading.grader import Grade

_STYLE = """
body { font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; margin: 1em 0 2em; }
th, td { border-bottom: 1px solid #ccc; padding: 0.3em 0.6em; text-align: left; }
td.n, th.n { text-align: right; }
.hardest { background: #fff3d6; padding: 0.6em 1em; border-left: 4px solid #e69f00; }
"""


@dataclass(frozen=True)
class ExerciseSummary:
    """The results of a class for one exercise.

    Parameters
    ----------
    exercise : str
        The exercise's number.
    n_students, n_done, n_untouched : int
        The numbers of students who handed in the lesson, who got the exercise right, and who did
        not attempt it.
    hint : str
        The most common hint; empty if nobody got a hint.
    n_hint : int
        The number of students who got this hint.
    """

    exercise: str
    n_students: int
    n_done: int
    n_untouched: int
    hint: str
    n_hint: int

    @property
    def share(self) -> float:
        """The fraction of students who got the exercise right."""
        return self.n_done / self.n_students


def summarize(grades: Sequence[Grade]) -> list[ExerciseSummary]:
    """Summarize a class by exercise.

    Parameters
    ----------
    grades : sequence of Grade
        All grades; grades without an exercise are left out.

    Returns
    -------
    list of ExerciseSummary
        The summaries, in the order of the exercise numbers.
    """
    numbers = sorted({grade.exercise for grade in grades if grade.exercise})
    return [_summary(number, [g for g in grades if g.exercise == number]) for number in numbers]


def _summary(number: str, grades: list[Grade]) -> ExerciseSummary:
    start = f"{NOT_YET}: "
    hints = Counter(g.message.removeprefix(start) for g in grades if g.message.startswith(start))
    hint, n_hint = hints.most_common(1)[0] if hints else ("", 0)
    n_done, n_untouched = (
        sum(g.points > 0 for g in grades),
        sum(g.message == UNTOUCHED for g in grades),
    )
    return ExerciseSummary(number, len(grades), n_done, n_untouched, hint, n_hint)


def hardest(summaries: Sequence[ExerciseSummary]) -> ExerciseSummary | None:
    """Find the attempted exercise that the smallest fraction of the class got right.

    Parameters
    ----------
    summaries : sequence of ExerciseSummary

    Returns
    -------
    ExerciseSummary or None
        The hardest exercise. If there is a tie, it is the exercise that the fewest students left
        untouched. If the whole class got every attempted exercise right, it is None.
    """
    open_ones = [s for s in summaries if s.share < 1 and s.n_untouched < s.n_students]
    return min(open_ones, key=lambda s: (s.share, s.n_untouched, s.exercise), default=None)


def in_words(summary: ExerciseSummary | None) -> str:
    """Describe the hardest exercise and its most common hint.

    Parameters
    ----------
    summary : ExerciseSummary or None
        The result of `hardest`.

    Returns
    -------
    str
        One line.
    """
    if summary is None:
        return "Nobody has missed an exercise that was tried."
    line = f"Hardest: {summary.exercise}, done by {summary.n_done} of {summary.n_students}"
    if not summary.hint:
        return f"{line}; nobody got a hint"
    return f"{line}. Commonest hint ({summary.n_hint} times): {summary.hint}"


def write_page(path: Path, grades: Sequence[Grade], notes: Sequence[str] = ()) -> None:
    """Write the page with the grades to a single HTML file that works offline.

    Parameters
    ----------
    path : Path
        The HTML file to write.
    grades : sequence of Grade
        All grades.
    notes : sequence of str
        Notes for the teacher.
    """
    summaries = summarize(grades)
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>Grades</title><style>{_STYLE}</style>',
        "</head><body><h1>Grades</h1>",
        f'<p class="hardest">{html.escape(in_words(hardest(summaries)))}</p>',
        "<h2>By exercise</h2>",
        _table(_BY_EXERCISE, [_exercise_row(summary) for summary in summaries]),
        "<h2>By student</h2>",
        _table(_BY_STUDENT, [[g.student, g.exercise, g.points, g.told] for g in grades]),
        "<h2>Notes</h2>" if notes else "",
        *(f"<p>{html.escape(note)}</p>" for note in notes),
        "</body></html>",
    ]
    write_text(path, "\n".join(parts) + "\n")


_BY_EXERCISE = ("exercise", "done", "share", "not attempted", "commonest hint")
_BY_STUDENT = ("student", "exercise", "points", "message")


def _exercise_row(summary: ExerciseSummary) -> list:
    hint = f"{summary.hint} ({summary.n_hint})" if summary.hint else ""
    done = f"{summary.n_done} of {summary.n_students}"
    return [summary.exercise, done, f"{summary.share:.0%}", summary.n_untouched, hint]


def _table(names: Sequence[str], rows: Sequence[Sequence]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = ("".join(f"<td>{html.escape(str(value))}</td>" for value in row) for row in rows)
    lines = "\n".join(f"<tr>{row}</tr>" for row in body)
    return f"<table>\n<tr>{head}</tr>\n{lines}\n</table>"
