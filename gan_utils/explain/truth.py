"""Test whether explanations of images and texts are faithful and stable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import numpy as np

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils.explain.base import Explanation
from gan_utils.explain.images import explain_image
from gan_utils.explain.text import explain_text


def stability(
    subject: np.ndarray | str,
    predict: Callable,
    seeds: Iterable[int] = range(10),
    n: int = 5,
    **settings: Any,
) -> dict[str, float]:
    """Explain an image or a text with several seeds, and measure how well the explanations agree.

    Parameters
    ----------
    subject, predict
        The image or text, and the network; see `explain_image` or `explain_text`.
    seeds : iterable of int
        At least two seeds.
    n : int
        How many of the most important segments or words to compare.
    **settings
        Further settings for `explain_image` or `explain_text`.

    Returns
    -------
    dict
        ``overlap`` is the share of the n most important parts that the explanations for two seeds
        have in common, averaged over all pairs of seeds; 1 is perfect. ``lowest_overlap`` is the
        overlap of the worst pair. ``fit`` is the mean R² of the linear fits.

    Raises
    ------
    ValueError
        If there are fewer than two seeds, ``n`` is not a whole number of at least 1, or for a
        reason given in `explain_image` or `explain_text`.
    """
    check_count("n", n)
    seeds = list(seeds)
    for seed in seeds:
        check_small_seed(seed)
    if len(seeds) < 2:
        raise ValueError("stability compares explanations. Give at least two seeds.")
    explain = explain_text if isinstance(subject, str) else explain_image
    found = [explain(subject, predict, random_state=seed, **settings) for seed in seeds]
    tops = [set(explanation.ranked(n).tolist()) for explanation in found]
    overlaps = [_overlap(one, other) for one, other in combinations(tops, 2)]
    return {
        "overlap": float(np.mean(overlaps)),
        "lowest_overlap": float(np.min(overlaps)),
        "fit": float(np.mean([explanation.fit for explanation in found])),
    }


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / max(len(one), len(other), 1) if one or other else 1.0


def deletion_test(
    explanation: Explanation,
    predict: Callable,
    n: int = 5,
    n_random: int = 20,
    random_state: int | None = 0,
) -> dict[str, float]:
    """Hide the most important parts and measure how much the target's probability falls.

    For comparison, n random words (or segments with ink) are hidden instead, since hiding any part
    has some effect. If fewer than n parts support the target, only that many are hidden in both
    cases. If even fewer segments have ink, the random ones are drawn from all segments whose hiding
    changes the image.

    Parameters
    ----------
    explanation : ImageExplanation or TextExplanation
        The explanation to test.
    predict : callable
        The network that was explained; see `explain_image` or `explain_text`.
    n : int
        Maximum number of segments or words to hide.
    n_random : int
        How many random choices to average over.
    random_state : int, optional
        Seed for the random choices.

    Returns
    -------
    dict
        ``probability`` is the probability of the target. ``drop_top`` and ``drop_random`` are the
        amounts by which this probability falls when the top parts or random parts are hidden.
        ``difference`` is the difference between the two drops, which is near 0 if the explanation
        is no better than chance.

    Raises
    ------
    ValueError
        If ``n`` or ``n_random`` is not a whole number of at least 1, ``random_state`` is negative,
        or ``predict`` returns anything but probabilities or logits.
    """
    check_count("n", n)
    check_count("n_random", n_random)
    if random_state is not None:
        check_count("random_state", random_state, 0)
    top = explanation.ranked(n)
    choices = _random_choices(explanation, top, n_random, random_state)
    changed = [explanation.hide(part) for part in (top, *choices)]
    drops = explanation.probability - explanation.ask(predict, changed)
    of_top, of_random = float(drops[0]), float(drops[1:].mean())
    return {
        "probability": explanation.probability,
        "drop_top": of_top,
        "drop_random": of_random,
        "difference": of_top - of_random,
    }


def _random_choices(
    explanation: Explanation, top: np.ndarray, n_random: int, random_state: int | None
) -> list[np.ndarray]:
    """Draw random parts; for a fair comparison, as many as there are in ``top``."""
    rng, parts = np.random.default_rng(random_state), explanation.removable
    if not len(top):
        return [top]
    if len(parts) < len(top):
        parts = np.union1d(explanation.changeable, top)
    return [rng.choice(parts, len(top), replace=False) for _ in range(n_random)]
