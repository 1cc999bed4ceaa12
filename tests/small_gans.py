"""Small generative models of images, trained in a second, that several test files share."""

import keras
import numpy as np
from keras import layers

from gan_utils._support.backend import tf
from gan_utils.generative import GAN, ConditionalGAN, FlowModel, WassersteinGAN
from gan_utils.networks import seeded_weights
from gan_utils.networks.parts import dense, glorot

LATENT, SIDE, CLASSES = 3, 4, 2


def pictures(n=48, seed=0):
    """Make bright pictures of class 1 and dark ones of class 0, in [0, 1]."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, n)
    light = 0.15 + 0.7 * labels[:, None, None, None]
    images = np.clip(light + rng.normal(scale=0.05, size=(n, SIDE, SIDE, 1)), 0, 1)
    return images.astype("float32"), labels


IMAGES, LABELS = pictures()


def picture_of(features, activation="sigmoid"):
    pixels = dense(SIDE**2, activation=activation, name="pixels")(features)
    return layers.Reshape((SIDE, SIDE, 1), name="image")(pixels)


def generator(activation="sigmoid"):
    noise = keras.Input((LATENT,), name="noise")
    hidden = dense(8, activation="relu", name="hidden")(noise)
    return keras.Model(noise, picture_of(hidden, activation), name="generator")


def discriminator(channels=1, dropout=0.0):
    image = keras.Input((SIDE, SIDE, channels), name="image")
    flat = layers.Flatten(name="flatten")(image)
    hidden = dense(8, activation="relu", name="hidden")(flat)
    if dropout:
        hidden = layers.Dropout(dropout, seed=1, name="dropout")(hidden)
    return keras.Model(image, dense(1, name="output")(hidden), name="discriminator")


def one_hot(label):
    return layers.CategoryEncoding(CLASSES, output_mode="one_hot", name="class")(label)


def conditional_generator():
    noise = keras.Input((LATENT,), name="noise")
    label = keras.Input((), dtype="int32", name="label")
    both = layers.Concatenate(name="both")([noise, one_hot(label)])
    hidden = dense(8, activation="relu", name="hidden")(both)
    return keras.Model([noise, label], picture_of(hidden), name="generator")


def conditional_discriminator():
    image = keras.Input((SIDE, SIDE, 1), name="image")
    label = keras.Input((), dtype="int32", name="label")
    both = layers.Concatenate(name="both")([layers.Flatten(name="flat")(image), one_hot(label)])
    hidden = dense(16, activation="relu", name="hidden")(both)
    return keras.Model([image, label], dense(1, name="output")(hidden), name="discriminator")


def flow_network(shape=(SIDE, SIDE, 1), n_classes=None, width=16):
    sample = keras.Input(shape, name="sample")
    time = keras.Input((1,), name="time")
    parts, inputs = [layers.Flatten(name="flat")(sample), time], [sample, time]
    if n_classes is not None:
        label = keras.Input((), dtype="int32", name="label")
        told = {"embeddings_initializer": glorot(), "name": "class"}
        parts.append(layers.Embedding(n_classes + 1, 4, **told)(label))
        inputs.append(label)
    hidden = dense(width, activation="relu", name="hidden")(layers.Concatenate(name="all")(parts))
    values = dense(int(np.prod(shape)), name="values")(hidden)
    return keras.Model(inputs, layers.Reshape(shape, name="estimate")(values), name="flow")


def adam(name, rate=2e-3, **more):
    return keras.optimizers.Adam(rate, beta_1=0.5, name=name, **more)


def build(kind="gan", average=0.0, steps_per_execution=1, **settings):
    """Make a small compiled model: a GAN, ConditionalGAN, WassersteinGAN or FlowModel."""
    if kind == "flow":
        return build_flow(average, steps_per_execution, **settings)
    with seeded_weights(0):
        if kind == "conditional":
            networks = conditional_generator(), conditional_discriminator()
            gan = ConditionalGAN(*networks, LATENT, CLASSES, **settings)
        elif kind == "wasserstein":
            gan = WassersteinGAN(generator(), discriminator(), LATENT, critic_steps=2, **settings)
        else:
            dropout = settings.pop("dropout", 0.0)
            gan = GAN(generator(), discriminator(dropout=dropout), LATENT, **settings)
    averaging = {"use_ema": True, "ema_momentum": average} if average else {}
    gan.compile(adam("g_adam", **averaging), adam("d_adam"), steps_per_execution)
    return gan


def build_flow(average=0.0, steps_per_execution=1, **settings):
    """Make a small compiled flow model with classes."""
    with seeded_weights(0):
        network = flow_network(n_classes=CLASSES, width=8)
    flow = FlowModel(network, CLASSES, (0, 1), **settings)
    averaging = {"use_ema": True, "ema_momentum": average} if average else {}
    flow.compile(adam("adam", **averaging), steps_per_execution)
    return flow


def takes_classes(model):
    return isinstance(model, ConditionalGAN | FlowModel)


def train(gan, epochs=2, **settings):
    """Train on the pictures, with their classes where the model wants them."""
    classes = {"labels": LABELS} if takes_classes(gan) else {}
    settings = {"batch_size": 8, "steps_per_epoch": 3, "verbose": 0} | settings
    return gan.fit(IMAGES, epochs=epochs, **classes, **settings).history


def train_on_dataset(gan, epochs=2, batch_size=8, seed=3, **settings):
    """Train on a dataset of batches, shuffled; its last batch is smaller than the others."""
    samples = (IMAGES, LABELS) if takes_classes(gan) else IMAGES
    # Another test may have set TensorFlow's global seed, which has a say in every shuffle.
    tf.random.set_seed(0)
    dataset = tf.data.Dataset.from_tensor_slices(samples).shuffle(48, seed).batch(batch_size)
    return gan.fit(dataset, epochs=epochs, verbose=0, **settings).history


def weights(gan):
    networks = (getattr(gan, name) for name in gan.network_names)
    return [w.copy() for network in networks for w in network.get_weights()]


def assert_same_weights(one, other):
    assert all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))
