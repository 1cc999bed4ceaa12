"""A language model of letters: training, measuring, writing, files, and interruptions."""

import copy

import keras
import numpy as np
import pytest
from killed import Stop, train_letters

from gan_utils.text import CharLanguageModel
from gan_utils.text.reading import PIECE, tf
from gan_utils.training import Backup

TEXT = "she sells sea shells by the sea shore. " * 40
TINY = {"units": 24, "embedding_dim": 8, "window": 16, "batch_size": 8, "learning_rate": 3e-2}


def model(**settings):
    return CharLanguageModel(**{**TINY, **settings})


def trained(**settings):
    return model(dropout=0.0).fit(TEXT, epochs=4, steps_per_epoch=40, verbose=0, **settings)


@pytest.fixture(scope="module")
def shells():
    return trained()


def test_training_learns_what_is_regular(shells):
    assert list(shells.history_) == ["bits", "seconds", "held_out_bits"]
    assert shells.history_.index.tolist() == [1, 2, 3, 4]
    bits = shells.history_["held_out_bits"]
    assert bits.iloc[-1] < 0.5 * bits.iloc[0]
    assert shells.bits_per_token(TEXT[-156:]) == pytest.approx(bits.min(), rel=1e-5)


def test_bits_are_those_of_the_logits_in_one_go(shells):
    text = TEXT[: 2 * PIECE + 40]
    numbers = shells.vocabulary_.encode(list(text))
    logits, _ = shells.network_(tf.constant(numbers[None, :-1]))
    nats = tf.nn.sparse_softmax_cross_entropy_with_logits(numbers[None, 1:], logits)[0]
    bits = shells.token_bits(text)
    assert bits.shape == (len(text) - 1,)
    np.testing.assert_allclose(bits[:PIECE], nats[:PIECE] / np.log(2), atol=1e-3)
    # Later pieces begin 128 letters early, not at the start: nearly the same.
    np.testing.assert_allclose(bits.mean(), nats.numpy().mean() / np.log(2), atol=0.02)


def test_the_same_seed_gives_the_same_model_and_text(shells):
    again = trained()
    assert again.generate("she", 80, random_state=1) == shells.generate("she", 80, random_state=1)
    assert shells.generate("she", 80, random_state=2) != shells.generate("she", 80, random_state=1)
    np.testing.assert_array_equal(again.history_["bits"], shells.history_["bits"])


def test_a_prompt_is_continued(shells):
    text = shells.generate("She sells sea ", 25, temperature=0, random_state=0)
    assert text == "She sells sea shells by the sea shore. "[: len(text)]
    assert len(text) == len("She sells sea ") + 25


def test_several_samples_differ(shells):
    texts = shells.generate("s", 40, temperature=1.5, random_state=0, n_samples=3)
    assert len(set(texts)) == 3
    assert all(text.startswith("s") and len(text) == 41 for text in texts)


def test_what_is_streamed_is_what_is_returned(shells, capsys):
    text = shells.generate("by the ", 50, random_state=0, stream=True)
    assert capsys.readouterr().out == text + "\n"
    assert text == shells.generate("by the ", 50, random_state=0)


def test_limits_reach_the_draws(shells):
    coldest = shells.generate("sea ", 30, temperature=0)
    assert shells.generate("sea ", 30, top_k=1, random_state=5) == coldest
    assert shells.generate("sea ", 30, top_p=1e-6, random_state=5) == coldest


def test_a_saved_model_is_the_same(shells, tmp_path):
    shells.save(tmp_path / "shells.zip")
    loaded = CharLanguageModel.load(tmp_path / "shells.zip")
    assert loaded.settings() == shells.settings()
    assert loaded.symbols_ == shells.symbols_
    assert loaded.generate("she", 60, random_state=1) == shells.generate("she", 60, random_state=1)
    assert loaded.history_.equals(shells.history_)
    assert [file.name for file in tmp_path.iterdir()] == ["shells.zip"]


@pytest.mark.parametrize("damage", ["cut", "other", "no zip"])
def test_a_damaged_file_is_named(shells, tmp_path, damage):
    file = tmp_path / "shells.zip"
    shells.save(file)
    content = file.read_bytes()
    if damage == "other":
        content = content.replace(b"gan_utils CharLanguageModel", b"gan_utils SomethingElse....")
    file.write_bytes(b"hello" if damage == "no zip" else content[: len(content) // 2 :])
    with pytest.raises(ValueError, match=r"shells\.zip is damaged"):
        CharLanguageModel.load(file)


@pytest.mark.slow
def test_training_stops_when_held_out_text_gets_no_better():
    rng = np.random.default_rng(0)
    noise = "".join(rng.choice(list("abcdefgh"), 600))
    fitted = model(dropout=0.0).fit(noise, epochs=40, steps_per_epoch=10, patience=2, verbose=0)
    bits = fitted.history_["held_out_bits"]
    assert len(bits) < 40
    assert bits.idxmin() == len(bits) - 2
    assert fitted.bits_per_token(noise[540:]) == pytest.approx(bits.min(), rel=1e-4)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: m.generate("She sells €"), "'€'"),
        (lambda m: m.generate("sée"), "Nearest that it knows: 'e'"),
        (lambda m: m.generate(length=0), "length=0"),
        (lambda m: m.generate(n_samples=0), "n_samples=0"),
        (lambda m: m.generate(n_samples=2, stream=True), "single text"),
        (lambda m: m.generate(temperature=-1), "temperature=-1"),
        (lambda m: m.generate("sea \ud83d"), r"the prompt holds '\\ud83d' at character 5"),
        (lambda m: m.generate(random_state=-1), "random_state=-1"),
        (lambda m: m.generate(random_state=2**63), "random_state="),
        (lambda m: m.generate(temperature="hot"), "temperature='hot'"),
        (lambda m: m.bits_per_token("s"), "at least 2"),
        (lambda m: m.bits_per_token("quay"), "'q'"),
        (lambda m: model().fit(""), "empty"),
        (lambda m: model().fit("a" * 12), "window=16"),
        (lambda m: model().fit(TEXT, held_out="Z?"), "held_out holds 'z'"),
        (lambda m: model().fit(TEXT, held_out="s"), "the held-out text has 1 letter;"),
        (
            lambda m: model().fit("ab" * 12, validation_split=0.05),
            "the held-out text has 1 letter;",
        ),
        (lambda m: model().fit(TEXT, held_out=" "), "held_out is empty"),
        (lambda m: model().fit(" \n "), "only white space"),
        (lambda m: model().fit([]), "no text"),
        (lambda m: model().fit(TEXT + "\udc00"), r"'\\udc00' at character 1561"),
        (lambda m: model().fit("a"), "1 letters are too few to hold some out"),
        (lambda m: model().fit(TEXT, validation_split=0), "validation_split=0"),
        (lambda m: model().fit(TEXT, validation_split="some"), "validation_split='some'"),
        (lambda m: model().fit(TEXT, patience=0), "patience=0"),
        (lambda m: model().fit(TEXT, steps_per_epoch=0), "steps_per_epoch=0"),
        (lambda m: model().fit(TEXT, epochs=0), "epochs=0"),
        (lambda m: model(cell="rmm").fit(TEXT), "cell='rmm'"),
        (lambda m: model(units=0).fit(TEXT), "units=0"),
        (lambda m: model(dropout=1.0).fit(TEXT), r"dropout=1\.0"),
        (lambda m: model(learning_rate=0).fit(TEXT), "learning_rate=0"),
        (lambda m: model(learning_rate=np.inf).fit(TEXT), "learning_rate=inf"),
        (lambda m: model(dropout=None).fit(TEXT), "dropout=None"),
    ],
)
def test_bad_input_is_named(shells, call, words):
    with pytest.raises(ValueError, match=words):
        call(shells)


def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError, match="float at place 1"):
        model().fit(["a text", 3.5])


@pytest.mark.parametrize("prompt", [None, 3, b"she", ["she"]])
def test_a_prompt_that_is_no_text_is_refused(shells, prompt):
    with pytest.raises(TypeError, match=r"the prompt is .* must be a str"):
        shells.generate(prompt)


def test_by_default_a_letter_may_occur_in_the_last_tenth_alone():
    chinese = "".join(map(chr, range(0x4E00, 0x4E00 + 300)))  # no character twice
    texts, fitted = [], model()
    look = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: texts.append(fitted.generate("一", 5, random_state=0))
    )
    fitted.fit(chinese, epochs=1, steps_per_epoch=2, callbacks=[look], verbose=0)
    assert set(fitted.symbols_) == set(chinese)
    bits = fitted.token_bits(chinese[270:])
    assert np.isfinite(bits).all()
    assert bits.mean() > np.log2(300)  # it was never learnt, so it costs more than a guess
    assert fitted.history_["held_out_bits"].tolist() == pytest.approx([bits.mean()], rel=1e-4)
    assert [len(text) for text in texts] == [6]  # it may write while it is trained


def test_a_fit_that_fails_leaves_the_model_as_it_was(shells):
    again, before = copy.copy(shells), dict(vars(shells))
    with pytest.raises(KeyboardInterrupt):
        again.fit("abc " * 90, callbacks=[Stop(0)], verbose=0)
    with pytest.raises(ValueError, match="held_out holds 'z'"):
        again.fit("abc " * 90, held_out="zz", verbose=0)
    assert vars(again).keys() == before.keys()
    assert all(vars(again)[name] is before[name] for name in before)


def test_a_first_fit_that_is_interrupted_leaves_the_model_unfitted():
    fresh = model()
    with pytest.raises(KeyboardInterrupt):
        fresh.fit(TEXT, callbacks=[Stop(0)], verbose=0)
    assert vars(fresh) == vars(model())
    with pytest.raises(RuntimeError, match="not fitted yet"):
        fresh.generate()


def test_perplexity_is_two_to_the_bits(shells):
    assert shells.perplexity(TEXT[:50]) == pytest.approx(2 ** shells.bits_per_token(TEXT[:50]))


def test_an_unfitted_model_says_so():
    with pytest.raises(RuntimeError, match="fit"):
        model().generate()


def test_an_interrupted_training_goes_on_and_ends_as_if_never_stopped(tmp_path):
    """That it does so in another process too is tested beside the killed trainings of images."""
    file = tmp_path / "state.zip"
    with pytest.raises(KeyboardInterrupt):
        train_letters(Backup(file, seconds=0), [Stop(2, 1)])
    assert file.exists()
    found = train_letters(file)
    assert not file.exists()
    whole = train_letters()
    for one, other in zip(found.network_.weights, whole.network_.weights, strict=True):
        np.testing.assert_array_equal(one, other)
    assert found.history_["seconds"].is_monotonic_increasing
    columns = ["bits", "held_out_bits"]
    np.testing.assert_allclose(found.history_[columns], whole.history_[columns], rtol=1e-6)


@pytest.mark.parametrize("callbacks", [None, keras.callbacks.TerminateOnNaN()])
def test_callbacks_are_given_as_to_keras(callbacks):
    assert len(train_letters(callbacks=callbacks).history_)


def test_a_backup_of_another_training_is_refused(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        train_letters(Backup(tmp_path / "state.zip", seconds=0), [Stop(2, 1)])
    with pytest.raises(ValueError, match="another training"):
        model().fit(TEXT, epochs=9, backup=tmp_path / "state.zip", verbose=0)


def test_numpy_integers_are_settings_like_others():
    written = []
    for kind in (int, np.int64):
        counts = {name: kind(8) for name in ("units", "embedding_dim", "window", "batch_size")}
        fitted = model(**counts, n_layers=kind(1), random_state=kind(2))
        fitted.fit(TEXT, epochs=kind(1), steps_per_epoch=kind(2), patience=kind(1), verbose=0)
        asked = {"length": kind(5), "n_samples": kind(2), "top_k": kind(3)}
        written.append(fitted.generate(random_state=kind(0), **asked))
    assert written[0] == written[1]


def test_a_seed_that_no_step_can_use_is_named():
    with pytest.raises(ValueError, match=f"random_state={2**62} must be below"):
        model(random_state=2**62).fit(TEXT, verbose=0)
