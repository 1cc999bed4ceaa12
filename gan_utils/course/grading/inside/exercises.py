"""Stands in for the checks inside the sandbox: cells that call ``check`` run, and print nothing.

Only the grader judges, outside the sandbox.
"""


def _nothing(*_: object, **__: object) -> None:
    pass


check = _nothing
