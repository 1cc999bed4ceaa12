"""Linear classifiers on word counts: a constant, naive Bayes, logistic regression and NB-SVM."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils.classifiers.reviews.checks import check_labels, check_text_list
from gan_utils.classifiers.reviews.word_counts import fitted_ngrams, ngram_counts


class ReviewClassifier(ClassifierMixin, BaseEstimator):
    """Base class for the binary text classifiers.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two labels, sorted: 0 and 1, or ``"negative"`` and ``"positive"``.
    """

    def fit(self, texts: Iterable[str], labels: Iterable) -> Self:
        """Learn from texts and their labels.

        Parameters
        ----------
        texts : iterable of str
            The texts, such as ``reviews.train["review"]``.
        labels : iterable
            One label per text, with two distinct values in all.

        Returns
        -------
        ReviewClassifier
            The fitted classifier itself. If training fails or is interrupted, it stays as it was.

        Raises
        ------
        TypeError, ValueError
            If ``texts`` is a single string, is empty or does not consist of strings; if the labels
            do not match the texts, do not have two values or are incomplete; or if a setting is out
            of range.
        """
        texts = check_text_list(texts)
        classes, numbers = check_labels(labels, len(texts))
        self._check_settings()
        before = dict(vars(self))
        try:
            self._fit(texts, numbers)
        except BaseException:  # an interruption, too, must not leave one half of each fit
            vars(self).clear()
            vars(self).update(before)
            raise
        self.classes_ = classes
        return self

    def predict_proba(self, texts: Iterable[str]) -> np.ndarray:
        """Return the probability of each label.

        Parameters
        ----------
        texts : iterable of str

        Returns
        -------
        ndarray of shape (n_texts, 2), float64
            The columns are in the order of ``classes_``; each row adds up to 1.

        Raises
        ------
        RuntimeError
            If called before `fit`.
        TypeError, ValueError
            If ``texts`` is a single string, is empty, or does not consist of strings.
        """
        if not hasattr(self, "classes_"):
            raise RuntimeError(f"{type(self).__name__} is not fitted yet. Call fit(texts, labels).")
        second = np.asarray(self._second(check_text_list(texts)), dtype="float64")
        return np.stack([1 - second, second], axis=1)

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """Return the more probable label of each text.

        Parameters
        ----------
        texts : iterable of str

        Returns
        -------
        ndarray of shape (n_texts,)
            Each entry is one of the two labels given to `fit`.

        Raises
        ------
        RuntimeError, TypeError, ValueError
            As for `predict_proba`.
        """
        second = self.predict_proba(texts).argmax(axis=1)
        return self.classes_[second]

    def _check_settings(self) -> None:
        """Reject invalid settings before training starts."""

    def _fit(self, texts: list[str], labels: np.ndarray) -> None:
        raise NotImplementedError

    def _second(self, texts: list[str]) -> Any:
        """Return the probability of the second label."""
        raise NotImplementedError


class ConstantClassifier(ReviewClassifier):
    """Predict each label's frequency in the training set for every text, as a baseline.

    This is scikit-learn's ``DummyClassifier(strategy="prior")`` with the same input checks as the
    other classifiers.
    """

    def _fit(self, texts: list[str], labels: np.ndarray) -> None:
        self.model_ = DummyClassifier(strategy="prior").fit(texts, labels)

    def _second(self, texts: list[str]) -> np.ndarray:
        return self.model_.predict_proba(texts)[:, 1]


class _OnNgrams(ReviewClassifier):
    """Count n-grams, and hand their weights to a scikit-learn model."""

    def _fit(self, texts: list[str], labels: np.ndarray) -> None:
        self.ngrams_, counts = fitted_ngrams(texts, self.most_words, self.min_texts)
        self.n_columns_ = self.ngrams_.n_columns(self.most_words)
        counts = counts[:, : self.n_columns_]
        self._learn_weights(counts, labels)
        self.model_ = self._model().fit(self._weigh(counts), labels)

    def _second(self, texts: list[str]) -> np.ndarray:
        counts = ngram_counts(self.ngrams_, texts)[:, : self.n_columns_]
        return self.model_.predict_proba(self._weigh(counts))[:, 1]

    def _check_settings(self) -> None:
        check_count("most_words", self.most_words)
        check_count("min_texts", self.min_texts)
        check_small_seed(getattr(self, "random_state", None))
        for name in {"C", "alpha"} & set(self.get_params()):
            value = getattr(self, name)
            if not isinstance(value, Real) or not 0 < value < np.inf:
                raise ValueError(f"{name}={value!r} must be a number above 0, such as 1.0.")

    def _model(self) -> Any:
        raise NotImplementedError

    def _learn_weights(self, counts: sp.csr_matrix, labels: np.ndarray) -> None:
        """Learn the values that `_weigh` needs."""

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        return counts


class NaiveBayes(_OnNgrams):
    """Classify texts by the product of their words' frequency ratios between the two labels.

    Each word counts only once per text.

    Parameters
    ----------
    most_words : int
        The length of the longest n-grams.
    min_texts : int
        Minimum number of texts in which an n-gram must occur; rarer n-grams are left out.
    alpha : float, above 0
        Smoothing constant, added to every count to avoid zeros.

    References
    ----------
    Manning, Raghavan and Schütze 2008, *Introduction to information retrieval*, chapter 13.
    """

    def __init__(self, most_words: int = 1, min_texts: int = 2, alpha: float = 1.0) -> None:
        self.most_words, self.min_texts, self.alpha = most_words, min_texts, alpha

    def _model(self) -> MultinomialNB:
        return MultinomialNB(alpha=self.alpha)

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        return counts.sign()


class TfidfLogistic(_OnNgrams):
    """Weight words and word pairs by their rarity, and fit a logistic regression.

    Fitting the model to 2,000 short texts takes a fraction of a second.

    Parameters
    ----------
    most_words : int
        The length of the longest n-grams.
    min_texts : int
        Minimum number of texts in which an n-gram must occur; rarer n-grams are left out.
    C : float, above 0
        Inverse of the regularization strength, as in scikit-learn; a larger value allows larger
        weights.
    random_state : int, optional
        Seed for the solver.
    """

    def __init__(
        self,
        most_words: int = 2,
        min_texts: int = 2,
        C: float = 10.0,
        random_state: int | None = 0,
    ) -> None:
        self.most_words, self.min_texts, self.C = most_words, min_texts, C
        self.random_state = random_state

    def _model(self) -> LogisticRegression:
        return LogisticRegression(
            C=self.C, solver="liblinear", tol=0.01, random_state=self.random_state
        )

    def _learn_weights(self, counts: sp.csr_matrix, labels: np.ndarray) -> None:
        self.tfidf_ = TfidfTransformer(sublinear_tf=True).fit(counts)

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        return self.tfidf_.transform(counts)


class NBSVM(TfidfLogistic):
    """Weight n-grams by their naive Bayes ratios, and fit a linear classifier.

    Each TF-IDF weight is multiplied by the n-gram's log-count ratio, which measures how much more
    common the n-gram is in texts with the second label than in those with the first. A linear model
    is fitted to the products, here with the logistic loss (which gives probabilities) instead of
    the paper's hinge loss.

    Parameters
    ----------
    most_words : int
        The length of the longest n-grams.
    min_texts : int
        Minimum number of texts in which an n-gram must occur; rarer n-grams are left out.
    C : float
        Inverse of the regularization strength; a larger value allows larger weights.
    alpha : float
        Smoothing constant, added to every count to avoid zeros.
    random_state : int, optional
        Seed for the solver.

    Attributes
    ----------
    ratios_ : ndarray of shape (n_ngrams,), float32
        The log-count ratios.

    References
    ----------
    Wang and Manning 2012, *Baselines and bigrams: simple, good sentiment and topic classification*.
    """

    def __init__(
        self,
        most_words: int = 3,
        min_texts: int = 2,
        C: float = 100.0,
        alpha: float = 1.0,
        random_state: int | None = 0,
    ) -> None:
        super().__init__(most_words, min_texts, C, random_state)
        self.alpha = alpha

    def _model(self) -> LogisticRegression:
        # With many columns, the dual problem is faster to solve, and a coarse solution is enough.
        return LogisticRegression(
            C=self.C, solver="liblinear", dual=True, tol=0.1, random_state=self.random_state
        )

    def _learn_weights(self, counts: sp.csr_matrix, labels: np.ndarray) -> None:
        super()._learn_weights(counts, labels)
        there = counts.sign()
        shares = []
        for label in (0, 1):
            total = self.alpha + np.asarray(there[labels == label].sum(axis=0)).ravel()
            shares.append(total / total.sum())
        self.ratios_ = np.log(shares[1] / shares[0]).astype("float32")

    def _weigh(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        return super()._weigh(counts) @ sp.diags(self.ratios_)
