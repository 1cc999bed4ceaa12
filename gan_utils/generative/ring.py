"""The mode-collapse lab: a ring of small Gaussians, and GANs that find all or only some of them.

Samples are points in the plane, so everything can be plotted: which of the eight modes a generator
reaches, and which generated points lie between the modes, where there are no real points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gan_utils._support.backend import keras
from gan_utils._support.checks import as_tensorflow_seed, check_count
from gan_utils.generative import GAN, WassersteinGAN
from gan_utils.networks import build_ring_discriminator, build_ring_generator, seeded_weights

#: The ring of Metz et al. 2017: eight Gaussians on a circle.
N_MODES, RADIUS, MODE_STD = 8, 2.0, 0.02
#: A point is on a mode if it is at most this many standard deviations from the centre (98.9 % of
#: the real points are), as in Srivastava et al. 2017 (VEEGAN).
NEAR = 3.0
#: A mode is covered if it gets at least this fraction of an equal share of the points.
FAIR = 0.1
#: Length of the noise vector, points per step, and steps per epoch; a GAN is evaluated only at the
#: end of an epoch.
LATENT_DIM, POINTS_A_STEP, STEPS_A_LOOK = 16, 128, 100
#: The lab's GANs, in the order of the tables and figures.
METHODS = ("plain", "plain, tuned", "minibatch discrimination", "Wasserstein")
#: GANs that differ only in loss and discriminator, for a comparison with the same optimizers.
REMEDIES = ("plain", "packing", "minibatch discrimination", "Wasserstein")
#: How many points a discriminator with packing sees at once.
PACK = 4

Optimizers = Callable[[int], Sequence[keras.optimizers.Optimizer]]


def ring_centres() -> np.ndarray:
    """Return the centres of the modes.

    Returns
    -------
    ndarray of shape (8, 2)
    """
    angles = 2 * np.pi * np.arange(N_MODES) / N_MODES
    return RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def make_ring(n: int = 10_000, random_state: int | None = None) -> np.ndarray:
    """Draw points from eight Gaussians of standard deviation 0.02 on a circle of radius 2.

    Parameters
    ----------
    n : int
        Number of points.
    random_state : int, optional
        Seed for the draw.

    Returns
    -------
    ndarray of shape (n, 2), float32

    Raises
    ------
    ValueError
        If ``n`` is not a whole number of at least 1.

    References
    ----------
    Metz, Poole, Pfau and Sohl-Dickstein 2017, *Unrolled generative adversarial networks*.
    """
    check_count("n", n)
    rng = np.random.default_rng(random_state)
    mode = rng.integers(N_MODES, size=n)
    return (ring_centres()[mode] + MODE_STD * rng.normal(size=(n, 2))).astype("float32")


def ring_scores(points: np.ndarray) -> dict[str, float]:
    """Count the modes that are covered, and compute the fraction of points that lie on a mode.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        Real or generated points.

    Returns
    -------
    dict
        ``modes covered``: how many of the eight modes receive at least a tenth of an equal share of
        the points; ``on a mode``: the fraction of points that lie within three standard deviations
        of a centre.

    Raises
    ------
    ValueError
        If the points are not pairs of finite numbers, or there are no points.
    """
    mode, near = nearest_mode(points)
    counts = np.bincount(mode[near], minlength=N_MODES)
    covered = counts >= FAIR * len(mode) / N_MODES
    return {"modes covered": int(covered.sum()), "on a mode": float(near.mean())}


def nearest_mode(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find each point's nearest mode, and determine whether the point lies on it.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        Real or generated points.

    Returns
    -------
    tuple of two ndarrays of shape (n,)
        The index of each point's nearest mode, and whether the point lies on that mode.

    Raises
    ------
    ValueError
        If the points are not pairs of finite numbers, or there are no points.
    """
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"points have the shape {points.shape}. Give (n, 2), n at least 1.")
    if not np.isfinite(points).all():
        raise ValueError("points hold a missing or infinite value. Did the training break down?")
    distances = np.linalg.norm(points[:, None] - ring_centres(), axis=-1)
    return distances.argmin(axis=1), distances.min(axis=1) <= NEAR * MODE_STD


def build_ring_gan(
    method: str,
    n_steps: int = 6000,
    random_state: int = 0,
    optimizers: Optimizers | None = None,
) -> GAN:
    """Build one of the GANs of the mode-collapse lab; all of them have the same generator.

    Parameters
    ----------
    method : str
        One of `METHODS` or `REMEDIES`. All except ``Wasserstein`` use the usual GAN loss. ``plain``
        and ``packing`` use the default optimizers of `GAN`, and ``plain, tuned`` uses the same
        optimizers as ``Wasserstein``. With ``packing``, the discriminator sees four points at once;
        with ``minibatch discrimination``, it compares the samples of a batch. ``Wasserstein`` uses
        a critic with a gradient penalty.
    n_steps : int
        How many steps the GAN is trained for; tuned learning rates fall to 2 % of their initial
        values over these steps.
    random_state : int
        Seed for the weights, the noise and the batches.
    optimizers : callable, optional
        Takes the number of steps, and returns the optimizers of the generator and of the
        discriminator, which replace the method's default optimizers.

    Returns
    -------
    GAN
        The compiled model.

    Raises
    ------
    ValueError
        If ``method`` is unknown, ``n_steps`` is not a whole number of at least 1, or
        ``random_state`` is no whole number below 2**62.
    """
    known = dict.fromkeys((*METHODS, *REMEDIES))
    if method not in known:
        raise ValueError(f"method={method!r} is not known. Choose one of {', '.join(known)}.")
    n_steps, random_state = check_count("n_steps", n_steps), as_tensorflow_seed(random_state)
    pack = PACK if method == "packing" else 1
    with seeded_weights(random_state):
        compares = method == "minibatch discrimination"
        networks = build_ring_generator(LATENT_DIM), build_ring_discriminator(compares, pack)
    seed = {"latent_dim": LATENT_DIM, "random_state": random_state}
    if method == "Wasserstein":
        gan = WassersteinGAN(*networks, **seed, gradient_penalty=0.1, critic_steps=1)
    else:
        gan = GAN(*networks, **seed, pack=pack)
    chosen = optimizers(n_steps) if optimizers else _optimizers(method, n_steps)
    gan.compile(*chosen, steps_per_execution=min(STEPS_A_LOOK, n_steps))
    return gan


def _optimizers(method: str, n_steps: int) -> list[keras.optimizers.Optimizer]:
    """Return optimizers for the generator and the discriminator, or [] for the default ones."""
    if method in ("plain", "packing"):
        return []
    compares = method == "minibatch discrimination"
    rates, betas = ((2e-3, 4e-3), (0.5, 0.999)) if compares else ((4e-3, 1.2e-2), (0.0, 0.9))
    fall = [keras.optimizers.schedules.CosineDecay(rate, n_steps, alpha=0.02) for rate in rates]
    named = {"beta_1": betas[0], "beta_2": betas[1]}
    averaged = keras.optimizers.Adam(fall[0], **named, use_ema=True, ema_momentum=0.99)
    return [averaged, keras.optimizers.Adam(fall[1], **named)]


@dataclass(frozen=True)
class RingRun:
    """The result of one training run on the ring.

    Attributes
    ----------
    method : str
        One of `METHODS` or `REMEDIES`.
    scores : DataFrame
        Number of modes covered and fraction of points on a mode, by step.
    frames : list of ndarray of shape (n, 2)
        Points generated from the same noise, one array per row of ``scores``.
    """

    method: str
    scores: pd.DataFrame
    frames: list[np.ndarray]


class RingWatch(keras.callbacks.Callback):
    """Record points that a GAN generates from fixed noise during training, and their scores.

    Parameters
    ----------
    every : int
        Number of epochs between two evaluations.
    n_points : int
        How many points are generated and scored.
    n_kept : int
        How many of these points are stored for figures.
    """

    def __init__(self, every: int = 1, n_points: int = 2000, n_kept: int = 500) -> None:
        super().__init__()
        self.every, self.n_points, self.n_kept = every, n_points, n_kept
        self.steps: list[int] = []
        self.scores: list[dict[str, float]] = []
        self.frames: list[np.ndarray] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Evaluate the generator at intervals and at the end of training."""
        if (epoch + 1) % self.every == 0 or epoch + 1 == self.params["epochs"]:
            self._look()

    def _look(self) -> None:
        with self.model.averaged():
            points = self.model.sample(self.n_points, random_state=0)
        self.steps.append(int(self.model.step.numpy()))
        self.scores.append(ring_scores(points))
        self.frames.append(points[: self.n_kept])


def run_ring(
    method: str,
    n_steps: int = 6000,
    n_looks: int = 20,
    random_state: int = 0,
    optimizers: Optimizers | None = None,
) -> RingRun:
    """Train one GAN on the ring and record its progress.

    Parameters
    ----------
    method : str
        One of `METHODS` or `REMEDIES`.
    n_steps : int
        Number of training steps.
    n_looks : int
        Approximate number of evaluations. They take place at intervals of a multiple of 100 steps
        and after the last step; a run of at most 100 steps has only one evaluation.
    random_state : int
        Seed for the data and the training.
    optimizers : callable, optional
        As for `build_ring_gan`.

    Returns
    -------
    RingRun

    Raises
    ------
    ValueError
        If ``method`` is unknown, or a count is not a whole number of at least 1.
    """
    check_count("n_looks", n_looks)
    gan = build_ring_gan(method, n_steps, random_state, optimizers)
    steps = min(STEPS_A_LOOK, n_steps)
    watch = RingWatch(every=max(1, n_steps // steps // n_looks))
    settings = {"steps_per_epoch": steps, "n_steps": n_steps, "verbose": 0, "callbacks": [watch]}
    gan.fit(make_ring(random_state=random_state), POINTS_A_STEP, **settings)
    index = pd.Index(watch.steps, name="step")
    return RingRun(method, pd.DataFrame(watch.scores, index=index), watch.frames)


def run_lab(
    methods: Sequence[str] = METHODS, n_steps: int = 6000, n_looks: int = 20, random_state: int = 0
) -> list[RingRun]:
    """Train several GANs on the same points, one after the other.

    Parameters
    ----------
    methods : sequence of str
        Any of `METHODS` or `REMEDIES`.
    n_steps, n_looks, random_state : int
        As for `run_ring`.

    Returns
    -------
    list of RingRun
    """
    return [run_ring(method, n_steps, n_looks, random_state) for method in methods]


def last_scores(runs: Sequence[RingRun]) -> pd.DataFrame:
    """Put the last scores of several training runs into a table.

    Parameters
    ----------
    runs : sequence of RingRun
        Training runs with any methods and seeds.

    Returns
    -------
    DataFrame
        One row per training run.
    """
    rows = [run.scores.iloc[-1].rename(run.method) for run in runs]
    return pd.DataFrame(rows).rename_axis("method").astype({"modes covered": int})
