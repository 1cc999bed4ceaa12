"""Load TensorFlow and Keras for the whole package once, quietly and with the right backend.

TensorFlow logs to the error stream while it loads, and this log does not belong in a lesson's
output. Keras can run on other backends, but this package's models cannot. Modules that import
the names from here need no code between their imports::

    from gan_utils._support.backend import keras, layers, ops, tf
"""

import sys
from collections.abc import Sequence
from types import ModuleType

from gan_utils._support.quiet import check_backend, import_tensorflow

__all__ = ["can_use_xla", "check_precision", "keras", "layers", "ops", "tf"]


def _load() -> tuple[ModuleType, ModuleType]:
    """Load TensorFlow and Keras, and check that Keras runs on TensorFlow."""
    tensorflow = import_tensorflow()
    import keras

    # Keras's configuration file may name another backend as well.
    check_backend(keras.backend.backend())
    return tensorflow, keras


tf, keras = _load()
layers, ops = keras.layers, keras.ops


def can_use_xla(platform: str = sys.platform, gpus: Sequence[object] | None = None) -> bool:
    """Tell whether XLA can compile here; a call with ``jit_compile=True`` fails if it cannot.

    XLA has no compiler for the GPU of a Mac, which TensorFlow uses if tensorflow-metal is
    installed.

    Parameters
    ----------
    platform : str
        The operating system, as in `sys.platform`.
    gpus : sequence, optional
        The GPUs; by default, those that TensorFlow finds now.

    Returns
    -------
    bool
    """
    if platform != "darwin":
        return True
    return not (tf.config.list_physical_devices("GPU") if gpus is None else gpus)


def check_precision(*networks: keras.Model) -> None:
    """Refuse to train in any precision other than float32.

    Losses, noise and data are float32 in this package. If Keras were set to another precision,
    TensorFlow would stop in the middle of a training step with an error about tensor types.

    Parameters
    ----------
    *networks : keras.Model
        Networks that are already built. If none are given, only Keras's setting is checked.

    Raises
    ------
    ValueError
        If a precision is not float32; the message names the setting or layer, and explains how to
        change the precision.
    """
    layers_of = [layer for network in networks for layer in (network, *network.layers)]
    found = {"Keras": keras.config.dtype_policy()}
    found |= {f"the layer {layer.name!r}": layer.dtype_policy for layer in layers_of}
    for what, policy in found.items():
        if {policy.compute_dtype, policy.variable_dtype} & {"float16", "bfloat16", "float64"}:
            raise ValueError(
                f"{what} computes in {policy.name}, but gan_utils trains in float32. Call "
                "keras.config.set_floatx('float32') and "
                "keras.config.set_dtype_policy('float32') first, then build the networks."
            )
