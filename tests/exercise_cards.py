"""Cards as a student of an open exercise would hand them in: a training unchanged, and changed."""

from collections.abc import Iterable, Sequence

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


def table_card(
    changed: Sequence[int],
    unchanged: Sequence[int] = (1, 2),
    held_out: bool = True,
    names: tuple[str, str] = ("unchanged", "changed"),
    **drawn: float,
) -> pd.DataFrame:
    """Compare tables of some seeds with tables that are drawn in another way."""
    methods = (normal_tables(unchanged), normal_tables(changed, **drawn))
    unseen = normal_tables([0])[0] if held_out else None
    return compare_tables(
        normal_tables([9])[0], dict(zip(names, methods, strict=True)), held_out=unseen
    )
