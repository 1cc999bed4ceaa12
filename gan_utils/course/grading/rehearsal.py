"""Run a lesson's slow statements once for a class, without any student's code.

Many exercises use a result of the lesson, such as a table of scores. If this result can be encoded
without loss, it is passed to each student's worker and need not be computed again.
"""

import threading
import time

from gan_utils.course.grading.inside.border import BorderError
from gan_utils.course.grading.lessons import Lesson
from gan_utils.course.grading.sandbox import Sandbox
from gan_utils.course.grading.session import PATIENCE, Ended, Session

#: The smallest number of submissions for which it is worthwhile to run the lesson in advance.
LEAST = 4


def rehearse(lesson: Lesson, sandbox: Sandbox, slot: int, stop: threading.Event) -> dict:
    """Run the statements that a lesson's exercises need, and return the results of slow ones.

    Parameters
    ----------
    lesson : Lesson
        A lesson of the course.
    sandbox : Sandbox
        The sandbox that runs the lesson, in a separate process without any student's code.
    slot : int
        A slot number that no other running session uses.
    stop : Event
        An event that ends the run.

    Returns
    -------
    dict
        The encoded values of the names that each slow statement binds, by the statement's source. A
        statement is left out if its values are too large or cannot be encoded without loss. If the
        run fails, the dictionary is empty, and each student's worker computes the values itself.
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
