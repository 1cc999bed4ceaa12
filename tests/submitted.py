"""Notebooks as students hand them in, for the tests of the grading."""

import json
from pathlib import Path

import pytest

from gan_utils.course import notebooks
from gan_utils.course.grading.lessons import Lesson, read_lesson
from gan_utils.course.grading.sandbox import NoSandbox, find_sandbox

LESSONS = notebooks.find_notebooks(Path(__file__).parents[1])

#: Right answers to 01.1 and 01.2.
RIGHT = """
def precision_and_recall(matrix, k):
    hits = matrix[k, k]
    return hits / matrix[:, k].sum(), hits / matrix[k, :].sum()
"""
RATIOS = "mean_ratio, run_ratio = 0.5, 1.0"


def lesson(number: str) -> Lesson:
    """Read one of the course's lessons."""
    (path,) = (path for path in LESSONS if path.name.startswith(number))
    return read_lesson(path)


def notebook_of(*sources: str, asks: str = "01.1") -> bytes:
    """Make a notebook of code cells; the last one shows which lesson it is."""
    cells = [_cell(f"own-{place}", source) for place, source in enumerate(sources)]
    cells.append(_cell("asks", f'check("{asks}", answer)'))
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()


def _cell(name: str, source: str) -> dict:
    return {"cell_type": "code", "id": name, "source": source, "metadata": {}, "outputs": []}


def why_no_sandbox() -> str:
    """Say why there is no sandbox here; empty if there is one."""
    try:
        find_sandbox()
    except NoSandbox as fault:
        return str(fault)
    return ""


needs_sandbox = pytest.mark.skipif(bool(why := why_no_sandbox()), reason=why or "there is one")
