"""Two devices, or two machines, train what one device trains."""

import contextlib
import json
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from small_gans import build, train, train_on_dataset, weights

from gan_utils._support.backend import tf
from gan_utils.training import Backup
from gan_utils.training.machines import is_first_machine, number_of_machines

KINDS = ("gan", "conditional", "wasserstein", "dataset", "flow")
#: On two machines, which start slowly: one of each kind of data.
FEWER = ("gan", "dataset")
SCRIPT = """
import sys
from pathlib import Path

sys.path[:0] = [{tests!r}, {helpers!r}]
from gan_utils._support.backend import tf

if sys.argv[1] == "devices":
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], halves)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
else:
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
assert strategy.num_replicas_in_sync == 2

import test_distribution

test_distribution.train_all(Path(sys.argv[2]), strategy, sys.argv[3:])
"""


def train_one(kind, strategy=None, backup=None):
    """Train one kind of model; return weights, reports and number of steps."""
    settings = {"gan": {"gradient_penalty": 1.0, "average": 0.9, "steps_per_execution": 3}}
    fit = train_on_dataset if kind == "dataset" else train
    more = {"backup": Backup(backup, seconds=0)} if backup else {}
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = build(kind, **settings.get(kind, {}))
    reported = fit(gan, epochs=2, **more)
    return [*weights(gan), *map(np.array, reported.values()), gan.step.numpy()]


def train_all(file, strategy, kinds):
    """Train these kinds where this process is told to, and store what came of it."""
    results = {}
    for kind in kinds:
        backup = file.parent / "all.zip" if kind == "gan" else None
        for number, result in enumerate(train_one(kind, strategy, backup)):
            results[f"{kind}_{number}"] = result
    np.savez(file, **results)


def command(root, *arguments):
    script = SCRIPT.format(tests=str(Path(__file__).parent), helpers=str(root / "tests"))
    return [sys.executable, "-c", script, *map(str, arguments)]


@cache
def on_one_device(kind):
    return train_one(kind)


def assert_as_on_one_device(file: Path, kinds: tuple[str, ...]) -> None:
    there = np.load(file)
    for kind in kinds:
        for number, here in enumerate(on_one_device(kind)):
            np.testing.assert_allclose(
                there[f"{kind}_{number}"], here, rtol=1e-4, atol=1e-5, err_msg=kind
            )


@pytest.mark.slow
def test_two_devices_train_what_one_does(tmp_path, root, python_path):
    file = tmp_path / "devices.npz"
    done = subprocess.run(
        command(root, "devices", file, *KINDS),
        env=python_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert_as_on_one_device(file, KINDS)
    assert [path.name for path in tmp_path.iterdir()] == ["devices.npz"]


def free_ports(n):
    """Find ports that nobody listens at; all are held until all are found."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def start_machine(root, python_path, folder, ports, index):
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    task = {"cluster": cluster, "task": {"type": "worker", "index": index}}
    # A proxy, if there is one, must not stand between the two.
    env = {**python_path, "TF_CONFIG": json.dumps(task), "no_proxy": "127.0.0.1"}
    log = (folder / f"machine_{index}.log").open("w")
    arguments = command(root, "machines", folder / f"machine_{index}.npz", *FEWER)
    with log:
        return subprocess.Popen(arguments, env=env, stdout=log, stderr=subprocess.STDOUT)


@pytest.mark.slow
def test_two_machines_train_what_one_does(tmp_path, root, python_path):
    machines, ports = [], free_ports(2)
    try:
        machines += [start_machine(root, python_path, tmp_path, ports, i) for i in range(2)]
        codes = [machine.wait(timeout=300) for machine in machines]
    finally:
        for machine in machines:
            machine.kill()
            machine.wait()
    logs = [(tmp_path / f"machine_{i}.log").read_text()[-3000:] for i in range(2)]
    assert codes == [0, 0], "\n\n".join(logs)
    assert_as_on_one_device(tmp_path / "machine_0.npz", FEWER)
    first, second = (np.load(tmp_path / f"machine_{i}.npz") for i in range(2))
    for name in first.files:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert not list(tmp_path.glob("*.zip"))


def test_a_batch_that_cannot_be_shared_is_refused():
    from gan_utils.training.samples import check_batch_size

    with pytest.raises(ValueError, match=r"batch_size=7.*evenly by 2 devices.*such as 8"):
        check_batch_size(7, 2)
    one = tf.distribute.get_strategy()
    assert number_of_machines(one) == 1
    assert is_first_machine(one)


def test_one_device_under_a_strategy_is_one_device():
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    for here, there in zip(on_one_device("gan"), train_one("gan", strategy), strict=True):
        np.testing.assert_allclose(here, there, rtol=1e-4, atol=1e-5)
