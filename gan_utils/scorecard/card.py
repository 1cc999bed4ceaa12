"""Print a scorecard with four questions, the range of each value, and a real-data baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from gan_utils.metrics.tables import QUESTIONS

PARTS = ("value", "low", "high")


def can_learn(
    real: Sequence, held_out: Sequence | None, labels: object, held_out_labels: object, unit: str
) -> bool:
    """Check that all data needed for train-on-synthetic-test-on-real (TSTR) was given.

    Parameters
    ----------
    real, held_out : sequence of length n and h
        Images or texts; ``held_out`` may be None.
    labels, held_out_labels : array of shape (n,) and (h,), or None
        Classes of ``real`` and of ``held_out``.
    unit : str
        A noun for one sample, used in the error message, such as ``"image"``.

    Returns
    -------
    bool
        False if no labels are given.

    Raises
    ------
    ValueError
        If labels are given without the other arguments, or there is not one label per sample.
    """
    if labels is None and held_out_labels is None:
        return False
    if held_out is None or labels is None or held_out_labels is None:
        raise ValueError(
            "TSTR needs held_out=, labels= and held_out_labels=, all three; or leave both kinds of "
            "labels out."
        )
    for values, of, who in (
        (labels, real, "labels"),
        (held_out_labels, held_out, "held_out_labels"),
    ):
        if isinstance(of, str) or np.shape(values) != (len(of),):
            raise ValueError(
                f"{who} have the shape {np.shape(values)}: give one label for each {unit}."
            )
    return True


def check_method_names(methods: object) -> None:
    """Check that the methods of a comparison can be the names of its columns.

    Parameters
    ----------
    methods : object
        A mapping from the name of each method to what it generated.

    Raises
    ------
    TypeError
        If it is not a mapping.
    ValueError
        If there are no methods, or a method is named "card", or by a tuple or a missing value.
    """
    if not isinstance(methods, Mapping):
        raise TypeError(
            f"synthetic maps a name to what each method generated, but it is "
            f"{type(methods).__name__}. Give a dict, such as {{'mine': ...}}."
        )
    if not methods or "card" in methods:
        raise ValueError(f"synthetic holds {list(methods)}: name at least one method, not 'card'.")
    for name in methods:
        if isinstance(name, tuple) or pd.isna(name):
            raise ValueError(
                f"synthetic holds a method called {name!r}, which pandas cannot use as the name of "
                "one group of columns. Name each method by a text."
            )


class Card(pd.DataFrame):
    """A DataFrame of scores that is printed as a card, with three decimals.

    The stored numbers are not rounded. Slices and copies are plain DataFrames. ``attrs["title"]``
    describes what was compared. ``attrs["notes"]`` explains missing values and lists other facts
    that are needed to compare the scores.
    """

    def __repr__(self) -> str:
        return "\n".join([self._title(), "", *self._lines(), *self._notes()])

    def _repr_html_(self) -> str:
        title, *notes = (f"<p>{_escape(line)}</p>" for line in (self._title(), *self._notes()))
        return "\n".join([title, self._cells().to_html(), *notes])

    def _title(self) -> str:
        return self.attrs.get("title", "Scorecard")

    def _notes(self) -> list[str]:
        return [f"Note: {note}" for note in self.attrs.get("notes", [])]

    def _lines(self) -> list[str]:
        """Return the lines of the card: the header, then each question above its measures."""
        cells = self._cells()
        header, *rows = cells.droplevel(0).to_string().split("\n")
        lines, asked = [f"  {header}"], None
        for question, row in zip(cells.index.get_level_values(0), rows, strict=True):
            lines += [f"  {row}"] if question == asked else [question, f"  {row}"]
            asked = question
        return lines

    def _cells(self) -> pd.DataFrame:
        """Return the card as text, with one row per measure, indexed by question and measure."""
        plain = pd.DataFrame(self)
        two_levels = self.columns.nlevels == 2
        cells = _comparison_cells(plain) if two_levels else _card_cells(plain)
        words = plain["card", "question"] if two_levels else plain["question"]
        asked = [f"{QUESTIONS[word]} ({word})" for word in words]
        return cells.set_axis(pd.MultiIndex.from_arrays([asked, plain.index]), axis=0)


def headlines(results: Mapping[str, Sequence[float]], unit: str = "") -> None:
    """Print one line per headline measure of a lesson, for the table that ``make course`` prints.

    Parameters
    ----------
    results : mapping of str to sequence of float
        The values of each measure, one per seed.
    unit : str
        The unit to print after each number, such as ``"s"``.

    Raises
    ------
    ValueError
        If a measure has no values or a non-finite value, or its name contains ``|`` or a line
        break.

    Examples
    --------
    >>> headlines({"C2ST of TabularGAN": [0.52, 0.55, 0.61]})
    headline | C2ST of TabularGAN | 0.560 | 0.520 to 0.610 | 3 runs
    """
    unit = f" {unit}" if unit else ""
    lines = [_headline(name, np.atleast_1d(values), unit) for name, values in results.items()]
    print("\n".join(lines))


def _headline(name: str, values: np.ndarray, unit: str) -> str:
    values = np.asarray(values, dtype=float)
    if "|" in name or "\n" in name:
        raise ValueError(f"headline {name!r} must be one line without '|', which parts the fields.")
    if values.size == 0 or not np.isfinite(values).all():
        raise ValueError(f"headline {name!r} needs finite values, one per run, but has {values}.")
    runs = f"{values.size} run{'s' * (values.size != 1)}"
    reach = f"{_digits(values.min())} to {_digits(values.max())}{unit}"
    return f"headline | {name} | {_digits(values.mean())}{unit} | {reach} | {runs}"


def summary(
    seeds: Sequence[Mapping[str, float]], measures: Mapping[str, tuple[str, str]]
) -> pd.DataFrame:
    """Summarize each measure over the runs.

    Parameters
    ----------
    seeds : sequence of mapping of str to float
        The measures of each run.
    measures : mapping of str to tuple of str
        The question of each measure, and its best value.

    Returns
    -------
    DataFrame
        Question, mean, lowest and highest value of each measure.
    """
    runs = pd.DataFrame(seeds).astype(float)
    card = pd.DataFrame({"value": runs.mean(), "low": runs.min(), "high": runs.max()})
    if len(runs) == 1:  # one run has no range, and repeating its value would look like one
        card[["low", "high"]] = np.nan
    card.insert(0, "question", [measures[name][0] for name in card.index])
    return card


def finish(card: pd.DataFrame, title: str, notes: list[str]) -> Card:
    """Turn a table of scores into a card.

    Parameters
    ----------
    card : DataFrame
        The scores.
    title : str
        A description of what was compared.
    notes : list of str
        What the reader needs to know about the card.

    Returns
    -------
    Card
    """
    card = Card(card)
    card.attrs.update(title=title, notes=notes)
    return card


def counted(notes: list[str], n_runs: int, what: str = "tables") -> list[str]:
    """List each note once, with the number of runs if it does not apply to all of them.

    Parameters
    ----------
    notes : list of str
        The notes of all runs, in one list.
    n_runs : int
        Number of runs.
    what : str
        A plural noun for the runs, used in the notes.

    Returns
    -------
    list of str
    """
    counts = {note: notes.count(note) for note in notes}
    return [
        note if count == n_runs else f"{note[:-1]} (in {count} of {n_runs} {what})."
        for note, count in counts.items()
    ]


def span(numbers: list[int]) -> str:
    """Return the lowest and the highest number as text, or one number if they are equal.

    Parameters
    ----------
    numbers : list of int
        At least one number.

    Returns
    -------
    str
    """
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else f"{low} to {high}"


def _card_cells(card: pd.DataFrame) -> pd.DataFrame:
    numbers = {name: card[name].map(_digits) for name in (*PARTS, "baseline")}
    return pd.DataFrame(numbers | {"best": card["best"]}).rename(
        columns={"baseline": "real against real"}
    )


def _comparison_cells(card: pd.DataFrame) -> pd.DataFrame:
    methods = [name for name in card.columns.levels[0] if name != "card"]
    ordered = [name for name in dict.fromkeys(card.columns.get_level_values(0)) if name in methods]
    cells = {name: card[name].apply(_with_range, axis=1) for name in ordered}
    cells["real against real"] = card["card", "baseline"].map(_digits)
    return pd.DataFrame(cells | {"best": card["card", "best"]})


def _with_range(score: pd.Series) -> str:
    reach = f" ({_digits(score['low'])} to {_digits(score['high'])})"
    return _digits(score["value"]) + (reach if np.isfinite(score["low"]) else "")


def _digits(number: float) -> str:
    """Write a number with three decimals, or a dash if it is not finite."""
    if not np.isfinite(number):
        return "-"
    return f"{number:.3f}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
