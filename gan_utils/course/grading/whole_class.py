"""Grade a folder of submissions, two at a time (``python -m gan_utils grade``)."""

import io
import os
import queue
import sys
import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from gan_utils._support.progress_bar import ProgressBar
from gan_utils.course.grading.grader import FAILED, Grade, Grader
from gan_utils.course.grading.journal import Journal
from gan_utils.course.grading.lessons import Lesson, read_lesson
from gan_utils.course.grading.page import hardest, in_words, summarize, write_page
from gan_utils.course.grading.rehearsal import LEAST
from gan_utils.course.grading.sandbox import Limits, Sandbox, find_sandbox
from gan_utils.course.grading.sheets import MAXIMUM, check_moodle, check_out, write_sheet
from gan_utils.course.grading.submissions import (
    Submission,
    find_submissions,
    latest_of_each,
)
from gan_utils.course.notebooks import CourseError, find_notebooks

#: Seconds between two checks for Ctrl-C.
LOOK = 0.25
#: How many submissions are graded at a time: each needs a separate TensorFlow process.
AT_ONCE = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Request:
    """The settings for grading a folder of submissions.

    Parameters
    ----------
    folder : Path
        The folder with the submissions.
    out : Path
        The table to write. The page and the journal have the name of the table with the
        extensions ``.html`` and ``.journal``.
    only : sequence of str, optional
        Prefixes of the lessons' names.
    form : {"csv", "moodle"}
        The table's form.
    unsafe : bool
        Whether to run submissions without a sandbox.
    again : bool
        Whether to ignore stored grades and grade every submission again.
    at_once : int
        The number of submissions to grade at a time.
    limits : Limits
        The resources that each submission may use.
    """

    folder: Path
    out: Path
    only: Sequence[str] | None = None
    form: str = "csv"
    unsafe: bool = False
    again: bool = False
    at_once: int = AT_ONCE
    limits: Limits = field(default_factory=Limits)


def grade_folder(root: Path, request: Request, stream: TextIO | None = None) -> list[Grade]:
    """Grade a folder of submissions, and write a table and a page with the grades.

    Parameters
    ----------
    root : Path
        The checkout, whose notebooks contain the exercises.
    request : Request
        The settings for grading.
    stream : text file, optional
        The stream to which the progress is printed; by default, standard output.

    Returns
    -------
    list of Grade

    Raises
    ------
    CourseError
        If there is no sandbox or nothing to grade, or if the table cannot be written. In these
        cases, nothing is run.
    """
    stream, out = stream or sys.stdout, Path(request.out)
    paths = find_notebooks(root, request.only)
    lessons = {lesson.number: lesson for lesson in map(read_lesson, paths)}
    stems = tuple(path.stem for path in find_notebooks(root))
    kept, older = latest_of_each(find_submissions(request.folder, stems))
    kept, others = _to_grade(kept, lessons, {stem[:2] for stem in stems})
    if request.form == "moodle":
        check_moodle(submission.owner for submission in kept)
    check_out(out, {submission.owner.student for submission in kept})
    sandbox = find_sandbox(request.limits, request.unsafe)
    grades = _grade_all(kept, lessons, sandbox, request, stream)
    notes = sorted({submission.note for submission in kept if submission.note})
    write_sheet(out, grades, request.form)
    notes += _about_scale(grades) if request.form == "moodle" else []
    notes += [f"left out, an older one: {submission.name}" for submission in older]
    notes += [f"left out, of another lesson: {submission.name}" for submission in others]
    write_page(out.with_suffix(".html"), grades, notes)
    _tell(stream, out, grades, notes)
    return grades


def _to_grade(
    submissions: list[Submission], lessons: dict[str, Lesson], known: set[str]
) -> tuple[list[Submission], list[Submission]]:
    """Leave out submissions to lessons of the course that were not requested."""
    others = [s for s in submissions if s.lesson in known - set(lessons)]
    kept = [s for s in submissions if s not in others]
    if not kept:
        raise CourseError(f"there is no submission to lesson {', '.join(lessons)}.")
    return kept, others


def _about_scale(grades: list[Grade]) -> list[str]:
    """Say what the highest grade stands for, since a single student may add a whole lesson."""
    exercises = {grade.exercise for grade in grades if grade.exercise}
    lessons = sorted({number[:2] for number in exercises})
    if len(lessons) < 2:
        return []
    told = f"{MAXIMUM} points stand for the {len(exercises)} exercises of lessons"
    return [f"{told} {', '.join(lessons)}; choose other lessons with --only"]


def _tell(stream: TextIO, out: Path, grades: list[Grade], notes: Sequence[str]) -> None:
    for note in notes:
        print(f"note: {note}", file=stream)
    print(in_words(hardest(summarize(grades))), file=stream)
    print(f"written: {out}, {out.with_suffix('.html')}", file=stream)


def _grade_all(
    submissions: list[Submission],
    lessons: dict[str, Lesson],
    sandbox: Sandbox,
    request: Request,
    stream: TextIO,
) -> list[Grade]:
    journal = Journal(request.out.with_suffix(".journal"))
    if request.again:
        journal.entries.clear()
    queued = _Queue(Grader(lessons, sandbox, threading.Event()), journal, stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about sums of extreme numbers in answers
        found = queued.run(submissions, request.at_once)
    return [grade for grades in found for grade in grades]


class _Queue:
    """Grade submissions in a few threads, each of which waits for a separate process."""

    def __init__(self, grader: Grader, journal: Journal, stream: TextIO) -> None:
        self.grader, self.journal, self.stream = grader, journal, stream
        self.lock = threading.Lock()
        self.slots: queue.Queue[int] = queue.Queue()

    def run(self, submissions: list[Submission], at_once: int) -> list[list[Grade]]:
        for slot in range(at_once):
            self.slots.put(slot)
        before = [self.journal.find(s, self._digest(s)) for s in submissions]
        n_before = sum(grades is not None for grades in before)
        if n_before:
            print(f"{n_before} were graded before, and have not changed.", file=self.stream)
        file = self.stream if self.stream.isatty() else io.StringIO()
        bar = ProgressBar(len(submissions), "submissions", initial=n_before, file=file)
        new = [s for s, grades in zip(submissions, before, strict=True) if grades is None]
        with bar, ThreadPoolExecutor(at_once) as pool:
            try:
                _wait_for([pool.submit(self._prepare, number) for number in self._often(new)])
                waited = iter(_wait_for([pool.submit(self._one, s, bar) for s in new]))
            except BaseException:
                self.grader.stop.set()
                pool.shutdown(cancel_futures=True)
                raise
        return [next(waited) if grades is None else grades for grades in before]

    def _often(self, submissions: list[Submission]) -> list[str]:
        """List the lessons with enough submissions to be worth preparing."""
        numbers = [submission.lesson for submission in submissions if not submission.fault]
        return [n for n in self.grader.lessons if numbers.count(n) >= LEAST]

    def _prepare(self, number: str) -> None:
        slot = self.slots.get()
        try:
            self.grader.prepare(number, slot)
        finally:
            self.slots.put(slot)

    def _one(self, submission: Submission, bar: ProgressBar) -> list[Grade]:
        slot = self.slots.get()
        try:
            grades = self.grader.grade(submission, slot)
        finally:
            self.slots.put(slot)
        with self.lock:
            failed = any(grade.message.startswith(FAILED) for grade in grades)
            if not failed and not self.grader.stop.is_set():
                self.journal.add(submission, self._digest(submission), grades)
            bar.set_postfix_str(submission.owner.student[:30], refresh=False)
            bar.update()
            self._tell(bar, submission, grades)
        return grades

    def _tell(self, bar: ProgressBar, submission: Submission, grades: list[Grade]) -> None:
        """Print a line for each submission if the stream is not a terminal."""
        if not self.stream.isatty():
            points = f"{sum(grade.points for grade in grades)} of {len(grades)}"
            place = f"[{bar.n}/{bar.total}]"
            print(f"{place} {submission.owner.student}  {points}", file=self.stream, flush=True)

    def _digest(self, submission: Submission) -> str:
        lesson = self.grader.lessons.get(submission.lesson)
        return lesson.digest if lesson else ""


def _wait_for(futures: Sequence[Future]) -> list[list[Grade]]:
    """Wait in short steps, so that Ctrl-C is noticed; pass on the first error."""
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=LOOK)
        for future in ended:
            future.result()
    return [future.result() for future in futures]
