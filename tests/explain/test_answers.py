"""What a network answers is read as what it is, or refused."""

import numpy as np
import pytest

from gan_utils.explain import deletion_test, explain_image, explain_text, stability
from gan_utils.explain.answers import as_probabilities, output_kind

TEXT = "A good film with a bad end and a good cast"


def good_share(texts):
    """Return a probability: 0.9 with the word good, 0.2 without."""
    return np.array([0.9 if "good" in text.split() else 0.2 for text in texts])


def ink(images):
    return np.clip(images.mean(axis=(1, 2, 3)) * 3, 0, 1)


@pytest.mark.parametrize("shaped", [lambda p: p, lambda p: p[:, None]])
def test_the_output_of_a_sigmoid_is_a_probability(shaped):
    two = explain_text(TEXT, lambda t: np.stack([1 - good_share(t), good_share(t)], axis=1))
    one = explain_text(TEXT, lambda t: shaped(good_share(t)))
    assert (one.target, one.probability) == (two.target, two.probability) == (1, 0.9)
    np.testing.assert_allclose(one.weights, two.weights)
    assert one.output == "probabilities"


def test_the_same_of_images():
    image = np.zeros((28, 28, 1), "float32")
    image[4:24, 6:9] = 1
    two = explain_image(image, lambda x: np.stack([1 - ink(x), ink(x)], axis=1), n_samples=200)
    one = explain_image(image, lambda x: ink(x)[:, None], n_samples=200)
    assert one.target == two.target
    np.testing.assert_allclose(one.weights, two.weights, atol=1e-6)


def test_logits_are_logits_when_one_lies_outside():
    found = explain_text(TEXT, lambda t: 8 * good_share(t) - 4)
    assert found.output == "logits"
    assert found.probability == pytest.approx(1 / (1 + np.exp(-3.2)))


def test_logits_between_0_and_1_can_be_said_to_be_logits():
    found = explain_text(TEXT, good_share, output="logits")
    assert found.probability == pytest.approx(1 / (1 + np.exp(-0.9)))


def test_a_reading_never_changes_in_silence():
    with pytest.raises(ValueError, match=r"and now 3\. If they are logits, say so"):
        as_probabilities([0.5, 3.0], 2, "probabilities")
    found = explain_text(TEXT, good_share)
    with pytest.raises(ValueError, match="another one than before"):
        found.ask(lambda t: np.full((len(t), 2), 0.5), [TEXT])


@pytest.mark.parametrize(
    "answer, words",
    [
        (lambda t: np.array(["positive"] * len(t)), "labels"),
        (lambda t: (good_share(t) > 0.5).astype(int), "labels"),
        (lambda t: good_share(t) > 0.5, "labels"),
        (lambda t: (good_share(t) > 0.5).astype(float), "0 or 1 and nothing between"),
        (lambda t: np.ones((len(t), 1)), "a classifier that knows one class"),
        (lambda t: np.full(len(t), np.nan), "missing or infinite"),
        (lambda t: good_share(t)[:-1], r"shape \(30,\) for 31 texts"),
        (lambda t: np.full((len(t), 2), 0.7), "do not add up to 1"),
        (lambda t: [object()] * len(t), "labels"),
        (lambda t: np.zeros((len(t), 0)), "must give"),
    ],
)
def test_what_is_no_answer_is_refused(answer, words):
    with pytest.raises(ValueError, match=words):
        explain_text(TEXT, answer)


def test_an_unknown_output_is_named():
    with pytest.raises(ValueError, match="output='softmax' is not known"):
        output_kind([0.5], 1, "softmax")


def test_the_only_word_that_counts_is_a_true_explanation():
    """As many words are hidden at random as speak for the target: here one of eight."""
    found = explain_text(TEXT, good_share, random_state=0)
    result = deletion_test(found, good_share, n=5, n_random=400)
    assert len(found.ranked(5)[found.weights[found.ranked(5)] > 0.05]) == 1
    assert result["drop_top"] == pytest.approx(0.7)
    assert result["difference"] > 0.2


@pytest.mark.parametrize("word", ["tre\u0300s", "नमस्ते", "สวัสดี", "मैं"])
def test_words_keep_their_combining_marks(word):
    found = explain_text(f"{word} good {word} film", good_share)
    assert found.words == (word, "good", "film")
    assert found.hide([0]).split() == ["good", "film"]


def test_half_a_character_is_refused():
    with pytest.raises(ValueError, match="half a character at position 5"):
        explain_text("good \ud800 film", good_share)


@pytest.mark.parametrize(
    "seed, words",
    [(-1, "=-1 must be"), (0.5, "a whole number"), (np.random.default_rng(0), "a whole number")],
)
def test_a_seed_that_is_none(seed, words):
    image = np.zeros((28, 28, 1), "float32")
    image[4:24, 6:9] = 1
    answer = {"n_samples": 50, "random_state": seed}
    found = explain_text(TEXT, good_share, n_samples=50)
    with pytest.raises(ValueError, match=words):
        explain_text(TEXT, good_share, **answer)
    with pytest.raises(ValueError, match=words):
        explain_image(image, ink, **answer)
    with pytest.raises(ValueError, match=words):
        deletion_test(found, good_share, random_state=seed)
    with pytest.raises(ValueError, match=words):
        stability(TEXT, lambda _: pytest.fail("asked first"), seeds=[0, seed])
    with pytest.raises(ValueError, match="must be below"):
        explain_text(TEXT, good_share, random_state=2**32)


def test_stability_checks_its_settings_first():
    def predict(_):
        pytest.fail("asked first")

    with pytest.raises(ValueError, match="n=0"):
        stability(TEXT, predict, n=0)
    with pytest.raises(ValueError, match="at least two seeds"):
        stability(TEXT, predict, seeds=[0])
