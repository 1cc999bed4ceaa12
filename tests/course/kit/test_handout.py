"""Hand-outs: one page, with all outcomes, formulas and the card, the same bytes twice."""

import itertools
import re
import zlib
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from matplotlib.mathtext import MathTextParser
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gan_utils.course.kit import handout
from gan_utils.course.kit.contents import formulas, take_apart
from gan_utils.course.kit.formulas import to_mathtext
from gan_utils.course.kit.handout import HEIGHT, MARGIN, SIZES, WIDTH, write_handout
from gan_utils.course.kit.page_text import PAGE_STYLE, FontRun, lines_of, words_in_markdown
from gan_utils.course.notebooks import CourseError, find_notebooks, read


@pytest.fixture(autouse=True)
def style():
    with mpl.rc_context(PAGE_STYLE):
        yield


def lesson(folder: Path, body: str = "## 1. A\n\nLet $x$ be a row:\n\n$$x = \\tfrac12$$") -> Path:
    headline = new_output("stream", text="headline | C2ST, GAN | 0.5 | 0.4 to 0.6 | 4 runs\n")
    cells = [
        new_markdown_cell("# Lesson 99: tiny\n\n1. count;\n2. stop."),
        new_markdown_cell(body),
        new_code_cell("h()", outputs=[headline], metadata={"tags": ["headline"]}),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "99_tiny.ipynb")
    return folder / "99_tiny.ipynb"


def pages_of(pdf: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf.read_bytes()))


def test_every_lesson_fits_on_its_page(root):
    for path in find_notebooks(root):
        page = handout._fitting(take_apart(path))
        assert page.y <= HEIGHT - 2 * MARGIN
        assert page.size >= 9
        ends = [item.x + item.line.width for item in page.placed]
        assert max(ends) <= WIDTH - 2 * MARGIN + 1, path.name
        assert (
            min(r.font(i.line.size).get_size() for i in page.placed for _, r in i.line.words) >= 8
        )


def overlaps(page) -> list[float]:
    """Find lines that reach into the next one, unless they stand side by side."""
    rows = sorted(page.placed, key=lambda item: item.base)
    return [
        after.base
        for before, after in itertools.pairwise(rows)
        if after.base - before.base > 0.5
        and before.base + before.line.descent > after.base - after.line.ascent + 0.5
    ]


def test_no_line_reaches_into_the_next(root):
    for path in find_notebooks(root, ["03", "10"]):
        assert overlaps(handout._fitting(take_apart(path))) == []


def test_a_lesson_is_one_page_of_a4_twice_the_same(root, tmp_path):
    (path,) = find_notebooks(root, ["03"])
    for name in ("a.pdf", "b.pdf"):
        write_handout(path, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert pages_of(tmp_path / "a.pdf") == 1
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", (tmp_path / "a.pdf").read_bytes())
    assert [round(float(side)) for side in box.groups()] == [595, 842]
    assert b"CreationDate" not in (tmp_path / "a.pdf").read_bytes()


def test_the_page_says_the_outcomes_the_formula_and_the_card(tmp_path):
    page = handout._fitting(take_apart(lesson(tmp_path)))
    words = " ".join(run.text for item in page.placed for _, run in item.line.words)
    for text in ("Lesson 99: tiny", "count;", "stop.", "1. A", "C2ST, GAN", "0.4 to 0.6"):
        assert text in words, text
    assert r"$x = \frac{1}{2}$" in words


def test_the_text_is_in_the_pdf(tmp_path):
    """The words are glyphs of embedded fonts, not a picture."""
    write_handout(lesson(tmp_path), tmp_path / "a.pdf")
    raw = (tmp_path / "a.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL)
    drawn = b"".join(s for s in map(unpacked, streams) if b" Tf" in s)
    assert drawn.count(b"Tj") + drawn.count(b"TJ") > 20
    assert b"/FontFile2" in raw


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_every_formula_of_the_course_is_drawn(root):
    parser, drawn = MathTextParser("path"), 0
    for path in find_notebooks(root):
        text = "\n\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")
        bare = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
        for shown, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", bare, re.DOTALL):
            plain = to_mathtext(shown or inline, display=bool(shown))
            assert parser.parse(f"${plain}$").width > 0
            drawn += 1
    assert drawn > 350


def test_every_displayed_formula_is_on_a_handout(root):
    for path in find_notebooks(root):
        cells = [c.source for c in read(path).cells if c.cell_type == "markdown"]
        shown = [f.strip() for text in cells for f in re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL)]
        assert [formula.latex for formula in formulas(take_apart(path))] == shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ours is also given $y$:", []),
        ("So we maximize $x$:", []),
        ("Let $x$ be a row. So we add:", ["Let $x$ be a row.", "So we add:"]),
        ("Let $x$ be $y$: It is large. Then", ["It is large.", "Then"]),
        ("Let $p$ be a share. Use Bayes' rule to return $q$:", ["Let $p$ be a share."]),
    ],
)
def test_a_sentence_that_was_cut_out_does_not_lead_to_a_formula(text, kept):
    assert handout.leading(text) == kept


def test_a_sentence_that_leads_to_something_else_does_not_follow_a_formula():
    assert handout.explaining("Here $x$ is a row. We print:") == ["Here $x$ is a row."]


def test_one_run_has_no_range(tmp_path):
    path = lesson(tmp_path)
    book = read(path)
    book.cells[-1].outputs[0].text = "headline | judge | 0.974 | 0.974 to 0.974 | 1 run\n"
    nbformat.write(book, path)
    assert take_apart(path).card == [["judge", "0.974", "\N{EN DASH}", "1 run"]]


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\big[x\Big)", "[x)"),
        (r"\tfrac12", r"\frac{1}{2}"),
        (r"\frac1n", r"\frac{1}{n}"),
        (r"\sqrt n + \sqrt[3]{n}", r"\sqrt{n} + \sqrt[3]{n}"),
        (r"\frac{\frac ab}c", r"\frac{\frac{a}{b}}{c}"),
        (r"\mathcal N(0, 1)", r"\mathcal{N}(0, 1)"),
        (r"\text{a b}", r"\text{a b}"),
        (r"\operatorname{var}(d)", r"\operatorname{var}(d)"),
        (r"\underbrace{a}_{\text{b}} + c", r"\underset{\text{b}}{a} + c"),
        (r"\begin{aligned} a &= 1 \\ b &= 2 \end{aligned}", r"a = 1 \qquad  b = 2"),
        (r"\{0, 1\}^m", r"\{0, 1\}^m"),
        (r"x \le 1", r"x \leq  1"),
        (r"\left(x\right)", r"\left(x\right)"),
    ],
)
def test_latex_that_mathtext_does_not_know_is_rewritten(latex, plain):
    assert to_mathtext(latex) == plain
    MathTextParser("path").parse(f"${plain}$")


def test_words_change_their_font_inside():
    (first, second) = words_in_markdown("**bold**er `a`, $x'$")[:2]
    assert first == (FontRun("bold", bold=True), FontRun("er"))
    assert second == (FontRun("a", code=True), FontRun(","))


def test_lines_are_no_longer_than_the_page_is_wide():
    lines = lines_of("some words and $x^2$ " * 30, 10, 200)
    assert len(lines) > 5
    assert all(line.width <= 200 for line in lines)


def test_too_many_formulas_are_refused(tmp_path):
    body = "## 1. A\n\n" + "\n\nwhere $x$ is new:\n\n".join(f"$$x = {n}$$" for n in range(40))
    with pytest.raises(CourseError, match=f"do not fit on one page .* at {SIZES[-1]:.0f} points"):
        write_handout(lesson(tmp_path, body), tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("latex", [r"\foo{x}", r"\frac{1", r"\begin{cases} 1 \end{cases}"])
def test_a_formula_that_cannot_be_drawn_is_seen(tmp_path, latex):
    body = f"## 1. A\n\nLet ${latex}$ be a row:\n\n$${latex}$$"
    page = handout._fitting(take_apart(lesson(tmp_path, body)))
    words = " ".join(run.text for item in page.placed for _, run in item.line.words)
    assert words.count(latex) == 2


def test_the_card_may_have_an_empty_cell(tmp_path):
    page = handout._Page(10.0)
    handout._card(page, [["a", "", "0 to 1", "4"]])
    places = {item.line.words[0][1].text: item.x for item in page.placed}
    assert places["0"] == places["range"] and places["4"] == places["runs"]


def test_a_card_with_a_column_too_few_is_named():
    with pytest.raises(CourseError, match=r"has 2 columns, and the card 4: .* It is: C2ST \| 1"):
        handout._card(handout._Page(10.0), [["C2ST", "1"]])


def test_letters_that_no_font_has_are_named(tmp_path):
    nothing = "\U000e0fff"
    with pytest.raises(CourseError, match="no font of this machine"):
        write_handout(lesson(tmp_path, f"## {nothing}\n\n$$x$$"), tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_letters_that_another_font_has_are_drawn(tmp_path, recwarn):
    write_handout(lesson(tmp_path, "## 1. \u0531 \u2713\n\n$$x$$"), tmp_path / "a.pdf")
    assert [str(w.message) for w in recwarn if "Glyph" in str(w.message)] == []


def test_without_outputs_there_is_no_handout(tmp_path):
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Lesson")]), tmp_path / "a.ipynb")
    with pytest.raises(CourseError, match="has no outputs"):
        write_handout(tmp_path / "a.ipynb", tmp_path / "a.pdf")


def test_a_notebook_without_a_title_is_refused(tmp_path):
    output = new_output("stream", text="1")
    book = new_notebook(cells=[new_code_cell("print(1)", outputs=[output])])
    nbformat.write(book, tmp_path / "a.ipynb")
    with pytest.raises(CourseError, match="has no title"):
        write_handout(tmp_path / "a.ipynb", tmp_path / "a.pdf")
