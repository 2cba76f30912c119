"""The cache of machine code is named by everything that machine code was made from."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from numba.core import types
from numba.core.dispatcher import Dispatcher
from numba.np.ufunc.dufunc import DUFunc
from small_worlds import EIGHT
from source_tree import PACKAGE, dotted, tree

from sim.compare.paired import pair
from sim.compare.tables import differences
from sim.lanes.held import HeldType
from sim.lanes.jit import cache_folder
from sim.lanes.sources import compiled_sources, read_package, source_fingerprint
from sim.lanes.views import FieldsType
from sim.scenario import load

HASHED = set(compiled_sources(read_package(PACKAGE)))


@pytest.fixture(scope="module")
def compiled() -> list[Dispatcher]:
    """Every function of the package that Numba compiled or loaded, after runs of every kind."""
    short = load("baseline", sets=["horizon.end=2023-03"])
    other = load("baseline", sets=["horizon.end=2023-03"])
    differences(pair(short, [other], 2, 1, order=EIGHT))
    found = {}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "sim":
            for value in vars(module).values():
                function = value._dispatcher if isinstance(value, DUFunc) else value
                if isinstance(function, Dispatcher):
                    found[id(function)] = function
    return list(found.values())


def where(function: Dispatcher) -> str:
    """Module that a compiled function is written in."""
    return function.py_func.__module__


def file_of(module: str):
    """Source file of a module of the package, None for any other name."""
    stem = PACKAGE.parent.joinpath(*module.split("."))
    return next((p for p in (stem.with_suffix(".py"), stem / "__init__.py") if p.is_file()), None)


def imported(module: str) -> dict[str, tuple[str, str]]:
    """Name -> (module, name there) of what a module takes from the package."""
    nodes = (n for n in ast.walk(tree(file_of(module))) if isinstance(n, ast.ImportFrom))
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in nodes
        if node.module.split(".")[0] == "sim"
        for alias in node.names
    }


def definitions(module: str, name: str) -> Iterator[ast.stmt]:
    """Statements at the top of a module that give a name its value."""
    for node in tree(file_of(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if node.name == name:
                yield node
        elif any(
            isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
            for part in ast.walk(node)
        ):
            yield node


def plain(node: ast.stmt) -> bool:
    """A class that no compiled code can hold, being neither a named tuple nor named fields."""
    bases = set(map(ast.unparse, node.bases)) if isinstance(node, ast.ClassDef) else set()
    return isinstance(node, ast.ClassDef) and not bases & {"NamedTuple", "Fields"}


def parts_of(node: ast.stmt, here: str) -> Iterator[tuple[str, str]]:
    """(module, name) of all that a statement names."""
    taken = imported(here)
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield taken.get(part.id, (here, part.id))
        elif isinstance(part, ast.Attribute) and dotted(part.value) in taken:
            yield ".".join(taken[dotted(part.value)]), part.attr


def reached(module: str, name: str) -> set[str]:
    """Modules in which the text of a name stands, and of every name it is made from."""
    rooms, seen, open_ = set(), set(), [(module, name)]
    while open_:
        here, what = open_.pop()
        if (here, what) in seen or file_of(here) is None:
            continue
        seen.add((here, what))
        for node in definitions(here, what):
            if not plain(node):
                rooms.add(here)
                open_ += parts_of(node, here)
    return rooms


def named_tuples(kind: types.Type) -> Iterator[type]:
    """Classes of all named tuples and fields in a type of Numba, nested ones too."""
    if isinstance(kind, types.BaseNamedTuple | HeldType | FieldsType):
        yield kind.instance_class
    if isinstance(kind, HeldType):
        for _, part in kind.parts:
            yield from named_tuples(part)
    if isinstance(kind, types.BaseTuple):
        for part in kind:
            yield from named_tuples(part)


def test_every_module_that_compiled_code_comes_from_is_hashed(compiled):
    rooms = {where(function) for function in compiled}
    assert {"sim.model.month", "sim.compare.kernel", "sim.draws.rounds"} <= rooms
    assert len(compiled) > 100
    assert rooms <= HASHED


def test_every_value_that_compiled_code_freezes_is_hashed(compiled):
    missing = {
        f"{module}, read by {where(function)}.{function.py_func.__name__}"
        for function in compiled
        for module in reached(where(function), function.py_func.__name__)
        if module not in HASHED
    }
    assert not missing, "\n".join(sorted(missing))


def test_what_compiled_code_holds_at_run_time_is_hashed(compiled):
    rooms = set()
    for function in compiled:
        closed = inspect.getclosurevars(function.py_func)
        for value in (*closed.globals.values(), *closed.nonlocals.values()):
            rooms.add(
                value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", "")
            )
    assert {room for room in rooms if str(room).split(".")[0] == "sim"} <= HASHED


def test_every_named_tuple_that_was_passed_is_hashed(compiled):
    passed = {
        found
        for function in compiled
        for signature in function.signatures
        for kind in signature
        for found in named_tuples(kind)
    }
    names = {found.__name__ for found in passed}
    assert {"Params", "WorldLevers", "Catalogue", "SupplyDraws", "ReductionPlan"} <= names
    assert {found.__module__ for found in passed} <= HASHED


def test_the_walk_sees_constants_of_other_rooms():
    assert "sim.world.axes" in reached("sim.model.supply", "advance_releases")
    assert "sim.draws.rounds" in reached("sim.draws.rounds", "bits")


@pytest.fixture
def copied(tmp_path):
    """A copy of the package's sources."""
    target = tmp_path / "sim"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__", "_data"))
    return target


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("world/axes.py", "US, CN, OTHER = range(3)", "CN, US, OTHER = range(3)"),
        ("world/parameters.py", "frontier_us_start: Floats\n", ""),
        ("model/facts.py", "track: Ints  #", "other: Ints  #"),
        ("draws/rounds.py", "_ROUNDS = 10", "_ROUNDS = 9"),
        ("equations/access.py", "(1.0 - banned)", "(1.0 - 0.5 * banned)"),
        ("compare/kernel.py", "COLUMNS = 7", "COLUMNS = 8"),
    ],
)
def test_an_edit_names_another_cache(copied, monkeypatch, tmp_path, file, old, new):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before, same = cache_folder(PACKAGE).name, cache_folder(copied).name
    assert same == before
    text = (copied / file).read_text(encoding="utf-8")
    assert re.search(re.escape(old), text)
    (copied / file).write_text(text.replace(old, new), encoding="utf-8")
    assert cache_folder(copied).name != before


@pytest.mark.parametrize("file", ["cli/run.py", "web/app.py", "ensemble/runner.py"])
def test_an_edit_of_what_nothing_compiled_reads_keeps_the_cache(copied, file):
    before = source_fingerprint(copied)
    with (copied / file).open("a", encoding="utf-8") as out:
        out.write("\n# another line\n")
    assert source_fingerprint(copied) == before


def test_a_new_module_that_compiles_is_found(copied):
    before = source_fingerprint(copied)
    text = "from sim.lanes.jit import inner\nfrom sim.web.guard import LOOPBACK\n"
    (copied / "report" / "fast.py").write_text(text, encoding="utf-8")
    assert {"sim.report.fast", "sim.web.guard"} <= set(compiled_sources(read_package(copied)))
    assert source_fingerprint(copied) != before


PROGRAM = """
import sys
from sim.lanes.jit import borrowing
from sim.world.axes import OTHER

@borrowing
def frozen(found):
    found[0] = OTHER

import numpy as np
found = np.zeros(1)
frozen(found)
print(found[0])
"""


def test_a_kernel_from_before_an_edit_of_a_constant_is_not_used(copied, tmp_path):
    """A small compiled function with the cache on: run, edit another file, run again."""
    (copied / "report" / "fast.py").write_text(PROGRAM, encoding="utf-8")
    answers = []
    for names in ("US, CN, OTHER = range(3)", "US, OTHER, CN = range(3)"):
        axes = copied / "world" / "axes.py"
        text = axes.read_text(encoding="utf-8")
        axes.write_text(re.sub(r"(?m)^US, .* = range\(3\)$", names, text), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", "import sim.report.fast"],
            cwd=tmp_path,
            env={
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "PYTHONPATH": str(tmp_path),
                "PATH": "",
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        answers.append(float(done.stdout))
    assert answers == [2.0, 1.0]
    assert np.unique([p.name for p in (tmp_path / "cache" / "spheres").iterdir()]).size == 2
