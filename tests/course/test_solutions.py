"""Every lesson runs for the student who did no exercise, and for the one who did them all."""

from pathlib import Path

import pytest

from gan_utils.course import editions, notebooks, runner
from gan_utils.course.notebooks import CHECK, tags

LESSONS = notebooks.find_notebooks(Path(__file__).parents[2])

pytestmark = pytest.mark.notebooks


def verdicts(path: Path, edition: notebooks.nbformat.NotebookNode) -> list[str]:
    """Run an edition of a lesson and collect the line of each check, without its number."""
    run = runner.run_notebook(path, budget="quick", notebook=edition)
    assert run.ok, f"cell {run.cell}: {run.error}"
    lines = editions.check_lines(run.notebook)
    assert len(lines) == sum(CHECK in tags(cell) for cell in edition.cells)
    assert 3 <= len(lines) <= 5
    assert all(line.startswith(f"{path.name[:2]}.") for line in lines)
    return [line.split(maxsplit=1)[1] for line in lines]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
class TestStubsUntouched:
    """A class of its own, because xdist hands whole classes to a worker."""

    def test_every_check_waits(self, path):
        edition = editions.student_edition(notebooks.read(path))
        assert set(verdicts(path, edition)) == {"not attempted yet"}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
class TestSolutionsInPlace:
    """The other half."""

    def test_every_check_is_done(self, path):
        edition = editions.solved_edition(notebooks.read(path))
        assert set(verdicts(path, edition)) == {"done"}
