"""Flow matching: it learns a distribution, moves as the theory says, and refuses what cannot be."""

import keras
import numpy as np
import pytest
from keras import layers
from small_gans import CLASSES, IMAGES, LABELS, SIDE, flow_network

from gan_utils._support.backend import tf
from gan_utils.generative import FlowModel
from gan_utils.networks import seeded_weights


def build(n_classes=CLASSES, value_range=(0, 1), **settings):
    with seeded_weights(0):
        model = FlowModel(flow_network(n_classes=n_classes), n_classes, value_range, **settings)
    model.compile()
    return model


def train(model, epochs=2, **settings):
    classes = {} if model.n_classes is None else {"labels": LABELS}
    settings = {"batch_size": 8, "steps_per_epoch": 3, "verbose": 0} | classes | settings
    return model.fit(IMAGES, epochs=epochs, **settings).history


class Exact(layers.Layer):
    """The best estimate of a standard normal sample that lies at distance ``shift`` from 0."""

    def __init__(self, shift, **settings):
        super().__init__(**settings)
        self.shift = shift

    def call(self, inputs):
        noisy, t = inputs
        return self.shift + t / (t**2 + (1 - t) ** 2) * (noisy - t * self.shift)


def exact(shift=0.0):
    sample, time = keras.Input((1,), name="sample"), keras.Input((1,), name="time")
    return FlowModel(keras.Model([sample, time], Exact(shift, name="exact")([sample, time])))


def test_with_the_best_estimate_samples_have_the_distribution_of_the_data():
    moved = exact(3.0).sample(4000, random_state=0, steps=50)
    assert moved.mean() == pytest.approx(3, abs=0.05)
    assert moved.std() == pytest.approx(1, abs=0.03)


def test_more_steps_come_closer_to_the_exact_path():
    noise, _ = exact().draw_latent(200, 0)
    # For standard normal data, the path of the exact velocity ends where it began.
    errors = [np.abs(exact().sample(200, 0, steps=steps) - noise).max() for steps in (4, 8, 16)]
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    assert errors[2] < 0.02


def test_it_learns_two_bumps():
    rng = np.random.default_rng(0)
    bumps = (rng.choice([-1.5, 1.5], (2000, 1)) + rng.normal(0, 0.2, (2000, 1))).astype("float32")
    with seeded_weights(0):
        model = FlowModel(flow_network((1,), width=64))
    model.compile(keras.optimizers.Adam(1e-2, name="adam"), steps_per_execution=100)
    history = model.fit(bumps, batch_size=128, epochs=6, steps_per_epoch=100, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    made = model.sample(2000, random_state=0).ravel()
    assert np.mean(np.abs(made) > 0.8) > 0.9
    assert 0.4 < np.mean(made > 0) < 0.6


def test_a_requested_class_is_generated_and_guidance_exaggerates_it():
    model = build()
    model.optimizer.learning_rate = 1e-2
    train(model, epochs=5, steps_per_epoch=100, batch_size=32)
    light = {label: model.sample(50, 0, labels=label).mean() for label in (0, 1)}
    assert light[1] - light[0] > 0.4
    pushed = model.sample(50, 0, labels=1, guidance=2.0)
    assert pushed.mean() > light[1]
    assert 0 <= pushed.min() <= pushed.max() <= 1


def test_the_loss_is_the_mean_squared_error_of_the_estimate():
    model = build(n_classes=None)
    model.batch_size = 8
    noise = tf.reshape(model.draw_noise(), (8, SIDE, SIDE, 1)).numpy()
    times = model.draw_times().numpy()
    real = model.draw_real(tf.constant(IMAGES)).numpy()
    t = times[:, None, None]
    noisy = (1 - t) * noise + t * (2 * real - 1)
    expected = np.mean((model.network([noisy, times]).numpy() - (2 * real - 1)) ** 2)
    assert train(model, 1, steps_per_epoch=1)["loss"][0] == pytest.approx(expected, rel=1e-5)


def test_late_errors_count_more_up_to_a_maximum():
    t = np.array([0.0, 0.25, 0.5, 0.9], "float32")
    np.testing.assert_allclose(build(most_weight=4.0).weight(t), [1, 16 / 9, 4, 4], rtol=1e-5)
    np.testing.assert_array_equal(build().weight(t), np.ones(4))


def test_times_are_drawn_by_step_and_favour_the_middle():
    model = build()
    model.batch_size = 4000
    times = model.draw_times().numpy()
    assert 0 < times.min() < times.max() < 1
    assert np.mean(np.abs(times - 0.5) < 0.25) == pytest.approx(
        0.728, abs=0.03
    )  # of a logit-normal
    model.step.assign(1)
    assert not np.array_equal(times, model.draw_times().numpy())
    shifted = build(time_shift=-0.8)
    shifted.batch_size = 4000
    logits = np.log(shifted.draw_times() / (1 - shifted.draw_times()))
    assert logits.mean() == pytest.approx(-0.8, abs=0.06)


@pytest.mark.parametrize("forget", [0.0, 0.5])
def test_a_share_of_the_classes_is_not_told(forget):
    model = build(forget=forget)
    model.batch_size = 48
    _, labels = model._parted((tf.constant(IMAGES), tf.constant(LABELS, tf.int32)))
    hidden = labels.numpy() == CLASSES
    assert hidden.mean() == pytest.approx(forget, abs=0.2)
    np.testing.assert_array_equal(labels.numpy()[~hidden], LABELS[~hidden])


def test_the_same_seed_gives_the_same_samples_twice():
    one, other = build(), build()
    assert train(one)["loss"] == train(other)["loss"]
    kind = {"labels": [0, 1, 1], "guidance": 0.5, "steps": 3}
    np.testing.assert_array_equal(one.sample(3, 7, **kind), other.sample(3, 7, **kind))
    assert not np.array_equal(one.sample(3, 7), one.sample(3, 8))


def test_pieces_of_samples_equal_one_piece(monkeypatch):
    model = build()
    whole = model.sample(10, 0, labels=1)
    monkeypatch.setattr("gan_utils.training.latent.SAMPLE_CHUNK", 4)
    np.testing.assert_allclose(model.sample(10, 0, labels=1), whole, atol=1e-5)


def test_training_ends_with_the_averaged_weights():
    model = build()
    train(model)
    averages = model.optimizer._model_variables_moving_average
    for weight, average in zip(model.network.trainable_variables, averages, strict=True):
        np.testing.assert_array_equal(weight.numpy(), average.numpy())


def test_a_dataset_of_pairs_is_learned():
    dataset = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(16)
    assert np.isfinite(build().fit(dataset, epochs=1, verbose=0).history["loss"]).all()


REFUSED = {
    "labels are missing": lambda: build().fit(IMAGES, verbose=0),
    "has no classes": lambda: build(None).fit(IMAGES, LABELS, verbose=0),
    "need a model with classes": lambda: build(None).sample(2, labels=1),
    "labels and guidance need": lambda: build(None).sample(2, guidance=1.0),
    "forget above 0": lambda: build(forget=0).sample(2, guidance=1.0),
    "guidance=-1 must be": lambda: build().sample(2, guidance=-1),
    "steps=0 must be": lambda: build().sample(2, steps=0),
    "from 0 to 1": lambda: build().sample(2, labels=2),
    "forget=1 must be": lambda: build(forget=1),
    "most_weight=0.5 must": lambda: build(most_weight=0.5),
    "time_shift='late' must": lambda: build(time_shift="late"),
    "value_range is 0 to 1": lambda: build(None).fit(3 * IMAGES, verbose=0),
    "value_range=": lambda: build(value_range=(1, 0)),
    "needs 3: samples, times, labels": lambda: FlowModel(flow_network(), n_classes=2),
    "needs 2: samples, times": lambda: FlowModel(flow_network(n_classes=2)),
    "samples of shape": lambda: FlowModel(
        keras.Model([a := keras.Input((2,)), b := keras.Input((1,))], layers.Dense(3)(a * b))
    ),
    "missing or infinite": lambda: build(None).fit(np.full_like(IMAGES, np.nan), verbose=0),
    "samples alone": lambda: build(None).fit(
        tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(16), verbose=0
    ),
}


@pytest.mark.parametrize("seed", range(4))
def test_the_limits_of_the_samples_are_a_range_for_them(seed):
    images = np.random.default_rng(seed).normal(size=IMAGES.shape)  # float64
    model = build(None, (images.min(), images.max()))
    model.fit(images, batch_size=8, steps_per_epoch=1, verbose=0)


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_is_refused(said):
    with pytest.raises(ValueError, match=said):
        REFUSED[said]()
