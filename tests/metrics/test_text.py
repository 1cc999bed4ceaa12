"""Measures of texts: values by hand, by NLTK, and by slow searches of the same definition."""

from collections import Counter
from difflib import SequenceMatcher

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from gan_utils import metrics as measures
from gan_utils.metrics import UndefinedMeasureError, text_c2st, text_jaccard
from gan_utils.text.tokens import join_words, split_words
from gan_utils.text.windows import hashed_windows, number_tokens, numbering, scattered

FILMS = [
    "The film is good. I liked the film a lot.",
    "The film is bad. I didn't like the film at all.",
    "A good film about a bad man.",
]
words = st.lists(st.sampled_from(["the", "film", "is", "good", "."]), max_size=12)
texts = st.lists(words, min_size=1, max_size=6)


def grams(tokens, n):
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def test_distinct_n_by_hand():
    assert measures.distinct_n("a b a b", 1) == 2 / 4
    assert measures.distinct_n("a b a b", 2) == 2 / 3
    assert measures.distinct_n(["a b", "a b"], 2) == 1 / 2  # none goes from text to text
    assert measures.distinct_n([["a", "b"], ["b", "a"]], 2) == 1


def test_repeat_rate_by_hand():
    assert measures.repeat_rate("a b c d a b c d", 4) == pytest.approx(1 / 5)
    assert measures.repeat_rate(["a b c d", "a b c d"], 4) == 0  # each text for itself
    assert measures.repeat_rate("so so so so so", 1) == pytest.approx(4 / 5)


@given(texts, st.integers(1, 3))
def test_shares_of_n_grams_as_counted_slowly(lists, n):
    counted = [grams(tokens, n) for tokens in lists]
    together = [gram for own in counted for gram in own]
    if not together:
        with pytest.raises(ValueError, match=rf"no text has {n} words or more"):
            measures.distinct_n(lists, n)
        return
    assert measures.distinct_n(lists, n) == len(set(together)) / len(together)
    new = sum(len(set(own)) for own in counted)
    assert measures.repeat_rate(lists, n) == pytest.approx(1 - new / len(together))


@given(texts, st.integers(1, 3))
def test_n_grams_are_those_of_scikit_learn(lists, n):
    counter = CountVectorizer(analyzer=lambda tokens: grams(tokens, n))
    if not any(len(tokens) >= n for tokens in lists):
        return
    counts = counter.fit_transform(lists)
    assert measures.distinct_n(lists, n) == counts.shape[1] / counts.sum()
    assert measures.repeat_rate(lists, n) == pytest.approx(1 - counts.nnz / counts.sum())


@given(texts.filter(lambda lists: len(lists) > 1), st.integers(1, 4))
def test_self_bleu_as_defined(lists, n):
    """Papineni's BLEU of each text, with the others as references, counted slowly."""
    scores = []
    for place, own in enumerate(lists):
        others = lists[:place] + lists[place + 1 :]
        lengths = sorted((abs(len(o) - len(own)), len(o)) for o in others)
        logs, first = 0.0, 0
        for size in range(1, n + 1):
            counted = Counter(grams(own, size))
            kept = sum(
                min(c, max(grams(o, size).count(g) for o in others)) for g, c in counted.items()
            )
            first = kept if size == 1 else first
            logs += np.log((kept or 0.1) / max(len(own) - size + 1, 1)) / n
        short = min(0, 1 - lengths[0][1] / max(len(own), 1))
        scores.append(np.exp(logs + short) if first else 0)
    assert measures.self_bleu(lists, n) == pytest.approx(np.mean(scores))


@pytest.mark.parametrize(("n", "nltk"), [(4, 0.0834990717191715), (2, 0.32267806792011006)])
def test_self_bleu_is_that_of_nltk(n, nltk):
    """NLTK 3.10: mean of sentence_bleu(others, text, smoothing_function=method1)."""
    tokens = [join_words(split_words(text)) for text in FILMS]
    assert measures.self_bleu(tokens, n) == pytest.approx(nltk, rel=1e-12)


def test_self_bleu_of_equal_and_of_strange_texts():
    assert measures.self_bleu(["the film is good"] * 3) == pytest.approx(1)
    assert measures.self_bleu(["one two three four", "five six seven eight"]) == 0
    assert measures.self_bleu([["a"], []]) == 0
    with pytest.raises(ValueError, match="at least two"):
        measures.self_bleu("one text")


@given(texts, texts, st.integers(1, 4), st.sampled_from(["word", "char"]))
def test_copy_rate_as_searched_slowly(own, training, n, level):
    if level == "char":
        own, training = ([" ".join(words) for words in part] for part in (own, training))
    known = {gram for tokens in training for gram in grams(tokens, n)}
    counted = [gram in known for tokens in own for gram in grams(tokens, n)]
    if counted:
        assert measures.copy_rate(own, training, n, level) == np.mean(counted)
    else:
        with pytest.raises(ValueError, match="or more"):
            measures.copy_rate(own, training, n, level)


@given(texts, texts)
def test_the_longest_run_is_that_of_difflib(own, training):
    run = measures.longest_copied_run(own, training)
    pairs = [(a, b) for a in own for b in training]
    longest = [
        SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size for a, b in pairs
    ]
    assert run.length == max(longest)
    assert split_words(run.text) == own[run.place][:0] or len(split_words(run.text)) == run.length


def test_the_longest_run_is_shown():
    book = "Down, down, down. Would the fall never come to an end! I wonder how many miles."
    said = ["Nothing here.", "She asked: would the fall never come to a stop?"]
    run = measures.longest_copied_run(said, book)
    assert (run.text, run.length, run.place) == ("Would the fall never come to", 6, 1)
    run = measures.longest_copied_run(said[1], book, level="char")
    assert (run.text, run.length) == ("ould the fall never come to a", 29)
    assert measures.longest_copied_run("xyz", book) == measures.CopiedRun("", 0, 0)
    whole = measures.longest_copied_run(book, [said[0], book])
    assert whole.length == len(split_words(book))


def test_long_runs_are_hashed_from_their_halves():
    """Every length up to 70: the same run twice has one hash, and other runs have others."""
    rng = np.random.default_rng(0)
    tokens = [str(number) for number in rng.integers(0, 3, 80)]
    known = numbering([tokens])
    numbers = scattered(number_tokens([tokens], known), len(known))
    for n in range(1, 71):
        hashes, starts = hashed_windows(numbers, n)
        slow = grams(tokens, n)
        assert starts.tolist() == list(range(len(slow)))
        assert len(set(zip(hashes.tolist(), slow, strict=True))) == len(set(slow))
        assert len(np.unique(hashes)) == len(set(slow))


def test_sentences_and_ends():
    text = "I didn't like it... Not at all! And then"
    assert measures.sentence_lengths(text).tolist() == [4, 3, 2]
    assert measures.sentence_lengths([text, "!!!", "Good."]).tolist() == [4, 3, 2, 1]
    assert measures.ended_share(["Good.", 'He said "go!"', "(Why?)", "and then", ""]) == 3 / 5


def test_a_text_that_was_cut_at_the_limit_has_not_ended():
    cut = ["one two three.", "one two.", "one two three four", "one"]  # 4, 3, 4 and 1 words
    assert measures.ended_share(cut) == 2 / 4
    assert measures.ended_share(cut, max_length=4) == 1 / 4
    assert measures.ended_share(cut, max_length=5) == 2 / 4
    with pytest.raises(ValueError, match="4 words and marks, more than max_length=3"):
        measures.ended_share(cut, max_length=3)
    with pytest.raises(ValueError, match="max_length=0"):
        measures.ended_share(cut, max_length=0)


def sentences(n, seed, subjects=("film", "plot", "cast", "hero", "music")):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(subjects, 6)) for _ in range(n)]


def test_c2st_of_texts_tells_others_apart_and_not_the_same():
    real = sentences(60, 0)
    assert text_c2st(real, sentences(60, 1)) < 0.65
    assert text_c2st(real, sentences(60, 2, ("ship", "sea", "film", "plot"))) > 0.95
    assert text_c2st(real, ["the same film"] * 60) == 1
    again = (text_c2st(real, sentences(60, 1), random_state=3) for _ in range(2))
    assert len(set(again)) == 1


@pytest.mark.parametrize("repeats", [1, 3])
def test_c2st_of_copies_is_that_of_a_coin(repeats):
    """A copy is judged in one fold with its twin, so it gives nothing away."""
    real = sentences(20, 0) * repeats
    assert text_c2st(real, real[::-1]) == 0.5


def test_c2st_finds_one_text_that_is_copied_again_and_again():
    real = sentences(40, 0)
    assert text_c2st(real, real[:1] * 40) > 0.95


def test_c2st_says_what_it_cannot_tell():
    with pytest.raises(UndefinedMeasureError, match="no word stands in two texts"):
        text_c2st([[f"a{i}"] for i in range(9)], [[f"b{i}"] for i in range(9)])
    with pytest.raises(UndefinedMeasureError):
        text_c2st([""] * 9, [""] * 9)
    with pytest.raises(ValueError, match="synthetic has 3 texts, but n_folds=5"):
        text_c2st(sentences(9, 0), sentences(3, 1))


def test_one_text_and_a_list_of_it_are_the_same():
    for measure in (measures.distinct_n, measures.repeat_rate):
        assert measure(FILMS[0]) == measure(FILMS[:1]) == measure([split_words(FILMS[0])])


def test_bad_input_is_refused():
    for measure in (measures.distinct_n, measures.self_bleu, measures.ended_share):
        with pytest.raises(ValueError, match="there is no text"):
            measure([])
    with pytest.raises(ValueError, match="n=0"):
        measures.distinct_n(FILMS, 0)
    for wrong in (["a film", None], ["a film", float("nan")], [["a", 3]], [b"film"]):
        with pytest.raises(TypeError, match="must be a str or a list of str"):
            measures.distinct_n(wrong)
    with pytest.raises(ValueError, match="30 characters or more"):
        measures.copy_rate(["short"], FILMS, 30, "char")
    with pytest.raises(ValueError, match="level='line'"):
        measures.copy_rate(FILMS, FILMS, level="line")


def test_neighbours_in_a_pair_are_no_bigram_of_two_texts():
    lists = [["a", "b"], ["c"]]
    assert measures.copy_rate(lists, [["a", "b", "c"]], 2) == 1
    assert measures.copy_rate([["a", "b", "c"]], lists, 2) == 1 / 2


@given(st.lists(st.text(max_size=20), min_size=2, max_size=5))
def test_every_text_of_unicode_is_measured_or_refused(lists):
    """Lone surrogates, marks alone, white space alone."""
    assert 0 <= measures.self_bleu(lists) <= 1 + 1e-12
    assert 0 <= measures.ended_share(lists) <= 1
    assert (measures.sentence_lengths(lists) > 0).all()
    if any(map(split_words, lists)):
        rate, run = measures.copies(lists, lists, 1)
        assert rate == 1 and run.length == max(len(split_words(text)) for text in lists)
    else:
        with pytest.raises(ValueError, match="no text has 1 words or more"):
            measures.copies(lists, lists, 1)


def test_empty_tokens_are_no_words():
    assert measures.sentence_lengths([["", "a", "film", "."]]).tolist() == [2]


def test_jaccard_counts_different_words_of_the_closest_text():
    texts, training = ["a b c d.", "x y."], ["a b c e.", "A b.", "q r."]
    # {a b c d .} and {a b c e .} share 4 of 6; {x y .} shares only the stop, with {q r .}: 1 of 5.
    assert measures.jaccard_novelty(texts, training) == pytest.approx(1 - (4 / 6 + 1 / 5) / 2)
    assert measures.jaccard_novelty(["b a a."], training) == pytest.approx(0)
    # Each is closest to the other: 1 of 7.
    assert measures.jaccard_diversity(texts) == pytest.approx(1 - 1 / 7)
    assert measures.jaccard_diversity(["a b", "b a", "a b"]) == 0
    with pytest.raises(ValueError, match="at least two"):
        measures.jaccard_diversity(["a b"])


def test_jaccard_of_many_texts_is_that_of_sets():
    rng = np.random.default_rng(0)
    lists = [list(rng.choice(list("abcdefgh"), rng.integers(0, 6))) for _ in range(300)]
    sets = [set(words) for words in lists]

    def alike(one, other):
        return len(one & other) / len(one | other) if one | other else 1

    closest = [max(alike(a, b) for j, b in enumerate(sets) if i != j) for i, a in enumerate(sets)]
    assert measures.jaccard_diversity(lists) == pytest.approx(1 - np.mean(closest), abs=1e-6)
    known = [max(alike(a, b) for b in sets[:7]) for a in sets]
    assert measures.jaccard_novelty(lists, lists[:7]) == pytest.approx(1 - np.mean(known), abs=1e-6)


@pytest.mark.parametrize("make", [dict, pd.DataFrame])
def test_a_table_of_texts_is_refused(make):
    """Its names would be taken for the texts, and nothing would ever be copied."""
    texts = ["a good film with a bad end"] * 2
    table = make({"review": texts, "sentiment": [0, 1]})
    for measure in (measures.copy_rate, measures.longest_copied_run, measures.jaccard_novelty):
        with pytest.raises(TypeError, match="Give one of its columns"):
            measure(texts, table)
    assert measures.copy_rate(texts, table["review"], n=3) == 1


def test_similarities_are_computed_in_parts(monkeypatch):
    texts = [" ".join(w) for w in np.random.default_rng(0).choice(list("abcdefgh"), (40, 4))]
    expected = measures.jaccard_diversity(texts), measures.jaccard_novelty(texts[:9], texts[9:])
    monkeypatch.setattr(text_jaccard, "_SIMILARITIES", 100)
    assert (
        measures.jaccard_diversity(texts),
        measures.jaccard_novelty(texts[:9], texts[9:]),
    ) == expected
