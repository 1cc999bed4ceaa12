"""What hypothesis draws for the front doors: tables, labels, texts, files and classifiers.

A table is drawn as a few values a column, which a seeded generator spreads over the rows: that is
as varied as a draw for each cell, far faster, and shrinks to a readable example.
"""

import datetime
import decimal
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd

INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
DAY = np.datetime64("2024-08-01")


@dataclass(frozen=True)
class Kind:
    """One kind of column: what values it may hold, and how pandas keeps them."""

    values: st.SearchStrategy
    make: Callable[[list], Any]


def _whole(dtype: str) -> st.SearchStrategy:
    limits = np.iinfo(dtype)
    low, high = int(limits.min), int(limits.max)
    ends = st.sampled_from([low, low + 1, high - 1, high, min(high, 2**53 + 1)])
    small = st.integers(max(low, -5), 9)
    return small | small | st.integers(low, high) | ends


def _plain_floats(width: int = 64) -> st.SearchStrategy:
    usual = st.floats(-1000, 1000, width=width)
    return usual | usual | st.floats(allow_nan=False, allow_infinity=False, width=width)


def _cast(dtype: Any) -> Callable[[list], pd.Series]:
    return lambda values: pd.Series(values, dtype=dtype)


def _via_numpy(dtype: str, kept: Any) -> Callable[[list], pd.Series]:
    # pandas reads a list of large whole numbers as floats, and rounds them.
    return lambda values: pd.Series(np.array(values, dtype)).astype(kept)


def _category(ordered: bool, unused: Any = None) -> Callable[[list], pd.Series]:
    def make(values: list) -> pd.Series:
        kinds = list(dict.fromkeys(values))
        spare = [] if unused is None or unused in kinds else [unused]
        return pd.Series(pd.Categorical(values, [*spare, *kinds], ordered=ordered))

    return make


def _objects(values: list) -> pd.Series:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return pd.Series(column)


WORDS = st.sampled_from(["a", "b", "home", "", " ", "0", "True", "nan", "très", "猫", "a,b", "\n"])
TEXTS = WORDS | WORDS | st.text(st.characters(), max_size=5)
DATES = st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1))
SECONDS = st.integers(-(2**33), 2**33)

NUMBERS = {
    **{dtype: Kind(_whole(dtype), _cast(dtype)) for dtype in INTEGERS},
    **{
        dtype.replace("i", "I").replace("u", "U"): Kind(
            _whole(dtype), _via_numpy(dtype, dtype.replace("i", "I").replace("u", "U"))
        )
        for dtype in INTEGERS
    },
    **{f"float{w}": Kind(_plain_floats(w), _cast(f"float{w}")) for w in (16, 32, 64)},
    **{f"Float{w}": Kind(_plain_floats(w), _cast(f"Float{w}")) for w in (32, 64)},
}
CATEGORIES = {
    "bool": Kind(st.booleans(), _cast(bool)),
    "boolean": Kind(st.booleans(), _cast("boolean")),
    "text": Kind(TEXTS, _objects),
    "string": Kind(WORDS, _cast("string")),
    "category of texts": Kind(TEXTS, _category(False, "unused")),
    "category of numbers": Kind(st.integers(-9, 9) | _plain_floats(), _category(False, 100)),
    "category of booleans": Kind(st.booleans(), _category(False)),
    "category of dates": Kind(DATES.map(pd.Timestamp), _category(False)),
    "ordered category": Kind(WORDS, _category(True)),
}
STRANGE = {
    "mixed objects": Kind(WORDS | st.integers() | st.booleans() | st.floats(), _objects),
    "objects, some missing": Kind(WORDS | st.none(), _objects),
    "booleans as objects": Kind(st.booleans(), _objects),
    "integers as objects": Kind(st.integers(), _objects),
    "dates as objects": Kind(DATES, _objects),
    "tuples": Kind(st.tuples(st.integers(0, 1), WORDS), _objects),
    "lists": Kind(st.lists(st.integers(0, 1), max_size=2), _objects),
    "decimals": Kind(st.decimals(allow_nan=False, allow_infinity=False), _objects),
    "bytes": Kind(st.binary(max_size=3), _objects),
    "datetime": Kind(SECONDS, lambda v: pd.Series(pd.to_datetime(v, unit="s"))),
    "datetime, seconds": Kind(
        SECONDS, lambda v: pd.Series(pd.to_datetime(v, unit="s")).astype("datetime64[s]")
    ),
    "datetime, zone": Kind(
        SECONDS, lambda v: pd.Series(pd.to_datetime(v, unit="s", utc=True).tz_convert("Asia/Tokyo"))
    ),
    "timedelta": Kind(SECONDS, lambda v: pd.Series(pd.to_timedelta(v, unit="s"))),
    "period": Kind(
        st.integers(-500, 500), lambda v: pd.Series(pd.PeriodIndex.from_ordinals(v, freq="M"))
    ),
    "interval": Kind(
        st.integers(-9, 9),
        lambda v: pd.Series(pd.IntervalIndex.from_tuples([(i, i + 1) for i in v])),
    ),
    "category of intervals": Kind(
        st.integers(-9, 9).map(lambda i: pd.Interval(i, i + 1)), _category(True)
    ),
    "category of tuples": Kind(st.tuples(st.integers(0, 1), WORDS), _category(False)),
    "sparse integers": Kind(st.integers(0, 3), _cast(pd.SparseDtype("int64", 0))),
    "sparse floats": Kind(_plain_floats(), _cast(pd.SparseDtype("float64", 0.0))),
    "sparse booleans": Kind(st.booleans(), _cast(pd.SparseDtype(bool, False))),
    "complex": Kind(st.complex_numbers(allow_nan=False, allow_infinity=False), _cast("complex128")),
}
try:
    import pyarrow as pa
except ImportError:
    ARROW: dict[str, Kind] = {}
else:
    ARROW = {
        "arrow int64": Kind(_whole("int64"), _via_numpy("int64", "int64[pyarrow]")),
        "arrow uint8": Kind(_whole("uint8"), _via_numpy("uint8", "uint8[pyarrow]")),
        "arrow double": Kind(_plain_floats(), _cast("double[pyarrow]")),
        "arrow bool": Kind(st.booleans(), _cast("bool[pyarrow]")),
        "arrow string": Kind(WORDS, _cast("string[pyarrow]")),
        "arrow large string": Kind(WORDS, _cast(pd.ArrowDtype(pa.string()))),
        "arrow dictionary": Kind(
            WORDS, lambda v: pd.Series(pd.array(v, pd.ArrowDtype(pa.string()))).astype("category")
        ),
        "arrow timestamp": Kind(
            SECONDS,
            lambda v: pd.Series(pd.to_datetime(v, unit="s")).astype("timestamp[s][pyarrow]"),
        ),
        "arrow decimal": Kind(
            st.integers(-99, 99).map(decimal.Decimal), _cast(pd.ArrowDtype(pa.decimal128(9, 2)))
        ),
    }
USUAL = [NUMBERS, CATEGORIES]
EVERY = [NUMBERS, CATEGORIES, STRANGE, *([ARROW] if ARROW else [])]

ODD_NAMES = [
    *("", " ", "self", "fit", "table", "index", "level_0", "0", "y", "name", "nan", "a.b", "a\nb"),
    *("très", "猫", "\ud800", "x" * 300, 0, 1, -1, 2.5, float("nan"), None, True, b"a"),
    *(("a", 1), ("a",), (), pd.Timestamp("2024-08-01"), np.int64(7), frozenset({1})),
]


@st.composite
def names(draw: st.DrawFn, n: int) -> pd.Index:
    """Draw n names of columns: mostly plain ones, else of every kind, sometimes one twice."""
    form = draw(st.sampled_from(["plain"] * 5 + ["odd"] * 3 + ["range", "levels", "twice"]))
    if form == "plain":
        return pd.Index([f"c{i}" for i in range(n)], name=draw(st.sampled_from([None, "facts"])))
    if form == "range":
        return pd.RangeIndex(n)
    if form == "levels":
        first = draw(st.sampled_from([["a", "b"], [1, 2], ["a", 1]]))
        return pd.MultiIndex.from_tuples([(first[i % 2], i) for i in range(n)])
    different = {"unique_by": lambda name: (type(name), repr(name))} if form == "odd" else {}
    drawn = draw(st.lists(st.sampled_from(ODD_NAMES), min_size=n, max_size=n, **different))
    index = np.empty(n, dtype=object)
    index[:] = drawn
    return pd.Index(index, tupleize_cols=False)


def _index(form: str, n: int, rng: np.random.Generator) -> pd.Index:
    forms = {
        "plain": lambda: pd.RangeIndex(n),
        "shuffled": lambda: pd.Index(rng.permutation(n) + 5),
        "repeated": lambda: pd.Index(np.zeros(n, int), name="row"),
        "texts": lambda: pd.Index([f"row {i}" for i in range(n)]),
        "dates": lambda: pd.Index(DAY + np.arange(n), name="day"),
        "levels": lambda: pd.MultiIndex.from_arrays([np.arange(n) // 2, np.arange(n) % 2]),
        "missing": lambda: pd.Index([np.nan] * n),
    }
    return forms[form]()


INDEXES = ["plain"] * 5 + ["shuffled", "repeated", "texts", "dates", "levels", "missing"]


@st.composite
def tables(
    draw: st.DrawFn,
    usual: list[dict[str, Kind]] = USUAL,
    min_rows: int = 1,
    max_rows: int = 60,
    max_columns: int = 4,
) -> pd.DataFrame:
    """Draw a table; three in four hold ``usual`` kinds only, one in twelve has missing values."""
    n, d = draw(st.integers(min_rows, max_rows)), draw(st.integers(1, max_columns))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = draw(st.sampled_from([usual, usual, usual, EVERY]))
    columns = [_column(draw, draw(st.sampled_from(groups)), n, rng) for _ in range(d)]
    table = pd.DataFrame(dict(enumerate(columns)))
    if draw(st.integers(0, 11)) == 11:
        table[0] = table[0].where(rng.random(n) < 0.9)
    table.columns, table.index = draw(names(d)), _index(draw(st.sampled_from(INDEXES)), n, rng)
    return table


def _column(draw: st.DrawFn, kinds: dict[str, Kind], n: int, rng: np.random.Generator) -> pd.Series:
    kind = kinds[draw(st.sampled_from(list(kinds)))]
    values = draw(st.lists(kind.values, min_size=1, max_size=5))
    if draw(st.integers(0, 3)) == 3:  # one value that is rare
        places = np.where(rng.random(n) < 0.9, 0, rng.integers(len(values), size=n))
    else:
        places = rng.integers(len(values), size=n)
    try:
        return kind.make([values[place] for place in places])
    except (ValueError, TypeError, OverflowError):  # pandas itself has no such column
        hypothesis.reject()


LABELS = [[0, 1], [1, 0, 2], ["a", "b"], [True, False], [0.5, 1.5], ["", "é"], [-1, 1], [5]]
LABELS += [[None, "a"], [float("nan"), 1.0], [0, 2**60], [(0, 1), (1, 2)], ["\ud800", "b"]]


@st.composite
def labels(draw: st.DrawFn, n: int) -> Any:
    """Draw n labels in a container of any kind; now and then one too few."""
    kinds = draw(st.sampled_from([*LABELS[:4] * 3, *LABELS]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0.2, 0.3, 0.5]))
    places = np.where(rng.random(n) < share, rng.integers(len(kinds), size=n), 0)
    chosen = [kinds[place] for place in places][draw(st.sampled_from([0] * 19 + [1])) :]
    form = draw(st.sampled_from(["array", "array", "list", "series", "category", "frame"]))
    if form == "list" or any(isinstance(kind, tuple) for kind in kinds):
        return chosen
    made = {
        "array": lambda: np.array(chosen),
        "series": lambda: pd.Series(chosen, index=range(7, 7 + len(chosen)), name="y"),
        "category": lambda: pd.Series(chosen, dtype="category"),
        "frame": lambda: pd.DataFrame({"y": chosen}),
    }
    try:
        return made[form]()
    except ValueError:  # pandas itself has no category of these
        hypothesis.reject()


#: Pieces of text that have been known to go wrong.
PIECES = [
    *("The", "film", "was", "good", "don't", "I", "i", "it's", "Mr.", "U.S.", "e-mail", "3.14"),
    *(".", "!", "?", "...", "--", "—", "(", ")", '"', "“", "”", "'", "’", ",", ";", "1,000", "$5"),
    *("tre\u0300s", "très", "हिन्दी", "ภาษาไทย", "猫が好き", "שלום", "مرحبا", "\u202eabc\u202c"),
    *("👩\u200d👩\u200d👧", "🇫🇷", "☕\ufe0f", "ﬁn", "İ", "ß", "ŉ", "\u0301", "\u200b", "\ufeff"),
    *(
        "\x00",
        "\x1b[0m",
        "\n",
        "\r\n",
        "\t",
        "\u2028",
        "\x85",
        "\ud800",
        "\udfff",
        "[UNK]",
        "<br />",
    ),
]


def prose() -> st.SearchStrategy:
    """Draw a text of some usual words and marks."""
    return st.lists(st.sampled_from(PIECES[:17]), min_size=4, max_size=30).map(" ".join)


@st.composite
def texts(draw: st.DrawFn, max_pieces: int = 30) -> str:
    """Draw a text: sentences, pieces of many scripts, or any characters at all."""
    form = draw(st.sampled_from(["prose", "prose", "pieces", "any", "empty"]))
    if form == "empty":
        return draw(st.sampled_from(["", " ", "\n", "\u0301", "."]))
    if form == "any":
        return draw(st.text(st.characters(), max_size=max_pieces))
    common = st.sampled_from(PIECES[: 17 if form == "prose" else None])
    pieces = draw(st.lists(common, min_size=1, max_size=max_pieces))
    return draw(st.sampled_from([" ", " ", ""])).join(pieces)


PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Wi-Fi, free</body></html>"
ENCODINGS = ["utf-8"] * 12 + ["utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-32"]
DEFECTS = ["none"] * 8 + ["longer", "shorter", "comma", "row names", "unquoted", "backslash"]
DEFECTS += ["one more each", "one more each", "row names"]
DEFECTS += ["cut", "page", "empty", "nul", "header twice", "quote", "blank lines", "no header"]


@st.composite
def csv_files(
    draw: st.DrawFn, header: list[str], cells: list[st.SearchStrategy], whole: bool = False
) -> bytes:
    """Draw the bytes of a table as a file: ``whole``, or with one of many defects."""
    rows = draw(st.lists(st.tuples(*cells), min_size=2 if whole else 0, max_size=8))
    defect = "none" if whole else draw(st.sampled_from(DEFECTS))
    table = _with_defect([list(header), *map(list, rows)], defect, draw)
    separator = "," if whole else draw(st.sampled_from([","] * 15 + [";", "\t", "|"]))
    quoted = defect not in {"unquoted", "backslash"}
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    lines = [separator.join(_cell(c, quoted, defect, separator) for c in row) for row in table]
    if defect == "blank lines":
        lines = [line for pair in lines for line in line_and_blank(pair)]
    text = end.join(lines) + draw(st.sampled_from([end, "", end * 3]))
    text = {"page": PAGE, "empty": "", "quote": text + '"'}.get(defect, text)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig"] if whole else ENCODINGS))
    raw = text.encode(encoding, "ignore")
    if defect == "nul":
        raw = raw.replace(b"a", b"\x00")
    return raw[: draw(st.integers(0, len(raw)))] if defect == "cut" else raw


def line_and_blank(line: str) -> tuple[str, str]:
    """Return a line, and an empty one to stand behind it."""
    return line, ""


def _with_defect(table: list[list[str]], defect: str, draw: st.DrawFn) -> list[list[str]]:
    header, rows = table[0], table[1:]
    if defect in {"longer", "shorter"} and rows:
        row = rows[draw(st.integers(0, len(rows) - 1))]
        row[:] = [*row, "9"] if defect == "longer" else row[:-1]
    if defect == "comma":
        rows = [[*row, ""] for row in rows]
    if defect == "one more each":
        rows = [[*row, "1"] for row in rows]
    if defect == "row names":
        rows = [[str(number), *row] for number, row in enumerate(rows, 1)]
    if defect == "header twice":
        header[-1] = header[0]
    return rows if defect == "no header" else [header, *rows]


def _cell(cell: str, quoted: bool, defect: str, separator: str) -> str:
    if quoted and any(mark in cell for mark in (separator, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return '"' + cell.replace('"', '\\"') + '"' if defect == "backslash" else cell


NUMBER_CELLS = st.sampled_from(
    [
        *(
            "0",
            "1",
            "2",
            "35",
            "-3",
            "2.5",
            "1e3",
            " 7 ",
            "1,5",
            "99999999999999999999",
            "",
            "NA",
            "nan",
        ),
        *("inf", "abc", "0x10", "1_000", "١٢", "+4", "9" * 400),
    ]
) | st.integers(0, 99).map(str)
TEXT_CELLS = st.sampled_from(["home", "bus", "Maps, Google", 'say "hi"', "", "NA", "a\nb", "猫"])
DATE_CELLS = st.sampled_from(
    [
        *("2024-08-31", "2024-08-30", "2024-08-31T10:00:00+02:00", "2024-08-31T10:00:00+01:00"),
        *("2024-02-30", "31.08.2024", "", "0001-01-01", "9999-12-31", "2024-08-31 10:00"),
    ]
)


def _crc(thing: Any) -> float:
    raw = thing.encode("utf-8", "surrogatepass") if isinstance(thing, str) else thing.tobytes()
    return zlib.crc32(raw) / 2**32


def _scores(things: Any) -> np.ndarray:
    """Give each text or image a number in (0, 1), always the same."""
    return np.array([0.01 + 0.98 * _crc(thing) for thing in things])


def _two(things: Any) -> np.ndarray:
    return np.stack([1 - _scores(things), _scores(things)], axis=1)


def _three(things: Any) -> np.ndarray:
    odds = np.stack([_scores(things), _scores(things) ** 2, np.ones(len(things))], axis=1)
    return odds / odds.sum(axis=1, keepdims=True)


#: What classifiers answer. Those of the first group must be explained.
GOOD_ANSWERS = {
    "two classes": _two,
    "three classes": _three,
    "float32": lambda things: _three(things).astype("float32"),
    "list of lists": lambda things: _two(things).tolist(),
    "frame": lambda things: pd.DataFrame(_two(things)),
    "always the same": lambda things: np.tile([0.25, 0.75], (len(things), 1)),
}
#: These must be explained as what they are, or refused.
SIGMOIDS = {
    "sigmoid (n, 1)": lambda things: _scores(things)[:, None],
    "sigmoid (n,)": _scores,
    "sigmoid (n, 1), float32": lambda things: _scores(things)[:, None].astype("float32"),
}
LOGITS = {
    "logits (n, 1)": lambda things: 8 * _scores(things)[:, None] - 4,
    "logits (n,)": lambda things: 8 * _scores(things) - 4,
}
#: These must be refused.
BAD_ANSWERS = {
    "labels": lambda things: (_scores(things) > 0.5).astype(int),
    "names": lambda things: np.where(_scores(things) > 0.5, "yes", "no"),
    "one class": lambda things: np.ones((len(things), 1)),
    "missing": lambda things: np.full((len(things), 2), np.nan),
    "infinite": lambda things: np.full((len(things), 2), np.inf),
    "many logits": lambda things: 9 * _three(things),
    "one too few": lambda things: _two(things)[1:],
    "three axes": lambda things: _two(things)[:, :, None],
    "nothing": lambda things: None,
    "a number": lambda things: 0.5,
    "no class": lambda things: np.zeros((len(things), 0)),
    "ragged": lambda things: [[0.5, 0.5], [1.0]],
    "words": lambda things: ["yes"] * len(things),
}
ANSWERS = {**GOOD_ANSWERS, **SIGMOIDS, **LOGITS, **BAD_ANSWERS}
