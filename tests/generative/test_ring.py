"""The ring of Gaussians: its points, its measures, the lab, and what the lab draws."""

import keras
import numpy as np
import pytest

from gan_utils.generative import WassersteinGAN, ring
from gan_utils.networks import MinibatchDiscrimination
from gan_utils.plots import ring as ring_plots


@pytest.fixture(scope="module")
def plain():
    return ring.run_ring("plain", n_steps=200, n_looks=2, random_state=3)


def test_real_points_cover_all_modes_and_nearly_all_lie_on_one():
    scores = ring.ring_scores(ring.make_ring(20_000, random_state=0))
    assert scores["modes covered"] == 8
    # Within three standard deviations in the plane: 1 - exp(-9 / 2).
    assert scores["on a mode"] == pytest.approx(1 - np.exp(-4.5), abs=0.004)


def test_the_same_seed_draws_the_same_points():
    one, two = (ring.make_ring(50, random_state=7) for _ in range(2))
    assert one.dtype == np.float32
    assert np.array_equal(one, two)
    assert not np.array_equal(one, ring.make_ring(50, random_state=8))


@pytest.mark.parametrize(("modes", "share"), [([0], 1.0), ([0, 4], 1.0), (range(8), 1.0)])
def test_modes_are_counted(modes, share):
    points = np.repeat(ring.ring_centres()[list(modes)], 100, axis=0)
    assert ring.ring_scores(points) == {"modes covered": len(modes), "on a mode": share}


def test_a_handful_of_points_does_not_cover_a_mode():
    centres = ring.ring_centres()
    points = np.concatenate([np.repeat(centres[:1], 992, axis=0), np.repeat(centres[1:2], 8, 0)])
    assert ring.ring_scores(points)["modes covered"] == 1  # a fair share would be 125


def test_points_between_modes_are_on_none():
    points = np.array([[0.0, 0.0], [2.07, 0.0], [2.05, 0.0]])
    assert ring.nearest_mode(points)[1].tolist() == [False, False, True]
    assert ring.ring_scores(points[:1]) == {"modes covered": 0, "on a mode": 0.0}


@pytest.mark.parametrize("points", [np.zeros((3, 3)), np.zeros(2), np.zeros((0, 2))])
def test_other_shapes_are_refused(points):
    with pytest.raises(ValueError, match=r"Give \(n, 2\)"):
        ring.ring_scores(points)


def test_broken_points_are_refused():
    with pytest.raises(ValueError, match="missing or infinite"):
        ring.ring_scores(np.array([[np.nan, 0.0]]))


def test_bad_parameters_are_refused():
    with pytest.raises(ValueError, match="Choose one of plain"):
        ring.build_ring_gan("unrolled")
    with pytest.raises(ValueError, match="n_steps=0"):
        ring.run_ring("plain", n_steps=0)
    with pytest.raises(ValueError, match="n=0"):
        ring.make_ring(0)


def test_a_run_is_watched_and_repeats_bit_for_bit(plain):
    again = ring.run_ring("plain", n_steps=200, n_looks=2, random_state=3)
    assert plain.scores.index.tolist() == [100, 200]
    assert plain.scores.equals(again.scores)
    assert all(map(np.array_equal, plain.frames, again.frames))
    assert plain.frames[0].shape == (500, 2)
    assert not np.array_equal(*plain.frames)


def test_every_method_has_the_same_generator():
    methods = dict.fromkeys((*ring.METHODS, *ring.REMEDIES))
    first = [ring.build_ring_gan(m, 100, random_state=1).generator for m in methods]
    for other in first[1:]:
        assert all(map(np.array_equal, first[0].get_weights(), other.get_weights()))
    assert isinstance(ring.build_ring_gan("Wasserstein"), WassersteinGAN)


def test_minibatch_discrimination_sees_that_all_samples_are_alike(tmp_path):
    layer = MinibatchDiscrimination(kernels=3, size=2, others=8)
    rng = np.random.default_rng(0)
    varied = np.asarray(layer(rng.normal(size=(16, 5)).astype("float32")))
    alike = np.asarray(layer(np.ones((16, 5), dtype="float32")))
    assert varied.shape == (16, 8)
    assert np.allclose(alike[:, 5:], 1)
    assert varied[:, 5:].max() < 1
    gan = ring.build_ring_gan("minibatch discrimination", 100)
    gan.discriminator.save(tmp_path / "d.keras")
    loaded = keras.models.load_model(tmp_path / "d.keras", safe_mode=True)
    points = ring.make_ring(40, random_state=0)
    assert np.array_equal(loaded(points), gan.discriminator(points))


@pytest.mark.parametrize("method", ["packing", "minibatch discrimination", "Wasserstein"])
def test_the_other_methods_train(method, no_warnings):
    run = ring.run_lab([method], n_steps=20, n_looks=1)[0]
    assert run.scores.index.tolist() == [20]
    assert np.isfinite(run.frames[0]).all()
    assert list(ring.last_scores([run]).index) == [method]


@pytest.mark.parametrize("method", ring.REMEDIES)
def test_optimizers_of_ones_own_take_the_place_of_the_methods(method):
    asked = []

    def chosen(n_steps):
        asked.append(n_steps)
        return keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2)

    gan = ring.build_ring_gan(method, 40, optimizers=chosen)
    assert asked == [40]
    assert [float(o.learning_rate) for o in (gan.g_optimizer, gan.d_optimizer)] == pytest.approx(
        [0.1, 0.2]
    )


@pytest.mark.parametrize(
    ("n_steps", "n_looks", "looks"),
    [(700, 3, [200, 400, 600, 700]), (600, 3, [200, 400, 600]), (250, 5, [100, 200, 250])],
)
def test_the_last_look_comes_after_the_last_step(n_steps, n_looks, looks):
    run = ring.run_ring("plain", n_steps, n_looks, random_state=0)
    assert run.scores.index.tolist() == looks
    assert len(run.frames) == len(looks)


def test_pictures_and_animation(plain, no_warnings):
    assert len(ring_plots.plot_ring([plain, plain], n_times=2).axes) == 4
    assert len(ring_plots.plot_ring_scores([plain]).axes) == 2
    animation = ring_plots.animate_ring([plain])
    assert animation.data.startswith(b"GIF89a")
    assert "plain" in repr(animation)
    with pytest.raises(ValueError, match="no training"):
        ring_plots.plot_ring([])


def test_a_wrong_seed_is_named():
    with pytest.raises(ValueError, match="random_state=None"):
        ring.build_ring_gan("plain", random_state=None)
