"""Pictures of lesson 10: every one is drawn whole, and closed."""

import matplotlib as mpl

mpl.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from gan_utils.plots import show
from gan_utils.plots.text import (
    plot_contexts,
    plot_learning,
    plot_orders,
    plot_reach,
    plot_shaded_text,
)

pytestmark = pytest.mark.usefixtures("no_warnings")

EPOCHS = pd.RangeIndex(1, 4, name="epoch")
HISTORY = pd.DataFrame({"bits": [4, 3, 2], "held_out_bits": [4, 3, 2.5]}, index=EPOCHS)
TIMED = pd.DataFrame({"seconds": [1, 2.5], "held_out_bits": [4, 3]})
REACH = pd.DataFrame(
    [
        {"network": name, "seed": seed, "distance": d, "gradient": rate**d / (1 + seed * d)}
        for name, rate in (("RNN", 0.5), ("LSTM", 0.0))
        for seed in range(2)
        for d in range(30)
    ]
)
LOOKS = {"RNN": pd.Series([3.0, 2.5], [1, 8]), "LSTM": pd.Series([3.0, 2.0], [1, 8])}
FIGURES = {
    "learning": lambda: plot_learning({"small": HISTORY}, baselines={"counting": 2.2}),
    "learning by the clock": lambda: plot_learning({"a": TIMED, "b": TIMED}, x="seconds"),
    "orders": lambda: plot_orders(pd.DataFrame({"held out": [4.4, 3.4]}, index=[1, 2])),
    "reach": lambda: plot_reach(REACH),
    "contexts": lambda: plot_contexts(LOOKS),
    "letters": lambda: plot_shaded_text("off with\nher head", np.arange(17), "bits"),
    "words": lambda: plot_shaded_text(["off ", "with "] * 30, np.full(60, np.nan), "b", (0, 1)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_is_drawn_and_closed(name):
    figure = FIGURES[name]()
    assert isinstance(figure, Figure)
    assert not plt.get_fignums()
    assert show(figure, alt="something").data.startswith(b"\x89PNG")


def test_lines_are_labelled_once_and_baselines_say_their_bits():
    axes = FIGURES["learning"]().axes[0]
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts == ["small", "counting: 2.20", "dotted: training text"]
    assert all(place == int(place) for place in axes.get_xticks())
    assert axes.get_ylabel() == "bits per letter"


def test_text_is_laid_out_in_lines():
    axes = plot_shaded_text("ab\ncd", [0, 1, 2, 3, 4], "bits").axes[0]
    places = [(text.get_text(), *text.get_position()) for text in axes.texts]
    assert [letter for letter, *_ in places] == ["a", "b", "⏎", "c", "d"]
    assert places[3][1:] == (0.5, 1.52)


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0, 1, 2], (0, 2)),
        ([-3, -1, 2], (0, 2)),
        ([-3, -1, -2], (-3, 0)),
        ([-3, 0, -np.inf], (-3, 0)),
        ([0, 0, 0], (0, 0)),
        ([np.nan] * 3, (0, 1)),
    ],
)
def test_larger_values_are_darker_on_either_side_of_0(values, limits):
    text, bar = plot_shaded_text("abc", values, "log p").axes
    shades = [np.sum(box.get_facecolor()) for box in text.patches]
    order = np.argsort(np.nan_to_num(values, neginf=-9), kind="stable")
    assert np.all(np.diff(np.array(shades)[order]) <= 0)
    assert bar.get_ylim() == limits or limits == (0, 0)


def test_a_value_is_wanted_for_each_token():
    with pytest.raises(ValueError, match="3 tokens, but values of shape"):
        plot_shaded_text("abc", [1, 2], "bits")


@pytest.mark.parametrize(
    ("draw", "error", "word"),
    [
        (lambda: plot_learning({}), ValueError, "histories is empty"),
        (lambda: plot_learning({"a": HISTORY}, x="seconds"), KeyError, "'seconds' is not a column"),
        (lambda: plot_learning({"a": HISTORY[["bits"]]}), KeyError, "'held_out_bits'"),
        (lambda: plot_orders(pd.DataFrame()), ValueError, "table is empty"),
        (lambda: plot_reach(REACH[["seed"]]), KeyError, "'network'"),
        (lambda: plot_reach(REACH[:0]), ValueError, "results is empty"),
        (lambda: plot_contexts({}), ValueError, "results is empty"),
        (lambda: plot_shaded_text("", [], "bits"), ValueError, "tokens is empty"),
        (lambda: plot_shaded_text("a", [1], "bits", width=0), ValueError, "width=0"),
        (lambda: plot_shaded_text("a", [1], "bits", (2, 1)), ValueError, r"limits=\(2, 1\)"),
    ],
)
def test_nothing_to_draw_is_said(draw, error, word):
    with pytest.raises(error, match=word):
        draw()


def test_values_that_are_missing_and_letters_that_are_none_are_drawn():
    figure = plot_shaded_text("a\ud800\n", [np.nan] * 3, "bits")
    assert [text.get_text() for text in figure.axes[0].texts] == ["a", "?", "⏎"]
    assert show(figure, alt="something").data.startswith(b"\x89PNG")


def test_an_infinite_value_is_darkest_and_a_missing_one_white():
    axes = plot_shaded_text("abcd", [1.0, 2.0, np.inf, np.nan], "bits").axes[0]
    shades = [patch.get_facecolor() for patch in axes.patches]
    assert shades[2] == shades[1] != shades[0]
    assert shades[3] == (1, 1, 1, 1)


def test_a_newline_at_the_end_of_a_word_starts_a_line():
    axes = plot_shaded_text(["a\n", "b"], [1.0, 2.0], "bits").axes[0]
    assert [text.get_position() for text in axes.texts if text.get_text() == "b"] == [(0.5, 1.52)]
