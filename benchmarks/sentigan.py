"""SentiGAN and the conditional writer on short sentences from reviews, at equal training time.

SentiGAN is trained first by maximum likelihood and then in adversarial rounds (its "game"). It is
compared with its own generators, trained by likelihood only for the same time, and with
`WordLanguageModel`. SentiGAN's steps and rounds set the time; the other methods get as many steps
as fit into it, at the speed measured in the same run. There are three seeds. Each result is saved
at once, so that an interrupted run can resume:

    python benchmarks/sentigan.py
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from kept_results import keep, load_results, row
from report import markdown, publish

from gan_utils.classifiers.reviews import TfidfLogistic
from gan_utils.datasets import load_reviews
from gan_utils.metrics import jaccard_diversity, jaccard_novelty
from gan_utils.text import SentiGAN, WordLanguageModel, short_sentences
from gan_utils.text.tokens import split_words

SEEDS, N = range(3), 1_000
BUILD = Path(__file__).parents[1] / "build"
RESULTS, FLUENCY = BUILD / "sentigan.jsonl", BUILD / "sentigan_fluency.zip"
#: The ends of the reviews for the selector, for the writers, and for the judge and the fluency
#: model; the rest is held out.
CUTS = 4_000, 17_000, 22_500
#: A sentence is used if the selector gives the label of its review at least this probability.
SURE = 0.6
N_WORDS, MOST = 3_000, 15
#: SentiGAN's training: likelihood steps, first steps of the discriminator, and rounds.
STEPS = {"likelihood_steps": 300, "first_steps": 60, "rounds": 60}
#: The kind of step whose speed counts for each entry of `STEPS`.
KINDS = {"likelihood_steps": "likelihood", "first_steps": "first", "rounds": "round"}
MEASURES = {
    "label found by the judge": "agreement",
    "perplexity": "perplexity",
    "novelty": "novelty",
    "diversity": "diversity",
    "exact copies": "copies",
    "words": "words",
    "training, seconds": "seconds",
    "CPU seconds": "cpu",
    "steps": "steps",
}
REAL = "real held-out sentences"


class Sentences:
    """The writers' training sentences, and the models that judge the generated sentences."""

    def __init__(self) -> None:
        reviews = load_reviews(verbose=False)
        frame = pd.concat([reviews.train, reviews.validation, reviews.test], ignore_index=True)
        self.texts, labels = [*frame["review"]], reviews.labels(frame)
        selector = TfidfLogistic().fit(self.texts[: CUTS[0]], labels[: CUTS[0]])
        sentences, places = short_sentences(self.texts, most=MOST, n_words=N_WORDS)
        own = selector.predict_proba(sentences)[np.arange(len(places)), labels[places]]
        self.all = pd.DataFrame({"text": sentences, "label": labels[places], "place": places})
        self.all = self.all[own >= SURE]
        first, second, third = CUTS
        self.train, self.other = self.part(first, second), self.part(second, third)
        self.held_out = self.part(third, len(frame))
        self.words = [split_words(text) for text in self.train["text"]]
        self.known = {tuple(words) for words in self.words}
        self.judge = TfidfLogistic().fit([*self.other["text"]], self.other["label"])
        self.fluency = self.fluency_model()

    def part(self, first: int, last: int) -> pd.DataFrame:
        """Return the sentences of some reviews."""
        return self.all[self.all["place"].between(first, last - 1)].reset_index(drop=True)

    def fluency_model(self) -> WordLanguageModel:
        """Train a model on all sentences of the judge's reviews, or load an earlier run's model."""
        if FLUENCY.is_file():
            return WordLanguageModel.load(FLUENCY)
        texts, _ = short_sentences(self.texts[CUTS[1] : CUTS[2]], least=3, most=30)
        model = WordLanguageModel()
        model.fit(texts, held_out=False, epochs=6, steps_per_epoch=120, verbose=0)
        model.save(FLUENCY)
        return model

    def measure(self, texts: list[str], labels: np.ndarray) -> dict[str, float]:
        """Judge sentences that were written for these labels."""
        words = [split_words(text) for text in texts]
        return {
            "agreement": float(np.mean(self.judge.predict(texts) == labels)),
            "perplexity": float(self.fluency.perplexity(texts)),
            "novelty": jaccard_novelty(words, self.words),
            "diversity": jaccard_diversity(words),
            "copies": float(np.mean([tuple(one) in self.known for one in words])),
            "words": float(np.mean([len(one) for one in words])),
        }

    def real(self, seed: int) -> tuple[list[str], np.ndarray]:
        """Take held-out sentences, equally many of each label."""
        sides = [self.held_out[self.held_out["label"] == label] for label in (0, 1)]
        rows = pd.concat([side.sample(N // 2, random_state=seed) for side in sides])
        return [*rows["text"]], rows["label"].to_numpy()


def fit_writer(data: Sentences, seed: int, steps: int, epochs: int = 1) -> WordLanguageModel:
    """Train one network of the size of SentiGAN's generators, with the label as an input."""
    size = {"n_words": N_WORDS + 1, "units": 128}
    settings = {"held_out": False, "epochs": epochs, "steps_per_epoch": steps, "verbose": 0}
    model = WordLanguageModel(**size, dropout=0.3, random_state=seed)
    return model.fit([*data.train["text"]], data.train["label"], **settings)


def fit_likelihood(data: Sentences, seed: int, steps: int) -> SentiGAN:
    return fit_sentigan(data, seed, likelihood_steps=steps, first_steps=0, rounds=0)


def fit_sentigan(data: Sentences, seed: int, **steps: int) -> SentiGAN:
    model = SentiGAN(most_words=MOST, n_words=N_WORDS + 1, random_state=seed)
    return model.fit([*data.train["text"]], data.train["label"], **steps, verbose=0)


def speed(data: Sentences, kind: str) -> dict[str, float]:
    """Time 20 steps of a kind several times; return the fastest's seconds per step.

    The first 20 are left out, since they include tracing; other programs slow some steps down.
    """
    names, found = {each: name for name, each in KINDS.items()}, []
    for _ in range(2):
        if kind == "writer":
            history = fit_writer(data, 0, 20, epochs=4).history_
        else:
            steps = dict.fromkeys(STEPS, 0) | {names[kind]: 80}
            history = fit_sentigan(data, 0, **steps).history_
            history = history[history["kind"] == history["kind"].iloc[0]]
        found.append(fastest(history))
    return {"seconds": min(found)}


def fastest(history: pd.DataFrame) -> float:
    """Return the seconds per step of the fastest row; rows are 20 steps apart."""
    return float(history["seconds"].diff().min() / 20)


def timed(fit: Callable[..., Any], *given: Any, **named: Any) -> tuple[Any, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    made = fit(*given, **named)
    return made, time.perf_counter() - wall, time.process_time() - cpu


def steps_of_all(done: dict[str, dict[str, float]]) -> dict[str, dict[str, int]]:
    """Return how many steps of each method fit into SentiGAN's time."""
    found = {kind: done[f"speed, {kind}"]["seconds"] for kind in ("writer", *KINDS.values())}
    total = sum(STEPS[name] * found[kind] for name, kind in KINDS.items())
    return {
        "conditional writer": {"steps": round(total / found["writer"])},
        "likelihood only": {"steps": round(total / found["likelihood"])},
        "SentiGAN": STEPS,
    }


METHODS = {
    "conditional writer": fit_writer,
    "likelihood only": fit_likelihood,
    "SentiGAN": fit_sentigan,
}


def train(name: str, data: Sentences, seed: int, counts: dict[str, int]) -> dict[str, float]:
    """Train with one seed, let the model write, and measure the texts."""
    model, seconds, cpu = timed(METHODS[name], data, seed, **counts)
    labels = np.arange(N) % 2
    length = {"length": MOST} if name == "conditional writer" else {}
    texts = model.generate(label=labels, n_samples=N, random_state=seed, **length)
    print(*texts[:6], sep="\n")
    spent = {"seconds": seconds, "cpu": cpu, "steps": sum(counts.values())}
    return {**data.measure(texts, labels), **spent}


def measure(path: Path) -> dict[str, dict[str, float]]:
    """Compute the results that are not yet in the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = load_results(path), Sentences()
    print(f"{len(data.train):,} sentences to train on, {len(data.held_out):,} held out", flush=True)
    for kind in ("writer", *KINDS.values()):
        keep(done, path, f"speed, {kind}", speed, data, kind)
    counts = steps_of_all(done)
    for seed in SEEDS:
        keep(done, path, f"{REAL}, seed {seed}", measured_real, data, seed)
        for name in METHODS:
            keep(done, path, f"{name}, seed {seed}", train, name, data, seed, counts[name])
    return done


def measured_real(data: Sentences, seed: int) -> dict[str, float]:
    """Measure held-out sentences, which cost no training."""
    return data.measure(*data.real(seed)) | dict.fromkeys(("seconds", "cpu", "steps"), np.nan)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=Path, default=RESULTS)
    done = measure(parser.parse_args().results)
    header = ["mean and range of 3 seeds", *MEASURES]
    rows = [row(name, done, SEEDS, MEASURES.values()) for name in (*METHODS, REAL)]
    publish("sentigan", markdown(header, rows))


if __name__ == "__main__":
    main()
