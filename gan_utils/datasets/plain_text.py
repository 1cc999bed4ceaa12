"""Typographic marks made plain: a model of letters should not learn four kinds of quotes."""

import re

#: Marks that a typewriter lacks, and the bytes of Windows-1252 that some files hold in their place.
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


def plain_marks(text: str) -> str:
    """Replace typographic quotes, dashes, dots and blanks by those of a typewriter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same with ``'``, ``"``, ``-``, ``--`` and ``...``; letters stay as they are.

    Examples
    --------
    >>> plain_marks("“Oh—”")
    '"Oh--"'
    """
    return text if text.isascii() else _MARK.sub(lambda mark: MARKS[mark[0]], text)
