"""What ODD.md shows of the code: the order of a month, and every equation as it is written.

The sources are parsed, never imported, so nothing is compiled and a formula is shown to the letter.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError


class Equation(NamedTuple):
    """One scalar formula: its name, arguments, what its docstring says, and its statements."""

    name: str
    arguments: tuple[str, ...]
    meaning: str
    formula: str


class Mechanism(NamedTuple):
    """A file of `sim/equations`, or of `sim/lanes`, that holds equations."""

    room: str
    module: str
    meaning: str
    constants: tuple[str, ...]
    equations: tuple[Equation, ...]


def mechanisms(package: Path) -> tuple[Mechanism, ...]:
    """Every file of equations with all its equations, in the order of the text.

    package: folder of the import package `sim`.
    """
    found = (_mechanism(path) for path in _files(package))
    return tuple(mechanism for mechanism in found if mechanism.equations)


def _files(package: Path) -> list[Path]:
    found = [p for room in ("lanes", "equations") for p in (package / room).glob("*.py")]
    return sorted(found, key=lambda path: path.name)


def _mechanism(path: Path) -> Mechanism:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    equations = tuple(
        _equation(node, text)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and _is_equation(node)
    )
    return Mechanism(
        path.parent.name,
        path.stem,
        ast.get_docstring(tree) or "",
        tuple(_constants(tree)),
        equations,
    )


def _is_equation(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "equation" for d in node.decorator_list)


def _constants(tree: ast.Module) -> Iterator[str]:
    """Numbers that a file sets aside, as `name = value`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield ast.unparse(node)


def _equation(node: ast.FunctionDef, text: str) -> Equation:
    """Raises InputError for an equation without a docstring or without statements after it."""
    meaning = ast.get_docstring(node)
    if not meaning or len(node.body) < 2:
        raise InputError(f"the equation {node.name} lacks a docstring or a formula")
    first, last = node.body[1].lineno - 1, node.body[-1].end_lineno
    lines = text.splitlines()[first:last]
    arguments = tuple(argument.arg for argument in node.args.args)
    return Equation(node.name, arguments, meaning, textwrap.dedent("\n".join(lines)))


def equations_markdown(package: Path) -> str:
    """All equations, a heading for each file; links are relative to the folder of the package."""
    parts = []
    for m in mechanisms(package):
        parts.append(f"### `{m.module}`\n\n{prose(m.meaning)}")
        parts.append(f"File: [sim/{m.room}/{m.module}.py]({m.room}/{m.module}.py)")
        if m.constants:
            parts.append("Constants: " + ", ".join(f"`{c}`" for c in m.constants))
        for e in m.equations:
            signature = f"{m.module}.{e.name}({', '.join(e.arguments)})"
            parts.append(f"**`{signature}`**\n\n{prose(e.meaning)}\n\n```python\n{e.formula}\n```")
    return "\n\n".join(parts)


def prose(docstring: str) -> str:
    """A docstring as Markdown: signs that Markdown would read are escaped outside `code`."""
    pieces = re.split(r"(`[^`]*`)", docstring)
    return "".join(
        piece if piece.startswith("`") else re.sub(r"([*<>|\[\]])", r"\\\1", piece)
        for piece in pieces
    )


def steps_markdown(package: Path) -> str:
    """The numbered steps of a month, from `STEPS` of `sim/model/month.py`, and its order.

    Raises InputError if there is no such list.
    """
    path = package / "model" / "month.py"
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "STEPS":
            steps = ast.literal_eval(node.value)
            break
    else:
        raise InputError("the month does not list its steps", file=path)
    listed = [f"{n}. **{name}**: {what}" for n, (name, what) in enumerate(steps, 1)]
    order = (
        "Countries read t-1 and write t, so the order in which they are activated cannot matter."
    )
    return "\n".join([*listed, "", order])
