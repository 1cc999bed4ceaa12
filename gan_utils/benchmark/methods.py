"""The methods for a rare class that are compared, and the classifiers used with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import has_fit_parameter

#: Modules that the course's samplers import when they are first fitted.
_HEAVY = {
    "DiffusionOverSampler": "gan_utils.synthesizers.diffusion",
    "GANOverSampler": "gan_utils.synthesizers.gan",
    "VAEOverSampler": "gan_utils.synthesizers.vae",
    "SDVOverSampler": "sdv.single_table",
}


@dataclass(frozen=True)
class ClassWeights:
    """Add no rows; give each class the same total weight in training, however few rows it has."""


@dataclass(frozen=True)
class TunedThreshold:
    """Add no rows; tune the threshold for the rare class on the training rows of each fold.

    Attributes
    ----------
    scoring : str
        The name of the scikit-learn scorer whose score the threshold maximizes.
    """

    scoring: str = "balanced_accuracy"


#: What `compare` accepts as a sampler.
Method = "BaseSampler | ClassWeights | TunedThreshold | None"


def default_samplers(nb_epochs: int = 400) -> dict[str, Method]:
    """Return the ten methods that are compared by default.

    Parameters
    ----------
    nb_epochs : int
        Number of training steps of the GAN and of the VAE. Both are trained again for every fold,
        so the default is small. Samplers with more steps, which may perform better, can be passed
        to `compare`.

    Returns
    -------
    dict of str to object
        ``none``, ``class weights``, ``tuned threshold``, ``random over``, ``random under``,
        ``SMOTE``, ``mean/std``, ``GaussianCopula``, ``GAN``, ``VAE``.
    """
    from imblearn.over_sampling import SMOTE, RandomOverSampler
    from imblearn.under_sampling import RandomUnderSampler

    from gan_utils.oversampling import (
        GANOverSampler,
        GaussianOverSampler,
        SDVOverSampler,
        VAEOverSampler,
    )

    return {
        "none": None,
        "class weights": ClassWeights(),
        "tuned threshold": TunedThreshold(),
        "random over": RandomOverSampler(),
        "random under": RandomUnderSampler(),
        "SMOTE": SMOTE(),
        "mean/std": GaussianOverSampler(),
        "GaussianCopula": SDVOverSampler(model="gaussian_copula"),
        "GAN": GANOverSampler(nb_epochs=nb_epochs),
        "VAE": VAEOverSampler(nb_epochs=nb_epochs),
    }


def known_samplers() -> dict[str, Method]:
    """Return all methods that can be chosen by name: the default ones and ``diffusion``.

    Diffusion is compared only on request. It is trained for the default number of steps of
    `gan_utils.oversampling.DiffusionOverSampler`, which is larger than the number used here for the
    GAN and the VAE.

    Returns
    -------
    dict of str to object
    """
    from gan_utils.oversampling import DiffusionOverSampler

    return {**default_samplers(), "diffusion": DiffusionOverSampler()}


def default_classifiers() -> dict[str, ClassifierMixin]:
    """Return a linear and a non-linear classifier: logistic regression and a random forest.

    Returns
    -------
    dict of str to classifier
        ``logistic`` and ``forest``.
    """
    return {
        "logistic": LogisticRegression(max_iter=1000),
        "forest": RandomForestClassifier(n_estimators=50, n_jobs=1),
    }


def named_samplers(samplers: Mapping[str, Method] | Iterable[str] | None) -> dict[str, Method]:
    """Return the samplers by name, given a mapping or known names.

    Parameters
    ----------
    samplers : mapping of str to sampler, iterable of str, or None
        The samplers, as passed to `gan_utils.benchmark.compare`.

    Returns
    -------
    dict of str to sampler
        At least one sampler; each has ``fit_resample``, or is ``ClassWeights``,
        ``TunedThreshold`` or None.

    Raises
    ------
    TypeError
        If an entry is not a sampler, or its name is not text.
    ValueError
        If no sampler is given, or a name is unknown.
    """
    if isinstance(samplers, Mapping):
        chosen = dict(samplers)
    else:
        known = default_samplers() if samplers is None else known_samplers()
        names = list(known) if samplers is None else _listed(samplers)
        unknown = [name for name in names if not isinstance(name, str) or name not in known]
        if unknown:
            raise ValueError(
                f"sampler {unknown[0]!r} is unknown. Use one of {', '.join(known)}, or give your "
                "own as {name: sampler}."
            )
        chosen = {name: known[name] for name in names}
    check_names("sampler", chosen)
    if not chosen:
        raise ValueError("there is no sampler to compare. Give at least one, such as 'none'.")
    for name, method in chosen.items():
        _check_method(name, method)
    return chosen


def _listed(samplers: str | Iterable[str]) -> list[str]:
    if not isinstance(samplers, Iterable):
        raise TypeError(
            f"samplers is {type(samplers).__name__}. Give {{name: sampler}}, or a list of names."
        )
    return [samplers] if isinstance(samplers, str) else list(samplers)


def check_names(what: str, names: Iterable[object]) -> None:
    """Reject names that are not text, since a file of results holds every name as text.

    Parameters
    ----------
    what : str
        What is named, for the error message.
    names : iterable of object
        The names to check.

    Raises
    ------
    TypeError
        If a name is not text.
    """
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"the name {name!r} of a {what} is not text. Use {str(name)!r}.")


def _check_method(name: str, method: Method) -> None:
    if not (
        method is None or is_sampler(method) or isinstance(method, ClassWeights | TunedThreshold)
    ):
        raise TypeError(
            f"sampler {name!r} is {type(method).__name__}. Give an object with fit_resample, "
            "ClassWeights(), TunedThreshold() or None."
        )
    if is_sampler(method):
        _check_copyable(f"sampler {name!r}", method, "imblearn.base.BaseSampler")


def _check_copyable(who: str, estimator: object, base: str) -> None:
    """Reject what ``clone`` and ``set_params`` cannot copy and seed for each fold."""
    missing = [n for n in ("get_params", "set_params") if not hasattr(estimator, n)]
    if missing or isinstance(estimator, type):
        fault = "is a class" if isinstance(estimator, type) else f"has no {missing[0]}"
        raise TypeError(
            f"{who} ({getattr(estimator, '__name__', type(estimator).__name__)}) {fault}, so it "
            f"cannot be copied for each fold. Give an object whose class derives from {base}."
        )


def is_sampler(method: Method) -> bool:
    """Tell whether a method adds or drops rows.

    Parameters
    ----------
    method : object
        Anything that `gan_utils.benchmark.compare` accepts as a sampler.

    Returns
    -------
    bool
        True for an object with ``fit_resample``, but not for its class.
    """
    return hasattr(method, "fit_resample") and not isinstance(method, type)


def heavy_modules(methods: Mapping[str, Method]) -> tuple[str, ...]:
    """List the large modules that the samplers will import.

    Parameters
    ----------
    methods : mapping of str to sampler
        The samplers of a comparison, by name.

    Returns
    -------
    tuple of str
        Names of modules that take seconds to import; empty if none is needed.
    """
    used = {type(method).__name__ for method in methods.values()}
    return tuple(module for name, module in _HEAVY.items() if name in used)


def named_classifiers(
    classifiers: Mapping[str, ClassifierMixin] | ClassifierMixin | None,
) -> dict[str, ClassifierMixin]:
    """Return the classifiers by name.

    Parameters
    ----------
    classifiers : mapping of str to classifier, one classifier, or None
        The classifiers, as passed to `gan_utils.benchmark.compare`.

    Returns
    -------
    dict of str to classifier
        At least one classifier; a single one is named after its class.

    Raises
    ------
    TypeError
        If a classifier has no ``predict_proba``, since probabilities are scored too; if it cannot
        be copied; or if its name is not text.
    ValueError
        If no classifier is given.
    """
    if classifiers is None:
        return default_classifiers()
    if not isinstance(classifiers, Mapping):
        classifiers = {type(classifiers).__name__: classifiers}
    if not classifiers:
        raise ValueError("there is no classifier. Give at least one.")
    check_names("classifier", classifiers)
    for name, classifier in classifiers.items():
        if not hasattr(classifier, "predict_proba"):
            raise TypeError(
                f"classifier {name!r} is {type(classifier).__name__}, which has no predict_proba. "
                "Probabilities are judged too: wrap it in CalibratedClassifierCV."
            )
        _check_copyable(f"classifier {name!r}", classifier, "sklearn.base.BaseEstimator")
    return dict(classifiers)


def check_weights(
    methods: Mapping[str, Method], classifiers: Mapping[str, ClassifierMixin]
) -> None:
    """Reject class weights if a classifier cannot weight rows.

    Parameters
    ----------
    methods : mapping of str to sampler
        The samplers of a comparison, by name.
    classifiers : mapping of str to classifier
        The classifiers of the comparison, by name.

    Raises
    ------
    TypeError
        If class weights are to be compared, but a classifier takes no ``sample_weight``.
    """
    weighing = [name for name, m in methods.items() if isinstance(m, ClassWeights)]
    for name, classifier in classifiers.items():
        if weighing and not has_fit_parameter(classifier, "sample_weight"):
            raise TypeError(
                f"classifier {name!r} ({type(classifier).__name__}) takes no sample_weight, which "
                f"{weighing[0]!r} needs. Leave one of the two out."
            )
