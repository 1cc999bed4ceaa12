"""A student's cells become statements as in a notebook, and get what they need of the lesson."""

import pytest

from gan_utils.course.grading.inside.plan import needed_of_answer, statements


@pytest.mark.parametrize(
    "source",
    [
        "n = (\n    7\n    % 4\n)",
        "told = (\n    1\n    != 2\n)",
        'text = """\n%matplotlib\n!ls\n"""',
        "x = 'a\u2028b'",
        "y = 'a\x0cb'",
    ],
)
def test_a_statement_stays_whole(source):
    assert statements(f"a = 1\n{source}\nb = 2") == ["a = 1", source, "b = 2"]
    assert statements(f"%matplotlib inline\n{source}") == [source]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%%time\nx = 1", ["x = 1"]),
        ("!pip install it's\n%load_ext y\nx = 1", ["x = 1"]),
        ("len?\n?len\nx = 1", ["x = 1"]),
        ("%time x = 1", ["x = 1"]),
        ("for i in a:\n    %timeit f(i)\nx = 1", ["for i in a:\n    pass", "x = 1"]),
    ],
)
def test_commands_of_ipython_are_left_out(source, left):
    assert statements(source) == left


def test_an_error_stays_an_error():
    with pytest.raises(SyntaxError):
        statements("%matplotlib inline\nx = = 1\n!ls")


def test_statements_on_one_line_are_run_once():
    assert statements("a.append(1); b = 2\nc = 3") == ["a.append(1); b = 2", "c = 3"]


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("before = card\ncard = 2\nanswer = before, card", {"card"}),
        ("for i in some:\n    few = f(few)\nanswer = few", {"few", "f", "some"}),
        ("few += 1\nanswer = few", {"few"}),
        ("card = 2\nanswer = card", set()),
        ("for few in some:\n    answer = few", {"some"}),
        ("answer = [few for few in some]", {"some"}),
        ("def answer():\n    return few\nfew = 3", set()),
    ],
)
def test_what_an_answer_reads_before_it_binds_it_comes_from_the_lesson(source, needed):
    assert needed_of_answer([source], ["answer"]) == needed
