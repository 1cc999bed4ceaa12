"""The conditional and the Wasserstein GAN, and GANs of images: what they add to the plain one."""

import keras
import numpy as np
import pytest
from keras import layers
from small_gans import (
    CLASSES,
    IMAGES,
    LABELS,
    LATENT,
    SIDE,
    adam,
    assert_same_weights,
    build,
    conditional_discriminator,
    conditional_generator,
    discriminator,
    generator,
    train,
    weights,
)

from gan_utils._support.backend import tf
from gan_utils.generative import GAN, ConditionalGAN, WassersteinGAN
from gan_utils.generative.classes import asked_classes
from gan_utils.networks import seeded_weights
from gan_utils.networks.parts import dense
from gan_utils.training.engine import FirstStep


@pytest.mark.parametrize("kind", ["gan", "conditional", "wasserstein"])
def test_a_training_changes_both_networks_and_repeats_itself(kind):
    one, two = build(kind), build(kind)
    before = weights(one)
    assert set(train(one)) == set(type(one).reported)
    train(two)
    pairs = zip(before, weights(one), strict=True)
    assert not any(np.array_equal(a, b) for a, b in pairs if a.ndim == 2)
    assert_same_weights(one, two)
    np.testing.assert_array_equal(one.sample(5, 1), two.sample(5, 1))


# The conditional GAN


def test_digits_come_on_demand():
    gan = build("conditional", steps_per_execution=300)
    train(gan, epochs=1, steps_per_epoch=1500)
    light = [gan.sample(64, random_state=0, labels=label).mean() for label in (0, 1)]
    assert light[0] < 0.35
    assert light[1] > 0.65
    asked = np.array([0, 1, 1, 0])
    one_by_one = gan.sample(4, random_state=0, labels=asked).mean(axis=(1, 2, 3))
    np.testing.assert_array_equal(one_by_one > 0.5, asked == 1)


def test_classes_are_drawn_evenly_where_none_is_asked_for():
    gan = build("conditional")
    drawn = asked_classes(7, None, gan.n_classes, np.random.default_rng(0))
    assert sorted(np.bincount(drawn)) == [3, 4]
    np.testing.assert_array_equal(gan.sample(7, 0), gan.sample(7, 0))


def test_a_generated_picture_is_of_the_class_of_the_real_one_beside_it():
    gan = build("conditional")
    labels = tf.constant([0, 1, 1])
    fake, classes = gan.imitate((IMAGES[:3], labels), tf.zeros((3, LATENT)))
    np.testing.assert_array_equal(classes, labels)
    np.testing.assert_allclose(fake[1], fake[2])
    assert not np.allclose(fake[0], fake[1])


def test_the_r1_penalty_of_the_conditional_gan_is_one_of_the_picture_alone():
    gan = build("conditional", gradient_penalty=2.0)
    logits, penalty = gan.judge_real((tf.constant(IMAGES[:5]), tf.constant(LABELS[:5], "int32")))
    step, moved = 1e-3, IMAGES[:5].astype("float64")
    slopes = np.zeros((5, SIDE, SIDE))
    for row, column in np.ndindex(SIDE, SIDE):
        shifted = moved.copy()
        shifted[:, row, column] += step
        ahead = gan.discriminator([shifted.astype("float32"), LABELS[:5].astype("int32")])
        slopes[:, row, column] = (ahead - logits).numpy()[:, 0] / step
    assert float(penalty) == pytest.approx((slopes**2).sum(axis=(1, 2)).mean(), rel=0.01)
    assert build("conditional").judge_real((IMAGES[:2], LABELS[:2].astype("int32")))[1] == 0.0


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (None, "labels are missing"),
        (LABELS[:5], "48 samples, but 5 labels"),
        (LABELS + 1, "whole numbers from 0 to 1"),
        (LABELS + 0.5, "whole numbers from 0 to 1"),
        (np.array(["a"] * 48), "whole numbers from 0 to 1"),
        (keras.utils.to_categorical(LABELS), r"shape \(48, 2\)"),
    ],
)
def test_labels_that_make_no_sense_are_refused(labels, words):
    with pytest.raises(ValueError, match=words):
        build("conditional").fit(IMAGES, labels=labels, batch_size=8)


def test_a_demand_that_makes_no_sense_is_refused():
    gan = build("conditional")
    with pytest.raises(ValueError, match="from 0 to 1"):
        gan.sample(3, labels=7)
    with pytest.raises(ValueError, match="n=3, but there are 2 labels"):
        gan.sample(3, labels=[0, 1])
    with pytest.raises(ValueError, match="n=0"):
        gan.sample(0)


def test_networks_that_are_not_conditional_are_refused():
    with pytest.raises(ValueError, match="the generator of a ConditionalGAN takes two inputs"):
        ConditionalGAN(generator(), conditional_discriminator(), LATENT, CLASSES)
    with pytest.raises(ValueError, match="the discriminator of a ConditionalGAN takes two"):
        ConditionalGAN(conditional_generator(), discriminator(), LATENT, CLASSES)
    with pytest.raises(ValueError, match="latent_dim=9"):
        ConditionalGAN(conditional_generator(), conditional_discriminator(), 9, CLASSES)


# The Wasserstein GAN


def test_the_penalty_of_a_linear_critic_is_that_of_its_slope():
    gan = build("wasserstein")
    critic = keras.Sequential([keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(1)])
    gan.discriminator = critic
    slope = np.linalg.norm(critic.get_weights()[0])
    found = gan.steepness(tf.constant(IMAGES[:8]), tf.constant(IMAGES[8:16]))
    assert float(found) == pytest.approx((slope - 1) ** 2, rel=1e-4)


def test_the_critic_learns_the_distance_of_two_distributions():
    """Two points lie 2 apart. With a penalty of weight 10 the critic's best slope there is 1.1."""
    with seeded_weights(0):
        maker = keras.Sequential([keras.Input((LATENT,)), layers.Dense(1, "tanh")])
        maker.layers[0].set_weights([np.zeros((LATENT, 1)), np.array([-20.0])])
        judge = keras.Sequential([keras.Input((1,)), dense(16, activation="relu"), dense(1)])
    gan = WassersteinGAN(maker, judge, LATENT, critic_steps=1)
    gan.compile(adam("g_adam", 0.0), adam("d_adam", 5e-3), steps_per_execution=400)
    gan.fit(np.ones((20, 1)), batch_size=8, epochs=1, steps_per_epoch=400, verbose=0)
    last = gan.fit(np.ones((20, 1)), batch_size=8, epochs=1, steps_per_epoch=400, verbose=0)
    assert last.history["distance"][0] == pytest.approx(2 * 1.1, rel=0.01)


def test_the_critic_sees_another_batch_and_other_noise_each_time():
    gan = build("wasserstein")
    gan._settle(IMAGES, 8, 3)
    batches = next(iter(gan._stream(IMAGES, FirstStep(gan), 0)))
    assert batches.shape == (2, 8, SIDE, SIDE, 1)
    assert not np.array_equal(batches[0], batches[1])
    draws = [gan.draw_noise(turn).numpy() for turn in range(3)]
    assert not any(np.array_equal(draws[i], draws[j]) for i in range(3) for j in range(i))
    with pytest.raises(ValueError, match="critic_steps=0"):
        WassersteinGAN(generator(), discriminator(), LATENT, critic_steps=0)


# Images


def test_packed_images_lie_behind_each_other_as_channels():
    with seeded_weights(0):
        gan = GAN(generator(), discriminator(channels=2), LATENT, pack=2)
    packs = gan.packed(tf.constant(IMAGES[:5])).numpy()
    assert packs.shape == (2, SIDE, SIDE, 2)
    np.testing.assert_array_equal(packs[1, ..., 0], IMAGES[2, ..., 0])
    np.testing.assert_array_equal(packs[1, ..., 1], IMAGES[3, ..., 0])
    gan.compile()
    assert len(train(gan)["d_loss"]) == 2


def test_images_of_a_wrong_shape_or_scale_are_refused_before_training():
    gan = build()
    with pytest.raises(ValueError, match=r"shape \(4, 4\) each, but the model makes \(4, 4, 1\)"):
        gan.fit(IMAGES[..., 0], batch_size=8)
    with pytest.raises(ValueError, match=r"\[0, 255\].*can only make \[0, 1\]\. Scale"):
        gan.fit(np.tile([0.0, 255.0], (8, SIDE, 2))[..., None], batch_size=8)
    with pytest.raises(ValueError, match=r"can only make \[0, 1\]"):
        gan.fit(IMAGES * 2 - 1, batch_size=8)
    GAN(generator("tanh"), discriminator(), LATENT).check_samples(IMAGES * 2 - 1)
    GAN(generator(None), discriminator(), LATENT).check_samples(IMAGES * 255)
    with pytest.raises(ValueError, match="batch_size=0"):
        gan.fit(IMAGES, batch_size=0)
