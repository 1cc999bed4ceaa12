"""Slides keep the tables that the text discusses, and lose very short slides first."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from gan_utils.course.kit.contents import CELL, TEXT, Block, take_apart
from gan_utils.course.kit.cutting import CARD_TITLE, Slide, shortened
from gan_utils.course.kit.deck import slides_of
from gan_utils.course.kit.discussed import MOST_ROWS, result_of, tables_of, times_discussed
from gan_utils.course.notebooks import find_notebooks

TABLE = "<table><tr><th>way</th><th>recall</th></tr><tr><td>GAN</td><td>0.661</td></tr></table>"
PRINTED = "         recall\nGAN       0.661\ncopies    0.702\ndtype: float64"


def cell_with(html: str = "", text: str = ""):
    outputs = [new_output("display_data", {"text/html": html})] if html else []
    outputs += [new_output("stream", text=text)] if text else []
    return new_code_cell("show()", outputs=outputs)


@pytest.mark.parametrize(
    ("text", "times"),
    [("Recall is 66 %.", 1), ("Recall is 0.661.", 1), ("Recall is 0.7.", 1), ("The 3 ways.", 0)],
)
def test_numbers_are_found_as_shares_and_rounded(text, times):
    assert times_discussed(TABLE, text) == times


def test_a_table_is_a_result_if_the_text_repeats_its_numbers():
    first, other = cell_with(text=PRINTED), cell_with(TABLE)
    blocks = [Block(CELL, cell=first), Block(CELL, cell=other), Block(TEXT, "0.661 beats 0.702.")]
    output, times = result_of(blocks, 0)
    assert "copies    0.702</pre>" in output.data["text/html"]
    assert "dtype" not in output.data["text/html"]
    assert times == 2
    assert result_of(blocks, 1) == (None, 1)


def test_a_long_table_is_shortened_and_says_so():
    html = "<div><table>" + "<tr><td>0.5</td></tr>" * 40 + "</table><p>Note: long.</p></div>"
    (output,) = tables_of(cell_with(html))
    short = output.data["text/html"]
    assert short.count("<tr>") == MOST_ROWS
    assert short.endswith(f"... and {40 - MOST_ROWS + 1} more rows</td></tr></table></div>")


def test_a_row_of_dashes_is_left_out():
    row = "<tr><th>TSTR</th>" + "<td>-</td>" * 3 + "</tr>"
    (output,) = tables_of(cell_with(TABLE.replace("</table>", f"{row}</table>")))
    assert output.data["text/html"] == TABLE


def table_slide(title: str, worth: int) -> Slide:
    return Slide(title, "table", worth=worth, said=[title])


def test_sentences_go_before_tables_and_results_go_last():
    deck = [Slide("Start", "title", said=["start"])]
    for name in ("one", "two"):
        deck.append(Slide(name, "section", cells=[new_markdown_cell("Short.")], said=[name]))
    deck += [table_slide("plain", 0), table_slide("result", 9), table_slide("weak", 2)]
    deck += [table_slide("last", 0), table_slide(CARD_TITLE, 0)]
    titles = [[slide.title for slide in shortened(deck, most)] for most in (7, 6, 5, 4)]
    assert [sorted({s.title for s in deck} - set(left)) for left in titles] == [
        ["two"],
        ["one", "two"],
        ["one", "plain", "two"],
        ["one", "plain", "two", "weak"],
    ]


def test_what_is_said_to_a_slide_that_goes_is_still_said():
    deck = [Slide("a", "title"), table_slide("gone", 0), table_slide("b", 5), table_slide("c", 0)]
    left = shortened(deck, 3)
    assert [slide.said for slide in left] == [["gone"], ["b"], ["c"]]


@pytest.mark.parametrize(
    ("number", "titles"),
    [
        ("03", ["Step 5: use the rows", "Trap 2", "Trap 3", "Trap 4"]),
        ("11", ["4. Five classifiers"]),
    ],
)
def test_the_main_results_of_a_lesson_are_on_its_slides(root, number, titles):
    (path,) = find_notebooks(root, [number])
    results = [s.title for s in slides_of(take_apart(path)) if s.kind == "table" and s.worth > 1]
    assert [t for t in titles if not any(found.startswith(t) for found in results)] == []


def test_something_is_said_to_a_picture_of_the_opening(root):
    for path in find_notebooks(root, ["03", "11"]):
        lesson = take_apart(path)
        title, picture = slides_of(lesson)[:2]
        assert (picture.kind, picture.said) == ("picture", lesson.opening[:1])
        assert title.said == lesson.opening[1:]
