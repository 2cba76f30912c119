"""What the alternatives of a comparison say differently from the base, value by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from sim.scenario.diff import differences

if TYPE_CHECKING:
    from sim.compare.specs import Spec

COLUMNS = ("arm", "path", "base", "alternative", "set_at")


def changes(arms: Sequence[Spec]) -> pl.DataFrame:
    """Columns arm, path, base, alternative, set_at (`file:line`); nothing for an empty diff."""
    base = arms[0].resolved
    rows = [
        (arm.name, d.path, d.a, d.b, d.set_at)
        for arm in arms[1:]
        for d in differences(base, arm.resolved)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def sentences(table: pl.DataFrame, arm: str) -> list[str]:
    """One line a change of an arm; an event says from when."""
    rows = table.filter(pl.col("arm") == arm)
    return [
        _sentence(path, base, alternative, where)
        for path, base, alternative, where in rows.select(COLUMNS[1:]).iter_rows()
    ]


def _sentence(path: str, base: str, alternative: str, where: str) -> str:
    at = f" ({where})" if where else ""
    if path.startswith("events."):
        lever = path.removeprefix("events.")
        if base and not alternative:
            return f"no longer: {lever}, {base}{at}"
        return f"{lever}, {alternative}{at}"
    if not base:
        return f"{path}: new, {alternative}{at}"
    if not alternative:
        return f"{path}: gone, was {base}{at}"
    return f"{path}: {base} -> {alternative}{at}"
