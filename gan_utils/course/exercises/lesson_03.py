"""Checks of lesson 03, rebalancing. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np

from gan_utils.course.exercises import Hint, ask


def _check_g_mean(function: object) -> str | None:
    """03.1: the geometric mean of the two recalls."""
    truth = np.array([0] * 8 + [1] * 4)
    said = np.array([0] * 6 + [1] * 3 + [0] * 3)  # recalls 6/8 and 1/4
    answer = _one(ask(function, truth.copy(), said.copy()))
    if np.isclose(answer, 0.5):
        return "that is balanced accuracy, the plain mean of the recalls; G-mean multiplies them"
    if np.isclose(answer, 0.75 * 0.25):
        return "the product of the recalls is right; take its square root"
    if np.isclose(answer, 7 / 12):
        return "that is accuracy; G-mean looks at each class on its own"
    if np.isclose(answer, np.sqrt((6 / 9) * (1 / 3))):
        return "you took precisions; a recall divides by how many rows of the class there are"
    if not np.isclose(answer, np.sqrt(0.75 * 0.25)):
        return "recall of each class: its rows that were found, divided by all its rows"
    useless = _one(ask(function, truth.copy(), np.zeros(12, dtype=int)))
    if not np.isclose(useless, 0):
        return "a model that never says 1 should have a G-mean of 0"
    return None


def _check_corrected(function: object) -> str | None:
    """03.2: the standard error of a mean difference over folds, after Nadeau and Bengio."""
    gains = np.array([0.02, 0.05, -0.01, 0.04, 0.0, 0.03, 0.01, 0.06, 0.02, 0.03])
    n, variance = len(gains), gains.var(ddof=1)
    answer = _one(ask(function, gains.copy(), 20, 80))
    if np.isclose(answer, np.sqrt(variance / n)):
        return "that is the naive one: add n_test / n_train to 1 / n, since the folds share rows"
    if np.isclose(answer, (1 / n + 0.25) * variance):
        return "that is the variance of the mean; take its square root"
    if np.isclose(answer, np.sqrt((1 / n + 4) * variance)):
        return "turn the fraction over: n_test / n_train, which is 20 / 80 here"
    if np.isclose(answer, np.sqrt((1 / n + 0.2) * variance)):
        return "divide n_test by n_train, not by the number of all rows"
    if np.isclose(answer, np.sqrt((1 / n + 0.25) * gains.var())):
        return "nearly: use the variance with n - 1 in the denominator, var(ddof=1)"
    if not np.isclose(answer, np.sqrt((1 / n + 0.25) * variance)):
        return "the root of (1 / n + n_test / n_train) times the variance of the differences"
    return None


def _check_divergence(function: object) -> str | None:
    """03.3: the divergence of the encoder's normal distribution from the standard normal one."""
    mean = np.array([[0.0, 0.0], [1.0, -2.0], [0.5, 0.0]])
    log_variance = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, -1.0]])
    each = (mean**2 + np.exp(log_variance) - log_variance - 1) / 2
    right = each.sum(axis=1)
    answer = np.asarray(ask(function, mean.copy(), log_variance.copy()), dtype=float)
    if answer.shape == mean.shape:
        return "one number a row: add up the directions of the code"
    if answer.shape != right.shape:
        return f"3 codes came in, so return 3 numbers, not an array of shape {answer.shape}"
    if np.allclose(answer, -right):
        return "the sign is turned: a divergence is never negative"
    if np.allclose(answer, 2 * right):
        return "twice too much: there is a factor of one half"
    if np.allclose(answer, each.mean(axis=1)):
        return "add up the directions of the code, do not average them"
    if not np.isclose(answer[0], 0):
        return "a code with mean 0 and log-variance 0 is the standard normal one: divergence 0"
    if not np.allclose(answer, right):
        return "what comes in is the logarithm of the variance: the variance is exp(log_variance)"
    return None


class _Doubler:
    """A sampler that leaves a mark: it adds the rows of class 1 again, moved by 1000."""

    def fit_resample(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        more = x[y == 1] + 1000
        return np.concatenate([x, more]), np.concatenate([y, np.ones(len(more), dtype=int)])


def _check_inside(function: object) -> str | None:
    """03.4: resample the training rows and leave the test rows alone."""
    x, y = np.arange(24.0).reshape(12, 2), np.array([0, 0, 1] * 4)
    train, test = np.arange(8), np.arange(8, 12)
    answer = ask(function, _Doubler(), x.copy(), y.copy(), train.copy(), test.copy())
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        return "return four things: X_train, y_train, X_test, y_test"
    x_train, y_train, x_test, y_test = (np.asarray(part, dtype=float) for part in answer)
    if x_test.shape[:1] == (5,) or (x_test.size and x_test.max() > 500):
        return "the test rows were resampled too: they should stay just as they are"
    if x_train.shape[:1] == (8,):
        return "the training rows were not resampled: call sampler.fit_resample on them"
    if x_train.shape[:1] == (11,) or np.isin(x[test] + 1000, x_train).any():
        return "new rows were made from test rows: cut out the training rows first, then resample"
    wanted = (*_Doubler().fit_resample(x[train], y[train]), x[test], y[test])
    found = (x_train, y_train, x_test, y_test)
    if any(f.shape != w.shape or not np.allclose(f, w) for f, w in zip(found, wanted, strict=True)):
        return "X[train] and y[train] go through the sampler, X[test] and y[test] do not"
    return None


def _check_share(function: object) -> str | None:
    """03.5: take the rebalancing out of a probability."""
    p = np.array([0.1, 0.5, 0.9])
    answer = np.asarray(ask(function, p.copy(), 0.5, 0.1), dtype=float).ravel()
    odds = p / (1 - p) * (0.1 / 0.9)
    if answer.shape != p.shape:
        return f"3 probabilities came in, so return 3, not {answer.size}"
    if np.allclose(answer, odds):
        return "these are the right odds; a probability is odds / (1 + odds)"
    if np.allclose(answer, p * 0.1 / 0.5):
        return "scaling the probability itself cannot be right: a sure 1 should stay 1. Scale odds"
    backwards = p / (1 - p) * 9
    if np.allclose(answer, backwards / (1 + backwards)):
        return "the wrong way round: the rows were rarer than in training, so p should fall"
    if not np.allclose(answer, odds / (1 + odds)):
        return "odds p / (1 - p) times (true odds of the class / its odds in training), then back"
    other = np.asarray(ask(function, np.array([0.5]), 0.2, 0.2), dtype=float).ravel()
    if not np.allclose(other, 0.5):
        return "where the share is the same in training and in truth, nothing should change"
    return None


def _one(answer: object) -> float:
    try:
        values = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError) as error:
        raise Hint(f"expected a number, but got a {type(answer).__name__}") from error
    if len(values) != 1:
        raise Hint(f"expected one number, but got {len(values)}")
    return float(values[0])


CHECKS = {
    "03.1": _check_g_mean,
    "03.2": _check_corrected,
    "03.3": _check_divergence,
    "03.4": _check_inside,
    "03.5": _check_share,
}
