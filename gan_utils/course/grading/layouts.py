"""Tell from a path who handed in a file, in plain folders and in exports of Moodle and Canvas."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?")
_CANVAS = re.compile(
    r"(?P<name>[^\W\d_][\w-]*?)_(?:LATE_)?(?P<number>\d+)_(?P<submission>\d+)_(?P<file>.+)"
)


class Owner(NamedTuple):
    """Who handed a file in.

    Parameters
    ----------
    student : str
        The name, as in the export.
    moodle : str
        Moodle's number for the participant; empty elsewhere.
    """

    student: str
    moodle: str = ""


def printable(text: str) -> str:
    """Replace unprintable characters, which could control a terminal, in a stranger's text.

    Parameters
    ----------
    text : str
        Such as the name of a file.

    Returns
    -------
    str
        Equally long, with ``?`` for each such character.
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def owner_of(path: PurePosixPath, lessons: tuple[str, ...] = ()) -> Owner:
    """Tell from a file's path whose file it is.

    Parameters
    ----------
    path : PurePosixPath
        Below the folder of the submissions.
    lessons : tuple of str
        Names of the lessons' files without ``.ipynb``; in one folder for all students, such a part
        of a file name is not the student's name.

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
