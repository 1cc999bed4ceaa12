"""Every number of a lesson's prose stands in what its cells print."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gan_utils.course import notebooks
from gan_utils.course.prose import prose_numbers, unfound_numbers

LESSONS = notebooks.find_notebooks(Path(__file__).parents[2])
IN_LESSONS = re.compile(r"[Ll]essons? \d\d(?:(?:, | to | and )\d\d)*")


def lesson(prose: str, printed: str = "", code: str = "pass", tag: str = "plain"):
    """Make a notebook of one text and one cell that printed something."""
    outputs = [new_output("stream", text=printed)]
    cell = new_code_cell(code, outputs=outputs, metadata={"tags": [tag]})
    return new_notebook(cells=[new_markdown_cell(prose), cell])


def unfound(*parts, **options) -> list[str]:
    return [one.number for one in unfound_numbers(lesson(*parts, **options))]


@pytest.mark.parametrize(
    ("prose", "printed"),
    [
        ("Recall is 0.94.", "recall 0.9438"),
        ("It finds 94 % of them", "recall 0.9438"),
        ("It finds 94.4% of them", "recall 94.38"),
        ("There are 12,340 rows.", "12340 rows"),
        ("It loses 0.5 points, from -0.2 to \u22120.3", "0.5 -0.2 -0.3"),
        ("The step is 1e-3.", "0.001"),
        ("Between 3 and 5 of them.", "3 5"),
    ],
)
def test_what_a_cell_printed_is_found(prose, printed):
    assert unfound(prose, printed) == []
    assert len(unfound(prose, "nothing")) == len(prose_numbers(prose)) > 0


@pytest.mark.parametrize(
    ("prose", "printed", "missing"),
    [
        ("Recall is 0.95.", "recall 0.9438", ["0.95"]),
        ("It finds 95 % of them", "recall 0.9438", ["95 %"]),
        ("Recall 0.940, precision 0.9.", "0.9438 0.9", ["0.940"]),
        ("1,000 rows", "100 rows", ["1,000"]),
    ],
)
def test_what_no_cell_printed_is_listed(prose, printed, missing):
    assert unfound(prose, printed) == missing


def test_a_setting_may_stand_in_the_code_but_a_result_may_not_stand_in_a_solution():
    assert unfound("Over 20 seeds", code="SEEDS = range(20)") == []
    assert unfound("1,500 steps", code="STEPS = 1_500") == []
    assert unfound("It is 20 %", code="SEEDS = range(20)") == ["20 %"]
    assert unfound("It is 0.7.", "0.7", tag="solution") == ["0.7"]


@pytest.mark.parametrize(
    "text",
    [
        "$0.5$ and $$x = 0.5$$",
        "`alpha=0.5`",
        "```python\nx = 0.5\n```",
        "[a paper](https://arxiv.org/abs/1610.06545)",
        "## 5. Half of 0.5",
        "1. first\n2. second",
        "**01.3** Write it",
        "as in lessons 03 to 07, and lesson 12 and section 5.1",
        "Lopez-Paz and Oquab (2017), and Shannon in 1948.",
        '<span id="q" style="display:none">0.5</span> and <img width="300">',
        "**Time:** about 75 minutes, of which the machine takes 0.7",
        "## References\n- Vol. 45, 1--12",
    ],
)
def test_what_is_no_result_is_passed_over(text):
    assert prose_numbers(text) == []


def test_an_unfound_number_is_shown_with_its_words():
    (one,) = unfound_numbers(lesson("The recall rose to 0.97 for virginica."))
    assert (one.cell, one.number) == (0, "0.97")
    assert one.words == "The recall rose to 0.97 for virginica."


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_every_rounding_of_a_printed_number_is_found(value, decimals):
    said = f"It is {value:,.{decimals}f}."
    assert unfound(said, f"{value:.8f}") == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_prose_tells_what_the_cells_show(path):
    unfound_ones = unfound_numbers(notebooks.read(path))
    found = [f"cell {one.cell}: {one.number} in: {one.words}" for one in unfound_ones]
    assert found == []


def blocks_of_results(root: Path) -> list[tuple[str, list[Path]]]:
    """List the paragraphs and tables of the README's results, and the files that they come from.

    A block comes from the lessons and benchmarks that it names, or, where it names none, from those
    of the block above.
    """
    text = (root / "README.md").read_text(encoding="utf-8")
    text = text.partition("\n## Results\n")[2].partition("\n## ")[0]
    blocks, sources = [], []
    for block in text.split("\n\n"):
        if block.lstrip().startswith("!["):  # says what a picture shows
            continue
        numbers = [n for found in IN_LESSONS.findall(block) for n in re.findall(r"\d\d", found)]
        named = [path for path in LESSONS if path.name[:2] in numbers]
        named += [root / "benchmarks" / "README.md"] * ("benchmarks/" in block)
        sources = named or sources
        blocks.append((block, sources))
    return blocks


def test_the_numbers_of_the_readme_stand_in_what_they_come_from(root):
    blocks = blocks_of_results(root)
    assert sum(len(prose_numbers(block)) for block, _ in blocks) > 80
    unfound = [one for block in blocks for one in unfound_in(*block)]
    assert unfound == []


def unfound_in(block: str, sources: list[Path]) -> list[tuple[str, str]]:
    cells = [new_markdown_cell(block)]
    for path in sources:
        if path.suffix == ".md":
            printed = new_output("stream", text=path.read_text(encoding="utf-8"))
            cells.append(new_code_cell("", outputs=[printed]))
        else:
            cells += [c for c in notebooks.read(path).cells if c.cell_type == "code"]
    return [(one.number, one.words) for one in unfound_numbers(new_notebook(cells=cells))]
