"""The house agrees with itself: one set of packages, floors that are floors, a light import."""

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import files_of_the_course
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

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


def test_the_tested_versions_satisfy_the_bounds(root, needs):
    text = (root / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)$", text, re.MULTILINE))
    assert set(needs) <= set(pins)
    for name, bound in needs.items():
        assert bound.contains(pins[name]), name
    assert pins["torch"] == "2.13.0"


def test_bounds_are_loose(needs):
    """Colab keeps its own packages only where nothing is pinned or bounded above."""
    assert {s.operator for bound in needs.values() for s in bound} == {">="}


def modules(root: Path) -> list[Path]:
    return sorted((root / "gan_utils").rglob("*.py"))


def floor_of(name: str) -> int | None:
    return FLOORS.get(name.split(".")[1]) if name.count(".") else None


def imports_of(path: Path, name: str) -> set[str]:
    """List the modules of the package that a file imports, wherever in the file it does so."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            full = importlib.util.resolve_name(origin, package) if node.level else origin
            found |= {f"{full}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("gan_utils.")}


def test_every_module_has_a_floor(root):
    tops = {path.relative_to(root / "gan_utils").parts[0] for path in modules(root)}
    assert {top.removesuffix(".py") for top in tops} - {"__init__"} <= set(FLOORS)


def test_modules_import_only_downwards(root):
    climbs = []
    for path in modules(root):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for other in imports_of(path, name):
            here, there = floor_of(name), floor_of(other)
            inside = other.split(".")[1] == [*name.split("."), ""][1]
            if here is not None and there is not None and not inside and there >= here:
                climbs.append(f"{name} imports {other}")
    assert not climbs


#: The longest a module may be, in lines; and the most entries at the package's top.
MOST_LINES, MOST_ENTRIES = 350, 16


def test_the_package_has_few_entries(root):
    tops = {path.relative_to(root / "gan_utils").parts[0] for path in modules(root)}
    assert len(tops - {"__init__.py", "__main__.py"}) <= MOST_ENTRIES


def test_no_module_is_long(root):
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(root)}
    assert not {p.name: n for p, n in lengths.items() if n > MOST_LINES}


def test_no_code_stands_between_imports(root):
    mark = "noqa: " + "E402"
    python = [path for path in files_of_the_course(root) if path.suffix == ".py"]
    assert not [path.name for path in python if mark in path.read_text(encoding="utf-8")]


def test_a_public_name_occurs_once(root):
    homes: dict[str, list[str]] = {}
    for path in modules(root):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(root)))
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


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
