"""Write a student's folder, which contains the whole course without solutions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from gan_utils._support.files import write_text
from gan_utils.course import notebooks
from gan_utils.course.editions import handed_out_edition, refuse_incomplete_exercises
from gan_utils.course.kit.outputs import refuse_unfit_outputs
from gan_utils.course.kit.placing import WrittenFolder, replacing_folder
from gan_utils.course.kit.welcome import welcome_page
from gan_utils.course.notebooks import CourseError
from gan_utils.datasets.folder import FETCHED, data_folder
from gan_utils.datasets.registry import REGISTRY
from gan_utils.datasets.reviews import KAGGLE_FILE
from gan_utils.datasets.word_vectors import PACKAGE_DIM, TEXT_FILE

#: Files that are copied unchanged; `make test` needs those in ``tests`` to compare outputs.
COPIED = (
    "gan_utils/**/*.py",
    "image/*.png",
    "data/README.md",
    "data/make_screentime.py",
    "data/screentime_analysis.csv",
    "tests/conftest.py",
    "tests/nbval_sanitize.cfg",
    "tests/startup.py",
    *("Makefile", "LICENSE", "LICENSE-text"),
    *("constraints.txt", "environment.yml", "pyproject.toml"),
)

#: Code that only a teacher needs: it reads the solutions, or makes this folder.
TEACHERS = ("gan_utils/course/grading", "gan_utils/course/kit")

#: Files that a reader may have put into the data folder, in addition to those from ``fetch``.
READERS = (KAGGLE_FILE, TEXT_FILE.format(dim=PACKAGE_DIM))


def write_student_folder(root: Path, output: Path, with_data: bool = False) -> WrittenFolder:
    """Write everything that a student needs into one folder.

    Parameters
    ----------
    root : Path
        The checkout.
    output : Path
        The folder to write. A folder that this command wrote earlier is replaced. If somebody has
        worked in that folder, it is renamed instead of being deleted.
    with_data : bool
        Whether to copy the data sets from the data folder, too.

    Returns
    -------
    WrittenFolder

    Raises
    ------
    CourseError
        If the checkout or an exercise is not complete, if a stored output contains a traceback or a
        local path, or if ``output`` contains something that this command did not write.
    """
    paths = notebooks.find_notebooks(root)
    sources = list(_sources(root))
    with replacing_folder(output, "student", root) as draft:
        for path in paths:
            _write_lesson(path, draft.path / "notebooks" / path.name, root)
        for source in sources:
            _copy(source, draft.path / source.relative_to(root))
        write_text(draft.path / "README.md", welcome_page(paths, with_data))
        data = _copy_data(draft.path.joinpath(*FETCHED)) if with_data else []
    return WrittenFolder(Path(output), [path.stem for path in paths], draft.kept, data)


def _sources(root: Path) -> Iterator[Path]:
    for pattern in COPIED:
        found = [path for path in sorted(root.glob(pattern)) if path.is_file()]
        if not found:
            raise CourseError(f"{root} has no {pattern}: run this in a whole copy of the course.")
        hidden = [root / folder for folder in TEACHERS]
        yield from (p for p in found if not any(map(p.is_relative_to, hidden)))


def _write_lesson(path: Path, copy: Path, root: Path) -> None:
    notebook = notebooks.read(path)
    refuse_incomplete_exercises(notebook, path.name)
    refuse_unfit_outputs(notebook, path.name, own=(root.resolve(),))
    notebooks.write(handed_out_edition(notebook), copy)


def _copy(source: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)


def _copy_data(place: Path) -> list[str]:
    """Copy the course's data sets, but no other files from the data folder."""
    place.mkdir(parents=True)
    names = [data.filename for data in REGISTRY.values() if data.filename] + list(READERS)
    there = [name for name in names if (data_folder() / name).is_file()]
    for name in there:
        _copy(data_folder() / name, place / name)
    return there
