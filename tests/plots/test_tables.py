"""Pictures: one scale, everything inside the figure, shown once, with alternative text."""

import matplotlib as mpl

mpl.use("agg")

import warnings
from functools import cache

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from gan_utils import plots
from gan_utils.plots import bands
from gan_utils.plots.diagrams import DIAGRAMS
from gan_utils.scorecard import compare_tables, score_table

pytestmark = pytest.mark.usefixtures("no_warnings")

APPS = ["8 Ball Pool", "Facebook", "Instagram"]


def rows(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "Date": pd.Timestamp("2024-08-01") + pd.to_timedelta(rng.integers(0, 25, n), unit="D"),
            "App": rng.choice(APPS, n),
            "Usage (minutes)": rng.integers(1, 120 + 20 * seed, n),
            "Notifications": rng.poisson(20, n),
            "Times Opened": rng.integers(1, 100, n),
        }
    )


TABLES = {"real": rows(40, 0), "generated": rows(30, 1)}
LOOSE = ["Usage (minutes)", "Notifications", "App"]
SEEDS = pd.DataFrame(
    {
        "method": np.repeat(["do nothing", "SMOTE", "all real"], 5),
        "recall": np.random.default_rng(0).uniform(0.8, 1, 15),
    }
)
GAINS = SEEDS.assign(seed=[*range(5)] * 3, precision=SEEDS["recall"] ** 2)
HISTORY = {
    name: np.random.default_rng(0).uniform(size=200)
    for name in ("d_loss", "g_loss", "d_accuracy_real", "d_accuracy_fake")
}
CONFUSIONS = {"tree": (["a", "b", "b"], ["a", "a", "b"]), "dummy": (["a", "b"], ["a", "a"])}


@cache
def card_of_two():
    return score_table(rows(30, 0)[LOOSE], [rows(30, 1)[LOOSE], rows(30, 2)[LOOSE]])


def comparison():
    return compare_tables(rows(30, 0)[LOOSE], {"a": rows(30, 1)[LOOSE], "b": rows(30, 2)[LOOSE]})


FIGURES = {
    "pairs": lambda: plots.plot_pairs(TABLES),
    "pairs with hue": lambda: plots.plot_pairs(TABLES | {"third": rows(9, 2)}, hue="App"),
    "one grid": lambda: plots.plot_pairs({"real": rows(20, 0)}),
    "correlations": lambda: plots.plot_correlations(TABLES),
    "distributions": lambda: plots.plot_distributions(TABLES),
    "confusions": lambda: plots.plot_confusions(CONFUSIONS, ["a", "b"]),
    "card": lambda: plots.plot_scorecard(card_of_two()),
    "comparison": lambda: plots.plot_scorecard(comparison()),
    "training": lambda: plots.plot_training(HISTORY),
    "bands": lambda: plots.plot_bands(SEEDS, "method", "recall", ["do nothing", "all real"]),
    "gains": lambda: plots.plot_gains(GAINS, "method", ["recall", "precision"], "do nothing"),
    "strips": lambda: plots.plot_bands(SEEDS, "method", "recall", interval="range"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_closed_figure_with_nothing_cut_off(name):
    figure = FIGURES[name]()
    assert isinstance(figure, Figure)
    assert plt.get_fignums() == []
    assert 80 <= figure.dpi <= 100
    figure.draw_without_rendering()  # lays the parts out
    box, page = figure.get_tightbbox(), figure.bbox_inches
    assert box.x0 > -0.1 and box.y0 > -0.1, "something is cut off"
    assert box.x1 < page.x1 + 0.1 and box.y1 < page.y1 + 0.1, "something is cut off"


def test_pictures_are_small_enough_for_a_notebook():
    figure = FIGURES["pairs with hue"]()
    assert len(plots.show(figure, alt="a picture").data) < 200_000


def test_pairs_are_on_one_scale():
    figure = plots.plot_pairs(TABLES, units={"Notifications": "a day"})
    first, second = (part.get_axes() for part in figure.subfigs)
    for one, other in zip(first, second, strict=True):
        assert one.get_xlim() == other.get_xlim()
    bottom = first[6:]
    assert bottom[0].get_xlim()[1] > TABLES["generated"]["Usage (minutes)"].max()
    assert [axes.get_xlabel().replace("\n", " ") for axes in bottom] == [
        *("Usage (minutes)", "Notifications (a day)", "Times Opened"),
    ]
    r = TABLES["real"]["Usage (minutes)"].corr(TABLES["real"]["Notifications"])
    assert first[1].texts[0].get_text() == f"r = {r:.2f}"


def test_groups_have_the_reach_of_their_correlations():
    figure = plots.plot_pairs({"real": TABLES["real"]}, ["Usage (minutes)", "Notifications"], "App")
    written = [text.get_text() for text in figure.subfigs[0].get_axes()[1].texts]
    pair = ["Usage (minutes)", "Notifications"]
    own = [rows[pair].corr().iloc[0, 1] for _, rows in TABLES["real"].groupby("App")]
    assert written[0] == f"r = {TABLES['real'][pair].corr().iloc[0, 1]:.2f}"
    assert written[1] == f"within one App:\n{min(own):.2f} to {max(own):.2f}"


def test_histograms_hold_every_row_and_bars_are_shares():
    figure = plots.plot_distributions(TABLES, columns=["Usage (minutes)", "App"])
    histogram, bars = figure.get_axes()
    heights = [bar.get_height() for bar in bars.patches]
    assert sum(heights) == pytest.approx(2)
    share = (TABLES["real"]["App"] == "8 Ball Pool").mean()
    assert heights[0] == pytest.approx(share)
    low, high = histogram.patches[0].get_xy()[:, 0].min(), histogram.patches[0].get_xy()[:, 0].max()
    both = pd.concat(TABLES.values())["Usage (minutes)"]
    assert (low, high) == (both.min(), both.max())
    assert [text.get_text() for text in figure.legends[0].texts] == ["real", "generated"]


def test_correlations_are_written_and_constants_left_open():
    table = rows(20, 0)[["Usage (minutes)", "Notifications"]]
    figure = plots.plot_correlations({"real": table, "collapsed": table.assign(Notifications=1)})
    written = [[text.get_text() for text in axes.texts] for axes in figure.get_axes()[:2]]
    r = table.corr().iloc[0, 1]
    assert written == [["1.00", f"{r:.2f}", f"{r:.2f}", "1.00"], ["1.00", "-", "-", "-"]]


@pytest.mark.parametrize("panels", [1, 2, 4, 5, 7])
@pytest.mark.parametrize("kind", ["confusions", "correlations"])
def test_a_grid_with_empty_places(kind, panels):
    names = [f"model {number}" for number in range(panels)]
    if kind == "confusions":
        figure = plots.plot_confusions(dict.fromkeys(names, CONFUSIONS["tree"]), ["a", "b"])
    else:
        columns = ["Usage (minutes)", "Notifications"]
        figure = plots.plot_correlations({name: rows(9, 0)[columns] for name in names})
    figure.draw_without_rendering()
    *grid, bar = figure.get_axes()
    assert [axes.get_title() for axes in grid] == names
    assert bar.get_ylabel()
    lowest = {round(axes.get_position().x0, 2): axes for axes in grid}  # from top to bottom
    for axes in grid:
        named = any(label.get_visible() and label.get_text() for label in axes.get_xticklabels())
        assert named == (axes in lowest.values()), "named under the lowest of each column, only"


@pytest.mark.parametrize("kind", ["confusions", "correlations"])
def test_no_title_touches_the_panel_above(kind):
    names = [f"table {k}" for k in range(5)]
    if kind == "confusions":
        figure = plots.plot_confusions(dict.fromkeys(names, CONFUSIONS["tree"]), ["a", "b"])
    else:
        figure = plots.plot_correlations({name: rows(9, 0) for name in names})
    figure.canvas.draw()
    panels = [axes for axes in figure.get_axes() if axes.get_title()]
    for axes in panels[3:]:
        top = axes.title.get_window_extent().y1
        above = [p.get_window_extent().y0 for p in panels[:3]]
        assert min(above) - top >= 4


@pytest.mark.parametrize(
    "values",
    [
        pd.to_timedelta(range(9), unit="D"),
        pd.date_range("2024", periods=9, tz="UTC"),
        pd.Series(list(pd.to_timedelta(range(9), unit="D")), dtype=object),
        pd.Series(list(pd.date_range("2024", periods=9)), dtype=object),
    ],
)
def test_dates_and_durations_are_left_out_unless_they_are_asked_for(values):
    plain = rows(9, 0).drop(columns="Date")
    timed = {"real": plain.assign(Time=values)}
    draws = (plots.plot_distributions, plots.plot_pairs, plots.plot_correlations)
    for draw, n_panels in zip(draws, (4, 9, 2), strict=True):
        assert len(draw(timed).get_axes()) == len(draw({"real": plain}).get_axes()) == n_panels
        with pytest.raises(ValueError, match="'Time' of table 'real' holds dates or durations"):
            draw(timed, ["Notifications", "Time"])


def test_a_grid_of_names_without_a_letter():
    table = rows(9, 0)[["Notifications", "Times Opened"]].set_axis(["", " "], axis=1)
    assert len(plots.plot_correlations({"real": table}).get_axes()) == 2


def test_confusions_count():
    figure = plots.plot_confusions(CONFUSIONS, ["a", "b"])
    written = [[text.get_text() for text in axes.texts] for axes in figure.get_axes()[:2]]
    assert written == [["1", "0", "1", "1"], ["1", "0", "1", "0"]]
    first = figure.get_axes()[0].images[0]
    assert np.allclose(first.get_array(), [[1, 0], [0.5, 0.5]])
    assert first.get_clim() == (0, 1)


def test_a_scorecard_shows_values_ranges_and_baselines():
    figure = plots.plot_scorecard(card_of_two())
    panels = figure.get_axes()
    assert [axes.get_title(loc="left") for axes in panels] == [
        *("Does it look real? (fidelity)", "Is it varied? (diversity)", "Is it new? (novelty)"),
    ]
    shown = panels[0].lines[0].get_xdata()
    assert np.allclose(shown, card_of_two().query("question == 'fidelity'")["value"])
    assert [text.get_text() for text in figure.legends[0].texts] == [
        *("synthetic", "real against real"),
    ]
    plots.plot_scorecard(pd.DataFrame(card_of_two()))  # a plain table with the same columns will do


@pytest.mark.parametrize(("ratio", "shared"), [(2.2, True), (40.0, False)])
def test_the_panels_of_a_scorecard_have_one_scale(ratio, shared):
    card = pd.DataFrame(card_of_two()).copy()
    card.loc["distance ratio to real rows", ["value", "high"]] = ratio
    limits = {axes.get_xlim() for axes in plots.plot_scorecard(card).get_axes()}
    assert (len(limits) == 1) == shared
    assert max(high for _, high in limits) > ratio


def test_bands_of_baselines_and_intervals():
    from scipy.stats import bootstrap

    low, high = bands._interval(SEEDS["recall"].to_numpy(), "confidence")
    near = bootstrap([SEEDS["recall"]], np.mean, random_state=0).confidence_interval
    assert (low, high) == pytest.approx(near, abs=0.02)
    figure = plots.plot_bands(SEEDS, "method", "recall", ["do nothing", "all real"])
    axes = figure.get_axes()[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["SMOTE"]
    assert len(axes.collections[0].get_offsets()) == 5
    assert axes.get_ylabel() == "recall"


def test_no_method_has_the_colour_of_a_band():
    names = ["nothing", "all", *"abcdef"]
    results = pd.DataFrame({"method": names * 2, "recall": np.linspace(0, 1, 16)})
    axes = plots.plot_bands(results, "method", "recall", ["nothing", "all"]).get_axes()[0]
    bands = {mpl.colors.to_hex(line.get_color()) for line in axes.lines[:2]}
    points = [part for part in axes.collections if len(part.get_offsets()) == 2]
    colours = {mpl.colors.to_hex(part.get_facecolor()[0]) for part in points}
    assert len(bands) == 2 and len(colours) == 5 and not bands & colours


def test_two_bands_that_overlap_look_different_where_they_do():
    results = pd.DataFrame({"method": list("aabbcc"), "recall": [0.92, 0.98, 0.96, 0.98, 0.9, 1]})
    figure = plots.plot_bands(results, "method", "recall", ["a", "b"], interval="range")
    first, second = figure.get_axes()[0].patches
    assert first.get_hatch() != second.get_hatch()
    assert first.get_edgecolor() != second.get_edgecolor()
    words = [text.get_text() for text in figure.legends[0].texts]
    assert words == ["a\n0.950 (0.920 to 0.980)", "b\n0.970 (0.960 to 0.980)"]


def test_gains_are_paired_and_have_two_intervals():
    from scipy import stats

    figure = plots.plot_gains(GAINS, "method", ["recall"], "do nothing")
    axes = figure.get_axes()[0]
    wide = GAINS.pivot_table(index="seed", columns="method", values="recall")
    gain = wide["SMOTE"] - wide["do nothing"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["SMOTE", "all real"]
    thin, thick = (part.get_segments()[0][:, 0] for part in axes.collections[:2])
    assert thin == pytest.approx(gain.quantile([0.05, 0.95]).to_numpy())
    test = stats.ttest_rel(wide["SMOTE"], wide["do nothing"])
    assert thick == pytest.approx(test.confidence_interval(0.95))
    assert axes.lines[0].get_xdata() == pytest.approx([gain.mean()])


def test_a_mark_is_filled_where_the_interval_of_the_mean_excludes_zero():
    rise = {"base": [0.5, 0.6, 0.7], "up": [0.61, 0.7, 0.79], "same": [0.6, 0.5, 0.7]}
    table = pd.DataFrame(rise).rename_axis("seed").reset_index().melt("seed", var_name="method")
    axes = plots.plot_gains(table, "method", ["value"], "base").get_axes()[0]
    filled = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]
    assert filled == [plots.PALETTE[0], "white"]


def test_training_names_its_curves():
    figure = plots.plot_training(pd.DataFrame(HISTORY).assign(epoch=range(200)))
    losses, accuracies = figure.get_axes()
    assert losses.get_legend_handles_labels()[1] == ["discriminator", "generator"]
    assert accuracies.get_legend_handles_labels()[1] == ["real rows", "fake rows"]
    assert losses.get_xlabel() == "epoch"
    assert len(plots.plot_training({"loss": [1, 2]}).get_axes()) == 1


@pytest.mark.parametrize(
    ("draw", "error", "hint"),
    [
        (lambda: plots.plot_pairs(TABLES, columns=["nope", "App"]), KeyError, "no column 'nope'"),
        (lambda: plots.plot_pairs(TABLES, columns=["Notifications"]), ValueError, "2 to 5"),
        (lambda: plots.plot_pairs({}), ValueError, "0 tables"),
        (lambda: plots.plot_pairs({"a": rows(9, 0)[:0]}), ValueError, "empty"),
        (lambda: plots.plot_correlations({"a": rows(9, 0)[["App"]]}), ValueError, "two numeric"),
        (lambda: plots.plot_pairs(TABLES, ["App", "Notifications"]), ValueError, "not numbers"),
        (lambda: plots.plot_correlations(TABLES, ["App", "Notifications"]), ValueError, "not num"),
        (
            lambda: plots.plot_distributions(
                TABLES | {"b": rows(9, 1).assign(Notifications="many")}
            ),
            ValueError,
            "'Notifications' of table 'b' holds values that are not numbers",
        ),
        (
            lambda: plots.plot_pairs({"a": rows(9, 1).assign(Notifications=np.inf)}),
            ValueError,
            "'Notifications' of table 'a' is infinite",
        ),
        (lambda: plots.plot_distributions({"a": rows(9, 0)[["Date"]]}), ValueError, "no column"),
        (lambda: plots.plot_confusions({"a": ([1], [2, 3])}, [1, 2]), ValueError, "'3'"),
        (lambda: plots.plot_scorecard(rows(9, 0)), TypeError, "no card"),
        (lambda: plots.plot_training({"time": [1]}), ValueError, "no curve"),
        (lambda: plots.plot_bands(SEEDS, "method", "f1"), KeyError, "'f1' is not a column"),
        (lambda: plots.plot_bands(SEEDS, "method", "recall", ["x"]), ValueError, "baselines"),
        (lambda: plots.plot_bands(SEEDS, "method", "recall", [], "sd"), ValueError, "interval"),
        (lambda: plots.plot_gains(GAINS, "method", ["f1"], "SMOTE"), KeyError, "'f1' is not"),
        (lambda: plots.plot_gains(GAINS, "method", ["recall"], "x"), ValueError, "baseline='x'"),
        (lambda: plots.plot_gains(GAINS[3:], "method", ["recall"], "SMOTE"), ValueError, "one 're"),
        (lambda: plots.show(Figure(), " "), ValueError, "alt is empty"),
        (lambda: plots.show_diagram("cat"), ValueError, "no diagram 'cat'. There are GAN_over"),
    ],
)
def test_bad_input(draw, error, hint):
    with pytest.raises(error, match=hint):
        draw()
    assert plt.get_fignums() == []


def test_style_and_palette():
    with mpl.rc_context():
        plots.use_course_style()
        colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
        assert tuple(colours) == plots.PALETTE
    assert len(plots.PALETTE) == len(plots.MARKERS)


@pytest.mark.parametrize("name", DIAGRAMS)
def test_diagrams_are_there_and_described(name):
    picture = plots.show_diagram(f"{name}.png")
    assert picture.data.startswith(b"\x89PNG")
    assert len(picture.alt) > 80


def test_every_diagram_of_the_course_has_a_description():
    from gan_utils.datasets.folder import shipped

    folder = shipped("GAN_overview.png").parent
    assert {path.stem for path in folder.glob("*.png")} == set(DIAGRAMS)


def test_alternative_text_travels_with_the_picture():
    from IPython.core.formatters import DisplayFormatter

    picture = plots.show(plots.plot_training({"loss": [1.0, 2.0]}), alt="a loss that grows")
    data, metadata = DisplayFormatter().format(picture)
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == "Picture: a loss that grows"
    assert metadata["image/png"]["alt"] == "a loss that grows"


def test_alternative_text_reaches_the_page():
    nbconvert = pytest.importorskip("nbconvert")
    picture = plots.show(plots.plot_training({"loss": [1.0, 2.0]}), alt="a loss that grows")
    data, metadata = picture._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    cell = nbformat.v4.new_code_cell("show(...)", outputs=[output])
    book = nbformat.v4.new_notebook(cells=[cell])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbconvert's own
        page, _ = nbconvert.HTMLExporter(template_name="classic").from_notebook_node(book)
    assert 'alt="a loss that grows"' in page


DOLLARS = ["$10K-$20K", "$20K-$50K", "_$x_$"]


def texts_of(figure: Figure) -> list[str]:
    """Return every text of a drawn figure, as it is drawn."""
    figure.canvas.draw()
    return [text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()]


def paid(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {"income ($) by area (k$)": rng.normal(size=30), "$_b_^$": rng.normal(size=30)}
    return pd.DataFrame({**columns, "$band$": np.resize(DOLLARS, 30)})


MONEY = {"_$real$": paid(0), "$1 or $2^": paid(1)}
SCORES = pd.DataFrame(
    {
        "$m$": np.repeat(["$a$ ^", "_$b$^", "$c^$"], 3),
        "$y^$": np.linspace(0, 1, 9),
        "$n^$": [1, 2, 3] * 3,
    }
)
BITS = pd.DataFrame({"held_out_bits": [2.0, 1.0], "bits": [2.0, 1.0], "$s^$": [1, 2]})
REACH = pd.DataFrame(
    {"network": "$_^$", "seed": 0, "distance": [1, 2], "gradient": [1.0, 0.1], "$": 1}
)
RANKS = pd.DataFrame(
    {"dataset": "$d^$", "classifier": "_$t^$", "sampler": ["$s^$", "b"], "rank": [1, 2]}
)
TESTS = RANKS.assign(baseline="$x^$", measure="$f^$", difference=0.1, low=0.0, high=0.2)
TESTS = pd.concat([TESTS, TESTS.assign(classifier="$u^$")])
WITH_DOLLARS = {
    "distributions": lambda: plots.plot_distributions(MONEY),
    "pairs": lambda: plots.plot_pairs(MONEY, hue="$band$", units={"$_b_^$": "k$"}),
    "correlations": lambda: plots.plot_correlations(MONEY),
    "confusions": lambda: plots.plot_confusions({"$^$": (["$a^$"], ["$a^$"])}, ["$a^$"]),
    "bands": lambda: plots.plot_bands(SCORES, "$m$", "$y^$", ["_$b$^"]),
    "gains": lambda: plots.plot_gains(SCORES, "$m$", ["$y^$"], "_$b$^", pair="$n^$"),
    "sizes": lambda: plots.plot_by_size(SCORES, "$n^$", "$y^$", "$m$", {"$l^$": 0.5}),
    "trade-off": lambda: plots.plot_tradeoff(
        SCORES.rename_axis("$i^$"), "$n^$", "$y^$", {"_$k^$": (1, 1)}
    ),
    "learning": lambda: plots.plot_learning({"_$^$": BITS}, "$s^$", {"$b^$": 1.5}),
    "orders": lambda: plots.plot_orders(pd.DataFrame({"_$o^$": [2.0, 1.0]})),
    "reach": lambda: plots.plot_reach(REACH),
    "contexts": lambda: plots.plot_contexts({"$c^$": pd.Series([2.0, 1.0], [1, 2])}),
    "training": lambda: plots.plot_training({"$l^$ loss": [1.0, 2.0]}),
    "ranks": lambda: plots.plot_ranks(RANKS),
    "differences": lambda: plots.plot_differences(TESTS),
    "calibration": lambda: plots.plot_calibration(pd.DataFrame({"truth": [0, 1], "$p^$": 0.5})),
    "images": lambda: plots.plot_side_by_side(
        {"$i^$": np.zeros((1, 8, 8))}, labels={"$i^$": ["$w^$"]}
    ),
}


@pytest.mark.parametrize("name", WITH_DOLLARS)
def test_dollar_signs_in_data_are_no_mathematics(name):
    texts = [text for text in texts_of(WITH_DOLLARS[name]()) if "$" in text]
    # Matplotlib writes powers of ten as mathematics.
    texts = [text for text in texts if "mathdefault" not in text]
    assert texts
    assert not [text for text in texts if mpl.cbook.is_math_text(text)]


def test_mathematics_in_a_unit_or_an_axis_label_stays():
    figure = plots.plot_distributions({"real": rows(9, 0)}, ["Notifications"], units="$m^2$")
    assert "Notifications ($m^2$)" in texts_of(figure)
    figure = plots.plot_bands(SEEDS, "method", "recall", ylabel=r"$\sqrt{x}$")
    assert r"$\sqrt{x}$" in texts_of(figure)


@pytest.mark.parametrize(
    ("draw", "names"),
    [
        (lambda: plots.plot_distributions({"_real": paid(0), "gen": paid(1)}), ["_real", "gen"]),
        (
            lambda: plots.plot_pairs(MONEY, hue="$band$"),
            [r"\$10K-\$20K", r"\$20K-\$50K", r"_\$x_\$"],
        ),
        (lambda: plots.plot_ranks(RANKS.assign(classifier=["_a", "b"])), ["_a", "b"]),
    ],
)
def test_a_legend_has_every_name(draw, names):
    (legend,) = draw().legends
    assert [text.get_text().strip() for text in legend.texts] == names


def test_bars_of_values_that_do_not_compare():
    table = pd.DataFrame({"kind": pd.Series(["b", 2.5, "a", True] * 3, dtype=object)})
    (axes,) = plots.plot_distributions({"real": table}).get_axes()
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2.5", "True", "a", "b"]


HOLED = rows(12, 0).assign(kind=["a", None, "b"] * 4)
#: The same numbers, as a table may hold them.
HELD = {
    "nullable": lambda numbers: numbers.astype("Int64"),
    "categories": lambda numbers: numbers.astype("category"),
    "objects": lambda numbers: numbers.astype(object),
}


def test_a_colour_needs_a_value_in_every_row():
    with pytest.raises(ValueError, match="missing values"):
        plots.plot_pairs({"real": HOLED}, ["Notifications", "Times Opened"], hue="kind")


def test_a_column_with_a_false_name_gives_the_colours():
    table = rows(12, 0).rename(columns={"App": 0})
    (part,) = plots.plot_pairs({"real": table}, ["Notifications", "Times Opened"], hue=0).subfigs
    points = [len(drawn.get_offsets()) for axes in part.get_axes() for drawn in axes.collections]
    assert sorted(points) == sorted(table[0].value_counts())


@pytest.mark.parametrize("held", HELD)
def test_numbers_of_any_dtype_are_drawn_as_numbers(held):
    plain = rows(12, 0)[["Notifications", "Times Opened"]]
    other = plain.assign(Notifications=HELD[held](plain["Notifications"]))
    for draw in (plots.plot_pairs, plots.plot_distributions):
        limits = [
            [axes.get_xlim() for axes in draw({"real": plain, "generated": table}).get_axes()]
            for table in (plain, other)
        ]
        assert limits[0] == limits[1]
    plots.plot_pairs({"real": other}, list(other))


@pytest.mark.parametrize("draw", [plots.plot_pairs, plots.plot_correlations])
def test_text_that_looks_like_numbers_is_no_number(draw):
    table = rows(12, 0).astype({"Notifications": str})
    with pytest.raises(ValueError, match=r"'Notifications'.* not numbers"):
        draw({"real": table}, ["Notifications", "Times Opened"])


def test_bars_of_bytes_have_their_shares():
    table = pd.DataFrame({"kind": [b"a", b"b", b"a", b"a"]})
    (axes,) = plots.plot_distributions({"real": table}).get_axes()
    assert [bar.get_height() for bar in axes.patches] == [0.75, 0.25]


def test_confusions_of_columns_are_refused():
    column = np.array([["a"], ["b"]])
    with pytest.raises(ValueError, match=r"shapes \(2, 1\)"):
        plots.plot_confusions({"tree": (column, column)}, ["a", "b"])


def test_rare_categories_share_a_bar():
    names = pd.DataFrame({"name": ["a"] * 50 + [f"person {n:03}" for n in range(150)]})
    (axes,) = plots.plot_distributions({"real": names, "generated": names[:100]}).get_axes()
    words = [text.get_text() for text in axes.get_xticklabels()]
    assert (len(words), words[0], words[-1]) == (40, "a", "112 others")
    heights = np.reshape([bar.get_height() for bar in axes.patches], (2, 40))
    assert heights[:, 0].tolist() == [0.25, 0.5]
    np.testing.assert_allclose(heights.sum(axis=1), 1)


def test_gains_of_methods_that_are_categories():
    methods = pd.Categorical(GAINS["method"], [*GAINS["method"].unique(), "GAN"])
    figure = plots.plot_gains(GAINS.assign(method=methods), "method", ["recall"], "do nothing")
    words = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert words == ["SMOTE", "all real"]
