"""Checks of lesson 10, text letter by letter. For ``CHECKS``, see `gan_utils.course.exercises`."""

import numpy as np

from gan_utils.course.exercises import Hint, ask, number, several_numbers

#: A text whose last letters also stand earlier, and in which "aa" overlaps itself.
TEXT = "aaab aab abaab"


def _check_bits(function: object) -> str | None:
    """10.1: bits a letter, from the probabilities that a model gave to the letters that came."""
    shares = np.array([0.5, 0.25, 0.125, 0.5, 0.01])
    found = number(ask(function, shares.copy()))
    bits = -np.log2(shares)
    known = {
        bits.mean() * np.log(2): "those are nats: bits need the logarithm to base 2",
        bits.mean() * np.log10(2): "bits need the logarithm to base 2, not to base 10",
        bits.sum(): "that is the sum for the whole text; bits *a letter* are the mean",
        -bits.mean(): "the sign is turned: a probability is below 1, so its logarithm is negative",
        -np.log2(shares.mean()): "take the logarithm of each probability first, then the mean",
        2 ** bits.mean(): "that is the perplexity, 2 to the bits; here the bits are wanted",
    }
    for value, hint in known.items():
        if np.isclose(found, value):
            return hint
    return None if np.isclose(found, bits.mean()) else "take the mean of -log2 of the probabilities"


def _check_counting(function: object) -> str | None:
    """10.2: the probability of a letter after a context, counted, with k added to every count."""
    asked = [("aa", "a", 0.0, 3), ("aa", "b", 1.0, 3), ("ab", " ", 0.5, 3), ("b ", "b", 0.5, 3)]
    found = np.array([number(ask(function, TEXT, *question)) for question in asked])
    right = np.array([_counted(*question) for question in asked])
    if np.allclose(found, right):
        return None
    skipping = [[_counted(*q, overlap=False, at_end=end) for q in asked] for end in (True, False)]
    if any(np.allclose(found, values) for values in skipping):
        return "str.count skips overlaps: 'aa' stands twice in 'aaa'; look at every place"
    if np.allclose(found, [_counted(*q, at_end=True) for q in asked]):
        return "the last 'ab' has no letter after it: it must not count as a context"
    if np.allclose(found, [_counted(*q, per_letter=False) for q in asked]):
        return "k is added for each of the n_symbols letters: divide by the count + k * n_symbols"
    if np.allclose(found, [_counted(*q[:2], 0, 3) for q in asked]):
        return "without k this is right; now add k to the count, and k * n_symbols below"
    if np.allclose(found, [_counted(*q, above=False) for q in asked]):
        return "k belongs above the line as well: (count + k) / (contexts + k * n_symbols)"
    return "count context + letter, add k; divide by the context's count + k * n_symbols"


def _check_windows(function: object) -> str | None:
    """10.3: cut a text into windows in which every position has a target."""
    codes = np.arange(10, 33)
    answer = ask(function, codes.copy(), 5)
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two arrays: what is read, and the targets"
    read, targets = (_table(part) for part in answer)
    if read.shape == targets.shape and np.array_equal(read, targets):
        return "targets are the letters *after* those read: shift by one"
    if targets.shape[1:] == (1,):
        return "that is one target a window; here every position has one"
    if np.array_equal(read, targets + 1):
        return "the two are in the wrong order: what is read first, then the targets"
    if read.shape == (19, 5) or read.shape == (18, 5):
        return "these windows overlap; let each begin where the one before ended"
    if read.shape == (5, 5):
        return "the last window has no whole row of targets: of 23 letters, 4 windows of 5 remain"
    if read.shape != (4, 5):
        return f"23 letters make 4 windows of 5, but the shape is {read.shape}"
    if not np.array_equal(read, codes[:20].reshape(4, 5)):
        return "the rows read should be letters 0 to 4, 5 to 9, and so on"
    if not np.array_equal(targets, read + 1):
        return "each target is the letter right after the one read, also at the end of a row"
    return None


def _check_nucleus(function: object) -> str | None:
    """10.4: top-p, the smallest set of likely letters that has at least p, made to sum to 1."""
    shares = np.array([0.1, 0.4, 0.05, 0.3, 0.15])
    found = [several_numbers(ask(function, shares.copy(), p), 5, "letter") for p in (0.6, 0.9)]
    kept = [[1, 3], [0, 1, 3, 4]]
    right = [_nucleus(shares, places) for places in kept]
    if np.allclose(found, right):
        return None
    if np.allclose(found[0], _nucleus(shares, [1])):
        return "the letter that crosses p belongs in: 0.4 alone is less than 0.6"
    if np.allclose(found[0], _nucleus(shares, [0, 1, 3, 4])) or np.allclose(found[0], shares):
        return "too many letters stay: stop as soon as the sum reaches p"
    if np.allclose(found[0], right[0] * 0.7):
        return "the right letters stay, but they must sum to 1 again: divide by their sum"
    if np.allclose(found[0], _nucleus(shares, [0, 1, 2, 3])):
        return "take the letters from the likeliest down, not in the order of the alphabet"
    if np.allclose(found[0], right[0]):
        return "right for p = 0.6, but for 0.9 four letters should stay"
    if np.allclose(np.sort(found[0]), np.sort(right[0])):
        return "the numbers are right but stand at other places: go back to the letters' own order"
    return "sort from the likeliest down, add up to p, set the others to 0, divide by the sum"


def _check_cell(function: object) -> str | None:
    """10.5: one step of an LSTM, gates in Keras's order (input, forget, candidate, output)."""
    rng = np.random.default_rng(65)
    x, h, c = rng.normal(size=3), rng.normal(size=2), rng.normal(size=2)
    weights = rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8)
    answer = ask(function, x.copy(), h.copy(), c.copy(), *(w.copy() for w in weights))
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two arrays: the new state h, and the new cell state c"
    found = [several_numbers(part, 2, "unit") for part in answer]
    z = x @ weights[0] + h @ weights[1] + weights[2]
    right = _cell(z, c)
    if np.allclose(found, right):
        return None
    if np.allclose(found, right[::-1]):
        return "the two are in the wrong order: h first, then c"
    if np.allclose(found, _cell(z - weights[2], c)):
        return "the bias is missing"
    if any(np.allclose(found[1], _cell(z, c, order)[1]) for order in ("figo", "ifog")):
        return "Keras keeps the four in the order i, f, candidate, o"
    if np.allclose(found[1], _cell(z, c, squash=_sigmoid)[1]):
        return "the candidate goes through tanh, so that it can be negative; only gates use sigma"
    if np.allclose(found[1], right[1]):
        return "c is right; h is o times *tanh* of the new c"
    return "z = x W + h U + b has four parts; c = f * c + i * tanh(g), h = o * tanh(c)"


def _counted(
    context: str,
    letter: str,
    k: float,
    n_symbols: int,
    overlap: bool = True,
    at_end: bool = False,
    per_letter: bool = True,
    above: bool = True,
) -> float:
    """Count as asked, or with one of the usual mistakes."""

    def count(piece: str, text: str) -> int:
        if not overlap:
            return text.count(piece)
        return sum(text.startswith(piece, place) for place in range(len(text)))

    contexts = count(context, TEXT if at_end else TEXT[:-1])
    below = contexts + (k * n_symbols if per_letter else k)
    return (count(context + letter, TEXT) + (k if above else 0)) / below


def _nucleus(shares: np.ndarray, places: list[int]) -> np.ndarray:
    kept = np.zeros_like(shares)
    kept[places] = shares[places]
    return kept / kept.sum()


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _cell(z: np.ndarray, c: np.ndarray, order: str = "ifgo", squash: object = np.tanh) -> list:
    part = dict(zip(order, np.split(z, 4), strict=True))
    gate = {name: _sigmoid(values) for name, values in part.items()}
    now = gate["f"] * c + gate["i"] * squash(part["g"])
    return [gate["o"] * np.tanh(now), now]


def _table(answer: object) -> np.ndarray:
    try:
        table = np.asarray(answer, dtype=float)
    except (TypeError, ValueError) as error:
        raise Hint(f"expected two tables of numbers, but got a {type(answer).__name__}") from error
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2:
        raise Hint(f"expected a table with one row a window, but its shape is {table.shape}")
    return table


CHECKS = {
    "10.1": _check_bits,
    "10.2": _check_counting,
    "10.3": _check_windows,
    "10.4": _check_nucleus,
    "10.5": _check_cell,
}
