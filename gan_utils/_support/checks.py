"""Checks used for many parameters."""

import re
from numbers import Integral, Real
from typing import Any

#: A lone half of a UTF-16 surrogate pair, which no file, hash or TensorFlow string can contain.
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: Above this, floats cannot represent all whole numbers.
MOST_EXACT = 2**53
#: Seeds of trainings must be below this: two 64-bit seeds of TensorFlow are made from each.
SEEDS = 2**62
#: scikit-learn and NumPy's older generator need seeds below this.
SMALL_SEEDS = 2**32


def check_count(name: str, value: object, least: int = 1) -> int:
    """Reject a value that is not a whole number, or is too small.

    Parameters
    ----------
    name : str
        The name of the parameter, for the error message.
    value : object
        The value that was given.
    least : int
        The smallest allowed number.

    Returns
    -------
    int
        The value. Keras and TensorFlow need it where a NumPy integer was given.

    Raises
    ------
    ValueError
        If the value is not allowed; the message names the parameter, its value and the bound.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name}={value!r} must be a whole number of at least {least}.")
    return int(value)


def as_tensorflow_seed(value: object) -> int:
    """Return ``random_state``; reject one from which TensorFlow's 64-bit seeds cannot be made.

    Parameters
    ----------
    value : object
        The value that was given.

    Returns
    -------
    int
        The value as a Python integer.

    Raises
    ------
    ValueError
        If the value is not a whole number, or is too large.
    """
    if not isinstance(value, Integral):
        raise ValueError(f"random_state={value!r} must be a whole number, such as 0.")
    if not -SEEDS <= value < SEEDS:
        raise ValueError(f"random_state={value!r} must be below 2**62. Give a smaller number.")
    return int(value)


def check_small_seed(random_state: object) -> None:
    """Reject a seed that scikit-learn and NumPy's older generator do not take.

    Parameters
    ----------
    random_state : object
        The seed that was given; None is allowed.

    Raises
    ------
    ValueError
        If it is neither None nor a whole number from 0 to 2**32 - 1.
    """
    if random_state is None:
        return
    if check_count("random_state", random_state, 0) >= SMALL_SEEDS:
        raise ValueError(
            f"random_state={random_state!r} must be below 2**32. Use a seed from 0 to "
            f"{SMALL_SEEDS - 1}."
        )


def check_in_range(name: str, value: object, bounds: str, hint: str = "") -> None:
    """Check that a value is a number in an interval.

    Parameters
    ----------
    name : str
        The name of the parameter, for the error message.
    value : object
        The value that was given.
    bounds : str
        The interval, such as ``"[0, 1)"``, with a square bracket for an included bound and a round
        bracket for an excluded one.
    hint : str
        What to use instead; appended to the error message.

    Raises
    ------
    ValueError
        If the value is not in the interval; the message names the parameter, its value and the
        interval.
    """
    least, most = map(float, bounds[1:-1].split(","))
    ends = ([least] if bounds[0] == "[" else []) + ([most] if bounds[-1] == "]" else [])
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not (least < value < most or value in ends):
        raise ValueError(f"{name}={value!r} must be a number in {bounds}{hint}.")


def check_columns(table: Any, *names: str) -> None:
    """Check that a table has columns with these names.

    Parameters
    ----------
    table : DataFrame of shape (n, d)
        The table to check.
    *names : str
        The columns that the table must have.

    Raises
    ------
    KeyError
        If a column is missing; the message lists the existing columns.
    """
    for name in names:
        if name not in table:
            raise KeyError(f"{name!r} is not a column. The columns are {list(table)}.")
