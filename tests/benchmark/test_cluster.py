"""A Dask cluster of two worker processes on loopback: the same table, even if one is killed."""

import os
import signal
import threading
import time

import pandas as pd
import pytest
from benchmark_samplers import LOGISTIC, Slow, blobs, same
from imblearn.over_sampling import SMOTE
from joblib import parallel_config

from gan_utils.benchmark import compare, default_samplers

SAMPLERS = {"none": None, "SMOTE": SMOTE(), "slow": Slow()}
SETTINGS = {"n_splits": 4, "n_repeats": 3, "verbose": False}


@pytest.fixture(scope="module")
def alone() -> pd.DataFrame:
    return compare(blobs(), SAMPLERS, LOGISTIC, **SETTINGS)


@pytest.fixture(scope="module")
def client():
    """Start the two workers once; the last test kills one of them."""
    distributed = pytest.importorskip("distributed", reason="needs the extra 'cluster'")
    settings = {"n_workers": 2, "threads_per_worker": 1, "host": "127.0.0.1"}
    # No page of statistics: nothing is served, and no port is taken that somebody else may want.
    with (
        distributed.LocalCluster(**settings, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
def test_two_workers_give_the_table_of_one_process(client, alone):
    with parallel_config(backend="dask"):
        same(alone, compare(blobs(), SAMPLERS, LOGISTIC, **SETTINGS))


@pytest.mark.slow
def test_neural_samplers_too(client):
    gan = {"GAN": default_samplers(nb_epochs=4)["GAN"]}
    settings = {"n_splits": 2, "n_repeats": 1, "verbose": False}
    alone = compare(blobs(60, 20), gan, LOGISTIC, **settings)
    with parallel_config(backend="dask"):
        same(alone, compare(blobs(60, 20), gan, LOGISTIC, **settings))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_worker_killed_in_the_middle_costs_nothing(client, alone, tmp_path):
    file, killed = tmp_path / "r.jsonl", []

    def kill_one():
        pids = client.run(os.getpid)
        while not file.exists() or file.read_bytes().count(b"\n") < 8:
            time.sleep(0.02)
        killed.append(next(iter(pids.values())))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    with parallel_config(backend="dask"):
        table = compare(blobs(), SAMPLERS, LOGISTIC, results=file, **SETTINGS)
    killer.join(timeout=10)
    assert killed
    assert killed[0] not in client.run(os.getpid).values()
    same(alone, table)
    # Every unit is on file once: none was lost, none was written twice.
    assert file.read_bytes().count(b"\n") == 1 + 36
