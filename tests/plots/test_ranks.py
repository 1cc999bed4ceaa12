"""Pictures of a comparison: everything inside, nothing left open."""

import matplotlib as mpl

mpl.use("agg")


import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings
from matplotlib.figure import Figure

from gan_utils.benchmark import across_datasets, paired_tests, ranks
from gan_utils.plots import ranks as rank_plots

rng = np.random.default_rng(0)
RESULTS = pd.DataFrame(
    [
        {"dataset": d, "sampler": s, "classifier": c, "repeat": r, "fold": f}
        | {"n_train": 80, "n_test": 20, "F1": rng.uniform() + (s == "SMOTE")}
        for d in ("iris 1:10", "wine 1:10", "digits 1:20", "breast_cancer 1:50")
        for s in ("none", "SMOTE", "GAN")
        for c in ("logistic", "forest")
        for r in range(2)
        for f in range(5)
    ]
)
PROBABILITIES = pd.DataFrame(
    {"truth": rng.integers(0, 2, 60), "none": rng.uniform(size=60), "SMOTE": np.ones(60)}
)
FIGURES = {
    "ranks": lambda: rank_plots.plot_ranks(ranks(RESULTS, "F1"), "F1"),
    "differences": lambda: rank_plots.plot_differences(paired_tests(RESULTS, "F1")),
    "one dataset": lambda: rank_plots.plot_differences(
        paired_tests(RESULTS[RESULTS["dataset"] == "iris 1:10"], "F1")
    ),
    "over datasets": lambda: rank_plots.plot_differences(across_datasets(RESULTS, "F1")),
    "calibration": lambda: rank_plots.plot_calibration(PROBABILITIES),
}


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES.keys())
def test_a_closed_figure_without_complaints(make):
    before = plt.get_fignums()
    with strict_warnings():
        figure = make()
        figure.draw_without_rendering()
    assert isinstance(figure, Figure)
    assert plt.get_fignums() == before


def test_the_best_sampler_is_on_top():
    axes = FIGURES["ranks"]().axes[0]
    assert axes.get_yticklabels()[0].get_text() == "SMOTE"
    assert axes.yaxis_inverted()
    assert "rank" in axes.get_xlabel()


def test_filled_marks_exclude_zero():
    tests = paired_tests(RESULTS[RESULTS["dataset"] == "iris 1:10"], "F1")
    axes = rank_plots.plot_differences(tests).axes[0]
    lines = [
        line for line in axes.lines if line.get_marker() in ("o", "^") and len(line.get_xdata())
    ]
    filled = sum(len(line.get_xdata()) for line in lines if line.get_markerfacecolor() != "white")
    assert filled == ((tests["low"] > 0) | (tests["high"] < 0)).sum() > 0


def test_calibration_points_are_the_bins():
    axes = FIGURES["calibration"]().axes[1]
    (x, y), *more = axes.collections[-1].get_offsets().data
    assert not more
    assert (x, y) == pytest.approx((1, PROBABILITIES["truth"].mean()))


def test_wilson_interval():
    from scipy.stats import binomtest

    low, high = rank_plots._wilson(pd.Series([0.3]), pd.Series([20]))
    expected = binomtest(6, 20).proportion_ci(method="wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-4)


@pytest.mark.parametrize(
    "make, error",
    [
        (lambda: rank_plots.plot_ranks(RESULTS), KeyError),
        (lambda: rank_plots.plot_ranks(ranks(RESULTS, "F1").iloc[:0]), ValueError),
        (lambda: rank_plots.plot_differences(RESULTS), KeyError),
        (lambda: rank_plots.plot_calibration(PROBABILITIES[["none"]]), KeyError),
        (lambda: rank_plots.plot_calibration(PROBABILITIES[["truth"]]), ValueError),
        (lambda: rank_plots.plot_calibration(PROBABILITIES.assign(SMOTE=2.0)), ValueError),
    ],
)
def test_refuses_what_it_cannot_draw(make, error):
    with pytest.raises(error):
        make()


def test_samplers_without_rows_are_left_out():
    table = ranks(RESULTS, "F1")
    samplers = pd.Categorical(table["sampler"], ["none", "SMOTE", "GAN", "VAE"])
    with strict_warnings():
        axes = rank_plots.plot_ranks(table.assign(sampler=samplers)).axes[0]
    assert len(axes.get_yticklabels()) == 3
