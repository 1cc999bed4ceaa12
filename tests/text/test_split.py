"""What is learnt and what is held out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_utils.text.labels import asked_labels
from gan_utils.text.split import split_labelled, split_text


@given(st.text("ab c", min_size=10, max_size=60).filter(str.strip), st.floats(0.2, 0.8))
def test_the_two_parts_of_a_text_are_the_text(text, share):
    learnt, held = split_text(text, True, share, lowercase=False)
    assert learnt + held == text
    assert len(learnt) == round(len(text) * (1 - share))


def test_nothing_or_something_else_is_held_out():
    assert split_text(["A", "b"], False, 0.1, lowercase=True) == ("a\n\nb", None)
    assert split_text("A", "B", 0.1, lowercase=True) == ("a", "b")


@given(st.lists(st.sampled_from(["x", "y", "z"]), min_size=10, max_size=60))
def test_every_label_is_learnt_and_no_text_is_lost(labels):
    texts = [f"t{chr(97 + i % 26)} w" for i in range(len(labels))]
    (learnt, known), (held, other) = split_labelled(texts, labels, True, 0.2)
    assert set(known) == set(labels)
    assert len(held) == len(other) > 0
    pairs = sorted(zip(learnt + held, known + other, strict=True))
    assert pairs == sorted(([*t.split()], label) for t, label in zip(texts, labels, strict=True))


def test_the_last_texts_are_held_out_where_all_labels_occur_before():
    labels = ["x", "y"] * 5
    (learnt, known), (held, other) = split_labelled(
        [f"w{i}" for i in "abcdefghij"], labels, True, 0.2
    )
    assert (held, other) == ([["wi"], ["wj"]], ["x", "y"])
    assert known == labels[:8]
    assert len(learnt) == 8


def test_of_few_texts_the_last_words_are_held_out():
    texts = ["a b c d e f g h i j", "k"]
    (learnt, known), (held, other) = split_labelled(texts, [0, 1], True, 0.2)
    assert (learnt, known) == ([list("abcdefgh"), ["k"]], [0, 1])
    assert (held, other) == ([["i", "j"]], [0])


def test_of_few_texts_with_each_label_the_last_words_are_held_out():
    texts, labels = ["a b c d e f g h i j"] * 20, [*range(10)] * 2
    (learnt, known), (held, other) = split_labelled(texts, sorted(labels), True, 0.1)
    assert learnt == [list("abcdefghi")] * 20
    assert held == [["j"]] * 20
    assert known == other == sorted(labels)


def test_one_string_is_one_text_and_its_end_is_held_out():
    assert split_labelled("a b c d e", None, True, 0.2) == (([[*"abcd"]], None), ([["e"]], None))


@pytest.mark.parametrize("held_out", [["a", "b"], ("a", "b"), (["a", "b"], None)])
def test_without_labels_held_out_texts_may_stand_alone(held_out):
    _, held = split_labelled(["c"], None, held_out, 0.1)
    assert held == ([["a"], ["b"]], None)


@pytest.mark.parametrize("label", ["x", 0, 0.5, np.int64(1), True])
def test_a_single_label_is_asked_for_all(label):
    np.testing.assert_array_equal(asked_labels(label, 2, [label]), [0, 0])
