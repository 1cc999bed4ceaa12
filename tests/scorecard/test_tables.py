"""The card: what it holds, what it prints, and what it refuses."""

import time

import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings

from gan_utils import metrics
from gan_utils.scorecard import compare_tables, headlines, score_table
from gan_utils.scorecard import tables as table_card

COLUMNS = ["question", "value", "low", "high", "baseline", "best"]
RATIO, MEDIAN = "distance ratio to real rows", "distance to closest row (median)"


def rows(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    kind = pd.Categorical(np.where(x > 0, "high", "low"))
    return pd.DataFrame({"x": x + shift, "y": x + rng.normal(size=n), "kind": kind})


@pytest.fixture(scope="module")
def card():
    with strict_warnings():
        made = [rows(60, seed) for seed in (1, 2, 3)]
        return score_table(rows(60, 0), made, held_out=rows(50, 9), target="kind")


def test_asks_the_four_questions_in_order(card):
    assert list(card.columns) == COLUMNS
    assert list(card["question"].unique()) == ["fidelity", "diversity", "utility", "novelty"]
    assert list(card.index) == [
        *("KS complement", "TV complement", "correlation similarity", "C2ST", "coverage"),
        *("TSTR balanced accuracy", "exact copies (share)", MEDIAN, RATIO),
    ]


def test_rows_close_to_the_training_rows_do_not_mislead_the_classifier():
    real, held_out = rows(60, 0), rows(50, 9)
    numbers = real.select_dtypes("number").columns
    near = real.assign(**{name: real[name] + 1e-3 for name in numbers})
    card = score_table(real, near, held_out=held_out)
    assert card.loc["C2ST", "value"] == metrics.c2st(held_out, near)
    assert "C2ST is too low" not in repr(card)
    assert "C2ST is too low" in repr(score_table(real, near))


def test_numbers_are_those_of_the_measures(card):
    real, held_out = rows(60, 0), rows(50, 9)
    scores = [metrics.c2st(held_out, rows(60, seed)) for seed in (1, 2, 3)]
    expected = [np.mean(scores), min(scores), max(scores), metrics.c2st(held_out, real)]
    assert list(card.loc["C2ST", ["value", "low", "high", "baseline"]]) == pytest.approx(expected)
    trtr = metrics.tstr(real, held_out, "kind")
    assert card.loc["TSTR balanced accuracy", "baseline"] == trtr
    expected = np.median(metrics.distance_to_closest(held_out, real))
    assert card.loc[MEDIAN, "baseline"] == expected
    ratio = card.loc[MEDIAN, "value"] / expected
    assert card.loc[RATIO, "value"] == pytest.approx(ratio)
    assert card.loc[RATIO, "baseline"] == 1


def test_prints_as_the_card(card):
    text = repr(card).split("\n")
    assert text[0] == (
        "Scorecard: 60 real rows; 3 runs of 60 synthetic rows; real against real: 50 held-out rows"
    )
    assert text[2].split() == ["value", "low", "high", "real", "against", "real", "best"]
    assert text[3] == "Does it look real? (fidelity)"
    assert text[4].startswith("  KS complement")
    assert f" {card.loc['KS complement', 'value']:.3f} " in text[4]
    assert "Is it new? (novelty)" in card._repr_html_()


def test_a_single_table_has_no_range_and_says_so():
    card = score_table(rows(30, 0), rows(20, 1))
    assert card[["low", "high"]].isna().all(axis=None)
    assert "; one run of 20 synthetic rows; real against real: two halves of" in repr(card)
    assert np.isnan(card.loc["TSTR", "value"])
    assert "Note: TSTR was not measured: it needs target=" in repr(card)
    assert card.loc["C2ST", "baseline"] >= 0.4


def test_copies_show():
    train = rows(60, 0)
    card = score_table(train, train)
    assert card.loc["exact copies (share)", ["value", "baseline"]].tolist() == [1, 0]
    assert card.loc[RATIO, "value"] == 0


def test_small_tables_and_numbers_only():
    card = score_table(
        rows(20, 0)[["x", "y"]], rows(30, 1)[["x", "y"]], held_out=rows(6, 2)[["x", "y"]]
    )
    assert "TV complement" not in card.index
    assert card["value"].drop("TSTR").notna().all()


def test_one_column_has_no_correlation_row():
    card = score_table(rows(20, 0)[["x"]], rows(20, 1)[["x"]])
    assert "correlation similarity" not in card.index


def test_a_collapsed_generator_gets_a_card_with_a_note():
    collapsed = rows(30, 1).assign(x=0.0)
    card = score_table(rows(30, 0), [collapsed, rows(30, 2)])
    assert card.loc["correlation similarity", "value"] > 0
    assert "'x' of the synthetic table is constant" in repr(card)
    assert "(in 1 of 2 tables)." in repr(card)


def test_repeated_real_rows_have_no_ratio():
    dice = pd.DataFrame({"a": np.arange(40) % 3, "b": np.arange(40) % 2})
    card = score_table(dice, dice)
    assert np.isnan(card.loc[RATIO, "value"])
    assert "most real rows repeat" in repr(card)
    assert card.loc["exact copies (share)", "baseline"] == 1


def test_numeric_target_and_a_small_held_out_part():
    card = score_table(rows(60, 0), rows(60, 1), held_out=rows(20, 2), target="y")
    assert "TSTR R²" in card.index
    assert "its baseline has 20, not 60" in repr(card)


def test_same_seed_same_card_and_fast():
    real, synthetic = (rows(200, seed)[["x", "y"]].assign(z=1.0 * seed) for seed in (0, 1))
    real["z"], synthetic["z"] = real["x"] ** 2, synthetic["x"] ** 2
    start = time.process_time()
    first = score_table(real, synthetic, random_state=4)
    assert time.process_time() - start < 6  # about 1.5 s; the margin is for slow machines
    pd.testing.assert_frame_equal(
        first, score_table(real, synthetic, random_state=4), check_exact=True
    )


def test_compare_puts_cards_side_by_side(card):
    made = [rows(60, seed) for seed in (1, 2, 3)]
    held_out, real = rows(50, 9), rows(60, 0)
    both = compare_tables(real, {"good": made, "copies": real}, held_out=held_out, target="kind")
    pd.testing.assert_frame_equal(both["good"], pd.DataFrame(card)[["value", "low", "high"]])
    assert both["card", "baseline"].tolist() == card["baseline"].tolist()
    assert both.xs("value", axis=1, level=1).columns.tolist() == ["good", "copies"]
    value, low, high = (f"{number:.3f}" for number in both.loc["C2ST", "good"])
    text = repr(both)
    assert f"{value} ({low} to {high})" in text
    assert "1 to 3 runs each of 60 synthetic rows" in text
    assert "good" in both._repr_html_()


@pytest.mark.parametrize(
    ("change", "error", "hint"),
    [
        ({"real": rows(8, 0)}, ValueError, "real has 8 rows, but a card needs at least 12"),
        ({"synthetic": rows(4, 0)}, ValueError, "synthetic has 4 rows"),
        ({"synthetic": []}, ValueError, "no table"),
        ({"synthetic": [[1, 2]]}, TypeError, "pandas DataFrame, but it is list"),
        ({"held_out": rows(3, 0)}, ValueError, "held_out has 3 rows"),
        ({"target": "kind"}, ValueError, "needs held_out="),
        ({"target": "no", "held_out": rows(9, 0)}, KeyError, "'no' is not a column"),
        ({"synthetic": rows(20, 0)[["x"]]}, ValueError, "differ in their columns"),
    ],
)
def test_bad_input(change, error, hint):
    given = {"real": rows(20, 0), "synthetic": rows(20, 1)} | change
    with pytest.raises(error, match=hint):
        score_table(given.pop("real"), given.pop("synthetic"), **given)


@pytest.mark.parametrize("methods", [{}, {"card": rows(20, 1)}])
def test_compare_needs_methods(methods):
    with pytest.raises(ValueError, match="name at least one method"):
        compare_tables(rows(20, 0), methods)


def test_headlines(capsys):
    headlines({"C2ST": [0.5, 0.55, 0.6], "accuracy": np.array([1.0])})
    headlines({"time": [12, 14]}, unit="s")
    assert capsys.readouterr().out.splitlines() == [
        "headline | C2ST | 0.550 | 0.500 to 0.600 | 3 runs",
        "headline | accuracy | 1.000 | 1.000 to 1.000 | 1 run",
        "headline | time | 13.000 s | 12.000 to 14.000 s | 2 runs",
    ]


@pytest.mark.parametrize("results", [{"a": []}, {"a": [np.nan]}, {"a | b": [1.0]}])
def test_bad_headlines(results):
    with pytest.raises(ValueError, match="headline"):
        headlines(results)


def test_real_rows_are_compared_with_all_others_however_many_are_looked_at(monkeypatch):
    """A draw of the rows among themselves lies farther apart than the rows do."""
    from gan_utils.scorecard import table_measures

    real = pd.DataFrame(np.random.default_rng(0).normal(size=(900, 2)), columns=["x", "y"])
    real = pd.concat([real, real.head(90)], ignore_index=True)  # 180 of 990 rows have a twin
    whole = table_measures._own_closeness(real, 0)
    monkeypatch.setattr(table_measures, "MOST_COMPARED", 300)
    some = table_measures._own_closeness(real, 0)
    median = "distance to closest row (median)"
    assert some[median] == pytest.approx(whole[median], rel=0.15)
    assert whole["exact copies (share)"] == pytest.approx(180 / 990)
    assert some["exact copies (share)"] == pytest.approx(180 / 990, abs=0.06)


@pytest.mark.parametrize(
    "seed, words",
    [(-1, "=-1 must be"), (2**32, "must be below"), (np.random.default_rng(0), "a whole number")],
)
def test_a_seed_that_is_none(seed, words):
    with pytest.raises(ValueError, match=words):
        score_table(rows(12, 0), rows(12, 1), random_state=seed)
    with pytest.raises(ValueError, match=words):
        compare_tables(rows(12, 0), {"mine": rows(12, 1)}, random_state=seed)


@pytest.mark.parametrize("name", [("a", 1), None, np.nan])
def test_compare_refuses_names_that_pandas_misreads(name):
    with pytest.raises(ValueError, match="Name each method by a text"):
        compare_tables(rows(12, 0), {name: rows(12, 1), "other": rows(12, 2)})


def test_a_note_names_methods_that_are_called_by_numbers():
    numbers = rows(30, 0)[["x", "y"]]
    made = {100: numbers.assign(x=0.0), "mine": numbers, 300.5: numbers.assign(x=1.0)}
    both = compare_tables(numbers, made)
    assert "Note: 100, 300.5: correlation similarity is undefined" in repr(both)


def test_compare_needs_names():
    with pytest.raises(TypeError, match=r"maps a name to .*, but it is list"):
        compare_tables(rows(12, 0), [rows(12, 1)])


def test_tables_that_differ_are_refused_before_any_training(monkeypatch):
    monkeypatch.setattr(table_card, "baseline_of", lambda *_: pytest.fail("trained first"))
    good, holey = rows(20, 1), rows(20, 2)
    holey.loc[3, "y"] = np.nan
    for change in ({"synthetic": [good, holey]}, {"synthetic": good, "held_out": holey}):
        with pytest.raises(ValueError, match=r"'y' of .* has 1 missing"):
            score_table(rows(20, 0), **change)
    with pytest.raises(ValueError, match="'y' of CTGAN has 1 missing"):
        compare_tables(rows(20, 0), {"SMOTE": good, "CTGAN": holey})


def test_the_title_gives_the_size_of_every_table():
    assert "2 runs of 20 to 30 synthetic rows" in repr(
        score_table(rows(20, 0), [rows(20, 1), rows(30, 2)])
    )
