"""Share work between classifiers that are fitted on the same texts."""

from __future__ import annotations

import contextlib
import contextvars
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gan_utils.text.tokens import split_words

#: Cache of the results computed so far inside `shared_counts`.
_MADE: contextvars.ContextVar[dict | None] = contextvars.ContextVar("shared", default=None)


@contextlib.contextmanager
def shared_counts() -> Iterator[dict]:
    """Let the classifiers fitted in a ``with`` block share the words and counts of identical texts.

    Yields
    ------
    dict
        The shared results; the entry ``"saved"`` is the computing time saved so far, in seconds.
    """
    shared: dict[Any, Any] = {"saved": 0.0}
    before = _MADE.set(shared)
    try:
        yield shared
    finally:
        _MADE.reset(before)


def is_shared() -> bool:
    """Return whether the caller is inside `shared_counts`."""
    return _MADE.get() is not None


def once(key: tuple, make: Callable[[], Any]) -> Any:
    """Compute a value, or reuse the one computed for the same key inside `shared_counts`.

    Parameters
    ----------
    key : tuple
        A key computed from the contents of the texts (see `texts_digest`), since Python may reuse
        an object's ``id`` for another object.
    make : callable
        A function without arguments that computes the value.

    Returns
    -------
    object
        The value, computed now or earlier.
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
        A BLAKE2 hash of 16 bytes, equal for equal lists and in practice different for different
        lists.
    """
    found = hashlib.blake2b(digest_size=16)
    for text in texts:
        found.update(f"{len(text)} ".encode() + text.encode("utf-8", "surrogatepass"))
    return found.digest()


def split_texts(texts: Sequence[str]) -> list[list[str]]:
    """Split texts with `split_words`; inside `shared_counts`, split each list of texts only once.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    list of lists of str
    """
    key = ("words", texts_digest(texts)) if is_shared() else ()
    return once(key, lambda: [split_words(text) for text in texts])
