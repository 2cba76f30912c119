"""A finished ensemble: everything the tables need, and what went wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.record.layout import Layout
from sim.record.plan_arrays import ReductionPlan
from sim.record.totals import Totals


@dataclass(frozen=True)
class Failure:
    """A replicate whose numbers stopped making sense, and where it showed first."""

    replicate: int
    iso3: str
    month: str
    equation: str


@dataclass
class Ensemble:
    """Totals of all replicates that lived, failures, and draws held back by a range."""

    layout: Layout
    plan: ReductionPlan
    totals: Totals
    failures: list[Failure] = field(default_factory=list)
    clipped: dict[str, int] = field(default_factory=dict)
