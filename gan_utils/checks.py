"""Checks that many parameters share."""

from numbers import Integral


def check_count(name: str, value: object, least: int = 1) -> None:
    """Refuse what is not a whole number, or too small.

    Parameters
    ----------
    name : str
        The parameter, for the error.
    value : object
        What was given for it.
    least : int
        The smallest number that makes sense.

    Raises
    ------
    ValueError
        Naming the parameter, its value and the bound.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name}={value!r} must be a whole number of at least {least}.")
