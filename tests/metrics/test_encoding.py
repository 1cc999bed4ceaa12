"""Points are standardized numbers and one-hot categories, whatever the columns' offsets."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.metrics import c2st, coverage, encoding, exact_copies, tstr
from gan_utils.metrics.encoding import encode

pytestmark = pytest.mark.usefixtures("no_warnings")


def test_points_are_those_of_scikit_learn_and_pandas():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(5, 3, 40), "kind": rng.choice(list("cab"), 40)})
    reference, other = table[:25].reset_index(drop=True), table[25:].reset_index(drop=True)
    points, others = encode(reference, other)
    expected = (table["x"] - reference["x"].median()) / reference["x"].std(ddof=0)
    assert np.concatenate([points, others])[:, 0] == pytest.approx(expected)
    dummies = pd.get_dummies(table["kind"], dtype=float)
    np.testing.assert_array_equal(np.vstack([points, others])[:, 1:], dummies)


@pytest.mark.parametrize("offset", [0, 1_700_000_000_000])
def test_an_offset_hides_nothing(offset):
    milliseconds = pd.DataFrame({"t": offset + np.arange(200), "y": np.arange(200) % 2})
    same = milliseconds.assign(t=offset + 100)
    assert c2st(milliseconds, same) > 0.95
    late = milliseconds.assign(y=[0] * 100 + [1] * 100)
    assert tstr(late, late, "y") > 0.95


def test_dates_within_seconds_are_told_apart():
    start, seconds = pd.Timestamp("2024-08-01"), pd.to_timedelta(np.arange(100) / 10, unit="s")
    real = pd.DataFrame({"when": start + seconds})
    assert c2st(real, pd.DataFrame({"when": [start + seconds[50]] * 100})) > 0.95


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_dates_beyond_the_range_of_nanoseconds(unit):
    days = np.array(["2024-01-01", "9999-12-31"] * 6, f"datetime64[{unit}]")
    table = pd.DataFrame({"end": days, "time": days - days[0]})
    assert exact_copies(table, table) == 12
    assert coverage(table, table) == 1
    points = encode(pd.DataFrame({"end": (days - days[0]).astype("timedelta64[D]").astype(float)}))
    assert len(np.unique(points[0])) == 2


def test_names_of_thousands_of_rows_are_refused_before_the_memory_is_full():
    names = [f"name {i}" for i in range(10_000)]
    table = pd.DataFrame({"x": np.arange(10_000.0), "name": names})
    others = table.assign(name=[f"other {name}" for name in names])
    with pytest.raises(ValueError, match=r"column 'name' has 20,000 different values\. Drop it"):
        exact_copies(table, others)


def test_many_numbers_are_refused_without_blaming_a_column(monkeypatch):
    monkeypatch.setattr(encoding, "MOST_VALUES", 100)
    table = pd.DataFrame(np.zeros((30, 2)))
    with pytest.raises(ValueError, match=r"60 rows of 2 coord.*Give fewer rows"):
        exact_copies(table, table)
