"""The checks of the exercises: each prints one line and never raises an error.

A notebook's check cell calls ``check("01.2", accuracy=accuracy)`` and prints exactly one line::

    01.2  done
    01.2  not attempted yet
    01.2  not yet: <a hint that fits the mistake>

The checks of lesson NN are in ``gan_utils/course/exercises/lesson_NN.py``, which exports
``CHECKS: dict[str, Callable[..., str | None]]``, from exercise id (``"NN.1"``) to check function.
The function is called with the answers exactly as ``check`` got them, and returns None if they are
right, or else the hint as one sentence. It need not look for stubs or guard itself: ``...`` as one
of the answers is caught before the call, `ask` notices a student's function that still returns
nothing, and any exception becomes a hint. To call a student's function, use `ask`; to read a
number, use `number`; to read several, `several_numbers`; to split what a function returns
together, `several_parts`; to name a mistake by the wrong result that it leads to, `named_mistake`.
"""

import contextlib
import importlib
import io
import math
import numbers
import re
import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np

DONE, UNTOUCHED, NOT_YET = "done", "not attempted yet", "not yet"


class NotAttempted(Exception):
    """The answer is still the stub."""


class Hint(Exception):
    """The answer is wrong; the message is a hint."""


def check(exercise_id: str, *args: object, **answers: object) -> None:
    """Print one line about an exercise: done, not attempted yet, or a hint.

    Parameters
    ----------
    exercise_id : str
        Such as ``"01.2"``: lesson 01, exercise 2.
    *args, **answers : object
        The answers that the exercise asks for. Anything is accepted: no error is raised.
    """
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = verdict(exercise_id, args, answers)
    print(one_line(f"{_words(exercise_id)}  {said}"))


def verdict(exercise_id: str, args: Sequence[object], answers: Mapping[str, object]) -> str:
    """Judge an answer, for a notebook (`check`) or for the grading of a class.

    Parameters
    ----------
    exercise_id : str
        Such as ``"01.2"``.
    args, answers
        What its check takes, by position and by name.

    Returns
    -------
    str
        `DONE`, `UNTOUCHED`, or `NOT_YET` and a hint. No error is raised.
    """
    if any(answer is ... for answer in (*args, *answers.values())):
        return UNTOUCHED
    try:
        hint = _find_check(exercise_id)(*args, **answers)
    except NotAttempted:
        return UNTOUCHED
    except Hint as found:
        hint = _words(found)
    except (Exception, SystemExit) as error:  # odd objects may fail anywhere, even when compared
        hint = f"the check cannot read this answer ({type(error).__name__}: {_words(error)})"
    return DONE if hint is None else f"{NOT_YET}: {hint}"


def one_line(text: str) -> str:
    """Put what is said about an exercise on one line.

    Parameters
    ----------
    text : str
        Such as ``"01.2  done"``; two spaces after the number are kept.

    Returns
    -------
    str
        At most 400 characters.
    """
    head, gap, tail = text.partition("  ")
    line = f"{' '.join(head.split())}{gap}{' '.join(tail.split())}"
    return line.encode("utf-8", "replace").decode("utf-8")[:400]


def ask(function: Callable, *args: object) -> object:
    """Call a student's function and return what it returns.

    Parameters
    ----------
    function : callable
        The student's answer.
    *args : object
        The arguments to call it with.

    Returns
    -------
    object
        Whatever it returned.

    Raises
    ------
    NotAttempted
        If it returns ``...``, even as one of several values, or nothing: it is still the stub.
    Hint
        If it is not a function, or if it fails: the hint says how.
    """
    if not callable(function):
        raise Hint(f"pass the function itself, not the {type(function).__name__} it returned")
    try:
        result = function(*args)
    except NotImplementedError as error:
        raise NotAttempted from error
    except Hint:  # of something that the check handed to the function
        raise
    except (Exception, SystemExit) as error:
        raise Hint(f"your function raises {type(error).__name__}: {_words(error)}") from error
    parts = result if isinstance(result, tuple | list) else (result,)
    if result is None or any(part is ... for part in parts):
        raise NotAttempted
    return result


def number(answer: object, name: str = "your answer") -> float:
    """Read one number from an answer.

    Parameters
    ----------
    answer : object
        A number, or an array that holds one.
    name : str
        Its name in a hint.

    Returns
    -------
    float
        Finite.

    Raises
    ------
    Hint
        If it is not a single finite number.
    """
    if hasattr(answer, "item") and getattr(answer, "size", 0) == 1:
        answer = answer.item()  # a NumPy scalar, or an array that holds one number
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        raise Hint(f"{name} should be one number, but it is of type {type(answer).__name__}")
    if not math.isfinite(answer):
        raise Hint(f"{name} came out as {answer}, but it should be a finite number")
    return float(answer)


def several_numbers(answer: object, n: int, what: str = "number") -> np.ndarray:
    """Read n numbers from an answer, whatever its shape.

    Parameters
    ----------
    answer : object
        An array, a list, or one number.
    n : int
        How many there must be, at least 1.
    what : str
        What each number is for, in a hint.

    Returns
    -------
    ndarray of shape (n,)
        As float64.

    Raises
    ------
    Hint
        If they are not numbers, or there are not n of them.
    """
    try:
        values = np.asarray(answer, dtype=float).ravel()
    except (TypeError, ValueError) as error:
        raise Hint(f"expected numbers, but got type {type(answer).__name__}") from error
    if len(values) != n:
        each = "" if what == "number" else f", one for each {what}"
        raise Hint(f"expected {n} number{'s' * (n > 1)}{each}, but got {len(values)}")
    return values


def several_parts(answer: object, n: int, what: str) -> list[object]:
    """Split what a student's function returns together, in whatever container.

    Parameters
    ----------
    answer : object
        A tuple, a list, or an array with one row per part.
    n : int
        How many parts there must be.
    what : str
        What the function should return, in a hint.

    Returns
    -------
    list of length n

    Raises
    ------
    Hint
        If it is not a container, or has another length.
    """
    rows = isinstance(answer, np.ndarray) and answer.ndim > 1
    if not rows and not isinstance(answer, tuple | list):
        raise Hint(f"return {what}, not a single {type(answer).__name__}")
    if len(answer) != n:
        raise Hint(f"return {what}; yours returned {len(answer)}")
    return list(answer)


def named_mistake(found: object, mistakes: Mapping[str, object]) -> str | None:
    """Name the mistake that leads to what was found.

    Parameters
    ----------
    found : array-like of numbers
        The student's result.
    mistakes : mapping of str
        Maps the hint on a mistake to the result of that mistake.

    Returns
    -------
    str or None
        The first hint whose result has the shape and, nearly, the values of ``found``.
    """
    shape = np.shape(found)
    for hint, wrong in mistakes.items():
        if np.shape(wrong) == shape and np.allclose(found, wrong):
            return hint
    return None


def _find_check(exercise_id: str) -> Callable:
    known = isinstance(exercise_id, str) and re.fullmatch(r"\d\d\.\d+", exercise_id)
    if known:
        with contextlib.suppress(ModuleNotFoundError):
            lesson = importlib.import_module(f"{__name__}.lesson_{exercise_id[:2]}")
            if exercise_id in lesson.CHECKS:
                return lesson.CHECKS[exercise_id]
    raise Hint("there is no exercise with this number; a number looks like 01.2")


def _words(thing: object) -> str:
    try:
        return str(thing)
    except Exception:  # a broken __str__ must not break the check
        return type(thing).__name__
