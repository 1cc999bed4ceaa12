"""The card of pictures: what it asks, what it prints, and what it refuses."""

import numpy as np
import pytest

from gan_utils.scorecard import compare_pictures
from gan_utils.scorecard import pictures as pictures_card

NEAREST, COPIES = "distance to nearest image (median)", "exact copies (share)"


def bars(n, seed, noise=0.05):
    """Draw a coloured bar at a random place."""
    rng = np.random.default_rng(seed)
    images = rng.uniform(0, noise, (n, 32, 32, 3)).astype("float32")
    for image, place in zip(images, rng.integers(0, 24, n), strict=True):
        image[place : place + 8] = rng.random(3)
    return images


REAL, HELD_OUT = bars(60, 0), bars(30, 1)


@pytest.fixture(scope="module")
def card():
    methods = {
        "alike": [bars(30, 2), bars(30, 3)],
        "copies": REAL[:30],
        "grey": REAL[:30] * 0 + 0.5,
    }
    return compare_pictures(REAL, methods, held_out=HELD_OUT)


def test_asks_three_questions_of_each_method(card):
    assert list(card["card", "question"].unique()) == ["fidelity", "diversity", "novelty"]
    assert list(dict.fromkeys(card.columns.get_level_values(0))) == [
        *("alike", "copies", "grey", "card")
    ]
    assert card["alike", "low"].le(card["alike", "high"]).all()
    assert card["copies", "low"].isna().all()


def test_tells_good_from_bad(card):
    values = card.xs("value", axis=1, level=1)
    assert values.loc[COPIES].tolist() == [0.0, 1.0, 0.0]
    assert values.loc[NEAREST, "copies"] == 0
    assert card.loc[NEAREST, ("card", "baseline")] > 0.02
    assert values.loc["C2ST", "alike"] < 0.75 < values.loc["C2ST", "grey"]
    assert values.loc["coverage", "grey"] < 0.2 < values.loc["coverage", "alike"]


def test_prints_as_the_card(card):
    said = repr(card)
    assert "Scorecard: 60 real images; 30 synthetic images in each run" in said
    assert "Is it new? (novelty)" in said
    assert "usefulness is not measured" in said


def test_the_same_seed_gives_the_same_card(card):
    again = compare_pictures(REAL, {"copies": REAL[:30]}, held_out=HELD_OUT)
    np.testing.assert_array_equal(again["copies", "value"], card["copies", "value"])


@pytest.mark.parametrize(
    ("synthetic", "words"),
    [
        ({}, "name at least one method"),
        ({"card": REAL}, "not 'card'"),
        ({("a", 1): REAL[:30]}, "Name each method by a text"),
        ({"few": REAL[:3]}, "few has 3 images"),
        ({"none": []}, "none holds no array"),
        ({"other": np.zeros((20, 16, 16, 3))}, "give images of one shape|Give images of one shape"),
        ({"scale": REAL * 255}, "scale reach from"),
    ],
)
def test_what_cannot_be_judged_is_refused_before_any_training(synthetic, words, monkeypatch):
    monkeypatch.setattr(pictures_card, "features_c2st", lambda *_: pytest.fail("trained first"))
    with pytest.raises(ValueError, match=words):
        compare_pictures(REAL, synthetic, held_out=HELD_OUT)


@pytest.mark.parametrize(
    "seed, words",
    [(-1, "=-1 must be"), (2**32, "must be below"), (np.random.default_rng(0), "a whole number")],
)
def test_a_seed_that_is_none(seed, words):
    with pytest.raises(ValueError, match=words):
        compare_pictures(REAL, {"copies": REAL[:30]}, held_out=HELD_OUT, random_state=seed)
