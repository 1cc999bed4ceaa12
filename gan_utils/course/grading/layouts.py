"""Find the owner of a file from its path in a plain folder or a Moodle or Canvas export."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?")
_CANVAS = re.compile(
    r"(?P<name>[^\W\d_][\w-]*?)_(?:LATE_)?(?P<number>\d+)_(?P<submission>\d+)_(?P<file>.+)"
)
#: Invisible characters inside words, as in Persian and Hindi.
_JOINERS = "\u200c\u200d"
#: What systems add to the name of a copy: "x (1)", "x - Copy", "x-Copy1", "Copy of x".
_COPY = re.compile(r"^copy[ _]of\b|(?: ?\(\d+\)|[ _-]+copy ?\d*)+$", re.IGNORECASE)
#: If a folder seems to have this many students in it, it holds the class, not one student's files.
LEAST_CLASS = 3


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
        The text, with ``?`` in place of each unprintable character. The spaces and joiners of other
        languages' names stay.
    """
    return "".join(letter if _is_harmless(letter) else "?" for letter in text)


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in _JOINERS or unicodedata.category(letter) == "Zs"


def owners_of(
    files: Mapping[PurePosixPath, set[str]], lessons: tuple[str, ...] = ()
) -> dict[PurePosixPath, Owner]:
    """Find out from the paths of all files who handed in each of them.

    Parameters
    ----------
    files : mapping of path to set of str
        The numbers of the lessons in each file, by the path of the file.
    lessons : tuple of str
        The names of the lessons' files; see `owner_of`.

    Returns
    -------
    dict of path to Owner
        The owners. A folder around the whole class, as in the ZIP file of a folder, is left out.
        Students of the same name are told apart by their number in Moodle or Canvas.
    """
    inside = _places_in_class(files, lessons)
    owners = {path: owner_of(place, lessons) for path, place in inside.items()}
    numbers = {path: owners[path].moodle or _canvas_number(inside[path]) for path in files}
    pairs = {(owner.student, numbers[path]) for path, owner in owners.items()}
    namesakes = Counter(student for student, _ in pairs)
    return {
        path: owner._replace(student=f"{owner.student} {numbers[path]}".strip())
        if namesakes[owner.student] > 1
        else owner
        for path, owner in owners.items()
    }


def _places_in_class(
    files: Mapping[PurePosixPath, set[str]], lessons: tuple[str, ...]
) -> dict[PurePosixPath, PurePosixPath]:
    """Leave out the folders around a class, if several students seem to have files in them."""
    places = {path: path for path in files}
    while _have_one_folder(places.values()):
        places = {path: PurePosixPath(*place.parts[1:]) for path, place in places.items()}
        if _is_class({places[path]: files[path] for path in files}, lessons):
            return places
    return {path: path for path in files}


def _have_one_folder(places: Iterable[PurePosixPath]) -> bool:
    tops = {place.parts[0] if len(place.parts) > 1 else "" for place in places}
    return len(tops) == 1 and "" not in tops and not _MOODLE.match(*tops)


def _is_class(files: Mapping[PurePosixPath, set[str]], lessons: tuple[str, ...]) -> bool:
    """Tell whether files seem to come from several students.

    One student may have several folders, but hardly three with the same lesson.
    """
    of_canvas = {owner_of(path) for path in files if _canvas_number(path)}
    if len(of_canvas) > 1 or any(_MOODLE.match(path.parts[0]) for path in files):
        return True
    handed_in = {
        (number, owner_of(path, lessons))
        for path, numbers in files.items()
        for number in numbers - {""}
        if len(path.parts) > 1 or _without_lesson(path.stem, lessons) != path.stem
    }
    return max(Counter(number for number, _ in handed_in).values(), default=0) >= LEAST_CLASS


def _canvas_number(path: PurePosixPath) -> str:
    match = _CANVAS.fullmatch(path.stem) if len(path.parts) == 1 else None
    return match["number"] if match else ""


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
        rest = _COPY.sub("", stem.replace(lesson, "")).strip(" _-.")
        if lesson in stem and rest:
            return rest
    return stem
