"""Describe samplers and classifiers, so that a file of results can tell any two apart."""

from __future__ import annotations

import inspect
import pickle
import re
import sys
from types import FunctionType

import joblib
import numpy as np
import pandas as pd
from scipy import sparse
from sklearn import config_context

from gan_utils.synthesizers.base import Synthesizer

#: The place of an object in memory, which is another one in every process.
_ADDRESS = r" at 0x[0-9A-Fa-f]+"
#: Classes whose long objects are shortened by ``repr``.
_TABLES = (np.ndarray, pd.DataFrame, pd.Series, pd.Index)


def described(who: str, thing: object) -> str:
    """Describe a sampler or classifier by its class and parameters, the same way in every process.

    Parameters
    ----------
    who : str
        What is described, for the error message.
    thing : sampler, ClassWeights, TunedThreshold, classifier or None
        The object to describe.

    Returns
    -------
    str
        A description that differs for objects with different parameters.

    Raises
    ------
    ValueError
        If a parameter has no description other than its address, such as a lambda.
    """
    with config_context(print_changed_only=True):
        return _estimator(who, thing) if hasattr(thing, "get_params") else _said(who, thing)


def _estimator(where: str, thing: object, brief: bool = False) -> str:
    values = dict(sorted(thing.get_params().items()))
    said = {n: _parameter(f"{where}, parameter {n!r}", n, value) for n, value in values.items()}
    # scikit-learn shortens a long representation, and NumPy that of a large array.
    if brief and "..." not in repr(thing) and all(said[n] == repr(values[n]) for n in said):
        return repr(thing)
    return f"{type(thing).__name__}({', '.join(f'{name}={text}' for name, text in said.items())})"


def _parameter(where: str, name: str, value: object) -> str:
    # Each fold sets its own seed in place of a generator, which only its address would describe.
    is_generator = isinstance(value, np.random.RandomState | np.random.Generator)
    if is_generator and name.split("__")[-1] == "random_state":
        return type(value).__name__
    return _said(where, value)


def _said(where: str, value: object) -> str:
    """Describe a value as ``repr`` does, unless that leaves something out."""
    if value is None or isinstance(value, str | bytes | int | float | type):
        return repr(value)
    if type(value) in (list, tuple, dict, set, frozenset):
        return _container(where, value)
    if isinstance(value, _TABLES) or sparse.issparse(value):
        return _digest(where, value)
    if hasattr(value, "get_params"):
        return _estimator(where, value, brief=True)
    if type(value).__repr__ is object.__repr__ and hasattr(value, "__dict__"):
        said = [f"{n}={_said(f'{where}, {n!r}', v)}" for n, v in sorted(_settings(value).items())]
        return f"{type(value).__name__}({', '.join(said)})"
    if isinstance(value, FunctionType) and _can_be_imported(value):
        return f"<function {value.__module__}.{value.__qualname__}>"
    if re.search(_ADDRESS, repr(value)):
        raise ValueError(_untold(where, value))
    return repr(value)


def _container(where: str, value: list | tuple | dict | set | frozenset) -> str:
    if isinstance(value, dict):
        pairs = [f"{_said(where, k)}: {_said(where, v)}" for k, v in value.items()]
        return "{" + ", ".join(pairs) + "}"
    said = [_said(where, item) for item in value]
    if isinstance(value, list):
        return f"[{', '.join(said)}]"
    if isinstance(value, tuple):
        return f"({said[0]},)" if len(said) == 1 else f"({', '.join(said)})"
    # A set of text has another order in every process.
    return f"{type(value).__name__}({{{', '.join(sorted(said))}}})"


def _digest(where: str, value: object) -> str:
    try:
        content = _rows(value) if isinstance(value, _TABLES[1:]) else value
        return f"{type(value).__name__}(shape={value.shape}, hash={joblib.hash(content)[:16]})"
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise ValueError(_untold(where, value)) from error


def _rows(value: pd.DataFrame | pd.Series | pd.Index) -> list:
    """List what a table holds; how pandas keeps it in memory differs from copy to copy."""
    table = value if isinstance(value, pd.DataFrame) else value.to_frame()
    facts = [str(fact) for fact in (*table.columns, *table.dtypes)]
    return [*facts, pd.util.hash_pandas_object(table).to_numpy()]


def _settings(thing: object) -> dict[str, object]:
    """Return the attributes on which the behaviour of an object depends."""
    names = inspect.signature(type(thing)).parameters if isinstance(thing, Synthesizer) else ()
    if names and all(hasattr(thing, name) for name in names):
        return {name: getattr(thing, name) for name in names}  # as the samplers copy it
    return {name: value for name, value in vars(thing).items() if not name.endswith("_")}


def _can_be_imported(function: FunctionType) -> bool:
    """Tell whether a name stands for one function, which a name in a notebook does not."""
    module = sys.modules.get(function.__module__)
    known = getattr(module, function.__qualname__, None) is function
    return known and function.__module__ != "__main__"


def _untold(where: str, value: object) -> str:
    text = told_briefly(re.sub(_ADDRESS, "", repr(value)))
    return (
        f"{where}, is {text}, which results= cannot tell from another such value. Use a number, a "
        "text, a dict or a function from a module instead, or leave out results=."
    )


def told_briefly(value: object) -> str:
    """Write a value for an error message, in at most 120 characters.

    Parameters
    ----------
    value : object
        The value; None means that there is none.

    Returns
    -------
    str
    """
    text = "absent" if value is None else str(value)
    return text if len(text) <= 120 else text[:117] + "..."
