"""Places where no folder should be, and what a run leaves that was killed in the middle."""

import os
import subprocess
import sys

import pytest

from gan_utils.__main__ import main
from gan_utils.course.kit import placing, write_student_folder, write_teacher_folder
from gan_utils.course.notebooks import CourseError

WRITERS = (write_student_folder, write_teacher_folder)


@pytest.fixture
def dead() -> int:
    """Number a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("place", ["notebooks/x", ".git/x", "docs/x", "build/no/../../data/x"])
def test_a_place_inside_the_course_is_refused(checkout, write, place):
    (checkout / ".git").mkdir()
    with pytest.raises(CourseError, match="lies in the course's own folder"):
        write(checkout, checkout / place)
    assert not (checkout / place).exists()


@pytest.mark.parametrize("write", WRITERS)
def test_what_holds_the_course_is_not_to_be_emptied(checkout, write):
    for place in (checkout, checkout.parent, checkout / "no" / ".."):
        with pytest.raises(CourseError, match="holds the course itself"):
            write(checkout, place)


def test_solutions_are_not_written_into_a_students_folder(checkout, tmp_path):
    write_student_folder(checkout, tmp_path / "out")
    with pytest.raises(CourseError, match="which `gan_utils student` wrote"):
        write_teacher_folder(checkout, tmp_path / "out" / "solutions")


def test_the_folder_that_one_stands_in_stays(checkout, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(CourseError, match="you are in"):
        write_student_folder(checkout, tmp_path / "here")
    assert (tmp_path / "here").is_dir()


@pytest.mark.parametrize("place", ["loop", "loop/x", "file/x"])
def test_a_place_that_cannot_be_is_named(checkout, tmp_path, monkeypatch, capsys, place):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "file").write_text("mine")
    monkeypatch.chdir(checkout)
    assert main(["student", str(tmp_path / place)]) == 2
    said = capsys.readouterr().err
    assert "Name a" in said and ".part" not in said


def test_what_a_killed_run_left_goes(checkout, tmp_path, dead):
    left = tmp_path / f".out.{dead}-0123abcd.part"
    running = tmp_path / f".out.{os.getpid()}-0123abcd.part"
    for folder in (left, running, tmp_path / ".out.mine.part"):
        (folder / "notebooks").mkdir(parents=True)
    write_student_folder(checkout, tmp_path / "out")
    assert not left.exists()
    assert running.exists() and (tmp_path / ".out.mine.part").exists()


def test_a_folder_that_a_killed_run_moved_away_comes_back(checkout, tmp_path, dead):
    write_student_folder(checkout, tmp_path / "out")
    (tmp_path / "out" / ".venv").mkdir()
    (tmp_path / "out").rename(tmp_path / f".out.{dead}-0123abcd.old")
    assert write_student_folder(checkout, tmp_path / "out").kept is None
    assert {p.name for p in tmp_path.iterdir()} == {"checkout", "out"}
    assert (tmp_path / "out" / ".venv").is_dir()


@pytest.mark.parametrize("there", [False, True])
def test_of_two_runs_at_once_the_first_stays(checkout, tmp_path, monkeypatch, there):
    """The other one writes it in the moment before this one moves its own there."""
    out, move_in = tmp_path / "out", placing._move_in
    if there:
        write_student_folder(checkout, out)
        (out / "notes.txt").write_text("mine")

    def late(part, output):
        output.mkdir()
        (output / "theirs").write_text("theirs")
        move_in(part, output)

    monkeypatch.setattr(placing, "_move_in", late)
    with pytest.raises(CourseError, match="another run has written it"):
        write_student_folder(checkout, out)
    assert (out / "theirs").exists()
    assert not there or (tmp_path / "out.kept-1" / "notes.txt").read_text() == "mine"
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".part"]


def test_only_the_top_build_folder_is_a_leftover(checkout, tmp_path):
    write_student_folder(checkout, tmp_path / "out")
    for name in ("build/01_a.html", "notebooks/build/mine.txt"):
        (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_text("x")
    assert placing.edited_files(tmp_path / "out") == ["notebooks/build/mine.txt"]
