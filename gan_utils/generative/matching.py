"""Check that a model's networks match each other and the real samples."""

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
        (-1, 1) for tanh, (0, 1) for a sigmoid, or None if the range is unknown.
    """
    shaping = keras.layers.Reshape | keras.layers.Flatten
    last = next((la for la in reversed(generator.layers) if not isinstance(la, shaping)), None)
    activation = getattr(last, "activation", None)
    return {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}.get(getattr(activation, "__name__", ""))


def check_output_range(samples: np.ndarray, generator: keras.Model) -> None:
    """Reject samples outside the output range of a generator.

    Parameters
    ----------
    samples : ndarray of shape (n, ...)
    generator : keras.Model
        The generator, whose last activation determines the range; see `output_range`.

    Raises
    ------
    ValueError
        If a sample is outside the range; the message gives both ranges.
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
    """Reject a discriminator whose input shape does not match the generator's output.

    Parameters
    ----------
    made : tuple of int
        Shape of one generated sample.
    pack : int
        How many samples the discriminator sees at once.
    input_shape : tuple
        The discriminator's input shape, with the batch axis first.

    Raises
    ------
    ValueError
        If the shapes do not match; the message gives both.
    """
    wanted, packed = tuple(input_shape[1:]), (*made[:-1], pack * made[-1])
    if packed != wanted:
        raise ValueError(
            f"the generator makes samples of shape {made}, with pack={pack} that is {packed}, but "
            f"the discriminator takes {wanted}. Build them to match."
        )


def check_flow_network(network: keras.Model, n_classes: int | None) -> None:
    """Reject a network whose inputs or output do not suit a `FlowModel`.

    Parameters
    ----------
    network : keras.Model
        Maps noisy samples, times and, for a model with classes, labels to estimated samples.
    n_classes : int or None
        Number of classes.

    Raises
    ------
    ValueError
        If ``n_classes`` is neither None nor a whole number of at least 1, the number of inputs is
        wrong, or the samples and the estimates differ in shape.
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
