"""How blocks of runs are worked on, whoever wants them: a run, a comparison, the live page.

`run_blocks` gives parts of a job to threads and takes their results in the order of the parts, so
that no result depends on who computed what. `advance` runs a block's months and looks between years
at whether the job was called off. Where a run's numbers stop being finite it raises `RunsBroke`;
`run_until_sound` then runs the block again without that run, which fails alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.block import Block
from sim.errors import Cancelled
from sim.interrupt import raise_if_asked
from sim.lanes.held import held
from sim.record.ensemble import Failure

Bools = NDArray[np.bool_]

#: Months between two looks at whether the job was called off (a hundredth of a second).
MONTHS = 12
#: Seconds between two such looks of somebody who waits for threads.
LOOK_S = 0.05


class Control:
    """Threads of one job, who is told how far it is, and what calls it off."""

    def __init__(
        self,
        workers: int = 1,
        progress: Callable[[int], None] | None = None,
        stop: threading.Event | None = None,
        pause: Callable[[], None] | None = None,
    ) -> None:
        """progress(runs) is told how many more runs finished; stop: set by whoever wants the job to
        end; pause() may hold up work between two years of a block, for others to go first.
        """
        self.workers = max(1, workers)
        self._stop, self._over = stop, threading.Event()
        self._progress, self._pause, self._lock = progress, pause, threading.Lock()

    def check(self) -> None:
        """Raise Cancelled once the job was called off, by its owner, an error, or Ctrl-C."""
        if self._over.is_set() or (self._stop is not None and self._stop.is_set()):
            raise Cancelled
        raise_if_asked()

    def rest(self) -> None:
        """The same between two parts of the work, after letting others go first."""
        if self._pause is not None:
            self._pause()
        self.check()

    def call_off(self) -> None:
        """Let all threads of this job end; whoever gave `stop` may have other jobs, which go on."""
        self._over.set()

    def tell(self, runs: int) -> None:
        """Tell whoever wants to know that so many more runs finished."""
        if self._progress is not None:
            with self._lock:
                self._progress(runs)


class PerThread[R]:
    """Something that every thread of a job makes once for itself."""

    def __init__(self, make: Callable[[], R]) -> None:
        self.all: list[R] = []
        self._make, self._own, self._lock = make, threading.local(), threading.Lock()

    def mine(self) -> R:
        """The calling thread's."""
        if not hasattr(self._own, "value"):
            self._own.value = self._make()
            with self._lock:
                self.all.append(self._own.value)
        found: R = self._own.value
        return found


def run_blocks[P, R](
    work: Callable[[P], R],
    parts: Iterable[P],
    take: Callable[[R], object],
    control: Control,
    pool: ThreadPoolExecutor | None = None,
) -> None:
    """Work on every part on threads; results are taken on this one, in the order of the parts.

    pool: threads that others use too. No more parts are begun than there are workers and one that
    waits. After an error, or Cancelled, the others end with their year before it is raised.
    """
    threads = ThreadPoolExecutor(control.workers) if pool is None else pool
    waiting: deque[Future[R]] = deque()
    ahead = iter(parts)
    try:
        while True:
            for part in islice(ahead, control.workers + 1 - len(waiting)):
                waiting.append(threads.submit(work, part))
            if not waiting:
                return
            while not wait([waiting[0]], timeout=LOOK_S).done:
                control.check()
            take(waiting.popleft().result())
    except BaseException:
        control.call_off()
        wait([future for future in waiting if not future.cancel()])
        raise
    finally:
        if pool is None:
            threads.shutdown()


class RunsBroke(Exception):  # noqa: N818 - a signal to `run_until_sound`
    """Runs of a block are not finite any more."""

    def __init__(self, block: Block, broken: Bools) -> None:
        """The block stands in the month; broken [L]: which of its runs."""
        super().__init__(block.setting.replicates)
        self.block, self.broken = block, broken
        month = block.world.resolved.horizon.label(block.month)
        self.failures = []
        for j in map(int, np.flatnonzero(broken)):
            equation, iso3 = block.where_broken(j)
            self.failures.append(Failure(block.setting.replicates[j], iso3, month, equation))


class Sound[R](NamedTuple):
    """What an attempt came to with the runs that lived."""

    result: R
    live: Bools  # [L]
    failures: list[Failure]


def run_until_sound[R](live: Bools, attempt: Callable[[Bools], R]) -> Sound[R]:
    """Attempt a block with the runs `live` [L], and again without those that break."""
    failures: list[Failure] = []
    while True:
        try:
            return Sound(attempt(live), live, failures)
        except RunsBroke as found:
            failures += found.failures
            live = live & ~found.broken


def advance(block: Block, months: int, watcher: Any, control: Control, live: Bools) -> None:  # noqa: ANN401
    """The next months of a block, looked on at by a watcher (`sim.model.watch`).

    Raises RunsBroke where one of the runs `live` [L] breaks, and Cancelled.
    """
    watcher, end = held(watcher), block.month + 1 + months
    while (left := end - block.month - 1) > 0:
        control.rest()
        if block.advance(min(MONTHS, left), watcher) < min(MONTHS, left):
            break
    broken = block.broken()[: len(live)] & live
    if broken.any():
        raise RunsBroke(block, broken)


def each_month(block: Block, months: int, control: Control) -> Iterator[int]:
    """Advance a block month by month; yields the month just done. Raises Cancelled."""
    for _ in range(months):
        control.rest()
        block.step()
        yield block.month
