"""Replace typographic characters, so that a model need not learn four kinds of quotation marks."""

import re

#: Typographic characters, and the Windows-1252 bytes that some files contain instead of them.
MARKS = {
    **dict.fromkeys("‘’‚‛′´\x91\x92", "'"),
    **dict.fromkeys("“”„‟″«»\x93\x94", '"'),
    **dict.fromkeys("‐‑‒–\x96", "-"),
    **dict.fromkeys("—―\x97", "--"),
    **dict.fromkeys("…\x85", "..."),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f", " "),
    **dict.fromkeys("\ufeff\u200b\u200c\u200d\u00ad", ""),
}
_MARK = re.compile(f"[{''.join(MARKS)}]")


def decoded(raw: bytes) -> str:
    """Decode the bytes of a file as UTF-8.

    Parameters
    ----------
    raw : bytes
        The whole content, with or without a byte order mark.

    Returns
    -------
    str
        The text, without the byte order mark.

    Raises
    ------
    ValueError
        If the bytes are not UTF-8; the message gives the number of the faulty line.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ValueError(
            f"line {line}: byte 0x{raw[error.start]:02x} is no text in UTF-8"
        ) from error


def plain_marks(text: str) -> str:
    """Replace typographic quotes, dashes, ellipses and spaces with their plain equivalents.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with the plain characters ``'``, ``"``, ``-``, ``--`` and ``...``; letters are
        unchanged.

    Examples
    --------
    >>> plain_marks("“Oh—”")
    '"Oh--"'
    """
    return text if text.isascii() else _MARK.sub(lambda mark: MARKS[mark[0]], text)
