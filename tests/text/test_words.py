"""A language model of words: labels, guidance, ends, prompts, bits, files, and kills."""

import copy
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import Stop

from gan_utils.text import WordLanguageModel, models
from gan_utils.text.labels import mixture_bits
from gan_utils.text.tokens import SENTENCE_ENDS, join_words, split_words
from gan_utils.text.trainer import sampled_loss, tf
from gan_utils.text.word_writer import finished
from gan_utils.text.words import END, UNKNOWN, Backup

GOOD = ["I liked this film. It was great fun!", "A great film; I did n't sleep.", "Great fun."]
BAD = ["I hated this film. It was a bore!", "A dull film; I did n't stay.", "What a bore."]
TEXTS, LABELS = (GOOD + BAD) * 20, (["good"] * 3 + ["bad"] * 3) * 20
TINY = {"units": 24, "embedding_dim": 8, "label_dim": 3, "window": 12, "batch_size": 8}
TINY |= {"learning_rate": 3e-2, "n_words": 60, "candidates": 16, "pretrained": False}


def model(**changed):
    return WordLanguageModel(**{**TINY, **changed})


def trained(labels=LABELS, **extras):
    fixed = {"epochs": 2, "steps_per_epoch": 60, "verbose": 0}
    return model(dropout=0.1).fit(TEXTS, labels, **fixed, **extras)


@pytest.fixture(scope="module")
def critic():
    return trained()


def test_training_learns_and_counts_the_perplexity(critic):
    assert list(critic.history_) == ["bits", "seconds", "held_out_bits", "perplexity"]
    np.testing.assert_array_equal(
        critic.history_["perplexity"], 2 ** critic.history_["held_out_bits"]
    )
    assert critic.history_["perplexity"].iloc[-1] < 2.5
    held = slice(108, None)
    assert critic.perplexity(TEXTS[held], LABELS[held]) == pytest.approx(
        critic.history_["perplexity"].min(), rel=1e-4
    )


@pytest.mark.slow
def test_a_long_training_is_compiled_by_xla_and_learns_the_same(monkeypatch):
    def bits():
        fixed = {"epochs": 1, "steps_per_epoch": 10, "verbose": 0}
        return model().fit(TEXTS, LABELS, **fixed).token_bits(GOOD, ["good"] * 3)

    plain = bits()
    monkeypatch.setattr(models, "WORTH_XLA", 10)
    np.testing.assert_allclose(bits(), plain, rtol=1e-3)


def test_words_come_by_their_frequency(critic):
    assert critic.vocabulary_.tokens[:2] == [UNKNOWN, END]
    assert critic.words_[0] == "."
    assert critic.labels_ == ["bad", "good"]
    assert "n't" in critic.words_


def test_the_label_is_heard(critic):
    told, lied = critic.perplexity(GOOD, ["good"] * 3), critic.perplexity(GOOD, ["bad"] * 3)
    assert told < 0.7 * lied
    texts = critic.generate(label="good", n_samples=20, length=30, random_state=0, guidance=2.0)
    found = [{"liked", "great", "fun", "sleep"} & set(split_words(text)) for text in texts]
    assert np.mean([bool(words) for words in found]) > 0.9


def test_each_sample_may_have_its_own_label(critic):
    both = critic.generate(label=["bad", "good"], n_samples=2, length=20, temperature=0)
    alone = [critic.generate(label=x, length=20, temperature=0) for x in ("bad", "good")]
    assert both == alone
    assert both[0] != both[1]


def test_a_text_stops_at_its_end(critic):
    texts = critic.generate(label="good", n_samples=10, length=60, random_state=0)
    lengths = [len(split_words(text)) for text in texts]
    assert max(lengths) < 60
    assert min(lengths) >= 1
    assert not any("[" in text or "UNK" in text for text in texts)


def test_a_text_of_a_target_length_ends_with_the_first_sentence_from_there_on(critic):
    targets = [1, 5, 12, 20]
    request = {"label": "good", "random_state": 0, "length": 40}
    texts = critic.generate(n_samples=4, target_length=targets, **request)
    for text, target in zip(texts, targets, strict=True):
        words = split_words(text)
        ends = [place for place, word in enumerate(words, 1) if word in SENTENCE_ENDS]
        assert len(words) == next(place for place in ends if place >= target)
    short = critic.generate(n_samples=4, target_length=99, **request)
    assert all(len(split_words(text)) == 40 for text in short)  # cut at `length`, without an end
    begin = "I liked this film. It was great"
    assert len(split_words(critic.generate(begin, target_length=2, **request))) > 8


@given(st.lists(st.sampled_from(["a", ".", "!", "b"]), max_size=12), st.integers(1, 12))
def test_a_finished_text_is_the_shortest_that_ends_a_sentence(words, target):
    kept = finished(words, target)
    assert kept == words[: len(kept)]
    if len(kept) < len(words):
        assert kept[-1] in SENTENCE_ENDS
        assert len(kept) >= target
    assert not set(kept[target - 1 : -1]) & SENTENCE_ENDS


def test_a_prompt_is_continued(critic):
    text = critic.generate("I liked", label="good", length=10, temperature=0)
    assert text.startswith("I liked this film")
    assert len(split_words(text)) <= 12


def test_no_run_of_words_is_written_twice(critic):
    for length in (30, 35, 40):  # each length is a new shape for the compiled loop
        settings = {"length": length, "temperature": 1.5, "no_repeat": 2, "random_state": 0}
        for text in critic.generate(label="bad", n_samples=5, **settings):
            words = split_words(text)
            pairs = list(pairwise(words))
            assert len(set(pairs)) == len(pairs)


def test_guidance_moves_the_logarithms_along_their_difference(critic):
    numbers = critic.vocabulary_.encode([END, "i"])[None]
    logs = []
    for place in (0, 1):
        labels = np.full_like(numbers, place)
        logits, _ = critic.network_(tf.constant(numbers), tf.constant(labels))
        logs.append(tf.nn.log_softmax(logits)[0, -1].numpy())
    pressed = logs[1] + 3.0 * (logs[1] - logs[0])
    pressed[: len([UNKNOWN])] = -np.inf
    expected = critic.vocabulary_.decode([pressed.argmax()])
    got = critic.generate("I", label="good", length=1, temperature=0, guidance=3.0)
    assert split_words(got)[1:] == [word for word in expected if word != END]


def test_streaming_prints_what_is_returned(critic, capsys):
    for seed in range(3):
        text = critic.generate(label="good", length=40, random_state=seed, stream=True)
        assert capsys.readouterr().out == text + "\n"
        assert text == critic.generate(label="good", length=40, random_state=seed)
    request = {"label": "good", "length": 40, "random_state": 0, "target_length": 10}
    assert critic.generate(**request, stream=True) == critic.generate(**request)


@given(st.lists(st.sampled_from(['"', "it", "'s", "(", ")", ".", "i", "n't", "did", ","])))
@settings(max_examples=200, deadline=None)
def test_more_words_only_add_to_what_was_shown(tokens):
    assert join_words(tokens).startswith(join_words(tokens[:-1]))


def test_the_same_seed_gives_the_same_texts(critic):
    request = {"label": "bad", "n_samples": 4, "guidance": 1.0}
    texts = critic.generate(**request, random_state=3)
    assert texts == critic.generate(**request, random_state=3)
    assert texts != critic.generate(**request, random_state=4)


def test_without_labels_told_the_bits_are_those_of_the_mixture(critic):
    text = "I liked this film."
    each = [-critic.token_bits(text, label).sum() for label in critic.labels_]
    expected = -np.log2(np.mean(np.exp2(each)))
    assert critic.token_bits(text).sum() == pytest.approx(expected, rel=1e-5)
    assert critic.token_bits([text, "Great fun."]).shape == (6 + 4,)


@given(st.lists(st.floats(0.1, 20), min_size=1, max_size=8))
def test_a_mixture_of_equals_is_the_same(bits):
    np.testing.assert_allclose(mixture_bits(np.array([bits, bits])), bits, atol=1e-9)


def test_label_0_is_a_label_as_any_other(critic):
    numbered = copy.copy(critic)
    numbered.labels_ = [0, 1]
    text = GOOD[0]
    told = numbered.bits_per_token(text, labels=0)
    assert told == critic.bits_per_token(text, labels="bad")
    assert told != pytest.approx(critic.bits_per_token(text))
    assert told == numbered.bits_per_token([text], labels=[0])
    assert told == numbered.bits_per_token(text, labels=[0])
    assert told == numbered.bits_per_token(text, labels=np.int64(0))
    assert np.log2(numbered.perplexity(text, labels=0)) == pytest.approx(told)


def test_texts_sorted_by_label_can_be_learnt_by_default():
    texts, labels = GOOD * 40 + BAD * 2, ["good"] * 120 + ["bad"] * 6
    sorted_ones = model().fit(texts, labels, epochs=1, steps_per_epoch=1, verbose=0)
    assert sorted_ones.labels_ == ["bad", "good"]
    assert "held_out_bits" in sorted_ones.history_


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        (["good", None] * 60, ValueError, "label at place 1 is missing"),
        ([1.0, np.nan] * 60, ValueError, "label at place 1 is missing"),
        ([1.0, np.inf] * 60, ValueError, "label at place 1 is inf"),
        (["good", 1] * 60, TypeError, "some labels are text and some are numbers"),
        ([["good"]] * 120, TypeError, "label at place 0"),
        (None, TypeError, "float at place 1"),
    ],
)
def test_labels_that_are_none_are_named_before_any_training(labels, error, words):
    texts = TEXTS if labels is not None else ["a text", np.nan]
    with pytest.raises(error, match=words):
        model().fit(texts, labels)


@pytest.mark.parametrize("prompt", [None, 3, ["I"]])
def test_a_prompt_that_is_no_text_is_refused(critic, prompt):
    with pytest.raises(TypeError, match=r"the prompt is .* must be a str"):
        critic.generate(prompt, label="good")


def test_at_the_highest_temperature_a_text_still_has_a_word(critic):
    texts = critic.generate(label="good", length=3, temperature=1e6, n_samples=40, random_state=0)
    assert all(split_words(text) for text in texts)
    assert not any("UNK" in text for text in texts)


def test_a_fit_that_is_interrupted_leaves_the_model_as_it_was(critic):
    again, before = copy.copy(critic), dict(vars(critic))
    with pytest.raises(KeyboardInterrupt):
        again.fit(GOOD * 20, ["a", "b", "a"] * 20, callbacks=[Stop(0)], verbose=0)
    assert vars(again).keys() == before.keys()
    assert all(vars(again)[name] is before[name] for name in before)
    fresh = model()
    with pytest.raises(ValueError, match="all labels are 'a'"):
        fresh.fit(GOOD * 20, ["a"] * 60)
    assert vars(fresh) == vars(model())


def test_a_model_needs_no_labels():
    plain = trained(labels=None)
    assert plain.labels_ == []
    assert plain.generate("This film", length=5, random_state=0).startswith("This film")
    assert plain.perplexity("I liked this film.") > 1
    with pytest.raises(ValueError, match="without labels"):
        plain.generate(guidance=1.0)
    with pytest.raises(ValueError, match="none: fit with labels first"):
        plain.generate(label="good")


def test_the_loss_with_candidates_estimates_that_with_all_words(critic):
    network = critic.network_
    rng = np.random.default_rng(0)
    hidden = tf.constant(rng.normal(size=(4, 8, TINY["embedding_dim"])), tf.float32)
    targets = tf.constant(rng.integers(0, network.n_tokens, (4, 8)), tf.int32)
    logits = network.logits(hidden)
    whole = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits))
    seeds = tf.constant([[0, i] for i in range(50)], tf.int64)
    many = [float(sampled_loss(network, hidden, targets, 24, seed)) for seed in seeds]
    assert np.mean(many) == pytest.approx(float(whole), rel=0.05)


def test_a_saved_model_is_the_same(critic, tmp_path):
    critic.save(tmp_path / "critic.zip")
    loaded = WordLanguageModel.load(tmp_path / "critic.zip")
    assert loaded.settings() == critic.settings()
    assert (loaded.labels_, loaded.words_) == (critic.labels_, critic.words_)
    request = {"label": "good", "n_samples": 3, "guidance": 1.0, "random_state": 1}
    assert loaded.generate(**request) == critic.generate(**request)
    assert loaded.perplexity(TEXTS[:3], LABELS[:3]) == critic.perplexity(TEXTS[:3], LABELS[:3])


def test_the_same_seed_gives_the_same_model_even_after_an_interruption(critic, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        trained(backup=Backup(tmp_path / "state.zip", seconds=0), callbacks=[Stop(1)])
    resumed = trained(backup=tmp_path / "state.zip")
    for one, other in zip(resumed.network_.weights, critic.network_.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    assert resumed.history_["bits"].tolist() == critic.history_["bits"].tolist()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: m.generate("I lked", label="good"), r"'lked' \(token 2\).*'liked'"),
        (lambda m: m.generate(), "label is missing. Ask for one of 'bad', 'good'"),
        (lambda m: m.generate(label="fair"), "label='fair' is unknown"),
        (lambda m: m.generate(label=["bad"], n_samples=2), "1 entries for 2"),
        (lambda m: m.generate(label="bad", guidance=-1), "guidance=-1"),
        (lambda m: m.generate(label="bad", n_samples=2, stream=True), "single text"),
        (lambda m: m.generate(label="bad", length=0), "length=0"),
        (lambda m: m.generate(label="bad", target_length=0), "target_length=0"),
        (lambda m: m.generate(label="bad", target_length=[3, 4]), "2 entries for 1 texts"),
        (lambda m: m.perplexity(["a film"], ["fair"]), "label='fair'"),
        (lambda m: m.perplexity(["a film"], ["bad", "good"]), "2 labels for 1 texts"),
        (lambda m: model().fit([""]), "empty"),
        (lambda m: model().fit(TEXTS, ["good"] * 120), "all labels are 'good'"),
        (lambda m: model().fit(TEXTS, LABELS[:3]), "3 labels for 120 texts"),
        (lambda m: model().fit(["a film"], held_out=False), "window=12"),
        (lambda m: model().fit(["a film"]), "too few to hold some out"),
        (lambda m: model().fit(TEXTS, LABELS, held_out=(GOOD, None)), "or neither"),
        (lambda m: model().fit(TEXTS, LABELS, held_out=GOOD), "a tuple"),
        (lambda m: model(candidates=1).fit(TEXTS), "candidates=1"),
        (lambda m: model(n_words=0).fit(TEXTS), "n_words=0"),
    ],
)
def test_bad_input_is_named(critic, call, words):
    with pytest.raises(ValueError, match=words):
        call(critic)


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="float at place 1"):
        model().fit(["a text", 3.5])


def test_numpy_integers_are_settings_like_others():
    written = []
    for kind in (int, np.int64):
        counts = ("units", "embedding_dim", "label_dim", "window", "n_words", "candidates")
        fitted = model(**{name: kind(TINY[name]) for name in counts})
        fitted.fit(TEXTS, LABELS, epochs=kind(1), steps_per_epoch=kind(2), verbose=0)
        asked = {"length": kind(6), "no_repeat": kind(2), "target_length": kind(3)}
        written.append(fitted.generate(label="bad", random_state=0, **asked))
    assert written[0] == written[1]


def test_a_fitted_model_is_saved_and_not_pickled(critic):
    with pytest.raises(TypeError, match=r"a fitted WordLanguageModel cannot .* save\(path\)"):
        copy.deepcopy(critic)
