"""Split a text into words and punctuation marks, and join them again.

The following holds for every Unicode text:

- ``split_words(join_words(split_words(text))) == split_words(text)``. Splitting and
  rejoining the result of `join_words` therefore leaves it unchanged.
- Only white space is lost. When joined in order, the tokens give the text in lower case and in
  the normal form NFC, with a single form for each mark that can be written in several ways
  (quotation marks, dashes, ellipses).
- A letter, a digit or a mark stays together with the characters that modify it, such as accents,
  vowel signs and the parts of an emoji.

Text in a script without spaces between words (Chinese, Japanese, Thai) is split only at punctuation
marks.

References
----------
Unicode Standard Annex #29, *Unicode text segmentation* (rules WB3c, WB4, WB15 and WB16).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

import numpy as np

#: Punctuation marks that end a sentence.
SENTENCE_ENDS = frozenset({".", "!", "?", "..."})

#: Punctuation marks that can be written in several ways, each with the form that replaces it.
_SPELLINGS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "…": "..."})
_DASHES = frozenset("-–—")
_DASH = re.compile(r"(?<=\s)[-–—]+(?=\s)|-{2,}|[–—]+")
#: A hyphen that stands between spaces once the dash next to it has been replaced.
_LONE_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")
#: The Unicode ranges of combining marks and format characters, and the skin tones of emoji.
_PLANES, _SKIN_TONES = ((0xAD, 0x1F000), (0xE0000, 0xE01F0)), "\U0001f3fb-\U0001f3ff"
_COMBINING, _ZERO_WIDTH_SPACE = frozenset({"Mn", "Mc", "Me"}), "\u200b"
_MODIFYING = _COMBINING | {"Cf"}
#: Tokens that attach to the word before them, tokens that attach to the word after them, and
#: quotation marks.
_AFTER = frozenset({*",.!?;:)]}%", "...", "n't", "'s", "'m", "'d", "'ll", "'re", "'ve", "-", "/"})
_BEFORE = frozenset({*"([{$#", "-", "/"})
_PAIRED = frozenset({'"', "'"})


@cache
def _token_pattern(ascii_only: bool) -> re.Pattern:
    """Compile the pattern of a token; ASCII text has no characters that modify others."""
    modifier = "" if ascii_only else f"[{_modifiers()}]"
    more = modifier and f"{modifier}*"
    letter = r"[^\W\d_]"
    letters = rf"{letter}+(?:{modifier}{letter}*)*" if modifier else rf"{letter}+"
    before = rf"(?:{letter}|{modifier})*?" if modifier else rf"{letter}*?"
    end = rf"(?!\w|{modifier})" if modifier else r"(?!\w)"
    emoji = rf"[\U0001f1e6-\U0001f1ff]{{2}}{more}" if modifier else "(?!)"
    joined = rf"(?:(?<=\u200d)[^\w\s\x00-\x7f]{more})*" if modifier else ""
    # As in GloVe's training text: "didn't" becomes "did", "n't"; "film's" becomes "film", "'s".
    return re.compile(
        rf"""
          n't{end}                            # the ends of contractions
        | '(?:s|m|d|ll|re|ve){end}
        | {letter}{before}(?=n't{end})        # what stands before such an end
        | {letters}                           # words
        | \d+(?:[.,:]\d+)*{more}              # numbers
        | \.{{2,}} | --                        # ellipsis and dash
        | {emoji}                             # a flag is two letters of a country
        | [^\w\s]{more}{joined} | _{more}     # any other mark, one at a time
        """,
        re.VERBOSE,
    )


def _modifiers() -> str:
    """Return the characters that modify a preceding character, for a regex character class."""
    return _of_categories(_MODIFYING) + _SKIN_TONES


@cache
def combining_marks() -> str:
    """Return the characters that belong to the letter before them (accents, vowel signs, joiners).

    Returns
    -------
    str
        A character class for a regular expression.
    """
    return f"[{_of_categories(_COMBINING)}\u200c\u200d]"


def _of_categories(categories: frozenset[str]) -> str:
    """Return the ranges of the given Unicode categories, without the zero-width space."""
    ranges: list[list[int]] = []
    for code in chain.from_iterable(range(*plane) for plane in _PLANES):
        if unicodedata.category(chr(code)) in categories and chr(code) != _ZERO_WIDTH_SPACE:
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def split_words(text: str) -> list[str]:
    """Split a text into lower-cased words, numbers and punctuation marks.

    Contractions are split as in GloVe's training text (``"did"``, ``"n't"``), and hyphenated
    words are split at the hyphen. Dashes become ``"--"``, and two or more full stops become
    ``"..."``. White space separates tokens. Accents and other combining characters stay in their
    word, and are combined with its letters if possible (NFC).

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        No token is empty or contains white space.

    Examples
    --------
    >>> split_words("I didn't like it...")
    ['i', 'did', "n't", 'like', 'it', '...']
    """
    plain = _small_letters(text).translate(_SPELLINGS)
    if not _DASHES.isdisjoint(plain):  # checking first is cheaper than two passes
        plain = _LONE_HYPHEN.sub("--", _DASH.sub(" -- ", plain))
    tokens = _token_pattern(plain.isascii()).findall(plain)
    return ["..." if t.startswith("..") else t for t in tokens] if ".." in plain else tokens


def _small_letters(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Lowercasing may turn one character into several, so the result is composed again.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def join_words(tokens: Iterable[str]) -> str:
    """Join tokens into a readable text, from which `split_words` recovers the tokens.

    The first word of each sentence and ``i`` are capitalized, punctuation marks are spaced as in
    print, and quotation marks are assumed to open and close in turn.

    Parameters
    ----------
    tokens : iterable of str
        The tokens, as returned by `split_words`.

    Returns
    -------
    str

    Examples
    --------
    >>> join_words(["i", "did", "n't", "like", "it", "..."])
    "I didn't like it..."
    """
    pieces: list[list[str]] = []
    open_marks: set[str] = set()
    close_to_next = False
    for token in tokens:
        close = close_to_next or token in _AFTER or token in open_marks
        if pieces and close and split_words("".join([*pieces[-1], token])) == [*pieces[-1], token]:
            pieces[-1].append(token)
        else:
            pieces.append([token])
        close_to_next = token in _BEFORE or (token in _PAIRED and token not in open_marks)
        if token in _PAIRED:
            open_marks ^= {token}
    return " ".join("".join(piece) for piece in _capitals(pieces))


def _capitals(pieces: list[list[str]]) -> list[list[str]]:
    """Capitalize ``i`` and the first word of each sentence."""
    starts, written = True, []
    for piece in pieces:
        written.append([])
        for token in piece:
            raised = (starts and token[0].isalpha()) or token == "i"
            written[-1].append(_raise(token) if raised and token not in _AFTER else token)
            starts = token in SENTENCE_ENDS or (starts and not token[0].isalnum())
    return written


def _raise(word: str) -> str:
    first = word[0].title()
    return first + word[1:] if first.lower() == word[0] else word


def cut_words(texts: Sequence[str], lengths: int | Sequence[int]) -> list[str]:
    """Keep only the first words of each text, to match the lengths of other texts.

    Parameters
    ----------
    texts : sequence of str
    lengths : int or sequence of int
        Number of words and punctuation marks to keep, either one number for all texts or one number
        per text.

    Returns
    -------
    list of str
        The texts as spelled by `join_words`, so spelling does not reveal which texts are generated.
    """
    each = np.broadcast_to(lengths, len(texts))
    return [join_words(split_words(t)[:n]) for t, n in zip(texts, each, strict=True)]
