"""The course's commands: ``python -m gan_utils COMMAND``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_utils.budget import BUDGETS, current_budget
from gan_utils.course.notebooks import CourseError, find_checkout


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``python -m gan_utils``; by default, those on the command line.

    Returns
    -------
    int
        Exit status: 0 if all is well, 1 if something failed, 2 for an invalid command,
        130 after Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    try:
        return 0 if options.run(options) else 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; nothing is half written.", file=sys.stderr)
        return 130
    except ModuleNotFoundError as fault:
        if not (fault.name or "").startswith("gan_utils.course."):
            raise
        said = "only in a teacher's copy of the course, and this is a student's."
        print(f"gan_utils {options.command}: {said}", file=sys.stderr)
        return 2
    except (CourseError, ValueError, OSError) as fault:
        print(f"gan_utils {options.command}: {fault}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gan_utils", description="Commands of the course.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    _add_course(add("course", _course, "run every notebook, write and print the results"))
    add("doctor", _doctor, "is this machine ready? one line per check")
    fetch = add("fetch", _fetch, "put data into the data folder, for a class without internet")
    fetch.add_argument("name", nargs="*", help="names of data sets")
    fetch.add_argument("--all", action="store_true", help="all of them")
    student = add("student", _student, "write a student's folder: all but the solutions")
    student.add_argument("--data", action="store_true", help="include data sets already fetched")
    _add_place(student, "build/student")
    teacher = add("teacher", _teacher, "write a teacher's folder: solutions, plans, slides")
    _add_place(teacher, "build/teacher")
    repoint = add("repoint", _repoint, "point badges, set-up cells and the package at a fork")
    repoint.add_argument("address", help="https://github.com/NAME/REPOSITORY")
    store = add("store", _store, "run at the classroom budget and store the outputs")
    _add_only(store)
    _add_grade(add("grade", _grade, "grade a folder of submitted notebooks"))
    return parser


def _add_only(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--only", type=lambda text: text.split(","), metavar="01,02", help="only these notebooks"
    )


def _add_place(command: argparse.ArgumentParser, place: str) -> None:
    command.add_argument(
        "output", type=Path, nargs="?", default=Path(place), help=f"the folder; default: {place}"
    )


def _add_course(command: argparse.ArgumentParser) -> None:
    _add_only(command)
    command.add_argument("--budget", choices=BUDGETS, help="default: GAN_UTILS_BUDGET or classroom")
    command.add_argument("--output", type=Path, default=Path("build"), help="default: build")


def _add_grade(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, help="with student folders, or from Moodle or Canvas")
    command.add_argument("--out", type=Path, default=Path("grades.csv"), help="default: grades.csv")
    command.add_argument("--format", choices=("csv", "moodle"), default="csv", help="default: csv")
    command.add_argument("--again", action="store_true", help="also regrade what was graded before")
    command.add_argument("--unsafe", action="store_true", help="without a sandbox")
    _add_only(command)


def _course(options: argparse.Namespace) -> bool:
    from gan_utils.course.report import run_course

    budget = options.budget or current_budget()
    runs = run_course(find_checkout(), budget=budget, only=options.only, output=options.output)
    return all(run.ok for run in runs)


def _doctor(_: argparse.Namespace) -> bool:
    from gan_utils.course.doctor import doctor

    return doctor()


def _fetch(options: argparse.Namespace) -> bool:
    from gan_utils.course.fetch import fetch_data_sets

    if bool(options.name) == options.all:
        raise CourseError("name the data sets, or give --all for all of them (one of the two).")
    return fetch_data_sets(options.name)


def _student(options: argparse.Namespace) -> bool:
    from gan_utils.course.kit import write_student_folder

    made = write_student_folder(find_checkout(), options.output, with_data=options.data)
    print(f"written: {made.path}, {len(made.lessons)} lessons without solutions")
    if options.data:
        nothing = "none; `python -m gan_utils fetch --all` brings them"
        print(f"data sets: {', '.join(made.data) or nothing}")
    _tell_of_old_work(made.kept)
    return True


def _teacher(options: argparse.Namespace) -> bool:
    from gan_utils.course.kit import write_teacher_folder

    made = write_teacher_folder(find_checkout(), options.output)
    print(f"written: {made.path}, {len(made.lessons)} lessons; open {made.path / 'index.html'}")
    _tell_of_old_work(made.kept)
    return True


def _tell_of_old_work(kept: Path | None) -> None:
    if kept is not None:
        print(f"Somebody had added or changed files in the old folder: it is kept as {kept}")


def _repoint(options: argparse.Namespace) -> bool:
    from gan_utils.course.repoint import repoint

    root = find_checkout()
    changed = repoint(root, options.address)
    for path in changed:
        print(f"changed: {path.relative_to(root)}")
    if not changed:
        print("Nothing to change: that is the address already.")
    return True


def _store(options: argparse.Namespace) -> bool:
    from gan_utils.course.store import store

    return all(run.ok for run in store(find_checkout(), only=options.only))


def _grade(options: argparse.Namespace) -> bool:
    from gan_utils.course.grading import Request, grade_folder

    request = Request(
        folder=options.folder,
        out=options.out,
        only=options.only,
        form=options.format,
        unsafe=options.unsafe,
        again=options.again,
    )
    return bool(grade_folder(find_checkout(), request))


if __name__ == "__main__":
    sys.exit(main())
