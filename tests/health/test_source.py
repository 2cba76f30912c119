"""What no file of the package may contain, and what every file has."""

from __future__ import annotations

import ast

import pytest
from source_tree import ROOT, dotted, modules, name_of, text_files, tree

GRAB_BAGS = {"utils", "helpers", "common", "misc", "tools"}
CLOCK = {
    "time.time",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "date.today",
    "datetime.date.today",
}
# A manifest says when a run was made; nothing else may depend on the day.
MAY_READ_CLOCK = {"sim.runs.manifest", "sim.sweep.manifest"}
RANDOM_OBJECTS = {"default_rng", "Generator", "Philox", "SeedSequence", "BitGenerator", "PCG64"}


def forbidden(node: ast.AST, module: str) -> str | None:
    """What is wrong with ``node``, or None."""
    if isinstance(node, ast.Import) and any(a.name in {"random", "uuid"} for a in node.names):
        return "a source of randomness outside the keyed streams"
    if isinstance(node, ast.ImportFrom) and node.module in {"random", "uuid"}:
        return "a source of randomness outside the keyed streams"
    if isinstance(node, ast.keyword) and node.arg == "fastmath":
        return "fastmath deletes guards against undefined numbers"
    if isinstance(node, ast.Attribute):
        library, _, name = dotted(node).rpartition(".")
        if library in {"np.random", "numpy.random"} and name not in RANDOM_OBJECTS:
            return f"{library}.{name} is the global generator"
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        if name == "hash":
            return "hash() differs from process to process"
        if name in CLOCK and module not in MAY_READ_CLOCK:
            return f"{name}() reads the clock"
        if name.endswith("default_rng") and not (node.args or node.keywords):
            return "a generator without a seed"
    return None


def test_nothing_forbidden():
    wrong = [
        f"{name_of(path)}:{node.lineno}: {problem}"
        for path in modules()
        for node in ast.walk(tree(path))
        if (problem := forbidden(node, name_of(path)))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "code",
    [
        "hash('x')",
        "import random",
        "from random import choice",
        "np.random.rand(3)",
        "np.random.default_rng()",
        "time.time()",
        "datetime.now()",
        "njit(fastmath=True)",
    ],
)
def test_the_rule_sees(code):
    assert any(forbidden(node, "sim.world.axes") for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("code", ["np.random.default_rng(3)", "time.perf_counter()", "x.hash"])
def test_the_rule_allows(code):
    assert not any(forbidden(node, "sim.world.axes") for node in ast.walk(ast.parse(code)))


def test_no_grab_bags():
    assert not [name_of(path) for path in modules() if path.stem in GRAB_BAGS]


def undocumented(path) -> list[str]:
    """Public functions, classes and methods of a file without a docstring."""
    found = [] if ast.get_docstring(tree(path)) else [f"{name_of(path)}: the module"]
    bodies: list[tuple[str, list[ast.stmt]]] = [("", tree(path).body)]
    while bodies:
        owner, body = bodies.pop()
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                found.append(f"{name_of(path)}: {owner}{node.name}")
            if isinstance(node, ast.ClassDef):
                bodies.append((f"{node.name}.", node.body))
    return found


def test_everything_public_has_a_docstring():
    missing = [line for path in modules() for line in undocumented(path)]
    assert not missing, "\n".join(missing)


def test_no_machine_paths_and_no_registry_hosts():
    # Written in pieces, so that this file does not contain what it looks for.
    folders = [f"/{name}/" for name in ("work", "tmp", "root", "home")]
    hosts = ["py" + "pi.org", "python" + "hosted.org", "conda" + ".anaconda.org"]
    wrong = []
    for path in text_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [mark for mark in folders if f" {mark}" in text or f'"{mark}' in text]
        found += [mark for mark in hosts if mark in text]
        wrong += [f"{path.relative_to(ROOT)}: {mark}" for mark in found]
    assert not wrong, "\n".join(wrong)
