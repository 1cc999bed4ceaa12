"""Doctor, editions and re-pointing, on small notebooks and on the course's own."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from packaging.requirements import Requirement

from gan_utils.__main__ import main
from gan_utils.course import doctor, editions, notebooks, repoint, runner, store

OLD, NEW = "https://github.com/OWNER/gan_utils", "https://github.com/me/my-fork"
BADGE = "https://colab.research.google.com/github/OWNER/gan_utils/blob/main/notebooks/01_a.ipynb"


def tagged(source: str, tag: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": [tag]})


@pytest.fixture
def lesson() -> nbformat.NotebookNode:
    cells = [
        new_markdown_cell(f"[![Open in Colab](badge.svg)]({BADGE})"),
        tagged(f'REPOSITORY = "{OLD}"', "setup"),
        tagged("mu = ...", "exercise"),
        tagged("print(mu)", "check"),
        tagged("# @title Solution\nmu = 1", "solution"),
    ]
    notebook = new_notebook(cells=cells)
    for number, cell in enumerate(notebook.cells[1:], 1):
        cell.execution_count = number
    notebook.cells.append(tagged("'last'", "none"))
    notebook.cells[-1].execution_count = 5
    return notebook


@pytest.fixture
def checkout(tmp_path: Path, lesson: nbformat.NotebookNode) -> Path:
    (tmp_path / "notebooks").mkdir()
    text = f'[project]\nname = "tiny"\n[project.urls]\nRepository = "{OLD}"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "README.md").write_text(f"git clone {OLD}\n{OLD}s stays\n[badge]({BADGE})\n")
    nbformat.write(lesson, tmp_path / "notebooks" / "01_a.ipynb")
    return tmp_path


def test_repoint_rewrites_package_badges_and_cells(checkout, monkeypatch, capsys):
    monkeypatch.chdir(checkout)
    assert main(["repoint", f"git+{NEW}.git"]) == 0
    assert set(capsys.readouterr().out.split()) >= {"README.md", "pyproject.toml"}
    text = (checkout / "notebooks" / "01_a.ipynb").read_text()
    assert f'REPOSITORY = \\"{NEW}\\"' in text
    assert "github/me/my-fork/blob/main/notebooks/01_a.ipynb" in text
    assert "OWNER" not in text + (checkout / "pyproject.toml").read_text()
    assert f"git clone {NEW}\n{OLD}s stays" in (checkout / "README.md").read_text()
    assert repoint.disagreements(checkout) == []


def test_repoint_twice_changes_nothing(checkout):
    assert repoint.repoint(checkout, NEW)
    assert repoint.repoint(checkout, NEW) == []


def test_a_local_repository_leaves_the_badges(checkout):
    repoint.repoint(checkout, "git+file:///somewhere/course")
    text = (checkout / "notebooks" / "01_a.ipynb").read_text()
    assert 'REPOSITORY = \\"file:///somewhere/course\\"' in text
    assert BADGE in text
    repoint.repoint(checkout, NEW)
    assert repoint.disagreements(checkout) == []


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "http://github.com/me/x", "https://github.com/me", "https://github.com/me/..",
     "https://example.org/me/x", "file://relative", 'file:///a"b', "https://github.com/me/x/tree/y",
     "https://github.com/me/x y"],
)  # fmt: skip
def test_nonsense_addresses_are_refused(checkout, address):
    before = (checkout / "notebooks" / "01_a.ipynb").read_bytes()
    with pytest.raises(notebooks.CourseError, match="is not an address"):
        repoint.repoint(checkout, address)
    assert (checkout / "notebooks" / "01_a.ipynb").read_bytes() == before


def test_disagreements_are_named(checkout):
    path = checkout / "notebooks" / "01_a.ipynb"
    path.write_text(path.read_text().replace("OWNER/gan_utils/blob", "other/x/blob"))
    assert repoint.disagreements(checkout)[0].startswith("01_a.ipynb: the Colab badge")


def test_the_courses_own_addresses_agree(root):
    assert repoint.disagreements(root) == []


def test_the_course_itself_can_be_repointed(root, tmp_path):
    for part in ("pyproject.toml", "README.md", "notebooks"):
        copy = shutil.copytree if (root / part).is_dir() else shutil.copy
        copy(root / part, tmp_path / part)
    repoint.repoint(tmp_path, NEW)
    assert repoint.disagreements(tmp_path) == []
    for path in [tmp_path / "README.md", *tmp_path.glob("notebooks/*.ipynb")]:
        assert OLD not in path.read_text(encoding="utf-8")


def test_the_courses_own_notebooks_are_stored_clean(root):
    paths = notebooks.find_notebooks(root)
    assert [fault for path in paths for fault in store.stored_faults(path)] == []
    assert [
        p.name for p in paths if set(notebooks.read(p).metadata) > {"kernelspec", "language_info"}
    ] == []


def test_every_lesson_sets_itself_up_alike(root):
    """Without extras: old versions of pip refuse ``name[extra] @ git+file:///...``."""
    for path in notebooks.find_notebooks(root):
        (cell,) = (c for c in notebooks.read(path).cells if "setup" in notebooks.tags(c))
        assert 'f"git+{REPOSITORY}"' in cell.source, path.name
        assert re.search(rf'describe_run\(\s*"{path.name[:2]}"', cell.source), path.name
        assert runner.expected_seconds(path, "quick") <= 40, path.name


def test_every_quiz_is_found_by_its_id_and_by_its_class(root):
    """JupyterLab takes the ids out of a text; other pages may take out the classes."""
    for path in notebooks.find_notebooks(root):
        name = f"quiz_{path.name[:2]}"
        text = "".join(cell.source for cell in notebooks.read(path).cells)
        assert f'<span style="display:none" id="{name}" class="{name}">' in text, path.name
        assert f'display_quiz("#{name}")' in text, path.name


def test_student_edition_has_no_solutions(lesson):
    student = editions.student_edition(lesson)
    assert len(student.cells) == len(lesson.cells) - 1
    assert "mu = 1" not in str(student)
    assert [c.execution_count for c in student.cells[1:]] == [1, 2, 3, 4]


def test_solved_edition_replaces_the_stub(lesson):
    solved = editions.solved_edition(lesson)
    assert [c.source for c in solved.cells[2:]] == [lesson.cells[4].source, "print(mu)", "'last'"]
    assert lesson.cells[2].source == "mu = ..."


@pytest.mark.parametrize("missing", [2, 3, 4])
def test_an_exercise_that_is_not_whole_is_refused(lesson, missing):
    del lesson.cells[missing]
    with pytest.raises(notebooks.CourseError):
        editions.solved_edition(lesson)


def test_doctor_finds_this_machine_ready(data_folder, capsys):
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Ready."
    named = {line[5:].split(":")[0] for line in lines[:-1]}
    assert named >= {"Python", "numpy", "tensorflow", "device", "memory", "data folder", "disk"}


@pytest.mark.parametrize(
    ("program", "said"), [("bwrap", "can run in a sandbox"), (None, "install bubblewrap")]
)
def test_doctor_looks_for_the_sandbox(monkeypatch, program, said):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: program)
    finding = doctor.grading()
    assert said in str(finding)
    assert not finding.broken


@pytest.mark.parametrize(
    ("need", "verdict"),
    [("numpy>=1", "ok"), ("numpy>=999", "FAIL"), ("no-such-package>=1", "FAIL")],
)
def test_doctor_compares_versions(need, verdict):
    finding = str(doctor.package(Requirement(need)))
    assert finding.startswith(verdict)
    assert ("python -m pip install" in finding) == (verdict == "FAIL")


def test_doctor_does_not_need_what_only_tests_need():
    assert not doctor.package(Requirement("no-such-package>=1"), needed=False).broken


def test_doctor_says_what_to_do_about_a_bad_data_folder(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_UTILS_DATA", str(tmp_path / "file"))
    assert main(["doctor"]) == 1
    assert "set GAN_UTILS_DATA to a folder of yours" in capsys.readouterr().out
