"""The checks of lesson 13: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest

from gan_utils.course.exercises import check


def penalties(shares):
    return (1 - shares).mean(axis=1)


def gradient(probabilities, word, penalty):
    one = np.arange(len(probabilities)) == word
    return penalty * probabilities[word] * (one - probabilities)


def alike(one, other):
    return len({*one} & {*other}) / len({*one} | {*other})


def novelty(sentence, training):
    return 1 - max(alike(sentence, other) for other in training)


RIGHT = {"13.1": penalties, "13.2": gradient, "13.3": novelty}


#: Mistakes that have a hint of their own, and a part of this hint.
MISTAKES = [
    ("13.1", lambda s: (1 - s).mean(axis=0), "averaged over the words"),
    ("13.1", lambda s: (1 - s).mean(), "one number for all words"),
    ("13.1", lambda s: s.mean(axis=1), "1 minus it"),
    ("13.1", lambda s: (1 - s).sum(axis=1), "divide by their number"),
    ("13.1", lambda s: 1 - s.max(axis=1), "single rollout"),
    ("13.2", lambda p, w, v: gradient(p, w, v) / p[w], "not its logarithm"),
    ("13.2", lambda p, w, v: -gradient(p, w, v), "sign"),
    ("13.2", lambda p, w, v: gradient(p, w, 1), "where is the penalty"),
    ("13.2", lambda p, w, v: v * p[w] * (np.arange(3) == w), "subtract G"),
    ("13.2", lambda p, w, v: v * p * (1 - p), "only G(word)"),
    ("13.3", lambda s, t: 1 - novelty(s, t), "1 minus it"),
    ("13.3", lambda s, t: 1 - np.mean([alike(s, o) for o in t]), "most similar one"),
    ("13.3", lambda s, t: 1 - min(alike(s, o) for o in t), "not the least"),
    ("13.3", lambda s, t: 1 - 3 / 6, "only once"),
    ("13.3", lambda s, t: 1 - 3 / 4, "at least one of the two"),
]
#: Other wrong answers: their hint says what was expected, as it names no mistake.
UNNAMED = [
    ("13.1", lambda s: s.std(axis=1), "against each rollout"),
    ("13.2", lambda p, w, v: p, "use the hint"),
    ("13.2", lambda p, w, v: v, "one for each word"),
    ("13.3", lambda s, t: 0.0, "how alike"),
    ("13.3", lambda s, t: "new", "one number"),
]


@pytest.mark.parametrize(("number", "answer", "word"), MISTAKES + UNNAMED)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
