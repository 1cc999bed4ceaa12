"""The file to which outcomes are appended, from which a killed run resumes, and its settings."""

from __future__ import annotations

import inspect
import json
import os
import pickle
import re
import sys
from collections.abc import Mapping
from types import FunctionType

import joblib
import numpy as np
import pandas as pd
from scipy import sparse
from sklearn import config_context

from gan_utils._support.files import in_home
from gan_utils.synthesizers.base import Synthesizer

Key = tuple[str, str, int, int]
#: The place of an object in memory, which is another one in every process.
_ADDRESS = r" at 0x[0-9A-Fa-f]+"
#: Classes whose long objects are shortened by ``repr``.
_TABLES = (np.ndarray, pd.DataFrame, pd.Series, pd.Index)


class ResultsFile:
    """Store outcomes by the key of their unit, in memory and, if a path is given, in a file.

    Parameters
    ----------
    path : str or path, optional
        A JSON Lines file with the settings in the first line and one outcome in each later line.
    settings : mapping
        The settings that the outcomes depend on, as JSON values.

    Attributes
    ----------
    outcomes : dict
        The outcomes so far, by the key of their unit.

    Raises
    ------
    ValueError
        If the file was written with other settings, or is damaged. An incomplete last line is not
        an error; it is removed.
    """

    def __init__(self, path: str | os.PathLike | None, settings: Mapping) -> None:
        self.path = None if path is None else in_home(path)
        self.outcomes: dict[Key, dict] = {}
        if self.path is None:
            return
        if self.path.is_file() and self.path.stat().st_size:
            self._continue(settings)
        if not (self.path.is_file() and self.path.stat().st_size):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._append({"settings": settings})

    def add(self, outcome: dict) -> None:
        """Store an outcome, and write it to the file, if there is one, before returning.

        Parameters
        ----------
        outcome : dict
            The result of a `gan_utils.benchmark.fold.Unit`, with the entries ``unit``, ``rows`` and
            ``seconds``.
        """
        self.outcomes[tuple(outcome["unit"])] = outcome
        if self.path is not None:
            self._append(outcome)

    def _append(self, record: Mapping) -> None:
        with self.path.open("ab") as file:
            file.write(json.dumps(record).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _continue(self, settings: Mapping) -> None:
        whole = self._drop_torn_line(self.path.read_bytes())
        records = [self._parsed(i, line) for i, line in enumerate(whole.splitlines(), 1)]
        if not records:
            return
        if "settings" not in records[0]:
            raise ValueError(f"{self.path.name} is no file of results. Choose another name.")
        self._refuse_other(records[0]["settings"], settings)
        for place, record in enumerate(records[1:], 2):
            if set(record) != {"unit", "rows", "seconds"}:
                raise ValueError(self._damaged(place))
            self.outcomes.setdefault(tuple(record["unit"]), record)

    def _drop_torn_line(self, content: bytes) -> bytes:
        """Cut off an incomplete last line, which was being written when the run was killed."""
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            # A file that does not hold results must not be emptied.
            if not whole and not b'{"settings":'.startswith(content[:12]):
                raise ValueError(f"{self.path.name} is no file of results. Choose another name.")
            os.truncate(self.path, len(whole))
        return whole

    def _parsed(self, place: int, line: bytes) -> dict:
        try:
            record = json.loads(line)
        except ValueError as error:
            raise ValueError(self._damaged(place)) from error
        if not isinstance(record, dict):
            raise ValueError(self._damaged(place))
        return record

    def _damaged(self, place: int) -> str:
        return (
            f"{self.path.name} is damaged in line {place}, or no file of results. Remove that line "
            "(its unit is computed again), or choose another name."
        )

    def _refuse_other(self, old: Mapping, new: Mapping) -> None:
        differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if differing:
            lines = [
                f"  {name}: {_changed_setting(old.get(name), new.get(name))}" for name in differing
            ]
            raise ValueError(
                f"{self.path.name} holds results of other settings (there, and now):\n"
                + "\n".join(lines)
                + "\nUse those settings, or give another file to results=."
            )


def _changed_setting(old: object, new: object) -> str:
    """Show only what differs between two settings."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        said = [f"{n} ({_shortened(old.get(n))}; {_shortened(new.get(n))})" for n in names[:3]]
        return ", ".join(said) + (", ..." if len(names) > 3 else "")
    return f"{_shortened(old)}; {_shortened(new)}"


def _shortened(value: object) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= 120 else text[:117] + "..."


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
    text = _shortened(re.sub(_ADDRESS, "", repr(value)))
    return (
        f"{where}, is {text}, which results= cannot tell from another such value. Use a number, a "
        "text, a dict or a function from a module instead, or leave out results=."
    )
