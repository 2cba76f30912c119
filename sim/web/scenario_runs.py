"""All runs of one scenario so far, in the order of their replicates."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.ensemble.block import Prepared, prepare
from sim.web.block_runs import BlockRuns, Plan, Singles
from sim.web.snapshot import Snapshot
from sim.world.build import World

#: What of a block is kept for all runs together.
SUMS = ("share_sum", "leading", "adopted_sum")


@dataclass
class ScenarioRuns:
    """Replicates 0 .. done - 1 of a seed.

    Sums of floats are added in the order of replicates, so what is shown does not depend on which
    thread was first.
    """

    world: World
    plan: Plan
    like: Prepared | None = None
    """Of a world whose results look the same."""
    snapshot: Snapshot | None = None
    """The first block of this scenario, or of one like it, after some months."""
    blocks: list[BlockRuns] = field(default_factory=list)
    done: int = 0
    """Replicates run so far, failed ones included."""
    share_sum: Singles | None = None
    leading: np.ndarray | None = None
    adopted_sum: Singles | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever runs further replicates."""

    def add(self, block: BlockRuns) -> None:
        """Take the next block."""
        leading = block.leading.astype(np.int32)
        with self.lock:
            self.done += len(block.live)
            if self.share_sum is None or self.leading is None or self.adopted_sum is None:
                self.share_sum, self.adopted_sum = block.share_sum, block.adopted_sum
                self.leading = leading
            else:
                self.share_sum = self.share_sum + block.share_sum
                self.leading = self.leading + leading
                self.adopted_sum = self.adopted_sum + block.adopted_sum
            # Sums are kept once, not block by block.
            sums = {name: getattr(block, name)[:0] for name in SUMS}
            self.blocks.append(replace(block, **sums))

    def so_far(self) -> ScenarioRuns:
        """What there is now, to be shown while others add to it."""
        with self.lock:
            lock, turn = threading.Lock(), threading.Lock()
            return replace(self, blocks=list(self.blocks), lock=lock, turn=turn)

    @cached_property
    def prepared(self) -> Prepared:
        """What every block of this world reads."""
        return prepare(self.world, self.like)

    @property
    def live(self) -> int:
        """Replicates whose numbers stayed finite."""
        return int(sum(block.live.sum() for block in self.blocks))

    def gather(self, name: str) -> Singles:
        """A field of all blocks, live runs only, along the last axis."""
        parts = [
            part if block.live.all() else part[..., block.live]
            for block in self.blocks
            if (part := getattr(block, name)) is not None
        ]
        return np.concatenate(parts, axis=-1)

    def whole(self, name: str) -> Singles:
        """The same with every replicate in its place, NaN where it failed."""
        undefined = np.float32("nan")
        parts = [np.where(block.live, getattr(block, name), undefined) for block in self.blocks]
        return np.concatenate(parts, axis=-1)
