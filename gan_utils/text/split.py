"""Split texts into a training part and a held-out part."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gan_utils._support.checks import check_in_range
from gan_utils.text.inputs import BETWEEN_TEXTS, as_texts
from gan_utils.text.labels import Label, as_labels
from gan_utils.text.tokens import split_words

#: Texts as lists of words, and either one label per text or None.
Labelled = tuple[list[list[str]], list[Label] | None]


def learnt_count(n: int, share: float, what: str) -> int:
    """Return how many of n items remain for training if a given fraction is held out.

    Parameters
    ----------
    n : int
        Number of items.
    share : float in (0, 1)
        The fraction that is held out.
    what : str
        How the error message refers to the items, such as ``"letters"``.

    Returns
    -------
    int
        The number of items for training, at least 1 and less than n.

    Raises
    ------
    ValueError
        If ``share`` is out of range, or one of the two parts would be empty.
    """
    check_in_range("validation_split", share, "(0, 1)", ", such as 0.1")
    cut = round(n * (1 - share))
    if not 0 < cut < n:
        raise ValueError(f"{n} {what} are too few to hold some out. Give more, or held_out=False.")
    return cut


def split_text(
    text: str | Iterable[str], held_out: Any, share: float, lowercase: bool
) -> tuple[str, str | None]:
    """Return the training text and the held-out text, which may be None.

    Parameters
    ----------
    text : str or iterable of str
        One text, or several texts, which are joined.
    held_out : str, iterable of str, or bool
        The held-out text. If True, the end of ``text`` is held out; if False or None, nothing is
        held out.
    share : float in (0, 1)
        The fraction of ``text`` that is held out if ``held_out`` is True.
    lowercase : bool
        Whether to convert the text to lower case.

    Returns
    -------
    tuple of str and (str or None)
    """
    whole = joined_text(text, lowercase)
    if held_out is False or held_out is None:
        return whole, None
    if held_out is not True:
        return whole, joined_text(held_out, lowercase, "held_out")
    cut = learnt_count(len(whole), share, "letters")
    return whole[:cut], whole[cut:]


def joined_text(text: str | Iterable[str], lowercase: bool, what: str = "the text") -> str:
    """Check texts and join them into one.

    Parameters
    ----------
    text : str or iterable of str
        One text or several.
    lowercase : bool
        Whether to convert the text to lower case.
    what : str
        How error messages refer to the text.

    Returns
    -------
    str
    """
    whole = BETWEEN_TEXTS.join(as_texts(text, what))
    return whole.lower() if lowercase else whole


def labelled_words(texts: Any, labels: Any, what: str = "texts") -> Labelled:
    """Split texts into words, and check their labels.

    Parameters
    ----------
    texts : str or iterable of str
        One text or several.
    labels : sequence of str or number, a single one for a single text, or None
        One label per text.
    what : str
        How error messages refer to the texts.

    Returns
    -------
    words : list of list of str
        The words of each text.
    labels : list or None
    """
    found = as_texts(texts, what)
    known = None if labels is None else as_labels(labels, len(found))
    return [split_words(text) for text in found], known


def split_labelled(
    texts: Any, labels: Any, held_out: Any, share: float
) -> tuple[Labelled, Labelled | None]:
    """Split texts and labels into a training part and a held-out part, which may be None.

    If ``held_out`` is True, the last texts are held out. If a label occurs only among these texts
    (for example, if the texts are sorted by label), the last texts of each label are held out
    instead. If there are too few texts, the last words of each text are held out.

    Parameters
    ----------
    texts : str or iterable of str
        One text or several.
    labels : sequence of str or number, or None
        One label per text.
    held_out : tuple of texts and labels, texts alone if there are no labels, or bool
        The held-out texts. If True, a part of ``texts`` is held out; if False or None, nothing is
        held out.
    share : float in (0, 1)
        The fraction of ``texts`` that is held out if ``held_out`` is True.

    Returns
    -------
    tuple of two pairs (texts as lists of words, labels or None), the second of which may be None

    Raises
    ------
    ValueError
        If ``held_out`` does not match ``texts`` and ``labels``, or there is too little text to
        split.
    """
    words, known = labelled_words(texts, labels)
    if held_out is False or held_out is None:
        return (words, known), None
    if held_out is True:
        return _last_part(words, known, share)
    held = _given_part(held_out, known)
    return (words, known), held


def _given_part(held_out: Any, labels: list[Label] | None) -> Labelled:
    is_pair = isinstance(held_out, tuple) and len(held_out) == 2
    is_pair = is_pair and not (labels is None and isinstance(held_out[1], str))
    if not is_pair and labels is not None:
        raise ValueError("held_out must be True, False, or a tuple (texts, labels).")
    held = labelled_words(*(held_out if is_pair else (held_out, None)), "held_out")
    if (held[1] is None) != (labels is None):
        raise ValueError("either both the texts and the held-out ones have labels, or neither.")
    return held


def _last_part(
    words: list[list[str]], labels: list[Label] | None, share: float
) -> tuple[Labelled, Labelled]:
    """Hold out the last texts, or each label's last texts if a label occurs only at the end."""
    check_in_range("validation_split", share, "(0, 1)", ", such as 0.1")
    cut = round(len(words) * (1 - share))
    if not 0 < cut < len(words):
        return _last_words(words, labels, share)
    learnt = np.arange(len(words)) < cut
    if labels is not None and len(set(labels[:cut])) < len(set(labels)):
        learnt = _first_of_each(labels, share)
    if learnt.all():  # no label has enough texts to spare one
        return _last_words(words, labels, share)
    return _rows(words, labels, learnt), _rows(words, labels, ~learnt)


def _first_of_each(labels: Sequence[Label], share: float) -> np.ndarray:
    """Mark the first texts with each label (the same fraction, but at least one) for training."""
    table = pd.Series(labels, dtype=object)
    ranks = table.groupby(table).cumcount().to_numpy()
    sizes = table.map(table.value_counts()).to_numpy()
    return ranks < np.maximum(1, np.round(sizes * (1 - share)))


def _rows(words: list[list[str]], labels: list[Label] | None, chosen: np.ndarray) -> Labelled:
    places = np.flatnonzero(chosen).tolist()
    return [words[i] for i in places], None if labels is None else [labels[i] for i in places]


def _last_words(
    words: list[list[str]], labels: list[Label] | None, share: float
) -> tuple[Labelled, Labelled]:
    """Hold out the last words of each text if there are too few texts to hold out whole texts."""
    cuts = [round(len(text) * (1 - share)) for text in words]
    firsts = [text[:cut] for text, cut in zip(words, cuts, strict=True)]
    lasts = [text[cut:] for text, cut in zip(words, cuts, strict=True)]
    if not any(firsts) or not any(lasts):
        learnt_count(len(words), share, "texts")
    held = np.array([len(text) > 0 for text in lasts])
    return (firsts, labels), _rows(lasts, labels, held)
