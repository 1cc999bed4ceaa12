"""Work that several classifiers share while they are fitted on the same texts."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gan_utils.text.tokens import split_words

#: What has been made so far, inside `shared_counts`.
_MADE: contextvars.ContextVar[dict | None] = contextvars.ContextVar("shared", default=None)


@contextlib.contextmanager
def shared_counts() -> Iterator[dict]:
    """Let classifiers fitted in this context share the words and counts of the same texts.

    Yields
    ------
    dict
        What is shared; ``"saved"`` holds the seconds of work saved so far.
    """
    shared: dict[Any, Any] = {"saved": 0.0}
    before = _MADE.set(shared)
    try:
        yield shared
    finally:
        _MADE.reset(before)


def is_shared() -> bool:
    """Tell whether the caller is inside `shared_counts`."""
    return _MADE.get() is not None


def once(key: tuple, make: Callable[[], Any]) -> Any:
    """Make something, or reuse what was made for the same key inside `shared_counts`.

    Parameters
    ----------
    key : tuple
        Made from the contents (see `texts_digest`): an ``id`` may be reused for another object.
    make : callable
        Takes no arguments.

    Returns
    -------
    object
        What was made, now or earlier.
    """
    shared = _MADE.get()
    if shared is None:
        return make()
    if key in shared:
        made, seconds = shared[key]
        shared["saved"] += seconds
        return made
    start, saved = time.perf_counter(), shared["saved"]
    made = make()
    shared[key] = (made, time.perf_counter() - start + shared["saved"] - saved)
    return made


def texts_digest(texts: Sequence[str]) -> bytes:
    """Make one short key for a list of texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    bytes
        16 bytes: equal for equal lists, and in practice different for others (BLAKE2).
    """
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        found.update(f"{len(text)} ".encode() + text.encode("utf-8", "surrogatepass"))
    return found.digest()


def split_texts(texts: Sequence[str]) -> list[list[str]]:
    """Split each text into words and marks; inside `shared_counts`, once per list of texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    list of lists of str
    """
    key = ("words", texts_digest(texts)) if is_shared() else ()
    return once(key, lambda: [split_words(text) for text in texts])
