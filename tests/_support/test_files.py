"""Files are written whole or not at all, at the place that was meant."""

from pathlib import Path

import pytest

from gan_utils._support.files import in_home, new_file, replacing, write_text


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder, and another one to work in."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_tilde_is_the_home_folder(home):
    write_text("~/new/notes.txt", "one")
    assert (home / "new" / "notes.txt").read_text() == "one"
    assert not list(home.with_name("work").iterdir())


def test_a_name_that_only_begins_with_a_tilde_is_kept(home):
    write_text("~draft.txt", "one")
    assert in_home("~draft.txt").read_text() == "one"
    assert [file.name for file in Path().iterdir()] == ["~draft.txt"]


@pytest.mark.parametrize(("path", "words"), [("", "path is empty"), (".", "'.' is a folder")])
def test_a_path_that_is_no_file_is_refused_before_the_work(path, words):
    with pytest.raises(ValueError, match=words), replacing(path):
        pytest.fail("the work has begun")


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    longest = tmp_path / ("x" * 255)
    write_text(longest, "one")
    assert longest.read_text() == "one"
    with pytest.raises(OSError, match="x" * 256):
        new_file(tmp_path / ("x" * 256))
