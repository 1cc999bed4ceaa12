"""The classic way learns, and its bits are what its probabilities say."""

import numpy as np
import pytest

from gan_utils.text.classic import ClassicCharModel

TEXT = "she sells sea shells by the sea shore. " * 12


@pytest.fixture(scope="module")
def fitted():
    model = ClassicCharModel(window=8, units=24, batch_size=64, learning_rate=1e-3)
    return model.fit(TEXT, TEXT[-100:], seconds=0.1)


def test_it_learns_and_keeps_time(fitted):
    history = fitted.history_
    assert list(history) == ["seconds", "held_out_bits"]
    assert history["seconds"].iloc[-1] >= 0.1
    assert history["held_out_bits"].iloc[-1] < np.log2(len(fitted.vocabulary_.tokens))
    assert fitted.epoch_seconds_ > 0


def test_bits_are_the_mean_surprise_at_every_place(fitted):
    text, ones = TEXT[:12], np.eye(len(fitted.vocabulary_))
    numbers = fitted.vocabulary_.encode(list(text))
    surprises = []
    for place in range(8, 12):
        shares = np.asarray(fitted.network_(ones[numbers[place - 8 : place]][None]))[0]
        surprises.append(-np.log2(shares[numbers[place]]))
    assert fitted.bits_per_token(text) == pytest.approx(np.mean(surprises), rel=1e-4)


def test_the_same_seed_writes_the_same_text(fitted):
    one, same, other = (fitted.generate(TEXT[:8], 6, random_state=s) for s in (1, 1, 2))
    assert one == same
    assert len(one) == 14
    assert one.startswith(TEXT[:8])
    assert len(other) == 14


def test_errors_say_the_way_out(fitted):
    with pytest.raises(ValueError, match="the prompt has 3 letters, but 8 are read"):
        fitted.generate("she", 2)
    with pytest.raises(ValueError, match="the text has 5 letters"):
        fitted.bits_per_token("she s")
    with pytest.raises(ValueError, match="temperature=0"):
        fitted.generate(TEXT[:8], 2, temperature=0)
    with pytest.raises(ValueError, match="held_out holds 'z'"):
        ClassicCharModel(window=2).fit(TEXT, "zzz", seconds=1)
    with pytest.raises(ValueError, match="seconds=0"):
        ClassicCharModel(window=2).fit(TEXT, TEXT, seconds=0)
    with pytest.raises(TypeError, match="the prompt is None"):
        fitted.generate(None, 2)


def test_a_temperature_near_0_takes_the_most_probable_letter(fitted):
    texts = {fitted.generate(TEXT[:8], 3, 1e-3, random_state=seed) for seed in range(3)}
    assert len(texts) == 1
