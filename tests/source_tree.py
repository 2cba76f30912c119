"""The project's own files as tests of code health read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sim"
SKIPPED = {".venv", ".git", "build", "dist", "__pycache__", "_data"}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".cff", ".json", ".csv", ".lock", ".cfg", ""}


def modules() -> list[Path]:
    """Every Python file of the package, sorted."""
    return sorted(p for p in PACKAGE.rglob("*.py") if not SKIPPED & set(p.relative_to(ROOT).parts))


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """'sim/world/axes.py' -> 'sim.world.axes'."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def text_files() -> list[Path]:
    """Every text file that belongs to the project (not what tools and runs leave behind)."""
    found = []
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        hidden = [p for p in inside if p.startswith(".") and p not in {".ci", ".gitignore"}]
        if hidden or inside[0] == "runs" or SKIPPED & set(inside) or not path.is_file():
            continue
        if path.suffix in TEXT:
            found.append(path)
    return sorted(found)


def dotted(node: ast.expr) -> str:
    """'np.random.rand' for the expression of that name; '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
