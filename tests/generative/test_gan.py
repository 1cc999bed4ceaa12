"""The GAN as a keras.Model: it trains both networks, repeats itself, and resumes after a kill."""

import keras
import numpy as np
import pytest
from killed import Stop

from gan_utils._support.backend import tf
from gan_utils.generative import GAN
from gan_utils.networks import (
    build_classic_generator,
    build_tabular_discriminator,
    build_tabular_generator,
)

ROWS = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")


def build(pack=1, gradient_penalty=0.0, **compiled):
    keras.utils.set_random_seed(0)
    gan = GAN(
        build_classic_generator(5, 3, (8, 8)),
        build_tabular_discriminator(3 * pack, (8,)),
        latent_dim=5,
        pack=pack,
        gradient_penalty=gradient_penalty,
    )
    gan.compile(**compiled)
    return gan


def weights(model):
    return [w.copy() for w in model.get_weights()]


@pytest.mark.parametrize(("pack", "penalty"), [(1, 0.0), (1, 1.0), (4, 0.0), (3, 1.0)])
def test_a_step_changes_both_networks(pack, penalty):
    gan = build(pack, penalty)
    before = weights(gan.generator), weights(gan.discriminator)
    history = gan.fit(ROWS, batch_size=16, verbose=0).history
    for old, network in zip(before, (gan.generator, gan.discriminator), strict=True):
        assert all(
            not np.array_equal(a, b)
            for a, b in zip(old, weights(network), strict=True)
            if a.ndim == 2
        )
    assert set(history) == {"d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake"}
    assert 0 <= history["d_accuracy_real"][0] <= 1


def test_losses_are_the_binary_cross_entropies():
    gan = build()
    real, fake = np.array([[2.0], [-1.0]]), np.array([[0.5], [-3.0]])
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(np.ones((2, 1)), real) + entropy(np.zeros((2, 1)), fake)
    assert float(gan.discriminator_loss(real, fake)) == pytest.approx(float(expected), rel=1e-5)
    assert float(gan.generator_loss(fake)) == pytest.approx(
        float(entropy(np.ones((2, 1)), fake)), rel=1e-5
    )


def test_the_r1_penalty_of_a_linear_discriminator_is_its_squared_slope():
    gan = build(gradient_penalty=2.0)
    gan.discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    slope = gan.discriminator.get_weights()[0].ravel()
    _, penalty = gan.judge_real(tf.constant(ROWS[:8]))
    assert float(penalty) == pytest.approx(float(slope @ slope), rel=1e-5)


def test_the_same_seed_gives_the_same_weights_and_samples_twice():
    first, second = build(), build()
    for gan in (first, second):
        gan.fit(ROWS, batch_size=16, epochs=2, steps_per_epoch=5, verbose=0)
    for a, b in zip(weights(first), weights(second), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(first.sample(7, 1), second.sample(7, 1))
    assert not np.array_equal(first.sample(7, 1), first.sample(7, 2))


def test_steps_in_one_call_are_the_same_steps():
    one, many = build(), build(steps_per_execution=5)
    for gan in (one, many):
        gan.fit(ROWS, batch_size=16, epochs=2, steps_per_epoch=5, verbose=0)
    for a, b in zip(weights(one), weights(many), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_a_second_fit_learns_from_its_own_rows():
    gan = build()
    gan.fit(ROWS, batch_size=16, verbose=0)
    real = gan.draw_real(np.full((20, 3), 7.0, "float32"))
    assert real.shape == (16, 3)
    assert (np.asarray(real) == 7).all()
    gan.fit(ROWS[:10], batch_size=8, verbose=0)


def test_keras_s_own_backup_resumes_a_training_too(tmp_path):
    def fit(*more):
        gan, backup = build(), keras.callbacks.BackupAndRestore(tmp_path / "backup")
        settings = {"batch_size": 16, "epochs": 4, "steps_per_epoch": 5, "verbose": 0}
        gan.fit(ROWS, callbacks=[backup, *more], **settings)
        return gan.sample(20, 0)

    with pytest.raises(KeyboardInterrupt):
        fit(Stop(2))
    resumed = fit()
    assert not (tmp_path / "backup").exists()
    np.testing.assert_array_equal(resumed, fit())


def test_categories_come_out_as_exact_one_hot_rows_with_a_gradient():
    generator = build_tabular_generator(5, 2, (3, 4), (8,))
    with tf.GradientTape() as tape:
        rows = generator(np.random.default_rng(0).normal(size=(50, 5)))
        loss = tf.reduce_sum(rows[:, 2] * 3)
    blocks = np.split(rows.numpy()[:, 2:], [3], axis=1)
    for block in blocks:
        np.testing.assert_allclose(np.sort(block, axis=1)[:, -1], 1, atol=1e-6)
        np.testing.assert_allclose(block.sum(axis=1), 1, atol=1e-6)
    gradient = tape.gradient(loss, generator.trainable_variables)[0]
    assert float(tf.norm(gradient)) > 0


def test_bad_input_is_named_before_training():
    gan = build()
    with pytest.raises(ValueError, match=r"batch_size=64 is larger.*<= 40"):
        gan.fit(ROWS, batch_size=64)
    with pytest.raises(ValueError, match=r"shape \(2,\).*\(3,\)"):
        gan.fit(ROWS[:, :2], batch_size=8)
    spoilt = ROWS.copy()
    spoilt[4, 1] = np.nan
    with pytest.raises(ValueError, match=r"\(4, 1\)"):
        gan.fit(spoilt, batch_size=8)
    with pytest.raises(ValueError, match="n=0"):
        gan.sample(0)
    with pytest.raises(ValueError, match="latent_dim=6"):
        GAN(gan.generator, gan.discriminator, latent_dim=6)
    with pytest.raises(ValueError, match="pack=2"):
        GAN(gan.generator, gan.discriminator, latent_dim=5, pack=2)
    with pytest.raises(ValueError, match="smaller than pack"):
        build(pack=4).fit(ROWS, batch_size=3)


@pytest.mark.parametrize("given", [{}, {"batch_size": 3}])
def test_the_batches_of_a_dataset_hold_a_pack_too(given):
    dataset = tf.data.Dataset.from_tensor_slices(ROWS).batch(3)
    with pytest.raises(ValueError, match=r"batch_size=3 is smaller than pack=4\. Use at least 4"):
        build(pack=4).fit(dataset, **given, verbose=0)
    losses = build(pack=4).fit(dataset, batch_size=4, verbose=0).history
    assert np.isfinite(losses["d_loss"]).all()
