"""A package imports only from those before it; nothing runs back."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping, Set

import pytest
from source_tree import modules, name_of, tree

# Packages of one step do not know each other; `cli` starts everything, so it comes last.
ORDER = (
    {"errors", "files", "interrupt", "verbs"},
    {"lanes"},
    {"equations"},
    {"scenario"},
    {"world"},
    {"draws"},
    {"model"},
    {"record"},
    {"ensemble"},
    {"runs"},
    {"sweep"},
    {"compare"},
    {"evidence"},
    {"explain"},
    {"claims"},
    {"charts"},
    {"report", "web"},
    {"cli"},
)
STEP = {name: step for step, names in enumerate(ORDER) for name in names}
#: Files that know each other today and are to stop it; nothing may be added.
CIRCLES: tuple[set[str], ...] = ()
HEAVY = ("numba", "mesa", "polars", "matplotlib", "networkx", "scipy", "pandas")


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "sim":
        return [f"sim.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module]
    return []


def files_imported(source: ast.AST, known: Set[str]) -> set[str]:
    """Modules among ``known`` that a file imports anywhere: at its top, late, or for types only."""
    found: set[str] = set()
    for node in ast.walk(source):
        names = imported(node)
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else str(node.module) for name in names]
        found |= known & set(names)
    return found


def circles(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Groups of files each of which reaches all others of its group by imports."""
    reached = {name: _reached(name, graph) for name in graph}
    found: list[set[str]] = []
    for name in graph:
        group = {other for other in reached[name] if name in reached[other]}
        if group and group not in found:
            found.append(group)
    return found


def _reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - seen
        seen |= new
        ahead += new
    return seen


def backward(importer: str, target: str) -> bool:
    """Whether a module of room ``importer`` may not import from room ``target``."""
    if importer == target:
        return False
    return STEP[target] > STEP[importer] or (STEP[target] == STEP[importer] > 0)


def test_every_package_has_a_place_in_the_order():
    rooms = {name_of(path).split(".")[1] for path in modules() if "." in name_of(path)}
    assert rooms <= set(STEP), f"no place in the order: {sorted(rooms - set(STEP))}"


def test_imports_run_one_way():
    wrong = []
    for path in modules():
        name = name_of(path)
        if "." not in name:
            continue
        room = name.split(".")[1]
        for node in ast.walk(tree(path)):
            for target in imported(node):
                top, _, rest = target.partition(".")
                other = rest.split(".")[0]
                if top == "sim" and other in STEP and backward(room, other):
                    wrong.append(f"{name} imports {target} (line {node.lineno})")
    assert not wrong, "\n".join(wrong)


def test_no_files_import_each_other():
    names = {name_of(path): path for path in modules()}
    graph = {name: files_imported(tree(path), names.keys()) for name, path in names.items()}
    wrong = [group for group in circles(graph) if not any(group <= known for known in CIRCLES)]
    assert not wrong, "\n".join(" <-> ".join(sorted(group)) for group in wrong)


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b"}, "b": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [{"a", "b", "c"}]),
        ({"a": {"a"}}, [{"a"}]),
    ],
)
def test_a_circle_is_seen(graph, found):
    assert circles(graph) == found


@pytest.mark.parametrize(
    "line",
    [
        "from sim.world import axes",
        "from sim.world.axes import US",
        "import sim.world.axes",
        "if TYPE_CHECKING:\n    from sim.world.axes import US",
        "def late():\n    from sim.world.axes import US",
    ],
)
def test_every_way_to_import_a_file_is_seen(line):
    assert files_imported(ast.parse(line), {"sim.world.axes", "sim.errors"}) == {"sim.world.axes"}


@pytest.mark.parametrize(
    ("importer", "target", "refused"),
    [
        ("scenario", "world", True),
        ("world", "scenario", False),
        ("model", "ensemble", True),
        ("cli", "report", False),
        ("charts", "charts", False),
        ("scenario", "errors", False),
    ],
)
def test_the_rule_itself(importer, target, refused):
    assert backward(importer, target) is refused


@pytest.mark.parametrize("module", ["sim", "sim.cli.app"])
def test_importing_is_light(module):
    code = f"import sys, {module}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "", f"import {module} loads {done.stdout}"
