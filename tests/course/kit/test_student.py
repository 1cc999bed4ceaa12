"""The folder of a student: whole, without solutions, and never at the cost of somebody's work."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from gan_utils.__main__ import main
from gan_utils.course import notebooks
from gan_utils.course.kit import write_student_folder
from gan_utils.course.kit.outputs import refuse_unfit_outputs
from gan_utils.course.kit.placing import MARKER
from gan_utils.course.notebooks import CHECK, EXERCISE, SOLUTION, CourseError, tags

#: Written so that no test of the house takes it for a path that leaked.
ADA = "/".join(["", "home", "ada"])


def files_in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def store_output(checkout: Path, output: nbformat.NotebookNode) -> None:
    """Add an output to the third cell of the lesson."""
    path = checkout / "notebooks" / "01_a.ipynb"
    notebook = notebooks.read(path)
    notebook.cells[2].outputs.append(output)
    notebooks.write(notebook, path)


def test_the_command_writes_the_whole_folder(checkout, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    assert main(["student"]) == 0
    assert "build/student, 1 lessons" in capsys.readouterr().out
    assert files_in(checkout / "build" / "student") == {
        *("Makefile", "LICENSE", "LICENSE-text", "README.md", MARKER),
        *("constraints.txt", "environment.yml", "pyproject.toml"),
        *("notebooks/01_a.ipynb", "image/a.png"),
        *("tests/conftest.py", "tests/nbval_sanitize.cfg", "tests/startup.py"),
        *("data/README.md", "data/make_screentime.py", "data/screentime_analysis.csv"),
        *("gan_utils/__init__.py", "gan_utils/course/__init__.py"),
        "gan_utils/course/exercises/lesson_01.py",
    }
    assert [p.name for p in (checkout / "build").iterdir()] == ["student"]


def test_exercises_and_checks_are_as_if_never_run(checkout, tmp_path):
    write_student_folder(checkout, tmp_path / "out")
    text = (tmp_path / "out" / "notebooks" / "01_a.ipynb").read_text()
    assert not re.search("secret|own try|not attempted|mine", text)
    cells = notebooks.read(tmp_path / "out" / "notebooks" / "01_a.ipynb").cells
    asked = [cell for cell in cells if {EXERCISE, CHECK} & set(tags(cell))]
    assert len(asked) == 2
    for cell in asked:
        assert (cell.outputs, cell.execution_count) == ([], None)
        assert "nbval-ignore-output" in tags(cell)
    runs = [c.execution_count for c in cells if c.cell_type == "code" and c not in asked]
    assert runs == [1, 2, 3, 4]
    assert cells[2].outputs[0].text == "6\n"


@pytest.mark.parametrize(
    "output",
    [
        new_output("error", ename="ValueError", evalue="no", traceback=["..."]),
        new_output("stream", text="Traceback (most recent call last):\n  ..."),
        new_output("stream", text=f"written to {ADA}/a.png"),
        new_output("stream", text="'C:\\Users\\ada' is full"),
        new_output("display_data", {"text/html": "<a href='file:///tmp/xyz/a.html'>"}),
        new_output("display_data", {"application/json": {"where": ["/usr/lib/python3/x.py:3"]}}),
        new_output("display_data", {"image/svg+xml": f"<svg><!-- {ADA}/a.svg --></svg>"}),
    ],
)
def test_an_output_that_is_not_fit_is_refused(checkout, tmp_path, output):
    store_output(checkout, output)
    with pytest.raises(CourseError, match=r"01_a.ipynb, cell 3: its stored output has a"):
        write_student_folder(checkout, tmp_path / "out")
    assert not [p.name for p in tmp_path.iterdir() if p != checkout]


def test_the_checkouts_own_path_is_refused(checkout, tmp_path):
    store_output(checkout, new_output("stream", text=f"in {checkout}/data"))
    with pytest.raises(CourseError, match="a path of a machine"):
        write_student_folder(checkout, tmp_path / "out")


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", text=f"see https://example.org{ADA}, 3/4 of and/or; ../data/x.csv"),
        new_output("display_data", {"image/png": f"aa{ADA}"}),
        new_output("display_data", {"text/html": f"<img src='data:x;base64,/tmp/ab{ADA}='>"}),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_path_is_not_refused(lesson, output):
    lesson.cells[2].outputs.append(output)
    refuse_unfit_outputs(lesson, "01_a.ipynb")


def test_a_solution_that_lost_its_tag_is_not_handed_out(checkout, tmp_path):
    path = checkout / "notebooks" / "01_a.ipynb"
    notebook = notebooks.read(path)
    (solution,) = (cell for cell in notebook.cells if SOLUTION in tags(cell))
    solution.metadata.tags = []
    notebooks.write(notebook, path)
    with pytest.raises(CourseError, match=r"01_a.ipynb: .*cell 7 is not complete.*solution"):
        write_student_folder(checkout, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_link_to_a_lesson_with_a_space_works(checkout, tmp_path):
    (checkout / "notebooks" / "01_a.ipynb").rename(checkout / "notebooks" / "01_a b.ipynb")
    write_student_folder(checkout, tmp_path / "out")
    assert "(notebooks/01_a%20b.ipynb)" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.notebooks
def test_nbval_passes_on_it_as_it_is(checkout, tmp_path):
    """Although nothing is stored that a check could be compared with."""
    path = checkout / "notebooks" / "01_a.ipynb"
    text = path.read_text().replace("describe_run(", "said = lambda *_, **__: print(1)\\nsaid(")
    path.write_text(re.sub(r"(train|check|display_quiz)\(", "said(", text))
    write_student_folder(checkout, tmp_path / "out")
    compared = (sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q")
    words = [*compared, "--rootdir", ".", "-c", "tests/nbval_sanitize.cfg", "notebooks"]
    done = subprocess.run(words, cwd=tmp_path / "out", capture_output=True, text=True)
    assert (done.returncode, "6 passed" in done.stdout) == (0, True), done.stdout


def test_a_students_own_file_is_not_lost(checkout, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    out = tmp_path / "out"
    assert main(["student", str(out)]) == 0
    (out / "notes.txt").write_text("mine")
    (out / "notebooks" / "01_a.ipynb").write_text("answered")
    (out / ".venv").mkdir()
    capsys.readouterr()
    assert main(["student", str(out)]) == 0
    kept = tmp_path / "out.kept-1"
    assert f"it is kept as {kept}" in capsys.readouterr().out
    assert (kept / "notes.txt").read_text() == "mine"
    assert (kept / "notebooks" / "01_a.ipynb").read_text() == "answered"
    assert not (out / "notes.txt").exists()
    assert (out / ".venv").is_dir()
    assert notebooks.read(out / "notebooks" / "01_a.ipynb")


def test_an_untouched_folder_is_replaced(checkout, tmp_path):
    out = tmp_path / "out"
    write_student_folder(checkout, out)
    (out / "gan_utils" / "__pycache__").mkdir()
    (out / "gan_utils" / "__pycache__" / "a.pyc").write_text("made again")
    (checkout / "image" / "a.png").write_text("a new picture")
    assert write_student_folder(checkout, out).kept is None
    assert (out / "image" / "a.png").read_text() == "a new picture"
    assert {p.name for p in tmp_path.iterdir()} == {"checkout", "out"}


def test_a_folder_of_somebody_else_is_refused(checkout, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    for output in (tmp_path / "mine", tmp_path, checkout, checkout / "notebooks"):
        before = files_in(tmp_path)
        with pytest.raises(CourseError):
            write_student_folder(checkout, output)
        assert files_in(tmp_path) == before


@pytest.mark.parametrize("name", ["file", "link"])
def test_a_file_or_a_link_is_refused(checkout, tmp_path, name):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    with pytest.raises(CourseError, match="is a file or a link"):
        write_student_folder(checkout, tmp_path / name)


def test_a_folder_of_the_course_is_refused(checkout):
    with pytest.raises(CourseError, match="own folder gan_utils"):
        write_student_folder(checkout, checkout / "gan_utils" / "out")


def test_a_checkout_with_a_missing_file_is_refused(checkout, tmp_path):
    (checkout / "environment.yml").unlink()
    with pytest.raises(CourseError, match=r"has no environment.yml"):
        write_student_folder(checkout, tmp_path / "out")


def test_data_is_copied_and_nothing_else(checkout, tmp_path, data_folder, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    assert main(["student", "--data", str(tmp_path / "none")]) == 0
    assert "data sets: none; `python -m gan_utils fetch --all`" in capsys.readouterr().out
    (data_folder / "books").mkdir(parents=True)
    for name in ("books/alice.txt", "mnist.npz", "IMDB Dataset.csv", "private.csv"):
        (data_folder / name).write_text("data")
    assert main(["student", "--data", str(tmp_path / "out")]) == 0
    assert files_in(tmp_path / "out" / "data" / "fetched") == {
        *("books/alice.txt", "mnist.npz", "IMDB Dataset.csv")
    }


# The course itself.


@pytest.fixture(scope="module")
def handed_out(root, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("student") / "course"
    write_student_folder(root, folder)
    return folder


def bare(source: str) -> str:
    """Leave out what is no code: comments, blank lines and the spaces around."""
    lines = (re.sub(r"\s*# .*$", "", line).strip() for line in source.splitlines())
    return "\n".join(filter(None, lines))


def readable(path: Path) -> str:
    if path.suffix == ".ipynb":
        return "\n".join(bare(cell.source) for cell in notebooks.read(path).cells)
    return bare(path.read_text(encoding="utf-8", errors="replace"))


@pytest.fixture(scope="module")
def solutions(root) -> list[str]:
    cells = [c for p in notebooks.find_notebooks(root) for c in notebooks.read(p).cells]
    setup = "from gan_utils.course.exercises import check\n"
    return [bare(c.source).removeprefix(setup) for c in cells if SOLUTION in tags(c)]


def test_no_solution_of_the_course_is_anywhere(handed_out, solutions):
    texts = [readable(p) for p in handed_out.rglob("*") if p.is_file() and p.suffix != ".png"]
    for solution in solutions:
        assert not [text for text in texts if solution in text], solution
    assert not [text for text in texts if "@title Solution" in text]


def test_the_search_finds_the_solutions_where_they_are(root, solutions):
    books = "\n".join(readable(path) for path in notebooks.find_notebooks(root))
    assert len(solutions) > 40
    assert [solution for solution in solutions if solution not in books] == []


def test_the_course_handed_out_names_no_machine(root, handed_out):
    private = (str(root), str(Path.home()))
    texts = [p.read_bytes().decode(errors="replace") for p in handed_out.rglob("*") if p.is_file()]
    named = [p for p in private if len(Path(p).parts) > 1 for text in texts if f"{p}/" in text]
    assert named == []


def test_the_copy_works_and_finds_its_data(handed_out):
    """In a fresh Python that has nothing else of the course on its path."""
    code = "import gan_utils, gan_utils.datasets.folder as f; print(gan_utils.__file__)"
    code += "; print(f.data_folder()); print(f.shipped('screentime_analysis.csv'))"
    (handed_out / "data" / "fetched").mkdir()
    hidden = {"PYTHONPATH": str(handed_out), "PATH": "", "HOME": str(handed_out)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=hidden,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    module, data, table = map(Path, done.stdout.split())
    assert module == handed_out / "gan_utils" / "__init__.py"
    assert data == handed_out / "data" / "fetched"
    assert table == handed_out / "data" / "screentime_analysis.csv"
    asked = [sys.executable, "-m", "gan_utils", "grade", "x"]
    done = subprocess.run(asked, env=hidden, cwd=handed_out, capture_output=True, text=True)
    assert (done.returncode, "only in a teacher's copy" in done.stderr) == (2, True)


def imported(path: Path) -> set[str]:
    """List the modules of the course that a module needs in order to be imported."""
    found = ast.parse(path.read_text(encoding="utf-8")).body
    names = {node.module for node in found if isinstance(node, ast.ImportFrom) and not node.level}
    return {name for name in names if name.split(".")[0] == "gan_utils"}


def test_every_module_of_the_copy_can_be_imported(handed_out):
    """In particular the checks of the exercises, which the grading uses as well."""
    paths = list((handed_out / "gan_utils").rglob("*.py"))
    places = {name: handed_out.joinpath(*name.split(".")) for p in paths for name in imported(p)}
    assert "gan_utils.course.exercises" in places
    lacking = [n for n, p in places.items() if not (p.is_dir() or p.with_suffix(".py").is_file())]
    assert lacking == []


def test_the_tests_of_the_copy_can_start(handed_out):
    code = "import runpy; runpy.run_path('tests/conftest.py')"
    done = subprocess.run([sys.executable, "-c", code], cwd=handed_out, capture_output=True)
    assert done.returncode == 0, done.stderr
