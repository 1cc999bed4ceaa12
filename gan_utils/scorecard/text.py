"""The card of texts: does it look real, is it varied, useful, and new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
import pandas as pd

from gan_utils.metrics import text as text_metrics
from gan_utils.metrics.text import token_lists
from gan_utils.scorecard.card import Card, can_learn, counted, finish, span, summary
from gan_utils.text.tokens import join_words

#: The smallest sets that a card is made of.
LEAST = 12
#: Words, or characters, that count as copied in one run.
COPIED = {"word": 8, "char": 30}
#: Folds of the test of two samples.
N_FOLDS = 5

_COPIED_SHARES = {"word": "copied 8-grams (share)", "char": "copied runs of 30 letters (share)"}
_LONGEST = {"word": "longest copied run (words)", "char": "longest copied run (letters)"}
_ASKED = "classified as asked (share)"

# measure: its question and its best value, in words that fit a narrow column
_MEASURES = {
    "bits per token": ("fidelity", "as real"),
    "C2ST": ("fidelity", "0.5"),
    _ASKED: ("fidelity", "as real"),
    "distinct-1": ("diversity", "as real"),
    "distinct-2": ("diversity", "as real"),
    "self-BLEU": ("diversity", "as real"),
    "repeated 4-grams (share)": ("diversity", "as real"),
    "TSTR accuracy": ("utility", "as real"),
    **dict.fromkeys(_COPIED_SHARES.values(), ("novelty", "at most as real")),
    **dict.fromkeys(_LONGEST.values(), ("novelty", "at most as real")),
}


class TextClassifier(Protocol):
    """What learns opinions from texts, as scikit-learn's classifiers do."""

    def fit(self, texts: Sequence[str], labels: np.ndarray) -> TextClassifier:
        """Learn from texts and labels."""

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Return one label a text."""


class LanguageModel(Protocol):
    """What can say how much a text surprises it."""

    def bits_per_token(self, text: Sequence[str]) -> float:
        """Return the mean surprise of a token, in bits."""


def score_text(
    real: str | Sequence[str],
    synthetic: Sequence[str] | Sequence[Sequence[str]],
    *,
    held_out: str | Sequence[str] | None = None,
    labels: np.ndarray | None = None,
    held_out_labels: np.ndarray | None = None,
    synthetic_labels: np.ndarray | Sequence[np.ndarray] | None = None,
    classifier: TextClassifier | None = None,
    learner: Callable[[], TextClassifier] | None = None,
    language_model: LanguageModel | None = None,
    level: str = "word",
    random_state: int | None = 0,
) -> Card:
    """Judge generated texts by the four questions of the course, beside real texts.

    Parameters
    ----------
    real : str or list of str
        What the generator learnt from: a book, or at least 12 texts.
    synthetic : list of str, or list of lists of str
        Generated texts, at least 12; of a list of lists, one list a seed.
    held_out : str or list of str, optional
        Real texts that the generator never saw. They are the baseline: every measure is also taken
        of them, as if they were synthetic. Without them one random half of ``real`` (of a book: the
        last half) is the baseline, and the other half takes the place of ``real`` there.
    labels, held_out_labels : array of shape (n,) and (h,), optional
        Opinions of the real texts. With both and ``synthetic_labels``, train-on-synthetic-
        test-on-real (TSTR) is measured. Its baseline learns from as many real texts (TRTR).
    synthetic_labels : array of shape (m,), or list of them, optional
        The opinions that the generator was asked for.
    classifier : object with ``predict(texts)``, optional
        A judge of opinions that learnt from real texts: the share of texts that it classifies as
        asked is added, where there are ``synthetic_labels``.
    learner : callable, optional
        Makes an untrained classifier for TSTR; by default logistic regression on TF-IDF.
    language_model : object with ``bits_per_token(texts)``, optional
        One that learnt from ``real``: how much do the texts surprise it?
    level : {"word", "char"}
        Whether copies are looked for in runs of 8 words or of 30 characters.
    random_state : int, optional
        Seed of all choices of texts; the same seed gives the same card.

    Returns
    -------
    Card (a DataFrame)
        One row a measure, with the columns ``question``, ``value`` (mean over the seeds), ``low``
        and ``high`` (over the seeds; missing for a single one), ``baseline`` (the same measure,
        real against real) and ``best``. Missing values are explained in ``attrs["notes"]``.

    Raises
    ------
    ValueError
        If there are too few texts, or labels do not match.

    Notes
    -----
    Most measures depend on the amount of text. So each real text is first cut to as many words as a
    generated one has (a book: into passages of these lengths).

    C2ST is the area under the ROC curve of a classifier (logistic regression on TF-IDF of one and
    two words, cross-validated) that tells generated from real texts: the larger of it and one minus
    it, so 0.5 is perfect and 1 is told apart always.

    Examples
    --------
    >>> score_text(train, model.generate(n_samples=200), held_out=test)  # doctest: +SKIP
    """
    if level not in COPIED:
        raise ValueError(f"level={level!r} must be one of {tuple(COPIED)}.")
    batches, asked = _batches(synthetic, synthetic_labels)
    answers = _check_answers(real, held_out, labels, held_out_labels)
    sides = _Sides(real, held_out, labels, random_state)
    judge = _Judge(sides, answers, classifier, learner or default_learner, language_model, level)
    baseline = judge.baseline(batches[0], asked[0])
    judge.notes.clear()  # they are about the runs
    pairs = zip(batches, asked, strict=True)
    card = summary([judge.score(texts, opinions) for texts, opinions in pairs], _MEASURES)
    card = card.loc[[name for name in _MEASURES if name in card.index]]
    best = [_MEASURES[name][1] for name in card.index]
    card = card.assign(baseline=pd.Series(baseline), best=best)
    notes = counted(judge.notes, len(batches), "runs") + _notes(answers, asked)
    return finish(card, _title(real, batches, held_out), notes)


def default_learner() -> TextClassifier:
    """Make an untrained classifier: logistic regression on TF-IDF of one and two words."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(
        tokenizer=_words, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True
    )
    return make_pipeline(words, LogisticRegression(C=10, max_iter=1000))


def _words(text: str) -> list[str]:
    (words,) = token_lists(text)
    return words


class _Sides:
    """The real texts, split into words once: what was learnt from, and what stands beside it."""

    def __init__(
        self,
        real: str | Sequence[str],
        held_out: str | Sequence[str] | None,
        labels: np.ndarray | None,
        random_state: int | None,
    ) -> None:
        self.random_state = random_state
        self.is_book = isinstance(real, str)
        self.real = token_lists(real)
        self.reference = self.real
        if held_out is not None:
            self.held_out = token_lists(held_out)
        elif self.is_book:
            (words,) = self.real
            self.reference, self.held_out = [words[: len(words) // 2]], [words[len(words) // 2 :]]
        else:
            order = np.random.default_rng(random_state).permutation(len(self.real))
            halves = np.array_split(order, 2)
            self.reference, self.held_out = ([self.real[i] for i in half] for half in halves)
        self.labels = None if labels is None else np.asarray(labels)

    def like(self, which: list[list[str]], lengths: Sequence[int]) -> list[list[str]]:
        """Take real texts of these lengths: beginnings of texts, or passages of a book."""
        rng = np.random.default_rng(self.random_state)
        if len(which) == 1:
            (book,) = which
            starts = rng.integers(0, max(1, len(book) - max(lengths)), len(lengths))
            return [book[a : a + n] for a, n in zip(starts, lengths, strict=True)]
        chosen = rng.permutation(len(which))[: len(lengths)]
        # The longest of them for the greatest length, and so on: few are then too short.
        longest = sorted(chosen, key=lambda i: -len(which[i]))
        greatest = np.argsort(-np.asarray(lengths[: len(chosen)]), kind="stable")
        texts = dict(zip(greatest, longest, strict=True))
        return [which[texts[place]][: lengths[place]] for place in sorted(texts)]


class _Judge:
    """What stays the same for every list of texts that is scored."""

    def __init__(
        self,
        sides: _Sides,
        answers: tuple[list[str], np.ndarray] | None,
        classifier: TextClassifier | None,
        learner: Callable[[], TextClassifier],
        language_model: LanguageModel | None,
        level: str,
    ) -> None:
        self.sides, self.answers, self.classifier = sides, answers, classifier
        self.learner, self.language_model, self.level = learner, language_model, level
        self.notes: list[str] = []

    def score(self, texts: list[str], asked: np.ndarray | None) -> dict[str, float]:
        lists = token_lists(texts)
        scores = self._likeness(lists, texts, self.sides.held_out)
        if self.classifier is not None and asked is not None:
            scores[_ASKED] = float(np.mean(np.asarray(self.classifier.predict(texts)) == asked))
        useful = {} if asked is None else self._usefulness(texts, asked)
        return scores | useful | self._novelty(lists, self.sides.real)

    def baseline(self, texts: list[str], asked: np.ndarray | None) -> dict[str, float]:
        """Take every measure of real texts against real texts, of as many words."""
        lengths = [len(tokens) for tokens in token_lists(texts)]
        lists = self.sides.like(self.sides.held_out, lengths)
        scores = self._likeness(lists, [join_words(a) for a in lists], self.sides.reference)
        if asked is not None and self.answers is not None:
            scores |= self._judged(lengths)
        return scores | self._novelty(lists, self.sides.reference)

    def _judged(self, lengths: list[int]) -> dict[str, float]:
        """Measure what hangs on labels: the judge on held-out texts, and TRTR."""
        rng, scores = np.random.default_rng(self.sides.random_state), {}
        if self.classifier is not None:
            texts, answers = self.answers
            scores[_ASKED] = float(np.mean(np.asarray(self.classifier.predict(texts)) == answers))
        chosen = rng.permutation(len(self.sides.real))[: len(lengths)]
        pairs = zip(chosen, lengths, strict=False)
        texts = [join_words(self.sides.real[i][:n]) for i, n in pairs]
        return scores | self._usefulness(texts, self.sides.labels[chosen])

    def _likeness(
        self, lists: list[list[str]], texts: list[str], real: list[list[str]]
    ) -> dict[str, float]:
        scores = {}
        if self.language_model is not None:
            scores["bits per token"] = float(self.language_model.bits_per_token(texts))
        others = self.sides.like(real, [len(tokens) for tokens in lists])
        scores["C2ST"] = _c2st(lists, others, self.sides.random_state)
        return scores | self._variety(lists)

    def _variety(self, lists: list[list[str]]) -> dict[str, float]:
        if max(map(len, lists)) < 4:
            self.notes.append("diversity is undefined: no text has 4 words.")
            return dict.fromkeys(
                ("distinct-1", "distinct-2", "self-BLEU", "repeated 4-grams (share)"), np.nan
            )
        return {
            "distinct-1": text_metrics.distinct_n(lists, 1),
            "distinct-2": text_metrics.distinct_n(lists, 2),
            "self-BLEU": text_metrics.self_bleu(lists),
            "repeated 4-grams (share)": text_metrics.repeat_rate(lists, 4),
        }

    def _usefulness(self, texts: list[str], classes: np.ndarray) -> dict[str, float]:
        if self.answers is None:
            return {}
        test, answers = self.answers
        if len(np.unique(classes)) == 1:
            return {"TSTR accuracy": float(np.mean(answers == classes[0]))}
        model = self.learner()
        model.fit(texts, classes)
        return {"TSTR accuracy": float(np.mean(np.asarray(model.predict(test)) == answers))}

    def _novelty(self, lists: list[list[str]], real: list[list[str]]) -> dict[str, float]:
        if self.level == "char":
            lists, real = ([" ".join(words) for words in part] for part in (lists, real))
        n, name = COPIED[self.level], _COPIED_SHARES[self.level]
        if max(map(len, lists)) < n:
            self.notes.append(f"copies are undefined: no text is {n} long.")
            return {name: np.nan, _LONGEST[self.level]: np.nan}
        rate, run = text_metrics.copies(lists, real, n, self.level)
        return {name: rate, _LONGEST[self.level]: float(run.length)}


def _c2st(one: list[list[str]], other: list[list[str]], random_state: int | None) -> float:
    """Tell two sets of texts apart by their words; return the larger of AUC and 1 - AUC."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    # Of each pair the longer is cut: the length alone must not tell them apart.
    pairs = [(a[: len(b)], b[: len(a)]) for a, b in zip(one, other, strict=False)]
    texts, sides = [text for pair in pairs for text in pair], np.tile([0, 1], len(pairs))
    words = TfidfVectorizer(analyzer=_one_and_two, min_df=2, sublinear_tf=True)
    model = make_pipeline(words, LogisticRegression(C=10, max_iter=1000))
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=random_state)
    try:
        found = cross_val_predict(model, texts, sides, cv=folds, method="decision_function")
    except ValueError:  # no word stands in two texts: nothing to tell them apart by
        return 0.5
    area = roc_auc_score(sides, found)
    return float(max(area, 1 - area))


def _one_and_two(tokens: Sequence[str]) -> list[str]:
    return [*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))]


def _batches(
    synthetic: Sequence[str] | Sequence[Sequence[str]],
    labels: np.ndarray | Sequence[np.ndarray] | None,
) -> tuple[list[list[str]], list[np.ndarray | None]]:
    """Return one list of texts a seed, and the asked opinions or None for each."""
    if isinstance(synthetic, str) or not len(synthetic):
        raise ValueError("synthetic must be a list of texts, or a list of such lists.")
    single = all(isinstance(text, str) for text in synthetic)
    batches = [list(texts) for texts in ([synthetic] if single else synthetic)]
    for texts in batches:
        _check_texts(texts, "synthetic")
        if not any(text.strip() for text in texts):
            raise ValueError("all texts of synthetic are empty.")
    if labels is None:
        return batches, [None] * len(batches)
    asked = [np.asarray(part) for part in ([labels] if single else labels)]
    if [part.shape for part in asked] != [(len(part),) for part in batches]:
        raise ValueError("synthetic_labels do not match synthetic: give one label a text.")
    return batches, asked


def _check_texts(texts: Sequence[str], who: str) -> None:
    if len(texts) < LEAST:
        raise ValueError(f"{who} has {len(texts)} texts, but a card needs at least {LEAST}.")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{who} must hold texts only.")


def _check_answers(
    real: str | Sequence[str],
    held_out: str | Sequence[str] | None,
    labels: np.ndarray | None,
    held_out_labels: np.ndarray | None,
) -> tuple[list[str], np.ndarray] | None:
    for texts, who in ((real, "real"), (held_out, "held_out")):
        if texts is not None and not isinstance(texts, str):
            _check_texts(texts, who)
    if not can_learn(real, held_out, labels, held_out_labels, "text"):
        return None
    return list(held_out), np.asarray(held_out_labels)


def _notes(
    answers: tuple[list[str], np.ndarray] | None, asked: list[np.ndarray | None]
) -> list[str]:
    if answers is not None and asked[0] is not None:
        return []
    return [
        "TSTR was not measured: it needs held_out=, labels=, held_out_labels= and "
        "synthetic_labels=."
    ]


def _title(
    real: str | Sequence[str], batches: list[list[str]], held_out: str | Sequence[str] | None
) -> str:
    """Say what was compared with what: a number without its sample size says little."""
    sizes = [len(part) for part in batches]
    runs = "one run" if len(sizes) == 1 else f"{len(sizes)} runs"
    learnt = "a book" if isinstance(real, str) else f"{len(real)} real texts"
    if held_out is None:
        against = f"two halves of {'the book' if isinstance(real, str) else 'the real texts'}"
    elif isinstance(held_out, str):
        against = "passages of a held-out text"
    else:
        against = f"{min(len(held_out), sizes[0])} held-out texts"
    return (
        f"Scorecard: {learnt}; {runs} of {span(sizes)} synthetic texts; "
        f"real against real: {against}"
    )
