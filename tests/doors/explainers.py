"""The doors that explain: `explain_text` and `explain_image`."""

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import numpy as np
import strategies as drawn

from doors import Door, keep


class _Recorded:
    """A classifier that records the smallest and the largest number of each call."""

    def __init__(self, answer: Callable) -> None:
        self.answer, self.ends = answer, []

    def __call__(self, things: Any) -> Any:
        answers = self.answer(things)
        self.ends += [np.min(answers), np.max(answers)]
        return answers


def _probabilities(kind: str, answers: np.ndarray, in_unit: bool) -> np.ndarray:
    """Convert the answers for one thing as `gan_utils.explain` documents."""
    if kind not in drawn.SIGMOIDS and kind not in drawn.LOGITS:
        return answers[0]
    number = answers.reshape(1)[0]
    # Logits that all lie in [0, 1], as a blank image's can, cannot be told from probabilities.
    one = number if in_unit else 1 / (1 + np.exp(-number))
    return np.array([1 - one, one])


def _check_explained(kind: str, explain: Callable, things: Callable) -> Any:
    """Explain twice; check the class, its probability and the weights."""
    classifier = _Recorded(drawn.ANSWERS[kind])
    explanation = explain(drawn.ANSWERS[kind] if kind in drawn.BAD_ANSWERS else classifier)
    keep(kind not in drawn.BAD_ANSWERS, f"{kind} was explained")
    in_unit = min(classifier.ends) >= 0 and max(classifier.ends) <= 1
    answers = np.asarray(classifier.answer(things(explanation)), float)
    expected = _probabilities(kind, answers, in_unit)
    target = int(expected.argmax())
    keep(explanation.target == target, f"class {explanation.target} is explained, not {target}")
    found = explanation.probability
    keep(abs(found - expected[target]) < 1e-6, f"probability {found}, not {expected[target]}")
    keep(np.isfinite(explanation.weights).all(), "weights are not finite")
    again = explain(classifier).weights
    keep(np.array_equal(explanation.weights, again), "one seed, two explanations")
    return explanation


def _explain_text(example: tuple[str, str]) -> None:
    from gan_utils.explain import explain_text

    text, kind = example
    explain = lambda answer: explain_text(text, answer, n_samples=50, random_state=0)  # noqa: E731
    explanation = _check_explained(kind, explain, lambda _: [text])
    keep(len(explanation.weights) == len(explanation.words), "not one weight a word")
    keep(all(word in text for word in explanation.words), "a word is not in the text")


@st.composite
def images(draw: st.DrawFn) -> Any:
    """Draw one image: most are greys in [0, 1], some are not."""
    side, seed = draw(st.integers(7, 16)), draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    image = rng.random((side, side)) * (rng.random((side, side)) < draw(st.floats(0, 1)))
    forms = {
        "float32": lambda: image.astype("float32"),
        "float64": lambda: image,
        "channel": lambda: image[..., None].astype("float32"),
        "blank": lambda: np.zeros((side, side), "float32"),
        "full": lambda: np.ones((side, side), "float32"),
        "bytes": lambda: (255 * image).astype("uint8"),
        "colour": lambda: np.stack([image] * 3, axis=-1),
        "wide": lambda: image[:, :-1],
        "missing": lambda: np.where(image > 0.9, np.nan, image),
        "list": image.tolist,
        "batch": lambda: image[None, ..., None],
        "negative": lambda: image - 0.5,
        "flags": lambda: image > 0.5,
    }
    return forms[draw(st.sampled_from(["float32", "float64", "channel"] * 4 + list(forms)))]()


def _explain_image(example: tuple[Any, str, str]) -> None:
    from gan_utils.explain import explain_image

    image, kind, hide = example
    explain = lambda answer: explain_image(  # noqa: E731
        image, answer, n_samples=50, n_segments=12, hide=hide, random_state=0
    )
    explanation = _check_explained(kind, explain, lambda explanation: explanation.image[None])
    keep(len(explanation.weights) == explanation.segments.max() + 1, "not one weight a segment")


KINDS_OF_ANSWERS = st.sampled_from(
    [*drawn.GOOD_ANSWERS, *drawn.GOOD_ANSWERS, *drawn.SIGMOIDS, *drawn.LOGITS, *drawn.BAD_ANSWERS]
)
DOORS = [
    Door("explain_text", st.tuples(drawn.texts() | drawn.prose(), KINDS_OF_ANSWERS), _explain_text),
    Door(
        "explain_image",
        st.tuples(images(), KINDS_OF_ANSWERS, st.sampled_from(["erase", "invert"])),
        _explain_image,
    ),
]
