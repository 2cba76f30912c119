"""Runs an ensemble in blocks of sixteen on threads; memory is flat in the number of runs.

Replicates 16 k to 16 k + 15 are block k whoever computes it, and blocks are merged in their order,
so the bytes of the results do not depend on the number of workers. A block's state fits into the
processor's caches; a wider one would wait for memory. A run whose numbers stop being finite fails
alone: its block is taken back and run again without it.
"""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.draws.setting import Setting, make_setting
from sim.ensemble.block import Block, prepare
from sim.ensemble.job import Control, PerThread, RunsBroke, advance, run_blocks, run_until_sound
from sim.lanes.packs import WIDTH
from sim.model.state import Memory
from sim.record.accumulators import Accumulator, begin_block, clear_sums, new_accumulator
from sim.record.ensemble import Ensemble, Failure
from sim.record.plan import plan_results
from sim.record.ranges import Ranges
from sim.record.recorder import Recorder
from sim.record.totals import Totals
from sim.world.build import World

Bools = NDArray[np.bool_]

#: Blocks whose numbers are drawn at once.
DRAWN_TOGETHER = 4


def run_ensemble(
    world: World,
    replicates: int,
    seed: int,
    *,
    with_economies: bool = True,
    with_flows: bool = True,
    control: Control | None = None,
) -> Ensemble:
    """Run replicates 0 .. n-1 of a seed and reduce them. Raises Cancelled."""
    layout, plan = plan_results(world, with_economies=with_economies, with_flows=with_flows)
    found = Ensemble(layout, plan, Totals(layout, plan, replicates))
    control = Control() if control is None else control
    job = _Job(world, seed, found, control)
    blocks = len(range(0, replicates, WIDTH))
    size = WIDTH * min(DRAWN_TOGETHER, -(-blocks // control.workers))
    parts = [range(a, min(a + size, replicates)) for a in range(0, replicates, size)]
    run_blocks(job.work, parts, job.take, control)
    for room in job.rooms.all:
        found.totals.absorb(room.acc)
    found.failures.sort(key=lambda failure: failure.replicate)
    found.clipped.update(sorted(job.clipped.items()))
    return found


class _Room:
    """A worker's memory: its counts, and the state of the block at hand."""

    def __init__(self, acc: Accumulator) -> None:
        self.acc, self.ranges = acc, Ranges(acc)
        self.memory: Memory | None = None


class _Job:
    """What the blocks of an ensemble have in common."""

    def __init__(self, world: World, seed: int, found: Ensemble, control: Control) -> None:
        self.world, self.seed, self.found, self.control = world, seed, found, control
        self.prepared, self.lock = prepare(world), threading.Lock()
        self.clipped: Counter[str] = Counter()
        count = found.totals.n_runs
        self.rooms = PerThread(
            lambda: _Room(new_accumulator(found.layout, found.plan, count)),
        )

    def work(self, replicates: range) -> tuple[list[Failure], dict[str, int]]:
        """Run some blocks into the totals; failures, and draws held back by a range."""
        room, failures = self.rooms.mine(), []
        setting = make_setting(self.world, self.seed, tuple(replicates))
        for at in range(0, len(replicates), WIDTH):
            part = setting.part(at, at + WIDTH)
            everyone = np.ones(len(part.replicates), dtype=np.bool_)
            block = run_until_sound(everyone, partial(self._attempt, part, room))
            with self.lock:
                self.found.totals.put_outcomes(replicates[at], room.acc, block.live)
                self.found.totals.merge(replicates[at] // WIDTH, room.acc)
            failures += block.failures
            self.control.tell(len(block.live))
        return failures, setting.numbers.clipped

    def take(self, worked: tuple[list[Failure], dict[str, int]]) -> None:
        """Keep what `work` came to."""
        self.found.failures += worked[0]
        self.clipped.update(worked[1])

    def _attempt(self, setting: Setting, room: _Room, live: Bools) -> None:
        """Run and reduce a block; where a run breaks, take all of it back."""
        block = Block(self.prepared, setting, room.memory)
        room.memory = block.memory
        recorder = Recorder(self.prepared.seen, self.found.plan, room.acc, 1)
        begin(block, recorder, live)
        room.ranges.keep()
        try:
            advance(block, self.world.shape[0], recorder, self.control, live)
        except RunsBroke:
            again = Block(self.prepared, setting)
            begin(again, recorder, live)
            # The month in which a run breaks as well: its economies were recorded.
            again.advance(block.month + 1, recorder._replace(adding=-1))
            clear_sums(room.acc)
            room.ranges.restore()
            raise


def begin(block: Block, recorder: Recorder, live: Bools) -> None:
    """Make a recorder ready for a new block, of which the runs `live` [L] count."""
    numbers, work = block.given, recorder.acc.work
    potential, revocability = numbers.segments.potential, numbers.offerings.revocability
    begin_block(recorder.acc, recorder.plan, potential, revocability)
    work.live[:] = 0.0
    work.live[: len(live)] = live
