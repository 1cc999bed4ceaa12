"""Compute the measures on a scorecard for texts, for generated texts or for real ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from gan_utils import metrics
from gan_utils.metrics.text_two_sample import word_pair_classifier
from gan_utils.scorecard.text_samples import MatchedTexts, RealTexts, TextRun

#: Minimum length of a copied run, in words or in characters.
COPIED = {"word": 8, "char": 30}
#: Number of folds in the two-sample test.
N_FOLDS = 5

_COPIED_SHARES = {"word": "copied 8-grams (share)", "char": "copied runs of 30 letters (share)"}
_LONGEST = {"word": "longest copied run (words)", "char": "longest copied run (letters)"}
_ASKED, EMPTY = "classified as asked (share)", "texts without a word (share)"

#: Each measure's question and best value, in words that fit a narrow column.
TEXT_MEASURES = {
    "bits per token": ("fidelity", "as real"),
    "C2ST": ("fidelity", "0.5"),
    _ASKED: ("fidelity", "as real"),
    EMPTY: ("fidelity", "0"),
    "distinct-1": ("diversity", "as real"),
    "distinct-2": ("diversity", "as real"),
    "self-BLEU": ("diversity", "as real"),
    "repeated 4-grams (share)": ("diversity", "as real"),
    "TSTR accuracy": ("utility", "as real"),
    **dict.fromkeys(_COPIED_SHARES.values(), ("novelty", "at most as real")),
    **dict.fromkeys(_LONGEST.values(), ("novelty", "at most as real")),
}


class TextClassifier(Protocol):
    """A trainable classifier of texts, with the interface of scikit-learn."""

    def fit(self, texts: Sequence[str], labels: np.ndarray) -> TextClassifier:
        """Train on texts and labels.

        Parameters
        ----------
        texts : sequence of str
        labels : ndarray of shape (n_texts,)

        Returns
        -------
        TextClassifier
        """

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Return one label per text.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        ndarray of shape (n_texts,)
        """


class SupportsBits(Protocol):
    """A model that can measure how unlikely a text is, such as a language model."""

    def bits_per_token(self, text: Sequence[str]) -> float:
        """Return the mean information per token, in bits.

        Parameters
        ----------
        text : sequence of str

        Returns
        -------
        float
        """


class TextScorer:
    """Compute all measures for the texts of one run, and store the data that all runs share.

    Parameters
    ----------
    sides : RealTexts
    held_out : str, list of str, or None
        The held-out texts, as given to `gan_utils.scorecard.score_text`.
    answers : ndarray of shape (h,) or None
        The labels of ``held_out``.
    classifier, learner, language_model, level
        As for `gan_utils.scorecard.score_text`.

    Attributes
    ----------
    notes : list of str
        Reasons why a measure is missing, and other facts that are needed to compare the values.
    """

    def __init__(
        self,
        sides: RealTexts,
        held_out: str | list[str] | None,
        answers: np.ndarray | None,
        classifier: TextClassifier | None,
        learner: Callable[[], TextClassifier] | None,
        language_model: SupportsBits | None,
        level: str,
    ) -> None:
        self.sides, self.held_out, self.answers = sides, held_out, answers
        self.classifier, self.learner = classifier, learner
        self.language_model, self.level = language_model, level
        self.notes: list[str] = []

    def score(self, run: TextRun) -> dict[str, float]:
        """Compute every measure for generated texts.

        Parameters
        ----------
        run : TextRun

        Returns
        -------
        dict of str to float
        """
        self._note_lengths(run)
        scores = self._likeness(run.words, run.texts, self.sides.held_out)
        if self.classifier is not None and run.asked is not None:
            found = np.asarray(self.classifier.predict(run.texts))
            scores[_ASKED] = float(np.mean(found == run.asked))
        useful = {} if run.asked is None else self._usefulness(run.words, run.texts, run.asked)
        # Without held-out texts, the baseline looks for copies in one half of the real texts, and
        # the share of copies grows with the amount of text.
        halves = [self.sides.reference, self.sides.held_out]
        learnt = halves if self.held_out is None else [self.sides.real]
        return scores | useful | self._novelty(run.words, learnt)

    def baseline(self, run: TextRun) -> dict[str, float]:
        """Compute every measure for real texts in place of the generated texts of a run.

        Parameters
        ----------
        run : TextRun
            The generated texts of a run; the real texts are cut to the lengths of these texts.

        Returns
        -------
        dict of str to float
        """
        found = self.sides.like(self.sides.held_out, run.lengths)
        texts = self.sides.held_out_as_written(found)
        scores = self._likeness(found.words, texts, self.sides.reference)
        if self.answers is not None and run.asked is not None:
            if self.classifier is not None:
                named = np.asarray(self.classifier.predict(texts))
                scores[_ASKED] = float(np.mean(named == self.answers[found.origins]))
            scores |= self._learnt_from_real(run.lengths)
        return scores | self._novelty(found.words, [self.sides.reference])

    def _learnt_from_real(self, lengths: np.ndarray) -> dict[str, float]:
        """Train on real texts of these lengths, and test on the held-out ones (TRTR)."""
        rng = np.random.default_rng(self.sides.random_state)
        chosen = rng.permutation(len(self.sides.real))[: len(lengths)]
        lengths = np.maximum(lengths, 1)[: len(chosen)]
        words = [self.sides.real[i][:n] for i, n in zip(chosen, lengths, strict=True)]
        texts = [] if self.learner is None else self.sides.real_as_written(chosen, lengths)
        return self._usefulness(words, texts, self.sides.labels[chosen])

    def _likeness(
        self, lists: list[list[str]], texts: list[str], real: list[list[str]]
    ) -> dict[str, float]:
        scores = {EMPTY: float(np.mean([not tokens for tokens in lists]))}
        if self.language_model is not None:
            scores["bits per token"] = float(self.language_model.bits_per_token(texts))
        others = self.sides.like(real, [len(tokens) for tokens in lists])
        return scores | {"C2ST": self._c2st(lists, others)} | self._variety(lists)

    def _c2st(self, lists: list[list[str]], others: MatchedTexts) -> float:
        """Run C2ST on pairs of texts that are cut to the same number of words."""
        ours = [lists[place] for place in others.places]
        real = [b[: max(len(a), 1)] for a, b in zip(ours, others.words, strict=True)]
        ours = [a[: len(b)] for a, b in zip(ours, real, strict=True)]
        try:
            return metrics.text_c2st(real, ours, N_FOLDS, self.sides.random_state)
        except metrics.UndefinedMeasureError as why:
            self.notes.append(f"C2ST is undefined: {why}")
            return np.nan

    def _variety(self, lists: list[list[str]]) -> dict[str, float]:
        if max(map(len, lists)) < 4:
            self.notes.append("diversity is undefined: no text has 4 words.")
            return dict.fromkeys(
                ("distinct-1", "distinct-2", "self-BLEU", "repeated 4-grams (share)"), np.nan
            )
        return {
            "distinct-1": metrics.distinct_n(lists, 1),
            "distinct-2": metrics.distinct_n(lists, 2),
            "self-BLEU": metrics.self_bleu(lists),
            "repeated 4-grams (share)": metrics.repeat_rate(lists, 4),
        }

    def _usefulness(
        self, words: list[list[str]], texts: list[str], classes: np.ndarray
    ) -> dict[str, float]:
        """Train on these texts and test on the held-out ones, without splitting any text again."""
        if self.answers is None:
            return {}
        if len(np.unique(classes)) == 1:
            return {"TSTR accuracy": float(np.mean(self.answers == classes[0]))}
        own = self.learner is not None
        model = self.learner() if own else word_pair_classifier()
        model.fit(texts if own else words, classes)
        found = model.predict(self.held_out if own else self.sides.held_out)
        return {"TSTR accuracy": float(np.mean(np.asarray(found) == self.answers))}

    def _novelty(
        self, lists: list[list[str]], parts: Sequence[list[list[str]]]
    ) -> dict[str, float]:
        """Look for copies of each part of the real texts; average the shares."""
        n, names = COPIED[self.level], (_COPIED_SHARES[self.level], _LONGEST[self.level])
        as_char = self.level == "char"
        lists, *parts = (
            [" ".join(words) for words in part] if as_char else part for part in (lists, *parts)
        )
        if max(map(len, lists)) < n:
            self.notes.append(f"copies are undefined: no text is {n} long.")
            return dict.fromkeys(names, np.nan)
        found = [metrics.copies(lists, part, n, self.level) for part in parts]
        shares, runs = zip(*found, strict=True)
        longest = max(run.length for run in runs)
        return dict(zip(names, (float(np.mean(shares)), float(longest)), strict=True))

    def _note_lengths(self, run: TextRun) -> None:
        """Add notes on empty synthetic texts, much longer real texts and too few real texts."""
        n_empty, n = int(np.sum(run.lengths == 0)), len(run.texts)
        if n_empty:
            self.notes.append(
                f"{n_empty} of {n} synthetic texts have no word: diversity is that of the others."
            )
        sizes = [len(words) for words in self.sides.real]
        if len(sizes) > 1 and np.median(run.lengths) < np.median(sizes) / 2:
            self.notes.append(
                f"real texts were cut to the lengths of synthetic ones (median {_median(sizes)} to "
                f"{_median(run.lengths)} words): no measure sees how short those are."
            )
        n_real = len(self.sides.like(self.sides.held_out, run.lengths).places)
        if n_real < n:
            is_book = len(self.sides.held_out) == 1
            there = "passages that do not overlap" if is_book else "real texts"
            self.notes.append(
                f"there are {n_real} {there} to compare {n} synthetic texts with: C2ST compares "
                f"{n_real} of them, and distinct-n falls and self-BLEU grows with their number."
            )
        if self.answers is not None and run.asked is not None and len(sizes) < n:
            self.notes.append(f"TSTR learns from {n} texts, but its baseline from {len(sizes)}.")


def _median(lengths: Sequence[int]) -> str:
    return f"{np.median(lengths):.0f}"
