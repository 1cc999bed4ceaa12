"""Passages of a text, counted in words and returned as they are written."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gan_utils.text.passages import WrittenText
from gan_utils.text.tokens import split_words

HARD = "aint'd \n\".-…—/(3i_$!sß’\u0301\u0307\u200d\u200b\u00ad👍🏽ΣςİIǄğ\x1f"
TEXTS = st.one_of(st.text(max_size=80), st.text(alphabet=HARD, max_size=60))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_words_between_white_space_are_those_of_the_whole(text):
    assert WrittenText(text)._before[-1] == len(split_words(text))
    apart = [word for piece in text.split() for word in split_words(f" {piece} ")]
    assert apart == split_words(f" {text} ")


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 30), st.integers(1, 30))
def test_a_passage_lies_within_its_words_and_keeps_the_spelling(text, first, n):
    words = split_words(f" {text} ")  # a dash at an end stands alone
    assume(first < len(words))
    passage = WrittenText(text).passage(first, n)
    assert passage
    assert passage in text
    inside = text.split()
    found = split_words(f" {passage} ")
    if len(found) > n:  # one piece that is longer than the passage
        assert passage in inside
    elif len(passage.split()) > 1:
        assert " ".join(found) in " ".join(words[first : first + n])


def test_a_passage_keeps_line_breaks_and_small_letters():
    text = WrittenText("alice was beginning\nto get very tired.  she said 'oh!'")
    assert text.passage(0, 4) == "alice was beginning\nto"
    assert text.passage(6, 4) == "tired.  she said"
    assert text.passage(0, 99) == text.text
    assert WrittenText("").passage(0, 1) == ""
