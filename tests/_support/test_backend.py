"""Keras on another backend is refused in one sentence."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "code", ["import gan_utils.generative.gan", "from gan_utils.text import CharLanguageModel"]
)
def test_another_backend_is_refused_with_the_way_out(door, python_path):
    environment = python_path | {"KERAS_BACKEND": "numpy"}
    command = [sys.executable, "-c", f"from gan_utils.{door}"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    last = ran.stderr.strip().splitlines()[-1]
    assert (
        "Keras runs on 'numpy', and gan_utils trains with TensorFlow. Unset KERAS_BACKEND" in last
    )


def test_doctor_says_so_too(python_path):
    environment = python_path | {"KERAS_BACKEND": "numpy"}
    command = [sys.executable, "-m", "gan_utils", "doctor"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "FAIL Keras: Keras runs on 'numpy'" in ran.stdout
    assert "Not ready: 1 to mend" in ran.stdout
