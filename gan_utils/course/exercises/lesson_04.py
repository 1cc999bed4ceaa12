"""Check the exercises of lesson 04 (rebalancing methods).

The form of ``CHECKS`` is explained in `gan_utils.course.exercises`.
"""

import numpy as np
import pandas as pd

from gan_utils.course.exercises import ask, named_mistake, number
from gan_utils.course.exercises.verdicts import CANNOT_TELL, Range, right_verdict, word_hint


def _check_costs(function: object) -> str | None:
    """04.1: the threshold at which a missed row and a false alarm cost the same on average."""
    answer = number(ask(function, 9.0, 1.0))
    if np.isclose(answer, 0.9):
        return "the wrong way round: if a missed row is expensive, the threshold should be low"
    if np.isclose(answer, 1 / 9):
        return (
            "that is the ratio of the costs, the odds at the threshold: turn them into a "
            "probability, odds / (1 + odds)"
        )
    if np.isclose(answer, 9.0):
        return "a threshold is a probability, so it is at most 1"
    if np.isclose(answer, 0.5):
        return "one half is right only if both mistakes cost the same"
    if not np.isclose(answer, 0.1):
        return (
            "on average, calling a row rare costs (1 - p) false alarms, and not calling it rare "
            "costs p missed rows; at the threshold the two costs are equal"
        )
    if not np.isclose(number(ask(function, 3.0, 3.0)), 0.5):
        return "if both mistakes cost the same, the threshold should be one half"
    return None


def _check_corrected(function: object) -> str | None:
    """04.2: the standard error of a mean difference over folds, after Nadeau and Bengio."""
    gains = np.array([0.02, 0.05, -0.01, 0.04, 0.0, 0.03, 0.01, 0.06, 0.02, 0.03])
    n, variance = len(gains), gains.var(ddof=1)
    answer = number(ask(function, gains.copy(), 20, 80))
    if np.isclose(answer, np.sqrt(variance / n)):
        return "that is the naive error: add n_test / n_train to 1 / n, since the folds share rows"
    if np.isclose(answer, (1 / n + 0.25) * variance):
        return "that is the variance of the mean; take its square root"
    if np.isclose(answer, np.sqrt((1 / n + 4) * variance)):
        return "turn the fraction upside down: n_test / n_train, which is 20 / 80 here"
    if np.isclose(answer, np.sqrt((1 / n + 0.2) * variance)):
        return "divide n_test by n_train, not by the number of all rows"
    if np.isclose(answer, np.sqrt((1 / n + 0.25) * gains.var())):
        return "nearly: use the variance with n - 1 in the denominator, var(ddof=1)"
    if not np.isclose(answer, np.sqrt((1 / n + 0.25) * variance)):
        return "compare with the formula above: a root, and under it two fractions and a variance"
    other = number(ask(function, gains[:4].copy(), 30, 60))
    if not np.isclose(other, np.sqrt((1 / 4 + 0.5) * gains[:4].var(ddof=1))):
        return "right for these folds, wrong for 4 folds with 30 and 60 rows: use the arguments"
    return None


def _check_share(function: object) -> str | None:
    """04.3: take the rebalancing out of a probability."""
    p = np.array([0.1, 0.5, 0.9])
    answer = np.asarray(ask(function, p.copy(), 0.5, 0.1), dtype=float).ravel()
    odds = p / (1 - p) * (0.1 / 0.9)
    if answer.shape != p.shape:
        return f"3 probabilities came in, so return 3, not {answer.size}"
    if np.allclose(answer, odds):
        return "these are the right odds; a probability is odds / (1 + odds)"
    if not np.allclose(answer, odds / (1 + odds)):
        return named_mistake(answer, _wrong_shares(p)) or (
            "correct the odds by the two odds of the class, then turn them into probabilities"
        )
    other = np.asarray(ask(function, np.array([0.5]), 0.2, 0.2), dtype=float).ravel()
    if not np.allclose(other, 0.5):
        return "if the share is the same in training and in truth, nothing should change"
    return None


def _wrong_shares(p: np.ndarray) -> dict[str, np.ndarray]:
    """List the results of typical mistakes in 04.3."""
    odds = p / (1 - p)
    return {
        "do not scale the probability itself: a sure 1 should stay 1. Scale the odds": p * 0.2,
        "the wrong way round: the class is rarer in truth than in training, so p should fall": (
            9 * odds / (1 + 9 * odds)
        ),
        "the odds should change by a ratio of *odds*; you took the ratio of the shares": (
            0.2 * odds / (1 + 0.2 * odds)
        ),
        "nothing has changed: these are the probabilities that came in": p,
    }


def _check_own_comparison(results: object, way: object, verdict: object) -> str | None:
    """04.4: the student's own comparison, and the verdict of the corrected test on one method."""
    from gan_utils.benchmark import paired_test

    results = ask(results) if callable(results) else results
    if not isinstance(results, pd.DataFrame) or "sampler" not in results:
        return "my_results should be the table that compare returns"
    samplers = set(results["sampler"])
    lacking = sorted({"none", "tuned threshold"} - samplers)
    if lacking:
        return f"the comparison lacks {lacking[0]!r}: judge no method without its baselines"
    if not isinstance(way, str) or way not in samplers - {"none", "tuned threshold"}:
        return "my_way should be the name of a method in my_results other than the two baselines"
    if len(results[["dataset", "classifier"]].drop_duplicates()) != 1:
        return "here, compare on one table with one classifier, so that there is one answer"
    if hint := word_hint(verdict, ("better", "worse", CANNOT_TELL)):
        return hint
    test = paired_test(results, way, "tuned threshold", "balanced accuracy").iloc[0]
    right = right_verdict(Range(test["low"], test["high"]))
    if verdict == right:
        return None
    found = f"from {test['low']:.3f} to {test['high']:.3f}"
    if right == CANNOT_TELL:
        return f"the corrected interval for the difference goes {found}: it contains 0"
    return f"the corrected interval for the difference goes {found}: it excludes 0; mind its sign"


CHECKS = {
    "04.1": _check_costs,
    "04.2": _check_corrected,
    "04.3": _check_share,
    "04.4": _check_own_comparison,
}
