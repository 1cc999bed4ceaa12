"""A student's way through the lessons in JupyterLab: run, answer, ask the quiz, move the slider."""

import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from jupyter_page import LessonPage, chromium, installed_chromium, jupyter_lab, photographed
from selenium.webdriver import Chrome

from gan_utils.course import notebooks
from gan_utils.course.grading.inside.plan import Step, names, pieces_of
from gan_utils.course.kit import write_student_folder
from gan_utils.datasets.folder import VARIABLE, data_folder

pytestmark = pytest.mark.slow

#: In one line, because JupyterLab indents the next one by itself.
FUNCTION = "def precision_and_recall(matrix, k): return "
RIGHT = FUNCTION + "matrix[k, k] / matrix[:, k].sum(), matrix[k, k] / matrix[k, :].sum()"
WRONG = FUNCTION + "matrix[k, k] / matrix[k, :].sum(), matrix[k, k] / matrix[:, k].sum()"


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hand out the student edition into a folder of its own, if there is a browser."""
    installed_chromium()
    folder = tmp_path_factory.mktemp("browser")
    write_student_folder(root, folder / "course")
    return folder


@pytest.fixture(scope="module")
def environ(python_path: dict[str, str]) -> dict[str, str]:
    """Name the data folder, which the other home folder would move, and the small budget."""
    named = {VARIABLE: str(data_folder()), "GAN_UTILS_BUDGET": "quick"}
    return python_path | named


@pytest.fixture(scope="module")
def address(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    with jupyter_lab(folder / "course" / "notebooks", folder, environ) as address:
        yield address


@pytest.fixture
def page(folder: Path, tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path, dict(os.environ)) as page:
        yield page


class Lesson(LessonPage):
    """A lesson's page, and the notebook behind it, which tells the places of its cells."""

    def __init__(self, page: Chrome, address: str, file: Path) -> None:
        self.cells = notebooks.read(file).cells
        super().__init__(page, address, file.name, len(self.cells))

    def place_of(self, words: str) -> int:
        """Find the one code cell with these words."""
        return place_of(self.cells, words)


def place_of(cells: list, words: str) -> int:
    """Find the one code cell with these words."""
    (place,) = (n for n, c in enumerate(cells) if c.cell_type == "code" and words in c.source)
    return place


def written_beside(file: Path, lesson: notebooks.nbformat.NotebookNode) -> Path:
    """Write a shortened lesson beside the whole one."""
    short = file.with_name(f"short_{file.name}")
    notebooks.write(lesson, short)
    return short


def test_a_student_runs_and_answers_lesson_01(page, address, folder, tmp_path):
    with photographed(page, tmp_path / "page.png"):
        file = folder / "course" / "notebooks" / "01_iris_baselines.ipynb"
        lesson = Lesson(page, address, without_later_code(file, 'check("01.1"'))
        lesson.run_all()
        assert lesson.troubles() == []
        assert lesson.drawn_formulas() > 0
        assert lesson.raw_formulas() == []
        answer_the_exercise(lesson)
        answer_the_quiz(lesson)
        assert lesson.troubles() == []


def without_later_code(file: Path, words: str) -> Path:
    """Write a copy of a lesson in which the quiz is the only code after the cell with these words.

    All texts remain. nbval runs the rest of the lesson.
    """
    lesson = notebooks.read(file)
    last = place_of(lesson.cells, words)
    lesson.cells = [
        cell
        for place, cell in enumerate(lesson.cells)
        if place <= last or cell.cell_type != "code" or notebooks.QUIZ in notebooks.tags(cell)
    ]
    return written_beside(file, lesson)


def answer_the_exercise(lesson: Lesson) -> None:
    """Answer first wrongly, then rightly."""
    stub, check = map(lesson.place_of, ("def precision_and_recall", 'check("01.1"'))
    assert "01.1  not attempted yet" in lesson.run(check)
    for answer, reply in (
        (WRONG, "01.1  not yet: precision and recall have changed places"),
        (RIGHT, "01.1  done"),
    ):
        lesson.write(stub, answer)
        assert lesson.run(stub) == ""
        assert reply in lesson.run(check)


def answer_the_quiz(lesson: Lesson) -> None:
    """Click first on a wrong answer of the first question, then on the right one."""
    quiz = lesson.place_of("display_quiz")
    for correct in ("false", "true"):
        button = f"label.MCButton[data-correct='{correct}']"
        first = lesson.wait(lambda b=button: lesson.inside(quiz, b), "see the quiz")[0]
        told = first.get_attribute("data-feedback")
        assert told
        first.click()
        lesson.wait(lambda t=told: feedback_of(lesson, quiz) == t, "see the feedback")


def feedback_of(lesson: Lesson, quiz: int) -> str:
    return lesson.inside(quiz, ".Feedback")[0].text


def shortened(file: Path, words: str) -> Path:
    """Write what a lesson's cell with these words needs into a notebook beside it.

    nbval runs the whole lesson, which trains four times before the slider comes.
    """
    lesson = notebooks.read(file)
    sources = [cell.source for cell in lesson.cells if cell.cell_type == "code"]
    (last,) = (place for place, source in enumerate(sources) if words in source)
    steps = [Step([source]) for source in sources[:last]]
    steps.append(Step([sources[last]], exercise=words, answers=[*names(sources[last])[1]]))
    new_cell = notebooks.nbformat.v4.new_code_cell
    lesson.cells = [new_cell("\n".join(step.sources)) for step in pieces_of(steps)]
    return written_beside(file, lesson)


@pytest.mark.skipif(
    int(version("ipywidgets").split(".")[0]) < 8,
    reason="JupyterLab 4 shows the widgets of ipywidgets 8, not of 7, which is for Colab",
)
def test_the_slider_of_lesson_07_changes_the_picture(page, address, folder, tmp_path):
    with photographed(page, tmp_path / "page.png"):
        file = folder / "course" / "notebooks" / "07_mnist_dcgan.ipynb"
        lesson = Lesson(page, address, shortened(file, "LatentSlider("))
        slider = lesson.place_of("LatentSlider(")
        lesson.run_all_above(slider)
        assert lesson.troubles() == []
        lesson.run(slider)
        handle = lesson.wait(lambda: lesson.inside(slider, ".noUi-handle"), "see the slider")[0]
        before = lesson.wait(lambda: lesson.pixels(slider), "see the picture")
        lesson.cell(slider)
        lesson.drag(handle, 60)
        assert float(handle.get_attribute("aria-valuenow")) > 0
        lesson.wait(lambda: lesson.pixels(slider) not in ("", before), "see the picture change")
        lesson.drag(handle, -60)
        lesson.wait(lambda: lesson.pixels(slider) == before, "see the first picture again")
        assert lesson.troubles() == []
