"""The budget: one variable, three words, and what a lesson prints about its run."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from gan_utils.budget import VARIABLE, budget, current_budget, describe_run

MINUTES = {"quick": 0.25, "classroom": 2, "full": 30}


@pytest.mark.parametrize(
    ("value", "word"),
    [("quick", "quick"), ("full", "full"), (" Classroom ", "classroom"), ("", "classroom")],
)
def test_the_variable_is_read_each_time(monkeypatch, value, word):
    monkeypatch.setenv(VARIABLE, value)
    assert current_budget() == word
    assert budget(quick="quick", classroom="classroom", full="full") == word


def test_without_the_variable_it_is_classroom(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert budget(quick=1, classroom=40, full=100) == 40


def test_another_word_is_named_with_the_known_ones(monkeypatch):
    monkeypatch.setenv(VARIABLE, "fast")
    with pytest.raises(ValueError, match=r"'fast' is not a budget.*quick, classroom, full"):
        budget(quick=1, classroom=40, full=100)


def test_a_run_is_described(monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE, "quick")
    describe_run("02", minutes=MINUTES, packages=("numpy", "no-such-package"))
    device, versions, spend, speed = capsys.readouterr().out.splitlines()
    assert device.startswith("Lesson 02 on ")
    python = ".".join(map(str, sys.version_info[:3]))
    assert versions == f"Python {python}, numpy {np.__version__}, no-such-package (not installed)"
    minutes = re.fullmatch(rf"Budget: quick \({VARIABLE}\), about ([\d.]+) min here", spend)[1]
    times = re.fullmatch(r"\(minutes of the stored run x ([\d.]+), by a short test of .*", speed)[1]
    assert float(minutes) == pytest.approx(0.25 * float(times), abs=0.05 + 0.25 * 0.05)


def test_describing_a_run_loads_nothing_heavy(python_path):
    code = (
        "import sys; from gan_utils.budget import describe_run\n"
        f"describe_run('01', minutes={MINUTES!r})\n"
        "sys.exit(str([m for m in ('tensorflow', 'torch', 'pandas') if m in sys.modules]))"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=python_path, capture_output=True, text=True, check=False)
    assert ran.stderr.strip() == "[]"
    assert f"CPU, {os.cpu_count()} cores" in ran.stdout


def test_a_lesson_on_tensorflow_loads_it_without_a_word(python_path):
    """Then a plain ``import tensorflow`` in a later cell says nothing either."""
    code = (
        "from gan_utils.budget import describe_run\n"
        f"describe_run('02', minutes={MINUTES!r}, packages=['keras'])\n"
        "import tensorflow, keras"
    )
    loud = {name: value for name, value in python_path.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=loud, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
