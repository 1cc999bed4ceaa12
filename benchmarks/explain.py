"""LIME on 100 held-out digits: tests of the segments and of the explanations' faithfulness.

A deletion test measures how much lower the class's probability is if the 5 most important segments
are hidden, compared with 5 random segments with ink. On 20 of the digits,
ten seeds are compared. The segments found by lime's default method are counted, too.

    python benchmarks/explain.py
"""

import time
import warnings

import numpy as np
from report import markdown, publish

from gan_utils.classifiers.images import ImageClassifier
from gan_utils.datasets import load_mnist
from gan_utils.explain import HIDES, deletion_test, explain_image, stability

N_DIGITS, N_STABLE, SEEDS, N_TOP = 100, 20, range(10), 5


def digits_and_judge() -> tuple[np.ndarray, ImageClassifier]:
    mnist = load_mnist()
    judge = ImageClassifier(random_state=0).fit(mnist.images, mnist.labels)
    return mnist.test_images[:N_DIGITS], judge


def default_segments(digit: np.ndarray) -> int:
    """Count the segments of lime's default segmentation of the digit in three channels."""
    from lime.wrappers.scikit_image import SegmentationAlgorithm

    cut = SegmentationAlgorithm("quickshift", kernel_size=4, max_dist=200, ratio=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(np.unique(cut(np.repeat(digit.astype("float64"), 3, axis=2))))


def same_twice(digit: np.ndarray, judge: ImageClassifier, hide: str) -> bool:
    first, again = (explain_image(digit, judge.predict, hide=hide) for _ in range(2))
    return np.array_equal(first.weights, again.weights) and first.fit == again.fit


def measure(digits: np.ndarray, judge: ImageClassifier, hide: str) -> dict[str, np.ndarray]:
    explain_image(digits[0], judge.predict, hide=hide)  # so that imports and tracing are not timed
    start = time.perf_counter()
    found = [explain_image(digit, judge.predict, hide=hide) for digit in digits]
    seconds = (time.perf_counter() - start) / len(digits)
    tests = [deletion_test(explanation, judge.predict, N_TOP) for explanation in found]
    steady = [
        stability(digit, judge.predict, SEEDS, N_TOP, hide=hide)["overlap"]
        for digit in digits[:N_STABLE]
    ]
    return {
        "segments": np.array([len(explanation.weights) for explanation in found]),
        **{name: np.array([test[name] for test in tests]) for name in tests[0]},
        "fit": np.array([explanation.fit for explanation in found]),
        "overlap": np.array(steady),
        "same": np.array([same_twice(digit, judge, hide) for digit in digits[:N_STABLE]]),
        "seconds": np.array([seconds]),
    }


def row(hide: str, found: dict[str, np.ndarray]) -> list[str]:
    segments, difference = found["segments"], found["difference"]
    return [
        f'`hide="{hide}"`',
        f"{np.median(segments):.0f} ({segments.min()} to {segments.max()})",
        f"{found['drop_top'].mean():.2f}",
        f"{found['drop_random'].mean():.2f}",
        f"{difference.mean():.2f} (median {np.median(difference):.2f})",
        f"{np.mean(difference > 0):.2f}",
        f"{np.median(found['fit']):.2f}",
        f"{found['overlap'].mean():.2f} ({found['overlap'].min():.2f} to "
        f"{found['overlap'].max():.2f})",
        "yes" if found["same"].all() else "no",
        f"{found['seconds'][0]:.2f}",
    ]


HEADER = [
    "hiding",
    "segments, median",
    f"drop, {N_TOP} most important",
    f"drop, {N_TOP} random with ink",
    "difference, mean",
    "digits with difference > 0",
    "R², median",
    f"top-{N_TOP} overlap of {len(SEEDS)} seeds",
    "same seed, same bits",
    "seconds",
]


def main() -> None:
    digits, judge = digits_and_judge()
    table = markdown(HEADER, [row(hide, measure(digits, judge, hide)) for hide in HIDES])
    default = np.median([default_segments(digit) for digit in digits])
    note = (
        f"The table is for {len(digits)} held-out digits; the overlap was measured on "
        f"{N_STABLE} of them. The default segmentation of lime finds a median of {default:.0f} "
        "segments. The targets for `erase` are a median of at least 20 segments and a difference "
        "of at least 0.4."
    )
    publish("explain", f"{table}\n\n{note}")


if __name__ == "__main__":
    main()
