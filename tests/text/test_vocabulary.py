"""Tokens to whole numbers and back."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gan_utils.text import Vocabulary
from gan_utils.text.vocabulary import UNKNOWN


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=20))
@example(["\x00", "a\x00", "a"])
def test_what_is_known_comes_back(tokens):
    tokens = [t for t in tokens if t != UNKNOWN and t < "\ud800"] or ["a"]
    vocabulary = Vocabulary.of(tokens)
    numbers = vocabulary.encode(tokens)
    assert numbers.dtype == np.int32
    assert vocabulary.decode(numbers) == tokens


def test_the_most_frequent_tokens_are_kept_and_others_let_in():
    vocabulary = Vocabulary.of(["b", "a", "c", "b", "a", "b"], most=3, first=["<end>"])
    assert vocabulary.tokens == [UNKNOWN, "<end>", "b", "a"]
    np.testing.assert_array_equal(vocabulary.encode(["a", "c", "<end>"]), [3, 0, 1])
    assert len(vocabulary) == 4


def test_nothing_gives_nothing():
    assert Vocabulary(["a"]).encode([]).shape == (0,)


def test_an_unknown_word_is_named_with_its_neighbours():
    vocabulary = Vocabulary(["wonderful", "wonder", "film"], open_ended=True)
    with pytest.raises(ValueError, match=r"the prompt holds 'wonderfull' \(token 2\).*'wonderful'"):
        vocabulary.check(["film", "wonderfull"], "the prompt")
    with pytest.raises(ValueError, match="none"):
        vocabulary.check(["xyzzy"], "the prompt")


def test_an_unknown_letter_is_named_with_its_neighbours():
    with pytest.raises(ValueError, match=r"'É' \(token 1\).*'e', "):
        Vocabulary(list("aeiou.")).encode(["É"])


def test_what_stands_for_unknown_tokens_is_no_token_of_a_prompt():
    with pytest.raises(ValueError, match="UNK"):
        Vocabulary(["a"], open_ended=True).check([UNKNOWN], "the prompt")


def test_half_a_character_is_no_token():
    with pytest.raises(ValueError, match=r"token 1 holds '\\ud800' at character 2"):
        Vocabulary(["a", "b\ud800"])
    with pytest.raises(TypeError, match="token 0 is None"):
        Vocabulary([None])
