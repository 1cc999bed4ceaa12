"""The data folder: where it is, what comes with the course, and files that are written whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from gan_utils.__main__ import main
from gan_utils._support.files import replacing, write_text
from gan_utils.datasets import folder, registry

FILE = registry.SCREENTIME_FILE


def test_the_variable_names_the_data_folder(data_folder):
    assert folder.data_folder() == data_folder
    assert not data_folder.exists()


def test_without_the_variable_it_is_the_users_cache(monkeypatch):
    monkeypatch.delenv("GAN_UTILS_DATA", raising=False)
    assert folder.data_folder().name == "gan_utils"


def test_a_copy_that_was_handed_out_has_its_data(tmp_path, monkeypatch):
    monkeypatch.delenv("GAN_UTILS_DATA", raising=False)
    monkeypatch.setattr(folder, "_PACKAGE", tmp_path / "gan_utils")
    assert folder.data_folder().name == "gan_utils"
    (tmp_path / "data" / "fetched").mkdir(parents=True)
    assert folder.data_folder() == tmp_path / "data" / "fetched"
    monkeypatch.setenv("GAN_UTILS_DATA", str(tmp_path / "own"))
    assert folder.data_folder() == tmp_path / "own"


def test_importing_it_warns_nothing_and_loads_no_pooch(python_path):
    code = "import gan_utils.datasets.folder, sys; sys.exit('pooch' in sys.modules)"
    command = [sys.executable, "-W", "error", "-c", code]
    ran = subprocess.run(command, env=python_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_file_in_place_of_the_cache_is_named(tmp_path, monkeypatch):
    (tmp_path / "cache").touch()
    monkeypatch.delenv("GAN_UTILS_DATA", raising=False)
    monkeypatch.setattr(folder, "_handed_out", lambda: None)
    monkeypatch.setattr(folder, "_cache", lambda: tmp_path / "cache")
    with pytest.raises(NotADirectoryError, match=r"cache is a file. Move it, or set"):
        folder.data_folder()


def test_a_file_is_no_data_folder(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_UTILS_DATA", str(tmp_path / "file"))
    with pytest.raises(NotADirectoryError, match="is a file"):
        folder.data_folder()


def test_shipped_files_are_found():
    assert folder.shipped(FILE).is_file()


@pytest.mark.parametrize("name", ["", "../LICENSE", "a/b.csv", "a\\b.csv"])
def test_shipped_takes_plain_names_only(name):
    with pytest.raises(ValueError, match="not a plain file name"):
        folder.shipped(name)


def test_shipped_says_what_there_is():
    with pytest.raises(FileNotFoundError, match=FILE):
        folder.shipped("no_such_file.csv")


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replacing(path) as part:
        part.write_text("half")
        raise RuntimeError("killed")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """What needs a network is left out here: tests/datasets have it."""
    for name in set(registry.REGISTRY) - {"iris", "screentime"}:
        monkeypatch.delitem(registry.REGISTRY, name)


def test_fetch_all_fills_an_empty_folder(data_folder, capsys):
    assert main(["fetch", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(registry.REGISTRY)
    assert all(line.startswith("ok ") for line in lines)
    assert (data_folder / FILE).read_bytes() == folder.shipped(FILE).read_bytes()


def test_fetch_keeps_what_is_right(data_folder, capsys):
    main(["fetch", "screentime"])
    before = (data_folder / FILE).stat().st_mtime_ns
    assert main(["fetch", "screentime"]) == 0
    assert (data_folder / FILE).stat().st_mtime_ns == before
    assert "already in" in capsys.readouterr().out


def test_fetch_replaces_a_damaged_file_and_keeps_it_aside(data_folder, capsys):
    data_folder.mkdir()
    (data_folder / FILE).write_text("Date,App\n2024-08-01,Saf")
    assert main(["fetch", "screentime"]) == 0
    assert f"now {FILE}.old" in capsys.readouterr().out
    assert (data_folder / FILE).read_bytes() == folder.shipped(FILE).read_bytes()
    assert (data_folder / f"{FILE}.old").read_text().endswith("Saf")


def test_one_that_fails_is_named_and_the_others_are_fetched(data_folder, monkeypatch, capsys):
    def obtain(path: Path) -> None:
        raise OSError("no network")

    broken = registry.DataSet("broken", lambda path: "", "broken.txt", obtain)
    monkeypatch.setitem(registry.REGISTRY, "broken", broken)
    assert main(["fetch", "--all"]) == 1
    said = capsys.readouterr().out
    assert "FAIL broken: no network" in said
    assert "ok   screentime" in said
    assert not (data_folder / "broken.txt").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GAN_UTILS_DATA", str(tmp_path / "file" / "below"))
    assert main(["fetch", "screentime"]) == 1
    assert "FAIL screentime" in capsys.readouterr().out
