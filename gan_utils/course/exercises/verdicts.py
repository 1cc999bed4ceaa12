"""Check scorecards, ranges and verdicts; several open exercises share these functions."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from gan_utils.course.exercises import Hint

CANNOT_TELL = "cannot tell"
#: The row of an image card that the open exercises ask about.
FRECHET = "Fréchet classifier distance"
_WORDS = ("no", "one", "two", "three", "four", "five")


class Range(NamedTuple):
    """The lowest and the highest value over several seeds."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.4g} to {self.high:.4g}"


def card_ranges(card: object, measure: str, held_out: str) -> tuple[Range, Range]:
    """Read a measure's ranges from a scorecard of the ``"unchanged"`` and ``"changed"`` settings.

    Parameters
    ----------
    card : object
        The student's scorecard, which should be a result of ``compare_tables``.
    measure : str
        The name of a row of the scorecard.
    held_out : str
        The name of the lesson's variable that contains the held-out rows.

    Returns
    -------
    before, after : Range

    Raises
    ------
    Hint
        If the scorecard does not compare these two settings, lacks held-out rows or a range over
        several seeds, or has the same scores for both settings.
    """
    if not isinstance(card, pd.DataFrame) or card.columns.nlevels != 2:
        raise Hint("my_card should be what compare_tables returns for your two lists of tables")
    lacking = [name for name in ("unchanged", "changed") if name not in card.columns.levels[0]]
    if lacking:
        raise Hint(
            f"the card has no column {lacking[0]!r}: call the two settings unchanged and changed"
        )
    if "held-out rows" not in card.attrs.get("title", ""):
        raise Hint(
            f"the card has no baseline of unseen rows: give compare_tables held_out={held_out}"
        )
    before, after = (card[name].loc[measure].astype(float) for name in ("unchanged", "changed"))
    if before.isna().any() or after.isna().any():
        raise Hint(
            "one training run each shows no spread: give lists of tables from four or more seeds"
        )
    if card["unchanged"].equals(card["changed"]):
        raise Hint(
            "both settings have exactly the same scores: did your change reach the second training?"
        )
    return Range(before["low"], before["high"]), Range(after["low"], after["high"])


def c2st_card_hint(card: object, verdict: object) -> str | None:
    """Judge a scorecard of two settings over several seeds, and a student's verdict on its C2ST.

    Parameters
    ----------
    card : object
        The student's scorecard, which should be a result of ``compare_tables``.
    verdict : object
        The student's verdict.

    Returns
    -------
    str or None
        A hint, or ``None`` if the scorecard and the verdict are right.

    Raises
    ------
    Hint
        If `card_ranges` raises a hint for this scorecard.
    """
    before, after = card_ranges(card, "C2ST", "held_out")
    direction = "a lower C2ST is better, down to 0.5"
    return verdict_hint(before, after, verdict, ("better", "worse"), direction)


def image_cards_hint(cards: object, verdict: object) -> str | None:
    """Judge two scorecards of generated images, and a student's verdict on them.

    Parameters
    ----------
    cards : object
        The student's scorecards, which should be a dictionary with the keys ``"unchanged"`` and
        ``"changed"``. Its values should be results of ``score_images``.
    verdict : object
        The student's verdict on the Fréchet classifier distance.

    Returns
    -------
    str or None
        A hint, or ``None`` if the scorecards and the verdict are right.
    """
    if not isinstance(cards, dict) or set(cards) != {"unchanged", "changed"}:
        return 'my_cards should be a dictionary with two cards, "unchanged" and "changed"'
    if any(not isinstance(c, pd.DataFrame) or FRECHET not in c.index for c in cards.values()):
        return "each of the two should be a card that score_images returned"
    if any("held-out" not in card.attrs.get("title", "") for card in cards.values()):
        return "judge both beside real images that nobody trained on: pass these as held_out"
    before, after = (cards[name].loc[FRECHET] for name in ("unchanged", "changed"))
    if any(not np.isfinite([row["low"], row["high"]]).all() for row in (before, after)):
        return "one training run shows no spread: give score_images a list with one set per seed"
    if any(row["low"] == row["high"] for row in (before, after)):
        return "all seeds gave the same distance: weights and noise should depend on the seed"
    if cards["unchanged"].equals(cards["changed"]):
        return "both cards are the same: did your change reach the second training?"
    ranges = (Range(row["low"], row["high"]) for row in (before, after))
    return verdict_hint(*ranges, verdict, ("better", "worse"), "a smaller distance is better")


def verdict_hint(
    before: Range, after: Range, verdict: object, words: tuple[str, str], direction: str
) -> str | None:
    """Check a verdict against two ranges, which show a difference only if they do not overlap.

    Parameters
    ----------
    before, after : Range
        The ranges of the measure, without and with the student's change.
    verdict : object
        The student's verdict: one of ``words``, or ``"cannot tell"``.
    words : (str, str)
        The verdicts for a lower range and for a higher range.
    direction : str
        The explanation at the end of the hint for a verdict in the wrong direction.

    Returns
    -------
    str or None
        A hint, or ``None`` if the verdict is right.
    """
    if hint := word_hint(verdict, (*words, CANNOT_TELL)):
        return hint
    overlap = after.low <= before.high and before.low <= after.high
    right = CANNOT_TELL if overlap else words[int(after.low > before.high)]
    if verdict == right:
        return None
    if overlap:
        return f"the two ranges overlap ({before}, {after}): these seeds do not show {verdict!r}"
    if verdict == CANNOT_TELL:
        return f"the two ranges do not overlap ({before}, {after}): these seeds can tell"
    return f"it is the other way round ({before} without your change, {after} with it): {direction}"


def word_hint(verdict: object, words: tuple[str, ...]) -> str | None:
    """Check that a verdict is one of the possible verdicts of an exercise.

    Parameters
    ----------
    verdict : object
        The student's verdict.
    words : tuple of str
        The possible verdicts.

    Returns
    -------
    str or None
        A hint, or ``None`` if the verdict is one of the words.
    """
    if isinstance(verdict, str) and verdict in words:
        return None
    return f"my_verdict should be one of {', '.join(map(repr, words))}"


def right_verdict(interval: Range) -> str:
    """Return the verdict that the 95 % interval of a mean difference supports.

    Parameters
    ----------
    interval : Range
        The interval of a difference that is positive if the change is an improvement.

    Returns
    -------
    {"better", "worse", "cannot tell"}
    """
    if interval.low > 0:
        return "better"
    return "worse" if interval.high < 0 else CANNOT_TELL


def mean_interval(differences: np.ndarray) -> Range:
    """Return the 95 % interval for the mean difference, based on Student's t-distribution.

    Parameters
    ----------
    differences : ndarray of shape (n,), n >= 2

    Returns
    -------
    Range
    """
    from scipy.stats import sem, t

    reach = t.ppf(0.975, len(differences) - 1) * sem(differences)
    return Range(differences.mean() - reach, differences.mean() + reach)


def seed_differences(answer: object, name: str, least: int) -> np.ndarray:
    """Read a student's paired differences, one for each seed.

    Parameters
    ----------
    answer : object
        The student's differences.
    name : str
        The name of the lesson's variable that contains the differences.
    least : int, at most 5
        The minimum number of seeds.

    Returns
    -------
    ndarray of shape (n_seeds,)

    Raises
    ------
    Hint
        If the differences are not numbers, if some of them are missing, or if there are too few.
    """
    try:
        values = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError) as error:
        raise Hint(f"{name} should be numbers: one difference per seed") from error
    if len(values) < least:
        raise Hint(f"{name} needs one difference per seed, for at least {_WORDS[least]} seeds")
    if not np.isfinite(values).all():
        raise Hint("some differences are missing: do both sides have the same seeds?")
    return values
