"""How much a function takes, how a record is filled, how long a file is."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping

import pytest
from source_tree import ROOT, modules, name_of, tree

MOST_PARAMETERS = 8
MOST_FIELDS_BY_PLACE = 8  # of a record that may be filled by place alone
MOST_PLACES = 3  # of a larger one
MOST_LINES = 400
LONG = 300

#: Functions that may take more, and why.
MAY_TAKE_MORE = {
    "sim.runs.run.run": "a public verb: every option has a keyword",
    "sim.compare.compare.compare": "a public verb: every option has a keyword",
    "sim.cli.run.command": "a parameter is an option of the command",
    "sim.cli.compare.command": "a parameter is an option of the command",
    "sim.cli.plot.command": "a parameter is an option of the command",
    "sim.cli.explain.command": "a parameter is an option of the command",
}
#: Files of more than 300 lines, and why they are one file.
MAY_BE_LONG = {
    "sim/lanes/packs.py": "the operations of one type, as the compiler is told of them",
    "sim/model/economy.py": "the month of an economy",
    "sim/model/state.py": "all that months change, side by side",
    "sim/scenario/schema.py": "what a scenario file may hold",
    "tests/property/test_equations_monotone.py": "a property for every equation",
}


def functions(body: list[ast.stmt], owner: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function below, with its dotted name."""
    for node in body:
        for inner in ast.walk(node) if not isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef):
                yield f"{owner}.{inner.name}", inner
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{owner}.{node.name}")


def size(function: ast.FunctionDef) -> int:
    """Parameters of a function, without the object it is a method of."""
    of = function.args
    names = [a.arg for a in (*of.posonlyargs, *of.args, *of.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_functions_take_little():
    sizes = {
        name: size(function)
        for path in modules()
        for name, function in functions(tree(path).body, name_of(path))
    }
    large = {name for name, count in sizes.items() if count > MOST_PARAMETERS}
    assert sorted(large - set(MAY_TAKE_MORE)) == []
    assert sorted(set(MAY_TAKE_MORE) - large) == []


def records(trees: Mapping[str, ast.Module]) -> dict[str, int]:
    """Fields of every named tuple and dataclass, by name."""
    found: dict[str, int] = {}
    for module in trees.values():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                marks = [ast.unparse(mark) for mark in (*node.bases, *node.decorator_list)]
                if any("NamedTuple" in mark or "dataclass" in mark for mark in marks):
                    fields = sum(isinstance(part, ast.AnnAssign) for part in node.body)
                    found[node.name] = max(fields, found.get(node.name, 0))
    return found


def by_place(trees: Mapping[str, ast.Module]) -> list[str]:
    """`file: record` of every call that fills a large record by place."""
    fields, found = records(trees), []
    for file, module in trees.items():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            large = fields.get(node.func.id, 0) > MOST_FIELDS_BY_PLACE
            unpacked = any(isinstance(a, ast.Starred) for a in node.args)
            if large and (unpacked or len(node.args) > MOST_PLACES):
                found.append(f"{file}: {node.func.id}")
    return sorted(set(found))


def test_large_records_are_filled_by_name():
    files = [*modules(), *(ROOT / "tests").rglob("*.py")]
    found = by_place({path.relative_to(ROOT).as_posix(): tree(path) for path in files})
    assert found == []


NINE = """
    class Nine(NamedTuple):
        a: int; b: int; c: int; d: int; e: int; f: int; g: int; h: int; i: int
"""


@pytest.mark.parametrize("call", ["Nine(1, 2, 3, 4, e=5)", "Nine(*values)"])
def test_the_rule_sees(call):
    text = textwrap.dedent(NINE) + call
    assert by_place({"x.py": ast.parse(text)}) == ["x.py: Nine"]


@pytest.mark.parametrize("call", ["Nine(1, 2, 3, d=4)", "Nine(**values)", "Other(1, 2, 3, 4, 5)"])
def test_the_rule_allows(call):
    text = textwrap.dedent(NINE) + call
    assert by_place({"x.py": ast.parse(text)}) == []


def test_files_are_short():
    files = [*modules(), *(ROOT / "tests").rglob("*.py")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in files
    }
    assert [name for name, n in lengths.items() if n > LONG and name not in MAY_BE_LONG] == []
    assert [name for name, n in lengths.items() if n > MOST_LINES] == []
    assert [name for name in MAY_BE_LONG if lengths.get(name, 0) <= LONG] == []
