"""Write a page with the plan of a class: its timetable, exercises and common mistakes."""

import ast
import html
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from gan_utils._support.files import write_text
from gan_utils.course.kit import timetable as times
from gan_utils.course.kit.contents import tasks_of
from gan_utils.course.kit.markdown import inline_html, markdown_to_html
from gan_utils.course.kit.notes import Mistake, TeachingNotes
from gan_utils.course.kit.timetable import Section, Slot
from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, CourseError, tags
from gan_utils.course.report import title_of

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ border-bottom: 1px solid #bbb; padding: 0.3em 0.6em; text-align: left }}
td.n, th.n {{ text-align: right; white-space: nowrap }}
tr.slack {{ background: #eee }}
pre, code {{ background: #f4f4f4 }}
pre {{ padding: 0.6em; overflow: auto }}
details {{ margin: 0.4em 0 }}
</style></head><body>
"""

_HOW = (
    f"Estimated from the notebook: reading at {times.WORDS_A_MINUTE} words a minute, "
    f"{times.CODE_CELL:g} minute for a code cell, {times.AN_EXERCISE:g} for an exercise, "
    f"{times.A_QUIZ:g} for a quiz, plus the computing time, divided equally among the cells that "
    "depend on training, timing or the machine. Discussion takes longer, and so do open exercises: "
    "give them as homework, or allow 20 minutes. "
    "Skipped cells must still be run: later ones use their results."
)


def page(title: str, body: str) -> str:
    """Wrap a body in an HTML page that works offline.

    Parameters
    ----------
    title, body : str
        The title as text, and the body as HTML.

    Returns
    -------
    str
        HTML.
    """
    return _HEAD.format(title=html.escape(title)) + body + "\n</body></html>\n"


def write_plan(
    notebook: NotebookNode, path: Path, notes: TeachingNotes, computing: float | None = None
) -> None:
    """Write the plan for a class on one lesson.

    Parameters
    ----------
    notebook : NotebookNode
        The lesson, with its solutions.
    path : Path
        The page to write.
    notes : TeachingNotes
        The common mistakes, and what to leave out if time is short.
    computing : float, optional
        The computing time of the lesson, in minutes.
    """
    slots = times.timetable(times.sections_of(notebook, computing))
    title = title_of(notebook)
    parts = [
        f"<h1>{inline_html(title)}</h1>",
        f"<h2>Plan for {times.CLASS} minutes</h2>",
        *_too_long(slots),
        _clock(slots),
        f"<p>{_HOW}</p>",
        f"<h2>If time is short</h2>{markdown_to_html(notes.if_time_is_short)}",
        "<h2>Exercises</h2>",
        *_exercises(notebook),
        "<h2>What students usually get wrong</h2>",
        *map(_mistake, notes.mistakes),
    ]
    write_text(path, page(f"Plan: {title}", "\n".join(parts)))


def _too_long(slots: Sequence[Slot]) -> list[str]:
    over = slots[-1].end - times.CLASS
    return [f"<p><b>{over} minutes too long</b>: see “If time is short”.</p>"] if over > 0 else []


def _clock(slots: Sequence[Slot]) -> str:
    head = '<tr><th>time</th><th class="n">min</th><th>section</th><th>contents</th></tr>'
    rows = [
        f'<tr{"" if slot.section else " class=slack"}><td class="n">{slot.clock}</td>'
        f'<td class="n">{slot.end - slot.start}</td><td>{inline_html(slot.title)}</td>'
        f"<td>{_contents(slot.section) if slot.section else ''}</td></tr>"
        for slot in slots
    ]
    return "<table>" + "\n".join([head, *rows]) + "</table>"


def _contents(section: Section) -> str:
    parts = [
        f"{section.words} words" if section.words else "",
        _count(section.code_cells, "code cell"),
        *(_exercise(number, section) for number in section.exercises),
        _count(section.quizzes, "quiz"),
        f"{section.computing:.1f} min of computing" if section.computing >= 0.05 else "",
    ]
    return ", ".join(filter(None, parts))


def _exercise(number: str, section: Section) -> str:
    is_open = number in section.open_exercises
    return f"<b>exercise {number}</b>{' (open: homework, or 20 minutes)' if is_open else ''}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number > 1)}" if number else ""


def _exercises(notebook: NotebookNode) -> list[str]:
    """Show the name, the task, the check and the folded solution of each exercise."""
    tasks = tasks_of(notebook)
    asked = [c for c in notebook.cells if {EXERCISE, CHECK, SOLUTION} & set(tags(c))]
    checks = [cell for cell in asked if CHECK in tags(cell)]
    solutions = [cell for cell in asked if SOLUTION in tags(cell)]
    return [
        f"<h3>{_check_name(check.source)}</h3>{_task(tasks, check)}"
        f"<p>Check: <code>{html.escape(check.source)}</code></p>"
        f"<details><summary>Solution</summary><pre>{html.escape(solution.source)}</pre></details>"
        for check, solution in zip(checks, solutions, strict=True)
    ]


def _task(tasks: dict[str, str], check: NotebookNode) -> str:
    return markdown_to_html(tasks.get(_called(check.source)[0], ""))


def _check_name(source: str) -> str:
    """Name the exercise and the variables that the student passes to the check."""
    told, names = _called(source)
    handed = ", ".join(f"<code>{html.escape(ast.unparse(name))}</code>" for name in names)
    return f"Exercise {html.escape(told)}: {handed}"


def _called(source: str) -> tuple[str, list[ast.expr]]:
    """Return the number of a check's exercise, and the arguments of the check."""
    try:
        # The walk goes from the outside to the inside, so calls in arguments come later.
        call = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
        number, *names = [*call.args, *(keyword.value for keyword in call.keywords)]
        return str(ast.literal_eval(number)), names
    except (SyntaxError, StopIteration, ValueError):
        form = 'check("01.2", answer)'
        raise CourseError(f"the check {source[:60]!r} has not the form {form}.") from None


def _mistake(mistake: Mistake) -> str:
    name = mistake.name[:1].upper() + mistake.name[1:]
    asked = f"**Ask:** {mistake.question}"
    answer = f"**A good answer:** {mistake.answer}"
    return f"<h3>Mistake: {inline_html(name)}</h3>" + "".join(
        map(markdown_to_html, (mistake.what, asked, answer))
    )
