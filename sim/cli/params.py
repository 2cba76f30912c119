"""``spheres params``: every number about the world, with where it comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import Policies, Sets
from sim.cli.output import Format, Row, print_rows
from sim.errors import UnknownKey, nearest

COLUMNS = (
    "path", "value", "unit", "low", "high", "draw", "source", "confidence", "evidence", "set_at",
)  # fmt: skip


def command(
    pattern: Annotated[
        str, typer.Argument(help="Part of a path, or a pattern with * and ?.")
    ] = "*",
    scenario: Annotated[str, typer.Option(help="Scenario to read.")] = "baseline",
    policy: Policies = None,
    set_: Sets = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = "table",
) -> None:
    """Parameters, levers (before events), and the attributes of segments and offerings."""
    from sim.scenario import load
    from sim.scenario.check import renamed

    resolved = load(scenario, policy or [], set_ or [])
    quantities = resolved.quantities
    chosen = matching(pattern, sorted(quantities))
    if not chosen:
        hint = renamed(pattern) or nearest(pattern, quantities)
        raise UnknownKey(f"no path matches '{pattern}'", hint=hint)
    rows: list[Row] = []
    for path in chosen:
        q = quantities[path]
        draw = f"{q.draw.kind} {q.draw.scale:g}" if q.draw else ("fixed" if q.fix else "")
        facts = (q.source, q.confidence, q.evidence, resolved.origin[path])
        rows.append((path, q.value, q.unit, *q.range, draw, *facts))
    print_rows(COLUMNS, rows, form)


def matching(pattern: str, paths: list[str]) -> list[str]:
    """Paths that hold ``pattern``, or that match it whole if it has a wildcard."""
    from fnmatch import fnmatchcase

    if any(mark in pattern for mark in "*?"):
        return [path for path in paths if fnmatchcase(path, pattern)]
    return [path for path in paths if pattern in path]
