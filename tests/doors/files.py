"""The doors for files: what a loader gives must stand in the file, as Python's own csv reads it."""

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import strategies as drawn

from doors import Door, keep

Rows = list[dict[str, str]]


@contextmanager
def _folder() -> Iterator[Path]:
    """Make an empty data folder for as long as a door is open."""
    before = os.environ.get("GAN_UTILS_DATA")
    with tempfile.TemporaryDirectory() as name:
        os.environ["GAN_UTILS_DATA"] = name
        try:
            yield Path(name)
        finally:
            os.environ.pop("GAN_UTILS_DATA")
            if before is not None:
                os.environ["GAN_UTILS_DATA"] = before


def _written(folder: Path, raw: bytes, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def rows_of(raw: bytes) -> Rows | None:
    """Read a table by Python's csv; None where a row has not as many fields as the header.

    Empty fields at the end do not count: some programs end each row with a comma.
    """
    text = raw.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(map(str.strip, row))]
    if rows:
        width = len(rows[0])
        rows = [row if any(row[width:]) else row[:width] for row in rows]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    names = [name.strip() for name in rows[0]]
    if len(set(names)) < len(names):
        return None
    return [dict(zip(names, map(str.strip, row), strict=True)) for row in rows[1:]]


def _number(cell: str) -> float:
    return float(cell)


def _check_column(column: pd.Series, cells: list[str]) -> None:
    what = f"column {column.name!r}"
    keep(len(column) == len(cells), f"{what} has {len(column)} rows; the file has {len(cells)}")
    if pd.api.types.is_numeric_dtype(column):
        told = np.array([_number(cell) for cell in cells])
        keep(np.allclose(column.to_numpy(float), told), f"{what}: {column.tolist()}, not {cells}")
    else:
        keep([*map(str, column)] == cells, f"{what}: {column.tolist()}, not {cells}")


HEADERS = [
    *[["age", "app", "default"]] * 8,
    ["age", "app", "Default"],
    ["age", "app", " default "],
    ["\ufeffage", "app", "default"],
    ["", "app", "default"],
    ["default", "default", "default"],
]
TABLES = st.sampled_from(HEADERS).flatmap(
    lambda header: drawn.csv_files(
        header,
        [st.integers(0, 99).map(str) | drawn.NUMBER_CELLS, drawn.TEXT_CELLS, drawn.TEXT_CELLS],
    )
)
CLEAN = [
    drawn.csv_files(
        ["age", "app", "default"],
        [
            st.integers(0, 99).map(str),
            st.sampled_from(["X", "Maps, Google", 'a "b"']),
            st.sampled_from("01"),
        ],
        whole=whole,
    )
    for whole in (True, False)
]


def _load_csv(raw: bytes) -> None:
    from gan_utils.datasets import load_csv

    with _folder() as folder:
        data = load_csv(_written(folder, raw), "default")
    rows = rows_of(raw)
    keep(rows is not None, "a file whose rows do not fit its header was read")
    keep(list(data.X) == [name for name in rows[0] if name != "default"], f"columns {list(data.X)}")
    for name in data.X:
        _check_column(data.X[name], [row[name] for row in rows])
    rare = [int(row["default"] == data.rare) for row in rows]
    keep(data.y.tolist() == rare, f"y is {data.y.tolist()}, not {rare}")
    keep(not data.X.isna().any(axis=None), "missing values")


APPS = ["Date", "App", "Usage (minutes)", "Notifications", "Times Opened"]
APP_CELLS = [
    st.sampled_from(["2024-08-31", "2024-08-30"]) | drawn.DATE_CELLS,
    st.sampled_from(["X", "Safari"]) | drawn.TEXT_CELLS,
    *[st.integers(0, 99).map(str) | st.integers(0, 99).map(str) | drawn.NUMBER_CELLS] * 3,
]
CLEAN_APPS = [
    drawn.csv_files(
        APPS,
        [
            st.sampled_from(["2024-08-31", "2024-08-30"]),
            st.sampled_from(["X", "Maps, Google"]),
            *[st.integers(0, 99).map(str)] * 3,
        ],
        whole=whole,
    )
    for whole in (True, False)
]


def _load_screentime(raw: bytes) -> None:
    from gan_utils.datasets import load_screentime

    with _folder() as folder:
        table = load_screentime(_written(folder, raw))
    rows = rows_of(raw)
    keep(rows is not None, "a file whose rows do not fit its header was read")
    keep(list(table) == APPS, f"columns {list(table)}")
    keep(str(table["Date"].dtype).startswith("datetime64"), f"Date is {table['Date'].dtype}")
    for name in APPS[1:]:
        _check_column(table[name], [row[name] for row in rows])
    days = [str(day.date()) for day in table["Date"]]
    keep(days == [row["Date"][:10] for row in rows], f"days {days}")


REVIEW_CELLS = [
    st.sampled_from(
        ["Good film.", "Long, dull film 9", 'A "classic".', "Bad<br />film", "a\nb", "", "très"]
    )
    | drawn.texts(6),
    st.sampled_from(["positive", "negative"] * 4 + ["", "Positive", "pos", "1"]),
]
CLEAN_REVIEWS = [
    drawn.csv_files(
        ["review", "sentiment"],
        [
            st.sampled_from(["Good film.", "Long, dull film 9", 'A "classic".']),
            st.sampled_from(["positive", "negative"]),
        ],
        whole=whole,
    )
    for whole in (True, False)
]


def _load_reviews(raw: bytes) -> None:
    from gan_utils.datasets import load_reviews
    from gan_utils.datasets.reviews import clean_review

    with _folder() as folder:
        reviews = load_reviews(_written(folder, raw), verbose=False)
    rows = rows_of(raw)
    keep(rows is not None, "a file whose rows do not fit its header was read")
    told = {(clean_review(row["review"]), row["sentiment"]) for row in rows}
    parts = [reviews.train, reviews.validation, reviews.test]
    for part in parts:
        keep(list(part) == ["review", "sentiment"], f"columns {list(part)}")
    made = pd.concat(parts)
    new = set(made.itertuples(index=False, name=None)) - told
    keep(not new, f"reviews that are not in the file: {new}")
    keep(made["review"].is_unique, "a review is there twice")
    n = len(made) + reviews.n_duplicates
    keep(n == len(rows), f"{n} reviews of {len(rows)}")


MARKED = (
    "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{}\n*** END OF THE PROJECT GUTENBERG *** x"
)


@st.composite
def books(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a book: with the marks of Project Gutenberg or without, whole or not."""
    text = draw(drawn.texts(60))
    form = draw(st.sampled_from(["plain", "marked", "start", "end", "page", "picture"]))
    text = {
        "marked": MARKED.format(text),
        "start": MARKED.split("{")[0] + text,
        "end": text + MARKED.split("}")[1],
        "page": drawn.PAGE + text,
        "picture": "\x89PNG\r\n" + text,
    }.get(form, text)
    encoding = draw(st.sampled_from(drawn.ENCODINGS))
    raw = text.encode(encoding, "ignore")
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 9)) == 9 else raw


def _load_book(raw: bytes) -> None:
    from gan_utils.datasets import load_book

    with _folder() as folder:
        (folder / "books").mkdir()
        _written(folder / "books", raw, "mine.txt")
        book = load_book("mine", verbose=False)
    keep(not book.is_substitute and not book.missing, "another text stands in for the file")
    keep(bool(book.text.strip()), "the book is empty")
    keep("PROJECT GUTENBERG EBOOK" not in book.text, "the licence is in the book")
    letters = {c for c in raw.decode("utf-8-sig") if c.isalpha()}
    keep({c for c in book.text if c.isalpha()} <= letters, "letters that are not in the file")


@st.composite
def vectors(draw: st.DrawFn) -> tuple[list[str], bytes, bool]:
    """Draw words, and the lines of a file of word vectors, whole or not, zipped or not."""
    kinds = ["the", "film", "très", "猫", ".", "a b", "", "\ud800", "1"]
    words = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4, unique=True))
    words += draw(st.sampled_from([[], [], [], words[:1]]))
    if draw(st.booleans()):  # a whole file, of as many lines as there should be
        lines = [f"{word} {'0.25 ' * 49}-1e-3\n" for word in ("the", "film", "猫")]
        return words, "".join(lines).encode(), draw(st.booleans())
    numbers = st.sampled_from(["0.5"] * 20 + ["-1e-3", "nan", "inf", "x", "", "1e999", "1,5"])
    known = draw(st.lists(st.sampled_from(["the", "film", "très", "猫", "<unk>", "\u00a0", ""])))
    n = draw(st.sampled_from([50] * 8 + [49, 51, 0]))
    tail = draw(numbers)
    lines = [" ".join([word, *["0.25"] * (n - 1), tail]) for word in known]
    raw = draw(st.sampled_from(["\n", "\n", "\r\n"])).join([*lines, ""])
    raw = raw.encode(draw(st.sampled_from(drawn.ENCODINGS)), "ignore")
    cut = draw(st.integers(0, len(raw))) if draw(st.integers(0, 5)) == 5 else len(raw)
    return words, raw[:cut], draw(st.booleans())


def _load_word_vectors(example: tuple[list[str], bytes, bool]) -> None:
    from gan_utils.datasets import load_word_vectors, word_vectors

    words, raw, zipped = example
    real, word_vectors.N_WORDS = word_vectors.N_WORDS, 3  # for 400,000 lines
    try:
        with _folder() as folder:
            if zipped:
                with zipfile.ZipFile(folder / "glove.6B.zip", "w") as archive:
                    archive.writestr("glove.6B.50d.txt", raw)
            else:
                _written(folder, raw, "glove.6B.50d.txt")
            found = load_word_vectors(words, verbose=False)
            again = load_word_vectors(words, verbose=False)
    finally:
        word_vectors.N_WORDS = real
    keep(found.matrix.shape == (len(words), 50), f"shape {found.matrix.shape}")
    keep(found.matrix.dtype == "float32" and np.isfinite(found.matrix).all(), "not finite")
    keep(np.array_equal(found.matrix, again.matrix), "one seed, two results")
    lines = [line.split(" ") for line in raw.decode("utf-8", "replace").split("\n")]
    told = {line[0] for line in lines if len(line) > 1}
    keep([word in told for word in words] == found.known.tolist(), "known words are not the file's")


DOORS = [
    Door("load_csv", st.one_of(*CLEAN, TABLES), _load_csv),
    Door(
        "load_screentime",
        st.one_of(*CLEAN_APPS, drawn.csv_files(APPS, APP_CELLS)),
        _load_screentime,
    ),
    Door(
        "load_reviews",
        st.one_of(*CLEAN_REVIEWS, drawn.csv_files(["review", "sentiment"], REVIEW_CELLS)),
        _load_reviews,
    ),
    Door("load_book", books(), _load_book),
    Door("load_word_vectors", vectors(), _load_word_vectors),
]
