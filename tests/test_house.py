"""The house agrees with itself: one set of packages, floors that are floors, a light import."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import files_of_the_course
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

#: From the top floor down; a module imports only from lower floors, or from its own package.
ORDER = (
    "__main__",
    "course",
    "benchmark",
    "oversampling",
    "scorecard",
    "explain",
    "plots",
    "synthesizers",
    "classifiers",
    "metrics",
    "text",
    "generative",
    "training",
    "networks",
    "datasets",
    "budget",
    "_support",
)
FLOORS = {name: floor for floor, name in enumerate(reversed(ORDER))}
HEAVY = ("tensorflow", "torch", "keras", "pandas", "sklearn", "sdv", "matplotlib", "numpy")


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def ci(root: Path) -> dict:
    return yaml.safe_load((root / "docs" / "ci-example.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def needs(project: dict) -> dict[str, SpecifierSet]:
    extras = project["optional-dependencies"]
    lines = project["dependencies"] + [line for extra in extras.values() for line in extra]
    return {canonicalize_name(n.name): n.specifier for n in map(Requirement, lines)}


def parse(lines: list[str]) -> dict[str, SpecifierSet]:
    found = (Requirement(line.replace(" ", "", 1)) for line in lines)
    return {canonicalize_name(need.name): need.specifier for need in found}


def test_conda_users_get_the_same_packages(root, project, needs):
    lines = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (from_pip,) = (line["pip"] for line in lines if isinstance(line, dict))
    conda = parse([line for line in lines if isinstance(line, str)])
    assert conda.pop("python") == SpecifierSet(project["requires-python"])
    assert conda.pop("pip") is not None
    assert {**conda, **parse(from_pip)} == needs


def pins_of(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)$", text, re.MULTILINE))


def test_the_tested_versions_satisfy_the_bounds(root, needs):
    pins = pins_of(root / "constraints.txt")
    assert set(needs) <= set(pins)
    for name, bound in needs.items():
        assert bound.contains(pins[name]), name
    assert pins["torch"] == "2.13.0"


def test_the_lowest_versions_are_the_bounds(root, needs):
    pins = pins_of(root / "constraints-lowest.txt")
    lowest = {name: next(iter(bound)).version for name, bound in needs.items()}
    assert {name: pins.get(name) for name in needs} == lowest
    # No bound of ours, and the README names it for the CPU build.
    assert pins["torch"] == pins_of(root / "constraints.txt")["torch"]


def test_what_the_lowest_versions_bring_along_is_pinned_too(root, needs):
    """Else the set would change with every release of theirs, and a failure would be nobody's."""
    both = [pins_of(root / name) for name in ("constraints.txt", "constraints-lowest.txt")]
    usual, lowest = (set(pins) - set(needs) for pins in both)
    assert len(usual & lowest) > 0.9 * len(usual)


def minor_versions(bound: str) -> list[str]:
    return [f"3.{m}" for m in range(30) if SpecifierSet(bound).contains(f"3.{m}.0")]


def commands_of(ci: dict) -> list[tuple[str, str]]:
    """List what a page of CI runs, as pairs of a Python version and a command."""
    rows = ci["jobs"]["tests"]["strategy"]["matrix"]["include"]
    return [(row["python"], row["command"]) for row in rows]


def test_ci_runs_every_python_and_the_lowest_versions(project, ci):
    versions = minor_versions(project["requires-python"])
    usual = [python for python, command in commands_of(ci) if command.split()[-1] == "test"]
    lowest = [python for python, command in commands_of(ci) if command == "make test-lowest"]
    assert usual == versions
    assert lowest == versions[:1]


def test_ci_calls_targets_that_make_knows(root, ci):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    called = {word for _, command in commands_of(ci) for word in command.split()[1:]}
    assert {"lint", "test", "test-lowest"} == called
    assert called <= targets


def test_ci_installs_what_is_pinned_where_make_looks(root, ci):
    steps = ci["jobs"]["tests"]["steps"]
    script = "\n".join(step.get("run", "") for step in steps)
    assert f"torch=={pins_of(root / 'constraints.txt')['torch']}" in script
    assert {"bubblewrap", "chromium", "chromium-driver"} <= set(script.split())
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    folders = set(re.findall(r"^(?:VENV|LOWEST) := (\S+)$", makefile, re.MULTILINE))
    rows = ci["jobs"]["tests"]["strategy"]["matrix"]["include"]
    assert {row["venv"] for row in rows} == folders


def test_bounds_are_loose(needs):
    """Colab keeps its own packages only where nothing is pinned or bounded above."""
    assert {s.operator for bound in needs.values() for s in bound} == {">="}


def modules(root: Path) -> list[Path]:
    return sorted((root / "gan_utils").rglob("*.py"))


def module_name(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def floor_of(name: str) -> int | None:
    return FLOORS.get(name.split(".")[1]) if name.count(".") else None


def statements(tree: ast.Module, lazy: bool) -> Iterator[ast.AST]:
    """Walk through a file; without ``lazy`` only through what runs when it is imported."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if lazy or not (later or typing):
            waiting += ast.iter_child_nodes(node)


def imports_in(code: str, package: str, lazy: bool = True) -> set[str]:
    """List what a file of a package imports from ours, as dotted names."""
    found = set()
    for node in statements(ast.parse(code), lazy):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            full = importlib.util.resolve_name(origin, package) if node.level else origin
            found |= {f"{full}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return {name for name in found if name.startswith("gan_utils.")}


def imports_of(path: Path, name: str, lazy: bool = True) -> set[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return imports_in(path.read_text(encoding="utf-8"), package, lazy)


def climbs_of(name: str, imported: set[str]) -> list[str]:
    """List the imports that go to the module's own floor or up, and not into its package."""
    here, top = floor_of(name), [*name.split("."), ""][1]
    floors = {other: floor_of(other) for other in imported if other.split(".")[1] != top}
    return [
        f"{name} imports {other}"
        for other, there in floors.items()
        if here is not None and there is not None and there >= here
    ]


def test_every_module_has_a_floor(root):
    tops = {path.relative_to(root / "gan_utils").parts[0] for path in modules(root)}
    assert {top.removesuffix(".py") for top in tops} - {"__init__"} <= set(FLOORS)


def test_the_package_names_the_same_floors(root):
    text = (root / "gan_utils" / "__init__.py").read_text(encoding="utf-8")
    told = re.findall(r"^``(\w+)`` ", ast.get_docstring(ast.parse(text)), re.MULTILINE)
    assert ("__main__", *told) == ORDER


def test_modules_import_only_downwards(root):
    names = {path: module_name(path, root) for path in modules(root)}
    climbs = [
        climb for path, name in names.items() for climb in climbs_of(name, imports_of(path, name))
    ]
    assert not climbs


def test_an_import_that_goes_up_is_found():
    code = "def draw():\n    from gan_utils.plots import show\n    from ..scorecard import Card\n"
    found = imports_in(code + "from gan_utils.networks import parts", "gan_utils.metrics")
    assert sorted(climbs_of("gan_utils.metrics.tables", found)) == [
        "gan_utils.metrics.tables imports gan_utils.plots.show",
        "gan_utils.metrics.tables imports gan_utils.scorecard.Card",
    ]
    assert imports_in(code, "gan_utils.metrics", lazy=False) == set()


def homes(root: Path) -> dict[str, str]:
    """Find the module that a lazy name of a package is loaded from."""
    found = {}
    for path in modules(root):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES":
                package = module_name(path, root)
                table = ast.literal_eval(node.value)
                found |= {f"{package}.{name}": f"{package}.{home}" for name, home in table.items()}
    return found


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Find groups of modules that import each other."""
    numbers = {name: number for number, name in enumerate(graph)}
    pairs = [
        (numbers[a], numbers[b]) for a, others in graph.items() for b in others if b in numbers
    ]
    matrix = np.zeros((len(graph), len(graph)), bool)
    matrix[tuple(np.array(pairs).T)] = True
    _, groups = connected_components(csr_matrix(matrix), connection="strong")
    members = [[name for name in graph if groups[numbers[name]] == g] for g in set(groups.tolist())]
    return [group for group in members if len(group) > 1]


def test_no_modules_import_each_other_in_a_circle(root):
    names = {module_name(path, root): path for path in modules(root)}
    lazy = homes(root)

    def module_of(imported: str) -> str:
        imported = lazy.get(imported, imported)
        return imported if imported in names else imported.rpartition(".")[0]

    graph = {
        name: {module_of(other) for other in imports_of(path, name, lazy=False)} - {name}
        for name, path in names.items()
    }
    assert sum(map(len, graph.values())) > 100
    assert circles(graph) == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


#: The longest a module may be, in lines; and the most entries at the package's top.
MOST_LINES, MOST_ENTRIES = 350, 16


def test_the_package_has_few_entries(root):
    tops = {path.relative_to(root / "gan_utils").parts[0] for path in modules(root)}
    assert len(tops - {"__init__.py", "__main__.py"}) <= MOST_ENTRIES


def test_no_module_is_long(root):
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(root)}
    assert not {p.name: n for p, n in lengths.items() if n > MOST_LINES}


def is_import(node: ast.stmt) -> bool:
    """Tell an import, or one that is tried, from code; a docstring counts as neither."""
    if isinstance(node, ast.Try | ast.If):
        return all(map(is_import, node.body))
    return isinstance(node, ast.Import | ast.ImportFrom)


def late_imports(code: str) -> list[int]:
    """List the lines of imports with code above them."""
    body = ast.parse(code).body
    if body and isinstance(body[0], ast.Expr):
        body = body[1:]
    first = next((i for i, node in enumerate(body) if not is_import(node)), len(body))
    return [node.lineno for node in body[first:] if is_import(node)]


def test_no_code_stands_between_imports(root):
    mark = "noqa: " + "E402"
    python = [path for path in files_of_the_course(root) if path.suffix == ".py"]
    assert not [path.name for path in python if mark in path.read_text(encoding="utf-8")]
    # Outside the package a backend of Matplotlib may be chosen first, as the linter has it too.
    late = {str(p): late_imports(p.read_text(encoding="utf-8")) for p in modules(root)}
    assert {name: lines for name, lines in late.items() if lines} == {}


def test_an_import_below_code_is_found():
    assert late_imports('"""Text."""\nimport os\nos.nice(0)\nimport re\n') == [4]


def test_a_public_name_occurs_once(root):
    homes: dict[str, list[str]] = {}
    for path in modules(root):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(root)))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def tree_of(page: str) -> set[str]:
    """Read the tree that CONTRIBUTING.md opens with: the modules it names, as paths."""
    lines = page.split("```")[1].strip().splitlines()[1:]
    found, package = set(), ""
    for line in lines:
        entry = line[2:].split("  ")[0] if line[2] != " " else ""
        if entry.endswith(".py"):
            found.add(entry)
        elif entry:
            package = entry
        else:
            groups = re.findall(r"(\w+)(?:/ \(([^)]*)\))?", line)
            for name, inside in groups:
                nested = re.findall(r"\w+", inside) if inside and "lesson" not in inside else []
                found |= {f"{package}{name}/{part}.py" for part in nested} or {
                    f"{package}{name}.py"
                }
    return found


def test_the_tree_of_contributing_is_the_package(root):
    told = tree_of((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    paths = {str(p.relative_to(root / "gan_utils")) for p in modules(root)}
    there = {p for p in paths if not p.endswith("__init__.py") and "exercises/" not in p}
    assert (told - {"course/exercises.py"}) ^ there == set()


def defined_in(path: Path) -> set[str]:
    """List the names that a module has: its own, imported or lazy ones."""
    text = path.read_text(encoding="utf-8")
    return (
        set(re.findall(r"\w+", text))
        if path.name == "__init__.py"
        else {node.name for node in ast.walk(ast.parse(text)) if hasattr(node, "name")}
        | {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    )


def is_there(dotted: str, root: Path) -> bool:
    """Tell whether a dotted name is a module of the package, or a name in one."""
    place, *rest = root / "gan_utils", *dotted.split(".")[1:]
    while rest and (place / rest[0]).is_dir():
        place, rest = place / rest[0], rest[1:]
    if rest and (place / f"{rest[0]}.py").is_file():
        return len(rest) == 1 or rest[1] in defined_in(place / f"{rest[0]}.py")
    return not rest or rest[0] in defined_in(place / "__init__.py")


NAMED = re.compile(r"(?<![\w/.])gan_utils(?:\.(?!__)[A-Za-z_]\w*)+")


def test_what_the_pages_and_docstrings_name_is_there(root):
    pages = [p for p in files_of_the_course(root) if p.suffix in {".md", ".py"} and p.is_file()]
    gone = {
        f"{page.name}: {name}"
        for page in pages
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if not is_there(name, root)
    }
    assert gone == set()


def is_module(dotted: str, root: Path) -> bool:
    place = root.joinpath(*dotted.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def used_names(code: str, root: Path) -> set[str]:
    """List what a script imports from the package, and the names it asks of imported modules."""
    nodes = list(ast.walk(ast.parse(code)))
    froms = [n for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    known = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in froms
        if node.module.split(".")[0] == "gan_utils"
        for alias in node.names
    }
    asked = [n for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    return set(known.values()) | {
        f"{known[node.value.id]}.{node.attr}"
        for node in asked
        if node.value.id in known
        and is_module(known[node.value.id], root)
        and not node.attr.startswith("__")
    }


def test_what_the_scripts_use_is_there(root):
    """The benchmarks are run by hand, and seldom."""
    folders = [root / name for name in ("benchmarks", "docs", "image", "tests")]
    gone = {
        f"{path.relative_to(root)}: {name}"
        for folder in folders
        for path in folder.rglob("*.py")
        for name in used_names(path.read_text(encoding="utf-8"), root)
        if not is_there(name, root)
    }
    assert gone == set()


def test_a_name_that_has_moved_is_found(root):
    code = "from gan_utils.metrics import tables as metrics, c2st\nmetrics.exact_copies(1)"
    (gone,) = (name for name in used_names(code, root) if not is_there(name, root))
    assert gone.endswith("metrics.tables.exact_copies")


FOLDERS = "gan_utils|tests|benchmarks|docs|data|image|notebooks"
PLACE = re.compile(rf"(?<![\w/.])(?:{FOLDERS})/[\w./-]*\w")


#: Folders that the pages name, and that a command makes.
MADE = {"data/fetched"}


def test_the_paths_that_the_pages_name_are_there(root):
    pages = [page for page in files_of_the_course(root) if page.suffix == ".md"]
    gone = {
        f"{page.name}: {place}"
        for page in pages
        for place in PLACE.findall(page.read_text(encoding="utf-8"))
        if not re.search(r"NAME|NN", place) and place not in MADE and not (root / place).exists()
    }
    assert gone == set()


def test_importing_the_package_imports_nothing_heavy(python_path):
    code = f"import gan_utils, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=python_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_file_names_a_path_of_a_machine_or_a_package_index(root):
    paths = files_of_the_course(root)
    leak = re.compile(r"(?<![\w.])/(root|home|work|Users)/\w|://[\w.-]*(pypi|pythonhosted)\.")
    texts = (p for p in paths if p.suffix in {".py", ".md", ".toml", ".txt", ".yml", ".ipynb"})
    leaks = [p.name for p in texts if p.is_file() and leak.search(p.read_text(encoding="utf-8"))]
    assert not [name for name in leaks if name != Path(__file__).name]
