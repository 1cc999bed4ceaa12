"""The scorecard for tables, which shows whether rows are realistic, varied, useful and new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from gan_utils._support.checks import check_small_seed
from gan_utils.metrics.alignment import TablePair
from gan_utils.scorecard.card import PARTS, Card, check_method_names, counted, finish, span, summary
from gan_utils.scorecard.table_measures import (
    MOST_COMPARED,
    MOST_JUDGED,
    K,
    baseline_of,
    likeness,
    novelty,
    usefulness,
)

Tables = pd.DataFrame | Sequence[pd.DataFrame]

# measure: its question and its best value, in words that fit a narrow column
_MEASURES = {
    "KS complement": ("fidelity", "1"),
    "TV complement": ("fidelity", "1"),
    "correlation similarity": ("fidelity", "1"),
    "C2ST": ("fidelity", "0.5"),
    "coverage": ("diversity", "1"),
    "TSTR": ("utility", "as real"),
    "TSTR balanced accuracy": ("utility", "as real"),
    "TSTR R²": ("utility", "as real"),
    "exact copies (share)": ("novelty", "at most as real"),
    "distance to closest row (median)": ("novelty", "not below real"),
    "distance ratio to real rows": ("novelty", "not below 1"),
}


def score_table(
    real: pd.DataFrame,
    synthetic: Tables,
    *,
    held_out: pd.DataFrame | None = None,
    target: str | None = None,
    random_state: int | None = 0,
) -> Card:
    """Score synthetic rows against real rows, using the four questions of the course.

    Parameters
    ----------
    real : DataFrame of shape (n, d)
        The rows that the synthesizer was trained on: at least 12 without ``held_out``, or at least
        6 with it. Columns are numeric or categorical.
    synthetic : DataFrame of shape (m, d), or list of them
        Synthetic rows, or a list with one table per seed. The tables have the same columns as
        ``real``, in any order.
    held_out : DataFrame of shape (h, d), optional
        At least 5 real rows that the synthesizer never saw. They are the baseline: every measure is
        also computed for them, as if they were synthetic. Without held-out rows, the baseline for
        fidelity and diversity compares one random half of ``real`` with the other half (averaged
        over a few random splits); for novelty, it compares each real row with the other real rows.
    target : str, optional
        The column to predict in train-on-synthetic-test-on-real (TSTR). This requires ``held_out``,
        the real rows to test on. For the baseline (TRTR), the model is trained on ``real``. The
        score is balanced accuracy for classes and R² for numbers.
    random_state : int, optional
        Seed for the folds, the forests and the random samples and splits of rows; the same seed
        gives the same scorecard.

    Returns
    -------
    Card (a DataFrame)
        One row per measure, with the columns ``question``, ``value`` (mean over the tables),
        ``low`` and ``high`` (the range over the tables; missing if there is only one table),
        ``baseline`` (the same measure for real rows) and ``best``. The notes in
        ``attrs["notes"]`` explain missing values and are printed below the scorecard.

    Raises
    ------
    TypeError
        If ``real``, ``held_out`` or a synthetic table is not a DataFrame.
    KeyError
        If ``target`` is not a column.
    ValueError
        If there are too few rows, the tables are not comparable, or ``target`` is given without
        ``held_out``.

    Notes
    -----
    A baseline computed from few rows is pessimistic: two halves of ``real``, or ``real`` and a
    small ``held_out``, agree less well than two large tables would. A synthetic table can therefore
    beat its baseline; the title of the scorecard gives the sample sizes. The distance to the
    closest training row is evidence about copying, not a proof of privacy: a synthetic row far from
    all others can still identify a person.

    C2ST compares the synthetic rows with ``held_out``. Without held-out rows, it compares them with
    ``real``; if the generator was trained on these rows, its rows lie close to some of them, and
    the C2ST is too low. The other measures of fidelity and diversity use ``real``.

    Coverage grows with the number of synthetic rows, whatever their quality, so at most as many
    synthetic rows are used as there are real rows; they are drawn at random if necessary.

    For large tables, slow measures use rows drawn at random, and the limits are the same for the
    baseline and the synthetic table. C2ST uses at most 2,500 rows from each table, and coverage at
    most 5,000. For the median distance to the closest training row, at most 5,000 rows are compared
    with all training rows. TSTR trains on at most 10,000 rows. The standard error of a C2ST on two
    sets of 2,500 rows is at most about 0.01. Measures that are not named in this paragraph use
    every row.

    Examples
    --------
    >>> score_table(train, [gan.sample(200, random_state=s) for s in range(5)], held_out=test)
    """
    check_small_seed(random_state)
    tables = _as_list(synthetic, "synthetic")
    known = _checked_real(real, held_out, target)
    pairs = _checked_pairs(real, tables, "synthetic")
    baseline = baseline_of(real, held_out, known, target, random_state)
    card, notes = _score(pairs, tables, held_out, target, random_state, baseline)
    card = card.assign(baseline=pd.Series(baseline), best=_best(card.index))
    notes += _size_notes(real, tables, held_out)
    return finish(card, _title(real, {"": tables}, held_out), notes)


def compare_tables(
    real: pd.DataFrame,
    synthetic: Mapping[str, Tables],
    *,
    held_out: pd.DataFrame | None = None,
    target: str | None = None,
    random_state: int | None = 0,
) -> Card:
    """Put the scorecards of several methods side by side.

    Parameters
    ----------
    real, held_out, target, random_state
        As for ``score_table``.
    synthetic : mapping of str to DataFrame or to list of DataFrame
        The synthetic rows of each method, or a list with one table per seed.

    Returns
    -------
    Card (a DataFrame)
        One row per measure. The columns have two levels: ``(method, "value" | "low" | "high")`` for
        each method, and ``("card", "question" | "baseline" | "best")``. ``comparison["CTGAN"]``
        selects one method, and ``comparison.xs("value", axis=1, level=1)`` puts the values side by
        side.

    Raises
    ------
    TypeError, KeyError, ValueError
        As for ``score_table``; ValueError is also raised if there are no methods, or if a method is
        named "card".
    """
    check_method_names(synthetic)
    check_small_seed(random_state)
    methods = {name: _as_list(tables, name) for name, tables in synthetic.items()}
    known = _checked_real(real, held_out, target)
    pairs = {name: _checked_pairs(real, tables, name) for name, tables in methods.items()}
    baseline = baseline_of(real, held_out, known, target, random_state)
    parts, notes = {}, {}
    for name, tables in methods.items():
        scores, said = _score(pairs.pop(name), tables, held_out, target, random_state, baseline)
        parts[name] = scores[list(PARTS)]
        notes |= {note: [*notes.get(note, []), name] for note in said}
    parts["card"] = scores[["question"]].assign(
        baseline=pd.Series(baseline), best=_best(scores.index)
    )
    comparison = pd.concat(parts, axis=1)
    shared = [
        note if len(names) == len(methods) else f"{', '.join(map(str, names))}: {note}"
        for note, names in notes.items()
    ]
    every = [table for tables in methods.values() for table in tables]
    shared += _size_notes(real, every, held_out)
    return finish(comparison, _title(real, methods, held_out), shared)


def _as_list(tables: Tables, who: str) -> list[pd.DataFrame]:
    listed = [tables] if isinstance(tables, pd.DataFrame) else list(tables)
    if not listed:
        raise ValueError(f"{who} holds no table. Give a DataFrame, or a list with one per seed.")
    return listed


def _checked_real(
    real: pd.DataFrame, held_out: pd.DataFrame | None, target: str | None
) -> TablePair | None:
    """Pair the real with the held-out rows, if any; raise an error if they cannot be scored."""
    _check_rows(real, "real", 12 if held_out is None else K + 1)
    if held_out is not None:
        _check_rows(held_out, "held_out", 5)
    if target is not None:
        _check_target(real, held_out, target)
    return None if held_out is None else TablePair(real, held_out, names=("real", "held_out"))


def _checked_pairs(real: pd.DataFrame, tables: list[pd.DataFrame], who: str) -> list[TablePair]:
    """Pair the real rows with each table; raise an error if a table cannot be scored."""
    for table in tables:
        _check_rows(table, who, 5)
    return [TablePair(real, table, names=("real", who)) for table in tables]


def _check_target(real: pd.DataFrame, held_out: pd.DataFrame | None, target: str) -> None:
    if held_out is None:
        raise ValueError(
            f"target={target!r} needs held_out=: real rows that the synthesizer never saw, to test "
            f"on. On rows it saw, plain copying would score best."
        )
    if target not in real:
        raise KeyError(f"target {target!r} is not a column. The columns are {list(real)}.")


def _check_rows(table: pd.DataFrame, who: str, least: int) -> None:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{who} must be a pandas DataFrame, but it is {type(table).__name__}.")
    if len(table) < least:
        raise ValueError(
            f"{who} has {len(table)} rows, but a card needs at least {least}. Give more rows"
            + (", or held_out= (then 6 are enough)." if least == 12 else ".")
        )


def _score(
    pairs: list[TablePair],
    tables: list[pd.DataFrame],
    held_out: pd.DataFrame | None,
    target: str | None,
    random_state: int | None,
    baseline: dict[str, float],
) -> tuple[pd.DataFrame, list[str]]:
    """Return each measure's question, value, low and high, and notes on what is missing."""
    notes: list[str] = []
    seeds = []
    for pair, table in zip(pairs, tables, strict=True):
        opposed = pair
        if held_out is not None:
            opposed = TablePair(held_out, table, names=("held_out", "synthetic"))
        alike = likeness(pair, opposed, random_state, notes)
        useful = usefulness(table, held_out, target, random_state, notes)
        seeds.append(alike | useful | novelty(pair, random_state, baseline, notes))
    return summary(seeds, _MEASURES), counted(notes, len(tables))


def _best(index: pd.Index) -> list[str]:
    return [_MEASURES[name][1] for name in index]


def _title(
    real: pd.DataFrame, methods: dict[str, list[pd.DataFrame]], held_out: pd.DataFrame | None
) -> str:
    """Make a title that states what was compared and how large the samples are."""
    counts = [*dict.fromkeys(map(len, methods.values()))]
    sizes = [len(table) for tables in methods.values() for table in tables]
    runs = "one run" if counts == [1] else f"{span(counts)} runs"
    against = (
        "two halves of the real rows" if held_out is None else f"{len(held_out)} held-out rows"
    )
    each = " each" if len(methods) > 1 else ""
    return (
        f"Scorecard: {len(real)} real rows; {runs}{each} of {span(sizes)} synthetic rows; "
        f"real against real: {against}"
    )


def _size_notes(
    real: pd.DataFrame, tables: list[pd.DataFrame], held_out: pd.DataFrame | None
) -> list[str]:
    """Warn if the choice or the number of rows alone changes a measure."""
    notes, most = [], max(map(len, tables))
    if held_out is None:
        notes.append("without held_out=, C2ST is too low if rows are close to their training rows.")
    if most > len(real):
        notes.append(
            f"coverage is that of {len(real)} of the {most} synthetic rows, as many as real ones."
        )
    other = len(real) // 2 if held_out is None else min(len(held_out), len(real))
    compared = min(most, len(real))
    if held_out is None and not 0.4 * len(real) <= compared:
        notes.append(
            f"coverage grows with the number of rows: {compared} cannot cover {len(real)}."
        )
    if held_out is not None and not 0.8 * compared <= other <= 1.25 * compared:
        notes.append(
            f"coverage grows with the number of rows, and its baseline has {other}, not {compared}."
        )
    if max(most, len(real)) > MOST_JUDGED:
        notes.append(
            f"the slow measures look at rows drawn at random: C2ST at {MOST_JUDGED:,} of a table, "
            f"those of distances at {MOST_COMPARED:,}."
        )
    return notes
