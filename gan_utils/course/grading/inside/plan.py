"""Find the statements of a lesson that its exercises need; leave out others, such as training.

The cells are searched from the last one upwards: a statement is needed if it binds or changes a
name that a needed statement below it reads.
"""

import ast
import re
import symtable
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

#: First characters of a line that is a command of IPython, unless it continues a statement.
MAGIC = ("%", "!", "?")
#: The ends of lines in Python. `str.splitlines` also splits at characters that texts may contain.
_ENDS = re.compile(r"\r\n|\r|\n")

#: Methods that change the object on which they are called.
CHANGING = {"append", "assign", "build", "compile", "extend", "fit", "set_weights", "update"}


@dataclass
class Step:
    """One step of the plan: a cell of the lesson, or a student's cells for one exercise.

    Parameters
    ----------
    sources : list of str
        The sources of the cells.
    exercise : str
        The exercise's number, such as ``"01.2"``; empty for a cell of the lesson.
    answers : list of str
        The names that the exercise's check reads.
    """

    sources: list[str]
    exercise: str = ""
    answers: list[str] = field(default_factory=list)


def python_of(source: str) -> str:
    """Remove the IPython commands from a cell.

    A line that Python can read is not a command, even if it begins with ``%`` or ``!``: it may
    continue a calculation or a text. The statement after ``%time`` is kept.

    Parameters
    ----------
    source : str
        The source of the cell.

    Returns
    -------
    str
        The Python code of the cell, with the same number of lines.
    """
    lines = _ENDS.split(source)
    while (place := _first_wrong_line(lines)) is not None and _is_command(lines[place]):
        lines[place] = _without_command(lines[place])
    return "\n".join(lines)


def _first_wrong_line(lines: list[str]) -> int | None:
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        return min(max(error.lineno or 1, 1), len(lines)) - 1
    except (ValueError, RecursionError, MemoryError):
        pass
    return None


def _is_command(line: str) -> bool:
    return line.lstrip().startswith(MAGIC) or line.rstrip().endswith("?")


def _without_command(line: str) -> str:
    indent, command = line[: len(line) - len(line.lstrip())], line.split(maxsplit=1)
    if command[0] == "%time" and len(command) > 1:
        return indent + command[1]
    return indent and f"{indent}pass"  # an indented block must not become empty


def statements(source: str) -> list[str]:
    """Split a cell into its statements, including their decorators.

    Parameters
    ----------
    source : str
        The source of the cell.

    Returns
    -------
    list of str
        The lines of each statement. Statements that share a line stay together.
    """
    code = python_of(source)
    places: list[list[int]] = []
    for node in ast.parse(code).body:
        above = [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
        start = min([node.lineno, *above]) - 1
        if places and start < places[-1][1]:
            places[-1][1] = node.end_lineno
        else:
            places.append([start, node.end_lineno])
    lines = code.split("\n")
    return ["\n".join(lines[start:end]) for start, end in places]


def names(source: str) -> tuple[set[str], set[str]]:
    """List the global names that a cell binds, and the global names that it reads.

    Parameters
    ----------
    source : str
        The source of the cell.

    Returns
    -------
    bound, read : set of str
        The names that the cell binds, and the names that it reads.
    """
    cell = symtable.symtable(python_of(source), "cell", "exec")
    bound = {s.get_name() for s in cell.get_symbols() if s.is_assigned() or s.is_imported()}
    bound |= {s.get_name() for s in cell.get_symbols() if s.is_namespace()}
    read, inner = {s.get_name() for s in cell.get_symbols() if s.is_referenced()}, [cell]
    while inner:
        scope = inner.pop()
        inner += scope.get_children()
        if scope is not cell:
            read |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
    return bound, read


def changed(source: str, methods: Iterable[str] | None = CHANGING) -> set[str]:
    """List the names of objects that a cell changes through a method, an item or an attribute.

    Parameters
    ----------
    source : str
        The source of the cell.
    methods : collection of str or None
        The methods that count as changing an object; None if all methods count.

    Returns
    -------
    set of str
    """
    found = set()
    for node in ast.walk(ast.parse(python_of(source))):
        target = getattr(node, "func", None) if isinstance(node, ast.Call) else node
        method = getattr(target, "attr", None) if target is not node else None
        is_call = method is not None and (methods is None or method in methods)
        is_store = isinstance(getattr(node, "ctx", None), ast.Store)
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name) and (is_call or is_store):
            found.add(target.id)
    return found


def used_up(source: str) -> set[str]:
    """List the names that an assignment reads before it binds them again, as in ``a |= b``.

    Parameters
    ----------
    source : str
        One statement.

    Returns
    -------
    set of str
    """
    match ast.parse(python_of(source)).body:
        case [ast.AugAssign(target=ast.Name(id=name))]:
            return {name}
        case [ast.Assign(targets=targets, value=value)]:
            bound = {node.id for t in targets for node in ast.walk(t) if isinstance(node, ast.Name)}
            return bound & {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    return set()


def read_first(source: str) -> set[str]:
    """List the names that a statement reads before it binds them, such as ``a`` in ``a |= b``.

    Parameters
    ----------
    source : str
        One statement. Names in the bodies of its functions do not count, because they run later.

    Returns
    -------
    set of str
    """
    found: set[str] = set()
    bound: set[str] = set()
    for name, is_read in _names_in_order(ast.parse(python_of(source))):
        if not is_read:
            bound.add(name)
        elif name not in bound:
            found.add(name)
    return found


def _names_in_order(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield names in the order of execution, each with whether it is read or bound."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            return
        case ast.Name():
            yield node.id, isinstance(node.ctx, ast.Load)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name, True
    # A value is computed before it is bound, although it stands behind the name.
    early = getattr(node, "generators", [getattr(node, key, None) for key in ("value", "iter")])
    for part in sorted(ast.iter_child_nodes(node), key=lambda part: part not in early):
        yield from _names_in_order(part)


def needed_of_lesson(
    source: str, needed: set[str], known: Collection[str] = ()
) -> tuple[list[str], set[str]]:
    """Keep only the statements of a lesson's cell that later cells need.

    Parameters
    ----------
    source : str
        The source of the cell.
    needed : set of str
        The names that later cells need.
    known : collection of str
        Statements whose results are already known; they need no other statements.

    Returns
    -------
    kept : list of str
        The needed statements.
    needed : set of str
        The names that these statements need from cells above, and the needed names that this cell
        does not bind.
    """
    kept: list[str] = []
    for piece in reversed(statements(source)):
        bound, read = names(piece)
        if needed & (bound | changed(piece)):
            kept.insert(0, piece)
            reads = set() if piece in known else (read - bound) | used_up(piece)
            needed = (needed - bound) | reads
    return kept, needed


def needed_of_answer(sources: Sequence[str], answers: Iterable[str]) -> set[str]:
    """List the names that a student's answer needs from the lesson.

    Only statements that lead to the answer count. For example, if a student prints a comparison
    with a trained model below the requested function, this model is not needed.

    Parameters
    ----------
    sources : sequence of str
        The sources of the student's cells.
    answers : iterable of str
        The names that the check reads, and the names that later cells need.

    Returns
    -------
    set of str
        The names that the answer needs from cells above it.
    """
    pieces = [piece for source in sources for piece in _statements_or_none(source)]
    facts = [facts for piece in pieces if (facts := _facts_or_none(piece))]
    wanted, before = set(answers), None
    while wanted != before:
        before = set(wanted)
        for bound, read, modified, _ in facts:
            if wanted & (bound | modified):
                wanted |= read
    own, before_own = set(), set()
    for bound, _, modified, first in facts:
        if wanted & (bound | modified):
            before_own |= first - own
        own |= bound
    return (wanted - own) | before_own


def _statements_or_none(source: str) -> list[str]:
    try:
        return statements(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # the error is reported when the cell runs


def _facts_or_none(piece: str) -> tuple[set[str], ...] | None:
    try:
        return (*names(piece), changed(piece, None), read_first(piece))
    except (SyntaxError, ValueError, RecursionError):
        return None


def binds_only_names(piece: str) -> bool:
    """Tell whether a statement only binds names to the values that it computes.

    Parameters
    ----------
    piece : str
        A statement of the lesson.

    Returns
    -------
    bool
    """
    match ast.parse(piece).body:
        case [ast.Assign(targets=[ast.Name() | ast.Tuple() as target])]:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            return all(isinstance(part, ast.Name) for part in parts)
    return False


def pieces_of(steps: Sequence[Step], known: Collection[str] = ()) -> list[Step]:
    """Reduce the steps to the statements that the exercises need.

    Parameters
    ----------
    steps : sequence of Step
        The steps of the lesson, with the student's cells in place of the stubs.
    known : collection of str
        Statements whose results are already known.

    Returns
    -------
    list of Step
        The student's steps, unchanged, and the lesson's steps with only the statements that are
        needed. Steps of the lesson without any needed statements are left out.
    """
    kept, needed = [], set()
    for step in reversed(steps):
        if step.exercise:
            needed = needed_of_answer(step.sources, {*step.answers, *needed})
            kept.append(step)
            continue
        pieces, needed = needed_of_lesson("\n".join(step.sources), needed, known)
        if pieces:
            kept.append(Step(pieces))
    return kept[::-1]
