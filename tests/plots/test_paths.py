"""Paths from noise to data, as lines and as an animation."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from gan_utils.plots import animate_paths, plot_paths

RNG = np.random.default_rng(0)
REAL = RNG.normal(3, 0.1, 200)
NOISE = RNG.normal(size=60)
PATHS = np.stack([(1 - t) * NOISE + t * REAL[:60] for t in np.linspace(0, 1, 5)])


def test_paths_start_at_the_noise_and_end_at_the_samples():
    lines, bars = plot_paths(PATHS, REAL, "to one bump").axes
    drawn = np.array([line.get_ydata() for line in lines.lines])
    np.testing.assert_allclose(drawn, PATHS.T[:40])
    assert lines.lines[0].get_xdata()[-1] == 1
    assert lines.get_xlabel()
    assert bars.get_xlabel()
    assert not plt.get_fignums()


def test_the_animation_has_a_frame_for_each_time_and_words():
    picture = animate_paths(PATHS, REAL, seconds=1)
    gif = Image.open(io.BytesIO(picture.data))
    assert gif.n_frames == len(PATHS)
    assert len(picture.data) < 600_000
    assert "noise" in picture.alt


def test_samples_that_are_all_equal_are_drawn(no_warnings):
    alike = np.ones((3, 4)), np.ones(5)
    _, bars = plot_paths(*alike).axes
    assert np.isfinite(bars.get_xlim()).all()
    assert Image.open(io.BytesIO(animate_paths(*alike, seconds=1).data)).n_frames == 3


@pytest.mark.parametrize(
    ("paths", "real", "said"),
    [
        (PATHS[0], REAL, "shape"),
        (PATHS[:1], REAL, "at least two"),
        (PATHS, [], "0 real samples"),
        (np.full((2, 3), np.nan), REAL, "missing"),
    ],
)
def test_what_is_no_path_is_refused(paths, real, said):
    with pytest.raises(ValueError, match=said):
        plot_paths(paths, real)
