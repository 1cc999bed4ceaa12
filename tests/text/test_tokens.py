"""Words and marks: cut apart, and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_utils.text.tokens import join_words, split_words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I didn't like it...", ["i", "did", "n't", "like", "it", "..."]),
        ("The film’s “best” scene", ["the", "film", "'s", '"', "best", '"', "scene"]),
        ("a well-made film - really", ["a", "well", "-", "made", "film", "--", "really"]),
        ("8/10, 3.5 stars!!", ["8", "/", "10", ",", "3.5", "stars", "!", "!"]),
        ("can't", ["ca", "n't"]),
        ("  \n\t ", []),
        ("It was bad..I left", ["it", "was", "bad", "...", "i", "left"]),
    ],
)
def test_split_words(text, tokens):
    assert split_words(text) == tokens


def test_join_words_writes_readable_text():
    text = "I didn't like it (really). It's \"not\" well-made, 8/10... Don't go! I've said it."
    assert join_words(split_words(text.lower())) == text


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="aint'd \".-…—/(3i_$!sß’", max_size=60),
)


@given(TEXTS)
def test_joined_words_are_split_into_the_same_words(text):
    tokens = split_words(text)
    assert split_words(join_words(tokens)) == tokens


@given(TEXTS)
def test_tokens_are_lower_case_and_never_empty(text):
    assert all(t and t == t.lower() and not t.isspace() for t in split_words(text))
