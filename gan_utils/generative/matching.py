"""Check that networks match each other, the real samples and the model around them."""

import numpy as np

from gan_utils._support.backend import keras
from gan_utils._support.checks import check_count


def output_range(generator: keras.Model) -> tuple[float, float] | None:
    """Return the range of a generator's outputs, from its last activation.

    Parameters
    ----------
    generator : keras.Model
        Any generator.

    Returns
    -------
    tuple of float, or None
        (-1, 1) for tanh, (0, 1) for a sigmoid, None if it is unknown.
    """
    shaping = keras.layers.Reshape | keras.layers.Flatten
    last = next((la for la in reversed(generator.layers) if not isinstance(la, shaping)), None)
    activation = getattr(last, "activation", None)
    return {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}.get(getattr(activation, "__name__", ""))


def check_output_range(samples: np.ndarray, generator: keras.Model) -> None:
    """Refuse samples outside the range of a generator.

    Parameters
    ----------
    samples : ndarray of shape (n, ...)
    generator : keras.Model
        Its last activation sets the range; see `output_range`.

    Raises
    ------
    ValueError
        Names both ranges.
    """
    bounds = output_range(generator)
    if bounds is None:
        return
    low, high = float(samples.min()), float(samples.max())
    if low < bounds[0] - 1e-3 or high > bounds[1] + 1e-3:
        raise ValueError(
            f"the images lie in [{low:g}, {high:g}], but the generator's last activation can only "
            f"make [{bounds[0]:g}, {bounds[1]:g}]. Scale the images to that range."
        )


def check_discriminator(made: tuple[int, ...], pack: int, input_shape: tuple) -> None:
    """Refuse a discriminator whose input is not what the generator makes.

    Parameters
    ----------
    made : tuple of int
        Shape of one generated sample.
    pack : int
        How many samples the discriminator sees at once.
    input_shape : tuple
        The discriminator's input shape, batch first.

    Raises
    ------
    ValueError
        Names both shapes.
    """
    wanted, packed = tuple(input_shape[1:]), (*made[:-1], pack * made[-1])
    if packed != wanted:
        raise ValueError(
            f"the generator makes samples of shape {made}, with pack={pack} that is {packed}, but "
            f"the discriminator takes {wanted}. Build them to match."
        )


def check_flow_network(network: keras.Model, n_classes: int | None) -> None:
    """Refuse a network that does not take what a `FlowModel` gives it.

    Parameters
    ----------
    network : keras.Model
        From noisy samples, times, and perhaps labels to samples.
    n_classes : int or None
        Number of classes.

    Raises
    ------
    ValueError
        Names the inputs, or both shapes.
    """
    if n_classes is not None:
        check_count("n_classes", n_classes)
    wanted = ["samples", "times"] if n_classes is None else ["samples", "times", "labels"]
    if len(network.inputs) != len(wanted):
        raise ValueError(
            f"the network takes {len(network.inputs)} inputs, but with n_classes={n_classes} it "
            f"needs {len(wanted)}: {', '.join(wanted)}. Build both with the same n_classes."
        )
    taken, made = (tuple(x.shape[1:]) for x in (network.inputs[0], network.outputs[0]))
    if taken != made:
        raise ValueError(
            f"the network takes samples of shape {taken}, but returns {made}. It estimates "
            "samples, so both must be the same."
        )
