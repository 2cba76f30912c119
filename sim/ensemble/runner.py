"""Runs an ensemble in blocks of lanes on threads; memory is flat in the number of runs.

What a block holds follows from the number of replicates alone, never from the number of workers,
and blocks are merged in their order, so the bytes of the results do not depend on who computed
what. A lane whose numbers stop being finite fails alone: its block is taken back and run again
without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import make_setting
from sim.ensemble.block import Block, Prepared, prepare
from sim.errors import Cancelled
from sim.results.accumulators import Accumulator, begin_block, clear_sums, new_accumulator
from sim.results.channels import make_instruments
from sim.results.ensemble import Ensemble, Failure
from sim.results.layout import Layout
from sim.results.plan import plan_results, world_series
from sim.results.reduce import reduce_month
from sim.results.statics import Statics
from sim.results.totals import Totals
from sim.world.build import World

MAX_LANES = 64
MIN_LANES = 16


def lanes_for(replicates: int) -> int:
    """Lanes of a block: half the replicates in steps of 16, 64 at most."""
    half = (replicates + 1) // 2
    return min(MAX_LANES, max(MIN_LANES, -(-half // MIN_LANES) * MIN_LANES))


def run_ensemble(
    world: World,
    replicates: int,
    seed: int,
    *,
    workers: int = 1,
    with_economies: bool = True,
    with_flows: bool = True,
    spread: bool = True,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Ensemble:
    """Run replicates 0 .. n-1 of a seed and reduce them.

    progress(runs) is called with the number of runs that finished; `stop` is looked at every month
    of every block. Raises Cancelled.
    """
    layout, statics = plan_results(world, with_economies=with_economies, with_flows=with_flows)
    stop = threading.Event() if stop is None else stop
    job = _Job(world, prepare(world), layout, statics, replicates, seed, spread, progress, stop)
    width = lanes_for(replicates)
    blocks: SimpleQueue[tuple[int, int]] = SimpleQueue()
    for number, first in enumerate(range(0, replicates, width)):
        blocks.put((number, first))
    count = min(max(1, workers), blocks.qsize())
    with ThreadPoolExecutor(count) as pool:
        done = [pool.submit(job.work, blocks, width) for _ in range(count)]
        try:
            accumulators = [future.result() for future in done]
        except BaseException:
            stop.set()  # the others end within a month of theirs
            raise
    for accumulator in accumulators:
        job.totals.absorb(accumulator)
    job.failures.sort(key=lambda failure: failure.replicate)
    clipped = {path: job.clipped[path] for path in sorted(job.clipped)}
    return Ensemble(layout, statics, job.totals, job.failures, clipped)


class _Job:
    """One ensemble, shared by its workers."""

    def __init__(
        self,
        world: World,
        prepared: Prepared,
        layout: Layout,
        statics: Statics,
        replicates: int,
        seed: int,
        spread: bool,
        progress: Callable[[int], None] | None,
        stop: threading.Event | None,
    ) -> None:
        self.world, self.prepared, self.layout, self.statics = world, prepared, layout, statics
        self.replicates, self.seed, self.spread = replicates, seed, spread
        self.progress, self.stop = progress, stop
        self.seen = make_instruments(world)
        self.bills = (statics.record_slot >= 0) | (statics.outcome_slot >= 0)
        self.totals = Totals(layout, statics, replicates)
        self.failures: list[Failure] = []
        self.clipped: dict[str, int] = {}
        self.lock = threading.Lock()

    def work(self, blocks: SimpleQueue[tuple[int, int]], width: int) -> Accumulator:
        """Take blocks until none is left; returns this worker's counts."""
        acc = new_accumulator(self.layout, self.statics, width, self.replicates)
        while (task := _next(blocks)) is not None:
            number, first = task
            live = self.run_block(first, width, acc)
            with self.lock:
                self.totals.put_outcomes(first, acc, live)
                self.totals.merge(number, acc)
                if self.progress is not None:
                    self.progress(min(width, self.replicates - first))
        return acc

    def run_block(self, first: int, width: int, acc: Accumulator) -> NDArray[np.bool_]:
        """Run and reduce the lanes first .. first + width - 1; True for those that lived."""
        lanes = tuple(range(first, first + width))
        live = np.array([lane < self.replicates for lane in lanes])
        while True:
            failed = self.pass_through(lanes, live, acc, 1)
            if failed is None:
                return live
            month, dead = failed
            self.pass_through(lanes, live, acc, -1, until=month)
            clear_sums(acc)
            live = live & ~dead

    def pass_through(
        self,
        lanes: Sequence[int],
        live: NDArray[np.bool_],
        acc: Accumulator,
        count: int,
        until: int | None = None,
    ) -> tuple[int, NDArray[np.bool_]] | None:
        """One pass over the months; (month, lanes) if live lanes broke, before they are reduced.

        count=-1 takes the months before `until` back.
        """
        setting = make_setting(self.world, self.seed, _stand_ins(lanes, live), self.spread)
        if count > 0:
            self.note_clipped(setting.numbers.clipped)
        block = Block(self.prepared, setting)
        begin_block(acc)
        months = self.world.shape[0] if until is None else until
        for t in range(months):
            if self.stop is not None and self.stop.is_set():
                raise Cancelled
            block.step(keep_bill=bool(self.bills[t]))
            broken = block.broken() & live
            if broken.any():
                self.note_failures(block, lanes, broken)
                return t, broken
            reduce_month(
                t,
                block.lanes.share,
                block.lanes.adoption,
                block.lanes.bill,
                block.supply.tokens,
                setting.numbers.segments.churn,
                world_series(
                    self.seen,
                    block.supply,
                    block.lanes.scarcity,
                    block.lanes.share,
                    block.lanes.adoption,
                    setting.numbers.params,
                ),
                live,
                count,
                self.statics,
                acc,
            )
        return None

    def note_clipped(self, clipped: dict[str, int]) -> None:
        """Count draws that a range held back."""
        with self.lock:
            for path, held in clipped.items():
                self.clipped[path] = self.clipped.get(path, 0) + held

    def note_failures(self, block: Block, lanes: Sequence[int], broken: NDArray[np.bool_]) -> None:
        """Remember which replicates broke, where it shows first, and when."""
        label = self.world.resolved.horizon.label(block.month)
        for j in np.flatnonzero(broken):
            equation, iso3 = block.where_broken(int(j))
            with self.lock:
                self.failures.append(Failure(lanes[int(j)], iso3, label, equation))


def _next(blocks: SimpleQueue[tuple[int, int]]) -> tuple[int, int] | None:
    try:
        return blocks.get_nowait()
    except Empty:
        return None


def _stand_ins(lanes: Sequence[int], live: NDArray[np.bool_]) -> tuple[int, ...]:
    """The lanes with those that do not count replaced by one that does: no number is undefined."""
    if not live.any():
        return tuple(lanes)
    double = lanes[int(np.flatnonzero(live)[0])]
    return tuple(lane if live[j] else double for j, lane in enumerate(lanes))
