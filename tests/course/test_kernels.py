"""Notebooks run in the environment of the course, whatever other kernels the machine has."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from gan_utils.course import runner

SOURCE = "import sys\nprint(sys.prefix)"


@pytest.fixture
def other_kernel(tmp_path: Path) -> Path:
    """Register a broken kernel under the name that the notebooks ask for."""
    spec = {"argv": ["no-such-python", "{connection_file}"], "display_name": "Python 3"}
    folder = tmp_path / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({**spec, "language": "python"}))
    return tmp_path / "jupyter"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    output = new_output("stream", name="stdout", text=f"{sys.prefix}\n")
    cell = new_code_cell(SOURCE, outputs=[output], execution_count=1)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = tmp_path / "where.ipynb"
    nbformat.write(new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
    return path


@pytest.mark.parametrize("variable", ["JUPYTER_DATA_DIR", "JUPYTER_PATH"])
def test_the_course_runs_in_its_own_python(other_kernel, notebook, monkeypatch, variable):
    monkeypatch.setenv(variable, str(other_kernel))
    run = runner.run_notebook(notebook, budget="quick")
    assert run.error == ""
    assert run.notebook.cells[0].outputs[0].text.strip() == sys.prefix


def test_so_do_the_tests_of_the_notebooks(other_kernel, notebook, python_path):
    environment = {**python_path, "JUPYTER_DATA_DIR": str(other_kernel)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    command += ["--nbval", "--nbval-current-env", str(notebook)]
    ran = subprocess.run(
        command, env=environment, cwd=notebook.parent, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout


def test_so_does_jupyterlab(other_kernel, python_path):
    """It asks the same manager, which resolves a bare ``python`` to the Python that asks."""
    code = (
        "from jupyter_client.manager import KernelManager; "
        "manager = KernelManager(kernel_name='python3'); "
        "manager._launch_args = {}; "  # as at a start; jupyter_client 7 has None before
        "print(manager.format_kernel_cmd()[0])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**python_path, "JUPYTER_DATA_DIR": str(other_kernel)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(ran.stdout.strip()).parent == Path(sys.executable).parent


def test_make_gives_the_environment_s_kernels_the_first_say(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert "export JUPYTER_PREFER_ENV_PATH := 1" in makefile
    assert "unexport JUPYTER_PATH" in makefile
