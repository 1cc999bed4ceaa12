"""Callbacks for GANs of images: grids, an animation, alarms that speak of images."""

import io
import warnings

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
from small_gans import IMAGES, build, discriminator, generator, train
from traitlets.config import Config

from gan_utils.generative import GAN
from gan_utils.networks import seeded_weights
from gan_utils.training import (
    SampleGrid,
    TrainingAlarms,
    TrainingWarning,
    save_animation,
)
from gan_utils.training.grids import as_bytes, encode_animation, tile


def test_a_grid_is_made_before_now_and_then_and_at_the_end(tmp_path, capsys):
    gan, grid = build("conditional"), SampleGrid(every=2, folder=tmp_path / "grids", n=5)
    train(gan, epochs=5, callbacks=[grid])
    assert grid.epochs == [0, 2, 4, 5]
    names = ["epoch_0000.png", "epoch_0002.png", "epoch_0004.png", "epoch_0005.png"]
    assert sorted(file.name for file in (tmp_path / "grids").iterdir()) == names
    stored = np.asarray(Image.open(tmp_path / "grids" / names[-1]))
    np.testing.assert_array_equal(stored, grid.frames[-1])
    expected = gan.sample(5, random_state=0, labels=[0, 1, 0, 1, 0])
    np.testing.assert_array_equal(grid.frames[-1], tile(as_bytes(expected, (0, 1))))
    assert "generated" not in capsys.readouterr().out


def test_a_second_training_starts_anew():
    gan, grid = build(), SampleGrid(every=1, n=4)
    train(gan, epochs=2, callbacks=[grid])
    train(gan, epochs=1, callbacks=[grid])
    assert grid.epochs == [0, 1]


def test_the_range_of_one_model_is_not_that_of_the_next():
    with seeded_weights(0):
        signed = GAN(generator("tanh"), discriminator(), latent_dim=3)
    signed.compile()
    grid = SampleGrid(every=1, n=4)
    train(build(), epochs=1, callbacks=[grid])
    signed.fit(2 * IMAGES - 1, 8, 1, 3, verbose=0, callbacks=[grid])
    expected = tile(as_bytes(signed.sample(4, 0), (-1, 1)))
    np.testing.assert_array_equal(grid.frames[-1], expected)


def test_only_grids_are_read_again_and_in_their_order(tmp_path):
    grid = SampleGrid(folder=tmp_path)
    for name in ("epoch_10000", "epoch_9999", "epoch_0005 (1)", "epoch_last", "epoch_0005"):
        Image.fromarray(np.zeros((3, 3), "uint8")).save(tmp_path / f"{name}.png")
    grid._read_earlier(20_000)
    assert grid.epochs == [5, 9999, 10_000]


def test_averaged_weights_are_looked_at_and_taken_away_again():
    plain, averaging = build(average=0.5), build(average=0.5)
    grid = SampleGrid(every=1, n=4)
    train(plain)
    train(averaging, callbacks=[grid])
    np.testing.assert_array_equal(plain.sample(4, 0), averaging.sample(4, 0))
    np.testing.assert_array_equal(grid.frames[-1], tile(as_bytes(plain.sample(4, 0), (0, 1))))


def test_an_image_lies_in_its_place_between_grey_lines():
    images = np.zeros((3, 100, 100, 1), "uint8")
    images[2] = 200
    page = tile(images)
    assert page.shape == (203 * 1, 203 * 1)
    np.testing.assert_array_equal(page[102:202, 1:101], 200)
    assert set(np.unique(page[:101])) == {0, 221}
    assert tile(np.zeros((1, 8, 8, 3), "uint8")).shape == (300, 300, 3)
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        tile(np.zeros((5, 3)))


def test_values_of_both_scales_become_ink_or_colours():
    tanh, sigmoid = np.array([[-1], [0], [1.0]]), np.array([[0], [1], [2.0]])
    np.testing.assert_array_equal(as_bytes(tanh, (-1, 1)).ravel(), [255, 128, 0])
    np.testing.assert_array_equal(as_bytes(sigmoid, (0, 1)).ravel(), [255, 0, 0])
    np.testing.assert_array_equal(as_bytes(np.array([[0, 1, np.nan]]), (0, 1)), [[0, 255, 0]])


def test_a_generator_with_tanh_is_noticed():
    with seeded_weights(0):
        gan = GAN(generator("tanh"), discriminator(), latent_dim=3)
    grid = SampleGrid(n=4)
    grid.set_model(gan)
    gan.compile()
    grid._images()
    assert grid._range == (-1, 1)


@pytest.mark.parametrize("colours", [(), (3,)])
def test_an_animation_plays_all_frames_and_fits(tmp_path, colours):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (60, 60, *colours)).astype("uint8") for _ in range(9)]
    with Image.open(save_animation(frames, tmp_path / "training.gif")) as film:
        assert film.n_frames == 9
        assert film.info["loop"] == 0
    small = encode_animation(frames, most_bytes=12_000)
    assert len(small) <= 12_000
    with Image.open(io.BytesIO(small)) as film:
        assert 2 <= film.n_frames < 9
        film.seek(film.n_frames - 1)
        last = np.asarray(film.convert("RGB"), float)
    wanted = np.asarray(Image.fromarray(frames[-1]).convert("RGB"), float)
    assert np.abs(last - wanted).mean() < 30
    with pytest.raises(ValueError, match="no frames"):
        encode_animation([])


def test_the_animation_of_a_grid_has_words():
    grid = SampleGrid(n=4)
    with pytest.raises(RuntimeError, match="Train with this callback first"):
        grid.animation()
    grid.frames, grid.epochs = [np.zeros((9, 9), "uint8")] * 2, [0, 5]
    shown = grid.animation()
    assert "from epoch 0 to epoch 5" in repr(shown)
    data, more = shown._repr_mimebundle_()
    assert "image/gif" in data
    assert more["image/gif"]["alt"] == shown.alt


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SampleGrid, "every"), (SampleGrid, "n"), (TrainingAlarms, "every"),
     (TrainingAlarms, "patience")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_named(kind, name):
    with pytest.raises(ValueError, match=f"{name}=0"):
        kind(**{name: 0})


# Alarms


def alarms_of(gan, alarms, epochs=3):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(gan, epochs, callbacks=[alarms], steps_per_epoch=1)
    return [str(w.message) for w in caught if issubclass(w.category, TrainingWarning)]


def frozen(**settings):
    gan = build(**settings)
    gan.g_optimizer.learning_rate.assign(0.0)
    gan.d_optimizer.learning_rate.assign(0.0)
    return gan


def test_images_that_repeat_each_other_are_a_collapse():
    gan = frozen()
    kernel, bias = gan.generator.get_layer("hidden").get_weights()
    gan.generator.get_layer("hidden").set_weights([0 * kernel, bias])
    (said,) = alarms_of(gan, TrainingAlarms(IMAGES, every=1, patience=2))
    assert said.startswith("mode collapse: generated images repeat each other")
    assert "WassersteinGAN" in said


def test_few_kinds_of_images_are_a_collapse_too():
    """Two images in turn vary as much as real ones do, but each has a twin."""
    two = np.stack([IMAGES[0], IMAGES[1]] * 20)
    alarms = TrainingAlarms(IMAGES, every=1, patience=1)

    class Two:
        def sample(self, n, random_state):
            return two

    alarms.set_model(Two())
    assert alarms._collapsed()
    Two.sample = lambda self, n, random_state: IMAGES[::-1]
    assert not alarms._collapsed()


def test_images_that_differ_are_no_collapse():
    gan = frozen()
    hidden, pixels = gan.generator.get_layer("hidden"), gan.generator.get_layer("pixels")
    hidden.kernel.assign(hidden.kernel * 3)
    pixels.kernel.assign(pixels.kernel * 3)
    assert alarms_of(gan, TrainingAlarms(IMAGES, every=1, patience=1)) == []


def test_a_discriminator_without_an_opinion_is_said_once():
    gan = frozen()
    output = gan.discriminator.get_layer("output")
    output.set_weights([0 * w for w in output.get_weights()])
    (said,) = alarms_of(gan, TrainingAlarms(), epochs=5)
    assert "no opinion" in said
    assert "trainable=False" in said


def test_a_wasserstein_gan_raises_no_alarm_about_a_judge():
    assert alarms_of(build("wasserstein"), TrainingAlarms(IMAGES, every=5)) == []


@pytest.fixture
def shell():
    """Be in a notebook, and leave none behind: other callbacks would write to it."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.kernel = object()
    yield shell
    InteractiveShell.clear_instance()


def test_the_notebook_s_picture_is_rewritten(shell, monkeypatch):
    published = []
    monkeypatch.setattr(shell.display_pub, "publish", lambda **message: published.append(message))
    train(build(), epochs=2, callbacks=[SampleGrid(every=1, n=4)])
    assert [bool(message.get("update")) for message in published] == [False, True, True]
    assert "4 generated images in a grid, after epoch 2." in str(published[-1]["data"])


def test_grids_and_animations_go_into_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert SampleGrid(folder="~/grids").folder == tmp_path / "grids"
    written = save_animation([np.zeros((4, 4), "uint8")], "~/films/one.gif")
    assert written == tmp_path / "films" / "one.gif"
    assert written.read_bytes()[:3] == b"GIF"


def test_an_animation_needs_the_name_of_a_file(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        save_animation([np.zeros((4, 4), "uint8")], tmp_path)
