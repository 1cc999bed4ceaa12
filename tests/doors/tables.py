"""The doors for tables: synthesizers, their encoder, and samplers."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import strategies as drawn
from pandas.api import types

from doors import Broken, Door, keep


def check_rows(table: pd.DataFrame, rows: pd.DataFrame, n: int, in_range: bool) -> None:
    """Check what every synthesizer promises of its rows."""
    keep(type(rows) is pd.DataFrame, f"{type(rows).__name__} is no DataFrame")
    keep(len(rows) == n, f"{len(rows)} rows in place of {n}")
    keep(
        _same_names(rows.columns, table.columns),
        f"columns: {rows.columns!r}, not {table.columns!r}",
    )
    keep(list(rows.dtypes) == list(table.dtypes), f"dtypes {[*map(str, rows.dtypes)]}")
    keep(rows.index.equals(pd.RangeIndex(n)), f"index {rows.index!r}")
    for place in range(table.shape[1]):
        check_column(table.iloc[:, place], rows.iloc[:, place], in_range)


def _same_names(one: pd.Index, other: pd.Index) -> bool:
    """Compare names, those of the levels too; a range is as good as its numbers."""
    levels = one.nlevels == other.nlevels and list(one.names) == list(other.names)
    return levels and [*map(_identity, one.tolist())] == [*map(_identity, other.tolist())]


def check_column(real: pd.Series, made: pd.Series, in_range: bool) -> None:
    """Check that a column has no new missing value, category or range."""
    what = f"column {real.name!r} ({real.dtype})"
    keep(real.isna().any() or not made.isna().any(), f"{what}: {made.isna().sum()} missing values")
    if not is_number(real):
        new = {*map(_identity, made)} - {*map(_identity, real)}
        keep(not new, f"{what}: new categories {sorted(map(repr, new))[:3]}")
        return
    low, high = real.min(), real.max()
    if in_range:
        keep(made.min() >= low and made.max() <= high, f"{what}: {made.min()!r} to {made.max()!r}")
    if types.is_float_dtype(real.dtype):
        keep(np.isfinite(made.to_numpy(float)).all(), f"{what}: infinite values")


def is_number(column: pd.Series) -> bool:
    """Tell whether a column's values may be new, and not only those that were seen."""
    dtype = getattr(column.dtype, "subtype", column.dtype)
    return types.is_datetime64_dtype(dtype) or (
        types.is_numeric_dtype(dtype)
        and not types.is_bool_dtype(dtype)
        and not types.is_complex_dtype(dtype)
        and not isinstance(dtype, pd.CategoricalDtype)
    )


def _identity(value: Any) -> Any:
    """Tell 1, 1.0 and True apart, and compare what cannot be hashed."""
    value = value.item() if isinstance(value, np.generic) else value
    return type(value).__name__, repr(value)


def check_shares(table: pd.DataFrame, rows: pd.DataFrame, most: float) -> None:
    """Check that flags are as often true as they were."""
    for place, dtype in enumerate(table.dtypes):
        if types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype):
            real, made = table.iloc[:, place].mean(), rows.iloc[:, place].mean()
            keep(abs(real - made) <= most, f"true in {made:.2f} of the rows, not in {real:.2f}")


N_ROWS = 400


def _synthesizer(
    make: Callable, shares: float | None = None, in_range: bool = True, files: bool = False
) -> Callable:
    """Fit, sample twice, and check; ``shares`` is how far the share of True may be off."""

    def open_door(example: tuple[pd.DataFrame, dict]) -> None:
        table, settings = example
        before = table.copy(deep=True)
        fitted = make(**settings).fit(table)
        keep(_same(table, before), "fit has changed the table")
        rows = fitted.sample(N_ROWS, random_state=1)
        check_rows(table, rows, N_ROWS, in_range)
        keep(_same(rows, fitted.sample(N_ROWS, random_state=1)), "one seed, two tables")
        if shares is not None and len(table) >= 30:
            check_shares(table, rows, shares)
        if files:
            keep(_same(rows, _reloaded(fitted)), "loaded, it writes other rows")

    return open_door


def _reloaded(fitted: Any) -> pd.DataFrame:
    """Save and load a model, and let that one write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.zip")
        try:
            fitted.save(path)
            loaded = type(fitted).load(path)
        except Exception as error:
            raise Broken(f"save or load: {error!r}") from error
    return loaded.sample(N_ROWS, random_state=1)


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return _same_names(one.columns, other.columns) and all(
        one.iloc[:, i].equals(other.iloc[:, i]) for i in range(one.shape[1])
    )


def _gaussian(**settings: Any) -> Any:
    from gan_utils.synthesizers import GaussianSynthesizer

    return GaussianSynthesizer(**settings)


def _smote(**settings: Any) -> Any:
    from gan_utils.synthesizers import SmoteSynthesizer

    return SmoteSynthesizer(**settings)


def _sdv(**settings: Any) -> Any:
    from gan_utils.synthesizers import SDVSynthesizer

    return SDVSynthesizer(**settings)


TINY = {"nb_epochs": 2, "batch_size": 8, "latent_dim": 2, "widths": (4,)}
TINY_DIFFUSION = {"nb_epochs": 2, "batch_size": 8, "sampling_steps": 2, "widths": (4,)}


def _gan(**settings: Any) -> Any:
    from gan_utils.synthesizers import TabularGAN

    return TabularGAN(**TINY, **settings)


def _vae(**settings: Any) -> Any:
    from gan_utils.synthesizers import TabularVAE

    return TabularVAE(**TINY, **settings)


def _diffusion(**settings: Any) -> Any:
    from gan_utils.synthesizers import TabularDiffusion

    return TabularDiffusion(**TINY_DIFFUSION, **settings)


def _options(**choices: list) -> st.SearchStrategy:
    return st.fixed_dictionaries({name: st.sampled_from(of) for name, of in choices.items()})


ENCODED = {"encoding": ["quantile", "quantile", "minmax"], "calibrate": [True, False]}
LEARNT = st.tuples(drawn.tables(min_rows=6), _options(**ENCODED))


def _encoder(example: tuple[pd.DataFrame, str]) -> None:
    from gan_utils.synthesizers.encoder import TableEncoder

    table, numeric = example
    encoder = TableEncoder(numeric).fit(table)
    array = encoder.transform(table)
    keep(array.shape == (len(table), encoder.width), f"shape {array.shape}")
    keep(np.isfinite(array).all(), "the array has missing or infinite values")
    check_rows(table, encoder.inverse_transform(array), len(table), in_range=True)


# Samplers


@st.composite
def resamplings(draw: st.DrawFn) -> tuple[Any, Any]:
    """Draw X and y: a table, an array, a list of rows or a sparse matrix, and labels."""
    form = draw(st.sampled_from(["frame"] * 3 + ["array", "rows", "sparse"]))
    table = draw(drawn.tables(min_rows=draw(st.sampled_from([4, 30, 30]))))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y = draw(drawn.labels(len(table)))
    if form == "array":
        scale = draw(st.sampled_from([1.0, 1e-300, 1e300]))
        dtype = draw(st.sampled_from(["float64", "float32", "int64", "uint8", "bool", object]))
        numbers = rng.normal(5, 2, (len(table), 2)) * (scale if dtype == "float64" else 1)
        return numbers.astype(dtype), y
    if form == "rows":
        kinds = draw(st.sampled_from([("v", "w"), (True, False), (1, 2), ("猫", "")]))
        return [
            [float(rng.normal()), kinds[rng.integers(2)], int(i % 3)] for i in range(len(table))
        ], y
    if form == "sparse":
        from scipy import sparse

        made = draw(st.sampled_from([sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array]))
        return made(np.round(rng.normal(size=(len(table), 3)))), y
    return table, y


def _sampler(name: str, **settings: Any) -> Callable:
    def open_door(example: tuple[Any, Any]) -> None:
        from gan_utils import oversampling

        X, y = example
        make = getattr(oversampling, name)
        X_new, y_new = make(random_state=0, **settings).fit_resample(X, y)
        _check_resampled(X, y, X_new, y_new)
        again, _ = make(random_state=0, **settings).fit_resample(X, y)
        keep(_equal(X_new, again), "one seed, two results")

    return open_door


def _check_resampled(X: Any, y: Any, X_new: Any, y_new: Any) -> None:
    n = len(_flat(y))
    keep(type(X_new) is type(X), f"a {type(X).__name__} became a {type(X_new).__name__}")
    keep(type(y_new) is type(y), f"labels: a {type(y).__name__} became a {type(y_new).__name__}")
    counts = pd.Series(_flat(y_new)).value_counts()
    keep(len(set(counts)) == 1, f"classes are {counts.tolist()}")
    keep(_equal(_head(X_new, n), X), "the original rows have changed")
    keep(_flat(y_new)[:n] == _flat(y), "the original labels have changed")
    if isinstance(X, pd.DataFrame):
        keep(_same_names(X_new.columns, X.columns), f"columns: {X_new.columns!r}")
        keep(list(X_new.dtypes) == list(X.dtypes), f"dtypes {[*map(str, X_new.dtypes)]}")
        for place in range(X.shape[1]):
            check_column(X.iloc[:, place], X_new.iloc[n:, place], in_range=False)
    elif isinstance(X, list):
        for real, made in zip(zip(*X, strict=True), zip(*X_new, strict=True), strict=True):
            kinds = {type(cell) for cell in made} <= {type(cell) for cell in real}
            keep(kinds, f"{ {type(cell) for cell in real} } became { {type(c) for c in made} }")
            keep(
                not isinstance(real[0], str) or set(made) <= set(real),
                f"new categories {set(made) - set(real)}",
            )
    else:
        keep(X_new.dtype == X.dtype, f"{X.dtype} became {X_new.dtype}")


def _flat(y: Any) -> list:
    values = y.iloc[:, 0] if isinstance(y, pd.DataFrame) else y
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _head(X: Any, n: int) -> Any:
    return X.iloc[:n] if isinstance(X, pd.DataFrame) else X[:n]


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        return _same(one.reset_index(drop=True), other.reset_index(drop=True))
    if hasattr(one, "toarray"):
        one, other = one.toarray(), other.toarray()
    return bool(np.array_equal(np.asarray(one, object), np.asarray(other, object)))


def _resampler(name: str, slow: bool = False, tensorflow: bool = False, **settings: Any) -> Door:
    return Door(name, resamplings(), _sampler(name, **settings), slow, tensorflow, contract=True)


DOORS = [
    Door(
        "TableEncoder", st.tuples(drawn.tables(), st.sampled_from(["quantile", "minmax"])), _encoder
    ),
    Door(
        "GaussianSynthesizer",
        st.tuples(drawn.tables(), _options(correlated=[False, True])),
        _synthesizer(_gaussian, 0.15, in_range=False),
    ),
    Door(
        "SmoteSynthesizer",
        st.tuples(drawn.tables(), _options(k_neighbors=[1, 2, 5])),
        _synthesizer(_smote, 0.22),
    ),
    Door(
        "SDVSynthesizer",
        st.tuples(drawn.tables(max_columns=2), st.just({})),
        _synthesizer(_sdv, 0.2),
        slow=True,
    ),
    Door("TabularGAN", LEARNT, _synthesizer(_gan, files=True), slow=True, tensorflow=True),
    Door("TabularVAE", LEARNT, _synthesizer(_vae, files=True), slow=True, tensorflow=True),
    Door(
        "TabularDiffusion",
        LEARNT,
        _synthesizer(_diffusion, files=True),
        slow=True,
        tensorflow=True,
    ),
    _resampler("SynthesizerOverSampler"),
    _resampler("GaussianOverSampler"),
    _resampler("SmoteOverSampler", k_neighbors=1),
    _resampler("SDVOverSampler", True),
    _resampler("GANOverSampler", True, True, **TINY),
    _resampler("VAEOverSampler", True, True, **TINY),
    _resampler("DiffusionOverSampler", True, True, **TINY_DIFFUSION),
]
