"""The checks of lesson 03: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest

from gan_utils.course.exercises import check


def recalls(truth, said):
    return [np.mean(said[truth == k] == k) for k in (0, 1)]


def g_mean(truth, said):
    return np.sqrt(np.prod(recalls(truth, said)))


def precisions(truth, said):
    return np.sqrt(np.prod([np.mean(truth[said == k] == k) for k in (0, 1)]))


def error(gains, n_test, n_train):
    return np.sqrt((1 / len(gains) + n_test / n_train) * gains.var(ddof=1))


def divergence(mean, log_variance):
    return (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1) / 2


def inside(sampler, x, y, train, test):
    return (*sampler.fit_resample(x[train], y[train]), x[test], y[test])


def before(sampler, x, y, train, test):
    x, y = sampler.fit_resample(x, y)
    rest = np.setdiff1d(np.arange(len(x)), test)
    return x[rest], y[rest], x[test], y[test]


def both(sampler, x, y, train, test):
    return (*sampler.fit_resample(x[train], y[train]), *sampler.fit_resample(x[test], y[test]))


def true_share(p, in_training, in_truth):
    odds = p / (1 - p) * (in_truth / (1 - in_truth)) / (in_training / (1 - in_training))
    return odds / (1 + odds)


RIGHT = {
    "03.1": g_mean,
    "03.2": error,
    "03.3": divergence,
    "03.4": inside,
    "03.5": true_share,
}


@pytest.mark.parametrize(
    ("number", "answer", "word"),
    [
        ("03.1", lambda t, s: np.mean(recalls(t, s)), "balanced accuracy"),
        ("03.1", lambda t, s: np.prod(recalls(t, s)), "square root"),
        ("03.1", lambda t, s: np.mean(t == s), "accuracy"),
        ("03.1", precisions, "precisions"),
        ("03.1", lambda t, s: 0.9, "recall of each class"),
        ("03.1", lambda t, s: max(g_mean(t, s), 0.1), "G-mean of 0"),
        ("03.1", lambda t, s: "high", "a number"),
        ("03.1", lambda t, s: [1, 2], "one number"),
        ("03.2", lambda g, a, b: np.sqrt(g.var(ddof=1) / len(g)), "naive"),
        ("03.2", lambda g, a, b: error(g, a, b) ** 2, "square root"),
        ("03.2", lambda g, a, b: error(g, b, a), "turn the fraction"),
        ("03.2", lambda g, a, b: error(g, a, a + b), "all rows"),
        ("03.2", lambda g, a, b: error(g, a, b) * np.sqrt(0.9), "ddof"),
        ("03.2", lambda g, a, b: 0.0, "root of"),
        ("03.3", lambda m, v: (m**2 + np.exp(v) - v - 1) / 2, "one number a row"),
        ("03.3", lambda m, v: divergence(m, v).mean(), "3 codes"),
        ("03.3", lambda m, v: -divergence(m, v), "sign"),
        ("03.3", lambda m, v: 2 * divergence(m, v), "one half"),
        ("03.3", lambda m, v: divergence(m, v) / 2, "average"),
        ("03.3", lambda m, v: divergence(m, v) + 1, "divergence 0"),
        ("03.3", lambda m, v: (m**2).sum(axis=1), "exp(log_variance)"),
        ("03.4", lambda s, x, y, a, b: x, "four things"),
        ("03.4", both, "stay just as they are"),
        ("03.4", lambda s, x, y, a, b: (x[a], y[a], x[b], y[b]), "not resampled"),
        ("03.4", before, "from test rows"),
        ("03.4", lambda s, x, y, a, b: (x[b], y[b], x[b], y[b]), "X[train]"),
        ("03.5", lambda p, a, b: p / (1 - p) / 9, "right odds"),
        ("03.5", lambda p, a, b: p * b / a, "sure 1"),
        ("03.5", lambda p, a, b: true_share(p, b, a), "wrong way"),
        ("03.5", lambda p, a, b: p, "then back"),
        ("03.5", lambda p, a, b: true_share(p, 0.5, 0.1), "nothing should change"),
        ("03.5", lambda p, a, b: 0.5, "return 3"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
