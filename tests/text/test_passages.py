"""Passages of a text, counted in words and returned as they are written."""

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gan_utils.text.passages import WrittenText
from gan_utils.text.tokens import split_words

HARD = "aint'd \n\".-…—/(3i_$!sß’\u0301\u0307\u200d\u200b\u00ad👍🏽ΣςİIǄğ\x1f"
DASHES = {"-", "--"}
TEXTS = st.one_of(st.text(max_size=80), st.text(alphabet=HARD, max_size=60))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("\u2014-")
@example("0 -")
def test_the_words_between_white_space_are_those_of_the_whole(text):
    written = WrittenText(text)
    assert written._before[-1] == len(split_words(text))
    pieces = [text[max(a - 1, 0) : b + 1] for a, b in written._pieces]
    assert [word for piece in pieces for word in split_words(piece)] == split_words(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 30), st.integers(1, 30))
def test_a_passage_lies_within_its_words_and_keeps_the_spelling(text, first, n):
    words = split_words(text)
    assume(first < len(words))
    passage = WrittenText(text).passage(first, n)
    assert passage
    assert passage in text
    found = split_words(f" {passage} ")
    if len(passage.split()) > 1:
        # But for dashes at its ends, which are split by what stands beside them.
        assert set(found) - DASHES <= set(words[first : first + n])


def test_a_passage_keeps_line_breaks_and_small_letters():
    text = WrittenText("alice was beginning\nto get very tired.  she said 'oh!'")
    assert text.passage(0, 4) == "alice was beginning\nto"
    assert text.passage(6, 4) == "tired.  she said"
    assert text.passage(0, 99) == text.text
    assert WrittenText("").passage(0, 1) == ""
