"""``spheres params``: every number about the world, with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Policies, Sets
from sim.cli.output import Format, Row, print_rows
from sim.errors import UnknownKey, nearest

if TYPE_CHECKING:
    from sim.scenario import Resolved

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
    moving = matching(pattern, [f"paths.{path}" for path in sorted(resolved.paths)])
    if not chosen and not moving:
        hint = renamed(pattern) or nearest(pattern, quantities)
        raise UnknownKey(f"no path matches '{pattern}'", hint=hint)
    rows: list[Row] = []
    for path in chosen:
        q = quantities[path]
        draw = f"{q.draw.kind} {q.draw.scale:g}" if q.draw else ("fixed" if q.fix else "")
        facts = (q.source, q.confidence, q.evidence, resolved.origin[path])
        rows.append((path, q.value, q.unit, *q.range, draw, *facts))
    rows += [_moving(resolved, path) for path in moving]
    print_rows(COLUMNS, rows, form)


def _moving(resolved: Resolved, path: str) -> Row:
    """A path over time: its last value, and all points where others have their draw."""
    from sim.scenario.paths import FACTS, split_fact

    what = path.removeprefix("paths.")
    points, fact = resolved.paths[what], split_fact(what)
    said = ", ".join(f"{month}: {value:g}" for month, value in points.items())
    if fact is None:
        q = resolved.quantities[what]
        unit, low, high = q.unit, *q.range
    else:
        unit, low, high = FACTS[fact[1]]
    return (path, [*points.values()][-1], unit, low, high, said, "", "", "", resolved.origin[path])


def matching(pattern: str, paths: list[str]) -> list[str]:
    """Paths that hold ``pattern``, or that match it whole if it has a wildcard."""
    from fnmatch import fnmatchcase

    if any(mark in pattern for mark in "*?"):
        return [path for path in paths if fnmatchcase(path, pattern)]
    return [path for path in paths if pattern in path]
