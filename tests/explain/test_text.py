"""Explanations of texts, on judges of which the true explanation is known."""

import numpy as np
import pytest
from conftest import strict_warnings
from lime.lime_text import IndexedString

from gan_utils.explain import deletion_test, explain_text, stability
from gan_utils.explain.text import WORD

REVIEW = (
    "A great film, truly great! The cast didn't disappoint, but the music was dull. "
    "I would watch it again with friends, since every scene has a life of its own."
)
SHARES = {"great": 0.3, "again": 0.2, "dull": -0.2}


def adds_up(texts: list[str]) -> np.ndarray:
    """Answer by a sum over the words that are there."""
    share = [0.4 + sum(SHARES.get(w, 0) for w in set(WORD.findall(text))) for text in texts]
    return np.stack([1 - np.array(share), share], axis=1)


def logit(texts: list[str]) -> np.ndarray:
    return np.array([3.0 * ("great" in text) - 2.0 * ("dull" in text) for text in texts])


@pytest.fixture(scope="module")
def explanation():
    with strict_warnings():
        return explain_text(REVIEW, adds_up)


def test_of_an_additive_judge_the_weights_are_known(explanation):
    assert explanation.fit > 0.99
    assert (explanation.target, explanation.probability) == (1, pytest.approx(0.7))
    true = [SHARES.get(word, 0) for word in explanation.words]
    np.testing.assert_allclose(explanation.weights, true, atol=0.02)
    assert explanation.intercept == pytest.approx(0.4, abs=0.02)
    assert set(explanation.top(3)["word"]) == set(SHARES)
    assert explanation.top(1)["word"].tolist() == ["great"]
    assert [explanation.words[k] for k in explanation.ranked(2)] == ["great", "again"]


def test_hiding_takes_out_what_lime_takes_out(explanation):
    theirs = IndexedString(REVIEW, split_expression=WORD.findall)
    assert tuple(theirs.inverse_vocab) == explanation.words
    for part in ([0], [1, 4], range(len(explanation.words))):
        assert explanation.hide(part) == theirs.inverse_removing(list(part))
    assert "didn't" in explanation.words
    assert explanation.hide([]) == REVIEW


def test_same_seed_same_explanation_whatever_the_global_state():
    np.random.seed(1)  # noqa: NPY002 - lime takes this state unless it is given one
    first = explain_text(REVIEW, logit, n_samples=200, random_state=3)
    np.random.seed(2)  # noqa: NPY002
    again = explain_text(REVIEW, logit, n_samples=200, random_state=3)
    np.testing.assert_array_equal(first.weights, again.weights)
    assert (first.intercept, first.fit) == (again.intercept, again.fit)
    other = explain_text(REVIEW, logit, n_samples=200, random_state=4)
    assert not np.array_equal(first.weights, other.weights)


def test_the_other_opinion_has_the_opposite_weights():
    one, other = (explain_text(REVIEW, logit, target=k, n_samples=200) for k in (0, 1))
    np.testing.assert_allclose(one.weights, -other.weights, atol=1e-12)


def test_few_words_only():
    found = explain_text(REVIEW, adds_up, n_words=2)
    assert np.count_nonzero(found.weights) == 2
    assert found.top(1)["word"].tolist() == ["great"]


def test_deletion_test_tells_a_true_explanation_from_a_false_one(explanation):
    found = deletion_test(explanation, adds_up, n=2)
    assert found["probability"] == pytest.approx(0.7)
    assert found["drop_top"] == pytest.approx(0.5)
    assert found["difference"] > 0.4
    assert deletion_test(explanation, adds_up, n=2) == found
    wrong = deletion_test(explanation, lambda texts: 1 - adds_up(texts), n=2)
    assert wrong["difference"] < 0


def test_stability():
    found = stability(REVIEW, adds_up, range(3), n=2, n_samples=500)
    assert found["lowest_overlap"] == found["overlap"] == 1
    assert found["fit"] > 0.99


def test_the_picture_shades_words_and_shows_bars(explanation, no_warnings):
    figure = explanation.plot("positive", n=4)
    figure.canvas.draw()
    text, bars = figure.axes
    assert text.get_title(loc="left") == "positive: probability 0.70"
    assert [label.get_text() for label in bars.get_yticklabels()][:1] == ["great"]
    assert len(text.patches) >= 4  # "great" stands there twice
    assert [word.get_text() for word in bars.get_legend().get_texts()] == ["for", "against"]
    drawn = " ".join(piece.get_text() for piece in text.texts)
    assert drawn.split() == REVIEW.split()


def test_a_long_text_with_dollars_is_drawn(no_warnings):
    long = "It cost $5 and $6_7, <b>not</b> $$ good. " * 100
    figure = explain_text(long, logit, n_samples=50, output="logits").plot()
    figure.canvas.draw()
    assert figure.axes[0].texts[-1].get_text() == "[...]"


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"text": ["a text"]}, "text is a list"),
        ({"text": "Great great"[:5]}, "1 word"),
        ({"text": "..."}, "0 word"),
        ({"predict": lambda x: np.zeros((len(x), 2))}, "do not add up to 1"),
        ({"predict": lambda x: np.zeros((len(x), 2, 2))}, "for 31 texts"),
        ({"target": 2}, "predict gives 2"),
        ({"n_samples": 10}, "at least 50"),
        ({"n_words": 0}, "n_words=0"),
    ],
)
def test_what_cannot_be_explained_is_refused(change, hint):
    arguments = {"text": REVIEW, "predict": adds_up, **change}
    with pytest.raises(ValueError, match=hint):
        explain_text(arguments.pop("text"), arguments.pop("predict"), **arguments)
