"""``compare``: what alternatives change against a base, with the same luck in every arm."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.compare.comparison import ComparisonTables
from sim.compare.specs import Spec, read_arms
from sim.scenario import Resolved

if TYPE_CHECKING:
    import polars as pl

    from sim.compare.paired_runs import PairedRuns

REPLICATES = 64
SEED = 1


class Comparison(ComparisonTables):
    """What `compare` gives: tables, and a summary of them in words."""

    def summary(self) -> str:
        """In plain words what the files change and what that does, as Markdown."""
        from sim.compare.summary import summary

        return summary(self)


def compare(
    base: str | Path | Resolved,
    *alternatives: str | Path | Resolved,
    replicates: int = REPLICATES,
    seed: int = SEED,
    policies: Sequence[str] = (),
    sets: Sequence[str] = (),
    everywhere: Sequence[str] = (),
    attribute: bool = False,
    half_width: float | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Comparison:
    """Run a base and its alternatives on common random numbers and take the differences.

    An arm: a shipped name, NAME+POLICY, a path, a resolved scenario; `+POLICY` stands on the base.
    policies, sets (``path=value``): laid over every alternative, or over the base if none is named;
    everywhere: sets for the base as well. attribute: Shapley values over what an alternative
    changes. half_width: wished for every interval, in the outcome's own unit. Raises InputError.
    """
    from sim.compare.paired import pair
    from sim.ensemble.job import Control

    began, control = time.perf_counter(), Control(workers, progress, stop)
    arms = read_arms(base, alternatives, policies, sets, everywhere)
    paired = pair(
        arms[0].resolved, [arm.resolved for arm in arms[1:]], replicates, seed,
        names=[arm.name for arm in arms], control=control,
    )  # fmt: skip
    timings = {"runs": time.perf_counter() - began}
    tables = _tables(paired, arms, half_width)
    facts = paired.facts
    timings["tables"] = time.perf_counter() - began - sum(timings.values())
    if attribute:
        from sim.compare.attribution import attribute_all

        found, more = attribute_all(arms, paired, control)
        tables["attribution"], facts = found, (*facts, *more)
        timings["attribution"] = time.perf_counter() - began - sum(timings.values())
    return Comparison(
        tuple(arms), seed, replicates, tables, paired.failed(), facts, half_width, timings
    )


def _tables(
    paired: PairedRuns, arms: Sequence[Spec], half_width: float | None
) -> dict[str, pl.DataFrame]:
    from sim.compare import tables
    from sim.compare.changes import changes

    return {
        "differences": tables.differences(paired, half_width),
        "groups": tables.paths(paired),
        "countries": tables.economies(paired),
        "switching": tables.switching(paired),
        "outcomes": tables.runs(paired),
        "changes": changes(arms),
    }
