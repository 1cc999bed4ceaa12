"""Where the course's data comes from.

=========================== ============================================================
``load_iris_unbalanced``    Fisher's Iris with one class made rare, test rows set aside
``iter_iris_unbalanced``    the same five times over, so that each row is tested once
``load_weather``            ten days of weather and whether somebody did sport
``load_screentime``         the simulated screen-time table, or a reader's own export
=========================== ============================================================

Each loader's module is imported when the loader is first asked for.
"""

from gan_utils.lazy import lazy_names

_HOMES = {
    "UnbalancedIris": "iris",
    "iter_iris_unbalanced": "iris",
    "load_iris_unbalanced": "iris",
    "load_screentime": "screentime",
    "load_weather": "weather",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
