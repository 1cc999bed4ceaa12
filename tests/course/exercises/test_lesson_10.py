"""The checks of lesson 10: right answers are done, typical mistakes get the hint that fits."""

import numpy as np
import pytest

from gan_utils.course.exercises import check


def bits(probabilities):
    return -np.log2(probabilities).mean()


def after(text, context):
    places = range(len(text) - len(context))
    return [text[i + len(context)] for i in places if text.startswith(context, i)]


def probability(text, context, letter, k, n_symbols):
    found = after(text, context)
    return (found.count(letter) + k) / (len(found) + k * n_symbols)


def k_only_below(text, context, letter, k, n_symbols):
    found = after(text, context)
    return found.count(letter) / (len(found) + k * n_symbols)


def counted_by_str(text, context, letter, k, n_symbols):
    return (text.count(context + letter) + k) / (text.count(context) + k * n_symbols)


def counted_at_the_end(text, context, letter, k, n_symbols):
    found = [text[i:] for i in range(len(text)) if text.startswith(context, i)]
    hits = sum(rest.startswith(context + letter) for rest in found)
    return (hits + k) / (len(found) + k * n_symbols)


def windows(codes, size):
    n = (len(codes) - 1) // size
    return codes[: n * size].reshape(n, size), codes[1 : n * size + 1].reshape(n, size)


def overlapping(codes, size):
    read = np.lib.stride_tricks.sliding_window_view(codes[:-1], size)
    return read, read + 1


def nucleus(probabilities, p):
    order = np.argsort(-probabilities)
    n = np.searchsorted(np.cumsum(probabilities[order]), p) + 1
    kept = np.zeros_like(probabilities)
    kept[order[:n]] = probabilities[order[:n]]
    return kept / kept.sum()


def without_the_last(probabilities, p):
    order = np.argsort(-probabilities)
    kept = np.zeros_like(probabilities)
    inside = order[np.cumsum(probabilities[order]) <= p]
    kept[inside] = probabilities[inside]
    return kept / kept.sum()


def in_the_alphabets_order(probabilities, p):
    n = np.searchsorted(np.cumsum(probabilities), p) + 1
    kept = np.where(np.arange(5) < n, probabilities, 0)
    return kept / kept.sum()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cell(x, h, c, w, u, b, order="ifgo", candidate=np.tanh, shown=np.tanh):
    parts = dict(zip(order, np.split(x @ w + h @ u + b, 4), strict=True))
    c = sigmoid(parts["f"]) * c + sigmoid(parts["i"]) * candidate(parts["g"])
    return sigmoid(parts["o"]) * shown(c), c


RIGHT = {
    "10.1": bits,
    "10.2": probability,
    "10.3": windows,
    "10.4": nucleus,
    "10.5": cell,
}


@pytest.mark.parametrize(
    ("number", "answer", "word"),
    [
        ("10.1", lambda p: -np.log(p).mean(), "nats"),
        ("10.1", lambda p: -np.log10(p).mean(), "base 10"),
        ("10.1", lambda p: -np.log2(p).sum(), "sum"),
        ("10.1", lambda p: np.log2(p).mean(), "sign"),
        ("10.1", lambda p: -np.log2(p.mean()), "each probability first"),
        ("10.1", lambda p: 2 ** -np.log2(p).mean(), "perplexity"),
        ("10.1", lambda p: 3.0, "mean of -log2"),
        ("10.1", lambda p: p, "one number"),
        ("10.2", counted_by_str, "overlaps"),
        ("10.2", counted_at_the_end, "no letter after it"),
        ("10.2", lambda t, c, x, k, n: probability(t, c, x, k, 1), "n_symbols letters"),
        ("10.2", lambda t, c, x, k, n: probability(t, c, x, 0, n), "now add k"),
        ("10.2", k_only_below, "above the line"),
        ("10.2", lambda t, c, x, k, n: 0.5, "count context"),
        ("10.3", lambda c, n: windows(c, n)[0], "two arrays"),
        ("10.3", lambda c, n: windows(c, n)[:1] * 2, "shift by one"),
        ("10.3", lambda c, n: (windows(c, n)[0], c[5:25:5]), "one target a window"),
        ("10.3", lambda c, n: windows(c, n)[::-1], "wrong order"),
        ("10.3", overlapping, "overlap"),
        ("10.3", lambda c, n: windows(c, 4), "4 windows of 5"),
        ("10.3", lambda c, n: (windows(c, n)[0], windows(c, n)[0] + 2), "right after"),
        ("10.4", without_the_last, "belongs in"),
        ("10.4", lambda s, p: s, "too many"),
        ("10.4", in_the_alphabets_order, "alphabet"),
        ("10.4", lambda s, p: np.where(nucleus(s, p) > 0, s, 0), "sum to 1 again"),
        ("10.4", lambda s, p: np.sort(nucleus(s, p)), "own order"),
        ("10.4", lambda s, p: nucleus(s, 0.6), "four letters"),
        ("10.4", lambda s, p: np.full(5, 0.2), "from the likeliest"),
        ("10.4", lambda s, p: 1.0, "each letter"),
        ("10.5", lambda *a: cell(*a)[0], "two arrays"),
        ("10.5", lambda *a: cell(*a)[::-1], "h first"),
        ("10.5", lambda *a: cell(*a[:-1], 0), "bias"),
        ("10.5", lambda *a: cell(*a, order="ifog"), "the order i, f"),
        ("10.5", lambda *a: cell(*a, candidate=sigmoid), "negative"),
        ("10.5", lambda *a: cell(*a, shown=lambda c: c), "*tanh*"),
        ("10.5", lambda *a: (np.zeros(2), np.zeros(2)), "four parts"),
        ("10.5", lambda *a: ("h", "c"), "numbers"),
    ],
)
def test_a_typical_mistake_gets_a_hint_that_fits(number, answer, word, capsys):
    check(number, answer)
    line = capsys.readouterr().out
    assert line.startswith(f"{number}  not yet: ")
    assert word in line
