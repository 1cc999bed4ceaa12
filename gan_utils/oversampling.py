"""Imbalanced-learn samplers that fill rare classes with the rows of a synthesizer.

=========================== ====================================================================
``SynthesizerOverSampler``  around any synthesizer of `gan_utils.synthesizers`
``GaussianOverSampler``     means and standard deviations, or covariances
``SmoteOverSampler``        points between a row and one of its neighbours
``SDVOverSampler``          the Synthetic Data Vault's Gaussian copula, CTGAN and TVAE
``GANOverSampler``          the course's GAN for tables
``VAEOverSampler``          the course's variational autoencoder for tables
=========================== ====================================================================

Each class that is to grow gets a synthesizer of its own, which sees the rows of that class alone.
What a sampler learns, it learns from the rows that it is given: inside an
``imblearn.pipeline.Pipeline`` these are the training rows of the fold, and never the test rows.
"""

import copy
import inspect
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from scipy import sparse
from sklearn.utils import check_consistent_length, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn_compat.utils.validation import validate_data

from gan_utils.synthesizers.base import Synthesizer, check_table
from gan_utils.synthesizers.gaussian import GaussianSynthesizer
from gan_utils.synthesizers.sdv import MODELS, SDVSynthesizer
from gan_utils.synthesizers.smote import SmoteSynthesizer

__all__ = [
    "GANOverSampler",
    "GaussianOverSampler",
    "SDVOverSampler",
    "SmoteOverSampler",
    "SynthesizerOverSampler",
    "VAEOverSampler",
]

_COUNT = Interval(Integral, 1, None, closed="left")
_POSITIVE = Interval(Real, 0, None, closed="neither")
_SHARED = BaseOverSampler._parameter_constraints


class SynthesizerOverSampler(BaseOverSampler):
    """Fill the rare classes with rows of a synthesizer, fitted afresh on each class.

    Parameters
    ----------
    synthesizer : gan_utils.synthesizers.Synthesizer, optional
        What learns a class and writes its new rows; it is copied and stays unfitted itself. By
        default ``GaussianSynthesizer()``. Where it has a ``batch_size``, that is lowered to the
        rows of the class; where it has a ``random_state``, that is set from the one below.
    sampling_strategy : float, str, dict or callable
        Which classes grow, and to how many rows, as imbalanced-learn says it: ``"auto"`` fills all
        classes up to the largest; a float is the share of the largest class that the smaller of two
        classes reaches; a dict names the rows of each class after sampling.
    random_state : int, RandomState instance or None
        Seed of training and of the new rows. With an int, the same input gives the same output,
        and the new rows of a class do not depend on which other classes grow.

    Attributes
    ----------
    sampling_strategy_ : dict
        How many new rows each class gets.
    n_features_in_ : int
        Columns of ``X``.
    feature_names_in_ : ndarray of str
        Their names, where ``X`` is a DataFrame with text for names.

    Notes
    -----
    ``fit_resample(X, y)`` returns what it was given (array, list, DataFrame, sparse matrix), with
    the same columns and dtypes: first the original rows, untouched and in their order, then the new
    rows, class by class. Whole numbers stay whole; columns of categories, text or booleans keep
    their values wherever the synthesizer takes them. Sparse input is made dense on the way.

    There is no ``sample_indices_``: a new row is not a copy of any row. Nothing that was trained is
    kept, so that a sampler can be pickled and sent to another process after use as before it.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from gan_utils.synthesizers import GaussianSynthesizer
    >>> X, y = make_classification(n_samples=200, weights=[0.9], random_state=0)
    >>> sampler = SynthesizerOverSampler(GaussianSynthesizer(correlated=True), random_state=0)
    >>> X_new, y_new = sampler.fit_resample(X, y)
    >>> bool((y_new == 0).sum() == (y_new == 1).sum())
    True
    """

    _parameter_constraints: ClassVar[dict] = {**_SHARED, "synthesizer": [Synthesizer, None]}

    def __init__(
        self,
        synthesizer: Synthesizer | None = None,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.synthesizer = synthesizer
        self.random_state = random_state

    def _template(self) -> Synthesizer:
        """Return the synthesizer that is copied for each class; it is never fitted itself."""
        return GaussianSynthesizer() if self.synthesizer is None else self.synthesizer

    def _check_X_y(self, X: Any, y: Any) -> tuple[Any, np.ndarray, bool]:
        y, binarize_y = check_target_type(y, indicate_one_vs_all=True)
        if isinstance(X, pd.DataFrame):
            check_table(_as_table(X), min_rows=1, who=type(self).__name__)
            # scikit-learn's own check would turn text and categories into numbers, or refuse them.
            validate_data(self, X=X, y=y, reset=True, skip_check_array=True)
        else:
            X = validate_data(self, X=X, reset=True, dtype=None, accept_sparse=["csr", "csc"])
        check_consistent_length(X, y)
        return X, y, binarize_y

    def _fit_resample(self, X: Any, y: np.ndarray) -> tuple[Any, np.ndarray]:
        template = self._template()
        wanted = {label: n for label, n in self.sampling_strategy_.items() if n > 0}
        sizes = {label: int(np.sum(y == label)) for label in wanted}
        self._check_sizes(sizes, _rows_needed(template))
        table, seeds = _as_table(X), self._seeds(y)
        parts = [
            _new_rows(template, table[y == label], n, seeds[label]) for label, n in wanted.items()
        ]
        labels = [np.full(n, label, dtype=y.dtype) for label, n in wanted.items()]
        return _append(X, parts), np.concatenate([y, *labels])

    def _seeds(self, y: np.ndarray) -> dict[Any, tuple[int, int]]:
        """Draw two seeds a class, training and rows, whether or not the class is to grow."""
        rng = check_random_state(self.random_state)
        return {label: tuple(rng.randint(2**31 - 1, size=2).tolist()) for label in np.unique(y)}

    def _check_sizes(self, sizes: dict[Any, int], needed: int) -> None:
        """Refuse classes that are too small, before any of them is learned."""
        for label, n in sizes.items():
            if n < needed:
                raise ValueError(
                    f"class {_plain(label)!r} has {n} {'row' if n == 1 else 'rows'}, but "
                    f"{self._needs(needed)}. {self._way_out(n)} Or leave this class as it is, with "
                    "a sampling_strategy={label: rows, ...} that does not name it. (A training "
                    "part of a cross-validation has fewer rows of a class than the whole table.)"
                )

    def _needs(self, needed: int) -> str:
        return f"{type(self).__name__} needs at least {needed} of each class that it fills"

    def _way_out(self, n: int) -> str:
        """Say what works for a class of ``n`` rows."""
        k = getattr(self._template(), "k_neighbors", None)
        if n < 2:
            return (
                "Nothing can be learned from one row: collect more, or repeat it with "
                "imbalanced-learn's RandomOverSampler."
            )
        if k is not None:
            return f"Use k_neighbors <= {n - 1}, or GaussianOverSampler, which needs 2."
        return (
            "No setting makes it work with fewer. What works here: GaussianOverSampler, or "
            f"SmoteOverSampler with k_neighbors <= {n - 1}."
        )

    def _more_tags(self) -> dict[str, Any]:  # how scikit-learn before 1.6 asks for tags
        types = ["2darray", "sparse", "dataframe", *(["string"] if self._takes_text() else [])]
        return {"X_types": types}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = self._takes_text()
        tags.input_tags.categorical = self._takes_text()
        return tags

    def _takes_text(self) -> bool:
        return not isinstance(self.synthesizer, SmoteSynthesizer)


class GaussianOverSampler(SynthesizerOverSampler):
    """Fill the rare classes with draws from normal distributions.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, where the attributes are described too.
    correlated : bool
        Whether the numeric columns of a class are drawn together, from their covariances, or each
        on its own, from its mean and standard deviation.

    Notes
    -----
    Needs 2 rows of each class that it fills.
    """

    _parameter_constraints: ClassVar[dict] = {**_SHARED, "correlated": ["boolean"]}

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        correlated: bool = False,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.correlated = correlated

    def _template(self) -> Synthesizer:
        return GaussianSynthesizer(self.correlated)


class SmoteOverSampler(SynthesizerOverSampler):
    """Fill the rare classes with points between a row and one of its neighbours.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, where the attributes are described too.
    k_neighbors : int
        Among how many nearest neighbours the other end of the line is drawn.

    Notes
    -----
    The method of ``imblearn.over_sampling.SMOTE``, behind the door of the other samplers here. It
    takes numeric columns only and needs ``k_neighbors + 1`` rows of each class that it fills.
    """

    _parameter_constraints: ClassVar[dict] = {**_SHARED, "k_neighbors": [_COUNT]}

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        k_neighbors: int = 5,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.k_neighbors = k_neighbors

    def _template(self) -> Synthesizer:
        return SmoteSynthesizer(self.k_neighbors)

    def _takes_text(self) -> bool:
        return False


class SDVOverSampler(SynthesizerOverSampler):
    """Fill the rare classes with one of the Synthetic Data Vault's models.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, where the attributes are described too.
    model : {"gaussian_copula", "ctgan", "tvae"}
        A copula with fitted marginal distributions; a conditional GAN; a variational autoencoder.
    epochs : int
        Training epochs of the two neural models.
    """

    _parameter_constraints: ClassVar[dict] = {
        **_SHARED,
        "model": [StrOptions(set(MODELS))],
        "epochs": [_COUNT],
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        model: str = "gaussian_copula",
        epochs: int = 300,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.model, self.epochs = model, epochs

    def _template(self) -> Synthesizer:
        return SDVSynthesizer(self.model, self.epochs)


_NEURAL = {
    **_SHARED,
    "nb_epochs": [_COUNT],
    "batch_size": [_COUNT],
    "latent_dim": [_COUNT],
    "learning_rate": [_POSITIVE],
    "widths": [tuple, list],
}


class GANOverSampler(SynthesizerOverSampler):
    """Fill the rare classes with rows of a GAN, trained on each of them alone.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, where the attributes are described too.
    nb_epochs : int
        Training steps for each class; one step is one batch.
    batch_size : int
        Real rows a step, at most; a class with fewer rows is trained on all of them in each step.
    latent_dim : int
        Length of the noise vector.
    pack : int
        How many rows the discriminator sees at once; at most a batch.
    learning_rate : float
        Of both networks at the start; it falls to 0.
    widths : tuple of int
        Units of the hidden layers of both networks.

    Notes
    -----
    Needs 8 rows of each class that it fills, which is not to say that 8 are enough for good ones.
    The defaults are for classes of a few dozen to a few hundred rows: shorter and faster trainings
    than those of a ``TabularGAN``, which has a whole table to learn. For its further settings, give
    a ``TabularGAN`` to `SynthesizerOverSampler`.
    """

    _parameter_constraints: ClassVar[dict] = {**_NEURAL, "pack": [_COUNT]}

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        nb_epochs: int = 2_000,
        batch_size: int = 128,
        latent_dim: int = 100,
        pack: int = 4,
        learning_rate: float = 1e-3,
        widths: tuple[int, ...] = (128, 128),
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.nb_epochs, self.batch_size, self.latent_dim = nb_epochs, batch_size, latent_dim
        self.pack, self.learning_rate, self.widths = pack, learning_rate, widths

    def _template(self) -> Synthesizer:
        from gan_utils.synthesizers.gan import TabularGAN  # brings TensorFlow along

        return TabularGAN(**_settings(self))


class VAEOverSampler(SynthesizerOverSampler):
    """Fill the rare classes with rows of a variational autoencoder, trained on each of them alone.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, where the attributes are described too.
    nb_epochs : int
        Training steps for each class; one step is one batch.
    batch_size : int
        Rows a step, at most; a class with fewer rows is trained on all of them in each step.
    latent_dim : int
        Length of the code of a row.
    beta : float
        Weight of the Kullback-Leibler divergence; 1 is the evidence lower bound.
    learning_rate : float
        At the start; it falls to 0.
    widths : tuple of int
        Units of the hidden layers of both networks.

    Notes
    -----
    Needs 8 rows of each class that it fills, which is not to say that 8 are enough for good ones.
    For the further settings of a ``TabularVAE``, give one to `SynthesizerOverSampler`.
    """

    _parameter_constraints: ClassVar[dict] = {
        **_NEURAL,
        "beta": [Interval(Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        nb_epochs: int = 1_000,
        batch_size: int = 128,
        latent_dim: int = 8,
        beta: float = 1.0,
        learning_rate: float = 2e-3,
        widths: tuple[int, ...] = (128, 128),
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.nb_epochs, self.batch_size, self.latent_dim = nb_epochs, batch_size, latent_dim
        self.beta, self.learning_rate, self.widths = beta, learning_rate, widths

    def _template(self) -> Synthesizer:
        from gan_utils.synthesizers.vae import TabularVAE  # brings TensorFlow along

        return TabularVAE(**_settings(self))


def _settings(sampler: SynthesizerOverSampler) -> dict[str, Any]:
    """Return the parameters that a sampler shares with its synthesizer."""
    own = {"sampling_strategy", "random_state"}
    return {k: v for k, v in sampler.get_params(deep=False).items() if k not in own}


def _rows_needed(synthesizer: Synthesizer) -> int:
    """Return how many rows of a class a synthesizer needs."""
    return max(synthesizer.min_rows, getattr(synthesizer, "k_neighbors", 0) + 1)


def _new_rows(
    template: Synthesizer, rows: pd.DataFrame, n: int, seeds: tuple[int, int]
) -> pd.DataFrame:
    """Fit a fresh copy of a synthesizer to the rows of one class and write ``n`` new ones."""
    synthesizer = _fresh(template)
    if hasattr(synthesizer, "random_state"):
        synthesizer.random_state = seeds[0]
    if hasattr(synthesizer, "batch_size"):
        synthesizer.batch_size = min(synthesizer.batch_size, len(rows))
    return synthesizer.fit(rows).sample(n, random_state=seeds[1])


def _fresh(synthesizer: Synthesizer) -> Synthesizer:
    """Copy a synthesizer's settings and nothing that it learned, which may be large."""
    names = inspect.signature(type(synthesizer)).parameters
    if all(hasattr(synthesizer, name) for name in names):
        return type(synthesizer)(**{name: getattr(synthesizer, name) for name in names})
    return copy.deepcopy(synthesizer)  # a synthesizer of somebody else's, with habits of its own


def _as_table(X: Any) -> pd.DataFrame:
    """Return dense rows under text names, as every synthesizer takes them."""
    if isinstance(X, pd.DataFrame):
        return _dense(X).reset_index(drop=True)
    X = X.toarray() if sparse.issparse(X) else X
    table = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])
    return table.infer_objects()  # numbers in an array of objects are numbers


def _dense(X: pd.DataFrame) -> pd.DataFrame:
    plain = X.set_axis(X.columns.map(str), axis=1)
    kinds = {
        name: dtype.subtype
        for name, dtype in plain.dtypes.items()
        if isinstance(dtype, pd.SparseDtype)
    }
    return plain.astype(kinds) if kinds else plain


def _append(X: Any, parts: list[pd.DataFrame]) -> Any:
    """Put new rows after the original ones, in the kind of container that these came in."""
    if isinstance(X, pd.DataFrame):
        parts = [part.set_axis(X.columns, axis=1).astype(X.dtypes) for part in parts]
        return pd.concat([X, *parts], ignore_index=True)
    arrays = [part.to_numpy(X.dtype) for part in parts]
    if sparse.issparse(X):
        return sparse.vstack([X, *map(sparse.csr_matrix, arrays)], format=X.format)
    return np.concatenate([X, *arrays])


def _plain(label: Any) -> Any:
    """Return a label as a plain Python object, which prints as the reader knows it."""
    return label.item() if isinstance(label, np.generic) else label
