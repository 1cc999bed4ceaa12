"""The longer comparisons that lesson 07 quotes: the lesson's own cells, with 1,500 steps.

The half-size DCGAN is trained with all its parts and without each in turn, with four seeds; the
GANs of 200 digits are trained for equally many steps, and classifiers learn from their digits. The
run takes about ten minutes on two cores.

    python benchmarks/dcgan_parts.py [steps]
"""

import json
import re
import sys
from pathlib import Path

from nbformat.v4 import new_code_cell
from report import markdown, publish

from gan_utils.course import notebooks, runner

LESSON = Path(__file__).parents[1] / "notebooks" / "07_mnist_dcgan.ipynb"
SEEDS = 4
#: The last cell, which prints the values behind the lesson's tables, seed by seed.
REPORT = """
import json

by_part = {
    name: {kind: [round(float(distance(run[kind])), 2) for run in runs] for kind in KINDS}
    for name, runs in made.items()
}
points = {name: [round(float(gap), 1) for gap in gaps] for name, gaps in gains.items()}
print(json.dumps({"distances": by_part, "points": points}))
"""


def longer(n_steps: int) -> notebooks.nbformat.NotebookNode:
    """Return the lesson without exercises, with ``n_steps`` steps, ``SEEDS`` seeds and a report."""
    lesson = notebooks.copy_of(notebooks.read(LESSON))
    kinds = {notebooks.EXERCISE, notebooks.CHECK, notebooks.SOLUTION}
    lesson.cells = [cell for cell in lesson.cells if not kinds & set(notebooks.tags(cell))]
    for cell in lesson.cells:
        cell.source = re.sub(r"(\w+_STEPS =) budget\([^)]*\)", rf"\1 {n_steps}", cell.source)
        cell.source = re.sub(r"(SEEDS = range)\(budget\([^)]*\)\)", rf"\1({SEEDS})", cell.source)
    lesson.cells.append(new_code_cell(REPORT))
    return lesson


def table(found: dict[str, dict[str, list[float]]]) -> str:
    """Write the distances of the parts, and the points that a classifier gains."""
    distances = [
        [part, kind, ", ".join(map(str, values))]
        for part, kinds in found["distances"].items()
        for kind, values in kinds.items()
    ]
    points = [[name, ", ".join(map(str, gaps))] for name, gaps in found["points"].items()]
    return "\n\n".join(
        [
            markdown(["half-size DCGAN", "weights", "distance, seed by seed"], distances),
            markdown(["students of 200 digits", "points gained, seed by seed"], points),
        ]
    )


def main() -> None:
    n_steps = int(sys.argv[1]) if sys.argv[1:] else 1_500
    run = runner.run_notebook(LESSON, budget="classroom", notebook=longer(n_steps))
    if not run.ok:
        sys.exit(f"cell {run.cell}: {run.error}")
    found = json.loads(run.notebook.cells[-1].outputs[-1].text)
    if n_steps == 1_500:
        publish("dcgan-parts", table(found))
    else:
        print(table(found))


if __name__ == "__main__":
    main()
