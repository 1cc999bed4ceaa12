"""The pages to read: pictures described, solutions folded, a title, formulas left for MathJax."""

import base64
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gan_utils.course import notebooks, report

WORDS = 'Two bars, "real" & <generated>'
NO_WORDS = "No description has been provided for this image"  # nbconvert's own filler


class Page(HTMLParser):
    """Collect pictures, and what lies inside of folded parts."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.folded, self.open, self.title, self.place = [], "", 0, "", ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.place = tag
        self.open += tag == "details"
        if tag == "img":
            self.pictures.append(dict(attributes))

    def handle_endtag(self, tag):
        self.open -= tag == "details"

    def handle_data(self, data):
        self.folded += data if self.open else ""
        self.title += data if self.place == "title" else ""


def picture(path: Path, **metadata) -> nbformat.NotebookNode:
    plt.figure(figsize=(1, 1)).savefig(path)
    plt.close()
    data = {"image/png": base64.b64encode(path.read_bytes()).decode(), "text/plain": "<Figure>"}
    return new_output("display_data", data=data, metadata=metadata)


@pytest.fixture
def page(tmp_path):
    described = new_code_cell("show()", metadata={"tags": ["setup"]})
    described.outputs = [
        picture(tmp_path / "a.png", **{"image/png": {"alt": WORDS, "width": 300}}),
        picture(tmp_path / "b.png"),
    ]
    solution = new_code_cell(
        "# @title Solution 01.1 - open it after trying\nmu = 41 + 1",
        metadata={"tags": ["solution"], "jupyter": {"source_hidden": True}},
        outputs=[new_output("stream", text="the answer is 42\n")],
    )
    text = new_markdown_cell("intro\n\n# Lesson 99: *pages*\n\n$x_1 < y$")
    cells = [text, described, new_code_cell("mu = ..."), solution, new_code_cell("after = 1")]
    return report.to_html(new_notebook(cells=cells), tmp_path)


def test_pictures_keep_their_alternative_text(page):
    described, bare = Page(page).pictures
    assert described["alt"] == WORDS
    assert described["src"].startswith("data:image/png;base64,")
    assert described["width"] == "300"
    assert bare["alt"] == NO_WORDS


def test_solutions_are_folded_with_their_outputs_and_nothing_else_is(page):
    folded = Page(page).folded
    assert folded.strip().startswith("Solution 01.1 - open it after trying")
    assert "41" in folded
    assert "the answer is 42" in folded
    assert "..." not in folded
    assert "after" not in folded.replace("open it after trying", "")


def test_the_page_is_called_as_its_lesson(page):
    assert Page(page).title.strip() == "Lesson 99: *pages*"


def test_formulas_reach_the_page(page):
    assert "$x_1 &lt; y$" in page
    assert "mathjax" in page.lower()


def pictured_or_solution(cell: nbformat.NotebookNode) -> bool:
    """Tell whether a cell shows a picture or is a solution: the others take most of the time."""
    data = [output.get("data", {}) for output in cell.get("outputs", ())]
    drawn = any(kind.startswith("image/") for shown in data for kind in shown)
    texts = [cell.source, *(str(shown.get("text/html", "")) for shown in data)]
    told = any("![" in text or "<img" in text for text in texts)
    return drawn or told or notebooks.SOLUTION in notebooks.tags(cell)


def test_the_courses_own_pages_describe_every_picture_and_fold_every_solution(root):
    for path in notebooks.find_notebooks(root):
        notebook = notebooks.read(path)
        notebook.cells = [notebook.cells[0], *filter(pictured_or_solution, notebook.cells[1:])]
        page = Page(report.to_html(notebook, path.parent))
        assert [p["src"][:40] for p in page.pictures if p.get("alt", NO_WORDS) == NO_WORDS] == [], (
            path.name
        )
        solutions = [c.source for c in notebook.cells if notebooks.SOLUTION in notebooks.tags(c)]
        assert min(len(page.pictures), len(solutions)) > 2, path.name
        for source in solutions:
            assert source.splitlines()[0].removeprefix("# @title ") in page.folded
