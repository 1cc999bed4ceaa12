"""Classifiers of reviews, on little reviews of which the sentiment is known."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from gan_utils.classifiers.reviews import (
    NBSVM,
    Average,
    NaiveBayes,
    WordNgrams,
    build,
    candidate_classifiers,
    choose_classifier,
)
from gan_utils.classifiers.reviews.choice import CANDIDATE_NAMES
from gan_utils.classifiers.reviews.shared import shared_counts
from gan_utils.classifiers.reviews.word_counts import ngram_counts
from gan_utils.text.tokens import split_words

LINEAR = CANDIDATE_NAMES[1:4]
SUBJECTS = ("film", "plot", "cast", "music", "ending", "story")
GOOD, BAD = ("great", "lovely", "moving", "fine"), ("dull", "awful", "boring", "bad")


def reviews(n: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Write n short reviews; a negated word speaks for the other label."""
    rng, texts = np.random.default_rng(seed), []
    labels = np.arange(n) % 2
    for label in labels:
        parts = []
        for subject in rng.choice(SUBJECTS, 3, replace=False):
            negated = rng.random() < 0.2
            word = rng.choice(GOOD if label != negated else BAD)
            parts.append(f"The {subject} was {'not ' * negated}{word}.")
        texts.append(" ".join(parts))
    return texts, labels


TEXTS, LABELS = reviews(200)
NEW_TEXTS, NEW_LABELS = reviews(60, seed=1)

words = st.lists(st.sampled_from(["a", "film", "dull", "n't", "!", "é"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(words.map(" ".join), min_size=2, max_size=8), st.integers(1, 3), st.integers(1, 2))
def test_ngrams_are_those_of_scikit_learn(texts, most_words, min_texts):
    texts = [*texts, "a film", "a film"]
    ours = WordNgrams(most_words, min_texts)
    theirs = CountVectorizer(
        analyzer="word",
        tokenizer=split_words,
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, most_words),
        min_df=min_texts,
    )
    found, expected = ours.fit_transform(texts), theirs.fit_transform(texts)
    assert found.shape == expected.shape and found.dtype == np.float32
    assert columns(found) == columns(expected)
    new = ["film a dull", *texts[::-1], "never seen", ""]
    assert columns(ours.transform(new)) == columns(theirs.transform(new))


def columns(matrix) -> list[tuple]:
    return sorted(map(tuple, matrix.toarray().T.tolist()))


def test_ngrams_of_words_come_first():
    ngrams = WordNgrams(3).fit(TEXTS)
    assert ngrams.n_columns(1) == len({w for text in TEXTS for w in split_words(text)})
    assert ngrams.n_columns(1) < ngrams.n_columns(2) < ngrams.n_columns(3)
    assert ngrams.transform([""]).nnz == 0


@pytest.mark.parametrize("name", LINEAR)
def test_linear_judges_learn_and_repeat_themselves(name, no_warnings):
    judge = build(name).fit(TEXTS, LABELS)
    found = judge.predict_proba(NEW_TEXTS)
    assert found.shape == (60, 2)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    # Naive Bayes reads single words here, and some of the reviews negate them.
    least = 0.75 if name == "naive Bayes" else 0.9
    assert (judge.predict(NEW_TEXTS) == NEW_LABELS).mean() > least
    again = build(name).fit(pd.Series(TEXTS), list(LABELS))
    np.testing.assert_array_equal(again.predict_proba(NEW_TEXTS), found)


def test_pairs_know_what_not_turns_round():
    texts = ["The film was not good.", "The film was not bad."] * 4
    labels = [0, 1] * 4
    more = [*texts, *["Not a good one.", "Not a bad one."] * 4]
    judge = build("NB-SVM").fit(more, [*labels, *[1, 0] * 4])
    assert judge.predict(texts[:2]).tolist() == [0, 1]


def test_naive_bayes_by_hand():
    judge = NaiveBayes(min_texts=1).fit(["good", "bad"], [1, 0])
    assert judge.predict_proba(["good"])[0, 1] == pytest.approx(2 / 3)


def test_log_count_ratios_by_hand():
    judge = NBSVM(most_words=1, min_texts=1).fit(["good good", "bad"], ["yes", "no"])
    expected = {"good": np.log(2), "bad": -np.log(2)}
    ratios = [expected[word] for word in judge.ngrams_.words_]
    np.testing.assert_allclose(judge.ratios_, ratios, rtol=1e-6)
    assert judge.predict(["good", "bad"]).tolist() == ["yes", "no"]


def test_shared_counts_change_nothing():
    alone = {name: build(name).fit(TEXTS, LABELS).predict_proba(NEW_TEXTS) for name in LINEAR}
    with shared_counts() as shared:
        for name in LINEAR:
            found = build(name).fit(TEXTS, LABELS).predict_proba(NEW_TEXTS)
            np.testing.assert_allclose(found, alone[name], atol=1e-12)
        assert shared["saved"] > 0
    after = build("NB-SVM").fit(NEW_TEXTS, NEW_LABELS)
    assert after.ngrams_.most_words == 3


def test_counts_are_shared_by_content_and_not_by_identity():
    """A counter may have the ``id`` of another that is gone."""
    first, other = WordNgrams(1, 1).fit(TEXTS), WordNgrams(1, 1).fit(["a dull film"])
    same = WordNgrams(1, 1).fit(TEXTS)
    with shared_counts() as shared:
        counts = ngram_counts(first, TEXTS)
        assert ngram_counts(same, TEXTS) is counts
        assert ngram_counts(other, TEXTS).shape != counts.shape
        assert not any(id(first) in key for key in shared if isinstance(key, tuple))


def test_texts_of_every_kind_are_read():
    """Lone surrogates, combining marks and empty texts: each judge answers, and alike twice."""
    odd = ["\ud800 film", "", " ", "e\u0301 film", "\x00", "film " * 50]
    for name in CANDIDATE_NAMES[:4]:
        judge = build(name).fit([*TEXTS, *odd], [*LABELS, 0, 1, 0, 1, 0, 1])
        found = judge.predict_proba(odd)
        assert np.isfinite(found).all()


def test_a_constant_is_the_share_of_the_labels():
    found = build("dummy").fit(TEXTS[:4], ["no", "no", "no", "yes"]).predict_proba(["any", "thing"])
    np.testing.assert_array_equal(found, [[0.75, 0.25]] * 2)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("naive Bayes", {"alpha": 0}),
        ("NB-SVM", {"alpha": -1.0}),
        ("NB-SVM", {"C": "much"}),
        ("TF-IDF + logistic regression", {"C": float("nan")}),
        ("TF-IDF + logistic regression", {"most_words": 0}),
        (CANDIDATE_NAMES[4], {"learning_rate": 0.0}),
        (CANDIDATE_NAMES[4], {"random_state": None}),
        (CANDIDATE_NAMES[4], {"random_state": 2**63}),
        ("NB-SVM", {"random_state": -1}),
        ("TF-IDF + logistic regression", {"random_state": 2**32}),
    ],
)
def test_a_setting_out_of_range_is_refused(name, setting):
    with pytest.raises(ValueError, match=f"{next(iter(setting))}="):
        build(name, **{"random_state": 0, **setting} if "Bayes" not in name else setting).fit(
            TEXTS, LABELS
        )


@pytest.fixture(scope="module")
def choice():
    candidates = candidate_classifiers(length=20, epochs=2, n_words=50)
    return choose_classifier(candidates, TEXTS, LABELS, NEW_TEXTS, NEW_LABELS)


def test_the_best_is_chosen_by_validation(choice):
    table, best = choice
    assert list(table.index) == list(CANDIDATE_NAMES)
    assert list(table.columns) == ["accuracy", "recall", "F1", "seconds"]
    assert table.loc["dummy", "accuracy"] == 0.5
    assert choice.name == table["accuracy"].idxmax() and choice.name in CANDIDATE_NAMES[1:]
    found = (best.predict(NEW_TEXTS) == NEW_LABELS).mean()
    assert found == pytest.approx(table["accuracy"].max())
    assert table["seconds"].min() >= 0


@pytest.mark.parametrize("names", [(1, 2), ("a", ("b", 2)), (("a", 1), ("b", 2)), (0.5, True)])
def test_names_need_not_be_texts(names):
    candidates = dict(zip(names, (build("dummy"), NaiveBayes()), strict=True))
    found = choose_classifier(candidates, TEXTS, LABELS, NEW_TEXTS, NEW_LABELS, refit=True)
    assert found.table.index.tolist() == list(names)
    assert found.name == names[1]
    assert found.best is candidates[found.name]


def test_the_best_can_be_refitted_on_all():
    both = {"NB-SVM": build("NB-SVM")}
    refitted = choose_classifier(both, TEXTS, LABELS, NEW_TEXTS, NEW_LABELS, refit=True).best
    whole = build("NB-SVM").fit(TEXTS + NEW_TEXTS, np.concatenate([LABELS, NEW_LABELS]))
    np.testing.assert_array_equal(refitted.predict_proba(TEXTS), whole.predict_proba(TEXTS))


def test_recall_and_f1_are_those_of_the_second_label():
    sides = np.array(["negative", "positive"])
    found = choose_classifier(
        {"dummy": build("dummy")}, TEXTS, sides[LABELS], NEW_TEXTS, sides[NEW_LABELS]
    )
    assert found.best.classes_.tolist() == ["negative", "positive"]
    # With the shares equal it answers "negative" always.
    assert found.table.loc["dummy", ["recall", "F1"]].tolist() == [0, 0]


def test_the_network_learns_and_repeats_itself(no_warnings):
    texts, labels = reviews(400)
    small = {"length": 20, "n_words": 100, "filters": 8, "epochs": 4}
    first, again = (build(CANDIDATE_NAMES[4], **small).fit(texts, labels) for _ in range(2))
    found = first.predict_proba(NEW_TEXTS)
    assert (first.predict(NEW_TEXTS) == NEW_LABELS).mean() > 0.75
    np.testing.assert_array_equal(again.predict_proba(NEW_TEXTS), found)
    np.testing.assert_allclose(first.predict_proba(NEW_TEXTS[:1]), found[:1], atol=1e-6)
    assert 0 <= first.vectors_missing_ <= 1
    assert np.isfinite(first.predict_proba(["", "never seen words"])).all()
    assert list(first._word_numbers([["film", "was", "zebra"]])[0][-3:-2]) == [first.words_["film"]]
    assert first._word_numbers([["zebra"]])[0].tolist() == [0] * 19 + [1]


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_of_the_network_is_its_own(again):
    small = {"length": np.int64(10), "n_words": 50, "filters": np.int64(4), "epochs": np.int64(1)}
    model = build(CANDIDATE_NAMES[4], **small, random_state=np.int64(1)).fit(TEXTS, LABELS)
    expected, other = model.predict_proba(NEW_TEXTS), again(model)
    np.testing.assert_array_equal(other.predict_proba(NEW_TEXTS), expected)
    for weight in model.network_.weights:
        weight.assign(0 * weight)
    np.testing.assert_array_equal(other.predict_proba(NEW_TEXTS), expected)
    assert np.ptp(model.predict_proba(NEW_TEXTS)) == 0


def test_an_average():
    members = [build(name) for name in LINEAR[:2]]
    found = Average(members).fit(TEXTS, LABELS).predict_proba(NEW_TEXTS)
    alone = [build(name).fit(TEXTS, LABELS).predict_proba(NEW_TEXTS) for name in LINEAR[:2]]
    np.testing.assert_allclose(found, np.mean(alone, axis=0))
    assert not any(hasattr(member, "classes_") for member in members), "members stay as they are"
    with pytest.raises(RuntimeError, match="NaiveBayes is not fitted yet"):
        Average.of_fitted(members)
    members = [member.fit(TEXTS, LABELS) for member in members]
    same = Average.of_fitted(members).predict_proba(NEW_TEXTS)
    np.testing.assert_array_equal(same, found)
    with pytest.raises(ValueError, match="other labels"):
        Average.of_fitted([members[0], build("dummy").fit(TEXTS, LABELS + 1)])
    with pytest.raises(ValueError, match="Give two or more"):
        Average(members[:1]).fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("texts", "labels", "hint"),
    [
        ("one text", [1], "single string"),
        ([], [], "there is no text"),
        (
            ["a film", None],
            [0, 1],
            "texts holds NoneType at place 1, not str. Leave missing texts out",
        ),
        (["a film", "a film"], [0], r"\(1,\), but there are 2"),
        (["a film", "a film"], [1, 1], "both labels"),
        (["a film", "a film", "a film"], [0, 1, 2], "3 value"),
        (["one", "two"], [0, 1], "smaller min_texts"),
        (3, [1], r"3 \(int\), but must be a sequence of str"),
        (["a film", "a film"], [0, float("nan")], r"label 1 of labels is missing \(nan\)"),
        (["a film", "a film"], [None, "good"], r"label 0 of labels is missing \(None\)"),
        (["a film", "a film"], pd.array([pd.NA, 1]), "label 0 of labels is missing"),
        (["a film", "a film"], [1, "good"], "in part"),
        (["a film", "a film"], "01", "must be one label for each text"),
        (["a film", "a film"], 1, "must be one label for each text"),
        (["a film", "a film"], [[0, 1], [1]], "there are 2 texts"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(texts, labels, hint):
    with pytest.raises((ValueError, TypeError), match=hint):
        build("NB-SVM").fit(texts, labels)


def test_what_cannot_be_done_is_refused():
    with pytest.raises(RuntimeError, match="NBSVM is not fitted yet"):
        NBSVM().predict(["a film"])
    with pytest.raises(RuntimeError, match="not fitted"):
        WordNgrams().transform(["a film"])
    with pytest.raises(ValueError, match="'NB-SVM'"):
        build("svm")
    with pytest.raises(ValueError, match="no candidates"):
        choose_classifier({}, TEXTS, LABELS, NEW_TEXTS, NEW_LABELS)
    with pytest.raises(ValueError, match="training"):
        choose_classifier({"dummy": build("dummy")}, TEXTS, LABELS, ["x"], [5])
    with pytest.raises(ValueError, match="label 0 of validation_labels is missing"):
        choose_classifier({"dummy": build("dummy")}, TEXTS, LABELS, ["x"], [None])
    with pytest.raises(ValueError, match="length=2"):
        build(CANDIDATE_NAMES[4], length=2).fit(TEXTS, LABELS)


class Interrupted(KeyboardInterrupt):
    """Stands for a reader who interrupts the kernel."""


@pytest.mark.parametrize("name", CANDIDATE_NAMES[1:])
def test_an_interrupted_fit_leaves_the_classifier_as_it_was(name, monkeypatch):
    def interrupt(*_):
        raise Interrupted

    settings = {"length": 20, "n_words": 50, "filters": 4, "epochs": 1} if "CNN" in name else {}
    judge = build(name, **settings).fit(TEXTS, LABELS)
    expected = judge.predict_proba(NEW_TEXTS)
    late = "_training_batches" if "CNN" in name else "_model"
    monkeypatch.setattr(type(judge), late, interrupt)
    with pytest.raises(Interrupted):
        judge.fit([f"Not new {text} {i % 9}" for i, text in enumerate(TEXTS)], LABELS)
    np.testing.assert_array_equal(judge.predict_proba(NEW_TEXTS), expected)


def test_an_interrupted_counter_is_not_fitted(monkeypatch):
    def interrupt(*_):
        raise Interrupted

    ngrams = WordNgrams(3).fit(TEXTS)
    monkeypatch.setattr(WordNgrams, "_longer", interrupt)
    with pytest.raises(Interrupted):
        ngrams.fit(NEW_TEXTS)
    with pytest.raises(RuntimeError, match="not fitted"):
        ngrams.transform(TEXTS)
