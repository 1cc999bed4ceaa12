"""Prepare the data sets for a class without internet access (``python -m gan_utils fetch``)."""

from collections.abc import Sequence

from gan_utils.course.notebooks import CourseError
from gan_utils.datasets import registry


def fetch_data_sets(names: Sequence[str] = ()) -> bool:
    """Put data sets into the data folder, and print one line for each.

    Parameters
    ----------
    names : sequence of str
        Names from the registry. If no names are given, all data sets are fetched.

    Returns
    -------
    bool
        Whether all of these data sets are now in the folder. If a data set cannot be fetched, the
        remaining data sets are still fetched.

    Raises
    ------
    CourseError
        If a name is unknown. In this case, nothing is fetched.
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
