"""Reviews written word by word with a requested opinion: judged by what they say and teach.

A `WordLanguageModel` learns from the training reviews, and writes reviews of at most 100 words. Two
judges look for the requested opinion: one learnt from the training reviews, the other from
validation reviews only, which the writer never saw. One classifier (TF-IDF with logistic
regression) learns only from written reviews, another from as many real ones, cut to the same
lengths; both are tested on the same complete held-out real reviews.

    python benchmarks/reviews.py
"""

import time

import numpy as np
from report import markdown, publish, spread

from gan_utils.classifiers.reviews import TfidfLogistic
from gan_utils.datasets import load_reviews
from gan_utils.metrics import copy_rate, distinct_n, repeat_rate
from gan_utils.text import WordLanguageModel
from gan_utils.text.tokens import cut_words, split_words

SEEDS, EPOCHS, STEPS, LENGTH, N, N_TRIED = range(3), 5, 180, 100, 2_000, 500
#: Test reviews on which perplexity is measured.
N_UNSEEN = 300
#: Settings compared for the first seed, with fewer reviews.
WAYS = {
    "no guidance": {},
    "guidance 0.5": {"guidance": 0.5},
    "guidance 1": {"guidance": 1.0},
    "guidance 2": {"guidance": 2.0},
    "guidance 4": {"guidance": 4.0},
    "guidance 1, T = 0.8": {"guidance": 1.0, "temperature": 0.8},
    "guidance 1, top-p 0.9": {"guidance": 1.0, "top_p": 0.9},
    "guidance 1, no 3 words twice": {"guidance": 1.0, "no_repeat": 3},
}
CHOSEN = "guidance 1"


class Judges:
    """The reviews, two judges, and a baseline that learns from equally many real reviews."""

    def __init__(self) -> None:
        self.reviews = reviews = load_reviews(verbose=False)
        parts = reviews.train, reviews.validation, reviews.test
        self.train, self.validation, self.test = ([*part["review"]] for part in parts)
        self.labels, self.validation_labels, self.test_labels = map(reviews.labels, parts)
        self.judge = TfidfLogistic().fit(self.train, self.labels)
        self.stranger = TfidfLogistic().fit(self.validation, self.validation_labels)

    def teaches(self, texts: list[str], labels: np.ndarray) -> float:
        """Return the accuracy, on real reviews, of a classifier that learns from these texts."""
        student = TfidfLogistic().fit(texts, labels)
        return float(np.mean(student.predict(self.test) == self.test_labels))

    def real(self, lengths: np.ndarray, labels: np.ndarray, seed: int) -> list[str]:
        """Return real training reviews with these opinions, cut to these lengths."""
        rng, found = np.random.default_rng(seed), [""] * len(labels)
        for label in (0, 1):
            places = np.flatnonzero(labels == label)
            chosen = rng.choice(np.flatnonzero(self.labels == label), len(places), replace=False)
            cut = cut_words([self.train[i] for i in chosen], lengths[places])
            for place, text in zip(places, cut, strict=True):
                found[place] = text
        return found

    def measure(self, texts: list[str], labels: np.ndarray, seed: int) -> dict[str, float]:
        """Measure written reviews."""
        lengths = np.array([len(split_words(text)) for text in texts])
        taught = self.teaches(texts, labels)
        return {
            "asked opinion found": float(np.mean(self.judge.predict(texts) == labels)),
            "found by the stranger": float(np.mean(self.stranger.predict(texts) == labels)),
            "taught by written": taught,
            "taught by real": self.teaches(self.real(lengths, labels, seed), labels),
            "copied 8-grams": copy_rate(texts, self.train),
            "distinct 2-grams": distinct_n(texts, 2),
            "repeated 4-grams": repeat_rate(texts, 4),
            "ended": float(np.mean(lengths < LENGTH)),
        }


def trained(judges: Judges, seed: int) -> tuple[WordLanguageModel, dict[str, float]]:
    """Train a writer on training reviews only; return it, its perplexity and its training time."""
    start = time.perf_counter()
    settings = {"epochs": EPOCHS, "steps_per_epoch": STEPS, "verbose": 0}
    writer = WordLanguageModel(random_state=seed)
    writer.fit(judges.train, judges.labels, held_out=False, **settings)
    seconds = time.perf_counter() - start
    unseen = judges.test[:N_UNSEEN], judges.test_labels[:N_UNSEEN]
    return writer, {"perplexity": writer.perplexity(*unseen), "training, s": seconds}


def written(writer: WordLanguageModel, n: int, seed: int, **way: float) -> tuple[list, np.ndarray]:
    labels = np.arange(n) % 2
    request = {"label": labels, "n_samples": n, "length": LENGTH, "random_state": seed}
    return writer.generate(**request, **way), labels


def one_seed(judges: Judges, seed: int) -> tuple[dict[str, float], list[list[str]]]:
    """Return the measures of a seed and, for the first seed, a row for every setting."""
    writer, found = trained(judges, seed)
    start = time.perf_counter()
    texts, labels = written(writer, N, seed, **WAYS[CHOSEN])
    found["writing, s"] = time.perf_counter() - start
    found |= judges.measure(texts, labels, seed)
    return found, [] if seed else [row(judges, writer, name) for name in WAYS]


def row(judges: Judges, writer: WordLanguageModel, name: str) -> list[str]:
    texts, labels = written(writer, N_TRIED, 0, **WAYS[name])
    return [name, *(f"{value:.3g}" for value in judges.measure(texts, labels, 0).values())]


def summary(results: list[dict[str, float]]) -> list[list[str]]:
    return [[name, *spread(one[name] for one in results)] for name in results[0]]


def verdict(results: list[dict[str, float]]) -> str:
    behind = [r["taught by real"] - r["taught by written"] for r in results]
    found = [min(r["asked opinion found"], r["found by the stranger"]) for r in results]
    copied = [r["copied 8-grams"] for r in results]
    return (
        f"The share of reviews with the requested opinion is at least {min(found):.3f} (target: "
        "at least 0.85). The accuracy of the classifier that learns only from generated reviews is "
        f"{np.mean(behind):.4f} ({min(behind):.4f} to {max(behind):.4f}) below that of the "
        "classifier that learns from the same number of real reviews (target: at most 0.06). At "
        f"most {max(copied):.4f} of the 8-grams occur in the training text (target: at most 0.05)."
    )


def main() -> None:
    judges = Judges()
    results, ways = zip(*(one_seed(judges, seed) for seed in SEEDS), strict=True)
    names = [*list(results[0])[3:]]
    table = markdown(["", f"mean of {len(SEEDS)} seeds", "range"], summary(list(results)))
    compared = markdown([f"{N_TRIED} reviews, seed 0", *names], ways[0])
    settings = (
        f"Each trained model generates {N:,} reviews of at most {LENGTH} words, with {CHOSEN}:"
    )
    parts = f"{settings}\n\n{table}", verdict(list(results)), compared
    publish("reviews", "\n\n".join(parts))


if __name__ == "__main__":
    main()
