"""Pictures of images: one scale, nothing cut off, sliders that work without a kernel."""

import matplotlib as mpl

mpl.use("agg")

import base64
import io
import re
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from gan_utils import plots as image_plots
from gan_utils.plots import images, show

pytestmark = pytest.mark.usefixtures("no_warnings")

IMAGES = np.random.default_rng(0).uniform(size=(40, 28, 28, 1)).astype("float32")
COLOURS = np.random.default_rng(3).uniform(size=(6, 32, 32, 3)).astype("float32")
NOISE = np.random.default_rng(1).normal(size=(4, 6)).astype("float32")
WEIGHTS = np.random.default_rng(2).normal(size=(6, 784))


def generate(noise: np.ndarray) -> np.ndarray:
    return (1 / (1 + np.exp(-noise @ WEIGHTS))).reshape(-1, 28, 28, 1)


FIGURES = {
    "square": lambda: image_plots.plot_images(IMAGES[:25], title="25 digits"),
    "a row and a bit": lambda: image_plots.plot_images(IMAGES[:13, :, :, 0], labels=range(13)),
    "one": lambda: image_plots.plot_images(IMAGES[:1]),
    "two lines of words": lambda: image_plots.plot_images(IMAGES[:4], 4, labels=["a\n0.99"] * 4),
    "side by side": lambda: image_plots.plot_side_by_side(
        {"real": IMAGES[:25], "generated": IMAGES[:9]}, labels={"generated": range(9)}
    ),
    "neighbours": lambda: image_plots.plot_neighbours(IMAGES[:8], IMAGES[8:16], np.arange(8.0)),
    "in colour": lambda: image_plots.plot_side_by_side(
        {"real": COLOURS, "generated": COLOURS[:2]}, columns=3
    ),
    "walks": lambda: image_plots.plot_walks(generate, NOISE, steps=5, title="walks"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_closed_figure_with_nothing_cut_off(name):
    figure = FIGURES[name]()
    assert isinstance(figure, Figure)
    assert plt.get_fignums() == []
    figure.draw_without_rendering()
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert box.x0 > -0.1 and box.y0 > -0.1, "something is cut off"
    assert box.x1 < page.x1 + 0.1 and box.y1 < page.y1 + 0.1, "something is cut off"
    assert len(show(figure, alt="images").data) < 200_000


def test_colours_are_drawn_as_they_are_on_white():
    figure = image_plots.plot_images(COLOURS, columns=3)
    (picture,) = figure.axes[0].images
    page = picture.get_array()
    np.testing.assert_array_equal(page[:32, :32], COLOURS[0])
    np.testing.assert_array_equal(page[34:66, 68:100], COLOURS[5])
    assert page[32:34].min() == 1


def test_every_image_is_in_its_place_on_one_scale():
    figure = image_plots.plot_images(0.5 * IMAGES[:12], columns=4)
    (picture,) = figure.axes[0].images
    page = picture.get_array()
    assert page.shape == (3 * 30, 4 * 30)
    np.testing.assert_array_equal(page[30:58, 60:88], 0.5 * IMAGES[6, :, :, 0])
    assert picture.get_clim() == (0, 1), "half as much ink has to look paler"


def test_a_grid_is_square_where_it_can_be():
    sizes = {n: images._columns(n) for n in (1, 9, 25, 100, 12, 7, 400)}
    assert sizes == {1: 1, 9: 3, 25: 5, 100: 10, 12: 10, 7: 7, 400: 10}


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (IMAGES[0, :, :, 0], r"shape \(28, 28\)"),
        (np.zeros((4, 28, 28, 2)), "grey"),
        (IMAGES[:0], "at least one"),
        (255 * IMAGES, "by 255"),
        (2 * IMAGES - 1, r"\(x \+ 1\) / 2"),
        (IMAGES * np.nan, "nan"),
    ],
)
def test_other_shapes_and_scales_are_refused(images, words):
    with pytest.raises(ValueError, match=words):
        image_plots.plot_images(images)


def test_what_does_not_pair_is_refused():
    with pytest.raises(ValueError, match="3 labels for 4 images"):
        image_plots.plot_images(IMAGES[:4], labels="abc")
    with pytest.raises(ValueError, match="do not pair"):
        image_plots.plot_neighbours(IMAGES[:4], IMAGES[:3])
    with pytest.raises(ValueError, match="for each of 4 pairs"):
        image_plots.plot_neighbours(IMAGES[:4], IMAGES[4:8], [0.5] * 3)
    with pytest.raises(ValueError, match="0 sets"):
        image_plots.plot_side_by_side({})


def test_a_walk_stays_on_the_sphere():
    start, end = np.random.default_rng(3).normal(size=(2, 400))
    path = image_plots.walk(start, end, 11)
    np.testing.assert_allclose(path[[0, -1]], [start, end], atol=1e-5)
    lengths = np.linalg.norm(path, axis=1)
    straight = np.linalg.norm((start + end) / 2)
    assert lengths.min() > 0.97 * min(np.linalg.norm(start), np.linalg.norm(end)) > straight


def test_walks_without_an_arc():
    same = image_plots.walk([1.0, 2.0], [1.0, 2.0], 3)
    np.testing.assert_array_equal(same, [[1, 2]] * 3)
    with pytest.raises(ValueError, match="no walk"):
        image_plots.walk([0.0, 0.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="no walk"):
        image_plots.walk([1.0, 2.0], [1.0])


def test_a_slider_starts_at_the_noise_and_ends_at_the_target():
    slider = image_plots.LatentSlider(generate, NOISE, direction=NOISE[0] + 1)
    np.testing.assert_allclose(slider.at(0), NOISE, atol=1e-6)
    np.testing.assert_allclose(slider.at(1), np.tile(NOISE[0] + 1, (4, 1)), atol=1e-5)
    left, right = slider.at(-0.5), slider.at(0.5)
    along = lambda v: np.einsum("ij,ij->i", v, NOISE) / np.linalg.norm(NOISE, axis=1)  # noqa: E731
    np.testing.assert_allclose(along(left), along(right), rtol=0.05, atol=0.05)


def test_a_page_holds_every_place_of_the_slider():
    from PIL import Image

    slider = image_plots.LatentSlider(generate, NOISE, frames=5)
    page = slider.page()
    data = base64.b64decode(re.search(r"base64,([^\"]+)", page)[1])
    picture = np.asarray(Image.open(io.BytesIO(data)))
    assert picture.shape == (5 * 64, 4 * 64)
    expected = 255 * (1 - generate(slider.at(0)).reshape(4, 28, 28)[1])
    middle = picture[2 * 64 + 4 : 3 * 64 - 4 : 2, 64 + 4 : 128 - 4 : 2]
    assert abs(middle - expected).max() < 1
    assert 'alt="4 generated images' in page and 'max="4" value="2"' in page


def test_a_page_shows_colours_as_they_are_on_white():
    from PIL import Image

    slider = image_plots.LatentSlider(lambda z: np.full((len(z), 4, 4, 3), [0.2, 0.4, 0.6]), NOISE)
    (encoded,) = re.findall(r"base64,([\w+/=]+)", slider.page())
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))
    assert picture.shape == (21 * 16, 4 * 16, 3)
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[8, 8].tolist() == [51, 102, 153]


def test_a_widget_asks_for_new_images():
    ipywidgets = pytest.importorskip("ipywidgets")
    widget = image_plots.LatentSlider(generate, NOISE).widget()
    slider, window = widget.children
    before = window.value
    slider.value = 0.5
    assert isinstance(slider, ipywidgets.FloatSlider) and window.value != before


def test_sliders_that_make_no_sense():
    for settings in ({"frames": 4}, {"frames": 1}, {"noise": NOISE[0]}):
        with pytest.raises(ValueError, match="odd number of frames"):
            image_plots.LatentSlider(**{"generate": generate, "noise": NOISE} | settings)


@pytest.fixture(scope="module")
def run_cell(python_path):
    """Run one cell as a program does, or as JupyterLab does, which names the cell."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", env=python_path)

    def run(source: str, metadata: dict) -> nbformat.NotebookNode:
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": True}
        client.shell_channel.send(client.session.msg("execute_request", content, metadata=metadata))
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["msg_type"] in ("execute_result", "error"):
                return message["content"]

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


CELL = """
import numpy as np
from gan_utils.plots import LatentSlider
LatentSlider(lambda z: np.full((len(z), 28, 28), 0.5), np.eye(3), frames=3)
"""
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.skipif(sys.platform == "win32", reason="a kernel's loop differs there")
def test_a_slider_shows_itself_with_and_without_a_front_end(run_cell):
    pytest.importorskip("ipywidgets")
    alone = run_cell(CELL, {})["data"]
    assert set(alone) == {"text/plain", "text/html"}
    assert alone["text/plain"] == "LatentSlider: 3 images, 3 places"
    live = run_cell(CELL, {"cellId": "abc"})["data"]
    assert set(live) == {"text/plain", "text/html", WIDGET}
