"""Read common mistakes, and questions that reveal them, from ``docs/teaching/NN.md``.

Each of these files has the following form::

    # Lesson 01: its title

    ## Mistake: a short name

    **What they do.** ...

    **A question that shows it.** ...

    **A good answer.** ...

    ## If time is short

    ...

A file describes one or more mistakes. Each description has these three paragraphs, in this
order.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from gan_utils.course.notebooks import CourseError

FOLDER = "docs/teaching"

_PARTS = ("What they do", "A question that shows it", "A good answer")
_SHORT = "If time is short"
_SECTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    """A mistake that students often make, described in Markdown.

    Parameters
    ----------
    name : str
        A short name.
    what, question, answer : str
        The mistake itself, a question that reveals it, and a good answer.
    """

    name: str
    what: str
    question: str
    answer: str


@dataclass(frozen=True)
class TeachingNotes:
    """The teaching notes for a lesson.

    Parameters
    ----------
    mistakes : list of Mistake
        The common mistakes; there is at least one.
    if_time_is_short : str
        The parts of the lesson to leave out if time is short, in Markdown.
    """

    mistakes: list[Mistake]
    if_time_is_short: str


def read_teaching_notes(root: Path, number: str) -> TeachingNotes:
    """Read the teaching notes for a lesson.

    Parameters
    ----------
    root : Path
        The checkout.
    number : str
        The lesson's number, such as ``"01"``.

    Returns
    -------
    TeachingNotes

    Raises
    ------
    CourseError
        If the notes do not exist or have the wrong form; the message states what is missing.
    """
    name = f"{FOLDER}/{number}.md"
    try:
        text = (root / name).read_text(encoding="utf-8-sig")  # skips Notepad's byte order mark
    except OSError:
        raise CourseError(f"lesson {number} has no notes for teachers: write {name}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{name} is not encoded as UTF-8: save it again as UTF-8.") from None
    first, *parts = _SECTION.split(text)
    if not first.startswith(f"# Lesson {number}"):
        raise CourseError(f"{name} does not begin with '# Lesson {number}: ...'.")
    sections = list(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))
    mistakes = [_mistake(name, title, body) for title, body in sections if title != _SHORT]
    if not mistakes or not sections[-1][1] or sections[-1][0] != _SHORT:
        raise CourseError(f"{name} needs mistakes, and '## {_SHORT}' with its text at the end.")
    return TeachingNotes(mistakes, sections[-1][1])


def _mistake(page: str, title: str, body: str) -> Mistake:
    if not title.startswith("Mistake:"):
        raise CourseError(f"{page}: '## {title}' is neither a mistake nor '## {_SHORT}'.")
    begins = [f"**{part}.**" for part in _PARTS]
    form = r"(.+?)".join(map(re.escape, begins)) + "(.+)"
    found = re.fullmatch(form, body, re.DOTALL)
    texts = [text.strip() for text in found.groups()] if found else []
    if not all(texts) or not texts:
        missing = next((b for b in begins if b not in body), "a text in one of its parts")
        raise CourseError(f"{page}, '## {title}': {missing} is missing, or out of order.")
    return Mistake(title.removeprefix("Mistake:").strip(), *texts)
