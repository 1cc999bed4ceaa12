"""SDV's models behind the course's interface: dtypes kept, seeds obeyed, nothing else touched."""

import random
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from conftest import strict_warnings

from gan_utils.synthesizers.sdv import MODELS, SDVSynthesizer


def table(n=40):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "app": pd.Categorical(rng.choice(["X", "Safari"], n), ["Netflix", "X", "Safari"]),
            "grade": pd.Categorical(rng.integers(1, 4, n), [1, 2, 3], ordered=True),
            "minutes": rng.normal(30, 8, n),
            "opened": rng.poisson(9, n).astype("int32"),
            "weekend": rng.random(n) < 0.3,
            "place": rng.choice(["home", "bus"], n),
        },
        index=range(100, 100 + n),
    )


@pytest.fixture(scope="module", params=MODELS)
def fitted(request):
    return SDVSynthesizer(request.param, epochs=1).fit(table())


def test_rows_are_of_the_table_s_kind(fitted):
    real, rows = table(), fitted.sample(60, random_state=0)
    assert rows.dtypes.equals(real.dtypes)
    assert rows.index.tolist() == list(range(60))
    assert not rows.isna().any().any()
    for name in ("app", "grade", "weekend", "place"):
        assert set(rows[name]) <= set(real[name])
    for name in ("minutes", "opened"):
        assert rows[name].between(real[name].min(), real[name].max()).all()


@pytest.mark.parametrize(
    "values", [[True, False], ["home", "bus"]], ids=lambda values: type(values[0]).__name__
)
@pytest.mark.parametrize("dtype", ["plain", "missing values allowed", "category"])
@pytest.mark.parametrize("seed", range(3))
def test_a_small_table_keeps_its_shares(values, dtype, seed):
    column = pd.Series(np.random.default_rng(seed).permutation(np.repeat(values, [40, 13])))
    column = column.convert_dtypes() if dtype == "missing values allowed" else column
    column = column.astype("category") if dtype == "category" else column
    rows = SDVSynthesizer().fit(pd.DataFrame({"v": column})).sample(4_000, random_state=1)
    assert (rows["v"] == values[0]).mean() == pytest.approx(40 / 53, abs=0.06)


def test_the_same_seed_gives_the_same_rows_twice(fitted):
    again = SDVSynthesizer(fitted.model, epochs=1).fit(table())
    pd.testing.assert_frame_equal(again.sample(30, 3), fitted.sample(30, 3), check_exact=True)
    assert not fitted.sample(30, 3).equals(fitted.sample(30, 4))


def test_the_seed_of_the_training_decides_a_neural_model():
    one, other = (SDVSynthesizer("tvae", epochs=1, random_state=s).fit(table()) for s in (0, 1))
    assert not one.sample(30, 3).equals(other.sample(30, 3))


def test_the_global_random_states_stay_as_they_were():
    import torch

    random.seed(7), np.random.seed(7), torch.manual_seed(7)  # noqa: NPY002
    expected = random.random(), np.random.random(), float(torch.rand(1))  # noqa: NPY002
    random.seed(7), np.random.seed(7), torch.manual_seed(7)  # noqa: NPY002
    SDVSynthesizer("tvae", epochs=1).fit(table()).sample(5, random_state=1)
    assert (random.random(), np.random.random(), float(torch.rand(1))) == expected  # noqa: NPY002


def test_nothing_is_printed_or_warned(capfd):
    with strict_warnings():
        SDVSynthesizer("tvae", epochs=1).fit(table()).sample(5, random_state=1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": "copula"}, "model='copula' is unknown. Use one of gaussian_copula, ctgan, tvae"),
        ({"model": "ctgan", "epochs": 0}, "epochs=0 trains nothing"),
        ({"model": "ctgan", "epochs": 1.5}, "epochs=1.5 trains nothing"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(settings, words):
    with pytest.raises(ValueError, match=words):
        SDVSynthesizer(**settings)


def test_a_seed_that_makes_no_sense_is_named():
    with pytest.raises(ValueError, match="random_state=-1 must be a whole number"):
        SDVSynthesizer(random_state=-1).fit(table())


def test_a_table_that_cannot_be_learned_is_refused():
    spoilt = table()
    spoilt.loc[103, "minutes"] = np.nan
    with pytest.raises(ValueError, match="'minutes' has 1 missing values, the first in row 103"):
        SDVSynthesizer().fit(spoilt)
    with pytest.raises(RuntimeError, match="not fitted yet"):
        SDVSynthesizer().sample(3)


def test_names_of_columns_need_not_be_text():
    numbers = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 2)))
    assert list(SDVSynthesizer().fit(numbers).sample(5, random_state=0)) == [0, 1]


def test_a_name_with_half_a_character_is_refused():
    with pytest.raises(ValueError, match=r"the column name '\\ud800' has half a character"):
        SDVSynthesizer().fit(table().rename(columns={"minutes": "\ud800"}))


def test_categories_of_text_are_learned_as_text_is():
    text = table()[["place", "minutes"]]
    rows = SDVSynthesizer().fit(text).sample(50, random_state=0)
    same = SDVSynthesizer().fit(text.astype({"place": "category"})).sample(50, random_state=0)
    pd.testing.assert_frame_equal(same.astype({"place": object}), rows, check_exact=True)


@pytest.fixture
def hasty_threads():
    """Let threads take turns a hundred times as often, so that they meet where they must not."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(interval / 100)
    yield
    sys.setswitchinterval(interval)


def test_threads_get_the_same_rows_and_leave_everything_as_it_was(hasty_threads):
    numbers = table()[["minutes", "opened"]]

    def rows(seed):
        synthesizer = SDVSynthesizer(random_state=seed).fit(numbers)
        return pd.concat([synthesizer.sample(5, random_state=seed) for _ in range(8)])

    expected = [rows(seed) for seed in range(2)]
    filters, state = list(warnings.filters), random.getstate()
    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(rows, range(2)))
        assert all(map(pd.DataFrame.equals, found, expected))
        assert warnings.filters == filters and random.getstate() == state


def test_the_largest_seed_and_numpy_s_integers_work_and_a_larger_seed_is_named():
    SDVSynthesizer(random_state=np.int64(2**32 - 1)).fit(table()[["minutes"]])
    with pytest.raises(ValueError, match=r"random_state=4294967296 must be below 2\*\*32"):
        SDVSynthesizer(random_state=2**32).fit(table())
