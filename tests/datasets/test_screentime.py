"""The screen-time table: what the card says holds, and every fault of a reader's file is named."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from gan_utils.datasets import load_screentime
from gan_utils.datasets.screentime import COLUMNS, NUMERIC

CARD_MEANS = {
    "8 Ball Pool": (18, 4, 7),
    "Facebook": (34, 40, 30),
    "Instagram": (76, 50, 42),
    "LinkedIn": (16, 9, 5),
    "Netflix": (73, 0.4, 2.6),
    "Safari": (11, 0.7, 5),
    "WhatsApp": (48, 100, 68),
    "X": (27, 26, 13),
}
GOOD = "Date,App,Usage (minutes),Notifications,Times Opened\n2024-08-01,X,10,2,3\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def table():
    return load_screentime()


def test_it_has_one_row_for_each_app_and_day_in_shuffled_order(table):
    assert list(table.columns) == COLUMNS
    assert len(table) == 200
    assert table.groupby("App")["Date"].nunique().eq(25).all()
    assert table["Date"].dt.strftime("%Y-%m").unique().tolist() == ["2024-08"]
    assert not table["Date"].is_monotonic_increasing
    assert table["App"].iloc[:25].nunique() > 4


def test_means_of_each_app_are_those_on_the_card(table):
    wanted = pd.DataFrame(CARD_MEANS, index=NUMERIC).T
    means = table.groupby("App")[NUMERIC].mean()
    assert (means - wanted).abs().to_numpy().max() <= 0.05


def test_correlations_are_those_on_the_card(table):
    correlations = table[NUMERIC].corr()
    assert correlations.loc["Usage (minutes)", "Notifications"] == pytest.approx(0.28, abs=0.015)
    assert correlations.loc["Usage (minutes)", "Times Opened"] == pytest.approx(0.32, abs=0.015)
    assert correlations.loc["Notifications", "Times Opened"] == pytest.approx(0.80, abs=0.015)


def test_ranges_are_those_on_the_card(table):
    assert table[NUMERIC].min().tolist() == [1, 0, 1]
    assert table[NUMERIC].max().tolist() == [119, 147, 99]


def test_the_script_writes_the_very_file_that_is_shipped(table):
    spec = importlib.util.spec_from_file_location("make", ROOT / "data" / "make_screentime.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    stored = pd.read_csv(ROOT / "data" / "screentime_analysis.csv")
    pd.testing.assert_frame_equal(make.simulate(), stored)


def write(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    return path


def test_a_readers_own_export_is_read(tmp_path):
    table = load_screentime(write(tmp_path, "\ufeff" + GOOD + "\n2024-08-02, Maps ,1.5,0,1\n"))
    assert table["App"].tolist() == ["X", "Maps"]
    assert table["Usage (minutes)"].tolist() == [10, 1.5]
    assert table["Notifications"].dtype == "int64"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2024-08-02,X,ten,2,3", ["row 3", "'Usage (minutes)'", "'ten'", "number"]),
        ("2024-08-02,X,10,,3", ["row 3", "'Notifications'", "empty"]),
        ("2024-02-30,X,10,2,3", ["row 3", "'Date'", "'2024-02-30'"]),
        ("2024-08-02,X,-5,2,3", ["row 3", "'Usage (minutes)'", "'-5'", "negative"]),
        ("2024-08-02,X,1441,2,3", ["row 3", "1440"]),
        ("2024-08-02,X,10,2.5,3", ["row 3", "'Notifications'", "count"]),
        ("2024-08-02,X,10,2,nan", ["row 3", "'Times Opened'", "number"]),
        ("2024-08-02,X,10,inf,3", ["row 3", "'Notifications'", "number"]),
        ("2024-08-02,,10,2,3", ["row 3", "'App'", "empty"]),
        ("\n2024-08-02,X,10,2", ["row 4", "'Times Opened'", "empty"]),
        ("2024-08-02,Maps, Google,10,2,3", ["row 3", "has 6 fields", "names 5", "quotation marks"]),
        ("2024-08-02,X,10,2,99999999999999999999", ["row 3", "'Times Opened'", "too many"]),
        ('2024-08-02,X,"1,5",2,3', ["row 3", "'1,5'", "decimal point"]),
        ('2024-08-02,X,10,"1,200",3', ["row 3", "'1,200'", "thousands"]),
    ],
)
def test_a_fault_is_named_with_row_and_column(tmp_path, row, words):
    with pytest.raises(ValueError) as error:
        load_screentime(write(tmp_path, GOOD + row + "\n"))
    for word in words:
        assert word in str(error.value)


def test_dates_are_those_of_the_place_whatever_its_offset(tmp_path):
    dates = ["2024-03-30T23:30:00+01:00", "2024-03-31T23:30:00+02:00", "2024-04-01"]
    dates += ["2024-03-30 23:30:00 +0100", "2024-03-31 23:30:00 +0200", "2024-04-01 00:00+02"]
    rows = "".join(f"{date},X,1,1,1\n" for date in dates)
    found = load_screentime(write(tmp_path, GOOD.splitlines()[0] + "\n" + rows))["Date"]
    assert found.dtype == "datetime64[ns]"
    assert found.dt.strftime("%m-%d %H").tolist() == ["03-30 23", "03-31 23", "04-01 00"] * 2


def test_rows_that_end_in_a_comma_lose_nothing(tmp_path):
    table = load_screentime(write(tmp_path, GOOD.replace("\n", ",\n")))
    pd.testing.assert_frame_equal(table, load_screentime(write(tmp_path, GOOD)))


def test_all_faults_are_named_at_once(tmp_path):
    bad = GOOD + "2024-13-01,X,a,-1,3\n" + "soon,X,1,1,1\n" * 20
    with pytest.raises(ValueError, match="23 faults") as error:
        load_screentime(write(tmp_path, bad))
    assert "row 3, column 'Notifications'" in str(error.value)
    assert "and 13 more" in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (GOOD.splitlines()[0], "no rows"),
        ("Date,App\n2024-08-01,X\n", "lacks the columns 'Usage"),
        (GOOD + '"2024', "not a CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, words):
    with pytest.raises(ValueError, match=words):
        load_screentime(write(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing\.csv"):
        load_screentime(tmp_path / "missing.csv")


def test_a_path_from_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # the home folder on Windows
    write(tmp_path, GOOD + "\n")
    assert len(load_screentime("~/mine.csv"))
