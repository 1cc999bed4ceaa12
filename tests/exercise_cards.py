"""Cards as a student of an open exercise would hand them in: a training unchanged, and changed."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from gan_utils.scorecard import compare_tables


def image_card(low: float, high: float, title: str = "500 held-out images") -> pd.DataFrame:
    """Make the part of `score_images`'s card that the exercises read."""
    row = {"value": (low + high) / 2, "low": low, "high": high}
    table = pd.DataFrame([row], index=["Fréchet classifier distance"])
    table.attrs["title"] = title
    return table


def image_cards(before: tuple, after: tuple, **settings: str) -> dict[str, pd.DataFrame]:
    """Make two cards of images from their ranges."""
    return {
        "unchanged": image_card(*before, **settings),
        "changed": image_card(*after, **settings),
    }


def normal_tables(seeds: Iterable[int], shift: float = 0.0, scale: float = 1.0) -> list:
    """Draw a table of two columns for each seed."""
    rngs = map(np.random.default_rng, seeds)
    return [pd.DataFrame(rng.normal(shift, scale, (60, 2)), columns=["a", "b"]) for rng in rngs]


class Later:
    """An answer that is computed where a test needs it, not while the tests are collected."""

    def __init__(self, make: Callable[..., Any], *args: Any, **settings: Any) -> None:
        self.make, self.args, self.settings = make, args, settings

    @cached_property
    def value(self) -> Any:
        """Compute it once."""
        return self.make(*self.args, **self.settings)


def present(answers: Iterable[Any]) -> list[Any]:
    """Compute the answers that wait for it."""
    return [answer.value if isinstance(answer, Later) else answer for answer in answers]


def table_card(
    changed: Sequence[int],
    unchanged: Sequence[int] = (1, 2),
    held_out: bool = True,
    names: tuple[str, str] = ("unchanged", "changed"),
    **drawn: float,
) -> Later:
    """Compare tables of some seeds with tables that are drawn in another way."""
    return Later(_compared, tuple(changed), tuple(unchanged), held_out, names, **drawn)


def with_range(card: Later, row: str, low: float, high: float) -> Later:
    """Change the range of one measure of the changed training."""

    def change() -> pd.DataFrame:
        table = card.value.copy()
        table.loc[row, [("changed", "low"), ("changed", "high")]] = low, high
        return table

    return Later(change)


@cache
def _compared(
    changed: tuple, unchanged: tuple, held_out: bool, names: tuple, **drawn: float
) -> pd.DataFrame:
    methods = (normal_tables(unchanged), normal_tables(changed, **drawn))
    unseen = normal_tables([0])[0] if held_out else None
    return compare_tables(
        normal_tables([9])[0], dict(zip(names, methods, strict=True)), held_out=unseen
    )
