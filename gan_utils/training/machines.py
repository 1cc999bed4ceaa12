"""The number of machines that training runs on, according to TensorFlow."""

from gan_utils._support.backend import tf


def number_of_machines(strategy: tf.distribute.Strategy) -> int:
    """Return the number of machines in a distribution strategy.

    Parameters
    ----------
    strategy : tf.distribute.Strategy

    Returns
    -------
    int
        1 for all strategies except those with several workers.
    """
    return max(1, sum(len(machines) for machines in _machines(strategy).values()))


def is_first_machine(strategy: tf.distribute.Strategy) -> bool:
    """Tell whether this process writes the files for all machines.

    Parameters
    ----------
    strategy : tf.distribute.Strategy

    Returns
    -------
    bool
        True for the chief, for the first worker if there is no chief, and for a single machine.
    """
    if not (machines := _machines(strategy)):
        return True
    here = strategy.cluster_resolver
    return here.task_id == 0 and (here.task_type == "chief" or "chief" not in machines)


def _machines(strategy: tf.distribute.Strategy) -> dict[str, list[str]]:
    cluster = strategy.cluster_resolver
    return cluster.cluster_spec().as_dict() if cluster else {}
