"""The baseline that counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from gan_utils.text import NgramModel

TEXT = "the cat sat on the mat. the dog sat on the log. " * 3


def test_probabilities_are_those_of_the_formula():
    # "aab": after a come one a and one b; of 3 tokens 2 are a. Two tokens known, one for unknown.
    model = NgramModel(order=2).fit("aab")
    order_1 = {t: (c + 2 / 3) / (3 + 2) for t, c in {"a": 2, "b": 1, "?": 0}.items()}
    order_2 = [(1 + 2 * order_1["a"]) / 4, (1 + 2 * order_1["b"]) / 4, 2 * order_1["?"] / 4]
    np.testing.assert_allclose(model.probabilities("a"), order_2)
    assert model.bits_per_token("aa") == pytest.approx(-np.log2(order_2[0]))


def levels(model):
    """List, by length, each history with its counts."""
    names, found = [()], []
    for followers in model._followers:
        found.append((followers, names))
        history, token = np.divmod(followers.keys, followers.width)
        names = [(*names[h], int(t)) for h, t in zip(history, token, strict=True)]
    return found


def followers_of(level):
    followers, names = level
    of = (followers.of(number) for number in range(len(names)))
    found = {n: dict(zip(*map(list, pair), strict=True)) for n, pair in zip(names, of, strict=True)}
    return {name: counts for name, counts in found.items() if counts}


@pytest.mark.parametrize("level", ["char", "word"])
def test_counts_are_those_of_scikit_learn(level):
    """What followed each history: its longer n-grams, sorted by all but their last token."""
    order, model = 4, NgramModel(4, level=level).fit(TEXT)
    pattern = {"token_pattern": r"\w+|[^\w\s]"} if level == "word" else {}
    counter = CountVectorizer(analyzer=level, ngram_range=(1, order), **pattern)
    counts = np.asarray(counter.fit_transform([TEXT]).sum(axis=0))[0]
    split = list if level == "char" else str.split
    expected = [{} for _ in range(order)]
    for ngram, n in zip(counter.get_feature_names_out(), counts.tolist(), strict=True):
        *history, last = (model.tokens_.index(token) for token in split(ngram))
        expected[len(history)].setdefault(tuple(history), {})[last] = n
    assert [followers_of(level) for level in levels(model)] == expected


def test_a_uniform_text_costs_the_logarithm_of_its_letters():
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("abcdefgh"), 20_000))
    assert NgramModel(1).fit(text).bits_per_token(text) == pytest.approx(3, abs=0.01)


@given(st.text(alphabet="abc ", min_size=2, max_size=40), st.text(alphabet="abcx ", max_size=8))
def test_probabilities_add_up_to_one(text, prompt):
    for order in (1, 2, 4):
        assert NgramModel(order).fit(text).probabilities(prompt).sum() == pytest.approx(1)


@given(st.text(alphabet="abcx", min_size=2, max_size=20))
def test_bits_are_the_logarithms_of_the_probabilities(text):
    model = NgramModel(3).fit("abcabcaab")
    known = [*model.tokens_, "x"]
    for place, bits in enumerate(model.token_bits(text), 1):
        p = model.probabilities(text[:place])[known.index(text[place])]
        assert bits == pytest.approx(-np.log2(p))


def test_a_longer_history_predicts_a_regular_text_better():
    bits = [NgramModel(order).fit(TEXT).bits_per_token(TEXT) for order in (1, 2, 3, 5)]
    assert bits == sorted(bits, reverse=True)


def test_words_are_written_as_readable_text():
    model = NgramModel(3, level="word").fit([TEXT, "A cat didn't sit."])
    text = model.generate("The cat", 30, random_state=0)
    assert text.startswith("The cat")
    assert text == model.generate("The cat", 30, random_state=0)
    assert "did n't" not in text


@pytest.mark.parametrize("temperature", [1e-3, 1e-300, 5e-324])
def test_a_temperature_near_0_takes_the_most_probable_token(temperature):
    model = NgramModel(3).fit(TEXT)
    text = model.generate("th", 30, temperature, random_state=0)
    for place in range(2, len(text)):
        p = dict(zip(model.tokens_, model.probabilities(text[:place]), strict=False))
        assert p[text[place]] == max(p.values())


@given(st.floats(1e-3, 1e3), st.integers(0, 20))
def test_any_temperature_writes(temperature, seed):
    assert len(NgramModel(3).fit("abcabcaab").generate("a", 3, temperature, seed)) == 4


def test_a_text_shorter_than_the_order_is_enough():
    model = NgramModel(5).fit("a")
    assert model.bits_per_token("aaa") < model.bits_per_token("axx")
    assert model.generate("a", 3, random_state=0) == "aaaa"


def test_rare_words_count_as_one():
    model = NgramModel(2, level="word", most=4).fit(TEXT)
    assert len(model.tokens_) == 4
    assert model.bits_per_token("the zebra") == model.bits_per_token("the quagga")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: NgramModel(0), "order=0"),
        (lambda: NgramModel(2, level="line"), "level='line'"),
        (lambda: NgramModel(2).fit(""), "empty"),
        (lambda: NgramModel(2).fit(TEXT).bits_per_token("a"), "at least 2"),
        (lambda: NgramModel(2).fit(TEXT).generate(temperature=0), "temperature=0"),
        (lambda: NgramModel(2).fit(TEXT).generate(temperature="hot"), "temperature='hot'"),
        (lambda: NgramModel(2).fit(TEXT).generate(length=0), "length=0"),
        (lambda: NgramModel(2, level="word").fit(["", " "]), "empty"),
        (lambda: NgramModel(2).fit([]), "no text"),
        (lambda: NgramModel(2).fit("a\ud800"), r"'\\ud800' at character 2"),
    ],
)
def test_bad_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_an_unfitted_model_says_so():
    with pytest.raises(RuntimeError, match="fit"):
        NgramModel(2).bits_per_token("ab")


@pytest.mark.parametrize("text", [None, 3, b"ab", {"text": "ab"}, ["a", None]])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(TypeError, match="str"):
        NgramModel(2).fit(text)
    with pytest.raises(TypeError, match="the prompt"):
        NgramModel(2).fit(TEXT).generate(text)
