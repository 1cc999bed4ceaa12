"""TensorFlow and Keras for the whole package: loaded once, quietly, and the right ones.

TensorFlow writes to the error stream while it is loaded, which has no place in a lesson's output,
and Keras can run on other backends, which these models cannot. Import from here, so that no module
needs code between its imports::

    from gan_utils._support.backend import keras, layers, ops, tf
"""

import os
from types import ModuleType

from gan_utils._support.quiet import BackendError, import_tensorflow

WANTED = "tensorflow"

__all__ = ["keras", "layers", "ops", "tf"]


def _load() -> tuple[ModuleType, ModuleType]:
    """Return TensorFlow and a Keras that runs on it."""
    tensorflow = import_tensorflow()
    # Looked at first: Keras fails in words of its own where the other backend is not installed.
    _check(os.environ.get("KERAS_BACKEND") or WANTED)
    import keras

    _check(keras.backend.backend())
    return tensorflow, keras


def _check(backend: str) -> None:
    if backend != WANTED:
        raise BackendError(
            f"Keras runs on {backend!r}, and gan_utils trains with TensorFlow. Unset "
            "KERAS_BACKEND, or set it to 'tensorflow', and start Python again."
        )


tf, keras = _load()
layers, ops = keras.layers, keras.ops
