"""The card of images: what it holds, what it prints, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings

from gan_utils.classifiers.images import ImageClassifier
from gan_utils.metrics import images as image_metrics
from gan_utils.scorecard import images as image_card
from gan_utils.scorecard import score_images

FRECHET = "Fréchet classifier distance"
MEDIAN, RATIO = "distance to nearest image (median)", "distance ratio to real images"
ASKED = "classified as asked (share)"


def bars(n: int, seed: int, noise: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """Draw lying and standing bars."""
    rng = np.random.default_rng(seed)
    labels, places = rng.integers(0, 2, n), rng.integers(1, 9, n)
    images = rng.uniform(0, noise, (n, 12, 12, 1)).astype("float32")
    for image, label, place in zip(images, labels, places, strict=True):
        part = image[place : place + 2] if label else image[:, place : place + 2]
        part[:] = 1
    return images, labels


REAL, TEST = bars(200, 0), bars(80, 1)


@pytest.fixture(scope="module")
def judge() -> ImageClassifier:
    return ImageClassifier(2).fit(*REAL, epochs=8)


@pytest.fixture(scope="module")
def truth(judge) -> dict:
    answers = {"labels": REAL[1], "held_out_labels": TEST[1]}
    return {"classifier": judge, "held_out": TEST[0], **answers}


@pytest.fixture(scope="module")
def card(truth):
    made = [bars(80, seed) for seed in (2, 3)]
    images, labels = zip(*made, strict=True)
    with strict_warnings():
        return score_images(REAL[0], images, synthetic_labels=labels, **truth)


def test_asks_the_four_questions_in_order(card):
    assert list(card.columns) == ["question", "value", "low", "high", "baseline", "best"]
    assert list(card["question"].unique()) == ["fidelity", "diversity", "utility", "novelty"]
    assert list(card.index) == [
        *(FRECHET, "precision", "density", "classified surely (share)", ASKED),
        *("recall", "coverage", "classes covered", "rarest class (share)"),
        *("TSTR accuracy", "exact copies (share)", MEDIAN, RATIO),
    ]


def test_prints_as_the_card(card):
    text = repr(card).split("\n")
    assert text[0] == (
        "Scorecard: 200 real images; 2 runs of 80 synthetic images; "
        "real against real: 80 held-out images"
    )
    assert text[3] == "Does it look real? (fidelity)"
    assert "FID" not in repr(card)
    assert "<table" in card._repr_html_()


def test_numbers_are_those_of_the_measures(card, judge):
    seen = [judge.features(part) for part in (REAL[0], bars(80, 2)[0], bars(80, 3)[0], TEST[0])]
    scores = [image_metrics.frechet_distance(seen[0], part) for part in seen[1:]]
    found = card.loc[FRECHET, ["value", "low", "high", "baseline"]].tolist()
    assert found == pytest.approx([np.mean(scores[:2]), *sorted(scores[:2]), scores[2]])
    shares = image_metrics.precision_density_recall_coverage(seen[0], seen[3])
    assert {name: card.loc[name, "baseline"] for name in shares} == pytest.approx(shares)
    distances = image_metrics.nearest_images(TEST[0], REAL[0])[1]
    assert card.loc[MEDIAN, "baseline"] == pytest.approx(np.median(distances))
    assert card.loc[ASKED, "baseline"] == judge.accuracy(*TEST)


def test_good_images_score_as_real_ones_do(card):
    assert card.loc["TSTR accuracy", ["value", "baseline"]].min() > 0.9
    assert card.loc[ASKED, "value"] > 0.9
    assert card.loc["classes covered", "value"] == 2
    assert card.loc[RATIO, "value"] == pytest.approx(1, abs=0.2)


def test_copies_a_collapse_and_noise_show(truth):
    copies = score_images(REAL[0], REAL[0], **truth)
    assert copies.loc["exact copies (share)", ["value", "baseline"]].tolist() == [1, 0]
    assert copies.loc[RATIO, "value"] == 0
    assert "TSTR learnt the classes that the judge gave" in repr(copies)
    assert np.isnan(copies.loc[FRECHET, "low"])
    collapsed = score_images(REAL[0], np.repeat(REAL[0][:1], 40, axis=0), **truth)
    assert collapsed.loc["classes covered", "value"] == 1
    assert collapsed.loc["rarest class (share)", "value"] == 0
    assert collapsed.loc["recall", "value"] < 0.05
    assert 0.3 < collapsed.loc["TSTR accuracy", "value"] < 0.7
    noise = np.random.default_rng(0).uniform(size=(80, 12, 12, 1))
    bad = score_images(REAL[0], noise, **truth)
    assert bad.loc[FRECHET, "value"] > 5 * bad.loc[FRECHET, "baseline"]
    assert bad.loc["precision", "value"] < 0.5


def test_wrong_labels_make_useless_images(truth):
    images, labels = bars(80, 2)
    card = score_images(REAL[0], images, synthetic_labels=1 - labels, **truth)
    assert card.loc["TSTR accuracy", "value"] < 0.2 and card.loc[ASKED, "value"] < 0.1


def test_without_anything_held_out(judge):
    card = score_images(REAL[0], bars(80, 2)[0], classifier=judge)
    assert "real against real: two halves of the real images" in repr(card)
    assert "Note: TSTR was not measured: it needs held_out=" in repr(card)
    assert np.isnan(card.loc["TSTR", "value"])
    own = np.median(image_metrics.nearest_images(REAL[0])[1])
    assert card.loc[MEDIAN, "baseline"] == pytest.approx(own)


def test_real_images_are_compared_with_as_many_as_generated_ones(judge, monkeypatch):
    monkeypatch.setattr(image_card, "MOST_COMPARED", 20)
    card = score_images(REAL[0], bars(80, 2)[0], classifier=judge)
    distances = image_metrics.nearest_images(REAL[0])[1]
    some = np.sort(np.random.default_rng(0).permutation(len(REAL[0]))[:20])
    assert card.loc[MEDIAN, "baseline"] == pytest.approx(np.median(distances[some]))


def test_repeated_real_images_have_no_ratio(judge):
    twins = np.repeat(REAL[0][:20], 2, axis=0)
    card = score_images(twins, bars(40, 2)[0], classifier=judge)
    assert np.isnan(card.loc[RATIO, "value"])
    assert "most real images repeat" in repr(card)


def test_same_seed_same_card(judge):
    images = bars(80, 2)[0]
    first, again = (score_images(REAL[0], images, classifier=judge) for _ in range(2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)


def test_a_small_held_out_part_is_told(truth, judge):
    held = {"held_out": TEST[0][:20]}
    card = score_images(REAL[0], bars(80, 2)[0], classifier=judge, **held)
    assert "the baseline has 20, not 80" in repr(card)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"real": REAL[0][:5]}, "real has 5 images, but a card needs at least 12"),
        ({"synthetic": REAL[0][:5]}, "synthetic has 5 images"),
        ({"synthetic": []}, "no array"),
        ({"synthetic": REAL[0] * 2 - 1}, "synthetic reach from -1 to 1"),
        ({"synthetic": np.zeros((20, 8, 8, 1))}, r"\[8, 12\] pixels wide"),
        ({"labels": REAL[1]}, "all three"),
        ({"held_out": TEST[0], "labels": TEST[1], "held_out_labels": TEST[1]}, "labels have"),
        ({"synthetic_labels": REAL[1][:3]}, "one label an image"),
        ({"synthetic_labels": REAL[1].astype(str)}, r"synthetic_labels are <U.*\.astype\(int\)"),
        ({"synthetic_labels": REAL[1] * 1.0}, "synthetic_labels are float64"),
        ({"synthetic_labels": REAL[1] + 1}, "synthetic_labels reach from 1 to 2, but n_classes=2"),
        ({"random_state": -1}, "random_state=-1 must be a whole number"),
        ({"random_state": np.random.default_rng(0)}, "must be a whole number"),
    ],
)
def test_what_cannot_be_scored_is_refused(judge, change, hint):
    arguments = {"real": REAL[0], "synthetic": REAL[0], "classifier": judge, **change}
    with pytest.raises(ValueError, match=hint):
        score_images(arguments.pop("real"), arguments.pop("synthetic"), **arguments)


@pytest.mark.parametrize("who", ["labels", "held_out_labels"])
@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda y: y.astype(str).astype(object), r"are object, .*\.astype\(int\)"),
        (lambda y: pd.Series(y).astype(str).astype("category"), r"are .*\.astype\(int\)"),
        (lambda y: y + 1, "reach from 1 to 2, but n_classes=2 allows 0 to 1"),
    ],
)
def test_labels_that_the_classifier_cannot_give_are_refused(truth, who, change, hint):
    with pytest.raises(ValueError, match=f"^{who} {hint}"):
        score_images(REAL[0], bars(80, 2)[0], **truth | {who: change(truth[who])})


def test_the_second_run_s_labels_are_checked_too(truth):
    images, labels = zip(*(bars(80, seed) for seed in (2, 3)), strict=True)
    with pytest.raises(ValueError, match="synthetic_labels reach from 2 to 3"):
        score_images(REAL[0], images, synthetic_labels=[labels[0], labels[1] + 2], **truth)


def test_each_array_is_checked_once(truth, monkeypatch):
    seen = []
    check = image_metrics._check_scale
    monkeypatch.setattr(
        image_metrics, "_check_scale", lambda images, who: (seen.append(who), check(images, who))
    )
    made = [bars(40, seed)[0] for seed in (2, 3)]
    score_images(REAL[0], made, **truth)
    assert sorted(seen) == ["held_out", "real", "synthetic", "synthetic"]


def test_a_classifier_whose_training_failed_is_refused(judge, tmp_path):
    judge.save(tmp_path / "judge.zip")
    broken = ImageClassifier.load(tmp_path / "judge.zip")
    broken.network_.set_weights([np.nan * w for w in broken.network_.get_weights()])
    with pytest.raises(ValueError, match="classifier returns missing"):
        score_images(REAL[0], bars(40, 2)[0], classifier=broken)


def test_a_classifier_of_another_size_is_refused_before_it_works(judge):
    other = ImageClassifier(2).fit(
        *(part[:20] for part in (REAL[0][:, :10, :10], REAL[1])), epochs=1
    )
    with pytest.raises(ValueError, match="12 pixels wide, but this classifier was trained on 10"):
        score_images(REAL[0], bars(40, 2)[0], classifier=other)


def test_without_a_seed_images_keep_their_classes(truth):
    images, labels = bars(80, 2)
    card = score_images(REAL[0], images, synthetic_labels=labels, random_state=None, **truth)
    assert card.loc["TSTR accuracy", ["value", "baseline"]].min() > 0.9
