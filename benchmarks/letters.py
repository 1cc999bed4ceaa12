"""Letters of Alice: how well the next one is predicted, and how fast new ones are written.

Our model is trained on the first nine tenths of the book; the last tenth is used once, at the end,
and not for any choice. The rival is `ClassicCharModel`, which reads one-hot windows with one
target each. It is trained for the same time as ours and calls ``predict`` for each letter.

    python benchmarks/letters.py
"""

import time
from collections.abc import Callable

import numpy as np
from report import markdown, publish, spread

from gan_utils.datasets import load_book
from gan_utils.metrics import copy_rate
from gan_utils.text import CharLanguageModel, NgramModel
from gan_utils.text.classic import ClassicCharModel

BAR, BAR_SECONDS, BAR_RATIO = 2.02, 150, 100
SEEDS, HELD_OUT, ORDERS = range(3), 0.1, range(2, 8)
ROUNDS, THEIR_LETTERS, OUR_LETTERS = 5, 30, 2_000


def halves() -> tuple[str, str]:
    """Return the training text and the held-out text."""
    book = load_book("alice")
    if book.is_substitute:
        raise SystemExit("Alice is not there. Set GAN_UTILS_DATA to the folder of data sets.")
    text = book.text.lower()
    cut = round(len(text) * (1 - HELD_OUT))
    print(f"{len(text):,} letters, {len(set(text))} symbols")
    return text[:cut], text[cut:]


def trained(train: str, held_out: str, seed: int) -> tuple[CharLanguageModel, dict[str, float]]:
    start = time.perf_counter()
    model = CharLanguageModel(random_state=seed).fit(train, held_out=False, verbose=0)
    seconds = time.perf_counter() - start
    written = model.generate(length=2_000, random_state=seed, n_samples=5)
    return model, {
        "held-out bits a letter": model.bits_per_token(held_out),
        "bits of what was learnt": model.bits_per_token(train[-len(held_out) :]),
        "seconds of training": seconds,
        "copied 8-grams of words": copy_rate(written, train, n=8),
        "copied runs of 32 letters": copy_rate(written, train, n=32, level="char"),
    }


def a_second(write: Callable[[int, int], str], n: int, seed: int) -> float:
    start = time.perf_counter()
    write(n, seed)
    return n / (time.perf_counter() - start)


def speeds(model: CharLanguageModel, classic: ClassicCharModel, prompt: str) -> np.ndarray:
    """Return letters a second, (rounds, 2): the classic model's and ours, in turn."""

    def theirs(n: int, seed: int) -> str:
        return classic.generate(prompt, n, random_state=seed)

    def ours(n: int, seed: int) -> str:
        return model.generate(prompt, n, random_state=seed)

    theirs(1, 0), ours(OUR_LETTERS, 0)  # compiles both before the clock starts
    pairs = [
        (a_second(theirs, THEIR_LETTERS, i), a_second(ours, OUR_LETTERS, i)) for i in range(ROUNDS)
    ]
    return np.array(pairs)


def summary(results: list[dict[str, float]]) -> list[list[str]]:
    shapes = {name: ".0f" if name.startswith("seconds") else ".3f" for name in results[0]}
    return [[n, *spread((one[n] for one in results), shape)] for n, shape in shapes.items()]


def quality(results: list[dict[str, float]], rivals: dict[str, float]) -> str:
    bits = max(result["held-out bits a letter"] for result in results)
    seconds = max(result["seconds of training"] for result in results)
    met = bits <= BAR and seconds <= BAR_SECONDS
    beside = " and ".join(f"{name} needs {value:.3f} bits" for name, value in rivals.items())
    return (
        f"With every seed, the model needs at most {bits:.3f} bits per held-out letter after at "
        f"most {seconds:.0f} s of training (target: at most {BAR} within {BAR_SECONDS} s; "
        f"{'met' if met else 'missed'}). On the same letters, {beside}."
    )


def quickness(rates: np.ndarray) -> str:
    ratios = rates[:, 1] / rates[:, 0]
    each = [f"{np.median(r):,.0f} ({r.min():,.0f} to {r.max():,.0f})" for r in rates.T]
    return (
        f"Over {ROUNDS} rounds, `predict` generates a median of {each[0]} letters a second, and "
        f"our model {each[1]}. The median ratio is {np.median(ratios):,.0f}, with a range of "
        f"{ratios.min():,.0f} to {ratios.max():,.0f} (target: at least {BAR_RATIO})."
    )


def main() -> None:
    train, held_out = halves()
    models, results = zip(*(trained(train, held_out, seed) for seed in SEEDS), strict=True)
    seconds = results[0]["seconds of training"]
    classic = ClassicCharModel().fit(train, held_out, seconds=seconds)
    counted = min(NgramModel(n).fit(train).bits_per_token(held_out) for n in ORDERS)
    rivals = {
        f"the classic model after {classic.history_['seconds'].iloc[-1]:.0f} s": (
            classic.history_["held_out_bits"].iloc[-1]
        ),
        "the best n-gram model": counted,
    }
    table = markdown(["", f"mean of {len(SEEDS)} seeds", "range"], summary(list(results)))
    rates = speeds(models[0], classic, train[:40])
    publish("letters", "\n\n".join([table, quality(list(results), rivals), quickness(rates)]))


if __name__ == "__main__":
    main()
