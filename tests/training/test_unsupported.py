"""What Keras's models do and these do not: an error says what to use."""

import copy
import pickle

import keras
import numpy as np
import pytest
from small_gans import IMAGES, LABELS, assert_same_weights, build, train

from gan_utils._support.backend import tf
from gan_utils.generative import VAE
from gan_utils.networks import build_tabular_decoder, build_tabular_encoder


def vae():
    model = VAE(build_tabular_encoder(2, 3, (4,)), build_tabular_decoder(3, 2, (), (4,)), 3, 2)
    model.compile()
    return model


CALLS = {
    "call": lambda m, p: m(IMAGES),
    "predict": lambda m, p: m.predict(IMAGES),
    "predict_on_batch": lambda m, p: m.predict_on_batch(IMAGES),
    "evaluate": lambda m, p: m.evaluate(IMAGES),
    "test_on_batch": lambda m, p: m.test_on_batch(IMAGES),
    "train_on_batch": lambda m, p: m.train_on_batch(IMAGES),
    "export": lambda m, p: m.export(p / "model"),
    "save": lambda m, p: m.save(p / "model.keras"),
    "pickle": lambda m, p: pickle.dumps(m),
    "deepcopy": lambda m, p: copy.deepcopy(m),
    "clone": lambda m, p: keras.models.clone_model(m),
    "to_json": lambda m, p: m.to_json(),
}
WORDS = {
    "call": r"sample\(n\)",
    "predict": r"sample\(n\)",
    "predict_on_batch": r"sample\(n\)",
    "evaluate": "gan_utils.scorecard",
    "test_on_batch": "gan_utils.scorecard",
    "train_on_batch": "steps_per_epoch=1",
    "export": r"(generator|encoder)\.export",
}


@pytest.mark.parametrize("kind", ["gan", "conditional", "wasserstein", "vae"])
def test_what_keras_does_and_these_do_not_says_what_to_use(kind, tmp_path):
    model = vae() if kind == "vae" else build(kind)
    for name, call in CALLS.items():
        words = WORDS.get(name, r"(generator|encoder)\.save\(.*backup=")
        with pytest.raises(NotImplementedError, match=f"a {type(model).__name__} .*{words}"):
            call(model, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("argument", "value"),
    [("validation_data", IMAGES), ("validation_split", 0.1), ("sample_weight", LABELS),
     ("class_weight", {0: 1.0}), ("shuffle", True), ("y", LABELS)],
)  # fmt: skip
def test_arguments_that_mean_nothing_are_refused(argument, value):
    gan = build()
    with pytest.raises(TypeError, match=rf"GAN\.fit takes no {argument}.*scorecard"):
        train(gan, **{argument: value})
    assert int(gan.step.numpy()) == 0


def test_labels_are_no_samples_of_a_vae():
    rows = np.zeros((48, 2), "float32")
    for samples in ((rows, LABELS), tf.data.Dataset.from_tensor_slices((rows, LABELS)).batch(8)):
        with pytest.raises(ValueError, match=r"samples alone.*A VAE takes none"):
            vae().fit(samples, verbose=0)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 0}, "epochs=0"),
        ({"steps_per_epoch": 0}, "steps_per_epoch=0"),
        ({"steps_per_epoch": 2.5}, "steps_per_epoch=2.5"),
        ({"n_steps": 0}, "n_steps=0"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": 8.0}, "batch_size=8.0"),
        ({"batch_size": True}, "batch_size=True"),
        ({"batch_size": LABELS}, "batch_size=array"),
    ],
)
def test_counts_that_make_no_sense_are_named(settings, words):
    with pytest.raises(ValueError, match=words):
        train(build(), **settings)


def test_a_number_of_samples_must_be_whole():
    for n in (0, 2.5, True):
        with pytest.raises(ValueError, match=f"n={n}"):
            build().sample(n)


def test_weights_can_be_saved_and_put_back(tmp_path):
    gan, other = build(average=0.9), build(average=0.9)
    train(gan)
    gan.save_weights(tmp_path / "gan.weights.h5")
    other.load_weights(tmp_path / "gan.weights.h5")
    assert_same_weights(gan, other)
    np.testing.assert_array_equal(gan.sample(5, 0), other.sample(5, 0))
