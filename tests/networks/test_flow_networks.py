"""Networks of flow matching: shapes, what they are told, and files."""

import keras
import numpy as np
import pytest

from gan_utils.networks import TimeWaves, build_flow_mlp, build_flow_unet, seeded_weights

RNG = np.random.default_rng(0)
SMALL = {"image_size": 8, "filters": 4, "width": 16}


def inputs(channels=1, n_classes=None):
    given = [
        RNG.normal(size=(3, 8, 8, channels)).astype("float32"),
        np.full((3, 1), 0.5, "float32"),
    ]
    return given if n_classes is None else [*given, np.arange(3)]


def shaken(network):
    """Give every weight a random value: some begin at 0, so that they hide what comes before."""
    rng = np.random.default_rng(1)
    network.set_weights([rng.normal(0, 0.3, w.shape) for w in network.get_weights()])
    return network


def test_waves_tell_times_apart_and_stay_small():
    waves = TimeWaves()(np.linspace(0, 1, 101)[:, None].astype("float32")).numpy()
    assert waves.shape == (101, 32)
    assert np.abs(waves).max() <= 1
    apart = np.linalg.norm(waves[:, None] - waves, axis=-1) + np.eye(101)
    assert apart.min() > 0.1


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("n_classes", [None, 4])
def test_a_unet_returns_an_image_of_the_same_shape(channels, n_classes):
    network = shaken(build_flow_unet(channels=channels, n_classes=n_classes, **SMALL))
    given = inputs(channels, n_classes)
    estimate = network(given).numpy()
    assert estimate.shape == given[0].shape
    later = network([given[0], given[1] + 0.3, *given[2:]]).numpy()
    assert np.abs(later - estimate).max() > 1e-3
    if n_classes is not None:
        other = network([*given[:2], np.full(3, n_classes)]).numpy()
        assert np.abs(other - estimate).max(axis=(1, 2, 3)).min() > 1e-3


def test_every_pixel_of_the_estimate_sees_every_pixel():
    network, (image, times) = shaken(build_flow_unet(**SMALL)), inputs()
    changed = image.copy()
    changed[:, 0, 0] += 1
    moved = np.abs(network([changed, times]).numpy() - network([image, times]).numpy())
    assert (moved[..., 0] > 0).mean() > 0.9


def test_pixels_stay_in_their_order():
    network = build_flow_unet(**SMALL)
    squares = network.get_layer("squares").output
    order = keras.Model(squares, network.output)
    cells = np.arange(64).reshape(1, 4, 2, 4, 2).transpose(0, 1, 3, 2, 4)[..., None]
    np.testing.assert_array_equal(order(cells).numpy()[0, ..., 0], np.arange(64).reshape(8, 8))


def test_rows_have_probabilities_for_their_categories():
    network = build_flow_mlp(2, (3, 1), (8,))
    row = network([RNG.normal(size=(5, 6)), RNG.random((5, 1))]).numpy()
    np.testing.assert_allclose(row[:, 2:5].sum(axis=1), 1, atol=1e-6)
    assert ((row[:, 5] > 0) & (row[:, 5] < 1)).all()


@pytest.mark.parametrize(
    "build", [lambda: build_flow_unet(n_classes=4, **SMALL), lambda: build_flow_mlp(2, (3,), (8,))]
)
def test_a_saved_network_loads_in_safe_mode_and_says_the_same(build, tmp_path):
    network = build()
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras", safe_mode=True)
    given = [RNG.normal(size=(3, *tensor.shape[1:])) for tensor in network.inputs]
    given[2:] = [np.arange(3)] if len(given) == 3 else []
    np.testing.assert_array_equal(loaded(given).numpy(), network(given).numpy())


def test_the_same_seed_gives_the_same_weights():
    made = []
    for seed in (0, 0, 1):
        with seeded_weights(seed):
            made.append(build_flow_unet(n_classes=2, **SMALL).get_weights())
    assert all(np.array_equal(a, b) for a, b in zip(made[0], made[1], strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(made[0], made[2], strict=True))


def test_an_odd_size_is_named():
    with pytest.raises(ValueError, match="image_size=27"):
        build_flow_unet(27)
