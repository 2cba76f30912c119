"""All chunks of all workers, merged the same way whoever computed them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import SpheresError
from sim.record.accumulators import Accumulator, clear_sums, sums
from sim.record.layout import Layout
from sim.record.plan_arrays import ReductionPlan


class Totals:
    """Everything the tables need.

    `merge(chunk, acc)` takes the sums of one finished chunk (numbered from 0; one that comes early
    waits as a copy) and empties them in ``acc``; `put_outcomes` after every block of lanes;
    `absorb(acc)` once per worker at the end; then `finish`. A chunk may be one block of lanes or
    several; what it holds must follow from the design, not from the workers. Hold a lock around
    `merge` and `put_outcomes` when several threads call.
    """

    def __init__(self, layout: Layout, plan: ReductionPlan, n_runs: int) -> None:
        self.layout = layout
        self.plan = plan
        self.n_runs = n_runs
        shape = (len(layout.outcomes), len(layout.outcome_months), n_runs)
        self.outcomes = np.full(shape, np.nan)  # [N, K, replicates]
        self.live = np.zeros(n_runs, dtype=np.bool_)  # replicates that did not fail
        self._sums: list[NDArray[Any]] | None = None
        self._waiting: dict[int, list[NDArray[Any]]] = {}
        self._next = 0
        self._counts: Accumulator | None = None

    def merge(self, chunk: int, acc: Accumulator) -> None:
        """Add the sums of a chunk, in the order of chunks."""
        if chunk == self._next:
            self._add(sums(acc))
        else:
            self._waiting[chunk] = [field.copy() for field in sums(acc)]
        while self._next in self._waiting:
            self._add(self._waiting.pop(self._next))
        clear_sums(acc)

    def _add(self, fields: list[NDArray[Any]]) -> None:
        if self._sums is None:
            self._sums = [field.copy() for field in fields]
        else:
            for total, field in zip(self._sums, fields, strict=True):
                total += field
        self._next += 1

    def put_outcomes(self, first: int, acc: Accumulator, live: NDArray[np.bool_]) -> None:
        """Keep the outcomes of the lanes at hand; lane 0 is replicate ``first``. Padding lanes
        beyond the last replicate are dropped.
        """
        count = min(len(live), self.n_runs - first)
        self.outcomes[:, :, first : first + count] = acc.outcome[:, :, :count]
        self.live[first : first + count] = live[:count]

    def absorb(self, acc: Accumulator) -> None:
        """Add a worker's counts; the first worker's arrays are taken over, not copied."""
        if self._counts is None:
            self._counts = acc
            return
        mine, other = self._counts.book.cells, acc.book.cells
        np.minimum(mine.low, other.low, out=mine.low)
        np.maximum(mine.high, other.high, out=mine.high)
        np.add(mine.hits, other.hits, out=mine.hits)
        np.add(mine.hist, other.hist, out=mine.hist)

    def finish(self) -> Accumulator:
        """Sums and counts of every chunk. Raises SpheresError if a chunk was never merged."""
        if self._counts is None or self._sums is None or self._waiting:
            missing = f"chunk {self._next} was not" if self._waiting else "nothing was"
            raise SpheresError(f"results are incomplete: {missing} merged")
        for mine, total in zip(sums(self._counts), self._sums, strict=True):
            mine[...] = total
        return self._counts
