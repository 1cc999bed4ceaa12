"""Write the teacher's folder with solved lessons, plans, slides, handouts and a page of links."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from gan_utils._support.files import write_text
from gan_utils.course import notebooks
from gan_utils.course.editions import refuse_incomplete_exercises, solved_edition
from gan_utils.course.kit.contents import take_apart
from gan_utils.course.kit.handout import write_handout
from gan_utils.course.kit.notes import read_teaching_notes
from gan_utils.course.kit.overview import LessonLinks, overview_page
from gan_utils.course.kit.placing import WrittenFolder, replacing_folder
from gan_utils.course.kit.plan import write_plan
from gan_utils.course.kit.slides import write_slides
from gan_utils.course.notebooks import CourseError
from gan_utils.course.runner import expected_seconds


@dataclass(frozen=True)
class TaughtLesson:
    """A lesson that is passed to the functions that write its files.

    Parameters
    ----------
    root, path : Path
        The checkout, and the path of the notebook.
    notebook : NotebookNode
        The content of the notebook, with solutions and stored outputs.
    """

    root: Path
    path: Path
    notebook: NotebookNode

    @property
    def number(self) -> str:
        """The lesson's number, such as ``"01"``."""
        return self.path.name[:2]


@dataclass(frozen=True)
class FileWriter:
    """One kind of file that a teacher gets for each lesson.

    Parameters
    ----------
    folder, name : str
        The folder and the name of the file; the name may contain ``{number}`` and ``{stem}``.
    label : str
        The text of the link to the file on the overview page.
    write : callable
        A function that takes the lesson and the path of the file, and writes the file.
    """

    folder: str
    name: str
    label: str
    write: Callable[[TaughtLesson, Path], None]

    def place(self, lesson: TaughtLesson) -> str:
        """Return the file's path in the teacher's folder.

        Parameters
        ----------
        lesson : TaughtLesson
            The lesson that the file belongs to.

        Returns
        -------
        str
        """
        name = self.name.format(number=lesson.number, stem=lesson.path.stem)
        return f"{self.folder}/{name}"


def _write_solved(lesson: TaughtLesson, path: Path) -> None:
    notebooks.write(solved_edition(lesson.notebook), path)


def _write_plan(lesson: TaughtLesson, path: Path) -> None:
    seconds = expected_seconds(lesson.path, "classroom")
    notes = read_teaching_notes(lesson.root, lesson.number)
    write_plan(lesson.notebook, path, notes, None if seconds is None else seconds / 60)


def _write_slides(lesson: TaughtLesson, path: Path) -> None:
    write_slides(lesson.path, path)


def _write_handout(lesson: TaughtLesson, path: Path) -> None:
    write_handout(lesson.path, path)


#: What a teacher gets for each lesson.
WRITERS = (
    FileWriter("plan", "{number}.html", "lesson plan", _write_plan),
    FileWriter("slides", "{number}.html", "slides", _write_slides),
    FileWriter("handouts", "{number}.pdf", "handout", _write_handout),
    FileWriter("notebooks", "{stem}.ipynb", "solved notebook", _write_solved),
)


def write_teacher_folder(
    root: Path, output: Path, only: Sequence[str] | None = None
) -> WrittenFolder:
    """Write everything that a teacher needs into one folder.

    Parameters
    ----------
    root : Path
        The checkout.
    output : Path
        The folder to write. A folder that this command wrote earlier is replaced. If somebody has
        worked in that folder, it is renamed instead of being deleted.
    only : sequence of str, optional
        Prefixes of the names of the notebooks to include; by default, all are included.

    Returns
    -------
    WrittenFolder

    Raises
    ------
    CourseError
        If a lesson has no notes for teachers, if an exercise is not complete, or if ``output``
        contains something that this command did not write.
    """
    paths = notebooks.find_notebooks(root, only)
    _refuse_names(paths)
    lessons = [TaughtLesson(root, path, notebooks.read(path)) for path in paths]
    for lesson in lessons:  # check all lessons first, because writing takes longer
        refuse_incomplete_exercises(lesson.notebook, lesson.path.name)
        read_teaching_notes(root, lesson.number)
    with replacing_folder(output, "teacher", root) as draft:
        for lesson in lessons:
            for writer in WRITERS:
                _write(writer, lesson, draft.path / writer.place(lesson))
        write_text(draft.path / "index.html", overview_page(list(map(_links, lessons))))
    return WrittenFolder(Path(output), [path.stem for path in paths], draft.kept)


def _refuse_names(paths: Sequence[Path]) -> None:
    """Reject lessons without a number or with the same number, because their files would clash."""
    seen: dict[str, Path] = {}
    for path in paths:
        if not re.match(r"\d\d_", path.name):
            form = "Its name must begin with its number: 15_NAME.ipynb."
            raise CourseError(f"notebooks/{path.name} is no lesson. {form} Rename or move it.")
        other = seen.setdefault(path.name[:2], path)
        if other is not path:
            both = f"{other.name} and {path.name}"
            raise CourseError(f"two lessons have one number: {both}. Rename or move one of them.")


def _write(writer: FileWriter, lesson: TaughtLesson, place: Path) -> None:
    """Write one file; if there is an error, its message names the lesson."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        writer.write(lesson, place)
    except CourseError as fault:
        name = lesson.path.name
        said = str(fault) if name in str(fault) else f"{name}, {writer.label}: {fault}"
        raise CourseError(said) from None


def _links(lesson: TaughtLesson) -> LessonLinks:
    places = {writer.label: writer.place(lesson) for writer in WRITERS}
    return LessonLinks(take_apart(lesson.path), places)
