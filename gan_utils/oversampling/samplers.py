"""One sampler per synthesizer, with the synthesizer's settings as parameters."""

from numbers import Integral, Real
from typing import Any, ClassVar

from sklearn.utils._param_validation import Interval, StrOptions

from gan_utils.oversampling.base import SHARED, SynthesizerOverSampler
from gan_utils.synthesizers.base import Synthesizer
from gan_utils.synthesizers.gaussian import GaussianSynthesizer
from gan_utils.synthesizers.sdv import MODELS, SDVSynthesizer
from gan_utils.synthesizers.smote import SmoteSynthesizer

_COUNT = Interval(Integral, 1, None, closed="left")
_POSITIVE = Interval(Real, 0, None, closed="neither")


class GaussianOverSampler(SynthesizerOverSampler):
    """Oversample the rare classes with rows drawn from normal distributions.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    correlated : bool
        If True, the numeric columns of a class are drawn jointly, with their covariances. If False,
        each column is drawn separately, with its mean and standard deviation.

    Notes
    -----
    Each class to be oversampled needs at least 2 rows.
    """

    _parameter_constraints: ClassVar[dict] = {**SHARED, "correlated": ["boolean"]}

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
    """Oversample the rare classes with points between a row and one of its neighbours.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    k_neighbors : int
        Number of nearest neighbours, one of which is chosen at random.

    Notes
    -----
    The method is that of ``imblearn.over_sampling.SMOTE``, with the interface of the other samplers
    in this module. All columns must be numeric, and each class to be oversampled needs at least
    ``k_neighbors + 1`` rows.
    """

    _parameter_constraints: ClassVar[dict] = {**SHARED, "k_neighbors": [_COUNT]}

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
    """Oversample the rare classes with one of the Synthetic Data Vault's models.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    model : {"gaussian_copula", "ctgan", "tvae"}
        The model to fit: a copula with fitted marginal distributions, a conditional GAN or a
        variational autoencoder.
    epochs : int
        Number of training epochs for the two neural models.
    """

    _parameter_constraints: ClassVar[dict] = {
        **SHARED,
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


_TRAINED = {
    **SHARED,
    "nb_epochs": [_COUNT],
    "batch_size": [_COUNT],
    "learning_rate": [_POSITIVE],
    "widths": [tuple, list],
}
_NEURAL = {**_TRAINED, "latent_dim": [_COUNT]}


class GANOverSampler(SynthesizerOverSampler):
    """Oversample the rare classes with rows from a GAN that is trained on each class separately.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    nb_epochs : int
        Number of training steps for each class; each step uses one batch.
    batch_size : int
        Maximum number of real rows per step; if a class has fewer rows, each step uses all of them.
    latent_dim : int
        Length of the noise vector.
    pack : int
        Number of rows that the discriminator sees at once, limited to the batch size.
    learning_rate : float
        Initial learning rate of both networks; the rate falls to 0 during training.
    widths : tuple of int
        Number of units in each hidden layer of both networks.

    Notes
    -----
    Each class to be oversampled needs at least 8 rows, though 8 may be too few for good results.
    The defaults are for classes of a few dozen to a few hundred rows. The number of steps is lower
    and the learning rate is higher than in ``TabularGAN``, whose defaults are meant for whole
    tables. To change other settings, pass a ``TabularGAN`` to `SynthesizerOverSampler`.
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
        from gan_utils.synthesizers.gan import TabularGAN  # imports TensorFlow

        return TabularGAN(**_settings(self))


class VAEOverSampler(SynthesizerOverSampler):
    """Oversample the rare classes with rows from a separate variational autoencoder per class.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    nb_epochs : int
        Number of training steps for each class; each step uses one batch.
    batch_size : int
        Maximum number of rows per step; if a class has fewer rows, each step uses all of them.
    latent_dim : int
        Length of a row's latent code.
    beta : float
        Weight of the Kullback-Leibler divergence; 1 gives the evidence lower bound.
    learning_rate : float
        The initial learning rate; the rate falls to 0 during training.
    widths : tuple of int
        Number of units in each hidden layer of both networks.

    Notes
    -----
    Each class to be oversampled needs at least 8 rows, though 8 may be too few for good results. To
    change other settings, pass a ``TabularVAE`` to `SynthesizerOverSampler`.
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
        from gan_utils.synthesizers.vae import TabularVAE  # imports TensorFlow

        return TabularVAE(**_settings(self))


class DiffusionOverSampler(SynthesizerOverSampler):
    """Oversample the rare classes with rows from a separate flow-matching model per class.

    Parameters
    ----------
    sampling_strategy, random_state
        As in `SynthesizerOverSampler`, which also describes the attributes.
    nb_epochs : int
        Number of training steps for each class; each step uses one batch.
    batch_size : int
        Maximum number of rows per step; if a class has fewer rows, each step uses all of them.
    sampling_steps : int
        Number of steps from noise to a row; the network runs twice in each step.
    learning_rate : float
        The initial learning rate; the rate falls to 0 during training.
    widths : tuple of int
        Number of units in each hidden layer.

    Notes
    -----
    Each class to be oversampled needs at least 8 rows, though 8 may be too few for good results. To
    change other settings, pass a ``TabularDiffusion`` to `SynthesizerOverSampler`.
    """

    _parameter_constraints: ClassVar[dict] = {**_TRAINED, "sampling_steps": [_COUNT]}

    def __init__(
        self,
        *,
        sampling_strategy: Any = "auto",
        random_state: int | None = None,
        nb_epochs: int = 1_000,
        batch_size: int = 128,
        sampling_steps: int = 50,
        learning_rate: float = 4e-3,
        widths: tuple[int, ...] = (192, 192),
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy, random_state=random_state)
        self.nb_epochs, self.batch_size = nb_epochs, batch_size
        self.sampling_steps = sampling_steps
        self.learning_rate, self.widths = learning_rate, widths

    def _template(self) -> Synthesizer:
        from gan_utils.synthesizers.diffusion import TabularDiffusion  # imports TensorFlow

        return TabularDiffusion(**_settings(self))


def _settings(sampler: SynthesizerOverSampler) -> dict[str, Any]:
    """Return the parameters that a sampler shares with its synthesizer."""
    own = {"sampling_strategy", "random_state"}
    return {k: v for k, v in sampler.get_params(deep=False).items() if k not in own}
