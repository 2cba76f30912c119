"""All runs of one scenario so far; blocks are taken in the order of their replicates."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.ensemble.block import Prepared, prepare
from sim.ensemble.snapshot import Snapshot
from sim.web.reading import Plan, Reading, Singles
from sim.world.build import World


@dataclass
class History:
    """Readings of replicates 0 .. runs - 1 of a seed.

    Sums of floats are added in the order of replicates, so what is shown does not depend on which
    thread was first.
    """

    world: World
    plan: Plan
    like: Prepared | None = None
    """Of a world whose results look the same."""
    kept: Snapshot | None = None
    """The first block of this scenario, or of one like it, after some months."""
    readings: list[Reading] = field(default_factory=list)
    early: dict[int, Reading] = field(default_factory=dict)
    """Blocks that wait for one before them: first replicate -> reading."""
    asked: int = 0
    """Replicates run so far, failed ones included."""
    share_sum: Singles | None = None
    leading: np.ndarray | None = None
    adopted_sum: Singles | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever runs further replicates."""

    def add(self, first: int, reading: Reading) -> None:
        """Take the block whose first replicate is `first`."""
        with self.lock:
            self.early[first] = reading
            while (ready := self.early.pop(self.asked, None)) is not None:
                self._append(ready)

    def _append(self, reading: Reading) -> None:
        self.asked += len(reading.runs)
        if self.share_sum is None or self.leading is None or self.adopted_sum is None:
            self.share_sum = reading.share_sum.copy()
            self.leading = reading.leading.astype(np.int32)
            self.adopted_sum = reading.adopted_sum.copy()
        else:
            self.share_sum += reading.share_sum
            self.leading += reading.leading
            self.adopted_sum += reading.adopted_sum
        nothing = np.zeros((0, 0), np.float32)  # sums are kept once, not block by block
        self.readings.append(
            replace(
                reading,
                share_sum=nothing[None],
                leading=nothing[None].astype(np.int16),
                adopted_sum=nothing,
            )
        )

    def so_far(self) -> History:
        """What there is now, to be shown while others add to it."""
        with self.lock:
            return replace(
                self,
                readings=list(self.readings),
                early={},
                share_sum=_copied(self.share_sum),
                leading=_copied(self.leading),
                adopted_sum=_copied(self.adopted_sum),
                lock=threading.Lock(),
                turn=threading.Lock(),
            )

    @cached_property
    def prepared(self) -> Prepared:
        """What every block of this world reads."""
        return prepare(self.world, self.like)

    @property
    def live(self) -> int:
        """Replicates whose numbers stayed finite."""
        return int(sum(reading.runs.sum() for reading in self.readings))

    def gather(self, name: str) -> Singles:
        """A field of all readings, live runs only, along the last axis."""
        parts = [
            part if reading.runs.all() else part[..., reading.runs]
            for reading in self.readings
            if (part := getattr(reading, name)) is not None
        ]
        return np.concatenate(parts, axis=-1)

    def whole(self, name: str) -> Singles:
        """The same with every replicate in its place, NaN where it failed."""
        parts = [
            np.where(reading.runs, getattr(reading, name), np.float32("nan"))
            for reading in self.readings
        ]
        return np.concatenate(parts, axis=-1)


def _copied[A: np.ndarray](array: A | None) -> A | None:
    return None if array is None else array.copy()
