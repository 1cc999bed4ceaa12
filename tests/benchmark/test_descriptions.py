"""What a file of results says about samplers and classifiers: enough to tell any two apart."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from benchmark_samplers import LOGISTIC, blobs, same
from imblearn.over_sampling import SMOTE
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from gan_utils.benchmark import compare
from gan_utils.benchmark.descriptions import described
from gan_utils.oversampling import GaussianOverSampler, SynthesizerOverSampler
from gan_utils.synthesizers import GaussianSynthesizer, Synthesizer

SMALL = {"n_splits": 2, "n_repeats": 1, "verbose": False}
LONG = np.zeros(3000)
OTHER = np.where(np.arange(3000) == 1500, 1.0, LONG)


def strategy(y):
    return {1: 60}


class Holder(BaseEstimator):
    def __init__(self, it=None, random_state=None):
        self.it, self.random_state = it, random_state


class Borrowed(Synthesizer):
    """A synthesizer that hides its setting, as one from elsewhere may."""

    def __init__(self, k):
        self._k = k

    def _fit(self, table): ...

    def _sample(self, n, rng): ...


def test_a_file_of_another_synthesizer_is_refused(tmp_path):
    def run(correlated):
        mine = SynthesizerOverSampler(GaussianSynthesizer(correlated=correlated))
        return compare(blobs(), {"m": mine}, LOGISTIC, results=tmp_path / "r.jsonl", **SMALL)

    first = run(False)
    with pytest.raises(ValueError, match=r"(?s)samplers: m .*correlated=False.*correlated=True"):
        run(True)
    same(first, run(False))


@pytest.mark.parametrize(
    "one, other",
    [
        (GaussianSynthesizer(), GaussianSynthesizer(True)),
        (Borrowed(1), Borrowed(2)),
        ([Borrowed(1)], [Borrowed(2)]),
        (LONG, OTHER),
        ({"a": (LONG,)}, {"a": (OTHER,)}),
        (np.array([0.1]), np.array([0.1 + 1e-12])),
        (pd.Series(LONG), pd.Series(OTHER)),
        (pd.DataFrame(LONG), pd.DataFrame(OTHER)),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
        (pd.Index(["a"]), pd.Index(["b"])),
        (sparse.csr_matrix([LONG]), sparse.csr_matrix([OTHER])),
        ([Holder(LONG)], [Holder(OTHER)]),
        ([Holder(list(range(50)))], [Holder([*range(49), 60])]),
    ],
)
def test_any_two_settings_are_told_apart(one, other):
    assert described("it", Holder(one)) != described("it", Holder(other))
    assert described("it", Holder(one)) == described("it", sklearn.clone(Holder(one)))


def test_learning_does_not_change_a_description():
    fitted = GaussianSynthesizer().fit(pd.DataFrame({"a": [1.0, 2.0, 4.0]}))
    assert described("it", Holder(fitted)) == described("it", Holder(GaussianSynthesizer()))


@pytest.mark.parametrize("value", [None, 1, "a", (1,), {"a": [0.1, (2, 3)]}, LogisticRegression()])
def test_files_written_before_can_still_be_continued(value):
    # Up to now, each value was described by its repr.
    deep = Holder(value).get_params()
    words = ", ".join(f"{name}={deep[name]!r}" for name in sorted(deep))
    assert described("it", Holder(value)) == f"Holder({words})"


def test_seeds_of_any_kind_are_overwritten_and_do_not_matter():
    one, other = (Holder(random_state=np.random.RandomState(seed)) for seed in (0, 1))
    assert described("it", one) == described("it", other)


def test_the_order_of_a_set_does_not_matter():
    assert "set({'a', 'b', 'c'})" in described("it", Holder({"c", "a", "b"}))


def test_scikit_learn_may_print_in_another_way(tmp_path):
    forest = {"c": CalibratedClassifierCV(LogisticRegression(C=2.0), cv=2)}
    settings = {"results": tmp_path / "r.jsonl", **SMALL}
    first = compare(blobs(), ["none"], forest, **settings)
    with sklearn.config_context(print_changed_only=False):
        same(first, compare(blobs(), ["none"], forest, **settings))


@pytest.mark.parametrize(
    "change, words",
    [
        (
            {"samplers": {"m": GaussianOverSampler(sampling_strategy=lambda y: {1: 60})}},
            "sampler 'm', parameter 'sampling_strategy', is <function .*lambda.*leave out results=",
        ),
        ({"samplers": {"m": SMOTE(k_neighbors=object())}}, "'m', parameter 'k_neighbors', is"),
        (
            {
                "classifiers": {
                    "c": make_pipeline(FunctionTransformer(lambda X: X), LogisticRegression())
                }
            },
            "classifier 'c', parameter 'functiontransformer', parameter 'func', is",
        ),
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_a_file_only(tmp_path, change, words):
    settings = {
        "datasets": blobs(),
        "samplers": ["none"],
        "classifiers": LOGISTIC,
        **SMALL,
    } | change
    with pytest.raises(ValueError, match=words):
        compare(**settings, results=tmp_path / "r.jsonl")
    assert not (tmp_path / "r.jsonl").exists()


def test_a_lambda_is_welcome_without_a_file():
    sampler = GaussianOverSampler(sampling_strategy=lambda y: {1: 60})
    assert len(compare(blobs(), {"m": sampler}, LOGISTIC, **SMALL)) == 2


def test_a_function_of_a_module_is_described_by_its_place():
    sampler = GaussianOverSampler(sampling_strategy=strategy)
    assert f"<function {__name__}.strategy>" in described("it", sampler)
