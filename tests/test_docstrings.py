"""Every public function says what it takes, what it returns and what it raises (numpydoc)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gan_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: What Keras, Jupyter and Python call, and document.
HOOKS = {"build", "call", "compile", "from_config", "get_config", "metrics", "train_step"}
HOOKS |= {"create_kernel_manager", "get_kernel_spec"}
HEADINGS = "Parameters|Returns|Yields|Raises|Attributes|References|Notes|Examples|See Also|Warns"
SECTION = re.compile(rf"^({HEADINGS})\n-+$", re.M)
#: Kinds that say too little on their own: how many, in what unit, of what shape?
BARE = re.compile(
    r"(int|float|number|array|ndarray|DataFrame|Series|dict|list|object|callable|Any)s?"
)
EMPTY_WORDS = {"a", "an", "the", "of", "value", "parameter", "this", "is"}
CHECKS = ("check_", "_check_", "_refuse", "refuse")


def sections(docstring: str) -> dict[str, str]:
    """Cut a docstring at the headings of numpydoc."""
    parts = SECTION.split(docstring)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def entries(section: str) -> list[tuple[str, str]]:
    """Cut a section into its entries: the first line of each, and what is said below it."""
    found: list[tuple[str, str]] = []
    for line in section.strip("\n").split("\n"):
        if line and not line[0].isspace():
            found.append((line, ""))
        elif line.strip() and found:
            found[-1] = found[-1][0], f"{found[-1][1]} {line.strip()}".strip()
    return found


def named(section: str) -> dict[str, tuple[str, str]]:
    """Find the entries of a section by name: of what kind it is, and what is said of it."""
    found = {}
    for line, words in entries(section):
        head, _, kind = line.partition(" : ")
        found |= {name.strip().lstrip("*"): (kind.strip(), words) for name in head.split(",")}
    return found


def says_nothing(name: str, kind: str, words: str) -> bool:
    """Tell whether an entry has neither a kind nor words, only a bare kind, or only its name."""
    plain = set(re.findall(r"[a-z]+", words.lower())) - EMPTY_WORDS
    repeats = bool(words) and plain <= {*name.lower().split("_"), name.lower()}
    alone = BARE.fullmatch(kind.removesuffix(", optional").removesuffix(" or None")) and not words
    return bool(not (kind or words) or alone or repeats)


def arguments(function: ast.FunctionDef) -> list[str]:
    """List the arguments that a caller gives."""
    spec = function.args
    plain = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    plain += [a.arg for a in (spec.vararg, spec.kwarg) if a is not None]
    return [name for name in plain if name not in {"self", "cls"} and not name.startswith("_")]


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Walk through a function, but not through those that are defined in it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def raises(function: ast.FunctionDef) -> bool:
    """Tell whether a function raises, or calls what is there to refuse bad input."""
    for node in own_nodes(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name.startswith(CHECKS):
                return True
    return False


def returns(function: ast.FunctionDef) -> str:
    """Name the section for what comes back, or nothing."""
    nodes = list(own_nodes(function))
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in nodes):
        return "Yields"
    values = [node.value for node in nodes if isinstance(node, ast.Return)]
    return "Returns" if any(v is not None and ast.unparse(v) != "None" for v in values) else ""


def says_what(section: str) -> bool:
    """Tell whether a section of results says more than that there is an array or a dict."""
    said = entries(section)
    vague = {"ndarray", "array", "dict", "tuple", "list", "Any", "object"}
    return bool(section.strip()) and not all(k in vague and not words for k, words in said)


def faults(function: ast.FunctionDef) -> list[str]:
    """Say what a docstring lacks."""
    found = sections(ast.get_docstring(function) or "")
    said = named(found.get("Parameters", ""))
    wanted = arguments(function)
    lacks = [
        f"parameter {name}" for name in wanted if says_nothing(name, *said.get(name, ("", "")))
    ]
    lacks += [f"no such parameter {name}" for name in said if name not in wanted]
    if wanted and (section := returns(function)) and not says_what(found.get(section, "")):
        lacks.append(section)
    if wanted and raises(function) and not found.get("Raises", "").strip():
        lacks.append("Raises")
    errors = entries(found.get("Raises", ""))
    return lacks + [f"when {error} is raised" for error, words in errors if error and not words]


def is_public(name: str) -> bool:
    return not name.startswith("_")


def base_names(owner: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).rpartition(".")[2] for base in owner.bases}


def classes() -> dict[str, ast.ClassDef]:
    """List the classes of the package."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in MODULES)
    return {n.name: n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}


CLASSES = classes()


def is_documented_above(owner: ast.ClassDef, method: ast.FunctionDef) -> bool:
    """Tell whether a class above has the same method with the same arguments, documented."""
    for name in base_names(owner) & set(CLASSES):
        for node in CLASSES[name].body:
            same = isinstance(node, ast.FunctionDef) and node.name == method.name
            if same and set(arguments(method)) <= set(arguments(node)):
                return True
        if is_documented_above(CLASSES[name], method):
            return True
    return False


def public_functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Find the functions, and methods of classes, that a reader of the package may call."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and is_public(node.name):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and is_public(node.name):
            for method in node.body:
                if not isinstance(method, ast.FunctionDef) or not is_public(method.name):
                    continue
                hook = method.name in HOOKS or method.name.startswith("on_")
                if not hook and not is_documented_above(node, method):
                    yield f"{node.name}.{method.name}", method


def constructors(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Find what public classes' constructors take and the class says nothing of."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef) or not is_public(node.name):
            continue
        said = named(sections(ast.get_docstring(node) or "").get("Parameters", ""))
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                variable = {a.arg for a in (method.args.vararg, method.args.kwarg) if a}
                told = {name for name, words in said.items() if not says_nothing(name, *words)}
                yield node.name, set(arguments(method)) - told - variable


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_functions_are_documented(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lacking = {name: faults(function) for name, function in public_functions(tree)}
    lacking |= {name: sorted(missing) for name, missing in constructors(tree)}
    assert {name: lacks for name, lacks in lacking.items() if lacks} == {}


def test_a_docstring_that_lacks_something_is_found():
    code = (
        'def double(n):\n    """Double.\n\n    Parameters\n    ----------\n    m : int\n    """\n'
    )
    (function,) = ast.parse(code + "    check_count('n', n)\n    return 2 * n").body
    assert faults(function) == ["parameter n", "no such parameter m", "Returns", "Raises"]


def test_filler_is_found():
    code = """
def mix(table, share, seed, way):
    '''Mix.

    Parameters
    ----------
    table : DataFrame
    share : float
        The share.
    seed : int, optional
        Of the rows.
    way : {"fast", "exact"}

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
    '''
    check_count("seed", seed)
    return table
"""
    (function,) = ast.parse(code).body
    wanted = ["parameter table", "parameter share", "Returns", "when ValueError is raised"]
    assert faults(function) == wanted
