"""What is given to a language model is checked at the door."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_utils.text.inputs import as_texts, check_string


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_texts_are_handed_on_as_they_are(texts):
    assert as_texts(texts, blank=True) == texts
    assert as_texts(pd.Series(texts, dtype=object), blank=True) == texts
    assert as_texts(iter(texts), blank=True) == texts


def test_a_string_is_one_text_or_is_refused():
    assert as_texts("a text") == ["a text"]
    with pytest.raises(ValueError, match=r"reviews is a single string.*\[text\]"):
        as_texts("a text", "reviews", single=False)


@pytest.mark.parametrize(
    ("texts", "error", "words"),
    [
        (None, TypeError, r"None \(NoneType\), but must be a str or a sequence.*missing"),
        (3, TypeError, "3 .int."),
        (b"ab", TypeError, "Decode it first"),
        (bytearray(b"ab"), TypeError, "Decode it first"),
        ({"a": "b"}, TypeError, "one of its columns"),
        (pd.DataFrame({"review": ["a"]}), TypeError, "one of its columns"),
        (np.array("a"), TypeError, "ndarray"),
        (np.array([["a"]]), TypeError, "ndarray at place 0"),
        (["a", None], TypeError, "NoneType at place 1.*Leave missing texts out"),
        (["a", pd.NA], TypeError, "at place 1.*Leave missing texts out"),
        (["a", 1.5], TypeError, "float at place 1"),
        (["a", b"b"], TypeError, "bytes at place 1.*Decode"),
        ([], ValueError, "there is no text"),
        (["", "\n\t "], ValueError, "only white space"),
        ("  ", ValueError, "only white space"),
        (["a", "b\ud83d"], ValueError, r"\(at place 1\) holds '\\ud83d' at character 2"),
    ],
)
def test_what_is_no_text_is_named(texts, error, words):
    with pytest.raises(error, match=words):
        as_texts(texts)


def test_the_way_out_of_half_a_character_works():
    text = "ab\ud83dc"
    with pytest.raises(ValueError, match="character 3"):
        check_string(text, "the text")
    assert check_string(text.encode("utf-8", "ignore").decode(), "the text") == "abc"
