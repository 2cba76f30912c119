"""The assumption ledger: every number of a scenario with what supports it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sim.scenario import Quantity, Resolved


class Assumption(NamedTuple):
    """A row of the ledger, as text."""

    path: str
    value: str
    unit: str
    range: str
    draw: str
    source: str
    confidence: str
    evidence: str


def ledger(scenario: Resolved) -> list[Assumption]:
    """Every quantity of ``scenario``, by path."""
    found = sorted(scenario.quantities.items())
    return [_row(scenario, path, quantity) for path, quantity in found]


def _row(scenario: Resolved, path: str, quantity: Quantity) -> Assumption:
    source = scenario.sources.get(quantity.source)
    low, high = quantity.range
    draw = "" if quantity.draw is None else f"{quantity.draw.kind} {quantity.draw.scale:g}"
    return Assumption(
        path,
        f"{quantity.value:g}",
        quantity.unit,
        f"{low:g} to {high:g}",
        draw or "none",
        source.title if source else quantity.source,
        quantity.confidence,
        quantity.evidence,
    )


def support(rows: list[Assumption]) -> str:
    """One sentence: how many of the numbers rest on what."""
    confidence = Counter(row.confidence for row in rows)
    evidence = Counter(row.evidence for row in rows)
    drawn = sum(row.draw != "none" for row in rows)
    return (
        f"{len(rows)} numbers: {_counts(confidence)}. What supports their values: "
        f"{_counts(evidence)}. {drawn} of them vary from run to run."
    )


def _counts(found: Counter[str]) -> str:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {word}" for word, count in ordered)
