"""Runs of tokens as numbers: equal runs have equal hashes, and none goes over the end of a text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gan_utils.text.windows import (
    hashed_windows,
    in_one_text,
    mixed,
    number_tokens,
    numbering,
    scattered,
)

texts = st.lists(st.lists(st.sampled_from(["a", "cat", "sat", "."]), max_size=9), max_size=5)


def test_tokens_are_numbered_as_they_come():
    known = numbering([["a", "cat"], [], ["a", "hat"]])
    assert known == {"a": 0, "cat": 1, "hat": 2}
    numbers, places = number_tokens([["hat", "cap"], [], ["a"]], known)
    assert numbers.tolist() == [2, -1, 0] and places.tolist() == [0, 0, 2]


def test_no_tokens_at_all():
    tokens = scattered(number_tokens([[], []], {}), 0)
    hashes, starts = hashed_windows(tokens, 2)
    assert len(hashes) == len(starts) == len(in_one_text(tokens.places, 1)) == 0


@given(texts, st.integers(1, 7))
def test_windows_are_the_runs_inside_each_text(lists, n):
    known = numbering(lists)
    tokens = scattered(number_tokens(lists, known), len(known))
    hashes, starts = hashed_windows(tokens, n)
    flat = [token for text in lists for token in text]
    slow = [tuple(text[i : i + n]) for text in lists for i in range(len(text) - n + 1)]
    assert [tuple(flat[start : start + n]) for start in starts] == slow
    assert len(set(zip(hashes.tolist(), slow, strict=True))) == len(set(slow)) == len(set(hashes))
    assert in_one_text(tokens.places, n).sum() == len(slow)


def test_the_order_counts():
    one, two = (np.array([number], "uint64") for number in (1, 2))
    assert mixed(one, two) != mixed(two, one)
