"""The card of texts: real texts pass, copies, loops and nonsense are found out."""

import numpy as np
import pytest

from gan_utils.scorecard import score_text

NOUNS = ["film", "plot", "cast", "music", "story", "hero", "camera", "scene", "ending", "script"]
GOOD, BAD = ["good", "great", "lovely", "fine"], ["bad", "poor", "dull", "awful"]


def write(n, seed):
    """Write texts with an opinion, 0 or 1, of six sentences each."""
    rng, texts = np.random.default_rng(seed), []
    labels = np.arange(n) % 2
    for label in labels:
        kinds = GOOD if label else BAD
        told = [
            f"The {rng.choice(NOUNS)} of this {rng.choice(NOUNS)} is {rng.choice(kinds)}."
            for _ in range(6)
        ]
        texts.append(" ".join(told))
    return texts, labels


REAL, LABELS = write(120, 0)
HELD, HELD_LABELS = write(60, 1)
OTHERS, ASKED = write(40, 2)


class Rule:
    """A judge that looks for good words."""

    def predict(self, texts):
        return np.array([int(any(word in text for word in GOOD)) for text in texts])


class Surprise:
    """A language model that knows the length of a text only."""

    def bits_per_token(self, text):
        return float(np.mean([len(one) for one in text]))


def card_of(texts, **options):
    known = {"held_out": HELD, "labels": LABELS, "held_out_labels": HELD_LABELS}
    known["synthetic_labels"] = ASKED
    return score_text(REAL, texts, **{**known, **options})


def test_real_texts_pass():
    card = card_of(OTHERS, classifier=Rule(), language_model=Surprise())
    assert set(card["question"]) == {"fidelity", "diversity", "utility", "novelty"}
    assert card.loc["C2ST", "value"] < 0.7
    for name in ("distinct-1", "distinct-2", "self-BLEU", "bits per token"):
        assert card.loc[name, "value"] == pytest.approx(card.loc[name, "baseline"], rel=0.1), name
    assert card.loc["classified as asked (share)", ["value", "baseline"]].tolist() == [1, 1]
    assert card.loc["TSTR accuracy", ["value", "baseline"]].tolist() == [1, 1]
    printed = repr(card)
    assert "120 real texts; one run of 40 synthetic texts; real against real: 40 held" in printed
    assert "Is it new? (novelty)" in printed


def test_copies_loops_and_nonsense_are_found_out():
    copies = card_of(REAL[:40])
    assert copies.loc["copied 8-grams (share)", "value"] == 1
    assert copies.loc["copied 8-grams (share)", "baseline"] < 0.9
    n_words = copies.loc["longest copied run (words)"]
    assert n_words["value"] == 48 > n_words["baseline"]
    loops = card_of(["The film is good, the film is good, the film is good."] * 40)
    assert loops.loc["self-BLEU", "value"] == pytest.approx(1)
    assert loops.loc["repeated 4-grams (share)", "value"] >= 0.5
    assert loops.loc["C2ST", "value"] > 0.95
    turned = card_of(OTHERS, synthetic_labels=1 - ASKED)
    assert turned.loc["TSTR accuracy", "value"] == 0
    one_class = card_of(OTHERS, synthetic_labels=np.ones(40, int))
    assert one_class.loc["TSTR accuracy", "value"] == 0.5


def test_several_runs_have_a_range_and_the_same_seed_the_same_card():
    runs = [OTHERS[:20], OTHERS[20:]]
    first, second = (score_text(REAL, runs, held_out=HELD) for _ in range(2))
    np.testing.assert_array_equal(first["value"], second["value"])
    np.testing.assert_array_equal(first["baseline"], second["baseline"])
    assert (first["low"] <= first["value"]).all() and (first["value"] <= first["high"]).all()
    assert "2 runs of 20 synthetic texts" in repr(first)
    assert "Note: TSTR was not measured" in repr(first)


def test_without_held_out_texts_halves_stand_against_each_other():
    card = score_text(REAL, OTHERS)
    assert card["baseline"].notna().all()
    assert "two halves of the real texts" in repr(card)


def test_a_book_is_cut_into_passages():
    book, rest = " ".join(REAL), " ".join(HELD)
    for held_out, words in ((rest, "passages of a held-out text"), (None, "halves of the book")):
        card = score_text(book, OTHERS, held_out=held_out, level="char")
        assert card.loc["C2ST", "baseline"] < 0.7
        assert card.loc["copied runs of 30 letters (share)", "value"] < 1
        assert words in repr(card)


def test_texts_too_short_to_measure_get_a_note():
    card = score_text(REAL, ["Good."] * 12, held_out=HELD)
    assert np.isnan(card.loc["distinct-2", "value"])
    assert "no text has 4 words" in repr(card)
    assert "no text is 8 long" in repr(card)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"texts": "one text"}, "must be a list of texts"),
        ({"texts": []}, "must be a list of texts"),
        ({"texts": OTHERS[:5]}, "synthetic has 5 texts, but a card needs at least 12"),
        ({"texts": [""] * 40}, "all texts of synthetic are empty"),
        ({"synthetic_labels": ASKED[:5]}, "do not match"),
        ({"held_out": None}, "TSTR needs held_out="),
        ({"held_out": HELD[:3]}, "held_out has 3 texts"),
        ({"labels": LABELS[:5]}, "labels have the shape"),
        ({"held_out": " ".join(HELD)}, "held_out_labels have the shape"),
        ({"level": "line"}, "level='line'"),
    ],
)
def test_bad_input_is_refused(options, words):
    texts = options.pop("texts", OTHERS)
    with pytest.raises(ValueError, match=words):
        card_of(texts, **options)
