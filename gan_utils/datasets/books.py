"""Load books from Project Gutenberg as plain text, without the licence and the header."""

import re
from dataclasses import dataclass
from pathlib import Path

from gan_utils.datasets import folder, obtain
from gan_utils.datasets.plain_text import decoded, plain_marks

FOLDER = "books"
#: Project Gutenberg's address for plain texts.
ADDRESS = "https://www.gutenberg.org/cache/epub/{number}/pg{number}.txt"


@dataclass(frozen=True)
class Work:
    """A book on the course's list, with its Project Gutenberg number and a passage from its end.

    Parameters
    ----------
    title, author : str
        The title and the author, as on the title page.
    number : int
        Number of the e-book at Project Gutenberg.
    ending : str
        Words from the last paragraph, in plain characters.
    """

    title: str
    author: str
    number: int
    ending: str


BOOKS = {
    "alice": Work(
        "Alice's Adventures in Wonderland", "Lewis Carroll", 11, "and the happy summer days"
    ),
    "looking_glass": Work(
        "Through the Looking-Glass", "Lewis Carroll", 12, "Life, what is it but a dream?"
    ),
    "snark": Work(
        "The Hunting of the Snark", "Lewis Carroll", 13, "For the Snark was a Boojum, you see"
    ),
    "peter_pan": Work("Peter Pan", "J. M. Barrie", 16, "gay and innocent and heartless"),
    "wizard_of_oz": Work(
        "The Wonderful Wizard of Oz", "L. Frank Baum", 55, "so glad to be at home again"
    ),
    "wind_in_the_willows": Work(
        "The Wind in the Willows", "Kenneth Grahame", 289, "never failed to have its full effect"
    ),
}

#: If no book is available, about this many characters of film reviews replace each requested book.
#: This is about the length of *Alice's Adventures in Wonderland*.
SUBSTITUTE_LENGTH = 144_000

#: A title may span several lines; without closing asterisks, only one line is matched.
_START = re.compile(
    r"\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG(?:.{0,200}?\*\*\*|[^\n]*)", re.S | re.I
)
_END = re.compile(r"\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG", re.I)
_LAST_WORDS = re.compile(r"\n *End of (?:the |this )?Project Gutenberg.*\Z", re.S | re.I)
_CREDITS = re.compile(r"\A\s*(?:Produced by|E-text prepared by|Transcribed)[^\n]*(?:\n[^\n]+)*")
_PICTURE = re.compile(r"\[Illustration[^\]]*\]")
#: Form feeds and tabs, which occur in old files.
_BLANKS = str.maketrans({"\f": "\n", "\t": " "})
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True)
class Book:
    """The text of one book, or of several books joined into one.

    Attributes
    ----------
    titles : tuple of str
        Titles of the books in the text.
    text : str
        The text without licence or header, in plain characters and with newlines as line endings.
    source : str
        Where the text was loaded from.
    is_substitute : bool
        Whether the text consists of film reviews, because no book was available.
    missing : tuple of str
        Titles that were requested but are not in the text.
    """

    titles: tuple[str, ...]
    text: str
    source: str
    is_substitute: bool = False
    missing: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """All titles on one line."""
        return " + ".join(self.titles)

    def __repr__(self) -> str:
        line = f"{self.title}: {len(self.text):,} characters, from {self.source}"
        if not self.missing:
            return line
        return (
            f"{line}\nNotice: not here and not to be downloaded: {', '.join(self.missing)}."
            f" To have them, put the text files into {FOLDER}/ in the data folder"
            " (python -m gan_utils fetch, where there is a network)."
        )


def load_book(*names: str, verbose: bool = True) -> Book:
    """Load one book, or join several books into one text.

    Each book is read from ``books/NAME.txt`` in the data folder. If this file does not exist, the
    book is downloaded from Project Gutenberg into that folder. A book that cannot be obtained is
    left out; if ``verbose`` is true, a notice is printed. If no book is available, film reviews of
    about the same length are used instead.

    Parameters
    ----------
    *names : str
        ``"alice"`` (the default), ``"looking_glass"``, ``"snark"``, ``"peter_pan"``,
        ``"wizard_of_oz"``, ``"wind_in_the_willows"``; or the name of your own text file in
        ``books/``, without ``.txt``.
    verbose : bool
        Whether to print what was loaded, and from where.

    Returns
    -------
    Book
        Several books are joined in the given order, with an empty line between them.

    Raises
    ------
    ValueError
        If a name is unknown, is given twice, or contains characters other than letters, digits,
        ``_`` and ``-``, or if a file is damaged and cannot be downloaded again. For a damaged file,
        the message gives the line number.

    Examples
    --------
    >>> alice = load_book("alice")  # doctest: +SKIP
    Alice's Adventures in Wonderland: 144,401 characters, from the data folder
    """
    names = names or ("alice",)
    _check_names(names)
    texts = {}
    for name in names:
        text = _text(name, online=len(texts) == names.index(name))
        if text is not None:
            texts[name] = text
    book = _joined(names, texts) if texts else _substitute(names)
    if verbose:
        print(book)
    return book


def _check_names(names: tuple[str, ...]) -> None:
    for name in names:
        if not isinstance(name, str) or not re.fullmatch(r"[\w-]+", name):
            raise ValueError(f"{name!r} is not the plain name of a book, such as 'alice'.")
        if name not in BOOKS and not _path(name).is_file():
            raise ValueError(
                f"there is no book {name!r}. Choose from {', '.join(BOOKS)}; or put a text file "
                f"{name}.txt into the folder {FOLDER} of the data folder."
            )
    if len(set(names)) < len(names):
        raise ValueError(f"the names {names} hold a book twice. Name each once.")


def _path(name: str) -> Path:
    return folder.data_folder() / FOLDER / f"{name}.txt"


def _text(name: str, online: bool) -> str | None:
    """Return the text of a book, or None if the book is unavailable.

    After a failed download, ``online`` is False: another attempt would probably fail after the same
    wait.
    """
    path = _path(name)
    if name not in BOOKS:
        return read_book(path)

    def fetch(part: Path) -> None:
        if not online:
            raise OSError("an earlier download has failed")
        obtain_book(name, part)

    there = obtain.is_there(path, fetch, lambda file: verify_book(name, file))
    return read_book(path) if there else None


def _joined(names: tuple[str, ...], texts: dict[str, str]) -> Book:
    titles = tuple(_title(name) for name in texts)
    missing = tuple(_title(name) for name in names if name not in texts)
    return Book(titles, "\n\n".join(texts.values()), "the data folder", missing=missing)


def _title(name: str) -> str:
    return BOOKS[name].title if name in BOOKS else name.replace("_", " ").capitalize()


def _substitute(names: tuple[str, ...]) -> Book:
    """Return film reviews in place of the books; leave out reviews with non-ASCII characters."""
    from gan_utils.datasets.reviews import load_reviews

    reviews, chosen, length = load_reviews(verbose=False), [], SUBSTITUTE_LENGTH * len(names)
    for review in filter(str.isascii, reviews.train["review"]):
        chosen.append(review)
        length -= len(review) + 2
        if length <= 0:
            break
    titles, source = ("Film reviews in place of a book",), reviews.source
    missing = tuple(_title(name) for name in names)
    return Book(titles, "\n\n".join(chosen), source, is_substitute=True, missing=missing)


def read_book(path: Path) -> str:
    """Read a book from a file, remove all other text, and simplify typographic characters.

    Parameters
    ----------
    path : Path
        A text file in UTF-8, from Project Gutenberg or your own.

    Returns
    -------
    str
        The text with newlines as line endings, and with at most two empty lines in a row.

    Raises
    ------
    ValueError
        If the file is empty, is a web page, is not UTF-8 text, or is cut off.
    """
    text = re.sub(r"\r*\n|\r", "\n", _decoded(path)).translate(_BLANKS)
    text = _without_licence(text, path.name)
    text = plain_marks(_PICTURE.sub("", text)).replace("_", "")
    text = re.sub(r" +$", "", text, flags=re.M)
    text = re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")
    if not text.strip():
        raise ValueError(f"{path.name} holds no text. {_WAY_OUT}")
    return text


_WAY_OUT = "Delete it and load the book again, or put the whole text file in its place."


def _decoded(path: Path) -> str:
    """Decode a file as UTF-8, or raise an error that gives the number of the faulty line."""
    try:
        text = decoded(path.read_bytes())
    except ValueError as fault:
        raise ValueError(f"{path.name}, {fault}. {_WAY_OUT}") from fault
    if odd := _BINARY.search(text):
        raise ValueError(
            f"{path.name}, line {_line(text, odd.start())}: the character {odd[0]!r} is no text. "
            f"{_WAY_OUT}"
        )
    if page := re.match(r"\s*<(?:!doctype|html|head|\?xml)[^\n]{0,40}", text, re.I):
        line = _line(text, page.end())
        raise ValueError(
            f"{path.name}, line {line}: {page[0].strip()!r} begins a web page, not a book. "
            f"{_WAY_OUT}"
        )
    return text


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _without_licence(text: str, file: str) -> str:
    start, end = _START.search(text), _END.search(text)
    if start and not end:
        raise ValueError(
            f"{file} ends in line {_line(text.rstrip(), len(text))} without the words 'END OF THE "
            f"PROJECT GUTENBERG EBOOK': it is cut off. {_WAY_OUT}"
        )
    text = text[start.end() if start else 0 : end.start() if end else len(text)]
    return _CREDITS.sub("", _LAST_WORDS.sub("", text))


def obtain_book(name: str, path: Path) -> None:
    """Download a book on the course's list.

    Parameters
    ----------
    name : str
        A key of ``BOOKS``.
    path : Path
        The file to write.

    Raises
    ------
    OSError
        If the download fails.
    """
    obtain.download(ADDRESS.format(number=BOOKS[name].number), path)


def verify_book(name: str, path: Path | None) -> str:
    """Read a book on the course's list, and check its last words.

    Parameters
    ----------
    name : str
        A key of ``BOOKS``.
    path : Path
        The book's file.

    Returns
    -------
    str
        The book's length, as text.

    Raises
    ------
    ValueError
        If the file is damaged or cut off, or contains another book.
    """
    text, work = read_book(path), BOOKS[name]
    if " ".join(work.ending.split()) not in " ".join(text.split()):
        raise ValueError(
            f"it ends in line {_line(text, len(text))} without the words {work.ending!r}: cut off, "
            f"or not {work.title}"
        )
    return f"{len(text):,} characters"
