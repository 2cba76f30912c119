"""Smallest and largest values of cells: what was added is taken back exactly, but not these."""

from __future__ import annotations

import numpy as np

from sim.record.accumulators import Accumulator


class Ranges:
    """Ranges of an accumulator's cells as they were when `keep` was called."""

    def __init__(self, acc: Accumulator) -> None:
        self._now = acc.book.cells.low, acc.book.cells.high
        self._then = tuple(np.empty_like(values) for values in self._now)

    def keep(self) -> None:
        """Remember them as they are."""
        for then, now in zip(self._then, self._now, strict=True):
            np.copyto(then, now)

    def restore(self) -> None:
        """Put them back."""
        for then, now in zip(self._then, self._now, strict=True):
            np.copyto(now, then)
