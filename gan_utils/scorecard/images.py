"""The scorecard for images, which shows whether they are realistic, varied, useful and new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_count
from gan_utils.metrics import image_cores as cores
from gan_utils.metrics.images import LEAST_COVERED, SAME_IMAGE, SURE, K
from gan_utils.scorecard.card import Card, counted, finish, span, summary
from gan_utils.scorecard.image_samples import (
    check_enough_images,
    check_one_size,
    image_runs,
    real_classes,
)

if TYPE_CHECKING:
    from gan_utils.classifiers.images import ImageClassifier

    Images = np.ndarray | Sequence[np.ndarray]

FRECHET = "Fréchet classifier distance"
RATIO, MEDIAN = "distance ratio to real images", "distance to nearest image (median)"
#: Maximum number of real images whose features are compared, and of images to train TSTR's
#: classifier on: more would take longer and change little.
MOST_COMPARED, MOST_TRAINED = 5000, 2000
#: Number of random splits into halves that are averaged for a baseline without held-out images.
N_HALVES = 3

# measure: its question and its best value, in words that fit a narrow column
_MEASURES = {
    FRECHET: ("fidelity", "as real"),
    "precision": ("fidelity", "as real"),
    "density": ("fidelity", "1"),
    "classified surely (share)": ("fidelity", "as real"),
    "classified as asked (share)": ("fidelity", "as real"),
    "recall": ("diversity", "as real"),
    "coverage": ("diversity", "as real"),
    "classes covered": ("diversity", "all"),
    "rarest class (share)": ("diversity", "as real"),
    "TSTR": ("utility", "as real"),
    "TSTR accuracy": ("utility", "as real"),
    "exact copies (share)": ("novelty", "at most as real"),
    MEDIAN: ("novelty", "not below real"),
    RATIO: ("novelty", "not below 1"),
}


def score_images(
    real: np.ndarray,
    synthetic: Images,
    *,
    classifier: ImageClassifier,
    held_out: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    held_out_labels: np.ndarray | None = None,
    synthetic_labels: Images | None = None,
    random_state: int | None = 0,
) -> Card:
    """Score generated images against real images, using the four questions of the course.

    Parameters
    ----------
    real : ndarray of shape (n, side, side, 1)
        At least 12 images that the generator was trained on, with values in [0, 1].
    synthetic : ndarray of shape (m, side, side, 1), or list of them
        At least 12 generated images, or a list of such arrays, one per seed.
    classifier : ImageClassifier
        A classifier trained on real images; the scorecard uses its features and predicted classes.
    held_out : ndarray of shape (h, side, side, 1), optional
        At least 12 real images that the generator never saw. They are the baseline: every measure
        is also computed for them, as if they were synthetic. If they outnumber the synthetic
        images, most measures use an equally large random sample of them. Without held-out images,
        the baseline for fidelity and diversity compares one random half of ``real`` with the other
        half (averaged over a few random splits); for novelty, it compares each real image with the
        other real images.
    labels, held_out_labels : ndarray of shape (n,) and (h,), optional
        The classes of ``real`` and of ``held_out``, as whole numbers from 0. If both are given,
        train-on-synthetic-test-on-real (TSTR) is measured: a support vector machine is trained on
        the pixels of at most 2,000 synthetic images and tested on held-out real images. For the
        baseline (TRTR), the support vector machine is trained on the same number of real images.
    synthetic_labels : ndarray of shape (m,) or list of them, optional
        The classes that were requested from a conditional generator. TSTR uses these classes for
        training, and the scorecard adds the share of images that ``classifier`` assigns to the
        requested class. Without ``synthetic_labels``, TSTR trains on the classes that
        ``classifier`` predicts, so the score also depends on ``classifier``.
    random_state : int, optional
        Seed for all random selections of images; the same seed gives the same scorecard.

    Returns
    -------
    Card (a DataFrame)
        One row per measure, with the columns ``question``, ``value`` (mean over the arrays),
        ``low`` and ``high`` (the range over the arrays; missing if there is only one array),
        ``baseline`` (the same measure for real images) and ``best``. The notes in
        ``attrs["notes"]`` explain missing values and are printed below the scorecard.

    Raises
    ------
    ValueError
        If there are too few images, values lie outside [0, 1], sizes differ, the labels do not
        match the images, or they are not the numbers of the classifier's classes.

    Notes
    -----
    The Fréchet classifier distance is not the FID: it uses the features of ``classifier``, and
    values are not comparable if the classifier or the number of images differs. The distance to the
    nearest training image may reveal copying, but it cannot prove that nothing was copied.

    Examples
    --------
    >>> score_images(train, gan.sample(1000), classifier=judge, held_out=test)
    """
    if random_state is not None:
        check_count("random_state", random_state, 0)
    batches, asked = image_runs(synthetic, synthetic_labels, classifier.n_classes)
    real = check_enough_images(real, "real")
    held_out = None if held_out is None else check_enough_images(held_out, "held_out")
    check_one_size(real, batches, held_out)
    classifier.check_side(real.shape[1])
    answers = real_classes(real, held_out, labels, held_out_labels, classifier.n_classes)
    judge = _Judge(classifier, real, held_out, answers, random_state)
    baseline = judge.baseline(len(batches[0]), asked[0] is not None)
    seeds = [
        judge.score(images, classes, baseline)
        for images, classes in zip(batches, asked, strict=True)
    ]
    card = summary(seeds, _MEASURES)
    card = card.loc[[name for name in _MEASURES if name in card.index]]
    best = [_MEASURES[name][1] for name in card.index]
    card = card.assign(baseline=pd.Series(baseline), best=best)
    notes = counted(judge.notes, len(batches), "runs") + _notes(batches, held_out, answers, asked)
    return finish(card, _title(real, batches, held_out), notes)


class _Judge:
    """The classifier, data and notes that are used to score every array of images."""

    def __init__(
        self,
        classifier: ImageClassifier,
        real: np.ndarray,
        held_out: np.ndarray | None,
        answers: tuple[np.ndarray, np.ndarray] | None,
        random_state: int | None,
    ) -> None:
        self.classifier, self.real, self.held_out = classifier, real, held_out
        self.answers, self.random_state = answers, random_state
        self.notes: list[str] = []
        self.features, self.probabilities = self.see(self._few_real())
        _check_finite(self.features, self.probabilities)

    def see(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return features and probabilities as float64, the precision that the measures use."""
        features, probabilities = self.classifier.examine_checked(images)
        return features.astype("float64"), probabilities.astype("float64")

    def score(
        self, images: np.ndarray, asked: np.ndarray | None, baseline: dict[str, float]
    ) -> dict[str, float]:
        seen, probabilities = self.see(images)
        likeness = _likeness(self.features, seen, probabilities)
        if asked is not None:
            agreed = probabilities.argmax(axis=1) == asked
            likeness["classified as asked (share)"] = float(agreed.mean())
        classes = probabilities.argmax(axis=1) if asked is None else asked
        _, distances = cores.nearest_rows(_rows(images), _rows(self.real))
        useful = self._usefulness(images, classes, len(images))
        return likeness | useful | self._novelty(distances, baseline)

    def baseline(self, size: int, asked: bool) -> dict[str, float]:
        """Compute every measure for real images against real images."""
        if self.held_out is None:
            likeness, distances = self._halves(), self._distances_to_others()
        else:
            chosen = _some(self.held_out, size, self.random_state)
            likeness = _likeness(self.features, *self.see(chosen))
            distances = cores.nearest_rows(_rows(self.held_out), _rows(self.real))[1]
        if asked:
            likeness["classified as asked (share)"] = self._accuracy()
        classes = None if self.answers is None else self.answers[0]
        useful = self._usefulness(self.real, classes, size)
        return likeness | useful | _closeness(distances) | {RATIO: 1.0}

    def _few_real(self) -> np.ndarray:
        return _some(self.real, MOST_COMPARED, self.random_state)

    def _distances_to_others(self) -> np.ndarray:
        """Compare some real images with all others, as many as generated images are compared with.

        The nearest of few images is farther away than the nearest of many.
        """
        own = _some(np.arange(len(self.real)), MOST_COMPARED, self.random_state)
        return cores.nearest_rows(_rows(self.real[own]), _rows(self.real), own)[1]

    def _halves(self) -> dict[str, float]:
        """Compare one half of the real images with the other half, averaged over a few splits."""
        rng = np.random.default_rng(self.random_state)
        scores = []
        for _ in range(N_HALVES):
            one, other = np.array_split(rng.permutation(len(self.features)), 2)
            seen, probabilities = self.features[other], self.probabilities[other]
            scores.append(_likeness(self.features[one], seen, probabilities))
        return pd.DataFrame(scores).mean().to_dict()

    def _accuracy(self) -> float:
        """Return the accuracy of the classifier on held-out images."""
        if self.answers is None:
            return np.nan
        return float(np.mean(self.see(self.held_out)[1].argmax(1) == self.answers[1]))

    def _usefulness(
        self, images: np.ndarray, classes: np.ndarray | None, size: int
    ) -> dict[str, float]:
        """Train a classifier on at most ``size`` images, and test it on held-out real ones."""
        if self.answers is None:
            return {"TSTR": np.nan}
        # Draw once: without a seed, a second draw would pair the images with other classes.
        chosen = _some(np.arange(len(images)), min(size, MOST_TRAINED), self.random_state)
        found = _learnt(images[chosen], classes[chosen], self.held_out, self.answers[1])
        return {"TSTR accuracy": found}

    def _novelty(self, distances: np.ndarray, baseline: dict[str, float]) -> dict[str, float]:
        novelty = _closeness(distances)
        if baseline[MEDIAN] > 0:
            return novelty | {RATIO: novelty[MEDIAN] / baseline[MEDIAN]}
        self.notes.append(f"{RATIO} is undefined: most real images repeat a training image.")
        return novelty | {RATIO: np.nan}


def _rows(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)


def _check_finite(features: np.ndarray, probabilities: np.ndarray) -> None:
    # NaN weights may yield features that are zero, so the probabilities are checked too.
    if not (np.isfinite(features).all() and np.isfinite(probabilities).all()):
        raise ValueError(
            "the classifier returns missing or infinite values. Did its training fail? Train it "
            "again."
        )


def _likeness(real: np.ndarray, seen: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Measure fidelity and diversity, from features and probabilities."""
    shares, won = cores.neighbourhood_shares(real, seen, K), cores.won_shares(probabilities)
    return {
        FRECHET: cores.frechet(real, seen),
        "precision": shares["precision"],
        "density": shares["density"],
        "classified surely (share)": cores.sure_share(probabilities, SURE),
        "recall": shares["recall"],
        "coverage": shares["coverage"],
        "classes covered": float(cores.n_classes_covered(won, LEAST_COVERED)),
        "rarest class (share)": float(won.min()),
    }


def _learnt(
    images: np.ndarray, classes: np.ndarray, test: np.ndarray, answers: np.ndarray
) -> float:
    """Train a small classifier on pixels; return its accuracy on test images."""
    if len(np.unique(classes)) == 1:  # a collapsed generator shows only one class
        return float(np.mean(answers == classes[0]))
    from sklearn.svm import SVC

    model = SVC(C=5.0).fit(images.reshape(len(images), -1), classes)
    return float(model.score(test.reshape(len(test), -1), answers))


def _closeness(distances: np.ndarray) -> dict[str, float]:
    return {
        "exact copies (share)": float(np.mean(distances < SAME_IMAGE)),
        MEDIAN: float(np.median(distances)),
    }


def _some(values: np.ndarray, most: int, random_state: int | None) -> np.ndarray:
    """Choose at most ``most`` values at random, and keep their order."""
    if len(values) <= most:
        return values
    return values[np.sort(np.random.default_rng(random_state).permutation(len(values))[:most])]


def _notes(
    batches: list[np.ndarray],
    held_out: np.ndarray | None,
    answers: tuple[np.ndarray, np.ndarray] | None,
    asked: list[np.ndarray | None],
) -> list[str]:
    """List the facts that a reader needs in order to compare the numbers on the card."""
    notes, most = [], max(map(len, batches))
    if answers is None:
        notes.append("TSTR was not measured: it needs held_out=, labels= and held_out_labels=.")
    elif asked[0] is None:
        notes.append("TSTR learnt the classes that the judge gave, which was trained on real ones.")
    if held_out is not None and len(held_out) < 0.8 * most:
        notes.append(
            "the distance falls and coverage grows with the number of images, and the baseline has "
            f"{len(held_out)}, not {most}."
        )
    return notes


def _title(real: np.ndarray, batches: list[np.ndarray], held_out: np.ndarray | None) -> str:
    """Make a title that states what was compared and how large the samples are."""
    sizes = [len(part) for part in batches]
    runs = "one run" if len(sizes) == 1 else f"{len(sizes)} runs"
    if held_out is None:
        against = "two halves of the real images"
    else:
        against = f"{min(len(held_out), sizes[0])} held-out images"
    return (
        f"Scorecard: {len(real)} real images; {runs} of {span(sizes)} synthetic images; "
        f"real against real: {against}"
    )
