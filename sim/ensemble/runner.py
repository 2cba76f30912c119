"""Runs an ensemble in blocks of sixteen on threads; memory is flat in the number of runs.

Replicates 16 k to 16 k + 15 are block k whoever computes it, and blocks are merged in their order,
so the bytes of the results do not depend on the number of workers. A block's state fits into the
processor's caches; a wider one would wait for memory. A run whose numbers stop being finite fails
alone: its block is taken back and run again without it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting, make_setting
from sim.ensemble.block import Block, Prepared, prepare
from sim.errors import Cancelled
from sim.lanes.packs import WIDTH
from sim.model.state import Memory
from sim.record.accumulators import Accumulator, clear_sums, new_accumulator
from sim.record.ensemble import Ensemble, Failure
from sim.record.layout import Layout
from sim.record.plan import plan_results
from sim.record.plan_arrays import Plan
from sim.record.recorder import Recorder
from sim.record.totals import Totals
from sim.world.build import World

#: Blocks whose numbers are drawn at once.
DRAWN_TOGETHER = 4


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

    progress(runs) is called with the number of runs that finished; `stop` is looked at before every
    block (a tenth of a second). Raises Cancelled.
    """
    layout, plan = plan_results(world, with_economies=with_economies, with_flows=with_flows)
    stop = threading.Event() if stop is None else stop
    job = _Job(world, prepare(world), layout, plan, replicates, seed, spread, progress, stop)
    tasks: SimpleQueue[range] = SimpleQueue()
    count = len(range(0, replicates, WIDTH))
    workers = min(max(1, workers), count)
    size = WIDTH * min(DRAWN_TOGETHER, -(-count // workers))
    for first in range(0, replicates, size):
        tasks.put(range(first, min(first + size, replicates)))
    with ThreadPoolExecutor(workers) as pool:
        done = [pool.submit(job.work, tasks) for _ in range(workers)]
        try:
            accumulators = [future.result() for future in done]
        except BaseException:
            stop.set()  # the others end with their block
            raise
    for accumulator in accumulators:
        job.totals.absorb(accumulator)
    job.failures.sort(key=lambda failure: failure.replicate)
    clipped = {path: job.clipped[path] for path in sorted(job.clipped)}
    return Ensemble(layout, plan, job.totals, job.failures, clipped)


class _Job:
    """One ensemble, shared by its workers."""

    def __init__(
        self,
        world: World,
        prepared: Prepared,
        layout: Layout,
        plan: Plan,
        replicates: int,
        seed: int,
        spread: bool,
        progress: Callable[[int], None] | None,
        stop: threading.Event,
    ) -> None:
        self.world, self.prepared, self.layout, self.plan = world, prepared, layout, plan
        self.replicates, self.seed, self.spread = replicates, seed, spread
        self.progress, self.stop = progress, stop
        self.totals = Totals(layout, plan, replicates)
        self.failures: list[Failure] = []
        self.clipped: dict[str, int] = {}
        self.lock = threading.Lock()

    def work(self, tasks: SimpleQueue[range]) -> Accumulator:
        """Take tasks until none is left; returns this worker's counts."""
        acc, room = new_accumulator(self.layout, self.plan, self.replicates), None
        while (task := _next(tasks)) is not None:
            setting = make_setting(self.world, self.seed, tuple(task), self.spread)
            self.note_clipped(setting.numbers.clipped)
            for at in range(0, len(task), WIDTH):
                if self.stop.is_set():
                    raise Cancelled
                block, live = self.run_block(setting.part(at, at + WIDTH), acc, room)
                room = block.memory
                first = task[at]
                with self.lock:
                    self.totals.put_outcomes(first, acc, live)
                    self.totals.merge(first // WIDTH, acc)
                    if self.progress is not None:
                        self.progress(len(live))
        return acc

    def run_block(
        self, setting: Setting, acc: Accumulator, room: Memory | None
    ) -> tuple[Block, NDArray[np.bool_]]:
        """Run and reduce a block; beside it True for the runs that lived."""
        live = np.ones(len(setting.replicates), dtype=np.bool_)
        recorder = Recorder(self.prepared.seen, self.plan, acc, 1)
        months = self.world.shape[0]
        while True:
            block = Block(self.prepared, setting, room)
            broken = block.run(months, live, recorder)
            if not broken.any():
                return block, live
            self.note_failures(block, setting.replicates, broken)
            Block(self.prepared, setting).run(block.month, live, recorder._replace(adding=-1))
            clear_sums(acc)
            live = live & ~broken

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


def _next(tasks: SimpleQueue[range]) -> range | None:
    try:
        return tasks.get_nowait()
    except Empty:
        return None
