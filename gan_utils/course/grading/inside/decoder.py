"""Turn plain JSON into values, both in the grader and in the sandbox."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from .border import FACTS, MOST_LEVELS, NUMBERS, BorderError

_SIDES = 2**40  # no real array is longer along any axis


class Foreign:
    """A placeholder for an object that was not sent; only the name of its class is known."""


def foreign(name: str) -> Foreign:
    """Make a placeholder whose class has the name that was received.

    Parameters
    ----------
    name : str
        The name; all characters except letters, digits and ``_`` are left out.

    Returns
    -------
    Foreign
    """
    return type(plain_name(name, "object"), (Foreign,), {})()


def plain_name(name: object, otherwise: str) -> str:
    """Make a harmless name from a class name that was received.

    Parameters
    ----------
    name : object
        The name that was received.
    otherwise : str
        The name to use if ``name`` is not a string.

    Returns
    -------
    str
        A name of at most 60 letters, digits and ``_``.
    """
    return re.sub(r"\W", "", name, flags=re.ASCII)[:60] if isinstance(name, str) else otherwise


class Decoder:
    """Turn received JSON into values, and refuse anything that has the wrong form.

    Parameters
    ----------
    function : callable
        A function that takes a number and returns a function. The returned function calls the
        function that has this number in the other process.
    methods : callable
        A function that takes a number and names, and returns an object with methods that have
        these names.
    record : callable
        A function that takes the name of a class in `FACTS` and a dictionary of attributes, and
        returns a placeholder.
    """

    def __init__(self, function: Callable, methods: Callable, record: Callable) -> None:
        self.function, self.methods, self.record = function, methods, record

    def decode(self, sent: Any, level: int = 0) -> Any:
        """Decode one value.

        Parameters
        ----------
        sent : object
            A value that `json.loads` returned.
        level : int
            How deeply the value is nested in other values.

        Returns
        -------
        object
            The value, or a placeholder for it.

        Raises
        ------
        BorderError
            If the value does not have the form that `Encoder` produces.
        """
        if level > 2 * MOST_LEVELS:
            raise BorderError("the value nests too deep")
        if sent is None or isinstance(sent, bool | int | float | str):
            return sent
        try:
            return getattr(self, f"_decode_{_KINDS[sent['kind']]}")(sent, level + 1)
        except BorderError:
            raise
        except Exception as error:  # any error of NumPy or pandas on malformed parts
            raise BorderError(f"a value has the wrong form ({type(error).__name__})") from error

    def _decode_float(self, sent: dict, _: int) -> float:
        return float(sent["value"])

    def _decode_ellipsis(self, *_: object) -> object:
        return ...

    def _decode_list(self, sent: dict, level: int) -> list | tuple:
        items = [self.decode(item, level) for item in _list(sent["items"])]
        return tuple(items) if sent["kind"] == "tuple" else items

    def _decode_dict(self, sent: dict, level: int) -> dict:
        return {self.decode(k, level): self.decode(v, level) for k, v in _list(sent["items"])}

    def _decode_array(self, sent: dict, level: int) -> Any:
        shape, items = tuple(_list(sent["shape"])), _list(sent["items"])
        if len(shape) > 16 or not all(type(n) is int and 0 <= n < _SIDES for n in shape):
            raise ValueError("no shape")
        if math.prod(shape) != len(items):
            raise ValueError("another number of values than the shape says")
        array = self._flat(sent["dtype"], items, level).reshape(shape)
        return array if sent["kind"] == "array" else array[()]

    def _flat(self, dtype: str, items: list, level: int) -> np.ndarray:
        if dtype in NUMBERS:
            if not all(isinstance(item, bool | int | float | str) for item in items):
                raise ValueError("not numbers")
            if np.dtype(dtype).kind in "iu" and not _all_fit(items, np.iinfo(dtype)):
                raise ValueError("not a number of this type")
            return np.array(items, dtype)
        if dtype == "str":
            return np.array([str(item) for item in items], str)
        if dtype != "object":
            raise ValueError("no type of an array")
        array = np.empty(len(items), object)
        for place, item in enumerate(items):
            array[place] = self.decode(item, level)
        return array

    def _decode_frame(self, sent: dict, level: int) -> Any:
        import pandas as pd

        index = self._labels(sent["index"], level)
        columns = [self._column(data, level) for data in _list(sent["data"])]
        table = pd.DataFrame(dict(enumerate(columns)), index=index)
        table.columns = self._labels(sent["columns"], level)
        table.attrs = dict(self.decode(sent["attrs"], level))
        return table

    def _decode_series(self, sent: dict, level: int) -> Any:
        import pandas as pd

        name = sent["name"] if isinstance(sent["name"], str | int) else None
        index = self._labels(sent["index"], level)
        return pd.Series(self._column(sent["data"], level), index=index, name=name)

    def _column(self, sent: dict, level: int) -> np.ndarray:
        array = self.decode(sent, level)
        if not isinstance(array, np.ndarray) or array.ndim != 1:
            raise ValueError("no column")
        return array

    def _labels(self, sent: dict, level: int) -> Any:
        import pandas as pd

        rows = [[self.decode(part, level) for part in _list(row)] for row in _list(sent["items"])]
        if any(len(row) != sent["levels"] for row in rows):
            raise ValueError("labels of different lengths")
        if sent["levels"] > 1:
            return pd.MultiIndex.from_tuples(list(map(tuple, rows)))
        return pd.Index([row[0] for row in rows])

    def _decode_function(self, sent: dict, _: int) -> object:
        return self.function(int(sent["number"]))

    def _decode_methods(self, sent: dict, _: int) -> object:
        return self.methods(int(sent["number"]), _list(sent["names"]))

    def _decode_record(self, sent: dict, level: int) -> object:
        if sent["class"] not in FACTS:
            raise ValueError("no class of the course")
        return self.record(sent["class"], dict(self.decode(sent["facts"], level)))

    def _decode_other(self, sent: dict, _: int) -> Foreign:
        return foreign(sent["class"])


_KINDS = {
    **{kind: kind for kind in ("float", "ellipsis", "list", "dict", "array", "frame", "series")},
    **{kind: kind for kind in ("function", "methods", "record", "other")},
    "tuple": "list",
    "scalar": "array",
}


def _list(sent: object) -> list:
    if not isinstance(sent, list):
        raise ValueError("no list")
    return sent


def _all_fit(items: list, limits: np.iinfo) -> bool:
    """Tell whether integers are in a type's range; outside it, NumPy 1 lets them wrap around."""
    return all(limits.min <= item <= limits.max for item in items)
