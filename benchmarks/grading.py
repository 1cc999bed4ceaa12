"""Grade the teacher's solutions and the untouched stubs of all lessons, and 30 copies of some.

python benchmarks/grading.py [--copies 01,04] [--only 01,02]

Measurements are saved in ``build/grading``, so the same command resumes an interrupted run. Delete
the folder to measure again.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from report import markdown, publish

from gan_utils.course import editions, notebooks
from gan_utils.course.grading import Request, grade_folder
from gan_utils.course.grading.grader import Grade
from gan_utils.course.grading.session import Session

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "build" / "grading"
N_COPIES, MOST_SECONDS = 30, 120


def versions(path: Path) -> dict[str, nbformat.NotebookNode]:
    """Make a perfect student's notebook, an idle student's, and the course's own."""
    book = notebooks.read(path)
    solved, stubs = editions.solved_edition(book), editions.student_edition(book)
    return {"solutions": solved, "stubs": stubs, "handed out": book}


def grade_versions(paths: list[Path]) -> list[list[str]]:
    """Grade all versions; return a row per lesson."""
    folder = PLACE / "versions"
    for path in paths:
        for student, version in versions(path).items():
            (folder / student).mkdir(parents=True, exist_ok=True)
            notebooks.write(version, folder / student / path.name)
    numbers = [path.name[:2] for path in paths]
    grades = grade_folder(ROOT, Request(folder, PLACE / "versions.csv", only=numbers))
    return [[path.stem, *shares(grades, path.name[:2])] for path in paths]


def shares(grades: list[Grade], number: str) -> list[str]:
    """Say how many exercises of a lesson count in each version."""
    found = []
    for student in ("solutions", "stubs", "handed out"):
        own = [g for g in grades if g.student == student and g.exercise.startswith(number)]
        found.append(f"{sum(grade.points for grade in own)} of {len(own)}")
    return found


def copies_of(path: Path) -> list[str]:
    """Take the row of a lesson from an earlier run of this benchmark, or measure it."""
    kept = PLACE / f"{path.stem}.json"
    if not kept.exists():
        kept.write_text(json.dumps(grade_copies(path)))
    return json.loads(kept.read_text())


@contextlib.contextmanager
def counted_computing() -> Iterator[list[float]]:
    """Collect the sandboxed processes' CPU seconds, as other programs may use this machine too."""
    found, close = [], Session.close

    def count(self: Session) -> None:
        found.append(0.0 if self.closed else self.cpu_seconds)
        close(self)

    Session.close = count
    try:
        yield found
    finally:
        Session.close = close


def grade_copies(path: Path) -> list[str]:
    """Grade 30 solved copies of a lesson, and time the grading."""
    folder = PLACE / f"copies_{path.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    solved = versions(path)["solutions"]
    for number in range(N_COPIES):
        notebooks.write(solved, folder / f"student {number:02d}" / path.name)
    load, start, own = os.getloadavg()[0], time.perf_counter(), time.process_time()
    with counted_computing() as computing:
        grades = grade_folder(ROOT, Request(folder, PLACE / f"{path.stem}.csv", again=True))
    seconds, own = time.perf_counter() - start, time.process_time() - own
    done = f"{sum(grade.points for grade in grades)} of {len(grades)}"
    share = (sum(computing) + own) / (os.cpu_count() or 1)
    return [path.stem, done, f"{seconds:.0f}", f"{share:.0f}", f"{load:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", default="01,04", help="lessons of which 30 copies are graded")
    parser.add_argument("--only", type=lambda text: text.split(","), help="only these lessons")
    options = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    versions_of_all = grade_versions(notebooks.find_notebooks(ROOT, options.only))
    copied = notebooks.find_notebooks(ROOT, options.copies.split(","))
    first = markdown(["lesson", "solutions", "stubs", "handed out"], versions_of_all)
    header = [
        "30 copies of",
        "exercises done",
        "seconds",
        "seconds of computing per core",
        "load before",
    ]
    second = markdown(header, [copies_of(path) for path in copied])
    bar = (
        f"The copies were graded two at a time (target: at most {MOST_SECONDS} s on two cores). If "
        "the load before a run was above 2, other programs were using part of the cores; without "
        "them, grading should take little more than the seconds of computing per core."
    )
    if options.only:
        print(first, second, sep="\n\n")
    else:
        publish("grading", f"{first}\n\n{second}\n\n{bar}")


if __name__ == "__main__":
    sys.exit(main())
