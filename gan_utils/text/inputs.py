"""Check the inputs of a language model."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gan_utils._support.checks import LONE_SURROGATE

#: The separator between texts that are joined.
BETWEEN_TEXTS = "\n\n"


def check_string(text: object, what: str) -> str:
    """Check that a value is a string that can be encoded.

    Parameters
    ----------
    text : object
        The value to check.
    what : str
        How the error message refers to the value, such as ``"the prompt"``.

    Returns
    -------
    str
        The text itself.

    Raises
    ------
    TypeError
        If the value is not a str.
    ValueError
        If the text contains a lone surrogate.
    """
    if not isinstance(text, str):
        raise TypeError(f"{what} is {_shortened(text)}, but must be a str.{_way_out(text)}")
    found = LONE_SURROGATE.search(text)
    if found:
        raise ValueError(
            f"{what} holds {found[0]!r} at character {found.start() + 1}, one half of a character "
            "that was cut in two: it cannot be written to a file. Read the file again with its "
            "right encoding, or drop the halves: text.encode('utf-8', 'ignore').decode()."
        )
    return text


def as_texts(
    texts: str | Iterable[str],
    what: str = "the text",
    *,
    single: bool = True,
    blank: bool = False,
    halves: bool = False,
) -> list[str]:
    """Check texts, and return them as a list.

    Parameters
    ----------
    texts : str or iterable of str
        One text, or a list, an array or a DataFrame column of texts.
    what : str
        How error messages refer to the texts.
    single : bool
        Whether to accept a single string as a list of one text. If False, a single string raises
        an error: when each text gets its own result, a single string is usually a mistake.
    blank : bool
        Whether to accept the texts even if all of them are blank (only white space).
    halves : bool
        Whether to accept lone surrogates (for texts that are only counted and never written).

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If ``texts`` is of the wrong type (such as bytes, a dict or a whole table), or if an item
        is not a str; in the second case, the message gives the position of the item.
    ValueError
        If there are no texts, or if ``texts`` is a single string, contains only white space or
        contains a lone surrogate, and the parameters do not allow this.
    """
    if isinstance(texts, str) and not single:
        raise ValueError(f"{what} is a single string. Give a list of texts, such as [text].")
    found = [texts] if isinstance(texts, str) else _listed(texts, what, single=single)
    if not found:
        raise ValueError(f"{what} is empty: there is no text. Give at least one.")
    for place, one in enumerate(found):
        if not isinstance(one, str):
            raise TypeError(
                f"{what} holds {type(one).__name__} at place {place}, not str.{_way_out(one)}"
            )
        if not halves:
            check_string(one, what if len(found) == 1 else f"{what} (at place {place})")
    if not blank and not any(one.strip() for one in found):
        raise ValueError(f"{what} is empty, or only white space. Give at least some words.")
    return found


def _listed(texts: Any, what: str, *, single: bool) -> list[Any]:
    is_other = isinstance(texts, bytes | bytearray | Mapping) or hasattr(texts, "columns")
    if is_other or getattr(texts, "ndim", 1) == 0 or not isinstance(texts, Iterable):
        raise TypeError(
            f"{what} is {_shortened(texts)}, but must be {'a str or ' if single else ''}a sequence "
            f"of str.{_way_out(texts)}"
        )
    return list(texts)


def _shortened(value: object) -> str:
    kind = type(value).__name__
    said = repr(value)
    return f"{said} ({kind})" if len(said) <= 40 and "\n" not in said else f"of type {kind}"


def _way_out(value: object) -> str:
    """Suggest a fix for some objects that are often passed instead of a text."""
    if isinstance(value, bytes | bytearray):
        return " Decode it first: data.decode('utf-8')."
    if isinstance(value, Mapping) or hasattr(value, "columns"):
        return " Give one of its columns."
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return " Leave missing texts out."
    return ""
