"""Pictures of the course: real and generated beside each other, on one scale.

Every function returns a closed Matplotlib figure, so that a notebook shows it exactly once: as the
last value of its cell, or by ``show(figure, alt="...")``, which adds alternative text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from gan_utils._support.checks import check_columns
from gan_utils.datasets.folder import shipped
from gan_utils.metrics.alignment import numeric_columns
from gan_utils.metrics.tables import QUESTIONS
from gan_utils.plots.style import (
    GREY,
    MARKERS,
    PALETTE,
    STYLE,
    course_figure,
    fill_panels,
    panel_layout,
    wrap_text,
)

if TYPE_CHECKING:
    from IPython.display import Image
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from numpy.typing import ArrayLike

    Tables = Mapping[str, pd.DataFrame]
    Units = str | Mapping[str, str] | None

_DIAGRAMS = {
    "GAN_overview": (
        "Diagram of a GAN. Noise of 100 random numbers a row enters the generator, which turns it "
        "into fake rows. Fake rows and real rows enter the discriminator, which gives each the "
        "probability of being real. Two arrows of feedback lead back from that probability: the "
        "loss of D to the discriminator, the loss of G to the generator."
    ),
    "convolution": (
        "A kernel of 3 x 3 weights slides over an image of 5 x 5 that holds a dark bar two pixels "
        "wide. At each place the nine products are added up. The map of 3 x 3 sums is positive "
        "where it is dark to the right and light to the left: 2, 3, 2 at the bar's left edge, "
        "negative at its right one."
    ),
    "dcgan_and_lime": (
        "Two diagrams. A DCGAN: noise grows through stacks of maps of 7 x 7, 14 x 14 and 28 x 28 "
        "to a fake digit, which a discriminator shrinks again to the verdict real or fake. LIME: "
        "a digit is cut into segments, copies with some segments hidden are shown to the judge, "
        "and a simple model of its answers gives each segment a weight for or against."
    ),
    "dropout": (
        "Six units of value 1 that are added up to 6, three times. In one step of training two "
        "are left out and the others count 1.5 each; in the next step another two are left out. "
        "In use none is left out and all count 1. The sum is the same."
    ),
    "gan_on_images": (
        "Diagram of a GAN on digits. Noise enters the generator, which forges a five. The forged "
        "five and a real one enter the discriminator, which gives the probability of being real. "
        "The generator wants it to be wrong about forged images, the discriminator wants to be "
        "right about both."
    ),
    "guidance": (
        "Three bar charts of the next word after 'the film was'. In positive reviews great leads, "
        "then good, bad, awful. In negative ones bad leads, and great comes last. Pushed towards "
        "the negative with guidance 1, bad and awful take most of it: each share was multiplied "
        "once more by asked over other, and all were divided by their sum."
    ),
    "judged_twice": (
        "Two diagrams. In prediction: a classifier trained on real rows labels the generated rows, "
        "and we count how many are called what they were meant to be. In learning: a classifier "
        "is trained on few real rows together with generated rows, and tested on real rows that "
        "were set aside at the start."
    ),
    "letter_by_letter": (
        "Diagram of a network that reads letters one after the other and hands its state on. For "
        "each it says how likely every next letter is. In training the book says which letter "
        "comes next. In writing a letter is drawn from these probabilities, read as the next "
        "input, and so on."
    ),
    "lstm_cell": (
        "Diagram of an LSTM cell. The cell state runs straight through: it is multiplied by the "
        "forget gate f, then the product of the input gate i and the candidate g is added. The "
        "new state is the tanh of the cell state times the output gate o. All four are computed "
        "from the letter and the state before."
    ),
    "mode_collapse": (
        "Three rings of eight modes. Real points: all eight, equally often. Bridges: all modes, "
        "and points on the way between them, where no real point is. Mode collapse: all points in "
        "one mode, whatever the noise was."
    ),
    "rebalancing_leak": (
        "Two diagrams. Wrong: the rare class is filled up first and the folds are cut afterwards, "
        "so that a test fold holds twins of training rows. Right: the folds are cut first, the "
        "rare class is filled up inside the training folds only, and the classifier is scored on "
        "real rows that nothing has touched."
    ),
    "reviews_judged_twice": (
        "Three diagrams. Made: an asked opinion enters a word LSTM, which draws one word after "
        "another and reads each before the next. Judged in prediction: a judge, trained on real "
        "reviews and unknown to the generator, looks for the asked opinion, as often as in real "
        "reviews of the same length? Judged in learning: a pupil learns from few real reviews, "
        "generated ones or both, and is tested on real reviews that nobody has trained on."
    ),
    "scorecard": (
        "Diagram of the scorecard's four questions: does it look real (fidelity), is it varied "
        "(diversity), is it useful (utility), is it new (novelty). Under all four: no number "
        "without a baseline and its spread over seeds."
    ),
    "training_windows": (
        "Two ways to cut a text into training windows. The classic way: eight letters are read "
        "and the ninth is the only target; the next window starts three letters on. This course: "
        "eight letters are read and each position has a target, the letter after it, so that one "
        "window has eight."
    ),
    "transposed_convolution": (
        "A map of 2 x 2 numbers becomes one of 5 x 5. Each number stamps a kernel of 3 x 3, times "
        "itself, every two places. Where the stamps overlap, in the middle row and column, they "
        "add up."
    ),
    "unbalanced": (
        "Two scatter plots of a common and a rare class with the border between them. Balanced: "
        "the border runs between two equal clouds. Unbalanced: only three rows of the rare class "
        "were collected, and the border cuts through rows that exist and were not collected."
    ),
    "vae_overview": (
        "Diagram of a variational autoencoder. The encoder turns a row into a code, a mean and a "
        "spread with noise; the decoder turns the code back into a row. Two feedbacks: how likely "
        "the row is given its code, and how far the codes are from a standard normal distribution. "
        "To generate, a code is drawn from that distribution and decoded."
    ),
}


def use_course_style() -> None:
    """Give all Matplotlib figures of this session the course's colours and fonts."""
    plt.rcParams.update(STYLE)


def show(figure: Figure, alt: str) -> Image:
    """Turn a figure into a picture with alternative text, as the last value of a cell.

    Parameters
    ----------
    figure : matplotlib Figure
        Any figure; it is closed, so that it is not shown a second time.
    alt : str
        What a reader who cannot see the picture needs to know: kind, axes, what stands out.

    Returns
    -------
    IPython.display.Image
        A PNG. The text is stored with it (the output's metadata ``alt``, and its plain-text form).

    Raises
    ------
    ValueError
        If ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty. Say in a sentence what the picture shows.")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=figure.dpi, bbox_inches="tight", pad_inches=0.1)
    plt.close(figure)
    return _picture(file.getvalue(), alt)


def _picture(png: bytes, alt: str, width: int | None = None) -> Image:
    """Make an image whose text form is its description, for readers of plain text."""
    from IPython.display import Image

    class Picture(Image):
        def __repr__(self) -> str:
            return f"Picture: {self.alt}"

    return Picture(data=png, format="png", alt=alt, width=width)


def show_diagram(name: str) -> Image:
    """Show a diagram of the course with its alternative text, as the last value of a cell.

    Parameters
    ----------
    name : str
        Name of the diagram, such as ``"GAN_overview"``, with or without ``.png``.

    Returns
    -------
    IPython.display.Image
        The picture, at most 800 pixels wide.

    Raises
    ------
    ValueError
        If there is no diagram of this name.
    """
    name = name.removesuffix(".png")
    if name not in _DIAGRAMS:
        raise ValueError(f"no diagram {name!r}. There are {', '.join(sorted(_DIAGRAMS))}.")
    return _picture(shipped(f"{name}.png").read_bytes(), _DIAGRAMS[name], width=800)


def plot_pairs(
    tables: Tables,
    columns: Sequence[str] | None = None,
    hue: str | None = None,
    units: Units = None,
) -> Figure:
    """Draw every pair of columns against each other, one grid a table, all on one scale.

    Points are below the diagonal, stacked histograms on it, Pearson correlations (of each value of
    ``hue``, where it is given) above it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        One to three tables, such as ``{"real": ..., "generated": ...}``.
    columns : sequence of str, optional
        Two to five numeric columns; by default the first four.
    hue : str, optional
        A column whose values get colours and markers of their own.
    units : str or mapping of str to str, optional
        Unit of all columns, or of each, for the axis labels.

    Returns
    -------
    matplotlib Figure
        Closed.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If there are more than three tables, or not two to five columns.
    """
    columns = _columns(tables, columns, most=4, also=[hue] if hue else [])
    if len(tables) > 3 or not 2 <= len(columns) <= 5:
        raise ValueError(
            f"{len(tables)} tables with {len(columns)} columns do not fit beside each other. "
            f"Give at most 3 tables and 2 to 5 numeric columns."
        )
    kinds = _kinds(tables, hue)
    side = {1: 6.0, 2: 6.2, 3: 5.0}[len(tables)]
    with course_figure(side * len(tables), side + 0.3 * bool(hue)) as figure:
        parts = np.atleast_1d(figure.subfigures(1, len(tables), wspace=0.03))
        for turn, (part, (title, table)) in enumerate(zip(parts, tables.items(), strict=True)):
            part.suptitle(f"{title} ({len(table)} rows)", weight="bold")
            colours = kinds or {None: (PALETTE[min(turn, 1)], MARKERS[min(turn, 1)])}
            _pair_grid(part, table, columns, hue, colours, _limits(tables, columns), units)
        if kinds:
            _hue_legend(figure, hue, kinds)
    return figure


def _pair_grid(
    part: SubFigure,
    table: pd.DataFrame,
    columns: list[str],
    hue: str | None,
    kinds: Mapping[object, tuple[str, str]],
    limits: Mapping[str, tuple[float, float]],
    units: Units,
) -> None:
    axes = part.subplots(len(columns), len(columns), squeeze=False)
    groups = [(table[table[hue] == kind] if hue else table, *look) for kind, look in kinds.items()]
    for (i, j), cell in np.ndenumerate(axes):
        if j > i:
            _write_correlations(cell, groups, columns[j], columns[i])
            continue
        _pair_cell(cell, groups, columns[j], columns[i], limits)
        cell.locator_params(axis="x", nbins=3)
        cell.tick_params(labelsize=8, length=2, pad=1)
        # Long numbers under narrow cells would run into each other.
        cell.tick_params(axis="x", labelrotation=45 if len(columns) > 3 else 0)
        cell.tick_params(labelbottom=i == len(columns) - 1, labelleft=j == 0 and i > 0)
        if i == len(columns) - 1:
            cell.set_xlabel(_label(columns[j], units, 13), fontsize=9)
        if j == 0:
            cell.set_ylabel(_label(columns[i], units, 13), fontsize=9)
    part.align_labels()


def _pair_cell(
    axes: Axes,
    groups: list[tuple[pd.DataFrame, str, str]],
    x: str,
    y: str,
    limits: Mapping[str, tuple[float, float]],
) -> None:
    """Draw one cell: points, or a histogram where both columns are one."""
    if x == y:
        parts, colours = zip(*((rows[x], colour) for rows, colour, _ in groups), strict=True)
        axes.hist(parts, np.linspace(*limits[x], 16), color=colours, alpha=0.6, stacked=True)
        axes.set(xlim=limits[x], yticks=[])
    else:
        for rows, colour, marker in groups:
            axes.scatter(rows[x], rows[y], s=9, c=colour, marker=marker, alpha=0.6, linewidths=0)
        axes.set(xlim=limits[x], ylim=limits[y])
        axes.locator_params(axis="y", nbins=3)
        axes.grid(visible=True)


def _write_correlations(axes: Axes, groups: list[tuple], x: str, y: str) -> None:
    """Write the correlation of each group in its colour, darkened enough to be read."""
    axes.axis("off")
    step = 1 / (len(groups) + 1)
    for turn, (rows, colour, _) in enumerate(groups):
        r = rows[[x, y]].astype(float).corr().iloc[0, 1]
        text = f"r = {r:.2f}" if np.isfinite(r) else "r = -"
        ink = tuple(0.75 * c for c in to_rgb(colour))
        place = {"ha": "center", "va": "center", "transform": axes.transAxes}
        size = 11 if len(groups) == 1 else max(6, 10 - len(groups) // 2)
        axes.text(0.5, 1 - (turn + 1) * step, text, color=ink, fontsize=size, **place)


def _hue_legend(figure: Figure, hue: str, kinds: Mapping[object, tuple[str, str]]) -> None:
    handles = [
        plt.Line2D([], [], color=colour, marker=marker, ls="", label=str(kind))
        for kind, (colour, marker) in kinds.items()
    ]
    figure.legend(handles=handles, title=hue, loc="outside lower center", ncols=4)


def plot_correlations(tables: Tables, columns: Sequence[str] | None = None) -> Figure:
    """Draw the Pearson correlations of each table as a grid of numbers, on one colour scale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables with the same numeric columns.
    columns : sequence of str, optional
        At least two numeric columns; by default all.

    Returns
    -------
    matplotlib Figure
        Closed. A constant column has no correlations; its cells are left white.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If there are fewer than two numeric columns.
    """
    columns = _columns(tables, columns)
    if len(columns) < 2:
        raise ValueError(f"a correlation needs two numeric columns, but there is {columns}.")
    side = max(2.6, 0.75 * len(columns))
    width, rows, across = panel_layout(len(tables), side + 0.4)
    with course_figure(width + 1.8, rows * (side + 0.4)) as figure:
        axes = figure.subplots(rows, across, squeeze=False, sharex=True, sharey=True)
        for cell, (title, table) in fill_panels(axes, tables.items()):
            matrix = table[columns].astype(float).corr().to_numpy()
            image = _heatmap(cell, matrix, "RdBu", (-1, 1), "{:.2f}".format)
            _name_cells(cell, columns)
            cell.set_title(wrap_text(title, 30))
        figure.colorbar(image, ax=figure.get_axes(), label="Pearson correlation", shrink=0.9)
    return figure


def plot_confusions(
    results: Mapping[str, tuple[ArrayLike, ArrayLike]], labels: Sequence[object]
) -> Figure:
    """Draw confusion matrices side by side: counts, coloured by the share of the true class.

    Parameters
    ----------
    results : mapping of str to (y_true, y_pred)
        True and predicted classes of each model, two arrays of one length.
    labels : sequence
        The classes, in the order of rows and columns.

    Returns
    -------
    matplotlib Figure
        Closed. A class without true rows is left white.

    Raises
    ------
    ValueError
        If the two arrays differ in length or hold a class that is not in ``labels``.
    """
    counts = {name: _confusion(name, *pair, labels) for name, pair in results.items()}
    side = max(2.4, 0.7 * len(labels))
    width, rows, across = panel_layout(len(counts), side + 0.4)
    with course_figure(width + 1.8, rows * (side + 0.6)) as figure:
        axes = figure.subplots(rows, across, squeeze=False, sharex=True, sharey=True)
        for cell, (title, matrix) in fill_panels(axes, counts.items()):
            total = matrix.sum(axis=1, keepdims=True)
            share = np.divide(matrix, total, out=np.full(matrix.shape, np.nan), where=total > 0)
            image = _heatmap(cell, share, "Blues", (0, 1), "{:.0f}".format, matrix)
            _name_cells(cell, labels)
            cell.set_title(wrap_text(title, 26))
        figure.supxlabel("predicted class", fontsize=10)
        figure.supylabel("true class", fontsize=10)
        figure.colorbar(image, ax=figure.get_axes(), label="share of the true class", shrink=0.9)
    return figure


def _confusion(name: str, y_true: ArrayLike, y_pred: ArrayLike, labels: Sequence) -> np.ndarray:
    truth, guess = (np.asarray(y, dtype=object) for y in (y_true, y_pred))
    unknown = set(truth) | set(guess)
    unknown -= set(labels)
    if truth.shape != guess.shape or unknown:
        raise ValueError(
            f"{name!r} has {len(truth)} true and {len(guess)} predicted classes, of which "
            f"{sorted(map(str, unknown))} are not in labels. Give two arrays of one length."
        )
    return np.array([[((truth == a) & (guess == b)).sum() for b in labels] for a in labels], float)


def _heatmap(
    axes: Axes,
    colours: np.ndarray,
    cmap: str,
    limits: tuple[float, float],
    write: Callable[[float], str],
    numbers: np.ndarray | None = None,
) -> object:
    """Colour the cells of a matrix and write a number into each, dark on light or light on dark."""
    image = axes.imshow(colours, cmap=cmap, vmin=limits[0], vmax=limits[1])
    axes.spines[:].set_visible(False)
    for (i, j), number in np.ndenumerate(colours if numbers is None else numbers):
        dark = np.nan_to_num(abs(colours[i, j])) > 0.6
        text = write(number) if np.isfinite(number) else "-"
        axes.text(j, i, text, ha="center", va="center", color="white" if dark else "black")
    return image


def _name_cells(axes: Axes, names: Sequence) -> None:
    """Write the names along both sides; slanted below where one would run into the next."""
    axes.set_xticks(range(len(names)), [wrap_text(name, 10) for name in names])
    axes.set_yticks(range(len(names)), [wrap_text(name, 14) for name in names])
    if max(len(word) for name in names for word in str(name).split()) > 10:
        _slant(axes)


def _slant(axes: Axes) -> None:
    for text in axes.get_xticklabels():
        text.set(rotation=40, ha="right", rotation_mode="anchor")


def plot_distributions(
    tables: Tables, columns: Sequence[str] | None = None, units: Units = None, bins: int = 20
) -> Figure:
    """Draw the distribution of each column, all tables in one panel on one scale.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The first is filled (the real rows), the others are lines; at most seven.
    columns : sequence of str, optional
        Numeric columns become histograms, others bars of shares; by default all but dates.
    units : str or mapping of str to str, optional
        Unit of all numeric columns, or of each, for the axis labels.
    bins : int
        Bins of a histogram, the same for every table.

    Returns
    -------
    matplotlib Figure
        Closed.

    Raises
    ------
    KeyError
        If a table lacks a column.
    ValueError
        If there is no table, or more than there are colours.
    """
    first = _first(tables)
    dates = first.select_dtypes(["datetime", "datetimetz"]).columns
    columns = _columns(tables, list(first.columns.drop(dates)) if columns is None else columns)
    width, rows, across = panel_layout(len(columns), 3.6)
    with course_figure(width, rows * 2.7 + 0.4) as figure:
        axes = figure.subplots(rows, across, squeeze=False)
        for cell, column in fill_panels(axes, columns):
            numeric = column in numeric_columns(first)
            (_histograms if numeric else _bars)(cell, tables, column, bins)
            cell.set_xlabel(_label(column, units if numeric else None, 40))
        for row in axes:
            row[0].set_ylabel("share of rows")
        handles, names = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=5)
    return figure


def _histograms(axes: Axes, tables: Tables, column: str, bins: int) -> None:
    edges = np.linspace(*_limits(tables, [column], margin=0)[column], bins + 1)
    for turn, (name, table) in enumerate(tables.items()):
        values = table[column].astype(float)
        look = {"histtype": "stepfilled", "alpha": 0.35} if turn == 0 else {"histtype": "step"}
        look |= {"color": PALETTE[turn], "lw": 1.8, "ls": ("-", "-", "--", ":", "-.")[turn % 5]}
        weights = np.full(len(values), 1 / len(values))
        axes.hist(values, edges, weights=weights, label=name, **look)


def _bars(axes: Axes, tables: Tables, column: str, bins: int) -> None:
    """Draw the share of each category; ``bins`` is there because histograms need it."""
    kinds = list(dict.fromkeys(str(v) for t in tables.values() for v in sorted(set(t[column]))))
    place, width = np.arange(len(kinds)), 0.8 / len(tables)
    for turn, (name, table) in enumerate(tables.items()):
        share = table[column].astype(str).value_counts(normalize=True).reindex(kinds, fill_value=0)
        x = place + (turn - (len(tables) - 1) / 2) * width
        look = {"alpha": 0.35 if turn == 0 else 0.9, "color": PALETTE[turn]}
        axes.bar(x, share, width * 0.9, label=name, **look)
    axes.set_xticks(place, [wrap_text(kind, 14) for kind in kinds])
    if sum(map(len, kinds)) > 30:
        _slant(axes)


def plot_scorecard(card: pd.DataFrame) -> Figure:
    """Draw a card, or a comparison of methods, as dots with their range over seeds.

    Parameters
    ----------
    card : DataFrame
        What ``score_table`` or ``compare_tables`` of ``gan_utils.scorecard`` returned.

    Returns
    -------
    matplotlib Figure
        Closed. One panel a question; black bars mark the same measure of real against real rows.
        The median distance is left out, since its ratio to the real one shows the same.

    Raises
    ------
    TypeError
        If it is not a card.
    """
    methods, facts = _card_parts(card)
    shown = facts.index[facts["baseline"].notna() & ~facts.index.str.startswith("distance to")]
    facts = facts.loc[shown]
    counts = facts["question"].value_counts(sort=False)
    tall = max(0.55, 0.13 * len(methods) + 0.2)
    with course_figure(8.5, tall * len(facts) + 0.75 * len(counts) + 0.5) as figure:
        axes = figure.subplots(len(counts), 1, squeeze=False, height_ratios=list(counts))[:, 0]
        for cell, question in zip(axes, counts.index, strict=True):
            _question_panel(cell, facts[facts["question"] == question], methods)
            cell.set_title(f"{QUESTIONS[question]} ({question})", loc="left", weight="bold")
        axes[-1].set_xlabel("score (point: mean over seeds; line: lowest to highest seed)")
        handles, names = axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=4)
    return figure


def _card_parts(card: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Part a card into the scores of each method and what all methods share."""
    if not isinstance(card, pd.DataFrame) or "question" not in card.columns.get_level_values(-1):
        raise TypeError("this is no card. Give what score_table or compare_tables returned.")
    card = pd.DataFrame(card)
    if card.columns.nlevels == 1:
        return {"synthetic": card}, card
    names = [name for name in card.columns.get_level_values(0).unique() if name != "card"]
    return {name: card[name] for name in names}, card["card"]


def _question_panel(axes: Axes, facts: pd.DataFrame, methods: Mapping[str, pd.DataFrame]) -> None:
    place = np.arange(len(facts))
    step = 0.7 / max(len(methods), 2)
    for turn, (name, scores) in enumerate(methods.items()):
        scores = scores.loc[facts.index]
        y = place + (turn - (len(methods) - 1) / 2) * step
        look = {"color": _colour(turn + 1), "label": name}
        axes.hlines(y, scores["low"], scores["high"], color=look["color"], lw=2.5, alpha=0.6)
        axes.plot(
            scores["value"], y, ls="", ms=5.5, marker=MARKERS[(turn + 1) % len(MARKERS)], **look
        )
    bars = {"color": "black", "lw": 2, "label": "real against real"}
    axes.vlines(facts["baseline"], place - 0.42, place + 0.42, **bars)
    names = [f"{wrap_text(name, 30)}\n(best: {best})" for name, best in facts["best"].items()]
    axes.set_yticks(place, names)
    axes.set_ylim(len(facts) - 0.5, -0.5)
    _score_limits(axes)


def _score_limits(axes: Axes) -> None:
    """Show 0 to 1, where most measures live, and more only where a score lies outside."""
    low, high = axes.dataLim.intervalx
    axes.set_xlim(min(0, low) - 0.03, max(1, high) + 0.03)
    axes.grid(visible=True, axis="x")


def plot_training(
    history: Mapping[str, Sequence[float]] | pd.DataFrame,
    xlabel: str = "step",
    samples: str = "rows",
) -> Figure:
    """Draw losses and accuracies of a training, each in a panel of its own.

    Parameters
    ----------
    history : mapping of str to sequence of float, DataFrame, or Keras History
        Curves of one length. Names with ``loss`` and with ``accuracy`` in them are drawn; a curve
        or index named ``step`` or ``epoch`` gives the horizontal axis.
    xlabel : str
        What one entry of a curve is, where no such curve says it.
    samples : str
        What the GAN makes, in the plural, for the legend.

    Returns
    -------
    matplotlib Figure
        Closed. Long curves are pale, with their moving mean on top.

    Raises
    ------
    ValueError
        If no curve is a loss or an accuracy.
    """
    curves = pd.DataFrame(getattr(history, "history", history))
    if curves.index.name in ("step", "epoch"):
        curves = curves.reset_index()
    clock = next((name for name in ("step", "epoch") if name in curves), None)
    x = curves[clock] if clock else np.arange(1, len(curves) + 1)
    panels = {word: [n for n in curves if word in str(n)] for word in ("loss", "accuracy")}
    panels = {word: names for word, names in panels.items() if names}
    if not panels:
        raise ValueError(f"no curve is named loss or accuracy; there are {list(curves)}.")
    with course_figure(5 * len(panels) if len(panels) > 1 else 7, 3.3) as figure:
        for axes, (word, names) in zip(
            np.atleast_1d(figure.subplots(1, len(panels))), panels.items(), strict=True
        ):
            _curves(axes, x, curves[names].rename(columns=lambda n: _curve_name(n, samples)))
            axes.set(xlabel=clock or xlabel, title="losses" if word == "loss" else "accuracies")
            _finish_curves(axes, word)
    return figure


def _curves(axes: Axes, x: ArrayLike, curves: pd.DataFrame) -> None:
    """Draw each curve; a long one pale, under its moving mean over a fiftieth of its length."""
    window = len(curves) // 50
    for turn, (name, curve) in enumerate(curves.items()):
        look = {"color": _colour(turn), "ls": ("-", "--", ":", "-.")[turn % 4]}
        if window > 1:
            axes.plot(x, curve, color=look["color"], alpha=0.2, lw=0.8)
            curve = curve.rolling(window, center=True, min_periods=1).mean()
        axes.plot(x, curve, lw=1.8, label=name, **look)


def _finish_curves(axes: Axes, word: str) -> None:
    axes.grid(visible=True)
    if word == "accuracy":
        axes.axhline(0.5, color=GREY, lw=1)
        axes.set(ylim=(-0.03, 1.03), ylabel="share judged right (0.5: a coin)")
    else:
        axes.set_ylabel("loss")
    axes.legend(loc="best", fontsize=9)


def _curve_name(name: str, samples: str) -> str:
    words = {"d": "discriminator", "g": "generator"}
    words |= {kind: f"{kind} {samples}" for kind in ("real", "fake")}
    known = [words.get(word, word) for word in str(name).split("_")]
    if any(known[-1] == words[kind] for kind in ("real", "fake")):
        return known[-1]
    return " ".join(word for word in known if word not in ("loss", "accuracy")) or str(name)


def plot_bands(
    results: pd.DataFrame,
    x: str,
    y: str,
    baselines: Sequence[str] = (),
    interval: str = "confidence",
    ylabel: str | None = None,
) -> Figure:
    """Draw the results of many seeds: seeds as points, their mean and interval, baselines as bands.

    Parameters
    ----------
    results : DataFrame in long form
        One row a method and seed.
    x : str
        Column with the method.
    y : str
        Column with the measure.
    baselines : sequence of str
        Methods drawn as bands across the picture, such as ``["do nothing", "all real"]``.
    interval : {"confidence", "range"}
        What bars and bands show: the 95 % confidence interval of the mean (Student's t), or the
        lowest and highest seed.
    ylabel : str, optional
        Name and unit of the measure; by default ``y``.

    Returns
    -------
    matplotlib Figure
        Closed.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a baseline is no method of the table, nothing is left to draw beside the baselines, a
        value is missing, or ``interval`` is unknown.
    """
    groups = _groups(results, x, y, baselines, interval)
    methods = [name for name in groups if name not in baselines]
    with course_figure(max(6.0, 1.5 * len(methods) + 3.2), 4) as figure:
        axes = figure.subplots()
        bands = dict(zip(baselines, cycle((GREY, PALETTE[5], PALETTE[3])), strict=False))
        for name, colour in bands.items():
            _band(axes, groups[name], name, colour, interval)
        # As on a scorecard, the methods start at the second colour; none has that of a band.
        colours = cycle([c for c in PALETTE[bool(baselines) :] if c not in bands.values()])
        for place, (name, colour) in enumerate(zip(methods, colours, strict=False)):
            _strip(axes, place, groups[name], colour, interval)
        axes.set_xticks(range(len(methods)), [wrap_text(name, 16) for name in methods])
        axes.set(ylabel=ylabel or y, xlim=(-0.6, len(methods) - 0.4))
        axes.grid(visible=True, axis="y")
        words = "95 % confidence interval" if interval == "confidence" else "lowest to highest"
        axes.set_title(f"points: seeds; bars and bands: mean, {words}", fontsize=9, loc="left")
        if baselines:
            figure.legend(loc="outside right upper")
    return figure


def _groups(
    results: pd.DataFrame, x: str, y: str, baselines: Sequence[str], interval: str
) -> dict[str, np.ndarray]:
    """Return the values of each method, in the order of the table."""
    check_columns(results, x, y)
    if interval not in ("confidence", "range"):
        raise ValueError(f"interval={interval!r}: use 'confidence' or 'range'.")
    if results[[x, y]].isna().any(axis=None):
        raise ValueError(f"{x!r} or {y!r} has missing values. Drop them, and say so in the text.")
    groups = {
        name: results.loc[results[x] == name, y].to_numpy(float) for name in results[x].unique()
    }
    if set(baselines) - set(groups) or not set(groups) - set(baselines):
        raise ValueError(
            f"baselines={list(baselines)} must be some of the methods {list(groups)}, not all."
        )
    return groups


def _interval(values: np.ndarray, kind: str) -> tuple[float, float]:
    if kind == "range" or len(values) < 2 or np.ptp(values) == 0:
        return values.min(), values.max()
    from scipy.stats import sem, t

    return t.interval(0.95, len(values) - 1, loc=values.mean(), scale=sem(values))


def _band(axes: Axes, values: np.ndarray, name: str, colour: str, interval: str) -> None:
    axes.axhspan(*_interval(values, interval), color=colour, alpha=0.25, lw=0, zorder=0)
    axes.axhline(values.mean(), color=colour, lw=2, label=wrap_text(name, 18), zorder=1)


def _strip(axes: Axes, place: int, values: np.ndarray, colour: str, interval: str) -> None:
    """Draw the seeds of a method as points beside each other, their mean and interval over them."""
    # Side by side in the order of the seeds, not at random: the same picture every time.
    spread = np.linspace(-0.18, 0.18, len(values)) if len(values) > 1 else np.zeros(1)
    axes.scatter(place + spread, values, s=16, color=colour, alpha=0.55, linewidths=0, zorder=2)
    low, high = _interval(values, interval)
    axes.vlines(place + 0.3, low, high, color="black", lw=3, zorder=3)
    axes.plot(place + 0.3, values.mean(), "_", color="black", ms=12, mew=2, zorder=3)


def _first(tables: Tables) -> pd.DataFrame:
    if not 1 <= len(tables) <= len(PALETTE):
        raise ValueError(f"{len(tables)} tables: give 1 to {len(PALETTE)}, as many as colours.")
    return next(iter(tables.values()))


def _columns(
    tables: Tables,
    columns: Sequence[str] | None,
    most: int | None = None,
    also: Sequence[str] = (),
) -> list[str]:
    """Return the columns to draw, all of which every table must have and fill."""
    first = _first(tables)
    dates = first.select_dtypes(["datetime", "datetimetz", "timedelta"])
    chosen = [name for name in numeric_columns(first) if name not in dates and name not in also]
    chosen = chosen[:most] if columns is None else list(columns)
    for title, table in tables.items():
        lacking = [name for name in [*chosen, *also] if name not in table]
        if lacking:
            raise KeyError(f"table {title!r} has no column {lacking[0]!r}, only {list(table)}.")
        if table.empty or table[chosen].isna().any(axis=None):
            raise ValueError(f"table {title!r} is empty or has missing values. Mend it first.")
    return chosen


def _kinds(tables: Tables, hue: str | None) -> dict[object, tuple[str, str]]:
    """Give each value of the hue column a colour and a marker, the same in every table."""
    if hue is None:
        return {}
    values = sorted({value for table in tables.values() for value in table[hue]}, key=str)
    if len(values) > 8:
        raise ValueError(f"hue={hue!r} has {len(values)} values; more than 8 cannot be told apart.")
    looks = zip([*PALETTE, GREY], [*MARKERS, "*"], strict=True)
    return dict(zip(values, looks, strict=False))


def _limits(
    tables: Tables, columns: Sequence[str], margin: float = 0.04
) -> dict[str, tuple[float, float]]:
    """Return limits that hold all tables, so that they are drawn on one scale."""
    limits = {}
    for name in columns:
        low = min(float(table[name].min()) for table in tables.values())
        high = max(float(table[name].max()) for table in tables.values())
        edge = (high - low) * margin if high > low else 0.5
        limits[name] = (low - edge, high + edge)
    return limits


def _label(name: str, units: Units, width: int) -> str:
    unit = units.get(name) if isinstance(units, Mapping) else units
    return wrap_text(f"{name} ({unit})" if unit else name, width)


def _colour(turn: int) -> str:
    return PALETTE[turn % len(PALETTE)]
