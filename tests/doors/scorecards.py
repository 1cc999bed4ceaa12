"""The doors of the scorecards: `score_table`, `score_text` and `score_images`."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import strategies as drawn

from doors import Door, keep


def _check_card(card: pd.DataFrame) -> None:
    keep(list(card)[:2] == ["question", "value"], f"columns {list(card)}")
    values = card[["value", "baseline"]].to_numpy(float)
    keep(not np.isinf(values).any(), "infinite values")
    missing = card.index[card["value"].isna()].tolist()
    keep(not missing or bool(card.attrs["notes"]), f"{missing} are missing, and no note says why")
    keep("(fidelity)" in repr(card), "the card does not print")


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a real table, synthetic rows of the same kind or of another, and what goes with them."""
    table = draw(drawn.tables(min_rows=24, max_rows=40, max_columns=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    form = draw(
        st.sampled_from(["rows"] * 5 + ["same", "list", "other", "short", "renamed", "array"])
    )
    again = table.iloc[rng.integers(len(table), size=len(table))].reset_index(drop=True)
    synthetic = {
        "rows": lambda: again,
        "same": lambda: table,
        "list": lambda: [again, again.iloc[::-1]],
        "other": lambda: draw(drawn.tables(min_rows=24)),
        "short": lambda: again.iloc[:3],
        "renamed": lambda: again.rename(columns=str),
        "array": again.to_numpy,
    }[form]()
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more["held_out"] = table.iloc[rng.integers(len(table), size=12)]
    if draw(st.booleans()) and ("held_out" in more or draw(st.integers(0, 3)) == 3):
        more["target"] = draw(st.sampled_from([*[*table.columns] * 3, "not there"]))
    return {"real": table, "synthetic": synthetic, **more}


def _score_table(example: dict[str, Any]) -> None:
    from gan_utils.scorecard import score_table

    _check_card(score_table(**example))


@st.composite
def writings(draw: st.DrawFn) -> dict[str, Any]:
    """Draw real texts, synthetic ones, and perhaps held-out ones and labels."""
    least = draw(st.sampled_from([1, 12, 12, 12, 12]))
    some = st.lists(drawn.prose() | drawn.texts(), min_size=least, max_size=16)
    real, synthetic, more = draw(some), draw(some), {}
    form = draw(st.sampled_from(["texts"] * 4 + ["one text", "same", "runs", "empty"]))
    if form == "one text":
        real = " ".join(real)
    if form == "same":
        synthetic = list(real)
    if form == "runs":
        synthetic = [synthetic, synthetic[::-1]]
    if form == "empty":
        synthetic = [""] * len(synthetic)
    if draw(st.booleans()):
        more["held_out"] = draw(some)
    if draw(st.integers(0, 2)) == 2 and form != "one text":
        kinds = draw(st.sampled_from([[0, 1], ["a", "b"], [0, np.nan], [None, "a"], [1]]))
        more["labels"] = np.array([kinds[i % len(kinds)] for i in range(len(real))])
        held = more.get("held_out", [])
        more["held_out_labels"] = np.array([kinds[i % len(kinds)] for i in range(len(held))])
    return {"real": real, "synthetic": synthetic, **more}


class _Reader:
    """A language model that is only given what somebody wrote: real pages, or generated ones."""

    def __init__(self, written: object) -> None:
        self.written = list(self._texts(written))

    def _texts(self, something: object) -> Iterator[str]:
        if isinstance(something, str):
            yield something
        elif isinstance(something, Iterable):
            for one in something:
                yield from self._texts(one)

    def bits_per_token(self, texts: list[str]) -> float:
        """Check the texts."""
        keep(bool(texts), "no text to measure")
        strange = [t for t in texts if not any(t in whole for whole in self.written)]
        keep(not strange, f"nobody has written {strange[:1]}")
        return 1.0


def _score_text(example: dict[str, Any]) -> None:
    from gan_utils.scorecard import score_text

    _check_card(score_text(**example, language_model=_Reader(example.values())))


@lru_cache(maxsize=1)
def judge() -> Any:
    """Train a classifier of bright and dark squares, once a process."""
    from gan_utils.classifiers.images import ImageClassifier

    images, labels = squares(40, 0)
    return ImageClassifier(2).fit(images, labels, epochs=1, verbose=0)


def squares(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Make dark images of 28 x 28 pixels with a bright square on the left or on the right."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    images = rng.uniform(0, 0.2, (n, 28, 28, 1))
    for image, label in zip(images, labels, strict=True):
        image[8:20, 14 * label + 2 : 14 * label + 12] += 0.7
    return images.astype("float32"), labels


@st.composite
def albums(draw: st.DrawFn) -> dict[str, Any]:
    """Draw real images, synthetic ones of many forms, and perhaps held-out ones and labels."""
    n, seed = draw(st.integers(11, 24)), draw(st.integers(0, 999))
    real, labels = squares(24, seed)
    images, classes = squares(n, seed + 1)
    forms = {
        "usual": lambda: images,
        "float64": lambda: images.astype(float),
        "copies": lambda: real.copy(),
        "blank": lambda: np.zeros_like(images),
        "runs": lambda: [images, images[::-1]],
        "bytes": lambda: (255 * images).astype("uint8"),
        "centred": lambda: 2 * images - 1,
        "no channel": lambda: images[..., 0],
        "colour": lambda: np.repeat(images, 3, axis=-1),
        "small": lambda: images[:, :14, :14],
        "missing": lambda: np.where(images > 0.8, np.nan, images),
        "list": images.tolist,
    }
    form = draw(st.sampled_from(["usual"] * 6 + list(forms)))
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more["held_out"], held_labels = squares(draw(st.integers(11, 16)), seed + 2)
        if draw(st.booleans()):
            change = draw(
                st.sampled_from([lambda y: y, lambda y: y, lambda y: y + 5, lambda y: 0 * y])
            )
            more |= {"labels": change(labels), "held_out_labels": change(held_labels)}
    if draw(st.integers(0, 3)) == 3:
        more["synthetic_labels"] = draw(
            st.sampled_from([classes, classes[1:], classes * 1.0, classes + 9])
        )
    return {"real": real, "synthetic": forms[form](), **more}


def _score_images(example: dict[str, Any]) -> None:
    from gan_utils.scorecard import score_images

    _check_card(score_images(classifier=judge(), **example))


DOORS = [
    Door("score_table", comparisons(), _score_table, slow=True),
    Door("score_text", writings(), _score_text, slow=True),
    Door("score_images", albums(), _score_images, slow=True),
]
