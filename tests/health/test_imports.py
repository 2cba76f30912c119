"""A package imports only from those before it; nothing runs back."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from source_tree import modules, name_of, tree

# Packages of one step do not know each other; `cli` starts everything, so it comes last.
ORDER = (
    {"errors", "files", "interrupt"},
    {"scenario"},
    {"world"},
    {"draws"},
    {"equations"},
    {"results"},
    {"model", "ensemble"},
    {"sweep"},
    {"analysis"},
    {"charts"},
    {"report", "web"},
    {"cli"},
)
STEP = {name: step for step, names in enumerate(ORDER) for name in names}
HEAVY = ("numba", "mesa", "polars", "matplotlib", "networkx", "scipy", "pandas")


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "sim":
        return [f"sim.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module]
    return []


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
