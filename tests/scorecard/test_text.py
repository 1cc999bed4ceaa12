"""The card of texts: real texts pass, copies, loops and nonsense are found out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_utils.metrics import copy_rate, longest_copied_run
from gan_utils.scorecard import score_text
from gan_utils.scorecard.text_samples import RealTexts

NOUNS = ["film", "plot", "cast", "music", "story", "hero", "camera", "scene", "ending", "script"]
GOOD, BAD = ["good", "great", "lovely", "fine"], ["bad", "poor", "dull", "awful"]


def write(n, seed):
    """Write texts with a label, 0 or 1, of six sentences each."""
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
    """A classifier that looks for good words."""

    def predict(self, texts):
        return np.array([int(any(word in text for word in GOOD)) for text in texts])


class Known(Rule):
    """The same classifier, which says what it may answer."""

    classes_ = np.array([0, 1])

    def predict(self, texts):
        raise AssertionError("it is not asked before the labels are checked")


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


def test_without_held_out_texts_copies_are_counted_in_as_many_as_for_the_baseline():
    halves = RealTexts(REAL, None, None, 0)
    shares = [copy_rate(OTHERS, half, 8) for half in (halves.reference, halves.held_out)]
    card = score_text(REAL, OTHERS)
    assert card.loc["copied 8-grams (share)", "value"] == np.mean(shares) > 0
    longest = longest_copied_run(OTHERS, REAL).length
    assert card.loc["longest copied run (words)", "value"] == longest


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


def test_empty_texts_are_no_perfect_score():
    """59 empty texts and a short sentence: real ones as short would be as empty."""
    card = card_of(["", " "] * 29 + ["", "A good film."], synthetic_labels=np.arange(60) % 2)
    assert card.loc["C2ST", "value"] > 0.9
    assert card.loc["texts without a word (share)", "value"] == 59 / 60
    assert card.loc["texts without a word (share)", "baseline"] == 0
    assert "59 of 60 synthetic texts have no word" in repr(card)
    half = card_of(OTHERS[:20] + [""] * 20)
    assert half.loc["C2ST", "value"] > 0.7
    assert "texts without a word (share)" not in card_of(OTHERS).index


def test_texts_without_a_common_word_have_no_c2st():
    """What cannot be learnt from has no value, and the card says why."""
    letters = "bcdefghijklmnopqrstuvwxyz"
    real = [f"{a}{a} {a}{a}{a}" for a in letters[:12]]
    made = [f"{a}{a}{a}{a} {a}{a}{a}{a}{a}" for a in letters[:12]]
    card = score_text(real, made, held_out=real)
    assert np.isnan(card.loc["C2ST", "value"])
    assert "C2ST is undefined: no word stands in two texts" in repr(card)


def test_the_classifier_reads_no_more_of_real_texts_than_of_generated_ones():
    """The last word of each real text says all, and generated texts are too short to have it."""
    held = [
        f"{text} {'good' if label else 'bad'}"
        for text, label in zip(["A film about a man and a war"] * 60, HELD_LABELS, strict=True)
    ]
    card = card_of(["A film about a man"] * 40, held_out=held, classifier=Rule())
    assert card.loc["classified as asked (share)", ["value", "baseline"]].tolist() == [
        0.5,
        pytest.approx(0.5, abs=0.2),
    ]


def test_a_baseline_that_is_missing_is_explained_too():
    held_out = [f"{a}{a} {a}{a}{a}" for a in "bcdefghijklm"]
    card = score_text(held_out, ["The same film again."] * 12, held_out=held_out)
    assert np.isnan(card.loc["distinct-2", "baseline"]) and card.loc["distinct-2", "value"] > 0
    assert "Note: real against real: diversity is undefined: no text has 4 words" in repr(card)


def test_copies_of_held_out_texts_are_not_told_apart():
    card = score_text(REAL, HELD, held_out=HELD)
    assert card.loc["C2ST", "value"] == 0.5


def test_short_texts_get_a_note_since_real_ones_are_cut():
    short = [text.split(".")[0] + "." for text in OTHERS]
    assert "(median 48 to 8 words)" in repr(score_text(REAL, short, held_out=HELD))
    assert "no measure sees" not in repr(score_text(REAL, OTHERS, held_out=HELD))


def test_fewer_real_texts_than_generated_ones_get_a_note():
    many, asked = write(80, 5)
    card = card_of(
        many, synthetic_labels=asked, held_out=HELD[:20], held_out_labels=HELD_LABELS[:20]
    )
    assert "20 real texts to compare 80 synthetic texts with" in repr(card)
    assert "TSTR learns from" not in repr(card)
    few = score_text(
        REAL[:40],
        many,
        labels=LABELS[:40],
        held_out=HELD,
        held_out_labels=HELD_LABELS,
        synthetic_labels=asked,
    )
    assert "TSTR learns from 80 texts, but its baseline from 40" in repr(few)
    # Wherever the bad ones stand, some of them are among those that are compared.
    worse = many[:20] + ["Spam spam spam."] * 60
    assert score_text(REAL, worse, held_out=HELD[:20]).loc["C2ST", "value"] > 0.75


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 60), st.integers(0, 99))
def test_passages_of_a_book_do_not_overlap(lengths, n_words, seed):
    book = [f"w{i}" for i in range(n_words)]
    sides = RealTexts(["a"] * 12, None, None, seed)
    found = sides.like([book], lengths)
    wanted = np.maximum(lengths, 1)
    assert [len(words) for words in found.words] == wanted[found.places].tolist()
    taken = [word for words in found.words for word in words]
    assert len(taken) == len(set(taken))
    assert all(words == book[book.index(words[0]) :][: len(words)] for words in found.words)
    assert len(found.places) == len(lengths) or len(taken) + wanted.max() > n_words


class SmallLetters:
    """A language model of letters that knows small letters, line breaks and commas only."""

    def bits_per_token(self, texts):
        letters = "".join(texts)
        return sum(not (c.islower() or c in " \n,") for c in letters) / len(letters)


@pytest.mark.parametrize("held_out", ["a book", "no book", "a list"])
def test_real_texts_are_measured_as_they_are_written(held_out):
    """Real pages in the spelling of `join_words` would surprise a model of small letters."""
    line = "the sea was wet as wet could be,\nthe sands were dry as dry "
    book, pages = line * 200, [line * 2] * 12
    given = {"a book": book, "no book": None, "a list": [line * 3] * 12}[held_out]
    settings = {"held_out": given, "language_model": SmallLetters(), "level": "char"}
    card = score_text([book] * 12 if held_out == "a list" else book, pages, **settings)
    assert card.loc["bits per token", ["value", "baseline"]].tolist() == [0, 0]


def test_a_short_book_has_fewer_passages_and_one_too_short_is_refused():
    book, rest = " ".join(REAL), " ".join(HELD[:20])
    card = score_text(book, OTHERS, held_out=rest)
    assert "20 passages that do not overlap to compare 40 synthetic texts with" in repr(card)
    with pytest.raises(ValueError, match="held_out has 144 words, room for 3 passages"):
        score_text(book, OTHERS, held_out=" ".join(HELD[:3]))
    with pytest.raises(ValueError, match="real has 192 words, room for 4 passages"):
        score_text(" ".join(HELD[:8]), OTHERS)


class Counted(str):
    """A text that counts how often it is split."""

    __slots__ = ("times",)

    def lower(self):
        self.times = getattr(self, "times", 0) + 1
        return super().lower()


def test_every_text_is_split_once():
    real, held, made = ([Counted(text) for text in part] for part in (REAL, HELD, OTHERS))
    score_text(
        real,
        [made[:20], made[20:]],
        held_out=held,
        labels=LABELS,
        held_out_labels=HELD_LABELS,
        synthetic_labels=[ASKED[:20], ASKED[20:]],
    )
    assert {text.times for text in (*real, *held, *made)} == {1}


def test_a_learner_of_ones_own_gets_texts():
    class Learner(Rule):
        def fit(self, texts, labels):
            assert all(isinstance(text, str) for text in texts) and len(texts) == len(labels) == 40
            return self

    card = card_of(OTHERS, learner=Learner)
    assert card.loc["TSTR accuracy", ["value", "baseline"]].tolist() == [1, 1]


@pytest.mark.parametrize("classifier", [Rule(), Known()])
@pytest.mark.parametrize("n_runs", [1, 2])
def test_labels_that_the_classifier_never_gives_are_refused(classifier, n_runs):
    names = np.array(["neg", "pos"])
    good, half = ["pos"] * 20, names[ASKED[:20]]
    runs, asked = (OTHERS[:20], good) if n_runs == 1 else ([OTHERS[:20]] * 2, [half, good])
    with pytest.raises(ValueError, match="'pos', but the classifier answers 0, 1"):
        score_text(REAL, runs, synthetic_labels=asked, classifier=classifier)
    with pytest.raises(ValueError, match="answers 0, 1"):
        card_of(
            OTHERS,
            labels=names[LABELS],
            held_out_labels=names[HELD_LABELS],
            synthetic_labels=names[ASKED],
            classifier=classifier,
        )


class Sour:
    """A classifier that finds every text bad."""

    def __init__(self, answer):
        self.answer = answer

    def predict(self, texts):
        return [self.answer] * len(texts)


def test_a_classifier_that_is_always_wrong_is_told_from_one_with_other_labels():
    options = {"synthetic_labels": ["pos"] * 40}
    card = score_text(REAL, OTHERS, classifier=Sour("neg"), **options)
    assert card.loc["classified as asked (share)", "value"] == 0
    with pytest.raises(ValueError, match="hold 'pos', but the classifier answers 0"):
        score_text(REAL, OTHERS, classifier=Sour(0), **options)
    book = " ".join(REAL)
    with pytest.raises(ValueError, match="hold 'pos', but the classifier answers 0, 1"):
        score_text(book, OTHERS, classifier=Rule(), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"texts": None}, "must be a list of texts"),
        (
            {"texts": [*OTHERS[:39], None]},
            "synthetic holds NoneType at place 39, not str. Leave missing",
        ),
        ({"texts": [OTHERS, "a film"]}, r"synthetic\[1\] is a single string"),
        ({"synthetic_labels": 3}, "do not match"),
        ({"synthetic_labels": [None, *ASKED[1:]]}, "label 0 of synthetic_labels is missing"),
        ({"synthetic_labels": ["good"] * 40}, "synthetic_labels hold 'good', but the labels"),
        ({"labels": [np.nan, *LABELS[1:]]}, "label 0 of labels is missing"),
        ({"held_out": [*HELD[:59], " "]}, "text 59 of held_out has no word"),
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
        ({"random_state": -1}, "random_state=-1 must be a whole number"),
        ({"random_state": 2**32}, "random_state=4294967296 must be below"),
    ],
)
def test_bad_input_is_refused(options, words):
    texts = options.pop("texts", OTHERS)
    with pytest.raises((ValueError, TypeError), match=words):
        card_of(texts, **options)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.text(max_size=12), min_size=12, max_size=14),
    st.lists(st.text(max_size=12), min_size=12, max_size=14),
    st.sampled_from(["word", "char"]),
)
def test_any_texts_get_a_card_or_a_reason(real, made, level):
    try:
        card = score_text(real, made, level=level)
    except ValueError as why:
        assert "has no word" in str(why) or "are empty" in str(why)
    else:
        assert card["value"].notna().all() or card.attrs["notes"]
        assert repr(card)
