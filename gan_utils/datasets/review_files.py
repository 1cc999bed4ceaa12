"""Read film reviews from a CSV file, and make such a file from Stanford's archive."""

from __future__ import annotations

import gzip
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from gan_utils.datasets import folder, obtain
from gan_utils.datasets.csv_files import LISTED, numbered_rows, text_of

#: Stanford's archive, and the CSV file that is made from it.
ARCHIVE_FILE, STANFORD_FILE = "aclImdb_v1.tar.gz", "aclImdb_v1.csv"
ADDRESS = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
ARCHIVE_HASH = "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe"
OPINIONS = ("negative", "positive")
COLUMNS = ["review", "sentiment"]
N_ALL = 50_000

_MEMBER = re.compile(r"aclImdb/(?:train|test)/(neg|pos)/\d+_\d+\.txt")


def read_reviews(path: Path) -> pd.DataFrame:
    """Read a CSV file of reviews and their sentiment.

    Parameters
    ----------
    path : Path
        A file in UTF-8 with the columns ``review`` and ``sentiment``; other columns are ignored.

    Returns
    -------
    DataFrame of str
        The two columns, unchanged.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is not a valid table of reviews; the message lists the faulty lines.
    """
    try:
        rows = numbered_rows(text_of(path))
    except ValueError as fault:
        raise _refusal(path, [str(fault)]) from fault
    line, header = next(rows)
    names = [name.strip() for name in header] if isinstance(header, list) else []
    if not set(COLUMNS) <= set(names):
        found = f"line {line}: the columns are {names}, not 'review' and 'sentiment'"
        raise _refusal(path, [found])
    places = [names.index(name) for name in COLUMNS]
    found, faults = [], []
    for line, row in rows:
        if fault := row if isinstance(row, str) else _fault(row, names):
            faults.append(f"line {line}: {fault}")
        else:
            found.append([row[place] for place in places])
    if faults or not found:
        raise _refusal(path, faults or ["line 1: there is no review below the header"])
    table = pd.DataFrame(found, columns=COLUMNS)
    if table["sentiment"].nunique() < 2:
        raise ValueError(f"{path.name} holds one opinion only. Add reviews of the other.")
    return table


def read_all_reviews(path: Path) -> pd.DataFrame:
    """Read a CSV file that must contain all 50,000 reviews.

    Parameters
    ----------
    path : Path
        Kaggle's file, or the file that is made from Stanford's archive.

    Returns
    -------
    DataFrame of shape (50,000, 2)
        The columns ``review`` and ``sentiment``.

    Raises
    ------
    ValueError
        If the file is not a valid table of reviews, or has the wrong number of rows.
    """
    table = read_reviews(path)
    if len(table) != N_ALL:
        raise ValueError(
            f"{path.name} in the data folder has {len(table):,} reviews, not {N_ALL:,}: it is cut "
            "off, or another file. Delete it, or download it again; load_reviews(path) takes a "
            "file of your own."
        )
    return table


def _refusal(path: Path, faults: list[str]) -> ValueError:
    more = [f"and {len(faults) - LISTED} more"] if len(faults) > LISTED else []
    return ValueError(
        f"{path.name} is not a whole table of reviews:\n  "
        + "\n  ".join(faults[:LISTED] + more)
        + "\nMend these lines, or delete the file and download it again."
    )


def _fault(row: list[str], names: list[str]) -> str:
    if len(row) != len(names):
        return (
            f"has {len(row)} fields, not {len(names)}. A review with a comma in it stands in "
            "quotation marks, and those inside of it are doubled"
        )
    cells = dict(zip(names, row, strict=True))
    if not cells["review"].strip():
        return "the review is empty"
    opinion = cells["sentiment"]
    return "" if opinion in OPINIONS else f"sentiment is {opinion[:30]!r}, not one of {OPINIONS}"


def obtain_reviews(path: Path) -> None:
    """Write the 50,000 reviews in Stanford's archive into one CSV file.

    Parameters
    ----------
    path : Path
        The file to write. The archive is read from the data folder or, if it is not there,
        downloaded.

    Raises
    ------
    OSError
        If the archive is not in the data folder and cannot be downloaded.
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
    """Read reviews directly from Stanford's archive; nothing is unpacked to disk.

    Parameters
    ----------
    archive : Path
        The ``.tar.gz`` file.

    Yields
    ------
    tuple of str
        The review, and ``"negative"`` or ``"positive"``.

    Raises
    ------
    ValueError
        If the archive is damaged or cut off, or contains a path that leads out of its folder.
    """
    try:
        # tarfile's own "r|gz" does not detect a truncated file.
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
    """Read the file made from Stanford's archive, and count its reviews.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        The number of reviews, as text.

    Raises
    ------
    ValueError
        If the file is not a table of 50,000 reviews.
    """
    return f"{len(read_all_reviews(path)):,} reviews"
