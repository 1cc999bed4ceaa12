"""The doors that explain: `explain_text` and `explain_image`."""

from typing import Any

import hypothesis.strategies as st
import numpy as np
import strategies as drawn

from doors import Door, keep


def _check_explained(kind: str, explanation: Any, things: Any) -> None:
    keep(kind not in drawn.BAD_ANSWERS, f"{kind} was explained")
    answers = np.asarray(drawn.ANSWERS[kind](things), float)
    if kind in drawn.SIGMOIDS:
        answers = np.stack([1 - answers.reshape(1), answers.reshape(1)], axis=1)
    if kind in drawn.LOGITS:
        real = 1 / (1 + np.exp(-answers.reshape(1)))
        answers = np.stack([1 - real, real], axis=1)
    target = int(answers[0].argmax())
    keep(explanation.target == target, f"class {explanation.target} is explained, not {target}")
    found = explanation.probability
    keep(abs(found - answers[0][target]) < 1e-6, f"probability {found}, not {answers[0][target]}")
    keep(np.isfinite(explanation.weights).all(), "weights are not finite")


def _explain_text(example: tuple[str, str]) -> None:
    from gan_utils.explain import explain_text

    text, kind = example
    explain = lambda: explain_text(text, drawn.ANSWERS[kind], n_samples=50, random_state=0)  # noqa: E731
    explanation = explain()
    _check_explained(kind, explanation, [text])
    keep(len(explanation.weights) == len(explanation.words), "not one weight a word")
    keep(all(word in text for word in explanation.words), "a word is not in the text")
    keep(np.array_equal(explanation.weights, explain().weights), "one seed, two explanations")


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
    explain = lambda: explain_image(  # noqa: E731
        image, drawn.ANSWERS[kind], n_samples=50, n_segments=12, hide=hide, random_state=0
    )
    explanation = explain()
    _check_explained(kind, explanation, explanation.image[None])
    keep(len(explanation.weights) == explanation.segments.max() + 1, "not one weight a segment")
    keep(np.array_equal(explanation.weights, explain().weights), "one seed, two explanations")


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
