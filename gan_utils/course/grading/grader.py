"""Grade one submission in a process in the sandbox, or in several if an exercise ends one."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gan_utils.course.exercises import DONE, NOT_YET, UNTOUCHED, one_line
from gan_utils.course.grading.answers import answers_of
from gan_utils.course.grading.inside.border import BorderError
from gan_utils.course.grading.judge import Judge, error_of
from gan_utils.course.grading.layouts import printable
from gan_utils.course.grading.lessons import Exercise, Lesson
from gan_utils.course.grading.rehearsal import rehearse
from gan_utils.course.grading.sandbox import Sandbox
from gan_utils.course.grading.session import PATIENCE, Ended, Session
from gan_utils.course.grading.submissions import Submission

#: Points for an exercise that is done.
POINTS = 1
#: The beginning of a message that does not depend on the submission, for example if memory is full.
FAILED = f"{NOT_YET}: the grader failed: "


@dataclass(frozen=True)
class Grade:
    """A student's result for one exercise, which is one row of the grade table.

    Parameters
    ----------
    student : str
        The student's name.
    exercise : str
        The exercise's number, such as ``"01.2"``; empty if the lesson is unknown.
    points : int
        0 or `POINTS`.
    message : str
        The message of the check.
    moodle : str
        The student's participant number in Moodle, if there is one.
    note : str
        Further information for the student, such as which of several files was graded.
    """

    student: str
    exercise: str
    points: int
    message: str
    moodle: str = ""
    note: str = ""

    @property
    def told(self) -> str:
        """The message with the note."""
        return f"{self.message} ({self.note})" if self.note else self.message


class Grader:
    """Grade submissions to the lessons of the course.

    Parameters
    ----------
    lessons : dict of str to Lesson
        The lessons by number.
    sandbox : Sandbox
        The sandbox in which the submissions run.
    stop : Event
        An event that stops the grading of all submissions.
    """

    def __init__(self, lessons: dict[str, Lesson], sandbox: Sandbox, stop: threading.Event) -> None:
        self.lessons, self.sandbox, self.stop = lessons, sandbox, stop
        self.known: dict[str, dict] = {}

    def prepare(self, number: str, slot: int) -> None:
        """Run a lesson once, and store the results of its slow statements for all submissions.

        Parameters
        ----------
        number : str
            The lesson's number.
        slot : int
            A slot number that no other thread uses.
        """
        self.known[number] = rehearse(self.lessons[number], self.sandbox, slot, self.stop)

    def grade(self, submission: Submission, slot: int) -> list[Grade]:
        """Grade a submission; errors that the submission causes are not raised.

        Parameters
        ----------
        submission : Submission
            One student's file for one lesson.
        slot : int
            A slot number that no other thread uses.

        Returns
        -------
        list of Grade
            One grade for each exercise of the lesson. If the lesson is unknown, there is only one
            grade.
        """
        lesson = self.lessons.get(submission.lesson)
        if lesson is None:
            fault = submission.fault or _no_lesson(submission.lesson)
            return [_grade(submission, "", f"{submission.name}: {fault}")]
        numbers = [exercise.number for exercise in lesson.exercises]
        if submission.fault:
            said = f"{submission.name}: {submission.fault}"
            return [_grade(submission, number, said) for number in numbers]
        try:
            verdicts = self._verdicts(lesson, answers_of(lesson, submission.cells), slot)
        except Exception as fault:  # the other submissions must still be graded
            verdicts = dict.fromkeys(numbers, f"{FAILED}{fault!r}")
        return [_grade(submission, n, verdicts.get(n, UNTOUCHED)) for n in numbers]

    def _verdicts(self, lesson: Lesson, answers: dict[str, list[str]], slot: int) -> dict[str, str]:
        """Judge the exercises in one worker; each time a worker ends, continue in a new one."""
        end = time.monotonic() + PATIENCE * self.sandbox.limits.seconds
        verdicts: dict[str, str] = {}
        waiting = [[e for e in lesson.exercises if e.number in answers]]
        while waiting and not self.stop.is_set():
            group = waiting.pop(0)
            if not group:
                continue
            own = {exercise.number: answers[exercise.number] for exercise in group}
            run = _Run(lesson, own, verdicts, self.known.get(lesson.number, {}))
            try:
                with Session(self.sandbox, slot, end, self.stop) as session:
                    run.judge_all(session, group)
            except (Ended, BorderError) as fault:
                waiting = [*_after(run.at, group, verdicts, fault), *waiting]
        return verdicts


class _Run:
    """The exercises that are judged in one worker."""

    def __init__(
        self,
        lesson: Lesson,
        answers: dict[str, list[str]],
        verdicts: dict[str, str],
        known: dict[str, dict],
    ) -> None:
        self.lesson, self.answers, self.verdicts, self.known = lesson, answers, verdicts, known
        self.at: Exercise | None = None

    def judge_all(self, session: Session, exercises: Sequence[Exercise]) -> None:
        steps = [vars(step) for step in self.lesson.steps(self.answers)]
        session.allow(session.limits.cell_seconds)
        plan = {"do": "plan", "steps": steps, "known": self.known}
        if "error" in (reply := session.ask(plan)):
            raise Ended("{type}: {text}".format(**error_of(reply)))
        for exercise in exercises:
            self.at = exercise
            self.verdicts[exercise.number] = self._judged(session, exercise)

    def _judged(self, session: Session, exercise: Exercise) -> str:
        session.allow(session.limits.seconds)
        reply = session.ask({"do": "reach", "exercise": exercise.number})
        if "error" in reply:
            told = "{type}: {text}".format(**error_of(reply))
            return one_line(f"{NOT_YET}: a cell of the lesson that it needs fails ({told})")
        session.allow(session.limits.cell_seconds)
        reply = session.ask({"do": "run", "exercise": exercise.number})
        fault = {"error": reply.get("value") or reply.get("error")}
        told = "{type}: {text}".format(**error_of(fault)) if fault["error"] else ""
        return Judge(session, exercise).verdict(told)


def _after(
    at: Exercise | None, group: list[Exercise], verdicts: dict[str, str], fault: BaseException
) -> list[list[Exercise]]:
    """Record why the worker ended at an exercise, and return the exercises left to judge."""
    if at is None and len(group) > 1:
        return [[exercise] for exercise in group]  # find out which exercise it was
    at = at or group[0]
    if at is not group[0] and not getattr(fault, "is_slow", False):
        return [group[group.index(at) :]]  # an earlier exercise may have left processes behind
    verdicts[at.number] = one_line(f"{NOT_YET}: {fault}")
    return [group[group.index(at) + 1 :]]


def _grade(submission: Submission, exercise: str, message: str) -> Grade:
    points = POINTS if message == DONE else 0
    owner, said = submission.owner, printable(message)
    return Grade(owner.student, exercise, points, said, owner.moodle, submission.note)


def _no_lesson(number: str) -> str:
    if number:
        return f"the course has no lesson {number}, or it is not among those to grade"
    return "nothing in it tells which lesson it is: it has no check, and no lesson's file name"
