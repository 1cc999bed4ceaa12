"""A checkout of one tiny lesson."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

#: Hardly 180 words, and 90 minutes have room for more.
NOTES = """# Lesson 01: a tiny one

## Mistake: the mean of `nothing`

**What they do.** They take the mean of an empty list.

**A question that shows it.** What is the mean of no numbers?

**A good answer.** There is none.

## If time is short

Leave out section 2.
"""

SOURCES = (
    ("Makefile", "lab:\n"),
    ("LICENSE", "MIT"),
    ("LICENSE-text", "CC BY"),
    ("constraints.txt", "numpy==2.0\n"),
    ("environment.yml", "name: tiny\n"),
    ("pyproject.toml", '[project]\nname = "tiny"\n'),
    ("README.md", "The course, with its solutions."),
    ("image/a.png", "a picture"),
    ("data/README.md", "cards"),
    ("data/make_screentime.py", "pass\n"),
    ("data/screentime_analysis.csv", "Date\n"),
    ("data/grades.csv", "Ada,1\n"),
    ("tests/conftest.py", "pass\n"),
    ("tests/nbval_sanitize.cfg", ""),
    ("tests/startup.py", "pass\n"),
    ("tests/test_answers.py", "assert right == 6 * 7\n"),
    ("docs/teaching/01.md", NOTES),
    ("gan_utils/__init__.py", ""),
    ("gan_utils/course/__init__.py", ""),
    ("gan_utils/course/exercises/lesson_01.py", "CHECKS = {}\n"),
    ("gan_utils/course/grading/grader.py", "pass\n"),
    ("gan_utils/course/kit/student.py", "pass\n"),
)


def code(source: str, *tags: str, **said: str) -> nbformat.NotebookNode:
    """Make a cell that was run, and printed something."""
    outputs = [new_output("stream", text=text) for text in said.values()]
    return new_code_cell(source, metadata={"tags": list(tags)}, outputs=outputs, execution_count=1)


def tiny_lesson() -> nbformat.NotebookNode:
    """Make a lesson of two sections, with an exercise in the second one."""
    setup = 'describe_run("01", minutes={"quick": 0.1, "classroom": 2.0, "full": 9})'
    cells = [
        new_markdown_cell("# Lesson 01: a tiny one\n\n" + 88 * "word " + "\n\n## 1. The game"),
        code(setup, "setup", "nbval-ignore-output", said="on CPU"),
        code("print(6)", said="6\n"),
        new_markdown_cell("## 2. Work <span>hidden</span>\n\n```\n## no heading\n```\n"),
        code("train()", "nbval-ignore-output", said="0.5"),
        code("answer = ...", "exercise", said="the teacher's own try"),
        code('check("01.1", answer=answer)', "check", said="01.1  not attempted yet"),
        code("# @title Solution 01.1\nanswer = 6 * 7  # the secret", "solution", said="42"),
        new_markdown_cell("## Quiz"),
        code('display_quiz("#quiz_01")', "quiz", "nbval-ignore-output"),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "mine", "display_name": "x"}})


@pytest.fixture
def lesson() -> nbformat.NotebookNode:
    return tiny_lesson()


@pytest.fixture
def checkout(tmp_path: Path, lesson: nbformat.NotebookNode) -> Path:
    folder = tmp_path / "checkout"
    for name, text in SOURCES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "notebooks").mkdir()
    nbformat.write(lesson, folder / "notebooks" / "01_a.ipynb")
    return folder
