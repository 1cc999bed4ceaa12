"""Submissions are read as plain folders, Moodle and Canvas leave them; a broken one stops none."""

import io
import os
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from submitted import RIGHT, notebook_of

from gan_utils.course.grading import archives
from gan_utils.course.grading.layouts import owner_of
from gan_utils.course.grading.submissions import find_submissions, latest_of_each
from gan_utils.course.notebooks import CourseError

STEMS = ("01_iris_baselines", "02_screentime_gan")


@pytest.mark.parametrize(
    ("path", "student", "number"),
    [
        ("Ada Lovelace/01_iris_baselines.ipynb", "Ada Lovelace", ""),
        ("Ada Lovelace_123_assignsubmission_file/a.ipynb", "Ada Lovelace", "123"),
        ("Ada Lovelace_123_assignsubmission_file_/deep/er/a.ipynb", "Ada Lovelace", "123"),
        ("Ada_L_123_assignsubmission_file_01_iris_baselines.ipynb", "Ada_L", "123"),
        ("lovelaceada_4711_99887_01_iris_baselines.ipynb", "lovelaceada", ""),
        ("lovelaceada_LATE_4711_99887_01_iris_baselines-1.ipynb", "lovelaceada", ""),
        ("ada_01_iris_baselines.ipynb", "ada", ""),
        ("01_iris_baselines - ada.ipynb", "ada", ""),
        ("ada 01_iris_baselines (1).ipynb", "ada", ""),
        ("ada_01_iris_baselines - Copy.ipynb", "ada", ""),
        ("ada_01_iris_baselines-Copy1.ipynb", "ada", ""),
        ("Copy of 01_iris_baselines - ada.ipynb", "ada", ""),
        ("01_iris_baselines (1).ipynb", "01_iris_baselines (1)", ""),
        ("\u5c71\u7530\u3000\u592a\u90ce/a.ipynb", "\u5c71\u7530\u3000\u592a\u90ce", ""),
        (
            "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627/a.ipynb",
            "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
            "",
        ),
        ("ada.ipynb", "ada", ""),
        ("01_iris_baselines.ipynb", "01_iris_baselines", ""),
    ],
)
def test_the_student_is_in_the_path(path, student, number):
    assert owner_of(PurePosixPath(path), STEMS) == (student, number)


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return content.getvalue()


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def faults_of(folder: Path) -> dict[str, str]:
    return {s.owner.student: s.fault for s in find_submissions(folder, STEMS)}


def test_notebooks_are_found_in_folders_and_archives(tmp_path):
    write(tmp_path / "a" / "x.ipynb", notebook_of(RIGHT))
    write(tmp_path / "b" / "work.zip", packed(**{"deep/x.ipynb": notebook_of(RIGHT)}))
    write(tmp_path / "b" / ".ipynb_checkpoints" / "x.ipynb", b"old")
    write(tmp_path / "c" / "essay.pdf", b"no notebook")
    found = find_submissions(tmp_path)
    assert [(s.owner.student, s.name, s.lesson) for s in found] == [
        ("a", "a/x.ipynb", "01"),
        ("b", "b/work.zip/deep/x.ipynb", "01"),
    ]
    assert found[0].cells[0].source == RIGHT


def test_the_export_of_a_class_is_read_from_its_archive(tmp_path):
    files = {
        "Ada_1_assignsubmission_file/x.ipynb": notebook_of(RIGHT),
        "Bob_2_assignsubmission_file/x.zip": packed(**{"y.ipynb": notebook_of(RIGHT)}),
        "Eve_3_assignsubmission_file/x.zip": packed(**{"../../y.ipynb": notebook_of(RIGHT)}),
    }
    path = write(tmp_path / "class.zip", packed(**files))
    for place in (path, tmp_path):
        found = {s.owner: s.fault for s in find_submissions(place)}
        assert [(owner.moodle, bool(fault)) for owner, fault in found.items()] == [
            ("1", False),
            ("2", False),
            ("3", True),
        ]


@pytest.mark.parametrize(
    "name", ["../x.ipynb", "a/../../x.ipynb", "/x.ipynb", "..\\x.ipynb", "C:x"]
)
def test_an_archive_with_a_name_that_leads_out_is_refused_whole(tmp_path, name):
    write(tmp_path / "eve" / "x.zip", packed(**{"good.ipynb": notebook_of(RIGHT), name: b"x"}))
    write(tmp_path / "ada" / "x.ipynb", notebook_of(RIGHT))
    before = sorted(tmp_path.parent.rglob("*"))
    found = faults_of(tmp_path)
    assert "leads out of its folder" in found["eve"]
    assert found["ada"] == ""
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_links_are_not_followed(tmp_path):
    secret = write(tmp_path / "secret" / "x.ipynb", notebook_of(RIGHT))
    folder = tmp_path / "class"
    write(folder / "ada" / "x.ipynb", notebook_of(RIGHT))
    (folder / "eve").mkdir()
    (folder / "eve" / "x.ipynb").symlink_to(secret)
    (folder / "mallory").symlink_to(secret.parent)
    link = zipfile.ZipInfo("x.ipynb")
    link.external_attr = 0o120777 << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(link, str(secret))
    write(folder / "oscar" / "x.zip", content.getvalue())
    found = faults_of(folder)
    assert found.pop("ada") == ""
    assert set(found) == {"eve", "mallory", "oscar"}
    assert all("symbolic link" in fault for fault in found.values())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hold_up_the_reading(tmp_path):
    (tmp_path / "eve").mkdir()
    os.mkfifo(tmp_path / "eve" / "x.ipynb")
    assert faults_of(tmp_path) == {"eve": "it is not a file"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"cells": 3}',
        b'{"cells": [{}]}',
        b'{"cells": [{"cell_type": "code", "source": 3}]}',
        b'{"worksheets": []}',
        b'{"cells": [{"cell_type": "code", "source": [{}]}]}',
    ],
)
def test_a_broken_notebook_is_told(tmp_path, content):
    write(tmp_path / "eve" / "01_iris_baselines.ipynb", content)
    (found,) = find_submissions(tmp_path, STEMS)
    assert found.fault == "it is not a whole notebook"
    assert found.lesson == "01"


def test_a_damaged_archive_and_a_bomb_are_told(tmp_path, monkeypatch):
    good = packed(**{"x.ipynb": notebook_of(RIGHT)})
    write(tmp_path / "ada" / "x.zip", good[:-30])
    write(tmp_path / "bob" / "x.zip", packed(**{"x.txt": b"no notebook"}))
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    write(tmp_path / "eve" / "x.zip", packed(**{"x.ipynb": b" " * 2000}))
    assert all(faults_of(tmp_path).values())


def test_a_notebook_full_of_prints_is_too_large(tmp_path):
    write(tmp_path / "eve" / "x.ipynb", b'{"cells": [], "x": "' + b"x" * archives.MOST_BYTES)
    assert faults_of(tmp_path) == {"eve": "it has more than 20 MB"}


def test_the_latest_of_several_counts(tmp_path):
    for name, time in (("new", 2e9), ("old", 1e9)):
        path = write(tmp_path / "ada" / f"{name}.ipynb", notebook_of(RIGHT, name))
        os.utime(path, (time, time))
    kept, older = latest_of_each(find_submissions(tmp_path))
    assert [s.name for s in kept] == ["ada/new.ipynb"]
    assert "latest of 2" in kept[0].note
    assert [s.name for s in older] == ["ada/old.ipynb"]


def test_nothing_to_grade_is_told(tmp_path):
    with pytest.raises(CourseError, match="no notebook"):
        find_submissions(tmp_path)
    with pytest.raises(CourseError, match="no folder"):
        find_submissions(tmp_path / "absent")


def test_names_that_are_no_text_are_written_with_question_marks(tmp_path):
    strange = os.fsdecode(b"e\xffve\x1b[2J")
    try:
        (tmp_path / strange).mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")
    write(tmp_path / strange / "x.ipynb", notebook_of(RIGHT))
    (found,) = find_submissions(tmp_path)
    assert found.owner.student == "e?ve?[2J"
    assert not found.fault


def students_in(folder: Path) -> list[str]:
    return [s.owner.student for s in find_submissions(folder, STEMS)]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["class/ada/a.ipynb", "class/bob/b.ipynb", "class/eve/c.ipynb"], ["ada", "bob", "eve"]),
        (["out/in/ada/a.ipynb", "out/in/bob/a.ipynb", "out/in/e/a.ipynb"], ["ada", "bob", "e"]),
        ([f"class/{s}_01_iris_baselines.ipynb" for s in "abc"], ["a", "b", "c"]),
        (["class/Ada_1_assignsubmission_file/a.ipynb"], ["Ada"]),
        (["class/leeann_1_7_a.ipynb", "class/wubo_2_8_a.ipynb"], ["leeann", "wubo"]),
        (["ada/old/a.ipynb", "ada/new/a.ipynb"], ["ada", "ada"]),
        (["ada/a.ipynb", "ada/b.ipynb", "ada/c.ipynb"], ["ada"] * 3),
        (["leewei_1_7_a.ipynb", "leewei_2_8_a.ipynb"], ["leewei 1", "leewei 2"]),
        (
            [f"Participant_{n}_assignsubmission_file/a.ipynb" for n in (1, 2)],
            ["Participant 1", "Participant 2"],
        ),
    ],
)
def test_everybody_of_a_class_is_told_apart(tmp_path, names, students):
    for name in names:
        write(tmp_path / "in" / name, notebook_of(RIGHT))
    files = {name: notebook_of(RIGHT) for name in names}
    archive = write(tmp_path / "class.zip", packed(**files))
    assert students_in(tmp_path / "in") == students_in(archive) == students


def test_a_file_that_cannot_be_read_does_not_stop_the_class(tmp_path, monkeypatch):
    files = {"ada/x.ipynb": notebook_of(RIGHT), "eve/x.ipynb": b" " * 20_000}
    monkeypatch.setattr(archives, "MOST_BYTES", 10_000)
    path = write(tmp_path / "class.zip", packed(**files))
    found = {s.owner.student: s.fault for s in find_submissions(path)}
    assert found == {"ada": "", "eve": "a file has more than 0 MB"}


def test_an_archive_with_a_damaged_name_does_not_stop_the_class(tmp_path):
    content = packed(**{"\u00e9.ipynb": notebook_of(RIGHT)})
    write(tmp_path / "eve" / "x.zip", content.replace("\u00e9".encode(), b"\xff\xfe"))
    write(tmp_path / "ada" / "x.ipynb", notebook_of(RIGHT))
    found = faults_of(tmp_path)
    assert found["ada"] == ""
    assert "cannot be read" in found["eve"]


def test_names_are_read_as_macos_and_powershell_write_them(tmp_path):
    files = {
        "M\u00fcller/x.ipynb": notebook_of(RIGHT),
        "ada\\x.ipynb": notebook_of(RIGHT),
        "ada\\.ipynb_checkpoints\\x.ipynb": notebook_of("old"),
    }
    # Without the flag that says that names are UTF-8, in both places where it stands.
    content = packed(**files).replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00")
    found = find_submissions(write(tmp_path / "class.zip", content))
    assert [(s.owner.student, s.name) for s in found] == [
        ("M\u00fcller", "M\u00fcller/x.ipynb"),
        ("ada", "ada/x.ipynb"),
    ]
