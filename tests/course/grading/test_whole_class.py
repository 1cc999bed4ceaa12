"""The command: a class is graded once, its table is written in one step, and bad input is told."""

import csv
import io
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from submitted import LESSONS, RATIOS, RIGHT, needs_sandbox, notebook_of

from gan_utils.__main__ import main
from gan_utils.course import editions, notebooks
from gan_utils.course.grading import Request, grade_folder, sandbox, whole_class
from gan_utils.course.grading.journal import Journal
from gan_utils.course.grading.page import hardest, in_words, summarize
from gan_utils.course.notebooks import CourseError

ROOT = LESSONS[0].parents[1]
SWAPPED = RIGHT.replace("return ", "return tuple(reversed((") + "))"
SWAPPED = SWAPPED.replace("sum()\n))", "sum())))\n")


def hand_in(folder: Path, student: str, *sources: str) -> Path:
    (folder / student).mkdir(parents=True)
    path = folder / student / "01_iris_baselines.ipynb"
    path.write_bytes(notebook_of(*sources))
    return path


def rows_of(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [tuple(row.values()) for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Path:
    """Grade a small class with Moodle's names."""
    place = tmp_path_factory.mktemp("class")
    hand_in(place / "in", "Ada L_7_assignsubmission_file", RIGHT, RATIOS)
    hand_in(place / "in", "Bob_8_assignsubmission_file", SWAPPED, RATIOS)
    hand_in(place / "in", "=Eve_9_assignsubmission_file", SWAPPED, "mean_ratio = ...")
    grade_folder(ROOT, Request(place / "in", place / "grades.csv"), io.StringIO())
    return place


@needs_sandbox
def test_the_table_has_a_row_for_each_exercise(graded):
    rows = rows_of(graded / "grades.csv")
    assert len(rows) == 12
    assert rows[4:6] == [("Ada L", "01.1", "1", "done"), ("Ada L", "01.2", "1", "done")]
    assert {row[0] for row in rows} == {"Ada L", "Bob", "'=Eve"}  # no formula for a spreadsheet
    (said,) = {row[3] for row in rows if row[:2] == ("Bob", "01.1")}
    assert said.startswith("not yet: precision and recall have changed places")


@needs_sandbox
def test_the_page_shows_the_hardest_exercise_and_its_commonest_hint(graded):
    page = (graded / "grades.html").read_text(encoding="utf-8")
    assert "Hardest: 01.1, done by 1 of 3" in page
    assert "Commonest hint (2 times): precision and recall have changed places" in page
    assert "<script" not in page


@needs_sandbox
def test_what_was_graded_is_not_graded_again_unless_it_has_changed(graded, capsys):
    hand_in(graded / "in", "Zoe_1_assignsubmission_file", RIGHT)
    arguments = ["grade", str(graded / "in"), "--out", str(graded / "grades.csv")]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "3 were graded before" in printed
    assert "[4/4] Zoe  1 of 4" in printed
    assert len(rows_of(graded / "grades.csv")) == 16


@needs_sandbox
def test_moodle_gets_its_worksheet(graded):
    out = graded / "moodle.csv"
    shutil.copy(graded / "grades.journal", out.with_suffix(".journal"))
    grades = grade_folder(ROOT, Request(graded / "in", out, form="moodle"), io.StringIO())
    assert len(grades) >= 12
    rows = {row[0]: row for row in rows_of(out)}
    assert rows["Participant 7"][1:4] == ("Ada L", "50.00", "100.00")
    assert rows["Participant 8"][2] == "25.00"
    assert rows["Participant 7"][4].startswith("20")
    assert "01.1 done; 01.2 done; 01.3 not attempted yet" in rows["Participant 7"][5]


@needs_sandbox
def test_moodles_teacher_is_told_that_all_lessons_count(tmp_path):
    hand_in(tmp_path / "in", "Ada_7_assignsubmission_file", RATIOS)
    hand_in(tmp_path / "in", "Bob_8_assignsubmission_file", RATIOS)
    other = tmp_path / "in" / "Bob_8_assignsubmission_file" / "02_screentime_gan.ipynb"
    other.write_bytes(notebook_of("x = 1", asks="02.1"))
    stream, request = io.StringIO(), Request(tmp_path / "in", tmp_path / "g.csv", form="moodle")
    grade_folder(ROOT, request, stream)
    assert "100 points stand for the 7 exercises of lessons 01, 02" in stream.getvalue()


@needs_sandbox
@pytest.mark.parametrize("number", ["01", "04"])
def test_solutions_get_all_points_and_stubs_none(number, tmp_path):
    (path,) = (path for path in LESSONS if path.name.startswith(number))
    book = notebooks.read(path)
    versions = {"solved": editions.solved_edition(book), "handed out": book}
    versions["stubs"] = editions.student_edition(book)
    for student, version in versions.items():
        (tmp_path / "in" / student).mkdir(parents=True)
        nbformat.write(version, tmp_path / "in" / student / path.name)
    grades = grade_folder(ROOT, Request(tmp_path / "in", tmp_path / "g.csv"), io.StringIO())
    points = {name: [g.points for g in grades if g.student == name] for name in versions}
    assert points == {"solved": [1] * 4, "handed out": [0] * 4, "stubs": [0] * 4}


@needs_sandbox
def test_a_killed_grading_goes_on_where_it_stood(tmp_path):
    hand_in(tmp_path / "in", "a quick", RIGHT)
    hand_in(tmp_path / "in", "b slow", "import time\ntime.sleep(100)\n" + RIGHT)
    command = [sys.executable, "-m", "gan_utils", "grade", "in", "--out", "g.csv", "--only", "01"]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = {command[3:]!r}"
    code += "; from gan_utils.__main__ import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    journal, end = tmp_path / "g.journal", time.monotonic() + 60
    while not journal.exists() and time.monotonic() < end:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "g.csv").exists()
    hand_in(tmp_path / "again", "a quick", RIGHT)
    assert len(Journal(journal).entries) == 1
    stream, request = io.StringIO(), Request(tmp_path / "again", tmp_path / "g.csv")
    grade_folder(ROOT, request, stream)
    assert "1 were graded before" in stream.getvalue()


#: Checks that pass the student's function a function or a sampler, or ask for its names.
UNUSUAL = {
    "03.3": (
        "def split_and_fill(sampler, X, y, train, test):\n"
        "    return *sampler.fit_resample(X[train], y[train]), X[test], y[test]",
        "done",
    ),
    "08.2": (
        "import numpy as np\ndef deletion(image, segments, weights, predict, k):\n"
        "    hidden = np.where(np.isin(segments, np.argsort(-weights)[:k]), 0, image)\n"
        "    return predict(image[None])[0] - predict(hidden[None])[0]",
        "done",
    ),
    "08.2 ": (
        "def deletion(image, segments, weights, predict, k):\n    return predict(image)",
        "not yet: predict takes a batch",
    ),
    "11.1": (
        "def side(text, share):\n    number = hash(' '.join(text.lower().split()))\n"
        "    return 'test' if number % 1000 < 1000 * share else 'train'",
        "not yet: Python's own hash",
    ),
    "11.1 ": (
        "import zlib\ndef side(text, share):\n"
        "    hash = zlib.crc32(' '.join(text.lower().split()).encode())\n"
        "    return 'test' if hash / 2**32 < share else 'train'",
        "done",
    ),
}


@needs_sandbox
def test_checks_that_ask_for_more_than_values_get_it(tmp_path):
    for number, (source, _) in UNUSUAL.items():
        (tmp_path / "in" / number).mkdir(parents=True)
        book = notebook_of(source, asks=number.strip())
        (tmp_path / "in" / number / "x.ipynb").write_bytes(book)
    grades = grade_folder(ROOT, Request(tmp_path / "in", tmp_path / "g.csv"), io.StringIO())
    said = {g.student: g.message for g in grades if g.exercise == g.student.strip()}
    assert {n: said[n].startswith(words) for n, (_, words) in UNUSUAL.items()} == dict.fromkeys(
        UNUSUAL, True
    ), said


def test_without_a_sandbox_the_command_refuses_and_says_why(tmp_path, monkeypatch, capsys):
    hand_in(tmp_path / "in", "ada", RIGHT)
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    assert main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "g.csv")]) == 2
    said = capsys.readouterr().err
    assert "bubblewrap" in said
    assert "--unsafe" in said
    assert not (tmp_path / "g.csv").exists()


def test_a_failure_of_the_grader_is_not_remembered(tmp_path, monkeypatch):
    hand_in(tmp_path / "in", "ada", RIGHT)
    broken = sandbox.Sandbox(bwrap=str(tmp_path / "no_bwrap"))
    monkeypatch.setattr(whole_class, "find_sandbox", lambda *_: broken)
    grades = grade_folder(ROOT, Request(tmp_path / "in", tmp_path / "g.csv"), io.StringIO())
    assert "the grader failed: FileNotFoundError" in grades[0].message
    assert Journal(tmp_path / "g.journal").entries == {}


def test_unsafe_grades_without_a_sandbox(tmp_path, monkeypatch):
    hand_in(tmp_path / "in", "ada", RIGHT, "import os\nos._exit(1)\n" + RATIOS)
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    request = Request(tmp_path / "in", tmp_path / "g.csv", unsafe=True)
    grades = grade_folder(ROOT, request, io.StringIO())
    assert [grade.points for grade in grades] == [1, 0, 0, 0]


def test_bad_input_is_told_before_anything_runs(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "g.csv"
    hand_in(folder, "ada", RIGHT)

    def refused(words: str, **changes: object) -> None:
        request = Request(**{"folder": folder, "out": out} | changes)
        with pytest.raises(CourseError, match=re.escape(words)):
            grade_folder(ROOT, request, io.StringIO())

    refused("no notebook begins with '77'", only=["77"])
    refused("no submission to lesson 02", only=["02"])
    refused("no Moodle number", form="moodle")
    refused("is a folder", out=tmp_path)
    (tmp_path / "file").write_text("")
    refused("cannot be written", out=tmp_path / "file" / "g.csv")
    out.write_text("student,exercise,points,message\nzoe,01.1,1,done\n")
    refused("zoe, who is not in this folder", out=out)
    out.write_text("city,rain\nOslo,3\n")
    refused("no table of grades", out=out)
    assert out.read_text() == "city,rain\nOslo,3\n"


@needs_sandbox
def test_an_unknown_lesson_and_an_old_version_are_told(tmp_path):
    folder = tmp_path / "in"
    hand_in(folder, "ada", "x = 1").write_bytes(
        notebook_of("x = 1").replace(b"01.1", b"77.1").replace(b"01_iris", b"77_iris")
    )
    (folder / "bob").mkdir()
    (folder / "bob" / "a.ipynb").write_bytes(notebook_of(RATIOS))
    (folder / "bob" / "b.ipynb").write_bytes(notebook_of("mean_ratio, run_ratio = 2, 2"))
    stream = io.StringIO()
    grades = grade_folder(ROOT, Request(folder, tmp_path / "g.csv"), stream)
    assert "no lesson 77" in grades[0].message
    assert [grade.note for grade in grades[1:]] == ["bob/b.ipynb counts, the latest of 2"] * 4
    assert "left out, an older one: bob/a.ipynb" in stream.getvalue()


def test_a_class_without_mistakes_has_no_hardest_exercise():
    assert hardest([]) is None
    assert summarize([]) == []
    assert in_words(None) == "Nobody has missed an exercise that was tried."
