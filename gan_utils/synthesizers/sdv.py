"""The synthesizers of the Synthetic Data Vault (SDV 2), with the course's interface."""

import contextlib
import functools
import random
import threading
from collections.abc import Callable, Iterator
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from gan_utils._support.checks import check_count, check_small_seed
from gan_utils._support.quiet import no_warning
from gan_utils.synthesizers.base import Synthesizer
from gan_utils.synthesizers.columns import column_kind, is_number

MODELS = {
    "gaussian_copula": "GaussianCopulaSynthesizer",
    "ctgan": "CTGANSynthesizer",
    "tvae": "TVAESynthesizer",
}

#: SDV encodes each value of these types as a random number from an interval; the lengths of the
#: intervals are the shares of the values, and together they fill the range from 0 to 1.
UNIFORM = ("boolean", "categorical")

#: SDV uses random generators that all threads share, so one thread must wait for the other.
_ONE_AT_A_TIME = threading.RLock()


def _one_at_a_time(method: Callable[..., Any]) -> Callable[..., Any]:
    """Make threads wait for each other in the whole method, not only in SDV.

    pandas replaces the list of warning filters for a moment, for example to clip a column. If the
    other thread removed its filter in this moment, pandas would put it back for good.
    """

    @functools.wraps(method)
    def waiting(*given: Any, **named: Any) -> Any:
        with _ONE_AT_A_TIME:
            return method(*given, **named)

    return waiting


class SDVSynthesizer(Synthesizer):
    """Fit one of SDV's models to a single table.

    Parameters
    ----------
    model : {"gaussian_copula", "ctgan", "tvae"}
        The model to fit: a copula with fitted marginal distributions (uniform ones for the encoded
        booleans and categories), a conditional GAN or a variational autoencoder.
    epochs : int
        Number of training epochs for the two neural models; SDV's default is 300.
    random_state : int
        Seed for training; pass a seed for new rows to ``sample``.

    Attributes
    ----------
    model_ : object
        SDV's fitted synthesizer.

    References
    ----------
    Patki, Wedge and Veeramachaneni 2016, *The Synthetic Data Vault*; Xu et al. 2019, *Modeling
    tabular data using conditional GAN* (CTGAN and TVAE).
    """

    def __init__(
        self, model: str = "gaussian_copula", epochs: int = 300, random_state: int = 0
    ) -> None:
        if model not in MODELS:
            raise ValueError(f"model={model!r} is unknown. Use one of {', '.join(MODELS)}.")
        if not isinstance(epochs, Integral) or isinstance(epochs, bool) or epochs < 1:
            raise ValueError(f"epochs={epochs!r} trains nothing. Give a whole number from 1 up.")
        self.model, self.epochs, self.random_state = model, epochs, random_state

    fit = _one_at_a_time(Synthesizer.fit)
    sample = _one_at_a_time(Synthesizer.sample)

    def _fit(self, table: pd.DataFrame) -> None:
        check_small_seed(check_count("random_state", self.random_state, 0))
        import sdv.single_table

        _check_names(table)
        self._text_codes = {name: _text_codes(name, column) for name, column in table.items()}
        plain = table.copy()
        dates = [name for name, column in table.items() if types.is_datetime64_dtype(column)]
        for name in dates:
            plain[name] = _in_nanoseconds(name, table[name])
        self._date_ranges = {name: (plain[name].min(), plain[name].max()) for name in dates}
        for name, codes in self._text_codes.items():
            if codes:
                plain[name] = [codes[value] for value in table[name].astype(object)]
        with _seeded(int(self.random_state)):
            self.model_ = getattr(sdv.single_table, MODELS[self.model])(
                _metadata(plain), **self._settings(plain)
            )
            self.model_.fit({"table": plain})

    def _settings(self, plain: pd.DataFrame) -> dict[str, Any]:
        if self.model == "gaussian_copula":
            return {"numerical_distributions": _uniform_columns(plain)}
        # enable_gpu=False: the same seed gives the same model on every machine.
        return {"epochs": int(self.epochs), "enable_gpu": False}

    def _sample(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        seed = int(rng.integers(2**31))
        with _seeded(seed):
            # Without this call, SDV would reset its random state to a fixed one.
            self.model_._set_random_state(seed)
            rows = self.model_.sample(n)
        rows = rows["table"] if isinstance(rows, dict) else rows
        for name, codes in self._text_codes.items():
            if codes:
                values = pd.Series(list(codes), codes.values(), dtype=object)
                rows[name] = values.reindex(rows[name]).to_numpy()
        for name, ends in self._date_ranges.items():
            rows[name] = rows[name].clip(*ends)  # SDV rounds dates to floats
        return rows


def _check_names(table: pd.DataFrame) -> None:
    """Reject names with half characters (lone surrogates), which SDV cannot encode."""
    for name in table.columns:
        if any("\ud800" <= letter <= "\udfff" for letter in str(name)):
            raise ValueError(
                f"the column name {name!r} has half a character in it, which SDV cannot read. "
                f"Rename the column first."
            )


def _text_codes(name: str, column: pd.Series) -> dict[Any, str]:
    """Map each value of a categorical column to a text label.

    SDV accepts neither values of other types as categories nor columns of pandas categories. The
    result is empty for numbers, dates and plain text. If all categories are text, each is its own
    label.
    """
    if is_number(column) or types.is_datetime64_dtype(column):
        return {}
    column_kind(name, column, "be learned by SDV")
    values = column.astype(object).unique()
    if all(type(value) is str for value in values):
        return {value: value for value in values} if hasattr(column, "cat") else {}
    return {value: f"value {place}" for place, value in enumerate(values)}


def _in_nanoseconds(name: str, column: pd.Series) -> pd.Series:
    """Convert dates to nanoseconds, because SDV reads all dates as nanoseconds."""
    try:
        return column.astype("datetime64[ns]")
    except pd.errors.OutOfBoundsDatetime as fault:
        raise ValueError(
            f"column {name!r} has a date before {pd.Timestamp.min:%Y-%m-%d} or after "
            f"{pd.Timestamp.max:%Y-%m-%d}, which SDV cannot hold. Turn it into days since a date."
        ) from fault


def _metadata(table: pd.DataFrame) -> Any:
    """Declare the type of each column; SDV would mistake short numeric columns for categories."""
    from sdv.metadata import Metadata

    columns = {str(name): {"sdtype": _sdtype(column)} for name, column in table.items()}
    return Metadata.load_from_dict(
        {"METADATA_SPEC_VERSION": "V1", "tables": {"table": {"columns": columns}}}
    )


def _uniform_columns(table: pd.DataFrame) -> dict[str, str]:
    """Name the marginal distribution of booleans and categories, which SDV encodes uniformly.

    SDV would fit a beta distribution to the encoded column, which changes the shares of a small
    table: in one table of 53 rows, from 0.75 to 0.48.
    """
    return {str(name): "uniform" for name, column in table.items() if _sdtype(column) in UNIFORM}


def _sdtype(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_numeric_dtype(column):
        return "numerical"
    return "datetime" if pd.api.types.is_datetime64_any_dtype(column) else "categorical"


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the global generators SDV uses, with one core and no warnings; restore everything."""
    import torch

    with _restored_afterwards(), no_warning(".*"):
        # These networks are small: a second thread saves nothing, and if the cores are busy the two
        # wait for each other, which took fifteen times as long.
        torch.set_num_threads(1)
        random.seed(seed), np.random.seed(seed), torch.manual_seed(seed)  # noqa: NPY002
        yield


@contextlib.contextmanager
def _restored_afterwards() -> Iterator[None]:
    """Restore the global generators, and PyTorch's number of threads."""
    import torch

    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    n_threads = torch.get_num_threads()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        torch.set_rng_state(states[2])
        torch.set_num_threads(n_threads)
