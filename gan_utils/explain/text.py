"""Explain with LIME which words of a text support or oppose a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_utils._support.checks import LONE_SURROGATE, check_count, check_small_seed
from gan_utils._support.quiet import no_warning
from gan_utils.explain.answers import N_PROBED, as_probabilities, check_target, output_kind
from gan_utils.explain.text_explanation import WORD, TextExplanation, without_words

if TYPE_CHECKING:
    Predict = Callable[[list[str]], Any]


def explain_text(
    text: str,
    predict: Predict,
    *,
    target: int | None = None,
    n_words: int | None = None,
    n_samples: int = 2000,
    output: str = "auto",
    random_state: int | None = 0,
) -> TextExplanation:
    """Find which words of a text a classifier's output depends on.

    This is LIME: words are removed in many random ways, the classifier is run on each changed text,
    and a linear model is fitted to the outputs. Texts that are similar to the original have larger
    weights in the fit. The slopes of the linear model are the explanation.

    Parameters
    ----------
    text : str
        The text, with at least two different words.
    predict : callable
        A function that maps a list of texts to probabilities of shape (n, n_classes), like
        `predict_proba` of scikit-learn's classifiers, or to one number per text, of shape (n,) or
        (n, 1). This number is the probability of class 1 or a logit.
    target : int, optional
        Which class to explain; by default the most probable one.
    n_words : int, optional
        Number of words that get a weight: those with the largest weights in a first fit. By
        default, every word has a weight.
    n_samples : int
        How many changed texts to run the classifier on. A larger number gives a more stable
        explanation.
    output : {"auto", "probabilities", "logits"}
        How to interpret the outputs if there is one number per text. With "auto", the classifier is
        run on the text and 30 variants of it. If all numbers are in [0, 1], they are treated as
        probabilities; otherwise, as logits.
    random_state : int, optional
        Seed for the changed texts; the same seed gives the same explanation.

    Returns
    -------
    TextExplanation

    Raises
    ------
    ValueError
        If the text has fewer than two different words, ``predict`` returns anything but
        probabilities or logits, or a setting is out of range.

    Notes
    -----
    The explanation describes the classifier, not the text. A word has the same weight wherever it
    occurs, so a linear model cannot express that ``not`` reverses ``good``: check ``fit`` and
    `gan_utils.explain.deletion_test` before trusting an explanation.

    References
    ----------
    Ribeiro, Singh and Guestrin 2016, *"Why should I trust you?": explaining the predictions of any
    classifier* (LIME).

    Examples
    --------
    >>> explanation = explain_text(review, judge.predict_proba, random_state=0)
    >>> explanation.plot(name="positive")
    """
    words = _check_text(text)
    check_small_seed(random_state)
    check_count("n_samples", n_samples, 50)
    if n_words is not None:
        check_count("n_words", n_words)
    probe = _probe(text, words)
    probed = predict(probe)
    kind = output_kind(probed, len(probe), output, "texts")
    probabilities = as_probabilities(probed, len(probe), kind, "texts")[0]
    target = check_target(target, probabilities)
    found = _explainer(n_words, random_state).explain_instance(
        text,
        lambda texts: as_probabilities(predict(texts), len(texts), kind, "texts"),
        labels=(target,),
        num_features=n_words or len(words),
        num_samples=n_samples,
    )
    weights = np.zeros(len(words))
    for number, weight in found.local_exp[target]:
        weights[number] = weight
    return TextExplanation(
        text,
        words,
        weights,
        float(found.intercept[target]),
        float(found.score),
        target,
        float(probabilities[target]),
        kind,
    )


def _probe(text: str, words: tuple[str, ...]) -> list[str]:
    """Return the text and variants of it, from which to infer how to interpret the outputs."""
    rng, probe = np.random.default_rng(0), [text]
    for _ in range(N_PROBED):
        probe.append(without_words(text, {word for word in words if rng.random() < 0.5}))
    return probe


def _check_text(text: str) -> tuple[str, ...]:
    """Return the distinct words in lime's order, which is the order of first occurrence."""
    if not isinstance(text, str):
        raise ValueError(f"text is a {type(text).__name__}. Give one text, such as texts[0].")
    if broken := LONE_SURROGATE.search(text):
        raise ValueError(
            f"text holds half a character at position {broken.start()}. Read it again in its own "
            "encoding."
        )
    words = tuple(dict.fromkeys(WORD.findall(text)))
    if len(words) < 2:
        raise ValueError(
            f"text has {len(words)} word(s), so there is nothing to choose between. Give a text "
            "with at least two different words."
        )
    return words


def _explainer(n_words: int | None, random_state: int | None) -> Any:
    with no_warning(".*"):  # from tqdm, if ipywidgets is missing
        from lime.lime_text import LimeTextExplainer
    return LimeTextExplainer(
        split_expression=WORD.findall,
        feature_selection="none" if n_words is None else "highest_weights",
        # lime uses NumPy's global state unless a random state is given.
        random_state=np.random.RandomState(random_state),
    )
