"""The scorecard for texts, which shows whether they are realistic, varied, useful and new."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_small_seed
from gan_utils.scorecard.card import Card, counted, finish, span, summary
from gan_utils.scorecard.text_labels import (
    check_classifier_knows,
    check_same_labels,
    held_out_answers,
)
from gan_utils.scorecard.text_measures import (
    COPIED,
    EMPTY,
    TEXT_MEASURES,
    SupportsBits,
    TextClassifier,
    TextScorer,
)
from gan_utils.scorecard.text_samples import RealTexts, TextRun, check_enough_texts, text_runs


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
    language_model: SupportsBits | None = None,
    level: str = "word",
    random_state: int | None = 0,
) -> Card:
    """Score generated texts against real texts, using the four questions of the course.

    Parameters
    ----------
    real : str or list of str
        The training texts of the generator: a book, or at least 12 texts.
    synthetic : list of str, or list of lists of str
        At least 12 generated texts, or a list of such lists, one per seed. If some texts contain no
        words, the scorecard shows their share.
    held_out : str or list of str, optional
        Real texts that the generator never saw, none of them empty. They are the baseline: every
        measure is also computed for them, as if they were synthetic. Without held-out texts, the
        baseline compares one random half of ``real`` (for a book, the second half) with the other
        half, and the share of copies is the mean of the shares for both halves.
    labels, held_out_labels : array of shape (n,) and (h,), optional
        Labels of the real texts, such as their sentiment. If both are given together with
        ``synthetic_labels``, train-on-synthetic-test-on-real (TSTR) is measured. For its baseline
        (TRTR), the model is trained on the same number of real texts.
    synthetic_labels : array of shape (m,), or list of them, optional
        The labels that were requested from the generator.
    classifier : object with ``predict(texts)``, optional
        A classifier trained on real texts. If ``synthetic_labels`` are given, the scorecard shows
        the share of texts that the classifier assigns to the requested label. The baseline is the
        accuracy of the classifier on labelled held-out texts that are cut to the lengths of the
        generated texts.
    learner : callable, optional
        A function that returns an untrained classifier for TSTR; by default, logistic regression on
        TF-IDF features.
    language_model : object with ``bits_per_token(texts)``, optional
        A model trained on ``real``, which is used to measure the bits per token of the texts.
    level : {"word", "char"}
        Whether a copy is defined as a run of at least 8 words or of at least 30 characters.
    random_state : int, optional
        Seed for all random selections of texts; the same seed gives the same scorecard.

    Returns
    -------
    Card (a DataFrame)
        One row per measure, with the columns ``question``, ``value`` (mean over the seeds), ``low``
        and ``high`` (the range over the seeds; missing if there is only one seed), ``baseline``
        (the same measure for real texts) and ``best``. Missing values are explained in
        ``attrs["notes"]``.

    Raises
    ------
    ValueError
        If there are too few texts, a real text is empty, a book is too short, the labels do not
        match the texts, or ``classifier`` has none of the labels in ``synthetic_labels``.

    Notes
    -----
    Most measures depend on the amount of text. Each real text is therefore first cut to the number
    of words in a generated text, but never to less than one word. From a book, passages of these
    lengths are drawn without overlap as long as there is room, because overlapping passages would
    repeat each other. A note is added if there are fewer real texts than generated ones, or if the
    real texts are much longer. The language model, the classifier and the learner receive the texts
    in their original spelling, cut at white space.

    C2ST is computed by `gan_utils.metrics.text_c2st` on pairs of one generated and one real text.
    The longer text of a pair is cut to the number of words in the shorter text, so text length does
    not reveal which text is generated. A generated text without words is compared with the first
    word of a real text. If there are fewer real texts than generated texts, an equal number of
    generated texts is drawn at random.

    Examples
    --------
    >>> score_text(train, model.generate(n_samples=200), held_out=test)  # doctest: +SKIP
    """
    check_small_seed(random_state)
    if level not in COPIED:
        raise ValueError(f"level={level!r} must be one of {tuple(COPIED)}.")
    runs = text_runs(synthetic, synthetic_labels)
    real = real if isinstance(real, str) else check_enough_texts(real, "real")
    if held_out is not None and not isinstance(held_out, str):
        held_out = check_enough_texts(held_out, "held_out")
    answers = held_out_answers(real, held_out, labels, held_out_labels)
    if answers is not None:
        check_same_labels(runs, labels, answers)
    if classifier is not None:
        check_classifier_knows(classifier, runs, real)
    sides = RealTexts(real, held_out, labels, random_state)
    for run in runs:
        sides.check_room(run.lengths)
    scorer = TextScorer(sides, held_out, answers, classifier, learner, language_model, level)
    return _card(scorer, runs, _sizes(real, runs, held_out))


def _card(scorer: TextScorer, runs: list[TextRun], title: str) -> Card:
    baseline = scorer.baseline(runs[0])
    of_baseline, scorer.notes = scorer.notes, []
    card = summary([scorer.score(run) for run in runs], TEXT_MEASURES)
    card = card.loc[[name for name in TEXT_MEASURES if name in card.index]]
    best = [TEXT_MEASURES[name][1] for name in card.index]
    card = card.assign(baseline=pd.Series(baseline), best=best)
    if not card.loc[EMPTY, "value"]:  # usually no text is empty, so the row is left out
        card = card.drop(index=EMPTY)
    notes = counted(scorer.notes, len(runs), "runs")
    notes += [f"real against real: {why}" for why in of_baseline if why not in scorer.notes]
    if scorer.answers is None or runs[0].asked is None:
        notes.append(
            "TSTR was not measured: it needs held_out=, labels=, held_out_labels= and "
            "synthetic_labels=."
        )
    return finish(card, title, notes)


def _sizes(real: str | list[str], runs: list[TextRun], held_out: str | list[str] | None) -> str:
    """Make a title that states what was compared and how large the samples are."""
    sizes = [len(run.texts) for run in runs]
    several = "one run" if len(sizes) == 1 else f"{len(sizes)} runs"
    learnt = "a book" if isinstance(real, str) else f"{len(real)} real texts"
    if held_out is None:
        against = f"two halves of {'the book' if isinstance(real, str) else 'the real texts'}"
    elif isinstance(held_out, str):
        against = "passages of a held-out text"
    else:
        against = f"{min(len(held_out), sizes[0])} held-out texts"
    return (
        f"Scorecard: {learnt}; {several} of {span(sizes)} synthetic texts; "
        f"real against real: {against}"
    )
