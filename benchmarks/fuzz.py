"""Fuzz the public entry points ("doors") with odd inputs, 2,000 examples per door.

For each example, a door must keep its promises or raise one of the package's own errors before any
training. ``tests/strategies.py`` draws the examples; ``tests/doors`` defines the promises. Doors
that train a model take only a few eager steps with a tiny network.

    python benchmarks/fuzz.py [--examples 2000] [--door NAME] [--seed 0] [--jobs 2]
    python benchmarks/fuzz.py --results build/fuzz.jsonl    # saves finished tasks; can resume

After a fix, delete the results file's lines for the doors whose code has changed.
"""

import argparse
import collections
import json
import os
import sys
import time
import traceback
import zlib
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from report import markdown, publish

#: Examples per task; a door's examples are split into tasks that two processes can share.
AT_ONCE = 100
LINES = 6


@dataclass
class Findings:
    """The outcomes of a door's examples, and the seed of the task."""

    door: str
    seed: int = 0
    outcomes: collections.Counter = field(default_factory=collections.Counter)
    found: dict[str, tuple[str, str]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, other: "Findings") -> None:
        """Add another task's findings; keep the shortest example of each."""
        self.outcomes += other.outcomes
        self.seconds += other.seconds
        for key, shown in other.found.items():
            self.note(key, *shown)

    def note(self, key: str, example: str, words: str) -> None:
        """Keep a finding's shortest example."""
        if key not in self.found or len(example) < len(self.found[key][0]):
            self.found[key] = example, words


def doors() -> dict[str, Any]:
    """Return the front doors by name."""
    tests = str(Path(__file__).parents[1] / "tests")
    if tests not in sys.path:
        sys.path.insert(0, tests)
    from doors.every import ALL

    return ALL


def fuzz(task: tuple[str, int, int]) -> Findings:
    """Try the examples of a task at a door, and record every finding."""
    name, n_examples, number = task
    door, findings, started = doors()[name], Findings(name, number), time.perf_counter()
    from doors import eager, enter, kind_of, show

    @seed(number)
    @settings(
        max_examples=n_examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(door.examples)
    def visit(example: Any) -> None:
        try:
            findings.outcomes[enter(door, example)] += 1
        except Exception as error:  # any error here is a finding
            findings.outcomes["finding"] += 1
            findings.note(kind_of(error), show(example), _last_lines(error))

    with eager(door):
        visit()
    findings.seconds = time.perf_counter() - started
    return findings


def _last_lines(error: Exception) -> str:
    lines = "".join(traceback.format_exception(error)).strip().split("\n")
    return "\n".join(line[:300] for line in lines[-LINES:])


def tasks(names: list[str], n_examples: int, first_seed: int) -> list[tuple[str, int, int]]:
    """Split the doors' examples into tasks, each with a different seed."""
    return [
        (
            name,
            min(AT_ONCE, n_examples - start),
            first_seed + zlib.crc32(f"{name} {start}".encode()),
        )
        for name in names
        for start in range(0, n_examples, AT_ONCE)
    ]


def kept(file: Path | None) -> list[Findings]:
    """Read the tasks that an earlier run finished."""
    lines = file.read_text("utf-8").splitlines() if file and file.exists() else []
    read = map(json.loads, lines)
    return [
        Findings(r["door"], r["seed"], collections.Counter(r["outcomes"]), {}, r["seconds"])
        for r in read
    ]


def keep(file: Path | None, part: Findings) -> None:
    """Add a task to the results file, unless it has a finding and must be run again."""
    if file and not part.found:
        values = {"door": part.door, "seed": part.seed, "outcomes": part.outcomes}
        values["seconds"] = round(part.seconds, 1)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(values) + "\n")


def run(
    names: list[str], n_examples: int, first_seed: int, jobs: int, file: Path | None = None
) -> list[Findings]:
    """Fuzz doors in ``jobs`` processes, and print how each task went."""
    results = {name: Findings(name) for name in names}
    todo = {task[::2]: task for task in tasks(names, n_examples, first_seed)}
    for part in kept(file):
        if todo.pop((part.door, part.seed), None):
            results[part.door].add(part)
    # A process ends after some tasks, since TensorFlow and torch never release memory.
    with get_context("spawn").Pool(jobs, maxtasksperchild=20) as pool:
        for number, part in enumerate(pool.imap_unordered(fuzz, todo.values()), 1):
            results[part.door].add(part)
            keep(file, part)
            line = f"{number}/{len(todo)} {part.door}: {dict(part.outcomes)}, {part.seconds:.0f} s"
            print(line, file=sys.stderr, flush=True)
    return list(results.values())


def table(results: list[Findings]) -> str:
    """Write the results as Markdown."""
    header = ["front door", "examples", "refused", "findings", "kinds of findings", "seconds"]
    rows = []
    for result in results:
        n = result.outcomes.total()
        share = f"{result.outcomes['refused'] / n:.0%}"
        found = [str(result.outcomes["finding"]), str(len(result.found))]
        rows.append([f"`{result.door}`", f"{n:,}", share, *found, f"{result.seconds:.0f}"])
    return markdown(header, rows)


def report_findings(results: list[Findings]) -> None:
    """Print each kind of finding with its shortest example."""
    for result in results:
        for key, (example, words) in result.found.items():
            print(f"\n## {result.door}: {key}\n\n{example}\n\n{words}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=2000, help="a door")
    parser.add_argument("--door", action="append", help="only this one; may be given again")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--results", type=Path, help="save finished tasks in this file")
    parser.add_argument("--dry", action="store_true", help="leave README.md as it is")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    names = asked.door or list(doors())
    if unknown := set(names) - set(doors()):
        sys.exit(f"no door is called {unknown}. There are: {', '.join(doors())}.")
    results = run(names, asked.examples, asked.seed, asked.jobs, asked.results)
    report_findings(results)
    if asked.door or asked.dry:
        print(table(results))
    else:
        publish("fuzz", table(results))
    sys.exit(any(result.found for result in results))


if __name__ == "__main__":
    main()
