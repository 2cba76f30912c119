"""Runs the ensembles behind the page: in stages, cancellable, never more than a few at a time.

A move is answered with 16 replicates first, then 64, then more until `refine_to`. Stages add to one
another: replicate 0 of the first stage is replicate 0 of the last. While anybody waits for a first
stage, refining stands still between two months.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from sim.draws.setting import kept_setting
from sim.ensemble.block import Block
from sim.ensemble.glimpse import MONTHS, Glimpse, watch
from sim.ensemble.snapshot import resume, take
from sim.errors import Busy, Cancelled, SpheresError
from sim.lanes.packs import WIDTH
from sim.record.plan import planned_alike
from sim.scenario import Resolved
from sim.web.history import History
from sim.web.reading import DETAILED, make_plan, new_glimpse, read
from sim.world.build import World, build_world
from sim.world.rebuild import rebuild_world
from sim.world.tables import load_tables

STAGES = (16, DETAILED, 1000)
MOST_CELLS = 4_000_000
"""Months x economies x segments x offerings of one scenario: bounds time and memory."""
_KEPT = 4
_LOOK_S = 0.05
"""Seconds between two looks at whether somebody still waits."""
Progress = Callable[[History, int], None]


@dataclass
class Limits:
    """How much one page may ask of the machine."""

    replicates: int = STAGES[-1]
    ensembles: int = 6
    workers: int = 2
    seed: int = 1


@dataclass
class Ensembles:
    """Worlds and runs of the page, kept between moves."""

    limits: Limits = field(default_factory=Limits)
    histories: OrderedDict[str, History] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hurry: threading.Condition = field(default_factory=threading.Condition)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    """Held by work on the reference model, which takes seconds of one core."""
    hurried: int = 0
    running: int = 0
    own: threading.local = field(default_factory=threading.local)
    """`hurries`: how many of them this thread holds."""

    def __post_init__(self) -> None:
        self.tables = load_tables()
        self.pool = ThreadPoolExecutor(self.limits.workers, thread_name_prefix="block")

    def close(self) -> None:
        """End the threads; what still runs was told to stop before."""
        self.pool.shutdown(wait=False, cancel_futures=True)

    def history(self, resolved: Resolved) -> History:
        """The runs of a scenario so far; a new, empty one where there are none."""
        with self.lock:
            found = self.histories.get(resolved.hash)
            near = next(reversed(self.histories.values()), None)
            if found is not None:
                self.histories.move_to_end(resolved.hash)
                return found
        history = self._new_history(resolved, near)
        with self.lock:
            history = self.histories.setdefault(resolved.hash, history)
            while len(self.histories) > _KEPT:
                self.histories.popitem(last=False)
        return history

    def _new_history(self, resolved: Resolved, near: History | None) -> History:
        if near is None:
            world = self.world(resolved, None)
            return History(world, make_plan(world))
        world = self.world(resolved, near.world)
        if planned_alike(world, near.world):
            return History(world, near.plan, like=near.prepared, kept=near.kept)
        return History(world, make_plan(world))

    def world(self, resolved: Resolved, near: World | None) -> World:
        """The arrays of a scenario, what does not differ from another one taken from it.

        Raises SpheresError for one that is too large for the page.
        """
        months = resolved.horizon.n_months
        cells = months * 198 * len(resolved.segments) * len(resolved.offerings)
        if cells > MOST_CELLS:
            hint = "Run it on the command line, or shorten its horizon"
            raise SpheresError(f"this scenario is too large for the page. {hint}.")
        if near is not None:
            return rebuild_world(near, resolved, self.tables)
        return build_world(resolved, self.tables)

    def stages(self, history: History, stop: threading.Event, progress: Progress) -> Iterator[int]:
        """First numbers and whatever comes after; yields the number of replicates there are.

        progress(history, replicates) is called after every block. Raises Cancelled and Busy.
        """
        with self.place():
            given = self.first(history, stop)
            yield given
            yield from self.further(history, given, stop, progress)

    def first(self, history: History, stop: threading.Event) -> int:
        """See to it that there are first replicates; how many there are. Raises Cancelled.

        May be called in a hurry: what it may have to wait for is a first block of somebody else,
        which never stands still.
        """
        goal = min(STAGES[0], self.limits.replicates)
        while history.asked < goal:
            with _turn(history) as mine:
                if mine and history.asked < goal:
                    # Here, not in the pool: its threads may all be standing still for us.
                    self._block(history, 0, goal, stop, urgent=True)
            if stop.is_set():
                raise Cancelled("a newer move took its place")
        return history.asked

    def further(
        self, history: History, given: int, stop: threading.Event, progress: Progress
    ) -> Iterator[int]:
        """Refine; yields the number of replicates at the end of a stage. Raises Cancelled.

        given: replicates that the caller has seen; there may be more, which others ran meanwhile.
        Of those who ask for one scenario, one runs it and the others look on; where that one is
        called off, another goes on from there. Never to be called in a hurry, which its own blocks
        would stand still for: that is a RuntimeError.
        """
        if getattr(self.own, "hurries", 0):
            raise RuntimeError("refining in a hurry would wait for itself")
        for target in STAGES[1:]:
            goal, told = min(target, self.limits.replicates), given
            if given >= goal:
                continue
            while history.asked < goal:
                with _turn(history) as mine:
                    if mine:
                        self._run(history, goal, stop, progress)
                if stop.is_set():
                    raise Cancelled("a newer move took its place")
                if not mine and history.asked > told:
                    told = history.asked
                    progress(history, told)
            given = history.asked
            yield given

    def _run(self, history: History, goal: int, stop: threading.Event, progress: Progress) -> None:
        """Run replicates from where the history stands to `goal`, on all workers.

        No more blocks stand in line than there are workers, so that the other side gets its turn.
        """
        firsts = iter([k for k in range(history.asked, goal, WIDTH) if k not in history.early])
        waiting: set[Future[None]] = set()
        try:
            while True:
                for first in islice(firsts, self.limits.workers - len(waiting)):
                    count = min(WIDTH, goal - first)
                    work = (history, first, count, stop)
                    waiting.add(self.pool.submit(self._block, *work, urgent=False))
                if not waiting:
                    return
                # They may stand in line behind blocks of the other side: look up meanwhile.
                done, waiting = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                if stop.is_set():
                    raise Cancelled("a newer move took its place")
                for future in done:
                    future.result()
                if done:
                    progress(history, history.asked)
        except BaseException:
            stop.set()
            # Nobody else may run these replicates while a block of them still ends. One that was
            # called off before it began counts as ended.
            wait([future for future in waiting if not future.cancel()])
            raise

    def _block(
        self, history: History, first: int, count: int, stop: threading.Event, *, urgent: bool
    ) -> None:
        """Run one block of lanes and hand its reading over."""
        plan, world = history.plan, history.world
        self._pause(stop, urgent)
        block = Block(
            history.prepared,
            kept_setting(world, self.limits.seed, tuple(range(first, first + count))),
        )
        seen, end = new_glimpse(plan, count, first < DETAILED), world.shape[0]
        parted = _resume(history, block, seen) if first == 0 else 0
        while (month := block.month + 1) < end:
            self._pause(stop, urgent)
            if month == parted > 0:
                history.kept = take(block, seen)
            watch(block, min(MONTHS, (parted if month < parted else end) - month), seen)
        history.add(first, read(seen, plan, block.setting.numbers))

    def _pause(self, stop: threading.Event, urgent: bool) -> None:
        """Let those go first who wait for their first numbers. Raises Cancelled."""
        if not urgent and self.hurried:
            with self.hurry:
                while self.hurried and not stop.is_set():
                    self.hurry.wait(_LOOK_S)
        if stop.is_set():
            raise Cancelled("a newer move took its place")

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Refining stands still meanwhile, in this and all other requests."""
        self.own.hurries = getattr(self.own, "hurries", 0) + 1
        with self.hurry:
            self.hurried += 1
        try:
            yield
        finally:
            self.own.hurries -= 1
            with self.hurry:
                self.hurried -= 1
                self.hurry.notify_all()

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the few ensembles that may run at once. Raises Busy."""
        with self.lock:
            if self.running >= self.limits.ensembles:
                raise Busy(f"{self.running} ensembles run already. Wait for one of them")
            self.running += 1
        try:
            yield
        finally:
            with self.lock:
                self.running -= 1


def _resume(history: History, block: Block, seen: Glimpse) -> int:
    """Let the first block of a scenario go on from where it parts from the one before; returns the
    month at which to keep it, for the next one (0: none).
    """
    parted = 0 if history.kept is None else resume(block, seen, history.kept)
    if parted == 0 or history.kept is None:
        history.kept = take(
            block, seen
        )  # nothing but its inputs: the next move is held against them
    return parted if parted != history.kept.months else 0


@contextmanager
def _turn(history: History) -> Iterator[bool]:
    """Whether it is our turn to run a scenario that several sides may show; look again if not."""
    mine = history.turn.acquire(timeout=_LOOK_S)
    try:
        yield mine
    finally:
        if mine:
            history.turn.release()
