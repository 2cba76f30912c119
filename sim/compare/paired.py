"""Arms of a comparison run side by side on common random numbers.

All arms of a replicate share every draw: same seed, same names, same keys. A block of replicates of
all arms is stepped month by month together, their differences are added up and forgotten, so memory
does not grow with the number of replicates (only the named outcomes are kept run by run). What a
block holds follows from the number of replicates, and blocks are merged in their order: the bytes
do not depend on the number of workers. A replicate that fails in one arm is left out of all.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.compare import tables as paired_tables
from sim.compare.axes import Arm, CommonAxes, line_up, resolved_of
from sim.compare.block import PairedBlock
from sim.compare.cells import empty_cells
from sim.compare.paired_runs import PairedRuns
from sim.errors import SchemaError, SpheresError
from sim.lanes.packs import WIDTH
from sim.record.ensemble import Failure
from sim.scenario import Resolved

if TYPE_CHECKING:
    import polars as pl

    from sim.world.build import World
    from sim.world.tables import SeedTables


class Paired(PairedRuns):
    """Arms after their runs, and the tables of their differences."""

    def runs(self) -> pl.DataFrame:
        """Named outcomes run by run: arm, replicate, outcome, period, value."""
        return paired_tables.runs(self)

    def differences(self, half_width: float | None = None) -> pl.DataFrame:
        """Differences of named outcomes (`tables.differences`)."""
        return paired_tables.differences(self, half_width)

    def paths(self) -> pl.DataFrame:
        """Differences of groups and world series by month (`tables.paths`)."""
        return paired_tables.paths(self)

    def economies(self) -> pl.DataFrame:
        """Differences of economies in recorded months (`tables.economies`)."""
        return paired_tables.economies(self)

    def switching(self) -> pl.DataFrame:
        """Who uses what in the base and what in the alternative (`tables.switching`)."""
        return paired_tables.switching(self)


def pair(
    base: Resolved,
    alternatives: Sequence[Resolved],
    replicates: int,
    seed: int,
    *,
    names: Sequence[str] = (),
    workers: int = 1,
    paths: bool = True,
    spread: bool = True,
    order: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Paired:
    """Run replicates 0 .. n-1 of a base and its alternatives on the same draws.

    names: of the arms, the base first; the scenarios' own if left out. paths=False keeps named
    outcomes only, and steps arm after arm. order: economies to keep (ISO3). progress(runs) is
    called with the number of runs that finished, arms counted singly. Raises InputError,
    Cancelled, and SpheresError if no replicate lived in all arms.
    """
    if replicates < 1 or not alternatives:
        raise SchemaError("a comparison takes at least one alternative and one replicate")
    called = tuple(names) or tuple(one.name for one in (base, *alternatives))
    axes, arms, facts = line_up(called, [_world(one, order) for one in (base, *alternatives)])
    job = _Job(arms, axes, replicates, seed, spread, paths, progress, stop or threading.Event())
    job.run(workers)
    if not job.live.any():
        name, first = job.failures[0]
        raise SpheresError(f"no replicate lived in every arm; {name} failed in {first.month}")
    warnings = (f"{one.name}: {f}" for one in arms for f in one.world.resolved.warnings)
    facts = (*warnings, *facts)
    return Paired(
        axes, called, resolved_of(arms), seed, replicates, job.outcomes, job.live,
        tuple(job.cells), tuple(job.failures), tuple(dict.fromkeys(facts)),
    )  # fmt: skip


@cache
def _tables() -> SeedTables:
    from sim.world.tables import load_tables

    return load_tables()


def _world(resolved: Resolved, order: Sequence[str] | None) -> World:
    from sim.world.build import build_world

    return build_world(resolved, _tables(), order)


class _Job:
    """One comparison, shared by its workers."""

    def __init__(
        self,
        arms: tuple[Arm, ...],
        axes: CommonAxes,
        replicates: int,
        seed: int,
        spread: bool,
        paths: bool,
        progress: Callable[[int], None] | None,
        stop: threading.Event,
    ) -> None:
        self.arms, self.axes, self.replicates = arms, axes, replicates
        self.seed, self.spread, self.paths = seed, spread, paths
        self.progress, self.stop = progress, stop
        shape = (len(arms), len(axes.outcomes), len(axes.outcome_months), replicates)
        self.outcomes = np.full(shape, np.nan)
        self.live = np.zeros(replicates, dtype=np.bool_)
        self.cells = [empty_cells(axes) for _ in arms[1:]] if paths else []
        self.failures: list[tuple[str, Failure]] = []
        self.own = threading.local()

    def run(self, workers: int) -> None:
        """Run all blocks on threads and merge them in their order."""
        count = max(1, workers)
        with ThreadPoolExecutor(count) as pool:
            try:
                for block in self._in_order(pool, count):
                    self._absorb(block)
            except BaseException:
                self.stop.set()  # the others end within a month of theirs
                raise

    def _in_order(self, pool: ThreadPoolExecutor, count: int) -> Iterator[PairedBlock]:
        """Finished blocks; no more are begun than workers and one that waits."""
        waiting: list[Future[PairedBlock]] = []
        for first in range(0, self.replicates, WIDTH):
            waiting.append(pool.submit(self._work, first))
            if len(waiting) > count:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()

    def _work(self, first: int) -> PairedBlock:
        block = PairedBlock(self.arms, self.axes, first, self.replicates, self.paths)
        block.run(self.seed, self.spread, self.own, self.stop)
        if self.progress is not None:
            self.progress(len(self.arms) * min(WIDTH, self.replicates - first))
        return block

    def _absorb(self, block: PairedBlock) -> None:
        last = min(block.first + WIDTH, self.replicates)
        self.live[block.first : last] = block.live[: last - block.first]
        for a, outcome in enumerate(block.outcomes):
            self.outcomes[a, :, :, block.first : last] = outcome[:, :, : last - block.first]
        for mine, theirs in zip(self.cells, block.cells, strict=True):
            mine.absorb(theirs)
        self.failures += block.failures
