"""Replace the checks inside the sandbox, so that cells that call ``check`` run silently.

Answers are judged only by the grader, outside the sandbox.
"""


def _nothing(*_: object, **__: object) -> None:
    pass


check = _nothing
