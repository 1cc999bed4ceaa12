"""A notebook copied alone into an empty folder installs what it needs and runs.

For real: a repository at a ``git+file://`` address, and a new virtual environment without the
course. The packages of others, and pip, come from the tested environment: building that one has
already shown that the packages in ``pyproject.toml`` suffice. The notebook is cut off after its
first exercise; nbval runs the rest of the lesson.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import files_of_the_course

from gan_utils.course import notebooks, repoint

LESSON = "01_iris_baselines.ipynb"

#: In the new environment: run the notebook that lies in the current folder.
RUN = f"""
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read({LESSON!r}, as_version=4)
NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
nbformat.write(notebook, "executed.ipynb")
"""


@pytest.fixture
def repository(root: Path, tmp_path: Path) -> Path:
    """Commit the course as it stands into a repository that is its own address."""
    copy = tmp_path / "repository"
    for path in files_of_the_course(root):
        (copy / path.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy / path.relative_to(root))
    repoint.repoint(copy, copy.as_uri())
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--no-verify", "-m", "copy"]):
        subprocess.run([*git, *words], cwd=copy, check=True)
    return copy


@pytest.fixture
def environment(repository: Path) -> dict[str, str]:
    """Hide the package that is tested, and keep to the tested versions (they are in the cache)."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "JUPYTER_PATH"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    constraints = str(repository / "constraints.txt")
    return {**kept, "PIP_CONSTRAINT": constraints, "JUPYTER_PREFER_ENV_PATH": "1"}


@pytest.fixture
def fresh_python(tmp_path: Path, environment: dict[str, str]) -> str:
    """Build an environment that has everything but the course."""
    pytest.importorskip("pip", reason="the set-up cell installs with pip")
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    # A link in a .pth file makes the packages there importable, but is not followed any further:
    # the course, which is installed there by such a file of its own, stays hidden.
    link = Path(found.stdout.strip(), "packages_of_others.pth")
    link.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    hidden = "import importlib.util as i; assert not i.find_spec('gan_utils'); import ipykernel"
    subprocess.run([python, "-c", hidden], cwd=tmp_path, env=environment, check=True)
    return python


@pytest.mark.parametrize("lesson", ["01_iris_baselines", "12_imdb_word_lstm"])
def test_a_notebook_alone_without_an_address_says_so_in_one_line(root, tmp_path, lesson):
    """As long as the address is not set, git would ask for a password, or fail in its own words."""
    (cell,) = (
        c
        for c in notebooks.read(root / "notebooks" / f"{lesson}.ipynb").cells
        if "setup" in notebooks.tags(c)
    )
    unset = f"https://github.com{repoint.OWNER}x"
    source = repoint.IN_SETUP.sub(lambda m: m[1] + unset + m[3], cell.source)
    command = [sys.executable, "-I", "-S", "-c", source]  # no packages of anybody
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert ran.stdout.count("\n") == 1
    assert "run this in the folder of the course" in ran.stdout


def modules_of(package: Path) -> list[str]:
    """List the modules of a package, each by its path in it."""
    return sorted(str(file.relative_to(package)) for file in package.rglob("*.py"))


@pytest.mark.slow
def test_a_notebook_alone_installs_the_course_and_runs(
    repository, environment, fresh_python, tmp_path
):
    alone = tmp_path / "alone"
    alone.mkdir()
    lesson = notebooks.read(repository / "notebooks" / LESSON)
    (last,) = (place for place, cell in enumerate(lesson.cells) if 'check("01.1"' in cell.source)
    lesson.cells = lesson.cells[: last + 1]
    notebooks.write(lesson, alone / LESSON)
    environ = {**environment, "GAN_UTILS_BUDGET": "quick"}
    subprocess.run([fresh_python, "-c", RUN], cwd=alone, env=environ, check=True, timeout=1500)
    cells = notebooks.read(alone / "executed.ipynb").cells
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code")
    code = "from gan_utils.datasets.folder import shipped; print(shipped('GAN_overview.png'))"
    command = [fresh_python, "-c", code]
    found = subprocess.run(command, cwd=alone, env=environ, check=True, capture_output=True)
    assert "_data" in found.stdout.decode()
    assert str(tmp_path / "venv") in found.stdout.decode()
    (installed,) = (tmp_path / "venv").rglob("gan_utils/__init__.py")
    assert modules_of(installed.parent) == modules_of(repository / "gan_utils")
