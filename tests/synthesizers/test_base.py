"""What every synthesizer promises, whatever it is: checked input, one interface, kept dtypes."""

import numpy as np
import pandas as pd
import pytest

from gan_utils.synthesizers.base import Synthesizer, check_n, check_table
from gan_utils.synthesizers.columns import restore


class Shuffler(Synthesizer):
    """Hand back rows of the table, as floats and in the wrong order of columns."""

    min_rows = 3

    def _fit(self, table):
        self.rows_ = table.astype(dict.fromkeys(table.select_dtypes("number"), float))

    def _sample(self, n, rng):
        return self.rows_.sample(n, replace=True, random_state=rng).iloc[:, ::-1]


def table():
    return pd.DataFrame(
        {
            "count": np.array([1, 2, 3, 4], dtype="int32"),
            "share": [0.5, 0.25, 0.125, 1.0],
            "app": pd.Categorical(["X", "Safari", "X", "X"], ["Netflix", "X", "Safari"]),
            "text": ["a", "b", "c", "d"],
            "on": [True, False, True, True],
        },
        index=[10, 11, 12, 13],
    )


def test_rows_come_back_with_the_columns_and_dtypes_of_the_table():
    rows = Shuffler().fit(table()).sample(7, random_state=0)
    assert rows.dtypes.equals(table().dtypes)
    assert rows.index.tolist() == list(range(7))


def test_the_seed_decides_the_rows():
    shuffler = Shuffler().fit(table())
    pd.testing.assert_frame_equal(shuffler.sample(20, 1), shuffler.sample(20, 1))
    assert not shuffler.sample(20, 1).equals(shuffler.sample(20, 2))


def test_fitting_leaves_the_table_as_it_was():
    given = table()
    Shuffler().fit(given).sample(3)
    pd.testing.assert_frame_equal(given, table())


def test_an_unfitted_synthesizer_says_what_to_do():
    with pytest.raises(RuntimeError, match=r"Shuffler is not fitted yet. Call fit\(table\)"):
        Shuffler().sample(3)


@pytest.mark.parametrize("n", [0, -1, 2.0, "3", None, True, np.nan])
def test_a_number_of_rows_that_makes_no_sense_is_named(n):
    with pytest.raises(ValueError, match=r"n=.*whole number of at least 1"):
        Shuffler().fit(table()).sample(n)


@pytest.mark.parametrize("seed", [-1, 1.5, "a", True])
def test_a_seed_that_makes_no_sense_is_named(seed):
    with pytest.raises(ValueError, match=r"random_state=.*at least 0"):
        Shuffler().fit(table()).sample(2, random_state=seed)


def test_numpy_integers_are_numbers_of_rows():
    check_n(np.int64(3))


def damaged(column, row, value):
    spoilt = table().astype({column: object} if column != "share" else {})
    spoilt.loc[row, column] = value
    return spoilt


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (damaged("share", 12, np.nan), "column 'share' has 1 missing values, the first in row 12"),
        (damaged("text", 11, None), "column 'text' has 1 missing values, the first in row 11"),
        (damaged("share", 13, np.inf), "column 'share' is infinite in row 13"),
        (table().iloc[:2], "has 2 rows, but fit needs at least 3"),
        (table()[[]], "has no columns"),
        (pd.concat([table(), table()[["app"]]], axis=1), "column 'app' appears twice"),
    ],
)
def test_a_table_that_cannot_be_learned_is_refused(bad, words):
    synthesizer = Shuffler()
    with pytest.raises(ValueError, match=words):
        synthesizer.fit(bad)
    assert not hasattr(synthesizer, "rows_")


@pytest.mark.parametrize("bad", [[[1, 2]], np.eye(3), {"a": [1, 2, 3]}, None, table()["share"]])
def test_what_is_no_table_is_refused(bad):
    with pytest.raises(TypeError, match=f"but got {type(bad).__name__}"):
        Shuffler().fit(bad)


def test_numeric_only_names_the_column():
    with pytest.raises(ValueError, match="column 'app' is category, but SMOTE takes numeric"):
        check_table(table(), numeric_only=True, who="SMOTE")


def test_whole_numbers_are_rounded_not_cut():
    rows = pd.DataFrame({"count": [1.6, 2.4], "share": [1.6, 2.4]})
    restored = restore(rows, table().dtypes[["share", "count"]])
    assert restored["count"].tolist() == [2, 2]
    assert restored["share"].tolist() == [1.6, 2.4]
    assert list(restored) == ["share", "count"]
