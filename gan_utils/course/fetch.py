"""``python -m gan_utils fetch``: the course's data, for a class without internet."""

from collections.abc import Sequence

from gan_utils.course.notebooks import CourseError
from gan_utils.datasets import registry


def fetch_data_sets(names: Sequence[str] = ()) -> bool:
    """Put data sets into the data folder, and print one line for each.

    Parameters
    ----------
    names : sequence of str
        Names in the registry; if empty, all of them.

    Returns
    -------
    bool
        Whether all are now there. If one fails, the others are still fetched.

    Raises
    ------
    CourseError
        If a name is unknown; then nothing is fetched.
    """
    unknown = [name for name in names if name not in registry.REGISTRY]
    if unknown:
        known = ", ".join(registry.REGISTRY)
        raise CourseError(f"there is no data set {unknown[0]!r}. Choose from: {known}.")
    results = [_fetch_one(name) for name in names or registry.REGISTRY]
    return all(results)


def _fetch_one(name: str) -> bool:
    try:
        print(f"ok   {registry.fetch_data_set(name)}", flush=True)
    except (ValueError, OSError) as fault:
        print(f"FAIL {name}: {fault}", flush=True)
        return False
    return True
