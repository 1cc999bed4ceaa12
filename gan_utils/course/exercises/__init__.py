"""Check the answers to the exercises; each check prints one line and never raises an error.

A notebook's check cell calls ``check("01.2", accuracy=accuracy)``, which prints one of these
lines::

    01.2  done
    01.2  not attempted yet
    01.2  not yet: <a hint that fits the mistake>

The checks of lesson NN are in ``gan_utils/course/exercises/lesson_NN.py``. That module exports
``CHECKS: dict[str, Callable[..., str | None]]``, which maps each exercise's id, such as ``"NN.1"``,
to its check function. The function receives the answers exactly as they were passed to ``check``.
It returns None if the answers are right, and a hint of one sentence if they are wrong. The check
function need not look for stubs or catch exceptions. An answer of ``...`` is detected before the
check function is called, and any exception becomes a hint. Use `ask` to call a student's function;
if the function still returns nothing, `ask` reports that the exercise was not attempted. Use
`number` and `several_numbers` to read numbers, `several_parts` to split a result into its parts,
and `named_mistake` to recognize a typical mistake by its result.
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
    """Raised if the answer is still the stub."""


class Hint(Exception):
    """Raised if the answer is wrong; the message is a hint."""


def check(exercise_id: str, *args: object, **answers: object) -> None:
    """Print one line, which says that an exercise is done or not attempted yet, or gives a hint.

    Parameters
    ----------
    exercise_id : str
        The exercise's number, such as ``"01.2"`` for exercise 2 of lesson 01.
    *args, **answers : object
        The answers that the exercise asks for. Any objects are accepted, and no error is raised.
    """
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = verdict(exercise_id, args, answers)
    print(one_line(f"{_words(exercise_id)}  {said}"))


def verdict(exercise_id: str, args: Sequence[object], answers: Mapping[str, object]) -> str:
    """Judge an answer for a notebook's `check` or for the grading of a class.

    Parameters
    ----------
    exercise_id : str
        The exercise's number, such as ``"01.2"``.
    args, answers
        The positional and keyword arguments of the exercise's check.

    Returns
    -------
    str
        `DONE`, `UNTOUCHED`, or `NOT_YET` followed by a hint. No error is raised.
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
    """Put a message about an exercise on one line.

    Parameters
    ----------
    text : str
        The message, such as ``"01.2  done"``. The two spaces after the number are preserved.

    Returns
    -------
    str
        A line of at most 400 characters.
    """
    head, gap, tail = text.partition("  ")
    line = f"{' '.join(head.split())}{gap}{' '.join(tail.split())}"
    return line.encode("utf-8", "replace").decode("utf-8")[:400]


def ask(function: Callable, *args: object) -> object:
    """Call a student's function and return its result.

    Parameters
    ----------
    function : callable
        The student's answer.
    *args : object
        The arguments to pass to the function.

    Returns
    -------
    object
        The result of the function.

    Raises
    ------
    NotAttempted
        If the function is still the stub, that is, if it returns ``None``, ``...`` or a tuple or
        list that contains ``...``, or if it raises `NotImplementedError`.
    Hint
        If the answer is not a function, or if the function raises any other error.
    """
    if not callable(function):
        raise Hint(f"pass the function itself, not the {type(function).__name__} it returned")
    try:
        result = function(*args)
    except NotImplementedError as error:
        raise NotAttempted from error
    except Hint:  # raised by an object that the check passed to the function
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
        A number, or an array or a tensor that contains one number.
    name : str
        The name of the answer, for the hint.

    Returns
    -------
    float
        A finite number.

    Raises
    ------
    Hint
        If the answer is not a single finite number.
    """
    if hasattr(answer, "__array__") and np.size(answer) == 1:
        answer = np.asarray(answer).item()  # an array or a tensor that holds one number
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
        The required number of values, at least 1.
    what : str
        The item that each number belongs to, such as ``"word"``, for the hint.

    Returns
    -------
    ndarray of shape (n,)
        The numbers, as float64.

    Raises
    ------
    Hint
        If the answer does not consist of exactly n numbers.
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
    """Split the result of a student's function into its parts.

    Parameters
    ----------
    answer : object
        A tuple, a list, or an array with one row per part.
    n : int
        The required number of parts.
    what : str
        A description of the expected result, for the hint.

    Returns
    -------
    list of length n

    Raises
    ------
    Hint
        If the answer is not a tuple, a list or an array with at least two axes, or if it does not
        have n parts.
    """
    rows = isinstance(answer, np.ndarray) and answer.ndim > 1
    if not rows and not isinstance(answer, tuple | list):
        raise Hint(f"return {what}, not a single {type(answer).__name__}")
    if len(answer) != n:
        raise Hint(f"return {what}; yours returned {len(answer)}")
    return list(answer)


def named_mistake(found: object, mistakes: Mapping[str, object]) -> str | None:
    """Recognize a typical mistake by its result.

    Parameters
    ----------
    found : array-like of numbers
        The student's result.
    mistakes : mapping of str
        A mapping from hints about mistakes to the results of these mistakes.

    Returns
    -------
    str or None
        The first hint whose result has the same shape as ``found`` and nearly the same values;
        None if there is no such hint.
    """
    shape = np.shape(found)
    for hint, wrong in mistakes.items():
        if np.shape(wrong) == shape and np.allclose(found, wrong):
            return hint
    return None


def _find_check(exercise_id: str) -> Callable:
    known = isinstance(exercise_id, str) and re.fullmatch(r"\d\d\.\d+", exercise_id)
    if known and exercise_id in (checks := _checks_of(exercise_id[:2])):
        return checks[exercise_id]
    raise Hint("there is no exercise with this number; a number looks like 01.2")


def _checks_of(lesson: str) -> Mapping[str, Callable]:
    name = f"{__name__}.lesson_{lesson}"
    try:
        return importlib.import_module(name).CHECKS
    except ModuleNotFoundError as fault:
        if fault.name != name:  # a package that the lesson needs is missing
            raise
        return {}


def _words(thing: object) -> str:
    try:
        return str(thing)
    except Exception:  # a broken __str__ must not break the check
        return type(thing).__name__
