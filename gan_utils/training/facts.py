"""The facts that determine the outcome of a training, by which a backup tells whose it is."""

import hashlib
import json
from typing import Any

import numpy as np

from gan_utils._support.backend import keras, tf
from gan_utils._support.quiet import no_warning

#: Parts of a layer's description that make no difference once its weights are given. Keras numbers
#: the names of layers in each process, and draws a seed where none is given.
_IRRELEVANT = ("name", "seed", "module", "registered_name", "build_config", "build_input_shape")
#: Beginning of Keras's warning about a function without a name, which is not saved here.
_UNSAFE = "The object being serialized includes a `lambda`"


def training_facts(model: keras.Model, samples: Any, **settings: Any) -> dict[str, Any]:
    """List the facts that determine the outcome of training, for `Backup`.

    Parameters
    ----------
    model : keras.Model
        A compiled model.
    samples : array, nested arrays, or tf.data.Dataset
        The data; for a dataset, only shapes and types are known.
    **settings
        Anything else that the outcome depends on, such as arguments of ``fit``.

    Returns
    -------
    dict
        The names and values of the facts, as JSON types.
    """
    shapes = [list(weight.shape) for weight in model.weights if weight.trainable]
    data = (
        str(samples.element_spec) if isinstance(samples, tf.data.Dataset) else data_digest(samples)
    )
    names = getattr(model, "network_names", ())
    facts = {
        "model": type(model).__name__,
        "networks": fingerprint(shapes),
        "layers": {name: fingerprint(description(getattr(model, name))) for name in names},
        "data": data,
        **_optimizer_facts(model),
        **settings,
    }
    return json.loads(json.dumps(facts, default=_as_text))


def _optimizer_facts(model: keras.Model) -> dict[str, Any]:
    """Describe the optimizers, and their learning rates if nothing has changed these yet."""
    found = {k: v for k, v in vars(model).items() if isinstance(v, keras.optimizers.Optimizer)}
    settings, rates = {name: description(value) for name, value in found.items()}, {}
    for name, known in settings.items():
        if isinstance(known, dict) and isinstance(known.get("learning_rate"), float):
            rates[name] = known.pop("learning_rate")
    # A callback may have changed the rate of a model that is trained already. The rate is part of
    # the state that is restored, so it says nothing about whose backup this is.
    is_new = not any(int(value.iterations.numpy()) for value in found.values())
    return {"optimizer settings": settings} | ({"learning rates": rates} if is_new else {})


def other_facts(there: dict[str, Any], here: dict[str, Any]) -> str:
    """Describe how two training runs differ.

    Parameters
    ----------
    there, here : dict
        The facts of the two runs. A fact that only one of them has is ignored, so that the backups
        of an older version can be read.

    Returns
    -------
    str
        The differences in words; empty if there are none.
    """
    names = [n for n in here if n in there and here[n] != there[n]]
    return ", ".join(
        f"other {n}" if isinstance(here[n], dict) else f"{n} was {there[n]!r} and is {here[n]!r}"
        for n in names
    )


def description(network: Any) -> Any:
    """Describe a network, including its layers without weights, such as Dropout.

    Parameters
    ----------
    network : keras.Model or keras.optimizers.Optimizer

    Returns
    -------
    dict, list or str
        What Keras knows about the network or optimizer, except names. An object that Keras cannot
        describe is described by its class and its layers.
    """
    try:
        with no_warning(_UNSAFE):
            return _nameless(network.get_config(), {})
    except Exception:  # the method of the user's own network or layer may raise anything
        inside = [description(layer) for layer in getattr(network, "layers", ())]
        return [type(network).__name__, *inside]


def _nameless(part: Any, places: dict[str, int]) -> Any:
    """Leave out what is irrelevant, and put a layer's place for its name where it is called."""
    if isinstance(part, dict):
        places = _places(part) or places
        relevant = {key: value for key, value in part.items() if _is_relevant(key, value)}
        return {key: _nameless(value, places) for key, value in relevant.items()}
    if isinstance(part, list | tuple):
        return [_nameless(value, places) for value in _with_place(part, places)]
    if isinstance(part, int | float):
        return part
    return _as_text(part)


def _as_text(part: Any) -> str:
    # The text of another object may contain its address or name, which differ between processes.
    # So does the code of a function without a name, which contains the name of its file; unlike
    # other texts, it ends with a line break.
    text = str(part)
    is_plain = isinstance(part, str | np.generic | np.ndarray) and " at 0x" not in text
    return text if is_plain and not text.endswith("\n") else type(part).__name__


def _is_relevant(key: str, value: Any) -> bool:
    # A newer version of Keras may know more settings, which are None at first.
    return value is not None and key not in _IRRELEVANT and not key.endswith("initializer")


def _places(config: dict[str, Any]) -> dict[str, int]:
    """Return the place of each layer in a network; other parts have no layers."""
    layers = config.get("layers")
    layers = layers if isinstance(layers, list) else []
    return {layer.get("name"): i for i, layer in enumerate(layers) if isinstance(layer, dict)}


def _with_place(part: Any, places: dict[str, int]) -> list[Any]:
    """Replace the name in Keras's ``[name, call, output]``, which stands for one tensor."""
    is_tensor = len(part) == 3 and isinstance(part[0], str) and part[0] in places
    return [places[part[0]], *part[1:]] if is_tensor else list(part)


def fingerprint(facts: Any) -> str:
    """Return a short name for a set of facts; different sets have different names.

    Parameters
    ----------
    facts : dict or list
        JSON values; anything else is converted to text.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:16]


def data_digest(samples: Any) -> str:
    """Return a short hash of the content of arrays.

    Parameters
    ----------
    samples : array or nested arrays

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.blake2b(digest_size=8)
    for array in tf.nest.flatten(samples):
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()
