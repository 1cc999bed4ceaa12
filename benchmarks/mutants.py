"""Change the exercises' solutions in small ways, and count the changes that the checks catch.

python benchmarks/mutants.py [--only 01,02]

Each change is one that students make: another axis, an off-by-one error, a forgotten factor or
keyword, a swapped pair, a constant.
"""

import argparse
import ast
import contextlib
import copy
import io
import signal
import warnings
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from report import markdown, publish

from gan_utils.course.exercises import DONE, verdict
from gan_utils.course.grading.inside.plan import pieces_of, statements
from gan_utils.course.grading.lessons import Exercise, Lesson, read_lesson
from gan_utils.course.notebooks import find_notebooks

ROOT = Path(__file__).parents[1]
#: The share of mutants that must be caught.
BAR = 0.95
#: Seconds for one check: a mutant may run forever.
SECONDS = 10

_OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Lt: (ast.Gt, ast.LtE),
    ast.LtE: (ast.GtE, ast.Lt),
    ast.Gt: (ast.Lt, ast.GtE),
    ast.GtE: (ast.LtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
}
_METHODS = {
    "sum": "mean",
    "mean": "sum",
    "argmin": "argmax",
    "min": "max",
    "var": "std",
    "std": "var",
    "log": "log10",
    "log2": "log",
    "exp": "log1p",
    "sqrt": "abs",
    "tanh": "sin",
}

#: Lessons without an open exercise.
ALL_CLOSED = {"13", "14"}
#: Mutants with the same results as the solution, found by reading them.
EQUIVALENT: dict[str, set[str]] = {
    "02.2": {"line 3: 1 to 2"},  # NumPy infers any negative length
    "05.3": {
        "line 1: before and after swapped",
        "line 2: swapped in np.array_equal(b, a)",
        "line 2: swapped in zip(before, after, strict=True)",
    },
    "06.1": {"line 3: without int"},
    "06.2": {"line 3: 1 to 0"},  # the distances are symmetric
    "07.2": {"line 3: slice without lower", "line 3: 1 to 0"},  # the first weights, with themselves
    "08.2": {"line 4: 0 to -1"},  # of one answer
    "08.3": {"line 3: without int"},
    "11.3": {"line 2: Mult to Div"},  # by 1.0
    "14.2": {"line 4: swapped (2, 4)"},  # the mean over both axes
}


def mutants_of(source: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each change and the changed source."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for place, node in enumerate(ast.walk(tree)):
        for name, change in changes_of(node, functions):
            twin = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(twin)) if i == place)
            change(target)
            mutant = ast.unparse(ast.fix_missing_locations(twin))
            if mutant != ast.unparse(tree):
                yield f"line {getattr(node, 'lineno', 0)}: {name}", mutant


Change = tuple[str, Callable[[Any], None]]


def changes_of(node: ast.AST, functions: list[ast.FunctionDef]) -> Iterator[Change]:
    """Yield the changes that a node of the syntax tree allows."""
    kinds = {
        ast.BinOp: _of_operation,
        ast.Compare: _of_comparison,
        ast.Constant: _of_constant,
        ast.Call: _of_call,
        ast.Attribute: _of_attribute,
        ast.Tuple: _of_tuple,
        ast.FunctionDef: _of_function,
        ast.UnaryOp: _of_sign,
        ast.Slice: _of_slice,
    }
    for kind, changes in kinds.items():
        if isinstance(node, kind):
            yield from changes(node)


def _of_operation(node: ast.BinOp) -> Iterator[Change]:
    for other in _OPERATORS.get(type(node.op), ()):
        yield (
            f"{type(node.op).__name__} to {other.__name__}",
            lambda n, o=other: setattr(n, "op", o()),
        )
    for side in ("left", "right"):
        yield f"only the {side} of {ast.unparse(node)}", lambda n, s=side: _become(n, getattr(n, s))


def _of_comparison(node: ast.Compare) -> Iterator[Change]:
    for other in _OPERATORS.get(type(node.ops[0]), ()):
        name = f"{type(node.ops[0]).__name__} to {other.__name__}"
        yield name, lambda n, o=other: setattr(n, "ops", [o()])


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        for by in (1, -1):
            yield (
                f"{node.value} to {node.value + by}",
                lambda n, b=by: setattr(n, "value", n.value + b),
            )


def _of_call(node: ast.Call) -> Iterator[Change]:
    for place, keyword in enumerate(node.keywords):
        if keyword.arg != "strict":
            yield f"without {ast.unparse(keyword)}", lambda n, p=place: n.keywords.pop(p)
    if len(node.args) == 1 and not node.keywords:
        yield f"without {ast.unparse(node.func)}", lambda n: _become(n, n.args[0])
    if len(node.args) == 2:
        yield f"swapped in {ast.unparse(node)}", lambda n: n.args.reverse()


def _of_attribute(node: ast.Attribute) -> Iterator[Change]:
    if node.attr in _METHODS:
        other = _METHODS[node.attr]
        yield f"{node.attr} to {other}", lambda n: setattr(n, "attr", other)


def _of_tuple(node: ast.Tuple) -> Iterator[Change]:
    if len(node.elts) == 2 and isinstance(node.ctx, ast.Load):
        yield f"swapped {ast.unparse(node)}", lambda n: n.elts.reverse()


def _of_function(node: ast.FunctionDef) -> Iterator[Change]:
    names = [argument.arg for argument in node.args.args]
    for first, second in pairwise(names):
        pair = {first: second, second: first}
        yield f"{first} and {second} swapped", lambda n, p=pair: _rename_arguments(n, p)
    for value in (0, 0.5, 1):
        constant = ast.parse(f"return {value}").body
        yield f"always {value}", lambda n, c=constant: setattr(n, "body", c)


def _rename_arguments(node: ast.FunctionDef, names: dict[str, str]) -> None:
    for argument in node.args.args:
        argument.arg = names.get(argument.arg, argument.arg)


def _of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.USub | ast.Not):
        yield f"without the sign of {ast.unparse(node)}", lambda n: _become(n, n.operand)


def _of_slice(node: ast.Slice) -> Iterator[Change]:
    for part in ("lower", "upper", "step"):
        if getattr(node, part) is not None:
            yield f"slice without {part}", lambda n, p=part: setattr(n, p, None)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into one of its parts, in place."""
    node.__class__ = other.__class__
    node.__dict__ = copy.deepcopy(other.__dict__)


@contextlib.contextmanager
def time_limit() -> Iterator[None]:
    """Raise an error if the block takes too long."""

    def too_long(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def is_accepted(exercise: Exercise, space: dict, source: str) -> bool:
    """Run an answer, and apply the exercise's check."""
    own = dict(space)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), time_limit():
        warnings.simplefilter("ignore")
        for piece in statements(source):
            with contextlib.suppress(Exception):  # what is shown below an answer may need more
                exec(compile(piece, "<answer>", "exec"), own)
        if any(name not in own for name in exercise.names):
            return False
        args = [own[name] for name in exercise.positional]
        named = {key: own[name] for key, name in exercise.keywords.items()}
        return verdict(exercise.number, args, named) == DONE


def space_of(lesson: Lesson, exercise: Exercise) -> dict:
    """Run the parts of a lesson that an exercise needs."""
    space: dict = {}
    for step in pieces_of(lesson.steps({exercise.number: [exercise.solution]})):
        for piece in [] if step.exercise else step.sources:
            exec(compile(piece, "<lesson>", "exec"), space)
    return space


def closed_exercises(lesson: Lesson) -> list[Exercise]:
    """Leave out the last exercise if it is open: its answer is a training run."""
    return lesson.exercises if lesson.number in ALL_CLOSED else lesson.exercises[:-1]


def survivors_of(lesson: Lesson, exercise: Exercise) -> tuple[int, list[str]]:
    """Return the number of a solution's mutants, and the names of those accepted as correct."""
    space = space_of(lesson, exercise)
    verdict(exercise.number, [], {})  # imports the check, so that the import is not timed
    if not is_accepted(exercise, space, exercise.solution):
        raise ValueError(f"{exercise.number}: the solution itself is not accepted.")
    alike = EQUIVALENT.get(exercise.number, set())
    (answer,) = [p for p in statements(exercise.solution) if defines(p, exercise)][-1:]
    mutants = {s: name for name, s in mutants_of(answer) if name not in alike}
    return len(mutants), [n for s, n in mutants.items() if is_accepted(exercise, space, s)]


def defines(piece: str, exercise: Exercise) -> bool:
    """Tell whether a statement defines one of the names that the check reads."""
    (node,) = ast.parse(piece).body
    targets = (
        [node.name]
        if isinstance(node, ast.FunctionDef)
        else [ast.unparse(t) for t in getattr(node, "targets", [])]
    )
    return bool(set(targets) & set(exercise.names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=lambda text: text.split(","), help="only these lessons")
    options = parser.parse_args()
    rows, total, missed = [], 0, 0
    for lesson in map(read_lesson, find_notebooks(ROOT, options.only)):
        for exercise in closed_exercises(lesson):
            n_mutants, survivors = survivors_of(lesson, exercise)
            total, missed = total + n_mutants, missed + len(survivors)
            caught = f"{n_mutants - len(survivors)} of {n_mutants}"
            rows.append([exercise.number, caught, "; ".join(survivors).replace("|", "or")])
            print(*rows[-1], sep="  ", flush=True)
    table = markdown(["exercise", "caught", "missed"], rows)
    share = (
        f"The checks catch {1 - missed / total:.1%} of {total} mutants "
        f"(target: at least {BAR:.0%})."
    )
    if options.only:
        print(share)
    else:
        publish("mutants", f"{table}\n\n{share}")


if __name__ == "__main__":
    main()
