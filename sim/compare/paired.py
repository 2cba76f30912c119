"""Arms of a comparison run side by side on common random numbers.

All arms of a replicate share every draw: same seed, same names, same keys. The arms of a block of
replicates are run one after the other, their differences are added up and forgotten, so memory does
not grow with the number of replicates (only the named outcomes are kept run by run). What a
block holds follows from the number of replicates, and blocks are merged in their order: the bytes
do not depend on the number of workers. A replicate that fails in one arm is left out of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from sim.compare.axes import line_up, resolved_of
from sim.compare.block import PairedBlock, PairedJob
from sim.compare.cells import empty_cells
from sim.compare.paired_runs import PairedRuns
from sim.ensemble.job import Control, run_blocks
from sim.errors import SchemaError, SpheresError
from sim.lanes.packs import WIDTH
from sim.scenario import Resolved

if TYPE_CHECKING:
    from sim.world.build import World
    from sim.world.tables import SeedTables


def pair(
    base: Resolved,
    alternatives: Sequence[Resolved],
    replicates: int,
    seed: int,
    *,
    names: Sequence[str] = (),
    paths: bool = True,
    order: Sequence[str] | None = None,
    control: Control | None = None,
) -> PairedRuns:
    """Run replicates 0 .. n-1 of a base and its alternatives on the same draws.

    names: of the arms, the base first; the scenarios' own if left out. paths=False keeps named
    outcomes only. order: economies to keep (ISO3). control: told of runs that finished, arms
    counted singly. Raises InputError, Cancelled, and SpheresError if no replicate lived everywhere.
    """
    if replicates < 1 or not alternatives:
        raise SchemaError("a comparison takes at least one alternative and one replicate")
    called = tuple(names) or tuple(one.name for one in (base, *alternatives))
    axes, arms, facts = line_up(called, [_world(one, order) for one in (base, *alternatives)])
    control = Control() if control is None else control
    warnings = (f"{one.name}: {f}" for one in arms for f in one.world.resolved.warnings)
    shape = (len(arms), len(axes.outcomes), len(axes.outcome_months), replicates)
    found = PairedRuns(
        axes=axes,
        names=called,
        resolved=resolved_of(arms),
        seed=seed,
        replicates=replicates,
        outcomes=np.full(shape, np.nan),
        live=np.zeros(replicates, dtype=np.bool_),
        cells=tuple(empty_cells(axes) for _ in arms[1:]) if paths else (),
        failures=[],
        facts=tuple(dict.fromkeys((*warnings, *facts))),
    )
    job = PairedJob(arms, axes, replicates, seed, paths, control)
    run_blocks(job.run, range(0, replicates, WIDTH), partial(_absorb, found), control)
    if not found.live.any():
        name, first = found.failures[0]
        raise SpheresError(f"no replicate lived in every arm; {name} failed in {first.month}")
    return found


def _absorb(found: PairedRuns, block: PairedBlock) -> None:
    """Add the next block."""
    found.failures.extend(block.failures)
    if not block.live.any():
        return
    last = min(block.first + WIDTH, found.replicates)
    here, lanes = slice(block.first, last), slice(last - block.first)
    found.live[here] = block.live[lanes]
    for mine, outcome in zip(found.outcomes, block.outcomes, strict=True):
        mine[:, :, here] = outcome[:, :, lanes]
    for cells, theirs in zip(found.cells, block.cells, strict=True):
        cells.absorb(theirs)


@cache
def _tables() -> SeedTables:
    from sim.world.tables import load_tables

    return load_tables()


def _world(resolved: Resolved, order: Sequence[str] | None) -> World:
    from sim.world.build import build_world

    return build_world(resolved, _tables(), order)
