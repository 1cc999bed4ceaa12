"""Write the grades to a table with one row per exercise, or to a worksheet for Moodle.

References
----------
Moodle's importer of offline grading worksheets, mod/assign/feedback/offline/importgradeslib.php,
https://github.com/moodle/moodle.
"""

import csv
import datetime
import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course.grading.grader import POINTS, Grade
from gan_utils.course.notebooks import CourseError

COLUMNS = ("student", "exercise", "points", "message")
#: The columns of Moodle's offline grading worksheet. Moodle finds the participant by the first
#: column, and needs the time of grading: a row with an older time does not replace a grade.
MOODLE = (
    "Identifier",
    "Full name",
    "Grade",
    "Maximum Grade",
    "Last modified (grade)",
    "Feedback comments",
)
#: The maximum grade of an assignment in Moodle, unless the teacher has changed it.
MAXIMUM = 100

#: A spreadsheet treats a cell that starts with one of these characters as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(path: Path, grades: Sequence[Grade], form: str = "csv") -> None:
    """Write the table of grades atomically.

    Parameters
    ----------
    path : Path
        The CSV file to write.
    grades : sequence of Grade
        The grades to write.
    form : {"csv", "moodle"}
        The form of the table: ``"csv"`` for one row per exercise, ``"moodle"`` for one row per
        student.
    """
    rows = _moodle_rows(grades) if form == "moodle" else list(map(_row, grades))
    columns = MOODLE if form == "moodle" else COLUMNS
    text = io.StringIO()
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)
    write_text(path, text.getvalue())


def check_moodle(grades: Iterable[Grade] | Iterable) -> None:
    """Make sure that every student has a Moodle number.

    Parameters
    ----------
    grades : iterable
        Objects with the attributes ``student`` and ``moodle``.

    Raises
    ------
    CourseError
        If a student has no Moodle number.
    """
    for grade in grades:
        if not grade.moodle:
            raise CourseError(
                f"{grade.student} has no Moodle number, which --format moodle needs: unpack "
                "Moodle's download of all submissions as it is (Name_ID_assignsubmission_file)."
            )


def _row(grade: Grade) -> dict:
    return {**vars(grade), "message": grade.told}


def _moodle_rows(grades: Sequence[Grade]) -> list[dict]:
    of_each: dict[tuple[str, str], list[Grade]] = {}
    for grade in grades:
        of_each.setdefault((grade.moodle, grade.student), []).append(grade)
    most = max(len({grade.exercise for grade in grades if grade.exercise}), 1) * POINTS
    now = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    return [
        {
            "Identifier": f"Participant {number}",
            "Full name": student,
            "Grade": f"{MAXIMUM * sum(grade.points for grade in own) / most:.2f}",
            "Maximum Grade": f"{MAXIMUM:.2f}",
            "Last modified (grade)": now,
            "Feedback comments": html.escape("; ".join(map(_told, own)), quote=False),
        }
        for (number, student), own in of_each.items()
    ]


def _told(grade: Grade) -> str:
    return f"{grade.exercise} {grade.told}".strip()


def check_out(path: Path, students: set[str]) -> None:
    """Make sure that writing a table does not overwrite another table.

    Parameters
    ----------
    path : Path
        The file to write.
    students : set of str
        The students of this class.

    Raises
    ------
    CourseError
        If ``path`` is a folder, ends in ``.html`` or ``.journal``, cannot be written to, or
        contains anything other than the grades of this class.
    """
    if path.suffix in {".html", ".journal"}:
        raise CourseError(f"{path} has the ending of another file. Name a .csv file.")
    if path.is_dir():
        raise CourseError(f"{path} is a folder. Name a file, such as grades.csv.")
    if path.exists():
        others = _students_in(path) - {str(_harmless(student)) for student in students}
        if others:
            raise CourseError(
                f"{path} has grades of {sorted(others)[0]}, who is not in this folder. "
                "Give --out another name, or delete the file."
            )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path.with_name(f".{path.name}.try"), "")
        path.with_name(f".{path.name}.try").unlink()
    except OSError as fault:
        raise CourseError(f"{path.parent} cannot be written to: {fault.strerror}.") from fault


def _students_in(path: Path) -> set[str]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (UnicodeDecodeError, csv.Error):
        rows = [{}]
    column = next((c for c in ("student", "Full name") if rows and c in rows[0]), None)
    if rows and column is None:
        raise CourseError(f"{path} is no table of grades. Give --out another name.")
    return {row[column] for row in rows}


def _harmless(value: object) -> object:
    text = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if text else value
