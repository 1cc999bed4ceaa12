"""Tiny notebooks, real kernels: what runs, what fails, and what is said about it."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gan_utils.__main__ import main
from gan_utils.course import notebooks, report, runner, side_by_side, store

HEADLINE = 'print("headline | accuracy | 0.931 | 0.900 to 0.955 | 20 runs")'
SETUP = 'describe_run = dict\ndescribe_run(minutes={"quick": 0.5, "classroom": 1, "full": 2})'


def tagged(source: str, *tags: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags)})


def write_checkout(root: Path, **cells: list[nbformat.NotebookNode]) -> Path:
    """Write a course of tiny notebooks."""
    (root / "notebooks").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "tiny"\n')
    for name, content in cells.items():
        nbformat.write(new_notebook(cells=content), root / "notebooks" / f"{name}.ipynb")
    return root


GOOD = [
    new_markdown_cell("# Good"),
    tagged(SETUP, "setup"),
    new_code_cell("import os\nblock = b'x' * (80 * 2**20)\nprint(os.environ['GAN_UTILS_BUDGET'])"),
    tagged(HEADLINE, "headline"),
]
BAD = [new_code_cell("x = 1"), new_code_cell("1 / 0"), new_code_cell("print('never')")]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[runner.Run], str]:
    root = write_checkout(tmp_path_factory.mktemp("course"), a_bad=BAD, b_good=GOOD)
    stream = io.StringIO()
    runs = report.run_course(root, budget="quick", output=root / "build", stream=stream)
    return root, runs, stream.getvalue()


def test_a_failure_is_named_and_the_others_still_run(course):
    _, (bad, good), said = course
    assert (bad.ok, bad.cell, bad.error) == (False, 2, "ZeroDivisionError: division by zero")
    assert good.ok
    assert "FAILED in cell 2 of 3" in said
    assert "1 of 2 FAILED" in said


def test_the_table_has_seconds_memory_and_headlines(course):
    _, (_, good), said = course
    assert re.search(r"b_good +\d+\.\d +\d+ MiB  ok", said)
    assert "accuracy  0.931  0.900 to 0.955, 20 runs" in said
    assert good.peak_bytes > 80 * 2**20
    assert 0 < good.seconds < 60


def test_progress_names_the_notebook_and_estimates(course):
    _, _, said = course
    assert re.search(r"2 notebooks, budget quick, about \d\d:\d\d", said)
    assert "[2/2] b_good  starts" in said


def test_results_are_written_whole(course):
    root, _, _ = course
    names = sorted(path.name for path in (root / "build").iterdir())
    assert names == ["a_bad.html", "a_bad.ipynb", "b_good.html", "b_good.ipynb"]
    assert "quick" in (root / "build" / "b_good.html").read_text(encoding="utf-8")
    assert notebooks.read(root / "build" / "a_bad.ipynb").cells[1].outputs[0].ename
    assert not notebooks.read(root / "notebooks" / "b_good.ipynb").cells[2].outputs


def test_quick_runs_two_at_a_time_and_returns_them_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    meet = """import pathlib, time
pathlib.Path("{mine}").touch()
while not pathlib.Path("{other}").exists():
    time.sleep(0.05)"""
    cells = {mine: [new_code_cell(meet.format(mine=mine, other=o))] for mine, o in ("ab", "ba")}
    stream = io.StringIO()
    runs = report.run_course(write_checkout(tmp_path, **cells), budget="quick", stream=stream)
    assert [(run.path.stem, run.ok) for run in runs] == [("a", True), ("b", True)]
    whole = float(re.search(r"all together +([\d.]+)", stream.getvalue())[1])
    assert whole < sum(run.seconds for run in runs)


@pytest.mark.parametrize(("budget", "cores", "n"), [("quick", 1, 1), ("classroom", 8, 1)])
def test_other_runs_have_the_machine_for_themselves(monkeypatch, budget, cores, n):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert side_by_side.at_once(budget) == n


def test_the_exit_status_tells(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_checkout(tmp_path / "c", bad=BAD, good=[new_code_cell("1")]))
    assert main(["course", "--budget", "quick"]) == 1
    assert main(["course", "--budget", "quick", "--only", "good", "--output", "out"]) == 0
    assert Path("out/good.html").is_file()
    assert "build" in capsys.readouterr().out


def test_a_notebook_that_is_no_notebook_fails_alone(tmp_path):
    root = write_checkout(tmp_path / "c", good=[new_code_cell("1")])
    (root / "notebooks" / "cut.ipynb").write_text('{"cells": [')
    cut, good = report.run_course(root, budget="quick", stream=io.StringIO())
    assert good.ok
    assert "cut.ipynb is not a whole notebook" in cut.error


def test_a_dead_kernel_is_a_failure(tmp_path):
    root = write_checkout(tmp_path / "c", dead=[new_code_cell("import os\nos._exit(1)")])
    run = runner.run_notebook(root / "notebooks" / "dead.ipynb", budget="quick")
    assert "kernel died" in run.error


def test_a_notebook_runs_in_its_own_folder(tmp_path):
    cell = new_code_cell("from pathlib import Path\nPath.cwd().name")
    root = write_checkout(tmp_path / "c", here=[cell])
    run = runner.run_notebook(root / "notebooks" / "here.ipynb", budget="quick")
    assert run.notebook.cells[0].outputs[0].data["text/plain"] == "'notebooks'"


def test_expected_seconds_come_from_the_setup_cell(tmp_path):
    root = write_checkout(tmp_path / "c", good=GOOD, bad=BAD)
    assert runner.expected_seconds(root / "notebooks" / "good.ipynb", "full") == 120
    assert runner.expected_seconds(root / "notebooks" / "bad.ipynb", "full") is None


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_leaves_no_kernel_and_no_half_written_file(tmp_path, python_path):
    slow = [new_code_cell("import time\ntime.sleep(100)")]
    root = write_checkout(tmp_path / "c", **dict.fromkeys("abc", slow))
    command = [sys.executable, "-m", "gan_utils", "course", "--budget", "quick"]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=python_path,
        stderr=subprocess.PIPE,
        # Where the tests are a shell's background job, it has set SIGINT to be ignored for them.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    kernels = wait_for_child(process.pid)
    process.send_signal(signal.SIGINT)
    assert "Stopped." in process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130
    assert not any(kernel.is_running() for kernel in kernels)
    assert not list(root.rglob("*.part"))


def wait_for_child(pid: int, seconds: float = 30) -> list[psutil.Process]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        children = psutil.Process(pid).children(recursive=True)
        if children:
            time.sleep(1)
            return children
        time.sleep(0.1)
    raise TimeoutError("no kernel was started")


def test_store_writes_clean_outputs_back(tmp_path):
    root = write_checkout(tmp_path / "c", good=GOOD)
    (run,) = store.store(root, stream=io.StringIO())
    path = root / "notebooks" / "good.ipynb"
    kept = notebooks.read(path)
    assert run.ok
    assert kept.cells[2].outputs[0].text == "classroom\n"
    assert set(kept.metadata) == {"kernelspec", "language_info"}
    assert kept.cells[3].metadata == {"tags": ["headline"]}
    assert store.stored_faults(path) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [("1 / 0", "ZeroDivisionError"), ("import sys\nprint('oh', file=sys.stderr)", "a warning: oh")],
)
def test_store_refuses_a_run_that_is_not_clean(tmp_path, source, reason):
    root = write_checkout(tmp_path / "c", bad=[new_code_cell(source)])
    before = (root / "notebooks" / "bad.ipynb").read_bytes()
    (run,) = store.store(root, stream=io.StringIO())
    assert reason in run.error
    assert (root / "notebooks" / "bad.ipynb").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["course", "--only", "99"], "no notebook begins with '99'. There are: good."),
        (["course", "--only", ""], "no notebook begins with"),
        (["fetch"], "name the data sets, or give --all"),
        (["fetch", "nonsense"], "no data set 'nonsense'"),
        (["repoint", "nonsense"], "is not an address"),
        (["student", "notebooks"], "run this in a whole copy of the course"),
    ],
)
def test_errors_are_one_line(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(write_checkout(tmp_path / "c", good=GOOD))
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_word_that_is_no_budget_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_checkout(tmp_path / "c", good=GOOD))
    monkeypatch.setenv("GAN_UTILS_BUDGET", "huge")
    assert main(["course"]) == 2
    assert "'huge' is not a budget" in capsys.readouterr().err


def test_no_checkout_is_said(tmp_path):
    with pytest.raises(notebooks.CourseError, match="no notebooks here"):
        notebooks.find_checkout(tmp_path)


def test_os_errors_have_no_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_checkout(tmp_path / "c", good=[new_code_cell("1")]))
    Path("taken").write_text("a file")
    assert main(["course", "--budget", "quick", "--output", "taken" + os.sep + "deeper"]) == 2
    assert capsys.readouterr().err.startswith("gan_utils course: ")
