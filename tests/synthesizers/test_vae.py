"""TabularVAE and its loss: the ELBO is the ELBO, rows are of the table's kind, files are whole."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import assert_an_interrupted_fit_resumes
from mixed_tables import assert_of_the_table_s_kind, mixed
from scipy.integrate import trapezoid
from scipy.stats import norm
from sklearn.metrics import log_loss

from gan_utils.generative.vae import VAE
from gan_utils.metrics import tables as metrics
from gan_utils.networks import build_tabular_decoder, build_tabular_encoder, seeded_weights
from gan_utils.synthesizers import TabularGAN, TabularVAE

TINY = {"latent_dim": 3, "nb_epochs": 20, "batch_size": 16, "widths": (8,)}


@pytest.fixture(scope="module")
def fitted():
    return TabularVAE(**TINY).fit(mixed())


def build(n_numeric=2, sizes=(3,), **settings):
    with seeded_weights(0):
        return VAE(
            build_tabular_encoder(n_numeric + sum(sizes), 3, (8,)),
            build_tabular_decoder(3, n_numeric, sizes, (8,)),
            latent_dim=3,
            n_numeric=n_numeric,
            sizes=sizes,
            **settings,
        )


# The loss


def test_the_reconstruction_is_the_negative_log_likelihood():
    rng = np.random.default_rng(0)
    numbers, mean, spread = rng.normal(size=(9, 2)), rng.normal(size=(9, 2)), np.array([0.3, 0.9])
    chosen, logits = rng.integers(0, 3, 9), rng.normal(size=(9, 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -norm.logpdf(numbers, mean, spread).sum(axis=1).mean()
    expected += log_loss(chosen, shares, labels=[0, 1, 2])
    rows = np.column_stack([numbers, np.eye(3)[chosen]])
    decoded = np.column_stack([mean, np.tile(np.log(spread), (9, 1)), logits])
    got = build().reconstruction(rows.astype("float32"), decoded.astype("float32"))
    assert float(got) == pytest.approx(expected, rel=1e-5)


@settings(max_examples=20, deadline=None)
@given(mean=st.floats(-3, 3), spread=st.floats(0.1, 3))
def test_the_divergence_is_that_of_two_normal_distributions(mean, spread):
    """Integrate q log(q / p) numerically."""
    z = np.linspace(mean - 12 * spread, mean + 12 * spread, 20_001)
    integrand = norm.pdf(z, mean, spread) * (norm.logpdf(z, mean, spread) - norm.logpdf(z))
    log_variance = np.full((4, 2), 2 * np.log(spread))
    got = build().divergence(np.full((4, 2), mean), log_variance)
    assert float(got) == pytest.approx(2 * trapezoid(integrand, z), rel=1e-4, abs=1e-6)


def test_the_weight_of_the_divergence_grows_and_stays():
    vae = build(beta=0.8, warm_up=10)
    weights = []
    for step in (0, 5, 10, 99):
        vae.step.assign(step)
        weights.append(float(vae.weight_of_kl()))
    assert weights == pytest.approx([0.0, 0.4, 0.8, 0.8])
    assert build(beta=0.8).weight_of_kl() == 0.8


def test_training_changes_every_layer_of_both_networks():
    vae = build()
    vae.compile()
    before = [w.copy() for w in vae.get_weights()]
    rows = np.column_stack([np.random.default_rng(0).normal(size=(40, 2)), np.eye(3)[[0, 1] * 20]])
    history = vae.fit(rows, 16, epochs=2, steps_per_epoch=5, verbose=0).history
    assert set(history) == {"loss", "reconstruction", "kl"}
    for layer, old, new in zip(vae.weights, before, vae.get_weights(), strict=True):
        if layer.name != "step":
            assert not np.array_equal(old, new), layer.path


def test_draws_follow_the_decoder_s_distribution():
    vae = build()
    noise = np.zeros((20_000, 3), "float32")
    decoded = vae.decoder(noise[:1]).numpy()[0]
    rows = vae.generate(noise, np.random.default_rng(0))
    np.testing.assert_allclose(rows[:, :2].mean(axis=0), decoded[:2], atol=0.03)
    np.testing.assert_allclose(rows[:, :2].std(axis=0), np.exp(decoded[2:4]), atol=0.03)
    shares = np.exp(decoded[4:]) / np.exp(decoded[4:]).sum()
    np.testing.assert_allclose(rows[:, 2:].mean(axis=0), shares, atol=0.02)


def test_drawing_from_thousands_of_categories_takes_little_memory():
    vae, noise = build(1, (3000,)), np.zeros((5, 3), "float32")
    vae.generate(noise, np.random.default_rng(0))
    tracemalloc.start()
    rows = vae.generate(noise, np.random.default_rng(0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(rows[:, 1:].sum(axis=1), 1)
    assert rows.dtype == "float32" and peak < 20 * rows.nbytes


def test_networks_that_do_not_match_are_named():
    encoder, decoder = build_tabular_encoder(5, 3, (8,)), build_tabular_decoder(3, 2, (3,), (8,))
    with pytest.raises(ValueError, match="encoder takes 5 numbers, but 6"):
        VAE(encoder, decoder, 3, 3, (3,))
    with pytest.raises(ValueError, match="encoder gives 6 numbers, but 8"):
        VAE(encoder, decoder, 4, 2, (3,))


# The synthesizer


def test_rows_are_of_the_table_s_kind(fitted):
    assert_of_the_table_s_kind(fitted.sample(300, random_state=0))


def test_the_same_seed_gives_the_same_rows_twice(fitted):
    again = TabularVAE(**TINY).fit(mixed())
    pd.testing.assert_frame_equal(again.sample(50, 3), fitted.sample(50, 3), check_exact=True)
    assert not fitted.sample(50, 3).equals(fitted.sample(50, 4))
    other = TabularVAE(**TINY, random_state=1).fit(mixed())
    assert not other.sample(50, 3).equals(fitted.sample(50, 3))


@pytest.mark.parametrize("columns", [["app", "place"], ["minutes"], ["weekend"]])
@pytest.mark.parametrize("encoding", ["quantile", "minmax"])
def test_any_mix_of_columns_works(columns, encoding):
    table = mixed()[columns]
    rows = TabularVAE(**{**TINY, "nb_epochs": 2}, encoding=encoding).fit(table).sample(30, 0)
    assert rows.dtypes.equals(table.dtypes)


def test_it_learns_a_correlation():
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    table = pd.DataFrame({"x": x, "y": x + 0.3 * rng.normal(size=300)})
    rows = TabularVAE(nb_epochs=400, batch_size=64, widths=(32,)).fit(table).sample(300, 0)
    assert metrics.correlation_similarity(table, rows) > 0.9
    assert metrics.ks_complement(table, rows) > 0.85


def test_a_saved_model_samples_the_same_rows(fitted, tmp_path):
    fitted.save(tmp_path / "model.zip")
    loaded = TabularVAE.load(tmp_path / "model.zip")
    pd.testing.assert_frame_equal(loaded.sample(200, 5), fitted.sample(200, 5), check_exact=True)
    pd.testing.assert_frame_equal(loaded.history_, fitted.history_, check_exact=True)
    assert loaded.settings() == fitted.settings()
    pd.testing.assert_frame_equal(loaded.fit(mixed()).sample(20, 5), fitted.sample(20, 5))


def test_a_saved_model_knows_zeros_of_both_signs(tmp_path):
    """The sign of a zero made a row look new, and sorting again on loading changed the signs."""
    rng = np.random.default_rng(2)
    letters, zeros = rng.choice(list("abcd"), 16), np.where(rng.random(16) < 0.4, -0.0, 0.0)
    zeros[6] = 142.01075744628906
    table = pd.DataFrame({"a": letters, "x": pd.array(zeros, "Float32")})
    model = TabularVAE(nb_epochs=2, batch_size=8, widths=(4,), latent_dim=2).fit(table)
    model.save(tmp_path / "model.zip")
    loaded = TabularVAE.load(tmp_path / "model.zip")
    pd.testing.assert_frame_equal(loaded.sample(20, 0), model.sample(20, 0), check_exact=True)


def test_the_file_of_a_gan_is_refused(tmp_path):
    gan = {"latent_dim": 4, "nb_epochs": 1, "batch_size": 16, "widths": (8,)}
    TabularGAN(**gan).fit(mixed()).save(tmp_path / "gan.zip")
    with pytest.raises(ValueError, match="was not written by TabularVAE"):
        TabularVAE.load(tmp_path / "gan.zip")


def test_an_interrupted_fit_resumes_and_ends_as_if_never_stopped(tmp_path, monkeypatch):
    assert_an_interrupted_fit_resumes(TabularVAE, TINY, VAE, mixed(), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("beta", -1.0), ("beta", np.nan), ("warm_up", 1.5), ("warm_up", -0.1), ("latent_dim", 0),
     ("nb_epochs", 2.5), ("learning_rate", 0.0), ("encoding", "log"), ("widths", (0,))],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(setting, value):
    with pytest.raises(ValueError, match=f"{setting}="):
        TabularVAE(**{**TINY, setting: value}).fit(mixed())


def test_bad_tables_and_unfitted_models_are_named(tmp_path):
    with pytest.raises(ValueError, match="has 7 rows, but fit needs at least 8"):
        TabularVAE(**TINY).fit(mixed(7))
    with pytest.raises(ValueError, match=r"batch_size=16 is larger than the table \(12 rows\)"):
        TabularVAE(**TINY).fit(mixed(12))
    with pytest.raises(RuntimeError, match="TabularVAE is not fitted yet"):
        TabularVAE().sample(3)
    with pytest.raises(RuntimeError, match="TabularVAE is not fitted yet"):
        TabularVAE().save(tmp_path / "model.zip")


def test_training_leaves_the_reader_s_random_numbers_alone():
    import random

    random.seed(5), np.random.seed(5)  # noqa: NPY002
    expected = random.random(), np.random.random()  # noqa: NPY002
    for model in (TabularVAE(**TINY), TabularGAN(**TINY, pack=2)):
        random.seed(5), np.random.seed(5)  # noqa: NPY002
        model.fit(mixed())
        assert (random.random(), np.random.random()) == expected  # noqa: NPY002
