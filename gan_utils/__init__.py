"""Generate numbers, images and text, and measure whether the result is any good.

The package is built in floors; a module imports only from the floors below its own:

===== ==================================================================
floor modules
===== ==================================================================
6     ``course`` (runs the notebooks; behind ``python -m gan_utils``)
4     ``scorecard``, ``plots``, ``exercises``
3     ``synthesizers``
2     ``adversarial``, ``callbacks``
1     ``networks``, ``tables``, ``metrics``
0     ``datasets``, ``budget``, ``quiet``
===== ==================================================================

Importing the package loads none of them: each module is loaded on first use.
"""

import importlib

__version__ = "0.1.0"

_MODULES = (
    "adversarial",
    "budget",
    "callbacks",
    "course",
    "datasets",
    "exercises",
    "metrics",
    "networks",
    "plots",
    "scorecard",
    "synthesizers",
    "tables",
)

__all__ = ["__version__", *_MODULES]


def __getattr__(name: str) -> object:
    """Load a module of the package on first use, so that ``import gan_utils`` stays light."""
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
