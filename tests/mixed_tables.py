"""A small table of numbers and categories, and what rows made from it must be."""

import inspect

import numpy as np
import pandas as pd

#: Whether there is text whose missing value is NaN: pandas 2.2 does not have it yet.
HAS_TEXT_WITH_NAN = "na_value" in inspect.signature(pd.StringDtype).parameters


def mixed(n=40, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "app": pd.Categorical(rng.choice(["X", "Safari"], n), ["Netflix", "X", "Safari"]),
            "minutes": rng.normal(30, 8, n),
            "opened": rng.poisson(9, n).astype("int16"),
            "weekend": rng.random(n) < 0.3,
            "place": rng.choice(["home", "bus"], n),
        }
    )


def assert_of_the_table_s_kind(rows):
    table = mixed()
    assert rows.dtypes.equals(table.dtypes)
    assert list(rows) == list(table)
    for name in ("minutes", "opened"):
        assert rows[name].between(table[name].min(), table[name].max()).all()
    for name in ("app", "weekend", "place"):
        assert set(rows[name]) <= set(table[name])
