"""The course's diffusion model of images: training repeats itself."""

import numpy as np
import pytest

from gan_utils.generative import FlowModel, build_diffusion

RNG = np.random.default_rng(0)
IMAGES, LABELS = RNG.random((40, 8, 8, 1)).astype("float32"), np.arange(40) % 4
SMALL = {"image_size": 8, "n_classes": 4}


def train(model, **settings):
    steps = {"batch_size": 8, "epochs": 6, "steps_per_epoch": 2, "verbose": 0}
    return model.fit(IMAGES, LABELS, **{**steps, **settings})


def test_the_same_seed_gives_the_same_images():
    made = []
    for _ in range(2):
        model = build_diffusion(12, random_state=3, **SMALL)
        train(model)
        made.append(model.sample(3, random_state=0, labels=1, guidance=0.1))
    np.testing.assert_array_equal(*made)
    assert made[0].shape == (3, 8, 8, 1)
    assert 0 <= made[0].min() <= made[0].max() <= 1


def test_another_seed_begins_with_other_weights():
    one, other = (build_diffusion(12, random_state=seed, **SMALL) for seed in (3, 4))
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    assert any(np.abs(a - b).max() > 0 for a, b in pairs)


def test_colour_and_other_sizes_train():
    model = build_diffusion(2, image_size=12, channels=3)
    model.fit(RNG.random((16, 12, 12, 3)), batch_size=8, epochs=1, steps_per_epoch=2, verbose=0)
    assert isinstance(model, FlowModel)
    assert model.sample(2, random_state=0).shape == (2, 12, 12, 3)


def test_large_ones_average_over_a_part_of_a_short_training():
    kept = {}
    for size, n_steps in ((28, 50), (64, 50), (64, 100_000)):
        model = build_diffusion(n_steps, image_size=size, channels=3)
        kept[size, n_steps] = model.optimizer.ema_momentum
    assert kept == {(28, 50): 0.998, (64, 50): 0.8, (64, 100_000): 0.998}


@pytest.mark.parametrize("wrong", [{"n_steps": 0}, {"image_size": 9}, {"channels": 1.5}])
def test_wrong_settings_are_named(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        build_diffusion(**wrong)


def test_numpy_integers_are_settings_like_others():
    model = build_diffusion(np.int64(2), **{name: np.int64(n) for name, n in SMALL.items()})
    asked = {"random_state": 0, "labels": 1}
    np.testing.assert_array_equal(
        model.sample(np.int64(1), steps=np.int64(2), **asked), model.sample(1, steps=2, **asked)
    )


def test_a_wrong_seed_is_named():
    with pytest.raises(ValueError, match="random_state=None"):
        build_diffusion(2, random_state=None)
