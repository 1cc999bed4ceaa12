"""Read a lesson's cells and exercises, and find the names that the exercises' checks read."""

import ast
import functools
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gan_utils.course import notebooks
from gan_utils.course.grading.inside.plan import Step
from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, CourseError, tags

#: A call of ``check`` in a cell, with the exercise's number.
ASKED = re.compile(r"\bcheck\(\s*[\"'](\d\d)\.(\d+)[\"']")
_LESSON = re.compile(r"\bdescribe_run\(\s*[\"'](\d\d)[\"']")

_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Exercise:
    """An exercise, with its cells and the names that its check reads.

    Parameters
    ----------
    number : str
        The exercise's number, such as ``"01.2"``.
    stub, solution : str
        The sources of the stub cell and of the solution cell.
    stub_id, solution_id : str
        The ids of these two cells.
    positional : tuple of str
        The names that the check takes by position.
    keywords : dict of str to str
        The name of the variable that is passed for each keyword of the check.
    """

    number: str
    stub: str
    solution: str
    stub_id: str
    solution_id: str
    positional: tuple[str, ...]
    keywords: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The names that the check reads."""
        return [*self.positional, *self.keywords.values()]


@dataclass(frozen=True)
class Lesson:
    """A notebook of the course, prepared for grading.

    Parameters
    ----------
    number, stem : str
        The lesson's number, such as ``"01"``, and its file name without ``.ipynb``, such as
        ``"01_iris_baselines"``.
    cells : list of (str, str)
        The id and the source of each code cell, without checks and solutions.
    exercises : list of Exercise
        The exercises, in order.
    digest : str
        A digest of the notebook, the checks and the grader. A stored result is valid as long as
        the digest stays the same.
    """

    number: str
    stem: str
    cells: list[tuple[str, str]]
    exercises: list[Exercise]
    digest: str

    def steps(self, answers: dict[str, list[str]]) -> list[Step]:
        """Replace the stubs with a student's cells.

        Parameters
        ----------
        answers : dict of str to list of str
            The sources of the student's cells by exercise number. Exercises without an answer are
            left out.

        Returns
        -------
        list of Step
        """
        exercises = {exercise.stub_id: exercise for exercise in self.exercises}
        found = []
        for cell_id, source in self.cells:
            exercise = exercises.get(cell_id)
            if exercise is None:
                found.append(Step([source]))
            elif exercise.number in answers:
                found.append(Step(answers[exercise.number], exercise.number, exercise.names))
        return found


def read_lesson(path: Path) -> Lesson:
    """Read one of the course's own notebooks.

    Parameters
    ----------
    path : Path
        The notebook, with its solutions.

    Returns
    -------
    Lesson

    Raises
    ------
    CourseError
        If one of the exercises is not complete.
    """
    code = [cell for cell in notebooks.read(path).cells if cell.cell_type == "code"]
    kinds = (EXERCISE, CHECK, SOLUTION)
    asked = [cell for cell in code if set(kinds) & set(tags(cell))]
    groups = [asked[i : i + 3] for i in range(0, len(asked), 3)]
    if any(not _is_exercise(group) for group in groups):
        raise CourseError(f"{path.name} has an exercise without a stub, a check and a solution.")
    plain = [c for c in code if not {CHECK, SOLUTION} & set(tags(c))]
    return Lesson(
        number=path.name[:2],
        stem=path.stem,
        cells=[(cell.id, cell.source) for cell in plain],
        exercises=[_exercise(*group) for group in groups],
        digest=_digest(path),
    )


def _is_exercise(group: Sequence) -> bool:
    kinds = (EXERCISE, CHECK, SOLUTION)
    return len(group) == 3 and all(k in tags(c) for k, c in zip(kinds, group, strict=True))


def _exercise(stub: notebooks.nbformat.NotebookNode, check: object, solution: object) -> Exercise:
    (call,) = (node for node in ast.walk(ast.parse(check.source)) if isinstance(node, ast.Call))
    return Exercise(
        number=call.args[0].value,
        stub=stub.source,
        solution=solution.source,
        stub_id=stub.id,
        solution_id=solution.id,
        positional=tuple(argument.id for argument in call.args[1:]),
        keywords={keyword.arg: keyword.value.id for keyword in call.keywords},
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + _digest_of_grader()).hexdigest()


@functools.cache
def _digest_of_grader() -> bytes:
    """Hash the code that determines the points; if it changes, earlier grades are not used."""
    course = _PACKAGE / "course"
    folders = (course / "exercises", course / "grading" / "inside")
    paths = sorted(path for folder in folders for path in folder.glob("*.py"))
    paths += [course / "grading" / f"{name}.py" for name in ("answers", "grader", "judge")]
    paths.append(_PACKAGE / "_support" / "builtin_names.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).digest()


def lesson_of(sources: Sequence[str], name: str) -> str:
    """Find out which lesson a submitted notebook belongs to.

    Parameters
    ----------
    sources : sequence of str
        The sources of the notebook's code cells.
    name : str
        The notebook's file name.

    Returns
    -------
    str
        The two digits of the lesson's number; empty if the lesson is unknown.
    """
    checks = [match[1] for source in sources for match in ASKED.finditer(source)]
    if checks:
        return max(sorted(set(checks)), key=checks.count)
    described = next((m[1] for source in sources if (m := _LESSON.search(source))), "")
    named = re.search(r"(?<!\d)(\d\d)_[a-z]", name)
    return described or (named[1] if named else "")
