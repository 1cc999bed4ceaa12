"""Words and marks: cut apart, and put together again."""

import re
import unicodedata
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.text.tokens import cut_words, join_words, split_words


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
        ("its 's", ["its", "'s"]),
        ("tre\u0300s bien", ["tr\u00e8s", "bien"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("ภาษาไทย!", ["ภาษาไทย", "!"]),
        ("العَرَبِيَّة", ["العَرَبِيَّة"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("co\u00adoperate", ["co\u00adoperate"]),
        ("q\u0301n't", ["q\u0301", "n't"]),
        ("👩\u200d💻👍🏽🇩🇪🇫🇷❤️\u200d🔥", ["👩\u200d💻", "👍🏽", "🇩🇪", "🇫🇷", "❤️\u200d🔥"]),
        ("1\ufe0f\u20e3", ["1\ufe0f\u20e3"]),
        ("a\u200bb", ["a", "\u200b", "b"]),
        ("a- -\u2014", ["a", "-", "--", "--"]),
    ],
)
def test_split_words(text, tokens):
    assert split_words(text) == tokens


def test_join_words_writes_readable_text():
    text = "I didn't like it (really). It's \"not\" well-made, 8/10... Don't go! I've said it."
    assert join_words(split_words(text.lower())) == text


#: Where cutting and joining is hard: contractions, hyphens, dashes, marks that modify, capitals.
HARD = "aint'd \".-…—/(3i_$!sß’\u0301\u0307\u200d\u200b\u00ad👍🏽🇩🇪\ufe0fΣςİIǄğि\x1f\ud800"
TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(
        st.characters(categories=["Mn", "Mc", "Me", "Cf", "Sk", "Lu", "Zs", "Pd"]), max_size=40
    ),
    st.text(alphabet=HARD, max_size=60),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_joined_words_are_split_into_the_same_words(text):
    tokens = split_words(text)
    assert split_words(join_words(tokens)) == tokens


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_text_that_was_joined_comes_back_as_it_is(text):
    written = join_words(split_words(text))
    assert join_words(split_words(written)) == written


def test_every_short_text_of_hard_characters_comes_back():
    for letters in product("a -—'\u0301\u200d👍.", repeat=4):
        tokens = split_words("".join(letters))
        assert split_words(join_words(tokens)) == tokens, letters


def test_every_character_comes_back_between_letters_and_alone():
    for code in (*range(0x20000), *range(0xE0000, 0xE0200)):
        tokens = split_words(f"A{chr(code)}b {chr(code)}")
        assert split_words(join_words(tokens)) == tokens, hex(code)


def same_spelling(text):
    """Write what `split_words` takes for the same in one way, and leave white space out."""
    text = re.sub("[’‘`]", "'", re.sub("[“”]", '"', text.replace("…", "...")))
    return re.sub(r"\.{2,}", "...", re.sub(r"[-–—]+", "-", re.sub(r"\s", "", text)))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_nothing_but_white_space_is_lost(text):
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    assert same_spelling("".join(split_words(text))) == same_spelling(composed)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_composed_and_decomposed_texts_have_the_same_words(text):
    assert split_words(unicodedata.normalize("NFD", text)) == split_words(text)


@given(TEXTS)
def test_tokens_are_lower_case_and_never_empty(text):
    assert all(t and t == t.lower() and not re.search(r"\s", t) for t in split_words(text))


LETTERS = st.characters(categories=["Ll", "Lo", "Mn", "Mc"])


@given(st.text(LETTERS, min_size=1, max_size=12).filter(lambda t: t[0].isalpha()))
def test_a_word_of_letters_and_their_marks_is_one_word(word):
    assert len(split_words(word)) == 1


def test_texts_are_cut_to_a_length():
    assert cut_words(["I did n't like it.", "Fine."], 4) == ["I didn't like", "Fine."]
    assert cut_words(["One two.", "One two."], [1, 2]) == ["One", "One two"]
