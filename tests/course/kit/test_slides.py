"""Slides of the lessons: whole without a network, with every formula, and without solutions."""

import base64
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gan_utils.course.kit import slides
from gan_utils.course.kit.choices import definitions, key_sentences, pages_of_code, with_labels
from gan_utils.course.kit.contents import TEXT, Block, points, sentences, take_apart
from gan_utils.course.kit.cutting import CARD_TITLE, MOST_SLIDES
from gan_utils.course.kit.deck import slides_of
from gan_utils.course.kit.formulas import to_mathml
from gan_utils.course.kit.slides import write_slides
from gan_utils.course.notebooks import CourseError, find_notebooks, read, tags

# Not imported here: Sphinx takes a second, in every process that collects the tests.
if not all(map(importlib.util.find_spec, ("math_core", "sphinx_revealjs"))):
    pytest.skip("the extra `teach` is not installed", allow_module_level=True)

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
#: What loads something from elsewhere: the attributes by tag, and the calls of a style.
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What of a page the tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.words, self.styles, self._open = "", "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open == "style":
            self.styles += data
        elif self._open != "script":
            self.words += data

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]


def tiny_lesson(folder: Path) -> Path:
    """Write a lesson with one of everything."""
    opening = "# Lesson 99: a tiny one\n\nIn short.\n\n1. count to three;\n2. stop."
    lead, follow = "Let $x$ be a row, and $y < x$ another:", "where $t$ is time."
    game = f"## 1. The game\n\n{lead}\n\n$$x_t = \\frac12 y$$\n\n{follow}"
    picture = new_output(
        "display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": "A bar & a line"}}
    )
    table = new_output(
        "execute_result",
        {"text/html": "<style>p {color: red}</style><table><tr><th>a</th></tr></table>"},
    )
    task = "**Exercise 99.1.** Write `double`."
    step = "import os\n\n\ndef train_step(x):\n    with tf.GradientTape():\n        return x < 2\n"
    headline = new_output("stream", text="headline | C2ST, GAN | 0.5 | 0.4 to 0.6 | 4 runs\n")
    cells = [
        new_markdown_cell(opening),
        new_markdown_cell(game),
        new_code_cell("show()", outputs=[picture]),
        new_markdown_cell("It falls. It does so slowly."),
        new_code_cell(step),
        new_markdown_cell(task),
        new_code_cell("double = ...", metadata={"tags": ["exercise"]}),
        new_code_cell("check('99.1', double)", metadata={"tags": ["check"]}),
        new_code_cell("double = secret_solution", metadata={"tags": ["solution"]}),
        new_markdown_cell("## 2. A table\n\nLook at it."),
        new_code_cell("table", outputs=[table]),
        new_code_cell("headlines()", outputs=[headline], metadata={"tags": ["headline"]}),
        new_markdown_cell("## Recap\n\n1. **One.** It counts.\n\n## Quiz\n\nHidden questions."),
    ]
    path = folder / "99_tiny.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> tuple[str, Page]:
    folder = tmp_path_factory.mktemp("tiny")
    write_slides(tiny_lesson(folder), folder / "tiny.html")
    html = (folder / "tiny.html").read_text(encoding="utf-8")
    return html, Page(html)


@pytest.fixture(scope="module")
def lesson_02(root, tmp_path_factory) -> Page:
    path = tmp_path_factory.mktemp("slides") / "02.html"
    (notebook,) = find_notebooks(root, ["02"])
    write_slides(notebook, path)
    return Page(path.read_text(encoding="utf-8"))


def loaded_by(page: Page) -> list[str]:
    """List what a page would load from outside itself."""
    named = [a.get(LOADS[tag]) or "" for tag, a in page.tags if tag in LOADS]
    styled = re.findall(r"(?:@import|url\()\s*[\"']?([^\"');]+)", page.styles)
    return [place for place in named + styled if place and not place.startswith("data:")]


def test_nothing_is_loaded_from_elsewhere(tiny, lesson_02):
    assert loaded_by(tiny[1]) == loaded_by(lesson_02) == []
    assert loaded_by(Page('<script src="https://a.b/c.js"></script>')) == ["https://a.b/c.js"]
    assert not re.search(r"unpkg|cdnjs|jsdelivr|MathJax", tiny[0])


def test_reveal_and_the_notes_are_in_the_file(tiny):
    assert "Reveal.initialize" in tiny[0] and "RevealNotes" in tiny[0]
    assert len(Page(tiny[0]).all("script")) == 3


def test_every_picture_has_alternative_text(tiny, lesson_02):
    assert [image["alt"] for image in tiny[1].all("img")] == ["A bar & a line"]
    assert len(lesson_02.all("img")) == 5
    assert all(len(image["alt"]) > 10 for image in lesson_02.all("img"))


def test_a_picture_without_words_of_its_own_gets_some():
    output = new_output("display_data", {"image/png": PIXEL, "text/plain": "Picture: a cat"})
    assert slides.alternative_text(output) == "Picture: a cat"
    assert slides.alternative_text(new_output("display_data", {"image/png": PIXEL}))


def test_the_name_of_a_figure_is_no_alternative_text():
    data = {"image/png": PIXEL, "text/plain": "<Figure size 640x480 with 1 Axes>"}
    assert "<" not in slides.alternative_text(new_output("display_data", data))


def lesson_with(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    """Write a lesson that somebody else edited."""
    output = new_output("stream", text="1")
    first = [new_markdown_cell("# Lesson 99: mine"), new_code_cell("1", outputs=[output])]
    nbformat.write(new_notebook(cells=[*first, *cells]), folder / "99_mine.ipynb")
    return folder / "99_mine.ipynb"


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image/jpeg", PIXEL), ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'></svg>")],
)
def test_a_picture_of_another_kind_is_shown(tmp_path, kind, content):
    picture = new_code_cell("show()", outputs=[new_output("display_data", {kind: content})])
    write_slides(lesson_with(tmp_path, picture), tmp_path / "a.html")
    (image,) = Page((tmp_path / "a.html").read_text(encoding="utf-8")).all("img")
    kept = content if kind == "image/jpeg" else base64.b64encode(content.encode()).decode()
    assert image["src"] == f"data:{kind};base64,{kept}"


def test_html_in_a_text_does_not_break_the_slides(tmp_path):
    text = "## 1. A\n\nA <b>bold</b> <script>alert(1)</script> word </section></div>. And two.\n\n"
    block = "<script>\nalert(2)\n</script>\n\n<div>\n</aside>\n\nMore <iframe src='x'></iframe>."
    write_slides(lesson_with(tmp_path, new_markdown_cell(text + block)), tmp_path / "a.html")
    html = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert html.count("<section class") == html.count("</section>\n") == 2
    assert len(Page(html).all("script")) == 3
    assert "<b>bold</b>" in html
    assert not re.search(r"<iframe src='x'|alert\(2\)", html)


def test_pictures_that_lie_elsewhere_are_named(tmp_path):
    text = "## 1. A\n\nSee ![a cat](../image/a.png) here. And ![a dog](attachment:b.png) there."
    write_slides(lesson_with(tmp_path, new_markdown_cell(text)), tmp_path / "a.html")
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert page.all("img") == []
    assert "(picture: a cat)" in page.words and "(picture: a dog)" in page.words


@pytest.mark.parametrize("fence", ["```python\n```", "```\n\n   \n```"])
def test_an_empty_block_of_code_has_no_slide(tmp_path, fence):
    stub = new_code_cell("from a import b", metadata={"tags": ["exercise"]})
    task = new_markdown_cell(f"## 1. A\n\nA text.\n\n{fence}\n\n**Exercise 99.1.** Do it.")
    found = slides_of(take_apart(lesson_with(tmp_path, task, stub)))
    assert [slide.kind for slide in found] == ["title", "section", "task"]


def test_a_heading_needs_no_empty_line_before_it(tmp_path):
    cell = new_markdown_cell("A text.\n## Recap\n1. one;\n2. two.")
    lesson = take_apart(lesson_with(tmp_path, cell))
    assert [section.title for section in lesson.sections] == ["", "Recap"]
    assert slides_of(lesson)[-1].kind == "closing"


def test_a_formula_that_comes_twice_keeps_its_own_words(tmp_path):
    parts = [f"## {n}. A\n\nA {n} is $x$ here:\n\n$$x = 1$$" for n in ("first", "second")]
    found = slides_of(take_apart(lesson_with(tmp_path, new_markdown_cell("\n\n".join(parts)))))
    led = [slide.cells[0].source for slide in found if slide.kind == "formula"]
    assert led == ["A first is $x$ here:", "A second is $x$ here:"]


def test_a_tiny_lesson_has_the_slides_that_the_rules_say(tmp_path):
    found = slides_of(take_apart(tiny_lesson(tmp_path)))
    kinds = ["title", "formula", "picture", "model", "task", "section", "table", "table", "closing"]
    assert [slide.kind for slide in found] == kinds
    assert found[4].title == "Your turn: exercise 99.1"
    assert found[7].title == CARD_TITLE
    assert "It does so slowly." in found[2].said[0]
    assert found[4].minutes >= 6 > found[0].minutes


def test_what_a_tiny_lesson_shows(tiny):
    html, page = tiny
    for words in (
        "count to three",
        "def",
        "train_step",
        "Exercise 99.1.",
        "0.4 to 0.6",
        "It falls.",
    ):
        assert words in page.words, words
    assert html.count("<math") >= 4
    assert "&lt; 2" in re.sub("<[^>]*>", "", html)  # the code is escaped
    assert "p {color: red}" not in html
    assert html.count('<aside class="notes">') == html.count("<section") == 9


def test_solutions_and_quizzes_stay_away(tiny, root):
    assert "secret_solution" not in tiny[0]
    assert "Hidden questions" not in tiny[0]


def test_no_solution_of_a_lesson_is_on_its_slides(root, lesson_02):
    (notebook,) = find_notebooks(root, ["02"])
    cells = read(notebook).cells
    shown = {line for cell in cells if "solution" not in tags(cell) for line in lines_in(cell)}
    solved = {line for cell in cells if "solution" in tags(cell) for line in lines_in(cell)}
    secret = {line for line in solved - shown if not line.endswith(":")}
    assert len(secret) > 10
    assert {line for line in secret if line in lesson_02.words} == set()


def lines_in(cell) -> list[str]:
    return [line.strip() for line in cell.source.splitlines() if len(line.strip()) > 12]


def test_the_outcomes_are_on_the_title_slide(root, lesson_02):
    (notebook,) = find_notebooks(root, ["02"])
    outcomes = take_apart(notebook).outcomes
    assert len(outcomes) == 5
    assert all(outcome in lesson_02.words for outcome in outcomes)


def test_the_same_lesson_gives_the_same_bytes(tmp_path):
    lesson = tiny_lesson(tmp_path)
    for name in ("a", "b"):
        write_slides(lesson, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def formulas_in(markdown: str) -> list[str]:
    """Find all formulas of a text, displayed or not; code may hold dollar signs."""
    bare = re.sub(r"```.*?```|`[^`]*`", "", markdown, flags=re.DOTALL)
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", bare, re.DOTALL)]


def all_formulas(root: Path) -> set[str]:
    cells = [cell for path in find_notebooks(root) for cell in read(path).cells]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return {formula for text in texts for formula in formulas_in(text)}


def test_every_formula_of_the_course_becomes_mathml(root):
    found = all_formulas(root)
    assert len(found) > 200
    lost = [formula for formula in found if not to_mathml(formula).startswith("<math")]
    assert lost == []


def test_a_formula_that_cannot_be_drawn_is_seen():
    assert to_mathml(r"\frac{1 < x") == '<code class="latex">\\frac{1 &lt; x</code>'


def test_every_lesson_has_slides_for_a_class(root):
    for path in find_notebooks(root):
        found = slides_of(take_apart(path))
        kinds = [slide.kind for slide in found]
        assert 20 <= len(found) <= MOST_SLIDES, path.name
        assert {"title", "picture", "task", "model", "closing"} <= set(kinds)
        assert [slide.title for slide in found].count(CARD_TITLE) == 1
        code = [c.source for s in found if s.kind == "model" for c in s.cells]
        assert all(len(page.splitlines()) <= 25 for page in code)


def test_the_notes_have_all_the_text_of_a_lesson(root):
    for path in find_notebooks(root, ["02", "07"]):  # the second one is shortened
        lesson = take_apart(path)
        sections = [s for s in lesson.sections if not s.title.startswith(("Quiz", "References"))]
        texts = [b.text for s in sections for b in s.blocks if b.kind == TEXT]
        said = [text for slide in slides_of(lesson) for text in slide.said]
        assert [text for text in texts if text not in said] == []
        assert len(said) == len(set(said))


#: Goes through the slides, and notes how far anything reaches over the edge of its slide.
MEASURE = """
<script>
function measure() {
  const found = [];
  for (let i = 0; i < Reveal.getTotalSlides(); i++) {
    Reveal.slide(i);
    const body = Reveal.getCurrentSlide().querySelector(".body");
    const edge = body.getBoundingClientRect();
    const reach = [...body.querySelectorAll("*")].map((part) => {
      const box = part.getBoundingClientRect();
      return Math.max(box.bottom - edge.bottom, box.right - edge.right, edge.top - box.top);
    });
    found.push([Math.round(Math.max(0, ...reach)), parseFloat(getComputedStyle(body).fontSize)]);
  }
  document.body.dataset.found = JSON.stringify(found);
}
Reveal.isReady() ? measure() : Reveal.on("ready", measure);
</script>
</body>"""


@pytest.mark.parametrize("number", ["03", "07"])  # the first one has the widest tables
def test_nothing_leaves_its_slide_in_a_browser(root, tmp_path, number):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium")
    (notebook,) = find_notebooks(root, [number])
    page = tmp_path / f"{number}.html"
    n_slides = write_slides(notebook, page)
    before, _, after = page.read_text(encoding="utf-8").rpartition("</body>")
    page.write_text(before + MEASURE + after, encoding="utf-8")
    options = "--headless=new --no-sandbox --disable-gpu --window-size=1280,900 --dump-dom"
    options += f" --virtual-time-budget=5000 --user-data-dir={tmp_path / 'profile'}"
    command = [chromium, *options.split(), page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = json.loads(re.search(r'data-found="([^"]*)"', done.stdout)[1])
    assert len(found) == n_slides
    assert max(over for over, _ in found) <= 2
    assert min(size for _, size in found) >= 20


def test_without_outputs_there_are_no_slides(tmp_path):
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Lesson")]), tmp_path / "a.ipynb")
    with pytest.raises(CourseError, match=r"a.ipynb has no outputs. Run it first"):
        write_slides(tmp_path / "a.ipynb", tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists()


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="pip install sphinx-revealjs"):
        write_slides(tiny_lesson(tmp_path), tmp_path / "a.html")
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "math_core", None)
    with pytest.raises(CourseError, match="pip install math-core"):
        write_slides(tiny_lesson(tmp_path), tmp_path / "a.html")


def test_sentences_keep_formulas_and_code_whole():
    text = "See $a. B$ here (e.g. One). **Bold.** `x. Y` follows: Then *what?* At 0.5 it ends."
    assert sentences(text) == [
        "See $a. B$ here (e.g. One).",
        "**Bold.**",
        "`x. Y` follows:",
        "Then *what?*",
        "At 0.5 it ends.",
    ]


def test_labels_keep_their_sentence():
    assert with_labels(["**A fault.**", "It is small.", "**End.**"]) == [
        "**A fault.** It is small."
    ]


def test_points_of_a_list():
    assert points("1. one\n   more\n2. two") == ["one more", "two"]


def test_key_sentences_are_few_and_short():
    text = "First. Second. A **term** is here. " + "Very " * 60 + "long. *Why?*"
    assert key_sentences([Block(TEXT, text)]) == ["First.", "A **term** is here.", "*Why?*"]
    assert key_sentences([Block(TEXT, "First. Second. Third.")]) == ["First.", "Second."]


def test_code_is_split_between_definitions():
    code = "import os\n\n\n@wrap\ndef a():\n    pass\n\n\nclass B:\n    x = 1\n\n\nprint(2)"
    parts = definitions(code)
    assert parts == ["@wrap\ndef a():\n    pass", "class B:\n    x = 1"]
    assert pages_of_code(parts) == ["\n\n".join(parts)]
    assert pages_of_code(parts, most=4) == parts
    assert pages_of_code(parts, most=2) == parts[1:]
    assert definitions("%magic") == []
