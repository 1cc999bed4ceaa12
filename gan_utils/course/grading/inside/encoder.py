"""Turn values into plain JSON, both in the grader and in the sandbox."""

import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .border import FACTS, MOST_LEVELS, MOST_VALUES, NUMBERS, BorderError


class Encoder:
    """Turn values into plain JSON.

    Parameters
    ----------
    keep : callable
        A function that takes a function or an object with methods, stores this object instead
        of sending it, and returns a number for the object.
    """

    def __init__(self, keep: Callable[[object], int]) -> None:
        self.keep, self.left = keep, MOST_VALUES

    def encode(self, value: Any, level: int = 0) -> Any:
        """Encode one value.

        Parameters
        ----------
        value : object
            The value to encode, of any type.
        level : int
            How deeply the value is nested in other values.

        Returns
        -------
        object
            A value for `json.dumps`.

        Raises
        ------
        BorderError
            If the value is too large or too deeply nested.
        """
        self._count(1)
        if level > MOST_LEVELS:
            raise BorderError(f"the value nests more than {MOST_LEVELS} levels deep")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            self._count(len(value) // 8)
            return str(value)
        if isinstance(value, int) and abs(value) < 2**63:
            return int(value)
        if isinstance(value, float) and not isinstance(value, np.generic):
            return float(value) if math.isfinite(value) else {"kind": "float", "value": str(value)}
        return self._encode_parts(value, level + 1)

    def _encode_parts(self, value: Any, level: int) -> Any:
        if value is ...:
            return {"kind": "ellipsis"}
        if isinstance(value, list | tuple):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {"kind": kind, "items": self._each(value, level)}
        if isinstance(value, dict):
            pairs = [self._each(pair, level) for pair in value.items()]
            return {"kind": "dict", "items": pairs}
        if isinstance(value, np.ndarray | np.generic):
            return self._encode_array(value, level)
        return self._encode_table(value, level) or self._encode_object(value, level)

    def _encode_array(self, value: np.ndarray | np.generic, level: int) -> dict:
        array = np.asarray(value)
        if array.dtype.name in NUMBERS:
            items = self._numbers(array)
            name = array.dtype.name
        elif array.dtype.kind == "U":
            items, name = self._each(array.ravel().tolist(), level), "str"
        else:
            plain = array.ravel().astype(str) if array.dtype.kind in "mMcSV" else array.ravel()
            items, name = self._each(plain.tolist(), level), "object"
        kind = "array" if isinstance(value, np.ndarray) else "scalar"
        return {"kind": kind, "dtype": name, "shape": list(array.shape), "items": items}

    def _numbers(self, array: np.ndarray) -> list:
        self._count(array.size)
        items = array.ravel().tolist()
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            return [item if math.isfinite(item) else str(item) for item in items]
        return items

    def _encode_table(self, value: Any, level: int) -> dict | None:
        pd = sys.modules.get("pandas")
        if pd is None:
            return None
        if isinstance(value, pd.DataFrame):
            return {
                "kind": "frame",
                "columns": self._labels(value.columns, level),
                "index": self._labels(value.index, level),
                "data": [self._column(value.iloc[:, i], level) for i in range(value.shape[1])],
                "attrs": self.encode(dict(value.attrs), level),
            }
        if isinstance(value, pd.Series):
            name = value.name if isinstance(value.name, str | int) else None
            parts = {"index": self._labels(value.index, level), "data": self._column(value, level)}
            return {"kind": "series", "name": name, **parts}
        if value is pd.NA or value is pd.NaT:
            return {"kind": "float", "value": "nan"}
        return self._column(value, level) if isinstance(value, pd.Index) else None

    def _column(self, column: Any, level: int) -> dict:
        return self._encode_array(np.asarray(column), level)

    def _labels(self, index: Any, level: int) -> dict:
        items = [list(label) if index.nlevels > 1 else [label] for label in index.tolist()]
        known = [[_plain_label(part) for part in label] for label in items]
        return {"levels": index.nlevels, "items": [self._each(label, level) for label in known]}

    def _encode_object(self, value: Any, level: int) -> dict:
        for base in type(value).__mro__:
            name = f"{base.__module__}.{base.__qualname__}"
            if name in FACTS:
                facts = {key: getattr(value, key) for key in FACTS[name] if hasattr(value, key)}
                return {"kind": "record", "class": name, "facts": self.encode(facts, level)}
        if callable(value):
            return {"kind": "function", "number": self.keep(value)}
        if hasattr(value, "__array__"):  # a tensor
            return self._encode_array(np.asarray(value), level)
        if hasattr(value, "fit_resample"):
            return {"kind": "methods", "number": self.keep(value), "names": ["fit_resample"]}
        return {"kind": "other", "class": type(value).__name__}

    def _each(self, items: Iterable, level: int) -> list:
        return [self.encode(item, level) for item in items]

    def _count(self, n: int) -> None:
        self.left -= n
        if self.left < 0:
            raise BorderError(f"the value has more than {MOST_VALUES:,} parts")


def _plain_label(label: object) -> object:
    return label if isinstance(label, str | int | float | bool | type(None)) else str(label)
