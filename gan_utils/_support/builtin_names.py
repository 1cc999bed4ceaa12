"""Find out which of Python's own functions a student's function uses.

The notebooks' checks use this module, also in a student's copy of the course; in the grading, it
runs in the sandbox.
"""

import builtins
import dis
import inspect
from types import CodeType, FunctionType

#: The instructions that read a name from a module, or from Python itself.
_READING = {"LOAD_GLOBAL", "LOAD_NAME"}


def builtins_of(function: object) -> list[str]:
    """List Python's own functions, such as ``hash``, that a function uses.

    Inner functions count, and so do other functions of the same notebook that the function calls. A
    name does not count if it is a local variable, or if the notebook binds it to something else.

    Parameters
    ----------
    function : object
        The function. If it has the attribute ``builtins_used``, as the grader's placeholder for a
        function in the sandbox, the value of this attribute is returned.

    Returns
    -------
    list of str
        The names, sorted; empty if ``function`` is not a Python function.
    """
    told = getattr(function, "builtins_used", None)
    if told is not None:
        return told
    waiting, seen, found = [inspect.unwrap(function)], set(), set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, FunctionType) and part not in seen:
            seen.add(part)
            own, names = part.__globals__, _names_read(part.__code__)
            found |= {name for name in names - set(own) if hasattr(builtins, name)}
            # A helper may be wrapped, for example by functools.cache.
            called = (own[name] for name in names & set(own) if callable(own[name]))
            helpers = map(inspect.unwrap, called)
            waiting += [h for h in helpers if isinstance(h, FunctionType) and h.__globals__ is own]
    return sorted(found)


def _names_read(code: CodeType) -> set[str]:
    names = {step.argval for step in dis.get_instructions(code) if step.opname in _READING}
    inner = (part for part in code.co_consts if isinstance(part, CodeType))
    return names.union(*map(_names_read, inner))
