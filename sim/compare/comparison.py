"""What a comparison leaves: its arms, its tables, and what is to be known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.compare.specs import Spec

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class ComparisonTables:
    """Arms, the base first, and the tables of their differences.

    tables: `differences`, `groups`, `countries`, `switching`, `outcomes`, `changes`, and with
    attribution `attribution`; columns in `tables`, `changes`, `attribution`.
    """

    arms: tuple[Spec, ...]
    seed: int
    replicates: int
    tables: Mapping[str, pl.DataFrame]
    failures: tuple[str, ...]
    facts: tuple[str, ...]
    half_width: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the arms."""
        return tuple(arm.name for arm in self.arms)
