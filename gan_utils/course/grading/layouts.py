"""Find the owner of a file from its path in a plain folder or a Moodle or Canvas export."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?")
_CANVAS = re.compile(
    r"(?P<name>[^\W\d_][\w-]*?)_(?:LATE_)?(?P<number>\d+)_(?P<submission>\d+)_(?P<file>.+)"
)


class Owner(NamedTuple):
    """The person who handed in a file.

    Parameters
    ----------
    student : str
        The student's name, as given in the export.
    moodle : str
        The student's participant number in Moodle; empty if the file does not come from Moodle.
    """

    student: str
    moodle: str = ""


def printable(text: str) -> str:
    """Replace unprintable characters in a text, because they could control a terminal.

    Parameters
    ----------
    text : str
        A text, such as the name of a file.

    Returns
    -------
    str
        The text, with ``?`` in place of each unprintable character.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def owner_of(path: PurePosixPath, lessons: tuple[str, ...] = ()) -> Owner:
    """Find out from a file's path who handed it in.

    Parameters
    ----------
    path : PurePosixPath
        The path of the file, relative to the folder of the submissions.
    lessons : tuple of str
        The names of the lessons' files, without ``.ipynb``. If all files are in one folder, the
        name of a lesson is removed from a file name to find the student's name.

    Returns
    -------
    Owner
    """
    path = PurePosixPath(printable(str(path)))
    first = path.parts[0]
    if match := _MOODLE.match(first):
        return Owner(match["name"].strip(), match["number"])
    if len(path.parts) > 1:
        return Owner(first)
    if match := _CANVAS.fullmatch(path.stem):
        return Owner(match["name"])
    return Owner(_without_lesson(path.stem, lessons))


def _without_lesson(stem: str, lessons: tuple[str, ...]) -> str:
    for lesson in lessons:
        rest = stem.replace(lesson, "").strip(" _-.")
        if lesson in stem and rest:
            return rest
    return stem
