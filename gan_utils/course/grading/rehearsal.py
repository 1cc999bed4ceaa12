"""Run a lesson's slow statements once for a class, without any student's code.

Many exercises compare with a result of the lesson, such as a table of scores. If such a result can
cross the border whole, each student's worker gets it instead of computing it again.
"""

import threading
import time

from gan_utils.course.grading.inside.border import BorderError
from gan_utils.course.grading.lessons import Lesson
from gan_utils.course.grading.sandbox import Sandbox
from gan_utils.course.grading.session import PATIENCE, Ended, Session

#: The fewest submissions to a lesson for which this pays.
LEAST = 4


def rehearse(lesson: Lesson, sandbox: Sandbox, slot: int, stop: threading.Event) -> dict:
    """Compute what the lesson's solutions need from it.

    Parameters
    ----------
    lesson : Lesson
        The course's own.
    sandbox : Sandbox
        Where it runs: in a process of its own, in which no student's code runs.
    slot : int
        A number that no other running session has.
    stop : Event
        Ends it.

    Returns
    -------
    dict
        By slow statement, what it binds, encoded, if that can cross whole; empty if the run fails,
        since the workers can compute these values themselves.
    """
    solutions = {exercise.number: [exercise.solution] for exercise in lesson.exercises}
    steps = [vars(step) for step in lesson.steps(solutions)]
    end = time.monotonic() + PATIENCE * sandbox.limits.seconds
    try:
        with Session(sandbox, slot, end, stop) as session:
            session.allow(sandbox.limits.seconds)
            session.ask({"do": "plan", "steps": steps})
            return session.ask({"do": "rehearse"}).get("value", {})
    except (Ended, BorderError):
        return {}
