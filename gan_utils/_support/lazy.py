"""Import the names of a package on first use."""

import importlib
import sys
from collections.abc import Callable, Mapping


def lazy_names(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make a package's ``__getattr__`` and ``__dir__`` (PEP 562).

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    homes : mapping of str to str
        Maps each name to the package's module that defines it; a name that maps to itself refers to
        the module of that name.

    Returns
    -------
    tuple of functions
        The functions to assign to ``__getattr__`` and ``__dir__``.

    Examples
    --------
    >>> __getattr__, __dir__ = lazy_names(__name__, {"load_weather": "weather"})
    """

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = importlib.import_module(f"{package}.{homes[name]}")
        return module if homes[name] == name else getattr(module, name)

    def listed() -> list[str]:
        return sorted({*vars(sys.modules[package]).get("__all__", ()), *homes})

    return get, listed
