"""Cut a text into words and marks, and put them together again."""

import re
from collections.abc import Iterable

#: Marks that end a sentence.
SENTENCE_ENDS = frozenset({".", "!", "?", "..."})

#: What is written in several ways, and the one that counts.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "…": "..."})
_DASH = re.compile(r"(?<=\s)[-–—]+(?=\s)|-{2,}|[–—]+")
# As in the text that GloVe learnt from: "didn't" is "did" and "n't", "film's" is "film" and "'s".
_TOKEN = re.compile(
    r"""
      n't(?!\w)                     # the ends of contractions
    | '(?:s|m|d|ll|re|ve)(?!\w)
    | [^\W\d_]+?(?=n't(?!\w))       # what stands before such an end
    | [^\W\d_]+                     # words
    | \d+(?:[.,:]\d+)*              # numbers
    | \.{2,} | --                   # ellipsis and dash
    | [^\w\s] | _                   # any other mark, one at a time
    """,
    re.VERBOSE,
)
_ELLIPSIS = re.compile(r"\.{2,}")
#: Marks that stand close to the word before them, to the word after them, or to both.
_AFTER = frozenset({*",.!?;:)]}%", "...", "n't", "'s", "'m", "'d", "'ll", "'re", "'ve", "-", "/"})
_BEFORE = frozenset({*"([{$#", "-", "/"})
_PAIRED = frozenset({'"', "'"})


def split_words(text: str) -> list[str]:
    """Cut a text into lower-cased words, numbers and marks.

    Contractions are cut as in the text that GloVe learnt from (``"did"``, ``"n't"``), words with a
    hyphen at the hyphen; dashes become ``"--"`` and two or more full stops ``"..."``. White space
    only separates.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        None of them empty or with white space in it.

    Examples
    --------
    >>> split_words("I didn't like it...")
    ['i', 'did', "n't", 'like', 'it', '...']
    """
    plain = _DASH.sub(" -- ", text.lower().translate(_PLAIN))
    return ["..." if _ELLIPSIS.fullmatch(t) else t for t in _TOKEN.findall(plain)]


def join_words(tokens: Iterable[str]) -> str:
    """Write words and marks as one readable text; `split_words` finds the same tokens in it.

    Sentences and ``i`` get their capitals, marks go where print has them, and quotation marks are
    taken to open and close in turn.

    Parameters
    ----------
    tokens : iterable of str
        As `split_words` makes them.

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
    """Give the first word of each sentence, and ``i``, a capital letter."""
    starts, written = True, []
    for piece in pieces:
        written.append([])
        for token in piece:
            raised = (starts and token[0].isalpha()) or token == "i"
            written[-1].append(_raise(token) if raised and token not in _AFTER else token)
            starts = token in SENTENCE_ENDS or (starts and not token[0].isalnum())
    return written


def _raise(word: str) -> str:
    first = word[0].upper()
    return first + word[1:] if first.lower() == word[0] else word
