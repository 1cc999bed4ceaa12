"""Review classifiers: five candidates; one is chosen on validation and tested on test reviews.

python benchmarks/review_classifiers.py
"""

import time
from typing import Any

import numpy as np
import pandas as pd
from report import markdown, publish

from gan_utils.classifiers.reviews import (
    Average,
    WordNgrams,
    build,
    candidate_classifiers,
    choose_classifier,
)
from gan_utils.classifiers.reviews.choice import answer_scores
from gan_utils.datasets import load_reviews
from gan_utils.datasets.reviews import ReviewSet
from gan_utils.explain import deletion_test, explain_text

BAR, BAR_SECONDS, BAR_SMALL = 0.905, 60, 1.0
N_EXPLAINED, N_TOP, MOST_WORDS = 50, 5, 200
AVERAGES = (
    ("NB-SVM", "TF-IDF + logistic regression"),
    ("NB-SVM", "CNN on embeddings"),
)


def texts_of(frame: pd.DataFrame) -> tuple[list[str], np.ndarray]:
    return frame["review"].tolist(), ReviewSet.labels(frame)


def rows_of(
    judges: dict[str, Any], seconds: pd.Series, validation: tuple, test: tuple, chosen: str
) -> list[list[str]]:
    rows = []
    for name, judge in judges.items():
        seen, scores = (
            answer_scores(judge.predict(side[0]), side[1]) for side in (validation, test)
        )
        numbers = (seen["accuracy"], *(scores[key] for key in ("accuracy", "recall", "F1")))
        shown = f"**{name}**" if name == chosen else name
        took = f"{seconds[name]:.1f}" if name in seconds else "-"
        rows.append([shown, *(f"{number:.4f}" for number in numbers), took])
    return rows


def confusion(judge: Any, test: tuple) -> str:
    from sklearn.metrics import confusion_matrix

    (a, b), (c, d) = confusion_matrix(test[1], judge.predict(test[0]))
    return (
        f"It classifies {a:,} negative reviews correctly and {b:,} wrongly, and {d:,} positive "
        f"reviews correctly and {c:,} wrongly"
    )


def explained(judge: Any, texts: list[str]) -> tuple[np.ndarray, float, float]:
    short = [text for text in texts if len(text.split()) <= MOST_WORDS][:N_EXPLAINED]
    start = time.perf_counter()
    found = [explain_text(text, judge.predict_proba) for text in short]
    seconds = (time.perf_counter() - start) / len(short)
    tests = [deletion_test(explanation, judge.predict_proba, N_TOP) for explanation in found]
    drops = np.array([[test["drop_top"], test["drop_random"]] for test in tests])
    return drops, float(np.median([explanation.fit for explanation in found])), seconds


def small_fit(train: tuple) -> float:
    """Time a fit on 2,000 texts of 50 words."""
    short = [" ".join(text.split()[:50]) for text in train[0][:2000]]
    start = time.perf_counter()
    build("TF-IDF + logistic regression").fit(short, train[1][:2000])
    return time.perf_counter() - start


def counting(texts: list[str]) -> tuple[float, float]:
    """Time the counting of words, pairs and triples, ours and scikit-learn's."""
    from sklearn.feature_extraction.text import CountVectorizer

    from gan_utils.text.tokens import split_words

    theirs = CountVectorizer(
        tokenizer=split_words, token_pattern=None, lowercase=False, ngram_range=(1, 3), min_df=2
    )
    seconds = []
    for counter in (WordNgrams(3), theirs):
        start = time.perf_counter()
        counter.fit_transform(texts)
        seconds.append(time.perf_counter() - start)
    return seconds[0], seconds[1]


HEADER = ["classifier", "validation accuracy", "test accuracy", "recall", "F1", "seconds"]


def main() -> None:
    reviews = load_reviews()
    train, validation, test = map(texts_of, (reviews.train, reviews.validation, reviews.test))
    candidates = candidate_classifiers()
    build("CNN on embeddings", epochs=1).fit(*(side[:200] for side in train))  # imports
    start = time.perf_counter()
    choice = choose_classifier(candidates, *train, *validation)
    seconds = time.perf_counter() - start
    judges = dict(candidates)
    for pair in AVERAGES:
        judges[f"average of {' and '.join(pair)}"] = Average.of_fitted([judges[n] for n in pair])
    rows = rows_of(judges, choice.table["seconds"], validation, test, choice.name)
    found = answer_scores(choice.best.predict(test[0]), test[1])["accuracy"]
    drops, fit, lime_seconds = explained(choice.best, test[0])
    ours, theirs = counting(train[0])
    small = small_fit(train)
    notes = [
        f"There are {len(train[0]):,} training reviews, {len(validation[0]):,} validation reviews "
        f"and {len(test[0]):,} test reviews, taken from {reviews.source}.",
        f"The classifier chosen on the validation reviews is {choice.name}, "
        f"with a test accuracy of {found:.4f} "
        f"(target: at least {BAR}; {'met' if found >= BAR else 'missed'}). "
        f"{confusion(choice.best, test)}. Training and choosing took {seconds:.0f} s in total "
        f"(target: at most {BAR_SECONDS} s; {'met' if seconds <= BAR_SECONDS else 'missed'}).",
        f"Counting words, pairs and triples takes {ours:.1f} s, compared with {theirs:.1f} s for "
        "scikit-learn's CountVectorizer. Training TF-IDF + logistic regression on 2,000 texts of "
        f"50 words takes {small:.2f} s (target: at most {BAR_SMALL:.0f} s).",
        f"In {len(drops)} test reviews, hiding the {N_TOP} words that LIME ranks as most important "
        f"lowers the predicted sentiment's probability by a mean of {drops[:, 0].mean():.2f}, and "
        f"hiding {N_TOP} random words by {drops[:, 1].mean():.2f}; the first drop is larger in "
        f"{np.mean(drops[:, 0] > drops[:, 1]):.0%} of the reviews. The median R² is {fit:.2f}, and "
        f"an explanation takes {lime_seconds:.1f} s.",
    ]
    publish("review-classifiers", markdown(HEADER, rows) + "\n\n" + "\n\n".join(notes))


if __name__ == "__main__":
    main()
