"""The course's diffusion model for images, ready to train: a network and suitable settings."""

from gan_utils._support.backend import keras
from gan_utils._support.checks import as_tensorflow_seed, check_count
from gan_utils.generative.dcgan import LARGE
from gan_utils.generative.flow import FlowModel
from gan_utils.networks import build_flow_unet, seeded_weights
from gan_utils.training import kept_share

#: Images per step and number of steps for which the settings below were chosen.
BATCH_SIZE = 64
N_STEPS = 3400
LEARNING_RATE = 2e-3
#: Steps over which the learning rate rises to ``LEARNING_RATE``.
WARM_UP = 50
#: Momentum of the moving average of the weights: the fraction of the old average retained at each
#: step.
AVERAGING = 0.998
#: A negative shift favours early, noisier times, at which it is decided which digit will appear.
TIME_SHIFT = -0.8
#: Largest weight of an error, which applies at late times, when fine strokes are drawn.
MOST_WEIGHT = 4.0


def build_diffusion(
    n_steps: int = N_STEPS,
    *,
    image_size: int = 28,
    channels: int = 1,
    n_classes: int | None = None,
    random_state: int = 0,
) -> FlowModel:
    """Build a diffusion model of images that trains in minutes on two cores, without a GPU.

    Its network is built by `build_flow_unet`. The learning rate rises for 50 steps (or for half of
    the steps, if there are fewer than 100), then falls to 0 on a cosine schedule; the weights are
    averaged over the last few hundred steps. Early, noisier times are drawn more often than with
    the default settings of `FlowModel`.

    Parameters
    ----------
    n_steps : int
        How many steps the model will be trained for, on batches of 64, with ``fit(images, labels,
        batch_size=64, n_steps=...)``. Soon after these steps, the learning rate is 0.
    image_size : int, even
        Height and width of an image, in pixels.
    channels : int
        1 for grey images, 3 for colour.
    n_classes : int, optional
        Number of classes. If it is given, the model takes labels in ``fit`` and in ``sample``.
    random_state : int
        Seed for the weights and the training.

    Returns
    -------
    FlowModel
        The compiled model. Real and generated images have values in [0, 1]. For digits, ``sample``
        gave the best results with 10 to 20 steps and a guidance of 0.1.

    Raises
    ------
    ValueError
        If a count, such as ``n_steps``, is not a whole number of at least 1, ``image_size`` is odd,
        or ``random_state`` is no whole number below 2**62.
    """
    counts = {"n_steps": n_steps, "image_size": image_size, "channels": channels}
    n_steps, image_size, channels = (check_count(*pair) for pair in counts.items())
    n_classes = n_classes if n_classes is None else check_count("n_classes", n_classes)
    random_state = as_tensorflow_seed(random_state)
    with seeded_weights(random_state):
        network = build_flow_unet(image_size, channels, n_classes=n_classes)
    settings = {"time_shift": TIME_SHIFT, "most_weight": MOST_WEIGHT}
    model = FlowModel(network, n_classes, (0, 1), random_state=random_state, **settings)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, n_steps, warmup_target=LEARNING_RATE, warmup_steps=min(WARM_UP, n_steps // 2)
    )
    kept = kept_share(n_steps, AVERAGING) if image_size >= LARGE else AVERAGING
    average = {"use_ema": True, "ema_momentum": kept}
    model.compile(keras.optimizers.Adam(rate, beta_2=0.99, name="adam", **average))
    return model
