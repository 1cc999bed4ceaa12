"""Keras on another backend, or in another precision, is refused with the way out."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from gan_utils._support.backend import can_use_xla, check_precision, keras, tf

ROWS = pd.DataFrame({"x": np.arange(20.0), "c": list("ab") * 10})
IMAGES = np.random.default_rng(0).uniform(size=(16, 28, 28, 1)).astype("float32")
TEXT = "she sells sea shells by the sea shore. " * 20


IMPORTED = """
import sys
try:
    import gan_utils.generative.gan
except ImportError as refused:
    print(refused)
print([name for name in ("tensorflow", "keras", "torch") if name in sys.modules])
"""


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_another_backend_is_refused(backend, python_path):
    """It says so whether Keras can run on it or, as on a machine without JAX or torch, cannot."""
    env = {**python_path, "KERAS_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], env=env, capture_output=True, text=True, check=True
    )
    words = rf"Keras runs on '{backend}', and gan_utils trains with TensorFlow. Unset KERAS"
    assert re.match(words, done.stdout)
    assert done.stdout.splitlines()[-1] == "[]"


def test_doctor_says_so_too(python_path):
    environment = python_path | {"KERAS_BACKEND": "numpy"}
    command = [sys.executable, "-m", "gan_utils", "doctor"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "FAIL Keras: Keras runs on 'numpy'" in ran.stdout
    assert "Not ready: 1 to mend" in ran.stdout


@pytest.fixture(params=["mixed_float16", "float64", "bfloat16"])
def precision(request):
    """Set Keras to another precision for a test, as a reader may."""
    if request.param == "float64":
        keras.config.set_floatx("float64")
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")


def entry_points():
    """Return every public way to a training, by name."""
    from small_gans import LATENT, discriminator, generator

    from gan_utils.classifiers import ImageClassifier
    from gan_utils.generative import GAN, VAE, build_dcgan
    from gan_utils.generative.ring import run_ring
    from gan_utils.networks import build_tabular_decoder, build_tabular_encoder
    from gan_utils.synthesizers import TabularGAN, TabularVAE
    from gan_utils.text import CharLanguageModel, WordLanguageModel

    small = {"nb_epochs": 2, "batch_size": 8, "widths": (4,)}
    texts = {"window": 8, "batch_size": 2, "units": 4}
    return {
        "TabularGAN": lambda: TabularGAN(**small).fit(ROWS),
        "TabularVAE": lambda: TabularVAE(**small).fit(ROWS),
        "build_dcgan": lambda: build_dcgan(2),
        "build_dcgan with classes": lambda: build_dcgan(2, n_classes=2),
        "GAN": lambda: GAN(generator(), discriminator(), LATENT),
        "VAE": lambda: VAE(build_tabular_encoder(2, 3), build_tabular_decoder(3, 2), 3, 2),
        "run_ring": lambda: run_ring("plain", 10),
        "letters": lambda: CharLanguageModel(**texts).fit(TEXT, epochs=1, verbose=0),
        "words": lambda: WordLanguageModel(pretrained=False, **texts).fit(
            [TEXT] * 20, epochs=1, verbose=0
        ),
        "ImageClassifier": lambda: ImageClassifier(2).fit(IMAGES, np.arange(16) % 2, epochs=1),
    }


def test_another_precision_is_refused_early(precision):
    for name, train in entry_points().items():
        with pytest.raises(ValueError, match=rf"{precision}.*set_dtype_policy\('float32'\)"):
            train()
            pytest.fail(name)


def test_networks_of_another_precision_are_refused():
    layer = keras.layers.Dense(2, dtype="mixed_float16", name="half")
    network = keras.Sequential([keras.Input((2,)), layer])
    with pytest.raises(ValueError, match="the layer 'half' computes in mixed_float16"):
        check_precision(network)
    check_precision(keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]))
    check_precision()


@pytest.mark.parametrize(
    ("platform", "gpus", "can"),
    [
        ("linux", ["a GPU"], True),
        ("win32", [], True),
        ("darwin", [], True),
        ("darwin", ["M1"], False),
    ],
)
def test_xla_compiles_everywhere_but_for_the_gpu_of_a_mac(platform, gpus, can):
    assert can_use_xla(platform, gpus) is can


def test_xla_is_looked_for_on_this_machine():
    assert can_use_xla() is (sys.platform != "darwin" or not tf.config.list_physical_devices("GPU"))
