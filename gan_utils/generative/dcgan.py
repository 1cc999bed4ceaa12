"""The course's DCGAN, ready to train: networks, optimizers and settings that work together."""

from gan_utils._support.backend import keras
from gan_utils._support.checks import as_tensorflow_seed, check_count
from gan_utils.generative import GAN, ConditionalGAN
from gan_utils.networks import (
    build_small_dcgan_discriminator,
    build_small_dcgan_generator,
    seeded_weights,
)
from gan_utils.training import kept_share

#: Images per step and number of steps for which the settings below were chosen.
BATCH_SIZE = 32
N_STEPS = 4000
LEARNING_RATE = 2e-3
#: Weight of the R1 penalty.
PENALTY = 0.2
#: Momentum of the moving average of the weights: the fraction of the old average retained at each
#: step.
AVERAGING = 0.998
#: From this image size up, each network has one more layer, which halves or doubles the size.
LARGE = 48
#: Feature maps of the generator and of the discriminator, for small and for large images. For large
#: images, the layers nearest the image have fewer feature maps, since a layer takes five times as
#: much work at 64 x 64 as at 28 x 28.
GENERATOR_FILTERS = {False: (64, 32, 16), True: (96, 48, 24, 12)}
DISCRIMINATOR_FILTERS = {False: (32, 64, 128), True: (16, 32, 64, 128)}


def build_dcgan(
    n_steps: int = N_STEPS,
    *,
    image_size: int = 28,
    channels: int = 1,
    latent_dim: int = 32,
    n_classes: int | None = None,
    random_state: int = 0,
) -> GAN:
    """Build a DCGAN that trains in minutes on two cores, without a GPU.

    Its networks are built by `build_small_dcgan_generator` and `build_small_dcgan_discriminator`.
    The learning rate falls on a cosine schedule from ten times that of the DCGAN paper to 0. At
    this high rate, Adam is stable if it has no momentum and only a short memory of squared
    gradients. The R1 penalty keeps the discriminator from getting too far ahead of the generator.
    The generator's weights are averaged over the last few hundred steps. For images that are at
    least 48 pixels wide, each network has one more layer.

    Parameters
    ----------
    n_steps : int
        How many steps the model will be trained for, on batches of 32, with ``fit(images,
        batch_size=32, steps_per_epoch=..., epochs=...)``. After these steps, the learning rate
        is 0.
    image_size : int, a multiple of 4 (of 8 if it is at least 48)
        Height and width of an image, in pixels.
    channels : int
        1 for grey images, 3 for colour.
    latent_dim : int
        Length of the noise vector.
    n_classes : int, optional
        Number of classes. If it is given, the model is a `ConditionalGAN`, which takes labels in
        ``fit`` and in ``sample``.
    random_state : int
        Seed for the weights and the training.

    Returns
    -------
    GAN or ConditionalGAN
        The compiled model. Real and generated images have values in [0, 1].

    Raises
    ------
    ValueError
        If a count, such as ``n_steps``, is not a whole number of at least 1, ``image_size`` cannot
        be halved twice (three times if it is 48 or more), or ``random_state`` is no whole number
        below 2**62.
    """
    counts = {"n_steps": n_steps, "image_size": image_size, "channels": channels}
    counts["latent_dim"] = latent_dim
    n_steps, image_size, channels, latent_dim = (check_count(*pair) for pair in counts.items())
    n_classes = n_classes if n_classes is None else check_count("n_classes", n_classes)
    random_state = as_tensorflow_seed(random_state)
    large, given = image_size >= LARGE, {"n_classes": n_classes, "channels": channels}
    with seeded_weights(random_state):
        generator = build_small_dcgan_generator(
            latent_dim, image_size, GENERATOR_FILTERS[large], **given
        )
        discriminator = build_small_dcgan_discriminator(
            image_size, DISCRIMINATOR_FILTERS[large], **given
        )
    settings = {"gradient_penalty": PENALTY, "random_state": random_state}
    if n_classes is None:
        model = GAN(generator, discriminator, latent_dim, **settings)
    else:
        model = ConditionalGAN(generator, discriminator, latent_dim, n_classes, **settings)
    kept = kept_share(n_steps, AVERAGING) if large else AVERAGING
    average = {"use_ema": True, "ema_momentum": kept}
    model.compile(_adam("g_adam", n_steps, **average), _adam("d_adam", n_steps))
    return model


def _adam(name: str, n_steps: int, **average: float) -> keras.optimizers.Optimizer:
    falling = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, n_steps)
    return keras.optimizers.Adam(falling, beta_1=0.0, beta_2=0.99, name=name, **average)
