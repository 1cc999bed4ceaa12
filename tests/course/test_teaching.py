"""Each lesson has a page for its teacher, of one form, with numbers from the lesson's outputs."""

import re

import pytest
from nbformat.v4 import new_markdown_cell

from gan_utils.course import notebooks
from gan_utils.course.prose import unfound_numbers

ROOT = notebooks.find_checkout()
LESSONS = notebooks.find_notebooks(ROOT)
PAGES = ROOT / "docs" / "teaching"
LABELS = ["**What they do.**", "**A question that shows it.**", "**A good answer.**"]
LAST = "If time is short"


def page_of(lesson):
    return (PAGES / f"{lesson.name[:2]}.md").read_text(encoding="utf-8")


def sections(text):
    """Return the title of a page, and the paragraphs of each section by its heading."""
    title, *parts = re.split(r"^##? ", text, flags=re.M)[1:]
    split = (part.strip().split("\n\n") for part in parts)
    return title.strip(), {heading: paragraphs for heading, *paragraphs in split}


def test_each_lesson_has_a_page_and_no_page_is_left_over():
    assert sorted(path.stem for path in PAGES.glob("*.md")) == [p.name[:2] for p in LESSONS]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.name[:2])
def test_the_title_begins_as_that_of_the_lesson(lesson):
    title, _ = sections(page_of(lesson))
    opening = notebooks.read(lesson).cells[0].source
    assert re.match(rf"# {re.escape(title)}(?!\w)", opening)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.name[:2])
def test_three_to_five_mistakes_and_what_to_leave_out(lesson):
    _, (*mistakes, last) = sections(page_of(lesson))
    parts = sections(page_of(lesson))[1]
    assert last == LAST and len(parts[LAST]) == 1
    assert 3 <= len(mistakes) <= 5
    for heading in mistakes:
        assert re.fullmatch(r"Mistake: \w.{8,75}[^.]", heading)
        assert [text[: len(label)] for text, label in zip(parts[heading], LABELS, strict=True)] == (
            LABELS
        )
        assert parts[heading][1].endswith("?")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.name[:2])
def test_a_page_can_be_read_in_two_minutes(lesson):
    parts = sections(page_of(lesson))[1].values()
    said = " ".join(re.sub(r"\*\*.*?\*\*", "", text) for texts in parts for text in texts)
    assert 250 <= len(said.split()) <= 400


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.name[:2])
def test_its_numbers_are_those_of_the_stored_run(lesson):
    notebook = notebooks.read(lesson)
    notebook.cells.append(new_markdown_cell(page_of(lesson)))
    place = len(notebook.cells) - 1
    assert [one for one in unfound_numbers(notebook) if one.cell == place] == []
